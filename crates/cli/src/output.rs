//! Text that goes to a terminal or a pipe: JSON laid out without touching its values, and text from
//! outside made harmless.

use crate::failure::Failure;
use serde::Serialize;
use std::fmt::Write as _;

/// How JSON text is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// One line, no spaces: for programs.
    Line,
    /// Two spaces of indentation: for people.
    Indented,
}

/// A value as one line of JSON for programs.
pub(crate) fn line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map(|json| lay_out(&json, Layout::Line)).map_err(|error| {
        Failure::unusable("output_failed", format!("cannot write the result as JSON: {error}"))
    })
}

/// Lays out valid JSON text anew. Numbers, member order and duplicate-free names stay as they were
/// written, which a round trip through a tree of values would not promise.
pub(crate) fn lay_out(json: &str, layout: Layout) -> String {
    let mut writer = Writer { out: String::with_capacity(json.len() * 2), layout, depth: 0, opened: false };
    let mut chars = json.chars();
    while let Some(ch) = chars.next() {
        match ch {
            ' ' | '\t' | '\n' | '\r' => {}
            '"' => {
                writer.before_value();
                writer.string(&mut chars);
            }
            '{' | '[' => writer.open(ch),
            '}' | ']' => writer.close(ch),
            ',' => {
                writer.out.push(ch);
                writer.new_line();
            }
            ':' => writer.out.push_str(if layout == Layout::Line { ":" } else { ": " }),
            _ => {
                writer.before_value();
                writer.out.push(ch);
            }
        }
    }
    writer.out
}

struct Writer {
    out: String,
    layout: Layout,
    depth: usize,
    /// A bracket was just opened; whether a line ends here depends on what follows.
    opened: bool,
}

impl Writer {
    fn new_line(&mut self) {
        if self.layout == Layout::Indented {
            self.out.push('\n');
            for _ in 0..self.depth {
                self.out.push_str("  ");
            }
        }
    }

    fn before_value(&mut self) {
        if std::mem::take(&mut self.opened) {
            self.new_line();
        }
    }

    fn open(&mut self, bracket: char) {
        self.before_value();
        self.out.push(bracket);
        self.depth += 1;
        self.opened = true;
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if !std::mem::take(&mut self.opened) {
            self.new_line();
        }
        self.out.push(bracket);
    }

    /// Copies the rest of a string literal. Inside it an escape means the same as the character, so
    /// what could steer a terminal is escaped.
    fn string(&mut self, chars: &mut std::str::Chars<'_>) {
        self.out.push('"');
        while let Some(ch) = chars.next() {
            match ch {
                '"' => break,
                '\\' => {
                    self.out.push(ch);
                    self.out.extend(chars.next());
                }
                _ if steers_terminals(ch) => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(ch));
                }
                _ => self.out.push(ch),
            }
        }
        self.out.push('"');
    }
}

/// Text from outside with everything that could steer a terminal written as an escape. Line ends stay.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if ch != '\n' && steers_terminals(ch) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(ch));
        } else {
            out.push(ch);
        }
    }
    out
}

/// Control characters (C0, DEL, C1: a terminal may run U+009B as an escape sequence) and the marks
/// that reorder or break lines of text, with which a token could show something else than it says.
fn steers_terminals(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_keeps_every_value_as_it_was_written() {
        let cases = [
            ("{}", "{}", "{}"),
            (" [ ] ", "[]", "[]"),
            (
                r#"{"a":1.50e3 , "b":[12345678901234567890,{}]}"#,
                r#"{"a":1.50e3,"b":[12345678901234567890,{}]}"#,
                "{\n  \"a\": 1.50e3,\n  \"b\": [\n    12345678901234567890,\n    {}\n  ]\n}",
            ),
            (r#"{"q\"{,:": "\\"}"#, r#"{"q\"{,:":"\\"}"#, "{\n  \"q\\\"{,:\": \"\\\\\"\n}"),
            ("\"a b\"", "\"a b\"", "\"a b\""),
            ("null", "null", "null"),
        ];
        for (json, line, indented) in cases {
            assert_eq!(lay_out(json, Layout::Line), line, "{json}");
            assert_eq!(lay_out(json, Layout::Indented), indented, "{json}");
        }
    }

    #[test]
    fn nothing_printed_can_steer_a_terminal() {
        for ch in ['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{2028}', '\r', '\0'] {
            let json = lay_out(&format!("[\"a{ch}b\"]"), Layout::Line);
            assert!(!json.contains(ch), "{ch:?}");
            let back: Vec<String> = serde_json::from_str(&json).unwrap();
            assert_eq!(back, [format!("a{ch}b")], "{ch:?}");
            assert!(!printable(&format!("a{ch}b")).contains(ch), "{ch:?}");
        }
        assert_eq!(printable("Zoë 🦭\nsecond line"), "Zoë 🦭\nsecond line");
    }
}
