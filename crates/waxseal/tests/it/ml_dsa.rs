//! ML-DSA keys and signatures (RFC 9964, RFC 9881).

use crate::support::*;
use aws_lc_rs::encoding::AsRawBytes;
use aws_lc_rs::signature::{ML_DSA_44_SIGNING, PqdsaKeyPair};
use serde_json::{Value, json};
use waxseal::*;

const ALGORITHMS: [Algorithm; 3] = [Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87];

fn key_file(name: &str) -> Vec<u8> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop/keys");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn signatures_have_the_length_of_fips_204_and_no_other() {
    for (algorithm, bytes) in ALGORITHMS.into_iter().zip([2420, 3309, 4627]) {
        let key = PrivateKey::generate(algorithm).unwrap();
        let verifier = verifier(key.public_key());
        let token = signer(key).token(now()).sign().unwrap();
        assert!(verifier.verify::<Value>(&token, now()).is_ok(), "{algorithm}");
        let signature = token.rsplit('.').next().unwrap();
        assert_eq!(signature.len(), (bytes * 4_usize).div_ceil(3), "{algorithm}");
        for changed in [format!("{token}AAAA"), token[..token.len() - 4].to_owned(), format!("{token}AA")] {
            let code = verifier.verify::<Value>(&changed, now()).unwrap_err().code();
            assert!(
                matches!(code, Code::SignatureInvalid | Code::TokenMalformed),
                "{algorithm} {code} {}",
                changed.len()
            );
        }
    }
}

#[test]
fn one_set_does_not_verify_for_another() {
    for signing in ALGORITHMS {
        let token = signer(PrivateKey::generate(signing).unwrap()).token(now()).sign().unwrap();
        for other in ALGORITHMS {
            let key = PrivateKey::generate(other).unwrap().public_key();
            let code = verifier(key).verify::<Value>(&token, now()).unwrap_err().code();
            assert_ne!(code, Code::TokenMalformed, "{signing} with {other}");
        }
    }
}

/// `PrivateKeyInfo` around a choice of RFC 9881 §6.
fn pkcs8(choice: &[u8]) -> Vec<u8> {
    let identifier = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11";
    tlv(0x30, &[&[2, 1, 0], &identifier[..], &tlv(0x04, choice)].concat())
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    match content.len() {
        0..128 => [&[tag, length[1]], content].concat(),
        128..256 => [&[tag, 0x81, length[1]], content].concat(),
        _ => [&[tag, 0x82, length[0], length[1]], content].concat(),
    }
}

#[test]
fn the_forms_of_rfc_9881() {
    let (seed, other) = ([7; 32], [8; 32]);
    let expand = |seed: &[u8]| {
        let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, seed).unwrap();
        pair.private_key().as_raw_bytes().unwrap().as_ref().to_vec()
    };
    let both = |seed: &[u8], expanded: &[u8]| tlv(0x30, &[tlv(0x04, seed), tlv(0x04, expanded)].concat());
    for (what, choice, code) in [
        ("seed", tlv(0x80, &seed), None),
        ("both", both(&seed, &expand(&seed)), None),
        ("both, of two keys", both(&seed, &expand(&other)), Some(Code::KeyInconsistent)),
        ("both, cut short", both(&seed, &expand(&seed)[..2559]), Some(Code::KeyInconsistent)),
        ("expanded", tlv(0x04, &expand(&seed)), Some(Code::KeyExpandedOnly)),
        ("a short seed", tlv(0x80, &seed[..31]), Some(Code::KeyMalformed)),
        ("a long seed", tlv(0x80, &[7; 33]), Some(Code::KeyMalformed)),
        ("a seed under another tag", tlv(0x81, &seed), Some(Code::KeyMalformed)),
        ("something behind", [tlv(0x80, &seed), tlv(0x05, &[])].concat(), Some(Code::KeyMalformed)),
        ("nothing", Vec::new(), Some(Code::KeyMalformed)),
    ] {
        let key = PrivateKey::from_der(Algorithm::MlDsa44, &pkcs8(&choice));
        assert_eq!(key.as_ref().err().map(KeyError::code), code, "{what}");
        if let Ok(key) = key {
            assert_eq!(*key.to_pkcs8_der(), pkcs8(&tlv(0x80, &seed)), "{what}");
            let jwk: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
            assert_eq!(jwk["priv"], json!(base64url(seed)), "{what}");
        }
    }
}

#[test]
fn keys_of_another_implementation_are_written_as_it_writes_them() {
    for (algorithm, name) in ALGORITHMS.into_iter().zip(["mldsa44", "mldsa65", "mldsa87"]) {
        let text = |form: &str| String::from_utf8(key_file(&format!("{name}.{form}"))).unwrap();
        let key = PrivateKey::from_pem(algorithm, &text("pkcs8.pem")).unwrap();
        assert_eq!(*key.to_pkcs8_pem(), text("pkcs8.pem"), "{name}");
        assert_eq!(key.public_key().to_spki_pem(), text("spki.pem"), "{name}");
        let theirs: Value = serde_json::from_str(&text("private.jwk.json")).unwrap();
        let ours: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
        for member in ["kty", "alg", "pub", "priv"] {
            assert_eq!(ours[member], theirs[member], "{name} {member}");
        }
    }
}

#[test]
fn jwks_of_type_akp_are_read_strictly() {
    let key = PrivateKey::generate(Algorithm::MlDsa44).unwrap();
    let base: Value = serde_json::from_str(&key.to_jwk_json()).unwrap();
    let other: Value =
        serde_json::from_str(&PrivateKey::generate(Algorithm::MlDsa44).unwrap().to_jwk_json()).unwrap();
    for (member, value, code) in [
        ("alg", Value::Null, Code::KeyMalformed),
        ("alg", json!("ML-DSA-45"), Code::KeyTypeUnsupported),
        ("alg", json!("ml-dsa-44"), Code::KeyTypeUnsupported),
        ("alg", json!("ML-DSA-65"), Code::KeyMalformed),
        ("alg", json!("ES256"), Code::KeyTypeUnsupported),
        ("pub", json!("AAAA"), Code::KeyMalformed),
        ("pub", Value::Null, Code::KeyMalformed),
        ("pub", other["pub"].clone(), Code::KeyInconsistent),
        ("priv", json!("AAAA"), Code::KeyMalformed),
        ("priv", other["priv"].clone(), Code::KeyInconsistent),
        ("use", json!("enc"), Code::KeyUseForbidden),
    ] {
        let mut jwk = base.clone();
        jwk[member] = value.clone();
        let error = Jwk::parse(jwk.to_string()).and_then(|jwk| PrivateKey::from_jwk(&jwk)).unwrap_err();
        assert_eq!(error.code(), code, "{member} {value}");
    }
    let mut nameless = base.clone();
    nameless.as_object_mut().unwrap().remove("alg");
    assert_eq!(Jwk::parse(nameless.to_string()).unwrap_err().code(), Code::KeyMalformed);
    let error =
        Jwk::parse(base.to_string()).and_then(|jwk| PrivateKey::from_jwk_as(Algorithm::MlDsa65, &jwk));
    assert_eq!(error.unwrap_err().code(), Code::KeyAlgorithmMismatch);
}
