//! Encrypting the content with a content encryption key (RFC 7516 §5.1 steps 14 and 15).

use super::ContentEncryption;
use crate::crypto::{
    CBC_IV_BYTES, Failed, GCM_IV_BYTES, GCM_TAG_BYTES, cbc_hs_open, cbc_hs_seal, gcm_open, gcm_seal,
};
use zeroize::Zeroizing;

impl ContentEncryption {
    fn is_gcm(self) -> bool {
        matches!(self, Self::A128Gcm | Self::A192Gcm | Self::A256Gcm)
    }

    pub(super) fn iv_bytes(self) -> usize {
        if self.is_gcm() { GCM_IV_BYTES } else { CBC_IV_BYTES }
    }

    pub(super) fn tag_bytes(self) -> usize {
        if self.is_gcm() { GCM_TAG_BYTES } else { self.key_bytes() / 2 }
    }

    /// Encrypts; returns ciphertext and tag.
    pub(super) fn seal(
        self,
        key: &[u8],
        iv: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), Failed> {
        if key.len() != self.key_bytes() {
            return Err(Failed);
        }
        // Room for the padding, because growing would leave a copy of the plaintext in freed memory.
        let mut data = Zeroizing::new(Vec::with_capacity(plaintext.len().saturating_add(CBC_IV_BYTES)));
        data.extend_from_slice(plaintext);
        let tag = if self.is_gcm() {
            gcm_seal(key, iv, aad, &mut data)?.to_vec()
        } else {
            cbc_hs_seal(key, iv, aad, &mut data)?
        };
        Ok((std::mem::take(&mut *data), tag))
    }

    /// Checks the tag, then decrypts `data` in place and cuts it to the plaintext.
    pub(super) fn open(
        self,
        key: &[u8],
        iv: &[u8],
        aad: &[u8],
        tag: &[u8],
        data: &mut Vec<u8>,
    ) -> Result<(), Failed> {
        if key.len() != self.key_bytes() || tag.len() != self.tag_bytes() {
            return Err(Failed);
        }
        if self.is_gcm() {
            return gcm_open(key, iv, aad, tag, data);
        }
        let length = cbc_hs_open(key, iv, aad, tag, data)?;
        data.truncate(length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn octets(value: &Value) -> Vec<u8> {
        let mut octets = Vec::new();
        crate::base64url::decode_append(value.as_str().unwrap().as_bytes(), &mut octets).unwrap();
        octets
    }

    /// The test cases of RFC 7518 appendix B.
    #[test]
    fn the_composite_algorithms_of_rfc_7518_appendix_b() {
        let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/rfc7518.json")).unwrap();
        let cases = vectors["aead"].as_array().unwrap();
        assert_eq!(cases.len(), 3);
        for case in cases {
            let encryption: ContentEncryption = case["encryption"].as_str().unwrap().parse().unwrap();
            let of = |name| octets(&case[name]);
            let (key, iv, aad) = (of("key"), of("iv"), of("aad"));
            let sealed = encryption.seal(&key, &iv, &aad, &of("plaintext")).unwrap();
            assert_eq!(sealed, (of("ciphertext"), of("tag")), "{encryption}");
            let mut data = sealed.0;
            encryption.open(&key, &iv, &aad, &sealed.1, &mut data).unwrap();
            assert_eq!(data, of("plaintext"), "{encryption}");
            for other in ContentEncryption::ALL.iter().filter(|other| **other != encryption) {
                assert!(other.open(&key, &iv, &aad, &sealed.1, &mut data.clone()).is_err(), "{other}");
            }
        }
    }
}
