//! An issuer that exists only in memory, for the tests of an API. No network, no waiting for clocks.
//!
//! It signs tokens, publishes its keys and runs a revocation feed, and an [`Issuer`](crate::Issuer) built with
//! [`TestIssuer::builder`] follows it as it would follow a server. Time stands still until
//! [`TestIssuer::advance`] moves it. Not for production: it has no storage and panics when its keys fail.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use crate::issuer::IssuerBuilder;
use crate::policy::StalePolicy;
use crate::revocations::{EVENT_TYP, Epochs, Kind};
use crate::transport::{Body, Transport, TransportError};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::broadcast;
use waxseal::{Algorithm, JwkSet, PrivateKey, Signer};

/// The `iss` of every [`TestIssuer`].
pub const ISSUER: &str = "https://issuer.test";

const FEED_TOKEN: &str = "feed-token-of-the-test-issuer";
const HASH_KEY: [u8; 32] = [7; 32];
const LIFETIME: Duration = Duration::from_mins(15);

/// An issuer in memory. A clone is a second handle to the same one.
///
/// # Examples
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use waxseal_trust::NoClaims;
/// use waxseal_trust::testing::TestIssuer;
///
/// let test = TestIssuer::new();
/// let issuer = test.builder("notes").build()?;
/// issuer.ready().await;
/// let token = test.token("notes").subject("alice").sign();
/// assert_eq!(issuer.verify::<NoClaims>(&token).await?.subject(), "alice");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TestIssuer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    events: broadcast::Sender<Bytes>,
}

struct State {
    now: SystemTime,
    token_key: PrivateKey,
    feed_key: PrivateKey,
    incarnation: String,
    entries: Vec<Value>,
    reachable: bool,
    requests: Vec<String>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Default for TestIssuer {
    fn default() -> Self {
        Self::new()
    }
}

impl TestIssuer {
    /// An issuer with fresh keys, at a fixed time in 2026.
    ///
    /// # Panics
    /// If no keys can be generated.
    #[must_use]
    pub fn new() -> Self {
        let state = State {
            now: SystemTime::UNIX_EPOCH + Duration::from_hours(500_000),
            token_key: PrivateKey::generate(Algorithm::Es256).expect("ES256 key"),
            feed_key: PrivateKey::generate(Algorithm::EdDsa).expect("EdDSA key"),
            incarnation: "00000000-0000-4000-8000-000000000001".into(),
            entries: Vec::new(),
            reachable: true,
            requests: Vec::new(),
        };
        Self { inner: Arc::new(Inner { state: Mutex::new(state), events: broadcast::Sender::new(1024) }) }
    }

    /// Settings of an [`Issuer`](crate::Issuer) that follows this one, with [`StalePolicy::Reject`] and no leeway.
    pub fn builder(&self, audience: &str) -> IssuerBuilder {
        let clock = self.clone();
        crate::Issuer::builder(ISSUER)
            .audience(audience)
            .feed_token(FEED_TOKEN)
            .when_stale(StalePolicy::Reject)
            .leeway(Duration::ZERO)
            .clock(move || clock.now())
            .transport(self.clone())
    }

    /// The time of this issuer and of those who follow it.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.state().now
    }

    /// Moves the time. The feed is stale until its next event, for example a [`heartbeat`](Self::heartbeat).
    pub fn advance(&self, by: Duration) {
        self.state().now += by;
    }

    /// Begins a good access token for `audience`: subject `alice`, session `session-1`, valid for 15 minutes.
    pub fn token(&self, audience: &str) -> TestToken {
        let claims = json!({
            "client_id": "test-client",
            "sid": "session-1",
            "auth_time": seconds(self.now()),
            "epochs": {"all": 0, "client": 0, "subject": 0},
        });
        let claims = claims.as_object().cloned().unwrap_or_default();
        TestToken {
            issuer: self.clone(),
            audience: audience.into(),
            subject: "alice".into(),
            id: "token-1".into(),
            typ: "at+jwt".into(),
            iss: ISSUER.into(),
            claims,
        }
    }

    /// Revokes what `value` names: a session, a token, a signing key.
    pub fn revoke(&self, kind: Kind, value: &str) {
        self.append(json!({"kind": kind.as_str(), "hash": hash(kind, value)}));
    }

