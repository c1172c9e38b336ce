//! The revocation feed of a Waxseal server, as one API sees it: pure state, no I/O.
//!
//! [`Feed`] is the writing side: it says where to resume, takes verified [`Event`]s and says when to start over.
//! [`Revocations`] is the reading side, shared by all requests: one atomic load while nothing is revoked, and
//! no lock at any time. An entry can only make a verifier refuse; whoever controls the feed can deny service,
//! never grant access.
//!
//! Supported: snapshot, stream, resume, heartbeats, a change of incarnation (entries of the former stay until
//! they expire), all kinds of entries, bounded memory. Entries expire by the issuer's time and the local clock
//! together, so that one wrong clock alone drops none too early. Not supported yet: asking the issuer about a
//! single token (introspection) while the feed is stale, and issuers other than the Waxseal server.

mod event;
mod feed;
mod gate;
mod hash;
mod table;
#[cfg(test)]
mod tests;

pub use event::{EVENT_TYP, Event, EventError, MAX_ENTRIES, MAX_EVENT_BYTES, Position};
pub use feed::{Feed, Outcome};
pub use hash::Kind;

use crate::clock::unix_millis;
use crate::policy::StalePolicy;
use arc_swap::ArcSwap;
use gate::Gate;
use serde::Deserialize;
use std::time::{Duration, SystemTime};
use table::Table;

/// The counters that a token copied from the issuer when its session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Epochs {
    /// Of the whole issuer.
    pub all: u32,
    /// Of the client that the token was given to.
    pub client: u32,
    /// Of the subject.
    pub subject: u32,
}

/// What the check needs to know of a verified token.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The key that signed it.
    pub kid: Option<&'a str>,
    /// The session.
    pub sid: &'a str,
    /// The subject.
    pub sub: &'a str,
    /// The token's id.
    pub jti: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// The counters at login.
    pub epochs: Epochs,
    /// Seconds since the epoch at which it was issued.
    pub issued_at: u64,
}

impl<'a> Claims<'a> {
    /// Everything an entry can name, with the counter that an entry with an epoch compares.
    fn named(&self) -> impl Iterator<Item = (Kind, &'a str, u32)> {
        // The counter of the absolute kinds is never looked at.
        let absolute =
            [(Kind::Session, Some(self.sid)), (Kind::Token, Some(self.jti)), (Kind::SigningKey, self.kid)];
        let counted = [
            (Kind::Subject, self.sub, self.epochs.subject),
            (Kind::Client, self.client_id, self.epochs.client),
        ];
        absolute.into_iter().filter_map(|(kind, value)| Some((kind, value?, 0))).chain(counted)
    }
}

/// Why a token with a good signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The issuer took it back.
    #[error("the token was revoked ({})", .0.as_str())]
    Revoked(Kind),
    /// The feed is stale and [`StalePolicy::CapAge`] accepts only younger tokens.
    #[error("the token is too old to be accepted while revocations cannot be learned")]
    TooOld,
    /// The feed is stale, or was never reached, and the policy is [`StalePolicy::Reject`].
    #[error("revocations cannot be learned at the moment")]
    Stale,
}

/// The live revocations of one issuer.
#[derive(Debug)]
pub struct Revocations {
    gate: Gate,
    table: ArcSwap<Table>,
    policy: StalePolicy,
    stale_after: Duration,
}

impl Revocations {
    /// No revocations yet, and a feed that was never reached.
    ///
    /// `stale_after`: how long after its last proof of life the feed counts as stale. The issuer sends a
    /// heartbeat each second.
    #[must_use]
    pub fn new(policy: StalePolicy, stale_after: Duration) -> Self {
        Self { gate: Gate::default(), table: ArcSwap::default(), policy, stale_after }
    }

    /// Checks a token whose signature and claims were verified before.
    ///
    /// # Errors
    /// In this order: [`Denied::Revoked`]; then, only while the feed is stale, [`Denied::TooOld`] or
    /// [`Denied::Stale`] as the policy says.
    pub fn check(&self, claims: &Claims<'_>, now: SystemTime) -> Result<(), Denied> {
        let view = self.gate.view();
        if view.has_entries
            // A hash that cannot be computed might have been a revoked one.
            && let Some(kind) = self.table.load().find(claims).map_err(|_| Denied::Stale)?
        {
            return Err(Denied::Revoked(kind));
        }
        let millis = unix_millis(now);
        if view.is_fresh(millis, self.stale_after) { Ok(()) } else { self.judge_stale(claims, millis / 1000) }
    }

    fn judge_stale(&self, claims: &Claims<'_>, now: u64) -> Result<(), Denied> {
        match self.policy {
            StalePolicy::Accept => Ok(()),
            StalePolicy::CapAge(age) if now.saturating_sub(claims.issued_at) < age.as_secs() => Ok(()),
            StalePolicy::CapAge(_) => Err(Denied::TooOld),
            StalePolicy::Reject => Err(Denied::Stale),
        }
    }

    /// Whether the feed proved itself alive within the staleness window before `now`.
    #[must_use]
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        self.gate.view().is_fresh(unix_millis(now), self.stale_after)
    }

    /// Whether the feed ever answered and was not given up since.
    #[must_use]
    pub fn was_reached(&self) -> bool {
        self.gate.view().was_reached()
    }

    /// How many revocations are held. One that was just renewed may count twice.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.load().len()
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
