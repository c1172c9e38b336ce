//! Instruction counts, which repeat on any machine, and allocations.

use crate::callgrind::{self, Counts};
use crate::contender::{FLOOR, is_ours, label};
use crate::workers::{Programs, path, programs};
use bench_core::{Action, Algorithm, Operation};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

/// For asymmetric keys: instructions as a multiple of the primitive's.
const GOAL: f64 = 1.05;

/// What one operation of a contender takes.
pub(crate) struct Found {
    operation: String,
    contender: String,
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

impl Found {
    pub(crate) fn is(&self, operation: Operation, contender: &str) -> bool {
        self.operation == operation.to_string() && self.contender == contender
    }
}

/// Allocations by Rust code, as each worker's twin with the counting allocator finds them.
pub(crate) fn allocations(programs: Programs) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for (program, argument) in programs {
        let twin = path(&format!("{program}-allocations"))?;
        if !twin.exists() {
            continue;
        }
        let output =
            Command::new(&twin).arg(argument).output().map_err(|error| format!("{program}: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        found.extend(text.lines().filter_map(|line| parse(line, Counts::default())).map(
            |(mut one, number)| {
                one.allocations = number;
                one
            },
        ));
    }
    Ok(found)
}

/// `OPERATION CONTENDER NUMBER`, and what was counted for it.
#[allow(clippy::cast_precision_loss)]
fn parse(line: &str, counts: Counts) -> Option<(Found, f64)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [operation, contender, number] = words[..] else { return None };
    let number: f64 = number.parse().ok()?;
    let found = Found {
        operation: operation.to_owned(),
        contender: contender.to_owned(),
        instructions: counts.instructions as f64 / number,
        allocations: counts.allocations as f64 / number,
    };
    Some((found, number))
}

/// A folder for callgrind's files, empty.
fn folder() -> Result<PathBuf, String> {
    let folder = path("callgrind")?;
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Counts every case of every worker that was built.
pub(crate) fn table(programs: Programs) -> Result<String, String> {
    if !callgrind::is_there() {
        return Err(
            "instructions are counted with valgrind, which is not here; on Debian: apt-get install valgrind"
                .to_owned(),
        );
    }
    let mut found = Vec::new();
    for (program, argument) in programs {
        if path(program)?.exists() {
            eprintln!("counting {program} {argument}");
            found.append(&mut count_all(program, argument)?);
        }
    }
    Ok(text(&found))
}

fn count_all(program: &str, argument: &str) -> Result<Vec<Found>, String> {
    let (output, counts) = callgrind::run(&path(program)?, &[argument, "count-all"], &folder()?)?;
    let lines: Vec<&str> = output.lines().collect();
    if counts.len() != 2 * lines.len() {
        return Err(format!("{program}: {} cases, but {} counts", lines.len(), counts.len()));
    }
    let measured = counts.iter().skip(1).step_by(2);
    Ok(lines
        .iter()
        .zip(measured)
        .filter_map(|(line, counts)| parse(line, *counts))
        .map(|(one, _)| one)
        .collect())
}

const HEAD: &str = "
Instructions for one operation under callgrind, which has no SHA instructions and no AVX-512;
allocations of all languages.
";

fn text(found: &[Found]) -> String {
    let mut out = HEAD.to_owned();
    for operation in Operation::all() {
        let of_it = found.iter().filter(|one| one.operation == operation.to_string());
        let mut rows: Vec<&Found> = of_it.collect();
        let floor = rows.iter().find(|one| one.contender == FLOOR).map(|one| one.instructions);
        let Some(floor) = floor.filter(|_| rows.iter().any(|one| is_ours(&one.contender))) else { continue };
        rows.sort_by(|a, b| a.instructions.total_cmp(&b.instructions));
        let heading = operation.to_string();
        let _ = writeln!(
            out,
            "\n{heading:<36}{:>12} {:>10} {:>7} {:>7}  goal",
            "instructions", "added", "x", "allocs"
        );
        for one in rows {
            write_row(operation, one, floor, &mut out);
        }
    }
    out
}

fn write_row(operation: Operation, one: &Found, floor: f64, out: &mut String) {
    let ratio = one.instructions / floor;
    let asymmetric = matches!(operation.algorithm, Algorithm::Rs256 | Algorithm::Es256 | Algorithm::EdDsa);
    let judged = is_ours(&one.contender) && asymmetric && operation.action != Action::Hit;
    let goal = match judged {
        true if ratio <= GOAL => format!("{GOAL}: met"),
        true => format!("{GOAL}: MISSED by {:.3}", ratio - GOAL),
        false => String::new(),
    };
    let row = format!(
        "{} {:<34}{:>12.0} {:>10.0} {ratio:>7.3} {:>7.1}  {goal}",
        if is_ours(&one.contender) { "*" } else { " " },
        label(&one.contender),
        one.instructions,
        one.instructions - floor,
        one.allocations,
    );
    let _ = writeln!(out, "{}", row.trim_end());
}

/// The functions in which one operation of one contender spends its instructions.
pub(crate) fn profile(operation: &str, contender: &str) -> Result<String, String> {
    const TIMES: u64 = 500;
    let (program, argument) = programs(false)
        .iter()
        .find(|(program, argument)| {
            contender == *argument || (argument.is_empty() && owner(contender) == *program)
        })
        .ok_or_else(|| format!("no such contender: {contender}"))?;
    let arguments = [argument, "count", operation, contender, "500"];
    let functions = callgrind::functions(&path(program)?, &arguments, &folder()?)?;
    let total: u64 = functions.iter().map(|(_, count)| count).sum();
    let mut out = format!("{operation} {contender}: {} instructions\n", total / TIMES);
    for (function, count) in functions.iter().filter(|(_, count)| count * 1000 > total) {
        let _ = writeln!(out, "{:>9}  {function}", count / TIMES);
    }
    Ok(out)
}

/// The worker that has a contender which no argument names.
fn owner(contender: &str) -> &'static str {
    match contender {
        "josekit" => "openssl-peer",
        "jwt-simple" => "boringssl-peer",
        _ if contender == FLOOR || is_ours(contender) => "own",
        _ => "",
    }
}
