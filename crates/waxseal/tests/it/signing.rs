//! What a signer writes and what it refuses.

use crate::support::*;
use serde_json::{Value, json};
use std::time::Duration;
use waxseal::*;

fn payload(token: &str) -> Value {
    Unverified::<Value>::decode_without_verifying(token).unwrap().claims().clone()
}

#[test]
fn the_registered_claims_are_written() {
    let signer = signer(secret().with_kid("k").unwrap());
    let token = signer
        .token(now())
        .subject("al\"ice\n")
        .id("j")
        .not_before(at(0))
        .claims(&json!({"role": "x"}))
        .sign()
        .unwrap();
    let expected = json!({"iss": "iss", "sub": "al\"ice\n", "jti": "j", "aud": "aud", "exp": NOW + 60, "nbf": NOW, "iat": NOW, "role": "x"});
    assert_eq!(payload(&token), expected);
    let header = Unverified::<Value>::decode_without_verifying(&token).unwrap().header().clone();
    assert_eq!(header, json!({"alg": "HS256", "typ": "JWT", "kid": "k"}));
    let several = signer.token(now()).audience("a").audiences(&["b", "c"]).sign().unwrap();
    assert_eq!(payload(&several)["aud"], json!(["a", "b", "c"]));
    let verified = verifier(secret().with_kid("k").unwrap()).verify::<Value>(&token, now()).unwrap();
    assert_eq!((verified.kid(), verified.registered().sub.as_deref()), (Some("k"), Some("al\"ice\n")));
    assert_eq!(verified.registered().aud, ["aud"]);
}

#[test]
fn a_lifetime_is_needed() {
    let bare = Signer::builder(secret()).build().unwrap();
    assert_eq!(bare.token(now()).sign().unwrap_err(), SignError::LifetimeMissing);
    assert_eq!(payload(&bare.token(now()).without_expiry().sign().unwrap()), json!({"iat": NOW}));
    assert_eq!(payload(&bare.token(now()).expires_at(at(5)).sign().unwrap())["exp"], NOW + 5);
    for (seconds, before) in [(0, None), (10, Some(at(10)))] {
        let mut token = bare.token(now()).lifetime(Duration::from_secs(seconds));
        if let Some(before) = before {
            token = token.not_before(before);
        }
        assert_eq!(token.sign().unwrap_err(), SignError::LifetimeInvalid, "{seconds}");
    }
    assert_eq!(bare.token(now()).expires_at(at(0)).sign().unwrap_err(), SignError::LifetimeInvalid);
    let zero = Signer::builder(secret()).lifetime(Duration::from_millis(999)).build();
    assert_eq!(zero.unwrap_err(), SignError::LifetimeInvalid);
    let last = bare.token(NumericDate::MAX).lifetime(Duration::MAX).sign();
    assert_eq!(last.unwrap_err(), SignError::LifetimeInvalid, "there is no later second");
}

#[test]
fn claims_are_set_once_and_are_an_object() {
    let signer = signer(secret());
    let sign = |claims: &Value| signer.token(now()).subject("s").claims(claims).sign();
    for name in ["iss", "sub", "aud", "exp", "iat"] {
        let error = sign(&json!({name: 1})).unwrap_err();
        assert!(matches!(&error, SignError::DuplicateClaim { claim, .. } if claim == name), "{error}");
    }
    for claims in [json!([]), json!("text"), json!(5), json!(null)] {
        assert_eq!(sign(&claims).unwrap_err().code(), Code::SignClaimsInvalid, "{claims}");
    }
    for claims in [json!({"jti": 5}), json!({"nbf": "soon"})] {
        assert_eq!(sign(&claims).unwrap_err().code(), Code::SignClaimsInvalid, "{claims}");
    }
    assert!(sign(&json!({})).is_ok());
    let twice = signer.token(now()).claims(&json!({"a": 1})).claims(&json!({"b": 2})).sign().unwrap();
    assert_eq!((&payload(&twice)["a"], &payload(&twice)["b"]), (&json!(1), &json!(2)));
    let error = signer.token(now()).claims(&json!({"a": 1})).claims(&json!({"a": 2})).sign().unwrap_err();
    assert!(matches!(&error, SignError::DuplicateClaim { claim, .. } if claim == "a"), "{error}");
}

#[test]
fn a_date_is_signed_if_a_verifier_reads_it() {
    let signer = Signer::builder(secret()).build().unwrap();
    for (claim, text, sound) in [
        ("nbf", "253402300799", true),
        ("nbf", "253402300799.5", false),
        ("nbf", "-0.5", true),
        ("exp", "253402300799.5", true),
        ("exp", "-0.5", false),
    ] {
        let claims = serde_json::value::RawValue::from_string(format!("{{\"{claim}\":{text}}}")).unwrap();
        let token = signer.token(now()).without_expiry().claims(&claims).sign();
        assert_eq!(token.is_ok(), sound, "{claim} {text}");
        let read = verify(&hs256(HEADER, claims.get())).unwrap_err();
        let invalid = |found: &Rejection| found.code() == Code::ClaimInvalid && found.claim() == claim;
        assert_eq!(read.rejections().iter().any(invalid), !sound, "{claim} {text}");
    }
}

