//! Private keys.

use super::jwk::{Parts, PrivateNumbers, Purpose};
use super::material::{Material, check_rsa, uncompressed};
use super::{Jwk, KeyError, PublicKey, der, encrypted, pem};
use crate::Algorithm;
use crate::algorithm::{KeyKind, MlDsa};
use crate::crypto::{Encoding, KeyPair, RsaParts};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A private key for one algorithm, with its public half. Cloning is cheap.
///
/// Not `Serialize`, and `Debug` shows only the public half: writing a private key out is a call whose
/// name says so.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, PrivateKey};
///
/// let key = PrivateKey::generate(Algorithm::Es256)?;
/// let again = PrivateKey::from_pem(Algorithm::Es256, &key.to_pkcs8_pem())?;
/// assert_eq!(again.kid(), key.kid());
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey {
    pub(super) inner: Arc<Inner>,
    pub(super) public: PublicKey,
}

pub(super) struct Inner {
    pair: KeyPair,
    /// Both taken at import, so that writing the key out cannot fail later.
    pub(super) pkcs8: Zeroizing<Vec<u8>>,
    pub(super) numbers: PrivateNumbers,
}

impl PrivateKey {
    /// A new key; RSA keys have 2048 bits ([`generate_rsa`](Self::generate_rsa) makes larger ones).
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the algorithm takes a secret, [`KeyError::OperationFailed`].
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        Self::from_pair(algorithm, KeyPair::generate(algorithm)?)
    }

    /// A new RSA key of 2048, 3072 or 4096 bits. Takes up to a few seconds.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the algorithm takes another kind of key,
    /// [`KeyError::GeneratedSize`] for any other number of bits, [`KeyError::OperationFailed`].
    ///
    /// # Examples
    /// ```
    /// use waxseal::{Algorithm, Code, PrivateKey};
    ///
    /// assert!(PrivateKey::generate_rsa(Algorithm::Ps256, 3072).is_ok());
    /// let error = PrivateKey::generate_rsa(Algorithm::Rs256, 1024).unwrap_err();
    /// assert_eq!(error.code(), Code::KeySizeRefused);
    /// ```
    pub fn generate_rsa(algorithm: Algorithm, bits: usize) -> Result<Self, KeyError> {
        if algorithm.key_kind() != KeyKind::Rsa {
            return Err(KeyError::AlgorithmMismatch { algorithm, found: KeyKind::Rsa.describe() });
        }
        Self::from_pair(algorithm, KeyPair::generate_rsa(bits)?)
    }

    /// Reads PEM: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (SEC 1) or `RSA PRIVATE KEY` (PKCS#1). Certificates
    /// and curve parameters before the key are skipped.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::EncryptionUnsupported`] for a key encrypted in the traditional
    /// way, [`KeyError::Encrypted`], [`KeyError::NotPrivate`] for a public key, [`KeyError::Unsupported`] for
    /// other PEM, then as [`from_der`](Self::from_der).
    pub fn from_pem(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let block = read_pem(text)?;
        match block.label {
            "PRIVATE KEY" => Self::from_pkcs8_der(algorithm, &block.der),
            "EC PRIVATE KEY" => Self::from_sec1(algorithm, &block.der),
            "RSA PRIVATE KEY" => Self::from_pkcs1(algorithm, &block.der),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            label => Err(pem::unexpected(label)),
        }
    }

    /// Reads PEM of an encrypted private key: `ENCRYPTED PRIVATE KEY`, as
    /// [`from_encrypted_der`](Self::from_encrypted_der).
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::NotEncrypted`] for a private key that is not,
    /// [`KeyError::NotPrivate`], [`KeyError::Unsupported`], then as
    /// [`from_encrypted_der`](Self::from_encrypted_der).
    ///
    /// # Examples
    /// ```
    /// use waxseal::{Algorithm, Code, PrivateKey};
    ///
    /// let key = PrivateKey::generate(Algorithm::EdDsa)?;
    /// let saved = key.to_encrypted_pkcs8_pem("correct horse battery staple")?;
    /// let again = PrivateKey::from_encrypted_pem(Algorithm::EdDsa, &saved, "correct horse battery staple")?;
    /// assert_eq!(again.kid(), key.kid());
    /// let error = PrivateKey::from_encrypted_pem(Algorithm::EdDsa, &saved, "hunter2").unwrap_err();
    /// assert_eq!(error.code(), Code::KeyPassphraseWrong);
    /// # Ok::<(), waxseal::KeyError>(())
    /// ```
    pub fn from_encrypted_pem(
        algorithm: Algorithm,
        text: &str,
        passphrase: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        Self::from_encrypted_der(algorithm, &read_encrypted_pem(text)?.der, passphrase)
    }

    /// Reads an encrypted PKCS#8 key in DER: PBES2 (RFC 8018 §6.2) with PBKDF2, HMAC with SHA-1, SHA-256,
    /// SHA-384 or SHA-512, and AES-128, AES-192 or AES-256 in CBC mode. At most 5,000,000 rounds, which is a
    /// few seconds: a key file must not cost minutes.
    ///
    /// # Errors
    /// [`KeyError::NotEncrypted`], [`KeyError::Malformed`], [`KeyError::EncryptionUnsupported`] for older
    /// schemes and for scrypt, [`KeyError::CostRefused`], [`KeyError::PassphraseWrong`], then as
    /// [`from_pkcs8_der`](Self::from_pkcs8_der).
    pub fn from_encrypted_der(
        algorithm: Algorithm,
        octets: &[u8],
        passphrase: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        Self::from_pkcs8_der(algorithm, &decrypt_pkcs8(octets, passphrase.as_ref())?)
    }

    /// Decrypts PEM of an encrypted private key to the PKCS#8 inside, for a caller who does not know yet which
    /// algorithm the key is for: decrypting costs a fraction of a second, and is then done once.
    ///
    /// # Errors
    /// As [`from_encrypted_pem`](Self::from_encrypted_pem), without those about the key inside.
    ///
    /// # Examples
    /// ```
    /// use waxseal::{Algorithm, PrivateKey};
    ///
    /// let saved = PrivateKey::generate(Algorithm::Es384)?.to_encrypted_pkcs8_pem("correct horse battery staple")?;
    /// let plain = PrivateKey::decrypt_pem(&saved, "correct horse battery staple")?;
    /// assert!(PrivateKey::from_pkcs8_der(Algorithm::EdDsa, &plain).is_err());
    /// assert!(PrivateKey::from_pkcs8_der(Algorithm::Es384, &plain).is_ok());
    /// # Ok::<(), waxseal::KeyError>(())
    /// ```
    pub fn decrypt_pem(text: &str, passphrase: impl AsRef<[u8]>) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        Self::decrypt_der(&read_encrypted_pem(text)?.der, passphrase)
    }

    /// Decrypts an encrypted PKCS#8 key in DER to the PKCS#8 inside; see [`decrypt_pem`](Self::decrypt_pem).
    ///
    /// # Errors
    /// As [`from_encrypted_der`](Self::from_encrypted_der), without those about the key inside.
    pub fn decrypt_der(octets: &[u8], passphrase: impl AsRef<[u8]>) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        decrypt_pkcs8(octets, passphrase.as_ref())
    }

    /// Reads DER: PKCS#8, SEC 1 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError::Encrypted`], [`KeyError::Malformed`], [`KeyError::Unsupported`],
    /// [`KeyError::AlgorithmMismatch`], [`KeyError::SizeRefused`], [`KeyError::Factorable`],
    /// [`KeyError::Inconsistent`].
    pub fn from_der(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        if der::read_pkcs1_private(octets).is_some() {
            return Self::from_pkcs1(algorithm, octets);
        }
        if der::read_sec1(octets).is_some() {
            return Self::from_sec1(algorithm, octets);
        }
        Self::from_pkcs8_der(algorithm, octets)
    }

    /// Reads a PKCS#8 `PrivateKeyInfo` in DER (RFC 5958).
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_pkcs8_der(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        if der::is_encrypted_pkcs8(octets) {
            return Err(KeyError::Encrypted);
        }
        let read = der::read_pkcs8(octets)?;
        expect_kind(algorithm, read.kind)?;
        read.rsa_use.check(algorithm)?;
        let key = match read.kind {
            // The inner key names its own size, which is checked before anything is computed with it.
            KeyKind::Rsa => Self::from_pkcs1(algorithm, read.key)?,
            KeyKind::MlDsa(set) => Self::from_pair(algorithm, ml_dsa_pair(set, read.key)?)?,
            _ => Self::from_pair(algorithm, KeyPair::from_der(algorithm, Encoding::Pkcs8, &read.plain())?)?,
        };
        if read.agrees_with(key.public.material()) { Ok(key) } else { Err(KeyError::Inconsistent) }
    }

    fn from_pkcs1(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        expect_kind(algorithm, KeyKind::Rsa)?;
        let [n, e, ..] =
            der::read_pkcs1_private(octets).ok_or(KeyError::malformed("not an RSA private key"))?;
        check_rsa(n, e)?;
        Self::from_pair(algorithm, KeyPair::from_der(algorithm, Encoding::Pkcs1, octets)?)
    }

    fn from_sec1(algorithm: Algorithm, octets: &[u8]) -> Result<Self, KeyError> {
        let curve =
            der::read_sec1(octets).ok_or(KeyError::malformed("not an EC private key with its curve"))?;
        expect_kind(algorithm, KeyKind::Ec(curve))?;
        Self::from_pair(algorithm, KeyPair::from_der(algorithm, Encoding::Sec1, octets)?)
    }

    /// Reads a private JWK. Its `alg` says the algorithm, or its curve does; RSA keys need `alg`.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmUnknown`] or [`KeyError::AlgorithmAmbiguous`], then as
    /// [`from_jwk_as`](Self::from_jwk_as).
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        Self::from_jwk_as(jwk.algorithm()?, jwk)
    }

    /// Reads a private JWK for `algorithm`; its public and private halves must match.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] if the JWK's `alg` or type says otherwise,
    /// [`KeyError::UseForbidden`], [`KeyError::NotPrivate`], [`KeyError::SizeRefused`],
    /// [`KeyError::Inconsistent`].
    pub fn from_jwk_as(algorithm: Algorithm, jwk: &Jwk) -> Result<Self, KeyError> {
        jwk.check(algorithm, Purpose::Sign)?;
        let Parts::Private(material, numbers) = &jwk.parts else {
            return Err(KeyError::NotPrivate);
        };
        expect_kind(algorithm, material.kind())?;
        let pair = pair_from_parts(material, numbers)?;
        let mut key = Self::from_pair(algorithm, pair)?;
        if key.public.material() != material {
            return Err(KeyError::Inconsistent);
        }
        key.public = key.public.named_as(jwk);
        if let Some(kid) = jwk.chosen_kid()? {
            key.public = key.public.with_kid_entry(kid);
        }
        Ok(key)
    }

    fn from_pair(algorithm: Algorithm, pair: KeyPair) -> Result<Self, KeyError> {
        let public = PublicKey::from_spki(algorithm, &pair.public_spki()?)?;
        let pkcs8 = pair.to_pkcs8()?;
        let numbers = private_numbers(&pair, &pkcs8)
            .ok_or(KeyError::OperationFailed { operation: "write the private key" })?;
        Ok(Self { inner: Arc::new(Inner { pair, pkcs8, numbers }), public })
    }

    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// The name that `alg` of its tokens and its JWK has: [`Algorithm::as_str`], or `Ed25519` after
    /// [`with_fully_specified_alg`](Self::with_fully_specified_alg).
    #[must_use]
    pub fn alg(&self) -> &'static str {
        self.public.alg()
    }

    /// The same key with `Ed25519` for its algorithm's name instead of `EdDSA` (RFC 9864 §2.2), for verifiers
    /// that insist on it; other keys stay as they are.
    ///
    /// # Examples
    /// ```
    /// use waxseal::{Algorithm, PrivateKey};
    ///
    /// let key = PrivateKey::generate(Algorithm::EdDsa)?;
    /// assert_eq!(key.alg(), "EdDSA");
    /// assert_eq!(key.with_fully_specified_alg().alg(), "Ed25519");
    /// # Ok::<(), waxseal::KeyError>(())
    /// ```
    #[must_use]
    pub fn with_fully_specified_alg(mut self) -> Self {
        self.public = self.public.with_fully_specified_alg();
        self
    }

    /// The key id; always present for a key pair.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.public.kid()
    }

    /// The same key under the id `kid`: 1 to 256 bytes, no control characters.
    ///
    /// # Errors
    /// [`KeyError::IdInvalid`].
    pub fn with_kid(mut self, kid: impl Into<String>) -> Result<Self, KeyError> {
        self.public = self.public.with_kid(kid)?;
        Ok(self)
    }

    /// The public half, under the same id.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.public.clone()
    }

    pub(super) fn pair(&self) -> &KeyPair {
        &self.inner.pair
    }

    pub(crate) fn sign_append(&self, out: &mut Vec<u8>) -> Result<(), crate::crypto::Failed> {
        self.inner.pair.sign_append(self.algorithm(), out)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// The `ENCRYPTED PRIVATE KEY` in PEM text.
pub(super) fn read_encrypted_pem(text: &str) -> Result<pem::Block<'_>, KeyError> {
    let block = read_pem(text)?;
    match block.label {
        "ENCRYPTED PRIVATE KEY" => Ok(block),
        "PRIVATE KEY" | "EC PRIVATE KEY" | "RSA PRIVATE KEY" => Err(KeyError::NotEncrypted),
        label => Err(pem::unexpected(label)),
    }
}

