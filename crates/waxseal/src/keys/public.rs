//! Public keys.

use super::certificate::read_certificate;
use super::jwk::{Parts, Purpose};
use super::kid::Kid;
use super::material::Material;
use super::{Jwk, KeyError, PublicJwk, der, pem};
use crate::{Algorithm, crypto};
use std::fmt;
use std::sync::Arc;

/// A public key for one algorithm. Cloning is cheap.
///
/// Its `kid` is the one chosen or found in its JWK, else the RFC 7638 thumbprint.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Code, Jwk, PrivateKey, PublicKey};
///
/// let published = PrivateKey::generate(Algorithm::Es256)?.public_key();
/// let pem = published.to_spki_pem();
/// // The caller says the algorithm; a key of another kind is refused.
/// assert_eq!(PublicKey::from_pem(Algorithm::Es256, &pem)?.thumbprint(), published.thumbprint());
/// assert_eq!(PublicKey::from_pem(Algorithm::Rs256, &pem).unwrap_err().code(), Code::KeyAlgorithmMismatch);
///
/// let jwk = Jwk::parse(published.to_jwk().to_public_json())?;
/// assert_eq!(PublicKey::from_jwk(&jwk)?.kid(), published.kid());
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct PublicKey {
    inner: Arc<Inner>,
    kid: Kid,
    /// Whether `alg` is written with the name of RFC 9864, where that is another.
    fully_specified: bool,
}

struct Inner {
    algorithm: Algorithm,
    material: Material,
    key: crypto::PublicKey,
    thumbprint: String,
}

const NO_CERTIFICATE: KeyError = KeyError::malformed("not an X.509 certificate");

