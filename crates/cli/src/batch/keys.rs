//! From the member `key` of a line to keys bound to their algorithms. Never the token's word.

use crate::allowed::{Allowed, none_fits};
use crate::failure::Failure;
use crate::key_form::check_set_size;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use waxseal::{Algorithm, Code, Jwk, KeyError, PrivateKey, PublicKey, SecretKey, VerifyingKey};
use zeroize::Zeroizing;

/// The forms that `key` can have, told apart by the members of the object.
pub(super) enum KeyForm<'l> {
    Secret(Zeroizing<Vec<u8>>),
    Pem(Zeroizing<String>),
    Set(Vec<&'l RawValue>),
    Jwk(&'l str),
}

#[derive(Deserialize)]
struct Members<'l> {
    #[serde(borrow)]
    secret_b64u: Option<Cow<'l, str>>,
    pem: Option<String>,
    #[serde(borrow)]
    keys: Option<Vec<&'l RawValue>>,
    kty: Option<IgnoredAny>,
}

fn malformed(what: &str) -> Failure {
    Failure::unusable(Code::KeyMalformed.as_str(), what)
}

impl<'l> KeyForm<'l> {
    pub(super) fn read(key: &'l str) -> Result<Self, Failure> {
        const FORMS: &str = "`key` is not a JWK, a JWK Set, {\"secret_b64u\": text} or {\"pem\": text}";
        if !key.starts_with('{') {
            return Err(malformed(FORMS));
        }
        let members: Members<'l> = serde_json::from_str(key).map_err(|_| malformed(FORMS))?;
        match members {
            Members { secret_b64u: Some(text), pem: None, keys: None, kty: None } => {
                let text = Zeroizing::new(text.into_owned());
                let octets = URL_SAFE_NO_PAD.decode(text.as_bytes());
                let what = "`secret_b64u` is not base64url without padding";
                Ok(Self::Secret(Zeroizing::new(octets.map_err(|_| malformed(what))?)))
            }
            Members { secret_b64u: None, pem: Some(text), keys: None, kty: None } => {
                Ok(Self::Pem(Zeroizing::new(text)))
            }
            Members { secret_b64u: None, pem: None, keys: Some(list), kty: None } => {
                check_set_size(list.len())?;
                Ok(Self::Set(list))
            }
            Members { secret_b64u: None, pem: None, keys: None, .. } => Ok(Self::Jwk(key)),
            // Two readers could take two different keys for the one that is meant.
            _ => Err(malformed("`key` has several forms at once")),
        }
    }
}

/// The keys that may verify a signature, each for one algorithm.
pub(super) fn verifying_keys(key: &str, allowed: Allowed<'_>) -> Result<Vec<VerifyingKey>, Failure> {
    match KeyForm::read(key)? {
        KeyForm::Secret(octets) => {
            each(&allowed.signature_algorithms()?, |algorithm| SecretKey::new(algorithm, &octets))
        }
        KeyForm::Pem(text) => pem_keys(&text, allowed),
        KeyForm::Jwk(json) => jwk_keys(json, allowed),
        KeyForm::Set(list) => {
            check_set(&list)?;
            usable(list.iter().map(|member| jwk_keys(member.get(), allowed)))
        }
    }
}

/// A set is one of public keys or one of secrets. Secrets beside public keys are an accident about to be
/// published, and two secrets under one id are one too many: which of them is meant, nobody said. Public keys
/// may share an id, as those of some issuers do; each that fits is tried.
fn check_set(list: &[&RawValue]) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Shape {
        kty: Option<String>,
        kid: Option<String>,
    }
    // What serde cannot read goes to the JWK parser, which says why.
    let shapes = list.iter().filter_map(|member| serde_json::from_str::<Shape>(member.get()).ok());
    let secrets: Vec<Shape> = shapes.filter(|shape| shape.kty.as_deref() == Some("oct")).collect();
    if !secrets.is_empty() && secrets.len() < list.len() {
        let what = "the key set has shared secrets beside other keys; such a set must not be published";
        return Err(Failure::unusable(Code::KeyNotPublic.as_str(), what));
    }
    let mut seen = HashSet::new();
    if secrets.into_iter().filter_map(|secret| secret.kid).all(|kid| seen.insert(kid)) {
        return Ok(());
    }
    Err(Failure::unusable(Code::KeyIdTaken.as_str(), "the key set has two shared secrets with one `kid`"))
}

/// The keys of a set that can be used; an error if there is none.
pub(crate) fn usable<K>(keys: impl Iterator<Item = Result<Vec<K>, Failure>>) -> Result<Vec<K>, Failure> {
    let (mut found, mut reasons) = (Vec::new(), Vec::new());
    for (index, result) in keys.enumerate() {
        match result {
            Ok(keys) => found.extend(keys),
            Err(failure) => reasons.push(format!("key {}: {}", index + 1, failure.message())),
        }
    }
    if found.is_empty() {
        let reasons = if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join("; ") };
        let what = format!("the key set has no key that can be used: {reasons}");
        return Err(Failure::unusable("key_set_unusable", what));
    }
    Ok(found)
}

