//! Whatever is thrown at a command, it answers with exit code 1 or 2 and a stable code.

use crate::world::{Outcome, World};
use std::ffi::OsString;
use waxseal_cli::Exit;

/// Ways to reach each place where a command reads something; `{input}` is replaced by the bad input's file.
///
/// The last ones write to it, and so are not tried with standard input.
const FILE_READERS: [&[&str]; 20] = [
    &["sign", "--expires-in", "1m", "--key-file", "{input}"],
    &["sign", "--expires-in", "1m", "--secret-file", "{input}", "--secret-format", "hex"],
    &["sign", "--expires-in", "1m", "--secret-file", "{input}", "--secret-format", "base64url"],
    &["verify", "--audience", "api", "--key-file", "{input}", "a.b.c"],
    &["verify", "--audience", "api", "--json", "--key-file", "{input}", "a.b.c"],
    &["keys", "jwks", "{input}"],
    &["keys", "thumbprint", "{input}"],
    &["keys", "inspect", "{input}"],
    &["keys", "inspect", "--json", "{input}"],
    &["keys", "convert", "{input}"],
    &["keys", "convert", "--to", "jwk", "--allow-noncanonical-integers", "{input}"],
    &["keys", "convert", "{keys}/p256.pkcs8.pem", "--passphrase-file", "{input}"],
    &["jws", "sign", "--key-file", "{input}", "{keys}/p256.spki.pem"],
    &["jws", "verify", "--key-file", "{input}", "a.b.c"],
    &["jws", "verify", "--json", "--key-file", "{input}", "a.b.c"],
    &["jwe", "encrypt", "--key-file", "{input}", "--algorithm", "ECDH-ES", "{keys}/p256.spki.pem"],
    &["jwe", "encrypt", "--secret-file", "{input}", "--algorithm", "A256KW", "{keys}/p256.spki.pem"],
    &["jwe", "decrypt", "--key-file", "{input}", "a.b.c.d.e"],
    &["keys", "generate", "--algorithm", "ES256", "--out", "{input}"],
    &["keys", "convert", "{keys}/p256.spki.pem", "--out", "{input}"],
];
const WRITERS: usize = 2;

