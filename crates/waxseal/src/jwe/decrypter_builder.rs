//! Building decrypters.

use super::decrypter::Config;
use super::ring::Ring;
use super::{BuildError, ContentEncryption, Decrypter, DecryptionKey};
use crate::{KeyError, Limits};
use std::sync::Arc;

/// Collects the keys of a [`Decrypter`] and what it allows.
///
/// # Examples
/// ```
/// use waxseal::Code;
/// use waxseal::jwe::{ContentEncryption, DecryptionKey, Decrypter, KeyAlgorithm};
///
/// let keys = [DecryptionKey::generate(KeyAlgorithm::EcdhEs)?, DecryptionKey::generate(KeyAlgorithm::A256Kw)?];
/// let builder = Decrypter::builder().keys(keys).protected_algorithms_only();
/// assert!(builder.clone().content_encryptions([ContentEncryption::A256Gcm]).build().is_ok());
/// assert_eq!(builder.content_encryptions([]).build().unwrap_err().code(), Code::JweOptionInvalid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct DecrypterBuilder {
    keys: Vec<DecryptionKey>,
    encryptions: Option<Vec<ContentEncryption>>,
    limits: Limits,
    zip: bool,
    protected_only: bool,
    approved_only: bool,
}

impl DecrypterBuilder {
    /// Adds a key. Several may share a `kid`, or have none; then each that fits is tried.
    pub fn key(mut self, key: DecryptionKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Adds keys.
    pub fn keys(mut self, keys: impl IntoIterator<Item = DecryptionKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// The only content encryptions to accept; all of [`ContentEncryption::ALL`] unless set.
    pub fn content_encryptions(mut self, allowed: impl IntoIterator<Item = ContentEncryption>) -> Self {
        self.encryptions = Some(allowed.into_iter().collect());
        self
    }

    /// Replaces the default [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Accepts compressed content (`zip`: `DEF`) that grows to at most 250,000 octets and at most to 50
    /// times its length. Only where a sender insists: a small message then costs up to that much memory.
    #[cfg(feature = "zip")]
    pub fn allow_compression(mut self) -> Self {
        self.zip = true;
        self
    }

    /// In JSON serializations, accepts `alg` and `enc` in the protected header only.
    ///
    /// RFC 7516 allows them elsewhere and the examples of RFC 7520 §5.11 to §5.13 do so; without this option
    /// `alg` may stand in any header, `enc` in the protected or the shared one. Nothing is ever decided by
    /// them: they are compared with the key's algorithm and with the allowed encryptions.
    pub fn protected_algorithms_only(mut self) -> Self {
        self.protected_only = true;
        self
    }

    /// Refuses keys that the standards of NIST do not approve: what
    /// [`AlgorithmPolicy::fips`](crate::AlgorithmPolicy::fips) is for signatures.
    pub fn fips_approved_only(mut self) -> Self {
        self.approved_only = true;
        self
    }

    /// Builds the decrypter.
    ///
    /// # Errors
    /// [`BuildError::KeyMissing`], [`BuildError::Key`] for a key that is not approved if only such are to be
    /// used, [`BuildError::InvalidOption`] for more than
    /// [`MAX_KEYS`](Decrypter::MAX_KEYS) keys or if no content encryption is allowed.
    pub fn build(self) -> Result<Decrypter, BuildError> {
        if self.keys.is_empty() {
            return Err(BuildError::KeyMissing);
        }
        if let Some(key) = self.keys.iter().find(|key| self.approved_only && !key.is_fips_approved()) {
            return Err(KeyError::EncryptionForbidden { algorithm: key.algorithm().as_str() }.into());
        }
        if self.keys.len() > Decrypter::MAX_KEYS {
            return Err(BuildError::InvalidOption { option: "keys", what: "more than 100 are too many" });
        }
        let encryptions = self.encryptions.unwrap_or_else(|| ContentEncryption::ALL.to_vec());
        if encryptions.is_empty() {
            return Err(BuildError::InvalidOption { option: "content_encryptions", what: "none is allowed" });
        }
        let config = Config {
            ring: Ring(self.keys),
            encryptions,
            limits: self.limits,
            zip: self.zip,
            protected_only: self.protected_only,
        };
        Ok(Decrypter { config: Arc::new(config) })
    }
}
