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
    write_string_body(text, out);
    out.push(b'"');
}

/// Appends what stands between the quotes of a JSON string.
#[inline]
pub(crate) fn write_string_body(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let (plain, special) = rest.split_at_checked(plain_run(rest)).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = special.split_first() else { break };
        write_escape(byte, out);
        rest = after;
    }
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

/// Appends `number`, which is not negative, in decimal.
///
/// The dates of our times have ten digits. Eight of them are worked out side by side in one register: written
/// one after the other to memory, they would have to wait there until they can be copied as a whole.
#[inline]
pub(crate) fn write_integer(number: u64, out: &mut Vec<u8>) {
    const TEN_DIGITS: std::ops::Range<u64> = 1_000_000_000..10_000_000_000;
    if !TEN_DIGITS.contains(&number) {
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        return;
    }
    let (first, last) = (number / 100_000_000, number % 100_000_000);
    let digit = |value: u64| b'0' + u8::try_from(value).unwrap_or(0);
    // Apart: put together on the stack first, they could not be read from there in one piece.
    out.extend_from_slice(&[digit(first / 10), digit(first % 10)]);
    out.extend_from_slice(&eight_digits(last));
}

/// The digits of a number below 10^8: halves, quarters and eighths of it, each step all at once.
#[inline]
const fn eight_digits(number: u64) -> [u8; 8] {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    // 10486 / 2^20 is 1/100 as far as numbers below 10^4 can tell, and 103 / 2^10 is 1/10 below 100.
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | ((pairs - tens * 10) << 8);
    (digits | 0x3030_3030_3030_3030).to_le_bytes()
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
        let ends = [0, 7, 10, 999_999_999, 1_000_000_000, 9_999_999_999, 10_000_000_000, u64::MAX];
        let spread = (0..20_000).map(|n| 1_000_000_000 + n * 449_977 + n % 7);
        for number in ends.into_iter().chain(spread) {
            let mut out = Vec::new();
            write_integer(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