/// The key read for each algorithm that takes its type. If none does, or each finds something else wrong, that
/// is an error.
pub(super) fn each<A: Copy, K, V: From<K>>(
    algorithms: &[A],
    read: impl Fn(A) -> Result<K, KeyError>,
) -> Result<Vec<V>, Failure> {
    let (mut keys, mut problem) = (Vec::new(), None);
    for &algorithm in algorithms {
        match read(algorithm) {
            Ok(key) => keys.push(key.into()),
            Err(error) if is_mismatch(&error) => {}
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    match (keys.is_empty(), problem) {
        (false, _) => Ok(keys),
        (true, Some(error)) => Err(error.into()),
        (true, None) => Err(none_fits()),
    }
}

fn is_mismatch(error: &KeyError) -> bool {
    error.code() == Code::KeyAlgorithmMismatch
}

fn pem_keys(text: &str, allowed: Allowed<'_>) -> Result<Vec<VerifyingKey>, Failure> {
    let read = |algorithm| {
        if text.contains("PRIVATE KEY-----") {
            PrivateKey::from_pem(algorithm, text).map(|key| key.public_key())
        } else {
            PublicKey::from_pem(algorithm, text)
        }
    };
    match only_algorithm(read)? {
        Some(key) => {
            allowed.check(key.algorithm())?;
            Ok(vec![key.into()])
        }
        None => each(&allowed.signature_algorithms()?, read),
    }
}

/// The key, if only one algorithm takes its type.
pub(super) fn only_algorithm(
    read: impl Fn(Algorithm) -> Result<PublicKey, KeyError>,
) -> Result<Option<PublicKey>, Failure> {
    // Most types take one; the RSA algorithms follow each other, so the second reading tells.
    let mut found = None;
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_symmetric()) {
        match read(algorithm) {
            Err(error) if is_mismatch(&error) => {}
            Err(error) => return Err(error.into()),
            Ok(_) if found.is_some() => return Ok(None),
            Ok(key) => found = Some(key),
        }
    }
    let what = "no signature algorithm takes this type of key";
    found.map(Some).ok_or_else(|| Failure::unusable(Code::KeyTypeUnsupported.as_str(), what))
}

fn jwk_keys(json: &str, allowed: Allowed<'_>) -> Result<Vec<VerifyingKey>, Failure> {
    let jwk = Jwk::parse(json)?;
    check_operation(&jwk, "verify", "verifying")?;
    if jwk.kty() == "oct" {
        from_jwk(&jwk, allowed, SecretKey::from_jwk, SecretKey::from_jwk_as, SecretKey::algorithm)
    } else if jwk.is_private() {
        let told = |jwk: &Jwk| PrivateKey::from_jwk(jwk).map(|key| key.public_key());
        let named =
            |algorithm, jwk: &Jwk| PrivateKey::from_jwk_as(algorithm, jwk).map(|key| key.public_key());
        from_jwk(&jwk, allowed, told, named, PublicKey::algorithm)
    } else {
        from_jwk(&jwk, allowed, PublicKey::from_jwk, PublicKey::from_jwk_as, PublicKey::algorithm)
    }
}

/// RFC 7517 §4.3. The library lets a key pair that may sign verify as well, which its list may not say.
fn check_operation(jwk: &Jwk, name: &str, operation: &str) -> Result<(), Failure> {
    if jwk.key_ops().is_none_or(|operations| operations.iter().any(|other| other == name)) {
        return Ok(());
    }
    let what = format!("the JWK's `key_ops` does not allow {operation}");
    Err(Failure::unusable(Code::KeyUseForbidden.as_str(), what))
}

fn from_jwk<K: Into<VerifyingKey>>(
    jwk: &Jwk,
    allowed: Allowed<'_>,
    told: impl Fn(&Jwk) -> Result<K, KeyError>,
    named: impl Fn(Algorithm, &Jwk) -> Result<K, KeyError>,
    algorithm: impl Fn(&K) -> Algorithm,
) -> Result<Vec<VerifyingKey>, Failure>
where
    VerifyingKey: From<K>,
{
    match told(jwk) {
        Ok(key) => {
            allowed.check(algorithm(&key))?;
            Ok(vec![key.into()])
        }
        Err(error) if error.code() == Code::KeyAlgorithmAmbiguous => {
            each(&allowed.signature_algorithms()?, |algorithm| named(algorithm, jwk))
        }
        Err(error) => Err(error.into()),
    }
}
