//! What the hot paths take from the heap: counted, so that a change which adds something is seen.

use crate::support::*;
use serde::{Deserialize, Serialize};
use waxseal::*;

#[derive(Serialize)]
struct Extra<'a> {
    scope: &'a str,
}

#[derive(Deserialize)]
struct Borrowed<'a> {
    iss: &'a str,
    sub: &'a str,
    scope: &'a str,
}

#[derive(Deserialize)]
struct Owned {
    iss: String,
    sub: String,
    scope: String,
}

fn count(mut run: impl FnMut()) -> u64 {
    // Once before, so that buffers have their size; then the least of several, because ECDSA signatures have
    // different lengths in the encoding that AWS-LC converts them from.
    run();
    (0..96).map(|_| allocation_counter::measure(&mut run).count_total).min().unwrap()
}

fn sign(signer: &Signer, scope: &str, out: &mut Vec<u8>) {
    let token = signer.token(now()).subject("user-0123456789").id("01JABCDEFGHJKMNP");
    token.claims(&Extra { scope }).sign_into(out).unwrap();
}

/// Every signing key with its verifying half; RSA once.
fn pairs() -> Vec<(SigningKey, VerifyingKey)> {
    let once = |algorithm| !matches!(algorithm, Algorithm::Rs384 | Algorithm::Rs512 | Algorithm::Ps512);
    key_pairs().into_iter().filter(|(key, _)| once(key.algorithm())).collect()
}

#[test]
fn signing_into_a_buffer_takes_nothing() {
    for (signing, _) in pairs() {
        let algorithm = signing.algorithm();
        let signer = signer(signing);
        for scope in ["read write", &"x".repeat(2_000)] {
            let mut out = Vec::with_capacity(16 * 1024);
            let found = count(|| sign(&signer, scope, &mut out));
            // None beyond what the bindings of AWS-LC take to hand over a signature.
            let primitive = primitive_allocations(algorithm);
            assert!(found <= primitive, "{algorithm} {}: {found}, primitive {primitive}", scope.len());
        }
    }
}

/// Measured on the bare primitive, in the same way.
fn primitive_allocations(algorithm: Algorithm) -> u64 {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::*;
    let random = SystemRandom::new();
    let curve = match algorithm {
        Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Algorithm::Es384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Algorithm::Es512 => &ECDSA_P521_SHA512_FIXED_SIGNING,
        Algorithm::Es256k => &ECDSA_P256K1_SHA256_FIXED_SIGNING,
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::generate().unwrap();
            return count(|| assert_eq!(pair.try_sign(b"message").unwrap().as_ref().len(), 64));
        }
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Ps384 => {
            let pair = RsaKeyPair::from_pkcs8(&rsa().to_pkcs8_der()).unwrap();
            let padding: &RsaSignatureEncoding =
                if algorithm == Algorithm::Rs256 { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
            let mut signature = [0; 256];
            return count(|| pair.sign(padding, &random, b"message", &mut signature).unwrap());
        }
        Algorithm::MlDsa44 | Algorithm::MlDsa65 | Algorithm::MlDsa87 => {
            let pair = PqdsaKeyPair::generate(&ML_DSA_44_SIGNING).unwrap();
            let mut signature = vec![0; ML_DSA_44_SIGNING.signature_len()];
            return count(|| assert!(pair.sign(b"message", &mut signature).is_ok()));
        }
        _ => return 0,
    };
    let pair = EcdsaKeyPair::generate(curve).unwrap();
    count(|| assert!(!pair.sign(&random, b"message").unwrap().as_ref().is_empty()))
}

#[test]
fn verifying_into_borrowed_claims_takes_nothing() {
    for (signing, verifying) in pairs() {
        let algorithm = signing.algorithm();
        let (signer, verifier) = (signer(signing), verifier(verifying));
        for scope in ["read write", &"x".repeat(2_000)] {
            let mut token = Vec::new();
            sign(&signer, scope, &mut token);
            let token = String::from_utf8(token).unwrap();
            let mut scratch = Scratch::new();
            let built_in = count(|| {
                let verified = verifier.verify_claims(&token, now(), &mut scratch).unwrap();
                assert_eq!(verified.sub().as_deref(), Some("user-0123456789"));
            });
            let own_type = count(|| {
                let verified = verifier.verify_borrowed::<Borrowed<'_>>(&token, now(), &mut scratch).unwrap();
                assert_eq!((verified.iss, verified.sub, verified.scope), ("iss", "user-0123456789", scope));
            });
            // An ML-DSA signature is too long for the stack of everybody else.
            let expected = u64::from(algorithm.as_str().starts_with("ML-DSA"));
            assert_eq!((built_in, own_type), (expected, expected), "{algorithm} {}", scope.len());
        }
    }
}

#[test]
fn verifying_into_an_owned_type_takes_two_beyond_its_texts() {
    let (signer, verifier) = (signer(secret()), verifier(secret()));
    let mut token = Vec::new();
    sign(&signer, "read write", &mut token);
    let token = String::from_utf8(token).unwrap();
    let found = count(|| {
        let verified = verifier.verify::<Owned>(&token, now()).unwrap();
        assert_eq!(verified.iss.len() + verified.sub.len() + verified.scope.len(), 3 + 15 + 10);
    });
    let texts = 3;
    assert!(found <= texts + 2, "{found}");
}

#[test]
fn a_profile_with_further_claims_takes_nothing_either() {
    let verifier =
        Verifier::builder().key(secret()).issuer("iss").audience("aud").profile(Profile::AccessToken);
    let verifier = verifier.scope("read").build().unwrap();
    let signer =
        Signer::builder(secret()).issuer("iss").audience("aud").typ("at+jwt").lifetime("1m").build().unwrap();
    let claims = serde_json::json!({"client_id": "c", "scope": "read write"});
    let token = signer.token(now()).subject("s").id("j").claims(&claims).sign().unwrap();
    let mut scratch = Scratch::new();
    let found = count(|| assert!(verifier.verify_claims(&token, now(), &mut scratch).is_ok()));
    assert_eq!(found, 0);
}
