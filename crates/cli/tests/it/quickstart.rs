//! `waxseal quickstart --json`: every step is there, in order, and behaved.

use serde_json::Value;
use std::process::Command;

const STEPS: [(&str, Option<u64>); 20] = [
    ("start", Some(200)),
    ("create_user", Some(201)),
    ("log_in", Some(200)),
    ("decode", None),
    ("call_api", Some(201)),
    ("read_back", Some(200)),
    ("no_token", Some(401)),
    ("tampered_token", Some(401)),
    ("expired_token", Some(401)),
    ("refresh", Some(200)),
    ("call_api_again", Some(200)),
    ("retry_in_grace", Some(200)),
    ("stolen_token", Some(400)),
    ("session_revoked", Some(400)),
    ("api_learns_of_theft", Some(401)),
    ("log_in_again", Some(200)),
    ("call_api_once_more", Some(200)),
    ("log_out", Some(204)),
    ("api_learns_of_logout", Some(401)),
    ("", None),
];

#[test]
fn every_step_behaves() {
    let output = Command::new(env!("CARGO_BIN_EXE_waxseal")).args(["quickstart", "--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(lines.len(), STEPS.len(), "{text}");
    let (sum, steps) = lines.split_last().unwrap();
    assert_eq!(
        (sum["steps"].as_u64(), sum["failed"].as_u64(), sum["ok"].as_bool()),
        (Some(19), Some(0), Some(true))
    );
    for (step, (name, status)) in steps.iter().zip(STEPS) {
        assert_eq!(step["step"], name);
        assert_eq!(step["response"]["status"].as_u64(), status, "{name}");
        assert_eq!(step["ok"], true, "{name}");
        assert!(
            step["proves"].as_str().is_some_and(|line| !line.is_empty() && !line.contains('\n')),
            "{name}"
        );
        assert_eq!(step.get("request").is_some(), status.is_some(), "{name}");
    }
    let code = |name: &str| {
        steps.iter().find(|step| step["step"] == name).unwrap()["response"]["body"]["code"].clone()
    };
    assert_eq!(code("tampered_token"), "signature_invalid");
    assert_eq!(code("expired_token"), "token_expired");
    assert_eq!(code("api_learns_of_logout"), "token_revoked");
}
