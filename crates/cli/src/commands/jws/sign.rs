//! `waxseal jws sign`: makes a JWS.

use crate::args::Claim;
use crate::args::jws::{JwsSignArgs, Serialization, SigningKeyArgs};
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, MAX_JWS_BYTES};
use crate::key_form::{Key, Purpose};
use crate::key_source::{self, SecretText};
use waxseal::jws::{Builder, Headers};
use waxseal::{Code, Limits, SigningKey};

pub(in crate::commands) fn run(args: &JwsSignArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    check(args)?;
    let keys = signing_keys(&args.keys, host)?;
    if keys.len() > 1 && args.serialization != Serialization::General {
        return Err(Failure::usage("this form has room for one signature, and several keys are given")
            .with_help("use --serialization general"));
    }
    let payload = input::payload(args.payload.as_deref(), host)?;
    let jws = sign(args, keys, &payload)?;
    if jws.len() > Limits::DEFAULT_TOKEN_BYTES {
        host.note(&format!(
            "note: the JWS has {} bytes, and many verifiers accept no more than {}; --detached leaves the payload out",
            jws.len(),
            Limits::DEFAULT_TOKEN_BYTES
        ));
    }
    host.print_line(&jws)
}

/// Only one thing can come from standard input.
fn check(args: &JwsSignArgs) -> Result<(), Failure> {
    let keys = &args.keys;
    let paths = keys.key_file.iter().chain(&keys.secret_file);
    let of_keys = paths.filter(|path| input::is_stdin(path)).count();
    let of_payload = usize::from(args.payload.as_deref().is_none_or(input::is_stdin));
    if of_keys + of_payload > 1 {
        return Err(Failure::usage("the payload and the keys cannot all come from standard input")
            .with_help("give the payload as a file, or the key from a file or a variable"));
    }
    Ok(())
}

fn sign(args: &JwsSignArgs, keys: Vec<SigningKey>, payload: &[u8]) -> Result<String, Failure> {
    let mut builder = Builder::new(payload).limits(Limits::default().token_bytes(MAX_JWS_BYTES));
    if args.detached {
        builder = builder.detached();
    }
    if args.unencoded_payload {
        builder = builder.unencoded_payload();
    }
    let headers = headers(args)?;
    if args.serialization == Serialization::General {
        return Ok(builder.sign_general(keys.into_iter().map(|key| (key, headers.clone())))?);
    }
    let key = keys.into_iter().next().ok_or_else(key_source::no_key)?;
    Ok(match args.serialization {
        Serialization::Compact => builder.sign_compact(key, &headers)?,
        _ => builder.sign_flattened(key, &headers)?,
    })
}

fn headers(args: &JwsSignArgs) -> Result<Headers, Failure> {
    let mut headers = Headers::new();
    if let Some(typ) = &args.typ {
        headers = headers.typ(typ);
    }
    if let Some(cty) = &args.cty {
        headers = headers.cty(cty);
    }
    if let Some(kid) = &args.key_id {
        headers = headers.kid(kid);
    }
    if args.without_key_id {
        headers = headers.without_kid();
    }
    for Claim { name, value } in args.header.iter().chain(&args.header_json) {
        if let Some(option) = own_option(name) {
            return Err(Failure::unusable(
                Code::SignHeaderInvalid.as_str(),
                format!("the header member {name} is not set this way"),
            )
            .with_help(option));
        }
        headers = headers.member(name, value);
    }
    for Claim { name, value } in &args.unprotected_json {
        headers = headers.unprotected(name, value);
    }
    Ok(headers)
}

/// What to do instead, for the members that are written by other means.
fn own_option(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "the key says the algorithm; where it does not, use --algorithm NAME",
        "typ" => "use --typ TYPE",
        "cty" => "use --cty TYPE",
        "kid" => "use --key-id ID",
        "b64" | "crit" => "use --unencoded-payload; other critical extensions are not made here",
        _ => return None,
    })
}

fn signing_keys(args: &SigningKeyArgs, host: &mut Host<'_>) -> Result<Vec<SigningKey>, Failure> {
    let several = args.key_file.len() + args.key_env.len() > 1;
    let purpose = match args.algorithm {
        Some(named) if several => Purpose::Otherwise(named),
        named => named.into(),
    };
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let mut keys = Vec::new();
    for path in &args.key_file {
        keys.push(key_source::load_file(path, purpose, &passphrase, host)?);
    }
    for name in &args.key_env {
        keys.push(key_source::key(&input::key_variable(name, host)?, purpose, &passphrase, host)?);
    }
    let secret = match (&args.secret_env, &args.secret_file) {
        (Some(name), _) => Some(input::key_variable(name, host)?),
        (None, Some(path)) => Some(input::key_file(path, host)?),
        (None, None) => None,
    };
    if let Some(input) = &secret {
        let algorithm = args.algorithm.filter(|named| keys.is_empty() || named.algorithm.is_symmetric());
        keys.push(key_source::secret(&SecretText { input, format: args.secret_format, algorithm }, host)?);
    }
    if keys.is_empty() {
        return Err(key_source::no_key());
    }
    keys.into_iter().map(signing_key).collect()
}

/// The key as one that signs.
pub(in crate::commands) fn signing_key(key: Key) -> Result<SigningKey, Failure> {
    match key {
        Key::Secret(key) => Ok(key.into()),
        Key::Private(key) => Ok(key.into()),
        Key::Public(_) | Key::Set(_) => Err(Failure::unusable(
            Code::KeyNotPrivate.as_str(),
            "this is a public key; signing takes the private key",
        )),
    }
}
