//! Signed tokens inside encrypted ones.

use super::{code, decrypter, direct, encrypter, sealed};
use crate::support::{now, secret, signer, verifier};
use serde_json::{Value, json};
use waxseal::Code;
use waxseal::jwe::{ContentEncryption, Encrypter};

fn nested_code(token: &str) -> Option<Code> {
    let result = decrypter(&direct()).decrypt_and_verify::<Value>(token, &verifier(secret()), now());
    result.err().map(|error| error.code())
}

#[test]
fn a_nested_token_gives_verified_claims() {
    let key = direct();
    let signed = signer(secret()).token(now()).subject("alice").sign().unwrap();
    let token = encrypter(&key, ContentEncryption::A128Gcm).encrypt_token(&signed).unwrap();
    let decrypted = decrypter(&key).decrypt(&token).unwrap();
    assert_eq!((decrypted.cty(), decrypted.plaintext()), (Some("JWT"), signed.as_bytes()));
    let verified = decrypter(&key).decrypt_and_verify::<Value>(&token, &verifier(secret()), now()).unwrap();
    assert_eq!(verified["sub"], "alice");
}

#[test]
fn footgun_33_encryption_proves_nothing_about_the_sender() {
    let signed = signer(secret()).token(now()).sign().unwrap();
    let (input, _) = signed.rsplit_once('.').unwrap();
    let claims = r#"{"iss":"iss","aud":"aud","exp":1700000060}"#;
    let unsigned =
        format!("{}.{}.", crate::support::base64url(r#"{"alg":"none"}"#), crate::support::base64url(claims));
    let nested = r#"{"alg":"dir","enc":"A128GCM","cty":"JWT"}"#;
    for (header, content, expected) in [
        (nested, signed.as_str(), None),
        (r#"{"alg":"dir","enc":"A128GCM","cty":"application/jwt"}"#, &signed, None),
        // CVE-2026-29000: plain claims, or a token with `none`, inside good encryption.
        (nested, claims, Some(Code::TokenMalformed)),
        (nested, &unsigned, Some(Code::AlgorithmMismatch)),
        (nested, &format!("{input}."), Some(Code::SignatureInvalid)),
        (nested, &format!("{input}.AAAA"), Some(Code::SignatureInvalid)),
        (nested, "", Some(Code::TokenMalformed)),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, &signed, Some(Code::ContentTypeMismatch)),
        (r#"{"alg":"dir","enc":"A128GCM","cty":"text/plain"}"#, &signed, Some(Code::ContentTypeMismatch)),
        (r#"{"alg":"dir","enc":"A128GCM","typ":"JWT"}"#, claims, Some(Code::ContentTypeMismatch)),
    ] {
        assert_eq!(nested_code(&sealed(header, content.as_bytes())), expected, "{header} {content}");
    }
    let other =
        signer(waxseal::SecretKey::generate(waxseal::Algorithm::Hs256).unwrap()).token(now()).sign().unwrap();
    assert_eq!(nested_code(&sealed(nested, other.as_bytes())), Some(Code::SignatureInvalid));
    assert_eq!(
        nested_code(&sealed(nested, sealed(nested, signed.as_bytes()).as_bytes())),
        Some(Code::TokenMalformed)
    );
    assert_eq!(nested_code(&signed), Some(Code::TokenMalformed), "the inner token alone");
}

#[test]
fn only_signed_tokens_are_nested() {
    let encrypter = encrypter(&direct(), ContentEncryption::A128Gcm);
    let signed = signer(secret()).token(now()).sign().unwrap();
    let (input, _) = signed.rsplit_once('.').unwrap();
    for token in ["", "{}", input, &format!("{input}."), &sealed("{}", b"")] {
        let code = encrypter.encrypt_token(token).err().map(|error| error.code());
        assert_eq!(code, Some(Code::EncryptClaimsInvalid), "{token}");
    }
    let other = Encrypter::builder(direct().encryption_key().unwrap()).cty("text/plain").build().unwrap();
    assert_eq!(other.encrypt_token(&signed).unwrap_err().code(), Code::EncryptHeaderInvalid);
}

#[test]
fn claims_are_a_strict_object() {
    let key = direct();
    let token = encrypter(&key, ContentEncryption::A128Gcm).encrypt_claims(&json!({"sub": "alice"})).unwrap();
    let decrypted = decrypter(&key).decrypt_claims::<Value>(&token).unwrap();
    assert_eq!(decrypted["sub"], "alice");
    assert!(!format!("{decrypted:?}").contains("alice"), "Debug shows no claims");
    let header = r#"{"alg":"dir","enc":"A128GCM"}"#;
    for content in ["", "[]", "1", "{\"a\":1,\"a\":2}", "{\"a\":\"\\ud800\"}", "{} ."] {
        let result = decrypter(&key).decrypt_claims::<Value>(&sealed(header, content.as_bytes()));
        assert_eq!(code(result), Some(Code::ClaimsMismatch), "{content}");
    }
    let result = decrypter(&key).decrypt_claims::<Value>(&sealed(header, b"\xff"));
    assert_eq!(code(result), Some(Code::ClaimsMismatch));
    let encrypter = encrypter(&key, ContentEncryption::A128Gcm);
    for claims in [json!([1]), json!("text"), json!(null)] {
        assert_eq!(
            encrypter.encrypt_claims(&claims).unwrap_err().code(),
            Code::EncryptClaimsInvalid,
            "{claims}"
        );
    }
}
