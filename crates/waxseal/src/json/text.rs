//! JSON strings as borrowed slices of their source.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A validated JSON string: the text between its quotes, and whether it contains escapes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonStr<'a> {
    pub(super) raw: &'a str,
    pub(super) escaped: bool,
}

impl<'a> JsonStr<'a> {
    /// The text that the string stands for, unless it has escapes.
    #[inline]
    pub(crate) fn plain(self) -> Option<&'a str> {
        if self.escaped { None } else { Some(self.raw) }
    }

    /// The text that the string stands for; borrowed unless it has escapes.
    #[inline]
    pub(crate) fn decode(self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(self.chars().collect()) } else { Cow::Borrowed(self.raw) }
    }

    /// Whether the string stands for `text`.
    #[inline]
    pub(crate) fn is(self, text: &str) -> bool {
        if self.escaped { self.chars().eq(text.chars()) } else { self.raw == text }
    }

    /// Whether both strings stand for the same text.
    #[inline]
    pub(crate) fn same_as(self, other: Self) -> bool {
        if self.escaped || other.escaped { self.chars().eq(other.chars()) } else { self.raw == other.raw }
    }

    /// Equal for the same text; different, nearly always, for different texts.
    #[inline]
    pub(super) fn fingerprint(self) -> u64 {
        if self.escaped { fingerprint(self.decode().as_bytes()) } else { fingerprint(self.raw.as_bytes()) }
    }

    /// A total order in which equal means "the same text".
    pub(super) fn order(self, other: Self) -> Ordering {
        if self.escaped || other.escaped {
            self.chars().cmp(other.chars())
        } else {
            // UTF-8 sorts like its code points, so both arms agree.
            self.raw.cmp(other.raw)
        }
    }

    fn chars(self) -> Unescape<'a> {
        Unescape { rest: self.raw }
    }
}

/// The characters of a validated JSON string.
struct Unescape<'a> {
    rest: &'a str,
}

impl Unescape<'_> {
    fn hex4(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        u32::from_str_radix(digits, 16).ok()
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.hex4()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.rest = self.rest.strip_prefix("\\u")?;
        let second = self.hex4()?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)
    }
}

impl Iterator for Unescape<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        self.rest = chars.as_str();
        if first != '\\' {
            return Some(first);
        }
        let escape = chars.next()?;
        self.rest = chars.as_str();
        match escape {
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.unicode(),
            other => Some(other),
        }
    }
}

/// Both ends and the length of `bytes`. No hash: whoever wants a collision has one, and then pays for one
/// comparison more.
#[inline]
fn fingerprint(bytes: &[u8]) -> u64 {
    let (low, high) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
            }
            _ => match bytes {
                [] => (0, 0),
                [one] => (u64::from(*one), 0),
                [first, second, ..] => {
                    let last = bytes.last().copied().unwrap_or(0);
                    (u64::from(*first) | u64::from(*second) << 8, u64::from(last))
                }
            },
        },
    };
    low.rotate_left(5) ^ high.rotate_left(37) ^ (bytes.len() as u64)
}

/// How many leading bytes need no attention inside a string: no quote, backslash or control.
#[allow(clippy::inline_always, reason = "the innermost loop; called, it takes a third longer")]
#[inline(always)]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut run = 0;
    for word in words {
        if let Some(place) = first_special(u64::from_le_bytes(*word)) {
            return run + place;
        }
        run += 8;
    }
    if tail.is_empty() { run } else { plain_end(bytes, tail, run) }
}

/// The end that fills no word of eight: read again together with bytes before it that are known to be plain.
#[inline]
fn plain_end(bytes: &[u8], tail: &[u8], run: usize) -> usize {
    if let Some(last) = bytes.last_chunk::<8>() {
        return first_special(u64::from_le_bytes(*last)).map_or(bytes.len(), |place| bytes.len() - 8 + place);
    }
    if let (Some(first), Some(last)) = (tail.first_chunk::<4>(), tail.last_chunk::<4>()) {
        let both = u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
        return match first_special(both) {
            None => bytes.len(),
            Some(place @ 0..4) => place,
            Some(place) => tail.len() + place - 8,
        };
    }
    run + tail.iter().position(|&byte| is_special(byte)).unwrap_or(tail.len())
}

/// The place of the first byte of `word`, in memory order, that is special.
#[inline]
const fn first_special(word: u64) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5c);
    // The classic "has a zero byte" and "has a byte below n" tests. A borrow can only mark bytes above a
    // real hit, so the lowest mark is exact.
    let special = (word.wrapping_sub(ONES * 0x20) & !word)
        | (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash);
    let marks = special & HIGH;
    if marks == 0 { None } else { Some((marks.trailing_zeros() / 8) as usize) }
}

const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_at_a_time_search_finds_every_special_byte() {
        for length in 0..20 {
            for position in 0..length {
                for byte in 0..=255_u8 {
                    for filler in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xff] {
                        let mut bytes = vec![filler; length];
                        bytes[position] = byte;
                        let expected = bytes.iter().position(|b| is_special(*b)).unwrap_or(length);
                        assert_eq!(plain_run(&bytes), expected, "{bytes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn order_is_by_decoded_text() {
        let plain = |raw| JsonStr { raw, escaped: false };
        let escaped = |raw| JsonStr { raw, escaped: true };
        assert_eq!(plain("a").order(escaped("\\u0061")), Ordering::Equal);
        assert!(plain("iss").same_as(escaped("\\u0069ss")));
        assert_eq!(plain("\u{ff5e}").order(plain("\u{10000}")), Ordering::Less);
        assert_eq!(escaped("\\uff5e").order(escaped("\\ud800\\udc00")), Ordering::Less);
        assert_eq!(escaped("\\/\\b\\f\\n\\r\\t\\\"\\\\").decode(), "/\u{8}\u{c}\n\r\t\"\\");
    }
}
