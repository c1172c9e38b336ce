//! Tokens whose key lives elsewhere, and what else a signer writes into the header.

use crate::support::*;
use serde_json::{Value, json};
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use waxseal::jws::{RemoteSignError, RemoteSigner};
use waxseal::*;

/// An HSM: it alone has the private half.
struct Hsm {
    public: PublicKey,
    pair: aws_lc_rs::signature::Ed25519KeyPair,
    broken: bool,
}

impl Hsm {
    fn new() -> Self {
        let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key.to_pkcs8_der());
        Self { public: key.public_key(), pair: pair.unwrap(), broken: false }
    }
}

impl RemoteSigner for Hsm {
    type Error = &'static str;

    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, input: &[u8]) -> impl Future<Output = Result<Vec<u8>, Self::Error>> + Send {
        ready(if self.broken { Err("unplugged") } else { Ok(self.pair.sign(input).as_ref().to_vec()) })
    }
}

fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("this signer answers at once"),
    }
}

fn remote(hsm: &Hsm) -> Signer {
    Signer::remote(hsm.public.clone()).issuer("iss").audience("aud").lifetime("1m").build().unwrap()
}

#[test]
fn a_token_is_prepared_signed_elsewhere_and_finished() {
    let hsm = Hsm::new();
    let signer = remote(&hsm);
    let prepared = signer.token(now()).subject("alice").prepare().unwrap();
    assert_eq!((prepared.algorithm(), prepared.kid()), (Algorithm::EdDsa, hsm.public.kid()));
    let signature = hsm.pair.sign(prepared.signing_input());
    let token = prepared.finish(signature.as_ref()).unwrap();
    let verified = verifier(hsm.public.clone()).verify::<Value>(&token, now()).unwrap();
    assert_eq!((&verified["sub"], verified.kid()), (&json!("alice"), hsm.public.kid()));
    let awaited = at_once(signer.token(now()).subject("alice").sign_with(&hsm)).unwrap();
    assert_eq!(awaited, token, "Ed25519 signs the same twice");
}

#[test]
fn nothing_unsound_gets_out() {
    let mut hsm = Hsm::new();
    let signer = remote(&hsm);
    let wrong = Hsm::new();
    let prepare = || signer.token(now()).prepare().unwrap();
    for signature in [vec![], vec![0; 64], wrong.pair.sign(prepare().signing_input()).as_ref().to_vec()] {
        assert_eq!(prepare().finish(&signature).unwrap_err().code(), Code::SignSignatureInvalid);
    }
    let error = at_once(signer.token(now()).sign_with(&wrong)).unwrap_err();
    assert!(matches!(&error, RemoteSignError::Sign(error) if error.code() == Code::SignSignatureInvalid));
    hsm.broken = true;
    let error = at_once(signer.token(now()).sign_with(&hsm)).unwrap_err();
    assert!(matches!(error, RemoteSignError::Remote("unplugged")));
    assert_eq!(signer.token(now()).sign().unwrap_err(), SignError::KeyElsewhere);
    let local = Signer::builder(secret()).lifetime("1m").build().unwrap();
    assert_eq!(local.token(now()).prepare().unwrap_err(), SignError::KeySecret);
}

#[test]
fn the_guards_hold_for_prepared_tokens_too() {
    let hsm = Hsm::new();
    let signer = remote(&hsm);
    let claims = json!({"password": "x"});
    let error = signer.token(now()).claims(&claims).prepare().unwrap_err();
    assert_eq!(error.code(), Code::SignClaimRefused);
    let bare = Signer::remote(hsm.public.clone()).build().unwrap();
    assert_eq!(bare.token(now()).prepare().unwrap_err(), SignError::LifetimeMissing);
}

#[test]
fn the_header_has_what_the_caller_may_set() {
    let signer =
        Signer::builder(secret()).lifetime("1m").kid("k2").typ("at+jwt").header_member("tenant", "a");
    let token = signer.build().unwrap().token(now()).sign().unwrap();
    let header = Unverified::<Value>::decode_without_verifying(&token).unwrap().header().clone();
    assert_eq!(header, json!({"alg": "HS256", "typ": "at+jwt", "kid": "k2", "tenant": "a"}));
    for name in ["alg", "b64", "crit", "typ", "kid", "cty", "\u{61}lg"] {
        let error = Signer::builder(secret()).header_member(name, &1).build().unwrap_err();
        assert_eq!(error.code(), Code::SignHeaderInvalid, "{name}");
    }
    let twice = Signer::builder(secret()).header_member("x", &1).header_member("x", &2).build().unwrap_err();
    assert_eq!(twice.code(), Code::SignHeaderInvalid);
}

#[test]
fn lifetimes_are_spans_and_end_before_the_year_10000() {
    for (text, seconds) in [
        ("90s", Some(90)),
        ("1h30m", Some(5_400)),
        ("1w", Some(604_800)),
        ("0s", None),
        ("60", None),
        ("", None),
    ] {
        let built = Signer::builder(secret()).lifetime(text).build();
        let exp = built.map(|signer| {
            let token = signer.token(now()).sign().unwrap();
            Unverified::<Value>::decode_without_verifying(&token).unwrap().claims()["exp"].clone()
        });
        match seconds {
            Some(seconds) => assert_eq!(exp.unwrap(), NOW + seconds, "{text}"),
            None => assert_eq!(exp.unwrap_err(), SignError::LifetimeInvalid, "{text}"),
        }
        let of_token = signer(secret()).token(now()).lifetime(text).sign();
        assert_eq!(of_token.is_ok(), seconds.is_some(), "{text}");
    }
    let error = signer(secret()).token(now()).lifetime("999999d").sign();
    assert!(error.is_ok(), "the year 4761");
    let error = signer(secret()).token(now()).lifetime("9999999d").sign().unwrap_err();
    assert_eq!(error, SignError::LifetimeInvalid, "cut short it would end when nobody said");
}

/// Runtimes with several threads take nothing else.
#[test]
fn the_future_of_a_remote_signature_can_be_sent() {
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }
    let hsm = Hsm::new();
    let signer = remote(&hsm);
    let claims = json!({"n": 5});
    let token = at_once(sent(signer.token(now()).claims(&claims).sign_with(&hsm)));
    assert!(token.is_ok());
}

#[test]
fn claims_that_are_too_large_are_not_sent_to_be_signed() {
    let hsm = Hsm::new();
    let signer = remote(&hsm);
    let claims = json!({"text": "x".repeat(13_000)});
    let error = signer.token(now()).claims(&claims).prepare().unwrap_err();
    assert_eq!(error.code(), Code::SignTooLarge);
}
