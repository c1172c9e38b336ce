//! A cache of verified tokens that cannot answer what its verifier would not.

mod shard;

use super::verifier::Verifier;
use super::{ClaimsRef, Verified};
use crate::NumericDate;
use crate::keys::KeyRing;
use crate::{Rejections, VerifyError};
use serde::de::DeserializeOwned;
use shard::{Entry, Shard};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// A [`Verifier`] that remembers the tokens it accepted, for clients that send the same token many times.
///
/// A hit costs less than an HMAC, whatever the algorithm. It answers exactly what the verifier would:
///
/// - the whole token is compared, byte for byte; the hash, keyed at random, only finds the place to look;
/// - `exp`, `nbf` and the age limit are checked again against the `now` of the call;
/// - the caller's own checks run again;
/// - [`replace_keys`](Self::replace_keys) makes every entry useless at once.
///
/// Only accepted tokens are remembered, so refused ones cannot fill it. When it is full, tokens that were not
/// used lately go first.
///
/// **It holds live bearer tokens in memory**, in the clear, until they are pushed out or removed: whoever reads
/// the process's memory can use them.
///
/// Removing a token saves memory and refuses nothing: the next call verifies it anew. Revoked tokens are
/// refused by a [`check`](crate::VerifierBuilder::check), which runs on hits as well, or behind the cache on
/// every call.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, CachingVerifier, NumericDate, PrivateKey, Signer, Verifier};
///
/// #[derive(serde::Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// let key = PrivateKey::generate(Algorithm::Es256)?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let token = Signer::builder(key.clone()).audience("api").lifetime("15m").build()?.token(now).subject("alice").sign()?;
///
/// let verifier = Verifier::builder().key(&key).audience("api").build()?;
/// let verifier = CachingVerifier::<Claims>::new(verifier, 8 * 1024 * 1024);
/// for _ in 0..3 {
///     assert_eq!(verifier.verify(&token, now)?.sub, "alice");
/// }
/// assert_eq!((verifier.stats().hits, verifier.stats().misses), (2, 1));
///
/// verifier.remove_where(|verified| verified.sub == "alice");
/// assert_eq!(verifier.stats().entries, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CachingVerifier<C> {
    /// Asked on a miss, and replaced with its keys; its expectations never change.
    verifier: RwLock<Verifier>,
    expectations: Verifier,
    shards: Box<[Mutex<Shard<C>>]>,
    hasher: RandomState,
    /// Counts replacements of keys; an entry of another epoch is none.
    epoch: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What a [`CachingVerifier`] did so far, and holds now.
///
/// # Examples
/// ```
/// use waxseal::CacheStats;
///
/// fn hit_rate(stats: &CacheStats) -> Option<u64> {
///     (stats.hits * 100).checked_div(stats.hits + stats.misses)
/// }
/// assert_eq!(hit_rate(&CacheStats::default()), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct CacheStats {
    /// Calls answered from memory, refusals for time included.
    pub hits: u64,
    /// Calls for which the verifier was asked.
    pub misses: u64,
    /// Tokens held.
    pub entries: usize,
    /// About how much memory they take, in bytes.
    pub bytes: usize,
}

/// Below this size a part of the cache would be too small to be worth a lock of its own.
const SHARD_BYTES: usize = 128 * 1024;
const MAX_SHARDS: usize = 16;

