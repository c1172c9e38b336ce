//! JSON bodies in and out.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest body that a route reads, in bytes.
pub(crate) const BODY_LIMIT: usize = 16 * 1024;

/// A body that a route accepts.
pub(crate) trait Body: DeserializeOwned {
    /// What it looks like, for the error that says so.
    const SHAPE: &'static str;
}

/// The JSON body of a request, read strictly: the right content type, UTF-8, no unknown and no repeated members.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: Body, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "send the body as JSON, with the header `content-type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = format!("a body has at most {BODY_LIMIT} bytes");
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "invalid_request", "the body ended early")
            }
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| explain::<T>(&error))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Says where and what, in words of our own: the parser's would quote the body, which may hold a password.
fn explain<T: Body>(error: &serde_json::Error) -> Problem {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Data => {
            let detail =
                format!("the body must look like {}, without other members; it differs at {place}", T::SHAPE);
            Problem::new(StatusCode::BAD_REQUEST, "invalid_request", detail)
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::new(StatusCode::BAD_REQUEST, "invalid_json", format!("the body is not JSON: {place}"))
        }
    }
}

/// An answer that no cache may keep.
pub(crate) fn no_store<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, [no_store], axum::Json(body)).into_response()
}
