//! What can be typed: one file of arguments per command, and the small grammars inside them.

mod claim;
pub(crate) mod decode;
mod key;
pub(crate) mod keys;
pub(crate) mod sign;
mod span;
pub(crate) mod verify;

use crate::commands::Command;
pub(crate) use claim::Claim;
use clap::Parser;
pub(crate) use key::{KeyArgs, SecretFormat};
pub(crate) use span::span;
use waxseal::{Algorithm, NumericDate};

/// Makes and checks signed tokens (JWT), and makes the keys for them.
#[derive(Parser, Debug)]
#[command(name = "waxseal", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Shown with the help of every command.
pub(crate) const EXIT_CODES: &str = "Exit codes: 0 done or accepted, 1 token refused, 2 wrong usage, unusable key or \
     unreadable file. Reasons go to standard error and start with a stable code in brackets.";

/// An algorithm by its registered name, matched exactly.
fn algorithm(name: &str) -> Result<Algorithm, String> {
    name.parse().map_err(|_| {
        let names: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        format!("the algorithms are {}", names.join(", "))
    })
}

/// A time as whole seconds since the Unix epoch.
fn seconds(text: &str) -> Result<NumericDate, String> {
    text.parse()
        .ok()
        .and_then(NumericDate::from_seconds)
        .ok_or_else(|| "expected whole seconds since 1970, for example 1767225600".to_owned())
}
