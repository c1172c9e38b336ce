//! JSON Web Signatures: every serialization, both ways, and what is refused.

mod footguns;
mod remote;
mod rfc;
mod signing;
mod verifying;

use crate::support::*;
use serde_json::{Value, json};
use waxseal::jws::{Builder, Headers, VerifiedJws, Verifier};
use waxseal::{Code, SecretKey, VerifyError, VerifyingKey};

const PAYLOAD: &[u8] = b"any octets\0\xff";

/// A verifier with one key.
fn accepting(key: impl Into<VerifyingKey>) -> Verifier {
    Verifier::builder().key(key).build().unwrap()
}

fn unencoded(key: impl Into<VerifyingKey>) -> Verifier {
    Verifier::builder().key(key).allow_unencoded_payload().build().unwrap()
}

/// An HS256 signature made without the library, over a header and a payload as it stands in the signing input.
fn signature(header: &str, content: &[u8]) -> String {
    let mut input = format!("{}.", base64url(header)).into_bytes();
    input.extend_from_slice(content);
    base64url(hmac_sha256(b"0123456789abcdef0123456789abcdef", &input))
}

/// A compact JWS of any header and payload, signed with [`secret`].
fn compact(header: &str, payload: impl AsRef<[u8]>) -> String {
    let payload = base64url(payload);
    format!("{}.{payload}.{}", base64url(header), signature(header, payload.as_bytes()))
}

/// One signature of any header over a payload of the base64url `content`.
fn part(header: &str, content: &str) -> Value {
    json!({"protected": base64url(header), "signature": signature(header, content.as_bytes())})
}

/// A flattened JWS of any protected header, signed with [`secret`].
fn flattened(header: &str) -> Value {
    with(part(header, &base64url(PAYLOAD)), "payload", base64url(PAYLOAD))
}

/// A general JWS with one signature of [`secret`] under each header.
fn general(headers: &[&str]) -> Value {
    let content = base64url(PAYLOAD);
    let parts: Vec<Value> = headers.iter().map(|header| part(header, &content)).collect();
    json!({"payload": content, "signatures": parts})
}

fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

fn code(result: Result<VerifiedJws, VerifyError>) -> Option<Code> {
    result.err().map(|error| error.code())
}

fn verify_json(jws: &Value) -> Option<Code> {
    code(accepting(secret()).verify_json(&jws.to_string()))
}

#[test]
fn the_ground_the_other_tests_stand_on() {
    let header = r#"{"alg":"HS256"}"#;
    assert_eq!(code(accepting(secret()).verify_compact(&compact(header, PAYLOAD))), None);
    assert_eq!(verify_json(&flattened(header)), None);
    assert_eq!(verify_json(&general(&[header, header])), None);
}

fn headers() -> Headers {
    Headers::new()
}

fn builder() -> Builder<'static> {
    Builder::new(PAYLOAD)
}

fn other_secret() -> SecretKey {
    SecretKey::new(waxseal::Algorithm::Hs256, b"another secret of thirty-two or more octets").unwrap()
}
