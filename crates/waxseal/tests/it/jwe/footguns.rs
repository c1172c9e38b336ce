//! Rows 29 to 33 of the list of footguns: how libraries for encrypted tokens were broken.

use super::{code, data, decrypter, direct, seal, sealed};
use crate::support::base64url;
use serde_json::{Value, json};
use waxseal::jwe::{ContentEncryption, DecryptionKey, Encrypter, EncryptionKey, KeyAlgorithm};
use waxseal::{Code, Jwk};

/// The key that RFC 7518 §4.6.2 derives from the secret `z` for ECDH-ES with A128GCM.
fn concat_kdf(z: &[u8]) -> Vec<u8> {
    use aws_lc_rs::digest::{SHA256, digest};
    let info = b"\0\0\0\x07A128GCM\0\0\0\0\0\0\0\0\0\0\0\x80";
    digest(&SHA256, &[&[0, 0, 0, 1], z, info].concat()).as_ref()[..16].to_vec()
}

/// A token as an attacker makes it who chose `epk` such that the secret will be `z`.
fn chosen_secret(epk: &Value, z: &[u8]) -> String {
    let header = base64url(json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string());
    let (ciphertext, tag) = seal(&concat_kdf(z), [7; 12], header.as_bytes(), b"chosen");
    format!("{header}..{}.{}.{}", base64url([7; 12]), base64url(ciphertext), base64url(tag))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn footgun_31_the_attack_itself_is_right() {
    // An honest message made with the helper, so that what the others refuse is not its clumsiness.
    let (own, epk) = rfc8037_a6();
    let z = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    let key = DecryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &super::jwk(&own)).unwrap();
    assert_eq!(decrypter(&key).decrypt(&chosen_secret(&epk, &z)).unwrap().plaintext(), b"chosen");
}

/// Bob's key and Alice's ephemeral one (RFC 7748 §6.1, RFC 8037 appendix A.6).
fn rfc8037_a6() -> (Value, Value) {
    (
        json!({"kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
               "d": "XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}),
        json!({"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}),
    )
}

/// The points of low order of Curve25519 and their other encodings: with them the secret is zero.
const LOW_ORDER: [&str; 12] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

#[test]
fn footgun_31_low_order_x25519_keys_are_refused() {
    let key = DecryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &super::jwk(&rfc8037_a6().0)).unwrap();
    for point in LOW_ORDER {
        let public = json!({"kty": "OKP", "crv": "X25519", "x": base64url(hex(point))});
        // Whoever accepts the point has agreed on a secret of zeros, and decrypts this.
        let token = chosen_secret(&public, &[0; 32]);
        assert_eq!(code(decrypter(&key).decrypt(&token)), Some(Code::DecryptionFailed), "{point}");
        let recipient = EncryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &super::jwk(&public));
        assert_eq!(recipient.unwrap_err().code(), Code::KeyInconsistent, "{point}");
    }
}

/// Sanso's attack of 2017 with its smallest order: (x, 0) lies on a curve with another constant, where it is
/// its own odd multiple, so that a private key that is odd agrees on x.
#[test]
fn footgun_31_points_off_the_curve_are_refused() {
    for (crv, bytes) in [("P-256", 32), ("P-384", 48), ("P-521", 66)] {
        let key = odd_key(crv);
        for x in [2_u8, 3, 77] {
            let mut octets = vec![0; bytes];
            octets[bytes - 1] = x;
            let epk =
                json!({"kty": "EC", "crv": crv, "x": base64url(&octets), "y": base64url(vec![0; bytes])});
            let token = chosen_secret(&epk, &octets);
            assert_eq!(code(decrypter(&key).decrypt(&token)), Some(Code::DecryptionFailed), "{crv} {x}");
            let recipient = EncryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &super::jwk(&epk));
            assert_eq!(recipient.unwrap_err().code(), Code::KeyInconsistent, "{crv} {x}");
        }
    }
}

/// A private key whose number is odd.
fn odd_key(crv: &str) -> DecryptionKey {
    use waxseal::jwe::Curve;
    let curve = match crv {
        "P-256" => Curve::P256,
        "P-384" => Curve::P384,
        _ => Curve::P521,
    };
    loop {
        let key = DecryptionKey::generate_on(KeyAlgorithm::EcdhEs, curve).unwrap();
        let jwk: Value = serde_json::from_str(&key.to_jwk_json().unwrap()).unwrap();
        if super::decode_base64url(jwk["d"].as_str().unwrap()).last().unwrap() % 2 == 1 {
            return key;
        }
    }
}

#[test]
fn footgun_31_an_epk_is_a_public_key_on_the_curve_of_the_key() {
    let (own, epk) = rfc8037_a6();
    let key = DecryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &super::jwk(&own)).unwrap();
    let p256 = DecryptionKey::generate(KeyAlgorithm::EcdhEs).unwrap().encryption_key().unwrap();
    let p256: Value = serde_json::from_str(&p256.to_public_jwk().unwrap().to_public_json()).unwrap();
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": epk["x"]});
    for (epk, expected) in [
        (Value::Null, Code::HeaderInvalid),
        (json!("text"), Code::HeaderInvalid),
        (json!([]), Code::HeaderInvalid),
        (json!({}), Code::HeaderInvalid),
        (own.clone(), Code::HeaderInvalid),
        (json!({"kty": "oct", "k": "AAAA"}), Code::HeaderInvalid),
        (json!({"kty": "OKP", "crv": "X25519", "x": "AAAA"}), Code::HeaderInvalid),
        (json!({"kty": "OKP", "crv": "X448", "x": "AAAA"}), Code::HeaderInvalid),
        (ed25519, Code::DecryptionFailed),
        (p256, Code::DecryptionFailed),
    ] {
        assert_eq!(code(decrypter(&key).decrypt(&chosen_secret(&epk, &[0; 32]))), Some(expected), "{epk}");
    }
}

