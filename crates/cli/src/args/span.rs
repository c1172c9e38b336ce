//! Spans of time as people type them.

use std::time::Duration;
use waxseal::Lifetime;

/// A hundred years: more is a slip of the finger, and would end beyond the dates a token can hold.
const MAX_SECONDS: u64 = 36_525 * 86_400;

/// Reads a span as [`Lifetime`] does, up to a hundred years.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let span = text.parse::<Lifetime>().map(Lifetime::as_duration).map_err(|error| error.to_string())?;
    if span.as_secs() <= MAX_SECONDS { Ok(span) } else { Err("expected at most 100 years".to_owned()) }
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
