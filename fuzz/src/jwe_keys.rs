//! Keys for encryption that never change, and what another implementation encrypted to them.

use crate::{fixed, reference};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::Value;
use std::sync::OnceLock;
use waxseal::Jwk;
use waxseal::jwe::{ContentEncryption, Decrypter, DecryptionKey, KeyAlgorithm};

macro_rules! key_files {
    ($($name:literal),* $(,)?) => {
        /// Names and texts of the key files.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../crates/waxseal/tests/interop/keys/", $name, ".jwk.json"))),)*
        ];
    };
}

key_files!(
    "oct128",
    "oct192",
    "oct256",
    "oct384",
    "oct512",
    "p256.private",
    "p384.private",
    "p521.private",
    "x25519.private",
    "rsa2048.private",
);

/// A message that another implementation made.
pub(crate) struct Foreign {
    pub(crate) text: String,
    pub(crate) plaintext: Vec<u8>,
    pub(crate) protected: String,
}

fn jwk(name: &str) -> Jwk {
    let private = format!("{name}.private");
    let (_, text) = FILES.iter().find(|(file, _)| *file == name || *file == private).expect("a key file");
    let mut members: serde_json::Map<String, Value> = serde_json::from_str(text).expect("an object");
    // These files serve signatures as well.
    for member in ["alg", "use", "key_ops"] {
        members.remove(member);
    }
    Jwk::parse(Value::Object(members).to_string()).expect("a good JWK")
}

/// The messages but those for a password.
fn entries() -> Vec<Value> {
    let file = include_str!("../../crates/waxseal/tests/interop/fixtures/objects.jose.json");
    let file: Value = serde_json::from_str(file).expect("JSON");
    let all = file["jwe"].as_array().expect("messages").clone();
    all.into_iter().filter(|entry| entry.get("password").is_none()).collect()
}

/// Every key that a message is for.
pub(crate) fn keys() -> &'static [DecryptionKey] {
    static KEYS: OnceLock<Vec<DecryptionKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut known = Vec::new();
        let mut keys = vec![direct()];
        for entry in entries() {
            for recipient in entry["recipients"].as_array().expect("recipients") {
                let (alg, key) =
                    (recipient["alg"].as_str().expect("alg"), recipient["key"].as_str().expect("key"));
                let enc: ContentEncryption = entry["enc"].as_str().expect("enc").parse().expect("known");
                let algorithm: KeyAlgorithm = alg.parse().expect("known");
                let id = (algorithm, key.to_owned(), (alg == "dir").then_some(enc));
                if known.contains(&id) || id.2 == Some(ContentEncryption::A256Gcm) {
                    continue;
                }
                keys.push(match id.2 {
                    Some(enc) => DecryptionKey::from_jwk_direct(enc, &jwk(key)).expect("a good key"),
                    None => DecryptionKey::from_jwk_as(algorithm, &jwk(key)).expect("a good key"),
                });
                known.push(id);
            }
        }
        keys
    })
}

fn direct() -> DecryptionKey {
    DecryptionKey::from_jwk_direct(ContentEncryption::A256Gcm, &jwk("oct256")).expect("a good key")
}

/// Has every key, and allows compression.
pub(crate) fn decrypter() -> &'static Decrypter {
    static DECRYPTER: OnceLock<Decrypter> = OnceLock::new();
    DECRYPTER.get_or_init(|| {
        let decrypter = Decrypter::builder().keys(keys().iter().cloned()).allow_compression();
        decrypter.build().expect("a good decrypter")
    })
}

/// Has only the key that [`seal`] seals with.
pub(crate) fn key() -> &'static Decrypter {
    static DECRYPTER: OnceLock<Decrypter> = OnceLock::new();
    DECRYPTER.get_or_init(|| {
        Decrypter::builder().key(direct()).allow_compression().build().expect("a good decrypter")
    })
}

pub(crate) fn foreign() -> &'static [Foreign] {
    static FOREIGN: OnceLock<Vec<Foreign>> = OnceLock::new();
    FOREIGN.get_or_init(|| {
        let octets = |text: &Value| reference::decode(text.as_str().unwrap_or_default()).expect("base64url");
        let read = |entry: Value| {
            let jwe = &entry["jwe"];
            let text = jwe.as_str().map_or_else(|| jwe.to_string(), str::to_owned);
            let compact = text.split('.').next().unwrap_or_default().into();
            let protected = octets(if jwe.is_string() { &compact } else { &jwe["protected"] });
            let protected = String::from_utf8(protected).expect("UTF-8");
            Foreign { text, plaintext: octets(&entry["plaintext"]), protected }
        };
        entries().into_iter().map(read).collect()
    })
}

/// A compact token for `dir` and A256GCM (RFC 7516 §5.1), under a header of any text. The IV is always the same, as
/// tokens of tests are not secret.
pub(crate) fn seal(header: &str, plaintext: &[u8]) -> String {
    let secret = fixed::octets(FILES[2].1);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).expect("32 octets"));
    let iv = [7; 12];
    let mut sealed = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    key.seal_in_place_append_tag(nonce, Aad::from(header.as_bytes()), &mut sealed).expect("short enough");
    let (ciphertext, tag) = sealed.split_at(plaintext.len());
    format!(
        "{header}..{}.{}.{}",
        reference::encode(iv),
        reference::encode(ciphertext),
        reference::encode(tag)
    )
}
