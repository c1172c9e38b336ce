//! JWS in every serialization, from other implementations and to them.

use super::keys::{self, key_json};
use super::peers::{Answer, Operation, PeerKey, Request, installed};
use super::{Cases, read};
use crate::support::base64url;
use crate::vectors::octets;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use waxseal::jws::{Builder, Headers, VerifiedJws, Verifier};
use waxseal::{Algorithm, Code, SigningKey, VerifyError, VerifyingKey};

pub(super) const PRODUCERS: [&str; 3] = ["jose", "joserfc", "jwcrypto"];
const PAYLOAD: &str = "A line of text, with a full stop. And “quotes”.";

#[derive(Deserialize)]
struct Fixtures {
    producer: String,
    jws: Vec<Object>,
}

#[derive(Clone, Deserialize)]
struct Object {
    signatures: Vec<Signature>,
    payload: String,
    serialization: String,
    #[serde(default)]
    detached: bool,
    b64: Option<bool>,
    jws: Value,
}

#[derive(Clone, Deserialize)]
struct Signature {
    alg: String,
    key: String,
}

impl Object {
    /// jwcrypto leaves an empty `payload` in what it detaches, where RFC 7515 appendix F wants none: that is
    /// refused, because two readers could differ in what was signed, and right without it.
    fn without_empty_payload(&self, what: &str, key: VerifyingKey) -> Self {
        let mut object = self.clone();
        if self.detached && self.jws["payload"] == json!("") {
            let code = self.verify(key, &octets(&self.payload)).err().map(|error| error.code());
            assert_eq!(code, Some(Code::PayloadUnexpected), "{what}");
            object.jws.as_object_mut().unwrap().remove("payload");
        }
        object
    }

    fn verify(&self, key: VerifyingKey, payload: &[u8]) -> Result<VerifiedJws, VerifyError> {
        let detached = self.detached.then_some(payload);
        verify(key, &self.jws, detached, self.b64 == Some(false))
    }
}

fn verify(
    key: VerifyingKey,
    jws: &Value,
    detached: Option<&[u8]>,
    unencoded: bool,
) -> Result<VerifiedJws, VerifyError> {
    let builder = Verifier::builder().key(key);
    let builder = if unencoded { builder.allow_unencoded_payload() } else { builder };
    let verifier = builder.build().unwrap();
    let text = jws.as_str().map_or_else(|| jws.to_string(), str::to_owned);
    match detached {
        Some(payload) => verifier.verify_compact_or_json_detached(&text, payload),
        None => verifier.verify_compact_or_json(&text),
    }
}

fn verifying(algorithm: Algorithm, name: &str) -> VerifyingKey {
    let form = if algorithm.is_symmetric() { "jwk.json" } else { "public.jwk.json" };
    keys::verifying(algorithm, &format!("{name}.{form}"))
}

fn signing(algorithm: Algorithm, name: &str) -> SigningKey {
    if algorithm.is_symmetric() {
        keys::secret(algorithm, &format!("{name}.jwk.json")).into()
    } else {
        keys::private(algorithm, &format!("{name}.private.jwk.json")).into()
    }
}

#[test]
fn objects_of_other_libraries_verify() {
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for producer in PRODUCERS {
        let fixtures: Fixtures =
            serde_json::from_str(&read(&format!("fixtures/objects.{producer}.json"))).unwrap();
        for object in &fixtures.jws {
            for (index, Signature { alg, key }) in object.signatures.iter().enumerate() {
                let what = format!("{} {alg} {} {}", fixtures.producer, object.serialization, object.jws);
                let algorithm: Algorithm = alg.parse().unwrap();
                let payload = octets(&object.payload);
                let object = object.without_empty_payload(&what, verifying(algorithm, key));
                let verified = object.verify(verifying(algorithm, key), &payload);
                let verified = verified.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(verified.payload(), payload, "{what}");
                assert_eq!(verified.signature().index(), index, "{what}");
                if object.detached {
                    let code =
                        object.verify(verifying(algorithm, key), b"other").err().map(|error| error.code());
                    assert_eq!(code, Some(Code::SignatureInvalid), "{what}");
                }
                seen.insert((alg.clone(), object.serialization.clone()));
                count += 1;
            }
        }
    }
    for algorithm in Algorithm::ALL {
        assert!(seen.contains(&(algorithm.as_str().to_owned(), "flattened".to_owned())), "{algorithm}");
    }
    assert_eq!(count, 130);
}

/// One of ours, and what another library must find in it.
struct Ours {
    algorithm: Algorithm,
    key: String,
    jws: Value,
    detached: bool,
}

