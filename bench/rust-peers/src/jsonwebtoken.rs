//! jsonwebtoken 11 (not npm's): keys, header and validation prepared, claims into a struct.

use bench_core::claims::{self, Claims};
use bench_core::{Action, Algorithm, Operation, Size, Suite, keys};
use jsonwebtoken::crypto::{aws_lc, rust_crypto};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackEnd {
    Aws,
    Rust,
}

impl BackEnd {
    fn install(self) -> &'static str {
        let (provider, name) = match self {
            Self::Aws => (&aws_lc::DEFAULT_PROVIDER, "jsonwebtoken-aws"),
            Self::Rust => (&rust_crypto::DEFAULT_PROVIDER, "jsonwebtoken-rust"),
        };
        provider.install_default().expect("nothing was installed before");
        name
    }
}

pub(crate) fn add(suite: &mut Suite, back_end: BackEnd) {
    let name = back_end.install();
    for size in Size::ALL {
        add_both(suite, name, Algorithm::Hs256, size);
    }
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        add_both(suite, name, algorithm, Size::Small);
    }
}

fn add_both(suite: &mut Suite, name: &'static str, of: Algorithm, size: Size) {
    let (algorithm, encoding, decoding) = prepared(of);
    let (header, claims) = (Header::new(algorithm), claims::claims(size));
    suite.sign(Operation::new(of, Action::Sign, size), name, move || {
        encode(&header, &claims, &encoding).expect("a token")
    });
    let validation = validation(algorithm);
    suite.verify(Operation::new(of, Action::Verify, size), name, move |token| {
        let decoded = decode::<Claims>(token, &decoding, &validation);
        decoded.is_ok_and(|decoded| decoded.claims.sub == claims::SUBJECT)
    });
}

fn validation(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[claims::ISSUER]);
    validation.set_audience(&[claims::AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation
}

fn prepared(of: Algorithm) -> (jsonwebtoken::Algorithm, EncodingKey, DecodingKey) {
    let (private, public) = (keys::private_pem(of).as_bytes(), keys::public_pem(of).as_bytes());
    match of {
        Algorithm::Hs256 => (
            jsonwebtoken::Algorithm::HS256,
            EncodingKey::from_secret(keys::SECRET),
            DecodingKey::from_secret(keys::SECRET),
        ),
        Algorithm::Rs256 => (
            jsonwebtoken::Algorithm::RS256,
            EncodingKey::from_rsa_pem(private).expect("an RSA key"),
            DecodingKey::from_rsa_pem(public).expect("an RSA key"),
        ),
        Algorithm::Es256 => (
            jsonwebtoken::Algorithm::ES256,
            EncodingKey::from_ec_pem(private).expect("a P-256 key"),
            DecodingKey::from_ec_pem(public).expect("a P-256 key"),
        ),
        Algorithm::EdDsa => (
            jsonwebtoken::Algorithm::EdDSA,
            EncodingKey::from_ed_pem(private).expect("an Ed25519 key"),
            DecodingKey::from_ed_pem(public).expect("an Ed25519 key"),
        ),
        Algorithm::MlDsa65 => unreachable!("jsonwebtoken has no ML-DSA"),
    }
}
