//! The JSON serializations.

use super::{all_pairs, code, data, decrypter, direct, encrypter, sealed, sealed_json};
use serde_json::{Value, json};
use waxseal::Code;
use waxseal::jwe::{ContentEncryption, Decrypter, DecryptionKey, Encrypter, KeyAlgorithm};

const GOOD: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;

#[test]
fn every_algorithm_in_both_json_forms() {
    for (key, enc) in all_pairs() {
        let encrypter = encrypter(&key, enc);
        let message = || encrypter.json().aad(b"aad").unprotected("x", &1).unwrap();
        for json in [message().flattened(b"content").unwrap(), message().general(b"content").unwrap()] {
            let decrypted =
                decrypter(&key).decrypt_json(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(
                (decrypted.plaintext(), decrypted.aad()),
                (&b"content"[..], Some(&b"aad"[..])),
                "{json}"
            );
            assert_eq!(decrypted.unprotected_header(), Some("{\"x\":1}"));
        }
    }
}

#[test]
fn empty_associated_data_is_left_out() {
    let key = direct();
    let encrypter = encrypter(&key, ContentEncryption::A128Gcm);
    let message = || encrypter.json().aad(b"");
    for json in [message().flattened(b"content").unwrap(), message().general(b"content").unwrap()] {
        let decrypted = decrypter(&key).decrypt_json(&json).unwrap();
        assert_eq!((decrypted.plaintext(), decrypted.aad()), (&b"content"[..], None), "{json}");
    }
}

#[test]
fn several_recipients_each_decrypt_and_a_stranger_does_not() {
    let algorithms = [KeyAlgorithm::A128Kw, KeyAlgorithm::A192GcmKw, KeyAlgorithm::EcdhEsA256Kw];
    let mut keys: Vec<_> = algorithms.iter().map(|a| DecryptionKey::generate(*a).unwrap()).collect();
    keys.push(super::rsa(KeyAlgorithm::RsaOaep256));
    keys.push(DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap().with_kid("named").unwrap());
    for &enc in ContentEncryption::ALL {
        let mut builder = Encrypter::builder(keys[0].encryption_key().unwrap()).content_encryption(enc);
        for key in &keys[1..] {
            builder = builder.recipient(key.encryption_key().unwrap());
        }
        let encrypter = builder.typ("x").build().unwrap();
        let json = encrypter.json().general(b"content").unwrap();
        for key in &keys {
            let decrypted =
                decrypter(key).decrypt_json(&json).unwrap_or_else(|error| panic!("{key:?}: {error}"));
            assert_eq!((decrypted.plaintext(), decrypted.typ()), (&b"content"[..], Some("x")), "{key:?}");
            assert!(decrypted.recipient_header().unwrap().contains(key.algorithm().as_str()));
        }
        let stranger = DecryptionKey::generate(KeyAlgorithm::A192GcmKw).unwrap();
        assert_eq!(code(decrypter(&stranger).decrypt_json(&json)), Some(Code::DecryptionFailed));
        let stranger = DecryptionKey::generate(KeyAlgorithm::A256Kw).unwrap();
        assert_eq!(code(decrypter(&stranger).decrypt_json(&json)), Some(Code::AlgorithmMismatch));
        assert_eq!(encrypter.encrypt(b"").unwrap_err().code(), Code::EncryptRecipientsInvalid);
        assert_eq!(encrypter.json().flattened(b"").unwrap_err().code(), Code::EncryptRecipientsInvalid);
    }
    for sole in [direct(), DecryptionKey::generate(KeyAlgorithm::EcdhEs).unwrap()] {
        let builder = Encrypter::builder(keys[0].encryption_key().unwrap());
        let result = builder.recipient(sole.encryption_key().unwrap()).build();
        assert_eq!(result.unwrap_err().code(), Code::EncryptRecipientsInvalid, "{sole:?}");
    }
}

#[test]
fn what_is_protected_does_not_change_and_the_rest_may() {
    let key = direct();
    let encrypter = encrypter(&key, ContentEncryption::A128Gcm);
    let json = encrypter.json().aad(b"aad");
    let json = json.unprotected("x", &1).unwrap().flattened(b"content").unwrap();
    let changed = |name: &str, value: Value| {
        let mut object: Value = serde_json::from_str(&json).unwrap();
        object[name] = value;
        code(decrypter(&key).decrypt_json(&object.to_string()))
    };
    assert_eq!(changed("unprotected", json!({"x": 2})), None);
    assert_eq!(changed("aad", json!("YWFk")), None);
    assert_eq!(changed("aad", json!("YWFl")), Some(Code::DecryptionFailed));
    for header in [r#"{"enc":"A128GCM","alg":"dir"}"#, r#"{"alg":"dir","enc":"A128GCM","x":1}"#] {
        let encoded = crate::support::base64url(header);
        assert_ne!(changed("protected", json!(encoded)), None, "{header}");
    }
}

#[test]
fn footgun_34_one_form_is_not_taken_for_another() {
    let key = direct();
    let compact = sealed(GOOD, b"content");
    let json = sealed_json(GOOD, &Value::Null, &Value::Null).to_string();
    assert_eq!(code(decrypter(&key).decrypt_json(&json)), None);
    assert_eq!(code(decrypter(&key).decrypt(&json)), Some(Code::TokenMalformed));
    assert_eq!(code(decrypter(&key).decrypt_json(&compact)), Some(Code::TokenMalformed));
    assert_eq!(code(decrypter(&key).decrypt_json(&format!("{json}{json}"))), Some(Code::TokenMalformed));
    assert_eq!(code(decrypter(&key).decrypt_json(&format!("{json}.{compact}"))), Some(Code::TokenMalformed));
}

#[test]
fn members_of_the_json_are_strict() {
    let key = direct();
    let good = sealed_json(GOOD, &Value::Null, &Value::Null);
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        code(decrypter(&key).decrypt_json(&changed.to_string()))
    };
    assert_eq!(with("encrypted_key", json!("")), None);
    assert_eq!(with("other", json!({"is": "ignored"})), None);
    for (name, value) in [
        ("protected", json!("")),
        ("protected", json!({"alg": "dir", "enc": "A128GCM"})),
        ("protected", json!("e30=")),
        ("unprotected", json!([])),
        ("unprotected", json!("e30")),
        ("unprotected", json!(null)),
        ("header", json!(7)),
        ("aad", json!("")),
        ("aad", json!(7)),
        ("iv", json!(null)),
        ("iv", json!("AAAA")),
        ("tag", json!("AAAA")),
        ("ciphertext", json!(["AAAA"])),
        ("encrypted_key", json!("AAAA")),
        ("encrypted_key", json!(7)),
        ("recipients", json!([])),
        ("recipients", json!({})),
        ("recipients", json!([7])),
        ("recipients", json!([{"header": 7}])),
        ("recipients", json!([[{}]])),
    ] {
        assert_eq!(with(name, value.clone()), Some(Code::TokenMalformed), "{name} {value}");
    }
    for missing in ["iv", "tag", "ciphertext"] {
        let mut changed = good.clone();
        changed.as_object_mut().unwrap().remove(missing);
        assert_eq!(
            code(decrypter(&key).decrypt_json(&changed.to_string())),
            Some(Code::TokenMalformed),
            "{missing}"
        );
    }
    let mut both = good.clone();
    both["recipients"] = json!([{}]);
    assert_eq!(code(decrypter(&key).decrypt_json(&both.to_string())), None, "general, everything protected");
    both["header"] = json!({});
    assert_eq!(code(decrypter(&key).decrypt_json(&both.to_string())), Some(Code::TokenMalformed));
    let doubled = good.to_string().replacen('{', "{\"\\u0069v\":\"AAAA\",", 1);
    assert_eq!(
        code(decrypter(&key).decrypt_json(&doubled)),
        Some(Code::TokenMalformed),
        "footgun 37: {doubled}"
    );
}

