//! The token in a request's headers (RFC 6750 §2.1).

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// Why there is no token to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoToken {
    /// The request does not try to authenticate, or with another scheme.
    Missing,
    /// It does, in a way that cannot be read.
    Malformed,
    /// It has more than one `Authorization`: this guard and something behind it might each believe another one.
    Several,
}

/// The token of a request, from `Authorization: Bearer` only.
///
/// # Errors
/// [`NoToken`]; nothing of the header is in it.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Result<&str, NoToken> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(NoToken::Missing)?;
    if values.next().is_some() {
        return Err(NoToken::Several);
    }
    let text = value.to_str().map_err(|_| NoToken::Malformed)?;
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(NoToken::Missing);
    }
    // RFC 9110 §11.4 allows several spaces in front of the token68.
    let token = rest.trim_start_matches(' ');
    if is_token68(token) { Ok(token) } else { Err(NoToken::Malformed) }
}

/// `token68` of RFC 9110 §11.2, which RFC 6750 calls `b64token`.
fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn headers_and_their_tokens() {
        type Case<'a> = (&'a [&'a [u8]], Result<&'a str, NoToken>);
        let cases: &[Case<'_>] = &[
            (&[], Err(NoToken::Missing)),
            (&[b""], Err(NoToken::Missing)),
            (&[b"Basic dXNlcjpwYXNz"], Err(NoToken::Missing)),
            (&[b"Bearerx a.b.c"], Err(NoToken::Missing)),
            (&[b"Bearer a.b.c"], Ok("a.b.c")),
            (&[b"bEARER a.b.c"], Ok("a.b.c")),
            (&[b"Bearer   a.b.c"], Ok("a.b.c")),
            (&[b"Bearer a=="], Ok("a==")),
            (&[b"Bearer"], Err(NoToken::Malformed)),
            (&[b"Bearer "], Err(NoToken::Malformed)),
            (&[b"Bearer =="], Err(NoToken::Malformed)),
            (&[b"Bearer a=b"], Err(NoToken::Malformed)),
            (&[b"Bearer a.b.c "], Err(NoToken::Malformed)),
            (&[b"Bearer a.b.c, Bearer d.e.f"], Err(NoToken::Malformed)),
            (&[b"Bearer \"a.b.c\""], Err(NoToken::Malformed)),
            (&[b"Bearer\ta.b.c"], Err(NoToken::Missing)),
            (&[b"Bearer a.\xff.c"], Err(NoToken::Malformed)),
            (&[b"Bearer a.b.c", b"Bearer a.b.c"], Err(NoToken::Several)),
            (&[b"Basic dXNlcjpwYXNz", b"Bearer a.b.c"], Err(NoToken::Several)),
        ];
        for (values, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in *values {
                headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
            }
            assert_eq!(bearer_token(&headers), *expected, "{values:?}");
        }
    }
}
