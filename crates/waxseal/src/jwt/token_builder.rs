//! One token in the making.

use super::check::types_fit;
use super::claims::Slots;
use super::guard::sounds_secret;
use super::{SignError, Signer};
use crate::json::{self, Fault, JsonStr, Value, Visitor};
use crate::{Limits, NumericDate, base64url};
use serde::Serialize;
use std::time::Duration;

/// The claims of one token. Made by [`Signer::token`], finished by [`sign`](Self::sign).
#[must_use]
pub struct TokenBuilder<'a> {
    signer: &'a Signer,
    now: NumericDate,
    issuer: Option<&'a str>,
    subject: Option<&'a str>,
    audiences: Vec<&'a str>,
    id: Option<&'a str>,
    expiry: Expiry,
    not_before: Option<NumericDate>,
    claims: Vec<&'a dyn WriteClaims>,
    allowed: Vec<&'a str>,
}

#[derive(Clone, Copy)]
enum Expiry {
    SignersDefault,
    After(Duration),
    At(NumericDate),
    Never,
}

/// `Serialize` without its type, so that the builder needs no parameter and no copy.
trait WriteClaims {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error>;
}

impl<T: Serialize> WriteClaims for T {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(out, self)
    }
}

impl<'a> TokenBuilder<'a> {
    pub(super) fn new(signer: &'a Signer, now: NumericDate) -> Self {
        Self {
            signer,
            now,
            issuer: signer.issuer.as_deref(),
            subject: None,
            audiences: Vec::new(),
            id: None,
            expiry: Expiry::SignersDefault,
            not_before: None,
            claims: Vec::new(),
            allowed: Vec::new(),
        }
    }

    /// `sub`.
    pub fn subject(mut self, subject: &'a str) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Adds one audience to `aud`; the signer's audiences then no longer count.
    pub fn audience(mut self, audience: &'a str) -> Self {
        self.audiences.push(audience);
        self
    }

    /// Adds several audiences to `aud`; the signer's audiences then no longer count.
    pub fn audiences<S: AsRef<str>>(mut self, audiences: &'a [S]) -> Self {
        self.audiences.extend(audiences.iter().map(AsRef::as_ref));
        self
    }

    /// `iss`, instead of the signer's.
    pub fn issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// `jti`.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// The token expires this long after `now`, in whole seconds, at least one.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.expiry = Expiry::After(lifetime);
        self
    }

    /// The token expires at this second.
    pub fn expires_at(mut self, exp: NumericDate) -> Self {
        self.expiry = Expiry::At(exp);
        self
    }

    /// The token never expires: whoever finds it in ten years can use it.
    pub fn without_expiry(mut self) -> Self {
        self.expiry = Expiry::Never;
        self
    }

    /// `nbf`.
    pub fn not_before(mut self, nbf: NumericDate) -> Self {
        self.not_before = Some(nbf);
        self
    }

    /// Adds the members of a struct or map. A member that the builder also sets is an error.
    pub fn claims(mut self, claims: &'a impl Serialize) -> Self {
        self.claims.push(claims);
        self
    }

    /// Allows a claim of this name, at any depth, although it sounds like a secret.
    pub fn allow_claim(mut self, name: &'a str) -> Self {
        self.allowed.push(name);
        self
    }

    /// Makes the token.
    ///
    /// # Errors
    /// In this order: [`SignError::LifetimeMissing`], [`SignError::LifetimeInvalid`],
    /// [`SignError::InvalidClaims`], [`SignError::DuplicateClaim`], [`SignError::RefusedClaim`],
    /// [`SignError::TooLarge`] above 16,384 characters, [`SignError::Failed`].
    pub fn sign(self) -> Result<String, SignError> {
        let mut out = Vec::with_capacity(512);
        self.sign_into(&mut out)?;
        String::from_utf8(out).map_err(|_| SignError::Failed)
    }

