//! Keys go out and come back in every format; what does not fit together is refused.

use crate::support::*;
use serde_json::{Value, json};
use waxseal::*;

fn pairs() -> impl Iterator<Item = PrivateKey> {
    let takes_rsa = |algorithm: Algorithm| ["RS", "PS"].contains(&&algorithm.as_str()[..2]);
    let algorithms = Algorithm::ALL.iter().copied().filter(|algorithm| !algorithm.is_symmetric());
    let made = algorithms.filter(move |algorithm| !takes_rsa(*algorithm));
    made.map(|algorithm| PrivateKey::generate(algorithm).unwrap()).chain([rsa()])
}

/// Signs with one and verifies with the other.
fn belong_together(private: &PrivateKey, public: &PublicKey) {
    let token = signer(private.clone()).token(now()).sign().unwrap();
    assert!(verifier(public.clone()).verify::<Value>(&token, now()).is_ok(), "{}", private.algorithm());
    assert_eq!(private.public_key().thumbprint(), public.thumbprint());
}

#[test]
fn every_key_survives_pem_der_and_jwk() {
    for key in pairs() {
        let algorithm = key.algorithm();
        let public = key.public_key();
        belong_together(&PrivateKey::from_pem(algorithm, &key.to_pkcs8_pem()).unwrap(), &public);
        belong_together(&PrivateKey::from_pkcs8_der(algorithm, &key.to_pkcs8_der()).unwrap(), &public);
        belong_together(&PrivateKey::from_der(algorithm, &key.to_pkcs8_der()).unwrap(), &public);
        let jwk = Jwk::parse(key.to_jwk_json().as_bytes()).unwrap();
        assert!(jwk.is_private());
        belong_together(&PrivateKey::from_jwk(&jwk).unwrap(), &public);
        belong_together(&key, &PublicKey::from_pem(algorithm, &public.to_spki_pem()).unwrap());
        belong_together(&key, &PublicKey::from_der(algorithm, &public.to_spki_der()).unwrap());
        let jwk = Jwk::parse(public.to_jwk().to_public_json()).unwrap();
        assert!(!jwk.is_private());
        belong_together(&key, &PublicKey::from_jwk(&jwk).unwrap());
        assert_eq!(jwk.kid(), Some(public.thumbprint().as_str()));
        assert_eq!(
            serde_json::to_value(public.to_jwk()).unwrap(),
            serde_json::from_str::<Value>(&public.to_jwk().to_public_json()).unwrap()
        );
    }
    let secret = secret().with_kid("s").unwrap();
    let again = SecretKey::from_jwk(&Jwk::parse(secret.to_jwk_json().as_bytes()).unwrap()).unwrap();
    assert_eq!((again.to_base64url(), again.kid()), (secret.to_base64url(), Some("s")));
}

