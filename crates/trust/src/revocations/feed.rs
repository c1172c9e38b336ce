//! The writing side: which event may follow which, and when the position is lost.

use super::Revocations;
use super::event::{Body, Event, Position};
use super::hash::Kind;
use super::table::{Full, Table};
use crate::clock::unix_millis;
use std::sync::Arc;
use std::time::SystemTime;

/// How many heartbeats in a row may disagree with what was received before the position is given up. One may
/// overtake a revocation on its way; a run of them means that something is lost.
const MAX_ODD_HEARTBEATS: u8 = 3;

/// The least time between two removals of expired entries, in seconds. A removal copies the table.
const PRUNE_INTERVAL: u64 = 60;

/// What to do after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The feed is alive and everything up to its head is known.
    Current,
    /// Applied; more must come before the feed counts as alive.
    Waiting,
    /// Something is missing. Connect again without `Last-Event-ID`.
    Resync,
    /// There are more revocations than the limit allows. The feed counts as stale until a snapshot fits.
    Overflow,
}

/// Follows the feed of one issuer and keeps its [`Revocations`] up to date. There is one per [`Revocations`].
#[derive(Debug)]
pub struct Feed {
    shared: Arc<Revocations>,
    limit: usize,
    position: Option<Position>,
    /// The incarnation whose snapshot has begun and not ended.
    loading: Option<String>,
    odd_heartbeats: u8,
    pruned_at: u64,
}

impl Feed {
    /// Starts without a position. `limit`: how many entries may be held.
    #[must_use]
    pub fn new(shared: Arc<Revocations>, limit: usize) -> Self {
        Self { shared, limit, position: None, loading: None, odd_heartbeats: 0, pruned_at: 0 }
    }

    /// Where to resume (`Last-Event-ID`), or `None` to ask for a snapshot.
    #[must_use]
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// Forgets a snapshot that was cut off. Call it before each connection.
    pub fn connecting(&mut self) {
        self.loading = None;
        self.odd_heartbeats = 0;
    }

    /// Applies one verified event. `now` is the API's time.
    pub fn apply(&mut self, event: Event, now: SystemTime) -> Outcome {
        let millis = unix_millis(now);
        // Neither clock alone may declare an entry expired.
        self.prune(event.issued_at.min(millis / 1000));
        let outcome = self.step(event).unwrap_or(Outcome::Overflow);
        let has_entries = !self.shared.is_empty();
        match outcome {
            Outcome::Current => {
                self.odd_heartbeats = 0;
                self.shared.gate.set_alive(millis, has_entries);
            }
            Outcome::Waiting => self.shared.gate.set_entries(has_entries),
            Outcome::Resync => self.lose_position(),
            Outcome::Overflow => {
                self.lose_position();
                self.shared.gate.set_unusable(has_entries);
            }
        }
        outcome
    }

    fn lose_position(&mut self) {
        self.position = None;
        self.connecting();
    }

    fn step(&mut self, event: Event) -> Result<Outcome, Full> {
        match event.body {
            Body::Snapshot { .. } => self.snapshot(event),
            Body::Revocations { from } => self.revocations(&event, from),
            Body::Heartbeat => Ok(self.heartbeat(&event.position)),
        }
    }

    fn snapshot(&mut self, event: Event) -> Result<Outcome, Full> {
        let Event { position, more, body, entries, .. } = event;
        self.position = None;
        let key = if let Body::Snapshot { hash_key } = body { hash_key } else { None };
        if key.is_none() && self.loading.as_ref() != Some(&position.incarnation) {
            return Ok(Outcome::Resync);
        }
        self.edit(|table, limit| {
            if let Some(key) = key {
                table.use_key(key)?;
            }
            table.insert(&entries, limit)
        })?;
        if more {
            self.loading = Some(position.incarnation);
            return Ok(Outcome::Waiting);
        }
        self.loading = None;
        self.position = Some(position);
        Ok(Outcome::Current)
    }

    fn revocations(&mut self, event: &Event, from: u64) -> Result<Outcome, Full> {
        let Some(known) = self.known(&event.position) else { return Ok(Outcome::Resync) };
        if from > known {
            return Ok(Outcome::Resync);
        }
        self.edit(|table, limit| table.insert(&event.entries, limit))?;
        if event.position.seq < known {
            // Heard before. Its entries do no harm, but it proves nothing about now.
            return Ok(Outcome::Waiting);
        }
        self.position = Some(event.position.clone());
        Ok(if event.more { Outcome::Waiting } else { Outcome::Current })
    }

    fn heartbeat(&mut self, head: &Position) -> Outcome {
        match self.known(head) {
            None => Outcome::Resync,
            Some(known) if known == head.seq => Outcome::Current,
            Some(_) => {
                self.odd_heartbeats += 1;
                if self.odd_heartbeats < MAX_ODD_HEARTBEATS { Outcome::Waiting } else { Outcome::Resync }
            }
        }
    }

    /// The sequence number reached in the incarnation of `position`.
    fn known(&self, position: &Position) -> Option<u64> {
        self.position
            .as_ref()
            .filter(|known| known.incarnation == position.incarnation)
            .map(|known| known.seq)
    }

    fn edit(&self, change: impl FnOnce(&mut Table, usize) -> Result<(), Full>) -> Result<(), Full> {
        let mut table = Table::clone(&self.shared.table.load());
        change(&mut table, self.limit)?;
        self.shared.table.store(Arc::new(table));
        Ok(())
    }

    fn prune(&mut self, now: u64) {
        let table = self.shared.table.load_full();
        let due = now >= self.pruned_at.saturating_add(PRUNE_INTERVAL) || table.all_expired(now);
        if due && table.has_expired(now) {
            self.pruned_at = now;
            let mut table = Table::clone(&table);
            table.prune(now);
            self.shared.table.store(Arc::new(table));
        }
    }
}

impl Event {
    /// Whether a signing key was revoked, so that the key set should be fetched again at once.
    #[must_use]
    pub fn revokes_signing_key(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind == Kind::SigningKey)
    }
}
