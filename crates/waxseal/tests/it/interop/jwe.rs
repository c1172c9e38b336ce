//! JWE in every serialization, from other implementations and to them.

use super::jws::PRODUCERS;
use super::keys::{jwk, key_json, private_forms, public_forms};
use super::peers::{Answer, Operation, PeerKey, Request, installed};
use super::read;
use crate::support::base64url;
use crate::vectors::octets;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use waxseal::Code;
use waxseal::jwe::{
    ContentEncryption, DecryptError, DecryptedBytes, Decrypter, DecryptionKey, Encrypter, EncryptionKey,
    KeyAlgorithm,
};

const PLAINTEXT: &str = "A line of text, and “quotes”.";
const AAD: &str = "in the open";
/// Long enough for every algorithm.
const PASSWORD: &str = "a password of more than thirty-two octets";

#[derive(Deserialize)]
struct Fixtures {
    producer: String,
    jwe: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    recipients: Vec<Recipient>,
    enc: String,
    plaintext: String,
    aad: Option<String>,
    password: Option<String>,
    #[serde(default)]
    protected: Value,
    jwe: Value,
}

#[derive(Deserialize)]
struct Recipient {
    alg: String,
    key: String,
}

fn decryption_key(algorithm: KeyAlgorithm, encryption: ContentEncryption, name: &str) -> DecryptionKey {
    let file = |name| {
        jwk(&format!("{name}.{}", if algorithm.is_symmetric() { "jwk.json" } else { "private.jwk.json" }))
    };
    let key = match name {
        "password" => DecryptionKey::password(algorithm, PASSWORD),
        _ if algorithm == KeyAlgorithm::Dir => DecryptionKey::from_jwk_direct(encryption, &file(name)),
        _ => DecryptionKey::from_jwk_as(algorithm, &file(name)),
    };
    key.unwrap_or_else(|error| panic!("{algorithm} {name}: {error}"))
}

fn decrypt(key: DecryptionKey, jwe: &Value) -> Result<DecryptedBytes, DecryptError> {
    let decrypter = Decrypter::builder().key(key).build().unwrap();
    match jwe.as_str() {
        Some(token) => decrypter.decrypt(token),
        None => decrypter.decrypt_json(&jwe.to_string()),
    }
}

impl Object {
    fn key(&self, recipient: &Recipient) -> DecryptionKey {
        let algorithm = recipient.alg.parse().unwrap();
        match &self.password {
            Some(password) => DecryptionKey::password(algorithm, octets(password)).unwrap(),
            None => decryption_key(algorithm, self.enc.parse().unwrap(), &recipient.key),
        }
    }

    /// Compression is off unless allowed.
    fn refusal(&self) -> Option<Code> {
        self.protected.get("zip").map(|_| Code::CompressionNotAllowed)
    }
}

#[test]
fn objects_of_other_libraries_decrypt() {
    let mut seen = BTreeSet::new();
    let (mut decrypted, mut refused) = (0, 0);
    for producer in PRODUCERS {
        let fixtures: Fixtures =
            serde_json::from_str(&read(&format!("fixtures/objects.{producer}.json"))).unwrap();
        for object in &fixtures.jwe {
            for recipient in &object.recipients {
                let what = format!("{} {} {} {}", fixtures.producer, recipient.alg, object.enc, object.jwe);
                let outcome = decrypt(object.key(recipient), &object.jwe);
                assert_eq!(outcome.as_ref().err().map(DecryptError::code), object.refusal(), "{what}");
                let Ok(found) = outcome else {
                    refused += 1;
                    continue;
                };
                decrypted += 1;
                assert_eq!(found.plaintext(), octets(&object.plaintext), "{what}");
                assert_eq!(found.aad().map(base64url), object.aad, "{what}");
                seen.extend([recipient.alg.clone(), object.enc.clone()]);
            }
        }
    }
    let names = KeyAlgorithm::ALL.iter().map(|one| one.as_str());
    let names = names.chain(ContentEncryption::ALL.iter().map(|one| one.as_str()));
    assert_eq!(seen, names.map(str::to_owned).collect());
    assert_eq!((decrypted, refused), (123, 3));
}

/// The fixed keys that `algorithm` is tried with.
fn key_names(algorithm: KeyAlgorithm, encryption: ContentEncryption) -> Vec<String> {
    let name = algorithm.as_str();
    if algorithm == KeyAlgorithm::Dir {
        vec![format!("oct{}", encryption.key_bytes() * 8)]
    } else if name.starts_with("PBES2") {
        vec!["password".to_owned()]
    } else if name.starts_with("RSA") {
        vec!["rsa2048".to_owned()]
    } else if name.starts_with("ECDH") {
        ["p256", "p384", "p521", "x25519"].map(str::to_owned).to_vec()
    } else {
        vec![format!("oct{}", &name[1..4])]
    }
}