#[test]
fn crlf_and_leading_text_are_fine_in_pem() {
    let key = rsa();
    let pem = key.to_pkcs8_pem().replace('\n', "\r\n");
    assert!(PrivateKey::from_pem(Algorithm::Rs256, &format!("Bag Attributes\r\n{pem}")).is_ok());
    for (text, code) in [
        ("", Code::KeyMalformed),
        ("-----BEGIN PRIVATE KEY-----", Code::KeyMalformed),
        ("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n", Code::KeyMalformed),
        ("-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n", Code::KeyMalformed),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            Code::KeyEncrypted,
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            Code::KeyEncryptionUnsupported,
        ),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            Code::KeyTypeUnsupported,
        ),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Code::KeyNotPrivate),
    ] {
        assert_eq!(PrivateKey::from_pem(Algorithm::Rs256, text).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn private_and_public_are_not_confused() {
    for key in pairs() {
        let algorithm = key.algorithm();
        let public = key.public_key();
        assert_eq!(
            PrivateKey::from_pem(algorithm, &public.to_spki_pem()).unwrap_err().code(),
            Code::KeyNotPrivate
        );
        assert_eq!(
            PublicKey::from_pem(algorithm, &key.to_pkcs8_pem()).unwrap_err().code(),
            Code::KeyNotPublic
        );
        let private = Jwk::parse(key.to_jwk_json().as_bytes()).unwrap();
        assert_eq!(PublicKey::from_jwk(&private).unwrap_err().code(), Code::KeyNotPublic);
        let jwk = Jwk::parse(public.to_jwk().to_public_json()).unwrap();
        assert_eq!(PrivateKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyNotPrivate);
    }
}

#[test]
fn a_key_is_only_imported_for_its_algorithm() {
    for key in pairs() {
        for &other in Algorithm::ALL {
            let same_kind = key.algorithm() == other
                || (key.algorithm() == Algorithm::Rs256
                    && other.as_str().contains('S')
                    && ["RS", "PS"].contains(&&other.as_str()[..2]));
            let private = PrivateKey::from_der(other, &key.to_pkcs8_der()).map_err(|error| error.code());
            let public =
                PublicKey::from_der(other, &key.public_key().to_spki_der()).map_err(|error| error.code());
            assert_eq!(private.is_ok(), same_kind, "{} as {other}", key.algorithm());
            if !same_kind {
                assert_eq!(
                    private.unwrap_err(),
                    Code::KeyAlgorithmMismatch,
                    "{} as {other}",
                    key.algorithm()
                );
                assert_eq!(public.unwrap_err(), Code::KeyAlgorithmMismatch, "{} as {other}", key.algorithm());
            }
        }
    }
}

#[test]
fn the_halves_of_a_jwk_must_match() {
    for one in pairs() {
        let algorithm = one.algorithm();
        let two = PrivateKey::generate(algorithm).unwrap();
        let mut mixed: Value = serde_json::from_str(&one.to_jwk_json()).unwrap();
        let other: Value = serde_json::from_str(&two.to_jwk_json()).unwrap();
        for public in ["n", "x", "y", "pub"].into_iter().filter(|name| other.get(name).is_some()) {
            mixed[public] = other[public].clone();
        }
        let error = PrivateKey::from_jwk(&Jwk::parse(mixed.to_string()).unwrap()).unwrap_err();
        assert_eq!(error.code(), Code::KeyInconsistent, "{algorithm}");
    }
    let mut damaged: Value = serde_json::from_str(&rsa().to_jwk_json()).unwrap();
    damaged["p"] = damaged["q"].clone();
    let error = PrivateKey::from_jwk(&Jwk::parse(damaged.to_string()).unwrap()).unwrap_err();
    assert_eq!(error.code(), Code::KeyInconsistent);
}

#[test]
fn damaged_jwks_are_refused() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let base: Value = serde_json::from_str(&key.public_key().to_jwk().to_public_json()).unwrap();
    for (member, value, code) in [
        ("x", json!("AAAA"), Code::KeyMalformed),
        ("x", json!(5), Code::KeyMalformed),
        ("x", json!("!"), Code::KeyMalformed),
        ("y", base["x"].clone(), Code::KeyInconsistent),
        ("crv", json!("P-384"), Code::KeyMalformed),
        ("crv", json!("P-999"), Code::KeyTypeUnsupported),
        ("kty", json!("EC2"), Code::KeyTypeUnsupported),
        ("kty", json!(null), Code::KeyMalformed),
        ("alg", json!("none"), Code::KeyAlgorithmUnknown),
        ("alg", json!("HS256"), Code::KeyAlgorithmMismatch),
        ("alg", json!("ES384"), Code::KeyAlgorithmMismatch),
        ("use", json!("enc"), Code::KeyUseForbidden),
        ("key_ops", json!(["sign"]), Code::KeyUseForbidden),
        ("key_ops", json!([]), Code::KeyUseForbidden),
        ("key_ops", json!("verify"), Code::KeyMalformed),
        ("key_ops", json!(["verify", 5]), Code::KeyMalformed),
        ("key_ops", json!(["verify", "sign", "verify"]), Code::KeyMalformed),
        ("kid", json!("a\nb"), Code::KeyIdInvalid),
        ("kid", json!(7), Code::KeyMalformed),
    ] {
        let mut jwk = base.clone();
        jwk[member] = value;
        let error = Jwk::parse(jwk.to_string()).and_then(|jwk| PublicKey::from_jwk(&jwk)).unwrap_err();
        assert_eq!(error.code(), code, "{jwk}");
    }
    for text in ["", "[]", "null", "{", r#"{"kty":"EC","kty":"EC"}"#] {
        assert_eq!(Jwk::parse(text).unwrap_err().code(), Code::KeyMalformed, "{text}");
    }
}

#[test]
fn rsa_jwks_are_read_strictly() {
    let whole: Value = serde_json::from_str(&rsa().to_jwk_json()).unwrap();
    let mut zero_led = whole.clone();
    zero_led["e"] = json!("AAEAAQ");
    assert_eq!(Jwk::parse(zero_led.to_string()).unwrap_err().code(), Code::KeyNonCanonical);
    let mut no_crt = whole.clone();
    no_crt.as_object_mut().unwrap().remove("dp");
    let error = Jwk::parse(no_crt.to_string()).unwrap_err();
    assert_eq!(error.code(), Code::KeyFactorsMissing);
    assert!(error.to_string().contains("`waxseal keys convert key.jwk --out key.pem`"), "{error}");
    let mut multi_prime = whole.clone();
    multi_prime["oth"] = json!([]);
    assert_eq!(Jwk::parse(multi_prime.to_string()).unwrap_err().code(), Code::KeyMultiPrime);
    let small = json!({"kty": "RSA", "alg": "RS256", "e": "AQAB", "n": base64url([0xff; 128])});
    let error = PublicKey::from_jwk(&Jwk::parse(small.to_string()).unwrap()).unwrap_err();
    assert_eq!(error.code(), Code::KeySizeRefused);
}

#[test]
fn a_derived_kid_does_not_exclude_tokens_with_another() {
    let key = PrivateKey::generate(Algorithm::Es256).unwrap();
    let token = signer(key.clone().with_kid("2026-11").unwrap()).token(now()).sign().unwrap();
    let from_file = PublicKey::from_pem(Algorithm::Es256, &key.public_key().to_spki_pem()).unwrap();
    assert!(verifier(from_file.clone()).verify::<Value>(&token, now()).is_ok());
    let chosen = from_file.with_kid("2025-01").unwrap();
    let error = verifier(chosen).verify::<Value>(&token, now()).unwrap_err();
    assert_eq!(error.code(), Code::KeyNotFound);
    assert_eq!(peek_kid_without_verifying(&token).unwrap().as_deref(), Some("2026-11"));
}

#[test]
fn the_name_of_rfc_9864_is_written_when_asked_for_and_always_read() {
    let key = PrivateKey::generate(Algorithm::EdDsa).unwrap();
    let named = key.clone().with_fully_specified_alg();
    for (key, name) in [(key, "EdDSA"), (named, "Ed25519")] {
        let token = signer(key.clone()).token(now()).sign().unwrap();
        let header = format!(r#"{{"alg":"{name}","typ":"JWT","kid":"{}"}}"#, key.kid().unwrap());
        assert_eq!(token.split('.').next().unwrap(), base64url(header), "{name}");
        for jwk in [key.to_jwk_json().to_string(), key.public_key().to_jwk().to_public_json()] {
            let jwk = Jwk::parse(jwk).unwrap();
            assert_eq!(jwk.alg(), Some(name));
            let alg = PrivateKey::from_jwk(&jwk).map(|key| key.alg());
            assert_eq!(alg.or_else(|_| PublicKey::from_jwk(&jwk).map(|key| key.alg())), Ok(name));
        }
        let pem = key.public_key().to_spki_pem();
        let plain = PublicKey::from_pem(Algorithm::EdDsa, &pem).unwrap();
        assert!(verifier(plain.clone()).verify::<Value>(&token, now()).is_ok(), "{name}");
        let named = plain.with_fully_specified_alg();
        assert!(verifier(named).verify::<Value>(&token, now()).is_ok(), "{name}");
    }
    let ecdsa = PrivateKey::generate(Algorithm::Es256).unwrap().with_fully_specified_alg();
    assert_eq!(ecdsa.alg(), "ES256");
}
