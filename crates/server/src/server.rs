//! A server on a socket: the data directory opened, the store and service wired, and an end in good order.

use crate::data_dir::{DataDir, DataDirError};
use crate::router::{Shutdown, router};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use waxseal_domain::repository::StoreInfo;
use waxseal_domain::session::SessionPolicy;
use waxseal_domain::{ClientId, Clock, Randomness, StorageError};
use waxseal_service::{PasswordSettings, Service, Settings, StartError};
use waxseal_storage_sqlite::{OpenError, SqliteStore};

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The directory of its database and keys.
    pub data_dir: PathBuf,
    /// The `iss` of its tokens. `None`: the one that the database belongs to, or for a new one the address.
    pub issuer: Option<String>,
    /// The `aud` of its tokens.
    pub audience: String,
    /// The client that `/v1/login` logs in to.
    pub client_id: ClientId,
    /// For development: a missing master key is made, and anybody may make an account.
    pub dev: bool,
    /// How long an access token is good.
    pub access_lifetime: std::time::Duration,
    /// How long sessions last.
    pub sessions: SessionPolicy,
    /// The cost of passwords.
    pub passwords: PasswordSettings,
}

/// Why a server did not start or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The service did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {0}: {1}; choose another address with --listen")]
    Listen(SocketAddr, io::Error),
    /// The socket failed.
    #[error("the server stopped: {0}")]
    Serve(io::Error),
}

/// A running server. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    service: Arc<Service>,
    data_dir: DataDir,
    stop: Option<(oneshot::Sender<()>, Shutdown)>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Opens, wires, listens.
    ///
    /// # Errors
    /// [`RunError`].
    pub async fn start(
        options: Options,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, RunError> {
        let data_dir = DataDir::open(&options.data_dir)?;
        // The database first: its lock keeps a second server from touching the other files.
        let store = Arc::new(SqliteStore::open(&data_dir.database(), clock, &*randomness)?);
        let master_key = data_dir.master_key(options.dev, &*randomness)?;
        let listen_error = |error| RunError::Listen(options.listen, error);
        let listener = TcpListener::bind(options.listen).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let issuer = match &options.issuer {
            Some(issuer) => issuer.clone(),
            None => store.claim_issuer(&format!("http://{address}")).await?,
        };
        let service = Service::start(settings(&options, issuer), &master_key, store, randomness).await?;
        let service = Arc::new(service);
        data_dir.write_feed_token(service.feed_reader_token())?;
        let (stop, stopped) = oneshot::channel();
        let shutdown = Shutdown::new();
        let serve = axum::serve(listener, router(Arc::clone(&service), &shutdown));
        let serve = serve.with_graceful_shutdown(async move { stopped.await.unwrap_or(()) });
        let task = tokio::spawn(serve.into_future());
        Ok(Self { address, service, data_dir, stop: Some((stop, shutdown)), task })
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The service behind the routes.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// The directory of its database and keys.
    #[must_use]
    pub fn data_dir(&self) -> &DataDir {
        &self.data_dir
    }

    /// Takes no more connections, finishes the requests at work, and ends.
    ///
    /// # Errors
    /// [`RunError::Serve`].
    pub async fn stop(mut self) -> Result<(), RunError> {
        // Dropping both ends tells the listener, and the streams that would never end by themselves.
        self.stop = None;
        self.joined().await
    }

    /// Waits until it stops by itself, which it does only when the socket fails.
    ///
    /// # Errors
    /// [`RunError::Serve`].
    pub async fn wait(&mut self) -> Result<(), RunError> {
        self.joined().await
    }

    async fn joined(&mut self) -> Result<(), RunError> {
        (&mut self.task).await.map_err(io::Error::other).flatten().map_err(RunError::Serve)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn settings(options: &Options, issuer: String) -> Settings {
    Settings {
        issuer,
        audience: options.audience.clone(),
        client_id: options.client_id.clone(),
        access_lifetime: options.access_lifetime,
        leeway: std::time::Duration::from_secs(60),
        sessions: options.sessions,
        open_registration: options.dev,
        passwords: options.passwords,
    }
}
