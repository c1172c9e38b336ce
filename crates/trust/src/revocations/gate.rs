//! The one word that most requests read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// When the feed last proved itself alive, and whether there is anything to look up.
///
/// Both are one atomic word, because a request of an API without live revocations should pay for one load and
/// no more: bit 0 says that entries exist, the rest is the time in milliseconds, 0 for never.
#[derive(Debug, Default)]
pub(super) struct Gate(AtomicU64);

/// What a single load showed.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub(super) has_entries: bool,
    alive_at: u64,
}

impl Gate {
    /// Records that the feed was alive at `now` (milliseconds).
    pub(super) fn set_alive(&self, now: u64, has_entries: bool) {
        self.0.store(pack(now, has_entries), Ordering::Release);
    }

    /// Records whether there are entries; how fresh the feed is stays as it was. One writer only.
    pub(super) fn set_entries(&self, has_entries: bool) {
        let alive_at = self.view().alive_at;
        self.0.store(pack(alive_at, has_entries), Ordering::Release);
    }

    /// Declares the feed dead, until it next proves itself alive.
    pub(super) fn set_unusable(&self, has_entries: bool) {
        self.0.store(pack(0, has_entries), Ordering::Release);
    }

    pub(super) fn view(&self) -> View {
        let word = self.0.load(Ordering::Acquire);
        View { has_entries: word & 1 == 1, alive_at: word >> 1 }
    }
}

impl View {
    /// Whether the feed was alive at most `window` before `now` (milliseconds).
    ///
    /// A clock that was set back must not keep a dead feed fresh, so the distance counts in both directions.
    pub(super) fn is_fresh(self, now: u64, window: Duration) -> bool {
        self.alive_at != 0 && u128::from(now.abs_diff(self.alive_at)) <= window.as_millis()
    }

    /// Whether the feed was ever alive.
    pub(super) fn was_reached(self) -> bool {
        self.alive_at != 0
    }
}

const fn pack(millis: u64, has_entries: bool) -> u64 {
    (millis << 1) | has_entries as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_is_a_window_in_both_directions() {
        let gate = Gate::default();
        let window = Duration::from_secs(5);
        assert!(!gate.view().is_fresh(0, window), "never reached");
        gate.set_alive(100_000, false);
        for (now, fresh) in
            [(94_999, false), (95_000, true), (100_000, true), (105_000, true), (105_001, false)]
        {
            assert_eq!(gate.view().is_fresh(now, window), fresh, "{now}");
        }
    }

    #[test]
    fn entries_and_freshness_do_not_disturb_each_other() {
        let gate = Gate::default();
        gate.set_alive(100_000, false);
        gate.set_entries(true);
        assert!(gate.view().has_entries && gate.view().is_fresh(100_000, Duration::ZERO));
        gate.set_unusable(true);
        assert!(gate.view().has_entries && !gate.view().was_reached());
    }
}
