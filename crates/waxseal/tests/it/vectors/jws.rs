//! Runs the JWS of a file: each signature of each serialization, with the payload it was made of.

use super::{JwsVector, jwk, octets};
use serde_json::Value;
use std::collections::BTreeMap;
use waxseal::jws::{Builder, Headers, VerifiedJws, Verifier};
use waxseal::{Algorithm, Code, PrivateKey, PublicKey, SecretKey, SigningKey, VerifyError, VerifyingKey};

/// What came of the JWS of a file.
#[derive(Default)]
pub(super) struct Outcome {
    /// Signatures that verified, and did not when one character of them was changed.
    pub(super) verified: usize,
    /// Serializations that came out the same, octet for octet, when they were made anew.
    pub(super) made_again: usize,
    /// By section and serialization, and the place of the signature if there are several.
    pub(super) refused: BTreeMap<String, Code>,
}

impl Outcome {
    pub(super) fn refusals(&self) -> Vec<(&str, Code)> {
        self.refused.iter().map(|(what, code)| (what.as_str(), *code)).collect()
    }
}

pub(super) fn run(vectors: &[JwsVector]) -> Outcome {
    let mut outcome = Outcome::default();
    for vector in vectors {
        for (name, jws) in &vector.serializations {
            for index in 0..vector.algorithms.len() {
                let which = if vector.algorithms.len() > 1 { format!("[{index}]") } else { String::new() };
                let what = format!("{} {name}{which}", vector.section);
                match vector.run(name, jws, index, &what) {
                    Ok(()) => outcome.verified += 1,
                    Err(code) => assert!(outcome.refused.insert(what, code).is_none()),
                }
            }
            outcome.made_again += usize::from(vector.is_made_again(name, jws));
        }
    }
    outcome
}

impl JwsVector {
    /// Verifies one signature with its key alone.
    fn run(&self, name: &str, jws: &Value, index: usize, what: &str) -> Result<(), Code> {
        // `none` names no algorithm here, and there is no way to ask for it: any key will do.
        let algorithm: Algorithm = self.algorithms[index].parse().unwrap_or(Algorithm::Hs256);
        let key = match self.keys.get(index) {
            Some(key) => verifying_key(algorithm, key),
            None => crate::support::secret().into(),
        };
        let verified = self.verify(name, &as_text(jws), key.clone()).map_err(|error| error.code())?;
        assert_eq!(verified.payload(), octets(&self.payload), "{what} {}", self.title);
        assert_eq!(verified.signature().algorithm(), algorithm, "{what}");
        assert_eq!(verified.signature().index(), index, "{what}");
        let changed = as_text(&with_changed_signature(jws, index));
        let code = self.verify(name, &changed, key).err().map(|error| error.code());
        assert_eq!(code, Some(Code::SignatureInvalid), "{what}, changed: {changed}");
        Ok(())
    }

    fn verify(&self, name: &str, text: &str, key: VerifyingKey) -> Result<VerifiedJws, VerifyError> {
        let builder = Verifier::builder().key(key);
        let builder = if self.b64 { builder } else { builder.allow_unencoded_payload() };
        let verifier = builder.build().unwrap();
        let payload = octets(&self.payload);
        match name {
            "compact" => verifier.verify_compact(text),
            "compact_detached" => verifier.verify_compact_detached(text, &payload),
            "flattened" | "general" => verifier.verify_json(text),
            "flattened_detached" | "general_detached" => verifier.verify_json_detached(text, &payload),
            _ => panic!("{name}"),
        }
    }

    /// Whether the same JWS comes out when it is made here, for the algorithms and headers that leave no choice.
    fn is_made_again(&self, name: &str, jws: &Value) -> bool {
        let [algorithm] = self.algorithms.as_slice() else { return false };
        let reproducible = ["HS", "RS", "Ed"].iter().any(|family| algorithm.starts_with(family));
        let (Ok(algorithm), true) = (algorithm.parse(), reproducible) else { return false };
        let payload = octets(&self.payload);
        let mut builder = Builder::new(&payload);
        if name.ends_with("_detached") {
            builder = builder.detached();
        }
        if !self.b64 {
            builder = builder.unencoded_payload();
        }
        let (key, headers) = (signing_key(algorithm, &self.keys[0]), headers(jws));
        let made = match name.split('_').next() {
            Some("compact") => builder.sign_compact(key, &headers),
            Some("flattened") => builder.sign_flattened(key, &headers),
            _ => builder.sign_general([(key, headers)]),
        };
        // What is refused when it comes is not made either: RFC 7520 section 4.7.
        let Ok(made) = made else { return false };
        if jws.is_string() {
            made == as_text(jws)
        } else {
            serde_json::from_str::<Value>(&made).unwrap() == *jws
        }
    }
}

/// The members of a JWS with one signature, other than those that the builder writes by itself.
fn headers(jws: &Value) -> Headers {
    let signature = jws.get("signatures").map_or(jws, |signatures| &signatures[0]);
    let protected = jws.as_str().and_then(|text| text.split('.').next()).or(signature["protected"].as_str());
    let protected: Value = protected.map_or_else(
        || Value::Object(serde_json::Map::new()),
        |protected| serde_json::from_slice(&octets(protected)).unwrap(),
    );
    let headers = match protected["kid"].as_str() {
        Some(kid) => Headers::new().kid(kid),
        None => Headers::new().without_kid(),
    };
    let members = signature["header"].as_object().into_iter().flatten();
    members.fold(headers, |headers, (name, value)| headers.unprotected(name, value))
}

fn as_text(jws: &Value) -> String {
    jws.as_str().map_or_else(|| jws.to_string(), str::to_owned)
}

/// The JWS with the first character of a signature replaced.
fn with_changed_signature(jws: &Value, index: usize) -> Value {
    let change = |text: &str| {
        let first = if text.starts_with('A') { "B" } else { "A" };
        format!("{first}{}", &text[1..])
    };
    let mut changed = jws.clone();
    match &mut changed {
        Value::String(text) => {
            let (rest, signature) = text.rsplit_once('.').unwrap();
            *text = format!("{rest}.{}", change(signature));
        }
        object => {
            let signature = match object.get("signatures") {
                Some(_) => &mut object["signatures"][index]["signature"],
                None => &mut object["signature"],
            };
            *signature = change(signature.as_str().unwrap()).into();
        }
    }
    changed
}

pub(crate) fn verifying_key(algorithm: Algorithm, key: &Value) -> VerifyingKey {
    if algorithm.is_symmetric() {
        SecretKey::from_jwk_as(algorithm, &jwk(key)).unwrap().into()
    } else if jwk(key).is_private() {
        (&PrivateKey::from_jwk_as(algorithm, &jwk(key)).unwrap()).into()
    } else {
        PublicKey::from_jwk_as(algorithm, &jwk(key)).unwrap().into()
    }
}

fn signing_key(algorithm: Algorithm, key: &Value) -> SigningKey {
    if algorithm.is_symmetric() {
        SecretKey::from_jwk_as(algorithm, &jwk(key)).unwrap().into()
    } else {
        PrivateKey::from_jwk_as(algorithm, &jwk(key)).unwrap().into()
    }
}
