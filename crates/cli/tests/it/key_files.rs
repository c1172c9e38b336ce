//! Keys from one form to another and back.

use crate::world::{World, interop};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use waxseal_cli::Exit;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The files of `keys/` by the name of their key.
fn key_files() -> BTreeMap<String, Vec<String>> {
    let mut files = BTreeMap::<_, Vec<_>>::new();
    for entry in std::fs::read_dir(interop().join("keys")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let (name, _) = file.split_once('.').unwrap();
        files.entry(name.to_owned()).or_default().push(file.clone());
    }
    files
}

fn inspect(world: &World, file: &str, more: &[&str]) -> Value {
    let outcome = world.run(&[&["keys", "inspect", "--json", file], more].concat());
    assert_eq!(outcome.exit, Exit::Success, "{file}: {outcome:?}");
    json(&outcome.stdout)
}

#[test]
fn every_form_of_a_key_is_the_same_key_after_any_conversion() {
    for (name, files) in key_files() {
        if name.starts_with("hs") || name.starts_with("oct") {
            continue;
        }
        let mut thumbprints = Vec::new();
        for file in files {
            let private = !file.contains("public") && !file.contains("spki");
            let world = World::new();
            let path = format!("{{keys}}/{file}");
            let seen = inspect(&world, &path, &[]);
            assert_eq!(seen["private"], private, "{file}");
            for to in ["pem", "der"] {
                let out = format!("{{dir}}/{to}");
                let made = world.run(&["keys", "convert", &path, "--to", to, "--out", &out]);
                assert_eq!(made.exit, Exit::Success, "{file} {to}: {made:?}");
                let again = inspect(&world, &out, &[]);
                assert_eq!(
                    (&again["thumbprint"], &again["private"]),
                    (&seen["thumbprint"], &seen["private"]),
                    "{file} {to}"
                );
                let public =
                    world.run(&["keys", "convert", &out, "--public", "--out", &format!("{out}.public")]);
                assert_eq!(public.exit, Exit::Success, "{file} {to}: {public:?}");
                let public = inspect(&world, &format!("{out}.public"), &[]);
                assert_eq!(
                    (&public["thumbprint"], &public["private"]),
                    (&seen["thumbprint"], &json!(false)),
                    "{file} {to}"
                );
            }
            thumbprints.push(seen["thumbprint"].clone());
        }
        thumbprints.dedup();
        assert_eq!(thumbprints.len(), 1, "{name}");
    }
}

#[test]
fn a_jwk_written_names_its_algorithm() {
    let world = World::new();
    for (file, algorithm, expected) in [
        ("rsa2048.pkcs1.pem", Some("PS384"), "PS384"),
        ("rsa2048.spki.pem", Some("RSA-OAEP-256"), "RSA-OAEP-256"),
        ("p256.sec1.pem", None, "ES256"),
        ("p256.pkcs8.pem", Some("ECDH-ES+A128KW"), "ECDH-ES+A128KW"),
        ("ed25519.pkcs8.pem", None, "EdDSA"),
        ("ed25519.pkcs8.pem", Some("Ed25519"), "Ed25519"),
        ("mldsa44.pkcs8.pem", None, "ML-DSA-44"),
        ("x25519.pkcs8.pem", Some("ECDH-ES"), "ECDH-ES"),
        ("hs256.jwk.json", Some("HS256"), "HS256"),
        ("oct256.jwk.json", Some("A256KW"), "A256KW"),
        ("oct256.jwk.json", Some("A256GCM"), "A256GCM"),
    ] {
        let path = format!("{{keys}}/{file}");
        let named = algorithm.map_or(Vec::new(), |name| vec!["--algorithm", name]);
        let made =
            world.run(&[&["keys", "convert", &path, "--to", "jwk", "--key-id", "k-1"], &named[..]].concat());
        assert_eq!(made.exit, Exit::Success, "{file} {algorithm:?}: {made:?}");
        let jwk = json(&made.stdout);
        assert_eq!((&jwk["alg"], &jwk["kid"]), (&json!(expected), &json!("k-1")), "{file}");
    }
    for file in ["rsa2048.pkcs1.pem", "x25519.pkcs8.pem", "hs256.jwk.json"] {
        let made = world.run(&["keys", "convert", &format!("{{keys}}/{file}"), "--to", "jwk"]);
        assert_eq!(made.exit, Exit::Unusable, "{file}: {made:?}");
    }
}

