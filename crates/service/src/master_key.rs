//! The master key, and the subkeys that do the work.
//!
//! The master key is input to HKDF (RFC 5869) and nothing else. Each subkey is bound to a label, the issuer and the
//! epoch of the master key, so that no two uses, servers or epochs share a key.

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use std::fmt;
use waxseal_domain::{Randomness, RandomnessError};
use zeroize::Zeroizing;

/// 32 secret bytes from which every other secret of a server is derived.
pub struct MasterKey {
    bytes: Zeroizing<[u8; 32]>,
    epoch: u16,
}

/// A key for one purpose.
pub(crate) type Subkey = Zeroizing<[u8; 32]>;

/// What a subkey is for. The text is part of the derivation and never changes.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    /// Tags of refresh tokens.
    Refresh,
    /// Sealing of signing keys.
    Seal,
    /// Names in the revocation feed.
    RevocationHash,
    /// The secret that readers of the revocation feed show.
    FeedReader,
}

impl Label {
    const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Refresh => b"refresh",
            Self::Seal => b"seal",
            Self::RevocationHash => b"revocation-hash",
            Self::FeedReader => b"feed-reader",
        }
    }
}

impl MasterKey {
    /// A new key, of the first epoch.
    ///
    /// # Errors
    /// [`RandomnessError`].
    pub fn generate(randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
        let mut bytes = Zeroizing::new([0; 32]);
        randomness.fill(bytes.as_mut_slice())?;
        Ok(Self { bytes, epoch: 1 })
    }

    /// Reads the form that [`to_base64url`](Self::to_base64url) writes: 43 characters of base64url, white space around
    /// them ignored.
    ///
    /// # Errors
    /// [`InvalidMasterKey`].
    pub fn from_base64url(text: &str) -> Result<Self, InvalidMasterKey> {
        let decoded = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text.trim()).map(Zeroizing::new);
        let decoded = decoded.map_err(|_| InvalidMasterKey)?;
        let bytes = <[u8; 32]>::try_from(decoded.as_slice()).map_err(|_| InvalidMasterKey)?;
        Ok(Self { bytes: Zeroizing::new(bytes), epoch: 1 })
    }

    /// The key as text, for the file that it is kept in.
    #[must_use]
    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64_simd::URL_SAFE_NO_PAD.encode_to_string(self.bytes.as_slice()))
    }

    /// The number of this key among those that the server has had.
    #[must_use]
    pub const fn epoch(&self) -> u16 {
        self.epoch
    }

    pub(crate) fn subkey(&self, label: Label, issuer: &str) -> Subkey {
        let epoch = self.epoch.to_be_bytes();
        // The label has no zero byte and the epoch a fixed length, so no two lists of parts read the same.
        expand(
            &Salt::new(HKDF_SHA256, b"waxseal"),
            self.bytes.as_slice(),
            &[label.as_bytes(), &[0], &epoch, issuer.as_bytes()],
        )
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// The text is not a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a master key is 32 random bytes in base64url (43 characters); make one with `head -c 32 /dev/urandom | basenc --base64url | tr -d =`"
)]
pub struct InvalidMasterKey;

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

/// HKDF with SHA-256: extract from `secret`, expand with the concatenation of `info`.
pub(crate) fn expand(salt: &Salt, secret: &[u8], info: &[&[u8]]) -> Subkey {
    let mut key = Zeroizing::new([0; 32]);
    let prk = salt.extract(secret);
    let filled = prk.expand(info, Length32).and_then(|okm| okm.fill(key.as_mut_slice()));
    // RFC 5869 §2.3: fails only for more than 255 hash lengths of output; this is one.
    debug_assert!(filled.is_ok(), "one hash length can always be expanded");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> MasterKey {
        MasterKey { bytes: Zeroizing::new([byte; 32]), epoch: 1 }
    }

    #[test]
    fn label_issuer_epoch_and_key_all_matter() {
        let base = key(1).subkey(Label::Refresh, "https://a");
        assert_eq!(base, key(1).subkey(Label::Refresh, "https://a"));
        let others = [
            key(2).subkey(Label::Refresh, "https://a"),
            key(1).subkey(Label::Seal, "https://a"),
            key(1).subkey(Label::Refresh, "https://b"),
            MasterKey { epoch: 2, ..key(1) }.subkey(Label::Refresh, "https://a"),
        ];
        for other in others {
            assert_ne!(base, other);
        }
        assert_ne!(*base, [0; 32]);
    }

    #[test]
    fn text_form() {
        let text = key(7).to_base64url();
        assert_eq!(text.len(), 43);
        let again = MasterKey::from_base64url(&format!(" {}\n", text.as_str())).unwrap();
        assert_eq!(*again.bytes, *key(7).bytes);
        for bad in ["", "short", &format!("{}=", text.as_str()), &"A".repeat(44), "ä"] {
            assert!(MasterKey::from_base64url(bad).is_err(), "{bad}");
        }
        assert_eq!(format!("{:?}", key(7)), "MasterKey { epoch: 1, .. }");
    }
}
