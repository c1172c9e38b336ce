//! The keys of the library's own interoperability tests. They protect nothing.

use crate::Algorithm;

macro_rules! key {
    ($name:literal) => {
        include_str!(concat!("../../../crates/waxseal/tests/interop/keys/", $name))
    };
}

/// 32 octets.
pub const SECRET: &[u8; 32] = b"an HMAC secret of 32 octets: 256";

/// The private key as PKCS#8 in PEM; nothing for HMAC.
#[must_use]
pub const fn private_pem(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Hs256 => "",
        Algorithm::Rs256 => key!("rsa2048.pkcs8.pem"),
        Algorithm::Es256 => key!("p256.pkcs8.pem"),
        Algorithm::EdDsa => key!("ed25519.pkcs8.pem"),
        Algorithm::MlDsa65 => key!("mldsa65.pkcs8.pem"),
    }
}

/// The private key as a JWK; nothing for HMAC.
#[must_use]
pub const fn private_jwk(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Hs256 => "",
        Algorithm::Rs256 => key!("rsa2048.private.jwk.json"),
        Algorithm::Es256 => key!("p256.private.jwk.json"),
        Algorithm::EdDsa => key!("ed25519.private.jwk.json"),
        Algorithm::MlDsa65 => key!("mldsa65.private.jwk.json"),
    }
}

/// The public key as `SubjectPublicKeyInfo` in PEM; nothing for HMAC.
#[must_use]
pub const fn public_pem(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Hs256 => "",
        Algorithm::Rs256 => key!("rsa2048.spki.pem"),
        Algorithm::Es256 => key!("p256.spki.pem"),
        Algorithm::EdDsa => key!("ed25519.spki.pem"),
        Algorithm::MlDsa65 => key!("mldsa65.spki.pem"),
    }
}

/// The DER inside a PEM text.
#[must_use]
pub fn der(pem: &str) -> Vec<u8> {
    pem.lines().filter(|line| !line.starts_with('-')).flat_map(decode).collect()
}

/// Decodes base64 with either alphabet, each whole line or part for itself.
#[must_use]
pub fn decode(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 255).expect("masked"));
        }
    }
    out
}
