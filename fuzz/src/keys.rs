//! Keys in every format: nothing panics, and what is read is written and read again as the same key.
//!
//! The input is a key as it stands, or edits of a good DER key, or a JWK put together from parts of several.

use crate::outcome::reached;
use crate::source::Source;
use crate::{fixed, reference};
use serde_json::{Map, Value};
use std::sync::OnceLock;
use waxseal::{
    Algorithm, Jwk, JwkSet, KeyRing, PrivateJwkSet, PrivateKey, PublicKey, SecretKey, Signer, Verifier,
};

/// Panics if a key that was read does not come back as the same key, or its halves do not match.
pub fn property(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() {
        0 => {
            let algorithm = source.pick(Algorithm::ALL);
            check_der(algorithm, &edited_der(&mut source));
        }
        1 => check_text(&assembled_jwk(&mut source)),
        2 => {
            let count = source.byte() % 4;
            let jwks: Vec<_> = (0..count).map(|_| assembled_jwk(&mut source)).collect();
            check_text(&format!("{{\"keys\":[{}]}}", jwks.join(",")));
        }
        3 => {
            let algorithm = source.pick(Algorithm::ALL);
            check_der(algorithm, source.rest());
        }
        4 => check_certificate(&mut source),
        5 => check_encrypted(&mut source),
        _ => {
            check_text(&String::from_utf8_lossy(data));
            for algorithm in Algorithm::ALL {
                check_pem(*algorithm, &String::from_utf8_lossy(data));
            }
        }
    }
}

/// A key file by its DER, changed here and there.
fn edited_der(source: &mut Source<'_>) -> Vec<u8> {
    static DER: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let files = DER.get_or_init(|| fixed::PEM_FILES.iter().map(|pem| reference::der_of(pem)).collect());
    let der = source.pick_from(files).clone();
    edit(der, source)
}

fn edit(mut der: Vec<u8>, source: &mut Source<'_>) -> Vec<u8> {
    while !source.is_empty() && !der.is_empty() {
        // The structure is at the front; the rest are numbers, of which one is as good as another.
        let end = if source.one_in(2) { der.len() } else { der.len().min(64) };
        let place = source.below(end);
        match source.byte() % 5 {
            0 => der[place] ^= 1 << (source.byte() % 8),
            1 => der[place] = source.byte(),
            2 => der.insert(place, source.byte()),
            3 => drop(der.remove(place)),
            _ => der.extend_from_slice(source.chunk()),
        }
    }
    der
}

/// A JWK whose members come from several good ones, or are any text.
fn assembled_jwk(source: &mut Source<'_>) -> String {
    let algorithm = source.pick(Algorithm::ALL);
    let mut jwk = members(algorithm).clone();
    for _ in 0..source.byte() % 6 {
        let name = source.pick(&[
            "kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k", "alg", "use", "key_ops",
            "kid", "oth", "pub", "priv",
        ]);
        let value = match source.byte() % 6 {
            0 => None,
            1 => Some(Value::String(source.text())),
            2 => Some(Value::String(reference::encode(source.chunk()))),
            3 => Some(Value::Array(vec![Value::from("verify"), Value::from("sign")])),
            4 => Some(Value::from(source.pick(Algorithm::ALL).as_str())),
            _ => members(source.pick(Algorithm::ALL))
                .get(source.pick(&["x", "y", "d", "n", "e", "k", name]))
                .cloned(),
        };
        match value {
            Some(value) => drop(jwk.insert(name.to_owned(), value)),
            None => drop(jwk.remove(name)),
        }
    }
    Value::Object(jwk).to_string()
}

fn members(algorithm: Algorithm) -> &'static Map<String, Value> {
    static JWKS: OnceLock<Vec<Map<String, Value>>> = OnceLock::new();
    let read =
        |algorithm: &Algorithm| serde_json::from_str(fixed::private_jwk(*algorithm)).expect("an object");
    let jwks = JWKS.get_or_init(|| Algorithm::ALL.iter().map(read).collect());
    let index = Algorithm::ALL.iter().position(|known| *known == algorithm);
    &jwks[index.expect("one of all")]
}