fn bad_contents() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("empty", Vec::new()),
        ("a line end", text("\n")),
        ("not a key", text("hello, world")),
        ("not JSON", text("{\"kty\":")),
        ("JSON of another type", text("[1,2,3]")),
        ("an empty object", text("{}")),
        ("wrong types", text(r#"{"kty":1,"crv":[],"x":null}"#)),
        ("an empty key set", text(r#"{"keys":[]}"#)),
        ("a key set of another type", text(r#"{"keys":"none"}"#)),
        ("a key set of numbers", text(r#"{"keys":[1]}"#)),
        ("a duplicated member", text(r#"{"kty":"oct","kty":"OKP","crv":"Ed25519","x":"AA"}"#)),
        ("PEM without content", text("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n")),
        ("PEM without end", text("-----BEGIN PUBLIC KEY-----\nMCow")),
        (
            "PEM of something else",
            text("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"),
        ),
        ("not UTF-8", vec![0xff, 0xfe, 0x80, b'{', b'}']),
        ("DER of nothing", vec![0x30, 0x00]),
        ("DER of something else", vec![0x30, 0x82, 0x00, 0x03, 0x02, 0x01, 0xff]),
        ("DER cut off", vec![0x30, 0x82, 0x10, 0x00, 0xff, 0xfe]),
        ("zeros", vec![0; 4096]),
        ("deep", [vec![b'{'; 1], br#""kty":"#.to_vec(), vec![b'['; 100_000]].concat()),
        ("too long", vec![b'a'; 2 * 1024 * 1024]),
        ("too long JSON", format!("{{\"kty\":\"{}\"}}", "a".repeat(2 * 1024 * 1024)).into_bytes()),
    ]
}

fn run_on(world: &World, reader: &[&str], input: &str) -> Outcome {
    let args: Vec<String> = reader.iter().map(|arg| arg.replace("{input}", input)).collect();
    world.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn assert_answered(outcome: &Outcome, what: &str) {
    assert!(matches!(outcome.exit, Exit::Refused | Exit::Unusable), "{what}: {outcome:?}");
    let code = outcome.code().unwrap_or_else(|| panic!("{what}: no code in {outcome:?}"));
    assert!(code.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_'), "{what}: {code}");
}

#[test]
fn every_reader_of_files_answers_to_bad_content() {
    for (name, content) in bad_contents() {
        let mut world = World::new();
        world.write("input", &content);
        world.stdin = content;
        for reader in FILE_READERS {
            let what = format!("{reader:?} with {name}");
            let outcome = run_on(&world, reader, "{dir}/input");
            assert_answered(&outcome, &what);
            assert_eq!(outcome.exit, Exit::Unusable, "{what}: a bad key is no verdict about a token");
        }
    }
}

#[test]
fn every_reader_of_files_answers_to_a_file_that_is_none() {
    let world = World::new();
    for path in ["{dir}/missing", "{dir}", "{dir}/missing/deeper", "", "{dir}/\u{0}"] {
        for reader in FILE_READERS {
            if path == "{dir}/missing" && reader.contains(&"--out") {
                continue; // where it is right that no file is there
            }
            let outcome = run_on(&world, reader, path);
            assert_answered(&outcome, &format!("{reader:?} with {path:?}"));
            let codes = ["usage_invalid", "input_unreadable", "output_exists", "output_failed"];
            assert!(codes.contains(&outcome.code().unwrap()), "{reader:?} {outcome:?}");
        }
    }
}

#[test]
fn standard_input_and_variables_answer_to_bad_content() {
    for (name, content) in bad_contents() {
        let mut world = World::new();
        world.stdin = content.clone();
        for reader in &FILE_READERS[..FILE_READERS.len() - WRITERS] {
            assert_answered(
                &run_on(&world, reader, "-"),
                &format!("{reader:?} with {name} on standard input"),
            );
        }
        world.variables.insert("K".to_owned(), from_bytes(content));
        for command in [&["sign", "--expires-in", "1m"][..], &["verify", "--audience", "api", "a.b.c"]] {
            let outcome = world.run(&[command, &["--key-env", "K"]].concat());
            assert_answered(&outcome, &format!("{command:?} with {name} in a variable"));
        }
    }
}

#[test]
fn verify_and_decode_refuse_what_is_no_token() {
    let header = "eyJhbGciOiJIUzI1NiJ9";
    let too_long = format!("{header}.{}.AAAA", "A".repeat(100_000));
    let zeros = "\0".repeat(70_000);
    let tokens: &[(&str, &[u8])] = &[
        ("empty", b""),
        ("a line end", b"\n"),
        ("dots", b".."),
        ("one part", header.as_bytes()),
        ("four parts", b"eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA"),
        ("not base64url", b"ey!hbGciOiJIUzI1NiJ9.e30.AAAA"),
        ("padded", b"eyJhbGciOiJIUzI1NiJ9.e30=.AAAA"),
        ("a header that is not JSON", b"AAAA.e30.AAAA"),
        ("a header of another type", b"W10.e30.AAAA"),
        ("a payload that is not an object", b"eyJhbGciOiJIUzI1NiJ9.W10.AAAA"),
        ("not UTF-8", b"\xff\xfe.\x80.\x81"),
        ("a line end inside", b"eyJhbGciOiJIUzI1NiJ9\n.e30.AAAA"),
        ("JSON", br#"{"payload":"e30"}"#),
        ("too long", too_long.as_bytes()),
        ("zeros", zeros.as_bytes()),
    ];
    for (name, token) in tokens {
        let mut world = World::new();
        world.stdin = token.to_vec();
        let verify = ["verify", "--key-file", "{keys}/p256.spki.pem", "--audience", "api"];
        let jws = ["jws", "verify", "--key-file", "{keys}/p256.spki.pem"];
        let jwe = ["jwe", "decrypt", "--key-file", "{keys}/oct256.jwk.json", "--algorithm", "A256KW"];
        for command in [
            &["decode"][..],
            &["decode", "--json", "-"],
            &verify,
            &[&verify[..], &["--json", "-"]].concat(),
            &jws,
            &[&jws[..], &["--json", "-"]].concat(),
            &[&jws[..], &["--payload-file", "{keys}/p256.spki.pem"]].concat(),
            &jwe,
            &[&jwe[..], &["--json", "-"]].concat(),
        ] {
            let outcome = world.run(command);
            assert_answered(&outcome, &format!("{command:?} with {name}"));
            assert_eq!(outcome.exit, Exit::Refused, "{command:?} with {name}: {outcome:?}");
        }
    }
}

#[test]
fn a_batch_answers_every_line_of_bad_content() {
    for (name, content) in bad_contents() {
        let mut world = World::new();
        world.stdin = content.clone();
        let lines =
            content.split(|octet| *octet == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
        for command in [&["verify"][..], &["jws", "verify"], &["jwe", "decrypt"], &["keys", "inspect"]] {
            let outcome = world.run(&[command, &["--batch"]].concat());
            assert_eq!(
                (outcome.exit, outcome.stderr.as_str()),
                (Exit::Success, ""),
                "{command:?} with {name}"
            );
            assert_eq!(outcome.stdout.lines().count(), lines, "{command:?} with {name}");
            for line in outcome.stdout.lines() {
                assert!(
                    line.starts_with("{\"id\":null,\"ok\":false,\"code\":\""),
                    "{command:?} with {name}: {line}"
                );
            }
        }
    }
}

/// `S` is a variable with a secret.
const SENSELESS: &[&[&str]] = &[
    &[],
    &["unknown"],
    &["keys"],
    &["keys", "unknown"],
    &["sign"],
    &["sign", "--expires-in", "15m"],
    &["sign", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--secret-env", "S", "--secret-file", "x"],
    &["sign", "--expires-in", "15m", "--key-env", "S", "--secret-format", "hex"],
    &["sign", "--expires-in", "15", "--secret-env", "S"],
    &["sign", "--expires-in", "", "--secret-env", "S"],
    &["sign", "--expires-in", "-15m", "--secret-env", "S"],
    &["sign", "--expires-in", "18446744073709551615s", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--without-expiry", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--algorithm", "none", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--algorithm", "hs256", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--algorithm", "RS256", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--claim", "role", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--claim", "a=1", "--claim", "a=2", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--claim", "exp=soon", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--claim", "password=x", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--claim-json", "a={", "--secret-env", "S"],
    &["sign", "--expires-in", "101w", "--not-before", "36526d", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--key-id", "line\nend", "--secret-env", "S"],
    &["sign", "--expires-in", "15m", "--secret-env", "UNSET"],
    &["sign", "--expires-in", "15m", "--secret-env", ""],
    &["sign", "--expires-in", "15m", "--secret-env", "A=B"],
    &["sign", "--expires-in", "15m", "--secret-env", "S", "more"],
    &["verify", "a.b.c"],
    &["verify", "--audience", "api", "a.b.c"],
    &["verify", "--secret-env", "S", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--without-audience", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--now", "soon", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--now", "-1", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--now", "999999999999999", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--profile", "other", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "--leeway", "1", "a.b.c"],
    &["verify", "--secret-env", "S", "--audience", "api", "a.b.c", "d.e.f"],
    &["verify", "--secret-file", "-", "--audience", "api"],
    &["verify", "--key-file", "-", "--audience", "api", "-"],
    &["decode", "a.b.c", "d.e.f"],
    &["decode", "--secret-env", "S"],
    &["keys", "generate"],
    &["keys", "generate", "--algorithm", "HS256", "--format", "pem"],
    &["keys", "generate", "--algorithm", "ES256", "--format", "base64url"],
    &["keys", "generate", "--algorithm", "ES256", "--format", "der"],
    &["keys", "jwks"],
    &["keys", "jwks", "{keys}/hs256.jwk.json"],
    &["keys", "jwks", "{keys}/rsa2048.spki.pem"],
    &["keys", "jwks", "{keys}/p256.spki.pem", "--algorithm", "RS256"],
    &["keys", "generate", "--algorithm", "HS256", "--bits", "2048"],
    &["keys", "generate", "--algorithm", "ES256", "--bits", "2048"],
    &["keys", "generate", "--algorithm", "RS256", "--bits", "1024"],
    &["keys", "generate", "--algorithm", "dir"],
    &["keys", "generate", "--algorithm", "RSA1_5"],
    &["keys", "generate", "--algorithm", "PBES2-HS256+A128KW"],
    &["keys", "generate", "--algorithm", "ES256", "--curve", "X25519"],
    &["keys", "generate", "--algorithm", "A256KW", "--format", "pem"],
    &["keys", "convert"],
    &["keys", "convert", "{keys}/hs256.jwk.json"],
    &["keys", "convert", "{keys}/hs256.jwk.json", "--public", "--to", "jwk"],
    &["keys", "convert", "{keys}/p256.spki.pem", "--new-passphrase-env", "S"],
    &["keys", "convert", "{keys}/p256.pkcs8.pem", "--new-passphrase-env", "S", "--to", "jwk"],
    &["keys", "convert", "{keys}/p256.pkcs8.pem", "--passphrase-env", "S"],
    &["keys", "convert", "{keys}/rsa2048.pkcs8.pem", "--to", "jwk"],
    &["keys", "inspect"],
    &["keys", "inspect", "--passphrase-env", "S", "{keys}/p256.private.jwk.json"],
    &["jws"],
    &["jws", "sign", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "{dir}"],
    &["jws", "sign", "--secret-env", "S", "--serialization", "xml", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--header", "alg=none", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--header", "kid=1", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--header-json", "crit=[\"exp\"]", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--header", "a=1", "--header", "a=2", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--unprotected-json", "a=1", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--key-file", "{keys}/p256.pkcs8.pem", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--secret-env", "S", "--unencoded-payload", "{keys}/p256.spki.pem"],
    &["jws", "sign", "--key-file", "-"],
    &["jws", "verify", "a.b.c"],
    &["jws", "verify", "--key-file", "-", "--payload-file", "-", "a.b.c"],
    &["jws", "verify", "--secret-env", "S", "--payload-file", "{dir}/missing", "a.b.c"],
    &["jwe", "encrypt", "{keys}/p256.spki.pem"],
    &["jwe", "encrypt", "--key-file", "{keys}/p256.spki.pem", "{keys}/p256.spki.pem"],
    &[
        "jwe",
        "encrypt",
        "--key-file",
        "{keys}/p256.spki.pem",
        "--algorithm",
        "RSA1_5",
        "{keys}/p256.spki.pem",
    ],
    &[
        "jwe",
        "encrypt",
        "--key-file",
        "{keys}/rsa2048.spki.pem",
        "--algorithm",
        "RSA-OAEP",
        "{keys}/p256.spki.pem",
    ],
    &["jwe", "encrypt", "--password-env", "S", "--algorithm", "A256KW", "{keys}/p256.spki.pem"],
    &["jwe", "encrypt", "--password-env", "S", "--iterations", "999", "{keys}/p256.spki.pem"],
    &["jwe", "encrypt", "--secret-env", "S", "--algorithm", "dir", "{keys}/p256.spki.pem"],
    &["jwe", "encrypt", "--password-env", "S", "--aad", "x", "{keys}/p256.spki.pem"],
    &["jwe", "decrypt", "a.b.c.d.e"],
    &["jwe", "decrypt", "--key-file", "{keys}/p256.spki.pem", "--algorithm", "ECDH-ES", "a.b.c.d.e"],
    &["jwe", "decrypt", "--key-file", "{keys}/p256.pkcs8.pem", "a.b.c.d.e"],
    &["jwe", "decrypt", "--secret-env", "S", "--password-env", "S", "a.b.c.d.e"],
    &["keys", "thumbprint"],
    &["keys", "thumbprint", "{keys}/hs256.jwk.json"],
    &["keys", "thumbprint", "{keys}/p256.spki.pem", "{keys}/p384.spki.pem"],
];

#[test]
fn arguments_that_make_no_sense_are_answered() {
    let mut world = World::new();
    world.variables.insert("S".to_owned(), "a secret of thirty-two bytes, and more".into());
    for args in SENSELESS {
        let outcome = world.run(args);
        assert_answered(&outcome, &format!("{args:?}"));
        assert_eq!(outcome.exit, Exit::Unusable, "{args:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{args:?}");
        assert!(!outcome.stderr.contains("thirty-two"), "{args:?}: {outcome:?}");
    }
    for command in [
        &["sign"][..],
        &["verify"],
        &["decode"],
        &["keys", "generate"],
        &["keys", "jwks"],
        &["keys", "thumbprint"],
        &["keys", "convert"],
        &["keys", "inspect"],
        &["jws", "sign"],
        &["jws", "verify"],
        &["jwe", "encrypt"],
        &["jwe", "decrypt"],
    ] {
        let outcome = world.run(&[command, &["--no-such-option"]].concat());
        assert_eq!((outcome.exit, outcome.code()), (Exit::Unusable, Some("usage_invalid")), "{command:?}");
        let long = "x".repeat(1_000_000);
        assert_answered(
            &world.run(&[command, &[long.as_str()]].concat()),
            &format!("{command:?} and a long word"),
        );
    }
}

#[test]
fn a_secret_given_as_an_argument_is_refused_and_not_repeated() {
    let world = World::new();
    for option in ["--secret", "--key", "--password", "--private-key"] {
        for args in [vec!["sign", option, "hunter2hunter2"], vec!["verify", option, "hunter2hunter2"]] {
            let joined = format!("{option}=hunter2hunter2");
            for outcome in [world.run(&args), world.run(&[args[0], joined.as_str()])] {
                assert_eq!(
                    (outcome.exit, outcome.code()),
                    (Exit::Unusable, Some("usage_invalid")),
                    "{args:?}"
                );
                assert!(outcome.stderr.contains("--secret-env NAME"), "{args:?}: {outcome:?}");
                assert!(!outcome.stderr.contains("hunter2"), "{args:?}: {outcome:?}");
            }
        }
    }
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_utf8_are_answered() {
    let world = World::new();
    let bad = || from_bytes(vec![b'a', 0xff, 0x80]);
    let words = |text: &str| -> Vec<OsString> { text.split(' ').map(OsString::from).collect() };
    for line in [
        "sign --expires-in 1m --secret-env",
        "sign --expires-in 1m --key-file",
        "sign --secret-env S --expires-in",
        "sign --secret-env S --expires-in 1m --claim",
        "sign --secret-env S --expires-in 1m --claim-json",
        "verify --secret-env S --audience",
        "verify --audience api --key-file",
        "verify",
        "decode",
        "keys generate --algorithm",
        "keys generate --algorithm ES256 --format",
        "keys jwks",
        "keys thumbprint",
        "keys convert",
        "keys inspect",
        "jws sign --secret-env S",
        "jws sign --key-file",
        "jws verify --secret-env S",
        "jwe encrypt --password-env",
        "jwe decrypt --key-file",
        "keys",
        "",
    ] {
        let args = words(line).into_iter().filter(|word| !word.is_empty()).chain([bad()]);
        let outcome = world.run_raw(args);
        assert_answered(&outcome, line);
        assert_eq!(outcome.exit, Exit::Unusable, "{line}: {outcome:?}");
    }
}
