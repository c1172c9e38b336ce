//! The examples of the RFCs, one test for each RFC. The data are in `tests/vectors`, whose README says what they hold.
//!
//! Nothing is skipped in silence: every test says how many examples passed, and lists those that the library
//! refuses by design with the code of the refusal.

mod jwe;
pub(crate) mod jws;
mod keys;
mod rfc;
mod wycheproof;

use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use waxseal::Jwk;

/// One file of `tests/vectors`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vectors {
    title: String,
    source: String,
    licence: String,
    #[serde(default)]
    keys: Vec<KeyVector>,
    #[serde(default)]
    key_sets: Vec<KeySetVector>,
    #[serde(default)]
    pub(crate) jws: Vec<JwsVector>,
    #[serde(default)]
    jwe: Vec<JweVector>,
    #[serde(default)]
    nested: Vec<NestedVector>,
    /// The steps inside content encryption and key agreement, which no public function shows.
    #[serde(default, rename = "aead")]
    _aead: Vec<Value>,
    #[serde(default, rename = "ecdh_es")]
    _ecdh_es: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyVector {
    section: String,
    title: String,
    jwk: Value,
    /// What is hashed for the thumbprint (RFC 7638 §3).
    canonical: Option<String>,
    thumbprint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetVector {
    section: String,
    title: String,
    jwks: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JwsVector {
    pub(crate) section: String,
    title: String,
    /// One for each signature, as are the keys.
    algorithms: Vec<String>,
    pub(crate) keys: Vec<Value>,
    /// In base64url.
    payload: String,
    #[serde(default = "yes")]
    b64: bool,
    pub(crate) serializations: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JweVector {
    section: String,
    title: String,
    recipients: Vec<Recipient>,
    encryption: String,
    /// In base64url, as the rest.
    plaintext: String,
    aad: Option<String>,
    /// The content encryption key, which no public function shows.
    #[serde(rename = "cek")]
    _cek: Option<String>,
    serializations: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    algorithm: String,
    key: Option<Value>,
    password: Option<String>,
}

/// A JWS inside a JWE.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NestedVector {
    #[serde(rename = "section")]
    _section: String,
    title: String,
    sign: JwsVector,
    encrypt: JweVector,
}

fn yes() -> bool {
    true
}

impl Vectors {
    pub(crate) fn load(name: &str) -> Self {
        let vectors: Self =
            serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for stated in [&vectors.title, &vectors.source, &vectors.licence] {
            assert!(
                !stated.is_empty(),
                "{name} must say what it is, whence it comes and what allows its use"
            );
        }
        vectors
    }
}

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn jwk(value: &Value) -> Jwk {
    Jwk::parse(value.to_string()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// Decodes base64url without the library.
pub(crate) fn octets(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => panic!("{text} is not base64url"),
    };
    let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        bits = bits << 6 | u32::from(value(byte));
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    out
}

#[test]
fn base64url_of_the_tests_is_that_of_rfc_4648() {
    for (text, decoded) in [("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")] {
        assert_eq!(octets(text), decoded.as_bytes(), "{text}");
    }
    assert_eq!(octets("-_8"), [0xfb, 0xff]);
}

#[test]
fn every_file_is_read_by_a_test() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    // The last two are read beside the primitives, in src/crypto.
    let others = [
        wycheproof::JSON_WEB_ENCRYPTION,
        wycheproof::JSON_WEB_KEY,
        "wycheproof_encryption.json",
        "wycheproof_signatures.json",
    ];
    let mut known = [rfc::FILES, &others].concat();
    known.sort_unstable();
    assert_eq!(files, known);
}
