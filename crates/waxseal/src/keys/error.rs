//! Why a key was refused, and what to do about it.

use crate::{Algorithm, Code};

/// Reads every old scheme and writes PBES2 with PBKDF2.
const ENCRYPT_COMMAND: &str = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new.pem";

/// A key could not be read, made or accepted. Messages never contain key material.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, KeyError, SecretKey};
///
/// let error = SecretKey::new(Algorithm::Hs256, b"changeme").unwrap_err();
/// assert!(matches!(error, KeyError::SecretTooShort { minimum: 32, actual: 8, .. }));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text or the octets are not what they should be.
    #[error("the key cannot be read: {what}")]
    #[non_exhaustive]
    Malformed {
        /// What is wrong, without quoting the input.
        what: &'static str,
    },
    /// An HMAC secret must be at least as long as the hash (RFC 7518 §3.2).
    #[error(
        "a secret for {algorithm} needs at least {minimum} octets and this one has {actual}; \
         make one with `waxseal keys generate --alg {algorithm}`"
    )]
    #[non_exhaustive]
    SecretTooShort {
        /// The algorithm that the secret was meant for.
        algorithm: Algorithm,
        /// The least number of octets.
        minimum: usize,
        /// The number of octets given.
        actual: usize,
    },
    /// The text of a key file was offered as an HMAC secret. If it were accepted, whoever knows a
    /// public key could sign with it.
    #[error("this HMAC secret is {what}; import it with `{remedy}` instead")]
    #[non_exhaustive]
    SecretIsKeyText {
        /// What the text looks like.
        what: &'static str,
        /// The function that reads such text.
        remedy: &'static str,
    },
    /// The key is of another kind than the algorithm takes.
    #[error("{algorithm} does not take {found}")]
    #[non_exhaustive]
    AlgorithmMismatch {
        /// The algorithm asked for.
        algorithm: Algorithm,
        /// What the key is.
        found: &'static str,
    },
    /// The [`AlgorithmPolicy`](crate::AlgorithmPolicy) does not allow the key's algorithm.
    #[error("the policy does not allow {algorithm}; use a key for one that it allows")]
    #[non_exhaustive]
    AlgorithmForbidden {
        /// The key's algorithm.
        algorithm: Algorithm,
    },
    /// Only approved keys were to be used, and this one's algorithm or curve is not.
    #[error("a key for {algorithm} of this kind is not approved; use a key for ECDH-ES on P-256 or A256KW")]
    #[non_exhaustive]
    EncryptionForbidden {
        /// The name of the key's algorithm.
        algorithm: &'static str,
    },
    /// The key is of another kind than the encryption algorithm takes.
    #[error("{algorithm} does not take {found}")]
    #[non_exhaustive]
    EncryptionMismatch {
        /// The name of the algorithm asked for.
        algorithm: &'static str,
        /// What the key is.
        found: &'static str,
    },
    /// A secret for encryption has exactly one length (RFC 7518 §4, §5).
    #[error(
        "a secret for {algorithm} has exactly {expected} octets and this one has {actual}; \
         make one with `DecryptionKey::generate`, or `openssl rand -out secret.bin {expected}`"
    )]
    #[non_exhaustive]
    SecretLength {
        /// The name of the algorithm that the secret was meant for.
        algorithm: &'static str,
        /// The number of octets it must have.
        expected: usize,
        /// The number of octets given.
        actual: usize,
    },
    /// A password is too short to encrypt with (RFC 7518 §8.8).
    #[error("a password for {algorithm} needs at least {minimum} octets and this one has {actual}")]
    #[non_exhaustive]
    PasswordTooShort {
        /// The name of the algorithm that the password was meant for.
        algorithm: &'static str,
        /// The least number of octets.
        minimum: usize,
        /// The number of octets given.
        actual: usize,
    },
    /// The algorithm is only for decrypting what others still send.
    #[error("{algorithm} is only supported for decrypting; encrypt with {instead}")]
    #[non_exhaustive]
    DecryptOnly {
        /// The name of the algorithm.
        algorithm: &'static str,
        /// The name of a better one.
        instead: &'static str,
    },
    /// The JWK's `alg` is not the name of an algorithm that is supported for what the key is wanted for.
    #[error("the JWK's `alg` is not a supported algorithm for this use")]
    AlgorithmUnknown,
    /// The JWK has no `alg` and its type fits several.
    #[error("the JWK has no `alg` and fits several algorithms; name one with `from_jwk_as`")]
    AlgorithmAmbiguous,
    /// An integer or a coordinate of a JWK has leading zeros too many or too few (RFC 7518 §2, §6.2.1.2).
    #[error(
        "a number of the JWK has another length than RFC 7518 gives it; write the JWK again, or read it with \
         `Jwk::parse_allowing_noncanonical_integers`"
    )]
    NonCanonical,
    /// An RSA private JWK has no `p`, `q`, `dp`, `dq`, `qi` (RFC 7518 §6.3.2).
    #[error(
        "the RSA private JWK lacks p, q, dp, dq or qi; compute them with \
         `waxseal keys convert key.jwk --out key.pem`"
    )]
    FactorsMissing,
    /// An RSA private JWK has more than two primes (RFC 7518 §6.3.2.7).
    #[error(
        "the RSA key has more than two primes (`oth`), which cannot be converted; make a new one with \
         `waxseal keys generate --alg RS256`"
    )]
    MultiPrime,
    /// The kind of key or its encoding is not supported.
    #[error("{what} is not supported; {remedy}")]
    #[non_exhaustive]
    Unsupported {
        /// What was found.
        what: &'static str,
        /// How to get a key that is supported.
        remedy: &'static str,
    },
    /// An ML-DSA private key comes without the seed (RFC 9881 §6), which cannot be computed from the rest.
    #[error(
        "the ML-DSA key has no seed; where it was made, export it with \
         `openssl pkey -provparam ml-dsa.output_formats=seed-only`, or make a new key"
    )]
    ExpandedOnly,
    /// The JWK's `use` or `key_ops` does not allow what the key is wanted for (RFC 7517 §4.2, §4.3).
    #[error("the JWK's `use` or `key_ops` does not allow {operation}")]
    #[non_exhaustive]
    UseForbidden {
        /// What the key was wanted for.
        operation: &'static str,
    },
    /// An RSA key is outside 2048 to 8192 bits, or its exponent is even or outside 3 to 2^33.
    #[error("the RSA key must have 2048 to 8192 bits and an odd exponent between 3 and 2^33")]
    SizeRefused,
    /// The RSA key comes from a generator whose keys can be factored (CVE-2017-15361, ROCA).
    #[error(
        "the RSA key was made by a generator with a known flaw (CVE-2017-15361): anyone can compute its private \
         half; make a new one with `waxseal keys generate --alg RS256`"
    )]
    Factorable,
    /// An RSA key of a size that is not made was asked for.
    #[error("new RSA keys have 2048, 3072 or 4096 bits")]
    GeneratedSize,
    /// The private key is encrypted.
    #[error(
        "the private key is encrypted; read it with `from_encrypted_pem` and its passphrase, or decrypt it with \
         `openssl pkcs8 -in key.pem -out plain.pem`"
    )]
    Encrypted,
    /// A passphrase was given for a key that is not encrypted.
    #[error(
        "the private key is not encrypted; read it without a passphrase, or encrypt it with `{ENCRYPT_COMMAND}`"
    )]
    NotEncrypted,
    /// The private key is encrypted with a scheme that is too weak or not available: MD5 or SHA-1 with DES,
    /// 3DES or RC2, the headers that older versions of OpenSSL put into PEM, scrypt.
    #[error(
        "the private key is encrypted with {what}, which is not supported; convert it with `{ENCRYPT_COMMAND}` \
         (add `-provider legacy -provider default` for MD5, DES and RC2)"
    )]
    #[non_exhaustive]
    EncryptionUnsupported {
        /// What was found.
        what: &'static str,
    },
    /// The key file asks for more rounds of PBKDF2 than are done.
    #[error(
        "the encrypted key asks for more than {limit} rounds of PBKDF2; convert it with \
         `{ENCRYPT_COMMAND} -iter 600000`"
    )]
    #[non_exhaustive]
    CostRefused {
        /// The most rounds.
        limit: u32,
    },
    /// The passphrase is wrong, or the encrypted key is damaged: nothing tells these apart.
    #[error("the passphrase is wrong or the encrypted key damaged")]
    PassphraseWrong,
    /// A key shall be encrypted with an empty passphrase.
    #[error("the passphrase is empty")]
    PassphraseEmpty,
    /// The parts of the key do not belong together, or the point is not on the curve.
    #[error("the parts of the key do not belong together")]
    Inconsistent,
    /// A key id has more than 256 bytes or contains a control character.
    #[error("a key id has 1 to 256 bytes and no control characters")]
    IdInvalid,
    /// Another key of the issuer has this id already.
    #[error("another key has this id")]
    IdTaken,
    /// No key of the issuer that could be meant has this id.
    #[error("no such key has this id")]
    IdUnknown,
    /// A key has not been published long enough: some verifiers may not have seen it yet.
    #[error("the key was published less than twice the cache time ago; verifiers may not know it yet")]
    TooEarly,
    /// A public key was given where a private one is needed.
    #[error("this is a public key and a private key is needed")]
    NotPrivate,
    /// A private or secret key was given where a public one is needed.
    #[error("this is {found} and only public keys belong here")]
    #[non_exhaustive]
    NotPublic {
        /// What the key is.
        found: &'static str,
    },
    /// The key set has more keys than are accepted.
    #[error("the key set has more than {limit} keys")]
    #[non_exhaustive]
    SetTooLarge {
        /// The most keys accepted.
        limit: usize,
    },
    /// The cryptographic library failed.
    #[error("the cryptographic library could not {operation}")]
    #[non_exhaustive]
    OperationFailed {
        /// What it was asked to do.
        operation: &'static str,
    },
}

