//! What the tests share: keys made once, tokens made by hand.

use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;
use waxseal::{
    Algorithm, Code, NumericDate, PrivateKey, SecretKey, Signer, SigningKey, Verified, Verifier, VerifyError,
    VerifyingKey,
};

pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) fn now() -> NumericDate {
    at(0)
}

/// So many seconds after [`NOW`].
pub(crate) fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(NOW + seconds).unwrap()
}

/// A fixed secret for HS256.
pub(crate) fn secret() -> SecretKey {
    SecretKey::new(Algorithm::Hs256, b"0123456789abcdef0123456789abcdef").unwrap()
}

/// One RSA key for all tests, because making one takes long.
pub(crate) fn rsa() -> PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(Algorithm::Rs256).unwrap()).clone()
}

/// A signing key of each kind with its verifying half.
pub(crate) fn key_pairs() -> Vec<(SigningKey, VerifyingKey)> {
    let mut pairs = vec![(secret().into(), secret().into())];
    for algorithm in Algorithm::ALL.iter().copied().filter(|algorithm| !algorithm.is_symmetric()) {
        let key = match algorithm {
            Algorithm::Rs256 => rsa(),
            _ => rsa_as(algorithm).unwrap_or_else(|| PrivateKey::generate(algorithm).unwrap()),
        };
        pairs.push((key.clone().into(), (&key).into()));
    }
    for algorithm in [Algorithm::Hs384, Algorithm::Hs512] {
        let key = SecretKey::generate(algorithm).unwrap();
        pairs.push((key.clone().into(), key.into()));
    }
    pairs
}

fn rsa_as(algorithm: Algorithm) -> Option<PrivateKey> {
    PrivateKey::from_pkcs8_der(algorithm, &rsa().to_pkcs8_der()).ok()
}

pub(crate) fn signer(key: impl Into<SigningKey>) -> Signer {
    Signer::builder(key).issuer("iss").audience("aud").lifetime(Duration::from_secs(60)).build().unwrap()
}

pub(crate) fn verifier(key: impl Into<VerifyingKey>) -> Verifier {
    Verifier::builder().key(key).issuer("iss").audience("aud").build().unwrap()
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.as_ref().chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * index) & 63) as usize]));
        }
    }
    out
}

pub(crate) fn decode_base64url(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = text.chars().flat_map(|c| {
        let value = ALPHABET.find(c).unwrap();
        (0..6).rev().map(move |bit| u8::try_from(value >> bit & 1).unwrap())
    });
    let bits: Vec<u8> = bits.collect();
    bits.chunks_exact(8).map(|octet| octet.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}

/// A correctly signed HS256 token of any header and payload: what an issuer with strange habits, or one
/// who knows the secret, can make.
pub(crate) fn hs256(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let input = format!("{}.{}", base64url(header), base64url(payload));
    let tag = hmac_sha256(b"0123456789abcdef0123456789abcdef", input.as_bytes());
    format!("{input}.{}", base64url(tag))
}

/// HMAC from another implementation than the one under test would be better still; this one at least
/// reaches the primitive without the library.
pub(crate) fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    use aws_lc_rs::hmac;
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
}

pub(crate) fn verify(token: &str) -> Result<Verified<Value>, VerifyError> {
    verifier(secret()).verify(token, now())
}

/// The code with which a token of this header and good claims is refused.
pub(crate) fn header_code(header: impl AsRef<[u8]>) -> Option<Code> {
    verify(&hs256(header, GOOD)).err().map(|error| error.code())
}

/// The code with which a token of these claims is refused.
pub(crate) fn claims_code(claims: impl AsRef<[u8]>) -> Option<Code> {
    verify(&hs256(HEADER, claims)).err().map(|error| error.code())
}

pub(crate) const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
pub(crate) const GOOD: &str = r#"{"iss":"iss","aud":"aud","exp":1700000060}"#;

/// `GOOD` with one member more.
pub(crate) fn with_member(member: &str) -> String {
    format!("{},{member}}}", GOOD.trim_end_matches('}'))
}
