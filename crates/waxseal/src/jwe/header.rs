//! Header members and where they may stand (RFC 7516 §4, §7.2.1).

use super::DecryptError;
use crate::base64url;
use crate::json::{self, JsonStr, Value, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;

/// The members of one header, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Members<'h>(Vec<(JsonStr<'h>, Value<'h>)>);

impl<'h> Visitor<'h> for Members<'h> {
    fn member(&mut self, name: JsonStr<'h>, value: Value<'h>) {
        self.0.push((name, value));
    }
}

impl<'h> Members<'h> {
    /// Reads a strict JSON object.
    pub(super) fn read(text: &'h str, depth: usize) -> Result<Self, DecryptError> {
        let mut members = Self::default();
        json::scan_object(text, depth, &mut members)
            .map_err(|_| DecryptError::malformed("its header is not a strict JSON object"))?;
        Ok(members)
    }

    pub(super) fn find(&self, name: &str) -> Option<Value<'h>> {
        self.0.iter().find(|(found, _)| found.is(name)).map(|(_, value)| *value)
    }

    fn names(&self) -> impl Iterator<Item = Cow<'h, str>> {
        self.0.iter().map(|(name, _)| name.decode())
    }
}

/// One name stands in one of a recipient's headers only (RFC 7516 §7.2.1): of two values, two readers choose
/// differently.
pub(super) fn check_disjoint<'a, 'h: 'a>(
    protected: &Members<'h>,
    shared: &Members<'h>,
    mut recipients: impl Iterator<Item = &'a Members<'h>> + Clone,
) -> Result<(), DecryptError> {
    if shared.0.is_empty() && recipients.clone().all(|recipient| recipient.0.is_empty()) {
        return Ok(());
    }
    // A set, so that no choice of names makes this quadratic.
    let mut names: HashSet<Cow<'h, str>> = protected.names().collect();
    let apart = shared.names().all(|name| names.insert(name))
        && recipients.all(|recipient| recipient.names().all(|name| !names.contains(&name)));
    if apart { Ok(()) } else { Err(DecryptError::header("a member stands in two headers")) }
}

/// The three headers of one recipient: protected, shared unprotected, per-recipient.
#[derive(Clone, Copy)]
pub(super) struct Headers<'a, 'h> {
    pub(super) protected: &'a Members<'h>,
    pub(super) shared: &'a Members<'h>,
    pub(super) recipient: &'a Members<'h>,
}

impl<'h> Headers<'_, 'h> {
    /// The member in whichever header it stands.
    pub(super) fn find(&self, name: &str) -> Option<Value<'h>> {
        self.protected.find(name).or_else(|| self.shared.find(name)).or_else(|| self.recipient.find(name))
    }

    pub(super) fn text(&self, name: &str, what: &'static str) -> Result<Option<Cow<'h, str>>, DecryptError> {
        text(self.find(name), what)
    }

    /// The octets of a member in base64url.
    pub(super) fn octets(&self, name: &str, what: &'static str) -> Result<Option<Vec<u8>>, DecryptError> {
        let Some(text) = self.text(name, what)? else { return Ok(None) };
        let mut octets = Vec::new();
        base64url::decode_append(text.as_bytes(), &mut octets).map_err(|_| DecryptError::header(what))?;
        Ok(Some(octets))
    }
}

/// The text of a member that must be one if it is there.
pub(super) fn text<'h>(
    value: Option<Value<'h>>,
    what: &'static str,
) -> Result<Option<Cow<'h, str>>, DecryptError> {
    let Some(value) = value else { return Ok(None) };
    value.as_str().map(|text| Some(text.decode())).ok_or(DecryptError::header(what))
}

/// Writes the members of a JSON object one by one.
#[derive(Clone)]
pub(super) struct HeaderWriter(Vec<u8>);

impl HeaderWriter {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        let mut json = Vec::with_capacity(text.len() + 2);
        json::write_string(text, &mut json);
        self.json(name, &json);
    }

    pub(super) fn octets(&mut self, name: &str, octets: &[u8]) {
        self.text(name, &base64url::encode(octets));
    }

    /// A member whose value is JSON already.
    pub(super) fn json(&mut self, name: &str, json: &[u8]) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        json::write_string(name, &mut self.0);
        self.0.push(b':');
        self.0.extend_from_slice(json);
    }

    /// Members that another writer collected.
    pub(super) fn append(&mut self, other: &Self) {
        if let Some((_, members)) = other.0.split_first() {
            self.0.push(if self.0.is_empty() { b'{' } else { b',' });
            self.0.extend_from_slice(members);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The finished object.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.0.is_empty() {
            self.0.push(b'{');
        }
        self.0.push(b'}');
        self.0
    }
}
