//! Why a token was not accepted.

use crate::revocations::{Denied, Kind};
use waxseal::{Code, VerifyError};

/// Why [`Issuer::verify`](crate::Issuer::verify) did not accept a token.
///
/// Neither the messages nor `Debug` contain the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The token itself is at fault: its form, its signature or its claims.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// The token is signed by the issuer but lacks what a revocation could name (`sid`, `epochs`).
    #[error("the token has no session that could be revoked")]
    SessionMissing,
    /// The issuer took it back.
    #[error("the token was revoked")]
    Revoked(Kind),
    /// Revocations cannot be learned at the moment, and the token is older than the policy then accepts.
    #[error("the token is too old to be accepted while revocations cannot be learned")]
    TooOldWhileStale,
    /// Revocations cannot be learned at the moment, and the policy is to refuse everything.
    #[error("revocations cannot be learned at the moment")]
    RevocationsStale,
    /// The keys of the issuer are not known, or it does not answer the question whether the token's key is one of them.
    #[error("the keys of the issuer are not available at the moment")]
    KeysUnavailable,
}

impl Refusal {
    /// A stable name: that of [`Code`] where the token is at fault, else `token_revoked`, `token_too_old`,
    /// `revocations_stale` or `keys_unavailable`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code().as_str(),
            Self::SessionMissing => Code::ClaimsMismatch.as_str(),
            Self::Revoked(_) => "token_revoked",
            Self::TooOldWhileStale => Code::TokenTooOld.as_str(),
            Self::RevocationsStale => "revocations_stale",
            Self::KeysUnavailable => "keys_unavailable",
        }
    }

    /// Whether the same token may be accepted later: this API lacks knowledge, the caller did nothing wrong.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::RevocationsStale | Self::KeysUnavailable)
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Revoked(kind) => Self::Revoked(kind),
            Denied::TooOld => Self::TooOldWhileStale,
            Denied::Stale => Self::RevocationsStale,
        }
    }
}
