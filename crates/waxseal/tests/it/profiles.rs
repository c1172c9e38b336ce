//! The contracts of tokens, and what single issuers may do differently.

use crate::support::*;
use serde_json::{Value, json};
use waxseal::*;

fn code(verifier: &Verifier, header: &str, claims: &Value) -> Option<Code> {
    verifier.verify::<Value>(&hs256(header, claims.to_string()), now()).err().map(|error| error.code())
}

/// `claims` without `name`, and with another value for it.
fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn profile(profile: Profile) -> VerifierBuilder {
    Verifier::builder().key(secret()).issuer("iss").audience("client").profile(profile)
}

#[test]
fn id_tokens() {
    let claims =
        json!({"iss": "iss", "sub": "s", "aud": "client", "exp": NOW + 60, "iat": NOW, "nonce": "n"});
    let verifier = profile(Profile::IdToken).nonce("n").build().unwrap();
    for header in [HEADER, r#"{"alg":"HS256"}"#] {
        assert_eq!(code(&verifier, header, &claims), None, "{header}");
    }
    for typ in ["at+jwt", "logout+jwt"] {
        let header = format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#);
        assert_eq!(code(&verifier, &header, &claims), Some(Code::TypMismatch), "{typ}");
    }
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        assert_eq!(code(&verifier, HEADER, &without(&claims, name)), Some(Code::ClaimMissing), "{name}");
    }
    assert_eq!(code(&verifier, HEADER, &with(&claims, "nonce", json!("x"))), Some(Code::NonceMismatch));
    assert_eq!(code(&verifier, HEADER, &with(&claims, "nonce", json!(1))), Some(Code::ClaimInvalid));
    let several = with(&claims, "aud", json!(["other", "client"]));
    assert_eq!(code(&verifier, HEADER, &several), Some(Code::ClaimMissing), "azp is needed");
    for (azp, expected) in [("client", None), ("other", Some(Code::AudienceMismatch))] {
        assert_eq!(code(&verifier, HEADER, &with(&several, "azp", json!(azp))), expected, "{azp}");
        assert_eq!(code(&verifier, HEADER, &with(&claims, "azp", json!(azp))), expected, "{azp}");
    }
    let anybody = Verifier::builder().key(secret()).audience("client").profile(Profile::IdToken);
    assert_eq!(anybody.build().unwrap_err(), VerifierError::IssuerMissing);
}

#[test]
fn logout_tokens() {
    let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let claims = json!({"iss": "iss", "aud": "client", "iat": NOW, "exp": NOW + 60, "jti": "j", "events": event, "sid": "x"});
    let header = r#"{"alg":"HS256","typ":"logout+jwt"}"#;
    let verifier = profile(Profile::LogoutToken).build().unwrap();
    assert_eq!(code(&verifier, header, &claims), None);
    assert_eq!(code(&verifier, HEADER, &claims), Some(Code::TypMismatch));
    for name in ["iss", "aud", "iat", "exp", "jti", "events", "sid"] {
        assert_eq!(code(&verifier, header, &without(&claims, name)), Some(Code::ClaimMissing), "{name}");
    }
    assert_eq!(code(&verifier, header, &with(&without(&claims, "sid"), "sub", json!("s"))), None);
    for events in
        [json!({}), json!([]), json!("x"), json!({"http://schemas.openid.net/event/backchannel-logout": 1})]
    {
        assert_eq!(
            code(&verifier, header, &with(&claims, "events", events.clone())),
            Some(Code::ClaimInvalid),
            "{events}"
        );
    }
    assert_eq!(code(&verifier, header, &with(&claims, "nonce", json!("n"))), Some(Code::ClaimInvalid));
}

