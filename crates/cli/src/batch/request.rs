//! One line of input, taken apart.

use crate::failure::Failure;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::borrow::Cow;
use waxseal::NumericDate;

/// The members of a line as JSON text. What each of them must be is looked at one by one, so that a line with
/// a wrong member still gets an answer under its own id.
#[derive(Deserialize)]
pub(crate) struct Request<'l> {
    #[serde(borrow, default)]
    id: Option<&'l RawValue>,
    #[serde(borrow, default)]
    token: Option<&'l RawValue>,
    #[serde(borrow, default)]
    key: Option<&'l RawValue>,
    #[serde(borrow, default)]
    algorithms: Option<&'l RawValue>,
    #[serde(borrow, default)]
    now: Option<&'l RawValue>,
    #[serde(borrow, default)]
    issuer: Option<&'l RawValue>,
    #[serde(borrow, default)]
    audience: Option<&'l RawValue>,
    #[serde(borrow, default)]
    payload: Option<&'l RawValue>,
    /// The claims' own names: ignored like other unknown members, they would leave a check out.
    iss: Option<IgnoredAny>,
    aud: Option<IgnoredAny>,
}

/// A token of one serialization, told apart by the type of the member and never by what a text contains.
pub(super) enum Token<'l> {
    /// A text.
    Compact(Cow<'l, str>),
    /// The JSON text of an object.
    Json(&'l str),
}

fn malformed(what: impl Into<String>) -> Failure {
    Failure::unusable("input_malformed", what)
}

impl<'l> Request<'l> {
    pub(super) fn read(line: &'l [u8]) -> Result<Self, Failure> {
        let text = std::str::from_utf8(line).map_err(|_| malformed("the line is not UTF-8"))?;
        // The parser would take a list for the members in their order.
        if !text.trim_start().starts_with('{') {
            return Err(malformed("the line is not a JSON object"));
        }
        serde_json::from_str(text).map_err(|error| {
            let twice = error.to_string().starts_with("duplicate field");
            malformed(if twice { "the line has a member twice" } else { "the line is not a JSON object" })
        })
    }

    /// The id as it stands, `null` if there is none.
    pub(super) fn id(&self) -> &'l str {
        self.id.map_or("null", RawValue::get)
    }

    pub(super) fn token(&self) -> Result<Token<'l>, Failure> {
        let token = self.token.ok_or_else(|| malformed("the line has no `token`"))?.get();
        if token.starts_with('{') { Ok(Token::Json(token)) } else { text(token, "token").map(Token::Compact) }
    }

    /// The key as JSON text.
    pub(super) fn key(&self) -> Result<&'l str, Failure> {
        self.key.map(RawValue::get).ok_or_else(|| malformed("the line has no `key`"))
    }

    /// The algorithms that may be used, if the line restricts them.
    pub(super) fn algorithms(&self) -> Result<Option<Vec<String>>, Failure> {
        self.algorithms.map(|list| texts(list.get(), "algorithms")).transpose()
    }

    /// The JSON text of all that a verifier is made of, under which it can be kept.
    pub(super) fn preparation(&self) -> [&'l str; 4] {
        [self.key, self.algorithms, self.issuer, self.audience].map(|part| part.map_or("", RawValue::get))
    }

    pub(super) fn now(&self) -> Result<Option<NumericDate>, Failure> {
        let Some(now) = self.now else { return Ok(None) };
        let seconds = serde_json::from_str(now.get()).ok().and_then(NumericDate::from_seconds);
        seconds.map(Some).ok_or_else(|| malformed("`now` is not a time in whole seconds since 1970"))
    }

    pub(super) fn issuer(&self) -> Result<Option<Cow<'l, str>>, Failure> {
        if self.iss.is_some() {
            return Err(malformed("`iss` is no member of a line; the expected issuer is `issuer`"));
        }
        self.issuer.map(|issuer| text(issuer.get(), "issuer")).transpose()
    }

    /// The audiences of which one will do; none if nothing is expected.
    pub(super) fn audiences(&self) -> Result<Vec<String>, Failure> {
        if self.aud.is_some() {
            return Err(malformed("`aud` is no member of a line; the expected audience is `audience`"));
        }
        let Some(audience) = self.audience else { return Ok(Vec::new()) };
        if audience.get().starts_with('[') {
            let several: Vec<String> = texts(audience.get(), "audience")?;
            // An empty list would expect nothing and looks as if it did.
            return if several.is_empty() { Err(malformed("`audience` is empty")) } else { Ok(several) };
        }
        Ok(vec![text(audience.get(), "audience")?.into_owned()])
    }

    /// The detached payload.
    pub(super) fn payload(&self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(payload) = self.payload else { return Ok(None) };
        let payload = text(payload.get(), "payload")?;
        let octets = URL_SAFE_NO_PAD.decode(payload.as_bytes());
        octets.map(Some).map_err(|_| malformed("`payload` is not base64url without padding"))
    }

    /// Refuses members that the command would not look at, although they ask for a check.
    pub(super) fn refuse_expectations(&self, command: &str) -> Result<(), Failure> {
        for (name, set) in [
            ("issuer", self.issuer.is_some() || self.iss.is_some()),
            ("audience", self.audience.is_some() || self.aud.is_some()),
        ] {
            if set {
                let what =
                    format!("`{command}` checks no claims, so `{name}` has no place here; use `verify`");
                return Err(malformed(what));
            }
        }
        Ok(())
    }

    pub(super) fn refuse_payload(&self, what: &str) -> Result<(), Failure> {
        if self.payload.is_some() { Err(malformed(what)) } else { Ok(()) }
    }
}

