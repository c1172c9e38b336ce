//! What a policy forbids is neither imported nor signed nor verified.

use crate::support::*;
use serde_json::Value;
use std::time::Duration;
use waxseal::*;

const FORBIDDEN: Option<Code> = Some(Code::KeyAlgorithmForbidden);

#[test]
fn a_policy_holds_everywhere() {
    let policy = AlgorithmPolicy::fips().without(Algorithm::EdDsa);
    for (signing, verifying) in key_pairs() {
        let algorithm = signing.algorithm();
        let code = if [Algorithm::Es256k, Algorithm::EdDsa].contains(&algorithm) { FORBIDDEN } else { None };
        assert_eq!(policy.check(algorithm).err().map(|error| error.code()), code, "{algorithm}");
        assert_eq!(policy.admit(signing.clone()).err().map(|error| error.code()), code, "{algorithm}");
        assert_eq!(policy.admit(verifying.clone()).err().map(|error| error.code()), code, "{algorithm}");

        let signer =
            Signer::builder(signing.clone()).lifetime(Duration::from_secs(60)).policy(policy).build();
        assert_eq!(signer.err().map(|error| error.code()), code, "{algorithm}");
        let built = Verifier::builder().key(verifying.clone()).audience("aud").policy(policy).build();
        assert_eq!(built.err().map(|error| error.code()), code, "{algorithm}");
        let built = jws::Verifier::builder().key(verifying.clone()).policy(policy).build();
        assert_eq!(built.err().map(|error| error.code()), code, "{algorithm}");

        // Keys that come later, as from a key set, are left out.
        let token = crate::support::signer(signing).token(now()).sign().unwrap();
        let ring = KeyRing::from(verifying);
        let later = Verifier::builder().keys(KeyRing::default()).issuer("iss").audience("aud").policy(policy);
        let later = later.build().unwrap().with_keys(ring.clone());
        let outcome = later.verify::<Value>(&token, now()).map_err(|error| error.code());
        assert_eq!(outcome.err(), code.map(|_| Code::KeyNotFound), "{algorithm}");
        let later = jws::Verifier::builder().keys(KeyRing::default()).typ("JWT").policy(policy);
        let later = later.build().unwrap().with_keys(ring);
        let outcome = later.verify_compact(&token).map_err(|error| error.code());
        assert_eq!(outcome.err(), code.map(|_| Code::KeyNotFound), "{algorithm}");
    }
}

#[test]
fn a_key_that_is_elsewhere_is_no_exception() {
    let key = PrivateKey::generate(Algorithm::Es256k).unwrap();
    let signer = Signer::remote(key.public_key()).policy(AlgorithmPolicy::fips()).build();
    assert_eq!(signer.err().map(|error| error.code()), FORBIDDEN);
}
