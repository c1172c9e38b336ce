//! The bare primitive with a prepared key: what no library on top of it can be faster than.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, PqdsaKeyPair, RsaKeyPair};
use bench_core::{Action, Algorithm, Operation, Size, Suite, claims, keys};
use std::hint::black_box;

const NAME: &str = "aws-lc-rs";

pub(crate) fn add(suite: &mut Suite) {
    for size in Size::ALL {
        add_mac(suite, size);
    }
    add_hit(suite, Algorithm::Es256, Size::Small);
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa65] {
        add_verify(suite, algorithm);
        // Ours have a `kid`, so that the primitive gets the bytes that they give to it.
        let message = signing_input(&crate::ours::token(algorithm));
        let operation = Operation::new(algorithm, Action::Sign, Size::Small);
        let mut sign = signing(algorithm);
        suite.bare(operation, NAME, move || sign(black_box(&message), &mut |_| {}));
    }
}

fn signing_input(token: &str) -> Vec<u8> {
    token.rsplit_once('.').map_or("", |(input, _)| input).into()
}

fn add_mac(suite: &mut Suite, size: Size) {
    let token = claims::token(Algorithm::Hs256, size);
    let message = signing_input(&token);
    let (key, again) = (mac_key(), message.clone());
    let operation = |action| Operation::new(Algorithm::Hs256, action, size);
    suite.bare(operation(Action::Sign), NAME, move || mac(&key, black_box(&message)));
    let (key, message) = (mac_key(), again);
    let tag = mac(&key, &message);
    suite.bare(operation(Action::Verify), NAME, move || {
        assert!(hmac::verify(&key, black_box(&message), &tag).is_ok());
    });
    add_hit(suite, Algorithm::Hs256, size);
}

/// What a hit in the cache is compared with, whatever the algorithm: the check of an HMAC of the same bytes.
fn add_hit(suite: &mut Suite, algorithm: Algorithm, size: Size) {
    let (key, message) = (mac_key(), signing_input(&claims::token(algorithm, size)));
    let tag = mac(&key, &message);
    suite.bare(Operation::new(algorithm, Action::Hit, size), NAME, move || {
        assert!(hmac::verify(&key, black_box(&message), &tag).is_ok());
    });
}

fn mac_key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, keys::SECRET)
}

pub(crate) fn mac(key: &hmac::Key, message: &[u8]) -> [u8; 32] {
    let mut tag = [0; 32];
    hmac::sign_to_buffer(key, message, &mut tag).expect("room for the tag");
    tag
}

/// Shows the signature of a message to the second argument, without a copy of it.
pub(crate) type Signing = Box<dyn FnMut(&[u8], &mut dyn FnMut(&[u8]))>;

/// Signs messages with a prepared key, into a buffer of its own where the primitive takes one.
pub(crate) fn signing(algorithm: Algorithm) -> Signing {
    let der = keys::der(keys::private_pem(algorithm));
    let random = SystemRandom::new();
    match algorithm {
        Algorithm::Hs256 => {
            let key = mac_key();
            Box::new(move |message, show| show(&mac(&key, message)))
        }
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::from_pkcs8(&der).expect("an RSA key");
            let mut signature = vec![0; pair.public_modulus_len()];
            Box::new(move |message, show| {
                let signed = pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut signature);
                signed.expect("a signature");
                show(&signature);
            })
        }
        Algorithm::Es256 => {
            let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, &der).expect("a P-256 key");
            Box::new(move |message, show| show(pair.sign(&random, message).expect("a signature").as_ref()))
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).expect("an Ed25519 key");
            Box::new(move |message, show| show(pair.try_sign(message).expect("a signature").as_ref()))
        }
        Algorithm::MlDsa65 => {
            let algorithm = &signature::ML_DSA_65_SIGNING;
            let pair = PqdsaKeyPair::from_pkcs8(algorithm, &der).expect("an ML-DSA-65 key");
            let mut signature = vec![0; algorithm.signature_len()];
            Box::new(move |message, show| {
                pair.sign(message, &mut signature).expect("a signature");
                show(&signature);
            })
        }
    }
}

/// The signature of `message`.
pub(crate) fn signature(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let mut signature = Vec::new();
    signing(algorithm)(message, &mut |shown| signature = shown.to_vec());
    signature
}

fn add_verify(suite: &mut Suite, algorithm: Algorithm) {
    let verification: &'static dyn signature::VerificationAlgorithm = match algorithm {
        Algorithm::Hs256 => return,
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        Algorithm::EdDsa => &signature::ED25519,
        Algorithm::MlDsa65 => &signature::ML_DSA_65,
    };
    let der = keys::der(keys::public_pem(algorithm));
    let key = ParsedPublicKey::new(verification, der).expect("a public key");
    let token = claims::token(algorithm, Size::Small);
    let message = signing_input(&token);
    // The token's own: what an ECDSA signature costs depends on its numbers.
    let signature = keys::decode(token.rsplit('.').next().unwrap_or(""));
    let operation = Operation::new(algorithm, Action::Verify, Size::Small);
    suite.bare(operation, NAME, move || {
        assert!(key.verify_sig(black_box(&message), &signature).is_ok());
    });
}
