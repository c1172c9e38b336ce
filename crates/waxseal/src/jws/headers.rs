//! The header of a signature in the making.

use super::members::Members;
use crate::json::{self, Fault};
use crate::{Limits, SignError, base64url};
use serde::Serialize;

/// What the header of one signature says beyond `alg`, which is always the key's (RFC 7515 §4).
///
/// Members are protected by the signature unless their method says otherwise. `alg`, `b64` and `crit` are
/// written by [`Builder`](super::Builder) alone; a member of one of these names is refused, wherever it
/// is put. Whatever is wrong is reported when the JWS is made.
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers};
/// use waxseal::{Algorithm, SecretKey};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?.with_kid("2026")?;
/// let headers = Headers::new().typ("receipt+json").member("https://shop.example/till", &7);
/// let jws = Builder::new(b"{\"total\":12}").sign_compact(key, &headers)?;
/// assert_eq!(jws.split('.').count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Headers {
    typ: Option<String>,
    cty: Option<String>,
    kid: KeyId,
    protected: Vec<Member>,
    unprotected: Vec<Member>,
}

#[derive(Clone, Debug, Default)]
enum KeyId {
    #[default]
    OfKey,
    Chosen(String),
    LeftOut,
}

/// A name and the JSON text of its value, if it could be written.
type Member = (String, Option<String>);

/// The names that the library alone writes into a protected header, or has a method for.
const RESERVED: [&str; 6] = ["alg", "b64", "crit", "typ", "cty", "kid"];
/// The names that decide how to verify: believed from an unprotected header, anyone could rewrite them.
pub(super) const PROTECTED_ONLY: [&str; 3] = ["alg", "b64", "crit"];

/// The header of one signature, ready to be put into a serialization.
pub(crate) struct Written {
    /// The protected header in base64url.
    pub(crate) protected: String,
    /// The unprotected header as JSON, if it has members.
    pub(crate) unprotected: Option<String>,
}

impl Headers {
    /// No member but `alg` and, if the key has an id, `kid`.
    pub fn new() -> Self {
        Self::default()
    }

    /// `typ`: the media type of the whole JWS (RFC 7515 §4.1.9).
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// `cty`: the media type of the payload (RFC 7515 §4.1.10).
    pub fn cty(mut self, cty: impl Into<String>) -> Self {
        self.cty = Some(cty.into());
        self
    }

