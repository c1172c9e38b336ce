//! The revocation feed: how verifiers elsewhere learn what no longer counts.
//!
//! An event is a JWT signed by a key that signs no access tokens. Its entries name what they refuse by keyed hashes, so
//! that a reader learns nothing about users it has not met. Readers show a secret of their own.

use crate::failure::{Failure, StartError};
use crate::master_key::{Label, MasterKey, Subkey};
use crate::service::Service;
use crate::settings::Settings;
use aws_lc_rs::{constant_time, hmac};
use serde::Serialize;
use std::fmt;
use std::time::Duration;
use tokio::sync::watch;
use waxseal::{PrivateKey, Signer};
use waxseal_domain::Timestamp;
use waxseal_domain::revocation::{Position, Revocation, Target};
use zeroize::Zeroizing;

/// The header `typ` of an event.
pub const EVENT_TYP: &str = "waxseal-revocations+jwt";
/// What the secret of a reader begins with, so that secret scanners find a leak.
pub const READER_PREFIX: &str = "wxs_fr_";
/// How many entries one event holds at most: some 120 bytes each, so that an event stays below the 16 KiB of a token.
const ENTRIES_PER_EVENT: usize = 64;
/// How long an event may be on its way. An older one tells a verifier nothing about the present.
const EVENT_LIFETIME: Duration = Duration::from_secs(60);

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Everything that is refused now.
    Snapshot,
    /// What was revoked since the last event.
    Revocations,
    /// Nothing new.
    Heartbeat,
}

impl EventKind {
    /// The name of the event on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Revocations => "revocations",
            Self::Heartbeat => "heartbeat",
        }
    }
}

/// One signed event.
#[derive(Debug)]
pub struct Event {
    /// What it says.
    pub kind: EventKind,
    /// Where the log stands after it.
    pub position: Position,
    /// The JWT.
    pub jwt: String,
}

/// Makes the events and knows the readers' secret.
pub(crate) struct Feed {
    signer: Signer,
    hash_key: Subkey,
    reader_token: Zeroizing<String>,
}

#[derive(Serialize)]
struct EventClaims {
    event: &'static str,
    incarnation: String,
    seq: u64,
    from: u64,
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash_key: Option<String>,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    seq: u64,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<u32>,
    exp: i64,
}

impl Feed {
    pub(crate) fn new(settings: &Settings, master: &MasterKey, key: PrivateKey) -> Result<Self, StartError> {
        let signer =
            Signer::builder(key).typ(EVENT_TYP).issuer(&settings.issuer).lifetime(EVENT_LIFETIME).build();
        let reader = master.subkey(Label::FeedReader, &settings.issuer);
        let reader = Zeroizing::new(base64_simd::URL_SAFE_NO_PAD.encode_to_string(reader.as_slice()));
        Ok(Self {
            signer: signer.map_err(Failure::from)?,
            hash_key: master.subkey(Label::RevocationHash, &settings.issuer),
            reader_token: Zeroizing::new(format!("{READER_PREFIX}{}", reader.as_str())),
        })
    }

    /// `from`: the number before the first of `entries`; `position`: where the log stands after them.
    fn event(
        &self,
        kind: EventKind,
        (from, position): (u64, Position),
        entries: &[Revocation],
        more: bool,
        now: Timestamp,
    ) -> Result<Event, Failure> {
        let hash_key = (kind == EventKind::Snapshot)
            .then(|| base64_simd::URL_SAFE_NO_PAD.encode_to_string(self.hash_key.as_slice()));
        let claims = EventClaims {
            event: kind.as_str(),
            incarnation: position.incarnation.to_string(),
            seq: position.seq,
            from,
            more,
            hash_key,
            entries: entries.iter().map(|entry| self.entry(entry)).collect(),
        };
        let token = self.signer.token(now.to_numeric_date());
        let jwt = token.claims(&claims).allow_claim("hash_key").sign()?;
        Ok(Event { kind, position, jwt })
    }

