//! What goes wrong with tokens. Messages never contain the token or a secret.

use crate::{BearerError, Code, KeyError};
use std::borrow::Cow;
use std::fmt;

/// A token was not accepted.
///
/// Everything up to the signature stops at the first failure; failures of claims are collected.
///
/// # Examples
/// ```
/// # #[cfg(feature = "crypto")] {
/// use waxseal::{Algorithm, BearerError, Code, NumericDate, SecretKey, Signer, Verifier};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let token = Signer::builder(key.clone()).audience("web").lifetime("1m").build()?.token(now).sign()?;
///
/// let later = now.saturating_add(std::time::Duration::from_secs(60));
/// let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let error = verifier.verify::<serde_json::Value>(&token, later).unwrap_err();
/// // All that is wrong, what no new token mends first.
/// let codes: Vec<Code> = error.rejections().iter().map(|rejection| rejection.code()).collect();
/// assert_eq!(codes, [Code::AudienceMismatch, Code::TokenExpired]);
/// assert_eq!(error.bearer_error(), BearerError::InvalidToken);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The token is not three parts of base64url, or header or claims are not strict JSON objects.
    #[error("the token is malformed: {what}")]
    #[non_exhaustive]
    Malformed {
        /// What is wrong, without quoting the token.
        what: &'static str,
    },
    /// The token or its header is longer than the limit.
    #[error("the token is too large: {what} has more than {limit} characters")]
    #[non_exhaustive]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The most characters accepted.
        limit: usize,
    },
    /// A header member has the wrong type or a forbidden value.
    #[error("the token's header is invalid: {what}")]
    #[non_exhaustive]
    InvalidHeader {
        /// What is wrong, without quoting the token.
        what: &'static str,
    },
    /// The header has a `crit` member: it demands an extension that is not supported (RFC 7515 §4.1.11).
    #[error("the token's header demands an extension (`crit`) that is not supported")]
    UnsupportedCrit,
    /// The header's `typ` is not the expected one (RFC 8725 §3.11).
    #[error("the token is not of the expected type ({expected})")]
    #[non_exhaustive]
    TypMismatch {
        /// What was expected.
        expected: String,
    },
    /// The header's `alg` is not the algorithm of the key (RFC 8725 §3.1).
    #[error("the token's algorithm is not the key's")]
    AlgorithmMismatch,
    /// No key answers to the token's `kid`.
    #[error("no key is known for this token")]
    #[non_exhaustive]
    KeyNotFound {
        /// The token's `kid`, which anyone can write: escape it in logs.
        kid: Option<String>,
    },
    /// The signature does not verify. Never says why.
    #[error("the token's signature is not valid")]
    BadSignature,
    /// The signature is good and the claims are not what was expected.
    #[error("{0}")]
    Rejected(Rejections),
    /// The claims are accepted, but do not fit the caller's type.
    #[error("the token's claims do not have the expected shape{detail}")]
    #[non_exhaustive]
    ClaimsMismatch {
        /// Which member is missing, if that is what is wrong; starts with a colon if not empty.
        detail: String,
    },
    /// The JWS has no payload of its own: verify it together with the detached one (RFC 7515 appendix F).
    #[error("the JWS has no payload; give the detached payload along with it")]
    PayloadMissing,
    /// The JWS has a payload of its own and a detached one was given: only one of them can be meant.
    #[error("the JWS has a payload of its own and is not detached")]
    PayloadUnexpected,
    /// The detached payload is longer than the limit.
    #[error("the detached payload has more than {limit} octets")]
    #[non_exhaustive]
    PayloadTooLarge {
        /// The most octets accepted.
        limit: usize,
    },
    /// The JWS has more signatures than are accepted.
    #[error("the JWS has more than {limit} signatures")]
    #[non_exhaustive]
    TooManySignatures {
        /// The most signatures accepted.
        limit: usize,
    },
}

