//! How long to wait before the next connection.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LAST: Duration = Duration::from_secs(10);

/// Pauses that double from a quarter of a second to ten seconds, each lengthened by up to half at random, so that a
/// fleet of guards does not return to a restarted issuer in the same instant.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    pub(super) fn next(&mut self) -> Duration {
        let pause = (FIRST * 2u32.saturating_pow(self.failures.min(16))).min(LAST);
        self.failures = self.failures.saturating_add(1);
        pause + pause.mul_f64(f64::from(random_byte()) / 512.0)
    }
}

/// Spreading load needs no secret randomness; the seed of the standard library's hash maps will do.
fn random_byte() -> u8 {
    RandomState::new().hash_one(0u8).to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_start_again() {
        let mut backoff = Backoff::default();
        for millis in [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000] {
            let (pause, least) = (backoff.next(), Duration::from_millis(millis));
            assert!(least <= pause && pause <= least * 3 / 2, "{pause:?} for {least:?}");
        }
        backoff.reset();
        assert!(backoff.next() < Duration::from_millis(400));
    }
}
