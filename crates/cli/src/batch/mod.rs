//! `--batch`: JSON lines in, JSON lines out, in one process and in flat memory.
//!
//! One answer per line, in the order of the lines. A line that cannot be read is answered like a token that is
//! refused, and the run goes on; only trouble with the streams themselves ends it. What was answered leaves the
//! process before it waits for more input, so a partner on a pipe can wait for each answer, and a file is
//! answered in large pieces.

mod cache;
mod inspect;
mod jwe;
mod jws;
mod keys;
mod lines;
mod request;
mod verify;

use crate::failure::Failure;
use crate::host::{Host, tolerate_closed_pipe};
use crate::output::{Layout, lay_out};
pub(crate) use inspect::{InspectTask, described_set, members, members_of_set};
pub(crate) use jwe::JweTask;
pub(crate) use jws::JwsTask;
pub(crate) use keys::usable;
use lines::{Line, Lines, MAX_LINE_BYTES};
use request::Request;
use std::io::{ErrorKind, Write};
pub(crate) use verify::{Defaults, VerifyTask};
use waxseal::NumericDate;

/// What is done with each line.
pub(crate) trait Task {
    /// The members of a good answer behind `"ok":true`, each with a comma in front.
    fn answer(&mut self, request: &Request<'_>, clock: &dyn Fn() -> NumericDate) -> Result<String, Failure>;
}

/// As much output as is collected before it is written.
const OUTPUT_BYTES: usize = 64 * 1024;
/// How often a person at a terminal is told how far the run is.
const PROGRESS_SECONDS: i64 = 5;

/// Runs `task` for every line of standard input.
pub(crate) fn run(task: &mut dyn Task, host: &mut Host<'_>) -> Result<(), Failure> {
    if host.stdin_is_terminal {
        host.note("waxseal: reading one JSON object per line from standard input; end with Ctrl-D");
    }
    let clock = host.now;
    let mut out = Answers { text: Vec::with_capacity(OUTPUT_BYTES + 4096), closed: false };
    let mut progress = Progress::start(host.stderr_is_terminal, clock());
    let mut lines = Lines::new(host.stdin);
    loop {
        let line = lines.next(|| {
            progress.tell(clock(), host.stderr);
            out.send(host.stdout)
        })?;
        let Some(line) = line else { break };
        if out.closed {
            // Nobody reads the answers any more.
            return Ok(());
        }
        let Some((id, result)) = answer(task, &line, clock) else { continue };
        progress.count(result.is_ok());
        out.add(&id, result);
        if out.text.len() >= OUTPUT_BYTES {
            out.send(host.stdout)?;
        }
    }
    out.send(host.stdout)
}

/// The id and the answer to one line; nothing for an empty one.
fn answer(
    task: &mut dyn Task,
    line: &Line<'_>,
    clock: &dyn Fn() -> NumericDate,
) -> Option<(String, Result<String, Failure>)> {
    let nobody = || "null".to_owned();
    let Line::Text(line) = line else {
        let what = format!("the line has more than {MAX_LINE_BYTES} bytes");
        return Some((nobody(), Err(Failure::unusable("input_too_large", what))));
    };
    if line.trim_ascii().is_empty() {
        return None;
    }
    match Request::read(line) {
        Err(failure) => Some((nobody(), Err(failure))),
        // Without the white space that a line may have inside: a carriage return ends a line for some readers.
        Ok(request) => Some((lay_out(request.id(), Layout::Line), task.answer(&request, clock))),
    }
}

/// The answers that have not left the process yet.
struct Answers {
    text: Vec<u8>,
    closed: bool,
}

impl Answers {
    fn add(&mut self, id: &str, result: Result<String, Failure>) {
        let mut put = |text: &str| self.text.extend_from_slice(text.as_bytes());
        put("{\"id\":");
        put(id);
        match result {
            Ok(members) => {
                put(",\"ok\":true");
                put(&members);
            }
            Err(failure) => {
                put(",\"ok\":false");
                put(&refusal(&failure));
            }
        }
        put("}\n");
    }

    fn send(&mut self, stdout: &mut dyn Write) -> Result<(), Failure> {
        let sent = stdout.write_all(&self.text).and_then(|()| stdout.flush());
        self.text.clear();
        self.closed |= sent.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
        tolerate_closed_pipe(sent)
    }
}

/// The members `code` and `error`, each with a comma in front.
fn refusal(failure: &Failure) -> String {
    format!(",\"code\":\"{}\",\"error\":{}", failure.code(), json_text(failure.message()))
}

/// A text as JSON that steers no terminal.
fn json_text(text: &str) -> String {
    lay_out(&serde_json::Value::from(text).to_string(), Layout::Line)
}

/// Counts, and tells a person at a terminal.
struct Progress {
    shown: bool,
    last: NumericDate,
    lines: u64,
    refused: u64,
}

impl Progress {
    fn start(shown: bool, now: NumericDate) -> Self {
        Self { shown, last: now, lines: 0, refused: 0 }
    }

    fn count(&mut self, good: bool) {
        self.lines += 1;
        self.refused += u64::from(!good);
    }

    fn tell(&mut self, now: NumericDate, stderr: &mut dyn Write) {
        if self.shown && self.lines > 0 && now.seconds() - self.last.seconds() >= PROGRESS_SECONDS {
            self.last = now;
            // There is nowhere left to report a failure of that.
            let _ = writeln!(stderr, "waxseal: {} lines, {} of them refused", self.lines, self.refused);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_for_people_and_for_long_runs() {
        let at = |seconds| NumericDate::from_seconds(seconds).unwrap();
        for (shown, expected) in [(false, ""), (true, "waxseal: 2 lines, 1 of them refused\n")] {
            let mut progress = Progress::start(shown, at(100));
            let mut told = Vec::new();
            progress.tell(at(200), &mut told);
            assert!(told.is_empty(), "nothing was done yet");
            progress.count(true);
            progress.count(false);
            progress.tell(at(104), &mut told);
            assert!(told.is_empty(), "the run is short");
            progress.tell(at(105), &mut told);
            progress.tell(at(106), &mut told);
            assert_eq!(String::from_utf8(told).unwrap(), expected, "{shown}");
        }
    }
}
