//! The issuer's URL: what may be one, and where its documents are.

use http::Uri;
use std::net::IpAddr;

/// An issuer identifier that is fit to be trusted (RFC 8414 §2): `https`, no query, no fragment, no user.
#[derive(Clone, Debug)]
pub(super) struct IssuerUrl(String);

/// Why a text is not used as an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerUrlError {
    /// Not an absolute `http` or `https` URL.
    #[error("it must be an absolute URL such as https://auth.example.com")]
    NotAbsolute,
    /// With a query, a fragment or user information.
    #[error("it must have no query, no fragment and no user name")]
    ExtraParts,
    /// Plain `http` to another machine.
    #[error(
        "it must be https unless the host is loopback (`allow_insecure_http` lifts this, for tests inside one network)"
    )]
    Insecure,
}

impl IssuerUrl {
    pub(super) fn parse(text: &str, allow_http: bool) -> Result<Self, IssuerUrlError> {
        // `Uri` silently drops a fragment, so it is looked for in the text.
        if text.contains(['?', '#', '@']) {
            return Err(IssuerUrlError::ExtraParts);
        }
        let uri: Uri = text.parse().map_err(|_| IssuerUrlError::NotAbsolute)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(IssuerUrlError::NotAbsolute)?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if allow_http || is_loopback(host) => {}
            Some("http") => return Err(IssuerUrlError::Insecure),
            _ => return Err(IssuerUrlError::NotAbsolute),
        }
        Ok(Self(text.to_owned()))
    }

    /// The issuer as `iss` spells it, byte for byte.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL of `path`, which begins with a slash, under the issuer.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0.trim_end_matches('/'))
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    // RFC 6761 §6.3 reserves the name for the loopback interface.
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_and_what_is_none() {
        use IssuerUrlError::{ExtraParts, Insecure, NotAbsolute};
        let cases = [
            ("https://auth.example.com", Ok(())),
            ("https://auth.example.com/tenant/1", Ok(())),
            ("http://127.0.0.1:8080", Ok(())),
            ("http://[::1]:8080", Ok(())),
            ("http://localhost", Ok(())),
            ("http://auth.example.com", Err(Insecure)),
            ("http://localhost.example.com", Err(Insecure)),
            ("http://127.0.0.1.example.com", Err(Insecure)),
            ("http://10.0.0.1", Err(Insecure)),
            ("http://127.0.0.1@example.com", Err(ExtraParts)),
            ("https://auth.example.com?x", Err(ExtraParts)),
            ("https://auth.example.com#x", Err(ExtraParts)),
            ("file:///etc/passwd", Err(NotAbsolute)),
            ("ftp://example.com", Err(NotAbsolute)),
            ("auth.example.com", Err(NotAbsolute)),
            ("/auth", Err(NotAbsolute)),
            ("https://", Err(NotAbsolute)),
            ("", Err(NotAbsolute)),
        ];
        for (text, expected) in cases {
            assert_eq!(IssuerUrl::parse(text, false).map(|_| ()), expected, "{text}");
        }
        assert!(IssuerUrl::parse("http://auth.example.com", true).is_ok());
    }

    #[test]
    fn documents_are_found_under_the_issuer() {
        for text in ["https://a.example/x", "https://a.example/x/"] {
            assert_eq!(IssuerUrl::parse(text, false).unwrap().join("/v1"), "https://a.example/x/v1");
        }
    }
}
