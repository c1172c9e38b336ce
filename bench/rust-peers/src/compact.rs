//! jwt-compact 0.8. It checks `exp`; issuer and audience are the caller's to check.

use bench_core::claims;
use bench_core::{Action, Algorithm, Operation, Size, Suite, keys};
use chrono::{DateTime, Utc};
use jwt_compact::alg::{Ed25519, Es256, Hs256, Hs256Key, Rsa, SigningKey};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{AlgorithmExt, Claims, Header, TimeOptions, UntrustedToken};
use serde::{Deserialize, Serialize};

const NAME: &str = "jwt-compact";

#[derive(Serialize, Deserialize)]
struct Custom {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
    scope: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
}

pub(crate) fn add(suite: &mut Suite) {
    for size in Size::ALL {
        let key = || Hs256Key::new(keys::SECRET);
        add_both(suite, Algorithm::Hs256, size, || Hs256, key(), key());
    }
    let rsa: <Rsa as jwt_compact::Algorithm>::SigningKey = jwk(keys::private_jwk(Algorithm::Rs256));
    let public = rsa.to_public_key();
    add_both(suite, Algorithm::Rs256, Size::Small, Rsa::rs256, rsa, public);
    let ec: <Es256 as jwt_compact::Algorithm>::SigningKey = jwk(keys::private_jwk(Algorithm::Es256));
    let public = SigningKey::<Es256>::to_verifying_key(&ec);
    add_both(suite, Algorithm::Es256, Size::Small, || Es256, ec, public);
    let ed: <Ed25519 as jwt_compact::Algorithm>::SigningKey = jwk(keys::private_jwk(Algorithm::EdDsa));
    let public = SigningKey::<Ed25519>::to_verifying_key(&ed);
    add_both(suite, Algorithm::EdDsa, Size::Small, || Ed25519, ed, public);
}

fn jwk<K: for<'a> TryFrom<&'a JsonWebKey<'a>>>(text: &str) -> K {
    let key: JsonWebKey<'_> = serde_json::from_str(text).expect("a JWK");
    K::try_from(&key).ok().expect("a key of this kind")
}

fn add_both<A>(
    suite: &mut Suite,
    of: Algorithm,
    size: Size,
    algorithm: impl Fn() -> A,
    signing: A::SigningKey,
    verifying: A::VerifyingKey,
) where
    A: AlgorithmExt + 'static,
    A::SigningKey: 'static,
    A::VerifyingKey: 'static,
{
    let (one, another) = (algorithm(), algorithm());
    let (header, claims) = (Header::empty().with_token_type("JWT"), custom(size));
    suite.sign(Operation::new(of, Action::Sign, size), NAME, move || {
        one.token(&header, &claims, &signing).expect("a token")
    });
    let time = TimeOptions::default();
    suite.verify(Operation::new(of, Action::Verify, size), NAME, move |token| {
        accepts(&another, &verifying, &time, token)
    });
}

fn accepts<A: AlgorithmExt>(algorithm: &A, key: &A::VerifyingKey, time: &TimeOptions, token: &str) -> bool {
    let Ok(token) = UntrustedToken::new(token) else { return false };
    let Ok(token) = algorithm.validator::<Custom>(key).validate(&token) else { return false };
    let claims = token.claims();
    claims.validate_expiration(time).is_ok()
        && claims.custom.iss == claims::ISSUER
        && claims.custom.aud == claims::AUDIENCE
        && claims.custom.sub == claims::SUBJECT
}

fn custom(size: Size) -> Claims<Custom> {
    let given = claims::claims(size);
    let mut claims = Claims::new(Custom {
        iss: given.iss,
        sub: given.sub,
        aud: given.aud,
        jti: given.jti,
        scope: given.scope,
        roles: given.roles,
    });
    claims.expiration = date(given.exp);
    claims.issued_at = date(given.iat);
    claims
}

fn date(seconds: u64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds.try_into().ok()?, 0)
}
