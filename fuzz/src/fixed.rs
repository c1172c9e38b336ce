//! Keys and tokens that never change, so that a seed means the same tomorrow.
//!
//! They are those of the interoperability tests; the tokens were made by another implementation.

use crate::reference;
use std::sync::OnceLock;
use waxseal::{Algorithm, Jwk, NumericDate, PrivateKey, SecretKey, SigningKey, VerifyingKey};

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const ISSUER: &str = "https://issuer.example";
pub(crate) const AUDIENCE: &str = "api";

macro_rules! key_file {
    ($name:literal) => {
        include_str!(concat!("../../crates/waxseal/tests/interop/keys/", $name))
    };
}

/// `seconds` after [`NOW`], kept within the range of dates.
pub(crate) fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(NOW.saturating_add(seconds)).unwrap_or(NumericDate::MAX)
}

/// A signing key with its verifying half.
pub(crate) struct Pair {
    pub(crate) algorithm: Algorithm,
    pub(crate) signing: SigningKey,
    pub(crate) verifying: VerifyingKey,
}

/// The private JWK of the key for `algorithm`.
pub(crate) fn private_jwk(algorithm: Algorithm) -> &'static str {
    match algorithm.as_str() {
        "HS256" => key_file!("hs256.jwk.json"),
        "HS384" => key_file!("hs384.jwk.json"),
        "HS512" => key_file!("hs512.jwk.json"),
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => key_file!("rsa2048.private.jwk.json"),
        "ES256" => key_file!("p256.private.jwk.json"),
        "ES384" => key_file!("p384.private.jwk.json"),
        "ES512" => key_file!("p521.private.jwk.json"),
        "ES256K" => key_file!("secp256k1.private.jwk.json"),
        "EdDSA" | "Ed25519" => key_file!("ed25519.private.jwk.json"),
        "ML-DSA-44" => key_file!("mldsa44.private.jwk.json"),
        "ML-DSA-65" => key_file!("mldsa65.private.jwk.json"),
        "ML-DSA-87" => key_file!("mldsa87.private.jwk.json"),
        other => panic!("no fixed key for {other}: add one"),
    }
}

/// The public JWK of the Ed25519 key.
pub(crate) const PROOF_KEY: &str = key_file!("ed25519.public.jwk.json");

/// JWEs of npm `jose`, with the names of their keys.
pub(crate) const MESSAGES: &str =
    include_str!("../../crates/waxseal/tests/interop/fixtures/objects.jose.json");

/// The private JWK that such a name stands for.
pub(crate) fn encryption_jwk(name: &str) -> Option<&'static str> {
    Some(match name {
        "oct128" => key_file!("oct128.jwk.json"),
        "oct192" => key_file!("oct192.jwk.json"),
        "oct256" => key_file!("oct256.jwk.json"),
        "oct384" => key_file!("oct384.jwk.json"),
        "oct512" => key_file!("oct512.jwk.json"),
        "p256" => key_file!("p256.private.jwk.json"),
        "p384" => key_file!("p384.private.jwk.json"),
        "p521" => key_file!("p521.private.jwk.json"),
        "x25519" => key_file!("x25519.private.jwk.json"),
        "rsa2048" => key_file!("rsa2048.private.jwk.json"),
        _ => return None,
    })
}

/// PEM files: private ones (PKCS#8, then SEC 1 or PKCS#1 where there is such a thing), then public ones.
pub(crate) const PEM_FILES: &[&str] = &[
    key_file!("p256.pkcs8.pem"),
    key_file!("p384.pkcs8.pem"),
    key_file!("p521.pkcs8.pem"),
    key_file!("secp256k1.pkcs8.pem"),
    key_file!("ed25519.pkcs8.pem"),
    key_file!("rsa2048.pkcs8.pem"),
    key_file!("mldsa44.pkcs8.pem"),
    key_file!("p256.sec1.pem"),
    key_file!("p384.sec1.pem"),
    key_file!("p521.sec1.pem"),
    key_file!("secp256k1.sec1.pem"),
    key_file!("rsa2048.pkcs1.pem"),
    key_file!("p256.spki.pem"),
    key_file!("p384.spki.pem"),
    key_file!("p521.spki.pem"),
    key_file!("secp256k1.spki.pem"),
    key_file!("ed25519.spki.pem"),
    key_file!("rsa2048.spki.pem"),
    key_file!("mldsa44.spki.pem"),
    key_file!("rsa2048.public.pkcs1.pem"),
];

