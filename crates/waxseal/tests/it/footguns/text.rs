//! One token, one text; nothing secret in what is shown.

use crate::support::*;
use serde_json::Value;
use waxseal::*;

#[test]
fn footgun_10_one_token_has_one_text() {
    let token = hs256(HEADER, GOOD);
    let (input, signature) = token.rsplit_once('.').unwrap();
    // 32 octets end in a character with two unused bits: three more spellings in a lenient decoder.
    let last = signature.chars().last().unwrap();
    let position = |c| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".find(c).unwrap();
    let mut spellings: Vec<String> = (1..4)
        .map(|bits| {
            let other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".as_bytes();
            format!("{input}.{}{}", &signature[..42], char::from(other[position(last) + bits]))
        })
        .collect();
    spellings.extend([
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{token}."),
        token.replace('.', "=."),
        format!("Bearer {token}"),
    ]);
    for other in spellings {
        assert_eq!(verify(&other).unwrap_err().code(), Code::TokenMalformed, "{other}");
    }
}

#[test]
fn a_changed_character_never_verifies() {
    for (signing, verifying) in key_pairs() {
        let algorithm = signing.algorithm();
        let token = signer(signing).token(now()).sign().unwrap();
        let verifier = verifier(verifying);
        assert!(verifier.verify::<Value>(&token, now()).is_ok(), "{algorithm}");
        let step = if token.len() > 400 { 7 } else { 1 };
        for index in (0..token.len()).step_by(step) {
            for other in ["A", "_", ".", "é"] {
                if &token[index..=index] != other {
                    let changed = format!("{}{other}{}", &token[..index], &token[index + 1..]);
                    assert!(
                        verifier.verify::<Value>(&changed, now()).is_err(),
                        "{algorithm} {index} {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn footgun_34_only_the_compact_serialization_is_a_jwt() {
    let token = hs256(HEADER, GOOD);
    let [header, payload, signature] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
    let flattened = format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#);
    let polyglot = format!(r#"{{"  {header}":"",".{payload}.":"","x":"{signature}"}}"#);
    for other in [flattened, polyglot, format!("{header}.{payload}.{signature}.{header}.{payload}")] {
        assert_eq!(verify(&other).unwrap_err().code(), Code::TokenMalformed, "{other}");
    }
}

#[test]
fn footgun_36_size_depth_and_dots_are_bounded() {
    for text in ["", ".", "..", "...", "a", "a.b", "a.b.c.d", "a.b.c.d.e", &".".repeat(16_000)] {
        assert_eq!(verify(text).unwrap_err().code(), Code::TokenMalformed, "{}", text.len());
    }
    assert_eq!(verify(&".".repeat(16_385)).unwrap_err().code(), Code::TokenTooLarge);
    let long_header = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(6_200));
    assert_eq!(header_code(long_header), Some(Code::TokenTooLarge));
    let nested = |depth: usize| with_member(&format!(r#""x":{}{}"#, "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(claims_code(nested(31)), None);
    assert_eq!(claims_code(nested(32)), Some(Code::TokenMalformed));
    assert_eq!(claims_code(nested(5_000)), Some(Code::TokenMalformed));
    let wide = Verifier::builder().key(secret()).audience("aud").limits(Limits::default().token_bytes(100));
    let error = wide.build().unwrap().verify::<Value>(&hs256(HEADER, GOOD), now()).unwrap_err();
    assert_eq!(error.code(), Code::TokenTooLarge);
}

#[test]
fn footgun_37_duplicates_and_broken_text() {
    for member in [
        r#""iss":"iss""#,
        r#""\u0069ss":"other""#,
        r#""x":{"a":1,"a":2}"#,
        r#""x":[[{"a":1,"\u0061":2}]]"#,
        r#""x":"\ud800""#,
        r#""x":"\udfff\ud800""#,
        r#""x":01"#,
    ] {
        assert_eq!(claims_code(with_member(member)), Some(Code::TokenMalformed), "{member}");
    }
    for bytes in [&b"\xff"[..], b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"] {
        let claims = [br#"{"iss":"iss","aud":"aud","exp":1700000060,"x":""#, bytes, b"\"}"].concat();
        assert_eq!(claims_code(claims), Some(Code::TokenMalformed), "{bytes:?}");
    }
    for header in
        [r#"{"alg":"HS256","alg":"none"}"#, r#"{"alg":"none","\u0061lg":"HS256"}"#, "[]", "\"HS256\"", ""]
    {
        assert_eq!(header_code(header), Some(Code::TokenMalformed), "{header}");
    }
    for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["HS256"]}"#, r#"{"alg":"HS256","typ":1}"#] {
        assert_eq!(header_code(header), Some(Code::HeaderInvalid), "{header}");
    }
    assert_eq!(claims_code(with_member(r#""__proto__":{"admin":true},"constructor":1"#)), None);
}

#[test]
fn footgun_40_nothing_secret_in_debug_or_errors() {
    let octets = b"0123456789abcdef0123456789abcdef";
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let private: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
    let jwk = Jwk::parse(key.to_jwk_json().as_bytes()).unwrap();
    let signing = SigningKey::from(key.clone());
    let shown = [
        format!("{:?} {:?} {:?}", secret(), SigningKey::from(secret()), VerifyingKey::from(secret())),
        format!("{key:?} {signing:?} {jwk:?} {:?}", signer(key.clone())),
        format!("{:?} {:?}", verifier(secret()), Verifier::builder().key(secret())),
    ];
    let d = private["d"].as_str().unwrap();
    let pem = key.to_pkcs8_pem();
    for hidden in
        [std::str::from_utf8(octets).unwrap(), &*secret().to_base64url(), d, pem.lines().nth(1).unwrap()]
    {
        assert!(shown.iter().all(|text| !text.contains(hidden)), "{shown:?}");
    }
    let token = hs256(HEADER, r#"{"iss":"mallory-was-here","aud":["a-private-matter"],"exp":1}"#);
    let error = verify(&token).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("mallory") && !text.contains("private-matter") && !text.contains(&token),
        "{text}"
    );
}
