//! PBKDF2 (RFC 7518 §4.8, RFC 8018 §5.2).

use super::Failed;
use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA384, PBKDF2_HMAC_SHA512};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// Derives a key of 16, 24 or 32 octets with the hash that RFC 7518 §4.8 pairs with that length.
pub(crate) fn derive_from_password(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    bytes: usize,
) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let algorithm = match bytes {
        16 => PBKDF2_HMAC_SHA256,
        24 => PBKDF2_HMAC_SHA384,
        32 => PBKDF2_HMAC_SHA512,
        _ => return Err(Failed),
    };
    let iterations = NonZeroU32::new(iterations).ok_or(Failed)?;
    let mut key = Zeroizing::new(vec![0; bytes]);
    // The library offers no fallible form; it panics for lengths far above these, or without memory.
    pbkdf2::derive(algorithm, iterations, salt, password, &mut key);
    Ok(key)
}
