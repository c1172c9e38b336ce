//! Wycheproof's cases for JSON Web Encryption, and for JSON Web Keys, as a JWK Set and, where there is only one, as a JWK.

use super::{list, vectors, verdict};
use serde_json::json;

#[test]
fn json_web_key() {
    for case in list(&vectors("wycheproof_json_web_key.json"), "tests") {
        let keys = list(case, "keys");
        let set = json!({"keys": keys});
        let forms = if let [only] = keys { vec![set, only.clone()] } else { vec![set] };
        for key in forms {
            let found = verdict(&["jws", "verify"], &json!({"token": case["jws"], "key": key}));
            let agrees = (found == "ok") == (case["result"] == "valid");
            assert!(agrees, "{} {}: {found}", case["tcId"], case["comment"]);
        }
    }
}

#[test]
fn json_web_encryption() {
    let cases = vectors("wycheproof_json_web_encryption.json");
    for case in list(&cases, "tests") {
        let found = verdict(&["jwe", "decrypt"], &json!({"token": case["jwe"], "key": cases["key"]}));
        let agrees = (found == "ok") == (case["result"] == "valid");
        assert!(agrees, "{} {}: {found}", case["tcId"], case["comment"]);
    }
}
