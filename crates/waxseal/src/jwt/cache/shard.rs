//! One part of the cache, behind one lock: entries by hash, and the order in which they may go.

use crate::jwt::Verified;
use crate::jwt::claims::Dates;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// A token that was accepted.
pub(super) struct Entry<C> {
    token: Box<str>,
    verified: Arc<Verified<C>>,
    dates: Dates,
    epoch: u64,
    bytes: usize,
    /// It was found since it was last considered for removal.
    used: bool,
}

impl<C> Entry<C> {
    pub(super) fn new(token: &str, verified: Arc<Verified<C>>, dates: Dates, epoch: u64) -> Self {
        let claims = verified.payload().len();
        // The text of the claims, and about as much again in the caller's type.
        let bytes = size_of::<Self>() + size_of::<Verified<C>>() + token.len() + 2 * claims + BOOKKEEPING;
        Self { token: token.into(), verified, dates, epoch, bytes, used: false }
    }
}

/// Places in the map and in the queue, and the counters of the `Arc`.
const BOOKKEEPING: usize = 64;

/// Entries by hash. Which to remove is decided by a clock: in the order of arrival, but one that was used
/// since its last turn gets another.
pub(super) struct Shard<C> {
    entries: HashMap<u64, Entry<C>, BuildHasherDefault<AlreadyHashed>>,
    queue: VecDeque<u64>,
    bytes: usize,
    max_bytes: usize,
}

impl<C> Shard<C> {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { entries: HashMap::default(), queue: VecDeque::new(), bytes: 0, max_bytes }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    #[inline]
    pub(super) fn find(&mut self, hash: u64, token: &str, epoch: u64) -> Option<(Arc<Verified<C>>, Dates)> {
        let entry = self.entries.get_mut(&hash)?;
        if entry.epoch != epoch || *entry.token != *token {
            return None;
        }
        entry.used = true;
        Some((Arc::clone(&entry.verified), entry.dates))
    }

    pub(super) fn insert(&mut self, hash: u64, entry: Entry<C>) {
        if entry.bytes > self.max_bytes {
            return;
        }
        self.bytes += entry.bytes;
        match self.entries.insert(hash, entry) {
            Some(replaced) => self.bytes -= replaced.bytes,
            None => self.queue.push_back(hash),
        }
        while self.bytes > self.max_bytes {
            let Some(oldest) = self.queue.pop_front() else { break };
            self.consider(oldest);
        }
    }

    fn consider(&mut self, hash: u64) {
        let Some(entry) = self.entries.get_mut(&hash) else { return };
        if std::mem::take(&mut entry.used) {
            self.queue.push_back(hash);
        } else {
            self.bytes -= entry.bytes;
            self.entries.remove(&hash);
        }
    }

    pub(super) fn remove_where(&mut self, test: &mut impl FnMut(&Verified<C>) -> bool) -> usize {
        // Asked first and removed afterwards: the test is the caller's and may panic.
        let gone = self.entries.iter().filter(|(_, entry)| test(&entry.verified));
        let gone: Vec<u64> = gone.map(|(hash, _)| *hash).collect();
        for entry in gone.iter().filter_map(|hash| self.entries.remove(hash)) {
            self.bytes -= entry.bytes;
        }
        if !gone.is_empty() {
            self.queue.retain(|hash| self.entries.contains_key(hash));
        }
        gone.len()
    }
}

/// The keys of the map are keyed hashes, so hashing them again would only take time.
#[derive(Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}
