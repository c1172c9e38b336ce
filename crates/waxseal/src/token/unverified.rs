//! Reading tokens without checking anything, under names that say so.

use super::VerifyError;
use super::compact::{Compact, Header};
use crate::Limits;
use crate::json::{self, JsonStr, Value as Raw, Visitor};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Header and claims of a token that **nobody verified**: anyone can write one. For looking, not for
/// deciding.
///
/// # Examples
/// ```
/// use waxseal::Unverified;
///
/// let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYWxsb3J5In0.AAAA";
/// let seen = Unverified::<serde_json::Value>::decode_without_verifying(token)?;
/// assert_eq!(seen.header()["alg"], "HS256");
/// assert_eq!(seen.claims()["sub"], "mallory");
/// # Ok::<(), waxseal::VerifyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Unverified<C> {
    header: Value,
    claims: C,
}

impl<C: DeserializeOwned> Unverified<C> {
    /// Decodes a compact JWT. The same strict reading as verification: limits, base64url, JSON; nothing
    /// is checked against keys, time or expectations.
    ///
    /// # Errors
    /// [`VerifyError::TooLarge`], [`VerifyError::Malformed`], [`VerifyError::ClaimsMismatch`].
    pub fn decode_without_verifying(token: &str) -> Result<Self, VerifyError> {
        let limits = Limits::default();
        let compact = Compact::split(token, &limits)?;
        let (mut header, mut payload, mut signature) = (Vec::new(), Vec::new(), Vec::new());
        let header = compact.decode_header(&mut header)?;
        scan(header, &limits, "its header is not a strict JSON object")?;
        let header =
            serde_json::from_str(header).map_err(|_| VerifyError::malformed("its header cannot be read"))?;
        let claims = compact.decode_payload(&mut payload)?;
        scan(claims, &limits, "its claims are not a strict JSON object")?;
        crate::base64url::decode_append(compact.signature, &mut signature)
            .map_err(|_| VerifyError::malformed("its signature is not base64url"))?;
        Ok(Self { header, claims: deserialize(claims)? })
    }
}

impl<C> Unverified<C> {
    /// The header, a JSON object. Not verified.
    #[must_use]
    pub fn header(&self) -> &Value {
        &self.header
    }

    /// The claims. Not verified.
    #[must_use]
    pub fn claims(&self) -> &C {
        &self.claims
    }
}

/// The `kid` that a token names, **not verified**: good for deciding whether to fetch a key set again,
/// and for nothing else.
///
/// # Errors
/// [`VerifyError::TooLarge`], [`VerifyError::Malformed`], [`VerifyError::InvalidHeader`],
/// [`VerifyError::UnsupportedCrit`].
///
/// # Examples
/// ```
/// use waxseal::peek_kid_without_verifying;
///
/// let token = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.e30.AAAA"; // {"alg":"HS256","kid":"k1"}
/// assert_eq!(peek_kid_without_verifying(token)?.as_deref(), Some("k1"));
/// # Ok::<(), waxseal::VerifyError>(())
/// ```
pub fn peek_kid_without_verifying(token: &str) -> Result<Option<String>, VerifyError> {
    let limits = Limits::default();
    let compact = Compact::split(token, &limits)?;
    let mut buffer = Vec::new();
    let header = Header::parse(compact.decode_header(&mut buffer)?, &limits)?;
    Ok(header.kid.map(std::borrow::Cow::into_owned))
}

struct Ignore;

impl<'a> Visitor<'a> for Ignore {
    fn member(&mut self, _: JsonStr<'a>, _: Raw<'a>) {}
}

fn scan(text: &str, limits: &Limits, what: &'static str) -> Result<(), VerifyError> {
    json::scan_object(text, limits.depth, &mut Ignore).map_err(|_| VerifyError::malformed(what))
}

/// Whether an object that was scanned before has these members with these texts.
pub(crate) fn names_members(object: &str, expected: &[(String, String)]) -> bool {
    struct Find<'n> {
        expected: &'n [(String, String)],
        met: usize,
    }
    impl<'a> Visitor<'a> for Find<'_> {
        fn member(&mut self, name: JsonStr<'a>, value: Raw<'a>) {
            let text = value.as_str();
            let meets = |(wanted, other): &&(String, String)| {
                name.is(wanted) && text.is_some_and(|text| text.is(other))
            };
            self.met += self.expected.iter().filter(meets).count();
        }
    }
    let mut find = Find { expected, met: 0 };
    expected.is_empty()
        || (json::scan_object(object, Limits::MAX_DEPTH, &mut find).is_ok() && find.met == expected.len())
}

/// Reads scanned claims into the caller's type.
pub(crate) fn deserialize<'c, C: Deserialize<'c>>(claims: &'c str) -> Result<C, VerifyError> {
    serde_json::from_str(claims)
        .map_err(|error| VerifyError::ClaimsMismatch { detail: missing_field(&error) })
}

/// serde's other messages quote values, and those may be personal.
pub(crate) fn missing_field(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let name = message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    name.map(|(name, _)| format!(": `{name}` is missing")).unwrap_or_default()
}
