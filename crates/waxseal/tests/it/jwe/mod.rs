//! Encrypted tokens.

mod footguns;
mod header;
mod keys;
mod nested;
mod round_trips;
mod serializations;

use crate::support::base64url;
use serde_json::{Value, json};
use std::path::PathBuf;
use waxseal::jwe::{
    ContentEncryption, Curve, DecryptError, Decrypter, DecryptionKey, Encrypter, KeyAlgorithm,
};
use waxseal::{Code, Jwk};

const PASSWORD: &[u8] = b"correct horse battery staple, and more of it";

fn data(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fixed RSA key of the tests, because making one takes long.
fn rsa(algorithm: KeyAlgorithm) -> DecryptionKey {
    DecryptionKey::from_pem(algorithm, &data("interop/keys/rsa2048.pkcs8.pem")).unwrap()
}

/// Keys for every algorithm: for `dir` one per content encryption, for ECDH-ES one per curve.
fn all_keys() -> Vec<DecryptionKey> {
    let mut keys = Vec::new();
    for &algorithm in KeyAlgorithm::ALL {
        match algorithm.as_str() {
            "dir" => keys.extend(
                ContentEncryption::ALL.iter().map(|enc| DecryptionKey::generate_direct(*enc).unwrap()),
            ),
            name if name.starts_with("RSA") => keys.push(rsa(algorithm)),
            name if name.starts_with("ECDH") => keys.extend(
                Curve::ALL.iter().map(|curve| DecryptionKey::generate_on(algorithm, *curve).unwrap()),
            ),
            name if name.starts_with("PBES2") => {
                keys.push(DecryptionKey::password_up_to(algorithm, PASSWORD, 1000).unwrap());
            }
            _ => keys.push(DecryptionKey::generate(algorithm).unwrap()),
        }
    }
    keys
}

/// The keys of [`all_keys`] that encrypt too, with each content encryption that they take.
fn all_pairs() -> Vec<(DecryptionKey, ContentEncryption)> {
    let keys = all_keys().into_iter().filter(|key| key.algorithm() != KeyAlgorithm::RsaOaep);
    let pair = |key: DecryptionKey| {
        let all = ContentEncryption::ALL.iter().copied();
        let own = key.content_encryption();
        all.filter(move |enc| own.is_none_or(|own| own == *enc)).map(move |enc| (key.clone(), enc))
    };
    keys.flat_map(pair).collect()
}

fn encrypter(key: &DecryptionKey, enc: ContentEncryption) -> Encrypter {
    Encrypter::builder(key.encryption_key().unwrap()).content_encryption(enc).build().unwrap()
}

fn decrypter(key: &DecryptionKey) -> Decrypter {
    Decrypter::builder().key(key.clone()).build().unwrap()
}

/// A `dir` key for A128GCM with which tests seal whatever header they like.
const SECRET: [u8; 16] = *b"sixteen octets!!";

fn direct() -> DecryptionKey {
    DecryptionKey::direct(ContentEncryption::A128Gcm, &SECRET).unwrap()
}

/// AES-128-GCM without the library under test; the ciphertext with its tag.
fn seal(key: &[u8], iv: [u8; 12], aad: &[u8], plaintext: &[u8]) -> (Vec<u8>, Vec<u8>) {
    use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).unwrap());
    let mut data = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut data).unwrap();
    (data, tag.as_ref().to_vec())
}

/// A correctly sealed `dir` token with any header: what a sender with strange habits, or one who knows the
/// secret, can make.
fn sealed(header: impl AsRef<[u8]>, plaintext: &[u8]) -> String {
    let header = base64url(header);
    let (ciphertext, tag) = seal(&SECRET, [7; 12], header.as_bytes(), plaintext);
    format!("{header}..{}.{}.{}", base64url([7; 12]), base64url(ciphertext), base64url(tag))
}

/// As [`sealed`], in the flattened JSON serialization with further members.
fn sealed_json(header: &str, unprotected: &Value, recipient: &Value) -> Value {
    let protected = base64url(header);
    let (ciphertext, tag) = seal(&SECRET, [7; 12], protected.as_bytes(), b"content");
    let mut json = json!({
        "protected": protected, "unprotected": unprotected, "header": recipient, "iv": base64url([7; 12]),
        "ciphertext": base64url(ciphertext), "tag": base64url(tag)
    });
    for name in ["protected", "unprotected", "header"] {
        if json[name].is_null() || json[name] == "" {
            json.as_object_mut().unwrap().remove(name);
        }
    }
    json
}

fn code<T>(result: Result<T, DecryptError>) -> Option<Code> {
    result.err().map(|error| error.code())
}

fn jwk(value: &Value) -> Jwk {
    Jwk::parse(value.to_string()).unwrap()
}

fn parts(token: &str) -> Vec<String> {
    token.split('.').map(str::to_owned).collect()
}

fn decode_base64url(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for character in text.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(character).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    out
}
