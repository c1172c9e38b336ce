//! `POST /v1/users`: make an account.

use super::UserResponse;
use crate::json::{Body, JsonBody, no_store};
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use waxseal_domain::user::Password;
use waxseal_service::accounts::{RegisterError, Registration};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    username: String,
    password: String,
    email: Option<String>,
}

impl Body for Request {
    const SHAPE: &'static str = r#"{"username": text, "password": text, "email": text or left out}"#;
}

pub(crate) async fn create(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<Request>,
) -> Result<Response, Problem> {
    let password = Password::new(request.password).map_err(|error| explain(&error.into()))?;
    let registration = Registration { username: request.username, password, email: request.email };
    let user = state.service.register(registration).await.map_err(|error| explain(&error))?;
    Ok(no_store(StatusCode::CREATED, &UserResponse::from(&user)))
}

fn explain(error: &RegisterError) -> Problem {
    let (status, code) = match error {
        RegisterError::Closed => (StatusCode::FORBIDDEN, "registration_closed"),
        RegisterError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_user"),
        RegisterError::UsernameTaken => (StatusCode::CONFLICT, "username_taken"),
        RegisterError::Overloaded => return Problem::overloaded("too many passwords are being checked"),
        RegisterError::Failure(failure) => return Problem::from_failure(failure),
    };
    Problem::new(status, code, error.to_string())
}
