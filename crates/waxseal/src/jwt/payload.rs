//! Writing the claims of a token, and looking at what the caller adds to them.
//!
//! What the builder writes is right by construction. What a caller's `Serialize` writes is scanned as it
//! stands in the buffer, so that nothing it does gets past the checks.

use super::check::types_fit;
use super::claims::Slots;
use super::guard::sounds_secret;
use crate::SignError;
use crate::json::{self, Fault, JsonStr, Value, Visitor};
use crate::{Limits, NumericDate, base64url};
use serde::Serialize;

/// The claims that all tokens of a signer share, as members with a comma before each.
#[derive(Default)]
pub(super) struct Common {
    issuer: Option<Vec<u8>>,
    audience: Option<Vec<u8>>,
    /// The start of the claims of a token that has both from here, `{"iss":…,"aud":…`: encoded as far as whole
    /// groups of three octets go, and the octets left over, which are encoded with what follows.
    encoded: Vec<u8>,
    left_over: Vec<u8>,
}

impl Common {
    pub(super) fn new(issuer: Option<&str>, audiences: &[String]) -> Self {
        let (mut iss, mut aud) = (Vec::new(), Vec::new());
        write_text(ISS, issuer, &mut iss);
        write_audiences(audiences.iter().map(String::as_str), &mut aud);
        let mut start = [iss.as_slice(), &aud].concat();
        if let Some(comma) = start.first_mut() {
            *comma = b'{';
        }
        let (groups, left_over) = start.as_chunks::<3>();
        let encoded = base64url::encode(groups.as_flattened()).into_bytes();
        let left_over = left_over.to_vec();
        let written = |json: Vec<u8>| Some(json).filter(|json| !json.is_empty());
        Self { issuer: written(iss), audience: written(aud), encoded, left_over }
    }
}

/// `Serialize` without its type, so that the builder needs no parameter and no copy.
trait WriteClaims: Sync {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error>;
}

impl<T: Serialize + Sync> WriteClaims for T {
    fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(out, self)
    }
}

/// The claims of one token.
pub(super) struct Payload<'a> {
    common: &'a Common,
    pub(super) now: NumericDate,
    pub(super) issuer: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
    pub(super) audiences: Vec<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) expires: Option<NumericDate>,
    pub(super) not_before: Option<NumericDate>,
    pub(super) allowed: Vec<&'a str>,
    claims: Option<&'a dyn WriteClaims>,
    more_claims: Vec<&'a dyn WriteClaims>,
}

