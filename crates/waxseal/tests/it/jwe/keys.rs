//! Keys for encryption in and out.

use super::{all_keys, data, decrypter, encrypter, jwk};
use crate::support::base64url;
use serde_json::{Value, json};
use waxseal::jwe::{ContentEncryption, Curve, DecryptionKey, Encrypter, EncryptionKey, KeyAlgorithm};
use waxseal::{Code, Jwk, KeyError, PrivateKey, PublicKey};

fn error<T>(result: Result<T, KeyError>) -> Option<Code> {
    result.err().map(|error| error.code())
}

fn with(mut value: Value, members: &Value) -> Jwk {
    for (name, member) in members.as_object().unwrap() {
        value[name] = member.clone();
    }
    jwk(&value)
}

fn file(name: &str) -> Value {
    serde_json::from_str(&data(&format!("interop/keys/{name}.jwk.json"))).unwrap()
}

#[test]
fn keys_survive_their_jwk_and_keep_their_one_algorithm() {
    for key in all_keys().into_iter().filter(|key| !key.algorithm().as_str().starts_with("PBES2")) {
        let written = key.to_jwk_json().unwrap();
        let read = DecryptionKey::from_jwk(&Jwk::parse(written.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            (read.algorithm(), read.content_encryption()),
            (key.algorithm(), key.content_encryption())
        );
        assert_eq!(read.kid(), key.kid(), "{key:?}");
        assert_eq!(read.to_jwk_json().unwrap(), written);
        let named = key.clone().with_kid("chosen").unwrap();
        let read =
            DecryptionKey::from_jwk(&Jwk::parse(named.to_jwk_json().unwrap().as_bytes()).unwrap()).unwrap();
        assert_eq!(read.kid(), Some("chosen"), "{key:?}");
        if key.algorithm() == KeyAlgorithm::RsaOaep {
            continue;
        }
        let enc = key.content_encryption().unwrap_or(ContentEncryption::A256Gcm);
        let token = encrypter(&key, enc).encrypt(b"content").unwrap();
        assert_eq!(decrypter(&read).decrypt(&token).is_ok(), key.kid().is_none(), "{key:?}: the ids differ");
        if let Some(public) = key.encryption_key().unwrap().to_public_jwk() {
            let public = EncryptionKey::from_jwk(&Jwk::parse(public.to_public_json()).unwrap()).unwrap();
            assert_eq!((public.algorithm(), public.kid()), (key.algorithm(), key.kid()));
            let token = Encrypter::builder(public).build().unwrap().encrypt(b"content").unwrap();
            assert!(decrypter(&key).decrypt(&token).is_ok(), "{key:?}");
        }
    }
}

#[test]
fn key_pairs_survive_pem() {
    for key in all_keys().into_iter().filter(|key| !key.algorithm().is_symmetric()) {
        let pem = key.to_pkcs8_pem().unwrap();
        let read = DecryptionKey::from_pem(key.algorithm(), &pem).unwrap();
        assert_eq!(read.to_jwk_json(), key.to_jwk_json(), "{key:?}");
        if key.algorithm() == KeyAlgorithm::RsaOaep {
            continue;
        }
        let public = key.encryption_key().unwrap();
        let spki = public.to_spki_pem().unwrap();
        let read = EncryptionKey::from_pem(key.algorithm(), &spki).unwrap();
        assert_eq!((read.kid(), read.to_spki_pem()), (key.kid(), Some(spki.clone())), "{key:?}");
        assert_eq!(error(EncryptionKey::from_pem(key.algorithm(), &pem)), Some(Code::KeyNotPublic));
        assert_eq!(error(DecryptionKey::from_pem(key.algorithm(), &spki)), Some(Code::KeyNotPrivate));
    }
}

#[test]
fn keys_of_other_programs_are_read_in_every_form() {
    for name in ["p256", "p384", "p521", "x25519"] {
        let expected =
            DecryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &jwk(&file(&format!("{name}.private"))))
                .unwrap();
        let mut forms = vec!["pkcs8"];
        if name != "x25519" {
            forms.push("sec1");
        }
        for form in forms {
            let pem = data(&format!("interop/keys/{name}.{form}.pem"));
            let key = DecryptionKey::from_pem(KeyAlgorithm::EcdhEs, &pem)
                .unwrap_or_else(|e| panic!("{name} {form}: {e}"));
            assert_eq!(key.to_jwk_json(), expected.to_jwk_json(), "{name} {form}");
        }
        let public =
            EncryptionKey::from_pem(KeyAlgorithm::EcdhEs, &data(&format!("interop/keys/{name}.spki.pem")))
                .unwrap();
        assert_eq!(public.kid(), expected.kid(), "{name}");
    }
    let [der, spki] = ["pkcs8", "spki"].map(|form| crate::interop::der(&format!("keys/x25519.{form}.pem")));
    assert!(DecryptionKey::from_der(KeyAlgorithm::EcdhEs, &der).is_ok());
    assert!(EncryptionKey::from_der(KeyAlgorithm::EcdhEs, &spki).is_ok());
    for octets in [&der[..47], &[&der[..], &[0]].concat(), &spki, b""] {
        assert!(DecryptionKey::from_der(KeyAlgorithm::EcdhEs, octets).is_err(), "{octets:?}");
    }
}

