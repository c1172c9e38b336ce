//! `--batch` from the outside: lines in, lines out.

mod fixtures;
mod protocol;
mod rfc;
mod rules;
mod wycheproof;

use crate::world::{World, interop};
use serde_json::Value;
use std::path::PathBuf;
use waxseal_cli::Exit;

/// Runs a command with these lines and gives the answers; the run itself must succeed.
fn answers(command: &[&str], lines: &[Value]) -> Vec<Value> {
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
    raw_answers(command, text.as_bytes())
}

fn raw_answers(command: &[&str], text: &[u8]) -> Vec<Value> {
    let mut world = World::new();
    world.stdin = text.to_vec();
    let outcome = world.run(&[command, &["--batch"]].concat());
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (Exit::Success, ""), "{command:?}");
    assert!(outcome.stdout.is_empty() || outcome.stdout.ends_with('\n'), "{command:?}");
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// The answer to one line.
fn answer(command: &[&str], line: &Value) -> Value {
    let mut answers = answers(command, std::slice::from_ref(line));
    assert_eq!(answers.len(), 1, "{line}");
    answers.remove(0)
}

/// What the answer to one line comes to: `ok`, or the code.
fn verdict(command: &[&str], line: &Value) -> String {
    let answer = answer(command, line);
    answer["code"].as_str().unwrap_or(if answer["ok"] == true { "ok" } else { "neither" }).to_owned()
}

fn vectors(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../waxseal/tests/vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn key_file(name: &str) -> String {
    std::fs::read_to_string(interop().join("keys").join(name)).unwrap()
}

fn jwk(name: &str) -> Value {
    serde_json::from_str(&key_file(&format!("{name}.jwk.json"))).unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name}"))
}
