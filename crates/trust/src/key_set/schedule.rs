//! When to ask the issuer for its keys.
//!
//! Two things pull in opposite directions: a key that the issuer has just begun to use must be learned at once,
//! and a stranger who makes up key ids must not make the API knock at the issuer's door for each of them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The least time between an answer and a request caused by an unknown `kid`.
const COOLDOWN: Duration = Duration::from_secs(10);
/// How long a `kid` that a fresh set did not contain causes no further request.
const NEGATIVE_TTL: Duration = Duration::from_mins(1);
/// How many such ids are remembered. Beyond that the cooldown alone limits the requests.
const NEGATIVE_LIMIT: usize = 256;
/// The longest `kid` worth remembering; a longer one is no key id (`waxseal` allows 256 bytes).
const KID_LIMIT: usize = 256;
/// What is assumed when the issuer does not say how long its answer is good.
const DEFAULT_MAX_AGE: Duration = Duration::from_mins(5);
/// The bounds of what the issuer may say.
const MAX_AGE: (Duration, Duration) = (Duration::from_mins(1), Duration::from_hours(24));
/// How long past their age keys stay in use while the issuer does not answer.
const STALE_LIMIT: Duration = Duration::from_hours(24);
/// The first pause after a failure; it doubles up to [`RETRY_MAX`].
const RETRY_MIN: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_secs(30);

/// What to do about a `kid` that is not in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownKid {
    /// A request is under way or due now. Wait for it and verify again.
    Wait,
    /// The set is recent enough to say that there is no such key.
    Refuse,
    /// The last request failed, so nobody knows.
    Unavailable,
}

#[derive(Debug)]
pub(super) struct Schedule {
    due: Instant,
    in_flight: bool,
    finished_at: Option<Instant>,
    /// Until when the keys may be used although the issuer does not answer. `None` before the first answer.
    usable_until: Option<Instant>,
    failures: u32,
    absent: HashMap<String, Instant>,
    /// The ids that made the next request due; its answer says whether they exist.
    asked: Vec<String>,
}

