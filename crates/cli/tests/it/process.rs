//! The real process: what only the operating system can do to it.

use crate::world::interop;
use std::io::{BufRead, Write};
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

/// A line of `keys inspect --batch`, and what its answer starts with.
fn question(id: usize) -> (String, String) {
    let line = format!("{{\"id\":{id},\"key\":{{\"kty\":\"oct\",\"k\":\"AAAA\"}}}}\n");
    (line, format!("{{\"id\":{id},\"ok\":false,\"code\":\"key_secret_too_short\""))
}

#[test]
fn a_partner_on_a_pipe_gets_each_answer_before_it_asks_again() {
    let mut child = waxseal()
        .args(["keys", "inspect", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answers = std::io::BufReader::new(output).lines();
    for id in 0..20 {
        let (line, expected) = question(id);
        // In two pieces, the second with the line end; and the next question only after the answer.
        let (first, second) = line.split_at(9);
        input.write_all(first.as_bytes()).unwrap();
        input.flush().unwrap();
        input.write_all(second.as_bytes()).unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(answer.starts_with(&expected), "{answer}");
    }
    drop(input);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_batch_whose_reader_went_away_ends_at_once() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut child = waxseal()
        .args(["keys", "inspect", "--batch"])
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(reader);
    let mut input = child.stdin.take().unwrap();
    // It stops reading, so that writing fails sooner or later.
    let stopped = (0..1_000_000).any(|id| input.write_all(question(id).0.as_bytes()).is_err());
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(stopped && output.status.code() == Some(0) && output.stderr.is_empty(), "{output:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_long_batch_takes_no_more_memory_than_a_short_one() {
    let peak = |lines: usize| {
        let mut child = waxseal()
            .args(["keys", "inspect", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = std::io::BufWriter::new(child.stdin.take().unwrap());
        for id in 0..lines {
            // Each with a key of its own, so that what is kept of them would show.
            let line = question(id).0.replace("AAAA", &format!("AAAA{id:08}"));
            input.write_all(line.as_bytes()).unwrap();
        }
        input.flush().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(input);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap()
    };
    let (short, long) = (peak(10_000), peak(60_000));
    assert!(long < short + 4096, "{short} kB, then {long} kB");
}

#[test]
#[cfg(target_os = "linux")]
fn a_batch_tells_trouble_with_its_streams() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = waxseal();
    command.args(["keys", "inspect", "--batch"]).stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(question(1).0.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.starts_with(b"error[output_failed]: "), "{output:?}");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let folder = std::fs::File::open("/").unwrap();
    let output = waxseal().args(["keys", "inspect", "--batch"]).stdin(folder).output().unwrap();
    assert!(output.stderr.starts_with(b"error[input_unreadable]: "), "{output:?}");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
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
