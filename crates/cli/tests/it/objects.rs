//! `jws` and `jwe`: what one command makes is what the other one reads.

use crate::world::World;
use serde_json::{Value, json};
use waxseal::jwe::{ContentEncryption, KeyAlgorithm};
use waxseal_cli::Exit;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn generated(world: &World, algorithm: &str) {
    let made = world.run(&["keys", "generate", "--algorithm", algorithm, "--format", "jwk"]);
    assert_eq!(made.exit, Exit::Success, "{algorithm}: {made:?}");
    world.write("key.jwk", made.stdout.as_bytes());
}

#[test]
fn every_algorithm_signs_and_verifies_in_every_serialization() {
    for algorithm in waxseal::Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).chain(["Ed25519"]) {
        let mut world = World::new();
        generated(&world, algorithm);
        world.write("payload", b"any octets \x00\xff");
        for form in ["compact", "flattened", "general"] {
            let what = format!("{algorithm} {form}");
            let sign = ["jws", "sign", "--key-file", "{dir}/key.jwk", "--serialization", form];
            let more = ["--typ", "note", "--cty", "text/plain", "--header", "a=b", "--header-json", "n=[1]"];
            let signed = world.run(&[&sign[..], &more, &["{dir}/payload"]].concat());
            assert_eq!((signed.exit, signed.stderr.as_str()), (Exit::Success, ""), "{what}");
            world.stdin = signed.stdout.into_bytes();
            let verify = ["jws", "verify", "--key-file", "{dir}/key.jwk"];
            let outcome =
                world.run(&[&verify[..], &["--json", "--typ", "note", "--all-signatures"]].concat());
            let answer = json(&outcome.stdout);
            assert_eq!((outcome.exit, &answer["ok"]), (Exit::Success, &json!(true)), "{what}: {outcome:?}");
            assert_eq!(answer["payload_b64u"], "YW55IG9jdGV0cyAA_w", "{what}");
            let header = &answer["header"];
            assert_eq!((&header["alg"], &header["cty"]), (&json!(algorithm), &json!("text/plain")), "{what}");
            assert_eq!((&header["a"], &header["n"]), (&json!("b"), &json!([1])), "{what}");
            let other = world.run(&[&verify[..], &["--typ", "other"]].concat());
            assert_eq!((other.exit, other.code()), (Exit::Refused, Some("typ_mismatch")), "{what}");
        }
    }
}

#[test]
fn detached_and_unencoded_payloads_come_back_together() {
    let mut world = World::new();
    world.write("payload", b"$.02");
    world.write("other", b"$.03");
    let key = ["--key-file", "{keys}/p256.pkcs8.pem"];
    for form in ["compact", "flattened", "general"] {
        for more in [&["--detached"][..], &["--detached", "--unencoded-payload"]] {
            let what = format!("{form} {more:?}");
            let sign = [&["jws", "sign", "--serialization", form, "{dir}/payload"], &key[..], more].concat();
            let signed = world.run(&sign);
            assert_eq!(signed.exit, Exit::Success, "{what}: {signed:?}");
            world.stdin = signed.stdout.into_bytes();
            let verify =
                |payload| world.run(&[&["jws", "verify", "--payload-file", payload], &key[..]].concat());
            assert_eq!(
                (verify("{dir}/payload").stdout.as_str(), verify("{dir}/payload").exit),
                ("$.02", Exit::Success),
                "{what}"
            );
            assert_eq!(verify("{dir}/other").code(), Some("signature_invalid"), "{what}");
            assert_eq!(world.run(&[&["jws", "verify"], &key[..]].concat()).exit, Exit::Refused, "{what}");
        }
    }
    let inside = world.run(&[&["jws", "sign", "--unencoded-payload", "{dir}/payload"], &key[..]].concat());
    assert_eq!(inside.code(), Some("sign_payload_invalid"), "a full stop has no place in a compact JWS");
}

