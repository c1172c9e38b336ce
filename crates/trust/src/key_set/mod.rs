//! The keys of a remote issuer, kept fresh: pure state, no I/O.
//!
//! [`KeySet`] holds the verifier that requests use (readers take no lock and never wait for a refresh) and says
//! when the next request for the set is due. Whoever does the I/O reports back with [`KeySet::install`] or
//! [`KeySet::fetch_failed`].
//!
//! Supported: refresh before expiry by `Cache-Control`, refetch on an unknown `kid` with a cooldown that
//! does not depend on the result and a bounded negative cache (so that a flood of made-up key ids causes a handful of
//! requests), stale keys for a bounded time while the issuer is down, size limits, no private or symmetric keys.
//! Not supported yet: `ETag`, discovery documents, several issuers in one set.

mod cache_control;
mod schedule;

pub use cache_control::max_age;
pub use schedule::UnknownKid;

use arc_swap::{ArcSwapOption, Guard};
use schedule::Schedule;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use waxseal::{JwkSet, KeyError, KeyRing, Verifier, VerifierError};

/// The largest key set accepted, in bytes of JSON.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Makes the verifier for a new set of keys.
type Prepare = dyn Fn(KeyRing) -> Result<Verifier, VerifierError> + Send + Sync;

/// Why an answer was not taken as a key set. The keys known before stay in use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// Longer than [`MAX_KEY_SET_BYTES`].
    #[error("key set is larger than {MAX_KEY_SET_BYTES} bytes")]
    TooLarge,
    /// Not a JWK Set, or one with keys that do not belong in public.
    #[error("not a usable key set: {0}")]
    Unusable(#[from] KeyError),
    /// Not UTF-8.
    #[error("key set is not UTF-8")]
    NotUtf8,
    /// The verifier could not be made from it, for example because it has no usable key.
    #[error("no verifier from this key set: {0}")]
    Verifier(#[from] VerifierError),
}

/// A remote key set as its readers see it, with the schedule of its requests.
pub struct KeySet {
    current: ArcSwapOption<Verifier>,
    schedule: Mutex<Schedule>,
    prepare: Box<Prepare>,
}

impl KeySet {
    /// An empty set whose first request is due at once. `prepare` makes the verifier out of each new set.
    pub fn new(
        now: Instant,
        prepare: impl Fn(KeyRing) -> Result<Verifier, VerifierError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            current: ArcSwapOption::empty(),
            schedule: Mutex::new(Schedule::new(now)),
            prepare: Box::new(prepare),
        }
    }

    /// The verifier with the keys in use, or `None` before the first answer and after the last one has expired.
    pub fn verifier(&self) -> Guard<Option<Arc<Verifier>>> {
        self.current.load()
    }

    /// Whether there are keys.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.current.load().is_some()
    }

    /// Takes the body of an answer; `max_age` is what its `Cache-Control` allows ([`max_age`]).
    ///
    /// # Errors
    /// In this order: [`KeySetError::TooLarge`], [`KeySetError::NotUtf8`], [`KeySetError::Unusable`],
    /// [`KeySetError::Verifier`]. Each counts as a failed request, and the keys known before stay.
    pub fn install(&self, body: &[u8], max_age: Option<Duration>, now: Instant) -> Result<(), KeySetError> {
        match self.read(body) {
            Ok(verifier) => {
                self.current.store(Some(Arc::new(verifier)));
                self.schedule().succeeded(max_age, now);
                Ok(())
            }
            Err(error) => {
                self.fetch_failed(now);
                Err(error)
            }
        }
    }

    fn read(&self, body: &[u8]) -> Result<Verifier, KeySetError> {
        if body.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let text = std::str::from_utf8(body).map_err(|_| KeySetError::NotUtf8)?;
        let set = JwkSet::parse(text)?;
        Ok((self.prepare)(KeyRing::from(set))?)
    }

    /// Records that a request brought no answer, and drops keys that have been stale for too long.
    pub fn fetch_failed(&self, now: Instant) {
        if self.schedule().failed(now) {
            self.current.store(None);
        }
    }

    /// Begins a request if one is due, else says how long until then.
    ///
    /// # Errors
    /// The time to wait, at most. [`unknown_kid`](Self::unknown_kid) and [`refresh_now`](Self::refresh_now) may shorten it.
    pub fn begin_fetch(&self, now: Instant) -> Result<(), Duration> {
        self.schedule().begin(now)
    }

    /// What to do about a token whose `kid` is not in the set.
    pub fn unknown_kid(&self, kid: &str, now: Instant) -> UnknownKid {
        self.schedule().unknown_kid(kid, now)
    }

    /// What to do about any token while there are no keys at all. Never [`UnknownKid::Refuse`].
    pub fn no_keys(&self) -> UnknownKid {
        self.schedule().no_keys()
    }

    /// Makes a request due at once, for a reason other than a token from outside: the feed has announced that a
    /// signing key was revoked, say.
    pub fn refresh_now(&self, now: Instant) {
        self.schedule().refresh_now(now);
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        // No code that holds the lock can panic, and a schedule is valid after each of its steps.
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("loaded", &self.is_loaded()).finish_non_exhaustive()
    }
}
