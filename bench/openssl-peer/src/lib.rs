//! josekit 0.10: signers, verifiers and the validator prepared. Its claims are a map.

use bench_core::{Action, Algorithm, Operation, Size, Suite, claims, keys};
use josekit::jws::{ES256, EdDSA, HS256, JwsHeader, JwsSigner, JwsVerifier, RS256};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};
use std::time::{Duration, SystemTime};

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
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let mut payload = JwtPayload::new();
    payload.set_issuer(claims::ISSUER);
    payload.set_subject(claims::SUBJECT);
    payload.set_audience(vec![claims::AUDIENCE]);
    payload.set_expires_at(&at(claims::EXPIRES));
    payload.set_issued_at(&at(claims::ISSUED_AT));
    payload.set_jwt_id(claims::ID);
    payload.set_claim("scope", Some(claims::SCOPE.into())).expect("a claim");
    let roles = claims::roles(size);
    if !roles.is_empty() {
        payload.set_claim("roles", Some(roles.into())).expect("a claim");
    }
    payload
}