    /// Refuses tokens of `value` (a subject or a client) whose counter is smaller than `epoch`.
    pub fn raise_epoch(&self, kind: Kind, value: &str, epoch: u32) {
        self.append(json!({"kind": kind.as_str(), "hash": hash(kind, value), "epoch": epoch}));
    }

    /// Refuses all tokens whose counter is smaller than `epoch`.
    pub fn raise_epoch_of_all(&self, epoch: u32) {
        self.append(json!({"kind": "all", "epoch": epoch}));
    }

    /// Sends a sign of life to everyone connected.
    pub fn heartbeat(&self) {
        self.send_raw(self.heartbeat_event());
    }

    /// A sign of life that is not sent.
    #[must_use]
    pub fn heartbeat_event(&self) -> String {
        let state = self.state();
        state.event("heartbeat", state.entries.len(), json!({}))
    }

    /// Signs tokens with a new key from now on; the old one is no longer published.
    ///
    /// # Panics
    /// If no key can be generated.
    pub fn rotate_keys(&self) {
        self.state().token_key = PrivateKey::generate(Algorithm::Es256).expect("ES256 key");
    }

    /// Makes new requests fail, or succeed again. Connections that exist stay.
    pub fn set_reachable(&self, reachable: bool) {
        self.state().reachable = reachable;
    }

    /// How many connections to the feed there are.
    #[must_use]
    pub fn readers(&self) -> usize {
        self.inner.events.receiver_count()
    }

    /// The paths asked for so far, each with its `Last-Event-ID` after a space where there was one.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// Sends bytes into the feed as they are, to see what an API makes of them.
    pub fn send_raw(&self, bytes: impl Into<Bytes>) {
        // Nobody may be connected.
        let _ = self.inner.events.send(bytes.into());
    }

    /// Like [`revoke`](Self::revoke), but nobody connected hears of it. Returns the event that they missed.
    #[must_use]
    pub fn revoke_unheard(&self, kind: Kind, value: &str) -> String {
        self.record(json!({"kind": kind.as_str(), "hash": hash(kind, value)}))
    }

    fn append(&self, entry: Value) {
        let event = self.record(entry);
        self.send_raw(event);
    }

    fn record(&self, entry: Value) -> String {
        let mut state = self.state();
        let from = state.entries.len();
        let exp = seconds(state.now) + LIFETIME.as_secs() + 60;
        let entry = with(entry, json!({"seq": from + 1, "exp": exp}));
        state.entries.push(entry.clone());
        state.event("revocations", from + 1, json!({"from": from, "entries": [entry]}))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &http::Request<()>) -> Result<http::Response<Body>, TransportError> {
        // Subscribed before the snapshot is made, so that nothing falls between the two.
        let events = self.inner.events.subscribe();
        let mut state = self.state();
        let position = request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
        let path = request.uri().path();
        state.requests.push(position.map_or(path.to_owned(), |position| format!("{path} {position}")));
        if !state.reachable {
            return Err(TransportError::new("connection refused"));
        }
        let (content_type, body) = match path {
            "/.well-known/jwks.json" => ("application/jwk-set+json", key_set(&state.token_key)),
            "/v1/revocations/jwks.json" => ("application/jwk-set+json", key_set(&state.feed_key)),
            "/v1/revocations" if request.headers().get(AUTHORIZATION).is_some_and(is_feed_token) => {
                ("text/event-stream", state.feed(position, events))
            }
            "/v1/revocations" => return Ok(plain(401)),
            _ => return Ok(plain(404)),
        };
        let response = http::Response::builder()
            .header(CONTENT_TYPE, content_type)
            .header(CACHE_CONTROL, "max-age=300")
            .body(body);
        response.map_err(|error| TransportError::new(error.to_string()))
    }
}

impl Transport for TestIssuer {
    fn send(
        &self,
        request: http::Request<()>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move { self.answer(&request) })
    }
}

