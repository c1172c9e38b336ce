//! The header of one signature as a verifier reads it (RFC 7515 §4).
//!
//! Only the protected header decides anything. The unprotected one is checked for what it must not contain
//! and otherwise handed on under a name that says what it is worth.

use super::headers::PROTECTED_ONLY;
use super::members::Members;
use crate::json::{JsonStr, elements};
use crate::{Algorithm, Limits, VerifyError};
use std::borrow::Cow;
use std::collections::HashSet;

/// The members of a protected header that decide. Keys in it (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
#[derive(Debug)]
pub(super) struct Header<'h> {
    /// `None` for a name that is no algorithm of this library.
    pub(super) alg: Option<Algorithm>,
    pub(super) typ: Option<Cow<'h, str>>,
    pub(super) kid: Option<Cow<'h, str>>,
    /// `b64`: false if the payload was signed as it is (RFC 7797 §3).
    pub(super) encoded: bool,
    /// The names in `crit`, each of them present and none twice.
    pub(super) crit: Vec<Cow<'h, str>>,
}

/// The names of RFC 7515 §4.1, which `crit` must not list (§4.1.11).
const REGISTERED: [&str; 11] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];

/// Whether a caller may say that it processes an extension of this name.
pub(super) fn may_be_critical(name: &str) -> bool {
    !name.is_empty() && !REGISTERED.contains(&name)
}

impl<'h> Header<'h> {
    /// Reads the protected header, and checks that the unprotected one does not meddle with it.
    ///
    /// [`VerifyError::Malformed`] is a fault of the whole JWS, other errors are faults of this signature.
    pub(super) fn read(
        protected: Option<&'h str>,
        unprotected: Option<&'h str>,
        limits: &Limits,
    ) -> Result<Self, VerifyError> {
        let strict = |_| VerifyError::malformed("its header is not a strict JSON object");
        let members = protected.map(|text| Members::read(text, limits.depth)).transpose().map_err(strict)?;
        let members = members.unwrap_or_default();
        if let Some(unprotected) = unprotected {
            let unprotected = Members::read(unprotected, limits.depth).map_err(strict)?;
            check_unprotected(&unprotected, &members)?;
        }
        let alg = text(&members, "alg", "`alg` is not a text")?;
        let alg = alg.ok_or(invalid("`alg` is missing from the protected header"))?;
        let crit = read_crit(&members)?;
        let encoded = read_b64(&members, &crit)?;
        let kid = text(&members, "kid", "`kid` is not a text")?;
        if kid.as_deref().is_some_and(|kid| !crate::keys::acceptable_kid(kid)) {
            return Err(invalid("`kid` is empty, too long or has control characters"));
        }
        let typ = text(&members, "typ", "`typ` is not a text")?;
        Ok(Self { alg: alg.parse().ok(), typ, kid, encoded, crit })
    }
}

fn text<'h>(
    members: &Members<'h>,
    name: &str,
    what: &'static str,
) -> Result<Option<Cow<'h, str>>, VerifyError> {
    let Some(value) = members.find(name) else { return Ok(None) };
    value.as_str().map(|text| Some(text.decode())).ok_or(invalid(what))
}

const fn invalid(what: &'static str) -> VerifyError {
    VerifyError::InvalidHeader { what }
}

fn check_unprotected(unprotected: &Members<'_>, protected: &Members<'_>) -> Result<(), VerifyError> {
    // Merged into one header, such a member would let anyone choose how the JWS is verified.
    if PROTECTED_ONLY.iter().any(|name| unprotected.find(name).is_some()) {
        return Err(invalid("`alg`, `b64` or `crit` is not protected"));
    }
    if protected.overlap(unprotected) {
        return Err(invalid("a member is both protected and unprotected"));
    }
    Ok(())
}

/// RFC 7515 §4.1.11: not empty, no name twice, none that is absent. That the RFC defines none of them follows
/// from [`may_be_critical`]: such a name is never understood.
fn read_crit<'h>(members: &Members<'h>) -> Result<Vec<Cow<'h, str>>, VerifyError> {
    let Some(value) = members.find("crit") else { return Ok(Vec::new()) };
    let names = elements(value).into_iter();
    let names: Option<Vec<_>> = names.map(|name| name.as_str().map(JsonStr::decode)).collect();
    let names = names.filter(|names| !names.is_empty()).ok_or(VerifyError::UnsupportedCrit)?;
    let distinct: HashSet<&str> = names.iter().map(AsRef::as_ref).collect();
    let present = members.names();
    if distinct.len() == names.len() && distinct.iter().all(|name| present.contains(*name)) {
        Ok(names)
    } else {
        Err(VerifyError::UnsupportedCrit)
    }
}

fn read_b64(members: &Members<'_>, crit: &[Cow<'_, str>]) -> Result<bool, VerifyError> {
    match members.find("b64").map(|value| value.raw) {
        None | Some("true") => Ok(true),
        // RFC 7797 §6: without `crit`, a verifier that ignores `b64` would check other octets.
        Some("false") if crit.iter().any(|name| name == "b64") => Ok(false),
        Some("false") => Err(invalid("`b64` is false and `crit` does not say so")),
        Some(_) => Err(invalid("`b64` is neither true nor false")),
    }
}