impl VerifyError {
    /// The stable name of the first failure.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Malformed { .. } => Code::TokenMalformed,
            Self::TooLarge { .. } => Code::TokenTooLarge,
            Self::InvalidHeader { .. } => Code::HeaderInvalid,
            Self::UnsupportedCrit => Code::CritUnsupported,
            Self::TypMismatch { .. } => Code::TypMismatch,
            Self::AlgorithmMismatch => Code::AlgorithmMismatch,
            Self::KeyNotFound { .. } => Code::KeyNotFound,
            Self::BadSignature => Code::SignatureInvalid,
            Self::Rejected(rejections) => rejections.first_code(),
            Self::ClaimsMismatch { .. } => Code::ClaimsMismatch,
            Self::PayloadMissing => Code::PayloadMissing,
            Self::PayloadUnexpected => Code::PayloadUnexpected,
            Self::PayloadTooLarge { .. } => Code::PayloadTooLarge,
            Self::TooManySignatures { .. } => Code::SignaturesTooMany,
        }
    }

    /// What an API answers (RFC 6750 §3.1): [`InsufficientScope`](BearerError::InsufficientScope) only for a
    /// token that lacks nothing but scopes.
    #[must_use]
    pub fn bearer_error(&self) -> BearerError {
        // Scopes are checked last, so a token refused for them first is otherwise good.
        match self.code() {
            Code::ScopeInsufficient => BearerError::InsufficientScope,
            _ => BearerError::InvalidToken,
        }
    }

    /// Every failed claim; empty unless the error is [`Rejected`](Self::Rejected).
    #[must_use]
    pub fn rejections(&self) -> &[Rejection] {
        match self {
            Self::Rejected(rejections) => &rejections.0,
            _ => &[],
        }
    }

    pub(crate) const fn malformed(what: &'static str) -> Self {
        Self::Malformed { what }
    }
}

/// One claim that was not accepted.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verifier};
///
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let token = signer.token(now).audience("files").sign()?;
/// let error = verifier.verify::<serde_json::Value>(&token, now).unwrap_err();
/// let rejection = &error.rejections()[0];
/// assert_eq!((rejection.claim(), rejection.code().as_str()), ("aud", "audience_mismatch"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejection {
    code: Code,
    claim: Cow<'static, str>,
    expected: Cow<'static, str>,
}

impl Rejection {
    pub(crate) fn new(
        code: Code,
        claim: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code, claim: claim.into(), expected: expected.into() }
    }

    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The name of the claim.
    #[must_use]
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// What was expected of it, in words; never what was found.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (claim, expected) = (&self.claim, &self.expected);
        match self.code {
            Code::TokenExpired => write!(f, "the token has expired"),
            Code::TokenNotYetValid => write!(f, "the token is not valid yet"),
            Code::TokenTooOld => write!(f, "the token is older than {expected}"),
            Code::ClaimMissing => write!(f, "the token has no `{claim}`"),
            _ => write!(f, "the token's `{claim}` is not {expected}"),
        }
    }
}

/// The claims that were not accepted, at least one, lasting failures before those of time.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, SecretKey, Signer, Verifier, VerifyError};
///
/// # let key = SecretKey::generate(Algorithm::Hs256)?;
/// # let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// # let signer = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?;
/// # let verifier = Verifier::builder().key(key).audience("api").build()?;
/// let token = signer.token(now).audience("files").without_expiry().sign()?;
/// let Err(VerifyError::Rejected(rejections)) = verifier.verify::<serde_json::Value>(&token, now) else {
///     panic!("two claims are wrong");
/// };
/// let mut claims: Vec<_> = rejections.iter().map(|rejection| rejection.claim()).collect();
/// claims.sort_unstable();
/// assert_eq!(claims, ["aud", "exp"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rejections(pub(crate) Vec<Rejection>);

impl Rejections {
    pub(crate) fn push(&mut self, rejection: Rejection) {
        self.0.push(rejection);
    }

    fn first_code(&self) -> Code {
        self.0.first().map_or(Code::ClaimInvalid, Rejection::code)
    }

    /// The failures in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Rejection> {
        self.0.iter()
    }
}

impl<'r> IntoIterator for &'r Rejections {
    type Item = &'r Rejection;
    type IntoIter = std::slice::Iter<'r, Rejection>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Rejections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rejection) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            rejection.fmt(f)?;
        }
        Ok(())
    }
}

/// A verifier cannot be built as asked.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, SecretKey, Verifier, VerifierError};
///
/// let builder = Verifier::builder().key(SecretKey::generate(Algorithm::Hs256)?);
/// assert_eq!(builder.clone().build().unwrap_err(), VerifierError::AudienceMissing);
/// assert!(builder.without_audience().build().is_ok(), "on purpose, by name");
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifierError {
    /// Neither a key nor a key ring was given.
    #[error("a verifier needs a key: call `key` or `keys`")]
    KeyMissing,
    /// Nothing was said about the audience (RFC 8725 §3.9).
    #[error("say which audience this verifier is: call `audience`, or `without_audience` to accept any")]
    AudienceMissing,
    /// The profile is only safe with a known issuer.
    #[error("this profile needs an issuer: call `issuer`")]
    IssuerMissing,
    /// An option has an impossible value.
    #[error("{option}: {what}")]
    #[non_exhaustive]
    InvalidOption {
        /// The builder's method.
        option: &'static str,
        /// What is wrong with its value.
        what: &'static str,
    },
    /// The keys were refused.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl VerifierError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::KeyMissing => Code::VerifierKeyMissing,
            Self::AudienceMissing => Code::VerifierAudienceMissing,
            Self::IssuerMissing => Code::VerifierIssuerMissing,
            Self::InvalidOption { .. } => Code::VerifierOptionInvalid,
            Self::Key(error) => error.code(),
        }
    }
}

