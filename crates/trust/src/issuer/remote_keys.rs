//! A key set with the task that fetches it.

use super::Shared;
use crate::key_set::{KeySet, MAX_KEY_SET_BYTES, UnknownKid, max_age};
use crate::transport::{Transport, TransportError};
use futures_util::StreamExt as _;
use http::header::{ACCEPT, CACHE_CONTROL};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How long one request for a key set may take, connection and body together.
const FETCH_LIMIT: Duration = Duration::from_secs(5);

/// How long a token waits for a request that may bring its key.
const WAIT_LIMIT: Duration = Duration::from_secs(6);

/// One remote key set, its address, and who waits for it.
pub(super) struct RemoteKeys {
    url: String,
    set: KeySet,
    wake: Notify,
    answered: watch::Sender<()>,
}

/// A subscription to the answers of the issuer.
pub(super) struct Answers(watch::Receiver<()>);

impl Answers {
    /// Waits for the next answer, or the next failure to get one, for a bounded time.
    pub(super) async fn next(&mut self) {
        // After either outcome the caller looks at the keys again.
        let _ = tokio::time::timeout(WAIT_LIMIT, self.0.changed()).await;
    }
}

impl RemoteKeys {
    pub(super) fn new(url: String, set: KeySet) -> Self {
        Self { url, set, wake: Notify::new(), answered: watch::Sender::new(()) }
    }

    pub(super) fn set(&self) -> &KeySet {
        &self.set
    }

    pub(super) fn answers(&self) -> Answers {
        Answers(self.answered.subscribe())
    }

    /// See [`KeySet::unknown_kid`]; starts the request if one is due.
    pub(super) fn unknown_kid(&self, kid: &str) -> UnknownKid {
        self.woken(self.set.unknown_kid(kid, monotonic_now()))
    }

    /// See [`KeySet::no_keys`].
    pub(super) fn no_keys(&self) -> UnknownKid {
        self.woken(self.set.no_keys())
    }

    /// See [`KeySet::refresh_now`].
    pub(super) fn refresh_now(&self) {
        self.set.refresh_now(monotonic_now());
        self.wake.notify_one();
    }

    fn woken(&self, advice: UnknownKid) -> UnknownKid {
        if advice == UnknownKid::Wait {
            self.wake.notify_one();
        }
        advice
    }

    /// Fetches whenever it is due. Runs until it is aborted.
    pub(super) async fn run(&self, shared: &Shared) {
        loop {
            match self.set.begin_fetch(monotonic_now()) {
                Err(wait) => {
                    // Either way the schedule is asked again.
                    let _ = tokio::time::timeout(wait, self.wake.notified()).await;
                }
                Ok(()) => self.fetch(shared).await,
            }
        }
    }

    async fn fetch(&self, shared: &Shared) {
        let answer = tokio::time::timeout(FETCH_LIMIT, request(&self.url, &*shared.transport)).await;
        let now = monotonic_now();
        let result = match answer.unwrap_or_else(|_| Err(TransportError::new("no answer in time"))) {
            Ok((body, age)) => self.set.install(&body, age, now).map_err(|error| error.to_string()),
            Err(error) => {
                self.set.fetch_failed(now);
                Err(error.to_string())
            }
        };
        match result {
            Ok(()) => tracing::debug!(url = self.url, "key set fetched"),
            Err(reason) => {
                tracing::warn!(url = self.url, reason, "key set not fetched; the keys known before stay");
            }
        }
        self.answered.send_replace(());
        shared.progress.send_replace(());
    }
}

/// Monotonic, and pausable in tests.
pub(super) fn monotonic_now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// The body of the answer and how long it may be used.
async fn request(
    url: &str,
    transport: &dyn Transport,
) -> Result<(Vec<u8>, Option<Duration>), TransportError> {
    let request = http::Request::get(url).header(ACCEPT, "application/jwk-set+json, application/json");
    let request = request.body(()).map_err(|error| TransportError::new(error.to_string()))?;
    let response = transport.send(request).await?;
    if response.status() != http::StatusCode::OK {
        return Err(TransportError::new(format!("status {}", response.status().as_u16())));
    }
    let age = response.headers().get(CACHE_CONTROL).and_then(|value| max_age(value.to_str().ok()?));
    let mut chunks = response.into_body();
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        if body.len() + chunk.len() > MAX_KEY_SET_BYTES {
            return Err(TransportError::new("key set is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, age))
}