fn text<'l>(json: &'l str, name: &str) -> Result<Cow<'l, str>, Failure> {
    // Without escapes the text is what stands between the quotes.
    if let Some(plain) = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !plain.contains('\\')
    {
        return Ok(plain.into());
    }
    let text = serde_json::from_str::<String>(json);
    text.map(Cow::Owned).map_err(|_| malformed(format!("`{name}` is not a text")))
}

/// A list of texts.
pub(super) fn texts(json: &str, name: &str) -> Result<Vec<String>, Failure> {
    serde_json::from_str(json).map_err(|_| malformed(format!("`{name}` is not a list of texts")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_requests() {
        for line in [
            &b"{"[..],
            b"[]",
            b"[1,2,3]",
            b"\"text\"",
            b"null",
            b"1",
            b"{} {}",
            b"{\"id\":1,}",
            b"{\"id\":1,\"id\":2}",
            b"{\"id\":\"\xff\"}",
            b"{\"id\":NaN}",
            b"\xef\xbb\xbf{\"id\":1}",
        ] {
            let failure = Request::read(line).err();
            let code = failure.as_ref().map(Failure::code);
            assert_eq!(code, Some("input_malformed"), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn members_of_the_wrong_type_are_answered_one_by_one() {
        let line = br#"{"id":7,"token":1,"now":"x","issuer":[],"audience":{},"payload":"A","other":{"a":1}}"#;
        let request = Request::read(line).unwrap();
        assert_eq!(request.id(), "7");
        assert!(request.token().is_err() && request.key().is_err() && request.now().is_err());
        assert!(request.issuer().is_err() && request.audiences().is_err() && request.payload().is_err());
        for line in [r#"{"now":1.5}"#, r#"{"now":1e30}"#, r#"{"now":-1}"#, r#"{"now":[1]}"#] {
            assert!(Request::read(line.as_bytes()).unwrap().now().is_err(), "{line}");
        }
        for line in [r#"{"iss":"a"}"#, r#"{"aud":"a"}"#, r#"{"audience":[]}"#, r#"{"audience":[1]}"#] {
            let request = Request::read(line.as_bytes()).unwrap();
            assert!(request.issuer().is_err() || request.audiences().is_err(), "{line}");
        }
    }

    #[test]
    fn members_that_are_null_are_absent() {
        let request = Request::read(br#"{"id":null,"now":null,"audience":null,"payload":null}"#).unwrap();
        assert_eq!(request.id(), "null");
        assert!(request.now().unwrap().is_none() && request.audiences().unwrap().is_empty());
        assert!(request.payload().unwrap().is_none());
    }

    #[test]
    fn escapes_in_texts_are_undone() {
        let request =
            Request::read(br#"{"token":"a\u002eb","issuer":"caf\u00e9","audience":["x\"y"]}"#).unwrap();
        assert!(matches!(request.token().unwrap(), Token::Compact(text) if text == "a.b"));
        assert_eq!(request.issuer().unwrap().as_deref(), Some("café"));
        assert_eq!(request.audiences().unwrap(), ["x\"y"]);
    }
}