/// Every algorithm with each of its keys, and every content encryption with some of them.
fn combinations() -> Vec<(KeyAlgorithm, ContentEncryption, String)> {
    let mut encryptions = ContentEncryption::ALL.iter().copied().cycle();
    let mut all = Vec::new();
    for &algorithm in KeyAlgorithm::ALL {
        let some = match algorithm {
            KeyAlgorithm::Dir | KeyAlgorithm::EcdhEs => ContentEncryption::ALL.to_vec(),
            _ => encryptions.by_ref().take(1).collect(),
        };
        for encryption in some {
            all.extend(
                key_names(algorithm, encryption).into_iter().map(|name| (algorithm, encryption, name)),
            );
        }
    }
    all
}

struct Case {
    algorithm: KeyAlgorithm,
    encryption: ContentEncryption,
    key: String,
    /// The plaintext or, if it is none of these, a refusal or a message of theirs.
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Expected {
    Plaintext,
    Refusal,
    Message,
}

#[derive(Default)]
struct Plan {
    requests: Vec<Request>,
    cases: Vec<Case>,
}

impl Plan {
    fn add(&mut self, case: Case, key: PeerKey, operation: Operation) {
        let id = format!("{} {} {} {}", self.requests.len(), case.algorithm, case.encryption, case.key);
        self.requests.push(Request { id, alg: case.algorithm.as_str(), key, operation });
        self.cases.push(case);
    }

    /// A message of ours with each serialization in turn, and the same with another tag.
    fn add_ours(&mut self, algorithm: KeyAlgorithm, encryption: ContentEncryption, key: &str) {
        let encryption_key = match key {
            "password" => EncryptionKey::password(algorithm, PASSWORD, 1000),
            _ => decryption_key(algorithm, encryption, key).encryption_key(),
        };
        let encrypter =
            Encrypter::builder(encryption_key.unwrap()).content_encryption(encryption).build().unwrap();
        let message =
            || encrypter.json().aad(AAD).unprotected("jku", &"https://issuer.example/keys").unwrap();
        let jwe = match self.requests.len() / 2 % 3 {
            0 => Value::String(encrypter.encrypt(PLAINTEXT.as_bytes()).unwrap()),
            1 => serde_json::from_str(&message().flattened(PLAINTEXT.as_bytes()).unwrap()).unwrap(),
            _ => serde_json::from_str(&message().general(PLAINTEXT.as_bytes()).unwrap()).unwrap(),
        };
        for (jwe, expected) in [(with_other_tag(&jwe), Expected::Refusal), (jwe, Expected::Plaintext)] {
            let case = Case { algorithm, encryption, key: key.to_owned(), expected };
            let operation = Operation::JweDecrypt { enc: encryption.as_str(), jwe };
            self.add(case, peer_key(key, "private"), operation);
        }
    }

    /// One message of ours for several, asked for with the key of each.
    fn add_ours_for_several(&mut self) {
        let encryption = ContentEncryption::A256CbcHs512;
        let recipients = [
            (KeyAlgorithm::A256Kw, "oct256"),
            (KeyAlgorithm::RsaOaep256, "rsa2048"),
            (KeyAlgorithm::EcdhEsA128Kw, "x25519"),
        ];
        let keys = recipients
            .map(|(algorithm, key)| decryption_key(algorithm, encryption, key).encryption_key().unwrap());
        let [first, second, third] = keys;
        let encrypter =
            Encrypter::builder(first).recipient(second).recipient(third).content_encryption(encryption);
        let message = encrypter.build().unwrap().json().aad(AAD).general(PLAINTEXT.as_bytes()).unwrap();
        let jwe: Value = serde_json::from_str(&message).unwrap();
        for (algorithm, key) in recipients {
            let case = Case { algorithm, encryption, key: key.to_owned(), expected: Expected::Plaintext };
            let operation = Operation::JweDecrypt { enc: encryption.as_str(), jwe: jwe.clone() };
            self.add(case, peer_key(key, "private"), operation);
        }
    }

    fn add_theirs(&mut self, algorithm: KeyAlgorithm, encryption: ContentEncryption, key: &str) {
        let recipient = json!({"alg": algorithm.as_str(), "key": peer_key(key, "public")});
        let serialization = ["compact", "flattened", "general"][self.requests.len() % 3];
        let mut members = json!({"recipients": [recipient], "enc": encryption.as_str(),
            "plaintext": base64url(PLAINTEXT), "serialization": serialization});
        if serialization != "compact" {
            members["aad"] = base64url(AAD).into();
        }
        let case = Case { algorithm, encryption, key: key.to_owned(), expected: Expected::Message };
        self.add(case, peer_key(key, "public"), Operation::JweEncrypt { members });
    }

