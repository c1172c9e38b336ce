//! Tokens and keys made here are accepted by other implementations, and changed ones are not.

use super::peers::{Answer, Operation, PeerKey, Request, installed};
use super::{Cases, keys, with_changed_character};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use waxseal::{Algorithm, PrivateKey, SecretKey, SigningKey, VerifyingKey};

/// A key of ours in every form in which it can leave the library.
struct Exported {
    origin: &'static str,
    signing: SigningKey,
    verifying: VerifyingKey,
    private: Vec<PeerKey>,
    public: Vec<PeerKey>,
}

fn exported(cases: &Cases, algorithm: Algorithm) -> Vec<Exported> {
    let name = cases.key_name(algorithm);
    if algorithm.is_symmetric() {
        let fixed = keys::secret(algorithm, &format!("{name}.jwk.json"));
        let fresh = SecretKey::generate(algorithm).unwrap();
        vec![export_secret("fixed", fixed), export_secret("fresh", fresh)]
    } else {
        let fixed = keys::private(algorithm, &format!("{name}.pkcs8.pem"));
        let fresh = PrivateKey::generate(algorithm).unwrap();
        vec![export_private("fixed", fixed), export_private("fresh", fresh)]
    }
}

fn export_secret(origin: &'static str, key: SecretKey) -> Exported {
    let jwk = PeerKey::Jwk(serde_json::from_str(&key.to_jwk_json()).unwrap());
    let verifying = VerifyingKey::from(key.clone());
    Exported { origin, signing: key.into(), verifying, private: vec![jwk.clone()], public: vec![jwk] }
}

fn export_private(origin: &'static str, key: PrivateKey) -> Exported {
    let public = key.public_key();
    let private = vec![
        PeerKey::Jwk(serde_json::from_str(&key.to_jwk_json()).unwrap()),
        PeerKey::Pem(key.to_pkcs8_pem().to_string()),
    ];
    let public_forms = vec![
        PeerKey::Jwk(serde_json::to_value(public.to_jwk()).unwrap()),
        PeerKey::Pem(public.to_spki_pem()),
    ];
    Exported { origin, signing: key.into(), verifying: public.into(), private, public: public_forms }
}

/// What the answer to a request must be.
enum Expected {
    Claims(Value),
    Refusal,
    /// A token that this key accepts.
    Token(VerifyingKey),
}

struct Plan<'a> {
    cases: &'a Cases,
    requests: Vec<Request>,
    expected: Vec<(Algorithm, Expected)>,
}

impl Plan<'_> {
    fn add(
        &mut self,
        algorithm: Algorithm,
        what: &str,
        key: &PeerKey,
        operation: Operation,
        expected: Expected,
    ) {
        let id = format!("{} {algorithm} {what}", self.requests.len());
        self.requests.push(Request { id, alg: algorithm.as_str(), key: key.clone(), operation });
        self.expected.push((algorithm, expected));
    }

    fn verify(&self, token: String) -> Operation {
        let Cases { issuer, audience, now, .. } = self.cases;
        Operation::Verify { token, issuer: issuer.clone(), audience: audience.clone(), now: *now }
    }

    fn add_key(&mut self, algorithm: Algorithm, exported: Exported) {
        let claims = &self.cases.claims["rich"];
        let token = self.cases.sign(exported.signing, "rich");
        let payload = token.find('.').unwrap() + 1;
        let signature = token.rfind('.').unwrap() + 1;
        for key in &exported.public {
            let what = exported.origin;
            let operation = self.verify(token.clone());
            self.add(algorithm, what, key, operation, Expected::Claims(claims.clone()));
            for index in [payload + 12, signature] {
                let operation = self.verify(with_changed_character(&token, index));
                self.add(algorithm, &format!("{what}, changed"), key, operation, Expected::Refusal);
            }
            let elsewhere = Operation::Verify {
                token: token.clone(),
                issuer: self.cases.issuer.clone(),
                audience: "other".to_owned(),
                now: self.cases.now,
            };
            self.add(algorithm, &format!("{what}, other audience"), key, elsewhere, Expected::Refusal);
        }
        for key in &exported.private {
            let header = json!({ "alg": algorithm.as_str(), "typ": "JWT" });
            let operation = Operation::Sign { header, claims: claims.clone() };
            let expected = Expected::Token(exported.verifying.clone());
            self.add(algorithm, &format!("{}, signed there", exported.origin), key, operation, expected);
        }
    }

    fn check(&self, answer: &Answer, expected: &Expected) {
        let Answer { id, library, ok, error, .. } = answer;
        match expected {
            Expected::Claims(claims) => {
                assert_eq!(*ok, Some(true), "{library} refused {id}: {error:?}");
                assert_eq!(answer.claims.as_ref(), Some(claims), "{library} {id}");
            }
            Expected::Refusal => assert_eq!(*ok, Some(false), "{library} accepted {id}"),
            Expected::Token(key) => {
                assert_eq!(*ok, Some(true), "{library} does not sign with our key, {id}: {error:?}");
                let token = answer.token.as_deref().unwrap();
                let verified = self.cases.verifier(key.clone()).verify::<Value>(token, self.cases.now());
                let verified = verified.unwrap_or_else(|error| panic!("{library} {id}: {error}"));
                assert_eq!(verified.claims(), &self.cases.claims["rich"], "{library} {id}");
            }
        }
    }
}

#[test]
fn other_libraries_accept_our_tokens_and_keys_and_refuse_changed_tokens() {
    let peers = installed();
    if peers.is_empty() {
        return; // said on standard error, or failed, by `installed`
    }
    let cases = Cases::load();
    let mut plan = Plan { cases: &cases, requests: Vec::new(), expected: Vec::new() };
    for &algorithm in Algorithm::ALL {
        for key in exported(&cases, algorithm) {
            plan.add_key(algorithm, key);
        }
    }
    let mut checked = BTreeSet::new();
    for peer in peers {
        let answers = peer.ask(&plan.requests);
        for (request, (algorithm, expected)) in plan.requests.iter().zip(&plan.expected) {
            for answer in answers[&request.id].iter().filter(|answer| !answer.unsupported) {
                plan.check(answer, expected);
                checked.insert(algorithm.as_str());
            }
        }
    }
    // jwcrypto has every algorithm, whatever the runtime.
    let unchecked: Vec<_> = Algorithm::ALL.iter().filter(|one| !checked.contains(one.as_str())).collect();
    assert!(unchecked.is_empty(), "no library checked a token of ours for {unchecked:?}");
}
