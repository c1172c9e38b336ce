//! The real process: what only the operating system can do to it.

use crate::world::interop;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn waxseal() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waxseal"));
    command.env_clear().stdin(Stdio::null());
    command
}

fn with_stdin(mut command: Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_token_goes_from_one_process_to_the_next() {
    let secret = "a secret of thirty-two bytes, and more";
    let mut sign = waxseal();
    sign.env("JWT_SECRET", secret).args(["sign", "--secret-env", "JWT_SECRET", "--expires-in", "15m"]);
    let signed =
        sign.args(["--subject", "alice", "--audience", "api", "--claim", "role=admin"]).output().unwrap();
    assert!(signed.status.success(), "{signed:?}");

    let verify = |audience| {
        let mut verify = waxseal();
        verify.env("JWT_SECRET", secret).args([
            "verify",
            "--secret-env",
            "JWT_SECRET",
            "--audience",
            audience,
        ]);
        with_stdin(verify, &signed.stdout)
    };
    let accepted = verify("api");
    assert_eq!(accepted.status.code(), Some(0), "{accepted:?}");
    let claims: serde_json::Value = serde_json::from_slice(&accepted.stdout).unwrap();
    assert_eq!((&claims["sub"], &claims["role"]), (&"alice".into(), &"admin".into()));
    let refused = verify("billing");
    assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(refused.stderr.starts_with(b"refused[audience_mismatch]: "), "{refused:?}");
}

#[test]
fn wrong_usage_ends_with_two() {
    for args in [&[][..], &["sign"], &["verify", "--secret-env", "UNSET", "--audience", "api", "a.b.c"]] {
        let output = waxseal().args(args).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{args:?}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let key = interop().join("keys/p256.spki.pem");
    let fixtures = std::fs::read_to_string(interop().join("fixtures/jose.json")).unwrap();
    let fixtures: serde_json::Value = serde_json::from_str(&fixtures).unwrap();
    let tokens = fixtures["tokens"].as_array().unwrap();
    let token = tokens.iter().find(|token| token["alg"] == "ES256").unwrap()["token"].as_str().unwrap();
    for args in [
        vec!["--help"],
        vec!["decode", token],
        vec!["keys", "generate", "--algorithm", "ES256"],
        vec!["keys", "jwks", key.to_str().unwrap()],
        vec!["verify", "--key-file", key.to_str().unwrap(), "--audience", "api", token],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = waxseal().args(&args).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{args:?}: {output:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = waxseal()
        .args(["keys", "generate", "--algorithm", "ES256"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stderr.starts_with(b"error[output_failed]: "), "{output:?}");
}

#[test]
#[cfg(unix)]
fn an_endless_file_is_not_read_to_its_end() {
    let output = waxseal().args(["keys", "thumbprint", "/dev/zero"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stderr.starts_with(b"error[input_too_large]: "), "{output:?}");
}
