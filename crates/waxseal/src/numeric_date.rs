//! Points in time as JWTs write them (RFC 7519 §2, `NumericDate`).
//!
//! Whole seconds since the Unix epoch, from 1970 to the end of the year 9999. Anything outside that
//! range is refused where it enters, so that no later arithmetic can wrap or turn "expired" into
//! "valid for ever". Leap seconds do not exist here, as in POSIX.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::time::{Duration, SystemTime};

/// Whole seconds since the Unix epoch, between 1970-01-01 and 9999-12-31 (RFC 7519 §2).
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::NumericDate;
///
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// assert_eq!(now.saturating_add(Duration::from_secs(60)).seconds(), 1_700_000_060);
/// assert!(NumericDate::from_seconds(-1).is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NumericDate(i64);

impl NumericDate {
    /// The first representable second, 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The last representable second, 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);

    /// The date `seconds` after the epoch, or `None` outside [`MIN`](Self::MIN)..=[`MAX`](Self::MAX).
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        if seconds >= Self::MIN.0 && seconds <= Self::MAX.0 { Some(Self(seconds)) } else { None }
    }

    /// Seconds since the epoch, never negative.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The date `duration` later, or `None` beyond [`MAX`](Self::MAX). Fractions of a second are dropped.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let seconds = i64::try_from(duration.as_secs()).ok()?;
        self.0.checked_add(seconds).and_then(Self::from_seconds)
    }

    /// The date `duration` later, at most [`MAX`](Self::MAX). Fractions of a second are dropped.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(seconds).min(Self::MAX.0))
    }

    /// The date `duration` earlier, at least [`MIN`](Self::MIN). Fractions of a second are dropped.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(seconds).max(Self::MIN.0))
    }
}

impl From<SystemTime> for NumericDate {
    /// The whole second that contains `time`; clocks before 1970 or after 9999 give the nearest end.
    fn from(time: SystemTime) -> Self {
        Self::MIN.saturating_add(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO))
    }
}

impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Self::from_seconds(seconds).ok_or_else(|| serde::de::Error::custom("date out of range"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_years_1970_to_9999_exist() {
        for (seconds, representable) in [
            (0, true),
            (253_402_300_799, true),
            (-1, false),
            (253_402_300_800, false),
            (i64::MIN, false),
            (i64::MAX, false),
        ] {
            assert_eq!(NumericDate::from_seconds(seconds).is_some(), representable, "{seconds}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        assert_eq!(NumericDate::MAX.saturating_add(Duration::MAX), NumericDate::MAX);
        assert_eq!(NumericDate::MIN.saturating_sub(Duration::MAX), NumericDate::MIN);
        let before_epoch = SystemTime::UNIX_EPOCH - Duration::from_secs(5);
        assert_eq!(NumericDate::from(before_epoch), NumericDate::MIN);
    }

    #[test]
    fn serde_refuses_what_from_seconds_refuses() {
        assert_eq!(serde_json::from_str::<NumericDate>("17").unwrap().seconds(), 17);
        for bad in ["-1", "253402300800", "1.5", "\"17\"", "null"] {
            assert!(serde_json::from_str::<NumericDate>(bad).is_err(), "{bad}");
        }
    }
}