#[test]
fn encrypted_keys_and_certificates_are_read() {
    let key = super::rsa(KeyAlgorithm::RsaOaep256);
    let certificate =
        EncryptionKey::from_pem(KeyAlgorithm::RsaOaep256, &data("key_files/certificate-rsa2048.pem"))
            .unwrap();
    assert_eq!(certificate.kid(), key.kid());
    for algorithm in [KeyAlgorithm::RsaOaep256, KeyAlgorithm::EcdhEsA128Kw] {
        for key in all_keys().into_iter().filter(|key| key.algorithm() == algorithm) {
            let pem = key.to_encrypted_pkcs8_pem("passphrase").unwrap().unwrap();
            let read = DecryptionKey::from_encrypted_pem(algorithm, &pem, "passphrase").unwrap();
            assert_eq!(read.to_jwk_json(), key.to_jwk_json(), "{key:?}");
            let wrong = DecryptionKey::from_encrypted_pem(algorithm, &pem, "Passphrase");
            assert_eq!(error(wrong), Some(Code::KeyPassphraseWrong), "{key:?}");
            assert_eq!(error(DecryptionKey::from_pem(algorithm, &pem)), Some(Code::KeyEncrypted), "{key:?}");
        }
    }
    // A key that says that it is for signatures.
    let pss = DecryptionKey::from_pem(KeyAlgorithm::RsaOaep256, &data("key_files/pss-any.pem"));
    assert_eq!(error(pss), Some(Code::KeyTypeUnsupported));
    let secret = DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap();
    assert_eq!(secret.to_encrypted_pkcs8_pem("passphrase"), Ok(None));
}

#[test]
fn footgun_13_rsa_keys_have_a_reasonable_size() {
    let pem = data("interop/refused_keys/rsa1024.pkcs8.pem");
    assert_eq!(error(DecryptionKey::from_pem(KeyAlgorithm::RsaOaep256, &pem)), Some(Code::KeySizeRefused));
    let good = file("rsa2048.public");
    for (n, e, expected) in [
        (good["n"].clone(), json!("AQAB"), None),
        (good["n"].clone(), json!("AQ"), Some(Code::KeySizeRefused)),
        (good["n"].clone(), json!("BA"), Some(Code::KeySizeRefused)),
        (good["n"].clone(), json!(base64url([1; 9])), Some(Code::KeySizeRefused)),
        (json!(base64url([0xff; 128])), json!("AQAB"), Some(Code::KeySizeRefused)),
        (json!(base64url([0xff; 1025])), json!("AQAB"), Some(Code::KeySizeRefused)),
    ] {
        let jwk = jwk(&json!({"kty": "RSA", "alg": "RSA-OAEP-256", "n": n, "e": e}));
        assert_eq!(error(EncryptionKey::from_jwk(&jwk)), expected, "{n} {e}");
    }
}

