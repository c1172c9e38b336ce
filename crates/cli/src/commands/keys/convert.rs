//! `waxseal keys convert`: a key in another form.

use super::converted::{Converted, write};
use super::generate::write_new;
use crate::args::keys::{ConvertArgs, OutputForm};
use crate::args::{KeyUse, PassphraseArgs};
use crate::failure::Failure;
use crate::host::Host;
use crate::input;
use crate::key_form::{self, Key, Purpose, is_der, is_set};
use crate::key_source::{self, Passphrase};
use crate::output::printable;
use crate::rsa_factors;
use waxseal::jwe::{DecryptionKey, EncryptionKey, KeyAlgorithm};
use waxseal::{Code, Jwk, KeyError, PrivateKey};
use zeroize::Zeroizing;

pub(in crate::commands) fn run(args: &ConvertArgs, host: &mut Host<'_>) -> Result<(), Failure> {
    let new_passphrase = new_passphrase(args, host)?;
    let output = match read(args, host)? {
        Keys::One(key) => write::one(args, key, &new_passphrase)?,
        Keys::Set(list) => write::set(args, &list, &new_passphrase)?,
    };
    match &args.out {
        Some(path) => {
            write_new(path, &output)?;
            host.note(&printable(&format!("wrote {}", path.display())));
            Ok(())
        }
        None if args.to == OutputForm::Der => host.print_binary(&output),
        None => host.print(&Zeroizing::new(String::from_utf8_lossy(&output).into_owned())),
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
    One(Converted),
    Set(Vec<Converted>),
}

fn read(args: &ConvertArgs, host: &mut Host<'_>) -> Result<Keys, Failure> {
    let passphrase = key_source::passphrase(&args.passphrase, host)?;
    let input = input::key_file(&args.file, host)?;
    let passphrase = passphrase.as_deref().map(Vec::as_slice);
    let keys = parse(args, &input.bytes, passphrase).map_err(|failure| failure.at(&input.place))?;
    let list = match &keys {
        Keys::One(key) => std::slice::from_ref(key),
        Keys::Set(list) => list,
    };
    if list.iter().any(Converted::is_private) {
        key_source::warn_if_open(&input, host);
    }
    Ok(keys)
}

fn parse(args: &ConvertArgs, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Keys, Failure> {
    let text = std::str::from_utf8(bytes).map_or("", str::trim);
    if is_der(bytes) || !text.starts_with('{') {
        return encoded(args, bytes, passphrase).map(Keys::One);
    }
    key_form::refuse_passphrase(passphrase)?;
    if !is_set(text) {
        return jwk(args, text).map(Keys::One);
    }
    let members = key_form::members_of_set(text)?;
    let keys = members.iter().enumerate().map(|(index, member)| {
        jwk(args, member).map_err(|failure| failure.at(&format!("key {}", index + 1)))
    });
    keys.collect::<Result<_, _>>().map(Keys::Set)
}

/// Which signature algorithm the key is read for. PEM and DER do not name it, so that it is only needed for
/// writing a JWK.
fn purpose(args: &ConvertArgs) -> Purpose {
    match args.algorithm {
        Some(KeyUse::Signature(named)) => Purpose::Named(named),
        _ if args.to == OutputForm::Jwk => Purpose::Told,
        _ => Purpose::Any,
    }
}

fn encoded(args: &ConvertArgs, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Converted, Failure> {
    match args.algorithm {
        Some(KeyUse::Management(algorithm)) => return for_encryption(algorithm, bytes, passphrase),
        Some(KeyUse::Content(_)) => return Err(no_secret()),
        _ => {}
    }
    match key_form::parse(bytes, purpose(args), passphrase) {
        // A key on X25519 signs nothing.
        Err(failure) if failure.code() == Code::KeyTypeUnsupported.as_str() && args.to != OutputForm::Jwk => {
            for_encryption(KeyAlgorithm::EcdhEs, bytes, passphrase).map_err(|_| failure)
        }
        other => other?.try_into(),
    }
}

fn no_secret() -> Failure {
    let what = "this algorithm takes a shared secret, which has no PEM or DER form";
    Failure::unusable(Code::KeyAlgorithmMismatch.as_str(), what)
}

/// PEM or DER of a key that encrypts or decrypts. It is read by way of its DER form.
fn for_encryption(
    algorithm: KeyAlgorithm,
    bytes: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Converted, Failure> {
    let private = |key: Result<DecryptionKey, KeyError>| {
        key.map(Converted::Decrypting).map_err(|error| key_form::name_passphrase(error.into()))
    };
    if is_der(bytes) {
        if let Some(passphrase) = passphrase {
            return private(DecryptionKey::from_der(algorithm, &PrivateKey::decrypt_der(bytes, passphrase)?));
        }
        return match EncryptionKey::from_der(algorithm, bytes) {
            Err(error) if error.code() == Code::KeyMalformed => {
                private(DecryptionKey::from_der(algorithm, bytes))
            }
            other => Ok(Converted::Encrypting(other?)),
        };
    }
    let text = key_form::text(bytes)?;
    match passphrase {
        Some(passphrase) => private(DecryptionKey::from_encrypted_pem(algorithm, text, passphrase)),
        None if text.contains("PRIVATE KEY-----") => private(DecryptionKey::from_pem(algorithm, text)),
        None => Ok(Converted::Encrypting(EncryptionKey::from_pem(algorithm, text)?)),
    }
}

fn jwk(args: &ConvertArgs, json: &str) -> Result<Converted, Failure> {
    let jwk = parse_jwk(args, json)?;
    let pair = jwk.is_private();
    match args.algorithm {
        Some(KeyUse::Management(algorithm)) => converted(
            pair,
            || DecryptionKey::from_jwk_as(algorithm, &jwk),
            || EncryptionKey::from_jwk_as(algorithm, &jwk),
        ),
        Some(KeyUse::Content(content)) => {
            Ok(Converted::Decrypting(DecryptionKey::from_jwk_direct(content, &jwk)?))
        }
        None if is_for_encryption(&jwk) && jwk.alg().is_some() => {
            converted(pair, || DecryptionKey::from_jwk(&jwk), || EncryptionKey::from_jwk(&jwk))
        }
        None if is_for_encryption(&jwk) && args.to != OutputForm::Jwk => {
            let algorithm = if jwk.kty() == "RSA" { KeyAlgorithm::RsaOaep256 } else { KeyAlgorithm::EcdhEs };
            converted(
                pair,
                || DecryptionKey::from_jwk_as(algorithm, &jwk),
                || EncryptionKey::from_jwk_as(algorithm, &jwk),
            )
        }
        None if is_for_encryption(&jwk) => Err(Failure::ambiguous_key()),
        _ => key_form::jwk(&jwk, purpose(args))?.try_into(),
    }
}

fn converted(
    pair: bool,
    private: impl Fn() -> Result<DecryptionKey, KeyError>,
    public: impl Fn() -> Result<EncryptionKey, KeyError>,
) -> Result<Converted, Failure> {
    Ok(if pair { Converted::Decrypting(private()?) } else { Converted::Encrypting(public()?) })
}

fn is_for_encryption(jwk: &Jwk) -> bool {
    let algorithm = jwk.alg().map(crate::args::key_use);
    match algorithm {
        Some(Ok(found)) => !matches!(found, KeyUse::Signature(_)),
        _ => jwk.use_() == Some("enc") || jwk.crv() == Some("X25519"),
    }
}

/// Reads a JWK, and gives an RSA key its primes back where they are missing.
fn parse_jwk(args: &ConvertArgs, json: &str) -> Result<Jwk, Failure> {
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
    parsed.map_err(|error| match error.code() {
        Code::KeyNonCanonical => {
            let what = "a number of the JWK has leading zeros too many or too few";
            Failure::unusable(Code::KeyNonCanonical.as_str(), what)
                .with_help("to put it right, add --allow-noncanonical-integers")
        }
        _ => error.into(),
    })
}

impl TryFrom<Key> for Converted {
    type Error = Failure;

    fn try_from(key: Key) -> Result<Self, Failure> {
        Ok(match key {
            Key::Secret(key) => Self::Secret(key),
            Key::Private(key) => Self::Private(key),
            Key::Public(key) => Self::Public(key),
            Key::Set(_) => {
                return Err(Failure::unusable(
                    Code::KeyMalformed.as_str(),
                    "this is a key set, and one key is needed",
                ));
            }
        })
    }
}