#[test]
fn several_keys_sign_one_payload() {
    let mut world = World::new();
    world.variables.insert("S".to_owned(), "a secret of thirty-two bytes, and more".into());
    world.write("payload", b"the contract");
    let keys = [
        "--key-file",
        "{keys}/rsa2048.pkcs8.pem",
        "--key-file",
        "{keys}/p256.pkcs8.pem",
        "--secret-env",
        "S",
    ];
    let sign = |form| {
        world.run(
            &[&["jws", "sign", "--algorithm", "PS256", "--serialization", form, "{dir}/payload"], &keys[..]]
                .concat(),
        )
    };
    assert_eq!(sign("flattened").code(), Some("usage_invalid"));
    let signed = sign("general");
    assert_eq!(json(&signed.stdout)["signatures"].as_array().map(Vec::len), Some(3), "{signed:?}");
    world.stdin = signed.stdout.into_bytes();
    for (key, algorithm) in [
        (&["--key-file", "{keys}/rsa2048.spki.pem", "--algorithm", "PS256"][..], "PS256"),
        (&["--key-file", "{keys}/p256.spki.pem"], "ES256"),
        (&["--secret-env", "S"], "HS256"),
    ] {
        let outcome = world.run(&[&["jws", "verify", "--json"], key].concat());
        assert_eq!(json(&outcome.stdout)["header"]["alg"], algorithm, "{outcome:?}");
        let all = world.run(&[&["jws", "verify", "--all-signatures"], key].concat());
        assert_eq!(all.exit, Exit::Refused, "one key does not verify all: {all:?}");
    }
}

#[test]
fn every_way_to_encrypt_can_be_decrypted() {
    for algorithm in KeyAlgorithm::ALL.iter().copied() {
        let name = algorithm.as_str();
        let mut world = World::new();
        world.variables.insert("P".to_owned(), "correct horse battery staple, and more".into());
        world.write("content", b"for your eyes only \x00\xff");
        match algorithm {
            KeyAlgorithm::Dir => {}
            KeyAlgorithm::RsaOaep => continue, // for reading only; the fixtures have it
            _ if name.starts_with("PBES2-") => {}
            _ => generated(&world, name),
        }
        for content in ContentEncryption::ALL.iter().map(|content| content.as_str()) {
            let password = name.starts_with("PBES2-");
            let key: &[&str] = if password {
                &["--password-env", "P", "--algorithm", name]
            } else {
                if algorithm == KeyAlgorithm::Dir {
                    generated(&world, content);
                }
                &["--key-file", "{dir}/key.jwk"]
            };
            let encrypt = [&["jwe", "encrypt", "--encryption", content, "{dir}/content"], key].concat();
            for form in ["compact", "flattened", "general"] {
                let what = format!("{name} {content} {form}");
                let made = world.run(&[&encrypt[..], &["--serialization", form, "--header", "a=b"]].concat());
                assert_eq!((made.exit, made.stderr.as_str()), (Exit::Success, ""), "{what}");
                world.stdin = made.stdout.into_bytes();
                let outcome = world.run(&[&["jwe", "decrypt", "--json"], key].concat());
                let answer = json(&outcome.stdout);
                assert_eq!(answer["payload_b64u"], "Zm9yIHlvdXIgZXllcyBvbmx5IAD_", "{what}: {outcome:?}");
                assert_eq!(
                    (&answer["header"]["enc"], &answer["header"]["a"]),
                    (&json!(content), &json!("b")),
                    "{what}"
                );
                let other = if content == "A256GCM" { "A128GCM" } else { "A256GCM" };
                let refused = world.run(&[&["jwe", "decrypt", "--encryption", other], key].concat());
                assert_eq!((refused.exit, refused.stdout.as_str()), (Exit::Refused, ""), "{what}");
            }
        }
    }
}

