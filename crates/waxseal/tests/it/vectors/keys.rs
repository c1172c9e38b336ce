//! Runs the keys of a file: read, written again in each form, and hashed.

use super::{KeyVector, jwk};
use serde_json::Value;
use std::collections::BTreeMap;
use waxseal::{Algorithm, Code, Jwk, KeyError, PrivateKey, PublicKey, SecretKey};

/// What came of keys.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outcome {
    pub(super) public: usize,
    pub(super) private: usize,
    pub(super) secret: usize,
    /// Thumbprints that are what the RFC prints.
    pub(super) thumbprints: usize,
    pub(super) refused: BTreeMap<String, Code>,
}

pub(super) fn run(vectors: &[KeyVector]) -> Outcome {
    let mut outcome = Outcome::default();
    for vector in vectors {
        outcome.add(&vector.section, &vector.jwk);
        let thumbprint = jwk(&vector.jwk).thumbprint();
        if let Some(printed) = &vector.thumbprint {
            assert_eq!(thumbprint.as_ref(), Some(printed), "{} {}", vector.section, vector.title);
            outcome.thumbprints += 1;
        }
        if let Some(canonical) = &vector.canonical {
            let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, canonical.as_bytes());
            assert_eq!(thumbprint, Some(crate::support::base64url(hash)), "{}", vector.section);
        }
    }
    outcome
}

impl Outcome {
    pub(super) fn refusals(&self) -> Vec<(&str, Code)> {
        self.refused.iter().map(|(what, code)| (what.as_str(), *code)).collect()
    }

    pub(super) fn add(&mut self, what: &str, value: &Value) {
        match read_and_write(what, value) {
            Ok("public") => self.public += 1,
            Ok("private") => self.private += 1,
            Ok(_) => self.secret += 1,
            Err(error) => assert!(self.refused.insert(what.to_owned(), error.code()).is_none(), "{what}"),
        }
    }
}

/// An algorithm of the key, or one that fits it: most JWKs of the RFCs name none.
fn algorithm(jwk: &Jwk) -> Algorithm {
    let named = jwk.alg().and_then(|alg| alg.parse().ok());
    named.unwrap_or_else(|| match (jwk.kty(), jwk.crv()) {
        ("RSA", _) => Algorithm::Rs256,
        ("EC", Some("P-256")) => Algorithm::Es256,
        ("EC", Some("P-384")) => Algorithm::Es384,
        ("EC", Some("P-521")) => Algorithm::Es512,
        ("OKP", _) => Algorithm::EdDsa,
        _ => Algorithm::Hs256,
    })
}

fn read_and_write(what: &str, value: &Value) -> Result<&'static str, KeyError> {
    let jwk = Jwk::parse(value.to_string())?;
    let algorithm = algorithm(&jwk);
    if jwk.kty() == "oct" {
        let key = SecretKey::from_jwk_as(algorithm, &jwk)?;
        assert_eq!(members(&key.to_jwk_json(), &["k"]), picked(value, &["k"]), "{what}");
        return Ok("secret");
    }
    if jwk.is_private() {
        let key = PrivateKey::from_jwk_as(algorithm, &jwk)?;
        let private = ["n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y", "pub", "priv"];
        assert_eq!(members(&key.to_jwk_json(), &private), picked(value, &private), "{what}");
        let again = PrivateKey::from_pem(algorithm, &key.to_pkcs8_pem()).unwrap();
        assert_eq!(again.public_key().thumbprint(), key.public_key().thumbprint(), "{what}");
        return Ok("private");
    }
    let key = PublicKey::from_jwk_as(algorithm, &jwk)?;
    let public = ["n", "e", "x", "y", "pub"];
    assert_eq!(members(&key.to_jwk().to_public_json(), &public), picked(value, &public), "{what}");
    let again = PublicKey::from_pem(algorithm, &key.to_spki_pem()).unwrap();
    assert_eq!(again.thumbprint(), key.thumbprint(), "{what}");
    Ok("public")
}

fn members(json: &str, names: &[&str]) -> Vec<Option<Value>> {
    picked(&serde_json::from_str(json).unwrap(), names)
}

fn picked(value: &Value, names: &[&str]) -> Vec<Option<Value>> {
    names.iter().map(|name| value.get(name).cloned()).collect()
}
