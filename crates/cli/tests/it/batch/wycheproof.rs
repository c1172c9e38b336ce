//! Wycheproof's cases for JSON Web Keys, as a JWK Set and, where there is only one, as a JWK.

use super::{list, vectors, verdict};
use serde_json::json;

/// That a modulus was made by the flawed generator of CVE-2017-15361 is not looked for.
const DEVIATIONS: [u64; 1] = [7];

#[test]
fn json_web_key() {
    for case in list(&vectors("wycheproof_json_web_key.json"), "tests") {
        let keys = list(case, "keys");
        let set = json!({"keys": keys});
        let forms = if let [only] = keys { vec![set, only.clone()] } else { vec![set] };
        for key in forms {
            let found = verdict(&["jws", "verify"], &json!({"token": case["jws"], "key": key}));
            let agrees = (found == "ok") == (case["result"] == "valid");
            let deviates = DEVIATIONS.contains(&case["tcId"].as_u64().unwrap());
            assert_eq!(agrees, !deviates, "{} {}: {found}", case["tcId"], case["comment"]);
        }
    }
}
