//! `GET /v1/me`: the account of the caller.

use super::UserResponse;
use crate::bearer::{Authenticated, caller_gone};
use crate::json::no_store;
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) async fn me(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Response, Problem> {
    let user = state.service.me(&caller).await.map_err(|error| caller_gone(&error))?;
    Ok(no_store(StatusCode::OK, &UserResponse::from(&user)))
}
