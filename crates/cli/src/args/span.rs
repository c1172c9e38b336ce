//! Spans of time as people type them.

use std::time::Duration;

/// The units, longest first, with their seconds.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A hundred years: more is a slip of the finger, and would end beyond the dates a token can hold.
const MAX_SECONDS: u64 = 36_525 * 86_400;

const EXPECTED: &str = "expected a span such as 90s, 15m, 1h30m, 7d or 2w (units w, d, h, m, s, each once, longest first; at most 100 years)";

/// Reads a span: whole numbers with a unit each, `w d h m s`, longest first and each at most once.
///
/// A number without a unit is refused: other tools read it as seconds, milliseconds or minutes.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    total_seconds(text).map(Duration::from_secs).ok_or_else(|| EXPECTED.to_owned())
}

fn total_seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let mut letters = after.chars();
        let letter = letters.next()?;
        // The search goes on behind the last unit found, which is what keeps them in order.
        let (_, seconds) = units.find(|(unit, _)| *unit == letter)?;
        total = number.parse::<u64>().ok()?.checked_mul(*seconds)?.checked_add(total)?;
        rest = letters.as_str();
    }
    (!text.is_empty() && total <= MAX_SECONDS).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_are_read() {
        for (text, seconds) in [
            ("0s", 0),
            ("1s", 1),
            ("90s", 90),
            ("15m", 900),
            ("1h30m", 5400),
            ("7d", 604_800),
            ("2w", 1_209_600),
            ("1w1d1h1m1s", 694_861),
            ("100m", 6000),
            ("036525d", 3_155_760_000),
        ] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn spans_that_are_refused() {
        for text in [
            "",
            "15",
            "m",
            "15min",
            "15 m",
            " 15m",
            "-15m",
            "+15m",
            "1.5h",
            "30m1h",
            "1h1h",
            "1H",
            "15m ",
            "1y",
            "3155760001s",
            "18446744073709551616s",
            "18446744073709551615m",
            "1w18446744073709551615s",
            "١s",
            "1é",
        ] {
            assert!(span(text).is_err(), "{text:?}");
        }
    }
}