#[test]
fn several_recipients_read_one_message() {
    let mut world = World::new();
    world.write("content", b"hello");
    for (name, algorithm) in
        [("one.jwk", "ECDH-ES+A256KW"), ("two.jwk", "A256KW"), ("three.jwk", "RSA-OAEP-256")]
    {
        let made = world.run(&["keys", "generate", "--algorithm", algorithm, "--format", "jwk"]);
        world.write(name, made.stdout.as_bytes());
    }
    let keys =
        ["--key-file", "{dir}/one.jwk", "--key-file", "{dir}/two.jwk", "--key-file", "{dir}/three.jwk"];
    let made = world.run(
        &[&["jwe", "encrypt", "{dir}/content", "--aad", "x", "--serialization", "general"], &keys[..]]
            .concat(),
    );
    assert_eq!(json(&made.stdout)["recipients"].as_array().map(Vec::len), Some(3), "{made:?}");
    world.stdin = made.stdout.into_bytes();
    for name in ["one", "two", "three"] {
        let outcome = world.run(&["jwe", "decrypt", "--key-file", &format!("{{dir}}/{name}.jwk")]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (Exit::Success, "hello"), "{name}: {outcome:?}");
    }
}

#[test]
fn what_is_off_says_how_to_turn_it_on() {
    let mut world = World::new();
    // Not so regular that it would look like a bomb.
    let text = (0..200).map(|number| format!("{number} ")).collect::<Vec<_>>().concat();
    world.write("content", text.as_bytes());
    world.variables.insert("P".to_owned(), "correct horse battery staple, and more".into());
    generated(&world, "A256KW");
    let key = ["--key-file", "{dir}/key.jwk"];
    world.stdin = world
        .run(&[&["jwe", "encrypt", "--compress", "{dir}/content"], &key[..]].concat())
        .stdout
        .into_bytes();
    let refused = world.run(&[&["jwe", "decrypt"], &key[..]].concat());
    assert_eq!((refused.exit, refused.code()), (Exit::Refused, Some("compression_not_allowed")));
    assert!(refused.stderr.contains("--allow-zip"), "{refused:?}");
    assert_eq!(world.run(&[&["jwe", "decrypt", "--allow-zip"], &key[..]].concat()).exit, Exit::Success);

    world.write("password.jwk", br#"{"kty":"oct","alg":"PBES2-HS256+A128KW","k":"Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZSwgYW5kIG1vcmU"}"#);
    let made = world.run(&[
        "jwe",
        "encrypt",
        "--password-env",
        "P",
        "--algorithm",
        "PBES2-HS256+A128KW",
        "{dir}/content",
    ]);
    world.stdin = made.stdout.into_bytes();
    let key = ["--key-file", "{dir}/password.jwk"];
    let refused = world.run(&[&["jwe", "decrypt"], &key[..]].concat());
    assert_eq!((refused.exit, refused.code()), (Exit::Unusable, Some("key_algorithm_forbidden")));
    assert!(refused.stderr.contains("--allow-pbes2"), "{refused:?}");
    assert_eq!(world.run(&[&["jwe", "decrypt", "--allow-pbes2"], &key[..]].concat()).exit, Exit::Success);
    assert_eq!(
        world.run(&["jwe", "decrypt", "--password-env", "P"]).exit,
        Exit::Success,
        "which of the three is found out"
    );
    assert_ne!(
        world.run(&["jwe", "decrypt", "--password-env", "P", "--max-iterations", "5000"]).exit,
        Exit::Success
    );
}

#[test]
fn a_payload_cannot_steer_the_terminal_that_shows_it() {
    let mut world = World::new();
    world.write("payload", "one\u{1b}[2Jtwo\u{202e}\n".as_bytes());
    let key = ["--key-file", "{keys}/p256.pkcs8.pem"];
    world.stdin = world.run(&[&["jws", "sign", "{dir}/payload"], &key[..]].concat()).stdout.into_bytes();
    let verify = [&["jws", "verify"], &key[..]].concat();
    assert_eq!(world.run(&verify).stdout, "one\u{1b}[2Jtwo\u{202e}\n", "a pipe gets what was signed");
    world.terminal = true;
    let shown = world.run(&verify).stdout;
    assert!(shown.starts_with("one\\u{1b}[2Jtwo\\u{202e}"), "{shown:?}");
    let der = world.run(&["keys", "convert", "{keys}/p256.spki.pem", "--to", "der"]);
    assert_eq!((der.exit, der.code(), der.stdout.as_str()), (Exit::Unusable, Some("usage_invalid"), ""));
}
