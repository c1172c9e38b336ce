//! `waxseal jwe encrypt`: makes a JWE.

use super::{check_stdin, key_inputs, no_key, password, secret};
use crate::args::Claim;
use crate::args::jwe::JweEncryptArgs;
use crate::args::jws::Serialization;
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, MAX_JWS_BYTES};
use crate::jwe_keys::Encrypting;
use crate::key_source;
use waxseal::Limits;
use waxseal::jwe::{Encrypter, EncryptionKey};

pub(in crate::commands) fn run(args: &JweEncryptArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    check_stdin(&args.keys, args.content.as_deref().is_none_or(input::is_stdin))?;
    if args.aad.is_some() && args.serialization == Serialization::Compact {
        return Err(Failure::usage("the compact form has no room for --aad")
            .with_help("use --serialization flattened"));
    }
    let keys = recipients(args, host)?;
    if keys.len() > 1 && args.serialization != Serialization::General {
        return Err(Failure::usage("this form has room for one recipient, and several keys are given")
            .with_help("use --serialization general"));
    }
    let encrypter = encrypter(args, keys)?;
    let content = input::payload(args.content.as_deref(), host)?;
    let jwe = encrypt(args, &encrypter, &content)?;
    if jwe.len() > Limits::DEFAULT_TOKEN_BYTES {
        host.note(&format!(
            "note: the JWE has {} bytes, and many recipients accept no more than {}",
            jwe.len(),
            Limits::DEFAULT_TOKEN_BYTES
        ));
    }
    host.print_line(&jwe)
}

fn recipients(args: &JweEncryptArgs, host: &mut Host<'_>) -> Result<Vec<EncryptionKey>, Failure> {
    let how =
        Encrypting { algorithm: args.keys.algorithm, content: args.encryption, iterations: args.iterations };
    let passphrase = key_source::passphrase(&args.keys.passphrase, host)?;
    let mut keys = Vec::new();
    for input in key_inputs(&args.keys, host)? {
        let key = how.key(&input.bytes, passphrase.as_deref().map(Vec::as_slice));
        keys.push(key.map_err(|failure| failure.at(&input.place))?);
    }
    if let Some(octets) = secret(&args.keys, host)? {
        keys.push(how.secret(&octets)?);
    }
    if let Some(octets) = password(&args.keys, host)? {
        keys.push(how.password(&octets)?);
    }
    Ok(keys)
}

fn encrypter(args: &JweEncryptArgs, keys: Vec<EncryptionKey>) -> Result<Encrypter, Failure> {
    let mut keys = keys.into_iter();
    let mut builder = Encrypter::builder(keys.next().ok_or_else(no_key)?)
        .limits(Limits::default().token_bytes(MAX_JWS_BYTES));
    for key in keys {
        builder = builder.recipient(key);
    }
    if let Some(content) = args.encryption {
        builder = builder.content_encryption(content);
    }
    if let Some(typ) = &args.typ {
        builder = builder.typ(typ);
    }
    if let Some(cty) = &args.cty {
        builder = builder.cty(cty);
    }
    if args.compress {
        builder = builder.compress();
    }
    for Claim { name, value } in args.header.iter().chain(&args.header_json) {
        builder = builder.header(name, value)?;
    }
    Ok(builder.build()?)
}

fn encrypt(args: &JweEncryptArgs, encrypter: &Encrypter, content: &[u8]) -> Result<String, Failure> {
    let json = || match &args.aad {
        Some(aad) => encrypter.json().aad(aad),
        None => encrypter.json(),
    };
    Ok(match args.serialization {
        Serialization::Compact => encrypter.encrypt(content)?,
        Serialization::Flattened => json().flattened(content)?,
        Serialization::General => json().general(content)?,
    })
}