/// Recipients that nobody here is are passed over, whatever they are encrypted with.
#[test]
fn recipients_of_unknown_algorithms_are_passed_over() {
    let vectors: Value = serde_json::from_str(&data("vectors/rfc7520.json")).unwrap();
    let example = vectors["jwe"].as_array().unwrap().iter().find(|e| e["section"] == "5.13").unwrap();
    let json = example["serializations"]["general"].to_string();
    let recipients = example["recipients"].as_array().unwrap();
    let keys = recipients[1..].iter().map(|recipient| {
        let algorithm = recipient["algorithm"].as_str().unwrap().parse().unwrap();
        DecryptionKey::from_jwk_as(algorithm, &super::jwk(&recipient["key"])).unwrap()
    });
    for key in keys {
        assert!(decrypter(&key).decrypt_json(&json).is_ok(), "{key:?}");
    }
    let stranger = direct().with_kid("stranger").unwrap();
    assert_eq!(code(decrypter(&stranger).decrypt_json(&json)), Some(Code::KeyNotFound));
}

#[test]
fn footgun_36_many_recipients_cost_little() {
    let wrong = DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap();
    let right = DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap();
    let message = |strangers: usize| {
        let builder = Encrypter::builder(wrong.encryption_key().unwrap());
        let builder = (1..strangers).fold(builder, |b, _| b.recipient(wrong.encryption_key().unwrap()));
        let encrypter = builder.recipient(right.encryption_key().unwrap()).build().unwrap();
        encrypter.json().general(b"content").unwrap()
    };
    let decrypter = Decrypter::builder().key(right.clone()).build().unwrap();
    assert_eq!(code(decrypter.decrypt_json(&message(7))), None);
    assert_eq!(
        code(decrypter.decrypt_json(&message(8))),
        Some(Code::DecryptionFailed),
        "the ninth is not tried"
    );
    let good: Value = serde_json::from_str(&message(1)).unwrap();
    for (strangers, expected) in [(99, None), (100, Some(Code::TokenMalformed))] {
        let mut recipients = vec![json!({"header": {"alg": "A256KW"}}); strangers];
        recipients.push(good["recipients"][1].clone());
        let mut long = good.clone();
        long["recipients"] = json!(recipients);
        assert_eq!(code(decrypter.decrypt_json(&long.to_string())), expected, "{strangers} strangers");
    }
}

