//! The serializations of a JWS, taken apart (RFC 7515 §7). One parse feeds verification and result.

use super::members::Members;
use crate::json::{Kind, Value, elements};
use crate::token::Compact;
use crate::{Limits, VerifyError, base64url};
use std::borrow::Cow;

/// A JWS of any serialization, its parts still encoded.
pub(super) struct Jws<'t> {
    pub(super) payload: Carried<'t>,
    pub(super) signatures: Vec<Part<'t>>,
}

/// What a JWS carries of its payload.
pub(super) enum Carried<'t> {
    /// The middle part of a compact JWS. Empty stands for an empty payload and for a detached one.
    Compact(&'t [u8]),
    /// The member `payload`.
    Json(Cow<'t, str>),
    /// There is no member `payload`.
    Nothing,
}

/// One signature with its headers.
pub(super) struct Part<'t> {
    /// In base64url. Left out where everything is unprotected, and nothing can be verified.
    pub(super) protected: Option<Cow<'t, str>>,
    /// A JSON object.
    pub(super) unprotected: Option<&'t str>,
    /// In base64url.
    pub(super) signature: Cow<'t, str>,
}

/// RFC 7797 §5.2: what an unencoded payload inside a compact JWS may consist of.
pub(super) fn fits_compact(payload: &[u8]) -> bool {
    payload.iter().all(|byte| matches!(byte, b' '..=b'-' | b'/'..=b'~'))
}

impl<'t> Jws<'t> {
    pub(super) fn compact(text: &'t str, limits: &Limits) -> Result<Self, VerifyError> {
        let Compact { header, payload, signature, .. } = Compact::split(text, limits)?;
        let ascii =
            |part| std::str::from_utf8(part).map_err(|_| VerifyError::malformed("it is not base64url"));
        let (protected, signature) = (Some(ascii(header)?.into()), ascii(signature)?.into());
        let signatures = vec![Part { protected, unprotected: None, signature }];
        Ok(Self { payload: Carried::Compact(payload), signatures })
    }

    /// `signature` or `signatures` says which of the two JSON serializations it is; never both.
    pub(super) fn json(text: &'t str, limits: &Limits, most: usize) -> Result<Self, VerifyError> {
        if text.len() > limits.token_bytes {
            return Err(VerifyError::TooLarge { what: "it", limit: limits.token_bytes });
        }
        let members = Members::read(text, limits.depth)
            .map_err(|_| VerifyError::malformed("it is not a strict JSON object"))?;
        let payload = match string(&members, "payload", "its `payload` is not a text")? {
            Some(payload) => Carried::Json(payload),
            None => Carried::Nothing,
        };
        let signatures = match members.find("signatures") {
            None => vec![Part::read(&members, limits)?],
            Some(_)
                if ["signature", "protected", "header"].iter().any(|name| members.find(name).is_some()) =>
            {
                // A verifier of one form and a reader of the other would see different signatures.
                return Err(VerifyError::malformed("it is flattened and general at once"));
            }
            Some(list) => read_list(list, limits, most)?,
        };
        Ok(Self { payload, signatures })
    }
}

fn read_list<'t>(list: Value<'t>, limits: &Limits, most: usize) -> Result<Vec<Part<'t>>, VerifyError> {
    let found = elements(list);
    if found.is_empty() {
        return Err(VerifyError::malformed("its `signatures` is not a list of signatures"));
    }
    if found.len() > most {
        return Err(VerifyError::TooManySignatures { limit: most });
    }
    let part = |one: Value<'t>| {
        let members = Members::read(one.raw, limits.depth)
            .map_err(|_| VerifyError::malformed("one of its signatures is not an object"))?;
        Part::read(&members, limits)
    };
    found.into_iter().map(part).collect()
}

impl<'t> Part<'t> {
    fn read(members: &Members<'t>, limits: &Limits) -> Result<Self, VerifyError> {
        let signature = string(members, "signature", "its `signature` is not a text")?;
        let signature = signature.ok_or(VerifyError::malformed("it has no `signature`"))?;
        let protected = string(members, "protected", "its `protected` is not a text")?;
        let unprotected = members.find("header");
        if unprotected.is_some_and(|value| value.kind != Kind::Object) {
            return Err(VerifyError::malformed("its `header` is not an object"));
        }
        let unprotected = unprotected.map(|value| value.raw);
        let longest = protected.as_ref().map_or(0, |text| text.len()).max(unprotected.map_or(0, str::len));
        if longest > limits.header_bytes {
            return Err(VerifyError::TooLarge { what: "its header", limit: limits.header_bytes });
        }
        Ok(Self { protected, unprotected, signature })
    }

    pub(super) fn decode_protected(&self) -> Result<Option<String>, VerifyError> {
        let Some(protected) = &self.protected else { return Ok(None) };
        let octets = decode(protected.as_bytes(), "its header is not base64url")?;
        String::from_utf8(octets).map(Some).map_err(|_| VerifyError::malformed("its header is not UTF-8"))
    }

    pub(super) fn decode_signature(&self) -> Result<Vec<u8>, VerifyError> {
        decode(self.signature.as_bytes(), "its signature is not base64url")
    }
}

pub(super) fn decode(text: &[u8], what: &'static str) -> Result<Vec<u8>, VerifyError> {
    let mut octets = Vec::new();
    base64url::decode_append(text, &mut octets).map_err(|_| VerifyError::malformed(what))?;
    Ok(octets)
}

fn string<'t>(
    members: &Members<'t>,
    name: &str,
    what: &'static str,
) -> Result<Option<Cow<'t, str>>, VerifyError> {
    let Some(value) = members.find(name) else { return Ok(None) };
    value.as_str().map(|text| Some(text.decode())).ok_or(VerifyError::malformed(what))
}
