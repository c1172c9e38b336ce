//! Which algorithm a key is for, which keys are refused, and what is expected of claims.

use super::{answer, jwk, key_file, verdict};
use crate::world::{NOW, World};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

fn b64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A JWS of `hello`, made by the command line.
fn jws(args: &[&str]) -> Value {
    let mut world = World::new();
    world.stdin = b"hello".to_vec();
    world.variables.insert("S".to_owned(), SECRET.into());
    let outcome = world.run(&[&["jws", "sign", "--without-key-id"], args].concat());
    let text = outcome.stdout.trim();
    if text.starts_with('{') { serde_json::from_str(text).unwrap() } else { json!(text) }
}

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn without(key: &Value, names: &[&str]) -> Value {
    let mut key = key.clone();
    key.as_object_mut().unwrap().retain(|name, _| !names.contains(&name.as_str()));
    key
}

fn with(key: &Value, name: &str, value: Value) -> Value {
    let mut key = key.clone();
    key[name] = value;
    key
}

#[test]
fn the_algorithm_is_the_keys_then_the_lists_and_never_the_tokens() {
    let rs256 = jws(&["--key-file", "{keys}/rsa2048.pkcs8.pem", "--algorithm", "RS256"]);
    let es256 = jws(&["--key-file", "{keys}/p256.pkcs8.pem"]);
    let hs256 = jws(&["--secret-env", "S"]);
    let rsa = without(&jwk("rsa2048.public"), &["alg"]);
    let ec = without(&jwk("p256.public"), &["alg"]);
    let secret = json!({"secret_b64u": b64(SECRET)});
    let cases = [
        ("RSA without alg, none listed", &rs256, rsa.clone(), None, "key_algorithm_ambiguous"),
        ("RSA without alg, listed", &rs256, rsa.clone(), Some(json!(["RS256"])), "ok"),
        (
            "RSA without alg, several listed",
            &rs256,
            rsa.clone(),
            Some(json!(["ES256", "PS256", "RS256"])),
            "ok",
        ),
        (
            "RSA without alg, another listed",
            &rs256,
            rsa.clone(),
            Some(json!(["PS256"])),
            "algorithm_mismatch",
        ),
        (
            "none that fits listed",
            &rs256,
            rsa.clone(),
            Some(json!(["ES256", "HS256"])),
            "key_algorithm_mismatch",
        ),
        ("an empty list", &rs256, rsa.clone(), Some(json!([])), "key_algorithm_mismatch"),
        (
            "matched exactly",
            &rs256,
            rsa.clone(),
            Some(json!(["rs256", "RS256 ", "none"])),
            "key_algorithm_mismatch",
        ),
        ("the key's own", &rs256, with(&rsa, "alg", json!("RS256")), None, "ok"),
        ("the key's own is another", &rs256, with(&rsa, "alg", json!("PS256")), None, "algorithm_mismatch"),
        (
            "the key's own, not listed",
            &rs256,
            with(&rsa, "alg", json!("RS256")),
            Some(json!(["PS256"])),
            "key_algorithm_forbidden",
        ),
        (
            "the key's own contradicts the list",
            &rs256,
            with(&rsa, "alg", json!("PS256")),
            Some(json!(["RS256"])),
            "key_algorithm_forbidden",
        ),
        ("the key's own is none", &rs256, with(&rsa, "alg", json!("none")), None, "key_algorithm_unknown"),
        (
            "the key's own is for encryption",
            &rs256,
            with(&rsa, "alg", json!("RSA-OAEP-256")),
            None,
            "key_algorithm_unknown",
        ),
        ("the only one of the type", &es256, ec.clone(), None, "ok"),
        ("the only one of the type, listed", &es256, ec.clone(), Some(json!(["ES256"])), "ok"),
        (
            "the only one of the type, not listed",
            &es256,
            ec.clone(),
            Some(json!(["ES384"])),
            "key_algorithm_forbidden",
        ),
        (
            "an algorithm for another curve",
            &es256,
            with(&ec, "alg", json!("ES384")),
            None,
            "key_algorithm_mismatch",
        ),
        ("a secret, none listed", &hs256, secret.clone(), None, "key_algorithm_ambiguous"),
        ("a secret, listed", &hs256, secret.clone(), Some(json!(["HS384", "HS256"])), "ok"),
        ("a secret, another listed", &hs256, secret.clone(), Some(json!(["HS512"])), "algorithm_mismatch"),
        ("a secret for RS256", &hs256, secret, Some(json!(["RS256"])), "key_algorithm_mismatch"),
        (
            "PEM, none listed",
            &rs256,
            json!({"pem": key_file("rsa2048.spki.pem")}),
            None,
            "key_algorithm_ambiguous",
        ),
        ("PEM of the only algorithm", &es256, json!({"pem": key_file("p256.spki.pem")}), None, "ok"),
        ("a set whose RSA key has no alg", &rs256, json!({"keys": [rsa]}), None, "key_set_unusable"),
        ("a set, listed", &rs256, json!({"keys": [ec, rsa]}), Some(json!(["RS256"])), "ok"),
    ];
    for (name, token, key, algorithms, expected) in cases {
        let line = json!({"token": token, "key": key, "algorithms": algorithms});
        assert_eq!(verdict(&["jws", "verify"], &line), expected, "{name}");
    }
}

