//! Signing with keys that live elsewhere.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use waxseal::jws::{Digest, RemoteSignError, RemoteSigner, ecdsa_signature_from_der};
use waxseal::{Algorithm, PrivateKey, PublicKey, SignError};

/// Polls until done; every future here makes progress each time.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the future never finishes");
}

/// Not ready the first time, as everything that asks a network.
#[derive(Default)]
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Answers in DER, as key services do.
struct Service {
    public: PublicKey,
    pair: EcdsaKeyPair,
    available: bool,
}

impl RemoteSigner for Service {
    type Error = &'static str;

    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    async fn sign(&self, input: &[u8]) -> Result<Vec<u8>, Self::Error> {
        Later::default().await;
        if !self.available {
            return Err("out of service");
        }
        let der = self.pair.sign(&SystemRandom::new(), input).unwrap();
        Ok(ecdsa_signature_from_der(Algorithm::Es256, der.as_ref()).unwrap())
    }
}

fn service(key: &PrivateKey) -> Service {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key.to_pkcs8_der()).unwrap();
    Service { public: key.public_key().with_kid("in the service").unwrap(), pair, available: true }
}

#[test]
fn a_remote_signer_makes_what_a_local_key_makes() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let service = service(&key);
    let verifier = accepting(&key);
    let compact = run(builder().sign_compact_with(&service, &headers().without_kid())).unwrap();
    assert_eq!(verifier.verify_compact(&compact).unwrap().payload(), PAYLOAD);
    let flattened = builder().unencoded_payload().detached();
    let unprotected = headers().without_kid().unprotected("a", &1);
    let flattened = run(flattened.sign_flattened_with(&service, &unprotected)).unwrap();
    let verified = unencoded(&key).verify_json_detached(&flattened, PAYLOAD).unwrap();
    assert_eq!(verified.signature().unverified_header().unwrap().json(), r#"{"a":1}"#);
    let named = run(builder().sign_compact_with(&service, &headers())).unwrap();
    let verified = accepting(service.public.clone()).verify_compact(&named).unwrap();
    assert_eq!(
        verified.protected_header().member::<String>("kid").unwrap().as_deref(),
        Some("in the service")
    );
}

#[test]
fn remote_signing_can_be_awaited_on_any_thread() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let (service, builder, headers) = (service(&key), builder(), headers());
    assert!(run(is_send(builder.sign_compact_with(&service, &headers))).is_ok());
}

#[test]
fn failures_of_the_signer_and_of_the_header_are_told_apart() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let mut service = service(&key);
    service.available = false;
    let error = run(builder().sign_compact_with(&service, &headers())).unwrap_err();
    assert_eq!(error, RemoteSignError::Remote("out of service"));
    let error = run(builder().sign_compact_with(&service, &headers().typ(""))).unwrap_err();
    assert!(
        matches!(&error, RemoteSignError::Sign(error) if error.code() == Code::SignHeaderInvalid),
        "{error}"
    );
}

#[test]
fn nothing_comes_out_that_the_public_key_does_not_verify() {
    let (key, other) =
        (PrivateKey::generate(Algorithm::Es256).unwrap(), PrivateKey::generate(Algorithm::Es256).unwrap());
    let mut mismatched = service(&key);
    mismatched.public = other.public_key().clone();
    let error = run(builder().sign_compact_with(&mismatched, &headers())).unwrap_err();
    assert!(
        matches!(&error, RemoteSignError::Sign(error) if error.code() == Code::SignSignatureInvalid),
        "{error}"
    );
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.to_pkcs8_der()).unwrap();
    let asn1 = service(&key).pair;
    let sign = |input: &[u8]| pair.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec();
    let public = key.public_key().clone();
    let prepare = || builder().prepare_compact(&public, &headers()).unwrap();
    assert!(prepare().finish(&sign(prepare().signing_input())).is_ok());
    for (what, signature) in [
        ("empty", vec![]),
        ("zeros", vec![0; 64]),
        ("over something else", sign(b"something else")),
        ("DER", asn1.sign(&SystemRandom::new(), prepare().signing_input()).unwrap().as_ref().to_vec()),
        ("one octet more", [sign(prepare().signing_input()), vec![0]].concat()),
    ] {
        assert_eq!(prepare().finish(&signature).unwrap_err().code(), Code::SignSignatureInvalid, "{what}");
    }
}