#[test]
fn secrets_have_exactly_one_length() {
    for (algorithm, bytes) in [
        (KeyAlgorithm::A128Kw, 16),
        (KeyAlgorithm::A192Kw, 24),
        (KeyAlgorithm::A256Kw, 32),
        (KeyAlgorithm::A128GcmKw, 16),
        (KeyAlgorithm::A192GcmKw, 24),
        (KeyAlgorithm::A256GcmKw, 32),
    ] {
        for length in [0, 15, 16, 17, 24, 31, 32, 33, 64] {
            let expected = (length != bytes).then_some(Code::KeySecretWrongLength);
            assert_eq!(
                error(EncryptionKey::secret(algorithm, &vec![1; length])),
                expected,
                "{algorithm} {length}"
            );
            assert_eq!(
                error(DecryptionKey::secret(algorithm, &vec![1; length])),
                expected,
                "{algorithm} {length}"
            );
        }
    }
    for &enc in ContentEncryption::ALL {
        for length in [0, 15, 16, 24, 32, 48, 63, 64, 65] {
            let expected = (length != enc.key_bytes()).then_some(Code::KeySecretWrongLength);
            assert_eq!(error(DecryptionKey::direct(enc, &vec![1; length])), expected, "{enc} {length}");
        }
    }
    for algorithm in KeyAlgorithm::ALL {
        let wrapping = !algorithm.as_str().contains(['-', '+']) && *algorithm != KeyAlgorithm::Dir;
        assert_eq!(
            error(DecryptionKey::secret(*algorithm, b"")).is_some_and(|c| c == Code::KeyAlgorithmMismatch),
            !wrapping
        );
    }
}

#[test]
fn footgun_04_the_algorithm_of_a_jwk_is_never_guessed() {
    let secret = |octets: usize| json!({"kty": "oct", "k": base64url(vec![1; octets])});
    let of = |value: Value, alg: &str| DecryptionKey::from_jwk(&with(value, &json!({"alg": alg})));
    for value in [secret(16), file("p256.private"), file("x25519.private"), file("rsa2048.private")] {
        assert_eq!(
            error(DecryptionKey::from_jwk(&jwk(&value))),
            Some(Code::KeyAlgorithmAmbiguous),
            "{value}"
        );
    }
    for (octets, alg, expected) in [
        (16, "A128KW", Ok(KeyAlgorithm::A128Kw)),
        (16, "A128GCM", Ok(KeyAlgorithm::Dir)),
        (64, "A256CBC-HS512", Ok(KeyAlgorithm::Dir)),
        (16, "dir", Ok(KeyAlgorithm::Dir)),
        (48, "dir", Ok(KeyAlgorithm::Dir)),
        (32, "dir", Err(Code::KeyAlgorithmAmbiguous)),
        (20, "dir", Err(Code::KeyMalformed)),
        (16, "A256KW", Err(Code::KeySecretWrongLength)),
        (32, "HS256", Err(Code::KeyAlgorithmUnknown)),
        (16, "RSA-OAEP-256", Err(Code::KeyNotPrivate)),
        (16, "ECDH-ES", Err(Code::KeyNotPrivate)),
    ] {
        let found = of(secret(octets), alg).map(|key| key.algorithm()).map_err(|error| error.code());
        assert_eq!(found, expected, "{octets} {alg}");
    }
    let direct =
        DecryptionKey::from_jwk_direct(ContentEncryption::A256Gcm, &with(secret(32), &json!({"alg": "dir"})));
    assert_eq!(direct.unwrap().content_encryption(), Some(ContentEncryption::A256Gcm));
    let other = DecryptionKey::from_jwk_direct(
        ContentEncryption::A256Gcm,
        &with(secret(32), &json!({"alg": "A128CBC-HS256"})),
    );
    assert_eq!(error(other), Some(Code::KeyAlgorithmMismatch));
    for (name, alg) in [
        ("p256.private", "RSA-OAEP-256"),
        ("rsa2048.private", "ECDH-ES"),
        ("ed25519.private", "ECDH-ES"),
        ("secp256k1.private", "ECDH-ES"),
        ("p256.private", "A128KW"),
    ] {
        let code = error(of(file(name), alg));
        assert!(
            matches!(code, Some(Code::KeyAlgorithmMismatch | Code::KeyTypeUnsupported)),
            "{name} {alg} {code:?}"
        );
    }
    let mismatch =
        DecryptionKey::from_jwk_as(KeyAlgorithm::A128Kw, &with(secret(16), &json!({"alg": "A128GCM"})));
    assert_eq!(error(mismatch), Some(Code::KeyAlgorithmMismatch));
}