/// Decrypts PKCS#8.
pub(super) fn decrypt_pkcs8(octets: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if is_plain(octets) {
        return Err(KeyError::NotEncrypted);
    }
    let plain = encrypted::decrypt(octets, passphrase)?;
    // One wrong passphrase in 256 leaves a padding that looks right; what comes out is then no key.
    if der::read_pkcs8(&plain).is_err_and(|error| matches!(error, KeyError::Malformed { .. })) {
        return Err(KeyError::PassphraseWrong);
    }
    Ok(plain)
}

pub(super) fn read_pem(text: &str) -> Result<pem::Block<'_>, KeyError> {
    // Of a file with certificates alone, the first says what it is.
    let skipped: &[&str] = if text.contains("PRIVATE KEY-----") { &["CERTIFICATE"] } else { &[] };
    pem::read(text, skipped)
}

fn is_plain(octets: &[u8]) -> bool {
    der::read_pkcs8(octets).is_ok()
        || der::read_pkcs1_private(octets).is_some()
        || der::read_sec1(octets).is_some()
}

pub(super) fn private_numbers(pair: &KeyPair, pkcs8: &[u8]) -> Option<PrivateNumbers> {
    if let Some(octets) = pair.private_octets() {
        return Some(PrivateNumbers::Octets(octets));
    }
    let own = |number: &[u8]| Zeroizing::new(number.to_vec());
    let read = der::read_pkcs8(pkcs8).ok()?;
    if let KeyKind::MlDsa(_) = read.kind {
        return Some(PrivateNumbers::Octets(own(der::read_ml_dsa_private(read.key)?.seed?)));
    }
    let [_, _, numbers @ ..] = der::read_pkcs1_private(read.key)?;
    Some(PrivateNumbers::Rsa(Box::new(numbers.map(own))))
}

