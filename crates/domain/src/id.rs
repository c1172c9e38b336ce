//! Names of things. Each is a type of its own.

use crate::{Randomness, RandomnessError, Timestamp};
use std::fmt;
use std::str::FromStr;
use uuid::{Builder, Uuid};

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: UUID version 7 (RFC 9562 §5.7), so ids sort by the time they were made.
            ///
            /// # Errors
            /// [`RandomnessError`] when the source of random bytes fails.
            pub fn generate(now: Timestamp, randomness: &dyn Randomness) -> Result<Self, RandomnessError> {
                uuid_v7(now, randomness).map(Self)
            }

            /// The id with these 16 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the id.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads the hyphenated lower-case form that `Display` writes, and no other.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Self(Uuid::try_parse(text).map_err(|_| InvalidId)?);
                // One id, one spelling: otherwise a deny list can be walked around with braces or capitals.
                if id.to_string() == text { Ok(id) } else { Err(InvalidId) }
            }
        }
    };
}

/// The text is not an id in hyphenated lower-case form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 32 lower-case hexadecimal digits in groups of 8-4-4-4-12 are expected")]
pub struct InvalidId;

uuid_id! {
    /// Names a user; the `sub` of the user's tokens.
    UserId
}
uuid_id! {
    /// Names a session: one login on one device; the `sid` of its tokens.
    SessionId
}
uuid_id! {
    /// Names one life of a database. Restoring a backup, copying to another engine and failing over begin a new one,
    /// so that a row can tell whether it was last written before that moment.
    Incarnation
}
uuid_id! {
    /// Names one access token; its `jti`.
    TokenId
}

fn uuid_v7(now: Timestamp, randomness: &dyn Randomness) -> Result<Uuid, RandomnessError> {
    let mut random = [0; 10];
    randomness.fill(&mut random)?;
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Names a client: the application that a user logs in to (RFC 6749 §2.2).
///
/// 1 to 128 characters from the printable ASCII range without space, `"` and `\`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Checks and wraps a client id.
    ///
    /// # Errors
    /// [`InvalidClientId`] when it is empty, too long or holds other characters.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidClientId> {
        let text = text.into();
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        if printable && (1..=128).contains(&text.len()) { Ok(Self(text)) } else { Err(InvalidClientId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text cannot be a client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client id has 1 to 128 printable ASCII characters, without space, quotation mark and backslash")]
pub struct InvalidClientId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = SessionId::from_bytes([0xab; 16]);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!(" {text}"),
            String::new(),
        ] {
            assert_eq!(other.parse::<SessionId>(), Err(InvalidId), "{other}");
        }
    }

    #[test]
    fn client_ids_stay_printable() {
        for good in ["a", "first-party", &"x".repeat(128), "https://app.example/client.json"] {
            assert!(ClientId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a\"b", "a\\b", "a\nb", "é", &"x".repeat(129)] {
            assert_eq!(ClientId::new(bad), Err(InvalidClientId), "{bad}");
        }
    }
}