#[test]
fn footgun_19_use_and_key_ops_are_honoured() {
    let secret = json!({"kty": "oct", "k": base64url([1; 16])});
    for (alg, members, encrypts, decrypts) in [
        ("A128KW", json!({"use": "enc"}), true, true),
        ("A128KW", json!({"use": "sig"}), false, false),
        ("A128KW", json!({"key_ops": ["wrapKey", "unwrapKey"]}), true, true),
        ("A128KW", json!({"key_ops": ["wrapKey"]}), true, false),
        ("A128KW", json!({"key_ops": ["unwrapKey"]}), false, true),
        ("A128KW", json!({"key_ops": ["encrypt", "decrypt"]}), false, false),
        ("A128KW", json!({"key_ops": []}), false, false),
        ("A128KW", json!({"use": "sig", "key_ops": ["wrapKey"]}), false, false),
        ("A128GCMKW", json!({"key_ops": ["encrypt"]}), true, false),
        ("A128GCMKW", json!({"key_ops": ["unwrapKey"]}), false, true),
        ("A128GCM", json!({"key_ops": ["encrypt"]}), true, false),
        ("A128GCM", json!({"key_ops": ["decrypt"]}), false, true),
        ("A128GCM", json!({"key_ops": ["wrapKey", "unwrapKey"]}), false, false),
    ] {
        let mut members = members;
        members["alg"] = json!(alg);
        let jwk = with(secret.clone(), &members);
        let expected = |allowed: bool| (!allowed).then_some(Code::KeyUseForbidden);
        assert_eq!(error(EncryptionKey::from_jwk(&jwk)), expected(encrypts), "{members}");
        assert_eq!(error(DecryptionKey::from_jwk(&jwk)), expected(decrypts), "{members}");
    }
    for (name, alg, ops, allowed) in [
        ("p256", "ECDH-ES", json!([]), true),
        ("p256", "ECDH-ES", json!(["deriveKey"]), true),
        ("x25519", "ECDH-ES+A128KW", json!(["deriveBits"]), true),
        ("p256", "ECDH-ES", json!(["verify"]), false),
        ("rsa2048", "RSA-OAEP-256", json!(["wrapKey"]), true),
        ("rsa2048", "RSA-OAEP-256", json!(["encrypt"]), true),
        ("rsa2048", "RSA-OAEP-256", json!([]), false),
        ("rsa2048", "RSA-OAEP-256", json!(["unwrapKey"]), false),
    ] {
        let jwk = with(file(&format!("{name}.public")), &json!({"alg": alg, "key_ops": ops}));
        assert_eq!(error(EncryptionKey::from_jwk(&jwk)).is_none(), allowed, "{name} {ops}");
    }
    let private = with(file("p256.private"), &json!({"alg": "ECDH-ES", "key_ops": []}));
    assert_eq!(error(DecryptionKey::from_jwk(&private)), Some(Code::KeyUseForbidden));
}

/// Key agreement never looks at the public half; a JWK whose halves differ must not be taken for a key.
#[test]
fn private_and_public_halves_must_match() {
    for (name, alg) in [("p256", "ECDH-ES"), ("p384", "ECDH-ES"), ("p521", "ECDH-ES"), ("x25519", "ECDH-ES")]
    {
        let mut value = file(&format!("{name}.private"));
        value["alg"] = json!(alg);
        assert!(DecryptionKey::from_jwk(&jwk(&value)).is_ok(), "{name}");
        let curve = if name == "x25519" { waxseal::jwe::Curve::X25519 } else { curve(name) };
        let other = DecryptionKey::generate_on(KeyAlgorithm::EcdhEs, curve).unwrap();
        let other: Value = serde_json::from_str(&other.to_jwk_json().unwrap()).unwrap();
        value["d"] = other["d"].clone();
        assert_eq!(error(DecryptionKey::from_jwk(&jwk(&value))), Some(Code::KeyInconsistent), "{name}");
    }
}

fn curve(name: &str) -> waxseal::jwe::Curve {
    match name {
        "p256" => waxseal::jwe::Curve::P256,
        "p384" => waxseal::jwe::Curve::P384,
        _ => waxseal::jwe::Curve::P521,
    }
}

