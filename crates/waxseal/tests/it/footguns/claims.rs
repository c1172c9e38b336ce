//! Claims: present, of the right type, in their time, for us.

use crate::support::*;
use serde_json::Value;
use std::time::Duration;
use waxseal::*;

#[test]
fn the_ground_the_other_tests_stand_on() {
    assert_eq!(claims_code(GOOD), None);
    assert_eq!(header_code(r#"{"alg":"HS256"}"#), None);
}

#[test]
fn footgun_20_the_issuer_is_one_text() {
    for (issuer, code) in [
        ("\"other\"", Code::IssuerMismatch),
        ("\"iss \"", Code::IssuerMismatch),
        ("\"ISS\"", Code::IssuerMismatch),
        ("\"\"", Code::IssuerMismatch),
        ("[\"iss\"]", Code::ClaimInvalid),
        ("[\"iss\",\"other\"]", Code::ClaimInvalid),
        ("{\"iss\":\"iss\"}", Code::ClaimInvalid),
        ("null", Code::ClaimInvalid),
    ] {
        let claims = format!(r#"{{"iss":{issuer},"aud":"aud","exp":1700000060}}"#);
        assert_eq!(claims_code(claims), Some(code), "{issuer}");
    }
}

#[test]
fn footgun_21_a_wrong_type_is_refused_whether_or_not_the_claim_is_checked() {
    let lax = Verifier::builder().key(secret()).without_audience().without_expiry().build().unwrap();
    for claim in ["iss", "sub", "jti"] {
        for bad in ["1", "null", "true", "[]", "[\"a\"]", "{}"] {
            let token = hs256(HEADER, format!(r#"{{"{claim}":{bad}}}"#));
            let error = lax.verify::<Value>(&token, now()).unwrap_err();
            assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, claim), "{bad}");
        }
    }
    for claim in ["exp", "nbf", "iat"] {
        for bad in ["\"1700000060\"", "null", "true", "[]", "{}", "[1700000060]", "\"\""] {
            let error =
                lax.verify::<Value>(&hs256(HEADER, format!(r#"{{"{claim}":{bad}}}"#)), now()).unwrap_err();
            assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, claim), "{bad}");
        }
    }
    for bad in ["1", "null", "true", "{}", "[1]", "[\"aud\",1]", "[[\"aud\"]]", "[null]"] {
        assert_eq!(
            claims_code(format!(r#"{{"iss":"iss","aud":{bad},"exp":1700000060}}"#)),
            Some(Code::ClaimInvalid)
        );
        let error = lax.verify::<Value>(&hs256(HEADER, format!(r#"{{"aud":{bad}}}"#)), now()).unwrap_err();
        assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimInvalid, "aud"), "{bad}");
    }
}

#[test]
fn footgun_22_dates_at_and_beyond_the_ends() {
    let code = |exp: &str| claims_code(format!(r#"{{"iss":"iss","aud":"aud","exp":{exp}}}"#));
    for (exp, expected) in [
        ("1700000001", None),
        ("1700000001.0", None),
        ("1.700000060e9", None),
        ("253402300799", None),
        ("1700000000", Some(Code::TokenExpired)),
        ("1700000000.9", Some(Code::TokenExpired)),
        ("0", Some(Code::TokenExpired)),
        ("-0", Some(Code::TokenExpired)),
        ("-1", Some(Code::ClaimInvalid)),
        ("-0.5", Some(Code::ClaimInvalid)),
        ("253402300800", Some(Code::ClaimInvalid)),
        ("9223372036854775807", Some(Code::ClaimInvalid)),
        ("9223372036854775808", Some(Code::ClaimInvalid)),
        ("18446744073709551616", Some(Code::ClaimInvalid)),
        ("1e308", Some(Code::ClaimInvalid)),
        ("1e999", Some(Code::TokenMalformed)),
        ("-1e999", Some(Code::TokenMalformed)),
    ] {
        assert_eq!(code(exp), expected, "{exp}");
    }
    let base = || Verifier::builder().key(secret()).audience("aud").max_age(Duration::MAX);
    let error = base().leeway(Duration::MAX).build().unwrap_err();
    assert_eq!(error.code(), Code::VerifierOptionInvalid);
    let endless = base().leeway(Duration::from_secs(24 * 60 * 60)).build().unwrap();
    let claims = r#"{"aud":"aud","exp":253402300799,"iat":0,"nbf":253402300799}"#;
    // Nothing wraps at the last second: with leeway on top the token is still expired.
    let error = endless.verify::<Value>(&hs256(HEADER, claims), NumericDate::MAX).unwrap_err();
    assert_eq!(error.code(), Code::TokenExpired);
}

#[test]
fn footgun_23_an_expectation_makes_its_claim_required() {
    let base = || Verifier::builder().key(secret()).without_audience().without_expiry();
    let all: [(&str, VerifierBuilder); 6] = [
        ("iss", base().issuer("a")),
        ("sub", base().subject("a")),
        ("jti", base().id("a")),
        ("iat", base().max_age(Duration::from_secs(5))),
        ("role", base().require("role")),
        ("exp", Verifier::builder().key(secret()).without_audience()),
    ];
    for (claim, builder) in all {
        let error = builder.build().unwrap().verify::<Value>(&hs256(HEADER, "{}"), now()).unwrap_err();
        assert_eq!((error.code(), error.rejections()[0].claim()), (Code::ClaimMissing, claim));
    }
    let error = verifier(secret()).verify::<Value>(&hs256(HEADER, "{}"), now()).unwrap_err();
    let missing: Vec<&str> = error.rejections().iter().map(Rejection::claim).collect();
    assert_eq!(missing, ["iss", "aud", "exp"]);
}

#[test]
fn footgun_24_the_audience_must_be_named_or_waived() {
    let error = Verifier::builder().key(secret()).build().unwrap_err();
    assert_eq!(error, VerifierError::AudienceMissing);
    assert!(error.to_string().contains("without_audience"), "the remedy is named");
    for (audience, code) in [
        ("\"aud\"", None),
        ("[\"x\",\"aud\"]", None),
        ("\"x\"", Some(Code::AudienceMismatch)),
        ("\"audience\"", Some(Code::AudienceMismatch)),
        ("\"\"", Some(Code::AudienceMismatch)),
        ("[]", Some(Code::AudienceMismatch)),
    ] {
        assert_eq!(
            claims_code(format!(r#"{{"iss":"iss","aud":{audience},"exp":1700000060}}"#)),
            code,
            "{audience}"
        );
    }
}

#[test]
fn footgun_25_all_failures_are_reported_lasting_ones_first() {
    let claims = r#"{"iss":"x","aud":"x","exp":1,"nbf":1800000000}"#;
    let error = verify(&hs256(HEADER, claims)).unwrap_err();
    let codes: Vec<_> = error.rejections().iter().map(Rejection::code).collect();
    let expected = [Code::IssuerMismatch, Code::AudienceMismatch, Code::TokenExpired, Code::TokenNotYetValid];
    assert_eq!(codes, expected);
    assert_eq!(error.code(), Code::IssuerMismatch);
}

#[test]
fn footgun_28_expectations_are_texts_and_no_patterns() {
    for pattern in [".*", "^iss$", "is.", "(a+)+$", "[a-z]+", "*", "iss|x"] {
        let base = || Verifier::builder().key(secret());
        let by_issuer = base().issuer(pattern).audience("aud").build().unwrap();
        let by_audience = base().issuer("iss").audience(pattern).build().unwrap();
        for (verifier, code) in [(by_issuer, Code::IssuerMismatch), (by_audience, Code::AudienceMismatch)] {
            let error = verifier.verify::<Value>(&hs256(HEADER, GOOD), now()).unwrap_err();
            assert_eq!(error.code(), code, "{pattern}");
        }
    }
}

#[test]
fn footgun_41_claims_that_sound_secret_are_refused_until_allowed() {
    let claims = serde_json::json!({"profile": {"password_hint": "the usual"}});
    let signer = signer(secret());
    let error = signer.token(now()).claims(&claims).sign().unwrap_err();
    assert!(matches!(&error, SignError::RefusedClaim { claim, .. } if claim == "password_hint"), "{error}");
    assert!(signer.token(now()).claims(&claims).allow_claim("password_hint").sign().is_ok());
}
