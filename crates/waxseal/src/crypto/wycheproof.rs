//! Wycheproof's signatures against the primitives as this crate calls them: keys read from their
//! `SubjectPublicKeyInfo`, signatures in the form of RFC 7518. A JWS cannot carry the messages, so no public
//! function can be asked.

use crate::{Algorithm, PublicKey, VerifyingKey, base64url};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Vectors {
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
struct Suite {
    file: String,
    algorithm: String,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    key: String,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: u32,
    comment: String,
    message: String,
    signature: String,
    valid: bool,
}

fn load() -> Vectors {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/wycheproof_signatures.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn octets(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    base64url::decode_append(text.as_bytes(), &mut octets).unwrap();
    octets
}

#[test]
fn wycheproof_signatures() {
    let (mut valid, mut invalid) = (0, 0);
    for Suite { file, algorithm, groups } in load().suites {
        let algorithm: Algorithm = algorithm.parse().unwrap();
        for Group { key, tests } in groups {
            let key = PublicKey::from_der(algorithm, &octets(&key))
                .unwrap_or_else(|error| panic!("{file}: {error}"));
            let key = VerifyingKey::from(key);
            for case in tests {
                let outcome = key.verify(&octets(&case.message), &octets(&case.signature));
                assert_eq!(outcome.is_ok(), case.valid, "{file} {} {}", case.id, case.comment);
                if case.valid { valid += 1 } else { invalid += 1 }
            }
        }
    }
    assert_eq!((valid, invalid), (82, 450));
}
