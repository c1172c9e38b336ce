//! What a JWK says about the encryption it is for.

use crate::Jwk;
use crate::jwe::algorithm::Mechanism;
use crate::jwe::{ContentEncryption, KeyAlgorithm};
use crate::keys::{KeyError, encryption};

/// The one thing that a JWK is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum For {
    Managing(KeyAlgorithm),
    Encrypting(ContentEncryption),
}

/// Which side of a message the key stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Encrypt,
    Decrypt,
}

/// The algorithm that the JWK itself determines; never a token's word.
pub(super) fn determined(jwk: &Jwk) -> Result<For, KeyError> {
    let alg = jwk.alg().ok_or(KeyError::AlgorithmAmbiguous)?;
    if let Ok(encryption) = alg.parse() {
        return Ok(For::Encrypting(encryption));
    }
    match alg.parse() {
        Ok(KeyAlgorithm::Dir) => by_length(jwk).map(For::Encrypting),
        Ok(algorithm) => Ok(For::Managing(algorithm)),
        Err(_) => Err(KeyError::AlgorithmUnknown),
    }
}

/// As [`determined`], for a caller that knows `algorithm`; an `alg` in the JWK must agree.
pub(super) fn determined_as(algorithm: KeyAlgorithm, jwk: &Jwk) -> Result<For, KeyError> {
    let found = if jwk.alg().is_some() {
        determined(jwk)?
    } else if algorithm == KeyAlgorithm::Dir {
        For::Encrypting(by_length(jwk)?)
    } else {
        For::Managing(algorithm)
    };
    match found {
        For::Managing(own) if own == algorithm => Ok(found),
        For::Encrypting(_) if algorithm == KeyAlgorithm::Dir => Ok(found),
        _ => Err(mismatch(algorithm.as_str())),
    }
}

/// As [`determined`], for a caller that knows what a `dir` key encrypts with.
pub(super) fn check_direct(content: ContentEncryption, jwk: &Jwk) -> Result<(), KeyError> {
    match jwk.alg() {
        Some(alg) if alg != content.as_str() && alg != KeyAlgorithm::Dir.as_str() => {
            Err(mismatch(content.as_str()))
        }
        _ => Ok(()),
    }
}

fn mismatch(algorithm: &'static str) -> KeyError {
    KeyError::EncryptionMismatch { algorithm, found: "a JWK whose `alg` is another" }
}

/// The only content encryption that takes a secret of this length. 32 octets fit two.
fn by_length(jwk: &Jwk) -> Result<ContentEncryption, KeyError> {
    let found = secret(KeyAlgorithm::Dir.as_str(), jwk)?.len();
    let mut fitting = ContentEncryption::ALL.iter().filter(|content| content.key_bytes() == found);
    match (fitting.next(), fitting.next()) {
        (Some(&only), None) => Ok(only),
        (Some(_), Some(_)) => Err(KeyError::AlgorithmAmbiguous),
        _ => Err(KeyError::malformed("no content encryption takes a secret of this length")),
    }
}

pub(super) fn secret<'j>(algorithm: &'static str, jwk: &'j Jwk) -> Result<&'j [u8], KeyError> {
    encryption::secret_from_jwk(jwk).ok_or(KeyError::EncryptionMismatch { algorithm, found: jwk.describe() })
}

/// `use` and `key_ops` allow the key on this side (RFC 7517 §4.2, §4.3).
pub(super) fn check_use(jwk: &Jwk, wanted: For, side: Side) -> Result<(), KeyError> {
    let mechanism = match wanted {
        For::Encrypting(_) => Mechanism::Direct,
        For::Managing(algorithm) => algorithm.mechanism(),
    };
    let allowed: &[&str] = match (mechanism, side) {
        (Mechanism::Direct, Side::Encrypt) => &["encrypt"],
        (Mechanism::Direct, Side::Decrypt) => &["decrypt"],
        (Mechanism::Wrap(_), Side::Encrypt) => &["wrapKey"],
        (Mechanism::Wrap(_), Side::Decrypt) => &["unwrapKey"],
        // Web Cryptography calls it wrapping or encrypting, depending on the function that does it.
        (Mechanism::Gcm(_) | Mechanism::Oaep(_), Side::Encrypt) => &["wrapKey", "encrypt"],
        (Mechanism::Gcm(_) | Mechanism::Oaep(_), Side::Decrypt) => &["unwrapKey", "decrypt"],
        (Mechanism::Agree | Mechanism::AgreeWrap(_) | Mechanism::Password(_), _) => {
            &["deriveKey", "deriveBits"]
        }
    };
    let operation = if side == Side::Encrypt { "encrypting" } else { "decrypting" };
    // A public key to agree with does nothing itself: Web Cryptography exports it with an empty list.
    let agreeing = matches!(mechanism, Mechanism::Agree | Mechanism::AgreeWrap(_));
    jwk.check_encryption(operation, allowed, agreeing && side == Side::Encrypt)
}
