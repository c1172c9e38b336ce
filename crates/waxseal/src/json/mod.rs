//! A strict reader of JSON text (RFC 8259 within the limits of RFC 7493, I-JSON).
//!
//! One pass checks everything that two parsers could see differently: duplicate member names at any
//! depth (compared after unescaping), lone surrogates, depth, number syntax, trailing text. It
//! builds no tree; a [`Visitor`] is shown the members of the outermost object as borrowed slices.

mod names;
mod scan;
mod text;

pub(crate) use scan::{Fault, Kind, Value, Visitor, all_elements, elements, scan_object};
pub(crate) use text::JsonStr;

use text::plain_run;

/// Appends `text` as a JSON string, quotes included.
#[inline]
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (plain, special) = rest.split_at_checked(plain_run(rest)).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = special.split_first() else { break };
        write_escape(byte, out);
        rest = after;
    }
    out.push(b'"');
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    const HEX: [u8; 16] = *b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            out.extend_from_slice(b"\\u00");
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
}

/// Appends `number` in decimal.
#[inline]
pub(crate) fn write_integer(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_integers_read_back() {
        for text in ["", "plain", "a long text without anything special in it", "\"\\\n\r\t\0\u{1f}", "ä€😀"]
        {
            let mut out = Vec::new();
            write_string(text, &mut out);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text, "{text:?}");
        }
        for number in [0, 7, 10, -1, 1_700_000_000, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            write_integer(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
