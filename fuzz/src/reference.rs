//! Base64url, HMAC and the payload guard once more, slow and plain.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};
use waxseal::Algorithm;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648 §5 without padding; `None` unless `text` is the one encoding of what it stands for.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut out) = (0_u32, 0_u32, Vec::new());
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == byte)?;
        bits = (bits << 6) | u32::try_from(value).expect("under 64");
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count).expect("eight bits"));
            bits &= (1 << count) - 1;
        }
    }
    // Six bits left over are a character that encodes nothing.
    (count < 6 && bits == 0).then_some(out)
}

/// RFC 4648 §5 without padding.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    let mut out = String::new();
    for chunk in bytes.as_ref().chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for index in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * index)) as usize & 63]));
        }
    }
    out
}

/// The MAC of an HMAC algorithm, from another implementation than the library's.
pub(crate) fn mac(algorithm: Algorithm, secret: &[u8], message: &str) -> Vec<u8> {
    macro_rules! mac {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(secret).expect("any length will do");
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match algorithm {
        Algorithm::Hs256 => mac!(Sha256),
        Algorithm::Hs384 => mac!(Sha384),
        Algorithm::Hs512 => mac!(Sha512),
        other => panic!("{other} is no HMAC"),
    }
}

/// Names that no token may carry unless allowed: the plainest cases of the guard, which refuses more.
pub(crate) fn certainly_secret(name: &str) -> bool {
    let mut words = name.split(|character: char| !character.is_alphanumeric());
    let letters: String = name.chars().filter(|character| character.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    let phrases = ["password", "creditcard", "cardnumber", "privatekey", "apikey", "refreshtoken"];
    let secrets = ["secret", "passwd", "pwd", "ssn", "cvv", "pin"];
    // A word in one case: where a change of case begins a new word, opinions may differ.
    words.any(|word| secrets.iter().any(|secret| word == *secret || word == secret.to_uppercase()))
        || phrases.iter().any(|phrase| letters.contains(phrase))
}

/// PEM (RFC 7468 §2) of `der`.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = encode(der).replace('-', "+").replace('_', "/");
    let padding = "=".repeat(text.len().wrapping_neg() % 4);
    let text = text + &padding;
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The DER in the first PEM block of `text`, which must be a good one.
pub(crate) fn der_of(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    decode(body.trim_end_matches('=').replace('+', "-").replace('/', "_").as_str()).expect("good PEM")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_of_the_rfc() {
        // RFC 4648 §10, and one of each refusal.
        for (text, bytes) in [("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYmE", "fooba")] {
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()), "{text}");
            assert_eq!(encode(bytes), text);
        }
        for text in ["Z", "Zh", "Zg=", "Zg==", "Z g", "+/", "Zm9vY"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn hmac_of_the_rfc() {
        // RFC 4231 §4.3
        let tag = mac(Algorithm::Hs256, b"Jefe", "what do ya want for nothing?");
        assert_eq!(encode(tag), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
    }

    #[test]
    fn pem_reads_back() {
        for length in [1, 47, 48, 49, 200] {
            let der: Vec<u8> = (0..length).collect();
            assert_eq!(der_of(&pem("PUBLIC KEY", &der)), der, "{length}");
        }
    }
}