#[test]
fn encrypted_keys_go_in_and_out() {
    let mut world = World::new();
    world.variables.insert("NEW".to_owned(), "correct horse battery staple".into());
    world.write("passphrase", b"correct horse battery staple\n");
    world.write("wrong", b"hunter2\n");
    for file in ["p256.pkcs8.pem", "rsa2048.private.jwk.json", "x25519.pkcs8.pem"] {
        let path = format!("{{keys}}/{file}");
        let thumbprint = inspect(&world, &path, &[])["thumbprint"].clone();
        for to in ["pem", "der"] {
            let out = format!("{{dir}}/{file}.{to}");
            let encrypt =
                ["keys", "convert", &path, "--to", to, "--new-passphrase-env", "NEW", "--out", &out];
            let made = world.run(&encrypt);
            assert_eq!(made.exit, Exit::Success, "{file} {to}: {made:?}");
            let without = world.run(&["keys", "inspect", &out]);
            assert_eq!(without.code(), Some("key_encrypted"), "{file} {to}: {without:?}");
            assert!(without.stderr.contains("--passphrase-env"), "{file} {to}: {without:?}");
            let wrong = world.run(&["keys", "inspect", &out, "--passphrase-file", "{dir}/wrong"]);
            assert_eq!(wrong.code(), Some("key_passphrase_wrong"), "{file} {to}");
            let again = inspect(&world, &out, &["--passphrase-file", "{dir}/passphrase"]);
            assert_eq!(again["thumbprint"], thumbprint, "{file} {to}");
            let plain = world.run(&["keys", "convert", &out, "--passphrase-file", "{dir}/passphrase"]);
            assert!(plain.stdout.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{file} {to}: {plain:?}");
        }
    }
    let sign =
        ["sign", "--key-file", "{dir}/p256.pkcs8.pem.pem", "--expires-in", "1m", "--passphrase-env", "NEW"];
    assert_eq!(world.run(&sign).exit, Exit::Success);
}

#[test]
fn an_rsa_jwk_gets_its_primes_back() {
    let world = World::new();
    let whole = json(&std::fs::read_to_string(interop().join("keys/rsa2048.private.jwk.json")).unwrap());
    let short = json!({"kty": "RSA", "n": whole["n"], "e": whole["e"], "d": whole["d"]});
    world.write("short.jwk", short.to_string().as_bytes());
    let refused =
        world.run(&["sign", "--key-file", "{dir}/short.jwk", "--algorithm", "RS256", "--expires-in", "1m"]);
    assert_eq!(refused.code(), Some("key_factors_missing"));
    // The command that the message names.
    assert!(refused.stderr.contains("`waxseal keys convert key.jwk --out key.pem`"), "{refused:?}");
    let made = world.run(&["keys", "convert", "{dir}/short.jwk", "--out", "{dir}/key.pem"]);
    assert_eq!(made.exit, Exit::Success, "{made:?}");
    let again = world.run(&["keys", "convert", "{dir}/key.pem", "--to", "jwk", "--algorithm", "RS256"]);
    let again = json(&again.stdout);
    for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        assert_eq!(again[name], whole[name], "{name}");
    }
    let broken = json!({"kty": "RSA", "n": whole["n"], "e": whole["e"], "d": whole["p"]});
    world.write("broken.jwk", broken.to_string().as_bytes());
    assert_eq!(world.run(&["keys", "convert", "{dir}/broken.jwk"]).code(), Some("key_inconsistent"));
}

