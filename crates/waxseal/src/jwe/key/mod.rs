//! Keys for encryption: one key, one algorithm, and for `dir` one content encryption.

mod decryption;
mod encryption;
mod jwk;
mod shared;

pub(super) use decryption::Decrypting;
pub use decryption::DecryptionKey;
pub(super) use encryption::Encrypting;
pub use encryption::EncryptionKey;
pub(super) use shared::{MIN_ITERATIONS, Password, Shared};

use super::KeyAlgorithm;
use super::algorithm::Mechanism;
use crate::algorithm::{Curve as EcCurve, KeyKind};
use crate::keys::{KeyError, Material};

/// The curve of a key that agrees.
///
/// # Examples
/// ```
/// use waxseal::jwe::{Curve, DecryptionKey, KeyAlgorithm};
///
/// let key = DecryptionKey::generate_on(KeyAlgorithm::EcdhEs, Curve::P256)?;
/// assert_eq!(key.algorithm(), KeyAlgorithm::EcdhEs);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Curve25519 (RFC 7748).
    X25519,
}

impl Curve {
    /// Every curve.
    pub const ALL: &'static [Self] = &[Self::P256, Self::P384, Self::P521, Self::X25519];

    fn kind(self) -> KeyKind {
        match self {
            Self::P256 => KeyKind::Ec(EcCurve::P256),
            Self::P384 => KeyKind::Ec(EcCurve::P384),
            Self::P521 => KeyKind::Ec(EcCurve::P521),
            Self::X25519 => KeyKind::X25519,
        }
    }
}

/// A key pair is of the kind that the algorithm takes.
fn expect_kind(algorithm: KeyAlgorithm, material: &Material) -> Result<(), KeyError> {
    let fits = match algorithm.mechanism() {
        Mechanism::Oaep(_) => material.kind() == KeyKind::Rsa,
        Mechanism::Agree | Mechanism::AgreeWrap(_) => material.agreement().is_some(),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(KeyError::EncryptionMismatch { algorithm: algorithm.as_str(), found: material.kind().describe() })
}

fn no_password_jwk() -> KeyError {
    KeyError::Unsupported {
        what: "a JWK for PBES2",
        remedy: "make the key from the password with `EncryptionKey::password` or `DecryptionKey::password`",
    }
}
