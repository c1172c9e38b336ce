//! One token in the making.

use super::Signer;
use super::payload::Payload;
use crate::SignError;
use crate::jws::{Prepared, RemoteSignError, RemoteSigner, Unsigned};
use crate::{Lifetime, Limits, NumericDate};
use serde::Serialize;

/// The claims of one token. Made by [`Signer::token`], finished by [`sign`](Self::sign).
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Code, NumericDate, SecretKey, Signer};
///
/// let signer = Signer::builder(SecretKey::generate(Algorithm::Hs256)?).audience("api").lifetime("15m").build()?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let claims = serde_json::json!({"role": "admin"});
/// let token = signer.token(now).subject("alice").id("7f3a").lifetime("90s").claims(&claims).sign()?;
/// assert_eq!(token.split('.').count(), 3);
///
/// // What sounds like a secret stays out, unless it is allowed by name.
/// let claims = serde_json::json!({"pin": "of a map"});
/// assert_eq!(signer.token(now).claims(&claims).sign().unwrap_err().code(), Code::SignClaimRefused);
/// assert!(signer.token(now).claims(&claims).allow_claim("pin").sign().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct TokenBuilder<'a> {
    signer: &'a Signer,
    expiry: Expiry,
    payload: Payload<'a>,
}

#[derive(Clone, Copy)]
enum Expiry {
    SignersDefault,
    After(Lifetime),
    At(NumericDate),
    Never,
    Unreadable,
}

impl<'a> TokenBuilder<'a> {
    #[inline]
    pub(super) fn new(signer: &'a Signer, now: NumericDate) -> Self {
        Self { signer, expiry: Expiry::SignersDefault, payload: Payload::new(&signer.common, now) }
    }

    /// `sub`.
    #[inline]
    pub fn subject(mut self, subject: &'a str) -> Self {
        self.payload.subject = Some(subject);
        self
    }

    /// Adds one audience to `aud`; the signer's audiences then no longer count.
    pub fn audience(mut self, audience: &'a str) -> Self {
        self.payload.audiences.push(audience);
        self
    }

    /// Adds several audiences to `aud`; the signer's audiences then no longer count.
    pub fn audiences<S: AsRef<str>>(mut self, audiences: &'a [S]) -> Self {
        self.payload.audiences.extend(audiences.iter().map(AsRef::as_ref));
        self
    }

    /// `iss`, instead of the signer's.
    pub fn issuer(mut self, issuer: &'a str) -> Self {
        self.payload.issuer = Some(issuer);
        self
    }

    /// `jti`.
    #[inline]
    pub fn id(mut self, id: &'a str) -> Self {
        self.payload.id = Some(id);
        self
    }

    /// The token expires this long after `now`: a [`Duration`](std::time::Duration) in whole seconds, or a
    /// text such as `15m`; at least one second, and not beyond the year 9999.
    pub fn lifetime(mut self, lifetime: impl TryInto<Lifetime>) -> Self {
        self.expiry = lifetime.try_into().map_or(Expiry::Unreadable, Expiry::After);
        self
    }

    /// The token expires at this second.
    pub fn expires_at(mut self, exp: NumericDate) -> Self {
        self.expiry = Expiry::At(exp);
        self
    }

    /// The token never expires: whoever finds it in ten years can use it.
    pub fn without_expiry(mut self) -> Self {
        self.expiry = Expiry::Never;
        self
    }

    /// `nbf`.
    pub fn not_before(mut self, nbf: NumericDate) -> Self {
        self.payload.not_before = Some(nbf);
        self
    }

    /// Adds the members of a struct or map. A member that the builder also sets is an error.
    #[inline]
    pub fn claims(mut self, claims: &'a (impl Serialize + Sync)) -> Self {
        self.payload.add_claims(claims);
        self
    }

    /// Allows a claim of this name, at any depth, although it sounds like a secret.
    pub fn allow_claim(mut self, name: &'a str) -> Self {
        self.payload.allowed.push(name);
        self
    }

