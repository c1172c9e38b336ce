//! AES-GCM with a 96-bit IV and a 128-bit tag (RFC 7518 §5.3, NIST SP 800-38D).

use super::Failed;
use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// Octets of an IV.
pub(crate) const GCM_IV_BYTES: usize = 12;
/// Octets of a tag; no other length is accepted, because each bit less halves the work of a forger.
pub(crate) const GCM_TAG_BYTES: usize = 16;

fn prepare(key: &[u8]) -> Result<LessSafeKey, Failed> {
    let algorithm = match key.len() {
        16 => &AES_128_GCM,
        24 => &AES_192_GCM,
        32 => &AES_256_GCM,
        _ => return Err(Failed),
    };
    UnboundKey::new(algorithm, key).map(LessSafeKey::new).map_err(|_| Failed)
}

fn nonce(iv: &[u8]) -> Result<Nonce, Failed> {
    Nonce::try_assume_unique_for_key(iv).map_err(|_| Failed)
}

/// Encrypts `data` in place and returns the tag. The caller never repeats an IV with a key.
pub(crate) fn gcm_seal(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    data: &mut [u8],
) -> Result<[u8; GCM_TAG_BYTES], Failed> {
    let tag = prepare(key)?.seal_in_place_separate_tag(nonce(iv)?, Aad::from(aad), data);
    tag.map_err(|_| Failed)?.as_ref().try_into().map_err(|_| Failed)
}

/// Checks the tag and decrypts `data` in place. After a failure `data` is of no use.
pub(crate) fn gcm_open(key: &[u8], iv: &[u8], aad: &[u8], tag: &[u8], data: &mut [u8]) -> Result<(), Failed> {
    if tag.len() != GCM_TAG_BYTES {
        return Err(Failed);
    }
    let opened = prepare(key)?.open_in_place_separate_tag(nonce(iv)?, Aad::from(aad), tag, data);
    opened.map(|_| ()).map_err(|_| Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_lengths_and_octets_open() {
        for key in [&[7; 16][..], &[7; 24], &[7; 32]] {
            let iv = [1; GCM_IV_BYTES];
            let mut data = *b"sealed";
            let tag = gcm_seal(key, &iv, b"aad", &mut data).unwrap();
            let open = |iv: &[u8], aad: &[u8], tag: &[u8]| {
                let mut copy = data;
                gcm_open(key, iv, aad, tag, &mut copy).map(|()| copy)
            };
            assert_eq!(open(&iv, b"aad", &tag), Ok(*b"sealed"));
            assert_eq!(open(&iv, b"aae", &tag), Err(Failed));
            assert_eq!(open(&[2; 12], b"aad", &tag), Err(Failed));
            assert_eq!(open(&iv[..11], b"aad", &tag), Err(Failed));
            for length in [0, 4, 8, 12, 15] {
                assert_eq!(open(&iv, b"aad", &tag[..length]), Err(Failed), "{length}");
            }
            assert_eq!(open(&iv, b"aad", &[&tag[..], &[0]].concat()), Err(Failed));
        }
        assert_eq!(gcm_seal(&[7; 20], &[1; 12], b"", &mut []), Err(Failed));
    }
}