#[test]
fn signing_and_encryption_keys_do_not_mix() {
    let encryption = DecryptionKey::generate(KeyAlgorithm::EcdhEs).unwrap();
    let jwk = Jwk::parse(encryption.to_jwk_json().unwrap().as_bytes()).unwrap();
    assert_eq!(PrivateKey::from_jwk(&jwk).unwrap_err().code(), Code::KeyAlgorithmUnknown);
    let x25519 = super::jwk(&file("x25519.public"));
    assert_eq!((x25519.kty(), x25519.crv(), x25519.bits()), ("OKP", Some("X25519"), 256));
    assert_eq!(PublicKey::from_jwk(&x25519).unwrap_err().code(), Code::KeyTypeUnsupported);
    let signing = PrivateKey::generate(waxseal::Algorithm::Es256).unwrap();
    let jwk = Jwk::parse(signing.to_jwk_json().as_bytes()).unwrap();
    assert_eq!(error(DecryptionKey::from_jwk(&jwk)), Some(Code::KeyAlgorithmUnknown));
    assert_eq!(
        error(DecryptionKey::from_jwk_as(KeyAlgorithm::EcdhEs, &jwk)),
        Some(Code::KeyAlgorithmUnknown)
    );
}

#[test]
fn footgun_40_nothing_secret_is_shown() {
    for key in all_keys() {
        let shown = format!("{key:?} {:?}", key.encryption_key());
        let jwk = key.to_jwk_json().map(|text| serde_json::from_str::<Value>(&text).unwrap());
        for secret in ["k", "d", "p"].iter().filter_map(|name| jwk.as_ref()?[name].as_str()) {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains(&format!("{:?}", key.algorithm())), "{shown}");
    }
}

#[test]
fn kids_are_short_and_plain() {
    let key = DecryptionKey::generate(KeyAlgorithm::A128Kw).unwrap();
    assert_eq!(key.kid(), None, "none is derived from a secret");
    for kid in ["", "a\nb", &"a".repeat(257)] {
        assert_eq!(error(key.clone().with_kid(kid)), Some(Code::KeyIdInvalid), "{kid}");
        let jwk = with(json!({"kty": "oct", "k": base64url([1; 16])}), &json!({"alg": "A128KW", "kid": kid}));
        assert_eq!(error(DecryptionKey::from_jwk(&jwk)), Some(Code::KeyIdInvalid), "{kid}");
    }
}

#[test]
fn everything_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<EncryptionKey>();
    crosses::<DecryptionKey>();
    crosses::<Encrypter>();
    crosses::<waxseal::jwe::Decrypter>();
    crosses::<waxseal::jwe::DecryptedBytes>();
    crosses::<waxseal::jwe::Decrypted<Value>>();
}

#[test]
fn only_approved_keys_where_that_is_asked_for() {
    for key in all_keys() {
        let algorithm = key.algorithm();
        let approved = key.is_fips_approved();
        let built = waxseal::jwe::Decrypter::builder().key(key.clone()).fips_approved_only().build();
        let code = built.err().map(|error| error.code());
        assert_eq!(code, (!approved).then_some(Code::KeyAlgorithmForbidden), "{algorithm}");
        if let Ok(public) = key.encryption_key() {
            assert_eq!(public.is_fips_approved(), approved, "{algorithm}");
            let built = Encrypter::builder(public).fips_approved_only().build();
            let code = built.err().map(|error| error.code());
            assert_eq!(code, (!approved).then_some(Code::KeyAlgorithmForbidden), "{algorithm}");
        }
    }
    for (curve, approved) in
        [(Curve::P256, true), (Curve::P384, true), (Curve::P521, true), (Curve::X25519, false)]
    {
        let key = DecryptionKey::generate_on(KeyAlgorithm::EcdhEs, curve).unwrap();
        assert_eq!(key.is_fips_approved(), approved, "{curve:?}");
    }
    for algorithm in [KeyAlgorithm::RsaOaep, KeyAlgorithm::Pbes2Hs256A128Kw, KeyAlgorithm::Pbes2Hs512A256Kw] {
        assert!(!algorithm.is_fips_approved(), "{algorithm}");
    }
}
