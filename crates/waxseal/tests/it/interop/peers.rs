//! The other implementations as processes that answer JSON lines.

use super::folder;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A runtime with the libraries that were installed for it.
pub(super) struct Peer {
    name: &'static str,
    program: PathBuf,
    script: &'static str,
    /// Written by `scripts/setup-interop` when it was done.
    stamp: &'static str,
}

/// A key as other libraries take it.
#[derive(Serialize, Clone)]
#[serde(rename_all = "lowercase")]
pub(super) enum PeerKey {
    Jwk(Value),
    Pem(String),
    /// In base64url.
    Password(String),
}

/// What is asked, as `exchange.mjs` describes it.
#[derive(Serialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub(super) enum Operation {
    Verify {
        token: String,
        issuer: String,
        audience: String,
        now: i64,
    },
    Sign {
        header: Value,
        claims: Value,
    },
    JwsVerify {
        jws: Value,
        /// In base64url, if it is detached.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<String>,
    },
    JwsSign {
        #[serde(flatten)]
        members: Value,
    },
    JweDecrypt {
        enc: &'static str,
        jwe: Value,
    },
    JweEncrypt {
        #[serde(flatten)]
        members: Value,
    },
}

#[derive(Serialize)]
pub(super) struct Request {
    pub(super) id: String,
    pub(super) alg: &'static str,
    pub(super) key: PeerKey,
    #[serde(flatten)]
    pub(super) operation: Operation,
}

#[derive(Deserialize, Debug)]
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) library: String,
    pub(super) ok: Option<bool>,
    #[serde(default)]
    pub(super) unsupported: bool,
    pub(super) token: Option<String>,
    pub(super) claims: Option<Value>,
    pub(super) jws: Option<Value>,
    pub(super) jwe: Option<Value>,
    pub(super) payload: Option<String>,
    pub(super) plaintext: Option<String>,
    pub(super) error: Option<String>,
}

/// Those that are installed. The others are named on standard error, or fail the test where the
/// environment says that they must be there.
pub(super) fn installed() -> Vec<Peer> {
    let node = Peer {
        name: "Node",
        program: "node".into(),
        script: "exchange.mjs",
        stamp: "node_modules/.installed",
    };
    let python = folder().join(".venv/bin/python");
    let python = Peer { name: "Python", program: python, script: "exchange.py", stamp: ".venv/installed" };
    [node, python].into_iter().filter(Peer::is_installed).collect()
}

impl Peer {
    fn is_installed(&self) -> bool {
        let runs = Command::new(&self.program).arg("--version").stdout(Stdio::null()).status();
        let installed = folder().join(self.stamp).exists() && runs.is_ok_and(|status| status.success());
        if !installed {
            let message = format!(
                "interop: NOT RUN with {}: it or its libraries are not installed; run scripts/setup-interop",
                self.name
            );
            assert!(
                std::env::var_os("WAXSEAL_REQUIRE_INTEROP").is_none_or(|value| value != "1"),
                "{message}"
            );
            // Straight to the stream: what a passing test prints through the macros is not shown.
            let _ = writeln!(std::io::stderr(), "{message}");
        }
        installed
    }

    /// Sends all requests to one process and returns its answers by request.
    pub(super) fn ask(&self, requests: &[Request]) -> BTreeMap<String, Vec<Answer>> {
        let lines: String =
            requests.iter().map(|request| serde_json::to_string(request).unwrap() + "\n").collect();
        let mut child = Command::new(&self.program)
            .arg(self.script)
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // From a thread of its own: the process answers while it still reads, and both pipes are finite.
        let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{} ended with {}", self.script, output.status);
        writer.join().unwrap().unwrap();
        let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let answer: Answer = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            answers.entry(answer.id.clone()).or_default().push(answer);
        }
        for request in requests {
            assert!(answers.contains_key(&request.id), "{} did not answer {}", self.name, request.id);
        }
        answers
    }
}
