//! The three parts of a token, decoded and explained. Nothing is verified here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// Header and claims with a word on each, and what the third part is for. `Null` for text that is no JWT.
pub(crate) fn explain(token: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { return Value::Null };
    json!({
        "1 header (base64url, readable by anyone)": explained(&decode(header)),
        "2 payload (base64url, readable by anyone)": explained(&decode(payload)),
        "3 signature": format!("{} bytes over parts 1 and 2; only the holder of the private key can make it", signature.len() * 3 / 4),
    })
}

/// The same token with `sub` naming somebody else and the signature as it was.
pub(crate) fn tampered(token: &str) -> Option<String> {
    let (rest, signature) = token.rsplit_once('.')?;
    let (header, payload) = rest.split_once('.')?;
    let mut claims = decode(payload);
    claims.insert("sub".to_owned(), json!("00000000-0000-7000-8000-000000000000"));
    let payload = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    Some(format!("{header}.{payload}.{signature}"))
}

fn decode(part: &str) -> Map<String, Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn explained(members: &Map<String, Value>) -> Value {
    let explain = |(name, value): (&String, &Value)| {
        let text = format!("{value}  - {}", meaning(name));
        (name.clone(), Value::String(text))
    };
    Value::Object(members.iter().map(explain).collect())
}

fn meaning(name: &str) -> &'static str {
    match name {
        "alg" => "the algorithm; a verifier compares it with its key's and never obeys it",
        "typ" => "what kind of token: an access token of RFC 9068",
        "kid" => "which of the issuer's keys signed",
        "iss" => "who issued it",
        "sub" => "whom it is about",
        "aud" => "which API it is for",
        "exp" => "when it ends, in seconds since 1970",
        "iat" => "when it was issued",
        "nbf" => "not valid before",
        "jti" => "the name of this one token",
        "client_id" => "the application that the user logged in to",
        "sid" => "the session: what a logout revokes",
        "auth_time" => "when the user logged in",
        "epochs" => "counters that a mass revocation compares with",
        _ => "a claim of this application",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_payload_changes() {
        let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
        let changed = tampered(token).unwrap();
        assert_ne!(changed, token);
        assert!(changed.starts_with("eyJhbGciOiJFUzI1NiJ9.") && changed.rsplit('.').next() == Some("c2ln"));
        assert_eq!(tampered("no token"), None);
        assert_eq!(explain("no token"), Value::Null);
    }
}
