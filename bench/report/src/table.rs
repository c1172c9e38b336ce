//! The table for standard output.

use crate::contender::{is_ours, label};
use crate::results::{Judged, Measured, OperationResults, Results};
use std::fmt::Write;

const LEGEND: &str = "\
x         multiple of the bare primitive, best round over best round; for cache hits of a bare HMAC of the same bytes
paired    median of the ratios within each round; p10..p90 their 10th and 90th of a hundred
added ns  our time on top of the primitive, median of single calls in turn, and its 10th and 90th of a hundred
HS256 after it   what the same way of HS256 adds to HMAC when each call comes right after the primitive of this
          operation, which leaves other code in the caches";

pub(crate) fn text(results: &Results) -> String {
    let versions: Vec<String> =
        results.versions.iter().map(|one| format!("{} {}", one.package, one.version)).collect();
    let mut out = format!("\n{}\n{}\n", results.machine, versions.join(", "));
    let _ = writeln!(out, "{} interleaved rounds.\n{LEGEND}", results.rounds);
    for operation in &results.operations {
        write_operation(operation, &mut out);
    }
    let clock = results.clock_ns;
    let _ = writeln!(
        out,
        "\nThe peers read the clock inside `verify`, {clock:.0} ns of theirs; Waxseal takes the time as an argument."
    );
    let _ = writeln!(out, "{}", summary(results));
    out
}

fn write_operation(operation: &OperationResults, out: &mut String) {
    let heading = format!(
        "{} {}, {} B",
        operation.parsed.algorithm.name(),
        operation.parsed.action.name(),
        operation.parsed.size.name()
    );
    let _ = writeln!(
        out,
        "\n{heading:<36}{:>9} {:>6} {:>7} {:>13} {:>8} {:>18}  goal",
        "best ns", "x", "paired", "p10..p90", "allocs", "added ns"
    );
    let mut sorted: Vec<&Measured> = operation.contenders.iter().collect();
    sorted.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    for one in sorted {
        write_row(one, out);
    }
}

fn write_row(one: &Measured, out: &mut String) {
    let mark = if is_ours(&one.contender) { "*" } else { " " };
    let spread = format!("{:.2}..{:.2}", one.paired_p10, one.paired_p90);
    let allocations = one.allocations.map_or_else(String::new, |count| format!("{count:.1}"));
    let added = one.added.map_or_else(String::new, |added| {
        format!("{:+.0} ({:.0}..{:.0})", added.median_ns, added.p10_ns, added.p90_ns)
    });
    let goal = one.goal.as_ref().map_or_else(String::new, |goal| judgement(goal, one));
    let row = format!(
        "{mark} {:<34}{:>9.0} {:>6.2} {:>7.2} {spread:>13} {allocations:>8} {added:>18}  {goal}",
        label(&one.contender),
        one.best_ns,
        one.ratio,
        one.paired_ratio,
    );
    let _ = writeln!(out, "{}", row.trim_end());
}

fn judgement(goal: &Judged, one: &Measured) -> String {
    let found =
        if goal.unit == "x" { one.ratio } else { one.added.map_or(f64::NAN, |added| added.median_ns) };
    let off = (found - goal.goal).abs();
    let (word, digits) =
        (if goal.met { "met by" } else { "MISSED by" }, if goal.unit == "x" { 2 } else { 0 });
    let after = one.added.and_then(|added| added.hs256_after_ns);
    let after = after.map_or_else(String::new, |after| format!(", HS256 after it {after:+.0}"));
    format!("{:.digits$} {}: {word} {off:.digits$}{after}", goal.goal, goal.unit)
}

fn summary(results: &Results) -> String {
    let goals =
        || results.operations.iter().flat_map(|one| &one.contenders).filter_map(|one| one.goal.as_ref());
    let met = goals().filter(|goal| goal.met).count();
    format!("goals met: {met} of {}", goals().count())
}
