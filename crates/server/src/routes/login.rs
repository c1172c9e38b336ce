//! `POST /v1/login`: begin a session with a password.

use super::TokenResponse;
use crate::json::{Body, JsonBody, no_store};
use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use waxseal_domain::user::Password;
use waxseal_service::login::{Login, LoginError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    username: String,
    password: String,
    device: Option<String>,
}

impl Body for Request {
    const SHAPE: &'static str = r#"{"username": text, "password": text, "device": text or left out}"#;
}

pub(crate) async fn login(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<Request>,
) -> Result<Response, Problem> {
    let password = Password::for_login(request.password);
    let login = Login { username: request.username, password, device: request.device };
    let tokens = state.service.log_in(login).await.map_err(|error| explain(&error))?;
    Ok(no_store(StatusCode::OK, &TokenResponse::from(&tokens)))
}

fn explain(error: &LoginError) -> Problem {
    match error {
        LoginError::InvalidCredentials => {
            Problem::new(StatusCode::UNAUTHORIZED, "invalid_credentials", error.to_string())
        }
        LoginError::InvalidDevice => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_device", error.to_string())
        }
        LoginError::Overloaded => Problem::overloaded("too many passwords are being checked"),
        LoginError::Failure(failure) => Problem::from_failure(failure),
    }
}
