//! Keys that decrypt.

use super::jwk::{self, For, Side};
use super::shared::{Password, Shared};
use super::{Curve, EncryptionKey};
use crate::crypto::{AgreementKey, Group, OaepPrivate};
use crate::jwe::algorithm::Mechanism;
use crate::jwe::{ContentEncryption, KeyAlgorithm};
use crate::keys::Kid;
use crate::keys::encryption::{self, Private};
use crate::{Jwk, KeyError};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A key that decrypts, for one [`KeyAlgorithm`]: a private key, or a secret that both sides hold. Cloning is
/// cheap; the octets are wiped when the last clone goes.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, KeyAlgorithm};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?;
/// let published = key.encryption_key()?.to_public_jwk().expect("not a secret");
/// assert!(published.to_public_json().contains("\"use\":\"enc\""));
/// assert_eq!(Some(published.kid()), key.kid());
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct DecryptionKey {
    inner: Arc<Inner>,
    kid: Option<Kid>,
}

struct Inner {
    algorithm: KeyAlgorithm,
    decrypting: Decrypting,
}

pub(in crate::jwe) enum Decrypting {
    Shared(Arc<Shared>),
    Rsa { private: Private, key: OaepPrivate },
    Agree { private: Private, key: AgreementKey },
    Password(Password),
}

impl DecryptionKey {
    /// The most iterations of PBKDF2 that a password key accepts unless told otherwise.
    pub const MAX_ITERATIONS: u32 = 10_000;