#[test]
fn client_assertions() {
    let claims = json!({"iss": "c", "sub": "c", "aud": "client", "exp": NOW + 60, "jti": "j"});
    let verifier = Verifier::builder()
        .key(secret())
        .audience("client")
        .profile(Profile::ClientAssertion)
        .build()
        .unwrap();
    for header in [HEADER, r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","typ":"client-authentication+jwt"}"#] {
        assert_eq!(code(&verifier, header, &claims), None, "{header}");
    }
    assert_eq!(code(&verifier, HEADER, &with(&claims, "sub", json!("d"))), Some(Code::SubjectMismatch));
    assert_eq!(code(&verifier, HEADER, &without(&claims, "jti")), Some(Code::ClaimMissing));
    assert_eq!(code(&verifier, r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims), Some(Code::TypMismatch));
}

#[test]
fn security_events() {
    let claims = json!({"iss": "iss", "aud": "client", "iat": NOW, "jti": "j", "events": {"urn:x": {}}});
    let header = r#"{"alg":"HS256","typ":"secevent+jwt"}"#;
    let verifier = profile(Profile::SecurityEvent).build().unwrap();
    assert_eq!(code(&verifier, header, &claims), None, "events do not expire");
    assert_eq!(code(&verifier, header, &with(&claims, "events", json!([]))), Some(Code::ClaimInvalid));
    assert_eq!(code(&verifier, header, &without(&claims, "events")), Some(Code::ClaimMissing));
    assert_eq!(code(&verifier, HEADER, &claims), Some(Code::TypMismatch));
}

#[test]
fn scopes_are_the_last_word() {
    let verifier =
        Verifier::builder().key(secret()).audience("client").scope("read").scope("write").build().unwrap();
    let claims = json!({"aud": "client", "exp": NOW + 60, "scope": "write other read"});
    assert_eq!(code(&verifier, HEADER, &claims), None);
    for scope in ["read", "", "readwrite", "read  Write", "read,write"] {
        let refused = with(&claims, "scope", json!(scope));
        let error = verifier.verify::<Value>(&hs256(HEADER, refused.to_string()), now()).unwrap_err();
        assert_eq!((error.code(), error.bearer_error().status()), (Code::ScopeInsufficient, 403), "{scope}");
    }
    assert_eq!(code(&verifier, HEADER, &without(&claims, "scope")), Some(Code::ScopeInsufficient));
    assert_eq!(code(&verifier, HEADER, &with(&claims, "scope", json!(["read"]))), Some(Code::ClaimInvalid));
    let expired = with(&with(&claims, "scope", json!("")), "exp", json!(NOW));
    let error = verifier.verify::<Value>(&hs256(HEADER, expired.to_string()), now()).unwrap_err();
    assert_eq!((error.code(), error.bearer_error().as_str()), (Code::TokenExpired, "invalid_token"));
}