/// DER, and the same octets as PEM: both readers have to agree.
fn check_der(algorithm: Algorithm, der: &[u8]) {
    let private = PrivateKey::from_der(algorithm, der);
    let pkcs8 = PrivateKey::from_pkcs8_der(algorithm, der);
    let public = PublicKey::from_der(algorithm, der);
    assert!(private.is_ok() || pkcs8.is_err(), "PKCS#8 is read where any DER is");
    assert!(private.is_err() || public.is_err(), "a key is private or public");
    let labels = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];
    let as_pem = labels.map(|label| PrivateKey::from_pem(algorithm, &reference::pem(label, der)).is_ok());
    assert_eq!(as_pem[0], pkcs8.is_ok(), "PKCS#8 in PEM");
    assert_eq!(as_pem.contains(&true), private.is_ok(), "a private key in PEM");
    let labels = ["PUBLIC KEY", "RSA PUBLIC KEY"];
    let as_pem = labels.map(|label| PublicKey::from_pem(algorithm, &reference::pem(label, der)).is_ok());
    assert_eq!(as_pem.contains(&true), public.is_ok(), "a public key in PEM");
    let _ = SecretKey::new(algorithm, der);
    let _ = private.map(|key| check_private(&key)).map_err(|error| reached(format!("DER {}", error.code())));
    let _ = public.map(|key| check_public(&key)).map_err(|error| reached(format!("DER {}", error.code())));
}

/// A certificate, changed here and there: only its key matters, and PEM and DER agree about it.
fn check_certificate(source: &mut Source<'_>) {
    let (algorithm, pem) = source.pick(fixed::CERTIFICATES);
    let der = edit(reference::der_of(pem), source);
    let read = PublicKey::from_certificate_der(algorithm, &der);
    let as_pem = PublicKey::from_certificate_pem(algorithm, &reference::pem("CERTIFICATE", &der));
    assert_eq!(read.is_ok(), as_pem.is_ok(), "a certificate in PEM");
    match read {
        Ok(key) => {
            check_public(&key);
            reached("certificate read");
        }
        Err(error) => reached(format!("certificate {}", error.code())),
    }
}

/// An encrypted key, changed here and there: it decrypts to the key that it was, or not at all.
fn check_encrypted(source: &mut Source<'_>) {
    const ROUNDS: &[u8] = &[2, 2, 0x07, 0xd0];
    let der = edit(reference::der_of(source.pick(fixed::ENCRYPTED)), source);
    if !der.windows(ROUNDS.len()).any(|window| window == ROUNDS) {
        // Other rounds take longer, up to seconds, and show nothing else.
        return;
    }
    assert!(PrivateKey::from_der(Algorithm::Es256, &der).is_err(), "an encrypted key without its passphrase");
    assert!(PrivateKey::from_encrypted_der(Algorithm::Es256, &der, "other").is_err(), "a wrong passphrase");
    let read = PrivateKey::from_encrypted_der(Algorithm::Es256, &der, fixed::PASSPHRASE);
    let pem = reference::pem("ENCRYPTED PRIVATE KEY", &der);
    let as_pem = PrivateKey::from_encrypted_pem(Algorithm::Es256, &pem, fixed::PASSPHRASE);
    assert_eq!(read.is_ok(), as_pem.is_ok(), "an encrypted key in PEM");
    match read {
        Ok(key) => {
            check_private(&key);
            reached("encrypted key read");
        }
        Err(error) => reached(format!("encrypted {}", error.code())),
    }
}

fn check_pem(algorithm: Algorithm, text: &str) {
    match PrivateKey::from_pem(algorithm, text) {
        Ok(key) => check_private(&key),
        Err(error) => reached(format!("PEM {}", error.code())),
    }
    match PublicKey::from_pem(algorithm, text) {
        Ok(key) => check_public(&key),
        Err(error) => reached(format!("PEM {}", error.code())),
    }
}

fn check_text(text: &str) {
    if let Ok(set) = JwkSet::parse(text) {
        check_set(&set);
    }
    if let Ok(set) = PrivateJwkSet::parse(text) {
        let written = set.to_private_json();
        let again = PrivateJwkSet::parse(written.as_bytes()).expect("our private set");
        assert_eq!(again.to_private_json(), written, "a private set written again");
        assert!(set.keys().is_empty() || JwkSet::parse(text).is_err(), "a private set is no public one");
        reached("private set round trip");
    }
    match Jwk::parse(text) {
        Ok(jwk) => Algorithm::ALL.iter().for_each(|algorithm| check_jwk(*algorithm, &jwk)),
        Err(error) => reached(format!("JWK {}", error.code())),
    }
}

