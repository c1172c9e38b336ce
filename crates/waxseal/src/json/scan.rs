//! The scanner itself: recursive descent with a depth limit.

use super::names::Names;
use super::text::{JsonStr, plain_run};

/// Why the text was refused. Never says what the text was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("is not valid JSON")]
    Syntax,
    #[error("is not a JSON object")]
    NotAnObject,
    #[error("repeats a member name")]
    DuplicateName,
    #[error("is nested too deeply")]
    TooDeep,
}

/// The JSON type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A validated value as it stands in the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) kind: Kind,
    /// The text of the value, without surrounding white space.
    pub(crate) raw: &'a str,
    /// A string contains escapes.
    escaped: bool,
}

impl<'a> Value<'a> {
    /// The string, if the value is one.
    #[inline]
    pub(crate) fn as_str(self) -> Option<JsonStr<'a>> {
        if self.kind != Kind::String {
            return None;
        }
        let raw = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(JsonStr { raw, escaped: self.escaped })
    }
}

/// Is shown the members of an object while it is scanned.
pub(crate) trait Visitor<'a> {
    /// A member of the outermost object, after its value was validated.
    fn member(&mut self, name: JsonStr<'a>, value: Value<'a>);

    /// Every member name at any depth.
    fn name(&mut self, _name: JsonStr<'a>) {}
}

/// Checks that `text` is one JSON object and nothing else, nested at most `depth` levels.
pub(crate) fn scan_object<'a>(
    text: &'a str,
    depth: usize,
    visitor: &mut impl Visitor<'a>,
) -> Result<(), Fault> {
    // Outside the scanner: moving this into it would copy all its room.
    let mut names = Names::new();
    let mut scanner = Scanner { text, position: 0, names: &mut names, visitor };
    scanner.white_space();
    if scanner.peek() != Some(b'{') {
        // "Not an object" is only true of what is JSON at all.
        scanner.value(depth)?;
        scanner.end()?;
        return Err(Fault::NotAnObject);
    }
    scanner.object::<true>(depth)?;
    scanner.end()
}