impl KeyError {
    /// The stable name of this failure.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Malformed { .. } => Code::KeyMalformed,
            Self::SecretTooShort { .. } | Self::PasswordTooShort { .. } => Code::KeySecretTooShort,
            Self::SecretIsKeyText { .. } => Code::KeySecretIsKeyText,
            Self::AlgorithmMismatch { .. } | Self::EncryptionMismatch { .. } => Code::KeyAlgorithmMismatch,
            Self::SecretLength { .. } => Code::KeySecretWrongLength,
            Self::DecryptOnly { .. } => Code::KeyDecryptOnly,
            Self::AlgorithmForbidden { .. } | Self::EncryptionForbidden { .. } => Code::KeyAlgorithmForbidden,
            Self::AlgorithmUnknown => Code::KeyAlgorithmUnknown,
            Self::AlgorithmAmbiguous => Code::KeyAlgorithmAmbiguous,
            Self::NonCanonical => Code::KeyNonCanonical,
            Self::FactorsMissing => Code::KeyFactorsMissing,
            Self::MultiPrime => Code::KeyMultiPrime,
            Self::Unsupported { .. } => Code::KeyTypeUnsupported,
            Self::ExpandedOnly => Code::KeyExpandedOnly,
            Self::UseForbidden { .. } => Code::KeyUseForbidden,
            Self::SizeRefused | Self::GeneratedSize => Code::KeySizeRefused,
            Self::Factorable => Code::KeyFactorable,
            Self::Encrypted => Code::KeyEncrypted,
            Self::NotEncrypted => Code::KeyNotEncrypted,
            Self::EncryptionUnsupported { .. } => Code::KeyEncryptionUnsupported,
            Self::CostRefused { .. } => Code::KeyCostRefused,
            Self::PassphraseWrong => Code::KeyPassphraseWrong,
            Self::PassphraseEmpty => Code::KeyPassphraseEmpty,
            Self::Inconsistent => Code::KeyInconsistent,
            Self::IdInvalid => Code::KeyIdInvalid,
            Self::IdTaken => Code::KeyIdTaken,
            Self::IdUnknown => Code::KeyIdUnknown,
            Self::TooEarly => Code::KeyTooEarly,
            Self::NotPrivate => Code::KeyNotPrivate,
            Self::NotPublic { .. } => Code::KeyNotPublic,
            Self::SetTooLarge { .. } => Code::KeySetTooLarge,
            Self::OperationFailed { .. } => Code::KeyOperationFailed,
        }
    }

    pub(crate) const fn malformed(what: &'static str) -> Self {
        Self::Malformed { what }
    }
}
