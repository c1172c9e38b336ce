//! The answer to a refused request: a challenge (RFC 6750 §3) and problem details (RFC 9457).

use crate::reason::Reason;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use std::fmt::Write as _;

/// How long a client should wait when this API lacks keys or revocations. Both are retried within seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// Makes the answer.
pub(crate) fn refuse<B: From<String>>(reason: Reason, realm: &Realm) -> Response<B> {
    let mut response = problem(reason.status, reason.code, reason.description);
    let headers = response.headers_mut();
    if reason.is_temporary() {
        headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    } else {
        headers.insert(WWW_AUTHENTICATE, realm.challenge(reason));
    }
    response
}

/// Problem details of the type `about:blank`, whose `code` is what programs look at.
pub(crate) fn problem<B: From<String>>(status: StatusCode, code: &str, detail: &str) -> Response<B> {
    let body = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": code,
        "detail": detail,
    });
    let mut response = Response::new(B::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The protection space named in challenges (RFC 9110 §11.5).
#[derive(Clone, Debug)]
pub(crate) struct Realm(String);

impl Realm {
    /// Characters that would end the quoted string, or are no visible ASCII, become underscores.
    pub(crate) fn new(name: &str) -> Self {
        let fits = |c: char| (c == ' ' || c.is_ascii_graphic()) && c != '"' && c != '\\';
        Self(name.chars().map(|c| if fits(c) { c } else { '_' }).collect())
    }

    fn challenge(&self, reason: Reason) -> HeaderValue {
        let mut text = format!("Bearer realm=\"{}\"", self.0);
        if let Some(error) = reason.error {
            // Writing to a string does not fail.
            let _ = write!(text, ", error=\"{error}\", error_description=\"{}\"", reason.description);
        }
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Bearer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::NoToken;

    #[test]
    fn a_realm_cannot_break_out_of_its_quotes() {
        for (name, shown) in [("notes", "notes"), ("a\", error=\"x", "a_, error=_x"), ("ä\r\n\\", "____")] {
            let challenge = Realm::new(name).challenge(NoToken::Missing.into());
            assert_eq!(challenge, format!("Bearer realm=\"{shown}\""), "{name:?}");
        }
    }
}
