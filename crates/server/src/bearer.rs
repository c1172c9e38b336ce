//! The `Authorization` header (RFC 6750 §2.1).

use crate::problem::Problem;
use crate::router::AppState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use waxseal_service::sessions::{AuthenticateError, Caller};

/// The user who sent the request.
pub(crate) struct Authenticated(pub(crate) Caller);

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers)?;
        state.service.authenticate(token).await.map(Self).map_err(|error| refuse(&error))
    }
}

/// The one Bearer token of a request.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        let repeated = headers.contains_key(header::AUTHORIZATION);
        return Err(if repeated { malformed() } else { missing() });
    };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    let well_formed = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && !token.contains(' ');
    if well_formed { Ok(token) } else { Err(malformed()) }
}

fn missing() -> Problem {
    let detail = "send an access token: `authorization: Bearer <token>`";
    // RFC 6750 §3.1: no error code for a request that brought no token at all.
    challenge(Problem::new(StatusCode::UNAUTHORIZED, "token_missing", detail), None)
}

fn malformed() -> Problem {
    let detail = "one header `authorization: Bearer <token>` is expected";
    challenge(Problem::new(StatusCode::BAD_REQUEST, "invalid_request", detail), Some("invalid_request"))
}

fn refuse(error: &AuthenticateError) -> Problem {
    let (code, detail) = match error {
        AuthenticateError::Token(error) => (error.code().as_str(), error.to_string()),
        AuthenticateError::SessionOver => ("token_revoked", error.to_string()),
        AuthenticateError::Failure(failure) => return Problem::from_failure(failure),
    };
    invalid_token(code, detail)
}

/// 401 for a token that was refused.
pub(crate) fn invalid_token(code: &'static str, detail: impl Into<String>) -> Problem {
    challenge(Problem::new(StatusCode::UNAUTHORIZED, code, detail), Some("invalid_token"))
}

/// 401 for an account that is gone.
pub(crate) fn caller_gone(error: &AuthenticateError) -> Problem {
    refuse(error)
}

fn challenge(problem: Problem, error: Option<&'static str>) -> Problem {
    let value = match error {
        None => HeaderValue::from_static("Bearer"),
        Some("invalid_request") => HeaderValue::from_static(r#"Bearer error="invalid_request""#),
        Some(_) => HeaderValue::from_static(r#"Bearer error="invalid_token""#),
    };
    problem.with_header(header::WWW_AUTHENTICATE, value)
}
