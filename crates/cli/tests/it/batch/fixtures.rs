//! Tokens and objects that other implementations made.

use super::{answers, jwk, key_file, list};
use crate::world::{NOW, interop};
use serde_json::{Value, json};

fn read(name: &str) -> Value {
    let path = interop().join("fixtures").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The key of a fixture as each form that a line can give it.
fn key_forms(name: &str) -> Vec<Value> {
    if name.starts_with("hs") || name.starts_with("oct") {
        let key = jwk(name);
        return vec![json!({"secret_b64u": key["k"]}), key.clone(), json!({"keys": [key]})];
    }
    ["spki", "pkcs8"]
        .iter()
        .map(|form| json!({"pem": key_file(&format!("{name}.{form}.pem"))}))
        .chain([jwk(&format!("{name}.public")), jwk(&format!("{name}.private"))])
        .collect()
}

#[test]
fn tokens() {
    for file in ["jose.json", "jsonwebtoken.json", "pyjwt.json", "jwcrypto.json"] {
        let fixtures = read(file);
        let mut lines = Vec::new();
        for token in list(&fixtures, "tokens") {
            for key in key_forms(token["keys"][0].as_str().unwrap().split('.').next().unwrap()) {
                lines.push(json!({
                    "id": [file, token["alg"], token["case"]], "token": token["token"], "key": key,
                    "algorithms": [token["alg"]], "now": NOW, "issuer": "https://issuer.example", "audience": ["other", "api"],
                }));
            }
        }
        for command in [&["verify"][..], &["jws", "verify"]] {
            if command.len() == 2 {
                for line in &mut lines {
                    line.as_object_mut().unwrap().retain(|name, _| name != "issuer" && name != "audience");
                }
            }
            let found = answers(command, &lines);
            for (line, answer) in lines.iter().zip(&found) {
                assert_eq!(
                    (&answer["id"], &answer["ok"]),
                    (&line["id"], &json!(true)),
                    "{command:?} {line}: {answer}"
                );
            }
        }
    }
}

#[test]
fn signed_objects() {
    for file in ["objects.jose.json", "objects.joserfc.json", "objects.jwcrypto.json"] {
        let fixtures = read(file);
        let (mut lines, mut payloads) = (Vec::new(), Vec::new());
        for object in list(&fixtures, "jws") {
            for signature in list(object, "signatures") {
                for key in key_forms(signature["key"].as_str().unwrap()) {
                    let mut line = json!({
                        "id": [file, signature, object["serialization"]], "token": object["jws"], "key": key,
                        "algorithms": [signature["alg"]],
                    });
                    if object["detached"] == true {
                        line["payload"] = object["payload"].clone();
                        // jwcrypto leaves an empty member behind, where RFC 7515 appendix F wants none.
                        if let Some(object) = line["token"].as_object_mut() {
                            object.remove("payload");
                        }
                    }
                    lines.push(line);
                    payloads.push(object["payload"].clone());
                }
            }
        }
        let found = answers(&["jws", "verify"], &lines);
        for ((line, answer), payload) in lines.iter().zip(&found).zip(&payloads) {
            assert_eq!((&answer["ok"], &answer["payload_b64u"]), (&json!(true), payload), "{line}: {answer}");
        }
    }
}

#[test]
fn encrypted_objects() {
    for file in ["objects.jose.json", "objects.joserfc.json", "objects.jwcrypto.json"] {
        let fixtures = read(file);
        let (mut lines, mut contents) = (Vec::new(), Vec::new());
        for object in list(&fixtures, "jwe") {
            for recipient in list(object, "recipients") {
                let name = recipient["key"].as_str().unwrap();
                let keys = match name {
                    "password" => vec![json!({"secret_b64u": object["password"]})],
                    _ => key_forms(name).into_iter().filter(is_private).collect(),
                };
                for key in keys {
                    lines.push(json!({
                        "id": [file, recipient, object["enc"]], "token": object["jwe"], "key": key,
                        "algorithms": [recipient["alg"], object["enc"]],
                    }));
                    contents.push(object["plaintext"].clone());
                }
            }
        }
        let found = answers(&["jwe", "decrypt", "--allow-pbes2", "--allow-zip"], &lines);
        for ((line, answer), content) in lines.iter().zip(&found).zip(&contents) {
            assert_eq!((&answer["ok"], &answer["payload_b64u"]), (&json!(true), content), "{line}: {answer}");
        }
    }
}

fn is_private(key: &Value) -> bool {
    key["pem"].as_str().is_none_or(|pem| pem.contains("PRIVATE"))
        && (key["kty"] == Value::Null || key["kty"] == "oct" || key["d"].is_string())
}
