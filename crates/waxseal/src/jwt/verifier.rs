//! Verifying tokens.

use super::check::Expectations;
use super::claims::Slots;
use super::compact::{Compact, Header};
use super::profile::same_type;
use super::unverified::deserialize;
use super::{Profile, Verified, VerifierError, VerifyError};
use crate::json;
use crate::keys::{KeyRing, VerifyingKey};
use crate::{Limits, NumericDate, base64url};
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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
}

struct Config {
    expectations: Expectations,
    typ: Option<String>,
    limits: Limits,
}

impl Verifier {
    /// Starts a verifier. It needs a key and an audience, or an opt-out by name.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    /// The same expectations with other keys: what key rotation swaps in.
    #[must_use]
    pub fn with_keys(&self, keys: KeyRing) -> Self {
        Self { config: Arc::clone(&self.config), ring: keys }
    }

    /// Verifies a compact JWT and reads its claims into `C`.
    ///
    /// `token`: three base64url parts, no padding, at most 16,384 characters unless [`Limits`] say otherwise.
    /// The algorithm is the key's, never the token's (RFC 8725 §3.1). `C` is deserialized only after every
    /// check passed, from the bytes that were checked.
    ///
    /// # Errors
    /// In this order: [`VerifyError::TooLarge`], [`VerifyError::Malformed`], [`VerifyError::InvalidHeader`],
    /// [`VerifyError::UnsupportedCrit`], [`VerifyError::TypMismatch`], [`VerifyError::KeyNotFound`],
    /// [`VerifyError::AlgorithmMismatch`], [`VerifyError::BadSignature`]; then all failed claims together as
    /// [`VerifyError::Rejected`] (RFC 7519 §4.1), and [`VerifyError::ClaimsMismatch`].
    pub fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        now: NumericDate,
    ) -> Result<Verified<C>, VerifyError> {
        let mut payload = Vec::new();
        let (claims, kid) = {
            let (text, key) = self.check(token, now, &mut payload)?;
            (deserialize(text)?, key.kid_entry().map(|kid| Arc::clone(&kid.text)))
        };
        let payload =
            String::from_utf8(payload).map_err(|_| VerifyError::malformed("its payload is not UTF-8"))?;
        Ok(Verified::new(claims, kid, payload))
    }

    fn check<'b>(
        &'b self,
        token: &str,
        now: NumericDate,
        buffer: &'b mut Vec<u8>,
    ) -> Result<(&'b str, &'b VerifyingKey), VerifyError> {
        let limits = &self.config.limits;
        let compact = Compact::split(token, limits)?;
        let mut header = Vec::new();
        let header = Header::parse(compact.decode_header(&mut header)?, limits)?;
        self.check_typ(&header)?;
        let text = compact.decode_payload(buffer)?;
        // Before any cryptography: what two parsers may read differently is no claim of anybody.
        let mut slots = Slots::wanting(self.config.expectations.wanted());
        json::scan_object(text, limits.depth, &mut slots)
            .map_err(|_| VerifyError::malformed("its claims are not a strict JSON object"))?;
        let key = self.check_signature(&compact, &header)?;
        self.config.expectations.check(&slots, now).map_err(VerifyError::Rejected)?;
        Ok((text, key))
    }

    fn check_typ(&self, header: &Header<'_>) -> Result<(), VerifyError> {
        let found = header.typ.as_deref();
        let accepted = match self.config.typ.as_deref() {
            Some(expected) => found.is_some_and(|found| same_type(found, expected)),
            // Tokens for another purpose name it (`at+jwt`, `logout+jwt`), and must not pass as plain ones.
            None => found.is_none_or(|found| same_type(found, "JWT")),
        };
        let expected = || self.config.typ.clone().unwrap_or_else(|| "JWT".to_owned());
        if accepted { Ok(()) } else { Err(VerifyError::TypMismatch { expected: expected() }) }
    }

    fn check_signature(
        &self,
        compact: &Compact<'_>,
        header: &Header<'_>,
    ) -> Result<&VerifyingKey, VerifyError> {
        use crate::keys::NoKey;
        let kid = header.kid.as_deref();
        let candidates = self.ring.candidates(header.alg.parse().ok(), kid).map_err(|none| match none {
            NoKey::UnknownKid => VerifyError::KeyNotFound { kid: kid.map(str::to_owned) },
            NoKey::OtherAlgorithm => VerifyError::AlgorithmMismatch,
        })?;
        let (mut small, mut large) = ([0; SMALL_SIGNATURE], Vec::new());
        let signature = decode_signature(compact.signature, &mut small, &mut large)?;
        for key in candidates {
            if key.verify(compact.signing_input, signature).is_ok() {
                return Ok(key);
            }
        }
        Err(VerifyError::BadSignature)
    }
}

/// Octets of the longest signature that is not post-quantum: RSA with 8192 bits.
const SMALL_SIGNATURE: usize = 1024;

