//! One signature of a JWS, read and not yet checked.

use super::header::Header;
use super::serialization::Part;
use crate::{Limits, VerifyError};

pub(super) struct Candidate<'j> {
    /// Where it stands in the JWS.
    pub(super) index: usize,
    /// The protected header in base64url, as it is signed.
    pub(super) protected: &'j str,
    /// The protected header.
    pub(super) json: &'j str,
    /// What it says, or why this signature cannot count. Another signature of the same JWS still can: a
    /// signer with other rules (RFC 7520 §4.8 has one) must not make it worthless for everybody.
    pub(super) header: Result<Header<'j>, VerifyError>,
    pub(super) unprotected: Option<&'j str>,
    pub(super) signature: Vec<u8>,
}

impl<'j> Candidate<'j> {
    /// `json`: the protected header of `part`, decoded.
    pub(super) fn read(
        index: usize,
        part: &'j Part<'_>,
        json: Option<&'j String>,
        limits: &Limits,
    ) -> Result<Self, VerifyError> {
        let header = match Header::read(json.map(String::as_str), part.unprotected, limits) {
            Err(malformed @ VerifyError::Malformed { .. }) => return Err(malformed),
            other => other,
        };
        Ok(Self {
            index,
            protected: part.protected.as_deref().unwrap_or_default(),
            json: json.map_or("", String::as_str),
            header,
            unprotected: part.unprotected,
            signature: part.decode_signature()?,
        })
    }
}