macro_rules! key_form {
    ($name:literal) => {
        include_str!(concat!("../../crates/waxseal/tests/key_files/", $name))
    };
}

/// The passphrase of [`ENCRYPTED`].
pub(crate) const PASSPHRASE: &str = "waxseal";

/// Encrypted PKCS#8 of a P-256 key, with 2,000 rounds.
pub(crate) const ENCRYPTED: &[&str] = &[
    key_form!("read-sha1-aes128.pem"),
    key_form!("read-sha256-aes256.pem"),
    key_form!("read-sha384-aes192.pem"),
    key_form!("read-sha512-aes256.pem"),
];

/// Certificates, each with the algorithm of its key.
pub(crate) const CERTIFICATES: &[(Algorithm, &str)] = &[
    (Algorithm::Es256, key_form!("certificate-p256.pem")),
    (Algorithm::Es256, key_form!("certificate-v1-p256.pem")),
    (Algorithm::Es384, key_form!("certificate-p384.pem")),
    (Algorithm::Rs256, key_form!("certificate-rsa2048.pem")),
    (Algorithm::EdDsa, key_form!("certificate-ed25519.pem")),
];

/// One pair for each algorithm, in the order of [`Algorithm::ALL`].
pub(crate) fn pairs() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(|| Algorithm::ALL.iter().map(|algorithm| pair(*algorithm)).collect())
}

fn pair(algorithm: Algorithm) -> Pair {
    let jwk = Jwk::parse(private_jwk(algorithm)).expect("a good JWK");
    if algorithm.is_symmetric() {
        let key = SecretKey::from_jwk_as(algorithm, &jwk).expect("a good secret");
        return Pair { algorithm, signing: key.clone().into(), verifying: key.into() };
    }
    let key = PrivateKey::from_jwk_as(algorithm, &jwk).expect("a good key");
    Pair { algorithm, verifying: (&key).into(), signing: key.into() }
}

/// The octets of the secret for an HMAC algorithm.
pub(crate) fn secret(algorithm: Algorithm) -> &'static [u8] {
    static SECRETS: OnceLock<[Vec<u8>; 3]> = OnceLock::new();
    let secrets = SECRETS.get_or_init(|| {
        [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512].map(|one| octets(private_jwk(one)))
    });
    match algorithm {
        Algorithm::Hs256 => &secrets[0],
        Algorithm::Hs384 => &secrets[1],
        _ => &secrets[2],
    }
}

/// The secret in a JWK.
pub(crate) fn octets(jwk: &str) -> Vec<u8> {
    let jwk: serde_json::Value = serde_json::from_str(jwk).expect("JSON");
    reference::decode(jwk["k"].as_str().expect("a secret")).expect("base64url")
}

/// The secret for HS256 as a key.
pub(crate) fn secret_key() -> SecretKey {
    SecretKey::new(Algorithm::Hs256, secret(Algorithm::Hs256)).expect("a good secret")
}

/// Header and payload, of any text, sealed with the secret for HS256.
pub(crate) fn seal(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    seal_encoded(Algorithm::Hs256, &format!("{}.{}", reference::encode(header), reference::encode(payload)))
}

/// A signing input of any text, sealed.
pub(crate) fn seal_encoded(algorithm: Algorithm, input: &str) -> String {
    let tag = reference::mac(algorithm, secret(algorithm), input);
    format!("{input}.{}", reference::encode(tag))
}

/// Valid tokens of another implementation, with the index of their pair in [`pairs`].
pub(crate) fn tokens() -> &'static [(usize, String)] {
    static TOKENS: OnceLock<Vec<(usize, String)>> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let file = include_str!("../../crates/waxseal/tests/interop/fixtures/jose.json");
        let file: serde_json::Value = serde_json::from_str(file).expect("JSON");
        let tokens = file["tokens"].as_array().expect("tokens");
        tokens.iter().filter_map(token).collect()
    })
}

fn token(entry: &serde_json::Value) -> Option<(usize, String)> {
    let algorithm: Algorithm = entry["alg"].as_str()?.parse().ok()?;
    let index = pairs().iter().position(|pair| pair.algorithm == algorithm)?;
    Some((index, entry["token"].as_str()?.to_owned()))
}