#[test]
fn header_members_can_be_demanded() {
    let verifier =
        Verifier::builder().key(secret()).audience("client").header_member("tenant", "a").build().unwrap();
    let claims = json!({"aud": "client", "exp": NOW + 60});
    assert_eq!(code(&verifier, r#"{"alg":"HS256","tenant":"a"}"#, &claims), None);
    for header in [HEADER, r#"{"alg":"HS256","tenant":"b"}"#, r#"{"alg":"HS256","tenant":["a"]}"#] {
        assert_eq!(code(&verifier, header, &claims), Some(Code::HeaderInvalid), "{header}");
    }
}

/// Tokens in the shape of known issuers: refused as they are, accepted with the preset, and never without the
/// claims that the preset does not speak of.
#[test]
fn presets_of_issuers() {
    let base = json!({"iss": "iss", "sub": "s", "aud": "client", "exp": NOW + 60, "iat": NOW});
    let auth0 = with(&with(&base, "azp", json!("app")), "scope", json!("openid"));
    let keycloak = with(&with(&base, "jti", json!("j")), "typ", json!("Bearer"));
    let entra = with(&with(&base, "ver", json!("2.0")), "scp", json!("read"));
    let cognito = json!({"iss": "iss", "sub": "s", "client_id": "client", "token_use": "access", "exp": NOW + 60, "iat": NOW, "jti": "j"});
    let untyped = r#"{"kid":"k","alg":"HS256"}"#;
    for (name, leniency, header, claims, needed) in [
        ("auth0", Leniency::auth0(), HEADER, &auth0, "sub"),
        ("keycloak", Leniency::keycloak(), HEADER, &keycloak, "jti"),
        ("entra", Leniency::entra_id(), HEADER, &entra, "aud"),
        ("cognito", Leniency::cognito(), untyped, &cognito, "client_id"),
    ] {
        let strict = profile(Profile::AccessToken).build().unwrap();
        assert!(code(&strict, header, claims).is_some(), "{name}");
        let lenient = profile(Profile::AccessToken).leniency(leniency).build().unwrap();
        assert_eq!(code(&lenient, header, claims), None, "{name}");
        assert_eq!(code(&lenient, header, &without(claims, needed)), Some(Code::ClaimMissing), "{name}");
        assert_eq!(
            code(&lenient, header, &with(claims, "iss", json!("x"))),
            Some(Code::IssuerMismatch),
            "{name}"
        );
        assert_eq!(
            code(&lenient, header, &with(claims, "exp", json!(NOW))),
            Some(Code::TokenExpired),
            "{name}"
        );
    }
    let lenient = profile(Profile::AccessToken).leniency(Leniency::cognito()).build().unwrap();
    assert_eq!(
        code(&lenient, untyped, &with(&cognito, "client_id", json!("x"))),
        Some(Code::AudienceMismatch)
    );
    // An `aud` that is there all the same still says whom the token is for (RFC 7519 §4.1.3).
    for (audience, expected) in [
        (json!("client"), None),
        (json!(["other", "client"]), None),
        (json!("other"), Some(Code::AudienceMismatch)),
        (json!([]), Some(Code::AudienceMismatch)),
        (json!(5), Some(Code::ClaimInvalid)),
    ] {
        assert_eq!(code(&lenient, untyped, &with(&cognito, "aud", audience.clone())), expected, "{audience}");
    }
    let google = Verifier::builder().key(secret()).audience("client").profile(Profile::IdToken);
    let google = google.leniency(Leniency::google()).build().unwrap();
    for (issuer, expected) in [
        ("accounts.google.com", None),
        ("https://accounts.google.com", None),
        ("http://accounts.google.com", Some(Code::IssuerMismatch)),
    ] {
        assert_eq!(code(&google, HEADER, &with(&base, "iss", json!(issuer))), expected, "{issuer}");
    }
}

#[test]
fn footgun_10_padding_only_for_the_load_balancer_that_writes_it() {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/mine/1";
    let pad = |text: String| format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4));
    let token = |signer: &str| {
        let header = json!({"typ": "JWT", "alg": "HS256", "signer": signer}).to_string();
        let claims = json!({"iss": "iss", "sub": "someone", "exp": NOW + 60}).to_string();
        let input = format!("{}.{}", pad(base64url(header)), pad(base64url(claims)));
        let tag = hmac_sha256(b"0123456789abcdef0123456789abcdef", input.as_bytes());
        format!("{input}.{}", pad(base64url(tag)))
    };
    let build = |leniency: Leniency| {
        Verifier::builder().key(secret()).issuer("iss").leniency(leniency).without_audience().build().unwrap()
    };
    let good = token(arn);
    assert!(good.contains("=."), "{good}");
    let alb = build(Leniency::aws_alb(arn));
    assert!(alb.verify::<Value>(&good, now()).is_ok());
    let strict = build(Leniency::none());
    assert_eq!(strict.verify::<Value>(&good, now()).unwrap_err().code(), Code::TokenMalformed);
    let foreign = alb.verify::<Value>(&token("arn:of:somebody:else"), now()).unwrap_err();
    assert_eq!(foreign.code(), Code::HeaderInvalid);
    for other in [good.replace("=.", "==."), good.replace("=.", "."), format!("{good}=")] {
        assert!(alb.verify::<Value>(&other, now()).is_err(), "{other}");
    }
}
