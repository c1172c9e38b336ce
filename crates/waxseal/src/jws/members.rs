//! The members of a JSON object, found by one strict scan.

use crate::json::{self, Fault, JsonStr, Value, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;

/// Every member of one object, in the order of the text.
#[derive(Default)]
pub(super) struct Members<'a>(Vec<(JsonStr<'a>, Value<'a>)>);

impl<'a> Members<'a> {
    /// Reads one object and nothing else, nested at most `depth` levels, without duplicates at any depth.
    pub(super) fn read(text: &'a str, depth: usize) -> Result<Self, Fault> {
        let mut members = Self(Vec::new());
        json::scan_object(text, depth, &mut members)?;
        Ok(members)
    }

    pub(super) fn find(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().find(|(other, _)| other.is(name)).map(|(_, value)| *value)
    }

    /// The names after unescaping. A set, so that comparing two headers is never quadratic.
    pub(super) fn names(&self) -> HashSet<Cow<'a, str>> {
        self.0.iter().map(|(name, _)| name.decode()).collect()
    }

    /// Whether a name stands in both objects (RFC 7515 §7.2.1 forbids it for the two parts of a header).
    pub(super) fn overlap(&self, other: &Self) -> bool {
        let names = self.names();
        other.0.iter().any(|(name, _)| names.contains(&name.decode()))
    }
}

impl<'a> Visitor<'a> for Members<'a> {
    fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
        self.0.push((name, value));
    }
}
