//! Encrypting and decrypting any octets.

pub(super) mod decrypt;
pub(super) mod encrypt;

use crate::args::jwe::JweKeyArgs;
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, Input};
use crate::key_source::{secret_octets, without_line_end};
use zeroize::Zeroizing;

/// The secret that the arguments name.
fn secret(args: &JweKeyArgs, host: &mut Host<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let input = match (&args.secret_env, &args.secret_file) {
        (Some(name), _) => input::key_variable(name, host)?,
        (None, Some(path)) => input::key_file(path, host)?,
        (None, None) => return Ok(None),
    };
    secret_octets(&input, args.secret_format, host).map(Some)
}

/// The password that the arguments name.
fn password(args: &JweKeyArgs, host: &mut Host<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let input = match (&args.password_env, &args.password_file) {
        (Some(name), _) => input::key_variable(name, host)?,
        (None, Some(path)) => input::key_file(path, host)?,
        (None, None) => return Ok(None),
    };
    crate::key_source::warn_if_open(&input, host);
    Ok(Some(Zeroizing::new(without_line_end(&input.bytes).to_vec())))
}

/// The key files and variables, read.
fn key_inputs(args: &JweKeyArgs, host: &mut Host<'_>) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for path in &args.key_file {
        inputs.push(input::key_file(path, host)?);
    }
    for name in &args.key_env {
        inputs.push(input::key_variable(name, host)?);
    }
    Ok(inputs)
}

/// Only one thing can come from standard input.
fn check_stdin(args: &JweKeyArgs, other: bool) -> Result<(), Failure> {
    let paths = args.key_file.iter().chain(&args.secret_file).chain(&args.password_file);
    let keys = paths.filter(|path| input::is_stdin(path)).count();
    if keys + usize::from(other) > 1 {
        return Err(Failure::usage("only one thing can come from standard input")
            .with_help("give keys and secrets from files or variables"));
    }
    Ok(())
}

fn no_key() -> Failure {
    Failure::usage("no key was named").with_help(
        "name one of --key-file PATH, --key-env NAME, --secret-file PATH, --secret-env NAME, --password-env NAME",
    )
}
