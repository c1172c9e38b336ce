//! Errors on the wire: problem details (RFC 9457) with a stable `code`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::AppendHeaders;
use axum::response::{IntoResponse, Response};
use waxseal_domain::StorageError;
use waxseal_service::Failure;

/// An error as a client sees it. `detail` says what to do; nothing of the request is repeated in it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// `code` is stable: programs may compare it. `detail` is for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), headers: Vec::new() }
    }

    /// The server could not do its part. The reason goes to the log and not to the client.
    #[must_use]
    pub fn from_failure(failure: &Failure) -> Self {
        if matches!(failure, Failure::Storage(StorageError::Unavailable)) {
            return Self::overloaded("the server is busy");
        }
        tracing::error!(error = failure as &dyn std::error::Error, "a request failed on the server's side");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "the server failed; its log says why")
    }

    /// 503: come back in a second.
    #[must_use]
    pub fn overloaded(detail: &str) -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            format!("{detail}; try again in a moment"),
        );
        problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Error");
        let body = serde_json::json!({
            "type": "about:blank",
            "title": title,
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        (self.status, AppendHeaders(self.headers), [content_type], body.to_string()).into_response()
    }
}
