//! From a file, standard input or an environment variable to a key bound to one algorithm.

use crate::args::{KeyArgs, NamedAlgorithm, PassphraseArgs, SecretFormat};
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, Input};
use crate::key_form::{Key, Purpose, parse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::path::Path;
use waxseal::{Algorithm, Code, SecretKey};
use zeroize::Zeroizing;

/// A shared secret and how it is written.
pub(crate) struct SecretText<'a> {
    pub(crate) input: &'a Input,
    pub(crate) format: SecretFormat,
    pub(crate) algorithm: Option<NamedAlgorithm>,
}

/// The passphrase of an encrypted key, if one was named.
pub(crate) type Passphrase = Option<Zeroizing<Vec<u8>>>;

/// Loads the key that the arguments of `sign` and `verify` name.
pub(crate) fn load(args: &KeyArgs, host: &mut Host<'_>) -> Result<Key, Failure> {
    let source = &args.source;
    let passphrase = passphrase(&args.passphrase, host)?;
    let as_secret = |input: &Input, host: &mut Host<'_>| {
        secret(&SecretText { input, format: args.secret_format, algorithm: args.algorithm }, host)
    };
    if let Some(name) = &source.secret_env {
        return as_secret(&input::key_variable(name, host)?, host);
    }
    if let Some(path) = &source.secret_file {
        return as_secret(&input::key_file(path, host)?, host);
    }
    if let Some(name) = &source.key_env {
        return key(&input::key_variable(name, host)?, args.algorithm.into(), &passphrase, host);
    }
    if let Some(path) = &source.key_file {
        return load_file(path, args.algorithm.into(), &passphrase, host);
    }
    Err(no_key())
}

/// What to say when none of the sources was named.
pub(crate) fn no_key() -> Failure {
    Failure::usage("no key was named")
        .with_help("name one of --key-file PATH, --key-env NAME, --secret-file PATH, --secret-env NAME")
}

/// Loads the key in a file, or on standard input for `-`.
pub(crate) fn load_file(
    path: &Path,
    purpose: Purpose,
    passphrase: &Passphrase,
    host: &mut Host<'_>,
) -> Result<Key, Failure> {
    key(&input::key_file(path, host)?, purpose, passphrase, host)
}

/// Reads the passphrase that the arguments name. One line end belongs to the file.
pub(crate) fn passphrase(args: &PassphraseArgs, host: &mut Host<'_>) -> Result<Passphrase, Failure> {
    let input = match (&args.passphrase_env, &args.passphrase_file) {
        (Some(name), _) => input::key_variable(name, host)?,
        (None, Some(path)) => input::key_file(path, host)?,
        (None, None) => return Ok(None),
    };
    warn_if_open(&input, host);
    Ok(Some(Zeroizing::new(without_line_end(&input.bytes).to_vec())))
}

/// Whether the key is going to be read from standard input.
pub(crate) fn is_stdin(args: &KeyArgs) -> bool {
    let path = args.source.secret_file.as_ref().or(args.source.key_file.as_ref());
    path.is_some_and(|path| input::is_stdin(path))
}

/// Reads a shared secret; for HS256 unless something else is named.
pub(crate) fn secret(secret: &SecretText<'_>, host: &mut Host<'_>) -> Result<Key, Failure> {
    let (octets, place) = (secret_octets(secret.input, secret.format, host)?, &secret.input.place);
    let algorithm = secret.algorithm.map_or(Algorithm::Hs256, |named| named.algorithm);
    SecretKey::new(algorithm, &octets).map(Key::Secret).map_err(|error| Failure::from(error).at(place))
}

/// The octets of a secret, decoded.
pub(crate) fn secret_octets(
    input: &Input,
    format: SecretFormat,
    host: &mut Host<'_>,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    warn_if_open(input, host);
    let text = without_line_end(&input.bytes);
    Ok(match format {
        SecretFormat::Text => Zeroizing::new(text.to_vec()),
        SecretFormat::Base64url => Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| {
            undecodable(input, "base64url")
                .with_help("base64url has the letters A-Z a-z 0-9 - _ and no = at the end")
        })?),
        SecretFormat::Hex => hex(text).ok_or_else(|| undecodable(input, "hexadecimal"))?,
    })
}

fn undecodable(input: &Input, encoding: &str) -> Failure {
    Failure::unusable(Code::KeyMalformed.as_str(), format!("{}: the secret is not {encoding}", input.place))
}

/// One line end belongs to the file, not to the secret.
pub(crate) fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn hex(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect::<Option<_>>()
        .map(Zeroizing::new)
}

/// Reads a key in any form.
pub(crate) fn key(
    input: &Input,
    purpose: Purpose,
    passphrase: &Passphrase,
    host: &mut Host<'_>,
) -> Result<Key, Failure> {
    let passphrase = passphrase.as_deref().map(Vec::as_slice);
    let key = parse(&input.bytes, purpose, passphrase).map_err(|failure| failure.at(&input.place))?;
    if matches!(key, Key::Secret(_) | Key::Private(_)) {
        warn_if_open(input, host);
    }
    Ok(key)
}

/// Says so if others can read what is secret.
pub(crate) fn warn_if_open(input: &Input, host: &mut Host<'_>) {
    if input.open_to_others {
        host.note(&crate::output::printable(&format!(
            "warning[key_file_open]: {place} holds a secret and can be read by other users: chmod 600 {place}",
            place = input.place
        )));
    }
}
