//! How long a token lives.

use std::str::FromStr;
use std::time::Duration;

/// The time between a token's making and its end, in whole seconds, at least one.
///
/// Made from a [`Duration`], or from a text such as `15m` or `1h30m`: whole numbers with a unit each, `w d h m
/// s`, longest first and each at most once. A number without a unit is refused: one library reads it as
/// seconds, another as milliseconds.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::Lifetime;
///
/// assert_eq!("15m".parse(), Ok(Lifetime::from(Duration::from_secs(900))));
/// assert!("900".parse::<Lifetime>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Lifetime(Duration);

/// The units, longest first, with their seconds.
const UNITS: [(u8, u64); 5] = [(b'w', 604_800), (b'd', 86_400), (b'h', 3_600), (b'm', 60), (b's', 1)];

/// The text is not whole numbers with units.
///
/// # Examples
/// ```
/// use waxseal::Lifetime;
///
/// let error = "15".parse::<Lifetime>().unwrap_err();
/// assert!(error.to_string().contains("15m"), "the message shows how to write one");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected a span such as 90s, 15m, 1h30m or 7d (units w, d, h, m, s, each once, longest first)")]
#[non_exhaustive]
pub struct InvalidLifetime;

impl Lifetime {
    /// The lifetime as a duration.
    #[must_use]
    pub const fn as_duration(self) -> Duration {
        self.0
    }
}

impl From<Duration> for Lifetime {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl FromStr for Lifetime {
    type Err = InvalidLifetime;

    fn from_str(text: &str) -> Result<Self, InvalidLifetime> {
        total_seconds(text).map(Duration::from_secs).map(Self).ok_or(InvalidLifetime)
    }
}

fn total_seconds(text: &str) -> Option<u64> {
    let mut rest = text.as_bytes();
    let mut units = UNITS.iter();
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let (letter, after) = after.split_first()?;
        // The search goes on behind the last unit found, which is what keeps them in order.
        let (_, seconds) = units.find(|(unit, _)| unit == letter)?;
        let number: u64 = std::str::from_utf8(number).ok()?.parse().ok()?;
        total = number.checked_mul(*seconds)?.checked_add(total)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

impl TryFrom<&str> for Lifetime {
    type Error = InvalidLifetime;

    fn try_from(text: &str) -> Result<Self, InvalidLifetime> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        for (text, seconds) in [
            ("1s", Some(1)),
            ("15m", Some(900)),
            ("2h", Some(7_200)),
            ("30d", Some(2_592_000)),
            ("1w", Some(604_800)),
            ("0s", Some(0)),
            ("900", None),
            ("", None),
            ("m", None),
            ("-1s", None),
            ("+1s", None),
            ("1.5h", None),
            ("1 h", None),
            (" 1h", None),
            ("1h30m", Some(5_400)),
            ("1w1d1h1m1s", Some(694_861)),
            ("30m1h", None),
            ("1h1h", None),
            ("1M", None),
            ("18446744073709551615s", Some(u64::MAX)),
            ("18446744073709551615m", None),
            ("18446744073709551616s", None),
            ("1é", None),
        ] {
            let found = text.parse::<Lifetime>().ok().map(|lifetime| lifetime.as_duration().as_secs());
            assert_eq!(found, seconds, "{text}");
        }
    }
}
