//! The program `waxseal`: makes, checks and shows tokens, and makes and converts keys.
//!
//! [`run`] is the whole program as a function of its surroundings ([`Host`]), so tests call it with
//! buffers and a fixed time. `serve` and `quickstart` are the ones that use a network. Exit codes: 0 done
//! or accepted, 1 token refused or server failed, 2 wrong usage, unusable key or unreadable file.

mod allowed;
mod args;
mod batch;
mod commands;
mod failure;
mod host;
mod input;
mod jwe_keys;
mod key_form;
mod key_source;
mod key_view;
mod output;
mod quickstart;
mod rsa_factors;
mod runtime;

use args::Arguments;
use clap::Parser;
use failure::Failure;
pub use host::{Exit, Host};
use std::ffi::OsString;

/// Runs the program once. `args` starts with the program's name, as from [`std::env::args_os`].
///
/// Everything is read and written through `host`; errors are reported on its standard error, one
/// line `error[code]: …` or `refused[code]: …` first, and become the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>, host: &mut Host<'_>) -> Exit {
    let outcome = match Arguments::try_parse_from(args) {
        Ok(arguments) => commands::dispatch(arguments.command, host),
        Err(error) => answer_from_parser(&error, host),
    };
    let outcome = outcome.and_then(|()| host.finish());
    match outcome {
        Ok(()) => Exit::Success,
        Err(failure) => failure.report(host),
    }
}

/// The parser answers `--help` and `--version` by way of its error type, as well as wrong usage.
fn answer_from_parser(error: &clap::Error, host: &mut Host<'_>) -> Result<(), Failure> {
    let text = error.render().to_string();
    if error.use_stderr() { Err(Failure::from_parser(error, &text)) } else { host.print(&text) }
}
