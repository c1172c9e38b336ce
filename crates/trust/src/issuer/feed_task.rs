//! Keeps one connection to the revocation feed.

use super::Shared;
use super::backoff::Backoff;
use crate::key_set::UnknownKid;
use crate::revocations::{Event, EventError, Feed, MAX_EVENT_BYTES, Outcome};
use crate::sse::{SseError, SseEvent, SseParser};
use crate::transport::{Body, TransportError};
use futures_util::StreamExt as _;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use waxseal::VerifyError;

/// How long the issuer may take to begin its answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// What an event may need beyond its data: names, ids and comments.
const SSE_OVERHEAD: usize = 4096;

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("{0}")]
    Transport(#[from] TransportError),
    #[error(
        "the issuer refused the feed token (status {0}); give the API the feed token that belongs to this issuer"
    )]
    Credential(u16),
    #[error("the issuer answered with status {0}")]
    Status(u16),
    #[error("the answer is not an event stream")]
    NotEvents,
    #[error("no verified event in time")]
    Silent,
    #[error("the issuer closed the stream")]
    Closed,
    #[error("{0}")]
    Stream(#[from] SseError),
    #[error("{0}")]
    Event(#[from] EventError),
    #[error("revocations are missing; asking for a snapshot")]
    Resync,
    #[error("there are more revocations than the limit allows; the feed counts as stale")]
    Overflow,
}

pub(super) struct FeedTask {
    shared: Arc<Shared>,
    feed: Feed,
    backoff: Backoff,
}

impl FeedTask {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let feed = Feed::new(Arc::clone(&shared.revocations), shared.max_revocations);
        Self { shared, feed, backoff: Backoff::default() }
    }

    /// Connects, follows, and connects again. Runs until it is aborted.
    pub(super) async fn run(mut self) {
        loop {
            self.wait_for_keys().await;
            let Err(reason) = self.follow().await;
            let pause = self.backoff.next();
            let millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                issuer = self.shared.url.as_str(),
                %reason,
                retry_in_millis = millis,
                "revocation feed interrupted"
            );
            tokio::time::sleep(pause).await;
        }
    }

    /// Without the feed's keys every event would be refused.
    async fn wait_for_keys(&self) {
        let mut answers = self.shared.feed_keys.answers();
        while !self.shared.feed_keys.set().is_loaded() {
            answers.next().await;
        }
    }

    async fn follow(&mut self) -> Result<std::convert::Infallible, Broken> {
        self.feed.connecting();
        let mut body = self.connect().await?;
        let mut parser = SseParser::new(MAX_EVENT_BYTES + SSE_OVERHEAD);
        let mut deadline = Instant::now() + self.shared.idle_limit;
        loop {
            let chunk = timeout_at(deadline, body.next()).await.map_err(|_| Broken::Silent)?;
            for event in parser.push(&chunk.ok_or(Broken::Closed)??)? {
                self.take(&event).await?;
                // Only what verified is a sign of life; noise on the line is not.
                deadline = Instant::now() + self.shared.idle_limit;
            }
        }
    }

    async fn connect(&self) -> Result<Body, Broken> {
        let mut request = http::Request::get(self.shared.url.join("/v1/revocations"))
            .header(ACCEPT, "text/event-stream")
            .header(CACHE_CONTROL, "no-store")
            .header(AUTHORIZATION, self.shared.feed_authorization.clone());
        if let Some(position) = self.feed.position() {
            request = request.header(HeaderName::from_static("last-event-id"), position.to_string());
        }
        let request = request.body(()).map_err(|error| TransportError::new(error.to_string()))?;
        let answer = timeout(CONNECT_LIMIT, self.shared.transport.send(request)).await;
        let response = answer.map_err(|_| Broken::Silent)??;
        match response.status() {
            StatusCode::OK => {}
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                return Err(Broken::Credential(status.as_u16()));
            }
            status => return Err(Broken::Status(status.as_u16())),
        }
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_events = content_type.is_some_and(|text| {
            text.split(';')
                .next()
                .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/event-stream"))
        });
        if is_events { Ok(response.into_body()) } else { Err(Broken::NotEvents) }
    }

    async fn take(&mut self, event: &SseEvent) -> Result<(), Broken> {
        let event = self.verify(event).await?;
        if event.revokes_signing_key() {
            // DESIGN: after a compromise the successor signs at once.
            self.shared.token_keys.refresh_now();
        }
        let outcome = self.feed.apply(event, self.shared.clock.now());
        match outcome {
            Outcome::Current => {
                self.backoff.reset();
                self.shared.progress.send_replace(());
                Ok(())
            }
            Outcome::Waiting => Ok(()),
            Outcome::Resync => Err(Broken::Resync),
            Outcome::Overflow => Err(Broken::Overflow),
        }
    }

    /// Verifies an event, after one refresh of the feed's keys if it is signed with one that is not known.
    async fn verify(&self, event: &SseEvent) -> Result<Event, Broken> {
        let mut answers = self.shared.feed_keys.answers();
        match self.verify_now(event) {
            Err(EventError::Refused(VerifyError::KeyNotFound { kid: Some(kid), .. }))
                if self.shared.feed_keys.unknown_kid(&kid) == UnknownKid::Wait =>
            {
                answers.next().await;
                Ok(self.verify_now(event)?)
            }
            result => Ok(result?),
        }
    }

    fn verify_now(&self, event: &SseEvent) -> Result<Event, EventError> {
        let keys = self.shared.feed_keys.set().verifier();
        let verifier = keys.as_deref().ok_or(EventError::Unusable("the keys of the feed have expired"))?;
        Event::verify(verifier, &event.name, &event.data, self.shared.clock.now().into())
    }
}
