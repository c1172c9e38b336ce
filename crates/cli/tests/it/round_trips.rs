//! Commands that feed each other: what one prints is what the next one reads.

use crate::world::{NOW, World};
use serde_json::{Value, json};
use waxseal_cli::Exit;

const AUDIENCE: [&str; 2] = ["--audience", "api"];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_generated_key_signs_and_its_public_set_verifies() {
    for algorithm in waxseal::Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()) {
        for format in ["pem", "jwk"] {
            let mut world = World::new();
            let made = world.run(&[
                "keys",
                "generate",
                "--algorithm",
                algorithm.as_str(),
                "--format",
                format,
                "--out",
                "{dir}/key",
            ]);
            assert_eq!(
                (made.exit, made.stdout.as_str()),
                (Exit::Success, ""),
                "{algorithm} {format}: {made:?}"
            );
            let set = world.run(&["keys", "jwks", "{dir}/key", "--algorithm", algorithm.as_str()]);
            assert_eq!(set.exit, Exit::Success, "{algorithm} {format}: {set:?}");
            assert!(
                !set.stdout.contains("\"d\"") && !set.stdout.contains("\"priv\""),
                "{algorithm}: private members"
            );
            world.write("jwks.json", set.stdout.as_bytes());
            let print = world.run(&["keys", "thumbprint", "{dir}/key"]);
            assert_eq!(json(&set.stdout)["keys"][0]["kid"], print.stdout.trim(), "{algorithm} {format}");
            assert!(made.stderr.contains(print.stdout.trim()), "{algorithm} {format}: {made:?}");

            let signed = world.run(&[
                "sign",
                "--key-file",
                "{dir}/key",
                "--algorithm",
                algorithm.as_str(),
                "--expires-in",
                "15m",
                "--subject",
                "alice",
                "--audience",
                "api",
            ]);
            assert_eq!((signed.exit, signed.stderr.as_str()), (Exit::Success, ""), "{algorithm} {format}");
            world.stdin = signed.stdout.into_bytes();
            let verified =
                world.run(&["verify", "--key-file", "{dir}/jwks.json", "--audience", "api", "--json"]);
            assert_eq!(verified.exit, Exit::Success, "{algorithm} {format}: {verified:?}");
            let answer = json(&verified.stdout);
            assert_eq!(answer["header"]["alg"], algorithm.as_str());
            assert_eq!(answer["header"]["kid"], print.stdout.trim());
            assert_eq!(answer["claims"]["sub"], "alice");
        }
    }
}

#[test]
fn a_generated_secret_signs_and_verifies() {
    for algorithm in waxseal::Algorithm::ALL.iter().filter(|algorithm| algorithm.is_symmetric()) {
        let name = algorithm.as_str();
        let mut world = World::new();
        let made = world.run(&["keys", "generate", "--algorithm", name]);
        assert_eq!((made.exit, made.stderr.as_str()), (Exit::Success, ""), "{name}");
        assert_eq!(made.stdout.lines().count(), 1, "{name}");
        world.variables.insert("JWT_SECRET".to_owned(), made.stdout.trim().into());
        for format in ["base64url", "text"] {
            let key = ["--secret-env", "JWT_SECRET", "--secret-format", format, "--algorithm", name];
            let signed = world.run(&[&["sign", "--expires-in", "15m"][..], &AUDIENCE, &key].concat());
            assert_eq!(signed.exit, Exit::Success, "{name}: {signed:?}");
            world.stdin = signed.stdout.into_bytes();
            let verified = world.run(&[&["verify"][..], &AUDIENCE, &key].concat());
            assert_eq!(verified.exit, Exit::Success, "{name}: {verified:?}");
        }
        let other = ["--secret-env", "JWT_SECRET", "--secret-format", "base64url", "--algorithm", name];
        let refused = world.run(&[&["verify"][..], &AUDIENCE, &other].concat());
        assert_eq!((refused.exit, refused.code()), (Exit::Refused, Some("signature_invalid")), "{name}");
    }
}