fn check_jwk(algorithm: Algorithm, jwk: &Jwk) {
    if let Ok(key) = SecretKey::from_jwk_as(algorithm, jwk) {
        assert!(jwk.thumbprint().is_none(), "a hash of a secret");
        let again = SecretKey::from_jwk(&Jwk::parse(key.to_jwk_json().as_bytes()).expect("our JWK"));
        let again = again.expect("our JWK");
        assert_eq!((again.to_base64url(), again.kid()), (key.to_base64url(), key.kid()));
        return reached("secret round trip");
    }
    let public = PublicKey::from_jwk_as(algorithm, jwk);
    match PrivateKey::from_jwk_as(algorithm, jwk) {
        Ok(key) => {
            assert!(jwk.is_private() && public.is_err(), "a private JWK is no public one");
            assert_eq!(jwk.thumbprint(), Some(key.public_key().thumbprint()), "the halves of a JWK");
            check_private(&key);
        }
        Err(error) => reached(format!("private JWK {}", error.code())),
    }
    match public {
        Ok(key) => {
            assert_eq!(jwk.thumbprint(), Some(key.thumbprint()));
            check_public(&key);
        }
        Err(error) => reached(format!("public JWK {}", error.code())),
    }
}

fn check_private(key: &PrivateKey) {
    let algorithm = key.algorithm();
    let written = key.to_pkcs8_der();
    let jwk = Jwk::parse(key.to_jwk_json().as_bytes()).expect("our JWK");
    let copies = [
        PrivateKey::from_pkcs8_der(algorithm, &written),
        PrivateKey::from_der(algorithm, &written),
        PrivateKey::from_pem(algorithm, &key.to_pkcs8_pem()),
        PrivateKey::from_jwk(&jwk),
    ];
    for copy in copies {
        let copy = copy.expect("what we wrote");
        assert_eq!(copy.to_pkcs8_der(), written, "a private key written again");
        assert_eq!(copy.public_key().thumbprint(), key.public_key().thumbprint());
    }
    check_public(&key.public_key());
    assert_halves_match(key);
    reached("private round trip");
    reached(format!("private {algorithm}"));
}

/// The private half signs what the public half, written and read again, verifies.
fn assert_halves_match(key: &PrivateKey) {
    let public =
        PublicKey::from_pem(key.algorithm(), &key.public_key().to_spki_pem()).expect("what we wrote");
    let signer = Signer::builder(key.clone()).build().expect("a good signer");
    let token = signer.token(fixed::at(0)).without_expiry().sign().expect("a key that signs");
    let ring = KeyRing::new([public]).expect("one key");
    let verifier = Verifier::builder().keys(ring).without_audience().without_expiry().build();
    let verdict = verifier.expect("a good verifier").verify::<Value>(&token, fixed::at(0));
    // A chosen id is not part of PEM, and a derived one excludes nothing.
    assert!(verdict.is_ok(), "the halves of an {} key: {verdict:?}", key.algorithm());
}

fn check_public(key: &PublicKey) {
    let algorithm = key.algorithm();
    let der = key.to_spki_der();
    let jwk = Jwk::parse(key.to_jwk().to_public_json()).expect("our JWK");
    let from_jwk = PublicKey::from_jwk(&jwk).expect("our JWK");
    assert_eq!(from_jwk.kid(), key.kid());
    let copies = [PublicKey::from_der(algorithm, &der), PublicKey::from_pem(algorithm, &key.to_spki_pem())];
    for copy in copies.into_iter().map(|copy| copy.expect("what we wrote")).chain([from_jwk]) {
        assert_eq!(copy.thumbprint(), key.thumbprint());
        assert_eq!(copy.to_spki_der(), der);
    }
    assert_eq!(jwk.thumbprint(), Some(key.thumbprint()));
    reached("public round trip");
    reached(format!("public {algorithm}"));
}

fn check_set(set: &JwkSet) {
    let again = JwkSet::parse(set.to_json()).expect("our JWK Set");
    assert!(again.skipped().is_empty(), "we write usable keys only: {:?}", again.skipped());
    let list = |set: &JwkSet| -> Vec<_> {
        let entry = |key: &PublicKey| (key.algorithm(), key.kid().map(str::to_owned), key.thumbprint());
        set.keys().iter().map(entry).collect()
    };
    assert_eq!(list(&again), list(set));
    if !set.keys().is_empty() {
        reached("set round trip");
    }
}
