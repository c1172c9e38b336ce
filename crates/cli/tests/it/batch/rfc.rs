//! The examples of the RFCs, one line each.

use super::{answer, list, vectors};
use serde_json::{Value, json};

/// Examples that are refused, and with which code.
const REFUSED: &[(&str, &str, &str)] = &[
    // `alg` is not protected.
    ("rfc7520.json", "4.7", "header_invalid"),
    ("rfc7516.json", "A.2", "key_algorithm_mismatch"),
    ("rfc7520.json", "5.1", "key_algorithm_mismatch"),
    // Without --allow-pbes2 and --allow-zip.
    ("rfc7517.json", "C", "key_algorithm_forbidden"),
    ("rfc7520.json", "5.3", "key_algorithm_forbidden"),
    ("rfc7520.json", "5.9", "compression_not_allowed"),
];

fn refusal(file: &str, section: &Value) -> Option<&'static str> {
    let found = REFUSED.iter().find(|(name, refused, _)| *name == file && section == refused);
    found.map(|(_, _, code)| *code)
}

fn check(what: &str, answer: &Value, payload: &Value, refused: Option<&str>) {
    match refused {
        None => {
            assert_eq!((&answer["ok"], &answer["payload_b64u"]), (&json!(true), payload), "{what}: {answer}");
        }
        Some(code) => assert_eq!(answer["code"], code, "{what}: {answer}"),
    }
}

#[test]
fn jws() {
    let files = [
        "rfc7515.json",
        "rfc7520.json",
        "rfc7797.json",
        "rfc8037.json",
        "rfc8812.json",
        "rfc9864.json",
        "rfc9964.json",
    ];
    let mut count = 0;
    for file in files {
        for example in list(&vectors(file), "jws") {
            for (form, token) in example["serializations"].as_object().unwrap() {
                for (key, algorithm) in list(example, "keys").iter().zip(list(example, "algorithms")) {
                    let what = format!("{file} {} {form} {algorithm}", example["section"]);
                    let mut line = json!({"id": what, "token": token, "key": key, "algorithms": [algorithm]});
                    if form.ends_with("_detached") {
                        line["payload"] = example["payload"].clone();
                    }
                    // RFC 7520 §4.8: the second of its three signatures is the one with an unprotected `alg`.
                    let unprotected = example["section"] == "4.8" && algorithm == "ES512";
                    let refused = if unprotected {
                        Some("algorithm_mismatch")
                    } else {
                        refusal(file, &example["section"])
                    };
                    check(&what, &answer(&["jws", "verify"], &line), &example["payload"], refused);
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 39);
}

#[test]
fn jwe() {
    let mut count = 0;
    for file in ["rfc7516.json", "rfc7517.json", "rfc7518_c.json", "rfc7520.json", "rfc8037_a6.json"] {
        for example in list(&vectors(file), "jwe") {
            for (form, token) in example["serializations"].as_object().unwrap() {
                for recipient in list(example, "recipients") {
                    let algorithm = &recipient["algorithm"];
                    let what = format!("{file} {} {form} {algorithm}", example["section"]);
                    let password = recipient.get("password").map(|octets| json!({"secret_b64u": octets}));
                    let key = password.unwrap_or_else(|| recipient["key"].clone());
                    let line = json!({"id": what, "token": token, "key": key, "algorithms": [algorithm]});
                    let refused = if algorithm == "RSA1_5" {
                        Some("key_algorithm_mismatch")
                    } else {
                        refusal(file, &example["section"])
                    };
                    check(&what, &answer(&["jwe", "decrypt"], &line), &example["plaintext"], refused);
                    if refused.is_some() && algorithm != "RSA1_5" {
                        let allowed = ["jwe", "decrypt", "--allow-pbes2", "--allow-zip"];
                        check(&what, &answer(&allowed, &line), &example["plaintext"], None);
                    }
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 43);
}

#[test]
fn keys() {
    for (file, list_name) in [("rfc7638.json", "keys"), ("rfc8037.json", "keys"), ("rfc9964.json", "keys")] {
        for example in list(&vectors(file), list_name) {
            let what = format!("{file} {}", example["section"]);
            let found = answer(&["keys", "inspect"], &json!({"id": what, "key": example["jwk"]}));
            assert_eq!(found["thumbprint"], example["thumbprint"], "{what}: {found}");
            assert_eq!(
                (&found["ok"], &found["kty"]),
                (&json!(true), &example["jwk"]["kty"]),
                "{what}: {found}"
            );
        }
    }
    for set in list(&vectors("rfc7517.json"), "key_sets") {
        let found = answer(&["keys", "inspect"], &json!({"key": set["jwks"]}));
        let keys: Vec<_> = list(&found, "keys").iter().map(|key| key["ok"] == true).collect();
        assert!(keys.iter().all(|ok| *ok) && keys.len() == list(&set["jwks"], "keys").len(), "{found}");
    }
}
