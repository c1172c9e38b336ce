//! The service: what every use case shares.

use crate::access_token::AccessTokens;
use crate::failure::{Failure, StartError};
use crate::master_key::MasterKey;
use crate::password::Passwords;
use crate::refresh_token::{Opened, RefreshToken, RefreshTokens, SessionSecret};
use crate::revocations::Feed;
use crate::seal::Sealer;
use crate::settings::Settings;
use crate::signing_keys;
use std::sync::Arc;
use waxseal::Algorithm;
use waxseal_domain::session::Session;
use waxseal_domain::session::refresh::Presented;
use waxseal_domain::signing_key::KeyPurpose;
use waxseal_domain::{Randomness, SessionId, Store, Timestamp};

/// A token server without its transport.
#[derive(Debug)]
pub struct Service {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) settings: Settings,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) passwords: Passwords,
    pub(crate) feed: Feed,
    key_set: String,
    feed_key_set: String,
}

/// What a login or a refresh hands out.
#[derive(Debug)]
pub struct TokenSet {
    /// The access token, a JWT.
    pub access_token: AccessTokenText,
    /// For how many seconds it is good.
    pub expires_in: u64,
    /// The refresh token.
    pub refresh_token: RefreshToken,
    /// For how many seconds it is good if it is not used.
    pub refresh_token_expires_in: u64,
    /// The session that both belong to.
    pub session_id: SessionId,
}

/// An access token as text. Anybody who holds it may use it, so it has no `Display` and a mute `Debug`.
pub struct AccessTokenText(String);

impl AccessTokenText {
    /// The token itself, to be handed to its client.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for AccessTokenText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessTokenText(..)")
    }
}

impl Service {
    /// Brings a service up on `store`: claims the store for the issuer, makes or unseals the signing keys.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(
        settings: Settings,
        master_key: &MasterKey,
        store: Arc<dyn Store>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, StartError> {
        let stored = store.claim_issuer(&settings.issuer).await?;
        if stored != settings.issuer {
            return Err(StartError::OtherIssuer { stored, configured: settings.issuer });
        }
        store.ensure_client(&settings.client_id).await?;
        let sealer = Sealer::new(master_key, &settings.issuer)?;
        let (token_purpose, feed_purpose) = (KeyPurpose::AccessToken, KeyPurpose::RevocationFeed);
        let token_keys =
            signing_keys::load(&*store, &sealer, &*randomness, token_purpose, Algorithm::Es256).await?;
        let feed_keys =
            signing_keys::load(&*store, &sealer, &*randomness, feed_purpose, Algorithm::EdDsa).await?;
        let costs = settings.passwords;
        let passwords =
            Passwords::new(costs.memory_kib, costs.passes, costs.parallel, costs.queue, &*randomness)?;
        Ok(Self {
            key_set: token_keys.published.to_json(),
            feed_key_set: feed_keys.published.to_json(),
            access_tokens: AccessTokens::new(&settings, token_keys)?,
            refresh_tokens: RefreshTokens::new(master_key, &settings.issuer),
            feed: Feed::new(&settings, master_key, feed_keys.signing)?,
            passwords,
            store,
            randomness,
            settings,
        })
    }

    /// The settings it was started with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The keys that verify access tokens, as a JWK Set (RFC 7517 §5).
    #[must_use]
    pub fn key_set(&self) -> &str {
        &self.key_set
    }

    /// The keys that verify the revocation feed, as a JWK Set. None of them signs tokens.
    #[must_use]
    pub fn feed_key_set(&self) -> &str {
        &self.feed_key_set
    }

    /// Whether the store takes writes.
    ///
    /// # Errors
    /// [`Failure::Storage`].
    pub async fn check_health(&self) -> Result<(), Failure> {
        Ok(self.store.ping().await?)
    }

    pub(crate) fn presented(&self, opened: &Opened) -> Presented {
        Presented {
            session_id: opened.session_id,
            generation: opened.generation,
            secret_hash: opened.secret.hash(),
            client_id: self.settings.client_id.clone(),
            cnf: None,
            client_proved_key: false,
        }
    }

    /// The tokens of `session` as it is at `at`: the current refresh token, derived, and a fresh access token.
    pub(crate) fn token_set(
        &self,
        session: &Session,
        secret: &SessionSecret,
        at: Timestamp,
    ) -> Result<TokenSet, Failure> {
        let access = self.access_tokens.issue(session, at, &*self.randomness)?;
        Ok(TokenSet {
            access_token: AccessTokenText(access.token),
            expires_in: access.expires_in,
            refresh_token: self.refresh_tokens.make(session.id, session.generation, secret),
            refresh_token_expires_in: session.idle_expires_at.since(at).unwrap_or_default().as_secs(),
            session_id: session.id,
        })
    }
}