/// Raw JSON text is written as it stands, white space too.
#[test]
fn an_object_without_members_adds_nothing_however_it_is_written() {
    let signer = signer(secret());
    let expected = payload(&signer.token(now()).sign().unwrap());
    for text in ["{}", "{ }", "{\n\t\r}"] {
        let claims = serde_json::value::RawValue::from_string(text.to_owned()).unwrap();
        let once = signer.token(now()).claims(&claims).sign().unwrap();
        assert_eq!(payload(&once), expected, "{text:?}");
        let twice = signer.token(now()).claims(&claims).claims(&claims).sign().unwrap();
        assert_eq!(payload(&twice), expected, "{text:?}");
    }
}

#[test]
fn a_token_too_long_to_be_accepted_is_not_made() {
    let long = json!({"text": "x".repeat(13_000)});
    let signer = signer(secret());
    assert_eq!(signer.token(now()).claims(&long).sign().unwrap_err().code(), Code::SignTooLarge);
    let mut out = b"earlier".to_vec();
    assert!(signer.token(now()).claims(&long).sign_into(&mut out).is_err());
    assert!(out.is_empty(), "nothing half made is left");
    signer.token(now()).sign_into(&mut out).unwrap();
    assert!(verify(std::str::from_utf8(&out).unwrap()).is_ok());
}

#[test]
fn claims_of_another_shape_say_what_is_missing_and_quote_nothing() {
    #[derive(Debug, serde::Deserialize)]
    struct Claims {
        #[allow(dead_code, reason = "only its absence matters")]
        role: u32,
    }
    let verifier = verifier(secret());
    let error = verifier.verify::<Claims>(&hs256(HEADER, GOOD), now()).unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("`role`")), (Code::ClaimsMismatch, true));
    let error =
        verifier.verify::<Claims>(&hs256(HEADER, with_member(r#""role":"private""#)), now()).unwrap_err();
    assert_eq!((error.code(), format!("{error:?}").contains("private")), (Code::ClaimsMismatch, false));
}

#[test]
fn time_rules_at_their_boundaries() {
    let verifier = Verifier::builder().key(secret()).audience("aud").leeway(Duration::from_secs(5));
    let verifier = verifier.max_age(Duration::from_secs(100)).build().unwrap();
    let claims = with_member(r#""nbf":1700000010,"iat":1700000000"#).replace("1700000060", "1700000200");
    let token = hs256(HEADER, claims);
    for (second, code) in [
        (-6, Some(Code::TokenNotYetValid)),
        (4, Some(Code::TokenNotYetValid)),
        (5, None),
        (105, None),
        (106, Some(Code::TokenTooOld)),
        (205, Some(Code::TokenExpired)),
    ] {
        let found = verifier.verify::<Value>(&token, at(second)).err().map(|error| error.code());
        assert_eq!(found, code, "{second}");
    }
}

/// Writes a text as it stands, as `serde_json`'s own raw values do, but without its checks.
struct AsItStands(&'static str);

impl serde::Serialize for AsItStands {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        const NAME: &str = "$serde_json::private::RawValue";
        let mut raw = serializer.serialize_struct(NAME, 1)?;
        raw.serialize_field(NAME, self.0)?;
        raw.end()
    }
}

#[test]
fn whatever_claims_write_a_token_is_signed_only_over_one_object() {
    let signer = signer(secret());
    for (text, expected) in
        [(r#"{"role":"x"}"#, Some("x")), ("{\"role\":\"x\"} \n", Some("x")), ("{ } ", None), ("{}", None)]
    {
        let claims = AsItStands(text);
        let role = |token: String| payload(&token).get("role").and_then(Value::as_str).map(str::to_owned);
        let one = signer.token(now()).claims(&claims).sign().unwrap();
        assert_eq!(role(one).as_deref(), expected, "{text:?}");
        let two = signer.token(now()).claims(&json!({"more": 1})).claims(&claims).sign().unwrap();
        assert_eq!(role(two).as_deref(), expected, "{text:?}");
    }
    for text in ["", " ", "{", "}", "{}}", "{},{}", " {}", "{\"a\":1},\"sub\":\"root\"}", "{\"a\":1}\0"] {
        let error = signer.token(now()).claims(&AsItStands(text)).sign().unwrap_err();
        assert_eq!(error.code(), Code::SignClaimsInvalid, "{text:?}");
    }
}