#[test]
fn footgun_32_rsa1_5_has_no_name_and_no_key() {
    assert!("RSA1_5".parse::<KeyAlgorithm>().is_err());
    let private = data("interop/keys/rsa2048.private.jwk.json");
    let mut value: Value = serde_json::from_str(&private).unwrap();
    value["alg"] = json!("RSA1_5");
    let jwk = Jwk::parse(value.to_string()).unwrap();
    assert_eq!(DecryptionKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyAlgorithmUnknown);
    let result = DecryptionKey::from_jwk_as(KeyAlgorithm::RsaOaep256, &jwk);
    assert_eq!(result.unwrap_err().code(), Code::KeyAlgorithmUnknown);
}

/// An RSA key is for one of the two hashes; a message for the other is not even tried.
#[test]
fn footgun_32_one_key_has_one_algorithm() {
    let (sha1, sha256) = (super::rsa(KeyAlgorithm::RsaOaep), super::rsa(KeyAlgorithm::RsaOaep256));
    let token = Encrypter::builder(sha256.encryption_key().unwrap()).build().unwrap().encrypt(b"").unwrap();
    assert_eq!(code(decrypter(&sha1).decrypt(&token)), Some(Code::AlgorithmMismatch));
    assert_eq!(code(decrypter(&sha256).decrypt(&token)), None);
}

/// A token for a password, with whatever cost its sender wants.
fn with_password(p2c: &Value, p2s: &Value) -> Option<Code> {
    let algorithm = KeyAlgorithm::Pbes2Hs256A128Kw;
    let key = DecryptionKey::password(algorithm, super::PASSWORD).unwrap();
    let header = json!({"alg": algorithm.as_str(), "enc": "A128GCM", "p2c": p2c, "p2s": p2s}).to_string();
    let header = base64url(header);
    let token = format!("{header}.{}.{}.AAAA.{}", base64url([1; 24]), base64url([2; 12]), base64url([3; 16]));
    code(decrypter(&key).decrypt(&token))
}

#[test]
fn footgun_30_the_cost_of_a_password_is_bounded() {
    let salt = json!(base64url([9; 8]));
    for (count, expected) in [
        (json!(1000), Code::DecryptionFailed),
        (json!(10_000), Code::DecryptionFailed),
        (json!(10_001), Code::HeaderInvalid),
        (json!(2_147_483_647), Code::HeaderInvalid),
        (json!(4_294_967_296_u64), Code::HeaderInvalid),
        (json!(999), Code::HeaderInvalid),
        (json!(0), Code::HeaderInvalid),
        (json!(-1000), Code::HeaderInvalid),
        (json!(1000.0), Code::HeaderInvalid),
        (json!("1000"), Code::HeaderInvalid),
        (Value::Null, Code::HeaderInvalid),
    ] {
        assert_eq!(with_password(&count, &salt), Some(expected), "{count}");
    }
    for salt in [json!(base64url([9; 7])), json!(""), json!("=="), json!(8), Value::Null] {
        assert_eq!(with_password(&json!(1000), &salt), Some(Code::HeaderInvalid), "{salt}");
    }
}

