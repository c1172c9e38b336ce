//! `report measure [--quick] [--own] [--out DIR]` times every contender and writes the table, `tokens.json` and
//! `tokens.svg`; `report instructions [--own]` counts instructions and allocations under valgrind;
//! `report profile OPERATION CONTENDER` shows where one operation spends its instructions.

mod callgrind;
mod chart;
mod check;
mod contender;
mod goals;
mod instructions;
mod measure;
mod results;
mod statistics;
mod table;
mod versions;
mod workers;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["measure", options @ ..] => measure(options),
        ["instructions", options @ ..] => instructions::table(programs(options)).map(|text| show(&text)),
        ["profile", operation, contender] => instructions::profile(operation, contender).map(|text| show(&text)),
        _ => Err("usage: report measure [--quick] [--own] [--out DIR]\n       report instructions [--own]\n       \
                  report profile OPERATION CONTENDER"
            .into()),
    };
    done.map_or_else(
        |error| {
            eprintln!("{error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn measure(options: &[&str]) -> Result<(), String> {
    let effort = if options.contains(&"--quick") { measure::Effort::QUICK } else { measure::Effort::FULL };
    let out = options.iter().position(|option| *option == "--out").and_then(|at| options.get(at + 1));
    let mut workers = workers::start(programs(options))?;
    let allocations = instructions::allocations(programs(options))?;
    check::everybody_understands_everybody(&mut workers)?;
    let results = measure::all(&mut workers, &allocations, effort)?;
    show(&table::text(&results));
    if let Some(out) = out {
        write(&PathBuf::from(out), &results)?;
    }
    Ok(())
}

/// Whoever reads may stop early, as `head` does.
fn show(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn programs(options: &[&str]) -> workers::Programs {
    workers::programs(options.contains(&"--own"))
}

fn write(folder: &Path, results: &results::Results) -> Result<(), String> {
    let json = serde_json::to_string_pretty(results).map_err(|error| error.to_string())? + "\n";
    let files = [("tokens.json", json), ("tokens.svg", chart::svg(results))];
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, content) in files {
        let file = folder.join(name);
        std::fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("wrote {}", file.display());
    }
    Ok(())
}
