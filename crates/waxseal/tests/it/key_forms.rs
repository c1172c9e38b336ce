//! Key files: encrypted ones, certificates, several blocks in one file. The data is in `tests/key_files`.

use crate::support::*;
use serde_json::Value;
use std::path::{Path, PathBuf};
use waxseal::*;

const PASSPHRASE: &str = "waxseal";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn key_file(name: &str) -> String {
    std::fs::read_to_string(folder("key_files").join(name)).unwrap()
}

fn plain(name: &str) -> String {
    std::fs::read_to_string(folder("interop/keys").join(format!("{name}.pkcs8.pem"))).unwrap()
}

/// The names of the files that start with `prefix`, without it and without `.pem`.
fn named(prefix: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder("key_files")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> =
        names.filter_map(|name| Some(name.strip_prefix(prefix)?.strip_suffix(".pem")?.to_owned())).collect();
    names.sort();
    names
}

fn algorithm(key: &str) -> Algorithm {
    match key {
        "ed25519" => Algorithm::EdDsa,
        "p384" => Algorithm::Es384,
        "p521" => Algorithm::Es512,
        "rsa2048" => Algorithm::Rs256,
        "secp256k1" => Algorithm::Es256k,
        _ => Algorithm::Es256,
    }
}

fn der(pem: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(pem.as_bytes()).unwrap().1
}

#[test]
fn encrypted_keys_of_openssl_are_read() {
    let names = named("read-");
    assert_eq!(names.len(), 17, "{names:?}");
    for name in names {
        let key = if name.starts_with("sha") { "p256" } else { &name };
        let (text, algorithm) = (key_file(&format!("read-{name}.pem")), algorithm(key));
        let expected = PrivateKey::from_pem(algorithm, &plain(key)).unwrap();
        let by_pem = PrivateKey::from_encrypted_pem(algorithm, &text, PASSPHRASE);
        let by_der = PrivateKey::from_encrypted_der(algorithm, &der(&text), PASSPHRASE);
        for read in [by_pem, by_der] {
            let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.to_pkcs8_der(), expected.to_pkcs8_der(), "{name}");
        }
        let error = PrivateKey::from_pem(algorithm, &text).unwrap_err();
        assert_eq!(error.code(), Code::KeyEncrypted, "{name}");
        let error = PrivateKey::from_der(algorithm, &der(&text)).unwrap_err();
        assert_eq!(error.code(), Code::KeyEncrypted, "{name}");
    }
}

#[test]
fn weak_and_missing_schemes_are_refused_with_the_command_that_converts() {
    let names = named("refused-");
    assert_eq!(names.len(), 9, "{names:?}");
    for name in names {
        let text = key_file(&format!("refused-{name}.pem"));
        let algorithm = if text.contains("RSA PRIVATE") { Algorithm::Rs256 } else { Algorithm::Es256 };
        let error = PrivateKey::from_encrypted_pem(algorithm, &text, PASSPHRASE).unwrap_err();
        assert_eq!(error.code(), Code::KeyEncryptionUnsupported, "{name}");
        assert!(error.to_string().contains("openssl pkcs8 -topk8"), "{name}: {error}");
    }
}

#[test]
fn a_key_file_cannot_ask_for_minutes_of_work() {
    let error = PrivateKey::from_encrypted_pem(Algorithm::Es256, &key_file("costly.pem"), PASSPHRASE);
    assert_eq!(error.unwrap_err().code(), Code::KeyCostRefused);
}

#[test]
fn a_wrong_passphrase_or_a_changed_byte_is_one_error() {
    let text = key_file("read-sha256-aes256.pem");
    for passphrase in ["", "Waxseal", "waxseal ", " waxseal"] {
        let error = PrivateKey::from_encrypted_pem(Algorithm::Es256, &text, passphrase).unwrap_err();
        assert_eq!(error.code(), Code::KeyPassphraseWrong, "{passphrase:?}");
    }
    let whole = der(&text);
    for index in 0..whole.len() {
        let mut changed = whole.clone();
        changed[index] ^= 1;
        let outcome = PrivateKey::from_encrypted_der(Algorithm::Es256, &changed, PASSPHRASE);
        assert!(outcome.is_err(), "{index}");
    }
}

/// The padding of one wrong passphrase in 256 is right by chance; what comes out is no key, and nothing may
/// tell these cases apart.
#[test]
fn no_wrong_passphrase_is_called_anything_else() {
    let text = key_file("read-sha256-aes256.pem");
    for index in 0..1500 {
        let error = PrivateKey::from_encrypted_pem(Algorithm::Es256, &text, format!("wrong {index}"));
        assert_eq!(error.unwrap_err().code(), Code::KeyPassphraseWrong, "{index}");
    }
}

