//! `GET /v1/sessions`: where the caller is logged in.

use super::seconds;
use crate::bearer::Authenticated;
use crate::json::no_store;
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use waxseal_domain::SessionId;
use waxseal_domain::session::Session;

#[derive(Serialize)]
struct SessionsResponse<'a> {
    sessions: Vec<SessionResponse<'a>>,
}

#[derive(Serialize)]
struct SessionResponse<'a> {
    session_id: String,
    /// Whether it is the session that asks.
    current: bool,
    client_id: &'a str,
    device: Option<&'a str>,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
}

impl<'a> SessionResponse<'a> {
    fn new(session: &'a Session, current: SessionId) -> Self {
        Self {
            session_id: session.id.to_string(),
            current: session.id == current,
            client_id: session.client_id.as_str(),
            device: session.device.as_deref(),
            created_at: seconds(session.created_at),
            last_used_at: seconds(session.rotations.latest().unwrap_or(session.created_at)),
            expires_at: seconds(session.idle_expires_at),
        }
    }
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
) -> Result<Response, Problem> {
    let sessions =
        state.service.list_sessions(&caller).await.map_err(|failure| Problem::from_failure(&failure))?;
    let sessions = sessions.iter().map(|session| SessionResponse::new(session, caller.session.id)).collect();
    Ok(no_store(StatusCode::OK, &SessionsResponse { sessions }))
}
