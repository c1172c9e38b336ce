use crate::{MockClock, SeededRandomness};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt;
use waxseal_domain::ClientId;
use waxseal_domain::session::SessionPolicy;
use waxseal_server::{Shutdown, router};
use waxseal_service::{MasterKey, PasswordSettings, Service, Settings};
use waxseal_storage_sqlite::SqliteStore;

/// A whole server on a database of its own, without a socket. Its clock stands still until it is moved.
#[derive(Debug)]
pub struct TestServer {
    /// The server's clock.
    pub clock: MockClock,
    /// The service behind the routes.
    pub service: Arc<Service>,
    router: Router,
    _shutdown: Shutdown,
    _directory: TempDir,
}

/// What a request got.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; `Null` when it is none.
    pub body: Value,
}

impl Answer {
    /// A text member of the body.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn text(&self, member: &str) -> &str {
        self.body[member]
            .as_str()
            .unwrap_or_else(|| panic!("no text {member:?} in an answer of status {}", self.status))
    }
}

/// Costs so low that a test can log in a hundred times.
#[must_use]
pub fn passwords_for_tests() -> PasswordSettings {
    PasswordSettings { memory_kib: 8, passes: 1, parallel: 2, queue: 256 }
}

impl TestServer {
    /// Starts a server with open registration.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts a server with other settings.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let (clock, randomness) = (MockClock::new(), Arc::new(SeededRandomness::new(7)));
        let path = directory.path().join("test.db");
        let store = SqliteStore::open(&path, Arc::new(clock.clone()), &*randomness).expect("a new database");
        let mut settings = Settings {
            issuer: "https://issuer.example".to_owned(),
            audience: "api".to_owned(),
            client_id: ClientId::new("first-party").expect("a client id"),
            access_lifetime: Duration::from_secs(600),
            leeway: Duration::from_secs(60),
            sessions: SessionPolicy::default(),
            open_registration: true,
            passwords: passwords_for_tests(),
        };
        change(&mut settings);
        let master = MasterKey::generate(&*randomness).expect("a key");
        let service =
            Service::start(settings, &master, Arc::new(store), randomness).await.expect("a service");
        let (service, shutdown) = (Arc::new(service), Shutdown::new());
        let router = router(Arc::clone(&service), &shutdown);
        Self { clock, service, router, _shutdown: shutdown, _directory: directory }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When the answer is no answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_bytes(path, "application/json", body.to_string()).await
    }

    /// `POST` with any body.
    ///
    /// # Panics
    /// When `content_type` is not a header value.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(Method::POST).uri(path).header("content-type", content_type);
        self.send(request.body(body.into()).expect("a request")).await
    }

    /// `GET` with a Bearer token.
    ///
    /// # Panics
    /// When the token is not a header value.
    pub async fn get(&self, path: &str, bearer: Option<&str>) -> Answer {
        let mut request = Request::builder().uri(path);
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Makes the account `alice` and logs in.
    ///
    /// # Panics
    /// When that does not work.
    pub async fn alice(&self) -> Answer {
        let account = json!({ "username": "alice", "password": "correct horse" });
        let created = self.post("/v1/users", &account).await;
        assert_eq!(created.status, StatusCode::CREATED, "{:?}", created.body);
        let answer = self.post("/v1/login", &account).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        answer
    }
}
