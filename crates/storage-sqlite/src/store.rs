//! The store: opens the file and carries the repository traits to the writer and the readers.

use crate::clock::StoreClock;
use crate::files;
use crate::migrations::{MigrationError, migrate};
use crate::reader::Readers;
use crate::row::engine;
use crate::tables::sessions::Context;
use crate::tables::{clients, info, revocations, sessions, signing_keys, users};
use crate::writer::Writer;
use async_trait::async_trait;
use rusqlite::Connection;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use waxseal_domain::repository::{
    BeginSessionError, ClientRepository, InsertUserError, LogoutOutcome, RefreshOutcome,
    RevocationRepository, SessionRepository, SigningKeyRepository, StoreInfo, UserRepository,
};
use waxseal_domain::revocation::{Position, Revocation};
use waxseal_domain::session::refresh::Presented;
use waxseal_domain::session::{NewSession, Session, SessionPolicy};
use waxseal_domain::signing_key::{KeyPurpose, StoredKey};
use waxseal_domain::user::{Credential, NewUser, User, Username};
use waxseal_domain::{
    Clock, Incarnation, Randomness, RandomnessError, SessionId, StorageError, Timestamp, UserId,
};

/// Why a database could not be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Other users of the machine may read the file.
    #[error(
        "{0} can be read by other users of this machine, and it holds password hashes and keys: run `chmod 600 {0}`"
    )]
    Shared(PathBuf),
    /// Another server has it open.
    #[error("{0} is in use by another server; stop that one first, or give this one another directory")]
    InUse(PathBuf),
    /// The file could not be opened or made.
    #[error("{path} could not be opened: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The schema does not fit this program.
    #[error("{path}: {reason}")]
    Schema {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// SQLite could not work with the file.
    #[error("{path} is not a database that can be used: {source}")]
    Engine {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A new database needs random bytes, and there were none.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The readers or the writer could not be started.
    #[error("the threads of the database could not be started")]
    Threads(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A SQLite database file.
#[derive(Debug)]
pub struct SqliteStore {
    // Before the lock: the last write is done before another server may begin.
    writer: Writer,
    readers: Readers,
    clock: StoreClock,
    incarnation: Incarnation,
    positions: watch::Receiver<Position>,
    _lock: File,
}

impl SqliteStore {
    /// Opens the database at `path`, making it when it is missing, and brings its schema up to date.
    ///
    /// On Unix the file gets mode 0600. A second file, `path` with `.lock` added, marks the database as in use.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, clock: Arc<dyn Clock>, randomness: &dyn Randomness) -> Result<Self, OpenError> {
        let lock_path = PathBuf::from(format!("{}.lock", path.display()));
        let lock = files::lock(&lock_path).map_err(|error| open_error(path, error))?;
        drop(files::open_private(path).map_err(|error| open_error(path, error))?);
        let in_engine = |source| OpenError::Engine { path: path.to_owned(), source };
        let mut connection = Connection::open(path).map_err(in_engine)?;
        configure(&connection).map_err(in_engine)?;
        migrate(&mut connection).map_err(|error| match error {
            MigrationError::Engine(source) => in_engine(source),
            other => OpenError::Schema { path: path.to_owned(), reason: other.to_string() },
        })?;
        let now = clock.now();
        if info::load(&connection).map_err(in_engine)?.is_none() {
            info::create(&connection, Incarnation::generate(now, randomness)?, now).map_err(in_engine)?;
        }
        let info = info::load(&connection)
            .map_err(in_engine)?
            .ok_or(in_engine(rusqlite::Error::QueryReturnedNoRows))?;
        let clock = StoreClock::new(clock, info.high_water);
        let readers = Readers::open(path).map_err(OpenError::Threads)?;
        let (writer, positions) = start_writer(connection, path, clock.clone(), info.position)?;
        Ok(Self { writer, readers, clock, incarnation: info.position.incarnation, positions, _lock: lock })
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(Context<'_>) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (incarnation, clock) = (self.incarnation, self.clock.clone());
        // The time is read when the write runs: time spent in the queue counts.
        self.writer
            .write(move |connection| write(Context { connection, incarnation, now: clock.now() }))
            .await
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: in WAL mode, sync the log before a commit returns. NORMAL would lose acknowledged logins on power loss.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Fewer, larger checkpoints: under load they are what delays the slowest answers.
    connection.pragma_update(None, "wal_autocheckpoint", 20_000)
}

fn start_writer(
    connection: Connection,
    path: &Path,
    clock: StoreClock,
    start: Position,
) -> Result<(Writer, watch::Receiver<Position>), OpenError> {
    let (sender, receiver) = watch::channel(start);
    let committed = Arc::new(Mutex::new(start));
    let seen = Arc::clone(&committed);
    let before_commit = move |connection: &Connection| {
        info::raise_high_water(connection, clock.now())?;
        if let (Some(info), Ok(mut position)) = (info::load(connection)?, committed.lock()) {
            *position = info.position;
        }
        Ok(())
    };
    let after_commit = move || {
        let position = seen.lock().ok().map(|position| *position);
        sender.send_if_modified(|known| {
            position.is_some_and(|position| std::mem::replace(known, position) != position)
        });
    };
    let writer = Writer::start(connection, before_commit, after_commit);
    let writer = writer.map_err(|source| OpenError::File { path: path.to_owned(), source })?;
    Ok((writer, receiver))
}

fn open_error(path: &Path, error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::PermissionDenied if path.exists() => OpenError::Shared(path.to_owned()),
        io::ErrorKind::ResourceBusy => OpenError::InUse(path.to_owned()),
        _ => OpenError::File { path: path.to_owned(), source: error },
    }
}

#[async_trait]
impl UserRepository for SqliteStore {
    async fn insert_user(&self, user: NewUser) -> Result<User, InsertUserError> {
        // A taken name is an answer, not a failure of the write.
        self.write(move |c| match users::insert(c.connection, &user, c.now) {
            Err(InsertUserError::Storage(error)) => Err(error),
            answer => Ok(answer),
        })
        .await?
    }

    async fn find_credential(&self, username: &Username) -> Result<Option<Credential>, StorageError> {
        let username = username.clone();
        self.readers.read(move |c| users::find_credential(c, &username)).await
    }

    async fn find_user(&self, id: UserId) -> Result<Option<User>, StorageError> {
        self.readers.read(move |c| users::find(c, id)).await
    }
}

#[async_trait]
impl ClientRepository for SqliteStore {
    async fn ensure_client(&self, id: &waxseal_domain::ClientId) -> Result<(), StorageError> {
        let id = id.clone();
        self.write(move |c| clients::ensure(c.connection, &id)).await
    }
}

#[async_trait]
impl SessionRepository for SqliteStore {
    async fn begin_session(
        &self,
        session: NewSession,
        policy: &SessionPolicy,
    ) -> Result<Session, BeginSessionError> {
        let policy = *policy;
        self.write(move |c| match sessions::begin(c, &session, &policy) {
            Err(BeginSessionError::Storage(error)) => Err(error),
            answer => Ok(answer),
        })
        .await?
    }

    async fn refresh_session(
        &self,
        presented: &Presented,
        policy: &SessionPolicy,
        entry_lifetime: Duration,
    ) -> Result<RefreshOutcome, StorageError> {
        let (presented, policy) = (presented.clone(), *policy);
        self.write(move |c| sessions::refresh(c, &presented, &policy, entry_lifetime)).await
    }

    async fn end_session(
        &self,
        presented: &Presented,
        entry_lifetime: Duration,
    ) -> Result<LogoutOutcome, StorageError> {
        let presented = presented.clone();
        self.write(move |c| sessions::end(c, &presented, entry_lifetime)).await
    }

    async fn find_session(&self, id: SessionId) -> Result<Option<(Session, Timestamp)>, StorageError> {
        let clock = self.clock.clone();
        self.readers.read(move |c| Ok(sessions::find(c, id)?.map(|session| (session, clock.now())))).await
    }

    async fn list_sessions(&self, user: UserId) -> Result<Vec<Session>, StorageError> {
        let clock = self.clock.clone();
        self.readers.read(move |c| sessions::list_live(c, user, clock.now())).await
    }
}

#[async_trait]
impl SigningKeyRepository for SqliteStore {
    async fn list_keys(&self) -> Result<Vec<StoredKey>, StorageError> {
        self.readers.read(signing_keys::list).await
    }

    async fn insert_first_keys(
        &self,
        purpose: KeyPurpose,
        keys: Vec<StoredKey>,
    ) -> Result<bool, StorageError> {
        self.write(move |c| signing_keys::insert_first(c.connection, purpose, &keys)).await
    }
}

#[async_trait]
impl RevocationRepository for SqliteStore {
    async fn revocation_snapshot(&self) -> Result<(Position, Vec<Revocation>), StorageError> {
        let clock = self.clock.clone();
        self.readers
            .read(move |c| Ok((info::position(c)?, revocations::live_after(c, 0, clock.now())?)))
            .await
    }

    async fn revocations_since(
        &self,
        after: Position,
    ) -> Result<Option<(Position, Vec<Revocation>)>, StorageError> {
        let clock = self.clock.clone();
        self.readers.read(move |c| revocations::since(c, after, clock.now())).await
    }

    fn watch_revocations(&self) -> watch::Receiver<Position> {
        self.positions.clone()
    }
}

#[async_trait]
impl StoreInfo for SqliteStore {
    async fn ping(&self) -> Result<(), StorageError> {
        // Through the writer: a server that can read and not write is not healthy.
        self.writer.write(|c| c.query_row("SELECT 1", [], |_| Ok(())).map_err(engine)).await
    }

    async fn claim_issuer(&self, issuer: &str) -> Result<String, StorageError> {
        let issuer = issuer.to_owned();
        self.write(move |c| info::claim_issuer(c.connection, &issuer)).await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
