//! Access tokens: JWTs as RFC 9068 has them, and a few claims more that let verifiers learn of a revocation.

use crate::failure::{Failure, StartError};
use crate::settings::Settings;
use crate::signing_keys::KeyPair;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use waxseal::{KeyRing, NumericDate, Profile, Signer, Verified, Verifier, VerifyError};
use waxseal_domain::session::{Epochs, Session};
use waxseal_domain::{Randomness, Timestamp};

/// The claims of an access token beside the registered ones.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The client that the user logged in to (RFC 8693 §4.3).
    pub client_id: String,
    /// The session (OpenID Connect Front-Channel Logout §3).
    pub sid: String,
    /// When the user logged in, in seconds (RFC 9068 §2.2.1).
    pub auth_time: NumericDate,
    /// The counters that entries of the revocation log are compared with.
    pub epochs: EpochsClaim,
}

/// [`Epochs`] as a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochsClaim {
    /// The issuer's.
    pub all: u32,
    /// The client's.
    pub client: u32,
    /// The user's.
    pub subject: u32,
}

impl From<Epochs> for EpochsClaim {
    fn from(Epochs { all, client, subject }: Epochs) -> Self {
        Self { all, client, subject }
    }
}

/// A token to hand out, and for how many seconds it is good.
pub(crate) struct IssuedToken {
    pub(crate) token: String,
    pub(crate) expires_in: u64,
}

/// Makes and checks the access tokens of one server.
#[derive(Debug)]
pub(crate) struct AccessTokens {
    signer: Signer,
    verifier: Verifier,
    lifetime: Duration,
}

impl AccessTokens {
    pub(crate) fn new(settings: &Settings, keys: KeyPair) -> Result<Self, StartError> {
        let signer = Signer::builder(keys.signing)
            .typ("at+jwt")
            .issuer(&settings.issuer)
            .audience(&settings.audience)
            .lifetime(settings.access_lifetime)
            .build()
            .map_err(Failure::from)?;
        let verifier = Verifier::builder()
            .profile(Profile::AccessToken)
            .keys(KeyRing::from(keys.published))
            .issuer(&settings.issuer)
            .audience(&settings.audience)
            .build()?;
        Ok(Self { signer, verifier, lifetime: settings.access_lifetime })
    }

    /// A token for `session`, issued `at`.
    pub(crate) fn issue(
        &self,
        session: &Session,
        at: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<IssuedToken, Failure> {
        let lifetime = self.lifetime_within(session, at, randomness)?;
        let id = waxseal_domain::id::TokenId::generate(at, randomness)?;
        let claims = AccessClaims {
            client_id: session.client_id.as_str().to_owned(),
            sid: session.id.to_string(),
            auth_time: session.created_at.to_numeric_date(),
            epochs: session.epochs.into(),
        };
        let token = self
            .signer
            .token(at.to_numeric_date())
            .subject(&session.user_id.to_string())
            .id(&id.to_string())
            .lifetime(lifetime)
            .claims(&claims)
            .sign()?;
        Ok(IssuedToken { token, expires_in: lifetime.as_secs() })
    }

    /// The usual lifetime less up to a twentieth, so that clients do not all come back in the same second, and a thief
    /// cannot tell when an owner will refresh. Never beyond the end of the session, but for
    /// the second that a token lasts at least.
    fn lifetime_within(
        &self,
        session: &Session,
        at: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<Duration, Failure> {
        let mut random = [0; 4];
        randomness.fill(&mut random)?;
        let jitter = u64::from(u32::from_le_bytes(random)) % (self.lifetime.as_secs() / 20 + 1);
        let left = session.expires_at.since(at).unwrap_or_default().as_secs();
        Ok(Duration::from_secs((self.lifetime.as_secs() - jitter).min(left).max(1)))
    }

    pub(crate) fn verify(
        &self,
        token: &str,
        now: NumericDate,
    ) -> Result<Verified<AccessClaims>, VerifyError> {
        self.verifier.verify(token, now)
    }
}