    /// Makes the token.
    ///
    /// # Errors
    /// In this order: [`SignError::KeyElsewhere`], [`SignError::LifetimeMissing`],
    /// [`SignError::LifetimeInvalid`], [`SignError::InvalidClaims`], [`SignError::DuplicateClaim`],
    /// [`SignError::RefusedClaim`], [`SignError::TooLarge`] above 16,384 characters, [`SignError::Failed`].
    /// Of several objects of claims each is looked at by itself first, and then all together for members that
    /// they repeat.
    pub fn sign(self) -> Result<String, SignError> {
        let mut out = Vec::with_capacity(512);
        self.sign_into(&mut out)?;
        String::from_utf8(out).map_err(|_| SignError::Failed)
    }

    /// Makes the token in `out`, whose former content is lost. On error `out` is empty.
    ///
    /// With an HMAC key, an `out` that is large enough and claims that serialize without allocating, nothing
    /// is allocated.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_into(mut self, out: &mut Vec<u8>) -> Result<(), SignError> {
        out.clear();
        let signed = self.write(out);
        if signed.is_err() {
            out.clear();
        }
        signed
    }

    /// Makes everything but the signature, for a key that lives elsewhere.
    ///
    /// # Errors
    /// [`SignError::KeySecret`] for a signer with a secret, then as [`sign`](Self::sign).
    pub fn prepare(mut self) -> Result<Prepared, SignError> {
        let key = self.signer.key.public_key().ok_or(SignError::KeySecret)?;
        let mut input = Vec::with_capacity(512);
        self.write_signing_input(&mut input)?;
        Ok(Prepared::new(Unsigned::compact(input, Limits::default().token_bytes), key))
    }

    /// Has `remote` sign the token.
    ///
    /// # Errors
    /// [`RemoteSignError::Sign`] as [`prepare`](Self::prepare) and [`Prepared::finish`],
    /// [`RemoteSignError::Remote`] if the signer did not sign.
    pub fn sign_with<S: RemoteSigner>(
        self,
        remote: &S,
    ) -> impl Future<Output = Result<String, RemoteSignError<S::Error>>> {
        // Before the future is made: holding claims that are not `Sync`, it could not be sent to a thread.
        let prepared = self.prepare();
        async move { prepared?.sign_with(remote).await }
    }

    fn write(&mut self, out: &mut Vec<u8>) -> Result<(), SignError> {
        let signer = self.signer;
        let key = signer.key.here()?;
        self.write_signing_input(out)?;
        key.sign_append(out).map_err(|_| SignError::Failed)?;
        let limit = Limits::default().token_bytes;
        if out.len() > limit { Err(SignError::TooLarge { limit }) } else { Ok(()) }
    }

    /// Appends header, dot and claims, encoded: what is signed.
    pub(super) fn write_signing_input(&mut self, out: &mut Vec<u8>) -> Result<(), SignError> {
        self.payload.expires = self.expires()?;
        out.extend_from_slice(&self.signer.header);
        self.payload.write(out)?;
        // Before anybody signs: the signature only makes it longer.
        let limit = Limits::default().token_bytes;
        if out.len() > limit { Err(SignError::TooLarge { limit }) } else { Ok(()) }
    }

    fn expires(&self) -> Result<Option<NumericDate>, SignError> {
        let now = self.payload.now;
        let after =
            |lifetime: Lifetime| now.checked_add(lifetime.as_duration()).ok_or(SignError::LifetimeInvalid);
        let exp = match self.expiry {
            Expiry::Never => return Ok(None),
            Expiry::Unreadable => return Err(SignError::LifetimeInvalid),
            Expiry::At(exp) => exp,
            Expiry::After(lifetime) => after(lifetime)?,
            Expiry::SignersDefault => after(self.signer.lifetime.ok_or(SignError::LifetimeMissing)?)?,
        };
        // A start in the past is no excuse for an end in the past.
        if exp <= self.payload.not_before.unwrap_or(now).max(now) {
            return Err(SignError::LifetimeInvalid);
        }
        Ok(Some(exp))
    }
}
