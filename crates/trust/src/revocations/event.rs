//! One event of the feed: a signed statement of the issuer, verified before anything reads it.

use super::hash::{Hash, HashKey, Kind, decode};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use waxseal::{NumericDate, Verifier, VerifyError};

/// The most entries one event may carry.
pub const MAX_ENTRIES: usize = 1000;

/// The longest event accepted, in bytes of the token.
pub const MAX_EVENT_BYTES: usize = 1 << 20;

/// The `typ` of the tokens that make up the feed.
pub const EVENT_TYP: &str = "waxseal-revocations+jwt";

/// A place in the feed: which life of the issuer's store, and how many revocations into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Changed by restore, copy and failover; sequence numbers of two incarnations are not comparable.
    pub incarnation: String,
    /// The last sequence number applied.
    pub seq: u64,
}

impl fmt::Display for Position {
    /// `<incarnation>.<seq>`, as in `Last-Event-ID`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.incarnation, self.seq)
    }
}

/// A verified event. Only [`Event::verify`] makes one.
#[derive(Debug)]
pub struct Event {
    pub(crate) position: Position,
    /// The issuer's time.
    pub(crate) issued_at: u64,
    pub(crate) more: bool,
    pub(crate) body: Body,
    pub(crate) entries: Vec<Entry>,
}

/// What kind of event it is, with what only that kind has.
#[derive(Debug)]
pub(crate) enum Body {
    /// Part of everything that is revoked now. Every part repeats the key or, after the first, leaves it out.
    Snapshot { hash_key: Option<Arc<HashKey>> },
    /// The entries with `from < seq <= position.seq`.
    Revocations { from: u64 },
    /// Nothing new; the position is the head.
    Heartbeat,
}

/// One revocation. Fields are validated: what a kind needs is there.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// Absent exactly for [`Kind::All`].
    pub(crate) hash: Option<Hash>,
    /// Present exactly for the kinds that count epochs.
    pub(crate) epoch: Option<u32>,
    /// Seconds since the epoch after which no token can match any more.
    pub(crate) exp: u64,
}

/// Why an event was not applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The token does not verify: signature, `typ`, issuer or expiry.
    #[error("event does not verify: {0}")]
    Refused(#[from] VerifyError),
    /// The name of the server-sent event is not the one that was signed.
    #[error("the event's name is not the signed one")]
    NameMismatch,
    /// A signed event that this version cannot apply in full, so it applies none of it: skipping what it does
    /// not know would be to accept what the issuer revoked.
    #[error("event cannot be applied: {0}")]
    Unusable(&'static str),
}

#[derive(Deserialize)]
struct Claims {
    event: Name,
    incarnation: String,
    seq: u64,
    iat: u64,
    from: Option<u64>,
    #[serde(default)]
    more: bool,
    hash_key: Option<String>,
    #[serde(default)]
    entries: Vec<WireEntry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Snapshot,
    Revocations,
    Heartbeat,
}

impl Name {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Revocations => "revocations",
            Self::Heartbeat => "heartbeat",
        }
    }
}

#[derive(Deserialize)]
struct WireEntry {
    kind: Kind,
    hash: Option<String>,
    epoch: Option<u32>,
    exp: u64,
}

impl Event {
    /// Verifies one event of the feed.
    ///
    /// `verifier` must hold only the feed's keys and expect the issuer and [`EVENT_TYP`]; `name` is the name of
    /// the server-sent event, `token` its data. The position outside of the token (the `id` line) is not read.
    ///
    /// # Errors
    /// In this order: [`EventError::Refused`], [`EventError::NameMismatch`], [`EventError::Unusable`].
    pub fn verify(
        verifier: &Verifier,
        name: &str,
        token: &str,
        now: NumericDate,
    ) -> Result<Self, EventError> {
        let claims = verifier.verify::<Claims>(token, now)?.into_claims();
        if claims.event.as_str() != name {
            return Err(EventError::NameMismatch);
        }
        Self::from_claims(claims)
    }

    fn from_claims(claims: Claims) -> Result<Self, EventError> {
        if !plausible_incarnation(&claims.incarnation) {
            return Err(EventError::Unusable("its incarnation is not a UUID"));
        }
        if claims.entries.len() > MAX_ENTRIES {
            return Err(EventError::Unusable("it has too many entries"));
        }
        let body = match claims.event {
            Name::Snapshot => {
                Body::Snapshot { hash_key: claims.hash_key.map(|text| hash_key(&text)).transpose()? }
            }
            Name::Revocations => {
                let from = claims.from.filter(|from| *from <= claims.seq);
                Body::Revocations {
                    from: from.ok_or(EventError::Unusable("its range is missing or inverted"))?,
                }
            }
            Name::Heartbeat if claims.entries.is_empty() => Body::Heartbeat,
            Name::Heartbeat => return Err(EventError::Unusable("a heartbeat has entries")),
        };
        let entries = claims.entries.into_iter().map(Entry::from_wire).collect::<Result<_, _>>()?;
        let position = Position { incarnation: claims.incarnation, seq: claims.seq };
        Ok(Self { position, issued_at: claims.iat, more: claims.more, body, entries })
    }
}

impl Entry {
    fn from_wire(wire: WireEntry) -> Result<Self, EventError> {
        if wire.epoch.is_some() != wire.kind.counts_epochs() {
            return Err(EventError::Unusable("an entry's epoch does not go with its kind"));
        }
        let hash = match (wire.kind, wire.hash) {
            (Kind::All, None) => None,
            (Kind::All, Some(_)) | (_, None) => {
                return Err(EventError::Unusable("an entry's hash does not go with its kind"));
            }
            (_, Some(text)) => {
                Some(decode(&text).ok_or(EventError::Unusable("an entry's hash is not 16 bytes"))?)
            }
        };
        Ok(Self { kind: wire.kind, hash, epoch: wire.epoch, exp: wire.exp })
    }
}

fn hash_key(text: &str) -> Result<Arc<HashKey>, EventError> {
    HashKey::from_base64url(text).map(Arc::new).ok_or(EventError::Unusable("its hash key is not 32 bytes"))
}

/// The incarnation is sent back in a header, so it must be nothing but the text of a UUID.
fn plausible_incarnation(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
