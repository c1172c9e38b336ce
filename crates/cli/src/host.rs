//! What the program needs from its surroundings, as arguments.

use crate::failure::Failure;
use std::ffi::OsString;
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::process::ExitCode;
use waxseal::NumericDate;

/// The surroundings of one run.
pub struct Host<'a> {
    /// Standard input; read only by a command that was told to.
    pub stdin: &'a mut dyn Read,
    /// Whether a person is typing at standard input, who is then told that the program waits.
    pub stdin_is_terminal: bool,
    /// Standard output: results only.
    pub stdout: &'a mut dyn Write,
    /// Whether standard output goes to a terminal, where text from outside must not steer it.
    pub stdout_is_terminal: bool,
    /// Standard error: reasons, warnings and hints.
    pub stderr: &'a mut dyn Write,
    /// Whether standard error goes to a terminal: a person may want to see how far a long run is.
    pub stderr_is_terminal: bool,
    /// Looks up an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// The current time.
    pub now: &'a dyn Fn() -> NumericDate,
}

impl fmt::Debug for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("stdin_is_terminal", &self.stdin_is_terminal).finish_non_exhaustive()
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// The command did what it was asked; a token was accepted. Exit code 0.
    Success,
    /// The token was refused. Exit code 1.
    Refused,
    /// A server could not go on, or a step of the demonstration did not behave. Exit code 1.
    Failed,
    /// Wrong usage, an unusable key, or a file that cannot be read or written. Exit code 2.
    Unusable,
}

impl Exit {
    /// The number handed to the operating system.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Refused | Self::Failed => 1,
            Self::Unusable => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl Host<'_> {
    /// Writes a result to standard output.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        tolerate_closed_pipe(self.stdout.write_all(text.as_bytes()))
    }

    /// Writes octets to standard output as they are; to a terminal, as text that cannot steer it.
    pub(crate) fn print_octets(&mut self, octets: &[u8]) -> Result<(), Failure> {
        if self.stdout_is_terminal {
            let text = crate::output::printable(&String::from_utf8_lossy(octets));
            return self.print_line(&text);
        }
        tolerate_closed_pipe(self.stdout.write_all(octets))
    }

    /// Writes octets that are no text to standard output, which must not be a terminal.
    pub(crate) fn print_binary(&mut self, octets: &[u8]) -> Result<(), Failure> {
        if self.stdout_is_terminal {
            return Err(
                Failure::usage("this is no text for a terminal").with_help("name a file with --out PATH")
            );
        }
        tolerate_closed_pipe(self.stdout.write_all(octets))
    }

    /// Writes a result and a line end to standard output.
    pub(crate) fn print_line(&mut self, text: &str) -> Result<(), Failure> {
        self.print(text)?;
        self.print("\n")
    }

    /// Writes a line for people to standard error. There is nowhere left to report a failure of that.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(self.stderr, "{text}");
    }

    /// Makes sure that everything printed has left the process.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        tolerate_closed_pipe(self.stdout.flush())
    }
}

/// A reader that has seen enough (`waxseal decode … | head -1`) is no failure, and must not turn the
/// exit code of an accepted token into that of a refused one.
pub(crate) fn tolerate_closed_pipe(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::unusable("output_failed", format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}
