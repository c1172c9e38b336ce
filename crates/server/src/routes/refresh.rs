//! `POST /v1/refresh`: continue a session.

use super::TokenResponse;
use crate::json::{Body, JsonBody, no_store};
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use waxseal_service::refresh::RefreshError;
use zeroize::Zeroizing;

/// The body of `/v1/refresh` and `/v1/logout`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshTokenRequest {
    refresh_token: String,
}

impl RefreshTokenRequest {
    pub(crate) fn into_token(self) -> Zeroizing<String> {
        Zeroizing::new(self.refresh_token)
    }
}

impl Body for RefreshTokenRequest {
    const SHAPE: &'static str = r#"{"refresh_token": text}"#;
}

pub(crate) async fn refresh(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<RefreshTokenRequest>,
) -> Result<Response, Problem> {
    let tokens = state.service.refresh(&request.into_token()).await.map_err(|error| explain(&error))?;
    Ok(no_store(StatusCode::OK, &TokenResponse::from(&tokens)))
}

fn explain(error: &RefreshError) -> Problem {
    match error {
        RefreshError::InvalidGrant(_) => {
            Problem::new(StatusCode::BAD_REQUEST, "invalid_grant", error.to_string())
        }
        RefreshError::Contended => Problem::overloaded("the session is being refreshed by others"),
        RefreshError::Failure(failure) => Problem::from_failure(failure),
    }
}
