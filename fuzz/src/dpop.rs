//! Proofs of possession: with any header and any claims, correctly signed by the fixed Ed25519 key, a proof is accepted
//! only as RFC 9449 §4.3 says.

use crate::model::Expected;
use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{fixed, generate, reference};
use aws_lc_rs::signature::Ed25519KeyPair;
use std::sync::OnceLock;
use waxseal::{DpopRequest, DpopVerifier};

const HEADER_NAMES: &[&str] = &["alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x", "typ", "alg", ""];
const CLAIM_NAMES: &[&str] =
    &["htm", "htu", "jti", "iat", "ath", "nonce", "exp", "nbf", "iss", "aud", "iat", "x"];

/// Claims that a fair share of the inputs starts with, less their last brace.
const GOOD: &[&str] = &[
    "{",
    r#"{"jti":"j","htm":"POST","htu":"https://server.example/token","iat":1700000000"#,
    r#"{"jti":"j","htm":"POST","htu":"HTTPS://Server.example:443/token?q#f","iat":1699999950,"nonce":"k""#,
    r#"{"jti":"j","htm":"POST","htu":"https://server.example/token","iat":1700000005,"ath":"LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ""#,
    r#"{"jti":"old","htm":"POST","htu":"https://server.example/token","iat":1699999930"#,
    r#"{"jti":"j","htm":"post","htu":"https://server.example/token","iat":1700000000"#,
];

/// Addresses that name the resource of the request (RFC 3986 §6.2.2 and §6.2.3; query and fragment do not count).
const SAME: &[&str] = &["https://server.example/token", "HTTPS://Server.example:443/token?q#f"];

/// Panics if a proof is accepted that should not be, or the other way round.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    let (token, nonce) = (source.one_in(4), source.one_in(4));
    let header = object(&mut source, &headers(), HEADER_NAMES);
    let claims = object(&mut source, GOOD, CLAIM_NAMES);
    let proof = sign(&format!("{}.{}", reference::encode(&header), reference::encode(&claims)));
    let mut request = DpopRequest::new("POST", "https://server.example/token");
    request = if token { request.access_token("hello") } else { request };
    request = if nonce { request.nonce("k") } else { request };
    let good = header_fits(&header) && claims_fit(&claims, token, nonce);
    match verifier().verify(&proof, &request, fixed::at(0)) {
        Ok(proved) => {
            assert!(good, "accepted: {header} {claims}");
            let tree = Tree::read(&claims).expect("read before");
            assert_eq!(Some(proved.id()), tree.member("jti").and_then(Tree::text), "{claims}");
            reached("accepted");
        }
        Err(error) => {
            assert!(!good, "{error}: {header} {claims}");
            reached(format!("refused {}", error.code()));
        }
    }
}

fn object(source: &mut Source<'_>, good: &[impl AsRef<str>], names: &[&str]) -> String {
    let start = source.pick_from(good).as_ref();
    let generated = generate::object(source, names);
    let members = generated.strip_prefix('{').unwrap_or(&generated);
    let comma = if start == "{" || members.trim_start().starts_with('}') { "" } else { "," };
    format!("{start}{comma}{members}")
}

fn headers() -> [String; 4] {
    let jwk = fixed::PROOF_KEY.trim();
    [
        "{".to_owned(),
        format!("{{\"typ\":\"dpop+jwt\",\"alg\":\"EdDSA\",\"jwk\":{jwk}"),
        format!("{{\"typ\":\"application/DPoP+JWT\",\"alg\":\"Ed25519\",\"jwk\":{jwk},\"kid\":\"k\""),
        format!("{{\"alg\":\"EdDSA\",\"jwk\":{jwk}"),
    ]
}

fn header_fits(header: &str) -> bool {
    let Some(header) = Tree::read(header).filter(|tree| tree.is_strict_object(32)) else { return false };
    let text = |name| header.member(name).map(|value| value.text().unwrap_or_default());
    let typ = text("typ").unwrap_or_default().to_ascii_lowercase();
    let kid =
        text("kid").is_none_or(|kid| (1..=256).contains(&kid.len()) && !kid.chars().any(char::is_control));
    typ.strip_prefix("application/").unwrap_or(&typ) == "dpop+jwt"
        && ["EdDSA", "Ed25519"].contains(&text("alg").unwrap_or_default())
        && header.member("jwk") == Tree::read(fixed::PROOF_KEY).as_ref()
        && kid
        && header.member("crit").is_none()
        && header.member("b64").is_none()
}

fn claims_fit(claims: &str, token: bool, nonce: bool) -> bool {
    let Some(claims) = Tree::read(claims).filter(|tree| tree.is_strict_object(32)) else { return false };
    let expected = Expected {
        required: ["jti", "htm", "htu"].map(str::to_owned).to_vec(),
        expiry_optional: true,
        leeway: 5,
        max_age: Some(60),
        ..Expected::default()
    };
    let text = |name| claims.member(name).and_then(Tree::text);
    expected.failures(&claims, fixed::NOW).is_empty()
        && text("htm") == Some("POST")
        && text("htu").is_some_and(|htu| SAME.contains(&htu))
        && (!token || text("ath") == Some("LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ"))
        && (!nonce || text("nonce") == Some("k"))
}

/// A signing input of any text, signed.
fn sign(input: &str) -> String {
    static PAIR: OnceLock<Ed25519KeyPair> = OnceLock::new();
    let pair = PAIR.get_or_init(|| {
        let jwk = fixed::private_jwk(waxseal::Algorithm::EdDsa);
        let jwk: serde_json::Value = serde_json::from_str(jwk).expect("JSON");
        let seed = reference::decode(jwk["d"].as_str().expect("a seed")).expect("base64url");
        Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 octets")
    });
    format!("{input}.{}", reference::encode(pair.sign(input.as_bytes())))
}

fn verifier() -> &'static DpopVerifier {
    static VERIFIER: OnceLock<DpopVerifier> = OnceLock::new();
    VERIFIER.get_or_init(|| DpopVerifier::builder().build().expect("a good verifier"))
}