#[test]
fn what_is_prepared_says_what_to_sign() {
    let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key.to_pkcs8_der()).unwrap();
    let public = key.public_key().clone();
    let prepared = builder().prepare_flattened(&public, &headers().without_kid()).unwrap();
    let input = format!("{}.{}", base64url(r#"{"alg":"EdDSA"}"#), base64url(PAYLOAD));
    assert_eq!(prepared.signing_input(), input.as_bytes());
    assert_eq!((prepared.algorithm(), prepared.digest()), (Algorithm::EdDsa, None));
    assert_eq!((prepared.kid(), prepared.public_key().thumbprint()), (public.kid(), public.thumbprint()));
    assert!(!format!("{prepared:?}").contains("any octets"));
    let jws = prepared.finish(pair.sign(input.as_bytes()).as_ref()).unwrap();
    assert_eq!(
        jws,
        builder().sign_flattened(key, &headers().without_kid()).unwrap(),
        "Ed25519 is deterministic"
    );
    for (algorithm, digest) in [
        (Algorithm::Es256, Digest::Sha256),
        (Algorithm::Es384, Digest::Sha384),
        (Algorithm::Es512, Digest::Sha512),
        (Algorithm::Es256k, Digest::Sha256),
    ] {
        let key = PrivateKey::generate(algorithm).unwrap().public_key().clone();
        assert_eq!(
            builder().prepare_compact(&key, &headers()).unwrap().digest(),
            Some(digest),
            "{algorithm}"
        );
    }
    let long = vec![b'x'; 20_000];
    let prepared = Builder::new(&long).prepare_compact(&public, &headers()).unwrap();
    let signature = pair.sign(prepared.signing_input()).as_ref().to_vec();
    assert!(matches!(prepared.finish(&signature), Err(SignError::TooLarge { .. })));
}

#[test]
fn footgun_08_ecdsa_der_is_read_strictly() {
    let number = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let sequence = |parts: &[Vec<u8>]| {
        let body = parts.concat();
        [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
    };
    let full = [&[0], &[0xff; 32][..]].concat();
    let fixed = |der: &[u8]| ecdsa_signature_from_der(Algorithm::Es256, der);
    let good = fixed(&sequence(&[number(&[1]), number(&full)])).unwrap();
    assert_eq!(good, [&[0; 31][..], &[1], &[0xff; 32]].concat());
    for (what, der) in [
        ("empty", vec![]),
        ("not a sequence", number(&[1])),
        ("one number", sequence(&[number(&[1])])),
        ("three numbers", sequence(&[number(&[1]), number(&[1]), number(&[1])])),
        ("zero", sequence(&[number(&[0]), number(&[1])])),
        ("zero as s", sequence(&[number(&[1]), number(&[0])])),
        ("no octets", sequence(&[number(&[]), number(&[1])])),
        ("negative", sequence(&[number(&[0x80]), number(&[1])])),
        ("a leading zero too many", sequence(&[number(&[0, 1]), number(&[1])])),
        ("33 octets", sequence(&[number(&[1; 33]), number(&[1])])),
        ("trailing octets", [sequence(&[number(&[1]), number(&[1])]), vec![0]].concat()),
        ("long form of a short length", vec![0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]),
        ("indefinite length", vec![0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0]),
        ("a longer length than there is", vec![0x30, 7, 2, 1, 1, 2, 1, 1]),
    ] {
        let code = fixed(&der).map_err(|error| error.code());
        assert_eq!(code, Err(Code::SignSignatureInvalid), "{what}");
    }
    let short = sequence(&[number(&[1]), number(&[1])]);
    for (algorithm, length) in [
        (Algorithm::Es256, Some(64)),
        (Algorithm::Es384, Some(96)),
        (Algorithm::Es512, Some(132)),
        (Algorithm::Es256k, Some(64)),
        (Algorithm::Rs256, None),
        (Algorithm::Hs256, None),
        (Algorithm::EdDsa, None),
    ] {
        let found = ecdsa_signature_from_der(algorithm, &short).ok().map(|fixed| fixed.len());
        assert_eq!(found, length, "{algorithm}");
    }
}
