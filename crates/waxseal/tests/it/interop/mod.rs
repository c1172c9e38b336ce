//! Tokens go to other implementations and come from them: npm `jose`, npm `jsonwebtoken`, Python `PyJWT`.
//!
//! Data and scripts are in `tests/interop`; its README says how they are made.

mod inward;
mod jwe;
mod jws;
mod keys;
mod outward;
mod peers;

pub(crate) use keys::der;

use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::PathBuf;
use waxseal::{Algorithm, NumericDate, Signer, SigningKey, Verifier, VerifyingKey};

/// `cases.json`, which the scripts read as well.
#[derive(Deserialize)]
struct Cases {
    now: i64,
    issuer: String,
    audience: String,
    claims: Map<String, Value>,
    algorithms: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    alg: String,
    key: String,
}

impl Cases {
    fn load() -> Self {
        serde_json::from_str(&read("cases.json")).unwrap()
    }

    fn now(&self) -> NumericDate {
        NumericDate::from_seconds(self.now).unwrap()
    }

    /// The name of the fixed key that tests of `algorithm` use.
    fn key_name(&self, algorithm: Algorithm) -> &str {
        let row = self.algorithms.iter().find(|row| row.alg == algorithm.as_str());
        &row.unwrap_or_else(|| panic!("cases.json has no row for {algorithm}")).key
    }

    fn verifier(&self, key: VerifyingKey) -> Verifier {
        let builder =
            Verifier::builder().key(key).issuer(self.issuer.as_str()).audience(self.audience.as_str());
        builder.build().unwrap()
    }

    /// Signs one of the sets of claims; the registered ones go through the builder, as a user would give them.
    fn sign(&self, key: SigningKey, case: &str) -> String {
        let mut claims = self.claims[case].as_object().unwrap().clone();
        let mut take = |name: &str| claims.remove(name);
        let text = |value: Option<Value>| value.map(|value| value.as_str().unwrap().to_owned());
        let date = |value: Option<Value>| {
            value.map(|value| NumericDate::from_seconds(value.as_i64().unwrap()).unwrap())
        };
        let (issuer, subject, id) = (text(take("iss")), text(take("sub")), text(take("jti")));
        let (made_at, expires, not_before) = (date(take("iat")), date(take("exp")), date(take("nbf")));
        let subject = subject.unwrap();
        let audiences: Vec<String> = match take("aud").unwrap() {
            Value::String(one) => vec![one],
            several => serde_json::from_value(several).unwrap(),
        };

        let signer = Signer::builder(key).issuer(issuer.unwrap()).build().unwrap();
        let mut token = signer.token(made_at.unwrap()).expires_at(expires.unwrap()).claims(&claims);
        token = token.subject(&subject);
        if let Some(not_before) = not_before {
            token = token.not_before(not_before);
        }
        if let Some(id) = &id {
            token = token.id(id);
        }
        token = match audiences.as_slice() {
            [one] => token.audience(one),
            several => token.audiences(several),
        };
        token.sign().unwrap()
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop")
}

fn read(path: &str) -> String {
    let path = folder().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The token with the character at `index` replaced by another one of the base64url alphabet.
fn with_changed_character(token: &str, index: usize) -> String {
    let replacement = if token.as_bytes()[index] == b'A' { "B" } else { "A" };
    let mut changed = token.to_owned();
    changed.replace_range(index..=index, replacement);
    changed
}
