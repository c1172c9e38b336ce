//! JSON as `serde_json` reads it, with repeated members and the text of numbers kept.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How deep [`Tree::read`] looks; more than the library ever accepts.
const DEPTH: usize = 100;

/// A value. Objects keep their members in order, repeated ones included.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Tree {
    Object(Vec<(String, Tree)>),
    Array(Vec<Tree>),
    Text(String),
    Number(String),
    Bool(bool),
    Null,
}

impl Tree {
    /// `None` if `serde_json` refuses the text, or it is nested more than [`DEPTH`] levels.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // Only now, once, because a raw value may have white space behind it only here.
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        Self::read_raw(raw.get(), DEPTH)
    }

    fn read_raw(text: &str, depth: usize) -> Option<Self> {
        Some(match text.as_bytes().first()? {
            b'{' => {
                let members: Members<'_> = serde_json::from_str(text).ok()?;
                let depth = depth.checked_sub(1)?;
                let read = |(name, value)| Some((name, Self::read_raw(value, depth)?));
                Self::Object(members.0.into_iter().map(read).collect::<Option<_>>()?)
            }
            b'[' => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                let depth = depth.checked_sub(1)?;
                let read = |value: &RawValue| Self::read_raw(value.get(), depth);
                Self::Array(elements.into_iter().map(read).collect::<Option<_>>()?)
            }
            b'"' => Self::Text(serde_json::from_str(text).ok()?),
            b't' | b'f' => Self::Bool(serde_json::from_str(text).ok()?),
            b'n' => Self::Null,
            // Beyond the range of a double it is no number that two readers agree on.
            _ => {
                let _: serde_json::Number = serde_json::from_str(text).ok()?;
                Self::Number(text.to_owned())
            }
        })
    }

    pub(crate) fn members(&self) -> Option<&[(String, Self)]> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The member called `name` of an object that repeats none.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        self.members()?.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn children(&self) -> Vec<&Self> {
        match self {
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
            Self::Array(elements) => elements.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether an object at any depth has two members of one name.
    pub(crate) fn repeats_a_member(&self) -> bool {
        let mut names: Vec<_> = self.members().unwrap_or_default().iter().map(|(name, _)| name).collect();
        names.sort();
        names.windows(2).any(|pair| pair[0] == pair[1])
            || self.children().into_iter().any(Self::repeats_a_member)
    }

    /// Levels of objects and arrays.
    pub(crate) fn depth(&self) -> usize {
        let below = self.children().into_iter().map(Self::depth).max().unwrap_or(0);
        below + usize::from(matches!(self, Self::Object(_) | Self::Array(_)))
    }

    /// Every member name at any depth.
    pub(crate) fn names(&self) -> Vec<&str> {
        let own = self.members().unwrap_or_default().iter().map(|(name, _)| name.as_str());
        own.chain(self.children().into_iter().flat_map(Self::names)).collect()
    }

    /// An object without repeated members at any depth, nested at most `depth` levels.
    pub(crate) fn is_strict_object(&self, depth: usize) -> bool {
        self.members().is_some() && !self.repeats_a_member() && self.depth() <= depth
    }
}

struct Members<'a>(Vec<(String, &'a str)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_and_what_is_refused() {
        let tree = Tree::read(" {\"\\u0061\": [1.50 , {\"b\":null,\"b\":true}], \"c\" : \"x\\n\"} ").unwrap();
        assert_eq!((tree.depth(), tree.repeats_a_member()), (3, true));
        assert_eq!(tree.names(), ["a", "c", "b", "b"]);
        assert_eq!(tree.member("c").and_then(Tree::text), Some("x\n"));
        assert!(matches!(tree.member("a"), Some(Tree::Array(a)) if a[0] == Tree::Number("1.50".into())));
        for text in ["", "{", "{}x", "\"\\ud800\"", "[01]", "{\"a\":\"\\udc00\"}", "\u{feff}{}", "[1e999]"] {
            assert_eq!(Tree::read(text), None, "{text}");
        }
    }
}
