//! What a header may say, and what is not listened to.

use crate::support::*;
use serde_json::Value;
use waxseal::*;

#[test]
fn footgun_14_crit() {
    for crit in
        ["[\"b64\"]", "[\"exp\"]", "[\"x\"]", "[]", "[\"\"]", "[\"alg\"]", "\"exp\"", "null", "{}", "[1]"]
    {
        let header = format!(r#"{{"alg":"HS256","crit":{crit},"b64":true,"x":1}}"#);
        assert_eq!(header_code(header), Some(Code::CritUnsupported), "{crit}");
    }
}

#[test]
fn footgun_15_and_16_keys_in_the_header_are_never_looked_at() {
    let attacker = PrivateKey::generate(Algorithm::Es256).unwrap();
    let jwk = attacker.public_key().to_jwk().to_public_json();
    let trusted = PrivateKey::generate(Algorithm::Es256).unwrap();
    let header =
        format!(r#"{{"alg":"ES256","jwk":{jwk},"jku":"https://evil.example/","x5u":"file:///etc/passwd"}}"#);
    let token = signer(attacker).token(now()).sign().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let forged = format!("{}.{}.{}", base64url(header), parts[1], parts[2]);
    let error = verifier(&trusted).verify::<Value>(&forged, now()).unwrap_err();
    assert_eq!(error, VerifyError::BadSignature);
    // Their presence alone does no harm: some issuers send them.
    assert_eq!(header_code(format!(r#"{{"alg":"HS256","jwk":{jwk},"x5c":["AAAA"]}}"#)), None);
}

#[test]
fn footgun_17_kid() {
    let long = "k".repeat(257);
    for kid in
        ["\"a\\nb\"", "\"\\u0000\"", "\"\\u007f\"", "\"\"", &format!("\"{long}\""), "1", "null", "[\"a\"]"]
    {
        let header = format!(r#"{{"alg":"HS256","kid":{kid}}}"#);
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{kid}");
    }
    // Text that is meant for a database or a file system is only compared.
    for kid in ["' OR 1=1 --", "../../../../dev/null", "k"] {
        let named = verifier(secret().with_kid("mine").unwrap());
        let error = named.verify::<Value>(&hs256(format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), GOOD), now());
        let error = error.unwrap_err();
        assert!(matches!(&error, VerifyError::KeyNotFound { kid: Some(found), .. } if found == kid), "{kid}");
    }
    for kid in ["", "a\nb", "\u{7f}", &long] {
        assert_eq!(secret().with_kid(kid).unwrap_err(), KeyError::IdInvalid, "{kid:?}");
    }
}

#[test]
fn footgun_24_a_token_for_one_purpose_does_not_serve_another() {
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "", "JOSE"] {
        assert_eq!(
            header_code(format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#)),
            Some(Code::TypMismatch),
            "{typ}"
        );
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        assert_eq!(header_code(format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#)), None, "{typ}");
    }
    let access = Verifier::builder().key(secret()).audience("aud").profile(Profile::AccessToken);
    assert_eq!(access.clone().build().unwrap_err(), VerifierError::IssuerMissing);
    let access = access.issuer("iss").build().unwrap();
    let claims = with_member(r#""sub":"s","client_id":"c","iat":1700000000,"jti":"j""#);
    let code = |header: &str, claims: &str| {
        access.verify::<Value>(&hs256(header, claims), now()).err().map(|error| error.code())
    };
    assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &claims), None);
    assert_eq!(code(r#"{"alg":"HS256","typ":"application/at+jwt"}"#, &claims), None);
    assert_eq!(code(HEADER, &claims), Some(Code::TypMismatch));
    assert_eq!(code(r#"{"alg":"HS256"}"#, &claims), Some(Code::TypMismatch));
    for claim in ["sub", "client_id", "iat", "jti"] {
        let without = claims.replace(&format!("\"{claim}\""), "\"other\"");
        assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &without), Some(Code::ClaimMissing), "{claim}");
    }
    let wrong = claims.replace("\"c\"", "[\"c\"]");
    assert_eq!(code(r#"{"alg":"HS256","typ":"at+jwt"}"#, &wrong), Some(Code::ClaimInvalid));
}

#[test]
fn footgun_35_b64_has_no_place_in_a_jwt() {
    for value in ["true", "false", "null"] {
        let header = format!(r#"{{"alg":"HS256","b64":{value}}}"#);
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{value}");
    }
}

/// A header that was known before the token came, and the same one with a space, which takes the long way.
#[test]
fn a_known_header_gets_the_answer_of_the_parser() {
    let key = |kid: &str| secret().with_kid(kid).unwrap();
    let other = SecretKey::new(Algorithm::Hs512, &[7; 64]).unwrap();
    let named = "a\"b/\\é\u{2028}";
    let rings: [Vec<SecretKey>; 6] = [
        vec![secret()],
        vec![key(named)],
        vec![key("k"), other.clone().with_kid("k").unwrap()],
        vec![other.clone(), key("k"), secret()],
        vec![SecretKey::new(Algorithm::Hs256, &[9; 32]).unwrap(), secret()],
        vec![other],
    ];
    let kids = [None, Some("k"), Some("unknown"), Some(named), Some("")];
    let mut seen = std::collections::HashSet::new();
    for (number, ring) in rings.into_iter().enumerate() {
        for profile in [Profile::FirstParty, Profile::AccessToken] {
            let builder = Verifier::builder().keys(KeyRing::new(ring.clone()).unwrap()).profile(profile);
            let built = builder.issuer("iss").audience("aud").build().unwrap();
            for (alg, typ, kid) in ["HS256", "HS512", "none"].into_iter().flat_map(|alg| {
                let types = [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("application/jwt")];
                types.into_iter().flat_map(move |typ| kids.into_iter().map(move |kid| (alg, typ, kid)))
            }) {
                let text =
                    |name: &str, value: &str| format!("\"{name}\":{}", serde_json::to_string(value).unwrap());
                let (alg, typ) = (Some(text("alg", alg)), typ.map(|typ| text("typ", typ)));
                let kid = kid.map(|kid| text("kid", kid));
                for order in [[&alg, &typ, &kid], [&typ, &alg, &kid], [&alg, &kid, &typ], [&kid, &typ, &alg]]
                {
                    let members: Vec<&str> = order.into_iter().flatten().map(String::as_str).collect();
                    let members = members.join(",");
                    let answer = |header: String| {
                        built
                            .verify::<Value>(&hs256(&header, GOOD), now())
                            .map(|v| v.kid().map(str::to_owned))
                            .map_err(|e| e.code())
                    };
                    let known = answer(format!("{{{members}}}"));
                    assert_eq!(known, answer(format!("{{ {members}}}")), "{number} {profile:?} {members}");
                    seen.insert(format!("{known:?}"));
                }
            }
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}
