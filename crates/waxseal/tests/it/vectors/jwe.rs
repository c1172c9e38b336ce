//! Runs the JWE of a file: each serialization with the key of each recipient.

use super::{JweVector, Recipient, jwk, octets};
use serde_json::Value;
use std::collections::BTreeMap;
use waxseal::Code;
use waxseal::jwe::{DecryptError, DecryptedBytes, Decrypter, DecryptionKey, Encrypter, KeyAlgorithm};

/// What came of the JWE of a file.
#[derive(Default)]
pub(super) struct Outcome {
    /// Decryptions that gave the plaintext, and none when one character was changed anywhere.
    pub(super) decrypted: usize,
    /// Keys that encrypted the plaintext anew, so that the same key decrypted it.
    pub(super) encrypted_again: usize,
    /// By section, serialization and `alg`; by section and `alg` where a key encrypts nothing.
    pub(super) refused: BTreeMap<String, Code>,
}

impl Outcome {
    pub(super) fn refusals(&self) -> Vec<(&str, Code)> {
        self.refused.iter().map(|(what, code)| (what.as_str(), *code)).collect()
    }
}

pub(super) fn run(vectors: &[JweVector]) -> Outcome {
    let mut outcome = Outcome::default();
    for vector in vectors {
        for recipient in &vector.recipients {
            for (name, jwe) in &vector.serializations {
                let what = format!("{} {name} {}", vector.section, recipient.algorithm);
                match vector.run(recipient, jwe, &what) {
                    Ok(()) => outcome.decrypted += 1,
                    Err(code) => assert!(outcome.refused.insert(what, code).is_none()),
                }
            }
            match vector.encrypt_again(recipient) {
                Ok(()) => outcome.encrypted_again += 1,
                Err(code) => {
                    let what = format!("{} {}", vector.section, recipient.algorithm);
                    assert!(outcome.refused.insert(what, code).is_none());
                }
            }
        }
    }
    outcome
}

impl Recipient {
    /// The recipient's key for its algorithm, or for a near one where the algorithm has no name here.
    fn key(&self, encryption: &str) -> DecryptionKey {
        let algorithm = self.algorithm.parse().unwrap_or(KeyAlgorithm::RsaOaep256);
        let key = match (&self.password, &self.key) {
            (Some(password), _) => DecryptionKey::password(algorithm, octets(password)),
            (None, Some(key)) if algorithm == KeyAlgorithm::Dir => {
                DecryptionKey::from_jwk_direct(encryption.parse().unwrap(), &jwk(key))
            }
            (None, Some(key)) => DecryptionKey::from_jwk_as(algorithm, &jwk(key)),
            (None, None) => panic!("a recipient without a key"),
        };
        key.unwrap_or_else(|error| panic!("{} {error}", self.algorithm))
    }
}

impl JweVector {
    /// The key of the first recipient.
    pub(super) fn key(&self) -> DecryptionKey {
        self.recipients[0].key(&self.encryption)
    }

    fn run(&self, recipient: &Recipient, jwe: &Value, what: &str) -> Result<(), Code> {
        let key = || recipient.key(&self.encryption);
        let decrypted = decrypt(key(), jwe).map_err(|error| error.code())?;
        assert_eq!(decrypted.plaintext(), octets(&self.plaintext), "{what} {}", self.title);
        assert_eq!(decrypted.algorithm().as_str(), recipient.algorithm, "{what}");
        assert_eq!(decrypted.content_encryption().as_str(), self.encryption, "{what}");
        assert_eq!(decrypted.aad().map(<[u8]>::to_vec), self.aad.as_deref().map(octets), "{what}");
        for part in ["iv", "ciphertext", "tag"] {
            let code = decrypt(key(), &with_changed(jwe, part)).err().map(|error| error.code());
            assert_eq!(code, Some(Code::DecryptionFailed), "{what}, {part} changed");
        }
        Ok(())
    }

    fn encrypt_again(&self, recipient: &Recipient) -> Result<(), Code> {
        recipient.algorithm.parse::<KeyAlgorithm>().map_err(|_| Code::KeyAlgorithmUnknown)?;
        let key = recipient.key(&self.encryption);
        let encryption_key = key.encryption_key().map_err(|error| error.code())?;
        let encrypter = Encrypter::builder(encryption_key);
        let encrypter = encrypter.content_encryption(self.encryption.parse().unwrap()).build().unwrap();
        let plaintext = octets(&self.plaintext);
        let token = encrypter.encrypt(&plaintext).unwrap();
        let decrypted = decrypt(key, &Value::String(token)).unwrap();
        assert_eq!(decrypted.plaintext(), plaintext, "{} {}", self.section, recipient.algorithm);
        Ok(())
    }
}

fn decrypt(key: DecryptionKey, jwe: &Value) -> Result<DecryptedBytes, DecryptError> {
    let decrypter = Decrypter::builder().key(key).build().unwrap();
    match jwe.as_str() {
        Some(token) => decrypter.decrypt(token),
        None => decrypter.decrypt_json(&jwe.to_string()),
    }
}

/// How many serializations decrypt where compression is allowed.
#[cfg(feature = "zip")]
pub(super) fn decrypt_compressed(vector: &JweVector) -> usize {
    for (name, jwe) in &vector.serializations {
        let key = vector.key();
        let decrypter = Decrypter::builder().key(key).allow_compression().build().unwrap();
        let decrypted = match jwe.as_str() {
            Some(token) => decrypter.decrypt(token),
            None => decrypter.decrypt_json(&jwe.to_string()),
        };
        assert_eq!(decrypted.unwrap().plaintext(), octets(&vector.plaintext), "{} {name}", vector.section);
    }
    vector.serializations.len()
}

/// The JWE with the first character of a part replaced.
fn with_changed(jwe: &Value, part: &str) -> Value {
    let change = |text: &str| {
        let first = if text.starts_with('A') { "B" } else { "A" };
        format!("{first}{}", &text[1..])
    };
    let mut changed = jwe.clone();
    match &mut changed {
        Value::String(token) => {
            let index = ["protected", "encrypted_key", "iv", "ciphertext", "tag"]
                .iter()
                .position(|name| *name == part);
            let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            let change =
                |(at, text): (usize, &String)| if Some(at) == index { change(text) } else { text.clone() };
            *token = parts.iter().enumerate().map(change).collect::<Vec<_>>().join(".");
        }
        object => object[part] = change(object[part].as_str().unwrap()).into(),
    }
    changed
}