    /// One event for every few dozen entries, at least one; each ends where its last entry does, the last one at `head`.
    fn events(
        &self,
        kind: EventKind,
        (from, head): (u64, Position),
        entries: &[Revocation],
        now: Timestamp,
    ) -> Result<Vec<Event>, Failure> {
        let mut events = Vec::new();
        let (mut from, mut rest) = (from, entries);
        loop {
            let (batch, after) = rest.split_at(rest.len().min(ENTRIES_PER_EVENT));
            let more = !after.is_empty();
            let seq = batch.last().filter(|_| more).map_or(head.seq, |last| last.seq);
            events.push(self.event(kind, (from, Position { seq, ..head }), batch, more, now)?);
            if !more {
                return Ok(events);
            }
            (from, rest) = (seq, after);
        }
    }

    fn entry(&self, revocation: &Revocation) -> Entry {
        let (kind, value, epoch) = match &revocation.target {
            Target::Session(id) => ("session", Some(id.to_string()), None),
            Target::Token(jti) => ("token", Some(jti.clone()), None),
            Target::SigningKey(kid) => ("signing_key", Some(kid.clone()), None),
            Target::Subject(id, epoch) => ("subject", Some(id.to_string()), Some(*epoch)),
            Target::Client(id, epoch) => ("client", Some(id.to_string()), Some(*epoch)),
            Target::All(epoch) => ("all", None, Some(*epoch)),
        };
        let hash = value.map(|value| self.hash(kind, &value));
        Entry {
            seq: revocation.seq,
            kind,
            hash,
            epoch,
            exp: revocation.expires_at.to_numeric_date().seconds(),
        }
    }

    /// The first half of HMAC-SHA256: 128 bits are enough that no two names meet.
    fn hash(&self, kind: &str, value: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.hash_key.as_slice());
        let mut context = hmac::Context::with_key(&key);
        for part in [kind.as_bytes(), &[0], value.as_bytes()] {
            context.update(part);
        }
        let tag = context.sign();
        let (half, _) = tag.as_ref().split_at(tag.as_ref().len() / 2);
        base64_simd::URL_SAFE_NO_PAD.encode_to_string(half)
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").finish_non_exhaustive()
    }
}

impl Service {
    /// The secret that readers of the feed show as Bearer token. Whoever holds it learns of revocations, no more.
    #[must_use]
    pub fn feed_reader_token(&self) -> &str {
        &self.feed.reader_token
    }

    /// Whether `token` is the readers' secret; compared in constant time.
    #[must_use]
    pub fn is_feed_reader(&self, token: &str) -> bool {
        constant_time::verify_slices_are_equal(token.as_bytes(), self.feed.reader_token.as_bytes()).is_ok()
    }

    /// Everything that is refused now, as one event or several.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn feed_snapshot(&self) -> Result<Vec<Event>, Failure> {
        let (head, entries) = self.store.revocation_snapshot().await?;
        self.feed.events(EventKind::Snapshot, (0, head), &entries, self.store.now())
    }

    /// What was revoked after `position`, or `None` when only a snapshot can tell.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn feed_since(&self, position: Position) -> Result<Option<Vec<Event>>, Failure> {
        let Some((head, entries)) = self.store.revocations_since(position).await? else {
            return Ok(None);
        };
        self.feed.events(EventKind::Revocations, (position.seq, head), &entries, self.store.now()).map(Some)
    }

    /// A sign of life for a reader that stands at `position`.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn feed_heartbeat(&self, position: Position) -> Result<Event, Failure> {
        self.feed.event(EventKind::Heartbeat, (position.seq, position), &[], false, self.store.now())
    }

    /// Word of every change of the log.
    #[must_use]
    pub fn watch_revocations(&self) -> watch::Receiver<Position> {
        self.store.watch_revocations()
    }
}
