//! Waxseal, each way it offers.

use bench_core::claims::{self, BorrowedClaims, Claims};
use bench_core::{Action, Algorithm, Operation, Size, Suite, keys};
use std::hint::black_box;
use std::time::Duration;
use waxseal::{
    CachingVerifier, NumericDate, PrivateKey, PublicKey, Scratch, SecretKey, Signer, SigningKey, Verifier,
    VerifyingKey,
};

pub(crate) fn add(suite: &mut Suite) {
    for size in Size::ALL {
        add_both(suite, Algorithm::Hs256, size);
    }
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa65] {
        add_both(suite, algorithm, Size::Small);
    }
    add_hit(suite, Algorithm::Hs256, Size::Small);
    add_hit(suite, Algorithm::Hs256, Size::Large);
    add_hit(suite, Algorithm::Es256, Size::Small);
}

/// How many other tokens the cache holds.
const CACHED: usize = 256;

fn add_hit(suite: &mut Suite, of: Algorithm, size: Size) {
    let (now, cache) = (date(claims::NOW), CachingVerifier::<Claims>::new(verifier(of), 8 * 1024 * 1024));
    let (signer, private) = (signer(of), claims::private_claims(size));
    for number in 0..CACHED {
        let id = format!("other-{number}");
        let token = signer.token(now).subject(claims::SUBJECT).id(&id).claims(&private).sign();
        cache.verify(&token.expect("a token"), now).expect("an accepted token");
    }
    suite.verify(Operation::new(of, Action::Hit, size), "waxseal-cached", move |token| {
        cache.verify(token, black_box(now)).is_ok_and(|verified| verified.sub == claims::SUBJECT)
    });
}

fn add_both(suite: &mut Suite, algorithm: Algorithm, size: Size) {
    add_verify(suite, algorithm, size);
    add_sign(suite, algorithm, size);
}

fn algorithm(algorithm: Algorithm) -> waxseal::Algorithm {
    algorithm.name().parse().expect("an algorithm that Waxseal has")
}

fn verifying_key(of: Algorithm) -> VerifyingKey {
    match of {
        Algorithm::Hs256 => secret().into(),
        _ => PublicKey::from_pem(algorithm(of), keys::public_pem(of)).expect("a key").into(),
    }
}

fn signing_key(of: Algorithm) -> SigningKey {
    match of {
        Algorithm::Hs256 => secret().into(),
        _ => PrivateKey::from_pem(algorithm(of), keys::private_pem(of)).expect("a key").into(),
    }
}

fn secret() -> SecretKey {
    SecretKey::new(waxseal::Algorithm::Hs256, keys::SECRET).expect("a secret")
}

fn date(seconds: u64) -> NumericDate {
    NumericDate::from_seconds(seconds.try_into().expect("a date")).expect("a date")
}

fn verifier(of: Algorithm) -> Verifier {
    let builder = Verifier::builder().key(verifying_key(of));
    builder.issuer(claims::ISSUER).audience(claims::AUDIENCE).build().expect("a verifier")
}

fn add_verify(suite: &mut Suite, of: Algorithm, size: Size) {
    let operation = Operation::new(of, Action::Verify, size);
    let now = date(claims::NOW);
    let (one, mut scratch) = (verifier(of), Scratch::new());
    suite.verify(operation, "waxseal-builtin", move |token| {
        let verified = one.verify_claims(token, black_box(now), &mut scratch);
        verified.is_ok_and(|verified| verified.claims().sub().as_deref() == Some(claims::SUBJECT))
    });
    let (one, mut scratch) = (verifier(of), Scratch::new());
    suite.verify(operation, "waxseal-borrowed", move |token| {
        let verified = one.verify_borrowed::<BorrowedClaims<'_>>(token, black_box(now), &mut scratch);
        verified.is_ok_and(|verified| verified.claims().sub == claims::SUBJECT)
    });
    let one = verifier(of);
    suite.verify(operation, "waxseal-owned", move |token| {
        let verified = one.verify::<Claims>(token, black_box(now));
        verified.is_ok_and(|verified| verified.sub == claims::SUBJECT)
    });
}

fn signer(of: Algorithm) -> Signer {
    let builder = Signer::builder(signing_key(of)).issuer(claims::ISSUER).audience(claims::AUDIENCE);
    builder.lifetime(Duration::from_secs(claims::EXPIRES - claims::ISSUED_AT)).build().expect("a signer")
}

/// A token as the cases of signing make them.
pub(crate) fn token(of: Algorithm) -> String {
    let (signer, private) = (signer(of), claims::private_claims(Size::Small));
    let token = signer.token(date(claims::ISSUED_AT)).subject(claims::SUBJECT).id(claims::ID);
    token.claims(&private).sign().expect("a token")
}

fn add_sign(suite: &mut Suite, of: Algorithm, size: Size) {
    let operation = Operation::new(of, Action::Sign, size);
    let now = date(claims::ISSUED_AT);
    let (one, private) = (signer(of), claims::private_claims(size));
    suite.sign(operation, "waxseal-string", move || {
        let token = one.token(black_box(now)).subject(claims::SUBJECT).id(claims::ID).claims(&private);
        token.sign().expect("a token")
    });
    let (one, private) = (signer(of), claims::private_claims(size));
    suite.sign_into(operation, "waxseal-buffer", move |out| {
        let token = one.token(black_box(now)).subject(claims::SUBJECT).id(claims::ID).claims(&private);
        token.sign_into(out).expect("a token");
    });
}