impl<'a> Payload<'a> {
    #[inline]
    pub(super) fn new(common: &'a Common, now: NumericDate) -> Self {
        Self {
            common,
            now,
            issuer: None,
            subject: None,
            audiences: Vec::new(),
            id: None,
            expires: None,
            not_before: None,
            allowed: Vec::new(),
            claims: None,
            more_claims: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn add_claims(&mut self, claims: &'a (impl Serialize + Sync)) {
        match self.claims {
            None => self.claims = Some(claims),
            Some(_) => self.more_claims.push(claims),
        }
    }

    /// Appends the claims to `out` as one JSON object, encoded.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), SignError> {
        if self.begins_as_others() {
            out.extend_from_slice(&self.common.encoded);
            let start = out.len();
            out.extend_from_slice(&self.common.left_over);
            self.write_own(out)?;
            base64url::encode_in_place(out, start);
            return Ok(());
        }
        let start = out.len();
        self.write_issuer_and_audience(out);
        self.write_own(out)?;
        // Every member begins with a comma; there is at least one, `iat`.
        if let Some(first) = out.get_mut(start) {
            *first = b'{';
        }
        if !self.more_claims.is_empty() {
            check_whole(out.get(start..).unwrap_or(&[]))?;
        }
        base64url::encode_in_place(out, start);
        Ok(())
    }

    /// Whether the start of the claims was encoded once for all tokens. Several objects of claims are looked
    /// at as a whole, which needs them in one piece.
    #[inline]
    fn begins_as_others(&self) -> bool {
        let own = self.issuer.is_some() || !self.audiences.is_empty() || !self.more_claims.is_empty();
        !own && (self.common.issuer.is_some() || self.common.audience.is_some())
    }

    fn write_issuer_and_audience(&self, out: &mut Vec<u8>) {
        let (issuer, audience) = (self.common.issuer.as_deref(), self.common.audience.as_deref());
        if self.issuer.is_some() {
            write_text(ISS, self.issuer, out);
        } else {
            out.extend_from_slice(issuer.unwrap_or(&[]));
        }
        if self.audiences.is_empty() {
            out.extend_from_slice(audience.unwrap_or(&[]));
        } else {
            write_audiences(self.audiences.iter().copied(), out);
        }
    }

    /// Everything behind issuer and audience.
    #[inline]
    fn write_own(&self, out: &mut Vec<u8>) -> Result<(), SignError> {
        write_text(b",\"sub\":\"", self.subject, out);
        write_text(b",\"jti\":\"", self.id, out);
        write_date(b",\"exp\":", self.expires, out);
        write_date(b",\"nbf\":", self.not_before, out);
        write_date(b",\"iat\":", Some(self.now), out);
        for claims in self.claims.iter().chain(&self.more_claims) {
            self.append(*claims, out)?;
        }
        out.push(b'}');
        Ok(())
    }

    /// Whether `name` is a registered claim, and if so, whether it was written already; `iat` always.
    #[inline]
    fn wrote(&self, name: &str) -> Option<bool> {
        Some(match name.as_bytes() {
            b"iss" => self.issuer.is_some() || self.common.issuer.is_some(),
            b"sub" => self.subject.is_some(),
            b"aud" => !self.audiences.is_empty() || self.common.audience.is_some(),
            b"exp" => self.expires.is_some(),
            b"nbf" => self.not_before.is_some(),
            b"iat" => true,
            b"jti" => self.id.is_some(),
            _ => return None,
        })
    }

    /// Appends the members of an object, after looking at all that it wrote.
    #[inline]
    fn append(&self, claims: &dyn WriteClaims, out: &mut Vec<u8>) -> Result<(), SignError> {
        let start = out.len();
        claims.write(out).map_err(|_| SignError::InvalidClaims { what: "they cannot be serialized" })?;
        let written = out.get_mut(start..).unwrap_or(&mut []);
        self.inspect(written)?;
        // Raw JSON is written as it stands: there may be white space behind the object, and inside one
        // without members.
        let length = written.trim_ascii_end().len();
        out.truncate(start.saturating_add(length));
        let written = out.get_mut(start..).unwrap_or(&mut []);
        let inner = written.strip_prefix(b"{").and_then(|inner| inner.strip_suffix(b"}"));
        if inner.is_some_and(|inner| inner.trim_ascii().is_empty()) {
            out.truncate(start);
            return Ok(());
        }
        // `{…}` becomes `,…`: the members go on from those that stand there already.
        if let Some(brace) = written.first_mut() {
            *brace = b',';
        }
        out.pop();
        Ok(())
    }

    #[inline]
    fn inspect(&self, written: &[u8]) -> Result<(), SignError> {
        let text = std::str::from_utf8(written)
            .map_err(|_| SignError::InvalidClaims { what: "they are not UTF-8" })?;
        if !text.starts_with('{') {
            return Err(SignError::InvalidClaims { what: "they are not an object" });
        }
        let mut inspection = Inspection::new(self);
        match json::scan_object(text, Limits::default().depth, &mut inspection) {
            Ok(()) => inspection.verdict(),
            Err(fault) => Err(refuse(fault, text)),
        }
    }
}

/// Looks at every name that the caller's claims have, and at the registered claims among them.
struct Inspection<'c, 'p> {
    payload: &'p Payload<'p>,
    registered: Option<Box<Slots<'c>>>,
    repeated: Option<String>,
    refused: Option<String>,
}

impl<'p> Inspection<'_, 'p> {
    #[inline]
    fn new(payload: &'p Payload<'p>) -> Self {
        Self { payload, registered: None, repeated: None, refused: None }
    }

