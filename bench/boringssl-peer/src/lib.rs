//! jwt-simple 0.15. It takes claims and options by value, so both are made for each call.

use bench_core::claims::{self, PrivateClaims};
use bench_core::{Action, Algorithm, Operation, Size, Suite, keys};
use jwt_simple::prelude::*;
use std::collections::HashSet;

const NAME: &str = "jwt-simple";

/// All cases of this worker.
///
/// # Panics
/// When the library does not take one of the keys.
#[must_use]
pub fn suite() -> Suite {
    let mut suite = Suite::default();
    for size in Size::ALL {
        let key = HS256Key::from_bytes(keys::SECRET);
        add_sign(&mut suite, Algorithm::Hs256, size, move |claims| key.authenticate(claims));
        let key = HS256Key::from_bytes(keys::SECRET);
        let verify = move |token: &str, options| key.verify_token::<PrivateClaims>(token, Some(options));
        add_verify(&mut suite, Algorithm::Hs256, size, verify);
    }
    add_rsa(&mut suite);
    add_ec(&mut suite);
    add_ed(&mut suite);
    suite
}

fn add_rsa(suite: &mut Suite) {
    let pair = RS256KeyPair::from_pem(keys::private_pem(Algorithm::Rs256)).expect("an RSA key");
    let public = pair.public_key();
    add_sign(suite, Algorithm::Rs256, Size::Small, move |claims| pair.sign(claims));
    add_verify(suite, Algorithm::Rs256, Size::Small, move |token, options| {
        public.verify_token::<PrivateClaims>(token, Some(options))
    });
}

fn add_ec(suite: &mut Suite) {
    let pair = ES256KeyPair::from_pem(keys::private_pem(Algorithm::Es256)).expect("a P-256 key");
    let public = pair.public_key();
    add_sign(suite, Algorithm::Es256, Size::Small, move |claims| pair.sign(claims));
    add_verify(suite, Algorithm::Es256, Size::Small, move |token, options| {
        public.verify_token::<PrivateClaims>(token, Some(options))
    });
}

fn add_ed(suite: &mut Suite) {
    let pair = Ed25519KeyPair::from_pem(keys::private_pem(Algorithm::EdDsa)).expect("an Ed25519 key");
    let public = pair.public_key();
    add_sign(suite, Algorithm::EdDsa, Size::Small, move |claims| pair.sign(claims));
    add_verify(suite, Algorithm::EdDsa, Size::Small, move |token, options| {
        public.verify_token::<PrivateClaims>(token, Some(options))
    });
}

fn add_sign(
    suite: &mut Suite,
    of: Algorithm,
    size: Size,
    sign: impl Fn(JWTClaims<PrivateClaims>) -> Result<String, jwt_simple::Error> + 'static,
) {
    let private = claims::private_claims(size);
    suite.sign(Operation::new(of, Action::Sign, size), NAME, move || {
        let lifetime = Duration::from_secs(claims::EXPIRES - claims::ISSUED_AT);
        let mut claims = Claims::with_custom_claims(private.clone(), lifetime);
        // It dates tokens by the clock; the others' are dated alike and have no `nbf`.
        claims.issued_at = Some(Duration::from_secs(claims::ISSUED_AT));
        claims.expires_at = Some(Duration::from_secs(claims::EXPIRES));
        claims.invalid_before = None;
        let claims = claims.with_issuer(claims::ISSUER).with_audience(claims::AUDIENCE);
        let claims = claims.with_subject(claims::SUBJECT).with_jwt_id(claims::ID);
        sign(claims).expect("a token")
    });
}

fn add_verify(
    suite: &mut Suite,
    of: Algorithm,
    size: Size,
    verify: impl Fn(&str, VerificationOptions) -> Result<JWTClaims<PrivateClaims>, jwt_simple::Error> + 'static,
) {
    let one = |text: &str| Some(HashSet::from([text.to_owned()]));
    let options = VerificationOptions {
        allowed_issuers: one(claims::ISSUER),
        allowed_audiences: one(claims::AUDIENCE),
        ..VerificationOptions::default()
    };
    suite.verify(Operation::new(of, Action::Verify, size), NAME, move |token| {
        let verified = verify(token, options.clone());
        verified.is_ok_and(|claims| claims.subject.as_deref() == Some(claims::SUBJECT))
    });
}