#[test]
fn keys_of_the_wrong_use_or_kind_are_refused() {
    let es256 = jws(&["--key-file", "{keys}/p256.pkcs8.pem"]);
    let hs256 = jws(&["--secret-env", "S"]);
    let ec = without(&jwk("p256.public"), &["use", "key_ops"]);
    let oct = json!({"kty": "oct", "alg": "HS256", "k": b64(SECRET)});
    let cases = [
        ("use enc", &es256, with(&ec, "use", json!("enc")), "key_use_forbidden"),
        ("use sig", &es256, with(&ec, "use", json!("sig")), "ok"),
        ("key_ops sign", &es256, with(&ec, "key_ops", json!(["sign"])), "key_use_forbidden"),
        ("key_ops verify", &es256, with(&ec, "key_ops", json!(["verify"])), "ok"),
        ("key_ops twice", &es256, with(&ec, "key_ops", json!(["verify", "verify"])), "key_malformed"),
        ("a secret's key_ops sign", &hs256, with(&oct, "key_ops", json!(["sign"])), "key_use_forbidden"),
        ("a secret's key_ops both", &hs256, with(&oct, "key_ops", json!(["sign", "verify"])), "ok"),
        ("a secret for encryption", &hs256, with(&oct, "use", json!("enc")), "key_use_forbidden"),
        ("a short secret", &hs256, with(&oct, "k", json!(b64("short"))), "key_secret_too_short"),
        (
            "padded base64url",
            &hs256,
            with(&oct, "k", json!("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")),
            "key_malformed",
        ),
        (
            "PEM as secret",
            &hs256,
            with(&oct, "k", json!(b64(key_file("p256.spki.pem")))),
            "key_secret_is_key_text",
        ),
        ("another curve's point", &es256, with(&ec, "crv", json!("P-384")), "key_malformed"),
        ("several forms", &es256, with(&ec, "pem", json!("x")), "key_malformed"),
        ("no form", &es256, json!({}), "key_malformed"),
        (
            "PEM of something else",
            &es256,
            json!({"pem": "-----BEGIN X-----\nAAAA\n-----END X-----\n"}),
            "key_type_unsupported",
        ),
        ("text that is no PEM", &es256, json!({"pem": "hello"}), "key_malformed"),
        ("no list of keys", &es256, json!({"keys": 5}), "key_malformed"),
        ("an empty set", &es256, json!({"keys": []}), "key_set_unusable"),
        ("too many keys", &es256, json!({"keys": vec![&ec; 101]}), "key_set_too_large"),
        ("a secret beside a public key", &es256, json!({"keys": [oct, ec]}), "key_not_public"),
        ("one bad key of two", &es256, json!({"keys": [{"kty": "?"}, ec]}), "ok"),
    ];
    for (name, token, key, expected) in cases {
        assert_eq!(verdict(&["jws", "verify"], &json!({"token": token, "key": key})), expected, "{name}");
    }
    let modulus = b64([0xff; 128]);
    let small = json!({"kty": "RSA", "alg": "RS256", "n": modulus, "e": "AQAB"});
    assert_eq!(verdict(&["jws", "verify"], &json!({"token": es256, "key": small})), "key_size_refused");
    assert_eq!(verdict(&["keys", "inspect"], &json!({"key": small})), "key_size_refused");
}

