//! What a storage engine must do. Every engine passes the contract suite of `waxseal-test-support`.
//!
//! Each method is one transaction, durable before it returns. Decisions on a stored row use the store's own clock: one
//! that does not run backwards, whatever the machine's clock does.

use crate::revocation::{Position, Revocation};
use crate::session::refresh::{Presented, Refusal, Replay};
use crate::session::{NewSession, Session, SessionPolicy};
use crate::signing_key::{KeyPurpose, StoredKey};
use crate::user::{Credential, NewUser, User, Username};
use crate::{ClientId, SessionId, Timestamp, UserId};
use async_trait::async_trait;
use std::fmt::Debug;
use std::time::Duration;
use tokio::sync::watch;

/// The store could not do what was asked. Nothing of it was done, except where a variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Too many requests wait already, or the engine is closing. Trying again later may work.
    #[error("the storage is busy or closing")]
    Unavailable,
    /// A stored value does not have the form it was written in.
    #[error("stored data is damaged: {0}")]
    Corrupt(&'static str),
    /// The engine failed. After a failed commit nobody knows whether it happened.
    #[error("the storage engine failed")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum InsertUserError {
    /// Somebody else has that name.
    #[error("the username is taken")]
    UsernameTaken,
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a session did not begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginSessionError {
    /// The account was disabled or deleted, or its password changed, after the credential was read.
    #[error("the account changed while its password was being checked")]
    CredentialChanged,
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What became of a refresh.
#[derive(Clone, Debug)]
pub enum RefreshOutcome {
    /// The session moved to its next generation.
    Rotated {
        /// The session as it now is.
        session: Session,
        /// The moment of the swap.
        at: Timestamp,
    },
    /// The session is as it was, and its current token is to be handed out again.
    Replayed {
        /// The session as it is.
        session: Session,
        /// The moment of the decision.
        at: Timestamp,
        /// Why.
        reason: Replay,
    },
    /// Refused; nothing changed.
    Refused(Refusal),
    /// Refused, and the session was revoked because a copy of its token exists.
    Reused,
    /// Two swaps in a row met somebody else's. Trying again later works.
    Contended,
}

/// What became of a logout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// The session was revoked.
    Revoked,
    /// It was over already.
    AlreadyOver,
    /// The request does not speak for a session; nothing changed.
    Refused,
}

/// Accounts.
#[async_trait]
pub trait UserRepository {
    /// Adds an account in state active, with version 1 of its credential.
    ///
    /// # Errors
    /// [`InsertUserError::UsernameTaken`], also when two insertions race; [`InsertUserError::Storage`].
    async fn insert_user(&self, user: NewUser) -> Result<User, InsertUserError>;

    /// What a login by this name needs. Names differ by more than capital letters.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find_credential(&self, username: &Username) -> Result<Option<Credential>, StorageError>;

    /// The account with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StorageError>;
}

/// Clients, as far as sessions need them.
#[async_trait]
pub trait ClientRepository {
    /// Makes sure that a client of this id is known. Its epoch begins at 0.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn ensure_client(&self, id: &ClientId) -> Result<(), StorageError>;
}

/// Sessions.
#[async_trait]
pub trait SessionRepository {
    /// Begins a session at the store's time, with the epochs of the moment, if the account is still active and its
    /// credential still has the version that was checked.
    ///
    /// # Errors
    /// [`BeginSessionError::CredentialChanged`], [`BeginSessionError::Storage`].
    async fn begin_session(
        &self,
        session: NewSession,
        policy: &SessionPolicy,
    ) -> Result<Session, BeginSessionError>;

    /// Continues a session: one compare-and-swap, and when it changes nothing, [`crate::session::refresh::decide`].
    ///
    /// A revocation that this causes is in the log when the method returns; its entry lives for `entry_lifetime`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn refresh_session(
        &self,
        presented: &Presented,
        policy: &SessionPolicy,
        entry_lifetime: Duration,
    ) -> Result<RefreshOutcome, StorageError>;

    /// Ends a session. Any generation of its token will do, and none of them is theft.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn end_session(
        &self,
        presented: &Presented,
        entry_lifetime: Duration,
    ) -> Result<LogoutOutcome, StorageError>;

    /// The session with this id, whatever its state, and the store's time.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn find_session(&self, id: SessionId) -> Result<Option<(Session, Timestamp)>, StorageError>;

    /// The live sessions of a user, latest login first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn list_sessions(&self, user: UserId) -> Result<Vec<Session>, StorageError>;
}

/// Signing keys.
#[async_trait]
pub trait SigningKeyRepository {
    /// All keys that are not gone, oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn list_keys(&self) -> Result<Vec<StoredKey>, StorageError>;

    /// Adds `keys` if there is no key of that purpose yet, all or none. Returns whether they were added: of two
    /// servers that start at once, one wins.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn insert_first_keys(
        &self,
        purpose: KeyPurpose,
        keys: Vec<StoredKey>,
    ) -> Result<bool, StorageError>;
}

/// The log of revocations.
#[async_trait]
pub trait RevocationRepository {
    /// The present position and every entry that has not expired, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn revocation_snapshot(&self) -> Result<(Position, Vec<Revocation>), StorageError>;

    /// The present position and the entries after `after` that have not expired, in order, or `None` when that position is of another
    /// incarnation or lies ahead of the log: the reader then needs a snapshot. Expired entries refuse nothing any more,
    /// so no position of this incarnation is too old.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn revocations_since(
        &self,
        after: Position,
    ) -> Result<Option<(Position, Vec<Revocation>)>, StorageError>;

    /// The latest position, and word of every change of it. A hint: what changed is read by
    /// [`revocations_since`](Self::revocations_since).
    fn watch_revocations(&self) -> watch::Receiver<Position>;
}

/// What belongs to the database as a whole.
#[async_trait]
pub trait StoreInfo {
    /// Whether the store can answer now. Used by health checks.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn ping(&self) -> Result<(), StorageError>;

    /// The issuer that the database belongs to; `issuer` when it belonged to none until now.
    ///
    /// Every secret of a server is bound to its issuer, so a database serves one issuer all its life.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn claim_issuer(&self, issuer: &str) -> Result<String, StorageError>;

    /// The store's own time: never earlier than any time it gave before.
    fn now(&self) -> Timestamp;
}

/// A whole storage engine.
pub trait Store:
    UserRepository
    + ClientRepository
    + SessionRepository
    + SigningKeyRepository
    + RevocationRepository
    + StoreInfo
    + Debug
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: UserRepository
        + ClientRepository
        + SessionRepository
        + SigningKeyRepository
        + RevocationRepository
        + StoreInfo
        + Debug
        + Send
        + Sync
{
}
