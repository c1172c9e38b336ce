//! Verifying into claims that borrow: the same verdicts, and what the built-in ones show.

use crate::support::*;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use waxseal::*;

#[derive(Deserialize)]
struct Borrowed<'a> {
    #[serde(borrow)]
    sub: Cow<'a, str>,
}

#[test]
fn all_ways_to_verify_give_the_same_verdict() {
    let verifier = verifier(secret());
    let mut scratch = Scratch::new();
    let claims = [
        GOOD.to_owned(),
        with_member(r#""sub":"s""#),
        with_member(r#""sub":1"#),
        with_member(r#""nbf":1700000001"#),
        with_member(r#""iss":"iss""#),
        GOOD.replace("1700000060", "1700000000"),
        GOOD.replace("\"aud\":\"aud\"", "\"aud\":[]"),
        "[]".to_owned(),
        String::new(),
    ];
    let headers = [
        HEADER,
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{ "alg" : "HS256" }"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
    ];
    for (header, claims) in
        headers.into_iter().flat_map(|header| claims.iter().map(move |claims| (header, claims)))
    {
        let token = hs256(header, claims);
        for token in [token.clone(), format!("{token}A"), token.replace('.', "..")] {
            let owned = verifier.verify::<Value>(&token, now()).map(|_| ());
            let borrowed = verifier.verify_borrowed::<Value>(&token, now(), &mut scratch).map(|_| ());
            let built_in = verifier.verify_claims(&token, now(), &mut scratch).map(|_| ());
            assert_eq!((&borrowed, &built_in), (&owned, &owned), "{header} {claims}");
        }
    }
}

#[test]
fn what_has_no_escapes_is_borrowed() {
    let verifier = verifier(secret());
    let mut scratch = Scratch::new();
    for (sub, borrowed) in [("\"alice\"", true), ("\"\\u0061lice\"", false)] {
        let token = hs256(HEADER, with_member(&format!("\"sub\":{sub}")));
        let verified = verifier.verify_borrowed::<Borrowed<'_>>(&token, now(), &mut scratch).unwrap();
        assert_eq!((&*verified.sub, matches!(verified.sub, Cow::Borrowed(_))), ("alice", borrowed), "{sub}");
    }
}

#[test]
fn the_built_in_claims_show_all_registered_ones() {
    let verifier =
        Verifier::builder().key(secret().with_kid("k").unwrap()).any_audience(["b"]).build().unwrap();
    let claims = r#"{"iss":"i","sub":"\u0073","aud":["a","b"],"exp":1700000060,"nbf":1699999999.5,"iat":1,"jti":"j","n":[1, 2],"t":"x\ny"}"#;
    let token = hs256(r#"{"alg":"HS256","kid":"k"}"#, claims);
    let mut scratch = Scratch::new();
    let verified = verifier.verify_claims(&token, now(), &mut scratch).unwrap();
    assert_eq!(
        (verified.iss().as_deref(), verified.sub().as_deref(), verified.jti().as_deref()),
        (Some("i"), Some("s"), Some("j"))
    );
    assert_eq!(verified.aud().iter().collect::<Vec<_>>(), ["a", "b"]);
    assert!(verified.aud().contains("a") && !verified.aud().contains("c"));
    let seconds = |date: Option<NumericDate>| date.map(NumericDate::seconds);
    assert_eq!(
        (seconds(verified.exp()), seconds(verified.nbf()), seconds(verified.iat())),
        (Some(NOW + 60), Some(NOW), Some(1))
    );
    assert_eq!((verified.find("n"), verified.find("missing")), (Some("[1, 2]"), None));
    assert_eq!((verified.text("t").as_deref(), verified.text("n")), (Some("x\ny"), None));
    assert_eq!((verified.payload(), verified.kid()), (claims, Some("k")));
    let again = verified.registered();
    assert_eq!((again.iss(), seconds(again.exp())), (verified.iss(), seconds(verified.exp())));
}

#[test]
fn the_callers_checks_see_accepted_claims_only_and_are_all_reported() {
    let verifier = Verifier::builder()
        .key(secret())
        .audience("aud")
        .check("a", "one", |claims| claims.find("a") == Some("1"))
        .check("b", "two", |claims| claims.find("b") == Some("2"))
        .check("never", "reached by refused claims", |claims| claims.exp() > Some(now()));
    let verifier = verifier.build().unwrap();
    let codes = |claims: &str| {
        let error = verifier.verify::<Value>(&hs256(HEADER, claims), now()).err();
        let rejections = error.iter().flat_map(|error| error.rejections().iter());
        rejections.map(|found| (found.code(), found.claim().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(codes(&with_member(r#""a":1,"b":2"#)), []);
    let refused = |name: &str| (Code::ClaimRejected, name.to_owned());
    assert_eq!(codes(GOOD), [refused("a"), refused("b")]);
    assert_eq!(codes(&GOOD.replace("1700000060", "1")), [(Code::TokenExpired, "exp".to_owned())]);
}