    /// Makes the token in `out`, whose former content is lost. On error `out` is empty.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_into(self, out: &mut Vec<u8>) -> Result<(), SignError> {
        out.clear();
        let signed = self.write(out);
        if signed.is_err() {
            out.clear();
        }
        signed
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), SignError> {
        let expires = self.expires()?;
        let mut json = Vec::with_capacity(256);
        self.write_claims(expires, &mut json)?;
        self.check(&json)?;
        out.extend_from_slice(&self.signer.header);
        base64url::encode_append(&json, out);
        self.signer.key.sign_append(out).map_err(|_| SignError::Failed)?;
        let limit = Limits::default().token_bytes;
        if out.len() > limit { Err(SignError::TooLarge { limit }) } else { Ok(()) }
    }

    fn expires(&self) -> Result<Option<NumericDate>, SignError> {
        let exp = match self.expiry {
            Expiry::Never => return Ok(None),
            Expiry::At(exp) => exp,
            Expiry::After(lifetime) => self.now.saturating_add(lifetime),
            Expiry::SignersDefault => {
                self.now.saturating_add(self.signer.lifetime.ok_or(SignError::LifetimeMissing)?)
            }
        };
        // A start in the past is no excuse for an end in the past.
        if exp <= self.not_before.unwrap_or(self.now).max(self.now) {
            return Err(SignError::LifetimeInvalid);
        }
        Ok(Some(exp))
    }

    fn write_claims(&self, expires: Option<NumericDate>, json: &mut Vec<u8>) -> Result<(), SignError> {
        json.push(b'{');
        for (name, text) in [("iss", self.issuer), ("sub", self.subject), ("jti", self.id)] {
            if let Some(text) = text {
                write_name(name, json);
                json::write_string(text, json);
            }
        }
        self.write_audience(json);
        for (name, date) in [("exp", expires), ("nbf", self.not_before), ("iat", Some(self.now))] {
            if let Some(date) = date {
                write_name(name, json);
                json::write_integer(date.seconds(), json);
            }
        }
        for claims in &self.claims {
            append_members(*claims, json)?;
        }
        json.push(b'}');
        Ok(())
    }

    fn write_audience(&self, json: &mut Vec<u8>) {
        if self.audiences.is_empty() {
            write_texts("aud", self.signer.audiences.iter().map(String::as_str), json);
        } else {
            write_texts("aud", self.audiences.iter().copied(), json);
        }
    }

    /// Everything is checked on what was written, so that nothing a `Serialize` does can get past.
    fn check(&self, json: &[u8]) -> Result<(), SignError> {
        let text_of_claims =
            std::str::from_utf8(json).map_err(|_| SignError::InvalidClaims { what: "they are not UTF-8" })?;
        let mut inspection = Inspection::new(&self.allowed);
        let depth = Limits::default().depth;
        let scanned = json::scan_object(text_of_claims, depth, &mut inspection);
        match scanned {
            Ok(()) => {}
            Err(Fault::DuplicateName) => return Err(duplicate(&inspection.top)),
            Err(Fault::TooDeep) => {
                return Err(SignError::InvalidClaims { what: "they are nested too deeply" });
            }
            Err(_) => return Err(SignError::InvalidClaims { what: "they are not JSON" }),
        }
        if let Some(claim) = inspection.refused {
            return Err(SignError::RefusedClaim { claim });
        }
        check_types(&inspection.slots)
    }
}

fn write_name(name: &str, json: &mut Vec<u8>) {
    if json.len() > 1 {
        json.push(b',');
    }
    json.push(b'"');
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
}

/// One text as such, several as an array, none not at all (RFC 7519 §4.1.3).
fn write_texts<'t>(name: &str, texts: impl ExactSizeIterator<Item = &'t str>, json: &mut Vec<u8>) {
    let count = texts.len();
    if count == 0 {
        return;
    }
    write_name(name, json);
    if count > 1 {
        json.push(b'[');
    }
    for (index, text) in texts.enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json::write_string(text, json);
    }
    if count > 1 {
        json.push(b']');
    }
}

/// Writes an object behind the members that stand there already.
fn append_members(claims: &dyn WriteClaims, json: &mut Vec<u8>) -> Result<(), SignError> {
    let start = json.len();
    claims.write(json).map_err(|_| SignError::InvalidClaims { what: "they cannot be serialized" })?;
    let written = json.get(start..).unwrap_or(&[]);
    if written.first() != Some(&b'{') || json.pop() != Some(b'}') {
        return Err(SignError::InvalidClaims { what: "they are not an object" });
    }
    if json.len() == start + 1 {
        json.truncate(start);
    } else if start > 1 {
        if let Some(brace) = json.get_mut(start) {
            *brace = b',';
        }
    } else {
        json.remove(start);
    }
    Ok(())
}

/// Looks at every name of the claims, and at the registered claims.
struct Inspection<'c, 'n> {
    slots: Slots<'c>,
    allowed: &'n [&'n str],
    refused: Option<String>,
    top: Vec<JsonStr<'c>>,
}

impl<'n> Inspection<'_, 'n> {
    fn new(allowed: &'n [&'n str]) -> Self {
        Self { slots: Slots::default(), allowed, refused: None, top: Vec::new() }
    }
}

impl<'c> Visitor<'c> for Inspection<'c, '_> {
    fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
        self.top.push(name);
        self.slots.member(name, value);
    }

    fn name(&mut self, name: JsonStr<'c>) {
        let name = name.decode();
        if sounds_secret(&name) && !self.allowed.contains(&&*name) {
            self.refused.get_or_insert_with(|| name.into_owned());
        }
    }
}

fn duplicate(top: &[JsonStr<'_>]) -> SignError {
    let mut rest = top;
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| other.same_as(*first)) {
            return SignError::DuplicateClaim { claim: first.decode().into_owned() };
        }
        rest = others;
    }
    SignError::InvalidClaims { what: "an object in them repeats a member" }
}

/// What no verifier would accept is not signed.
fn check_types(slots: &Slots<'_>) -> Result<(), SignError> {
    if types_fit(slots) {
        return Ok(());
    }
    Err(SignError::InvalidClaims { what: "a registered claim has the wrong type" })
}
