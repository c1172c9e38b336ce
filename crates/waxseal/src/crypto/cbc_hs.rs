//! AES-CBC with HMAC, encrypt then MAC (RFC 7518 §5.2).

use super::Failed;
use aws_lc_rs::cipher::{self, DecryptionContext, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::{constant_time, hmac, iv};

/// Octets of an IV, and of a block.
pub(crate) const CBC_IV_BYTES: usize = 16;

/// The MAC half of a key, its encryption half, and how they are used.
struct Halves<'k> {
    mac_key: hmac::Key,
    cipher: &'static cipher::Algorithm,
    cipher_key: &'k [u8],
    /// The tag is the first half of the MAC.
    tag_bytes: usize,
}

impl<'k> Halves<'k> {
    fn of(key: &'k [u8]) -> Result<Self, Failed> {
        let (mac, cipher) = match key.len() {
            32 => (hmac::HMAC_SHA256, &cipher::AES_128),
            48 => (hmac::HMAC_SHA384, &cipher::AES_192),
            64 => (hmac::HMAC_SHA512, &cipher::AES_256),
            _ => return Err(Failed),
        };
        let tag_bytes = key.len() / 2;
        // The MAC key comes first (§5.2.2.1 step 1); swapped, nothing would interoperate.
        let (mac_key, cipher_key) = key.split_at_checked(tag_bytes).ok_or(Failed)?;
        Ok(Self { mac_key: hmac::Key::new(mac, mac_key), cipher, cipher_key, tag_bytes })
    }

    fn unbound(&self) -> Result<UnboundCipherKey, Failed> {
        UnboundCipherKey::new(self.cipher, self.cipher_key).map_err(|_| Failed)
    }

    fn tag(&self, aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>, Failed> {
        let aad_bits = (aad.len() as u64).checked_mul(8).ok_or(Failed)?;
        let input = [aad, iv, ciphertext, &aad_bits.to_be_bytes()].concat();
        let mut buffer = [0; 64];
        let mac = hmac::sign_to_buffer(&self.mac_key, &input, &mut buffer).map_err(|_| Failed)?;
        mac.get(..self.tag_bytes).map(<[u8]>::to_vec).ok_or(Failed)
    }
}

fn fixed(iv: &[u8]) -> Result<iv::FixedLength<CBC_IV_BYTES>, Failed> {
    let octets: &[u8; CBC_IV_BYTES] = iv.try_into().map_err(|_| Failed)?;
    Ok(octets.into())
}

/// Encrypts and pads `data` in place and returns the tag. `data` needs room for 16 more octets, or growing
/// leaves plaintext behind.
pub(crate) fn cbc_hs_seal(key: &[u8], iv: &[u8], aad: &[u8], data: &mut Vec<u8>) -> Result<Vec<u8>, Failed> {
    let halves = Halves::of(key)?;
    let cipher = cipher::PaddedBlockEncryptingKey::cbc_pkcs7(halves.unbound()?).map_err(|_| Failed)?;
    let context = EncryptionContext::Iv128(fixed(iv)?);
    cipher.less_safe_encrypt(data, context).map_err(|_| Failed)?;
    halves.tag(aad, iv, data)
}

/// Checks the tag and only then decrypts `data` in place; returns the length without padding.
///
/// The order is what closes the padding oracle: nobody without the MAC key gets to see what padding does.
pub(crate) fn cbc_hs_open(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    tag: &[u8],
    data: &mut [u8],
) -> Result<usize, Failed> {
    let halves = Halves::of(key)?;
    let expected = halves.tag(aad, iv, data)?;
    constant_time::verify_slices_are_equal(&expected, tag).map_err(|_| Failed)?;
    let cipher = cipher::PaddedBlockDecryptingKey::cbc_pkcs7(halves.unbound()?).map_err(|_| Failed)?;
    let context = DecryptionContext::Iv128(fixed(iv)?);
    cipher.decrypt(data, context).map(|plaintext| plaintext.len()).map_err(|_| Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(key: &[u8], plaintext: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut data = plaintext.to_vec();
        let tag = cbc_hs_seal(key, &[3; 16], b"aad", &mut data).unwrap();
        (data, tag)
    }

    #[test]
    fn every_length_opens_and_no_changed_octet_does() {
        for key in [&[9; 32][..], &[9; 48], &[9; 64]] {
            for length in [0, 1, 15, 16, 17, 31, 32, 100] {
                let plaintext = vec![5; length];
                let (ciphertext, tag) = sealed(key, &plaintext);
                assert_eq!(tag.len(), key.len() / 2);
                let mut data = ciphertext.clone();
                let opened = cbc_hs_open(key, &[3; 16], b"aad", &tag, &mut data).unwrap();
                assert_eq!(data[..opened], plaintext, "{length}");
                for position in 0..ciphertext.len() {
                    let mut data = ciphertext.clone();
                    data[position] ^= 1;
                    let before = data.clone();
                    assert_eq!(cbc_hs_open(key, &[3; 16], b"aad", &tag, &mut data), Err(Failed));
                    assert_eq!(data, before, "footgun 32: decrypted before the MAC was checked");
                }
            }
        }
    }

    #[test]
    fn tags_and_ivs_of_other_lengths_are_refused() {
        let key = [9; 32];
        let (ciphertext, tag) = sealed(&key, b"text");
        let open = |iv: &[u8], tag: &[u8]| cbc_hs_open(&key, iv, b"aad", tag, &mut ciphertext.clone());
        assert!(open(&[3; 16], &tag).is_ok());
        for length in [0, 1, 8, 15] {
            assert_eq!(open(&[3; 16], &tag[..length]), Err(Failed), "{length}");
        }
        assert_eq!(open(&[3; 16], &[&tag[..], &[0]].concat()), Err(Failed));
        assert_eq!(open(&[3; 15], &tag), Err(Failed));
        assert!(cbc_hs_seal(&key, &[3; 12], b"", &mut Vec::new()).is_err());
    }
}