impl PublicKey {
    /// Reads the first block of PEM text: `PUBLIC KEY` (`SubjectPublicKeyInfo`), `RSA PUBLIC KEY` (PKCS#1) or
    /// `CERTIFICATE` (as [`from_certificate_der`](Self::from_certificate_der)).
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::NotPublic`] for a private key, [`KeyError::Unsupported`] for
    /// other PEM, then as [`from_der`](Self::from_der).
    pub fn from_pem(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let block = pem::read(text, &[])?;
        match block.label {
            "PUBLIC KEY" => Self::from_spki(algorithm, &block.der),
            "RSA PUBLIC KEY" => Self::from_material(algorithm, Material::from_pkcs1(&block.der)?, None),
            "CERTIFICATE" => Self::from_certificate_der(algorithm, &block.der),
            label => Err(pem::unexpected(label)),
        }
    }

    /// Reads DER: `SubjectPublicKeyInfo`, a PKCS#1 RSA public key, or a certificate (as
    /// [`from_certificate_der`](Self::from_certificate_der)).
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Unsupported`], [`KeyError::AlgorithmMismatch`],
    /// [`KeyError::SizeRefused`], [`KeyError::Factorable`], [`KeyError::Inconsistent`] for a point that is not on its curve.
    pub fn from_der(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        if let Ok(material) = Material::from_pkcs1(octets) {
            return Self::from_material(algorithm, material, None);
        }
        Self::from_spki(algorithm, read_certificate(octets).unwrap_or(octets))
    }

    /// Takes the public key out of an X.509 certificate in PEM; of several certificates, the first, which in
    /// a chain is the one at its end.
    ///
    /// # Errors
    /// As [`from_certificate_der`](Self::from_certificate_der); [`KeyError::Malformed`] if the first PEM block
    /// is no certificate.
    pub fn from_certificate_pem(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let block = pem::read(text, &[])?;
        if block.label != "CERTIFICATE" {
            return Err(NO_CERTIFICATE);
        }
        Self::from_certificate_der(algorithm, &block.der)
    }

    /// Takes the public key out of an X.509 certificate in DER (RFC 5280 §4.1).
    ///
    /// Nothing else of the certificate counts: no signature, no dates, no names, no extensions, no chain. A
    /// certificate is here only another box for a key that the caller trusts already.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], then as [`from_der`](Self::from_der).
    pub fn from_certificate_der(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        Self::from_spki(algorithm, read_certificate(octets).ok_or(NO_CERTIFICATE)?)
    }

    /// Reads a public JWK. Its `alg` says the algorithm, or its curve does; RSA keys need `alg`.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnknown`] or [`KeyError::AlgorithmAmbiguous`], then as
    /// [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_as(jwk.algorithm()?, jwk)
    }

    /// Reads a public JWK for `algorithm`.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the JWK's `alg` or type says otherwise,
    /// [`KeyError::UseForbidden`], [`KeyError::NotPublic`] for a private or symmetric key, then as
    /// [`from_der`](Self::from_der).
    pub fn from_jwk_as(algorithm: Algorithm, jwk: &Jwk) -> Result<Self, KeyError> {
        jwk.check(algorithm, Purpose::Verify)?;
        match &jwk.parts {
            Parts::Public(material) => {
                let key = Self::from_material(algorithm, material.clone(), jwk.chosen_kid()?)?;
                Ok(key.named_as(jwk))
            }
            _ => Err(KeyError::NotPublic { found: jwk.describe() }),
        }
    }

    pub(super) fn from_material(
        algorithm: Algorithm,
        material: Material,
        kid: Option<Kid>,
    ) -> Result<Self, KeyError> {
        let key = material.prepare(algorithm)?;
        let thumbprint = material.thumbprint();
        let kid = kid.unwrap_or_else(|| Kid::derived(&thumbprint));
        Ok(Self {
            inner: Arc::new(Inner { algorithm, material, key, thumbprint }),
            kid,
            fully_specified: false,
        })
    }

    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.inner.algorithm
    }

    /// The name that `alg` of its tokens and its JWK has: [`Algorithm::as_str`], or `Ed25519` after
    /// [`with_fully_specified_alg`](Self::with_fully_specified_alg).
    #[must_use]
    pub fn alg(&self) -> &'static str {
        let algorithm = self.algorithm();
        algorithm.fully_specified().filter(|_| self.fully_specified).unwrap_or(algorithm.as_str())
    }

    /// The same key with `Ed25519` for its algorithm's name instead of `EdDSA` (RFC 9864 §2.2); other keys
    /// stay as they are. A JWK whose `alg` is `Ed25519` keeps that name by itself. Both names are read
    /// either way.
    #[must_use]
    pub fn with_fully_specified_alg(mut self) -> Self {
        self.fully_specified = true;
        self
    }

    /// The key id; always present for a public key.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        Some(&self.kid.text)
    }

    /// The same key under the id `kid`: 1 to 256 bytes, no control characters.
    ///
    /// # Errors
    /// [`KeyError::IdInvalid`].
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, KeyError> {
        self.kid = Kid::chosen(&kid.into())?;
        Ok(self)
    }

    /// The RFC 7638 thumbprint: SHA-256 in base64url, 43 characters.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.inner.thumbprint.clone()
    }

    /// The key as `SubjectPublicKeyInfo` in PEM.
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.to_spki_der()).to_string()
    }

    /// The key as `SubjectPublicKeyInfo` in DER, points uncompressed.
    #[must_use]
    pub fn to_spki_der(&self) -> Vec<u8> {
        der::write_spki(&self.inner.material)
    }

    /// The key as a JWK with `kty`, its numbers, `alg`, `use` = `sig` and `kid`.
    #[must_use]
    pub fn to_jwk(&self) -> PublicJwk {
        PublicJwk::new(&self.inner.material, self.alg(), &self.kid.text)
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), crypto::Failed> {
        self.inner.key.verify(message, signature)
    }

    pub(super) fn kid_entry(&self) -> &Kid {
        &self.kid
    }

    pub(super) fn material(&self) -> &Material {
        &self.inner.material
    }

    pub(super) fn with_kid_entry(mut self, kid: Kid) -> Self {
        self.kid = kid;
        self
    }

    /// Takes the name that the JWK has for the algorithm, which was found to be this key's.
    pub(super) fn named_as(mut self, jwk: &Jwk) -> Self {
        self.fully_specified = jwk.alg().is_some_and(|alg| self.algorithm().fully_specified() == Some(alg));
        self
    }

    /// Reads `SubjectPublicKeyInfo`.
    pub(super) fn from_spki(algorithm: Algorithm, spki: &[u8]) -> Result<Self, KeyError> {
        Self::from_material(algorithm, Material::from_spki(algorithm, spki)?, None)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid.text)
            .field("thumbprint", &self.inner.thumbprint)
            .finish_non_exhaustive()
    }
}
