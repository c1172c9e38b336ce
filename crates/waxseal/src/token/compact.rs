//! The compact serialization and its header (RFC 7515 §3.1, §4).
//!
//! One parse feeds everything: what is verified is what is read afterwards.

use super::VerifyError;
use crate::json::{self, JsonStr, Value, Visitor};
use crate::{Limits, base64url};
use std::borrow::Cow;

const PARTS: VerifyError = VerifyError::malformed("it does not have three parts");

/// The three parts of a token, still encoded.
#[derive(Clone, Copy)]
pub(crate) struct Compact<'t> {
    pub(crate) header: &'t [u8],
    pub(crate) payload: &'t [u8],
    pub(crate) signature: &'t [u8],
    /// `header`, dot, `payload`: what is signed.
    pub(crate) signing_input: &'t [u8],
}

impl<'t> Compact<'t> {
    /// Splits at exactly two dots.
    pub(crate) fn split(token: &'t str, limits: &Limits) -> Result<Self, VerifyError> {
        if token.len() > limits.token_bytes {
            return Err(VerifyError::TooLarge { what: "it", limit: limits.token_bytes });
        }
        let bytes = token.as_bytes();
        let first = memchr::memchr(b'.', bytes).ok_or(PARTS)?;
        // From the end: a third dot is then left in the middle part, where no base64url has one.
        let second = memchr::memrchr(b'.', bytes).filter(|second| *second > first).ok_or(PARTS)?;
        let (signing_input, signature) = bytes.split_at_checked(second).ok_or(PARTS)?;
        let (header, payload) = signing_input.split_at_checked(first).ok_or(PARTS)?;
        let (payload, signature) = (payload.get(1..).unwrap_or(&[]), signature.get(1..).unwrap_or(&[]));
        if header.len() > limits.header_bytes {
            return Err(VerifyError::TooLarge { what: "its header", limit: limits.header_bytes });
        }
        Ok(Self { header, payload, signature, signing_input })
    }

    /// The same without the padding that some issuers add to the parts; what is signed keeps it.
    pub(crate) fn without_padding(self) -> Self {
        let unpadded = |part| strip_padding(part).unwrap_or(part);
        Self {
            header: unpadded(self.header),
            payload: unpadded(self.payload),
            signature: unpadded(self.signature),
            ..self
        }
    }

    /// Decodes the header into `buffer`.
    pub(crate) fn decode_header<'b>(&self, buffer: &'b mut Vec<u8>) -> Result<&'b str, VerifyError> {
        decode_text(self.header, buffer, "its header is not base64url", "its header is not UTF-8")
    }

    /// Decodes the payload into `buffer`.
    pub(crate) fn decode_payload<'b>(&self, buffer: &'b mut Vec<u8>) -> Result<&'b str, VerifyError> {
        decode_text(self.payload, buffer, "its payload is not base64url", "its payload is not UTF-8")
    }
}

/// The part without its padding, if that is what RFC 4648 §4 would write.
fn strip_padding(part: &[u8]) -> Option<&[u8]> {
    let short = part.strip_suffix(b"==").or_else(|| part.strip_suffix(b"="))?;
    (part.len().is_multiple_of(4) && short.last() != Some(&b'=')).then_some(short)
}

#[inline]
fn decode_text<'b>(
    part: &[u8],
    buffer: &'b mut Vec<u8>,
    not_base64: &'static str,
    not_utf8: &'static str,
) -> Result<&'b str, VerifyError> {
    buffer.clear();
    if base64url::decode_append(part, buffer).is_err() {
        let dots = part.contains(&b'.');
        return Err(if dots { PARTS } else { VerifyError::malformed(not_base64) });
    }
    std::str::from_utf8(buffer).map_err(|_| VerifyError::malformed(not_utf8))
}

/// The header members that decide anything. Keys in it (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
#[derive(Default)]
pub(crate) struct Header<'h> {
    pub(crate) alg: Cow<'h, str>,
    pub(crate) typ: Option<Cow<'h, str>>,
    pub(crate) kid: Option<Cow<'h, str>>,
}

#[derive(Default)]
struct Members<'h> {
    alg: Option<Value<'h>>,
    typ: Option<Value<'h>>,
    kid: Option<Value<'h>>,
    crit: bool,
    b64: bool,
}

impl<'h> Visitor<'h> for Members<'h> {
    fn member(&mut self, name: JsonStr<'h>, value: Value<'h>) {
        match &*name.decode() {
            "alg" => self.alg = Some(value),
            "typ" => self.typ = Some(value),
            "kid" => self.kid = Some(value),
            "crit" => self.crit = true,
            "b64" => self.b64 = true,
            _ => {}
        }
    }
}

impl<'h> Header<'h> {
    pub(crate) fn parse(text: &'h str, limits: &Limits) -> Result<Self, VerifyError> {
        let mut members = Members::default();
        json::scan_object(text, limits.depth, &mut members)
            .map_err(|_| VerifyError::malformed("its header is not a strict JSON object"))?;
        let text = |value: Option<Value<'h>>, what| match value {
            None => Ok(None),
            Some(value) => {
                value.as_str().map(|text| Some(text.decode())).ok_or(VerifyError::InvalidHeader { what })
            }
        };
        let alg = text(members.alg, "`alg` is not a text")?;
        let alg = alg.ok_or(VerifyError::InvalidHeader { what: "`alg` is missing" })?;
        if members.crit {
            return Err(VerifyError::UnsupportedCrit);
        }
        if members.b64 {
            // RFC 7797 §7: JWTs do not use it; ignored, it would change what is signed.
            return Err(VerifyError::InvalidHeader { what: "`b64` has no place in a JWT" });
        }
        let kid = text(members.kid, "`kid` is not a text")?;
        if kid.as_deref().is_some_and(|kid| !crate::keys::acceptable_kid(kid)) {
            return Err(VerifyError::InvalidHeader {
                what: "`kid` is empty, too long or has control characters",
            });
        }
        Ok(Self { alg, typ: text(members.typ, "`typ` is not a text")?, kid })
    }
}