    #[inline]
    fn look_at(&mut self, name: &str) {
        if sounds_secret(name) && !self.payload.allowed.contains(&name) {
            self.refused.get_or_insert_with(|| name.to_owned());
        }
    }

    #[inline]
    fn verdict(self) -> Result<(), SignError> {
        if let Some(claim) = self.repeated {
            return Err(SignError::DuplicateClaim { claim });
        }
        if let Some(claim) = self.refused {
            return Err(SignError::RefusedClaim { claim });
        }
        if self.registered.is_some_and(|slots| !types_fit(&slots)) {
            return Err(SignError::InvalidClaims { what: "a registered claim has the wrong type" });
        }
        Ok(())
    }
}

impl<'c> Visitor<'c> for Inspection<'c, '_> {
    #[inline]
    fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
        let taken = match name.plain() {
            Some(name) => self.payload.wrote(name),
            None => self.payload.wrote(&name.decode()),
        };
        match taken {
            None => {}
            Some(true) => {
                self.repeated.get_or_insert_with(|| name.decode().into_owned());
            }
            Some(false) => self.registered.get_or_insert_default().member(name, value),
        }
    }

    #[inline]
    fn name(&mut self, name: JsonStr<'c>) {
        match name.plain() {
            Some(name) => self.look_at(name),
            None => self.look_at(&name.decode()),
        }
    }
}

/// Two objects of claims may repeat each other's members.
#[cold]
fn check_whole(json: &[u8]) -> Result<(), SignError> {
    let text = std::str::from_utf8(json).unwrap_or_default();
    json::scan_object(text, Limits::default().depth, &mut TopNames::default())
        .map_err(|fault| refuse(fault, text))
}

#[cold]
fn refuse(fault: Fault, text: &str) -> SignError {
    match fault {
        Fault::DuplicateName => {
            let mut names = TopNames::default();
            let _ = json::scan_object(text, Limits::default().depth, &mut names);
            names
                .repeated()
                .map_or(SignError::InvalidClaims { what: "an object in them repeats a member" }, |claim| {
                    SignError::DuplicateClaim { claim }
                })
        }
        Fault::TooDeep => SignError::InvalidClaims { what: "they are nested too deeply" },
        Fault::Syntax | Fault::NotAnObject => SignError::InvalidClaims { what: "they are not JSON" },
    }
}

#[derive(Default)]
struct TopNames<'c>(Vec<JsonStr<'c>>);

impl<'c> Visitor<'c> for TopNames<'c> {
    fn member(&mut self, name: JsonStr<'c>, _: Value<'c>) {
        self.0.push(name);
    }
}

impl TopNames<'_> {
    fn repeated(&self) -> Option<String> {
        let mut rest = self.0.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| other.same_as(*first)) {
                return Some(first.decode().into_owned());
            }
            rest = others;
        }
        None
    }
}

const ISS: &[u8] = b",\"iss\":\"";

/// `start`: the comma, the name, the colon and the opening quote.
#[inline]
fn write_text(start: &[u8], text: Option<&str>, json: &mut Vec<u8>) {
    if let Some(text) = text {
        json.extend_from_slice(start);
        json::write_string_body(text, json);
        json.push(b'"');
    }
}

/// `start`: the comma, the name and the colon.
#[inline]
fn write_date(start: &[u8], date: Option<NumericDate>, json: &mut Vec<u8>) {
    if let Some(date) = date {
        json.extend_from_slice(start);
        // Never negative; see `NumericDate::MIN`.
        json::write_integer(date.seconds().unsigned_abs(), json);
    }
}

/// One text as such, several as an array, none not at all (RFC 7519 §4.1.3).
fn write_audiences<'t>(texts: impl ExactSizeIterator<Item = &'t str>, json: &mut Vec<u8>) {
    let count = texts.len();
    if count == 0 {
        return;
    }
    json.extend_from_slice(b",\"aud\":");
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
