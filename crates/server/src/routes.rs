//! One file for each endpoint.

pub(crate) mod healthz;
pub(crate) mod key_sets;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod refresh;
pub(crate) mod revocations;
pub(crate) mod sessions;
pub(crate) mod users;

use serde::Serialize;
use waxseal_domain::Timestamp;
use waxseal_domain::user::User;
use waxseal_service::TokenSet;

/// What a login and a refresh answer (RFC 6749 §5.1, and the lifetime and session of the refresh token).
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    refresh_token: &'a str,
    refresh_token_expires_in: u64,
    session_id: String,
}

impl<'a> From<&'a TokenSet> for TokenResponse<'a> {
    fn from(tokens: &'a TokenSet) -> Self {
        Self {
            access_token: tokens.access_token.expose(),
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token.expose(),
            refresh_token_expires_in: tokens.refresh_token_expires_in,
            session_id: tokens.session_id.to_string(),
        }
    }
}

#[derive(Serialize)]
struct UserResponse<'a> {
    user_id: String,
    username: &'a str,
    email: Option<&'a str>,
    created_at: i64,
}

impl<'a> From<&'a User> for UserResponse<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            user_id: user.id.to_string(),
            username: user.username.as_str(),
            email: user.email.as_ref().map(waxseal_domain::user::Email::as_str),
            created_at: seconds(user.created_at),
        }
    }
}

/// Times on the wire are whole seconds since the Unix epoch, as in the tokens.
fn seconds(time: Timestamp) -> i64 {
    time.to_numeric_date().seconds()
}
