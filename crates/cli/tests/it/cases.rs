//! The cases in `cases/*.json`: one run each, with what must come out.

use crate::world::World;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    exit: u8,
    code: Option<String>,
    stdout: Option<String>,
    stdout_json: Option<Value>,
    #[serde(default)]
    stdout_contains: Vec<String>,
    stderr: Option<String>,
    #[serde(default)]
    stderr_contains: Vec<String>,
}

impl Case {
    fn check(&self, file: &str) {
        let name = format!("{file}, {}", self.name);
        let mut world = World::new();
        world.stdin = world.expand(&self.stdin).into_bytes();
        world.variables = self.variables.iter().map(|(name, value)| (name.clone(), value.into())).collect();
        for (path, content) in &self.files {
            world.write(path, content.as_bytes());
        }
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let outcome = world.run(&args);
        assert_eq!(outcome.exit.code(), self.exit, "{name}: {outcome:?}");
        assert_eq!(outcome.code(), self.code.as_deref(), "{name}: {outcome:?}");
        if let Some(expected) = &self.stdout {
            assert_eq!(&outcome.stdout, expected, "{name}");
        }
        if let Some(expected) = &self.stdout_json {
            let found: Value = serde_json::from_str(&outcome.stdout).expect(&name);
            assert_eq!(&found, expected, "{name}");
        }
        if let Some(expected) = &self.stderr {
            assert_eq!(&outcome.stderr, expected, "{name}");
        }
        for part in &self.stdout_contains {
            assert!(outcome.stdout.contains(part), "{name}: {part:?} in {}", outcome.stdout);
        }
        for part in &self.stderr_contains {
            assert!(outcome.stderr.contains(part), "{name}: {part:?} in {}", outcome.stderr);
        }
    }
}

#[test]
fn every_case_behaves_as_written() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).expect(&file);
        count += cases.len();
        for case in &cases {
            case.check(&file);
        }
    }
    assert!(count > 0, "there are case files");
}