#[test]
fn every_key_survives_encryption() {
    for key in [rsa(), PrivateKey::generate(Algorithm::MlDsa65).unwrap()] {
        let algorithm = key.algorithm();
        let text = key.to_encrypted_pkcs8_pem("pass phrase").unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let again = PrivateKey::from_encrypted_pem(algorithm, &text, "pass phrase").unwrap();
        assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der(), "{algorithm}");
        assert_ne!(key.to_encrypted_pkcs8_pem("pass phrase").unwrap(), text, "salt and vector are fresh");
        assert_eq!(key.to_encrypted_pkcs8_der("").unwrap_err().code(), Code::KeyPassphraseEmpty);
    }
}

#[test]
fn a_passphrase_for_a_plain_key_is_a_mistake() {
    for (file, algorithm) in [
        ("p256.pkcs8.pem", Algorithm::Es256),
        ("p256.sec1.pem", Algorithm::Es256),
        ("rsa2048.pkcs1.pem", Algorithm::Rs256),
    ] {
        let text = std::fs::read_to_string(folder("interop/keys").join(file)).unwrap();
        let error = PrivateKey::from_encrypted_pem(algorithm, &text, PASSPHRASE).unwrap_err();
        assert_eq!(error.code(), Code::KeyNotEncrypted, "{file}");
        let error = PrivateKey::from_encrypted_der(algorithm, &der(&text), PASSPHRASE).unwrap_err();
        assert_eq!(error.code(), Code::KeyNotEncrypted, "{file}");
    }
    let public = rsa().public_key().to_spki_pem();
    let error = PrivateKey::from_encrypted_pem(Algorithm::Rs256, &public, PASSPHRASE).unwrap_err();
    assert_eq!(error.code(), Code::KeyNotPrivate);
}

#[test]
fn a_certificate_is_a_box_for_its_key() {
    let names = named("certificate-");
    assert_eq!(names.len(), 7, "{names:?}");
    for name in names {
        let key = name.strip_prefix("v1-").unwrap_or(&name);
        let (text, algorithm) = (key_file(&format!("certificate-{name}.pem")), algorithm(key));
        let expected = PrivateKey::from_pem(algorithm, &plain(key)).unwrap();
        let octets = der(&text);
        for read in [
            PublicKey::from_certificate_pem(algorithm, &text),
            PublicKey::from_certificate_der(algorithm, &octets),
            PublicKey::from_pem(algorithm, &text),
            PublicKey::from_der(algorithm, &octets),
        ] {
            let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.thumbprint(), expected.public_key().thumbprint(), "{name}");
        }
        for cut in 0..octets.len() {
            assert!(PublicKey::from_certificate_der(algorithm, &octets[..cut]).is_err(), "{name} {cut}");
        }
        let longer = [&octets[..], &[0]].concat();
        assert!(PublicKey::from_certificate_der(algorithm, &longer).is_err(), "{name}");
        let error = PublicKey::from_certificate_pem(algorithm, &expected.public_key().to_spki_pem());
        assert_eq!(error.unwrap_err().code(), Code::KeyMalformed, "{name}");
    }
}

#[test]
fn files_with_several_blocks() {
    let (key, certificate) = (plain("p256"), key_file("certificate-p256.pem"));
    let other = key_file("certificate-rsa2048.pem");
    let thumbprint = PrivateKey::from_pem(Algorithm::Es256, &key).unwrap().public_key().thumbprint();
    for text in [format!("{certificate}{other}{key}"), format!("{key}{certificate}")] {
        let read = PrivateKey::from_pem(Algorithm::Es256, &text).unwrap();
        assert_eq!(read.public_key().thumbprint(), thumbprint);
    }
    let chain = format!("{certificate}{other}");
    let read = PublicKey::from_certificate_pem(Algorithm::Es256, &chain).unwrap();
    assert_eq!(read.thumbprint(), thumbprint);
    let error = PrivateKey::from_pem(Algorithm::Es256, &chain).unwrap_err();
    assert_eq!(error.code(), Code::KeyNotPrivate);
    let error = PublicKey::from_pem(Algorithm::Es256, &format!("{key}{certificate}")).unwrap_err();
    assert_eq!(error.code(), Code::KeyNotPublic);
}

#[test]
fn a_certificate_verifies_tokens() {
    let private = PrivateKey::from_pem(Algorithm::Es256, &plain("p256")).unwrap();
    let token = signer(private).token(now()).sign().unwrap();
    let public = PublicKey::from_pem(Algorithm::Es256, &key_file("certificate-p256.pem")).unwrap();
    assert!(verifier(public).verify::<Value>(&token, now()).is_ok());
}

