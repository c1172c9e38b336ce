//! Runs the program in this process, with its whole surroundings given.

use serde_json::Value;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use waxseal::NumericDate;
use waxseal_cli::{Exit, Host, run};

/// The time in every test: the tokens of the interoperability fixtures were made a moment before.
pub(crate) const NOW: i64 = 1_700_000_000;

/// The surroundings of the next run, and a folder of its own for its files.
pub(crate) struct World {
    pub(crate) stdin: Vec<u8>,
    pub(crate) variables: HashMap<String, OsString>,
    pub(crate) now: i64,
    /// Whether standard output and standard error go to a person.
    pub(crate) terminal: bool,
    folder: tempfile::TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { stdin: Vec::new(), variables: HashMap::new(), now: NOW, terminal: false, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file there that only its owner can read.
    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path(name), content).unwrap();
        restrict(&self.path(name));
    }

    /// Runs `waxseal` with arguments in which `{dir}`, `{keys}` and `{token …}` are replaced.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_raw(args.iter().map(|arg| self.expand(arg).into()))
    }

    pub(crate) fn run_raw(&self, args: impl IntoIterator<Item = OsString>) -> Outcome {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut host = Host {
            stdin: &mut self.stdin.as_slice(),
            stdin_is_terminal: false,
            stdout: &mut stdout,
            stdout_is_terminal: self.terminal,
            stderr: &mut stderr,
            stderr_is_terminal: self.terminal,
            variable: &|name| self.variables.get(name).cloned(),
            now: &|| NumericDate::from_seconds(self.now).unwrap(),
        };
        let exit = run(std::iter::once("waxseal".into()).chain(args), &mut host);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Outcome { exit, stdout: text(stdout), stderr: text(stderr) }
    }

    pub(crate) fn expand(&self, text: &str) -> String {
        let text = text.replace("{dir}", self.folder.path().to_str().unwrap());
        let text = text.replace("{keys}", interop().join("keys").to_str().unwrap());
        match (text.find("{token "), text.find('}')) {
            (Some(start), Some(end)) if start < end => {
                let token = fixture(&text[start + "{token ".len()..end]);
                format!("{}{token}{}", &text[..start], &text[end + 1..])
            }
            _ => text,
        }
    }
}

impl Outcome {
    /// The code in the first line that tells of a failure.
    pub(crate) fn code(&self) -> Option<&str> {
        self.stderr.lines().find_map(|line| {
            let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("refused["))?;
            rest.split_once("]: ").map(|(code, _)| code)
        })
    }
}

#[cfg(unix)]
pub(crate) fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn restrict(_path: &Path) {}

/// Keys and tokens of other implementations.
pub(crate) fn interop() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../waxseal/tests/interop")
}

/// A token made by another library, named by producer, algorithm and set of claims.
fn fixture(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let [producer, alg, case] = words[..] else { panic!("{name}: producer, algorithm, case") };
    let text = std::fs::read_to_string(interop().join(format!("fixtures/{producer}.json"))).unwrap();
    let fixtures: Value = serde_json::from_str(&text).unwrap();
    let found = fixtures["tokens"].as_array().unwrap().iter().find(|t| t["alg"] == alg && t["case"] == case);
    found.unwrap_or_else(|| panic!("no token {name}"))["token"].as_str().unwrap().to_owned()
}
