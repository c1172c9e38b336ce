//! What every batch keeps to, whatever its lines ask for.

use super::{answers, jwk, raw_answers};
use crate::world::World;
use serde_json::{Value, json};
use waxseal_cli::Exit;

const COMMANDS: [&[&str]; 4] = [&["verify"], &["jws", "verify"], &["jwe", "decrypt"], &["keys", "inspect"]];

fn hs256(payload: &str) -> Value {
    let key = json!({"secret_b64u": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"});
    let mut world = World::new();
    world.variables.insert("S".to_owned(), "0123456789abcdef0123456789abcdef".into());
    world.stdin = payload.into();
    let jws = world.run(&["jws", "sign", "--secret-env", "S"]).stdout;
    json!({"token": jws.trim(), "key": key, "algorithms": ["HS256"]})
}

#[test]
fn ids_of_every_type_come_back_in_order() {
    let ids = [
        "null",
        "true",
        "0",
        "-1.50e3",
        "12345678901234567890123",
        "\"text \\\" \\u00e9 \\n\"",
        "[1,[2,{\"a\":null}]]",
        "{\"b\":1,\"a\":2}",
        "\"\"",
    ];
    for command in COMMANDS {
        let lines = ids.map(|id| format!("{{\"id\":{id},\"key\":5}}\n")).concat();
        let mut world = World::new();
        world.stdin = lines.into_bytes();
        let out = world.run(&[command, &["--batch"]].concat()).stdout;
        let found: Vec<&str> = out.lines().collect();
        assert_eq!(found.len(), ids.len(), "{command:?}");
        for (line, id) in found.iter().zip(ids) {
            assert!(
                line.starts_with(&format!("{{\"id\":{id},\"ok\":false,\"code\":\"")),
                "{command:?} {id}: {line}"
            );
        }
    }
}

#[test]
fn good_bad_and_unreadable_lines_get_their_own_answers() {
    let good = hs256("hello");
    let with = |name: &str, value: Value| {
        let mut line = good.clone();
        line[name] = value;
        line.to_string()
    };
    let long = format!("{{\"id\":\"long\",\"key\":\"{}\"}}", "x".repeat(1024 * 1024));
    let lines = [
        (with("id", json!(1)), Some("ok")),
        ("not JSON".to_owned(), Some("input_malformed")),
        (String::new(), None),
        ("  \t\r".to_owned(), None),
        ("[1,2]".to_owned(), Some("input_malformed")),
        ("{\"id\":1".to_owned(), Some("input_malformed")),
        (with("token", json!("a.b.c")), Some("token_malformed")),
        (with("token", json!(7)), Some("input_malformed")),
        (with("key", json!("secret")), Some("key_malformed")),
        (with("algorithms", json!("HS256")), Some("input_malformed")),
        (long, Some("input_too_large")),
        ("{}".to_owned(), Some("input_malformed")),
        (with("payload", json!("aGVsbG8")), Some("payload_unexpected")),
        (with("issuer", json!("me")), Some("input_malformed")),
        (with("anything", json!("else")), Some("ok")),
        (with("id", json!("last")), Some("ok")),
    ];
    let text: Vec<&str> = lines.iter().flat_map(|(line, _)| [line, "\n"]).collect();
    let text = text.concat();
    // The last line needs no line end, and what is not UTF-8 is a line like any other.
    let text = [text.trim_end().as_bytes(), b"\n\xff\xfe{}\n", with("id", json!(9)).as_bytes()].concat();
    let found = raw_answers(&["jws", "verify"], &text);
    let verdicts: Vec<_> = found.iter().map(|answer| answer["code"].as_str().unwrap_or("ok")).collect();
    let expected: Vec<_> =
        lines.iter().filter_map(|(_, code)| *code).chain(["input_malformed", "ok"]).collect();
    assert_eq!(verdicts, expected);
    let (first, last) = (&found[0], &found[found.len() - 1]);
    assert_eq!((&first["id"], &last["id"]), (&json!(1), &json!(9)));
    let expected = json!({"id": 1, "ok": true, "header": {"alg": "HS256"}, "payload_b64u": "aGVsbG8"});
    assert_eq!(first, &expected);
    for answer in &found {
        let members: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: &[&str] = if answer["ok"] == true {
            &["header", "id", "ok", "payload_b64u"]
        } else {
            &["code", "error", "id", "ok"]
        };
        assert_eq!(members, expected, "{answer}");
    }
}

#[test]
fn one_answer_is_one_line_however_the_header_is_laid_out() {
    // RFC 7515 appendix A.1 has a line end inside its header.
    let line = json!({
        "token": "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "key": {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"},
        "algorithms": ["HS256"],
    });
    let mut old = line.clone();
    old["now"] = json!(1_300_819_379);
    assert_eq!(
        answers(&["jws", "verify"], std::slice::from_ref(&line))[0]["header"],
        json!({"typ": "JWT", "alg": "HS256"})
    );
    let found = answers(&["verify"], &[line, old]);
    assert_eq!((&found[0]["code"], &found[1]["ok"]), (&json!("token_expired"), &json!(true)));
}

#[test]
fn an_empty_input_has_no_answers() {
    for command in COMMANDS {
        assert!(raw_answers(command, b"").is_empty(), "{command:?}");
        assert!(raw_answers(command, b"\n\n  \n").is_empty(), "{command:?}");
    }
}

#[test]
fn options_that_lines_bring_along_are_refused() {
    let world = World::new();
    for args in [
        &["verify", "--batch", "a.b.c"][..],
        &["verify", "--batch", "--json"],
        &["verify", "--batch", "--key-file", "{keys}/p256.spki.pem"],
        &["verify", "--batch", "--algorithm", "ES256"],
        &["jws", "verify", "--batch", "--payload-file", "x"],
        &["jws", "verify", "--batch", "--secret-env", "S"],
        &["jwe", "decrypt", "--batch", "--key-file", "x"],
        &["jwe", "decrypt", "--batch", "--password-env", "P"],
        &["keys", "inspect", "--batch", "x"],
        &["keys", "inspect", "--batch", "--json"],
    ] {
        let outcome = world.run(args);
        assert_eq!((outcome.exit, outcome.code()), (Exit::Unusable, Some("usage_invalid")), "{args:?}");
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
}

#[test]
fn answers_never_show_a_secret() {
    let secret = "c2VjcmV0c2VjcmV0c2VjcmV0";
    let keys = [
        json!({"secret_b64u": secret}),
        json!({"secret_b64u": format!("{secret}!")}),
        json!({"kty": "oct", "k": secret}),
        json!({"kty": "oct", "k": format!("{secret}=")}),
        json!({"pem": secret}),
        json!(secret),
        json!([secret]),
        json!({"kty": "oct", "k": secret, "pem": secret}),
    ];
    for command in COMMANDS {
        for key in &keys {
            let found =
                answers(command, &[json!({"id": 0, "token": "a.b.c", "key": key, "algorithms": ["HS256"]})]);
            assert!(!found[0].to_string().contains(secret), "{command:?} {key}: {}", found[0]);
        }
    }
}

#[test]
fn many_lines_with_many_keys_keep_their_answers_apart() {
    let token = |key: &str| {
        let mut world = World::new();
        world.stdin = key.into();
        let file = format!("{{keys}}/{key}.private.jwk.json");
        let out = world.run(&["jws", "sign", "--key-file", &file, "--without-key-id"]);
        out.stdout.trim().to_owned()
    };
    let names = ["p256", "p384", "ed25519"];
    let mut lines = Vec::new();
    for round in 0..60 {
        for (index, name) in names.iter().enumerate() {
            let wrong = round % 7 == index;
            let mut key = jwk(&format!("{}.public", if wrong { "secp256k1" } else { name }));
            // More spellings of the keys than are kept at a time.
            key["note"] = json!(round % 50);
            lines.push((json!({"id": [round, name], "token": token(name), "key": key}), !wrong));
        }
    }
    let (requests, good): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
    let found = answers(&["jws", "verify"], &requests);
    for ((request, answer), good) in requests.iter().zip(&found).zip(good) {
        assert_eq!((&answer["id"], answer["ok"] == true), (&request["id"], good), "{answer}");
    }
}
