//! From a file, standard input or an environment variable to a key bound to one algorithm.

use crate::args::{KeyArgs, SecretFormat};
use crate::failure::Failure;
use crate::host::Host;
use crate::input::{self, Input};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;
use waxseal::{Algorithm, Code, Jwk, JwkSet, KeyError, PrivateKey, PublicKey, SecretKey};
use zeroize::Zeroizing;

/// Which algorithm a key is read for. Never the token's word.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// The one somebody named.
    Named(Algorithm),
    /// The one the key tells, or the only one its type allows.
    Told,
    /// Whichever comes first: the caller uses nothing that depends on it.
    Any,
}

impl From<Option<Algorithm>> for Purpose {
    fn from(named: Option<Algorithm>) -> Self {
        named.map_or(Self::Told, Self::Named)
    }
}

/// A key, or the keys of a set, as found.
pub(crate) enum Key {
    Secret(SecretKey),
    Private(PrivateKey),
    Public(PublicKey),
    Set(JwkSet),
}

/// Loads the key that the arguments of `sign` and `verify` name.
pub(crate) fn load(args: &KeyArgs, host: &mut Host<'_>) -> Result<Key, Failure> {
    let source = &args.source;
    if let Some(name) = &source.secret_env {
        return secret(args, &input::key_variable(name, host)?, host);
    }
    if let Some(path) = &source.secret_file {
        return secret(args, &input::key_file(path, host)?, host);
    }
    if let Some(name) = &source.key_env {
        return key(&input::key_variable(name, host)?, args.algorithm.into(), host);
    }
    if let Some(path) = &source.key_file {
        return load_file(path, args.algorithm.into(), host);
    }
    Err(Failure::usage("no key was named"))
}

/// Loads the key in a file, or on standard input for `-`.
pub(crate) fn load_file(path: &Path, purpose: Purpose, host: &mut Host<'_>) -> Result<Key, Failure> {
    key(&input::key_file(path, host)?, purpose, host)
}

/// Whether the key is going to be read from standard input.
pub(crate) fn is_stdin(args: &KeyArgs) -> bool {
    let path = args.source.secret_file.as_ref().or(args.source.key_file.as_ref());
    path.is_some_and(|path| input::is_stdin(path))
}

fn secret(args: &KeyArgs, input: &Input, host: &mut Host<'_>) -> Result<Key, Failure> {
    warn_if_open(input, host);
    let text = without_line_end(&input.bytes);
    let bytes = match args.secret_format {
        SecretFormat::Text => Zeroizing::new(text.to_vec()),
        SecretFormat::Base64url => Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| {
            undecodable(input, "base64url")
                .with_help("base64url has the letters A-Z a-z 0-9 - _ and no = at the end")
        })?),
        SecretFormat::Hex => hex(text).ok_or_else(|| undecodable(input, "hexadecimal"))?,
    };
    let algorithm = args.algorithm.unwrap_or(Algorithm::Hs256);
    SecretKey::new(algorithm, &bytes).map(Key::Secret).map_err(|error| Failure::from(error).at(&input.place))
}

fn undecodable(input: &Input, encoding: &str) -> Failure {
    Failure::unusable(Code::KeyMalformed.as_str(), format!("{}: the secret is not {encoding}", input.place))
}

