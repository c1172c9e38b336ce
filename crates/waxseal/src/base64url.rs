//! Base64url without padding, strict (RFC 7515 §2, RFC 4648 §5 and §3.5).
//!
//! One byte string has one encoding: no padding, no white space, no `+` or `/`, and the unused bits
//! of the last character are zero. Whoever accepts more lets an attacker vary a token that was
//! denied or cached by its text.

use base64_simd::{AsOut, URL_SAFE_NO_PAD};

/// The text is not strict base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// Appends the decoded `text` to `out`; on error `out` keeps its length.
pub(crate) fn decode_append(text: &[u8], out: &mut Vec<u8>) -> Result<(), Invalid> {
    URL_SAFE_NO_PAD.decode_append(text, out).map_err(|_| Invalid)
}

/// Decodes into the front of `buffer`; fails too if `buffer` is too small.
pub(crate) fn decode_slice<'b>(text: &[u8], buffer: &'b mut [u8]) -> Result<&'b [u8], Invalid> {
    if text.len() > encoded_len(buffer.len()) {
        return Err(Invalid);
    }
    let decoded = URL_SAFE_NO_PAD.decode(text, buffer.as_out()).map_err(|_| Invalid)?;
    Ok(decoded)
}

/// The length of the encoding of `bytes` octets.
pub(crate) const fn encoded_len(bytes: usize) -> usize {
    let whole = (bytes / 3).saturating_mul(4);
    match bytes % 3 {
        0 => whole,
        1 => whole.saturating_add(2),
        _ => whole.saturating_add(3),
    }
}

/// Appends the encoding of `bytes` to `out`.
pub(crate) fn encode_append(bytes: &[u8], out: &mut Vec<u8>) {
    URL_SAFE_NO_PAD.encode_append(bytes, out);
}

/// Replaces what `out` holds from `start` on by its encoding, without another buffer.
pub(crate) fn encode_in_place(out: &mut Vec<u8>, start: usize) {
    let start = start.min(out.len());
    let plain = out.len() - start;
    let encoded = encoded_len(plain);
    // Room first, then the octets once more behind it. The room is filled with octets that are there already,
    // which takes less time than zeros; an encoding is never twice as long as what it encodes, or longer.
    out.extend_from_within(start..start + (encoded - plain));
    out.extend_from_within(start..start + plain);
    if let Some((text, octets)) = out.get_mut(start..).and_then(|tail| tail.split_at_mut_checked(encoded)) {
        let _ = URL_SAFE_NO_PAD.encode(octets, text.as_out());
    }
    out.truncate(start + encoded);
}

/// The encoding of `bytes` as text.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &[u8]) -> Result<Vec<u8>, Invalid> {
        let mut out = Vec::new();
        decode_append(text, &mut out).map(|()| out)
    }

    /// The obvious decoder, to compare with the fast one.
    fn reference(text: &[u8]) -> Option<Vec<u8>> {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
        for byte in text {
            let value = ALPHABET.iter().position(|c| c == byte)?;
            bits = (bits << 6) | u32::try_from(value).unwrap();
            count += 6;
            if count >= 8 {
                count -= 8;
                out.push(u8::try_from(bits >> count).unwrap());
                bits &= (1 << count) - 1;
            }
        }
        (count < 6 && bits == 0).then_some(out)
    }

    #[test]
    fn footgun_10_only_canonical_base64url_decodes() {
        for (text, expected) in [
            (&b""[..], Some(&b""[..])),
            (b"Zg", Some(b"f")),
            (b"Zm8", Some(b"fo")),
            (b"Zm9v", Some(b"foo")),
            (b"-_8", Some(b"\xfb\xff")),
            (b"Zh", None),
            (b"Zm9", None),
            (b"Zg==", None),
            (b"Zg=", None),
            (b"Z", None),
            (b"Zm9vY", None),
            (b"+/8", None),
            (b"Zm 9", None),
            (b"Zm9v\n", None),
            (b"Zm9\0", None),
            (b"Zm9\xff", None),
        ] {
            assert_eq!(decode(text).ok().as_deref(), expected, "{text:?}");
        }
    }

    /// Every position of texts long enough for the vector code, with every byte value.
    #[test]
    fn every_byte_at_every_position_agrees_with_the_reference() {
        for length in [2, 3, 4, 6, 7, 8, 31, 32, 33, 34, 35, 64, 66, 67, 131] {
            let plain = vec![b'A'; length];
            for position in 0..length {
                for byte in 0..=255 {
                    let mut text = plain.clone();
                    text[position] = byte;
                    assert_eq!(decode(&text).ok(), reference(&text), "{length} {position} {byte}");
                    let mut buffer = [0; 128];
                    assert_eq!(decode_slice(&text, &mut buffer).ok().map(<[u8]>::to_vec), reference(&text));
                }
            }
        }
    }

    #[test]
    fn encoding_in_place_is_encoding() {
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(7)).collect();
            let mut out = [b"kept".as_slice(), &bytes].concat();
            encode_in_place(&mut out, 4);
            assert_eq!(out, format!("kept{}", encode(&bytes)).into_bytes(), "{length}");
        }
    }

    #[test]
    fn a_small_buffer_is_an_error() {
        assert_eq!(decode_slice(b"Zm9v", &mut [0; 2]), Err(Invalid));
        assert_eq!(decode_slice(b"Zm9v", &mut [0; 3]), Ok(&b"foo"[..]));
        assert_eq!(encode(b"\xfb\xff"), "-_8");
        assert_eq!((encoded_len(0), encoded_len(1), encoded_len(2), encoded_len(3)), (0, 2, 3, 4));
    }
}
