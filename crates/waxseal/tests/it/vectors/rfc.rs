//! One test for each RFC.

use super::{NestedVector, Vectors, jwe, jwk, jws, keys, octets};
use serde_json::Value;
use waxseal::jwe::Decrypter;
use waxseal::{Algorithm, Code, JwkSet, NumericDate, PrivateKey, Verifier};

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

/// The first three are JWTs, whose only expectation is the issuer and whose time is long over.
#[test]
fn rfc_7515_appendix_a_jwt() {
    let vectors = Vectors::load("rfc7515.json").jws;
    for (vector, algorithm) in vectors.iter().zip([Algorithm::Hs256, Algorithm::Rs256, Algorithm::Es256]) {
        let key = jws::verifying_key(algorithm, &vector.keys[0]);
        let verifier = Verifier::builder().key(key).issuer("joe").without_audience().build().unwrap();
        let token = vector.serializations["compact"].as_str().unwrap();
        let verify = |seconds| verifier.verify::<Value>(token, NumericDate::from_seconds(seconds).unwrap());
        let verified = verify(1_300_819_379).unwrap_or_else(|error| panic!("{}: {error}", vector.section));
        assert_eq!(verified["http://example.com/is_root"], true, "{}", vector.section);
        let late = verify(1_300_819_380).err().map(|error| error.code());
        assert_eq!(late, Some(Code::TokenExpired), "{}", vector.section);
    }
}

#[test]
fn rfc_7516_appendix_a_jwe() {
    let outcome = jwe::run(&Vectors::load("rfc7516.json").jwe);
    // RSA1_5 has no name here, so the key is one for RSA-OAEP-256; RSA-OAEP is for reading.
    let expected = [
        ("A.1 RSA-OAEP", Code::KeyDecryptOnly),
        ("A.2 RSA1_5", Code::KeyAlgorithmUnknown),
        ("A.2 compact RSA1_5", Code::AlgorithmMismatch),
        ("A.4 RSA1_5", Code::KeyAlgorithmUnknown),
        ("A.4 general RSA1_5", Code::AlgorithmMismatch),
    ];
    assert_eq!(outcome.refusals(), expected);
    assert_eq!((outcome.decrypted, outcome.encrypted_again), (4, 3));
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
    let outcome = jwe::run(&vectors.jwe);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.decrypted, outcome.encrypted_again), (1, 1));
}

#[test]
fn rfc_7518_appendix_c_ecdh_es() {
    let outcome = jwe::run(&Vectors::load("rfc7518_c.json").jwe);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.decrypted, outcome.encrypted_again), (1, 1));
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
fn rfc_7520_cookbook_jwe() {
    let vectors = Vectors::load("rfc7520.json");
    let outcome = jwe::run(&vectors.jwe);
    let expected = [
        ("5.1 RSA1_5", Code::KeyAlgorithmUnknown),
        ("5.1 compact RSA1_5", Code::AlgorithmMismatch),
        ("5.1 flattened RSA1_5", Code::AlgorithmMismatch),
        ("5.1 general RSA1_5", Code::AlgorithmMismatch),
        ("5.13 RSA1_5", Code::KeyAlgorithmUnknown),
        ("5.13 general RSA1_5", Code::AlgorithmMismatch),
        ("5.2 RSA-OAEP", Code::KeyDecryptOnly),
        // Off unless allowed.
        ("5.9 compact A128KW", Code::CompressionNotAllowed),
        ("5.9 flattened A128KW", Code::CompressionNotAllowed),
        ("5.9 general A128KW", Code::CompressionNotAllowed),
    ];
    assert_eq!(outcome.refusals(), expected);
    assert_eq!((outcome.decrypted, outcome.encrypted_again), (27, 12));
}

/// Section 6: a JWT of 2011, signed and then encrypted.
#[test]
fn rfc_7520_cookbook_nested() {
    let nested = Vectors::load("rfc7520.json").nested;
    assert_eq!(nested.len(), 1);
    for NestedVector { title, sign, encrypt, .. } in nested {
        let key = jws::verifying_key(Algorithm::Ps256, &sign.keys[0]);
        let verifier =
            Verifier::builder().key(key).issuer("hobbiton.example").without_audience().build().unwrap();
        let verify = |seconds| {
            let now = NumericDate::from_seconds(seconds).unwrap();
            let decrypter = Decrypter::builder().key(encrypt.key()).build().unwrap();
            let token = encrypt.serializations["compact"].as_str().unwrap();
            decrypter.decrypt_and_verify::<Value>(token, &verifier, now)
        };
        assert_eq!(verify(1_300_819_379).unwrap()["http://example.com/is_root"], true, "{title}");
        let late = verify(1_300_819_380).err().map(|error| error.code());
        assert_eq!(late, Some(Code::TokenExpired), "{title}");
        let inside = octets(&encrypt.plaintext);
        assert_eq!(
            sign.serializations["compact"].as_str().map(str::as_bytes),
            Some(inside.as_slice()),
            "{title}"
        );
        assert_eq!(jws::run(&[sign]).verified, 1);
        let outcome = jwe::run(&[encrypt]);
        assert_eq!(outcome.refusals(), [("6.8 RSA-OAEP", Code::KeyDecryptOnly)]);
        assert_eq!(outcome.decrypted, 3);
    }
}

#[cfg(feature = "zip")]
#[test]
fn rfc_7520_section_5_9_compressed_content() {
    let vectors = Vectors::load("rfc7520.json");
    let compressed = vectors.jwe.iter().find(|vector| vector.section == "5.9").unwrap();
    assert_eq!(jwe::decrypt_compressed(compressed), 3);
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
fn rfc_8037_appendix_a_6_x25519() {
    let outcome = jwe::run(&Vectors::load("rfc8037_a6.json").jwe);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.decrypted, outcome.encrypted_again), (1, 1));
}

#[test]
fn rfc_8812_es256k() {
    let outcome = jws::run(&Vectors::load("rfc8812.json").jws);
    assert_eq!(outcome.refusals(), []);
    assert_eq!(outcome.verified, 1);
}

/// One key under both names: what is written says which, what is read may say either.
#[test]
fn rfc_9864_ed25519_by_name() {
    let vectors = Vectors::load("rfc9864.json").jws;
    let outcome = jws::run(&vectors);
    assert_eq!(outcome.refusals(), []);
    assert_eq!((outcome.verified, outcome.made_again), (1, 1));
    let key = PrivateKey::from_jwk(&jwk(&vectors[0].keys[0])).unwrap();
    assert_eq!((key.algorithm(), key.alg()), (Algorithm::EdDsa, "Ed25519"));
    let older = Vectors::load("rfc8037.json").keys;
    let key = PrivateKey::from_jwk(&jwk(&older[0].jwk)).unwrap();
    assert_eq!((key.algorithm(), key.alg()), (Algorithm::EdDsa, "EdDSA"));
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