/// A token was not made.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, SecretKey, SignError, Signer};
///
/// let signer = Signer::builder(SecretKey::generate(Algorithm::Hs256)?).audience("api").build()?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// assert_eq!(signer.token(now).sign().unwrap_err(), SignError::LifetimeMissing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// Neither the signer nor the token has a lifetime.
    #[error("a token needs a lifetime: call `lifetime` or `expires_at`, or `without_expiry` on purpose")]
    LifetimeMissing,
    /// The lifetime is under a second, or ends before it begins.
    #[error("the token's lifetime must be at least one second")]
    LifetimeInvalid,
    /// A member of the claims is also set by the builder.
    #[error("the claim `{claim}` is set twice")]
    #[non_exhaustive]
    DuplicateClaim {
        /// Its name.
        claim: String,
    },
    /// The name of a claim says that its value is a secret, and anyone can read a token.
    #[error(
        "the claim `{claim}` sounds like a secret, and anyone can read a token's claims; \
         leave it out, or call `allow_claim` if it is none"
    )]
    #[non_exhaustive]
    RefusedClaim {
        /// Its name.
        claim: String,
    },
    /// The claims do not serialize to a JSON object, or a registered one has the wrong type.
    #[error("the claims cannot be used: {what}")]
    #[non_exhaustive]
    InvalidClaims {
        /// What is wrong.
        what: &'static str,
    },
    /// The token would be longer than verifiers accept.
    #[error("the token would have more than {limit} characters")]
    #[non_exhaustive]
    TooLarge {
        /// The most characters of a token.
        limit: usize,
    },
    /// A header member is reserved, set twice, or not what its name promises.
    #[error("the header cannot be used: {what}")]
    #[non_exhaustive]
    InvalidHeader {
        /// What is wrong.
        what: &'static str,
    },
    /// The payload cannot be carried in the serialization asked for (RFC 7797 §5.2).
    #[error("the payload cannot be used: {what}")]
    #[non_exhaustive]
    InvalidPayload {
        /// What is wrong.
        what: &'static str,
    },
    /// A JWS was to be signed by nobody.
    #[error("a JWS needs at least one key")]
    KeyMissing,
    /// A signature made outside does not verify with the public key, or is not of its algorithm.
    #[error("the signature made outside is not valid: {what}")]
    #[non_exhaustive]
    BadSignature {
        /// What is wrong.
        what: &'static str,
    },
    /// The signer has only the public half of its key.
    #[error("the key of this signer lives elsewhere: use `prepare` or `sign_with`")]
    KeyElsewhere,
    /// The signer's key is a secret, with which no signature made elsewhere could be checked.
    #[error("a token signed with a secret cannot be finished elsewhere: use `sign`")]
    KeySecret,
    /// The key was refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The cryptographic library failed.
    #[error("the cryptographic library could not sign")]
    Failed,
}

impl SignError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::LifetimeMissing => Code::SignLifetimeMissing,
            Self::LifetimeInvalid => Code::SignLifetimeInvalid,
            Self::DuplicateClaim { .. } => Code::SignClaimDuplicate,
            Self::RefusedClaim { .. } => Code::SignClaimRefused,
            Self::InvalidClaims { .. } => Code::SignClaimsInvalid,
            Self::TooLarge { .. } => Code::SignTooLarge,
            Self::InvalidHeader { .. } => Code::SignHeaderInvalid,
            Self::InvalidPayload { .. } => Code::SignPayloadInvalid,
            Self::KeyMissing => Code::SignKeyMissing,
            Self::BadSignature { .. } => Code::SignSignatureInvalid,
            Self::KeyElsewhere => Code::SignKeyElsewhere,
            Self::KeySecret => Code::SignKeySecret,
            Self::Key(error) => error.code(),
            Self::Failed => Code::SignFailed,
        }
    }
}