/// The elements of a validated array, in order; nothing if `array` is not an array.
pub(crate) fn elements(array: Value<'_>) -> Vec<Value<'_>> {
    let mut found = Vec::new();
    all_elements(array, |value| {
        found.push(value);
        true
    });
    found
}

/// Whether `test` holds for every element of a validated array; stops asking at the first for which it does
/// not. True if `array` is not an array.
pub(crate) fn all_elements<'a>(array: Value<'a>, mut test: impl FnMut(Value<'a>) -> bool) -> bool {
    let (mut names, mut ignore) = (Names::new(), Ignore);
    let mut scanner = Scanner { text: array.raw, position: 0, names: &mut names, visitor: &mut ignore };
    let mut all = true;
    if scanner.peek() == Some(b'[') {
        // The text was validated before, within this depth, so nothing can be wrong with it.
        let _ = scanner.array(crate::Limits::MAX_DEPTH, |value| all = all && test(value));
    }
    all
}

struct Ignore;

impl<'a> Visitor<'a> for Ignore {
    fn member(&mut self, _: JsonStr<'a>, _: Value<'a>) {}
}

/// What kind of value was read. Small, so that it is returned in a register: a whole [`Value`] goes through
/// memory at every step, and that takes longer than the reading.
#[derive(Clone, Copy)]
struct Seen {
    kind: Kind,
    escaped: bool,
}

struct Scanner<'a, 'v, V> {
    text: &'a str,
    position: usize,
    names: &'v mut Names<'a>,
    visitor: &'v mut V,
}

impl<'a, V: Visitor<'a>> Scanner<'a, '_, V> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.position..).unwrap_or(&[])
    }

    #[inline]
    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    #[inline]
    fn slice(&self, start: usize, end: usize) -> Result<&'a str, Fault> {
        self.text.get(start..end).ok_or(Fault::Syntax)
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.white_space();
        if self.position == self.text.len() { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// Reads a value and says what it was; the caller knows where it began.
    fn value(&mut self, depth: usize) -> Result<Seen, Fault> {
        let mut escaped = false;
        let kind = match self.peek() {
            Some(b'"') => {
                escaped = self.string()?;
                Kind::String
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'{') => self.object::<false>(depth)?,
            Some(b'[') => self.array(depth, |_| {})?,
            Some(b't') => self.literal(b"true", Kind::Bool)?,
            Some(b'f') => self.literal(b"false", Kind::Bool)?,
            Some(b'n') => self.literal(b"null", Kind::Null)?,
            _ => return Err(Fault::Syntax),
        };
        Ok(Seen { kind, escaped })
    }

    /// The value that was read from `start` up to here.
    #[inline]
    fn seen(&self, seen: Seen, start: usize) -> Result<Value<'a>, Fault> {
        Ok(Value { kind: seen.kind, raw: self.slice(start, self.position)?, escaped: seen.escaped })
    }

    /// At the opening quote of a member's name.
    #[inline]
    fn name(&mut self) -> Result<JsonStr<'a>, Fault> {
        let start = self.position + 1;
        let escaped = self.string()?;
        Ok(JsonStr { raw: self.slice(start, self.position - 1)?, escaped })
    }

    fn object<const OUTERMOST: bool>(&mut self, depth: usize) -> Result<Kind, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::TooDeep)?;
        let start = self.names.open();
        self.position += 1;
        self.white_space();
        if self.peek() == Some(b'}') {
            self.position += 1;
            return Ok(Kind::Object);
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(Fault::Syntax);
            }
            let name = self.name()?;
            self.visitor.name(name);
            self.names.push(name);
            self.white_space();
            if self.peek() != Some(b':') {
                return Err(Fault::Syntax);
            }
            self.position += 1;
            self.white_space();
            let start = self.position;
            let seen = self.value(depth)?;
            if OUTERMOST {
                self.visitor.member(name, self.seen(seen, start)?);
            }
            if self.separator(b'}')? {
                break;
            }
        }
        if self.names.close(start) { Err(Fault::DuplicateName) } else { Ok(Kind::Object) }
    }

    fn array(&mut self, depth: usize, mut element: impl FnMut(Value<'a>)) -> Result<Kind, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::TooDeep)?;
        self.position += 1;
        self.white_space();
        if self.peek() == Some(b']') {
            self.position += 1;
            return Ok(Kind::Array);
        }
        loop {
            let start = self.position;
            let seen = self.value(depth)?;
            element(self.seen(seen, start)?);
            if self.separator(b']')? {
                return Ok(Kind::Array);
            }
        }
    }

    /// After a value: true at `close`, false at a comma (with the white space behind it skipped).
    #[inline]
    fn separator(&mut self, close: u8) -> Result<bool, Fault> {
        self.white_space();
        let byte = self.peek();
        self.position += 1;
        if byte == Some(b',') {
            self.white_space();
            return Ok(false);
        }
        if byte == Some(close) { Ok(true) } else { Err(Fault::Syntax) }
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<Kind, Fault> {
        if !self.rest().starts_with(word) {
            return Err(Fault::Syntax);
        }
        self.position += word.len();
        Ok(kind)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.position;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        if self.position == start { Err(Fault::Syntax) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        if self.peek() == Some(b'0') {
            self.position += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        // Shorter numbers without an exponent are within the range of a double.
        if self.exponent()? || self.position - start > 308 {
            self.finite(start)?;
        }
        Ok(Kind::Number)
    }

    fn exponent(&mut self) -> Result<bool, Fault> {
        if !matches!(self.peek(), Some(b'e' | b'E')) {
            return Ok(false);
        }
        self.position += 1;
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.position += 1;
        }
        self.digits()?;
        Ok(true)
    }

    /// `1e999` is infinity to one reader and an error to the next (RFC 7493 §2.2).
    #[cold]
    fn finite(&self, start: usize) -> Result<(), Fault> {
        let number: Option<f64> = self.slice(start, self.position)?.parse().ok();
        if number.is_some_and(f64::is_finite) { Ok(()) } else { Err(Fault::Syntax) }
    }

    /// At the opening quote; leaves the position behind the closing one and says whether there are escapes.
    fn string(&mut self) -> Result<bool, Fault> {
        self.position += 1;
        let mut escaped = false;
        loop {
            self.position += plain_run(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(Fault::Syntax),
            }
        }
        self.position += 1;
        Ok(escaped)
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.rest().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.position += 2;
                Ok(())
            }
            Some(b'u') => {
                // Half a surrogate pair is not a character: one parser drops it, another replaces it.
                match self.unicode_escape()? {
                    0xd800..=0xdbff => match self.unicode_escape()? {
                        0xdc00..=0xdfff => Ok(()),
                        _ => Err(Fault::Syntax),
                    },
                    0xdc00..=0xdfff => Err(Fault::Syntax),
                    _ => Ok(()),
                }
            }
            _ => Err(Fault::Syntax),
        }
    }

    fn unicode_escape(&mut self) -> Result<u32, Fault> {
        let [b'\\', b'u', digits @ ..] = self.rest().get(..6).unwrap_or(&[]) else {
            return Err(Fault::Syntax);
        };
        let mut unit = 0;
        for &digit in digits {
            let value = char::from(digit).to_digit(16).ok_or(Fault::Syntax)?;
            unit = unit * 16 + value;
        }
        self.position += 6;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Members(Vec<(String, String)>);

    impl<'a> Visitor<'a> for Members {
        fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
            self.0.push((name.decode().into_owned(), value.raw.to_owned()));
        }
    }

    fn scan(text: &str) -> Result<Vec<(String, String)>, Fault> {
        let mut members = Members(Vec::new());
        scan_object(text, 4, &mut members).map(|()| members.0)
    }

    #[test]
    fn members_are_shown_with_their_source_text() {
        let members =
            scan(" { \"a\" : \"x\\n\" , \"b\\u0063\":[1, 2.5e-3],\"d\":{\"e\":null},\"f\":-0 } ").unwrap();
        let expected = [("a", "\"x\\n\""), ("bc", "[1, 2.5e-3]"), ("d", "{\"e\":null}"), ("f", "-0")];
        assert_eq!(members, expected.map(|(name, raw)| (name.to_owned(), raw.to_owned())));
        assert_eq!(scan("{}"), Ok(vec![]));
    }

    #[test]
    fn footgun_37_whatever_two_parsers_could_read_differently_is_refused() {
        for (text, fault) in [
            ("", Fault::Syntax),
            ("{", Fault::Syntax),
            ("{}x", Fault::Syntax),
            ("{}{}", Fault::Syntax),
            ("{\"a\"}", Fault::Syntax),
            ("{\"a\":}", Fault::Syntax),
            ("{\"a\":1,}", Fault::Syntax),
            ("{,\"a\":1}", Fault::Syntax),
            ("{a:1}", Fault::Syntax),
            ("{'a':1}", Fault::Syntax),
            ("{\"a\":01}", Fault::Syntax),
            ("{\"a\":+1}", Fault::Syntax),
            ("{\"a\":1.}", Fault::Syntax),
            ("{\"a\":.5}", Fault::Syntax),
            ("{\"a\":1e}", Fault::Syntax),
            ("{\"a\":-}", Fault::Syntax),
            ("{\"a\":NaN}", Fault::Syntax),
            ("{\"a\":1e309}", Fault::Syntax),
            ("{\"a\":[-1.8E+308]}", Fault::Syntax),
            ("{\"a\":Infinity}", Fault::Syntax),
            ("{\"a\":tru}", Fault::Syntax),
            ("{\"a\":\"\u{1}\"}", Fault::Syntax),
            ("{\"a\":\"\n\"}", Fault::Syntax),
            ("{\"a\":\"\\x\"}", Fault::Syntax),
            ("{\"a\":\"\\u12\"}", Fault::Syntax),
            ("{\"a\":\"\\u+123\"}", Fault::Syntax),
            ("{\"a\":\"\\ud800\"}", Fault::Syntax),
            ("{\"a\":\"\\ud800\\u0041\"}", Fault::Syntax),
            ("{\"a\":\"\\udc00\"}", Fault::Syntax),
            ("{\"a\":\"", Fault::Syntax),
            ("{\"a\":[1 2]}", Fault::Syntax),
            ("{\"a\":[1,]}", Fault::Syntax),
            ("{\"a\":1 /* c */}", Fault::Syntax),
            ("\u{feff}{}", Fault::Syntax),
            ("[]", Fault::NotAnObject),
            ("null", Fault::NotAnObject),
            ("\"{}\"", Fault::NotAnObject),
            ("nul", Fault::Syntax),
            ("{\"a\":1,\"a\":1}", Fault::DuplicateName),
            ("{\"a\":1,\"\\u0061\":1}", Fault::DuplicateName),
            ("{\"x\":{\"a\":1,\"a\":1}}", Fault::DuplicateName),
            ("{\"x\":[{\"a\":1,\"b\":2,\"a\":1}]}", Fault::DuplicateName),
            ("{\"\\ud83d\\ude00\":1,\"😀\":1}", Fault::DuplicateName),
            ("{\"a\":[[[[]]]]}", Fault::TooDeep),
            ("{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}", Fault::TooDeep),
        ] {
            assert_eq!(scan(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn numbers_have_the_range_of_a_double() {
        let nines = |count| format!("{{\"a\":{}}}", "9".repeat(count));
        for (text, accepted) in [
            ("{\"a\":1.7976931348623157e308}".to_owned(), true),
            ("{\"a\":1e-999}".to_owned(), true),
            ("{\"a\":0e999}".to_owned(), true),
            (nines(308), true),
            (nines(309), false),
            (nines(5000), false),
        ] {
            assert_eq!(scan(&text).is_ok(), accepted, "{text}");
        }
    }

    #[test]
    fn names_may_repeat_in_different_objects() {
        assert!(scan("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}],\"c\":{\"a\":[{}]}}").is_ok());
        assert!(scan("{\"__proto__\":{},\"a\":\"\\ud83d\\ude00\"}").is_ok());
    }

    #[test]
    fn duplicates_are_found_in_objects_of_every_size() {
        for count in [1, 2, 15, 16, 17, 23, 24, 25, 26, 100, 2000] {
            let mut names: Vec<String> = (0..count).map(|n| format!("\"n{n}\":{{\"in{n}\":0}}")).collect();
            let text = format!("{{{}}}", names.join(","));
            assert_eq!(scan(&text).map(|members| members.len()), Ok(count), "{count}");
            for repeated in [0, count / 2, count - 1] {
                names.push(format!("\"\\u006e{repeated}\":0"));
                let text = format!("{{{}}}", names.join(","));
                assert_eq!(scan(&text), Err(Fault::DuplicateName), "{count} {repeated}");
                names.pop();
            }
        }
    }

    #[test]
    fn elements_are_split_at_their_commas() {
        struct Keep<'a>(Vec<Value<'a>>);
        impl<'a> Visitor<'a> for Keep<'a> {
            fn member(&mut self, _: JsonStr<'a>, value: Value<'a>) {
                self.0.push(value);
            }
        }
        let mut keep = Keep(Vec::new());
        scan_object("{\"a\":[ 1 , {\"b\":[2,3]} ,\"x\"],\"c\":5}", 4, &mut keep).unwrap();
        let raw = |value: Value<'static>| -> Vec<&str> { elements(value).iter().map(|v| v.raw).collect() };
        assert_eq!(raw(keep.0[0]), ["1", "{\"b\":[2,3]}", "\"x\""]);
        assert!(raw(keep.0[1]).is_empty());
    }
}
