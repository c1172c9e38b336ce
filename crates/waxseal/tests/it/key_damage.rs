//! Damaged key files: nothing panics, and what is still accepted is written back as it was read, so no two
//! files are the same key by accident.

use waxseal::*;

const KEYS: [(&str, Algorithm); 9] = [
    ("ed25519", Algorithm::EdDsa),
    ("p256", Algorithm::Es256),
    ("p384", Algorithm::Es384),
    ("p521", Algorithm::Es512),
    ("secp256k1", Algorithm::Es256k),
    ("rsa2048", Algorithm::Rs256),
    ("mldsa44", Algorithm::MlDsa44),
    ("mldsa65", Algorithm::MlDsa65),
    ("mldsa87", Algorithm::MlDsa87),
];

fn key_file(name: &str) -> String {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop/keys");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn der(name: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(key_file(name).as_bytes()).unwrap().1
}

/// Each file with one bit changed, with one byte less, and cut off.
fn damaged(octets: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    // Of the large public keys, the ends show all there is to see.
    let places = (0..octets.len()).filter(|place| *place < 160 || octets.len() - place < 64);
    places.flat_map(move |place| {
        let flipped = (0..8).map(move |bit| {
            let mut copy = octets.to_vec();
            copy[place] ^= 1 << bit;
            copy
        });
        let mut shorter = octets.to_vec();
        shorter.remove(place);
        flipped.chain([shorter, octets[..place].to_vec()])
    })
}

#[test]
fn damaged_private_keys() {
    for (name, algorithm) in KEYS {
        let whole = der(&format!("{name}.pkcs8.pem"));
        assert_eq!(*PrivateKey::from_der(algorithm, &whole).unwrap().to_pkcs8_der(), whole, "{name}");
        for octets in damaged(&whole) {
            if let Ok(key) = PrivateKey::from_der(algorithm, &octets) {
                assert_eq!(*key.to_pkcs8_der(), octets, "{name}");
            }
        }
    }
}

#[test]
fn damaged_public_keys() {
    for (name, algorithm) in KEYS {
        let whole = der(&format!("{name}.spki.pem"));
        assert_eq!(PublicKey::from_der(algorithm, &whole).unwrap().to_spki_der(), whole, "{name}");
        for octets in damaged(&whole) {
            if let Ok(key) = PublicKey::from_der(algorithm, &octets) {
                assert_eq!(key.to_spki_der(), octets, "{name}");
            }
        }
    }
}

/// SEC 1 §2.3.3: a compressed point is read, a hybrid one is not.
#[test]
fn one_point_has_two_spellings_and_not_three() {
    let curves = [
        ("p256", Algorithm::Es256, 32),
        ("secp256k1", Algorithm::Es256k, 32),
        ("p384", Algorithm::Es384, 48),
    ];
    for (name, algorithm, field) in curves {
        let whole = der(&format!("{name}.spki.pem"));
        let point = whole.len() - 2 * field - 1;
        let parity = whole.last().unwrap() & 1;
        for form in [5, 6, 7] {
            let mut hybrid = whole.clone();
            hybrid[point] = form;
            let error = PublicKey::from_der(algorithm, &hybrid).unwrap_err();
            assert_eq!(error.code(), Code::KeyMalformed, "{name} {form}");
        }
        let mut compressed = whole[..=point + field].to_vec();
        compressed[point] = 2 + parity;
        // The lengths of the sequence and of the bit string.
        let saved = u8::try_from(field).unwrap();
        for length in [1, point - 2] {
            compressed[length] -= saved;
        }
        let read = PublicKey::from_der(algorithm, &compressed);
        let read = read.unwrap_or_else(|error| panic!("{name}: {error} {compressed:x?}"));
        assert_eq!(read.to_spki_der(), whole, "{name}");
    }
}

#[test]
fn damaged_traditional_keys() {
    for (file, algorithm) in [
        ("p256.sec1.pem", Algorithm::Es256),
        ("p521.sec1.pem", Algorithm::Es512),
        ("rsa2048.pkcs1.pem", Algorithm::Rs256),
    ] {
        let whole = der(file);
        let right = PrivateKey::from_der(algorithm, &whole).unwrap();
        for octets in damaged(&whole) {
            if let Ok(key) = PrivateKey::from_der(algorithm, &octets) {
                assert_eq!(key.to_pkcs8_der(), right.to_pkcs8_der(), "{file} {octets:x?}");
            }
        }
    }
}

#[test]
fn damaged_pem_and_jwk() {
    for (name, algorithm) in KEYS {
        for file in [format!("{name}.pkcs8.pem"), format!("{name}.private.jwk.json")] {
            let text = key_file(&file);
            for octets in damaged(text.as_bytes()) {
                let Ok(text) = std::str::from_utf8(&octets) else {
                    let _ = Jwk::parse(&octets);
                    continue;
                };
                let by_pem = PrivateKey::from_pem(algorithm, text);
                let by_jwk = Jwk::parse(text).and_then(|jwk| PrivateKey::from_jwk_as(algorithm, &jwk));
                for key in [by_pem, by_jwk].into_iter().flatten() {
                    let again = PrivateKey::from_pem(algorithm, &key.to_pkcs8_pem()).unwrap();
                    assert_eq!(
                        again.to_jwk_json(),
                        key.clone().with_kid(again.kid().unwrap()).unwrap().to_jwk_json()
                    );
                }
            }
        }
    }
}
