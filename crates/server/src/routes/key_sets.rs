//! `GET /.well-known/jwks.json` and `GET /v1/revocations/jwks.json`: public keys, one set for each kind of token.

use crate::router::AppState;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

pub(crate) async fn access_tokens(State(state): State<AppState>) -> impl IntoResponse {
    key_set(state.service.key_set())
}

pub(crate) async fn feed(State(state): State<AppState>) -> impl IntoResponse {
    key_set(state.service.feed_key_set())
}

fn key_set(json: &str) -> impl IntoResponse + use<> {
    // A key is published long before it signs, so five minutes of cache never hide the key of a good token.
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/jwk-set+json"));
    ([cache, content_type], json.to_owned())
}
