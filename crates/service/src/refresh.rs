//! Continuing a session with its refresh token.

use crate::failure::Failure;
use crate::service::{Service, TokenSet};
use waxseal_domain::repository::RefreshOutcome;
use waxseal_domain::session::refresh::Refusal;

/// Why a refresh token gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Not a token of this server, or one that is used up, expired or revoked. On the wire all look alike (RFC 6749
    /// §5.2, `invalid_grant`): do not help a guesser.
    #[error("the refresh token is invalid, expired or revoked; log in again")]
    InvalidGrant(Refused),
    /// Others refreshed the same session at the same moment, twice. Trying again works.
    #[error("the session is being refreshed by others; try again in a moment")]
    Contended,
    /// The server failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What the server knows about an [`RefreshError::InvalidGrant`], for logs and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Noise, or the token of another server: its tag is not authentic.
    Forged,
    /// The rules of the session refused it.
    ByRule(Refusal),
    /// A copy of the token exists. The session is revoked.
    Reused,
}

impl Service {
    /// Hands out the next tokens of a session, or the current ones again where that is the honest answer.
    ///
    /// # Errors
    /// [`RefreshError`].
    pub async fn refresh(&self, refresh_token: &str) -> Result<TokenSet, RefreshError> {
        let refused = |why| Err(RefreshError::InvalidGrant(why));
        let Some(opened) = self.refresh_tokens.open(refresh_token) else {
            return refused(Refused::Forged);
        };
        let presented = self.presented(&opened);
        let (policy, entry_lifetime) = (&self.settings.sessions, self.settings.revocation_lifetime());
        let outcome =
            self.store.refresh_session(&presented, policy, entry_lifetime).await.map_err(Failure::from)?;
        match outcome {
            RefreshOutcome::Rotated { session, at } => Ok(self.token_set(&session, &opened.secret, at)?),
            RefreshOutcome::Replayed { session, at, reason } => {
                tracing::info!(session = %session.id, ?reason, "refresh answered with the current token");
                Ok(self.token_set(&session, &opened.secret, at)?)
            }
            RefreshOutcome::Refused(refusal) => {
                if refusal == Refusal::FromTheFuture {
                    tracing::error!(session = %presented.session_id, "a refresh token is newer than its row: was the database rolled back by hand?");
                }
                refused(Refused::ByRule(refusal))
            }
            RefreshOutcome::Reused => {
                tracing::warn!(session = %presented.session_id, "a refresh token was used again: session revoked");
                refused(Refused::Reused)
            }
            RefreshOutcome::Contended => Err(RefreshError::Contended),
        }
    }
}
