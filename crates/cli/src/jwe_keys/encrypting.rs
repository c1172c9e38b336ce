//! Keys that encrypt.

use super::decrypting::name_option;
use super::is_password;
use crate::allowed::ambiguous;
use crate::failure::Failure;
use crate::key_form::{self, is_der};
use waxseal::jwe::{ContentEncryption, DecryptionKey, EncryptionKey, KeyAlgorithm};
use waxseal::{Code, Jwk, KeyError, PrivateKey};

/// How keys that encrypt are read.
#[derive(Clone, Copy)]
pub(crate) struct Encrypting {
    /// The algorithm, where the key does not tell it.
    pub(crate) algorithm: Option<KeyAlgorithm>,
    /// What the content is encrypted with, which with `dir` is what the key is for.
    pub(crate) content: Option<ContentEncryption>,
    /// Of PBKDF2, for passwords.
    pub(crate) iterations: u32,
}

impl Encrypting {
    /// Reads PEM, DER or a JWK; of a private key, the public half.
    pub(crate) fn key(self, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<EncryptionKey, Failure> {
        let key = if is_der(bytes) {
            self.der(bytes, passphrase)
        } else {
            let text = key_form::text(bytes)?;
            if text.starts_with('{') { self.jwk(text) } else { self.pem(text, passphrase) }
        };
        key.map_err(name_option)
    }

    /// Whether [`key`](Self::key) found a private key in octets that it could read.
    pub(crate) fn is_private(self, bytes: &[u8]) -> bool {
        let public = |algorithm| EncryptionKey::from_der(algorithm, bytes).is_ok();
        if is_der(bytes) {
            !self.algorithm.is_some_and(public)
        } else {
            key_form::text(bytes).is_ok_and(|text| text.contains("PRIVATE KEY-----"))
        }
    }

    /// A secret of which nothing but its octets is known.
    pub(crate) fn secret(self, octets: &[u8]) -> Result<EncryptionKey, Failure> {
        match self.named().map_err(name_option)? {
            KeyAlgorithm::Dir => Ok(EncryptionKey::direct(self.content()?, octets)?),
            algorithm => Ok(EncryptionKey::secret(algorithm, octets)?),
        }
    }

    /// A password.
    pub(crate) fn password(self, octets: &[u8]) -> Result<EncryptionKey, Failure> {
        let algorithm = self.algorithm.unwrap_or(KeyAlgorithm::Pbes2Hs256A128Kw);
        if !is_password(algorithm) {
            let what = format!("{algorithm} takes no password");
            return Err(Failure::unusable(Code::KeyAlgorithmMismatch.as_str(), what)
                .with_help("use PBES2-HS256+A128KW, PBES2-HS384+A192KW or PBES2-HS512+A256KW"));
        }
        Ok(EncryptionKey::password(algorithm, octets, self.iterations)?)
    }

    fn named(self) -> Result<KeyAlgorithm, Failure> {
        self.algorithm.ok_or_else(ambiguous)
    }

    fn content(self) -> Result<ContentEncryption, Failure> {
        self.content.ok_or_else(|| {
            Failure::unusable(
                Code::KeyAlgorithmAmbiguous.as_str(),
                "a key for dir is for one content encryption",
            )
            .with_help("name it, for example --encryption A256GCM")
        })
    }

    fn jwk(self, json: &str) -> Result<EncryptionKey, Failure> {
        let jwk = Jwk::parse(json)?;
        if jwk.is_private() && jwk.kty() != "oct" {
            let key = match self.algorithm {
                Some(algorithm) => DecryptionKey::from_jwk_as(algorithm, &jwk)?,
                None => DecryptionKey::from_jwk(&jwk)?,
            };
            return Ok(key.encryption_key()?);
        }
        Ok(match (self.algorithm, self.content) {
            (Some(KeyAlgorithm::Dir), Some(content)) => EncryptionKey::from_jwk_direct(content, &jwk)?,
            (Some(algorithm), _) => EncryptionKey::from_jwk_as(algorithm, &jwk)?,
            (None, Some(content)) if jwk.alg() == Some("dir") => {
                EncryptionKey::from_jwk_direct(content, &jwk)?
            }
            (None, _) => EncryptionKey::from_jwk(&jwk)?,
        })
    }

    fn pem(self, text: &str, passphrase: Option<&[u8]>) -> Result<EncryptionKey, Failure> {
        let algorithm = self.named()?;
        if text.contains("PRIVATE KEY-----") {
            let key = match passphrase {
                Some(passphrase) => DecryptionKey::from_encrypted_pem(algorithm, text, passphrase),
                None => DecryptionKey::from_pem(algorithm, text),
            };
            return half(key).map_err(key_form::name_passphrase);
        }
        if text.contains("-----BEGIN CERTIFICATE-----") {
            let key_form::Key::Public(key) = key_form::parse(text.as_bytes(), key_form::Purpose::Any, None)?
            else {
                return Err(Failure::unusable(Code::KeyMalformed.as_str(), "not an X.509 certificate"));
            };
            return Ok(EncryptionKey::from_der(algorithm, &key.to_spki_der())?);
        }
        Ok(EncryptionKey::from_pem(algorithm, text)?)
    }

    fn der(self, octets: &[u8], passphrase: Option<&[u8]>) -> Result<EncryptionKey, Failure> {
        let algorithm = self.named()?;
        if let Some(passphrase) = passphrase {
            return half(DecryptionKey::from_der(algorithm, &PrivateKey::decrypt_der(octets, passphrase)?));
        }
        match EncryptionKey::from_der(algorithm, octets) {
            Err(error) if error.code() == Code::KeyMalformed => {
                half(DecryptionKey::from_der(algorithm, octets)).map_err(key_form::name_passphrase)
            }
            other => Ok(other?),
        }
    }
}

fn half(key: Result<DecryptionKey, KeyError>) -> Result<EncryptionKey, Failure> {
    Ok(key?.encryption_key()?)
}