impl State {
    /// What is missing since `position`, or everything, and then the live events.
    fn feed(&self, position: Option<&str>, live: broadcast::Receiver<Bytes>) -> Body {
        let head = self.entries.len();
        let known = position
            .and_then(|text| text.strip_prefix(&self.incarnation)?.strip_prefix('.')?.parse::<usize>().ok())
            .and_then(|known| Some((known, self.entries.get(known..)?)));
        let first = if let Some((from, entries)) = known {
            self.event("revocations", head, json!({"from": from, "entries": entries}))
        } else {
            let key = URL_SAFE_NO_PAD.encode(HASH_KEY);
            self.event("snapshot", head, json!({"hash_key": key, "entries": self.entries}))
        };
        let live =
            stream::unfold(live, |mut live| async move { live.recv().await.ok().map(|event| (event, live)) });
        stream::once(async { Bytes::from(first) }).chain(live).map(Ok).boxed()
    }

    fn event(&self, name: &str, seq: usize, more: Value) -> String {
        let head = json!({
            "event": name, "incarnation": self.incarnation, "seq": seq, "from": seq, "more": false, "entries": [],
        });
        let claims = with(head, more);
        let signer = Signer::builder(self.feed_key.clone())
            .issuer(ISSUER)
            .typ(EVENT_TYP)
            .lifetime(Duration::from_mins(1))
            .build()
            .expect("signer of the feed");
        let token = signer.token(self.now.into()).claims(&claims).allow_claim("hash_key").sign();
        let token = token.expect("signed event");
        format!("event: {name}\nid: {}.{seq}\ndata: {token}\n\n", self.incarnation)
    }
}

/// An access token in the making. It is good unless a method below makes it otherwise.
#[derive(Clone, Debug)]
#[must_use]
pub struct TestToken {
    issuer: TestIssuer,
    audience: String,
    subject: String,
    id: String,
    typ: String,
    iss: String,
    claims: Map<String, Value>,
}

impl TestToken {
    /// Sets `sub`.
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.into();
        self
    }

    /// Sets `jti`.
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    /// Sets `sid`.
    pub fn session(self, session: &str) -> Self {
        self.claim("sid", json!(session))
    }

    /// Sets the counters that revocations compare.
    pub fn epochs(self, epochs: Epochs) -> Self {
        let Epochs { all, client, subject } = epochs;
        self.claim("epochs", json!({"all": all, "client": client, "subject": subject}))
    }

    /// Sets `iss`, for a token of somebody else.
    pub fn issued_by(mut self, issuer: &str) -> Self {
        self.iss = issuer.into();
        self
    }

    /// Sets the header's `typ`, for a token of another kind.
    pub fn typ(mut self, typ: &str) -> Self {
        self.typ = typ.into();
        self
    }

    /// Sets any other claim.
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.into(), value);
        self
    }

    /// Leaves a claim out.
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Signs it with the issuer's key at the issuer's time.
    ///
    /// # Panics
    /// If the claims cannot be signed, for example because a name says that it is a secret.
    #[must_use]
    pub fn sign(&self) -> String {
        let state = self.issuer.state();
        let signer = Signer::builder(state.token_key.clone())
            .issuer(self.iss.as_str())
            .audience(self.audience.as_str())
            .typ(self.typ.as_str())
            .lifetime(LIFETIME)
            .build()
            .expect("signer of access tokens");
        let token =
            signer.token(state.now.into()).subject(&self.subject).id(&self.id).claims(&self.claims).sign();
        token.expect("signed token")
    }
}

fn is_feed_token(value: &http::HeaderValue) -> bool {
    value.to_str().is_ok_and(|text| text == format!("Bearer {FEED_TOKEN}"))
}

fn key_set(key: &PrivateKey) -> Body {
    let json = JwkSet::from_keys([key.public_key()]).to_json();
    stream::once(async { Ok(Bytes::from(json)) }).boxed()
}

/// The members of both, the latter's where both have one.
fn with(object: Value, more: Value) -> Value {
    match (object, more) {
        (Value::Object(mut object), Value::Object(more)) => {
            object.extend(more);
            Value::Object(object)
        }
        (object, _) => object,
    }
}

fn plain(status: u16) -> http::Response<Body> {
    let mut response = http::Response::new(stream::empty().boxed());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response
}

fn hash(kind: Kind, value: &str) -> String {
    let input = [kind.as_str().as_bytes(), &[0], value.as_bytes()].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &HASH_KEY), &input);
    URL_SAFE_NO_PAD.encode(tag.as_ref().get(..16).unwrap_or_default())
}

fn seconds(time: SystemTime) -> u64 {
    crate::clock::unix_millis(time) / 1000
}