impl Schedule {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            due: now,
            in_flight: false,
            finished_at: None,
            usable_until: None,
            failures: 0,
            absent: HashMap::new(),
            asked: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, now: Instant) -> Result<(), Duration> {
        if now < self.due {
            return Err(self.due.duration_since(now));
        }
        self.in_flight = true;
        Ok(())
    }

    pub(super) fn succeeded(&mut self, max_age: Option<Duration>, now: Instant) {
        let age = max_age.unwrap_or(DEFAULT_MAX_AGE).clamp(MAX_AGE.0, MAX_AGE.1);
        self.finish(now);
        self.failures = 0;
        // Early enough for several attempts before the answer is out of date.
        self.due = now + age * 4 / 5;
        self.usable_until = Some(now + age + STALE_LIMIT);
        self.absent.retain(|_, until| now < *until);
        for kid in std::mem::take(&mut self.asked) {
            if self.absent.len() < NEGATIVE_LIMIT {
                self.absent.insert(kid, now + NEGATIVE_TTL);
            }
        }
    }

    /// Whether the keys have become too old to be used.
    pub(super) fn failed(&mut self, now: Instant) -> bool {
        self.finish(now);
        self.asked.clear();
        self.due = now + (RETRY_MIN * 2u32.saturating_pow(self.failures.min(16))).min(RETRY_MAX);
        self.failures = self.failures.saturating_add(1);
        self.usable_until.is_some_and(|until| until <= now)
    }

    fn finish(&mut self, now: Instant) {
        self.in_flight = false;
        self.finished_at = Some(now);
    }

    pub(super) fn refresh_now(&mut self, now: Instant) {
        self.due = self.due.min(now);
    }

    pub(super) fn no_keys(&self) -> UnknownKid {
        let attempt_ahead = self.in_flight || self.failures == 0;
        if attempt_ahead { UnknownKid::Wait } else { UnknownKid::Unavailable }
    }

    pub(super) fn unknown_kid(&mut self, kid: &str, now: Instant) -> UnknownKid {
        if self.absent.get(kid).is_some_and(|until| now < *until) || kid.len() > KID_LIMIT {
            return UnknownKid::Refuse;
        }
        if self.in_flight {
            return UnknownKid::Wait;
        }
        if self.failures > 0 {
            return UnknownKid::Unavailable;
        }
        if self.finished_at.is_some_and(|at| now < at + COOLDOWN) {
            return UnknownKid::Refuse;
        }
        if self.asked.len() < NEGATIVE_LIMIT && !self.asked.iter().any(|asked| asked == kid) {
            self.asked.push(kid.to_owned());
        }
        self.due = self.due.min(now);
        UnknownKid::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[expect(clippy::disallowed_methods, reason = "an arbitrary origin; the tests add to it")]
    fn start() -> Instant {
        Instant::now()
    }

    fn loaded(now: Instant) -> Schedule {
        let mut schedule = Schedule::new(now);
        schedule.begin(now).unwrap();
        schedule.succeeded(Some(300 * SECOND), now);
        schedule
    }

    #[test]
    fn the_first_request_is_due_at_once_and_the_next_before_expiry() {
        let now = start();
        let mut schedule = loaded(now);
        assert_eq!(schedule.begin(now), Err(240 * SECOND));
        assert_eq!(schedule.begin(now + 240 * SECOND), Ok(()));
    }

    #[test]
    fn an_issuer_cannot_ask_for_extremes() {
        for (max_age, due) in [(Some(0), 48), (None, 240), (Some(u64::MAX / 4), 24 * 60 * 60 * 4 / 5)] {
            let now = start();
            let mut schedule = Schedule::new(now);
            schedule.succeeded(max_age.map(Duration::from_secs), now);
            assert_eq!(schedule.begin(now), Err(due * SECOND), "{max_age:?}");
        }
    }

    #[test]
    fn footgun_18_a_flood_of_unknown_kids_causes_one_request_per_cooldown() {
        let now = start();
        let mut schedule = loaded(now);
        let mut requests = 0;
        for tick in 0..10_000u32 {
            // 10,000 made-up ids over 20 seconds, answered at once with a set that has none of them.
            let now = now + Duration::from_millis(u64::from(tick) * 2);
            schedule.unknown_kid(&format!("kid-{tick}"), now);
            if schedule.begin(now).is_ok() {
                requests += 1;
                schedule.succeeded(Some(300 * SECOND), now);
            }
        }
        assert_eq!(requests, 1, "one after the first cooldown; the second begins as the flood ends");
        assert!(schedule.absent.len() <= NEGATIVE_LIMIT);
    }

    #[test]
    fn footgun_18_the_cooldown_holds_when_the_answer_has_no_such_key() {
        let now = start();
        let mut schedule = loaded(now);
        let later = now + COOLDOWN;
        assert_eq!(schedule.unknown_kid("x", now + COOLDOWN / 2), UnknownKid::Refuse, "too soon");
        assert_eq!(schedule.unknown_kid("x", later), UnknownKid::Wait);
        assert_eq!(schedule.begin(later), Ok(()));
        assert_eq!(schedule.unknown_kid("y", later), UnknownKid::Wait, "joins the request in flight");
        schedule.succeeded(None, later);
        assert_eq!(schedule.unknown_kid("x", later + COOLDOWN), UnknownKid::Refuse, "known to be absent");
        assert_eq!(schedule.unknown_kid("x", later + NEGATIVE_TTL), UnknownKid::Wait, "but not for ever");
    }

    #[test]
    fn an_id_longer_than_any_key_id_is_never_asked_for() {
        let now = start();
        let mut schedule = loaded(now);
        assert_eq!(schedule.unknown_kid(&"k".repeat(257), now + COOLDOWN), UnknownKid::Refuse);
    }

    #[test]
    fn failures_back_off_and_leave_unknown_kids_undecided() {
        let now = start();
        let mut schedule = loaded(now);
        for millis in [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
            assert!(!schedule.failed(now));
            assert_eq!(schedule.begin(now), Err(Duration::from_millis(millis)));
            assert_eq!(schedule.unknown_kid("x", now), UnknownKid::Unavailable);
        }
        assert!(schedule.absent.is_empty(), "a failed request says nothing about any key");
    }

    #[test]
    fn without_keys_tokens_wait_for_an_attempt_but_not_for_a_retry() {
        let now = start();
        let mut schedule = Schedule::new(now);
        assert_eq!(schedule.no_keys(), UnknownKid::Wait);
        schedule.begin(now).unwrap();
        assert_eq!(schedule.no_keys(), UnknownKid::Wait);
        schedule.failed(now);
        assert_eq!(schedule.no_keys(), UnknownKid::Unavailable);
    }

    #[test]
    fn stale_keys_are_used_for_a_bounded_time() {
        let now = start();
        let mut schedule = loaded(now);
        assert!(!schedule.failed(now + 299 * SECOND + STALE_LIMIT));
        assert!(schedule.failed(now + 300 * SECOND + STALE_LIMIT));
        assert!(!Schedule::new(now).failed(now), "without keys there is nothing to drop");
    }
}
