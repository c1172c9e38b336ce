//! The library's reader of JSON and `serde_json` never disagree.
//!
//! Any text, once as the claims of a sealed token, once as a JWK, once as a JWK Set. What the library reads,
//! `serde_json` reads with the same members; what either refuses, or repeats a member, the library refuses.

use crate::fixed;
use crate::outcome::reached;
use crate::source::Source;
use crate::tree::Tree;
use crate::{agree, generate, model};
use serde_json::Value;
use std::sync::OnceLock;
use waxseal::{Code, Jwk, JwkSet, Unverified, Verifier};

/// How deep the claims of a token and a JWK may be nested.
const TOKEN_DEPTH: usize = 32;
const JWK_DEPTH: usize = 16;

const NAMES: &[&str] = &[
    "a",
    "b",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "kty",
    "k",
    "crv",
    "x",
    "kid",
    "alg",
    "use",
    "key_ops",
    "keys",
    "",
    "__proto__",
    "\u{0}",
    "é",
    "\u{1F600}",
];

/// Panics if the two readers disagree.
pub fn property(data: &[u8]) {
    // Text as it stands starts like JSON; anything else makes choices.
    if data.first().is_some_and(|first| b" \t\n\r{[\"\xef".contains(first)) {
        check(data);
    } else {
        check(generate::object(&mut Source::new(data), NAMES).as_bytes());
    }
}

fn check(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        let token = fixed::seal(r#"{"alg":"HS256"}"#, bytes);
        let error = verifier().verify::<Value>(&token, fixed::at(0)).expect_err("not UTF-8");
        assert!([Code::TokenMalformed, Code::TokenTooLarge].contains(&error.code()), "{error}");
        assert!(Jwk::parse(bytes).is_err(), "a JWK that is not UTF-8");
        return reached("not UTF-8");
    };
    let tree = Tree::read(text);
    if tree.as_ref().is_some_and(Tree::repeats_a_member) {
        reached("repeated member");
    }
    check_claims(text, tree.as_ref());
    check_jwk(text, tree.as_ref());
    check_set(text, tree.as_ref());
}

fn check_claims(text: &str, tree: Option<&Tree>) {
    let token = fixed::seal(r#"{"alg":"HS256"}"#, text);
    if token.len() > 16 * 1024 {
        return;
    }
    let ours = Unverified::<Value>::decode_without_verifying(&token);
    let verified = agree::verify(verifier(), &token, fixed::at(0));
    let Some(tree) = tree.filter(|tree| tree.is_strict_object(TOKEN_DEPTH)) else {
        reached("both refuse");
        assert_eq!(ours.map(drop).expect_err("read by us alone").code(), Code::TokenMalformed);
        assert_eq!(verified.map(drop).expect_err("verified by us alone").code(), Code::TokenMalformed);
        return;
    };
    reached("both read");
    let theirs: Value = serde_json::from_str(text).expect("read before");
    assert_eq!(ours.expect("refused by us alone").claims(), &theirs);
    match verified {
        Ok(verified) => {
            assert_eq!((verified.payload(), verified.claims()), (text, &theirs));
            model::assert_registered(verified.registered(), tree);
            reached("both verify");
        }
        Err(error) => assert!(!error.rejections().is_empty(), "refused by us alone: {error}"),
    }
}

fn check_jwk(text: &str, tree: Option<&Tree>) {
    let Ok(jwk) = Jwk::parse(text) else { return };
    reached("JWK read");
    let tree = tree.expect("a JWK read by us alone");
    assert!(tree.is_strict_object(JWK_DEPTH), "a JWK read by us alone");
    let text = |name| tree.member(name).and_then(Tree::text);
    assert_eq!(Some(jwk.kty()), text("kty"), "kty");
    assert_eq!(jwk.alg(), text("alg"), "alg");
    assert_eq!(jwk.kid(), text("kid"), "kid");
    let private = if jwk.kty() == "oct" { "k" } else { "d" };
    assert_eq!(jwk.is_private(), tree.member(private).is_some(), "{private}");
}

fn check_set(text: &str, tree: Option<&Tree>) {
    let Ok(set) = JwkSet::parse(text) else { return };
    reached("JWK Set read");
    let tree = tree.expect("a JWK Set read by us alone");
    assert!(tree.is_strict_object(JWK_DEPTH), "a JWK Set read by us alone");
    let Some(Tree::Array(members)) = tree.member("keys") else { panic!("a JWK Set without keys") };
    assert_eq!(set.keys().len() + set.skipped().len(), members.len(), "each is used or skipped");
    let mut used = members.iter().enumerate().filter(|(index, _)| {
        let skipped = |skipped: &waxseal::SkippedKey| skipped.index == *index;
        !set.skipped().iter().any(skipped)
    });
    for key in set.keys() {
        let (_, member) = used.next().expect("a member for each key");
        let kid = member.member("kid").map_or(Some(key.thumbprint()), |kid| kid.text().map(str::to_owned));
        assert_eq!(key.kid().map(str::to_owned), kid, "kid");
    }
}

fn verifier() -> &'static Verifier {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    VERIFIER.get_or_init(|| {
        let verifier = Verifier::builder().key(fixed::secret_key()).without_audience().without_expiry();
        verifier.build().expect("a good verifier")
    })
}
