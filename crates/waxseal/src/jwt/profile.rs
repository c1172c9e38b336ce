//! Profiles: the common contracts between who makes a token and who reads it (RFC 8725 §3.11, §3.12).

/// What kind of token a verifier accepts. One kind can then not stand in for another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Profile {
    /// A token of one's own: `typ` absent or `JWT`.
    #[default]
    FirstParty,
    /// An OAuth access token (RFC 9068): `typ` is `at+jwt`; `iss`, `exp`, `aud`, `sub`, `client_id`, `iat`
    /// and `jti` are required, and the verifier must know the issuer.
    AccessToken,
}

impl Profile {
    /// The claims that must be present.
    pub(super) const fn required(self) -> &'static [&'static str] {
        match self {
            Self::FirstParty => &[],
            Self::AccessToken => &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
        }
    }

    /// The `typ` that is required; `None` stands for "absent or JWT".
    pub(super) const fn typ(self) -> Option<&'static str> {
        match self {
            Self::FirstParty => None,
            Self::AccessToken => Some("at+jwt"),
        }
    }
}

/// Compares media types as RFC 7515 §4.1.9 does: `application/` may be left out, case does not matter.
pub(crate) fn same_type(found: &str, expected: &str) -> bool {
    fn short(text: &str) -> &str {
        let prefix = "application/";
        match text.split_at_checked(prefix.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
            _ => text,
        }
    }
    short(found).eq_ignore_ascii_case(short(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_compare_without_prefix_and_case() {
        for (found, expected, same) in [
            ("at+jwt", "at+jwt", true),
            ("AT+JWT", "at+jwt", true),
            ("application/at+jwt", "at+jwt", true),
            ("Application/at+jwt", "application/AT+jwt", true),
            ("JWT", "at+jwt", false),
            ("", "at+jwt", false),
            ("application/", "JWT", false),
            ("application/application/jwt", "jwt", false),
        ] {
            assert_eq!(same_type(found, expected), same, "{found} {expected}");
        }
    }
}