    /// `kid`, instead of the key's own id: 1 to 256 bytes, no control characters.
    pub fn kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = KeyId::Chosen(kid.into());
        self
    }

    /// Leaves `kid` out of the protected header: verifiers then try every key of the algorithm.
    pub fn without_kid(mut self) -> Self {
        self.kid = KeyId::LeftOut;
        self
    }

    /// Adds a protected member. Refused: `alg`, `b64`, `crit`, and `typ`, `cty`, `kid`, which have methods.
    pub fn member(mut self, name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        self.protected.push((name.into(), serde_json::to_string(value).ok()));
        self
    }

    /// Adds an **unprotected** member, which anyone may change afterwards; only the JSON serializations
    /// have room for it. Refused: `alg`, `b64`, `crit`, and names that are also protected (RFC 7515 §7.2.1).
    pub fn unprotected(mut self, name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        self.unprotected.push((name.into(), serde_json::to_string(value).ok()));
        self
    }

    pub(super) fn has_unprotected(&self) -> bool {
        !self.unprotected.is_empty()
    }

    pub(crate) fn write(
        &self,
        alg: &str,
        kid: Option<&str>,
        unencoded: bool,
        limits: &Limits,
    ) -> Result<Written, SignError> {
        refuse_names(&self.protected, &RESERVED)?;
        refuse_names(&self.unprotected, &PROTECTED_ONLY)?;
        let protected = self.protected_json(alg, kid, unencoded)?;
        let members = read(&protected, limits)?;
        let unprotected = if self.unprotected.is_empty() {
            None
        } else {
            let json = unprotected_json(&self.unprotected)?;
            if members.overlap(&read(&json, limits)?) {
                return Err(SignError::InvalidHeader { what: "a member is both protected and unprotected" });
            }
            Some(json)
        };
        let protected = base64url::encode(protected.as_bytes());
        let longest = protected.len().max(unprotected.as_ref().map_or(0, String::len));
        if longest > limits.header_bytes {
            return Err(SignError::InvalidHeader { what: "it is longer than verifiers accept" });
        }
        Ok(Written { protected, unprotected })
    }

    fn protected_json(&self, alg: &str, kid: Option<&str>, unencoded: bool) -> Result<String, SignError> {
        let mut json = b"{\"alg\":".to_vec();
        json::write_string(alg, &mut json);
        for (name, text) in [("typ", &self.typ), ("cty", &self.cty)] {
            if let Some(text) = text {
                check_media_type(text)?;
                write_name(name, &mut json);
                json::write_string(text, &mut json);
            }
        }
        if let Some(kid) = self.chosen_kid(kid)? {
            write_name("kid", &mut json);
            json::write_string(kid, &mut json);
        }
        for member in &self.protected {
            write_member(member, &mut json)?;
        }
        if unencoded {
            // RFC 7797 §6: whoever does not know `b64` must refuse, not verify other octets.
            json.extend_from_slice(b",\"b64\":false,\"crit\":[\"b64\"]");
        }
        json.push(b'}');
        into_text(json)
    }

    fn chosen_kid<'k>(&'k self, of_key: Option<&'k str>) -> Result<Option<&'k str>, SignError> {
        match &self.kid {
            KeyId::OfKey => Ok(of_key),
            KeyId::LeftOut => Ok(None),
            KeyId::Chosen(kid) if crate::keys::acceptable_kid(kid) => Ok(Some(kid)),
            KeyId::Chosen(_) => {
                Err(SignError::InvalidHeader { what: "`kid` is empty, too long or has control characters" })
            }
        }
    }
}

fn refuse_names(members: &[Member], names: &[&str]) -> Result<(), SignError> {
    if members.iter().any(|(name, _)| names.contains(&name.as_str())) {
        return Err(SignError::InvalidHeader { what: "a member has a reserved name" });
    }
    Ok(())
}

fn check_media_type(text: &str) -> Result<(), SignError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SignError::InvalidHeader { what: "`typ` or `cty` is not a media type" });
    }
    Ok(())
}

fn unprotected_json(members: &[Member]) -> Result<String, SignError> {
    let mut json = b"{".to_vec();
    for member in members {
        write_member(member, &mut json)?;
    }
    json.push(b'}');
    into_text(json)
}

fn write_member((name, value): &Member, json: &mut Vec<u8>) -> Result<(), SignError> {
    let value =
        value.as_ref().ok_or(SignError::InvalidHeader { what: "a member cannot be serialized to JSON" })?;
    write_name(name, json);
    json.extend_from_slice(value.as_bytes());
    Ok(())
}

fn write_name(name: &str, json: &mut Vec<u8>) {
    if json.len() > 1 {
        json.push(b',');
    }
    json::write_string(name, json);
    json.push(b':');
}

fn into_text(json: Vec<u8>) -> Result<String, SignError> {
    String::from_utf8(json).map_err(|_| SignError::InvalidHeader { what: "it is not UTF-8" })
}

/// Checks what was written with the reader of verifiers, so that nothing a `Serialize` does gets past.
fn read<'j>(json: &'j str, limits: &Limits) -> Result<Members<'j>, SignError> {
    Members::read(json, limits.depth).map_err(|fault| SignError::InvalidHeader {
        what: match fault {
            Fault::DuplicateName => "a member is set twice",
            Fault::TooDeep => "it is nested too deeply",
            Fault::Syntax | Fault::NotAnObject => "a member is not JSON",
        },
    })
}