    fn check(&self, index: usize, answer: &Answer) {
        let Answer { id, library, ok, error, .. } = answer;
        let Case { algorithm, encryption, key, expected } = &self.cases[index];
        match expected {
            Expected::Plaintext => {
                assert_eq!(*ok, Some(true), "{library} refused {id}: {error:?}");
                assert_eq!(answer.plaintext, Some(base64url(PLAINTEXT)), "{library} {id}");
            }
            Expected::Refusal => assert_eq!(*ok, Some(false), "{library} accepted {id}"),
            Expected::Message => {
                assert_eq!(*ok, Some(true), "{library} does not encrypt {id}: {error:?}");
                let jwe = answer.jwe.as_ref().unwrap();
                let decrypted = decrypt(decryption_key(*algorithm, *encryption, key), jwe);
                let decrypted = decrypted.unwrap_or_else(|error| panic!("{library} {id}: {error} {jwe}"));
                assert_eq!(decrypted.plaintext(), PLAINTEXT.as_bytes(), "{library} {id}");
                let aad = jwe.is_object().then_some(AAD.as_bytes());
                assert_eq!(decrypted.aad(), aad, "{library} {id}");
            }
        }
    }
}

fn peer_key(name: &str, form: &str) -> PeerKey {
    if name == "password" {
        PeerKey::Password(base64url(PASSWORD))
    } else {
        PeerKey::Jwk(key_json(name, form))
    }
}

fn with_other_tag(jwe: &Value) -> Value {
    let other = |tag: &str| format!("{}{}", if tag.starts_with('A') { "B" } else { "A" }, &tag[1..]);
    let mut changed = jwe.clone();
    match &mut changed {
        Value::String(token) => {
            let (rest, tag) = token.rsplit_once('.').unwrap();
            *token = format!("{rest}.{}", other(tag));
        }
        object => object["tag"] = other(object["tag"].as_str().unwrap()).into(),
    }
    changed
}

#[test]
fn objects_go_to_other_libraries_and_come_from_them() {
    let mut plan = Plan::default();
    for (algorithm, encryption, key) in combinations() {
        // For reading only.
        if algorithm != KeyAlgorithm::RsaOaep {
            plan.add_ours(algorithm, encryption, &key);
        }
    }
    plan.add_ours_for_several();
    for (algorithm, encryption, key) in combinations() {
        plan.add_theirs(algorithm, encryption, &key);
    }
    for peer in installed() {
        let answers = peer.ask(&plan.requests);
        for (index, request) in plan.requests.iter().enumerate() {
            for answer in &answers[&request.id] {
                let Answer { id, library, unsupported, .. } = answer;
                assert!(!unsupported, "{library} has no {id}");
                plan.check(index, answer);
            }
        }
    }
}

#[test]
fn every_form_of_a_key_encrypts_and_decrypts() {
    let (agreement, oaep) = (KeyAlgorithm::EcdhEsA256Kw, KeyAlgorithm::RsaOaep256);
    let keys = [
        ("p256", agreement),
        ("p384", agreement),
        ("p521", agreement),
        ("x25519", agreement),
        ("rsa2048", oaep),
    ];
    for (name, algorithm) in keys {
        let (public, private) = (public_forms(name), private_forms(name));
        assert!(public.len() >= 2 && private.len() >= 2, "{name}: {public:?} {private:?}");
        for public in public {
            let key = match public.strip_suffix(".pem") {
                Some(_) => EncryptionKey::from_pem(algorithm, &read(&format!("keys/{public}"))),
                None => EncryptionKey::from_jwk_as(algorithm, &jwk(&public)),
            };
            let encrypter = Encrypter::builder(key.unwrap()).build().unwrap();
            let token = Value::String(encrypter.encrypt(PLAINTEXT.as_bytes()).unwrap());
            for private in &private {
                let key = match private.strip_suffix(".pem") {
                    Some(_) => DecryptionKey::from_pem(algorithm, &read(&format!("keys/{private}"))),
                    None => DecryptionKey::from_jwk_as(algorithm, &jwk(private)),
                };
                let decrypted = decrypt(key.unwrap(), &token);
                let decrypted = decrypted.unwrap_or_else(|error| panic!("{public} {private}: {error}"));
                assert_eq!(decrypted.plaintext(), PLAINTEXT.as_bytes(), "{public} {private}");
            }
        }
    }
}