/// Thousands of names in three headers are compared without comparing each with each.
#[test]
fn footgun_37_a_name_repeats_across_large_headers() {
    let names = |from: usize| (from..from + 500).map(|n| (format!("n{n}"), json!(0))).collect();
    let (shared, recipient): (serde_json::Map<_, _>, serde_json::Map<_, _>) = (names(0), names(500));
    let headers = |recipient: serde_json::Map<String, Value>| {
        let json = sealed_json(GOOD, &Value::Object(shared.clone()), &Value::Object(recipient));
        code(decrypter(&direct()).decrypt_json(&json.to_string()))
    };
    assert_eq!(headers(recipient.clone()), None);
    for repeated in ["n0", "n499", "alg"] {
        let mut recipient = recipient.clone();
        recipient.insert(repeated.to_owned(), json!(0));
        assert_eq!(headers(recipient), Some(Code::HeaderInvalid), "{repeated}");
    }
}

#[test]
fn header_members_are_set_once_and_not_instead_of_ours() {
    let builder = || Encrypter::builder(direct().encryption_key().unwrap());
    for name in [
        "alg", "enc", "zip", "crit", "kid", "typ", "cty", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
        "b64",
    ] {
        let code = builder().header(name, &"x").err().map(|error| error.code());
        assert_eq!(code, Some(Code::EncryptHeaderInvalid), "{name}");
    }
    assert!(builder().header("x", &1).unwrap().header("x", &2).is_err());
    let encrypter = builder().header("x", &json!({"y": [1]})).unwrap().build().unwrap();
    assert!(encrypter.json().unprotected("x", &1).is_err());
    assert!(encrypter.json().unprotected("alg", &"dir").is_err());
    assert!(encrypter.json().unprotected("y", &1).unwrap().unprotected("y", &1).is_err());
    let decrypted = decrypter(&direct()).decrypt(&encrypter.encrypt(b"").unwrap()).unwrap();
    let header: Value = serde_json::from_str(decrypted.protected_header()).unwrap();
    assert_eq!(header["x"], json!({"y": [1]}));
    for (builder, code) in [
        (builder().typ(""), Code::JweOptionInvalid),
        (builder().cty(""), Code::JweOptionInvalid),
        (builder().apu("Alice"), Code::JweOptionInvalid),
        (builder().apv("Bob"), Code::JweOptionInvalid),
        (builder().content_encryption(ContentEncryption::A256Gcm), Code::JweOptionInvalid),
    ] {
        assert_eq!(builder.build().unwrap_err().code(), code);
    }
}
