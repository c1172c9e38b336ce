//! The chart: one row for each operation, one mark for each contender, how many times the bare primitive it
//! takes. The axis is logarithmic, because peers are between one and thirty times as slow.

mod marks;

use crate::contender::{FLOOR, is_ours};
use crate::results::{Measured, OperationResults, Results};
use bench_core::{Action, Algorithm, Size};
use marks::{Mark, PEERS};
use std::fmt::Write;

const WIDTH: f64 = 900.0;
const LEFT: f64 = 168.0;
const RIGHT: f64 = 716.0;
const TOP: f64 = 138.0;
const ROW: f64 = 36.0;
/// The right ends of the columns of numbers.
const COLUMNS: [f64; 2] = [790.0, 876.0];

/// Colours for light and dark pages. Classes and not variables, which some renderers do not know.
const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}\
.title{font-size:17px;font-weight:600}.soft{fill:#59636e;font-size:12px}\
.end{text-anchor:end}.mid{text-anchor:middle}text.ours{font-weight:600}\
.card{fill:#fff;stroke:#d8dee4}.grid{stroke:#e4e8ec}.one{stroke:#59636e}.goal{stroke:#1f2328}\
.ours{fill:#c2410c}.ring{fill:#fff;stroke:#c2410c}\
.a{fill:#0550ae}.b{fill:#218bff}.c{fill:#1a7f37}.d{fill:#8250df}.e{fill:#8a6d00}\
@media(prefers-color-scheme:dark){\
text{fill:#e6edf3}.soft{fill:#9198a1}.card{fill:#0d1117;stroke:#30363d}.grid{stroke:#21262d}.one{stroke:#9198a1}\
.goal{stroke:#e6edf3}.ours{fill:#ff9e64}.ring{fill:#0d1117;stroke:#ff9e64}\
.a{fill:#58a6ff}.b{fill:#a5d6ff}.c{fill:#56d364}.d{fill:#bc8cff}.e{fill:#e3b341}}";

pub(crate) fn svg(results: &Results) -> String {
    let rows: Vec<&OperationResults> = results.operations.iter().filter(|one| is_drawn(one)).collect();
    let axis = Axis::around(&rows);
    #[allow(clippy::cast_precision_loss)]
    let bottom = TOP + ROW * rows.len() as f64;
    let height = bottom + if slowest_hit(results).is_some() { 92.0 } else { 72.0 };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"Waxseal and other JWT libraries, as multiples of the bare primitive\">\n\
         <style>{STYLE}</style>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" class=\"card\"/>\n",
        WIDTH - 1.0,
        height - 1.0,
    );
    head(&mut out);
    axis.draw(bottom, &mut out);
    let mut y = TOP + ROW / 2.0;
    for row in rows {
        draw_row(row, y, &axis, &mut out);
        y += ROW;
    }
    foot(results, bottom, &mut out);
    out + "</svg>\n"
}

/// Without a peer there is nothing to compare; hits in the cache would stretch the axis, and are told in words.
fn is_drawn(one: &OperationResults) -> bool {
    one.parsed.algorithm != Algorithm::MlDsa65 && one.parsed.action != Action::Hit
}

/// What a hit in the cache takes at most, with claims of 160 bytes.
fn slowest_hit(results: &Results) -> Option<f64> {
    let is_hit = |one: &&OperationResults| one.parsed.action == Action::Hit && one.parsed.size == Size::Small;
    let hits = results.operations.iter().filter(is_hit).filter_map(|one| fastest(one, is_ours));
    hits.map(|one| one.ratio).max_by(f64::total_cmp)
}

fn head(out: &mut String) {
    text(24.0, 34.0, "title", "Making and verifying a JWT in Rust", out);
    text(
        24.0,
        54.0,
        "soft",
        "Time as a multiple of the bare aws-lc-rs primitive with a prepared key, on a logarithmic scale. \
         Further left is faster.",
        out,
    );
    let mut x = 24.0;
    let ours = [
        (Mark::OurBest, "Waxseal", 86.0),
        (Mark::OurOther, "its slower ways", 128.0),
        (Mark::Goal, "goal", 62.0),
    ];
    for (mark, label, width) in ours {
        mark.draw(x + 6.0, 77.0, out);
        text(x + 18.0, 81.5, "", label, out);
        x += width;
    }
    let mut x = 24.0;
    for (index, (_, label, width)) in PEERS.iter().enumerate() {
        Mark::Peer(index).draw(x + 6.0, 100.0, out);
        text(x + 18.0, 104.5, "", label, out);
        x += width;
    }
    text(COLUMNS[0], 126.0, "ours end", "Waxseal", out);
    text(COLUMNS[1], 126.0, "soft end", "best peer", out);
}

fn foot(results: &Results, bottom: f64, out: &mut String) {
    let versions: Vec<String> =
        results.versions.iter().skip(1).map(|one| format!("{} {}", one.package, one.version)).collect();
    let first = format!(
        "{}. {} interleaved rounds, best over best. Issuer, audience and expiry checked. Made by {}.",
        results.machine, results.rounds, results.command
    );
    let mut y = bottom + 40.0;
    if let Some(ratio) = slowest_hit(results) {
        let hit = format!(
            "A hit in the cache of verified tokens takes {ratio:.2} of a bare HMAC, whatever the token's algorithm."
        );
        text(24.0, y, "", &hit, out);
        y += 20.0;
    }
    text(24.0, y, "soft", &first, out);
    text(24.0, y + 16.0, "soft", &versions.join(" \u{b7} "), out);
}

/// A logarithmic axis.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn around(rows: &[&OperationResults]) -> Self {
        let ratios = || rows.iter().flat_map(|row| &row.contenders).map(|one| one.ratio);
        Self { low: ratios().fold(0.85, f64::min) * 0.96, high: ratios().fold(32.0, f64::max) * 1.06 }
    }

    fn x(&self, ratio: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (ratio / self.low).ln() / (self.high / self.low).ln()
    }

    fn draw(&self, bottom: f64, out: &mut String) {
        for (tick, label) in [
            (0.25, "\u{bc}\u{d7}"),
            (0.5, "\u{bd}\u{d7}"),
            (1.0, "1\u{d7}"),
            (2.0, "2\u{d7}"),
            (4.0, "4\u{d7}"),
            (8.0, "8\u{d7}"),
            (16.0, "16\u{d7}"),
            (32.0, "32\u{d7}"),
        ] {
            if tick < self.low || tick > self.high {
                continue;
            }
            let x = self.x(tick);
            line(x, TOP - 4.0, x, bottom, "grid", out);
            text(x, bottom + 16.0, "soft mid", label, out);
        }
        line(self.x(1.0), TOP - 4.0, self.x(1.0), bottom, "one", out);
        text(self.x(1.0), TOP - 10.0, "soft mid", "bare primitive", out);
    }
}

fn draw_row(row: &OperationResults, y: f64, axis: &Axis, out: &mut String) {
    line(24.0, y + ROW / 2.0, COLUMNS[1], y + ROW / 2.0, "grid", out);
    text(24.0, y + 4.5, "", &name(row), out);
    for (index, (peer, _, _)) in PEERS.iter().enumerate() {
        for one in row.contenders.iter().filter(|one| one.contender == *peer) {
            titled(one, Mark::Peer(index), axis.x(one.ratio), y, out);
        }
    }
    for goal in goals(row) {
        Mark::Goal.draw(axis.x(goal), y, out);
    }
    let best = fastest(row, is_ours);
    for one in row.contenders.iter().filter(|one| is_ours(&one.contender)) {
        let mark = if best.is_some_and(|best| best.contender == one.contender) {
            Mark::OurBest
        } else {
            Mark::OurOther
        };
        titled(one, mark, axis.x(one.ratio), y, out);
    }
    let peer = fastest(row, |contender| contender != FLOOR && !is_ours(contender));
    for (found, x, class) in [(best, COLUMNS[0], "ours end"), (peer, COLUMNS[1], "soft end")] {
        let number = found.map_or_else(|| "\u{2013}".to_owned(), |one| format!("{:.2}\u{d7}", one.ratio));
        text(x, y + 4.5, class, &number, out);
    }
}

fn name(row: &OperationResults) -> String {
    let action = match row.parsed.action {
        Action::Verify => "verify",
        Action::Sign => "sign",
        Action::Hit => "cache hit",
    };
    let size = if row.parsed.size == Size::Large { ", 2 KiB" } else { "" };
    format!("{} {action}{size}", row.parsed.algorithm.name())
}

fn fastest(row: &OperationResults, of: impl Fn(&str) -> bool) -> Option<&Measured> {
    let found = row.contenders.iter().filter(|one| of(&one.contender));
    found.min_by(|a, b| a.ratio.total_cmp(&b.ratio))
}

/// The goals as multiples of the primitive; of those in nanoseconds only the strictest, as all lie together.
fn goals(row: &OperationResults) -> Vec<f64> {
    let all = row.contenders.iter().filter_map(|one| one.goal.as_ref());
    let (multiples, added): (Vec<_>, Vec<_>) = all.partition(|goal| goal.unit == "x");
    let floor = row.contenders.iter().find(|one| one.contender == FLOOR).map_or(f64::NAN, |one| one.best_ns);
    let strictest = added.iter().map(|goal| 1.0 + goal.goal / floor).min_by(f64::total_cmp);
    multiples.iter().map(|goal| goal.goal).chain(strictest).collect()
}

fn titled(one: &Measured, mark: Mark, x: f64, y: f64, out: &mut String) {
    let label = crate::contender::label(&one.contender);
    let _ = write!(out, "<g><title>{label}: {:.2}\u{d7}, {:.0} ns</title>", one.ratio, one.best_ns);
    mark.draw(x, y, out);
    out.push_str("</g>\n");
}

fn text(x: f64, y: f64, class: &str, content: &str, out: &mut String) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\"{class}>{content}</text>");
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str, out: &mut String) {
    let _ = writeln!(out, "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" class=\"{class}\"/>");
}