#[test]
fn public_keys_may_share_an_id_and_secrets_may_not() {
    let named = |name: &str| with(&jwk(name), "kid", json!("same"));
    let token = jws(&["--key-file", "{keys}/p256.pkcs8.pem", "--header-json", "n=1"]);
    let both = json!({"keys": [named("secp256k1.public"), named("ed25519.public"), named("p256.public")]});
    assert_eq!(verdict(&["jws", "verify"], &json!({"token": token, "key": both})), "ok");
    let secret = |text: &str| json!({"kty": "oct", "alg": "HS256", "kid": "same", "k": b64(text)});
    let token = jws(&["--secret-env", "S"]);
    let other = "another secret of thirty-two bytes!!";
    let line = json!({"token": token, "key": {"keys": [secret(SECRET), secret(other)]}});
    assert_eq!(verdict(&["jws", "verify"], &line), "key_id_taken");
    let line =
        json!({"token": token, "key": {"keys": [secret(other), with(&secret(SECRET), "kid", json!("b"))]}});
    assert_eq!(verdict(&["jws", "verify"], &line), "ok");
}

/// A compact JWS with a header of choice and a good signature with HS256.
fn with_header(header: &str, payload: &str) -> String {
    let input = format!("{}.{payload}", b64(header));
    let key = aws(SECRET.as_bytes(), input.as_bytes());
    format!("{input}.{}", b64(key))
}

