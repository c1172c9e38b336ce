//! Verifying tokens.

use super::check::Expectations;
use super::claims::{Dates, Slots};
use super::known_headers::KnownHeaders;
use super::{ClaimsRef, Scratch, Verified, VerifiedRef, VerifierBuilder};
use crate::VerifyError;
use crate::json;
use crate::keys::{KeyRing, NoKey, VerifyingKey};
use crate::token::same_type;
use crate::token::{Compact, Header};
use crate::token::{deserialize, names_members};
use crate::{AlgorithmPolicy, Limits, NumericDate, base64url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// Checks tokens against keys and expectations. Build once, use from any thread, clone cheaply.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verifier};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let signer = Signer::builder(key.clone()).issuer("me").audience("api").lifetime(Duration::from_secs(60)).build()?;
/// let token = signer.token(now).subject("alice").sign()?;
///
/// let verifier = Verifier::builder().key(key).issuer("me").audience("api").build()?;
/// let verified = verifier.verify::<Claims>(&token, now)?;
/// assert_eq!(verified.sub, "alice");
/// let later = now.saturating_add(Duration::from_secs(60));
/// assert_eq!(verifier.verify::<Claims>(&token, later).unwrap_err().code().as_str(), "token_expired");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    config: Arc<Config>,
    ring: KeyRing,
    known: Arc<KnownHeaders>,
}

/// What stays the same when keys change.
pub(super) struct Config {
    pub(super) expectations: Expectations,
    /// The values of `typ` that are accepted, at least one.
    pub(super) types: Vec<String>,
    pub(super) untyped: bool,
    /// Header members that must have these values.
    pub(super) header_members: Vec<(String, String)>,
    pub(super) padded: bool,
    pub(super) limits: Limits,
    pub(super) policy: AlgorithmPolicy,
}

/// A token that passed every check, its claims not yet in the caller's type.
pub(super) struct Checked<'b> {
    pub(super) text: &'b str,
    pub(super) key: &'b VerifyingKey,
    pub(super) dates: Dates,
}

