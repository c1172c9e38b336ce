//! What stands between this crate and the backend: key wrapping with 192 bits and AES-CBC with HMAC are put
//! together here, the rest is called here.

use super::{load, octets};
use crate::crypto::{
    AgreementKey, Group, OaepHash, OaepPrivate, cbc_hs_open, cbc_hs_seal, check_peer, unwrap, wrap,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    key_wrap: Vec<KeyWrap>,
    content: Vec<Content>,
    oaep: Vec<Oaep>,
    agreement: Vec<Agreement>,
}

#[derive(Deserialize)]
struct KeyWrap {
    id: u32,
    comment: String,
    valid: bool,
    key: String,
    plaintext: String,
    wrapped: String,
}

#[derive(Deserialize)]
struct Content {
    id: u32,
    comment: String,
    valid: bool,
    encryption: String,
    key: String,
    iv: String,
    aad: String,
    plaintext: String,
    ciphertext: String,
    tag: String,
}

#[derive(Deserialize)]
struct Oaep {
    algorithm: String,
    key: String,
    tests: Vec<OaepCase>,
}

#[derive(Deserialize)]
struct OaepCase {
    id: u32,
    comment: String,
    valid: bool,
    plaintext: String,
    ciphertext: String,
}

#[derive(Deserialize)]
struct Agreement {
    id: u32,
    comment: String,
    valid: bool,
    curve: String,
    private: String,
    public: String,
    secret: String,
}

fn vectors() -> Vectors {
    load("wycheproof_encryption.json")
}

/// How many cases are valid and how many are not.
fn count(valid: impl Iterator<Item = bool>) -> (usize, usize) {
    let (yes, no): (Vec<_>, Vec<_>) = valid.partition(|valid| *valid);
    (yes.len(), no.len())
}

#[test]
fn wycheproof_aes_key_wrap() {
    let cases = vectors().key_wrap;
    for KeyWrap { id, comment, valid, key, plaintext, wrapped } in &cases {
        let what = format!("{id} {comment}");
        let (key, plaintext, wrapped) = (octets(key), octets(plaintext), octets(wrapped));
        let unwrapped = unwrap(&key, &wrapped);
        assert_eq!(
            unwrapped.as_ref().ok().map(|found| found.as_slice()),
            valid.then_some(&*plaintext),
            "{what}"
        );
        if *valid {
            assert_eq!(wrap(&key, &plaintext).unwrap(), wrapped, "{what}");
        }
    }
    assert_eq!(count(cases.iter().map(|case| case.valid)), (20, 64));
}

#[test]
fn wycheproof_aes_cbc_hmac() {
    let cases = vectors().content;
    for case in &cases {
        let what = format!("{} {} {}", case.encryption, case.id, case.comment);
        let [key, iv, aad, tag] = [&case.key, &case.iv, &case.aad, &case.tag].map(|text| octets(text));
        let mut data = octets(&case.ciphertext);
        let opened = cbc_hs_open(&key, &iv, &aad, &tag, &mut data);
        let opened = opened.ok().map(|length| data[..length].to_vec());
        assert_eq!(opened, case.valid.then(|| octets(&case.plaintext)), "{what}");
        if case.valid {
            let mut data = octets(&case.plaintext);
            assert_eq!(cbc_hs_seal(&key, &iv, &aad, &mut data).unwrap(), tag, "{what}");
            assert_eq!(data, octets(&case.ciphertext), "{what}");
        }
    }
    assert_eq!(count(cases.iter().map(|case| case.valid)), (27, 42));
}

#[test]
fn wycheproof_rsa_oaep() {
    let mut valid = Vec::new();
    for Oaep { algorithm, key, tests } in vectors().oaep {
        let key = OaepPrivate::from_pkcs8(&octets(&key)).unwrap();
        let hash = if algorithm == "RSA-OAEP" { OaepHash::Sha1 } else { OaepHash::Sha256 };
        for case in tests {
            let decrypted = key.decrypt(hash, &octets(&case.ciphertext)).ok().map(|found| found.to_vec());
            let expected = case.valid.then(|| octets(&case.plaintext));
            assert_eq!(decrypted, expected, "{algorithm} {} {}", case.id, case.comment);
            valid.push(case.valid);
        }
    }
    assert_eq!(count(valid.into_iter()), (10, 38));
}

/// Concat KDF (NIST SP 800-56A section 5.8.1), written out: one round is enough here.
fn concat_kdf(secret: &[u8], info: &[u8]) -> Vec<u8> {
    let input = [&1_u32.to_be_bytes(), secret, info].concat();
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &input).as_ref().to_vec()
}

#[test]
fn wycheproof_key_agreement() {
    let cases = vectors().agreement;
    for case in &cases {
        let what = format!("{} {} {}", case.curve, case.id, case.comment);
        let group = match case.curve.as_str() {
            "P-256" => Group::P256,
            "P-384" => Group::P384,
            "P-521" => Group::P521,
            _ => Group::X25519,
        };
        let (own, peer) =
            (AgreementKey::from_octets(group, &octets(&case.private)).unwrap(), octets(&case.public));
        assert_eq!(check_peer(group, &peer).is_ok(), case.valid, "{what}");
        let mut derived = [0; 32];
        let outcome = own.derive(&peer, b"info", &mut derived);
        assert_eq!(outcome.is_ok(), case.valid, "{what}");
        if case.valid {
            assert_eq!(derived.as_slice(), concat_kdf(&octets(&case.secret), b"info"), "{what}");
        }
    }
    assert_eq!(count(cases.iter().map(|case| case.valid)), (55, 101));
}
