//! The proof that a token was accepted, and how the claims behind it are read.

use super::refusal::Refusal;
use crate::revocations::{Claims, Epochs};
use serde::Deserialize;
use std::ops::Deref;
use waxseal::{RegisteredClaims, Verified};

/// The claims of a token that is signed by the issuer, meant for this API, within its time, and not revoked.
///
/// Only [`Issuer::verify`](crate::Issuer::verify) makes one, so a handler that asks for it cannot be reached
/// without the check. It dereferences to the caller's own claims `C`.
// No `map` and no constructor: a value computed from verified claims was itself not verified.
#[derive(Debug)]
pub struct Accepted<C> {
    verified: Verified<C>,
    session: Session,
}

/// For an API that needs nothing beyond the registered claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NoClaims {}

/// What a revocation can name. All of it is required: a token without it could not be revoked.
#[derive(Debug, Deserialize)]
struct Session {
    sub: String,
    sid: String,
    jti: String,
    client_id: String,
    iat: u64,
    epochs: Epochs,
}

impl<C> Accepted<C> {
    /// Reads the session from the very text that was verified, because the caller's type may lack its claims or refuse
    /// members it does not know. Whoever calls this checks the revocations before letting go of the result.
    pub(super) fn read(verified: Verified<C>) -> Result<Self, Refusal> {
        let session = serde_json::from_str(verified.payload()).map_err(|_| Refusal::SessionMissing)?;
        Ok(Self { verified, session })
    }

    /// The caller's claims.
    #[must_use]
    pub fn claims(&self) -> &C {
        self.verified.claims()
    }

    /// The proof of the signature and the claims, without that of the revocations.
    #[must_use]
    pub fn verified(&self) -> &Verified<C> {
        &self.verified
    }

    /// `iss`, `sub`, `aud` and the other claims of RFC 7519 §4.1.
    #[must_use]
    pub fn registered(&self) -> &RegisteredClaims {
        self.verified.registered()
    }

    /// Who the token is about (`sub`).
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.session.sub
    }

    /// The session that the token belongs to (`sid`). It lasts over refreshes and ends with the logout.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session.sid
    }

    /// The client that the token was given to (`client_id`).
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.session.client_id
    }

    /// What the revocations are asked about.
    pub(super) fn revocation_claims(&self) -> Claims<'_> {
        let session = &self.session;
        Claims {
            kid: self.verified.kid(),
            sid: &session.sid,
            sub: &session.sub,
            jti: &session.jti,
            client_id: &session.client_id,
            epochs: session.epochs,
            issued_at: session.iat,
        }
    }
}

impl<C> Deref for Accepted<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.claims()
    }
}
