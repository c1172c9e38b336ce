//! Time, handed in by whoever runs the server.

use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use waxseal::NumericDate;

/// A moment, in whole milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `milliseconds` after the Unix epoch (before it, when negative).
    #[must_use]
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment plus `span`; stays at the end of the range instead of wrapping.
    #[must_use]
    pub fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// How long ago `earlier` was, or `None` when it lies in the future of this moment.
    ///
    /// A clock that stepped back must not make old things look new, so there is no negative age.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Duration> {
        let span = self.0.checked_sub(earlier.0)?;
        u64::try_from(span).ok().map(Duration::from_millis)
    }

    /// The second that this moment lies in, as JWT claims write it (RFC 7519 §2).
    #[must_use]
    pub fn to_numeric_date(self) -> NumericDate {
        NumericDate::from(self.to_system_time())
    }

    fn to_system_time(self) -> SystemTime {
        let millis = u64::try_from(self.0).unwrap_or(0);
        UNIX_EPOCH.checked_add(Duration::from_millis(millis)).unwrap_or(UNIX_EPOCH)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(millis(since)),
            Err(before) => Self(millis(before.duration()).saturating_neg()),
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Where "now" comes from.
pub trait Clock: Debug + Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the server reads the system clock")]
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_never_negative() {
        let t = Timestamp::from_millis;
        assert_eq!(t(5).since(t(3)), Some(Duration::from_millis(2)));
        assert_eq!(t(3).since(t(3)), Some(Duration::ZERO));
        assert_eq!(t(3).since(t(4)), None);
        assert_eq!(t(i64::MAX).since(t(i64::MIN)), None, "overflow is not an age");
    }

    #[test]
    fn addition_stops_at_the_end_of_the_range() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.saturating_add(Duration::from_secs(1)), end);
        assert_eq!(Timestamp::from_millis(0).saturating_add(Duration::MAX), end);
    }

    #[test]
    fn seconds_are_cut_not_rounded() {
        assert_eq!(Timestamp::from_millis(1_999).to_numeric_date().seconds(), 1);
        assert_eq!(Timestamp::from_millis(-1).to_numeric_date().seconds(), 0);
    }
}
