//! A clock that can be put forward, so that nobody waits for a token to expire.
//!
//! It lives in this one process and is handed to the server and the guard as an object. Nothing outside, no flag, no
//! variable, no route, reaches it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use waxseal_domain::{Clock, SystemClock, Timestamp};

/// The system's clock, ahead by what [`advance`](Self::advance) added up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct AdjustableClock {
    ahead_millis: Arc<AtomicU64>,
}

impl AdjustableClock {
    /// Lets `span` pass at once.
    pub(crate) fn advance(&self, span: Duration) {
        let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        self.ahead_millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// The time as the guard wants it.
    pub(crate) fn system_time(&self) -> SystemTime {
        let millis = u64::try_from(self.now().millis()).unwrap_or(0);
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }
}

impl Clock for AdjustableClock {
    fn now(&self) -> Timestamp {
        let ahead = Duration::from_millis(self.ahead_millis.load(Ordering::SeqCst));
        SystemClock.now().saturating_add(ahead)
    }
}