/// One line end belongs to the file, not to the secret.
fn without_line_end(bytes: &[u8]) -> &[u8] {
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

fn key(input: &Input, purpose: Purpose, host: &mut Host<'_>) -> Result<Key, Failure> {
    let key = parse(&input.bytes, purpose).map_err(|failure| failure.at(&input.place))?;
    if matches!(key, Key::Secret(_) | Key::Private(_)) {
        warn_if_open(input, host);
    }
    Ok(key)
}

fn warn_if_open(input: &Input, host: &mut Host<'_>) {
    if input.open_to_others {
        host.note(&crate::output::printable(&format!(
            "warning[key_file_open]: {place} holds a secret and can be read by other users: chmod 600 {place}",
            place = input.place
        )));
    }
}

fn parse(bytes: &[u8], purpose: Purpose) -> Result<Key, Failure> {
    let unreadable = |what: &str| {
        Failure::unusable(Code::KeyMalformed.as_str(), what).with_help(
            "a key is PEM text (-----BEGIN …), a JWK or a JWK Set; a shared secret is given with --secret-…",
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("the key is not text"))?.trim_ascii();
    if text.is_empty() {
        Err(unreadable("there is no key in it"))
    } else if text.starts_with('{') {
        json(text, purpose)
    } else if text.contains("-----BEGIN ") {
        pem(text, purpose)
    } else {
        Err(unreadable("this is neither PEM nor a JWK"))
    }
}

fn json(text: &str, purpose: Purpose) -> Result<Key, Failure> {
    /// A JWK Set is the object that has `keys` (RFC 7517 §5).
    #[derive(Deserialize)]
    struct Shape {
        keys: Option<IgnoredAny>,
    }
    // What serde cannot read goes to the JWK parser, which says why.
    if serde_json::from_str::<Shape>(text).is_ok_and(|shape| shape.keys.is_some()) {
        return key_set(text, purpose).map(Key::Set);
    }
    let jwk = Jwk::parse(text)?;
    Ok(if jwk.kty() == "oct" {
        Key::Secret(from_jwk(&jwk, purpose, SecretKey::from_jwk, SecretKey::from_jwk_as)?)
    } else if jwk.is_private() {
        Key::Private(from_jwk(&jwk, purpose, PrivateKey::from_jwk, PrivateKey::from_jwk_as)?)
    } else {
        Key::Public(from_jwk(&jwk, purpose, PublicKey::from_jwk, PublicKey::from_jwk_as)?)
    })
}

fn key_set(text: &str, purpose: Purpose) -> Result<JwkSet, Failure> {
    let set = match purpose {
        Purpose::Named(algorithm) => JwkSet::parse_for(text, &[algorithm])?,
        Purpose::Told | Purpose::Any => JwkSet::parse(text)?,
    };
    if set.keys().is_empty() {
        let reasons =
            set.skipped().iter().map(|skipped| format!("key {}: {}", skipped.index + 1, skipped.reason));
        return Err(Failure::unusable("key_set_unusable", "the key set has no key that can be used")
            .with_details(reasons.collect()));
    }
    Ok(set)
}

fn from_jwk<K>(
    jwk: &Jwk,
    purpose: Purpose,
    told: fn(&Jwk) -> Result<K, KeyError>,
    named: fn(Algorithm, &Jwk) -> Result<K, KeyError>,
) -> Result<K, Failure> {
    match purpose {
        Purpose::Named(algorithm) => Ok(named(algorithm, jwk)?),
        Purpose::Told => Ok(told(jwk)?),
        Purpose::Any => match told(jwk) {
            Err(error) if error.code() == Code::KeyAlgorithmAmbiguous => {
                readings(|algorithm| named(algorithm, jwk)).next().unwrap_or_else(|| Err(error.into()))
            }
            result => Ok(result?),
        },
    }
}

fn pem(text: &str, purpose: Purpose) -> Result<Key, Failure> {
    if text.contains("PRIVATE KEY-----") {
        from_pem(purpose, |algorithm| PrivateKey::from_pem(algorithm, text)).map(Key::Private)
    } else {
        from_pem(purpose, |algorithm| PublicKey::from_pem(algorithm, text)).map(Key::Public)
    }
}

/// PEM never names an algorithm, but most types of key have only one.
fn from_pem<K>(purpose: Purpose, read: impl Fn(Algorithm) -> Result<K, KeyError>) -> Result<K, Failure> {
    if let Purpose::Named(algorithm) = purpose {
        return Ok(read(algorithm)?);
    }
    let mut readings = readings(read);
    let key = readings.next().unwrap_or_else(|| Err(unknown_type()))?;
    if matches!(purpose, Purpose::Told) && readings.next().is_some() {
        return Err(Failure::ambiguous_key());
    }
    Ok(key)
}

/// The key read for each algorithm that takes its type. Anything else wrong with it is an answer, too.
fn readings<K>(read: impl Fn(Algorithm) -> Result<K, KeyError>) -> impl Iterator<Item = Result<K, Failure>> {
    Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()).filter_map(move |&algorithm| {
        match read(algorithm) {
            Err(error) if error.code() == Code::KeyAlgorithmMismatch => None,
            result => Some(result.map_err(Failure::from)),
        }
    })
}

fn unknown_type() -> Failure {
    Failure::unusable(Code::KeyTypeUnsupported.as_str(), "no signature algorithm takes this type of key")
}
