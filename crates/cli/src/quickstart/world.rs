//! What the story plays in: a server and an API on free loopback ports, and a clock that both share.

use super::clock::AdjustableClock;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use waxseal_domain::ClientId;
use waxseal_domain::session::SessionPolicy;
use waxseal_server::{Options, Server};
use waxseal_service::{PasswordSettings, SystemRandomness};
use waxseal_tower::GuardLayer;
use waxseal_trust::{Issuer, StalePolicy};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const AUDIENCE: &str = "notes";
const FREE_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// How long the start may take before it is called broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server and API, with databases and keys that are deleted at the end.
pub(crate) struct World {
    clock: AdjustableClock,
    client: reqwest::Client,
    server: Server,
    api: JoinHandle<std::io::Result<()>>,
    api_address: SocketAddr,
    _directory: TempDir,
}

impl World {
    pub(crate) async fn start() -> Result<Self> {
        let clock = AdjustableClock::default();
        let directory = tempfile::tempdir()?;
        let server =
            Server::start(options(&directory)?, Arc::new(clock.clone()), Arc::new(SystemRandomness)).await?;
        let guard_clock = clock.clone();
        let issuer = Issuer::builder(format!("http://{}", server.address()))
            .audience(AUDIENCE)
            .feed_token(server.service().feed_reader_token())
            // Putting the clock forward makes the feed look stale until its next heartbeat; fresh tokens pass.
            .when_stale(StalePolicy::CapAge(Duration::from_secs(600)))
            .clock(move || guard_clock.system_time())
            .build()?;
        tokio::time::timeout(PATIENCE, issuer.ready())
            .await
            .map_err(|_| "the API did not reach the server")?;
        let listener = TcpListener::bind(FREE_PORT).await?;
        let api_address = listener.local_addr()?;
        let routes = axum_api::router(GuardLayer::new(issuer));
        let api = tokio::spawn(async move { axum::serve(listener, routes).await });
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { clock, client, server, api, api_address, _directory: directory })
    }

    pub(crate) fn clock(&self) -> &AdjustableClock {
        &self.clock
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) fn server_url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    pub(crate) fn api_url(&self) -> String {
        format!("http://{}", self.api_address)
    }

    pub(crate) async fn stop(self) -> Result<()> {
        // The API first: its open stream of revocations is one of the server's connections.
        self.api.abort();
        drop(self.client);
        Ok(self.server.stop().await?)
    }
}

fn options(directory: &TempDir) -> Result<Options> {
    Ok(Options {
        listen: FREE_PORT,
        data_dir: directory.path().to_owned(),
        issuer: None,
        audience: AUDIENCE.to_owned(),
        client_id: ClientId::new("quickstart")?,
        dev: true,
        access_lifetime: Duration::from_secs(600),
        sessions: SessionPolicy::default(),
        passwords: PasswordSettings::default(),
    })
}
