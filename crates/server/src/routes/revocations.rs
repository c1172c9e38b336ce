//! `GET /v1/revocations`: the revocation feed, as server-sent events (WHATWG HTML §9.2).
//!
//! `Last-Event-ID: <incarnation>.<seq>` goes on from there; without it, or from a position that the log does not know,
//! the stream begins with a snapshot. A heartbeat each second tells a reader that silence means "nothing new".

use crate::bearer::{bearer_token, invalid_token};
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event as SseEvent, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};
use waxseal_domain::revocation::Position;
use waxseal_service::revocations::Event;
use waxseal_service::{Failure, Service};

const HEARTBEAT: Duration = Duration::from_secs(1);

pub(crate) async fn stream(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    if !state.service.is_feed_reader(bearer_token(&headers)?) {
        return Err(invalid_token(
            "feed_token_invalid",
            "this is not the token of a reader of the revocation feed",
        ));
    }
    let permit = Arc::clone(&state.feed_readers).try_acquire_owned();
    let permit = permit.map_err(|_| Problem::overloaded("too many readers follow the revocation feed"))?;
    let reader = Reader::begin(&state, resume_position(&headers)?, permit);
    let reader = reader.await.map_err(|failure| Problem::from_failure(&failure))?;
    let events = stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok::<_, std::convert::Infallible>(sse_event(&event)), reader))
    });
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, Sse::new(events)).into_response())
}

/// One reader's place in the log.
struct Reader {
    service: Arc<Service>,
    position: Position,
    pending: VecDeque<Event>,
    changes: watch::Receiver<Position>,
    shutdown: watch::Receiver<()>,
    heartbeat: Interval,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    async fn begin(
        state: &AppState,
        after: Option<Position>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Self, Failure> {
        let service = Arc::clone(&state.service);
        // Before the first read: a change between the two must not be missed.
        let changes = service.watch_revocations();
        let resumed = match after {
            Some(position) => service.feed_since(position).await?,
            None => None,
        };
        let pending = match resumed {
            Some(events) => events,
            None => service.feed_snapshot().await?,
        };
        let position = pending.last().map_or(*changes.borrow(), |last| last.position);
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let shutdown = state.shutdown.clone();
        Ok(Self { service, position, pending: pending.into(), changes, shutdown, heartbeat, _permit: permit })
    }

    /// The next event, or `None` to end the stream: the reader will come back and resume.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            if *self.changes.borrow_and_update() != self.position {
                self.catch_up().await?;
                continue;
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                _ = self.shutdown.changed() => return None,
                _ = self.heartbeat.tick() => return logged(self.service.feed_heartbeat(self.position)),
            }
        }
    }

    async fn catch_up(&mut self) -> Option<()> {
        // `None` from the store: the database began a new life. A new connection begins with a snapshot.
        let events = logged(self.service.feed_since(self.position).await)??;
        self.position = events.last()?.position;
        self.pending.extend(events);
        Some(())
    }
}

fn logged<T>(result: Result<T, Failure>) -> Option<T> {
    if let Err(failure) = &result {
        tracing::error!(error = failure as &dyn std::error::Error, "the revocation feed broke off");
    }
    result.ok()
}

fn sse_event(event: &Event) -> SseEvent {
    let Position { incarnation, seq } = event.position;
    SseEvent::default().event(event.kind.as_str()).id(format!("{incarnation}.{seq}")).data(&event.jwt)
}

fn resume_position(headers: &HeaderMap) -> Result<Option<Position>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let parsed = value.to_str().ok().and_then(|text| text.split_once('.')).and_then(|(incarnation, seq)| {
        Some(Position { incarnation: incarnation.parse().ok()?, seq: seq.parse().ok()? })
    });
    let detail =
        "`last-event-id` must be the id of an event of this feed; leave it out to begin with a snapshot";
    parsed.map(Some).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "invalid_request", detail))
}
