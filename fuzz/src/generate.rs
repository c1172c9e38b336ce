//! JSON text made of choices: mostly well-formed, often on the edge, sometimes wrong.

use crate::fixed;
use crate::source::Source;
use std::fmt::Write as _;

/// Texts that mean something to the reader of a token.
pub(crate) const TEXTS: &[&str] = &[
    "",
    fixed::ISSUER,
    fixed::AUDIENCE,
    "alice",
    "k",
    "other",
    "JWT",
    "jwt",
    "at+jwt",
    "application/at+JWT",
    "HS256",
    "none",
    "hs256",
    "HS512",
    "RS256",
    "EdDSA",
    "b64",
    "exp",
    "sig",
    "\u{0}",
    "é\u{1F600}",
];

/// Numbers around which dates change their meaning; `{}` stands for the current second.
const NUMBERS: &[&str] = &[
    "1700000000",
    "1700000001",
    "1699999999",
    "1700000060",
    "1699999940",
    "1700000000.5",
    "17e8",
    "1.7E+9",
    "0",
    "-0",
    "-1",
    "-0.5",
    "0.5",
    "253402300799",
    "253402300800",
    "253402300799.5",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e308",
    "1e309",
    "1e-400",
    "01",
    "1.",
    "+1",
    "NaN",
];

/// What `JSON.parse` of some peer would take, or what breaks off.
const JUNK: &[&str] =
    &[",", "}", "]", "\"", "\\", "//", "\u{feff}", "\u{0}", ":", "nul", "truee", "'a'", "\\ud800"];

/// An object with members called mostly by one of `names`.
pub(crate) fn object(source: &mut Source<'_>, names: &[&str]) -> String {
    let mut out = String::new();
    write_object(source, names, 4, &mut out);
    out
}

fn write_object(source: &mut Source<'_>, names: &[&str], depth: usize, out: &mut String) {
    let count = source.byte() % 12;
    out.push('{');
    for index in 0..count {
        if index > 0 {
            out.push(',');
        }
        write_space(source, out);
        write_name(source, names, out);
        write_space(source, out);
        out.push(':');
        write_value(source, names, depth, out);
    }
    write_space(source, out);
    out.push('}');
}

fn write_space(source: &mut Source<'_>, out: &mut String) {
    if source.one_in(32) {
        out.push_str(source.pick(&[" ", "\n", "\t\r", "\u{a0}", "\u{c}"]));
    }
}

fn write_name(source: &mut Source<'_>, names: &[&str], out: &mut String) {
    if source.one_in(16) {
        let name = source.text();
        write_text(source, &name, out);
    } else {
        let name = source.pick(names);
        write_text(source, name, out);
    }
}

fn write_value(source: &mut Source<'_>, names: &[&str], depth: usize, out: &mut String) {
    match source.byte() % 16 {
        0..=5 => {
            let text = source.pick(TEXTS);
            write_text(source, text, out);
        }
        6..=8 => out.push_str(source.pick(NUMBERS)),
        9 => {
            let _ = write!(out, "{}", fixed::NOW - 128 + i64::from(source.byte()));
        }
        10 => out.push_str(source.pick(&["true", "false", "null"])),
        11 | 12 => write_array(source, names, depth, out),
        13 if depth > 0 => write_object(source, names, depth - 1, out),
        14 => {
            let text = source.text();
            write_text(source, &text, out);
        }
        _ => write_rare(source, out),
    }
}

fn write_array(source: &mut Source<'_>, names: &[&str], depth: usize, out: &mut String) {
    out.push('[');
    for index in 0..source.byte() % 4 {
        if index > 0 {
            out.push(',');
        }
        match depth.checked_sub(1) {
            Some(depth) => write_value(source, names, depth, out),
            None => out.push('0'),
        }
    }
    out.push(']');
}

fn write_rare(source: &mut Source<'_>, out: &mut String) {
    if source.one_in(4) {
        out.push_str(source.pick(JUNK));
    } else {
        // Around the limit on depth, which is 32 with this object around it.
        let levels = source.below(40);
        out.push_str(&"[".repeat(levels));
        out.push('1');
        out.push_str(&"]".repeat(levels));
    }
}

/// A JSON string that stands for `text`, now and then with escapes where none are needed.
fn write_text(source: &mut Source<'_>, text: &str, out: &mut String) {
    let escape_all = source.one_in(16);
    out.push('"');
    for character in text.chars() {
        if escape_all && source.one_in(2) || character < ' ' || character == '"' || character == '\\' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out.push('"');
}
