//! AES Key Wrap (RFC 3394), the `A*KW` of RFC 7518 §4.4.

use super::Failed;
use aws_lc_rs::cipher::{
    AES_192, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::constant_time;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesBlockCipher, KeyEncryptionKey, KeyWrap as _};
use zeroize::Zeroizing;

/// Octets that wrapping adds.
pub(crate) const WRAP_BYTES: usize = 8;
/// The initial value (RFC 3394 §2.2.3.1), found again at the end of unwrapping an unchanged key.
const INITIAL: [u8; 8] = [0xa6; 8];

/// The library's own wrapping, which has no 192-bit form.
fn library(kek: &[u8]) -> Result<Option<KeyEncryptionKey<AesBlockCipher>>, Failed> {
    let cipher = match kek.len() {
        16 => &AES_128,
        24 => return Ok(None),
        32 => &AES_256,
        _ => return Err(Failed),
    };
    KeyEncryptionKey::new(cipher, kek).map(Some).map_err(|_| Failed)
}

/// Wraps `key`, a multiple of 8 octets and at least 16.
pub(crate) fn wrap(kek: &[u8], key: &[u8]) -> Result<Vec<u8>, Failed> {
    let Some(library) = library(kek)? else { return wrap_192(kek, key) };
    let mut wrapped = vec![0; key.len().checked_add(WRAP_BYTES).ok_or(Failed)?];
    let length = library.wrap(key, &mut wrapped).map_err(|_| Failed)?.len();
    if length == wrapped.len() { Ok(wrapped) } else { Err(Failed) }
}

/// Unwraps and checks.
pub(crate) fn unwrap(kek: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let Some(library) = library(kek)? else { return unwrap_192(kek, wrapped) };
    let mut key = Zeroizing::new(vec![0; wrapped.len().checked_sub(WRAP_BYTES).ok_or(Failed)?]);
    let length = library.unwrap(wrapped, &mut key).map_err(|_| Failed)?.len();
    if length == key.len() { Ok(key) } else { Err(Failed) }
}

type Block = Zeroizing<[u8; 16]>;

/// One block of RFC 3394's loops: a half that travels and a half that stays.
fn block(travelling: [u8; 8], staying: [u8; 8]) -> Block {
    let mut block = Block::default();
    let (front, back) = block.split_at_mut(8);
    front.copy_from_slice(&travelling);
    back.copy_from_slice(&staying);
    block
}

fn halves(block: &Block) -> ([u8; 8], [u8; 8]) {
    let number = u128::from_be_bytes(**block);
    let low = u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
    (u64::try_from(number >> 64).unwrap_or_default().to_be_bytes(), low.to_be_bytes())
}

/// The octets of `t`, the count of steps.
fn counted(half: [u8; 8], t: u64) -> [u8; 8] {
    (u64::from_be_bytes(half) ^ t).to_be_bytes()
}

/// The parts of the key to wrap, at least two (RFC 3394 §2).
fn parts(octets: &[u8]) -> Result<Zeroizing<Vec<[u8; 8]>>, Failed> {
    let (parts, rest) = octets.as_chunks::<8>();
    if rest.is_empty() && parts.len() >= 2 { Ok(Zeroizing::new(parts.to_vec())) } else { Err(Failed) }
}

fn unbound(kek: &[u8]) -> Result<UnboundCipherKey, Failed> {
    UnboundCipherKey::new(&AES_192, kek).map_err(|_| Failed)
}

fn wrap_192(kek: &[u8], key: &[u8]) -> Result<Vec<u8>, Failed> {
    let cipher = EncryptingKey::ecb(unbound(kek)?).map_err(|_| Failed)?;
    let mut parts = parts(key)?;
    let mut a = INITIAL;
    let mut t = 0;
    for _ in 0..6 {
        for part in parts.iter_mut() {
            t += 1;
            let mut block = block(a, *part);
            cipher.less_safe_encrypt(&mut block[..], EncryptionContext::None).map_err(|_| Failed)?;
            let (travelling, staying) = halves(&block);
            (a, *part) = (counted(travelling, t), staying);
        }
    }
    Ok([&a[..], parts.as_flattened()].concat())
}

fn unwrap_192(kek: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let cipher = DecryptingKey::ecb(unbound(kek)?).map_err(|_| Failed)?;
    let (first, rest) = wrapped.split_first_chunk::<8>().ok_or(Failed)?;
    let mut parts = parts(rest)?;
    let mut a = *first;
    let mut t = 6 * parts.len() as u64;
    for _ in 0..6 {
        for part in parts.iter_mut().rev() {
            let mut block = block(counted(a, t), *part);
            cipher.decrypt(&mut block[..], DecryptionContext::None).map_err(|_| Failed)?;
            (a, *part) = halves(&block);
            t -= 1;
        }
    }
    constant_time::verify_slices_are_equal(&a, &INITIAL).map_err(|_| Failed)?;
    Ok(Zeroizing::new(parts.as_flattened().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        text.as_bytes()
            .chunks(2)
            .map(|pair| {
                let pair = std::str::from_utf8(pair).unwrap();
                u8::from_str_radix(pair, 16).unwrap()
            })
            .collect()
    }

    const KEK: &str = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
    const DATA: &str = "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F";

    /// RFC 3394 §4.1 to §4.6: octets of the key encryption key, octets of the key, ciphertext.
    const VECTORS: [(usize, usize, &str); 6] = [
        (16, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
        (24, 16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"),
        (32, 16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"),
        (24, 24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"),
        (32, 24, "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"),
        (32, 32, "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"),
    ];

    #[test]
    fn the_vectors_of_rfc_3394_section_4() {
        for (kek, key, expected) in VECTORS {
            let (kek, key) = (&hex(KEK)[..kek], &hex(DATA)[..key]);
            assert_eq!(wrap(kek, key), Ok(hex(expected)), "{expected}");
            assert_eq!(unwrap(kek, &hex(expected)).unwrap().as_slice(), key, "{expected}");
        }
    }

    #[test]
    fn changed_and_cut_ciphertexts_do_not_unwrap() {
        for (kek, _, wrapped) in VECTORS {
            let (kek, wrapped) = (&hex(KEK)[..kek], hex(wrapped));
            for position in 0..wrapped.len() {
                let mut changed = wrapped.clone();
                changed[position] ^= 0x10;
                assert!(unwrap(kek, &changed).is_err(), "{position}");
            }
            for length in 0..wrapped.len() {
                assert!(unwrap(kek, &wrapped[..length]).is_err(), "{length}");
            }
        }
        for octets in [&[][..], &[0; 8], &[0; 15], &[0; 17]] {
            for kek in [16, 24, 32] {
                assert!(wrap(&vec![1; kek], octets).is_err(), "{kek} {octets:?}");
            }
        }
        assert!(wrap(&[1; 20], &[0; 16]).is_err());
    }

    #[test]
    fn what_192_bits_wrap_they_unwrap() {
        for length in (16..=64).step_by(8) {
            let key: Vec<u8> = (0..length).map(|n| u8::try_from(n * 7).unwrap_or(9)).collect();
            let wrapped = wrap(&[0xc3; 24], &key).unwrap();
            assert_eq!(wrapped.len(), length + WRAP_BYTES);
            assert_eq!(unwrap(&[0xc3; 24], &wrapped).unwrap().as_slice(), key);
        }
    }
}