#[test]
fn every_option_of_sign_reaches_the_token() {
    let mut world = World::new();
    world.variables.insert("S".to_owned(), "a secret of thirty-two bytes, and more".into());
    let signed = world.run(&[
        "sign",
        "--secret-env",
        "S",
        "--expires-in",
        "1h30m",
        "--not-before",
        "5m",
        "--subject",
        "alice",
        "--audience",
        "api",
        "--audience",
        "billing",
        "--issuer",
        "https://issuer.example",
        "--id",
        "t-1",
        "--claim",
        "role=admin",
        "--claim",
        "note=a=b",
        "--claim-json",
        "groups=[\"staff\",1,null]",
        "--claim",
        "password_hint=none",
        "--allow-claim",
        "password_hint",
        "--typ",
        "at+jwt",
        "--key-id",
        "k-1",
    ]);
    assert_eq!((signed.exit, signed.stderr.as_str()), (Exit::Success, ""));
    world.stdin = signed.stdout.into_bytes();
    let decoded = json(&world.run(&["decode", "--json"]).stdout);
    assert_eq!(decoded["header"], json!({"alg": "HS256", "typ": "at+jwt", "kid": "k-1"}));
    let expected = json!({
        "iss": "https://issuer.example", "sub": "alice", "aud": ["api", "billing"], "jti": "t-1",
        "iat": NOW, "exp": NOW + 5400, "nbf": NOW + 300,
        "role": "admin", "note": "a=b", "groups": ["staff", 1, null], "password_hint": "none",
    });
    assert_eq!(decoded["payload"], expected);

    let forever = world.run(&["sign", "--secret-env", "S", "--without-expiry"]);
    world.stdin = forever.stdout.into_bytes();
    assert_eq!(json(&world.run(&["decode", "--json"]).stdout)["payload"], json!({ "iat": NOW }));
}

#[test]
fn the_clock_and_now_decide_about_times() {
    let mut world = World::new();
    world.variables.insert("S".to_owned(), "a secret of thirty-two bytes, and more".into());
    let sign =
        ["sign", "--secret-env", "S", "--audience", "api", "--expires-in", "15m", "--not-before", "1m"];
    world.stdin = world.run(&sign).stdout.into_bytes();
    let verify = ["verify", "--secret-env", "S", "--audience", "api"];
    for (offset, extra, code) in [
        (0, &[][..], Some("token_not_yet_valid")),
        (60, &[], None),
        (0, &["--leeway", "1m"], None),
        (899, &[], None),
        (900, &[], Some("token_expired")),
        (900, &["--leeway", "1s"], None),
        (600, &["--max-age", "9m"], Some("token_too_old")),
        (600, &["--max-age", "10m"], None),
    ] {
        world.now = NOW + offset;
        let by_clock = world.run(&[&verify, extra].concat());
        assert_eq!(by_clock.code(), code, "{offset} {extra:?}");
        world.now = NOW + 100_000;
        let seconds = (NOW + offset).to_string();
        let by_argument = world.run(&[&verify, extra, &["--now", &seconds]].concat());
        assert_eq!(by_argument.code(), code, "--now {offset} {extra:?}");
        assert_eq!(by_argument.exit, by_clock.exit);
    }
}

#[test]
fn key_files_are_made_for_their_owner_only_and_never_overwritten() {
    let world = World::new();
    let generate = ["keys", "generate", "--algorithm", "ES256", "--out", "{dir}/key.pem"];
    assert_eq!(world.run(&generate).exit, Exit::Success);
    let first = std::fs::read(world.path("key.pem")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = world.run(&generate);
    assert_eq!((again.exit, again.code()), (Exit::Unusable, Some("output_exists")));
    assert_eq!(std::fs::read(world.path("key.pem")).unwrap(), first);
}

#[test]
#[cfg(unix)]
fn a_secret_that_others_can_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    world.run(&["keys", "generate", "--algorithm", "ES256", "--out", "{dir}/key.pem"]);
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)] {
        std::fs::set_permissions(world.path("key.pem"), std::fs::Permissions::from_mode(mode)).unwrap();
        let outcome = world.run(&["keys", "thumbprint", "{dir}/key.pem"]);
        assert_eq!(outcome.exit, Exit::Success);
        assert_eq!(outcome.stderr.contains("warning[key_file_open]"), warned, "{mode:o}: {outcome:?}");
    }
}

#[test]
fn the_same_key_twice_is_no_key_set() {
    let world = World::new();
    let outcome = world.run(&["keys", "jwks", "{keys}/p256.spki.pem", "{keys}/p256.private.jwk.json"]);
    assert_eq!((outcome.exit, outcome.code()), (Exit::Unusable, Some("key_duplicate")));
    let set = world.run(&["keys", "jwks", "{keys}/p256.spki.pem", "{keys}/ed25519.pkcs8.pem"]);
    assert_eq!(json(&set.stdout)["keys"].as_array().map(Vec::len), Some(2));
}
