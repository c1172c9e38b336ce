//! The fixed keys, in every form they are stored in.

use super::{Cases, folder, read};
use crate::vectors::octets;
use std::collections::BTreeSet;
use std::path::Path;
use waxseal::{Algorithm, Code, Jwk, PrivateKey, PublicKey, SecretKey, VerifyingKey};

/// The file names that belong to the key `name` and end in one of `endings`.
fn forms(name: &str, endings: &[&str]) -> Vec<String> {
    let files = std::fs::read_dir(folder().join("keys")).unwrap();
    let names: BTreeSet<String> =
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names
        .into_iter()
        .filter(|file| {
            file.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|form| endings.contains(&form))
        })
        .collect()
}

fn is_pem(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "pem")
}

/// The JWK in the file of that form, or the secret.
pub(super) fn key_json(name: &str, form: &str) -> serde_json::Value {
    let Some(file) = forms(name, &[&format!("{form}.jwk.json"), "jwk.json"]).pop() else {
        panic!("no {form} JWK of {name}")
    };
    serde_json::from_str(&read(&format!("keys/{file}"))).unwrap()
}

pub(super) fn jwk(file: &str) -> Jwk {
    Jwk::parse(read(&format!("keys/{file}"))).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The fixed secret for an HMAC algorithm.
pub(super) fn secret(algorithm: Algorithm, file: &str) -> SecretKey {
    SecretKey::from_jwk_as(algorithm, &jwk(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

pub(super) fn private(algorithm: Algorithm, file: &str) -> PrivateKey {
    let key = if is_pem(file) {
        PrivateKey::from_pem(algorithm, &read(&format!("keys/{file}")))
    } else {
        PrivateKey::from_jwk_as(algorithm, &jwk(file))
    };
    key.unwrap_or_else(|error| panic!("{file} for {algorithm}: {error}"))
}

pub(super) fn public(algorithm: Algorithm, file: &str) -> PublicKey {
    let key = if is_pem(file) {
        PublicKey::from_pem(algorithm, &read(&format!("keys/{file}")))
    } else {
        PublicKey::from_jwk_as(algorithm, &jwk(file))
    };
    key.unwrap_or_else(|error| panic!("{file} for {algorithm}: {error}"))
}

/// A key file as the key that checks tokens.
pub(super) fn verifying(algorithm: Algorithm, file: &str) -> VerifyingKey {
    if algorithm.is_symmetric() { secret(algorithm, file).into() } else { public(algorithm, file).into() }
}

pub(super) fn private_forms(name: &str) -> Vec<String> {
    forms(name, &["pkcs8.pem", "pkcs1.pem", "sec1.pem", "private.jwk.json"])
}

pub(super) fn public_forms(name: &str) -> Vec<String> {
    forms(name, &["spki.pem", "public.pkcs1.pem", "public.jwk.json"])
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    let cases = Cases::load();
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let name = cases.key_name(algorithm);
        let (private_files, public_files) = (private_forms(name), public_forms(name));
        assert!(
            private_files.len() >= 2 && public_files.len() >= 2,
            "{name}: {private_files:?} {public_files:?}"
        );
        let private_prints =
            private_files.iter().map(|file| private(algorithm, file).public_key().thumbprint());
        let public_prints = public_files.iter().map(|file| public(algorithm, file).thumbprint());
        let prints: BTreeSet<String> = private_prints.chain(public_prints).collect();
        assert_eq!(prints.len(), 1, "{algorithm}: {private_files:?} {public_files:?}");
    }
}

/// The octets inside the PEM file, without the library.
pub(crate) fn der(path: &str) -> Vec<u8> {
    let text: String = read(path).lines().filter(|line| !line.starts_with('-')).collect();
    octets(text.trim_end_matches('=').replace('+', "-").replace('/', "_").as_str())
}

#[test]
fn every_pem_key_is_the_same_in_der() {
    let cases = Cases::load();
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let name = cases.key_name(algorithm);
        for file in private_forms(name).into_iter().filter(|file| is_pem(file)) {
            let key = PrivateKey::from_der(algorithm, &der(&format!("keys/{file}"))).unwrap();
            assert_eq!(key.to_jwk_json(), private(algorithm, &file).to_jwk_json(), "{algorithm} {file}");
        }
        for file in public_forms(name).into_iter().filter(|file| is_pem(file)) {
            let key = PublicKey::from_der(algorithm, &der(&format!("keys/{file}"))).unwrap();
            assert_eq!(key.to_spki_pem(), public(algorithm, &file).to_spki_pem(), "{algorithm} {file}");
        }
    }
}

#[test]
fn keys_that_others_make_and_nobody_should_take() {
    for (file, algorithm, code) in [
        ("p256.explicit", Algorithm::Es256, Code::KeyTypeUnsupported),
        ("rsa1024", Algorithm::Rs256, Code::KeySizeRefused),
    ] {
        let (private, public) =
            (format!("refused_keys/{file}.pkcs8.pem"), format!("refused_keys/{file}.spki.pem"));
        for refused in [
            PrivateKey::from_pem(algorithm, &read(&private)).err(),
            PrivateKey::from_der(algorithm, &der(&private)).err(),
            PublicKey::from_pem(algorithm, &read(&public)).err(),
            PublicKey::from_der(algorithm, &der(&public)).err(),
        ] {
            assert_eq!(refused.map(|error| error.code()), Some(code), "{file}");
        }
    }
}

#[test]
fn every_form_of_a_private_key_signs() {
    let cases = Cases::load();
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let name = cases.key_name(algorithm);
        let verifier = cases.verifier(public(algorithm, &format!("{name}.spki.pem")).into());
        for file in private_forms(name) {
            let token = cases.sign(private(algorithm, &file).into(), "plain");
            let outcome = verifier.verify::<serde_json::Value>(&token, cases.now());
            assert_eq!(
                outcome.map(|verified| verified.claims()["sub"].clone()).ok(),
                Some("alice".into()),
                "{file}"
            );
        }
    }
}
