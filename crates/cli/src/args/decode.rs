//! The arguments of `waxseal decode`.

use super::EXIT_CODES;
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  waxseal decode \"$TOKEN\"
  waxseal decode --json < token.txt";

/// Show what a token says, without checking anything
///
/// Anyone can write such a token: nothing printed here is proven. Use `waxseal verify` to check a token.
#[derive(Args, Debug)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct DecodeArgs {
    /// The token; without it, or with -, it is read from standard input
    #[arg(value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// Print one line of JSON: {"verified":false,"header":{…},"payload":{…}}
    #[arg(long)]
    pub(crate) json: bool,
}
