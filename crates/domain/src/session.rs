//! Sessions: one login of one user on one device, and the one row that its refresh tokens stand for.
//!
//! A refresh token names a session and a *generation*. The row keeps the current generation; refreshing raises it by
//! one with a compare-and-swap. What a token of another generation means is decided in [`refresh`].

pub mod refresh;

use crate::{ClientId, Incarnation, SessionId, Timestamp, UserId};
use std::time::Duration;

/// Which refresh token of a session is the current one. Starts at 0 and grows by one with each refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u32);

impl Generation {
    /// The generation handed out at login.
    pub const FIRST: Self = Self(0);

    /// The generation with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The generation after this one, or `None` when the numbers are used up (after four thousand million refreshes).
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// How many generations this one is behind `current`, or `None` when it is newer.
    #[must_use]
    pub const fn behind(self, current: Self) -> Option<u32> {
        current.0.checked_sub(self.0)
    }
}

/// SHA-256 of the random value that every refresh token of a session carries.
///
/// All that the database knows of a token: not enough to make one (see the crate `waxseal-service`, `refresh_token`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

/// SHA-256 thumbprint of the key that a session is bound to (`cnf`, RFC 7800; RFC 9449 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyThumbprint(pub [u8; 32]);

/// The counters that an entry "refuse everything below" in the revocation log is compared with.
///
/// Copied into the session at login and carried by its access tokens, so that a login in the very second of a
/// revocation already stands above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Epochs {
    /// Raised to refuse every token of the issuer.
    pub all: u32,
    /// Raised to refuse every token given to one client.
    pub client: u32,
    /// Raised to refuse every token of one user.
    pub subject: u32,
}

/// When each of the last four generations was superseded, latest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotations(pub [Option<Timestamp>; Rotations::KEPT]);

impl Rotations {
    /// How many rotations a row remembers.
    pub const KEPT: usize = 4;

    /// When the generation that lies `behind` the current one was superseded, if the row remembers.
    #[must_use]
    pub fn superseded_at(&self, behind: u32) -> Option<Timestamp> {
        let index = usize::try_from(behind.checked_sub(1)?).ok()?;
        self.0.get(index).copied().flatten()
    }

    /// The latest rotation.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        self.superseded_at(1)
    }
}

/// One login of one user on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The `sid` of its access tokens.
    pub id: SessionId,
    /// Who logged in.
    pub user_id: UserId,
    /// Where.
    pub client_id: ClientId,
    /// The hash of the random value in its refresh tokens.
    pub secret_hash: SecretHash,
    /// The key it was bound to at login. Never added or changed later.
    pub cnf: Option<KeyThumbprint>,
    /// The counters at login.
    pub epochs: Epochs,
    /// The current refresh token.
    pub generation: Generation,
    /// When earlier ones were superseded.
    pub rotations: Rotations,
    /// The life of the database in which the row was last written.
    pub incarnation: Incarnation,
    /// What the user calls the device.
    pub device: Option<String>,
    /// The moment of the login; the `auth_time` of its tokens.
    pub created_at: Timestamp,
    /// It ends when it is not refreshed until then.
    pub idle_expires_at: Timestamp,
    /// It ends then in any case.
    pub expires_at: Timestamp,
    /// Set once and never cleared.
    pub revoked_at: Option<Timestamp>,
}

impl Session {
    /// Whether the session can still be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.idle_expires_at && now < self.expires_at
    }
}

/// How long sessions and the windows around a refresh last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// A session ends when it was not refreshed for this long.
    pub idle_lifetime: Duration,
    /// A session ends this long after the login, however much it is used.
    pub absolute_lifetime: Duration,
    /// For this long a superseded token is answered with the current one: two tabs, a retry after a lost answer.
    pub grace: Duration,
    /// The same for the token before the current one, when the request proved the key that the session is bound to.
    pub lost_answer: Duration,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            idle_lifetime: DAY * 14,
            absolute_lifetime: DAY * 90,
            grace: Duration::from_secs(30),
            lost_answer: DAY,
        }
    }
}

impl SessionPolicy {
    /// When a session used at `now` ends if it is not used again; never after `expires_at`.
    #[must_use]
    pub fn idle_expiry(&self, now: Timestamp, expires_at: Timestamp) -> Timestamp {
        now.saturating_add(self.idle_lifetime).min(expires_at)
    }
}

/// A session to be begun, and what must still be true for it to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its name.
    pub id: SessionId,
    /// Who logs in.
    pub user_id: UserId,
    /// Where.
    pub client_id: ClientId,
    /// The hash of the random value in its refresh tokens.
    pub secret_hash: SecretHash,
    /// The key to bind it to.
    pub cnf: Option<KeyThumbprint>,
    /// What the user calls the device.
    pub device: Option<String>,
    /// The version of the credential that was checked. Hashing takes long enough for a password change to overtake it.
    pub credential_version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_are_counted_from_the_current_generation() {
        let at = Timestamp::from_millis;
        let rotations = Rotations([Some(at(40)), Some(at(30)), None, None]);
        assert_eq!(rotations.superseded_at(0), None, "the current one is not superseded");
        assert_eq!(rotations.superseded_at(1), Some(at(40)));
        assert_eq!(rotations.superseded_at(2), Some(at(30)));
        assert_eq!(rotations.superseded_at(3), None);
        assert_eq!(rotations.superseded_at(5), None, "forgotten");
        assert_eq!(rotations.superseded_at(u32::MAX), None);
    }

    #[test]
    fn idle_expiry_never_outlives_the_session() {
        let policy = SessionPolicy { idle_lifetime: Duration::from_millis(10), ..SessionPolicy::default() };
        let at = Timestamp::from_millis;
        assert_eq!(policy.idle_expiry(at(0), at(100)), at(10));
        assert_eq!(policy.idle_expiry(at(95), at(100)), at(100));
    }
}
