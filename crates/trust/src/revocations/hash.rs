//! The keyed hashes by which the feed names what it refuses.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::fmt;

/// What a revocation refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// All tokens of one login (`sid`).
    Session,
    /// One token (`jti`).
    Token,
    /// All tokens signed with one key (`kid`).
    SigningKey,
    /// Tokens of one subject (`sub`) from before its epoch was raised.
    Subject,
    /// Tokens of one client (`client_id`) from before its epoch was raised.
    Client,
    /// Tokens of the whole issuer from before its epoch was raised.
    All,
}

impl Kind {
    /// The name in the feed, which is also part of the hash.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::SigningKey => "signing_key",
            Self::Subject => "subject",
            Self::Client => "client",
            Self::All => "all",
        }
    }

    /// Whether an entry of this kind refuses by a counter in the token instead of absolutely.
    pub(crate) const fn counts_epochs(self) -> bool {
        matches!(self, Self::Subject | Self::Client | Self::All)
    }

    /// One bit for a set of kinds.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The first 128 bits of HMAC-SHA256 over kind and value.
pub(crate) type Hash = [u8; 16];

/// The key of the hashes of one incarnation of the issuer's store.
///
/// It keeps the feed from being a list of subjects and sessions for whoever gets hold of a copy.
pub(crate) struct HashKey {
    bytes: [u8; 32],
    key: hmac::Key,
}

impl HashKey {
    /// Reads a key of exactly 32 bytes in base64url without padding.
    pub(crate) fn from_base64url(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = decode(text)?;
        Some(Self { bytes, key: hmac::Key::new(hmac::HMAC_SHA256, &bytes) })
    }

    /// The hash of `value`, or `None` when the cryptographic library fails, which callers must treat as a refusal.
    pub(crate) fn hash(&self, kind: Kind, value: &str) -> Option<Hash> {
        let mut input = Vec::with_capacity(kind.as_str().len() + 1 + value.len());
        input.extend_from_slice(kind.as_str().as_bytes());
        // No kind's name contains a zero byte, so no value of one kind can pass for one of another.
        input.push(0);
        input.extend_from_slice(value.as_bytes());
        let mut tag = [0; 32];
        hmac::sign_to_buffer(&self.key, &input, &mut tag).ok()?.first_chunk().copied()
    }
}

impl PartialEq for HashKey {
    fn eq(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.bytes, &other.bytes).is_ok()
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// Decodes exactly `N` bytes of strict base64url.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_with_the_same_value_have_different_hashes() {
        let key = HashKey::from_base64url(&"A".repeat(43)).unwrap();
        assert_ne!(key.hash(Kind::Session, "x"), key.hash(Kind::Token, "x"));
        assert_eq!(key.hash(Kind::Session, "x"), key.hash(Kind::Session, "x"));
    }

    // Computed with Python: hmac.new(bytes(range(32)), b"subject\0alice", "sha256").digest()[:16]
    #[test]
    fn the_hash_is_what_another_implementation_computes() {
        let key = HashKey::from_base64url("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        assert_eq!(key.hash(Kind::Subject, "alice"), decode("Bw0a7VwEKG5JU247xBPvog"));
    }

    #[test]
    fn keys_of_another_length_or_alphabet_are_refused() {
        for text in [
            "",
            "AAAA",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", "A".repeat(43)),
            &format!("{}B", "A".repeat(42)),
        ] {
            assert!(HashKey::from_base64url(text).is_none(), "{text}");
        }
    }
}
