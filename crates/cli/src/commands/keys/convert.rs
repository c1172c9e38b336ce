//! `waxseal keys convert`: a key in another form.

use super::generate::write_new;
use crate::args::PassphraseArgs;
use crate::args::keys::{ConvertArgs, OutputForm};
use crate::failure::Failure;
use crate::host::Host;
use crate::input;
use crate::key_form::{self, Key, Purpose, is_set};
use crate::key_source::{self, Passphrase};
use crate::output::{Layout, lay_out, printable};
use crate::rsa_factors;
use waxseal::{Code, Jwk, KeyError, PrivateKey, PublicKey, SecretKey};
use zeroize::Zeroizing;

pub(in crate::commands) fn run(args: &ConvertArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let new_passphrase = new_passphrase(args, host)?;
    let keys = read(args, host)?;
    let output = write(args, keys, &new_passphrase)?;
    match &args.out {
        Some(path) => {
            write_new(path, &output)?;
            host.note(&printable(&format!("wrote {}", path.display())));
            Ok(())
        }
        None if args.to == OutputForm::Der => host.print_binary(&output),
        None => host.print(&String::from_utf8_lossy(&output)),
    }
}

fn new_passphrase(args: &ConvertArgs, host: &mut Host<'_>) -> Result<Passphrase, Failure> {
    let named = PassphraseArgs {
        passphrase_env: args.new_passphrase_env.clone(),
        passphrase_file: args.new_passphrase_file.clone(),
    };
    let passphrase = key_source::passphrase(&named, host)?;
    if passphrase.is_some() && (args.public || args.to == OutputForm::Jwk) {
        return Err(Failure::usage("only a private key in PEM or DER is encrypted"));
    }
    Ok(passphrase)
}

/// One key, or those of a set.
enum Keys {
    One(Key),
    Set(Vec<Key>),
}

fn read(args: &ConvertArgs, host: &mut Host<'_>) -> Result<Keys, Failure> {
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let input = input::key_file(&args.file, host)?;
    let keys = parse(args, &input.bytes, &passphrase).map_err(|failure| failure.at(&input.place))?;
    let list = match &keys {
        Keys::One(key) => std::slice::from_ref(key),
        Keys::Set(list) => list,
    };
    if list.iter().any(|key| matches!(key, Key::Secret(_) | Key::Private(_))) {
        key_source::warn_if_open(&input, host);
    }
    Ok(keys)
}

fn parse(args: &ConvertArgs, bytes: &[u8], passphrase: &Passphrase) -> Result<Keys, Failure> {
    let purpose = match args.algorithm {
        // Of the other forms the algorithm is no part.
        None if args.to != OutputForm::Jwk => Purpose::Any,
        named => named.into(),
    };
    let text = std::str::from_utf8(bytes).map_or("", str::trim);
    if !text.starts_with('{') {
        let passphrase = passphrase.as_deref().map(Vec::as_slice);
        return key_form::parse(bytes, purpose, passphrase).map(Keys::One);
    }
    let one = |json: &str| key_form::jwk(&jwk(args, json)?, purpose);
    if !is_set(text) {
        return one(text).map(Keys::One);
    }
    let members = key_form::members_of_set(text)?;
    let numbered = members.iter().enumerate();
    let keys = numbered
        .map(|(index, member)| one(member).map_err(|failure| failure.at(&format!("key {}", index + 1))));
    keys.collect::<Result<_, _>>().map(Keys::Set)
}

/// Reads a JWK, and gives an RSA key its primes back where they are missing.
fn jwk(args: &ConvertArgs, json: &str) -> Result<Jwk, Failure> {
    let parse = |json: &str| {
        if args.allow_noncanonical_integers {
            Jwk::parse_allowing_noncanonical_integers(json)
        } else {
            Jwk::parse(json)
        }
    };
    let parsed = match parse(json) {
        Err(KeyError::FactorsMissing) => parse(&rsa_factors::complete(json)?),
        other => other,
    };
    parsed.map_err(|error| {
        let code = error.code();
        let failure = Failure::from(error);
        if code == Code::KeyNonCanonical {
            return Failure::unusable(
                code.as_str(),
                "a number of the JWK has leading zeros too many or too few",
            )
            .with_help("to put it right, add --allow-noncanonical-integers");
        }
        failure
    })
}

