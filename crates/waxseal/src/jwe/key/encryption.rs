//! Keys that encrypt.

use super::jwk::{self, For, Side};
use super::shared::{Password, Shared};
use crate::crypto::{self, Group, OaepPublic};
use crate::jwe::algorithm::Mechanism;
use crate::jwe::{ContentEncryption, KeyAlgorithm};
use crate::keys::{Kid, Material, encryption};
use crate::{Jwk, KeyError, PublicJwk};
use std::fmt;
use std::sync::Arc;

/// A key that encrypts, for one [`KeyAlgorithm`]: a recipient's public key, or a secret that both sides hold.
/// Cloning is cheap.
///
/// # Examples
/// ```
/// use waxseal::Jwk;
/// use waxseal::jwe::{EncryptionKey, KeyAlgorithm};
///
/// let jwk = Jwk::parse(r#"{"kty":"OKP","crv":"X25519","use":"enc","alg":"ECDH-ES+A128KW",
///     "x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#)?;
/// assert_eq!(EncryptionKey::from_jwk(&jwk)?.algorithm(), KeyAlgorithm::EcdhEsA128Kw);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey {
    inner: Arc<Inner>,
    kid: Option<Kid>,
}

struct Inner {
    algorithm: KeyAlgorithm,
    encrypting: Encrypting,
}

pub(in crate::jwe) enum Encrypting {
    Shared(Arc<Shared>),
    Rsa { material: Material, key: OaepPublic },
    Agree { material: Material, group: Group, point: Vec<u8> },
    Password(Password),
}

impl EncryptionKey {
    /// The secret `octets` for one of `A128KW` to `A256KW` and `A128GCMKW` to `A256GCMKW`: 16, 24 or 32
    /// octets, exactly as many as the name says.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] if the algorithm takes no such secret, [`KeyError::SecretLength`].
    pub fn secret(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<Self, KeyError> {
        Shared::new(algorithm, octets).map(|shared| Self::from_shared(Arc::new(shared)))
    }

    /// The secret `octets` for `dir` with one content encryption, exactly
    /// [`key_bytes`](ContentEncryption::key_bytes) long. With AES-GCM, at most 2^32 messages per key: their
    /// random IVs must never repeat.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`].
    pub fn direct(encryption: ContentEncryption, octets: &[u8]) -> Result<Self, KeyError> {
        Shared::direct(encryption, octets).map(|shared| Self::from_shared(Arc::new(shared)))
    }

    /// A password for one of the `PBES2` algorithms, stretched with `iterations` of PBKDF2, at least 1000.
    ///
    /// Passwords are guessed offline from any one message, so prefer a generated secret. Many decrypters,
    /// this one included unless told otherwise, refuse more than 10,000 iterations.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`], [`KeyError::SecretIsKeyText`] for the text of a key file,
    /// [`KeyError::Malformed`] for fewer than 1000 iterations, [`KeyError::PasswordTooShort`] below the 16,
    /// 24 or 32 octets of the derived key (RFC 7518 §8.8).
    pub fn password(
        algorithm: KeyAlgorithm,
        password: impl AsRef<[u8]>,
        iterations: u32,
    ) -> Result<Self, KeyError> {
        let password = Password::new(algorithm, password.as_ref(), iterations)?;
        password.check_strength()?;
        Ok(Self::new(algorithm, Encrypting::Password(password), None))
    }

    /// Reads a recipient's public key in PEM: `PUBLIC KEY` (`SubjectPublicKeyInfo`), `RSA PUBLIC KEY`
    /// (PKCS#1) or `CERTIFICATE`, of which nothing but the key counts.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::NotPublic`] for a private key, [`KeyError::Unsupported`] for
    /// other PEM, then as [`from_der`](Self::from_der).
    pub fn from_pem(algorithm: KeyAlgorithm, text: &str) -> Result<Self, KeyError> {
        Self::from_material(algorithm, encryption::public_from_pem(text)?)
    }

    /// Reads a recipient's public key in DER: `SubjectPublicKeyInfo`, a PKCS#1 RSA public key, or a
    /// certificate.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Unsupported`], [`KeyError::DecryptOnly`],
    /// [`KeyError::EncryptionMismatch`], [`KeyError::SizeRefused`], [`KeyError::Inconsistent`] for a point
    /// that is not on its curve or of low order.
    pub fn from_der(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<Self, KeyError> {
        Self::from_material(algorithm, encryption::public_from_der(octets)?)
    }

    /// Reads a public JWK or one of type `oct`; its `alg` says the algorithm. For `dir` that is the name of
    /// the content encryption, or `dir` where the length leaves no choice.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnknown`] or [`KeyError::AlgorithmAmbiguous`] if `alg` is of no use or absent,
    /// then as [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_for(jwk::determined(jwk)?, jwk)
    }

    /// Reads a public JWK or one of type `oct` for `algorithm`.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] if the JWK's `alg` or type says otherwise,
    /// [`KeyError::UseForbidden`] if `use` or `key_ops` does, [`KeyError::NotPublic`] for a private key,
    /// [`KeyError::Unsupported`] for `PBES2`, then as [`from_der`](Self::from_der) or
    /// [`secret`](Self::secret).
    pub fn from_jwk_as(algorithm: KeyAlgorithm, jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_for(jwk::determined_as(algorithm, jwk)?, jwk)
    }

    /// Reads a JWK of type `oct` for `dir` with one content encryption.
    ///
    /// # Errors
    /// As [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk_direct(encryption: ContentEncryption, jwk: &Jwk) -> Result<Self, KeyError> {
        jwk::check_direct(encryption, jwk)?;
        Self::from_jwk_for(For::Encrypting(encryption), jwk)
    }

