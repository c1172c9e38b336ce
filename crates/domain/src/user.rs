//! People who log in.

use crate::{Timestamp, UserId};
use std::fmt;
use zeroize::Zeroizing;

/// A name to log in with: 1 to 64 characters, no control characters, no space at either end.
///
/// Capital and small letters are kept for display and do not tell users apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks and wraps a user name.
    ///
    /// # Errors
    /// [`InvalidUser::Username`].
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidUser> {
        let text = text.into();
        let well_formed = text.trim() == text && !text.chars().any(char::is_control);
        if well_formed && (1..=64).contains(&text.chars().count()) {
            Ok(Self(text))
        } else {
            Err(InvalidUser::Username)
        }
    }

    /// The name as the user wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared and must be unique.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// An e-mail address: something on both sides of one `@`, at most 254 bytes, no space or control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks and wraps an address. Whether it exists, only a message sent to it can tell.
    ///
    /// # Errors
    /// [`InvalidUser::Email`].
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidUser> {
        let text = text.into();
        let visible = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let parts: Vec<&str> = text.split('@').collect();
        let two_parts =
            matches!(parts.as_slice(), [local, domain] if !local.is_empty() && !domain.is_empty());
        if visible && two_parts && text.len() <= 254 { Ok(Self(text)) } else { Err(InvalidUser::Email) }
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password as somebody typed it; wiped from memory when dropped.
// No Display, Clone, Serialize or PartialEq: each is a way to leak it or to compare it in variable time.
pub struct Password(Zeroizing<String>);

impl Password {
    /// A password for a new account: at least 8 characters and at most 1024 bytes (NIST SP 800-63B §3.1.1.2 asks for 8 as the floor).
    ///
    /// # Errors
    /// [`InvalidUser::Password`].
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidUser> {
        let text = Zeroizing::new(text.into());
        if text.chars().count() >= 8 && text.len() <= Self::MAX_BYTES {
            Ok(Self(text))
        } else {
            Err(InvalidUser::Password)
        }
    }

    /// A password to be compared with a stored one, whatever rules were in force when that one was chosen.
    #[must_use]
    pub fn for_login(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The longest password, in bytes. Hashing costs grow with it.
    pub const MAX_BYTES: usize = 1024;

    /// The password itself. Named so that every place that reads it can be found.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// What a stored password looks like: the PHC string of an argon2id hash.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    #[must_use]
    pub fn from_phc(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The PHC string, for storage and verification.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Why a value cannot belong to a user. The message says what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUser {
    /// See [`Username`].
    #[error("username: 1 to 64 characters, without control characters and without space at either end")]
    Username,
    /// See [`Email`].
    #[error("email: an address like name@example.com, at most 254 bytes")]
    Email,
    /// See [`Password::new`].
    #[error("password: at least 8 characters, at most 1024 bytes")]
    Password,
}

/// A person's account.
#[derive(Clone, Debug)]
pub struct User {
    /// Names the user for ever.
    pub id: UserId,
    /// What the user logs in with.
    pub username: Username,
    /// Where the user can be written to.
    pub email: Option<Email>,
    /// Whether the user may log in.
    pub state: UserState,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// May log in.
    Active,
    /// May not log in until an administrator says otherwise.
    Disabled,
}

/// An account to be made.
#[derive(Debug)]
pub struct NewUser {
    /// Names the user for ever.
    pub id: UserId,
    /// Must not belong to anybody yet.
    pub username: Username,
    /// Where the user can be written to.
    pub email: Option<Email>,
    /// The user's first password, hashed.
    pub password_hash: PasswordHash,
}

/// What a login reads before it spends time on hashing.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The account it belongs to.
    pub user: User,
    /// The hash to compare with.
    pub password_hash: PasswordHash,
    /// Grows with every change of the password, so that a login that raced such a change can be refused.
    pub version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames() {
        for good in ["a", "alice", "Zoë Ångström", &"x".repeat(64)] {
            assert!(Username::new(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a ", " a", "a\u{0}b", "a\nb", &"x".repeat(65)] {
            assert_eq!(Username::new(bad), Err(InvalidUser::Username), "{bad:?}");
        }
        assert_eq!(Username::new("Alice").unwrap().key(), Username::new("aLICE").unwrap().key());
    }

    #[test]
    fn emails() {
        assert!(Email::new("alice@example.com").is_ok());
        for bad in
            ["", "alice", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", &format!("{}@x", "a".repeat(253))]
        {
            assert_eq!(Email::new(bad), Err(InvalidUser::Email), "{bad:?}");
        }
    }

    #[test]
    fn passwords() {
        for (text, accepted) in
            [("", false), ("1234567", false), ("12345678", true), ("ü".repeat(8).as_str(), true)]
        {
            assert_eq!(Password::new(text).is_ok(), accepted, "{text:?}");
        }
        assert!(Password::new("x".repeat(1024)).is_ok());
        assert!(Password::new("x".repeat(1025)).is_err());
        assert_eq!(format!("{:?}", Password::for_login("hunter2!")), "Password(..)");
    }
}
