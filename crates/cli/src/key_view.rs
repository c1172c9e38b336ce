//! What can be said of a key without giving it away, for `keys inspect`.

use crate::args::{KeyUse, key_use};
use crate::failure::Failure;
use crate::jwe_keys::{Encrypting, is_password};
use crate::key_form::{Key, Purpose, is_certificate, is_der, parse, refuse_passphrase, text};
use serde::Serialize;
use waxseal::jwe::{ContentEncryption, DecryptionKey, EncryptionKey, KeyAlgorithm};
use waxseal::{Algorithm, Code, Jwk, KeyError, PrivateKey, PublicKey, SecretKey};

/// A key that was found to be usable, described.
#[derive(Serialize)]
pub(crate) struct KeyView {
    pub(crate) kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crv: Option<&'static str>,
    /// The one algorithm of the key; `None` if it does not tell.
    pub(crate) alg: Option<String>,
    /// In bits: the modulus, the field of the curve, the secret, the public key of ML-DSA.
    pub(crate) size: usize,
    /// RFC 7638; `None` for a secret, which its hash would help to guess.
    pub(crate) thumbprint: Option<String>,
    /// A private key or a secret.
    pub(crate) private: bool,
    /// The key came out of a certificate, of which nothing else was looked at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) from_certificate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub(crate) use_: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_ops: Option<Vec<String>>,
}

impl KeyView {
    /// Describes a JWK after importing it, so that what is refused elsewhere is refused here.
    pub(crate) fn of_jwk(json: &str) -> Result<Self, Failure> {
        let jwk = Jwk::parse(json)?;
        let alg = check(&jwk)?;
        Ok(Self {
            kid: jwk.kid().map(str::to_owned),
            use_: jwk.use_().map(str::to_owned),
            key_ops: jwk.key_ops().map(<[String]>::to_vec),
            ..Self::of_numbers(&jwk, alg, jwk.is_private())
        })
    }

