//! Proofs of possession (RFC 9449).

use crate::support::*;
use serde_json::{Value, json};
use waxseal::*;

const URI: &str = "https://resource.example/protectedresource";

struct Case {
    key: PrivateKey,
    header: Value,
    claims: Value,
}

impl Case {
    fn new() -> Self {
        let key = PrivateKey::generate(Algorithm::Es256).unwrap();
        let jwk: Value = serde_json::from_str(&key.public_key().to_jwk().to_public_json()).unwrap();
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
        let claims = json!({"jti": "j", "htm": "GET", "htu": URI, "iat": NOW});
        Self { key, header, claims }
    }

    /// Signed as it is, whatever is in it.
    fn proof(&self) -> String {
        let input = format!("{}.{}", base64url(self.header.to_string()), base64url(self.claims.to_string()));
        let der = self.key.to_pkcs8_der();
        let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(algorithm, &der).unwrap();
        let signature = pair.sign(&aws_lc_rs::rand::SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", base64url(signature.as_ref()))
    }

    fn code(&self) -> Option<Code> {
        let verifier = DpopVerifier::builder().build().unwrap();
        verifier.verify(&self.proof(), &DpopRequest::new("GET", URI), now()).err().map(|error| error.code())
    }
}

#[test]
fn a_good_proof_names_its_key() {
    let case = Case::new();
    let verifier = DpopVerifier::builder().build().unwrap();
    let proved = verifier.verify(&case.proof(), &DpopRequest::new("GET", URI), now()).unwrap();
    assert_eq!(proved.thumbprint(), case.key.public_key().thumbprint());
    assert_eq!((proved.id(), proved.issued_at()), ("j", now()));
}

#[test]
fn footgun_15_the_key_in_the_header_must_fit_and_be_public() {
    let edit = |edit: &dyn Fn(&mut Case)| {
        let mut case = Case::new();
        edit(&mut case);
        case.code()
    };
    let private =
        |case: &mut Case| case.header["jwk"] = serde_json::from_str(&case.key.to_jwk_json()).unwrap();
    assert_eq!(edit(&private), Some(Code::HeaderInvalid));
    for jwk in [json!(null), json!("x"), json!({"kty": "oct", "k": "AAAA"}), json!({})] {
        assert_eq!(edit(&|case| case.header["jwk"] = jwk.clone()), Some(Code::HeaderInvalid), "{jwk}");
    }
    for alg in ["none", "HS256", "ES256K", "RS256", "EdDSA"] {
        let found = edit(&|case| case.header["alg"] = json!(alg));
        assert!(matches!(found, Some(Code::AlgorithmMismatch | Code::HeaderInvalid)), "{alg} {found:?}");
    }
    let other = PrivateKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(edit(&|case| case.key = other.clone()), Some(Code::SignatureInvalid));
    for typ in ["JWT", "at+jwt", ""] {
        assert_eq!(edit(&|case| case.header["typ"] = json!(typ)), Some(Code::TypMismatch), "{typ}");
    }
}

#[test]
fn footgun_39_the_proof_is_for_this_request_and_this_moment() {
    let edit = |name: &str, value: Value| {
        let mut case = Case::new();
        case.claims[name] = value;
        case.code()
    };
    for method in ["POST", "get", ""] {
        assert_eq!(edit("htm", json!(method)), Some(Code::DpopRequestMismatch), "{method}");
    }
    for uri in ["https://resource.example/", "https://evil.example/protectedresource", ""] {
        assert_eq!(edit("htu", json!(uri)), Some(Code::DpopRequestMismatch), "{uri}");
    }
    assert_eq!(edit("htu", json!(format!("{URI}?q=1#f"))), None);
    for (iat, expected) in [
        (NOW + 5, None),
        (NOW + 6, Some(Code::TokenNotYetValid)),
        (NOW - 65, None),
        (NOW - 66, Some(Code::TokenTooOld)),
    ] {
        assert_eq!(edit("iat", json!(iat)), expected, "{iat}");
    }
    for name in ["jti", "htm", "htu", "iat"] {
        let mut case = Case::new();
        case.claims.as_object_mut().unwrap().remove(name);
        assert_eq!(case.code(), Some(Code::ClaimMissing), "{name}");
    }
    for id in [json!(1), json!("")] {
        assert_eq!(edit("jti", id.clone()), Some(Code::ClaimInvalid), "{id}");
    }
}

/// The hash is the one in RFC 9449 §7.1, of the access token there.
#[test]
fn the_proof_is_bound_to_the_access_token_and_the_nonce() {
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    let mut case = Case::new();
    case.claims["ath"] = json!("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    case.claims["nonce"] = json!("n");
    let proof = case.proof();
    let verifier = DpopVerifier::builder().build().unwrap();
    let code =
        |request: DpopRequest<'_>| verifier.verify(&proof, &request, now()).err().map(|error| error.code());
    let request = DpopRequest::new("GET", URI);
    assert_eq!(code(request.access_token(token).nonce("n")), None);
    assert_eq!(code(request.access_token("another")), Some(Code::DpopTokenMismatch));
    assert_eq!(code(request.nonce("another")), Some(Code::NonceMismatch));
    let bare = Case::new().proof();
    let error = verifier.verify(&bare, &request.access_token(token).nonce("n"), now()).unwrap_err();
    let codes: Vec<_> = error.rejections().iter().map(Rejection::code).collect();
    assert_eq!(codes, [Code::DpopTokenMismatch, Code::NonceMismatch]);
}

#[test]
fn a_secret_proves_no_possession() {
    for algorithms in [vec![], vec![Algorithm::Es256, Algorithm::Hs256]] {
        let error = DpopVerifier::builder().algorithms(algorithms).build().unwrap_err();
        assert_eq!(error.code(), Code::VerifierOptionInvalid);
    }
    let none =
        DpopVerifier::builder().algorithms([Algorithm::Es256k]).policy(AlgorithmPolicy::fips()).build();
    assert_eq!(none.unwrap_err().code(), Code::VerifierOptionInvalid);
    let only = DpopVerifier::builder().algorithms([Algorithm::EdDsa]).build().unwrap();
    let error = only.verify(&Case::new().proof(), &DpopRequest::new("GET", URI), now()).unwrap_err();
    assert_eq!(error, VerifyError::AlgorithmMismatch);
}
