//! The claims that every contender signs and verifies.

use serde::{Deserialize, Serialize};

pub const ISSUER: &str = "https://auth.example";
pub const SUBJECT: &str = "user-0f3a9c52";
pub const AUDIENCE: &str = "https://api.example";
pub const ID: &str = "5kJ2mV8xQwE7tRzL";
pub const SCOPE: &str = "read write";
/// In the past of every clock, for the peers that read one.
pub const ISSUED_AT: u64 = 1_767_225_600;
/// The year 2100.
pub const EXPIRES: u64 = 4_102_444_800;
/// The time at which tokens are verified, where a library takes it as an argument.
pub const NOW: u64 = ISSUED_AT + 60;

/// All claims as an application would read them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: u64,
    pub iat: u64,
    pub jti: String,
    pub scope: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// The same, borrowing from the token's text.
#[derive(Clone, Serialize, Deserialize)]
pub struct BorrowedClaims<'a> {
    pub iss: &'a str,
    pub sub: &'a str,
    pub aud: &'a str,
    pub exp: u64,
    pub iat: u64,
    pub jti: &'a str,
    pub scope: &'a str,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<&'a str>,
}

/// What is left of the claims where a library has places of its own for the registered ones.
#[derive(Clone, Serialize, Deserialize)]
pub struct PrivateClaims {
    pub scope: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// How many roles the claims of 2 KiB have.
const ROLES: usize = 76;

#[must_use]
pub fn roles(size: crate::Size) -> Vec<String> {
    let count = if size == crate::Size::Large { ROLES } else { 0 };
    (0..count).map(|number| format!("project-{number:03}:maintainer")).collect()
}

#[must_use]
pub fn claims(size: crate::Size) -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        sub: SUBJECT.to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: EXPIRES,
        iat: ISSUED_AT,
        jti: ID.to_owned(),
        scope: SCOPE.to_owned(),
        roles: roles(size),
    }
}

#[must_use]
pub fn private_claims(size: crate::Size) -> PrivateClaims {
    PrivateClaims { scope: SCOPE.to_owned(), roles: roles(size) }
}

/// Where the tokens lie that are verified, one file for each algorithm and size.
#[must_use]
pub fn token_file(algorithm: crate::Algorithm, size: crate::Size) -> std::path::PathBuf {
    let name = format!("{}-{}.jwt", algorithm.name(), size.name());
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).join(name)
}

/// The token that every contender verifies. Empty before `own write-tokens` made it.
#[must_use]
pub fn token(algorithm: crate::Algorithm, size: crate::Size) -> String {
    std::fs::read_to_string(token_file(algorithm, size)).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;

    #[test]
    fn the_claims_have_the_sizes_they_are_named_after() {
        let length = |size| serde_json::to_vec(&claims(size)).unwrap().len();
        assert_eq!(length(Size::Small), 160);
        assert!((2000..2100).contains(&length(Size::Large)), "{}", length(Size::Large));
    }
}