/// Decodes into `small`, or for ML-DSA into `large`, so that no other signature allocates.
fn decode_signature<'b>(
    text: &[u8],
    small: &'b mut [u8; SMALL_SIGNATURE],
    large: &'b mut Vec<u8>,
) -> Result<&'b [u8], VerifyError> {
    let malformed = |_| VerifyError::malformed("its signature is not base64url");
    if text.len() <= base64url::encoded_len(SMALL_SIGNATURE) {
        return base64url::decode_slice(text, small).map_err(malformed);
    }
    // At most as long as the token, which is bounded.
    base64url::decode_append(text, large).map_err(malformed)?;
    Ok(large)
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("expectations", &self.config.expectations)
            .field("keys", &self.ring)
            .finish_non_exhaustive()
    }
}

/// Collects what a [`Verifier`] shall expect. An expectation makes its claim required.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct VerifierBuilder {
    keys: Vec<VerifyingKey>,
    has_keys: bool,
    expectations: Expectations,
    any_audience_accepted: bool,
    typ: Option<String>,
    limits: Limits,
}

impl VerifierBuilder {
    /// Adds one key.
    pub fn key(mut self, key: impl Into<VerifyingKey>) -> Self {
        self.keys.push(key.into());
        self.has_keys = true;
        self
    }

    /// Adds the keys of a ring; it may still be empty.
    #[allow(clippy::needless_pass_by_value)] // reads as giving the ring to the verifier
    pub fn keys(mut self, ring: KeyRing) -> Self {
        self.keys.extend(ring.keys().iter().cloned());
        self.has_keys = true;
        self
    }

    /// `iss` must be exactly this text.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.expectations.issuer = Some(issuer.into());
        self
    }

    /// `aud` must contain this text. Called again, any of the texts will do.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.any_audience([audience])
    }

    /// `aud` must contain one of these texts.
    pub fn any_audience(mut self, audiences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let known = self.expectations.audiences.get_or_insert_default();
        known.extend(audiences.into_iter().map(Into::into));
        self
    }

    /// `sub` must be exactly this text.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.expectations.subject = Some(subject.into());
        self
    }

    /// `jti` must be exactly this text.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.expectations.id = Some(id.into());
        self
    }

    /// The header's `typ` must be this media type, `application/` left out or not; overrides the profile's.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// The contract of the tokens; [`Profile::FirstParty`] unless set.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.expectations.profile = profile;
        self
    }

    /// How far clocks may disagree, in whole seconds; zero unless set.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.expectations.leeway = leeway;
        self
    }

    /// `iat` must be there and at most this long ago, in whole seconds.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.expectations.max_age = Some(age);
        self
    }

    /// The claim called `name` must be there.
    pub fn require(mut self, name: impl Into<String>) -> Self {
        self.expectations.required.push(name.into());
        self
    }

    /// Accepts tokens for any audience or none: only where no other service trusts the same issuer.
    pub fn without_audience(mut self) -> Self {
        self.any_audience_accepted = true;
        self
    }

    /// Accepts tokens without `exp`; if it is there, it still counts.
    pub fn without_expiry(mut self) -> Self {
        self.expectations.expiry_optional = true;
        self
    }

    /// Replaces the default [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// In this order: [`VerifierError::KeyMissing`], [`VerifierError::AudienceMissing`],
    /// [`VerifierError::IssuerMissing`], [`VerifierError::InvalidOption`], [`VerifierError::Key`].
    pub fn build(mut self) -> Result<Verifier, VerifierError> {
        if !self.has_keys {
            return Err(VerifierError::KeyMissing);
        }
        let audiences = self.expectations.audiences.as_ref();
        if !self.any_audience_accepted && audiences.is_none_or(Vec::is_empty) {
            return Err(VerifierError::AudienceMissing);
        }
        if self.any_audience_accepted && audiences.is_some() {
            let what = "an audience is expected as well; choose one of both";
            return Err(VerifierError::InvalidOption { option: "without_audience", what });
        }
        if self.expectations.profile == Profile::AccessToken && self.expectations.issuer.is_none() {
            return Err(VerifierError::IssuerMissing);
        }
        self.check_texts()?;
        let typ = self.typ.take().or_else(|| self.expectations.profile.typ().map(str::to_owned));
        let ring = KeyRing::new(self.keys)?;
        Ok(Verifier {
            config: Arc::new(Config { expectations: self.expectations, typ, limits: self.limits }),
            ring,
        })
    }

    /// An empty expectation is a variable that nobody set.
    fn check_texts(&self) -> Result<(), VerifierError> {
        let expected = &self.expectations;
        let empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let any_empty = |texts: &[String]| texts.iter().any(String::is_empty);
        for (option, bad) in [
            ("issuer", empty(&expected.issuer)),
            ("audience", expected.audiences.as_deref().is_some_and(any_empty)),
            ("subject", empty(&expected.subject)),
            ("id", empty(&expected.id)),
            ("typ", empty(&self.typ)),
            ("require", any_empty(&expected.required)),
        ] {
            if bad {
                return Err(VerifierError::InvalidOption { option, what: "the text is empty" });
            }
        }
        Ok(())
    }
}
