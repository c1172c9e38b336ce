//! Signing in two steps, for keys that live elsewhere.

use super::unsigned::Unsigned;
use crate::keys::PublicKey;
use crate::{Algorithm, SignError, base64url};
use std::fmt;

/// A JWS that lacks only its signature, which somebody else makes.
///
/// Nothing unsound gets out: [`finish`](Self::finish) checks the signature with the public key first.
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers};
/// # use waxseal::{Algorithm, PrivateKey};
/// # let private = PrivateKey::generate(Algorithm::EdDsa)?;
/// # let public = &private.public_key();
/// # let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private.to_pkcs8_der()).unwrap();
/// # let sign_in_the_hsm = |input: &[u8]| pair.sign(input).as_ref().to_vec();
///
/// let prepared = Builder::new(b"the contract").prepare_compact(public, &Headers::new())?;
/// let signature = sign_in_the_hsm(prepared.signing_input());
/// let jws = prepared.finish(&signature)?;
/// assert_eq!(jws.split('.').count(), 3);
///
/// let prepared = Builder::new(b"another contract").prepare_compact(public, &Headers::new())?;
/// assert_eq!(prepared.finish(&signature).unwrap_err().code().as_str(), "sign_signature_invalid");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Prepared {
    unsigned: Unsigned,
    key: PublicKey,
}

/// The hash that a signature algorithm begins with (RFC 7518 §3.1).
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Digest, Headers};
/// use waxseal::{Algorithm, PrivateKey};
///
/// let key = PrivateKey::generate(Algorithm::Es384)?.public_key();
/// let prepared = Builder::new(b"the contract").prepare_compact(&key, &Headers::new())?;
/// // For a device that takes hashes.
/// assert_eq!(prepared.digest(), Some(Digest::Sha384));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Prepared {
    pub(crate) fn new(unsigned: Unsigned, key: PublicKey) -> Self {
        Self { unsigned, key }
    }

    /// The octets to be signed (RFC 7515 §5.1), whole: not hashed, not encoded further.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.unsigned.input()
    }

    /// The algorithm of the signature.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// The id of the key that shall sign.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.key.kid()
    }

    /// The key with which the signature will be checked.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// The hash to take of [`signing_input`](Self::signing_input) where a device signs hashes. `None` for
    /// algorithms that sign the message itself, such as Ed25519: no hash may be signed in its place.
    #[must_use]
    pub fn digest(&self) -> Option<Digest> {
        match self.algorithm() {
            Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 | Algorithm::Es256k => {
                Some(Digest::Sha256)
            }
            Algorithm::Rs384 | Algorithm::Ps384 | Algorithm::Es384 => Some(Digest::Sha384),
            Algorithm::Rs512 | Algorithm::Ps512 | Algorithm::Es512 => Some(Digest::Sha512),
            _ => None,
        }
    }

    /// Checks the `signature` with the public key and gives the JWS out.
    ///
    /// `signature`: the octets of RFC 7518 §3 and RFC 8037. For ECDSA that is `r` and `s` at full length;
    /// [`ecdsa_signature_from_der`](super::ecdsa_signature_from_der) makes it of what many devices answer.
    ///
    /// # Errors
    /// [`SignError::BadSignature`], [`SignError::TooLarge`].
    pub fn finish(self, signature: &[u8]) -> Result<String, SignError> {
        if self.key.verify(self.unsigned.input(), signature).is_err() {
            return Err(SignError::BadSignature { what: "it does not verify with the public key" });
        }
        self.unsigned.finish(&base64url::encode(signature))
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The input is the payload, which may be personal.
        f.debug_struct("Prepared").field("key", &self.key).finish_non_exhaustive()
    }
}
