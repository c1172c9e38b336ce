//! Base64url is read exactly as the reference reads it, wherever it stands: in tokens and in keys.

use crate::outcome::reached;
use crate::reference;
use serde_json::Value;
use waxseal::{Algorithm, Code, Jwk, SecretKey, Unverified};

/// `{"alg":"HS256"}` and `{}`.
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";
const CLAIMS: &str = "e30";

/// Panics if a text is decoded by one of the two only, or differently.
pub fn property(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.len() > 12_000 {
        return;
    }
    check_text(&text);
    check_secret(data);
    // The other way round, so that good encodings of all lengths are seen too.
    let encoded = reference::encode(data);
    assert_eq!(reference::decode(&encoded).as_deref(), Some(data), "the reference itself");
    check_text(&encoded);
}

fn check_text(text: &str) {
    let octets = reference::decode(text);
    let signature = Unverified::<Value>::decode_without_verifying(&format!("{HEADER}.{CLAIMS}.{text}"));
    assert_eq!(signature.is_ok(), octets.is_some(), "as a signature: {text:?}");
    for token in [format!("{text}.{CLAIMS}."), format!("{HEADER}.{text}.")] {
        if Unverified::<Value>::decode_without_verifying(&token).is_ok() {
            let read = octets.as_deref().map(serde_json::from_slice::<Value>);
            assert!(matches!(read, Some(Ok(Value::Object(_)))), "as header or claims: {text:?}");
        }
    }
    let json = serde_json::json!({"kty": "oct", "k": text}).to_string();
    let jwk = Jwk::parse(json);
    assert_eq!(jwk.is_ok(), octets.is_some(), "as a secret: {text:?}");
    let (Ok(jwk), Some(octets)) = (jwk, octets) else { return reached("refused") };
    reached("canonical");
    assert_eq!(jwk.bits(), octets.len() * 8, "the length of {text:?}");
    match SecretKey::from_jwk_as(Algorithm::Hs256, &jwk) {
        Ok(key) => {
            assert_eq!(*key.to_base64url(), text, "a secret written again");
            reached("secret read back");
        }
        Err(error) => {
            let key_text = error.code() == Code::KeySecretIsKeyText;
            assert!(key_text || octets.len() < 32, "{error}: {text:?}");
        }
    }
}

/// The octets as they are, as a secret that is written out.
fn check_secret(octets: &[u8]) {
    let Ok(key) = SecretKey::new(Algorithm::Hs256, octets) else { return };
    assert!(octets.len() >= 32, "a short secret was accepted");
    assert_eq!(*key.to_base64url(), reference::encode(octets));
    let again = Jwk::parse(key.to_jwk_json().as_bytes()).expect("our own JWK");
    let again = SecretKey::from_jwk(&again).expect("our own JWK");
    assert_eq!(again.to_base64url(), key.to_base64url());
}
