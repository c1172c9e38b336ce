//! `POST /v1/logout`: end a session.

use super::refresh::RefreshTokenRequest;
use crate::json::JsonBody;
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use waxseal_service::sessions::LogoutError;

pub(crate) async fn logout(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<RefreshTokenRequest>,
) -> Result<StatusCode, Problem> {
    let ended = state.service.log_out(&request.into_token()).await;
    ended.map(|()| StatusCode::NO_CONTENT).map_err(|error| match &error {
        LogoutError::InvalidGrant => {
            Problem::new(StatusCode::BAD_REQUEST, "invalid_grant", error.to_string())
        }
        LogoutError::Failure(failure) => Problem::from_failure(failure),
    })
}
