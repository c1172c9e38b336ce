//! `zip`: `DEF` (RFC 7516 §4.1.3, RFC 1951), off unless a caller allows it.

#[cfg(not(feature = "zip"))]
mod off {
    use crate::jwe::{DecryptError, EncryptError};
    use zeroize::Zeroizing;

    /// Never reached: without the feature no builder can turn compression on.
    pub(in crate::jwe) fn inflate(_: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        Err(DecryptError::CompressionNotAllowed { what: "it is off" })
    }

    pub(in crate::jwe) fn deflate(_: &[u8]) -> Result<Zeroizing<Vec<u8>>, EncryptError> {
        Err(EncryptError::Failed)
    }
}

#[cfg(feature = "zip")]
mod on {
    use crate::jwe::{DecryptError, EncryptError};
    use miniz_oxide::deflate::compress_to_vec;
    use miniz_oxide::inflate::TINFLStatus;
    use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
    use zeroize::Zeroizing;

    /// The most octets that content may grow to.
    const MAX_BYTES: usize = 250_000;
    /// The most times its length that content may grow to; DEFLATE itself reaches a thousand.
    const MAX_RATIO: usize = 50;

    /// Decompresses authenticated content. Anyone who can encrypt can send a small message that grows, so it
    /// is unpacked into a buffer of the greatest size allowed, and no further.
    pub(in crate::jwe) fn inflate(data: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let limit = data.len().saturating_mul(MAX_RATIO).min(MAX_BYTES);
        let mut out = Zeroizing::new(vec![0; limit]);
        let mut state = Box::<DecompressorOxide>::default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) = decompress(&mut state, data, &mut out, 0, flags);
        match status {
            TINFLStatus::Done if read == data.len() => {
                out.truncate(written);
                Ok(out)
            }
            TINFLStatus::HasMoreOutput => {
                Err(DecryptError::CompressionNotAllowed { what: "the content grows beyond the limit" })
            }
            _ => Err(DecryptError::Failed),
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the same shape as without the feature")]
    pub(in crate::jwe) fn deflate(data: &[u8]) -> Result<Zeroizing<Vec<u8>>, EncryptError> {
        Ok(Zeroizing::new(compress_to_vec(data, 6)))
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::Code;

        #[test]
        fn footgun_29_content_grows_to_the_limits_and_no_further() {
            let code = |data: &[u8]| inflate(data).map(|out| out.len()).map_err(|error| error.code());
            let grown = |length: usize| compress_to_vec(&vec![b'a'; length], 9);
            // A bomb: a few hundred octets that become a megabyte.
            assert_eq!(code(&grown(1_000_000)), Err(Code::CompressionNotAllowed));
            for length in [0, 1, 100] {
                assert_eq!(code(&grown(length)), Ok(length), "{length}");
            }
            let random: Vec<u8> = (0..=MAX_BYTES).map(|n| (n * n / 251).to_le_bytes()[0]).collect();
            let packed = |length: usize| compress_to_vec(&random[..length], 1);
            assert!(packed(MAX_BYTES).len() * MAX_RATIO > MAX_BYTES, "the ratio is not what decides here");
            assert_eq!(code(&packed(MAX_BYTES)), Ok(MAX_BYTES));
            assert_eq!(code(&packed(MAX_BYTES + 1)), Err(Code::CompressionNotAllowed));
        }

        #[test]
        fn damaged_content_is_one_error() {
            let good = deflate(b"some content, some content").unwrap();
            assert_eq!(inflate(&good).unwrap().as_slice(), b"some content, some content");
            for data in [&good[..good.len() - 1], &[&good[..], &[0]].concat(), b"", b"\xff\xff", b"plain"] {
                assert_eq!(inflate(data).err(), Some(DecryptError::Failed), "{data:?}");
            }
        }
    }
}

#[cfg(not(feature = "zip"))]
pub(super) use off::{deflate, inflate};
#[cfg(feature = "zip")]
pub(super) use on::{deflate, inflate};