fn expect_kind(algorithm: Algorithm, kind: KeyKind) -> Result<(), KeyError> {
    if algorithm.key_kind() == kind {
        return Ok(());
    }
    Err(KeyError::AlgorithmMismatch { algorithm, found: kind.describe() })
}

pub(super) fn pair_from_parts(material: &Material, numbers: &PrivateNumbers) -> Result<KeyPair, KeyError> {
    match (material, numbers) {
        (Material::Ec { curve, x, y }, PrivateNumbers::Octets(d)) => {
            KeyPair::from_ec_parts(*curve, d, &uncompressed(x, y))
        }
        (Material::Ed25519 { x }, PrivateNumbers::Octets(d)) => {
            let seed: &[u8; 32] = d.as_slice().try_into().map_err(|_| KeyError::Inconsistent)?;
            KeyPair::from_ed25519_parts(seed, x)
        }
        (Material::MlDsa { set, .. }, PrivateNumbers::Octets(seed)) => KeyPair::from_ml_dsa_seed(*set, seed),
        (Material::Rsa { n, e }, PrivateNumbers::Rsa(numbers)) => {
            let [d, p, q, dp, dq, qi] = &**numbers;
            check_rsa(n, e)?;
            KeyPair::from_rsa_parts(&RsaParts { n, e, d, p, q, dp, dq, qi })
        }
        _ => Err(KeyError::Inconsistent),
    }
}

/// RFC 9881 §6: a key of the seed alone, or of both forms that agree.
fn ml_dsa_pair(set: MlDsa, key: &[u8]) -> Result<KeyPair, KeyError> {
    let malformed = KeyError::malformed("not an ML-DSA private key");
    let private = der::read_ml_dsa_private(key).ok_or(malformed.clone())?;
    let seed = private.seed.ok_or(KeyError::ExpandedOnly)?;
    if seed.len() != MlDsa::SEED_BYTES {
        return Err(malformed);
    }
    let pair = KeyPair::from_ml_dsa_seed(set, seed)?;
    if private.expanded.is_some_and(|expanded| !pair.expands_to(expanded)) {
        return Err(KeyError::Inconsistent);
    }
    Ok(pair)
}