    /// A new key: a secret, an RSA key of 2048 bits, or a key on P-256.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] for `dir` (see [`generate_direct`](Self::generate_direct)) and
    /// `PBES2`, [`KeyError::OperationFailed`].
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        match algorithm.mechanism() {
            Mechanism::Oaep(_) => {
                Self::from_private(algorithm, Private::generate(crate::algorithm::KeyKind::Rsa)?)
            }
            Mechanism::Agree | Mechanism::AgreeWrap(_) => Self::generate_on(algorithm, Curve::P256),
            _ => Shared::generate(algorithm).map(Self::from_shared),
        }
    }

    /// A new secret for `dir` with one content encryption.
    ///
    /// # Errors
    /// [`KeyError::OperationFailed`].
    pub fn generate_direct(encryption: ContentEncryption) -> Result<Self, KeyError> {
        Shared::generate_direct(encryption).map(Self::from_shared)
    }

    /// A new key for one of the `ECDH-ES` algorithms on a curve of choice.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] for other algorithms, [`KeyError::OperationFailed`].
    pub fn generate_on(algorithm: KeyAlgorithm, curve: Curve) -> Result<Self, KeyError> {
        Self::from_private(algorithm, Private::generate(curve.kind())?)
    }

    /// The secret `octets` for one of `A128KW` to `A256KW` and `A128GCMKW` to `A256GCMKW`: 16, 24 or 32
    /// octets, exactly as many as the name says.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] if the algorithm takes no such secret, [`KeyError::SecretLength`].
    pub fn secret(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<Self, KeyError> {
        Shared::new(algorithm, octets).map(Self::from_shared)
    }

    /// The secret `octets` for `dir` with one content encryption, exactly
    /// [`key_bytes`](ContentEncryption::key_bytes) long.
    ///
    /// # Errors
    /// [`KeyError::SecretLength`].
    pub fn direct(encryption: ContentEncryption, octets: &[u8]) -> Result<Self, KeyError> {
        Shared::direct(encryption, octets).map(Self::from_shared)
    }

    /// A password for one of the `PBES2` algorithms. Making such a key is what turns `PBES2` on; no JWK does.
    ///
    /// The sender chooses how many iterations of PBKDF2 the recipient pays for, so messages that ask for
    /// more than [`MAX_ITERATIONS`](Self::MAX_ITERATIONS) are refused unless
    /// [`password_up_to`](Self::password_up_to) says otherwise, and as too weak those with fewer than 1000
    /// iterations or less than 8 octets of salt.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`], [`KeyError::SecretIsKeyText`] for the text of a key file,
    /// [`KeyError::PasswordTooShort`] if it is empty.
    pub fn password(algorithm: KeyAlgorithm, password: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::password_up_to(algorithm, password, Self::MAX_ITERATIONS)
    }

    /// A password for messages of up to `max_iterations` of PBKDF2: each million costs some tenths of a
    /// second, spent by whoever sends a message.
    ///
    /// # Errors
    /// As [`password`](Self::password), and [`KeyError::Malformed`] below 1000.
    pub fn password_up_to(
        algorithm: KeyAlgorithm,
        password: impl AsRef<[u8]>,
        max_iterations: u32,
    ) -> Result<Self, KeyError> {
        let password = Password::new(algorithm, password.as_ref(), max_iterations)?;
        Ok(Self::new(algorithm, Decrypting::Password(password), None))
    }

    /// Reads a private key in PEM: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (SEC 1) or `RSA PRIVATE KEY`
    /// (PKCS#1).
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Encrypted`], [`KeyError::NotPrivate`] for a public key,
    /// [`KeyError::Unsupported`] for other PEM, then as [`from_der`](Self::from_der).
    pub fn from_pem(algorithm: KeyAlgorithm, text: &str) -> Result<Self, KeyError> {
        Self::from_private(algorithm, Private::from_pem(text)?)
    }

    /// Reads an encrypted private key in PEM: `ENCRYPTED PRIVATE KEY` (PKCS#8), as
    /// [`PrivateKey::from_encrypted_der`](crate::PrivateKey::from_encrypted_der).
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::NotEncrypted`], [`KeyError::NotPrivate`],
    /// [`KeyError::EncryptionUnsupported`], [`KeyError::CostRefused`], [`KeyError::PassphraseWrong`], then as
    /// [`from_der`](Self::from_der).
    pub fn from_encrypted_pem(
        algorithm: KeyAlgorithm,
        text: &str,
        passphrase: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        Self::from_private(algorithm, Private::from_encrypted_pem(text, passphrase.as_ref())?)
    }

    /// Reads a private key in DER: PKCS#8, SEC 1 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError::Encrypted`], [`KeyError::Malformed`], [`KeyError::Unsupported`],
    /// [`KeyError::EncryptionMismatch`], [`KeyError::SizeRefused`], [`KeyError::Inconsistent`].
    pub fn from_der(algorithm: KeyAlgorithm, octets: &[u8]) -> Result<Self, KeyError> {
        Self::from_private(algorithm, Private::from_der(octets)?)
    }

    /// Reads a private JWK or one of type `oct`; its `alg` says the algorithm. For `dir` that is the name of
    /// the content encryption, or `dir` where the length leaves no choice.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnknown`] or [`KeyError::AlgorithmAmbiguous`] if `alg` is of no use or absent,
    /// then as [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_for(jwk::determined(jwk)?, jwk)
    }

    /// Reads a private JWK or one of type `oct` for `algorithm`; private and public halves must match.
    ///
    /// # Errors
    /// [`KeyError::EncryptionMismatch`] if the JWK's `alg` or type says otherwise,
    /// [`KeyError::UseForbidden`] if `use` or `key_ops` does, [`KeyError::NotPrivate`] for a public key,
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
        jwk::check_use(jwk, wanted, Side::Decrypt)?;
        let mut key = match wanted {
            For::Encrypting(content) => Self::direct(content, jwk::secret(content.as_str(), jwk)?)?,
            For::Managing(algorithm) => match algorithm.mechanism() {
                Mechanism::Wrap(_) | Mechanism::Gcm(_) => {
                    Self::secret(algorithm, jwk::secret(algorithm.as_str(), jwk)?)?
                }
                Mechanism::Password(_) => return Err(super::no_password_jwk()),
                _ => Self::from_private(algorithm, Private::from_jwk(jwk)?)?,
            },
        };
        if let Some(kid) = jwk.chosen_kid()? {
            key.kid = Some(kid);
        }
        Ok(key)
    }

    fn from_private(algorithm: KeyAlgorithm, private: Private) -> Result<Self, KeyError> {
        super::expect_kind(algorithm, &private.material)?;
        let kid = Kid::derived(&private.material.thumbprint_text());
        let agreement = private.material.agreement();
        let decrypting = if let (Some((group, _)), Some(scalar)) = (agreement, private.scalar()) {
            let key = AgreementKey::from_octets(group, scalar)?;
            Decrypting::Agree { private, key }
        } else {
            let key = OaepPrivate::from_pkcs8(&private.pkcs8)?;
            Decrypting::Rsa { private, key }
        };
        Ok(Self::new(algorithm, decrypting, Some(kid)))
    }

    fn from_shared(shared: Shared) -> Self {
        Self::new(shared.algorithm, Decrypting::Shared(Arc::new(shared)), None)
    }

    fn new(algorithm: KeyAlgorithm, decrypting: Decrypting, kid: Option<Kid>) -> Self {
        Self { inner: Arc::new(Inner { algorithm, decrypting }), kid }
    }

    /// The key for the other side, under the same id: the public half, or the same secret. A password
    /// encrypts with as many iterations as it accepts.
    ///
    /// # Errors
    /// [`KeyError::DecryptOnly`] for RSA-OAEP with SHA-1, [`KeyError::PasswordTooShort`].
    pub fn encryption_key(&self) -> Result<EncryptionKey, KeyError> {
        let key = match &self.inner.decrypting {
            Decrypting::Shared(shared) => EncryptionKey::from_shared(Arc::clone(shared)),
            Decrypting::Rsa { private, .. } | Decrypting::Agree { private, .. } => {
                EncryptionKey::from_material(self.algorithm(), private.material.clone())?
            }
            Decrypting::Password(password) => {
                EncryptionKey::password(self.algorithm(), &*password.octets, password.iterations)?
            }
        };
        Ok(key.with_kid_entry(self.kid.clone()))
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
        let other_curve =
            matches!(&self.inner.decrypting, Decrypting::Agree { key, .. } if key.group() == Group::X25519);
        self.algorithm().is_fips_approved() && !other_curve
    }

    /// What the key decrypts, if it is a `dir` key.
    #[must_use]
    pub fn content_encryption(&self) -> Option<ContentEncryption> {
        match &self.inner.decrypting {
            Decrypting::Shared(shared) => shared.direct,
            _ => None,
        }
    }

    /// The key id: the one chosen or found in a JWK, else the RFC 7638 thumbprint of the public half. None
    /// is derived from a secret.
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

    /// The key as a private JWK or one of type `oct`, with `alg`, `use` = `enc` and `kid`. Wiped when
    /// dropped. `None` for a password.
    #[must_use]
    pub fn to_jwk_json(&self) -> Option<Zeroizing<String>> {
        match &self.inner.decrypting {
            Decrypting::Shared(shared) => {
                Some(encryption::secret_jwk(&shared.octets, shared.alg(), self.kid()))
            }
            Decrypting::Rsa { private, .. } | Decrypting::Agree { private, .. } => {
                Some(private.to_jwk_json(self.algorithm().as_str(), self.kid()?))
            }
            Decrypting::Password(_) => None,
        }
    }

    /// The private key as PKCS#8 version 1 in PEM, not encrypted. Wiped when dropped. `None` for secrets.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> Option<Zeroizing<String>> {
        match &self.inner.decrypting {
            Decrypting::Rsa { private, .. } | Decrypting::Agree { private, .. } => Some(private.to_pem()),
            _ => None,
        }
    }

    /// The private key as encrypted PKCS#8 in PEM, as
    /// [`PrivateKey::to_encrypted_pkcs8_pem`](crate::PrivateKey::to_encrypted_pkcs8_pem). `None` for secrets.
    ///
    /// # Errors
    /// [`KeyError::PassphraseEmpty`], [`KeyError::OperationFailed`].
    pub fn to_encrypted_pkcs8_pem(&self, passphrase: impl AsRef<[u8]>) -> Result<Option<String>, KeyError> {
        match &self.inner.decrypting {
            Decrypting::Rsa { private, .. } | Decrypting::Agree { private, .. } => {
                private.to_encrypted_pem(passphrase.as_ref()).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub(in crate::jwe) fn decrypting(&self) -> &Decrypting {
        &self.inner.decrypting
    }

    pub(in crate::jwe) fn kid_entry(&self) -> Option<&Kid> {
        self.kid.as_ref()
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("DecryptionKey");
        debug.field("algorithm", &self.algorithm()).field("kid", &self.kid()).finish_non_exhaustive()
    }
}
