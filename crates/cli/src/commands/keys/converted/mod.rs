//! A key on its way from one form to another.

pub(super) mod write;

use crate::failure::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use waxseal::jwe::{DecryptionKey, EncryptionKey};
use waxseal::{Code, PrivateKey, PublicKey, SecretKey};
use zeroize::Zeroizing;

pub(super) enum Converted {
    Secret(SecretKey),
    Private(PrivateKey),
    Public(PublicKey),
    /// A private key or a secret for encryption.
    Decrypting(DecryptionKey),
    Encrypting(EncryptionKey),
}

impl Converted {
    pub(super) fn is_private(&self) -> bool {
        matches!(self, Self::Secret(_) | Self::Private(_) | Self::Decrypting(_))
    }

    fn with_kid(self, kid: &str) -> Result<Self, Failure> {
        Ok(match self {
            Self::Secret(key) => Self::Secret(key.with_kid(kid)?),
            Self::Private(key) => Self::Private(key.with_kid(kid)?),
            Self::Public(key) => Self::Public(key.with_kid(kid)?),
            Self::Decrypting(key) => Self::Decrypting(key.with_kid(kid)?),
            Self::Encrypting(key) => Self::Encrypting(key.with_kid(kid)?),
        })
    }

    /// The public half in PEM.
    fn public_pem(&self) -> Result<String, Failure> {
        match self {
            Self::Secret(_) => Err(no_pem()),
            Self::Private(key) => Ok(key.public_key().to_spki_pem()),
            Self::Public(key) => Ok(key.to_spki_pem()),
            Self::Decrypting(key) => key.encryption_key()?.to_spki_pem().ok_or_else(no_pem),
            Self::Encrypting(key) => key.to_spki_pem().ok_or_else(no_pem),
        }
    }

    /// The private half in PEM; `None` if there is only the public one.
    fn private_pem(&self, passphrase: Option<&[u8]>) -> Result<Option<Zeroizing<String>>, Failure> {
        match (self, passphrase) {
            (Self::Public(_) | Self::Encrypting(_), _) => Ok(None),
            (Self::Secret(_), _) => Err(no_pem()),
            (Self::Private(key), None) => Ok(Some(key.to_pkcs8_pem())),
            (Self::Private(key), Some(passphrase)) => {
                Ok(Some(Zeroizing::new(key.to_encrypted_pkcs8_pem(passphrase)?)))
            }
            (Self::Decrypting(key), None) => key.to_pkcs8_pem().ok_or_else(no_pem).map(Some),
            (Self::Decrypting(key), Some(passphrase)) => {
                let pem = key.to_encrypted_pkcs8_pem(passphrase)?.ok_or_else(no_pem)?;
                Ok(Some(Zeroizing::new(pem)))
            }
        }
    }

    /// The key as a JWK, or its public half.
    fn jwk(&self, public: bool) -> Result<Zeroizing<String>, Failure> {
        match self {
            Self::Secret(_) if public => Err(no_public_half()),
            Self::Secret(key) => Ok(key.to_jwk_json()),
            Self::Private(key) if !public => Ok(key.to_jwk_json()),
            Self::Private(key) => Ok(Zeroizing::new(key.public_key().to_jwk().to_public_json())),
            Self::Public(key) => Ok(Zeroizing::new(key.to_jwk().to_public_json())),
            Self::Decrypting(key) if !public => key.to_jwk_json().ok_or_else(no_public_half),
            Self::Decrypting(key) => public_jwk(&key.encryption_key()?),
            Self::Encrypting(key) => public_jwk(key),
        }
    }
}

fn public_jwk(key: &EncryptionKey) -> Result<Zeroizing<String>, Failure> {
    let jwk = key.to_public_jwk().ok_or_else(no_public_half)?;
    Ok(Zeroizing::new(jwk.to_public_json()))
}

fn no_pem() -> Failure {
    Failure::usage("a shared secret has no PEM or DER form").with_help("use --to jwk")
}

fn no_public_half() -> Failure {
    let what = "a shared secret has no public half and must not be published";
    Failure::unusable(Code::KeyNotPublic.as_str(), what)
}

/// The octets inside PEM that was written here.
fn der(pem: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut body = Zeroizing::new(String::with_capacity(pem.len()));
    for line in pem.lines().filter(|line| !line.starts_with("-----")) {
        body.push_str(line);
    }
    let octets = STANDARD.decode(body.as_bytes());
    octets.map(Zeroizing::new).map_err(|_| Failure::unusable("output_failed", "cannot write the key as DER"))
}