impl Verifier {
    /// Starts a verifier. It needs a key and an audience, or an opt-out by name.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    pub(super) fn new(config: Arc<Config>, ring: KeyRing) -> Self {
        // A header that must be looked into cannot be known by its key alone.
        let known = if config.header_members.is_empty() {
            KnownHeaders::new(&ring, &config.types, &config.limits, |header| config.accepts_typ(header))
        } else {
            KnownHeaders::default()
        };
        Self { config, ring, known: Arc::new(known) }
    }

    /// The same expectations with other keys: what key rotation swaps in.
    #[must_use]
    pub fn with_keys(&self, keys: KeyRing) -> Self {
        Self::new(Arc::clone(&self.config), self.config.policy.filter(keys))
    }

    /// Verifies a compact JWT and reads its claims into `C`.
    ///
    /// `token`: three base64url parts, no padding, at most 16,384 characters unless [`Limits`] say otherwise.
    /// The algorithm is the key's, never the token's (RFC 8725 §3.1). `C` is deserialized only after every
    /// check passed, from the bytes that were checked.
    ///
    /// # Errors
    /// In this order: [`VerifyError::TooLarge`], [`VerifyError::UnsupportedCrit`], [`VerifyError::TypMismatch`],
    /// [`VerifyError::KeyNotFound`], [`VerifyError::AlgorithmMismatch`], [`VerifyError::BadSignature`];
    /// [`VerifyError::Malformed`] and [`VerifyError::InvalidHeader`] where a part or a member is first read,
    /// header before claims; then all failed claims together as [`VerifyError::Rejected`] (RFC 7519 §4.1),
    /// those of [`check`](VerifierBuilder::check) only when no other failed, and
    /// [`VerifyError::ClaimsMismatch`].
    pub fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        now: NumericDate,
    ) -> Result<Verified<C>, VerifyError> {
        self.verify_with_dates(token, now).map(|(verified, _)| verified)
    }

    pub(super) fn expectations(&self) -> &Expectations {
        &self.config.expectations
    }

    pub(super) fn verify_with_dates<C: DeserializeOwned>(
        &self,
        token: &str,
        now: NumericDate,
    ) -> Result<(Verified<C>, Dates), VerifyError> {
        let mut payload = Vec::new();
        let (claims, kid, dates) = {
            let mut slots = Slots::wanting(self.config.expectations.wanted());
            let checked = self.check(token, now, &mut payload, &mut slots)?;
            (deserialize(checked.text)?, checked.kid(), checked.dates)
        };
        let payload =
            String::from_utf8(payload).map_err(|_| VerifyError::malformed("its payload is not UTF-8"))?;
        Ok((Verified::new(claims, kid, payload), dates))
    }

    /// As [`verify`](Self::verify), into a type that may borrow from the token's text.
    ///
    /// With a `scratch` that was used before, HMAC verification allocates nothing but what `C` does. Texts
    /// with escapes cannot be borrowed as `&str`; `Cow<str>` with `#[serde(borrow)]` takes both.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    ///
    /// # Examples
    /// ```
    /// use std::time::Duration;
    /// use waxseal::{Algorithm, NumericDate, Scratch, SecretKey, Signer, Verifier};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Claims<'a> {
    ///     sub: &'a str,
    /// }
    ///
    /// let key = SecretKey::generate(Algorithm::Hs256)?;
    /// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
    /// let signer = Signer::builder(key.clone()).audience("api").lifetime(Duration::from_secs(60)).build()?;
    /// let token = signer.token(now).subject("alice").sign()?;
    ///
    /// let verifier = Verifier::builder().key(key).audience("api").build()?;
    /// let mut scratch = Scratch::new();
    /// let verified = verifier.verify_borrowed::<Claims<'_>>(&token, now, &mut scratch)?;
    /// assert_eq!(verified.sub, "alice");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_borrowed<'s, C: Deserialize<'s>>(
        &'s self,
        token: &str,
        now: NumericDate,
        scratch: &'s mut Scratch,
    ) -> Result<VerifiedRef<'s, C>, VerifyError> {
        let mut slots = Slots::wanting(self.config.expectations.wanted());
        let checked = self.check(token, now, &mut scratch.payload, &mut slots)?;
        Ok(VerifiedRef::new(deserialize(checked.text)?, checked.key.kid(), checked.text))
    }

    /// As [`verify`](Self::verify), for who needs the registered claims and nothing else: the quickest way.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), without [`VerifyError::ClaimsMismatch`].
    #[inline]
    pub fn verify_claims<'s>(
        &'s self,
        token: &str,
        now: NumericDate,
        scratch: &'s mut Scratch,
    ) -> Result<VerifiedRef<'s, ClaimsRef<'s>>, VerifyError> {
        let mut slots = Slots::wanting(self.config.expectations.wanted());
        let checked = self.check(token, now, &mut scratch.payload, &mut slots)?;
        let claims = ClaimsRef::new(checked.text, &slots, checked.dates);
        Ok(VerifiedRef::new(claims, checked.key.kid(), checked.text))
    }

    fn check<'b>(
        &'b self,
        token: &str,
        now: NumericDate,
        buffer: &'b mut Vec<u8>,
        slots: &mut Slots<'b>,
    ) -> Result<Checked<'b>, VerifyError> {
        let config = &*self.config;
        let mut compact = Compact::split(token, &config.limits)?;
        if config.padded {
            compact = compact.without_padding();
        }
        let known = self.known.find(compact.header).and_then(|index| self.ring.keys().get(index));
        let mut header_text = Vec::new();
        let candidates = match known {
            Some(key) => Candidates::One(key),
            None => Candidates::Parsed(self.read_header(&compact, &mut header_text)?),
        };
        let text = compact.decode_payload(buffer)?;
        // Before any cryptography: what two parsers may read differently is no claim of anybody.
        json::scan_object(text, config.limits.depth, slots)
            .map_err(|_| VerifyError::malformed("its claims are not a strict JSON object"))?;
        let key = self.check_signature(&compact, candidates)?;
        let dates = config.expectations.check(slots, now).map_err(VerifyError::Rejected)?;
        config.expectations.run_custom(|| ClaimsRef::new(text, slots, dates))?;
        Ok(Checked { text, key, dates })
    }

    /// Reads a header that is not one of the usual ones.
    #[cold]
    fn read_header<'h>(
        &self,
        compact: &Compact<'_>,
        buffer: &'h mut Vec<u8>,
    ) -> Result<Header<'h>, VerifyError> {
        let config = &*self.config;
        let text = compact.decode_header(buffer)?;
        let header = Header::parse(text, &config.limits)?;
        if !config.accepts_typ(&header) {
            return Err(VerifyError::TypMismatch { expected: config.types.join(" or ") });
        }
        if !names_members(text, &config.header_members) {
            return Err(VerifyError::InvalidHeader { what: "a member is not what was expected" });
        }
        Ok(header)
    }

    #[inline]
    fn check_signature<'v>(
        &'v self,
        compact: &Compact<'_>,
        candidates: Candidates<'v, '_>,
    ) -> Result<&'v VerifyingKey, VerifyError> {
        let good =
            |key: &VerifyingKey, signature: &[u8]| key.verify(compact.signing_input, signature).is_ok();
        let found = match candidates {
            Candidates::One(key) => with_signature(compact, |signature| good(key, signature).then_some(key)),
            Candidates::Parsed(header) => {
                let mut keys = self.candidates(&header)?;
                with_signature(compact, |signature| keys.find(|key| good(key, signature)))
            }
        };
        found?.ok_or(VerifyError::BadSignature)
    }

    fn candidates(&self, header: &Header<'_>) -> Result<impl Iterator<Item = &VerifyingKey>, VerifyError> {
        let kid = header.kid.as_deref();
        self.ring.candidates(header.alg.parse().ok(), kid).map_err(|none| match none {
            NoKey::UnknownKid => VerifyError::KeyNotFound { kid: kid.map(str::to_owned) },
            NoKey::OtherAlgorithm => VerifyError::AlgorithmMismatch,
        })
    }
}