#[test]
fn noncanonical_integers_are_put_right_when_asked() {
    let world = World::new();
    let mut jwk = json(&std::fs::read_to_string(interop().join("keys/rsa2048.public.jwk.json")).unwrap());
    jwk["e"] = json!("AAEAAQ");
    world.write("odd.jwk", jwk.to_string().as_bytes());
    let refused = world.run(&["keys", "convert", "{dir}/odd.jwk"]);
    assert_eq!(refused.code(), Some("key_non_canonical"));
    assert!(refused.stderr.contains("--allow-noncanonical-integers"), "{refused:?}");
    let made = world.run(&["keys", "convert", "{dir}/odd.jwk", "--allow-noncanonical-integers"]);
    assert!(made.stdout.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{made:?}");
}

#[test]
fn sets_are_converted_key_by_key() {
    let world = World::new();
    let key = |name: &str| {
        json(&std::fs::read_to_string(interop().join(format!("keys/{name}.private.jwk.json"))).unwrap())
    };
    let set = json!({"keys": [key("p256"), key("ed25519")]});
    world.write("set.json", set.to_string().as_bytes());
    let pem = world.run(&["keys", "convert", "{dir}/set.json"]);
    assert_eq!(pem.stdout.matches("-----BEGIN PRIVATE KEY-----").count(), 2, "{pem:?}");
    let public = json(&world.run(&["keys", "convert", "{dir}/set.json", "--to", "jwk", "--public"]).stdout);
    assert_eq!((public["keys"].as_array().map(Vec::len), &public["keys"][0]["d"]), (Some(2), &Value::Null));
    let der = world.run(&["keys", "convert", "{dir}/set.json", "--to", "der"]);
    assert_eq!((der.exit, der.code()), (Exit::Unusable, Some("usage_invalid")));
    let seen = world.run(&["keys", "inspect", "{dir}/set.json"]);
    assert!(
        seen.stdout.starts_with("key 1\ntype        EC P-256\n") && seen.stdout.contains("\nkey 2\n"),
        "{seen:?}"
    );
    let seen = json(&world.run(&["keys", "inspect", "--json", "{dir}/set.json"]).stdout);
    assert_eq!((&seen["keys"][0]["ok"], &seen["keys"][1]["kty"]), (&json!(true), &json!("OKP")));
}

#[test]
fn a_certificate_is_a_box_for_a_key_and_inspect_says_so() {
    let world = World::new();
    let folder = interop().join("../key_files");
    for name in ["p256", "rsa2048", "ed25519"] {
        let path = folder.join(format!("certificate-{name}.pem"));
        let outcome = world.run(&["keys", "inspect", path.to_str().unwrap()]);
        assert_eq!(outcome.exit, Exit::Success, "{name}: {outcome:?}");
        assert!(outcome.stderr.contains("nothing else was checked"), "{name}: {outcome:?}");
        let pem = std::fs::read_to_string(&path).unwrap();
        let mut batch = World::new();
        batch.stdin = json!({"key": {"pem": pem}}).to_string().into_bytes();
        let answer = json(&batch.run(&["keys", "inspect", "--batch"]).stdout);
        assert_eq!((&answer["ok"], &answer["from_certificate"]), (&json!(true), &json!(true)), "{name}");
        let key = world.run(&["keys", "convert", path.to_str().unwrap()]);
        assert!(key.stdout.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{name}: {key:?}");
    }
}

#[test]
fn keys_are_made_for_every_algorithm_and_size() {
    let world = World::new();
    for (algorithm, more, kty, size) in [
        ("RS256", &["--bits", "3072"][..], "RSA", 3072),
        ("Ed25519", &[], "OKP", 256),
        ("ML-DSA-87", &[], "AKP", 20_736),
        ("HS512", &[], "oct", 512),
        ("RSA-OAEP-256", &["--bits", "3072"], "RSA", 3072),
        ("ECDH-ES", &[], "EC", 256),
        ("ECDH-ES+A192KW", &["--curve", "P-521"], "EC", 521),
        ("ECDH-ES+A256KW", &["--curve", "X25519"], "OKP", 256),
        ("A192KW", &[], "oct", 192),
        ("A128GCMKW", &[], "oct", 128),
        ("A256CBC-HS512", &[], "oct", 512),
    ] {
        let made =
            world.run(&[&["keys", "generate", "--algorithm", algorithm, "--format", "jwk"], more].concat());
        assert_eq!(made.exit, Exit::Success, "{algorithm}: {made:?}");
        world.write("key.jwk", made.stdout.as_bytes());
        let seen = inspect(&world, "{dir}/key.jwk", &[]);
        assert_eq!(
            (&seen["kty"], &seen["alg"], &seen["size"], &seen["private"]),
            (&json!(kty), &json!(algorithm), &json!(size), &json!(true)),
            "{algorithm}"
        );
        let plain = world.run(&[&["keys", "generate", "--algorithm", algorithm], more].concat());
        let pem = plain.stdout.starts_with("-----BEGIN PRIVATE KEY-----\n");
        assert_eq!((plain.exit, pem), (Exit::Success, kty != "oct"), "{algorithm}");
    }
}
