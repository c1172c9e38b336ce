//! HMAC (RFC 7518 §3.2).

use super::Failed;
use crate::algorithm::Algorithm;
use aws_lc_rs::{constant_time, hmac};

/// The shortest secret: the length of the hash (RFC 7518 §3.2).
pub(crate) const fn mac_bytes(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::Hs256 => Some(32),
        Algorithm::Hs384 => Some(48),
        Algorithm::Hs512 => Some(64),
        _ => None,
    }
}

/// An HMAC key with its schedule prepared.
#[derive(Clone)]
pub(crate) struct MacKey(hmac::Key);

impl MacKey {
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let algorithm = match algorithm {
            Algorithm::Hs256 => hmac::HMAC_SHA256,
            Algorithm::Hs384 => hmac::HMAC_SHA384,
            Algorithm::Hs512 => hmac::HMAC_SHA512,
            _ => return None,
        };
        Some(Self(hmac::Key::new(algorithm, secret)))
    }

    fn mac<'o>(&self, message: &[u8], out: &'o mut [u8; 64]) -> Result<&'o [u8], Failed> {
        match hmac::sign_to_buffer(&self.0, message, out) {
            Ok(tag) => Ok(tag),
            Err(_) => Err(Failed),
        }
    }

    /// Compares in constant time.
    pub(crate) fn verify(&self, message: &[u8], tag: &[u8]) -> Result<(), Failed> {
        let mut buffer = [0; 64];
        let expected = self.mac(message, &mut buffer)?;
        constant_time::verify_slices_are_equal(expected, tag).map_err(|_| Failed)
    }

    /// Appends the base64url of the MAC of `out` behind a dot.
    pub(crate) fn sign_append(&self, out: &mut Vec<u8>) -> Result<(), Failed> {
        let mut buffer = [0; 64];
        let tag = self.mac(out, &mut buffer)?;
        out.push(b'.');
        crate::base64url::encode_append(tag, out);
        Ok(())
    }
}