fn write(args: &ConvertArgs, keys: Keys, passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let list = match keys {
        Keys::One(key) => {
            let key = renamed(args, key)?;
            return if args.to == OutputForm::Jwk {
                jwk_text(args, &key)
            } else {
                encoded(args, &key, passphrase)
            };
        }
        Keys::Set(list) => list,
    };
    if args.key_id.is_some() {
        return Err(Failure::usage("one key id for all keys of a set would make them one"));
    }
    match (args.to, &list[..]) {
        (OutputForm::Jwk, _) => set_text(args, &list),
        (OutputForm::Der, [only]) => encoded(args, only, passphrase),
        (OutputForm::Der, _) => Err(Failure::usage("DER has room for one key, and this is a set of several")
            .with_help("use --to pem, which writes one after the other")),
        (OutputForm::Pem, _) => {
            let texts: Result<Vec<_>, _> = list.iter().map(|key| encoded(args, key, passphrase)).collect();
            Ok(joined(&texts?))
        }
    }
}

fn renamed(args: &ConvertArgs, key: Key) -> Result<Key, Failure> {
    let Some(kid) = args.key_id.as_deref() else { return Ok(key) };
    Ok(match key {
        Key::Secret(key) => Key::Secret(key.with_kid(kid)?),
        Key::Private(key) => Key::Private(key.with_kid(kid)?),
        Key::Public(key) => Key::Public(key.with_kid(kid)?),
        Key::Set(set) => Key::Set(set),
    })
}

/// PEM or DER.
fn encoded(args: &ConvertArgs, key: &Key, passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let pem = args.to == OutputForm::Pem;
    match (key, passphrase) {
        (Key::Private(key), None) if !args.public => Ok(private(key, pem)),
        (Key::Private(key), Some(passphrase)) if pem => {
            Ok(Zeroizing::new(key.to_encrypted_pkcs8_pem(&**passphrase)?.into_bytes()))
        }
        (Key::Private(key), Some(passphrase)) => {
            Ok(Zeroizing::new(key.to_encrypted_pkcs8_der(&**passphrase)?))
        }
        (Key::Private(key), None) => Ok(public(&key.public_key(), pem)),
        (Key::Public(key), None) => Ok(public(key, pem)),
        (Key::Public(_), Some(_)) => Err(Failure::unusable(
            Code::KeyNotPrivate.as_str(),
            "this is a public key, which is not encrypted",
        )),
        (Key::Secret(_) | Key::Set(_), _) => {
            Err(Failure::usage("a shared secret has no PEM or DER form").with_help("use --to jwk"))
        }
    }
}

fn private(key: &PrivateKey, pem: bool) -> Zeroizing<Vec<u8>> {
    if pem { octets(&key.to_pkcs8_pem()) } else { key.to_pkcs8_der() }
}

fn public(key: &PublicKey, pem: bool) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(if pem { key.to_spki_pem().into_bytes() } else { key.to_spki_der() })
}

fn octets(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_bytes().to_vec())
}

fn jwk_text(args: &ConvertArgs, key: &Key) -> Result<Zeroizing<Vec<u8>>, Failure> {
    Ok(laid_out(&jwk_json(args, key)?))
}

fn set_text(args: &ConvertArgs, keys: &[Key]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let members: Vec<_> = keys.iter().map(|key| jwk_json(args, key)).collect::<Result<_, _>>()?;
    let length: usize = members.iter().map(|member| member.len() + 1).sum();
    let mut json = Zeroizing::new(String::with_capacity(length + 16));
    json.push_str("{\"keys\":[");
    for (index, member) in members.iter().enumerate() {
        json.push_str(if index > 0 { "," } else { "" });
        json.push_str(member);
    }
    json.push_str("]}");
    Ok(laid_out(&json))
}

fn jwk_json(args: &ConvertArgs, key: &Key) -> Result<Zeroizing<String>, Failure> {
    Ok(match key {
        Key::Secret(_) if args.public => return Err(no_public_half()),
        Key::Secret(key) => SecretKey::to_jwk_json(key),
        Key::Private(key) if !args.public => key.to_jwk_json(),
        Key::Private(key) => Zeroizing::new(key.public_key().to_jwk().to_public_json()),
        Key::Public(key) => Zeroizing::new(key.to_jwk().to_public_json()),
        Key::Set(set) => Zeroizing::new(set.to_json()),
    })
}

fn no_public_half() -> Failure {
    let what = "a shared secret has no public half and must not be published";
    Failure::unusable(Code::KeyNotPublic.as_str(), what)
}

fn laid_out(json: &str) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(lay_out(json, Layout::Indented).into_bytes());
    text.push(b'\n');
    text
}

fn joined(texts: &[Zeroizing<Vec<u8>>]) -> Zeroizing<Vec<u8>> {
    let mut all = Zeroizing::new(Vec::with_capacity(texts.iter().map(|text| text.len()).sum()));
    for text in texts {
        all.extend_from_slice(text);
    }
    all
}
