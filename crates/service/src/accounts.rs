//! Making accounts.

use crate::failure::Failure;
use crate::password::PasswordError;
use crate::service::Service;
use std::sync::Arc;
use waxseal_domain::UserId;
use waxseal_domain::repository::InsertUserError;
use waxseal_domain::user::{Email, InvalidUser, NewUser, Password, User, Username};

/// What somebody who wants an account sends.
#[derive(Debug)]
pub struct Registration {
    /// See [`Username`].
    pub username: String,
    /// See [`Password::new`].
    pub password: Password,
    /// See [`Email`].
    pub email: Option<String>,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Registration is not open.
    #[error("registration is closed on this server")]
    Closed,
    /// A value is not acceptable.
    #[error(transparent)]
    Invalid(#[from] InvalidUser),
    /// Somebody has that name.
    #[error("the username is taken")]
    UsernameTaken,
    /// Too many passwords are being hashed.
    #[error("too many passwords are being checked; try again in a moment")]
    Overloaded,
    /// The server failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<PasswordError> for RegisterError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Overloaded => Self::Overloaded,
            PasswordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl Service {
    /// Makes an account.
    ///
    /// # Errors
    /// In this order: [`RegisterError::Closed`], [`RegisterError::Invalid`], [`RegisterError::Overloaded`],
    /// [`RegisterError::UsernameTaken`]; [`RegisterError::Failure`] at any point.
    pub async fn register(&self, registration: Registration) -> Result<User, RegisterError> {
        if !self.settings.open_registration {
            return Err(RegisterError::Closed);
        }
        let username = Username::new(registration.username)?;
        let email = registration.email.map(Email::new).transpose()?;
        let password_hash = self.passwords.hash(registration.password, Arc::clone(&self.randomness)).await?;
        let id = UserId::generate(self.store.now(), &*self.randomness).map_err(Failure::from)?;
        let user = self.store.insert_user(NewUser { id, username, email, password_hash }).await;
        user.map_err(|error| match error {
            InsertUserError::UsernameTaken => RegisterError::UsernameTaken,
            InsertUserError::Storage(error) => RegisterError::Failure(error.into()),
        })
    }
}
