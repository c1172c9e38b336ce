//! Any text against verifiers of every key: nothing panics, and what is accepted has one spelling only.
//!
//! The input is a token as it stands, or, if it has one dot, header and payload that are sealed first with each
//! secret: then everything behind the signature check is reached with texts that no honest encoder writes.

use crate::outcome::reached;
use crate::{agree, fixed, reference};
use serde_json::Value;
use std::sync::OnceLock;
use waxseal::{Algorithm, KeyRing, Profile, Unverified, Verifier, peek_kid_without_verifying};

/// Panics if a verifier accepts a text that is not the encoding of what it accepted.
pub fn property(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.bytes().filter(|byte| *byte == b'.').count() != 1 {
        return check(&text, verifiers(), "accepted as written");
    }
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let sealed = fixed::seal_encoded(algorithm, &text);
        check(&sealed, shared(), "accepted after sealing");
        for changed in respelled(&sealed) {
            check(&changed, lenient(), "a second spelling was accepted");
        }
    }
}

/// The same signature octets, spelled as a careless decoder would still read them.
fn respelled(token: &str) -> Vec<String> {
    let last = token.chars().next_back().unwrap_or('A');
    let next = char::from_u32(u32::from(last) + 1).unwrap_or('B');
    let stem = token.get(..token.len() - 1).unwrap_or_default();
    [
        format!("{stem}{next}"),
        format!("{token}="),
        format!("{token}A"),
        format!("{token}\n"),
        format!(" {token}"),
    ]
    .into()
}

fn check(token: &str, verifiers: &[Verifier], accepted: &'static str) {
    // What decodes without a key is a superset of what verifies.
    let decoded = Unverified::<Value>::decode_without_verifying(token);
    let peeked = peek_kid_without_verifying(token);
    for verifier in verifiers {
        match agree::verify(verifier, token, fixed::at(0)) {
            Ok(verified) => {
                reached(accepted);
                assert_ne!(accepted, "a second spelling was accepted");
                assert_one_spelling(token, verified.payload());
                let decoded = decoded.as_ref().expect("what verifies decodes");
                assert_eq!(decoded.claims(), verified.claims(), "two readers of one payload");
                let kid = decoded.header().get("kid").and_then(Value::as_str);
                assert_eq!(peeked.as_ref().expect("has a header").as_deref(), kid);
            }
            Err(error) => reached(format!("refused {}", error.code())),
        }
    }
}

fn assert_one_spelling(token: &str, payload: &str) {
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "a token has three parts");
    for part in &parts {
        let octets = reference::decode(part).expect("strict base64url");
        assert_eq!(reference::encode(octets), *part);
    }
    assert_eq!(reference::encode(payload), parts[1], "the payload is what was signed");
}

/// One verifier for each key, one for all keys together, one for access tokens.
fn verifiers() -> &'static [Verifier] {
    static VERIFIERS: OnceLock<Vec<Verifier>> = OnceLock::new();
    VERIFIERS.get_or_init(|| {
        let single = fixed::pairs().iter().map(|pair| {
            let verifier = Verifier::builder().key(pair.verifying.clone());
            verifier.issuer(fixed::ISSUER).audience(fixed::AUDIENCE).build().expect("a good verifier")
        });
        let access = Verifier::builder().key(fixed::secret_key()).profile(Profile::AccessToken);
        let access = access.issuer(fixed::ISSUER).audience(fixed::AUDIENCE).build().expect("a good verifier");
        single.chain([access]).chain(lenient().iter().cloned()).collect()
    })
}

/// Those of [`verifiers`] that a sealed token can be for.
fn shared() -> &'static [Verifier] {
    static VERIFIERS: OnceLock<Vec<Verifier>> = OnceLock::new();
    VERIFIERS.get_or_init(|| {
        let (single, others) = verifiers().split_at(fixed::pairs().len());
        let of_secrets = fixed::pairs().iter().zip(single).filter(|(pair, _)| pair.algorithm.is_symmetric());
        of_secrets.map(|(_, verifier)| verifier).chain(others).cloned().collect()
    })
}

/// A verifier that expects as little as can be.
fn lenient() -> &'static [Verifier] {
    static LENIENT: OnceLock<[Verifier; 1]> = OnceLock::new();
    LENIENT.get_or_init(|| {
        let ring = KeyRing::new(fixed::pairs().iter().map(|pair| pair.verifying.clone())).expect("few keys");
        [Verifier::builder().keys(ring).without_audience().without_expiry().build().expect("a good verifier")]
    })
}
