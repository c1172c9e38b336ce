//! The shell blocks of the README run as printed, on a free port.

use std::process::Command;

const README: &str = include_str!("../../../../README.md");

#[test]
fn the_tour_runs_as_printed() {
    let directory = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let blocks: Vec<&str> =
        README.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let tour = blocks.concat().replace("localhost:8080", &free.to_string());
    assert!(blocks.len() == 4 && tour.contains("serve --dev"), "the tour is where this test looks for it");
    let wait = "curl -sf --retry 50 --retry-connrefused --retry-delay 1 -o healthy $WAXSEAL_LISTEN/healthz\n";
    let script = tour.replace("serve --dev &\n", &format!("serve --dev &\ntrap 'kill %1' EXIT\n{wait}"));
    let script = script.replace("curl -s ", "curl -sf ");
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_waxseal")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(directory.path())
        .env("PATH", path)
        .env("WAXSEAL_LISTEN", free.to_string())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for shown in [
        "\"role\": \"admin\"",
        "I owe you two pence",
        "{\"id\":1,\"ok\":true,",
        "\"access_token\"",
        "\"refresh_token\"",
        "\"keys\"",
    ] {
        assert!(out.contains(shown), "{shown} is missing in:\n{out}\n{err}");
    }
}

#[test]
fn the_rust_shown_is_the_examples() {
    let example = include_str!("../../../../examples/axum-api/src/main.rs");
    let shown = README.split("```rust,ignore\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let indented = format!("    {}\n", shown.trim_end().replace('\n', "\n    "));
    assert!(example.contains(&indented), "the README shows what the example does not do:\n{shown}");
}
