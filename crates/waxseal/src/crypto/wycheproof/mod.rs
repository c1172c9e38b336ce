//! Wycheproof's cases against the primitives as this crate calls them: the messages fit into no JWS or JWE, so no
//! public function can be asked.

mod encryption;
mod signatures;

use crate::base64url;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

fn load<T: DeserializeOwned>(name: &str) -> T {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn octets(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    base64url::decode_append(text.as_bytes(), &mut octets).unwrap();
    octets
}
