//! From text or octets of any form to keys bound to one algorithm.

use crate::args::NamedAlgorithm;
use crate::failure::Failure;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use waxseal::{Algorithm, Code, Jwk, JwkSet, KeyError, PrivateKey, PublicKey, SecretKey};

/// Which algorithm a key is read for. Never the token's word.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// The one somebody named.
    Named(NamedAlgorithm),
    /// The one the key tells, or the only one its type allows; this one for a key that does neither.
    Otherwise(NamedAlgorithm),
    /// The one the key tells, or the only one its type allows.
    Told,
    /// Whichever comes first: the caller uses nothing that depends on it.
    Any,
}

impl From<Option<NamedAlgorithm>> for Purpose {
    fn from(named: Option<NamedAlgorithm>) -> Self {
        named.map_or(Self::Told, Self::Named)
    }
}

impl Purpose {
    /// Whether keys shall write `Ed25519` where they would write `EdDSA`.
    fn fully_specified(self) -> bool {
        matches!(self, Self::Named(named) | Self::Otherwise(named) if named.fully_specified)
    }
}

/// A key, or the keys of a set, as found.
pub(crate) enum Key {
    Secret(SecretKey),
    Private(PrivateKey),
    Public(PublicKey),
    Set(JwkSet),
}

/// Reads PEM, DER, a JWK or a JWK Set.
pub(crate) fn parse(bytes: &[u8], purpose: Purpose, passphrase: Option<&[u8]>) -> Result<Key, Failure> {
    if is_der(bytes) {
        return der(bytes, purpose, passphrase);
    }
    let text = text(bytes)?;
    if text.starts_with('{') {
        refuse_passphrase(passphrase)?;
        json(text, purpose)
    } else {
        pem(text, purpose, passphrase)
    }
}

/// Whether this is no text but DER: every key is a sequence.
pub(crate) fn is_der(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30) && std::str::from_utf8(bytes).is_err()
}

/// Whether the key comes out of an X.509 certificate, of which nothing else is looked at.
pub(crate) fn is_certificate(bytes: &[u8]) -> bool {
    if is_der(bytes) {
        let read = PublicKey::from_certificate_der(Algorithm::Rs256, bytes);
        return read.err().is_none_or(|error| error.code() != Code::KeyMalformed);
    }
    let text = String::from_utf8_lossy(bytes);
    text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("PRIVATE KEY-----")
}

/// The text of a PEM file, a JWK or a JWK Set.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Failure> {
    let unreadable = |what: &str| {
        Failure::unusable(Code::KeyMalformed.as_str(), what).with_help(
            "a key is PEM text (-----BEGIN …), DER, a JWK or a JWK Set; a shared secret is given with --secret-…",
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("the key is neither text nor DER"))?;
    let text = text.trim_ascii();
    if text.is_empty() {
        Err(unreadable("there is no key in it"))
    } else if text.starts_with('{') || text.contains("-----BEGIN ") {
        Ok(text)
    } else {
        Err(unreadable("this is neither PEM nor DER nor a JWK"))
    }
}

/// A passphrase for a key that is not encrypted points to a mix-up of files.
pub(crate) fn refuse_passphrase(passphrase: Option<&[u8]>) -> Result<(), Failure> {
    if passphrase.is_none() {
        return Ok(());
    }
    Err(Failure::unusable(Code::KeyNotEncrypted.as_str(), "the key is not encrypted")
        .with_help("leave the passphrase out"))
}

/// Whether the text is a JWK Set: the object that has `keys` (RFC 7517 §5).
pub(crate) fn is_set(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Shape {
        keys: Option<IgnoredAny>,
    }
    // What serde cannot read goes to the JWK parser, which says why.
    serde_json::from_str::<Shape>(text).is_ok_and(|shape| shape.keys.is_some())
}

/// The members of a JWK Set, as many as the library reads.
pub(crate) fn members_of_set(text: &str) -> Result<Vec<&str>, Failure> {
    #[derive(Deserialize)]
    struct Set<'t> {
        #[serde(borrow)]
        keys: Vec<&'t RawValue>,
    }
    let malformed = |_| Failure::unusable(Code::KeyMalformed.as_str(), "the key set has no list `keys`");
    let set: Set<'_> = serde_json::from_str(text).map_err(malformed)?;
    check_set_size(set.keys.len())?;
    if set.keys.is_empty() {
        return Err(Failure::unusable("key_set_unusable", "the key set is empty"));
    }
    Ok(set.keys.into_iter().map(RawValue::get).collect())
}

/// A set of more keys than the library reads is refused.
pub(crate) fn check_set_size(keys: usize) -> Result<(), Failure> {
    if keys <= JwkSet::MAX_KEYS {
        return Ok(());
    }
    let what = format!("the key set has more than {} keys", JwkSet::MAX_KEYS);
    Err(Failure::unusable(Code::KeySetTooLarge.as_str(), what))
}

fn json(text: &str, purpose: Purpose) -> Result<Key, Failure> {
    if is_set(text) {
        return key_set(text, purpose).map(Key::Set);
    }
    jwk(&Jwk::parse(text)?, purpose)
}

