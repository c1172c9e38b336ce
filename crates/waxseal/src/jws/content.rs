//! The payload of a JWS: where it comes from, and what of it was signed.

use super::serialization::{Carried, decode, fits_compact};
use crate::{VerifyError, base64url};
use std::borrow::Cow;

/// The payload, and the octets that stand for it in the signing input.
pub(super) struct Content<'c> {
    pub(super) payload: Cow<'c, [u8]>,
    /// `None` if the payload itself was signed (RFC 7797 §3).
    encoded: Option<Cow<'c, [u8]>>,
}

impl<'c> Content<'c> {
    /// The payload that the JWS carries. `encoded` is what its headers say of it.
    pub(super) fn carried(carried: Carried<'c>, encoded: bool) -> Result<Self, VerifyError> {
        let text = match carried {
            Carried::Compact(part) if !encoded && !fits_compact(part) => {
                return Err(VerifyError::malformed("its payload is not printable ASCII"));
            }
            Carried::Compact(part) => Cow::Borrowed(part),
            Carried::Json(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
            Carried::Json(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
            Carried::Nothing => return Err(VerifyError::PayloadMissing),
        };
        if !encoded {
            return Ok(Self { payload: text, encoded: None });
        }
        let payload = decode(&text, "its payload is not base64url")?;
        Ok(Self { payload: payload.into(), encoded: Some(text) })
    }

    /// The payload that came another way, at most `most` octets. The JWS must not carry one as well.
    pub(super) fn detached(
        carried: &Carried<'_>,
        payload: &'c [u8],
        encoded: bool,
        most: usize,
    ) -> Result<Self, VerifyError> {
        match carried {
            Carried::Nothing | Carried::Compact([]) => {}
            Carried::Compact(_) | Carried::Json(_) => return Err(VerifyError::PayloadUnexpected),
        }
        if payload.len() > most {
            return Err(VerifyError::PayloadTooLarge { limit: most });
        }
        let encoded = encoded.then(|| base64url::encode(payload).into_bytes().into());
        Ok(Self { payload: payload.into(), encoded })
    }

    /// Writes the signing input under a protected header over what `input` held (RFC 7515 §5.2, step 8).
    pub(super) fn signing_input(&self, protected: &str, input: &mut Vec<u8>) {
        input.clear();
        input.extend_from_slice(protected.as_bytes());
        input.push(b'.');
        input.extend_from_slice(self.encoded.as_deref().unwrap_or(&self.payload));
    }
}