    /// Describes a key in PEM, DER or JWK.
    pub(crate) fn of_octets(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Self, Failure> {
        if !is_der(bytes) && text(bytes)?.starts_with('{') {
            refuse_passphrase(passphrase)?;
            return Self::of_jwk(text(bytes)?);
        }
        let parsed = match parse(bytes, Purpose::Any, passphrase) {
            // A key on X25519 signs nothing.
            Err(failure) if failure.code() == Code::KeyTypeUnsupported.as_str() => {
                return Self::of_agreement_key(bytes, passphrase).ok_or(failure);
            }
            other => other?,
        };
        match parsed {
            Key::Private(key) => Self::of_public_half(&key.public_key(), true),
            Key::Public(key) => {
                let view = Self::of_public_half(&key, false)?;
                Ok(Self { from_certificate: is_certificate(bytes), ..view })
            }
            Key::Secret(_) | Key::Set(_) => {
                Err(Failure::unusable(Code::KeyMalformed.as_str(), "this is neither PEM nor DER"))
            }
        }
    }

    /// Describes a key in PEM or DER that only agrees on keys.
    fn of_agreement_key(bytes: &[u8], passphrase: Option<&[u8]>) -> Option<Self> {
        let how = Encrypting { algorithm: Some(KeyAlgorithm::EcdhEs), content: None, iterations: 0 };
        let key = how.key(bytes, passphrase).ok()?;
        let private = passphrase.is_some() || how.is_private(bytes);
        let jwk = Jwk::parse(key.to_public_jwk()?.to_public_json()).ok()?;
        Some(Self::of_numbers(&jwk, None, private))
    }

    /// Describes a key that has no members beside its numbers.
    fn of_public_half(key: &PublicKey, private: bool) -> Result<Self, Failure> {
        let jwk = Jwk::parse(key.to_jwk().to_public_json())?;
        // The algorithm in it is the one that came first, so it counts only if there is no other.
        let alg = if jwk.kty() == "RSA" { None } else { jwk.alg().map(str::to_owned) };
        Ok(Self::of_numbers(&jwk, alg, private))
    }

    /// Describes a shared secret of which nothing is known but its octets.
    pub(crate) fn of_secret(octets: &[u8]) -> Result<Self, Failure> {
        check_secret(octets.len(), None, |algorithm| SecretKey::new(algorithm, octets))?;
        Ok(Self {
            kty: "oct",
            crv: None,
            alg: None,
            size: octets.len() * 8,
            thumbprint: None,
            private: true,
            from_certificate: false,
            kid: None,
            use_: None,
            key_ops: None,
        })
    }

    fn of_numbers(jwk: &Jwk, alg: Option<String>, private: bool) -> Self {
        Self {
            kty: jwk.kty(),
            crv: jwk.crv(),
            alg,
            size: jwk.bits(),
            thumbprint: jwk.thumbprint(),
            private,
            from_certificate: false,
            kid: None,
            use_: None,
            key_ops: None,
        }
    }
}

/// The algorithm that follows from the type of a key.
fn only_algorithm(jwk: &Jwk) -> Option<String> {
    let of_type = Algorithm::ALL.iter().filter(|algorithm| import(jwk, Some(**algorithm)).is_ok());
    match of_type.copied().collect::<Vec<_>>()[..] {
        [only] => Some(only.as_str().to_owned()),
        _ => None,
    }
}

/// Imports the key and gives its algorithm, if there is only one.
fn check(jwk: &Jwk) -> Result<Option<String>, Failure> {
    let refused = match import(jwk, None) {
        Ok(()) => return Ok(jwk.alg().map(str::to_owned).or_else(|| only_algorithm(jwk))),
        Err(error) => error,
    };
    let ambiguous = refused.code() == Code::KeyAlgorithmAmbiguous;
    match jwk.kty() {
        "oct" if jwk.alg().is_none() => {
            check_secret(jwk.bits() / 8, jwk.use_(), |algorithm| SecretKey::from_jwk_as(algorithm, jwk))?;
            return Ok(None);
        }
        "RSA" if ambiguous => {
            import(jwk, Some(Algorithm::Rs256))?;
            return Ok(None);
        }
        _ => {}
    }
    // It may be a key for encryption. What is wrong with one that is neither is said by the use that it names.
    match import_for_encryption(jwk) {
        Ok(()) => Ok(jwk.alg().map(str::to_owned)),
        Err(error) if is_for_encryption(jwk) => Err(error.into()),
        Err(_) => Err(unknown(refused)),
    }
}

fn is_for_encryption(jwk: &Jwk) -> bool {
    let named =
        jwk.alg().is_some_and(|alg| matches!(key_use(alg), Ok(KeyUse::Management(_) | KeyUse::Content(_))));
    named || jwk.use_() == Some("enc") || jwk.crv() == Some("X25519")
}

/// The library's message knows of signatures only.
fn unknown(error: KeyError) -> Failure {
    match error.code() {
        Code::KeyAlgorithmUnknown => {
            let what = "the JWK's `alg` is no supported algorithm for signatures or encryption";
            Failure::unusable(Code::KeyAlgorithmUnknown.as_str(), what)
        }
        _ => error.into(),
    }
}

/// Imports the key as what its members say, or for `algorithm`.
fn import(jwk: &Jwk, algorithm: Option<Algorithm>) -> Result<(), KeyError> {
    match (jwk.kty(), jwk.is_private(), algorithm) {
        ("oct", _, None) => SecretKey::from_jwk(jwk).map(drop),
        ("oct", _, Some(algorithm)) => SecretKey::from_jwk_as(algorithm, jwk).map(drop),
        (_, true, None) => PrivateKey::from_jwk(jwk).map(drop),
        (_, true, Some(algorithm)) => PrivateKey::from_jwk_as(algorithm, jwk).map(drop),
        (_, false, None) => PublicKey::from_jwk(jwk).map(drop),
        (_, false, Some(algorithm)) => PublicKey::from_jwk_as(algorithm, jwk).map(drop),
    }
}

/// The same for encryption.
fn import_for_encryption(jwk: &Jwk) -> Result<(), KeyError> {
    let whole = |algorithm| match (jwk.is_private(), algorithm) {
        (true, None) => DecryptionKey::from_jwk(jwk).map(drop),
        (true, Some(algorithm)) => DecryptionKey::from_jwk_as(algorithm, jwk).map(drop),
        (false, None) => EncryptionKey::from_jwk(jwk).map(drop),
        (false, Some(algorithm)) => EncryptionKey::from_jwk_as(algorithm, jwk).map(drop),
    };
    match (jwk.alg(), jwk.kty()) {
        // 32 octets are a key for two content encryptions.
        (Some("dir"), "oct") if jwk.bits() == 256 => {
            DecryptionKey::from_jwk_direct(ContentEncryption::A256Gcm, jwk).map(drop)
        }
        (Some(alg), "oct") if alg.parse().is_ok_and(is_password) && jwk.bits() > 0 => Ok(()),
        // Nobody encrypts with SHA-1 here, and such a key may be looked at all the same.
        (Some("RSA-OAEP"), "RSA") if !jwk.is_private() => match whole(None) {
            Err(error) if error.code() == Code::KeyDecryptOnly && (2048..=8192).contains(&jwk.bits()) => {
                Ok(())
            }
            other => other,
        },
        (Some(_), _) => whole(None),
        (None, "RSA") => whole(Some(KeyAlgorithm::RsaOaep256)),
        (None, _) => whole(Some(KeyAlgorithm::EcdhEs)),
    }
}

/// A secret without algorithm must be of use for one: long enough for HMAC, or of a length that AES takes.
fn check_secret(
    octets: usize,
    use_: Option<&str>,
    read: impl Fn(Algorithm) -> Result<SecretKey, KeyError>,
) -> Result<(), Failure> {
    let for_aes = match use_ {
        Some("sig") => false,
        Some("enc") => matches!(octets, 16 | 24 | 32 | 48 | 64),
        _ => matches!(octets, 16 | 24),
    };
    if !for_aes {
        read(Algorithm::Hs256)?;
    }
    Ok(())
}
