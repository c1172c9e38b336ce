//! Logging in with a password.

use crate::failure::Failure;
use crate::password::PasswordError;
use crate::refresh_token::SessionSecret;
use crate::service::{Service, TokenSet};
use waxseal_domain::SessionId;
use waxseal_domain::repository::BeginSessionError;
use waxseal_domain::session::NewSession;
use waxseal_domain::user::{Password, UserState, Username};

/// What somebody who logs in sends.
#[derive(Debug)]
pub struct Login {
    /// The name of the account.
    pub username: String,
    /// Its password.
    pub password: Password,
    /// What the user calls the device.
    pub device: Option<String>,
}

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No such account, another password, or an account that is disabled: which of them is not told.
    #[error("the username or the password is wrong")]
    InvalidCredentials,
    /// The name of the device is too long or holds control characters.
    #[error("device: at most 128 characters, without control characters")]
    InvalidDevice,
    /// Too many passwords are being checked.
    #[error("too many passwords are being checked; try again in a moment")]
    Overloaded,
    /// The server failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<PasswordError> for LoginError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Overloaded => Self::Overloaded,
            PasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Service {
    /// Begins a session.
    ///
    /// # Errors
    /// In this order: [`LoginError::InvalidDevice`], [`LoginError::Overloaded`], [`LoginError::InvalidCredentials`];
    /// [`LoginError::Failure`] at any point.
    pub async fn log_in(&self, login: Login) -> Result<TokenSet, LoginError> {
        check_device(login.device.as_deref())?;
        // A name that no account can have is looked up as if it could: the answer takes as long.
        let credential = match Username::new(login.username) {
            Ok(username) => self.store.find_credential(&username).await.map_err(Failure::from)?,
            Err(_) => None,
        };
        let hash = credential.as_ref().map(|credential| credential.password_hash.clone());
        let verified = self.passwords.verify(login.password, hash).await?;
        let Some(credential) = credential.filter(|found| verified && found.user.state == UserState::Active)
        else {
            return Err(LoginError::InvalidCredentials);
        };
        let secret = SessionSecret::generate(&*self.randomness).map_err(Failure::from)?;
        let session = NewSession {
            id: SessionId::generate(self.store.now(), &*self.randomness).map_err(Failure::from)?,
            user_id: credential.user.id,
            client_id: self.settings.client_id.clone(),
            secret_hash: secret.hash(),
            cnf: None,
            device: login.device,
            credential_version: credential.version,
        };
        let session =
            self.store.begin_session(session, &self.settings.sessions).await.map_err(
                |error| match error {
                    // The password changed or the account was disabled while the old password was being checked.
                    BeginSessionError::CredentialChanged => LoginError::InvalidCredentials,
                    BeginSessionError::Storage(error) => LoginError::Failure(error.into()),
                },
            )?;
        Ok(self.token_set(&session, &secret, session.created_at)?)
    }
}

fn check_device(device: Option<&str>) -> Result<(), LoginError> {
    let acceptable = |text: &str| text.chars().count() <= 128 && !text.chars().any(char::is_control);
    if device.is_none_or(acceptable) { Ok(()) } else { Err(LoginError::InvalidDevice) }
}
