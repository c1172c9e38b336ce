//! josekit 0.10: signers, verifiers and the validator prepared. Its claims are a map.

use bench_core::{Action, Algorithm, Operation, Size, Suite, claims, keys};
use josekit::jws::{ES256, EdDSA, HS256, JwsHeader, JwsSigner, JwsVerifier, RS256};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};

const NAME: &str = "josekit";

/// All cases of this worker.
#[must_use]
pub fn suite() -> Suite {
    let mut suite = Suite::default();
    for size in Size::ALL {
        add_both(&mut suite, Algorithm::Hs256, size);
    }
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        add_both(&mut suite, algorithm, Size::Small);
    }
    suite
}

fn add_both(suite: &mut Suite, of: Algorithm, size: Size) {
    let (signer, verifier) = (signer(of), verifier(of));
    let (header, payload) = (header(), payload(size));
    suite.sign(Operation::new(of, Action::Sign, size), NAME, move || {
        jwt::encode_with_signer(&payload, &header, &*signer).expect("a token")
    });
    let mut validator = JwtPayloadValidator::new();
    validator.set_issuer(claims::ISSUER);
    validator.set_audience(claims::AUDIENCE);
    suite.verify(Operation::new(of, Action::Verify, size), NAME, move |token| {
        let Ok((payload, _)) = jwt::decode_with_verifier(token, &*verifier) else { return false };
        validator.validate(&payload).is_ok() && payload.subject() == Some(claims::SUBJECT)
    });
}

fn signer(of: Algorithm) -> Box<dyn JwsSigner> {
    let pem = keys::private_pem(of);
    match of {
        Algorithm::Hs256 => Box::new(HS256.signer_from_bytes(keys::SECRET).expect("a secret")),
        Algorithm::Rs256 => Box::new(RS256.signer_from_pem(pem).expect("an RSA key")),
        Algorithm::Es256 => Box::new(ES256.signer_from_pem(pem).expect("a P-256 key")),
        Algorithm::EdDsa => Box::new(EdDSA.signer_from_pem(pem).expect("an Ed25519 key")),
        Algorithm::MlDsa65 => unreachable!("josekit has no ML-DSA"),
    }
}

fn verifier(of: Algorithm) -> Box<dyn JwsVerifier> {
    let pem = keys::public_pem(of);
    match of {
        Algorithm::Hs256 => Box::new(HS256.verifier_from_bytes(keys::SECRET).expect("a secret")),
        Algorithm::Rs256 => Box::new(RS256.verifier_from_pem(pem).expect("an RSA key")),
        Algorithm::Es256 => Box::new(ES256.verifier_from_pem(pem).expect("a P-256 key")),
        Algorithm::EdDsa => Box::new(EdDSA.verifier_from_pem(pem).expect("an Ed25519 key")),
        Algorithm::MlDsa65 => unreachable!("josekit has no ML-DSA"),
    }
}

fn header() -> JwsHeader {
    let mut header = JwsHeader::new();
    header.set_token_type("JWT");
    header
}

fn payload(size: Size) -> JwtPayload {
    // Its own setters would write `iat` as a fraction, which no integer type reads back.
    let claims = serde_json::to_value(claims::claims(size)).expect("claims as JSON");
    let claims = claims.as_object().expect("an object").clone();
    JwtPayload::from_map(claims).expect("claims that it takes")
}
