//! Secrets that both sides hold.

use crate::crypto;
use crate::jwe::algorithm::Mechanism;
use crate::jwe::{ContentEncryption, KeyAlgorithm};
use crate::keys::{KeyError, encryption};
use zeroize::Zeroizing;

/// A secret of exactly the length that its one algorithm takes.
pub(in crate::jwe) struct Shared {
    pub(super) algorithm: KeyAlgorithm,
    /// What a `dir` key encrypts with.
    pub(super) direct: Option<ContentEncryption>,
    pub(in crate::jwe) octets: Zeroizing<Vec<u8>>,
}

impl Shared {
    /// For one of `A*KW` and `A*GCMKW`.
    pub(super) fn new(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<Self, KeyError> {
        let expected = Self::wrapping_bytes(algorithm)?;
        check_length(algorithm.as_str(), expected, octets)?;
        Ok(Self { algorithm, direct: None, octets: Zeroizing::new(octets.to_vec()) })
    }

    /// For `dir`.
    pub(super) fn direct(encryption: ContentEncryption, octets: &[u8]) -> Result<Self, KeyError> {
        check_length(encryption.as_str(), encryption.key_bytes(), octets)?;
        let octets = Zeroizing::new(octets.to_vec());
        Ok(Self { algorithm: KeyAlgorithm::Dir, direct: Some(encryption), octets })
    }

    pub(super) fn generate(algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        Self::new(algorithm, &crypto::random(Self::wrapping_bytes(algorithm)?)?)
    }

    pub(super) fn generate_direct(encryption: ContentEncryption) -> Result<Self, KeyError> {
        Self::direct(encryption, &crypto::random(encryption.key_bytes())?)
    }

    fn wrapping_bytes(algorithm: KeyAlgorithm) -> Result<usize, KeyError> {
        let found = match algorithm.mechanism() {
            Mechanism::Wrap(bytes) | Mechanism::Gcm(bytes) => return Ok(bytes),
            Mechanism::Direct => "a secret without its content encryption",
            _ => "a shared secret",
        };
        Err(KeyError::EncryptionMismatch { algorithm: algorithm.as_str(), found })
    }

    /// The name in a JWK's `alg`; for `dir` that of the content encryption, which says all there is to know.
    pub(super) fn alg(&self) -> &'static str {
        self.direct.map_or(self.algorithm.as_str(), ContentEncryption::as_str)
    }
}

/// Another length means another algorithm, or a key that was cut or padded on its way.
fn check_length(algorithm: &'static str, expected: usize, octets: &[u8]) -> Result<(), KeyError> {
    if octets.len() == expected {
        return Ok(());
    }
    Err(KeyError::SecretLength { algorithm, expected, actual: octets.len() })
}

/// A password for one of `PBES2-*`, with the number of iterations to use or to accept at most.
pub(in crate::jwe) struct Password {
    pub(super) algorithm: KeyAlgorithm,
    pub(in crate::jwe) octets: Zeroizing<Vec<u8>>,
    pub(in crate::jwe) iterations: u32,
}

/// The fewest iterations that are written or read (RFC 7518 §4.8.1.2).
pub(in crate::jwe) const MIN_ITERATIONS: u32 = 1000;

impl Password {
    pub(super) fn new(algorithm: KeyAlgorithm, octets: &[u8], iterations: u32) -> Result<Self, KeyError> {
        let Mechanism::Password(_) = algorithm.mechanism() else {
            return Err(KeyError::EncryptionMismatch { algorithm: algorithm.as_str(), found: "a password" });
        };
        // A public key is no password, although a caller without types might hand one over.
        encryption::refuse_key_text(octets)?;
        if octets.is_empty() {
            return Err(KeyError::PasswordTooShort { algorithm: algorithm.as_str(), minimum: 1, actual: 0 });
        }
        if iterations < MIN_ITERATIONS {
            return Err(KeyError::malformed("PBES2 takes at least 1000 iterations"));
        }
        Ok(Self { algorithm, octets: Zeroizing::new(octets.to_vec()), iterations })
    }

    /// RFC 7518 §8.8 wants as many octets as the derived key has; who reads must take what there is.
    pub(super) fn check_strength(&self) -> Result<(), KeyError> {
        let Mechanism::Password(minimum) = self.algorithm.mechanism() else { return Ok(()) };
        let actual = self.octets.len();
        if actual >= minimum {
            return Ok(());
        }
        Err(KeyError::PasswordTooShort { algorithm: self.algorithm.as_str(), minimum, actual })
    }
}