/// Every algorithm flattened and detached; the forms that do not depend on it for two.
fn ours(cases: &Cases) -> Vec<Ours> {
    let mut all = Vec::new();
    let builder = Builder::new(PAYLOAD.as_bytes());
    let unprotected = Headers::new().unprotected("cty", "text/plain");
    for &algorithm in Algorithm::ALL {
        let name = cases.key_name(algorithm);
        let key = signing(algorithm, name);
        let mut add = |jws: String, detached| {
            let jws = serde_json::from_str(&jws).unwrap_or(Value::String(jws));
            all.push(Ours { algorithm, key: name.to_owned(), jws, detached });
        };
        add(builder.sign_flattened(key.clone(), &unprotected).unwrap(), false);
        add(builder.clone().detached().sign_compact(key.clone(), &Headers::new()).unwrap(), true);
        if matches!(algorithm, Algorithm::Hs256 | Algorithm::Es256) {
            let other = signing(Algorithm::EdDsa, cases.key_name(Algorithm::EdDsa));
            let pair = || [(other.clone(), Headers::new()), (key.clone(), unprotected.clone())];
            let plain = builder.clone().unencoded_payload();
            add(builder.sign_general(pair()).unwrap(), false);
            add(builder.clone().detached().sign_general(pair()).unwrap(), true);
            add(plain.sign_flattened(key.clone(), &Headers::new()).unwrap(), false);
            add(plain.clone().detached().sign_compact(key.clone(), &Headers::new()).unwrap(), true);
            add(plain.detached().sign_general(pair()).unwrap(), true);
        }
    }
    all
}

enum Expected {
    Payload,
    Refusal,
    Signed { detached: bool, unencoded: bool },
}

struct Plan {
    requests: Vec<Request>,
    expected: Vec<(Algorithm, String, Expected)>,
}

impl Plan {
    fn add(&mut self, algorithm: Algorithm, key: &str, operation: Operation, expected: Expected) {
        let id = format!("{} {algorithm}", self.requests.len());
        let form = if matches!(operation, Operation::JwsSign { .. }) { "private" } else { "public" };
        let jwk = PeerKey::Jwk(key_json(key, form));
        self.requests.push(Request { id, alg: algorithm.as_str(), key: jwk, operation });
        self.expected.push((algorithm, key.to_owned(), expected));
    }

    fn add_ours(&mut self, ours: Ours) {
        let Ours { algorithm, key, jws, detached } = ours;
        let payload = |text: &str| detached.then(|| base64url(text));
        let operation = Operation::JwsVerify { jws: jws.clone(), payload: payload(PAYLOAD) };
        self.add(algorithm, &key, operation, Expected::Payload);
        let (jws, payload) =
            if detached { (jws, payload("Another line of text.")) } else { (with_other_payload(jws), None) };
        self.add(algorithm, &key, Operation::JwsVerify { jws, payload }, Expected::Refusal);
    }

    fn add_theirs(&mut self, algorithm: Algorithm, key: &str, serialization: &str, more: &Value) {
        let signature = json!({"alg": algorithm.as_str(), "key": {"jwk": key_json(key, "private")}});
        let mut members =
            json!({"signatures": [signature], "payload": base64url(PAYLOAD), "serialization": serialization});
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (detached, unencoded) = (more["detached"] == json!(true), more["b64"] == json!(false));
        self.add(algorithm, key, Operation::JwsSign { members }, Expected::Signed { detached, unencoded });
    }

    fn check(&self, index: usize, answer: &Answer) {
        let Answer { id, library, ok, error, .. } = answer;
        let (algorithm, key, expected) = &self.expected[index];
        match expected {
            Expected::Payload => {
                assert_eq!(*ok, Some(true), "{library} refused {id}: {error:?}");
                assert_eq!(answer.payload, Some(base64url(PAYLOAD)), "{library} {id}");
            }
            Expected::Refusal => assert_eq!(*ok, Some(false), "{library} accepted {id}"),
            Expected::Signed { detached, unencoded } => {
                assert_eq!(*ok, Some(true), "{library} does not sign {id}: {error:?}");
                let payload = detached.then_some(PAYLOAD.as_bytes());
                let key = verifying(*algorithm, key);
                let verified = verify(key, answer.jws.as_ref().unwrap(), payload, *unencoded);
                let verified = verified.unwrap_or_else(|error| panic!("{library} {id}: {error}"));
                assert_eq!(verified.payload(), PAYLOAD.as_bytes(), "{library} {id}");
            }
        }
    }
}

fn with_other_payload(mut jws: Value) -> Value {
    let payload = jws["payload"].as_str().unwrap();
    // The first character: of the text itself, or six bits of it.
    let other = format!("B{}", &payload[1..]);
    jws["payload"] = other.into();
    jws
}

#[test]
fn objects_go_to_other_libraries_and_come_from_them() {
    let cases = Cases::load();
    let mut plan = Plan { requests: Vec::new(), expected: Vec::new() };
    for ours in ours(&cases) {
        plan.add_ours(ours);
    }
    for &algorithm in Algorithm::ALL {
        let key = cases.key_name(algorithm);
        plan.add_theirs(algorithm, key, "general", &json!({}));
        plan.add_theirs(algorithm, key, "compact", &json!({"detached": true}));
        plan.add_theirs(algorithm, key, "flattened", &json!({"b64": false}));
    }
    let mut checked = BTreeSet::new();
    for peer in installed() {
        let answers = peer.ask(&plan.requests);
        for (index, request) in plan.requests.iter().enumerate() {
            for answer in answers[&request.id].iter().filter(|answer| !answer.unsupported) {
                plan.check(index, answer);
                checked.insert(request.alg);
            }
        }
    }
    // Each algorithm, since jwcrypto has them all; nothing, where nothing is installed.
    assert!(checked.is_empty() || checked.len() == Algorithm::ALL.len(), "{checked:?}");
}
