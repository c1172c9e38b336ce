//! What the header may say, and where.

use super::{code, decrypter, direct, sealed, sealed_json};
use serde_json::{Value, json};
use waxseal::jwe::{ContentEncryption, Decrypter, DecryptionKey, Encrypter, KeyAlgorithm};
use waxseal::{Code, Limits};

const GOOD: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;

fn header_code(header: &str) -> Option<Code> {
    code(decrypter(&direct()).decrypt(&sealed(header, b"content")))
}

#[test]
fn the_protected_header_is_strict() {
    for (header, expected) in [
        (GOOD, None),
        (r#" { "enc" : "A128GCM" , "\u0061lg" : "dir", "jwk": {}, "x": [1, 2] } "#, None),
        ("", Some(Code::TokenMalformed)),
        ("[]", Some(Code::TokenMalformed)),
        ("{}", Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","enc":"A128GCM"}"#, Some(Code::TokenMalformed)),
        (r#"{"alg":"dir","enc":"A128GCM","\u0065nc":"A128GCM"}"#, Some(Code::TokenMalformed)),
        (r#"{"alg":"dir","enc":"A128GCM","x":{"a":1,"a":1}}"#, Some(Code::TokenMalformed)),
        (r#"{"alg":"dir"}"#, Some(Code::HeaderInvalid)),
        (r#"{"enc":"A128GCM"}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":7,"enc":"A128GCM"}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":["A128GCM"]}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"a128gcm"}"#, Some(Code::EncryptionNotAllowed)),
        (r#"{"alg":"dir","enc":"A256GCM"}"#, Some(Code::AlgorithmMismatch)),
        (r#"{"alg":"dir","enc":"A128CBC-HS256"}"#, Some(Code::TokenMalformed)),
        (r#"{"alg":"none","enc":"A128GCM"}"#, Some(Code::AlgorithmMismatch)),
        (r#"{"alg":"Dir","enc":"A128GCM"}"#, Some(Code::AlgorithmMismatch)),
        (r#"{"alg":"A128KW","enc":"A128GCM"}"#, Some(Code::AlgorithmMismatch)),
        (r#"{"alg":"dir","enc":"A128GCM","kid":""}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","kid":7}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","kid":"a\u0000b"}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","typ":7}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","cty":null}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#, Some(Code::CompressionNotAllowed)),
        (r#"{"alg":"dir","enc":"A128GCM","zip":null}"#, Some(Code::HeaderInvalid)),
        (r#"{"alg":"dir","enc":"A128GCM","crit":["exp"],"exp":1}"#, Some(Code::CritUnsupported)),
        (r#"{"alg":"dir","enc":"A128GCM","crit":[]}"#, Some(Code::CritUnsupported)),
        (r#"{"alg":"dir","enc":"A128GCM","crit":null}"#, Some(Code::CritUnsupported)),
    ] {
        assert_eq!(header_code(header), expected, "{header}");
    }
}

#[test]
fn a_token_has_five_strict_parts() {
    let good = sealed(GOOD, b"content");
    let decrypter = decrypter(&direct());
    assert_eq!(code(decrypter.decrypt(&good)), None);
    let parts = super::parts(&good);
    let joined = |parts: &[&str]| parts.join(".");
    let [header, _, iv, ciphertext, tag] = [0, 1, 2, 3, 4].map(|index| parts[index].as_str());
    for token in [
        String::new(),
        "....".to_owned(),
        "a".repeat(100),
        ".".repeat(10_000),
        joined(&[header, "", iv, ciphertext]),
        joined(&[header, "", iv, ciphertext, tag, ""]),
        format!(" {good}"),
        format!("{good}\n"),
        joined(&[&format!("{header}="), "", iv, ciphertext, tag]),
        joined(&[header, "AAAA", iv, ciphertext, tag]),
        joined(&[header, "", &iv[..15], ciphertext, tag]),
        joined(&[header, "", &iv[..12], ciphertext, tag]),
        joined(&[header, "", &format!("{iv}AAAA"), ciphertext, tag]),
        joined(&[header, "", "", ciphertext, tag]),
        joined(&[header, "", iv, ciphertext, &tag[..16]]),
        joined(&[header, "", iv, ciphertext, ""]),
        joined(&[header, "", iv, ciphertext, &format!("{tag}AA")]),
        joined(&[header, "", iv, &format!("{ciphertext}!"), tag]),
        "{\"protected\":\"e30\"}".to_owned(),
    ] {
        assert_eq!(code(decrypter.decrypt(&token)), Some(Code::TokenMalformed), "{token}");
    }
    // The last character of this tag carries two unused bits.
    let last = tag.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in alphabet.chars().filter(|other| *other != last) {
        let token = joined(&[header, "", iv, ciphertext, &format!("{}{other}", &tag[..tag.len() - 1])]);
        assert_ne!(code(decrypter.decrypt(&token)), None, "footgun 10: {token}");
    }
}

#[test]
fn footgun_36_limits_hold_before_anything_is_decoded() {
    let decrypter = |limits| Decrypter::builder().key(direct()).limits(limits).build().unwrap();
    let token = sealed(GOOD, &vec![b'x'; 12_300]);
    assert_eq!(code(decrypter(Limits::default()).decrypt(&token)), Some(Code::TokenTooLarge));
    assert_eq!(code(decrypter(Limits::default().token_bytes(20_000)).decrypt(&token)), None);
    let header = format!(r#"{{"alg":"dir","enc":"A128GCM","x":"{}"}}"#, "x".repeat(6200));
    assert_eq!(header_code(&header), Some(Code::TokenTooLarge));
    let deep = format!(r#"{{"alg":"dir","enc":"A128GCM","x":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    assert_eq!(header_code(&deep), Some(Code::TokenMalformed));
    let encrypter = Encrypter::builder(direct().encryption_key().unwrap()).build().unwrap();
    for length in [12_300, 100_000] {
        let code = encrypter.encrypt(&vec![0; length]).err().map(|error| error.code());
        assert_eq!(code, Some(Code::EncryptTooLarge), "{length}");
    }
    let encrypter = Encrypter::builder(direct().encryption_key().unwrap());
    let encrypter = encrypter.header("x", &"x".repeat(6200)).unwrap().build().unwrap();
    assert_eq!(encrypter.encrypt(b"").unwrap_err().code(), Code::EncryptTooLarge);
}

#[test]
fn the_allowed_content_encryptions_are_a_list() {
    let key = DecryptionKey::generate(KeyAlgorithm::A256Kw).unwrap();
    let only = Decrypter::builder().key(key.clone()).content_encryptions([ContentEncryption::A256Gcm]);
    let only = only.build().unwrap();
    for &enc in ContentEncryption::ALL {
        let token = super::encrypter(&key, enc).encrypt(b"content").unwrap();
        let expected = (enc != ContentEncryption::A256Gcm).then_some(Code::EncryptionNotAllowed);
        assert_eq!(code(only.decrypt(&token)), expected, "{enc}");
    }
    assert!(Decrypter::builder().key(key).content_encryptions([]).build().is_err());
    assert_eq!(Decrypter::builder().build().unwrap_err().code(), Code::DecrypterKeyMissing);
}

/// GHSA-jc38-x7x8-2xc8: a library that merges headers takes an attacker's word for the protected one.
#[test]
fn footgun_06_each_member_stands_where_it_may() {
    let null = Value::Null;
    for (protected, unprotected, recipient, strict, expected) in [
        (GOOD, null.clone(), null.clone(), None, None),
        (r#"{"enc":"A128GCM"}"#, null.clone(), json!({"alg": "dir"}), Some(Code::HeaderInvalid), None),
        (r#"{"enc":"A128GCM"}"#, json!({"alg": "dir"}), null.clone(), Some(Code::HeaderInvalid), None),
        ("", json!({"alg": "dir", "enc": "A128GCM"}), null.clone(), Some(Code::HeaderInvalid), None),
        (r#"{"alg":"dir"}"#, json!({"enc": "A128GCM"}), null.clone(), Some(Code::HeaderInvalid), None),
    ] {
        let json = sealed_json(protected, &unprotected, &recipient).to_string();
        assert_eq!(code(decrypter(&direct()).decrypt_json(&json)), expected, "{json}");
        let only = Decrypter::builder().key(direct()).protected_algorithms_only().build().unwrap();
        assert_eq!(code(only.decrypt_json(&json)), strict, "{json}");
    }
    for (protected, unprotected, recipient, expected) in [
        (r#"{"alg":"dir"}"#, null.clone(), json!({"enc": "A128GCM"}), Code::HeaderInvalid),
        (GOOD, json!({"zip": "DEF"}), null.clone(), Code::HeaderInvalid),
        (GOOD, null.clone(), json!({"zip": "DEF"}), Code::HeaderInvalid),
        (GOOD, json!({"crit": ["x"], "x": 1}), null.clone(), Code::CritUnsupported),
        (GOOD, null.clone(), json!({"crit": []}), Code::CritUnsupported),
        (GOOD, json!({"alg": "dir"}), null.clone(), Code::HeaderInvalid),
        (GOOD, null.clone(), json!({"alg": "dir"}), Code::HeaderInvalid),
        (GOOD, null.clone(), json!({"enc": "A128GCM"}), Code::HeaderInvalid),
        (GOOD, json!({"x": 1}), json!({"x": 1}), Code::HeaderInvalid),
        (r#"{"enc":"A128GCM"}"#, json!({"alg": "dir"}), json!({"alg": "A128KW"}), Code::HeaderInvalid),
        (r#"{"enc":"A128GCM"}"#, null.clone(), json!({"alg": "A128KW"}), Code::AlgorithmMismatch),
    ] {
        let json = sealed_json(protected, &unprotected, &recipient).to_string();
        assert_eq!(code(decrypter(&direct()).decrypt_json(&json)), Some(expected), "{json}");
    }
}

/// What nothing protects does not become a label of the content.
#[test]
fn cty_and_typ_count_in_the_protected_header_only() {
    let json = sealed_json(GOOD, &json!({"cty": "JWT"}), &json!({"typ": "JWT"})).to_string();
    let decrypted = decrypter(&direct()).decrypt_json(&json).unwrap();
    assert_eq!((decrypted.cty(), decrypted.typ()), (None, None));
    assert_eq!(decrypted.protected_header(), GOOD);
    assert_eq!(decrypted.unprotected_header(), Some(r#"{"cty":"JWT"}"#));
    assert_eq!(decrypted.recipient_header(), Some(r#"{"typ":"JWT"}"#));
}

#[test]
fn the_kid_narrows_the_keys_down() {
    let named = |kid: &str| direct().with_kid(kid).unwrap();
    let other = DecryptionKey::direct(ContentEncryption::A128Gcm, &[1; 16]).unwrap();
    let with_kid = sealed(r#"{"alg":"dir","enc":"A128GCM","kid":"a"}"#, b"content");
    for (keys, expected) in [
        (vec![named("a")], None),
        (vec![direct()], None),
        (vec![named("b")], Some(Code::KeyNotFound)),
        (vec![named("b"), direct()], None),
        (vec![other.clone().with_kid("a").unwrap(), named("b")], Some(Code::DecryptionFailed)),
        (vec![other.clone().with_kid("a").unwrap(), direct()], Some(Code::DecryptionFailed)),
        (
            vec![DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap().with_kid("a").unwrap(), direct()],
            Some(Code::AlgorithmMismatch),
        ),
    ] {
        let decrypter = Decrypter::builder().keys(keys.clone()).build().unwrap();
        assert_eq!(code(decrypter.decrypt(&with_kid)), expected, "{keys:?}");
    }
    // A thumbprint that nobody chose does not exclude the key.
    let rsa = super::rsa(KeyAlgorithm::RsaOaep256);
    let sender = rsa.encryption_key().unwrap().with_kid("their name for it").unwrap();
    let token = Encrypter::builder(sender).build().unwrap().encrypt(b"content").unwrap();
    assert_eq!(code(decrypter(&rsa).decrypt(&token)), None);
}

#[test]
fn footgun_19_the_number_of_keys_tried_is_bounded() {
    let wrong = |n: u8| DecryptionKey::direct(ContentEncryption::A128Gcm, &[n; 16]).unwrap();
    let token = sealed(GOOD, b"content");
    for (before, expected) in [(7, None), (8, Some(Code::DecryptionFailed))] {
        let decrypter = Decrypter::builder().keys((0..before).map(wrong)).key(direct()).build().unwrap();
        assert_eq!(code(decrypter.decrypt(&token)), expected, "{before}");
    }
    assert!(Decrypter::builder().keys((0..=100).map(wrong)).build().is_err());
}