/// A PKCS#8 key with its public half in the field of version 1 (RFC 5958 §2).
fn with_public_half(key: &PrivateKey, other: &PublicKey) -> Vec<u8> {
    let length = |length: usize| match u16::try_from(length).unwrap().to_be_bytes() {
        [0, short @ 0..0x80] => vec![short],
        [0, long] => vec![0x81, long],
        [high, low] => vec![0x82, high, low],
    };
    let (pkcs8, spki) = (key.to_pkcs8_der(), other.to_spki_der());
    // Behind the algorithm of the SPKI: BIT STRING, length, no unused bits.
    let skip = |octets: &[u8]| match octets[1] {
        0x82 => 4,
        0x81 => 3,
        _ => 2,
    };
    let inner = &spki[skip(&spki)..];
    let bits = &inner[2 + usize::from(inner[1])..];
    let bits = &bits[skip(bits)..];
    let mut body = pkcs8[skip(&pkcs8)..].to_vec();
    body[2] = 1;
    let body = [&body[..], &[0x81], &length(bits.len()), bits].concat();
    [&[0x30], &length(body.len())[..], &body].concat()
}

#[test]
fn the_halves_of_a_pkcs8_key_must_match() {
    let algorithms =
        [Algorithm::Rs256, Algorithm::Es256, Algorithm::Es512, Algorithm::EdDsa, Algorithm::MlDsa44];
    for algorithm in algorithms {
        let [key, other] = [(); 2].map(|()| PrivateKey::generate(algorithm).unwrap());
        let own = PrivateKey::from_der(algorithm, &with_public_half(&key, &key.public_key()));
        let own = own.unwrap_or_else(|error| panic!("{algorithm}: {error}"));
        assert_eq!(own.to_pkcs8_der(), key.to_pkcs8_der(), "{algorithm}");
        let swapped = PrivateKey::from_der(algorithm, &with_public_half(&key, &other.public_key()));
        assert_eq!(swapped.unwrap_err().code(), Code::KeyInconsistent, "{algorithm}");
        let mut unversioned = with_public_half(&key, &key.public_key());
        let version = unversioned.windows(3).position(|window| window == [2, 1, 1]).unwrap() + 2;
        unversioned[version] = 0;
        let error = PrivateKey::from_der(algorithm, &unversioned).unwrap_err();
        assert_eq!(error.code(), Code::KeyMalformed, "{algorithm}");
    }
    // The public half that SEC 1 puts inside.
    let [key, other] = [(); 2].map(|()| PrivateKey::generate(Algorithm::Es256).unwrap());
    let (mut mixed, other) = (key.to_pkcs8_der(), other.to_pkcs8_der());
    let start = mixed.len() - 64;
    mixed[start..].copy_from_slice(&other[start..]);
    let error = PrivateKey::from_der(Algorithm::Es256, &mixed).unwrap_err();
    assert_eq!(error.code(), Code::KeyInconsistent);
}

/// What this library writes without the cryptographic library is what OpenSSL wrote.
#[test]
fn spki_is_written_as_openssl_writes_it() {
    for key in ["ed25519", "p256", "p384", "p521", "rsa2048", "secp256k1"] {
        let spki = std::fs::read_to_string(folder("interop/keys").join(format!("{key}.spki.pem"))).unwrap();
        let read = PublicKey::from_pem(algorithm(key), &spki).unwrap();
        assert_eq!(read.to_spki_pem(), spki, "{key}");
    }
}

#[test]
fn keys_for_pss_only_are_for_nothing_else() {
    let rsa =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map(|name| name.parse::<Algorithm>().unwrap());
    for (name, allowed) in [
        ("any", &["PS256", "PS384", "PS512"][..]),
        ("sha256", &["PS256"]),
        ("sha384", &["PS384"]),
        ("sha512", &["PS512"]),
    ] {
        let (private, public) =
            (key_file(&format!("pss-{name}.pem")), key_file(&format!("pss-{name}.spki.pem")));
        for algorithm in rsa {
            let private = PrivateKey::from_pem(algorithm, &private).map_err(|error| error.code());
            let public = PublicKey::from_pem(algorithm, &public).map_err(|error| error.code());
            if allowed.contains(&algorithm.as_str()) {
                let token = signer(private.unwrap()).token(now()).sign().unwrap();
                assert!(
                    verifier(public.unwrap()).verify::<Value>(&token, now()).is_ok(),
                    "{name} {algorithm}"
                );
            } else {
                assert_eq!(private.unwrap_err(), Code::KeyAlgorithmMismatch, "{name} {algorithm}");
                assert_eq!(public.unwrap_err(), Code::KeyAlgorithmMismatch, "{name} {algorithm}");
            }
        }
    }
    for name in ["salt", "mask", "sha1"] {
        let error = PrivateKey::from_pem(Algorithm::Ps256, &key_file(&format!("pss-refused-{name}.pem")));
        assert_eq!(error.unwrap_err().code(), Code::KeyTypeUnsupported, "{name}");
        let error = PublicKey::from_pem(Algorithm::Ps256, &key_file(&format!("pss-refused-{name}.spki.pem")));
        assert_eq!(error.unwrap_err().code(), Code::KeyTypeUnsupported, "{name}");
    }
}
