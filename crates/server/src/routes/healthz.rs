//! `GET /healthz`: whether the server can do its work, its store included.

use crate::json::no_store;
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(crate) async fn healthz(State(state): State<AppState>) -> Result<Response, Problem> {
    state.service.check_health().await.map_err(|failure| Problem::from_failure(&failure))?;
    Ok(no_store(StatusCode::OK, &serde_json::json!({ "status": "ok" })))
}