/// HMAC with SHA-256, written out so that nothing under test makes the tokens of this file.
fn aws(key: &[u8], message: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |octet: u8| block.map(|byte| byte ^ octet).to_vec();
    let inner = Sha256::digest([padded(0x36), message.to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

#[test]
fn headers_that_break_rules_are_refused_although_their_signature_is_good() {
    let key = json!({"kty": "oct", "alg": "HS256", "k": b64(SECRET)});
    let cases = [
        (r#"{"alg":"HS256"}"#, "ok"),
        (r#"{"alg":"none"}"#, "algorithm_mismatch"),
        (r#"{"alg":"HS384"}"#, "algorithm_mismatch"),
        (r#"{"alg":"hs256"}"#, "algorithm_mismatch"),
        (r#"{"alg":1}"#, "header_invalid"),
        (r#"{"typ":"JWT"}"#, "header_invalid"),
        (r#"{"alg":"HS256","alg":"HS256"}"#, "token_malformed"),
        (r#"{"alg":"HS256","crit":["exp"],"exp":1}"#, "crit_unsupported"),
        (r#"{"alg":"HS256","crit":[]}"#, "crit_unsupported"),
        (r#"{"alg":"HS256","crit":["b64"]}"#, "crit_unsupported"),
        (r#"{"alg":"HS256","crit":["alg"]}"#, "crit_unsupported"),
        (r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#, "ok"),
        (r#"{"alg":"HS256","b64":false}"#, "header_invalid"),
        (r#"{"alg":"HS256","b64":"false","crit":["b64"]}"#, "header_invalid"),
        (r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "ok"),
        (r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#, "ok"),
        (r#"["alg"]"#, "token_malformed"),
    ];
    for (header, expected) in cases {
        let line = json!({"token": with_header(header, "aGVsbG8"), "key": key});
        assert_eq!(verdict(&["jws", "verify"], &line), expected, "{header}");
    }
    // A JWT is never signed over an unencoded payload.
    let jwt = with_header(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "{}");
    assert_ne!(verdict(&["verify"], &json!({"token": jwt, "key": key})), "ok");
}

#[test]
fn serializations_are_told_apart_by_their_type() {
    for (form, more) in [
        ("flattened", &[][..]),
        ("general", &[]),
        ("flattened", &["--unprotected-json", "kid=\"x\""]),
        ("flattened", &["--unencoded-payload"]),
        ("general", &["--detached"]),
        ("compact", &["--detached", "--unencoded-payload"]),
    ] {
        let token =
            jws(&[&["--key-file", "{keys}/ed25519.pkcs8.pem", "--serialization", form], more].concat());
        let mut line = json!({"token": token, "key": jwk("ed25519.public")});
        if more.contains(&"--detached") {
            assert_ne!(verdict(&["jws", "verify"], &line), "ok", "{form} {more:?} without payload");
            line["payload"] = json!(b64("other"));
            assert_eq!(verdict(&["jws", "verify"], &line), "signature_invalid", "{form} {more:?}");
            line["payload"] = json!(b64("hello"));
        }
        let found = answer(&["jws", "verify"], &line);
        assert_eq!(
            (&found["ok"], &found["payload_b64u"]),
            (&json!(true), &json!(b64("hello"))),
            "{form} {more:?}"
        );
        assert_eq!(found["header"]["kid"], Value::Null, "what is not protected is not shown");
        if token.is_object() {
            assert_eq!(
                verdict(&["verify"], &json!({"token": token, "key": line["key"]})),
                "token_malformed",
                "a JWT is compact"
            );
            line["token"] = json!(token.to_string());
            assert_eq!(
                verdict(&["jws", "verify"], &line),
                "token_malformed",
                "{form} {more:?}: text is compact"
            );
        }
    }
}

#[test]
fn claims_are_checked_where_the_line_or_the_token_asks_for_it() {
    let key = json!({"kty": "oct", "alg": "HS256", "k": b64(SECRET)});
    let token = |claims: Value| with_header(r#"{"alg":"HS256"}"#, &b64(claims.to_string()));
    let bare = token(json!({}));
    let full = token(json!({"iss": "me", "aud": ["api", "b"], "exp": NOW + 10, "nbf": NOW}));
    let cases = [
        ("nothing asked", &bare, json!({}), "ok"),
        ("an issuer asked", &bare, json!({"issuer": "me"}), "claim_missing"),
        ("an audience asked", &bare, json!({"audience": "api"}), "claim_missing"),
        ("everything there, nothing asked", &full, json!({}), "ok"),
        ("everything asked", &full, json!({"issuer": "me", "audience": "api"}), "ok"),
        ("one audience of several", &full, json!({"audience": ["x", "b"]}), "ok"),
        ("another issuer", &full, json!({"issuer": "you"}), "issuer_mismatch"),
        ("another audience", &full, json!({"audience": "x"}), "audience_mismatch"),
        ("an empty audience", &full, json!({"audience": ""}), "verifier_option_invalid"),
        ("expired", &full, json!({"now": NOW + 10}), "token_expired"),
        ("not yet expired", &full, json!({"now": NOW + 9}), "ok"),
        ("too early", &full, json!({"now": NOW - 1}), "token_not_yet_valid"),
        ("a detached payload", &full, json!({"payload": "e30"}), "input_malformed"),
        ("a claim's name for a member", &full, json!({"aud": "api"}), "input_malformed"),
    ];
    for (name, token, more, expected) in cases {
        let mut line = json!({"token": token, "key": key});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(verdict(&["verify"], &line), expected, "{name}");
    }
    let line = json!({"token": full, "key": key});
    for (options, expected) in [
        (&["--audience", "x"][..], "audience_mismatch"),
        (&["--issuer", "me", "--audience", "api"], "ok"),
        (&["--require", "sub"], "claim_missing"),
        (&["--now", "1700000010"], "token_expired"),
        (&["--now", "1700000010", "--leeway", "1s"], "ok"),
        (&["--profile", "access-token", "--issuer", "me"], "typ_mismatch"),
    ] {
        assert_eq!(verdict(&[&["verify"], options].concat(), &line), expected, "{options:?}");
    }
    let own = json!({"token": full, "key": key, "audience": "b"});
    assert_eq!(verdict(&["verify", "--audience", "x"], &own), "ok", "what the line says goes before");
}

#[test]
fn encryption_keys_are_for_what_they_or_the_list_say() {
    let encrypted = |args: &[&str]| {
        let mut world = World::new();
        world.stdin = b"hello".to_vec();
        world.variables.insert("P".to_owned(), "a password of thirty-two letters!".into());
        world.run(&[&["jwe", "encrypt"], args].concat()).stdout.trim().to_owned()
    };
    let kw = encrypted(&["--key-file", "{keys}/oct256.jwk.json", "--algorithm", "A256KW"]);
    let gcm =
        encrypted(&["--key-file", "{keys}/oct256.jwk.json", "--algorithm", "dir", "--encryption", "A256GCM"]);
    let pbes2 = encrypted(&["--password-env", "P", "--algorithm", "PBES2-HS256+A128KW"]);
    let oct = without(&jwk("oct256"), &["alg", "use"]);
    let password = json!({"secret_b64u": b64("a password of thirty-two letters!")});
    let allowing = &["jwe", "decrypt", "--allow-pbes2"][..];
    let cases = [
        ("none listed", &kw, oct.clone(), None, "key_algorithm_ambiguous"),
        ("listed", &kw, oct.clone(), Some(json!(["A256KW"])), "ok"),
        ("another listed", &kw, oct.clone(), Some(json!(["A256GCMKW"])), "algorithm_mismatch"),
        ("another length listed", &kw, oct.clone(), Some(json!(["A128KW"])), "key_secret_wrong_length"),
        ("the content encryption listed too", &kw, oct.clone(), Some(json!(["A256KW", "A256GCM"])), "ok"),
        (
            "another content encryption listed",
            &kw,
            oct.clone(),
            Some(json!(["A256KW", "A128GCM"])),
            "encryption_not_allowed",
        ),
        ("dir", &gcm, oct.clone(), Some(json!(["dir"])), "ok"),
        ("dir, by its content encryption", &gcm, oct.clone(), Some(json!(["A256GCM"])), "ok"),
        ("dir, by another", &gcm, oct.clone(), Some(json!(["A128CBC-HS256"])), "encryption_not_allowed"),
        ("dir, by the key", &gcm, with(&oct, "alg", json!("A256GCM")), None, "ok"),
        ("dir, by the key, unsaid for what", &gcm, with(&oct, "alg", json!("dir")), None, "ok"),
        ("dir for a wrapped key", &kw, with(&oct, "alg", json!("dir")), None, "algorithm_mismatch"),
        ("a signature's algorithm", &kw, with(&oct, "alg", json!("HS256")), None, "key_algorithm_unknown"),
        ("RSA1_5", &kw, with(&oct, "alg", json!("RSA1_5")), None, "key_algorithm_unknown"),
        (
            "a key to sign with",
            &kw,
            with(&with(&oct, "alg", json!("A256KW")), "use", json!("sig")),
            None,
            "key_use_forbidden",
        ),
        ("a set", &kw, json!({"keys": [{"kty": "?"}, with(&oct, "alg", json!("A256KW"))]}), None, "ok"),
        (
            "another key",
            &kw,
            json!({"secret_b64u": b64([7; 32])}),
            Some(json!(["A256KW"])),
            "decryption_failed",
        ),
        (
            "a public key",
            &kw,
            with(&jwk("p256.public"), "use", json!("enc")),
            Some(json!(["ECDH-ES"])),
            "key_not_private",
        ),
        (
            "a password, not allowed",
            &pbes2,
            password.clone(),
            Some(json!(["PBES2-HS256+A128KW"])),
            "key_algorithm_forbidden",
        ),
        ("claims expected", &kw, oct, Some(json!(["A256KW"])), "ok"),
    ];
    for (name, token, key, algorithms, expected) in cases {
        let line = json!({"token": token, "key": key, "algorithms": algorithms});
        assert_eq!(verdict(&["jwe", "decrypt"], &line), expected, "{name}");
    }
    let line = json!({"token": pbes2, "key": password, "algorithms": ["PBES2-HS256+A128KW"]});
    assert_eq!(verdict(allowing, &line), "ok");
    let jwk = json!({"kty": "oct", "alg": "PBES2-HS256+A128KW", "k": password["secret_b64u"]});
    let line = json!({"token": pbes2, "key": jwk});
    assert_eq!(verdict(allowing, &line), "ok");
    assert_eq!(verdict(&["jwe", "decrypt"], &line), "key_algorithm_forbidden");
    let few = ["jwe", "decrypt", "--allow-pbes2", "--max-iterations", "5000"];
    assert_ne!(verdict(&few, &line), "ok");
}

#[test]
fn keys_are_described() {
    let with_alg = |name: &str, alg: &str| with(&jwk(name), "alg", json!(alg));
    let cases = [
        (
            jwk("p256.public"),
            json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "size": 256, "private": false}),
        ),
        (
            jwk("p521.private"),
            json!({"kty": "EC", "crv": "P-521", "alg": "ES512", "size": 521, "private": true}),
        ),
        (
            without(&jwk("rsa2048.public"), &["alg"]),
            json!({"kty": "RSA", "alg": null, "size": 2048, "private": false}),
        ),
        (
            without(&jwk("rsa2048.private"), &["alg"]),
            json!({"kty": "RSA", "alg": null, "size": 2048, "private": true}),
        ),
        (jwk("ed25519.public"), json!({"kty": "OKP", "crv": "Ed25519", "size": 256})),
        (jwk("mldsa65.private"), json!({"kty": "AKP", "alg": "ML-DSA-65", "size": 15_616, "private": true})),
        (
            without(&jwk("x25519.public"), &["alg"]),
            json!({"kty": "OKP", "crv": "X25519", "alg": null, "size": 256, "private": false}),
        ),
        (with_alg("x25519.private", "ECDH-ES+A256KW"), json!({"alg": "ECDH-ES+A256KW", "private": true})),
        (
            with_alg("oct256", "A256KW"),
            json!({"kty": "oct", "alg": "A256KW", "size": 256, "thumbprint": null, "private": true}),
        ),
        (with_alg("oct256", "dir"), json!({"kty": "oct", "alg": "dir"})),
        (
            json!({"pem": key_file("x25519.spki.pem")}),
            json!({"kty": "OKP", "crv": "X25519", "private": false}),
        ),
        (json!({"pem": key_file("x25519.pkcs8.pem")}), json!({"crv": "X25519", "private": true})),
        (
            json!({"pem": key_file("rsa2048.pkcs1.pem")}),
            json!({"kty": "RSA", "alg": null, "size": 2048, "private": true}),
        ),
        (json!({"pem": key_file("p384.sec1.pem")}), json!({"kty": "EC", "alg": "ES384", "private": true})),
        (
            json!({"secret_b64u": b64(SECRET)}),
            json!({"kty": "oct", "alg": null, "size": 512, "thumbprint": null}),
        ),
        (with(&jwk("p256.public"), "key_ops", json!(["verify"])), json!({"key_ops": ["verify"]})),
    ];
    for (key, expected) in cases {
        let found = answer(&["keys", "inspect"], &json!({"id": 1, "key": key}));
        assert_eq!(found["ok"], true, "{key}: {found}");
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&found[name], value, "{name} of {key}: {found}");
        }
    }
    let of_both_halves = ["public", "private"].map(|half| {
        answer(&["keys", "inspect"], &json!({"key": jwk(&format!("p384.{half}"))}))["thumbprint"].clone()
    });
    assert_eq!(of_both_halves[0], of_both_halves[1]);
}

#[test]
fn keys_that_are_refused_say_why() {
    let private = jwk("p256.private");
    let cases = [
        (json!({"secret_b64u": b64("short")}), "key_secret_too_short"),
        (json!({"kty": "oct", "k": b64("short")}), "key_secret_too_short"),
        (json!({"kty": "oct", "k": ""}), "key_secret_too_short"),
        (json!({"kty": "oct", "alg": "HS512", "k": b64([1; 32])}), "key_secret_too_short"),
        (json!({"kty": "oct", "alg": "A256KW", "k": b64([1; 16])}), "key_secret_wrong_length"),
        (json!({"kty": "EC"}), "key_malformed"),
        (json!({"kty": "OKP", "crv": "Ed448", "x": "AAAA"}), "key_type_unsupported"),
        (with(&private, "x", jwk("p256.public")["y"].clone()), "key_inconsistent"),
        (with(&private, "d", json!(b64([9; 32]))), "key_inconsistent"),
        (without(&jwk("rsa2048.private"), &["p", "q", "dp", "dq", "qi"]), "key_factors_missing"),
        (with(&jwk("rsa2048.private"), "oth", json!([])), "key_multi_prime"),
        (with(&jwk("rsa2048.public"), "e", json!("AAEAAQ")), "key_non_canonical"),
        (with(&jwk("rsa2048.public"), "e", json!("AQ")), "key_size_refused"),
        (with(&jwk("p256.public"), "alg", json!("RSA1_5")), "key_algorithm_unknown"),
        (with(&jwk("p256.public"), "alg", json!("ES384")), "key_algorithm_mismatch"),
        (
            json!({"pem": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"}),
            "key_encrypted",
        ),
        (json!({"keys": [{"kty": "EC"}]}), "key_set_unusable"),
    ];
    for (key, expected) in cases {
        assert_eq!(verdict(&["keys", "inspect"], &json!({"key": key})), expected, "{key}");
    }
}
