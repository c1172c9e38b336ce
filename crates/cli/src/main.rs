//! Hands the process over to the library: arguments, standard streams, environment and clock.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::SystemTime;
use waxseal::NumericDate;
use waxseal_cli::{Host, run};

#[expect(clippy::disallowed_methods, reason = "the one place where the program asks the system for the time")]
fn now() -> NumericDate {
    SystemTime::now().into()
}

fn main() -> ExitCode {
    let (stdin, mut stdout, mut stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let mut host = Host {
        stdin_is_terminal: stdin.is_terminal(),
        stdin: &mut stdin.lock(),
        stdout_is_terminal: stdout.is_terminal(),
        stdout: &mut stdout,
        stderr_is_terminal: stderr.is_terminal(),
        stderr: &mut stderr,
        variable: &|name| std::env::var_os(name),
        now: &now,
    };
    run(std::env::args_os(), &mut host).into()
}
