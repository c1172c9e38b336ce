//! The proof that a token was verified.

use super::{ClaimsRef, RegisteredClaims};
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Claims whose signature and policy were checked. Only a [`Verifier`](crate::Verifier) makes one.
///
/// There is no way to change the claims inside or to map them to others: what is inside was in the token.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verified, Verifier};
///
/// #[derive(serde::Deserialize)]
/// struct Claims {
///     role: String,
/// }
///
/// // Whoever calls this has verified the token: there is no other way to a `Verified`.
/// fn is_admin(claims: &Verified<Claims>) -> bool {
///     claims.role == "admin"
/// }
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// let token = signer.token(now).subject("alice").claims(&serde_json::json!({"role": "admin"})).sign()?;
///
/// let verified = Verifier::builder().key(key).audience("api").build()?.verify::<Claims>(&token, now)?;
/// assert!(is_admin(&verified));
/// assert_eq!(verified.registered().sub.as_deref(), Some("alice"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Verified<C> {
    claims: C,
    kid: Option<Arc<str>>,
    payload: String,
    registered: OnceLock<RegisteredClaims>,
}

impl<C> Verified<C> {
    pub(super) fn new(claims: C, kid: Option<Arc<str>>, payload: String) -> Self {
        Self { claims, kid, payload, registered: OnceLock::new() }
    }

    /// The caller's claims.
    pub fn claims(&self) -> &C {
        &self.claims
    }

    /// The caller's claims, giving up the proof.
    pub fn into_claims(self) -> C {
        self.claims
    }

    /// The id of the key that verified the token, if it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The registered claims, whatever `C` is. Read from the verified text when first asked for.
    pub fn registered(&self) -> &RegisteredClaims {
        self.registered.get_or_init(|| RegisteredClaims::read(&self.payload))
    }

    /// The claims as the JSON text that was signed.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

impl<C> Deref for Verified<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

impl<C: Clone> Clone for Verified<C> {
    fn clone(&self) -> Self {
        Self {
            claims: self.claims.clone(),
            kid: self.kid.clone(),
            payload: self.payload.clone(),
            registered: self.registered.clone(),
        }
    }
}

impl<C: fmt::Debug> fmt::Debug for Verified<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("claims", &self.claims)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// A buffer that verifications into borrowed claims use in turn, so that they allocate nothing.
///
/// It holds the decoded claims of the last token. One per thread or task; [`Default`] makes an empty one.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, Scratch, SecretKey, Signer, Verifier};
///
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let mut scratch = Scratch::new();
/// for name in ["alice", "bob"] {
///     let token = signer.token(now).subject(name).sign()?;
///     let verified = verifier.verify_borrowed::<serde_json::Value>(&token, now, &mut scratch)?;
///     assert_eq!(verified["sub"], name);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Scratch {
    pub(super) payload: Vec<u8>,
}

impl Scratch {
    /// An empty buffer; it grows to the longest claims that it meets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

/// The proof of [`Verified`] for claims that borrow from a [`Scratch`].
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, Scratch, SecretKey, Signer, VerifiedRef, Verifier};
///
/// #[derive(serde::Deserialize)]
/// struct Claims<'c> {
///     role: &'c str,
/// }
///
/// fn is_admin(claims: &VerifiedRef<'_, Claims<'_>>) -> bool {
///     claims.role == "admin"
/// }
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let token = signer.token(now).claims(&serde_json::json!({"role": "admin"})).sign()?;
/// let mut scratch = Scratch::new();
/// assert!(is_admin(&verifier.verify_borrowed(&token, now, &mut scratch)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct VerifiedRef<'s, C> {
    claims: C,
    kid: Option<&'s str>,
    payload: &'s str,
}

impl<'s, C> VerifiedRef<'s, C> {
    #[inline]
    pub(super) fn new(claims: C, kid: Option<&'s str>, payload: &'s str) -> Self {
        Self { claims, kid, payload }
    }

    /// The caller's claims.
    #[inline]
    pub fn claims(&self) -> &C {
        &self.claims
    }

    /// The caller's claims, giving up the proof.
    #[inline]
    pub fn into_claims(self) -> C {
        self.claims
    }

    /// The id of the key that verified the token, if it has one.
    pub fn kid(&self) -> Option<&'s str> {
        self.kid
    }

    /// The registered claims, whatever `C` is; reads the verified text again.
    pub fn registered(&self) -> ClaimsRef<'s> {
        ClaimsRef::read(self.payload)
    }

    /// The claims as the JSON text that was signed.
    pub fn payload(&self) -> &'s str {
        self.payload
    }
}

impl<C> Deref for VerifiedRef<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

impl<C: fmt::Debug> fmt::Debug for VerifiedRef<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedRef")
            .field("claims", &self.claims)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
