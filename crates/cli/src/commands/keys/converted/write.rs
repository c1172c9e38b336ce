//! The text or the octets that are written.

use super::{Converted, der};
use crate::args::keys::{ConvertArgs, OutputForm};
use crate::failure::Failure;
use crate::key_source::Passphrase;
use crate::output::{Layout, lay_out};
use waxseal::Code;
use zeroize::Zeroizing;

type Output = Zeroizing<Vec<u8>>;

/// One key.
pub(in crate::commands::keys) fn one(
    args: &ConvertArgs,
    key: Converted,
    passphrase: &Passphrase,
) -> Result<Output, Failure> {
    let key = match args.key_id.as_deref() {
        Some(kid) => key.with_kid(kid)?,
        None => key,
    };
    match args.to {
        OutputForm::Jwk => Ok(laid_out(&key.jwk(args.public)?)),
        OutputForm::Pem => Ok(octets(&pem(args, &key, passphrase)?)),
        OutputForm::Der => der(&pem(args, &key, passphrase)?),
    }
}

/// The keys of a set.
pub(in crate::commands::keys) fn set(
    args: &ConvertArgs,
    keys: &[Converted],
    passphrase: &Passphrase,
) -> Result<Output, Failure> {
    if args.key_id.is_some() {
        return Err(
            Failure::usage("the keys of a set each have an id of their own").with_help("leave --key-id out")
        );
    }
    match (args.to, keys) {
        (OutputForm::Jwk, _) => jwk_set(args, keys),
        (OutputForm::Der, [only]) => der(&pem(args, only, passphrase)?),
        (OutputForm::Der, _) => Err(Failure::usage("DER has room for one key")
            .with_help("use --to pem, which writes one after the other")),
        (OutputForm::Pem, _) => {
            let texts: Result<Vec<_>, _> = keys.iter().map(|key| pem(args, key, passphrase)).collect();
            let texts = texts?;
            let mut all = Zeroizing::new(Vec::with_capacity(texts.iter().map(|text| text.len()).sum()));
            for text in texts {
                all.extend_from_slice(text.as_bytes());
            }
            Ok(all)
        }
    }
}

fn pem(args: &ConvertArgs, key: &Converted, passphrase: &Passphrase) -> Result<Zeroizing<String>, Failure> {
    if !args.public {
        let passphrase = passphrase.as_deref().map(Vec::as_slice);
        if let Some(private) = key.private_pem(passphrase)? {
            return Ok(private);
        }
        if passphrase.is_some() {
            let what = "this is a public key, which is not encrypted";
            return Err(Failure::unusable(Code::KeyNotPrivate.as_str(), what));
        }
    }
    key.public_pem().map(Zeroizing::new)
}

fn jwk_set(args: &ConvertArgs, keys: &[Converted]) -> Result<Output, Failure> {
    let members: Vec<_> = keys.iter().map(|key| key.jwk(args.public)).collect::<Result<_, _>>()?;
    let length: usize = members.iter().map(|member| member.len() + 1).sum();
    // Reserved in one piece: growing would leave copies of private numbers behind.
    let mut json = Zeroizing::new(String::with_capacity(length + 16));
    json.push_str("{\"keys\":[");
    for (index, member) in members.iter().enumerate() {
        json.push_str(if index > 0 { "," } else { "" });
        json.push_str(member);
    }
    json.push_str("]}");
    Ok(laid_out(&json))
}

fn laid_out(json: &str) -> Output {
    let text = Zeroizing::new(lay_out(json, Layout::Indented));
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len() + 1));
    octets.extend_from_slice(text.as_bytes());
    octets.push(b'\n');
    octets
}

fn octets(text: &str) -> Output {
    Zeroizing::new(text.as_bytes().to_vec())
}
