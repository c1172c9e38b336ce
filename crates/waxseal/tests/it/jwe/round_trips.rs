//! What is encrypted decrypts, and nothing else does.

use super::{all_keys, all_pairs, code, decrypter, encrypter, parts, rsa};
use waxseal::Code;
use waxseal::jwe::{Decrypter, KeyAlgorithm};

#[test]
fn every_algorithm_with_every_content_encryption() {
    let pairs = all_pairs();
    assert_eq!(
        pairs.len(),
        6 + 6 * (3 + 3 + 1 + 4 * 4 + 3),
        "each key algorithm with each content encryption"
    );
    for (key, enc) in pairs {
        let token = encrypter(&key, enc).encrypt(b"content").unwrap();
        let decrypted =
            decrypter(&key).decrypt(&token).unwrap_or_else(|error| panic!("{key:?} {enc}: {error}"));
        assert_eq!(decrypted.plaintext(), b"content", "{key:?} {enc}");
        assert_eq!((decrypted.algorithm(), decrypted.content_encryption()), (key.algorithm(), enc));
        assert_eq!(decrypted.kid(), key.kid());
        let header: serde_json::Value = serde_json::from_str(decrypted.protected_header()).unwrap();
        assert_eq!(
            (header["alg"].as_str(), header["enc"].as_str()),
            (Some(key.algorithm().as_str()), Some(enc.as_str()))
        );
        assert_eq!(header["kid"].as_str(), key.kid());
    }
}

#[test]
fn contents_of_every_length() {
    for (key, enc) in all_pairs().into_iter().filter(|(key, _)| key.algorithm() == KeyAlgorithm::Dir) {
        for length in [0, 1, 15, 16, 17, 100, 10_000] {
            let content = vec![b'x'; length];
            let token = encrypter(&key, enc).encrypt(&content).unwrap();
            assert_eq!(decrypter(&key).decrypt(&token).unwrap().plaintext(), content, "{enc} {length}");
        }
    }
}

/// RFC 7516 §11.5 and the list of footguns: a changed part, a wrong key, a wrong encrypted key are one error.
#[test]
fn footgun_32_every_failure_after_parsing_is_one_error() {
    for (key, enc) in all_pairs() {
        let token = encrypter(&key, enc).encrypt(b"some content of more than one block").unwrap();
        let original = parts(&token);
        for index in 1..5 {
            let part = &original[index];
            let positions = if part.is_empty() { vec![] } else { vec![0, part.len() / 2] };
            for position in positions {
                let mut changed = original.clone();
                let replacement = if part.as_bytes()[position] == b'A' { "B" } else { "A" };
                changed[index].replace_range(position..=position, replacement);
                let result = decrypter(&key).decrypt(&changed.join("."));
                assert_eq!(
                    code(result),
                    Some(Code::DecryptionFailed),
                    "{key:?} {enc} part {index} at {position}"
                );
            }
        }
    }
}

#[test]
fn footgun_32_a_key_of_the_same_kind_fails_like_a_changed_token() {
    let (keys, others) = (all_keys(), all_keys());
    for (key, other) in keys.iter().zip(&others).filter(|(key, _)| key.algorithm() != KeyAlgorithm::RsaOaep) {
        if key.algorithm().as_str().starts_with("PBES2") || key.algorithm() == KeyAlgorithm::RsaOaep256 {
            continue; // the same key in both lists
        }
        let enc = key.content_encryption().unwrap_or(waxseal::jwe::ContentEncryption::A128CbcHs256);
        let token = encrypter(key, enc).encrypt(b"content").unwrap();
        assert_eq!(code(decrypter(other).decrypt(&token)), Some(Code::DecryptionFailed), "{key:?}");
        let both = Decrypter::builder().keys([other.clone(), key.clone()]).build().unwrap();
        assert_eq!(both.decrypt(&token).unwrap().plaintext(), b"content", "{key:?}: each key is tried");
    }
}

#[test]
fn no_two_messages_share_an_iv_a_key_or_an_ephemeral_key() {
    for (key, enc) in all_pairs() {
        let encrypter = encrypter(&key, enc);
        let (one, other) = (encrypter.encrypt(b"content").unwrap(), encrypter.encrypt(b"content").unwrap());
        let header = |token: &str| -> serde_json::Value {
            let decrypted = decrypter(&key).decrypt(token).unwrap();
            serde_json::from_str(decrypted.protected_header()).unwrap()
        };
        let (one_header, other_header) = (header(&one), header(&other));
        for member in ["epk", "iv", "tag", "p2s"] {
            if !one_header[member].is_null() {
                assert_ne!(one_header[member], other_header[member], "{key:?} {enc} {member}");
            }
        }
        let (one, other) = (parts(&one), parts(&other));
        for index in [2, 3, 4] {
            assert_ne!(one[index], other[index], "{key:?} {enc} part {index}");
        }
        if !one[1].is_empty() {
            assert_ne!(one[1], other[1], "{key:?} {enc}");
        }
    }
}

#[test]
fn the_names_of_both_parties_are_part_of_the_key() {
    for algorithm in [KeyAlgorithm::EcdhEs, KeyAlgorithm::EcdhEsA128Kw] {
        let key = waxseal::jwe::DecryptionKey::generate(algorithm).unwrap();
        let builder = waxseal::jwe::Encrypter::builder(key.encryption_key().unwrap());
        let token = builder.apu("Alice").apv("Bob").build().unwrap().encrypt(b"content").unwrap();
        let decrypted = decrypter(&key).decrypt(&token).unwrap();
        let header: serde_json::Value = serde_json::from_str(decrypted.protected_header()).unwrap();
        assert_eq!((&header["apu"], &header["apv"]), (&"QWxpY2U".into(), &"Qm9i".into()), "{algorithm}");
    }
}

#[test]
fn rsa_oaep_with_sha_1_only_decrypts() {
    let key = rsa(KeyAlgorithm::RsaOaep);
    assert_eq!(key.encryption_key().unwrap_err().code(), Code::KeyDecryptOnly);
}
