//! The commands. A new one is a variant of [`Command`], an arm of [`dispatch`] and a module.

mod decode;
mod jwe;
mod jws;
mod keys;
pub(crate) mod serve;
mod sign;
mod verify;

use crate::args::{
    decode::DecodeArgs, jwe::JweCommand, jws::JwsCommand, keys::KeysCommand, sign::SignArgs,
    verify::VerifyArgs,
};
use crate::failure::Failure;
use crate::host::Host;
use crate::quickstart::{self, QuickstartArgs};
use clap::Subcommand;
use serve::ServeArgs;

/// Everything `waxseal` can be told to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Sign(Box<SignArgs>),
    Verify(Box<VerifyArgs>),
    Decode(DecodeArgs),
    /// Sign and check any octets, in every serialization
    #[command(subcommand)]
    Jws(JwsCommand),
    /// Encrypt and decrypt any octets, in every serialization
    #[command(subcommand)]
    Jwe(JweCommand),
    /// Make, convert and inspect keys, and show their public side
    #[command(subcommand)]
    Keys(KeysCommand),
    Serve(Box<ServeArgs>),
    Quickstart(QuickstartArgs),
}

/// Runs a command to its end. One that needs a runtime builds it itself, so that the others start without.
pub(crate) fn dispatch(command: Command, host: &mut Host<'_>) -> Result<(), Failure> {
    match command {
        Command::Sign(args) => sign::run(&args, host),
        Command::Verify(args) => verify::run(&args, host),
        Command::Decode(args) => decode::run(&args, host),
        Command::Jws(JwsCommand::Sign(args)) => jws::sign::run(&args, host),
        Command::Jws(JwsCommand::Verify(args)) => jws::verify::run(&args, host),
        Command::Jwe(JweCommand::Encrypt(args)) => jwe::encrypt::run(&args, host),
        Command::Jwe(JweCommand::Decrypt(args)) => jwe::decrypt::run(&args, host),
        Command::Keys(KeysCommand::Generate(args)) => keys::generate::run(&args, host),
        Command::Keys(KeysCommand::Jwks(args)) => keys::jwks::run(&args, host),
        Command::Keys(KeysCommand::Thumbprint(args)) => keys::thumbprint::run(&args, host),
        Command::Keys(KeysCommand::Convert(args)) => keys::convert::run(&args, host),
        Command::Keys(KeysCommand::Inspect(args)) => keys::inspect::run(&args, host),
        Command::Serve(args) => serve::run(&args, host),
        Command::Quickstart(args) => quickstart::run(&args, host),
    }
}
