//! What goes wrong with encrypted tokens. Messages never contain the token, the plaintext or a secret.

use crate::{Code, KeyError, VerifyError};

/// An encrypted token was not decrypted.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptError, DecryptionKey, Decrypter, KeyAlgorithm};
///
/// let decrypter = Decrypter::builder().key(DecryptionKey::generate(KeyAlgorithm::A256Kw)?).build()?;
/// let error = decrypter.decrypt("no token").unwrap_err();
/// assert!(matches!(error, DecryptError::Malformed { .. }));
/// assert_eq!(error.code().as_str(), "token_malformed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// The token is not five parts of base64url or the JSON of RFC 7516 §7.2, or its header is no strict
    /// JSON object.
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
    /// A header member has the wrong type, a forbidden value or a forbidden place.
    #[error("the token's header is invalid: {what}")]
    #[non_exhaustive]
    InvalidHeader {
        /// What is wrong, without quoting the token.
        what: &'static str,
    },
    /// The header has a `crit` member: it demands an extension that is not supported (RFC 7516 §4.1.13).
    #[error("the token's header demands an extension (`crit`) that is not supported")]
    UnsupportedCrit,
    /// The header's `enc` is unknown, or not one that the decrypter allows.
    #[error("the token's content encryption is not allowed")]
    EncryptionNotAllowed,
    /// The header's `zip` asks for decompression, which is off unless allowed, or the content grows beyond
    /// the limits.
    #[error("the token's compression is not allowed: {what}")]
    #[non_exhaustive]
    CompressionNotAllowed {
        /// What is not allowed.
        what: &'static str,
    },
    /// No key answers to the token's `kid`.
    #[error("no key is known for this token")]
    #[non_exhaustive]
    KeyNotFound {
        /// The `kid` of the only recipient, which anyone can write: escape it in logs.
        kid: Option<String>,
    },
    /// The header's `alg`, or with `dir` its `enc`, is not that of the key.
    #[error("the token's algorithm is not the key's")]
    AlgorithmMismatch,
    /// The token does not decrypt. Never says why: wrong key, changed token and bad padding are one error.
    #[error("the token does not decrypt")]
    Failed,
    /// The header's `cty` does not say that the content is a JWT (RFC 7519 §5.2).
    #[error("the token does not say that it contains a signed token (`cty` is not `JWT`)")]
    NotNested,
    /// The content is not a strict JSON object, or does not fit the caller's type.
    #[error("the token's claims do not have the expected shape{detail}")]
    #[non_exhaustive]
    ClaimsMismatch {
        /// Which member is missing, if that is what is wrong; starts with a colon if not empty.
        detail: String,
    },
}

impl DecryptError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Malformed { .. } => Code::TokenMalformed,
            Self::TooLarge { .. } => Code::TokenTooLarge,
            Self::InvalidHeader { .. } => Code::HeaderInvalid,
            Self::UnsupportedCrit => Code::CritUnsupported,
            Self::EncryptionNotAllowed => Code::EncryptionNotAllowed,
            Self::CompressionNotAllowed { .. } => Code::CompressionNotAllowed,
            Self::KeyNotFound { .. } => Code::KeyNotFound,
            Self::AlgorithmMismatch => Code::AlgorithmMismatch,
            Self::Failed => Code::DecryptionFailed,
            Self::NotNested => Code::ContentTypeMismatch,
            Self::ClaimsMismatch { .. } => Code::ClaimsMismatch,
        }
    }

    pub(super) const fn malformed(what: &'static str) -> Self {
        Self::Malformed { what }
    }

    pub(super) const fn header(what: &'static str) -> Self {
        Self::InvalidHeader { what }
    }
}

impl From<crate::crypto::Failed> for DecryptError {
    fn from(_: crate::crypto::Failed) -> Self {
        Self::Failed
    }
}

/// A nested token was not accepted: neither decrypted nor, inside, verified.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptError, NestedError};
///
/// // Which of the two seals was broken is for the log; the sender gets the same answer.
/// let error = NestedError::from(DecryptError::NotNested);
/// assert!(matches!(error, NestedError::Decrypt(_)));
/// assert_eq!(error.code(), DecryptError::NotNested.code());
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NestedError {
    /// The outer token.
    #[error(transparent)]
    Decrypt(#[from] DecryptError),
    /// The signed token inside.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

impl NestedError {
    /// The stable name of this failure.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Decrypt(error) => error.code(),
            Self::Verify(error) => error.code(),
        }
    }
}

/// An encrypted token was not made.
///
/// # Examples
/// ```
/// use waxseal::Code;
/// use waxseal::jwe::{DecryptionKey, Encrypter, KeyAlgorithm};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::A256Kw)?;
/// let encrypter = Encrypter::builder(key.encryption_key()?).build()?;
/// assert_eq!(encrypter.encrypt_claims(&"no object").unwrap_err().code(), Code::EncryptClaimsInvalid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// The serialization does not allow these recipients: the compact and the flattened one have room for
    /// one, and a key that encrypts the content itself (`dir`, `ECDH-ES`) shares a message with no other.
    #[error("{what}")]
    #[non_exhaustive]
    Recipients {
        /// What is not allowed.
        what: &'static str,
    },
    /// A header member cannot be set, or is set twice.
    #[error("the header member cannot be set: {what}")]
    #[non_exhaustive]
    Header {
        /// What is wrong.
        what: &'static str,
    },
    /// The claims do not serialize to a JSON object.
    #[error("the claims cannot be used: {what}")]
    #[non_exhaustive]
    InvalidClaims {
        /// What is wrong.
        what: &'static str,
    },
    /// The token would be longer than decrypters accept.
    #[error("the token would be too large: {what} would have more than {limit} characters")]
    #[non_exhaustive]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The most characters of a token.
        limit: usize,
    },
    /// The cryptographic library failed.
    #[error("the cryptographic library could not encrypt")]
    Failed,
}

impl EncryptError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Recipients { .. } => Code::EncryptRecipientsInvalid,
            Self::Header { .. } => Code::EncryptHeaderInvalid,
            Self::InvalidClaims { .. } => Code::EncryptClaimsInvalid,
            Self::TooLarge { .. } => Code::EncryptTooLarge,
            Self::Failed => Code::EncryptFailed,
        }
    }
}

impl From<crate::crypto::Failed> for EncryptError {
    fn from(_: crate::crypto::Failed) -> Self {
        Self::Failed
    }
}

/// An encrypter or a decrypter cannot be built as asked.
///
/// # Examples
/// ```
/// use waxseal::jwe::{BuildError, Decrypter};
///
/// assert_eq!(Decrypter::builder().build().unwrap_err(), BuildError::KeyMissing);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A decrypter was given no key.
    #[error("a decrypter needs a key: call `key`")]
    KeyMissing,
    /// An option has an impossible value.
    #[error("{option}: {what}")]
    #[non_exhaustive]
    InvalidOption {
        /// The builder's method.
        option: &'static str,
        /// What is wrong with its value.
        what: &'static str,
    },
    /// The recipients or the header cannot be used.
    #[error(transparent)]
    Encrypt(#[from] EncryptError),
    /// The keys were refused.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl BuildError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::KeyMissing => Code::DecrypterKeyMissing,
            Self::InvalidOption { .. } => Code::JweOptionInvalid,
            Self::Encrypt(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }
}
