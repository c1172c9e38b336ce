//! Where an API gets the time from.

use std::time::{Duration, SystemTime};

/// The wall clock that decides whether a token has expired and whether the revocation feed is stale.
///
/// It is read once per verified token. Any `Fn() -> SystemTime` is a clock, so that a test or a
/// demonstration can share an adjustable one with the issuer of the tokens.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::{Duration, SystemTime};
/// use waxseal_trust::Clock;
///
/// let seconds = Arc::new(AtomicU64::new(1_700_000_000));
/// let shared = Arc::clone(&seconds);
/// let clock = move || SystemTime::UNIX_EPOCH + Duration::from_secs(shared.load(Ordering::Relaxed));
/// let before = clock.now();
/// seconds.fetch_add(900, Ordering::Relaxed);
/// assert_eq!(clock.now(), before + Duration::from_secs(900));
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where an API's time comes from")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl<F> Clock for F
where
    F: Fn() -> SystemTime + Send + Sync + 'static,
{
    fn now(&self) -> SystemTime {
        self()
    }
}

/// Whole milliseconds since the epoch; a clock before 1970 counts as 1970.
pub(crate) fn unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
