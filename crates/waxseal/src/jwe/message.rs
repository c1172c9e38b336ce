//! A parsed encrypted message, whatever its serialization was.

use super::DecryptError;
use super::header::{Headers, Members};
use crate::{Limits, base64url};
use zeroize::Zeroizing;

/// Everything but the ciphertext is still as it was sent; nothing here has been authenticated.
pub(super) struct Message<'t> {
    /// The protected header, encoded: the beginning of what is authenticated.
    pub(super) encoded_header: &'t str,
    pub(super) protected: Members<'t>,
    pub(super) shared: Members<'t>,
    pub(super) recipients: Vec<Recipient<'t>>,
    /// The encoded `aad`.
    pub(super) encoded_aad: Option<&'t str>,
    pub(super) iv: Vec<u8>,
    pub(super) tag: Vec<u8>,
    pub(super) ciphertext: Zeroizing<Vec<u8>>,
}

/// One recipient's share.
pub(super) struct Recipient<'t> {
    pub(super) header: Members<'t>,
    pub(super) encrypted_key: Vec<u8>,
}

impl<'t> Message<'t> {
    /// Reads the compact serialization (RFC 7516 §7.1); `header` is its first part, decoded before.
    pub(super) fn from_compact(
        parts: &Compact<'t>,
        header: &'t str,
        limits: &Limits,
    ) -> Result<Self, DecryptError> {
        let recipient = Recipient {
            header: Members::default(),
            encrypted_key: decode(parts.encrypted_key, "its encrypted key is not base64url")?,
        };
        Ok(Self {
            encoded_header: parts.header,
            protected: Members::read(header, limits.depth)?,
            shared: Members::default(),
            recipients: vec![recipient],
            encoded_aad: None,
            iv: decode(parts.iv, "its IV is not base64url")?,
            tag: decode(parts.tag, "its tag is not base64url")?,
            ciphertext: Zeroizing::new(decode(parts.ciphertext, "its ciphertext is not base64url")?),
        })
    }

    /// The headers that hold for one of the recipients.
    pub(super) fn headers<'a>(&'a self, recipient: &'a Recipient<'t>) -> Headers<'a, 't> {
        Headers { protected: &self.protected, shared: &self.shared, recipient: &recipient.header }
    }

    /// What the tag covers beside the ciphertext (RFC 7516 §5.2 step 15).
    pub(super) fn authenticated(&self) -> Vec<u8> {
        let mut data = self.encoded_header.as_bytes().to_vec();
        if let Some(aad) = self.encoded_aad {
            data.push(b'.');
            data.extend_from_slice(aad.as_bytes());
        }
        data
    }
}

/// The five parts of a compact token, still encoded.
pub(super) struct Compact<'t> {
    pub(super) header: &'t str,
    encrypted_key: &'t str,
    iv: &'t str,
    ciphertext: &'t str,
    tag: &'t str,
}

impl<'t> Compact<'t> {
    /// Splits at exactly four dots.
    pub(super) fn split(token: &'t str, limits: &Limits) -> Result<Self, DecryptError> {
        if token.len() > limits.token_bytes {
            return Err(DecryptError::TooLarge { what: "it", limit: limits.token_bytes });
        }
        // Six at most: a token of nothing but dots must not be split into thousands of parts.
        let mut parts = token.splitn(6, '.');
        let mut next = || parts.next();
        let (Some(header), Some(encrypted_key), Some(iv), Some(ciphertext), Some(tag), None) =
            (next(), next(), next(), next(), next(), next())
        else {
            return Err(DecryptError::malformed("it does not have five parts"));
        };
        check_header_size(header, limits)?;
        Ok(Self { header, encrypted_key, iv, ciphertext, tag })
    }
}

pub(super) fn check_header_size(encoded: &str, limits: &Limits) -> Result<(), DecryptError> {
    if encoded.len() > limits.header_bytes {
        return Err(DecryptError::TooLarge { what: "its header", limit: limits.header_bytes });
    }
    Ok(())
}

/// Decodes a protected header to text.
pub(super) fn decode_header(encoded: &str) -> Result<String, DecryptError> {
    let octets = decode(encoded, "its header is not base64url")?;
    String::from_utf8(octets).map_err(|_| DecryptError::malformed("its header is not UTF-8"))
}

pub(super) fn decode(encoded: &str, what: &'static str) -> Result<Vec<u8>, DecryptError> {
    let mut octets = Vec::new();
    base64url::decode_append(encoded.as_bytes(), &mut octets).map_err(|_| DecryptError::malformed(what))?;
    Ok(octets)
}
