//! Running programs under valgrind's callgrind, and reading what it wrote.

use std::path::Path;
use std::process::Command;

/// The function whose inside is counted.
const COUNTED: &str = "bench_core::suite::Case::repeat";

/// What one call of [`COUNTED`] did.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) instructions: u64,
    /// Calls of `malloc`, `calloc`, `realloc` and the like, by whatever language.
    pub(crate) allocations: u64,
}

pub(crate) fn is_there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs `program` and returns what it printed, and the counts of each call of [`COUNTED`] in order.
pub(crate) fn run(
    program: &Path,
    arguments: &[&str],
    folder: &Path,
) -> Result<(String, Vec<Counts>), String> {
    let file = folder.join("calls");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg("--compress-strings=no")
        .arg(format!("--dump-after={COUNTED}"))
        .arg(format!("--zero-before={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args(arguments.iter().filter(|argument| !argument.is_empty()))
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("valgrind: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let mut counts = Vec::new();
    while let Ok(dump) = std::fs::read_to_string(format!("{}.{}", file.display(), counts.len() + 1)) {
        counts.push(read(&dump));
    }
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), counts))
}

fn read(dump: &str) -> Counts {
    let mut counts = Counts::default();
    let mut callee = "";
    for line in dump.lines() {
        if let Some(name) = line.strip_prefix("cfn=") {
            callee = name;
        } else if let Some(times) = line.strip_prefix("calls=").and_then(|rest| rest.split(' ').next()) {
            if matches!(callee, "malloc" | "calloc" | "realloc" | "posix_memalign" | "aligned_alloc") {
                counts.allocations += times.parse::<u64>().unwrap_or(0);
            }
        } else if let Some(total) = line.strip_prefix("totals: ") {
            counts.instructions = total.trim().parse().unwrap_or(0);
        }
    }
    counts
}

/// Instructions of each function, most first, from one run of `program`.
pub(crate) fn functions(
    program: &Path,
    arguments: &[&str],
    folder: &Path,
) -> Result<Vec<(String, u64)>, String> {
    let file = folder.join("profile");
    let run = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args(arguments.iter().filter(|argument| !argument.is_empty()))
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    let annotate = ["--threshold=100", "--auto=no"];
    let output = Command::new("callgrind_annotate").args(annotate).arg(&file).output();
    let output = output.map_err(|error| format!("callgrind_annotate: {error}"))?;
    Ok(sum_up(&String::from_utf8_lossy(&output.stdout)))
}

/// Adds up the lines of `callgrind_annotate`, which has one for each file that code was inlined from:
/// `1,513 ( 5.42%)  src/json/scan.rs:waxseal::json::scan::Scanner::string [program]`.
fn sum_up(annotated: &str) -> Vec<(String, u64)> {
    let mut functions: Vec<(String, u64)> = Vec::new();
    for line in annotated.lines() {
        let Some((count, rest)) = line.trim_start().split_once(" (") else { continue };
        let Some((_, place)) = rest.split_once("%)  ") else { continue };
        let Ok(count) = count.replace(',', "").parse::<u64>() else { continue };
        let Some((_, function)) = place.split_once(':') else { continue };
        let function = function.rsplit_once(" [").map_or(function, |(function, _)| function);
        match functions.iter_mut().find(|(known, _)| known == function) {
            Some((_, sum)) => *sum += count,
            None => functions.push((function.to_owned(), count)),
        }
    }
    functions.sort_unstable_by_key(|(_, count)| std::cmp::Reverse(*count));
    functions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_is_read() {
        let dump =
            "events: Ir\nfn=f\n1 10\ncfn=malloc\ncalls=3 0\n1 30\ncfn=free\ncalls=2 0\n1 2\ntotals: 1234\n";
        let counts = read(dump);
        assert_eq!((counts.instructions, counts.allocations), (1234, 3));
    }

    #[test]
    fn the_parts_of_a_function_are_added_up() {
        let text = "27,916 (100.0%)  PROGRAM TOTALS\n  1,513 ( 5.4%)  a/b.rs:x::<impl y>::string [/p]\n \
                    100 ( 1.0%)  c.rs:x::<impl y>::string [/p]\n";
        assert_eq!(sum_up(text), [("x::<impl y>::string".to_owned(), 1613)]);
    }
}
