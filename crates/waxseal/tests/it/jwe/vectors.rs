//! The examples of the RFCs, and what other implementations encrypted.

use super::{data, jwk};
use serde_json::Value;
use waxseal::Code;
use waxseal::jwe::{ContentEncryption, DecryptError, DecryptedBytes, Decrypter, DecryptionKey, KeyAlgorithm};

/// What the library refuses by design: section, key algorithm, code.
const REFUSED: [(&str, &str); 3] = [("7516 A.2", "RSA1_5"), ("7520 5.1", "RSA1_5"), ("7516 A.4", "RSA1_5")];

fn octets(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    super::decode_base64url(text)
}

/// The key as the example's algorithms read it; `alg` of its JWK must then agree.
fn key(recipient: &Value, enc: &str) -> Option<DecryptionKey> {
    let algorithm: KeyAlgorithm = recipient["algorithm"].as_str()?.parse().ok()?;
    if !recipient["password"].is_null() {
        return Some(DecryptionKey::password(algorithm, octets(&recipient["password"])).unwrap());
    }
    let jwk = jwk(&recipient["key"]);
    let key = if algorithm == KeyAlgorithm::Dir {
        DecryptionKey::from_jwk_direct(enc.parse::<ContentEncryption>().unwrap(), &jwk)
    } else {
        DecryptionKey::from_jwk_as(algorithm, &jwk)
    };
    Some(key.unwrap_or_else(|error| panic!("{recipient}: {error}")))
}

fn decrypt(decrypter: &Decrypter, serialization: &Value) -> Result<DecryptedBytes, DecryptError> {
    match serialization {
        Value::String(compact) => decrypter.decrypt(compact),
        json => decrypter.decrypt_json(&json.to_string()),
    }
}

fn check(file: &str, example: &Value) -> usize {
    let name = format!("{file} {}", example["section"].as_str().unwrap());
    let enc = example["encryption"].as_str().unwrap();
    let expected = octets(&example["plaintext"]);
    let mut decrypted = 0;
    for recipient in example["recipients"].as_array().unwrap() {
        let Some(key) = key(recipient, enc) else {
            let algorithm = recipient["algorithm"].as_str().unwrap();
            let listed = REFUSED.contains(&(&*name, algorithm));
            assert!(listed || name == "7520 5.13", "{name} {algorithm} is not listed as refused");
            refused(example);
            continue;
        };
        let decrypter = decrypter(key, name == "7520 5.9");
        for (kind, serialization) in example["serializations"].as_object().unwrap() {
            if cfg!(not(feature = "zip")) && name == "7520 5.9" {
                assert_eq!(
                    super::code(decrypt(&decrypter, serialization)),
                    Some(Code::CompressionNotAllowed)
                );
                continue;
            }
            let result =
                decrypt(&decrypter, serialization).unwrap_or_else(|error| panic!("{name} {kind}: {error}"));
            assert_eq!(result.plaintext(), expected, "{name} {kind}");
            decrypted += 1;
        }
    }
    decrypted
}

/// A decrypter that decompresses where the example needs it and the feature is there.
fn decrypter(key: DecryptionKey, compressed: bool) -> Decrypter {
    let builder = Decrypter::builder().key(key);
    #[cfg(feature = "zip")]
    if compressed {
        return builder.allow_compression().build().unwrap();
    }
    let _ = compressed;
    builder.build().unwrap()
}

/// `RSA1_5` has no key here, so the best that can be done is a key for another algorithm.
fn refused(example: &Value) {
    let decrypter = Decrypter::builder().key(super::rsa(KeyAlgorithm::RsaOaep256)).build().unwrap();
    for serialization in example["serializations"].as_object().unwrap().values() {
        let found = super::code(decrypt(&decrypter, serialization));
        assert!(matches!(found, Some(Code::AlgorithmMismatch | Code::KeyNotFound)), "footgun 32: {found:?}");
    }
}

#[test]
fn the_examples_of_the_rfcs_decrypt() {
    for (file, least) in [("7516", 3), ("7517", 1), ("7518_c", 1), ("7520", 30), ("8037_a6", 1)] {
        let vectors: Value = serde_json::from_str(&data(&format!("vectors/rfc{file}.json"))).unwrap();
        let count: usize =
            vectors["jwe"].as_array().unwrap().iter().map(|example| check(file, example)).sum();
        let least = if cfg!(feature = "zip") { least } else { least.min(27) };
        assert!(count >= least, "rfc{file}: only {count} serializations decrypted");
    }
}

fn interop_key(entry: &Value, recipient: &Value) -> DecryptionKey {
    let algorithm: KeyAlgorithm = recipient["alg"].as_str().unwrap().parse().unwrap();
    if let Some(password) = entry["password"].as_str() {
        let password = super::decode_base64url(password);
        return DecryptionKey::password_up_to(algorithm, password, 1_000_000).unwrap();
    }
    let name = recipient["key"].as_str().unwrap();
    let file = if name.starts_with("oct") { format!("{name}.jwk") } else { format!("{name}.private.jwk") };
    let jwk = waxseal::Jwk::parse(data(&format!("interop/keys/{file}.json"))).unwrap();
    match entry["enc"].as_str().unwrap().parse() {
        Ok(enc) if algorithm == KeyAlgorithm::Dir => DecryptionKey::from_jwk_direct(enc, &jwk).unwrap(),
        _ => DecryptionKey::from_jwk_as(algorithm, &jwk).unwrap(),
    }
}

#[test]
fn what_other_implementations_encrypted_decrypts() {
    for library in ["jose", "joserfc", "jwcrypto"] {
        let fixture = data(&format!("interop/fixtures/objects.{library}.json"));
        let fixture: Value = serde_json::from_str(&fixture).unwrap();
        let entries = fixture["jwe"].as_array().unwrap();
        assert!(entries.len() >= 40, "{library}");
        for entry in entries {
            for recipient in entry["recipients"].as_array().unwrap() {
                let compressed = !entry["protected"]["zip"].is_null();
                let decrypter = decrypter(interop_key(entry, recipient), compressed);
                let result = decrypt(&decrypter, &entry["jwe"]);
                if cfg!(not(feature = "zip")) && compressed {
                    assert_eq!(super::code(result), Some(Code::CompressionNotAllowed), "{library} {entry}");
                    continue;
                }
                let result = result.unwrap_or_else(|error| panic!("{library} {recipient} {entry}: {error}"));
                assert_eq!(result.plaintext(), octets(&entry["plaintext"]), "{library} {entry}");
                if !entry["aad"].is_null() {
                    assert_eq!(result.aad(), Some(&*octets(&entry["aad"])), "{library} {entry}");
                }
            }
        }
    }
}
