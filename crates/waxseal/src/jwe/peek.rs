//! Looking at a header before decrypting.

use super::DecryptError;
use super::header::{Members, text};
use super::message::{Compact, decode_header};
use crate::Limits;
use std::borrow::Cow;

/// The `kid` that a compact token names, **which anyone can write**: good for deciding which keys to load, and
/// for nothing else.
///
/// # Errors
/// [`DecryptError::TooLarge`], [`DecryptError::Malformed`], [`DecryptError::InvalidHeader`].
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, Encrypter, KeyAlgorithm, peek_kid_without_decrypting};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::A256Kw)?.with_kid("2024-05")?;
/// let token = Encrypter::builder(key.encryption_key()?).build()?.encrypt(b"")?;
/// assert_eq!(peek_kid_without_decrypting(&token)?.as_deref(), Some("2024-05"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn peek_kid_without_decrypting(token: &str) -> Result<Option<String>, DecryptError> {
    let limits = Limits::default();
    let header = decode_header(Compact::split(token, &limits)?.header)?;
    let members = Members::read(&header, limits.depth)?;
    let kid = text(members.find("kid"), "`kid` is not a text")?;
    if kid.as_deref().is_some_and(|kid| !crate::keys::acceptable_kid(kid)) {
        return Err(DecryptError::header("`kid` is empty, too long or has control characters"));
    }
    Ok(kid.map(Cow::into_owned))
}
