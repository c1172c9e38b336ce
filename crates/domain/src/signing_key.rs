//! Keys that the server signs with, as they are stored: sealed, and in one of four states.

use crate::Timestamp;

/// What a key signs. A key of one purpose is never used for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// Access tokens.
    AccessToken,
    /// The revocation feed. Its keys are published apart, so that nobody takes them for keys of tokens.
    RevocationFeed,
}

impl KeyPurpose {
    /// The name under which the purpose is stored and bound into the seal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access-token",
            Self::RevocationFeed => "revocation-feed",
        }
    }

    /// The purpose with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::AccessToken, Self::RevocationFeed].into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// Where a key is in its life. It only ever moves down this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Published, not used yet: verifiers learn of it before the first token needs it.
    Pending,
    /// Published, and the one that signs.
    Active,
    /// Published for the tokens it signed, signs no more.
    Retiring,
    /// Neither published nor used.
    Gone,
}

impl KeyState {
    /// The name under which the state is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Gone => "gone",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Retiring, Self::Gone]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// Whether verifiers are told of a key in this state.
    #[must_use]
    pub const fn is_published(self) -> bool {
        !matches!(self, Self::Gone)
    }
}

/// A signing key as it is stored. The public half is not stored: it is derived from the unsealed key, so that whoever
/// can write rows still cannot publish a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// RFC 7638 thumbprint; the `kid` of the tokens it signs.
    pub kid: String,
    /// The JWS name of its one algorithm, such as `ES256`.
    pub algorithm: String,
    /// What it signs.
    pub purpose: KeyPurpose,
    /// Where it is in its life.
    pub state: KeyState,
    /// The epoch of the master key that sealed it.
    pub key_epoch: u16,
    /// PKCS#8, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for state in [KeyState::Pending, KeyState::Active, KeyState::Retiring, KeyState::Gone] {
            assert_eq!(KeyState::parse(state.as_str()), Some(state));
        }
        for purpose in [KeyPurpose::AccessToken, KeyPurpose::RevocationFeed] {
            assert_eq!(KeyPurpose::parse(purpose.as_str()), Some(purpose));
        }
        assert_eq!(KeyState::parse("Active"), None);
        assert_eq!(KeyPurpose::parse(""), None);
    }
}
