//! The live revocations, arranged for readers who take no lock.
//!
//! Writers replace the table; readers load whichever is current. A new revocation copies only the small
//! `recent` map, which is folded into the large `base` when it has grown to a share of it, so that a thousand
//! single revocations on top of a million do not copy the million a thousand times.

use super::Claims;
use super::event::Entry;
use super::hash::{Hash, HashKey, Kind};
use std::collections::HashMap;
use std::sync::Arc;

/// The smallest size at which `recent` is folded into `base`.
const FOLD_AT: usize = 1024;

/// How many lives of the issuer's store can have live entries at once. Each has its own hash key.
const MAX_GENERATIONS: usize = 8;

/// What an entry demands of a token that its hash names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    /// The smallest counter still good, or `None` when no token is.
    epoch: Option<u32>,
    exp: u64,
}

impl Mark {
    /// Refuses what either refuses, for as long as either does.
    fn merge(self, other: Self) -> Self {
        let epoch = match (self.epoch, other.epoch) {
            (Some(a), Some(b)) => Some(a.max(b)),
            _ => None,
        };
        Self { epoch, exp: self.exp.max(other.exp) }
    }

    fn refuses(self, counter: u32) -> bool {
        self.epoch.is_none_or(|epoch| counter < epoch)
    }
}

/// The hashes contain the kind, so one map serves all of them.
type Marks = HashMap<Hash, Mark>;

fn put(marks: &mut Marks, hash: Hash, mark: Mark) {
    marks.entry(hash).and_modify(|old| *old = old.merge(mark)).or_insert(mark);
}

/// The entries that share one hash key.
#[derive(Clone, Debug)]
struct Generation {
    key: Arc<HashKey>,
    base: Arc<Marks>,
    recent: Marks,
    all: Option<Mark>,
    /// Bits of the kinds present, so that a look-up hashes nothing in vain.
    kinds: u8,
}

/// All live entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The generation in use is the last.
    generations: Vec<Generation>,
    /// Bounds of the expiry times of all entries, in the issuer's seconds.
    earliest_exp: u64,
    latest_exp: u64,
}

/// The table would exceed its limits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Table {
    /// How many entries there are; one that was just renewed may count twice.
    pub(super) fn len(&self) -> usize {
        self.generations.iter().map(Generation::len).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes `key` the one that new entries are hashed with. Older entries stay.
    pub(super) fn use_key(&mut self, key: Arc<HashKey>) -> Result<(), Full> {
        if let Some(index) = self.generations.iter().position(|generation| generation.key == key) {
            let generation = self.generations.remove(index);
            self.generations.push(generation);
            return Ok(());
        }
        self.generations.retain(|generation| generation.len() > 0);
        if self.generations.len() >= MAX_GENERATIONS {
            return Err(Full);
        }
        self.generations.push(Generation::new(key));
        Ok(())
    }

    /// Adds `entries` to the generation in use, up to `limit` in all.
    pub(super) fn insert(&mut self, entries: &[Entry], limit: usize) -> Result<(), Full> {
        if self.len().saturating_add(entries.len()) > limit {
            return Err(Full);
        }
        let generation = self.generations.last_mut().ok_or(Full)?;
        for entry in entries {
            let earliest = if self.latest_exp == 0 { entry.exp } else { self.earliest_exp };
            self.earliest_exp = earliest.min(entry.exp);
            self.latest_exp = self.latest_exp.max(entry.exp);
            generation.insert(entry);
        }
        generation.fold_if_grown();
        Ok(())
    }

    /// Whether [`prune`](Self::prune) would remove something.
    pub(super) fn has_expired(&self, now: u64) -> bool {
        !self.is_empty() && self.earliest_exp <= now
    }

    /// Whether nothing would be left of it.
    pub(super) fn all_expired(&self, now: u64) -> bool {
        self.latest_exp <= now
    }

    /// Removes what expired at the issuer's `now`, in seconds.
    pub(super) fn prune(&mut self, now: u64) {
        let (mut earliest, mut latest) = (u64::MAX, 0);
        let in_use = self.generations.len().saturating_sub(1);
        for generation in &mut self.generations {
            generation.prune(now);
            for mark in generation.marks() {
                earliest = earliest.min(mark.exp);
                latest = latest.max(mark.exp);
            }
        }
        (self.earliest_exp, self.latest_exp) = (earliest, latest);
        let mut index = 0;
        self.generations.retain(|generation| {
            let keep = index == in_use || generation.len() > 0;
            index += 1;
            keep
        });
    }

    /// What refuses these claims, if anything does. `Err` when a hash could not be computed.
    pub(super) fn find(&self, claims: &Claims<'_>) -> Result<Option<Kind>, HashFailed> {
        for generation in &self.generations {
            if let Some(kind) = generation.find(claims)? {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }
}

/// The cryptographic library failed; nothing is known about the token.
#[derive(Debug)]
pub(super) struct HashFailed;

impl Generation {
    fn new(key: Arc<HashKey>) -> Self {
        Self { key, base: Arc::default(), recent: Marks::new(), all: None, kinds: 0 }
    }

    fn len(&self) -> usize {
        self.base.len() + self.recent.len() + usize::from(self.all.is_some())
    }

    fn marks(&self) -> impl Iterator<Item = Mark> {
        self.base.values().chain(self.recent.values()).copied().chain(self.all)
    }

    fn insert(&mut self, entry: &Entry) {
        let mark = Mark { epoch: entry.epoch, exp: entry.exp };
        self.kinds |= entry.kind.bit();
        match entry.hash {
            Some(hash) => put(&mut self.recent, hash, mark),
            None => self.all = Some(self.all.map_or(mark, |old| old.merge(mark))),
        }
    }

    fn fold_if_grown(&mut self) {
        if self.recent.len() > FOLD_AT.max(self.base.len() / 16) {
            let base = Arc::make_mut(&mut self.base);
            for (hash, mark) in self.recent.drain() {
                put(base, hash, mark);
            }
        }
    }

    fn prune(&mut self, now: u64) {
        if self.base.values().any(|mark| mark.exp <= now) {
            Arc::make_mut(&mut self.base).retain(|_, mark| mark.exp > now);
        }
        self.recent.retain(|_, mark| mark.exp > now);
        self.all = self.all.filter(|mark| mark.exp > now);
        // The bits are a hint, and only an empty generation is sure to have none of them.
        if self.len() == 0 {
            self.kinds = 0;
        }
    }

    fn find(&self, claims: &Claims<'_>) -> Result<Option<Kind>, HashFailed> {
        if self.all.is_some_and(|mark| mark.refuses(claims.epochs.all)) {
            return Ok(Some(Kind::All));
        }
        for (kind, value, counter) in claims.named() {
            if self.kinds & kind.bit() == 0 {
                continue;
            }
            let hash = self.key.hash(kind, value).ok_or(HashFailed)?;
            let marks = [self.recent.get(&hash), self.base.get(&hash)];
            if marks.into_iter().flatten().any(|mark| mark.refuses(counter)) {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }
}
