//! What can be typed: one file of arguments per command, and the small grammars inside them.

mod algorithm;
mod claim;
pub(crate) mod decode;
pub(crate) mod jwe;
pub(crate) mod jws;
mod key;
pub(crate) mod keys;
pub(crate) mod sign;
mod span;
pub(crate) mod verify;

use crate::commands::Command;
pub(crate) use algorithm::{KeyUse, NamedAlgorithm, algorithm, key_use};
use algorithm::{content_encryption, key_algorithm};
pub(crate) use claim::Claim;
use clap::Parser;
pub(crate) use key::{KeyArgs, PassphraseArgs, SecretFormat};
pub(crate) use span::span;
use waxseal::NumericDate;

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

/// What `--batch` takes from each line instead.
pub(crate) const NOT_WITH_BATCH: [&str; 6] =
    ["json", "key_source", "secret_format", "algorithm", "passphrase_env", "passphrase_file"];

/// Shown with the help of the commands that have `--batch`.
pub(crate) const BATCH_KEY: &str = "\
KEY is a JWK, a JWK Set, {\"secret_b64u\": text} or {\"pem\": text}. The algorithm is the key's
`alg`, else the only one its type allows, else one of `algorithms`, matched exactly; never the
token's word alone. Where `algorithms` is given, the key's own algorithm must be in it. A line that
cannot be read, or has more than 1 MiB, is answered with \"ok\": false and the run goes on; empty
lines are skipped. Exit code 0 when all lines were answered, whatever the answers.";

/// A time as whole seconds since the Unix epoch.
fn seconds(text: &str) -> Result<NumericDate, String> {
    text.parse()
        .ok()
        .and_then(NumericDate::from_seconds)
        .ok_or_else(|| "expected whole seconds since 1970, for example 1767225600".to_owned())
}
