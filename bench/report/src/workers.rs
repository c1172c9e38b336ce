//! The programs that do the work, all running and idle until asked.

use bench_core::Operation;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Program and argument of each worker; the first is this project's own.
const PROGRAMS: [(&str, &str); 6] = [
    ("own", ""),
    ("rust-peers", "jsonwebtoken-aws"),
    ("rust-peers", "jsonwebtoken-rust"),
    ("rust-peers", "jwt-compact"),
    ("boringssl-peer", ""),
    ("openssl-peer", ""),
];

pub(crate) type Programs = &'static [(&'static str, &'static str)];

/// All workers, or this project's own alone.
pub(crate) fn programs(own_alone: bool) -> Programs {
    if own_alone { &PROGRAMS[..1] } else { &PROGRAMS }
}

/// One case of one worker.
pub(crate) struct Case {
    pub(crate) operation: Operation,
    pub(crate) contender: String,
}

pub(crate) struct Worker {
    program: &'static str,
    argument: &'static str,
    pub(crate) cases: Vec<Case>,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Where a worker's program lies: beside this one.
pub(crate) fn path(program: &str) -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(own.with_file_name(program))
}

/// Starts every worker that was built, and says which were not.
pub(crate) fn start(programs: Programs) -> Result<Vec<Worker>, String> {
    let mut workers = Vec::new();
    for (program, argument) in programs {
        if path(program)?.exists() {
            workers.push(Worker::start(program, argument)?);
        } else {
            println!("left out, because it was not built: {program}");
        }
    }
    Ok(workers)
}

impl Worker {
    fn start(program: &'static str, argument: &'static str) -> Result<Self, String> {
        let mut command = Command::new(path(program)?);
        command.args(Some(argument).filter(|argument| !argument.is_empty()));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let input = child.stdin.take().ok_or("no pipe to the worker")?;
        let output = BufReader::new(child.stdout.take().ok_or("no pipe from the worker")?);
        let mut worker = Self { program, argument, cases: Vec::new(), child, input, output };
        worker.cases = worker.ask("list")?.split('\t').map(parse_case).collect::<Result<_, _>>()?;
        Ok(worker)
    }

    /// Starts the program anew. Where a process happens to have its keys in memory is worth a microsecond to
    /// some primitives, so no single process decides.
    pub(crate) fn restart(&mut self) -> Result<(), String> {
        *self = Self::start(self.program, self.argument)?;
        Ok(())
    }

    /// Sends one line and returns the answer.
    pub(crate) fn ask(&mut self, request: &str) -> Result<String, String> {
        let failed = |error: std::io::Error| format!("{request}: {error}");
        writeln!(self.input, "{request}").and_then(|()| self.input.flush()).map_err(failed)?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(failed)?;
        match line.strip_suffix('\n') {
            Some(answer) => Ok(answer.to_owned()),
            None => Err(format!("a worker died of: {request}")),
        }
    }

    /// Nanoseconds for `times` repetitions.
    pub(crate) fn run(&mut self, case: usize, times: u64) -> Result<f64, String> {
        let answer = self.ask(&format!("run {case} {times}"))?;
        answer.parse().map_err(|_| format!("not a time: {answer}"))
    }

    pub(crate) fn find(&self, operation: Operation, contender: &str) -> Option<usize> {
        self.cases.iter().position(|case| case.operation == operation && case.contender == contender)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends by itself when its input does; this is for one that hangs.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parse_case(text: &str) -> Result<Case, String> {
    let (operation, contender) = text.split_once(' ').ok_or_else(|| format!("not a case: {text}"))?;
    Ok(Case { operation: operation.parse()?, contender: contender.to_owned() })
}
