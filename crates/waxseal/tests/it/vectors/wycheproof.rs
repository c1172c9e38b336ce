//! Wycheproof's cases for JSON Web Keys and JSON Web Encryption.

use super::{jwk, read};
use serde::Deserialize;
use serde_json::{Value, json};
use waxseal::jwe::{Decrypter, DecryptionKey};
use waxseal::jws::Verifier;
use waxseal::{Code, Jwk, JwkSet, PublicKey, SecretKey, VerifyingKey};

pub(super) const JSON_WEB_KEY: &str = "wycheproof_json_web_key.json";
pub(super) const JSON_WEB_ENCRYPTION: &str = "wycheproof_json_web_encryption.json";

#[derive(Deserialize)]
struct Cases {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    tc_id: u32,
    comment: String,
    result: String,
    keys: Vec<Value>,
    jws: String,
}

impl Case {
    /// Verifies with all keys, each as what its own JWK says, as somebody would who loads a key set.
    fn run(&self) -> Result<(), Code> {
        let mut builder = Verifier::builder();
        for key in &self.keys {
            builder = builder.key(verifying_key(key)?);
        }
        let verifier = builder.build().map_err(|error| error.code())?;
        verifier.verify_compact(&self.jws).map(drop).map_err(|error| error.code())
    }
}

fn verifying_key(key: &Value) -> Result<VerifyingKey, Code> {
    let jwk = Jwk::parse(key.to_string()).map_err(|error| error.code())?;
    let key = if key["kty"] == json!("oct") {
        SecretKey::from_jwk(&jwk).map(VerifyingKey::from)
    } else {
        PublicKey::from_jwk(&jwk).map(VerifyingKey::from)
    };
    key.map_err(|error| error.code())
}

#[test]
fn json_web_key() {
    let cases: Cases = serde_json::from_str(&read(JSON_WEB_KEY)).unwrap();
    let refused = |id| REFUSED.iter().find(|(refused, _)| *refused == id).map(|(_, code)| *code);
    for case in &cases.tests {
        let what = format!("{} {}", case.tc_id, case.comment);
        let outcome = case.run();
        assert_eq!(outcome.err(), refused(case.tc_id), "{what}");
        let agrees = outcome.is_ok() == (case.result == "valid");
        assert_eq!(agrees, !DEVIATIONS.contains(&case.tc_id), "{what}");
    }
    assert_eq!((cases.tests.len(), REFUSED.len()), (26, 20));
}

/// The cases that are refused, and with which code.
const REFUSED: &[(u32, Code)] = &[
    (3, Code::SignatureInvalid),
    // Its second secret is not canonical base64url, which comes before the key id that occurs twice.
    (4, Code::KeyMalformed),
    (6, Code::KeyAlgorithmUnknown),
    (7, Code::KeyFactorable),
    (8, Code::KeySizeRefused),
    (9, Code::KeySizeRefused),
    (10, Code::KeySecretTooShort),
    (11, Code::KeySecretTooShort),
    (12, Code::KeySecretTooShort),
    (16, Code::KeySecretTooShort),
    (17, Code::KeySecretTooShort),
    (18, Code::KeySecretTooShort),
    (19, Code::KeyAlgorithmUnknown),
    (20, Code::KeyAlgorithmUnknown),
    (21, Code::KeyUseForbidden),
    (22, Code::KeyInconsistent),
    (23, Code::KeyMalformed),
    (24, Code::KeyMalformed),
    (25, Code::KeyAlgorithmUnknown),
    (26, Code::KeyAlgorithmUnknown),
];

/// Where the library and Wycheproof differ.
/// 1: whoever gives a verifier a secret beside public keys, one by one, is taken at their word; a JWK Set with
/// both is not (see below).
const DEVIATIONS: &[u32] = &[1];

#[test]
fn json_web_key_set_with_a_secret() {
    let cases: Cases = serde_json::from_str(&read(JSON_WEB_KEY)).unwrap();
    let mixed = json!({"keys": cases.tests[0].keys}).to_string();
    assert_eq!(JwkSet::parse(&mixed).err().map(|error| error.code()), Some(Code::KeyNotPublic));
}

#[derive(Deserialize)]
struct EncryptionCases {
    key: Value,
    tests: Vec<EncryptionCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EncryptionCase {
    tc_id: u32,
    comment: String,
    result: String,
    jwe: String,
}

#[test]
fn json_web_encryption() {
    let cases: EncryptionCases = serde_json::from_str(&read(JSON_WEB_ENCRYPTION)).unwrap();
    let key = DecryptionKey::from_jwk(&jwk(&cases.key)).unwrap();
    let decrypter = Decrypter::builder().key(key).build().unwrap();
    for case in &cases.tests {
        let what = format!("{} {}", case.tc_id, case.comment);
        let outcome = decrypter.decrypt(&case.jwe).map_err(|error| error.code());
        if case.result == "valid" {
            assert_eq!(outcome.unwrap().plaintext(), b"foo", "{what}");
        } else {
            let expected = match case.tc_id {
                // What only the tag or the key shows, and nothing else.
                2 | 10 | 11 | 13 | 16 | 17 => Code::DecryptionFailed,
                19 => Code::KeyNotFound,
                // A part has the wrong length, is missing, or is not the canonical base64url of its octets.
                _ => Code::TokenMalformed,
            };
            assert_eq!(outcome.err(), Some(expected), "{what}");
        }
    }
    assert_eq!(cases.tests.len(), 32);
}