    fn from_jwk_for(wanted: For, jwk: &Jwk) -> Result<Self, KeyError> {
        jwk::check_use(jwk, wanted, Side::Encrypt)?;
        let mut key = match wanted {
            For::Encrypting(content) => Self::direct(content, jwk::secret(content.as_str(), jwk)?)?,
            For::Managing(algorithm) => match algorithm.mechanism() {
                Mechanism::Wrap(_) | Mechanism::Gcm(_) => {
                    Self::secret(algorithm, jwk::secret(algorithm.as_str(), jwk)?)?
                }
                Mechanism::Password(_) => return Err(super::no_password_jwk()),
                _ => Self::from_material(algorithm, encryption::public_from_jwk(jwk)?.clone())?,
            },
        };
        if let Some(kid) = jwk.chosen_kid()? {
            key.kid = Some(kid);
        }
        Ok(key)
    }

    pub(super) fn from_material(algorithm: KeyAlgorithm, material: Material) -> Result<Self, KeyError> {
        if algorithm == KeyAlgorithm::RsaOaep {
            let instead = KeyAlgorithm::RsaOaep256.as_str();
            return Err(KeyError::DecryptOnly { algorithm: algorithm.as_str(), instead });
        }
        super::expect_kind(algorithm, &material)?;
        let kid = Kid::derived(&material.thumbprint_text());
        let encrypting = if let Some((group, point)) = material.agreement() {
            crypto::check_peer(group, &point)?;
            Encrypting::Agree { material, group, point }
        } else {
            material.check_rsa_size()?;
            let key = OaepPublic::from_spki(&material.to_spki())?;
            Encrypting::Rsa { material, key }
        };
        Ok(Self::new(algorithm, encrypting, Some(kid)))
    }

    pub(super) fn from_shared(shared: Arc<Shared>) -> Self {
        Self::new(shared.algorithm, Encrypting::Shared(shared), None)
    }

    fn new(algorithm: KeyAlgorithm, encrypting: Encrypting, kid: Option<Kid>) -> Self {
        Self { inner: Arc::new(Inner { algorithm, encrypting }), kid }
    }

    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.inner.algorithm
    }

    /// Whether the standards of NIST approve this key's algorithm and curve; see
    /// [`KeyAlgorithm::is_fips_approved`].
    #[must_use]
    pub fn is_fips_approved(&self) -> bool {
        let other_curve = matches!(self.inner.encrypting, Encrypting::Agree { group: Group::X25519, .. });
        self.algorithm().is_fips_approved() && !other_curve
    }

    /// What the key encrypts with, if it is a `dir` key.
    #[must_use]
    pub fn content_encryption(&self) -> Option<ContentEncryption> {
        match &self.inner.encrypting {
            Encrypting::Shared(shared) => shared.direct,
            _ => None,
        }
    }

    /// The key id that goes into the header: the one chosen or found in a JWK, else the RFC 7638 thumbprint
    /// of a public key. None is derived from a secret.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_ref().map(|kid| &*kid.text)
    }

    /// The same key under the id `kid`: 1 to 256 bytes, no control characters.
    ///
    /// # Errors
    /// [`KeyError::IdInvalid`].
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, KeyError> {
        self.kid = Some(Kid::chosen(&kid.into())?);
        Ok(self)
    }

    /// The public key as a JWK with its numbers, `alg`, `use` = `enc` and `kid`; `None` for a secret.
    #[must_use]
    pub fn to_public_jwk(&self) -> Option<PublicJwk> {
        Some(encryption::public_jwk(self.public()?, self.algorithm().as_str(), self.kid()?))
    }

    /// The public key as `SubjectPublicKeyInfo` in PEM; `None` for a secret.
    #[must_use]
    pub fn to_spki_pem(&self) -> Option<String> {
        self.public().map(Material::to_spki_pem)
    }

    fn public(&self) -> Option<&Material> {
        match &self.inner.encrypting {
            Encrypting::Rsa { material, .. } | Encrypting::Agree { material, .. } => Some(material),
            _ => None,
        }
    }

    pub(in crate::jwe) fn encrypting(&self) -> &Encrypting {
        &self.inner.encrypting
    }

    pub(super) fn with_kid_entry(mut self, kid: Option<Kid>) -> Self {
        self.kid = kid;
        self
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EncryptionKey");
        debug.field("algorithm", &self.algorithm()).field("kid", &self.kid()).finish_non_exhaustive()
    }
}