impl<C: DeserializeOwned> CachingVerifier<C> {
    /// A cache for `verifier` that takes about `max_bytes` of memory: tokens, claims and bookkeeping. What
    /// `C` holds on the heap is taken to be as long as the claims' text.
    #[must_use]
    pub fn new(verifier: Verifier, max_bytes: usize) -> Self {
        let count = (max_bytes / SHARD_BYTES).clamp(1, MAX_SHARDS);
        let shards = (0..count).map(|_| Mutex::new(Shard::new(max_bytes / count))).collect();
        Self {
            verifier: RwLock::new(verifier.clone()),
            expectations: verifier,
            shards,
            hasher: RandomState::new(),
            epoch: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// Verifies as [`Verifier::verify`] does.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify(&self, token: &str, now: NumericDate) -> Result<Arc<Verified<C>>, VerifyError> {
        let hash = self.hash(token);
        let epoch = self.epoch.load(Ordering::Acquire);
        let found = self.shard(hash).find(hash, token, epoch);
        if let Some((verified, dates)) = found {
            self.hits.fetch_add(1, Ordering::Relaxed);
            self.check_again(&verified, dates, now)?;
            return Ok(verified);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        // Taken with the epoch of before: keys replaced meanwhile make the new entry useless as well.
        let verifier = self.verifier.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (verified, dates) = verifier.verify_with_dates::<C>(token, now)?;
        let verified = Arc::new(verified);
        let entry = Entry::new(token, Arc::clone(&verified), dates, epoch);
        self.shard(hash).insert(hash, entry);
        Ok(verified)
    }

    /// Time and the caller's checks: all that can come out differently for the same token and keys.
    fn check_again(
        &self,
        verified: &Verified<C>,
        dates: super::claims::Dates,
        now: NumericDate,
    ) -> Result<(), VerifyError> {
        let expectations = self.expectations.expectations();
        let mut broken = Rejections::default();
        expectations.window.check(dates, now, &mut broken);
        if broken.iter().next().is_some() {
            return Err(VerifyError::Rejected(broken));
        }
        expectations.run_custom(|| ClaimsRef::read(verified.payload()))
    }
}

impl<C> CachingVerifier<C> {
    /// Verifies with other keys from now on, and forgets what the former keys vouched for.
    pub fn replace_keys(&self, keys: KeyRing) {
        let replaced = self.expectations.with_keys(keys);
        *self.verifier.write().unwrap_or_else(PoisonError::into_inner) = replaced;
        self.epoch.fetch_add(1, Ordering::Release);
        self.clear();
    }

    /// Forgets the tokens that the key called `kid` vouched for; says how many.
    pub fn remove_kid(&self, kid: &str) -> usize {
        self.remove_where(|verified| verified.kid() == Some(kid))
    }

    /// Forgets the tokens for which `test` holds; says how many. Looks at all of them, a part of the cache at
    /// a time behind its lock, so `test` must not call this cache.
    pub fn remove_where(&self, mut test: impl FnMut(&Verified<C>) -> bool) -> usize {
        self.shards.iter().map(|shard| lock(shard).remove_where(&mut test)).sum()
    }

    /// Forgets every token.
    pub fn clear(&self) {
        self.remove_where(|_| true);
    }

    /// What it did so far, and holds now.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        let mut stats = CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            ..CacheStats::default()
        };
        for shard in &self.shards {
            let shard = lock(shard);
            stats.entries += shard.len();
            stats.bytes += shard.bytes();
        }
        stats
    }

    /// A keyed hash of the end of the token, which is the signature: as good as random in every token that
    /// gets in, and whoever makes two with the same end still has the whole token compared.
    fn hash(&self, token: &str) -> u64 {
        const END: usize = 64;
        let bytes = token.as_bytes();
        self.hasher.hash_one(bytes.last_chunk::<END>().map_or(bytes, |end| end.as_slice()))
    }

    fn shard(&self, hash: u64) -> MutexGuard<'_, Shard<C>> {
        let count = self.shards.len().max(1) as u64;
        let index = usize::try_from((hash >> 32) % count).unwrap_or(0);
        // There is always at least one, and the index is below their number.
        #[allow(clippy::indexing_slicing)]
        lock(&self.shards[index])
    }
}

/// A panic of the caller's predicate leaves this part of the cache as it was, so a poisoned lock is no reason
/// to stop.
fn lock<C>(shard: &Mutex<Shard<C>>) -> MutexGuard<'_, Shard<C>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<C> fmt::Debug for CachingVerifier<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingVerifier").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