#[test]
fn footgun_30_passwords_are_off_until_a_key_is_made_of_one() {
    let algorithm = KeyAlgorithm::Pbes2Hs256A128Kw;
    let sender = EncryptionKey::password(algorithm, super::PASSWORD, 20_000).unwrap();
    let token = Encrypter::builder(sender).build().unwrap().encrypt(b"content").unwrap();
    let key = |limit| DecryptionKey::password_up_to(algorithm, super::PASSWORD, limit).unwrap();
    assert_eq!(code(decrypter(&direct()).decrypt(&token)), Some(Code::AlgorithmMismatch));
    assert_eq!(code(decrypter(&key(19_999)).decrypt(&token)), Some(Code::HeaderInvalid));
    assert_eq!(code(decrypter(&key(20_000)).decrypt(&token)), None);
    for alg in ["PBES2-HS256+A128KW", "PBES2-HS512+A256KW"] {
        let jwk = super::jwk(&json!({"kty": "oct", "k": base64url(super::PASSWORD), "alg": alg}));
        assert_eq!(DecryptionKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyTypeUnsupported, "{alg}");
        assert_eq!(EncryptionKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyTypeUnsupported, "{alg}");
    }
    let pem = data("interop/keys/rsa2048.spki.pem");
    for (password, iterations, expected) in [
        (&b""[..], 1000, Code::KeySecretTooShort),
        (b"fifteen octets!", 1000, Code::KeySecretTooShort),
        (b"sixteen octets!!", 999, Code::KeyMalformed),
        (pem.as_bytes(), 1000, Code::KeySecretIsKeyText),
    ] {
        let result = EncryptionKey::password(algorithm, password, iterations);
        assert_eq!(result.unwrap_err().code(), expected, "{}", password.escape_ascii());
    }
    assert!(DecryptionKey::password(algorithm, b"short").is_ok(), "what others chose can be read");
    assert_eq!(DecryptionKey::password(algorithm, b"").unwrap_err().code(), Code::KeySecretTooShort);
    assert_eq!(DecryptionKey::password(algorithm, &pem).unwrap_err().code(), Code::KeySecretIsKeyText);
}

#[test]
fn footgun_29_compression_is_off() {
    let token = sealed(r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#, b"\x4b\x04\x00");
    assert_eq!(code(decrypter(&direct()).decrypt(&token)), Some(Code::CompressionNotAllowed));
}

#[cfg(feature = "zip")]
#[test]
fn footgun_29_compression_is_bounded_where_it_is_on() {
    let on = waxseal::jwe::Decrypter::builder().key(direct()).allow_compression().build().unwrap();
    let header = r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#;
    assert_eq!(on.decrypt(&sealed(header, b"\x4b\x04\x00")).unwrap().plaintext(), b"a");
    for (header, content, expected) in [
        (header, &b"not compressed"[..], Code::DecryptionFailed),
        (header, b"", Code::DecryptionFailed),
        (r#"{"alg":"dir","enc":"A128GCM","zip":"GZIP"}"#, b"\x4b\x04\x00", Code::CompressionNotAllowed),
        (r#"{"alg":"dir","enc":"A128GCM","zip":"def"}"#, b"\x4b\x04\x00", Code::CompressionNotAllowed),
    ] {
        assert_eq!(code(on.decrypt(&sealed(header, content))), Some(expected), "{header}");
    }
    let packed = Encrypter::builder(direct().encryption_key().unwrap()).compress().build().unwrap();
    assert_eq!(on.decrypt(&packed.encrypt(&[b'x'; 600]).unwrap()).unwrap().plaintext(), [b'x'; 600]);
    // A bomb of a few hundred octets.
    let bomb = packed.encrypt(&vec![b'x'; 200_000]).unwrap();
    assert!(bomb.len() < 1000);
    assert_eq!(code(on.decrypt(&bomb)), Some(Code::CompressionNotAllowed));
    assert_eq!(code(decrypter(&direct()).decrypt(&bomb)), Some(Code::CompressionNotAllowed));
}

/// Row 33 in types: what decryption gives is nothing that asks for verified claims would take; see also the
/// example of `Decrypted` that does not compile.
#[test]
fn footgun_33_claims_from_encryption_alone_are_not_verified() {
    let key = DecryptionKey::generate(KeyAlgorithm::RsaOaep256).unwrap();
    let anyone = key.encryption_key().unwrap();
    let token =
        Encrypter::builder(anyone).content_encryption(ContentEncryption::A128CbcHs256).build().unwrap();
    let token = token.encrypt_claims(&json!({"sub": "admin"})).unwrap();
    let decrypted: waxseal::jwe::Decrypted<Value> = decrypter(&key).decrypt_claims(&token).unwrap();
    assert_eq!(decrypted["sub"], "admin");
    let verifier = crate::support::verifier(crate::support::secret());
    let result = decrypter(&key).decrypt_and_verify::<Value>(&token, &verifier, crate::support::now());
    assert_eq!(result.unwrap_err().code(), Code::ContentTypeMismatch);
    assert!(verifier.verify::<Value>(&token, crate::support::now()).is_err());
}