/// A JWK of any type.
pub(crate) fn jwk(jwk: &Jwk, purpose: Purpose) -> Result<Key, Failure> {
    Ok(if jwk.kty() == "oct" {
        Key::Secret(from_jwk(jwk, purpose, SecretKey::from_jwk, SecretKey::from_jwk_as)?)
    } else if jwk.is_private() {
        Key::Private(from_jwk(jwk, purpose, PrivateKey::from_jwk, PrivateKey::from_jwk_as)?)
    } else {
        Key::Public(from_jwk(jwk, purpose, PublicKey::from_jwk, PublicKey::from_jwk_as)?)
    }
    .renamed(purpose))
}

fn key_set(text: &str, purpose: Purpose) -> Result<JwkSet, Failure> {
    let set = match purpose {
        Purpose::Named(named) | Purpose::Otherwise(named) => JwkSet::parse_for(text, &[named.algorithm])?,
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
    if let Purpose::Named(name) = purpose {
        return Ok(named(name.algorithm, jwk)?);
    }
    match (told(jwk), purpose) {
        (Err(error), Purpose::Otherwise(name)) if error.code() == Code::KeyAlgorithmAmbiguous => {
            Ok(named(name.algorithm, jwk)?)
        }
        (Err(error), Purpose::Any) if error.code() == Code::KeyAlgorithmAmbiguous => {
            readings(|algorithm| named(algorithm, jwk)).next().unwrap_or_else(|| Err(error.into()))
        }
        (result, _) => Ok(result?),
    }
}

impl Key {
    fn renamed(self, purpose: Purpose) -> Self {
        match self {
            Self::Private(key) if purpose.fully_specified() => Self::Private(key.with_fully_specified_alg()),
            Self::Public(key) if purpose.fully_specified() => Self::Public(key.with_fully_specified_alg()),
            other => other,
        }
    }
}

fn pem(text: &str, purpose: Purpose, passphrase: Option<&[u8]>) -> Result<Key, Failure> {
    if !text.contains("PRIVATE KEY-----") {
        refuse_passphrase(passphrase)?;
        return public(purpose, |algorithm| PublicKey::from_pem(algorithm, text));
    }
    let Some(passphrase) = passphrase else {
        return private(purpose, |algorithm| PrivateKey::from_pem(algorithm, text)).map_err(name_passphrase);
    };
    // Decrypting costs a fraction of a second, so it is done once and not for every algorithm.
    let plain = PrivateKey::decrypt_pem(text, passphrase)?;
    private(purpose, |algorithm| PrivateKey::from_pkcs8_der(algorithm, &plain))
}

fn der(octets: &[u8], purpose: Purpose, passphrase: Option<&[u8]>) -> Result<Key, Failure> {
    // Which algorithm is asked for does not matter here: octets of another form are malformed for each.
    let probe = PublicKey::from_der(Algorithm::Rs256, octets);
    if !probe.is_err_and(|error| error.code() == Code::KeyMalformed) {
        refuse_passphrase(passphrase)?;
        return public(purpose, |algorithm| PublicKey::from_der(algorithm, octets));
    }
    let Some(passphrase) = passphrase else {
        return private(purpose, |algorithm| PrivateKey::from_der(algorithm, octets))
            .map_err(name_passphrase);
    };
    let plain = PrivateKey::decrypt_der(octets, passphrase)?;
    private(purpose, |algorithm| PrivateKey::from_pkcs8_der(algorithm, &plain))
}

/// The library's message names its functions; here it is an option.
pub(crate) fn name_passphrase(failure: Failure) -> Failure {
    if failure.code() != Code::KeyEncrypted.as_str() {
        return failure;
    }
    Failure::unusable(failure.code(), "the private key is encrypted")
        .with_help("say where its passphrase is: --passphrase-env NAME or --passphrase-file PATH")
}

fn public(purpose: Purpose, read: impl Fn(Algorithm) -> Result<PublicKey, KeyError>) -> Result<Key, Failure> {
    Ok(Key::Public(of_type(purpose, read)?).renamed(purpose))
}

fn private(
    purpose: Purpose,
    read: impl Fn(Algorithm) -> Result<PrivateKey, KeyError>,
) -> Result<Key, Failure> {
    Ok(Key::Private(of_type(purpose, read)?).renamed(purpose))
}

/// PEM and DER never name an algorithm, but most types of key have only one.
fn of_type<K>(purpose: Purpose, read: impl Fn(Algorithm) -> Result<K, KeyError>) -> Result<K, Failure> {
    if let Purpose::Named(named) = purpose {
        return Ok(read(named.algorithm)?);
    }
    let mut found = readings(&read);
    let key = found.next().unwrap_or_else(|| Err(unknown_type()))?;
    match purpose {
        Purpose::Told if found.next().is_some() => Err(Failure::ambiguous_key()),
        Purpose::Otherwise(named) if found.next().is_some() => Ok(read(named.algorithm)?),
        _ => Ok(key),
    }
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
