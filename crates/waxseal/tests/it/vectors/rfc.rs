//! One test for each RFC.

use super::{Vectors, jws, keys};
use waxseal::{Code, JwkSet};

pub(super) const FILES: &[&str] = &[
    "rfc7515.json",
    "rfc7516.json",
    "rfc7517.json",
    "rfc7518.json",
    "rfc7518_c.json",
    "rfc7520.json",
    "rfc7638.json",
    "rfc7797.json",
    "rfc8037.json",
    "rfc8037_a6.json",
    "rfc8812.json",
    "rfc9864.json",
    "rfc9964.json",
];

#[test]
fn rfc_7515_appendix_a_jws() {
    let outcome = jws::run(&Vectors::load("rfc7515.json").jws);
    // Unsecured, A.5: there is no name for `none` to accept.
    assert_eq!(outcome.refusals(), [("A.5 compact", Code::AlgorithmMismatch)]);
    assert_eq!((outcome.verified, outcome.made_again), (7, 1));
}

#[test]
fn rfc_7517_appendix_a_to_c_keys() {
    let vectors = Vectors::load("rfc7517.json");
    let mut outcome = keys::run(&vectors.keys);
    for set in &vectors.key_sets {
        for (index, key) in set.jwks["keys"].as_array().unwrap().iter().enumerate() {
            outcome.add(&format!("{}[{index}]", set.section), key);
        }
    }
    assert_eq!((outcome.public, outcome.private, outcome.secret), (2, 1, 1));
    // Keys for encryption, which are no keys for signatures.
    let expected = [
        ("A.1[0]", Code::KeyUseForbidden),
        ("A.2[0]", Code::KeyUseForbidden),
        ("A.3[0]", Code::KeyAlgorithmMismatch),
        ("C.1", Code::KeyUseForbidden),
    ];
    assert_eq!(outcome.refusals(), expected);
    // A set of private or shared keys is not published.
    let expected = [Ok((1, 1)), Err(Code::KeyNotPublic), Err(Code::KeyNotPublic)];
    for (set, expected) in vectors.key_sets.iter().zip(expected) {
        let read = JwkSet::parse(set.jwks.to_string());
        let counts = read.map(|set| (set.keys().len(), set.skipped().len())).map_err(|error| error.code());
        assert_eq!(counts, expected, "{} {}", set.section, set.title);
    }
}

#[test]
fn rfc_7520_cookbook_keys_and_jws() {
    let vectors = Vectors::load("rfc7520.json");
    let outcome = keys::run(&vectors.keys);
    assert_eq!((outcome.public, outcome.private, outcome.secret), (2, 2, 1));
    assert_eq!(outcome.refusals(), [("3.6", Code::KeyAlgorithmMismatch)]);
    let outcome = jws::run(&vectors.jws);
    // An `alg` that is not protected: of the only signature, and of the second of three.
    let expected = [
        ("4.7 flattened", Code::HeaderInvalid),
        ("4.7 general", Code::HeaderInvalid),
        ("4.8 general[1]", Code::AlgorithmMismatch),
    ];
    assert_eq!(outcome.refusals(), expected);
    assert_eq!((outcome.verified, outcome.made_again), (19, 11));
}

#[test]
fn rfc_7638_section_3_1_thumbprint() {
    let outcome = keys::run(&Vectors::load("rfc7638.json").keys);
    assert_eq!(outcome, keys::Outcome { public: 1, thumbprints: 1, ..keys::Outcome::default() });
}

#[test]
fn rfc_7797_section_4_unencoded_payload() {
    let outcome = jws::run(&Vectors::load("rfc7797.json").jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.verified, outcome.made_again), (4, 4));
}

#[test]
fn rfc_8037_appendix_a_ed25519() {
    let vectors = Vectors::load("rfc8037.json");
    let outcome = keys::run(&vectors.keys);
    assert_eq!(outcome, keys::Outcome { public: 1, private: 1, thumbprints: 2, ..keys::Outcome::default() });
    let outcome = jws::run(&vectors.jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.verified, outcome.made_again), (1, 1));
}

#[test]
fn rfc_8812_es256k() {
    let outcome = jws::run(&Vectors::load("rfc8812.json").jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!(outcome.verified, 1);
}

#[test]
fn rfc_9864_ed25519_by_name() {
    let outcome = jws::run(&Vectors::load("rfc9864.json").jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.verified, outcome.made_again), (1, 1));
}

#[test]
fn rfc_9964_appendix_a_ml_dsa() {
    let vectors = Vectors::load("rfc9964.json");
    let outcome = keys::run(&vectors.keys);
    assert_eq!(outcome, keys::Outcome { private: 3, thumbprints: 3, ..keys::Outcome::default() });
    let outcome = jws::run(&vectors.jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!(outcome.verified, 3);
}