/// The keys that may have made a token: the one that its whole header is known for, or those that its parsed
/// header leaves.
enum Candidates<'v, 'h> {
    One(&'v VerifyingKey),
    Parsed(Header<'h>),
}

impl Checked<'_> {
    fn kid(&self) -> Option<Arc<str>> {
        self.key.kid_entry().map(|kid| Arc::clone(&kid.text))
    }
}

impl Config {
    fn accepts_typ(&self, header: &Header<'_>) -> bool {
        // Tokens for another purpose name it (`at+jwt`, `logout+jwt`), and must not pass as plain ones.
        header
            .typ
            .as_deref()
            .map_or(self.untyped, |found| self.types.iter().any(|expected| same_type(found, expected)))
    }
}

/// Shows `use_signature` the decoded signature, in a buffer on the stack that fits its length.
#[inline]
pub(super) fn with_signature<R>(
    compact: &Compact<'_>,
    use_signature: impl FnMut(&[u8]) -> R,
) -> Result<R, VerifyError> {
    // MACs, ECDSA on 256-bit curves, Ed25519; RSA of 2048 bits and larger ECDSA; RSA of 8192 bits.
    const SIZES: [usize; 3] = [64, 256, 1024];
    let [small, medium, large] = SIZES.map(base64url::encoded_len);
    let text = compact.signature;
    if text.len() <= small {
        return decode_signature(text, &mut [0; SIZES[0]], use_signature);
    }
    if text.len() <= medium {
        return decode_signature(text, &mut [0; SIZES[1]], use_signature);
    }
    if text.len() <= large {
        return decode_signature(text, &mut [0; SIZES[2]], use_signature);
    }
    // Only ML-DSA signatures are longer, and checking one costs far more than this.
    decode_signature(text, &mut vec![0; text.len()], use_signature)
}

#[inline]
fn decode_signature<R>(
    text: &[u8],
    buffer: &mut [u8],
    mut use_signature: impl FnMut(&[u8]) -> R,
) -> Result<R, VerifyError> {
    let signature = base64url::decode_slice(text, buffer)
        .map_err(|_| VerifyError::malformed("its signature is not base64url"))?;
    Ok(use_signature(signature))
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("expectations", &self.config.expectations)
            .field("keys", &self.ring)
            .finish_non_exhaustive()
    }
}
