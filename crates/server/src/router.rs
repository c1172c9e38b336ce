//! The routes, put together.

use crate::json::BODY_LIMIT;
use crate::problem::Problem;
use crate::routes;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use waxseal_service::Service;

/// How many readers may follow the revocation feed at once. The next one is told to come back.
const FEED_READERS: usize = 1024;

/// Tells long-lived answers that the server is about to stop. Dropping it says the same.
#[derive(Debug)]
pub struct Shutdown(watch::Sender<()>);

impl Shutdown {
    /// Nobody has been told yet.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) service: Arc<Service>,
    pub(crate) feed_readers: Arc<Semaphore>,
    /// Closed when the server is about to stop.
    pub(crate) shutdown: watch::Receiver<()>,
}

/// The server's routes on `service`, to be served alone or merged into another router. The revocation feed ends when
/// `shutdown` is dropped, so keep it for as long as the router is served.
pub fn router(service: Arc<Service>, shutdown: &Shutdown) -> Router {
    let state = AppState {
        service,
        feed_readers: Arc::new(Semaphore::new(FEED_READERS)),
        shutdown: shutdown.0.subscribe(),
    };
    Router::new()
        .route("/v1/users", post(routes::users::create))
        .route("/v1/login", post(routes::login::login))
        .route("/v1/refresh", post(routes::refresh::refresh))
        .route("/v1/logout", post(routes::logout::logout))
        .route("/v1/me", get(routes::me::me))
        .route("/v1/sessions", get(routes::sessions::list))
        .route("/v1/revocations", get(routes::revocations::stream))
        .route("/v1/revocations/jwks.json", get(routes::key_sets::feed))
        .route("/.well-known/jwks.json", get(routes::key_sets::access_tokens))
        .route("/healthz", get(routes::healthz::healthz))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(state)
}

async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such endpoint")
}

async fn method_not_allowed() -> Problem {
    let detail = "the endpoint exists and takes another method; see the `allow` header";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
