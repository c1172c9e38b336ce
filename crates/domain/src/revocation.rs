//! The log of everything that was revoked, in one order for all readers.

use crate::{ClientId, Incarnation, SessionId, Timestamp, UserId};

/// What an entry refuses.
///
/// The first three name tokens outright. The others refuse every token whose counter of that name is *below* the one
/// given ([`crate::session::Epochs`]), so that a login made right after the revocation works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every token of one session (`sid`).
    Session(SessionId),
    /// One access token (`jti`).
    Token(String),
    /// Every token signed by one key (`kid`).
    SigningKey(String),
    /// Every token of one user (`sub`) with a smaller subject epoch.
    Subject(UserId, u32),
    /// Every token given to one client (`client_id`) with a smaller client epoch.
    Client(ClientId, u32),
    /// Every token of the issuer with a smaller epoch.
    All(u32),
}

/// Why something was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The user logged out.
    Logout,
    /// A refresh token was used again after its window: a copy exists.
    RefreshTokenReuse,
}

impl Cause {
    /// The name under which the cause is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::RefreshTokenReuse => "refresh_token_reuse",
        }
    }
}

/// A place in the log: the life of the database, and how many entries came before.
///
/// Two positions can be compared only within one incarnation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The life of the database.
    pub incarnation: Incarnation,
    /// The number of the latest entry, 0 before the first. Commit order is the order of these numbers.
    pub seq: u64,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its number.
    pub seq: u64,
    /// What it refuses.
    pub target: Target,
    /// When it was written.
    pub at: Timestamp,
    /// No token that it could refuse lives longer than this; then the entry may be forgotten.
    pub expires_at: Timestamp,
}
