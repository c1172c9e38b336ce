//! Using, listing and ending sessions.

use crate::access_token::AccessClaims;
use crate::failure::Failure;
use crate::service::Service;
use waxseal::{Verified, VerifyError};
use waxseal_domain::SessionId;
use waxseal_domain::repository::LogoutOutcome;
use waxseal_domain::session::Session;
use waxseal_domain::user::{User, UserState};

/// Who sent a request, proved by an access token whose session is alive.
#[derive(Debug)]
pub struct Caller {
    /// The session that the token belongs to.
    pub session: Session,
    /// Its claims.
    pub token: Verified<AccessClaims>,
}

/// Why a request has no caller.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// The token does not verify.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// The token verifies, but its session is over.
    #[error("the session of this token is over; log in again")]
    SessionOver,
    /// The server failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why nothing was logged out.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// Not a refresh token of this server and client.
    #[error("the refresh token is not one of this server's")]
    InvalidGrant,
    /// The server failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl Service {
    /// Checks an access token and that its session is alive: here, at the source, a revocation works at once.
    ///
    /// # Errors
    /// In this order: [`AuthenticateError::Token`], [`AuthenticateError::SessionOver`].
    pub async fn authenticate(&self, access_token: &str) -> Result<Caller, AuthenticateError> {
        let token = self.access_tokens.verify(access_token, self.store.now().to_numeric_date())?;
        let id: SessionId = token.claims().sid.parse().map_err(|_| AuthenticateError::SessionOver)?;
        match self.store.find_session(id).await.map_err(Failure::from)? {
            Some((session, now)) if session.is_live(now) => Ok(Caller { session, token }),
            _ => Err(AuthenticateError::SessionOver),
        }
    }

    /// The account of a caller.
    ///
    /// # Errors
    /// [`AuthenticateError::SessionOver`] when the account is disabled or gone.
    pub async fn me(&self, caller: &Caller) -> Result<User, AuthenticateError> {
        let user = self.store.find_user(caller.session.user_id).await.map_err(Failure::from)?;
        user.filter(|user| user.state == UserState::Active).ok_or(AuthenticateError::SessionOver)
    }

    /// The live sessions of the caller's account, latest login first.
    ///
    /// # Errors
    /// [`Failure::Storage`].
    pub async fn list_sessions(&self, caller: &Caller) -> Result<Vec<Session>, Failure> {
        Ok(self.store.list_sessions(caller.session.user_id).await?)
    }

    /// Ends the session of a refresh token. Any token that the session ever had will do, and doing it twice is no error.
    ///
    /// # Errors
    /// [`LogoutError`].
    pub async fn log_out(&self, refresh_token: &str) -> Result<(), LogoutError> {
        let opened = self.refresh_tokens.open(refresh_token).ok_or(LogoutError::InvalidGrant)?;
        let presented = self.presented(&opened);
        let outcome = self.store.end_session(&presented, self.settings.revocation_lifetime()).await;
        match outcome.map_err(Failure::from)? {
            LogoutOutcome::Revoked | LogoutOutcome::AlreadyOver => Ok(()),
            LogoutOutcome::Refused => Err(LogoutError::InvalidGrant),
        }
    }
}
