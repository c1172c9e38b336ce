//! Keys are read from their `SubjectPublicKeyInfo`, signatures are in the form of RFC 7518.

use super::{load, octets};
use crate::{Algorithm, PublicKey, VerifyingKey};
use serde::Deserialize;

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

#[test]
fn wycheproof_signatures() {
    let (mut valid, mut invalid) = (0, 0);
    for Suite { file, algorithm, groups } in load::<Vectors>("wycheproof_signatures.json").suites {
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
