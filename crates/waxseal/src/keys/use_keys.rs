//! What a signer and a verifier take: any key that can do the job.

use super::kid::Kid;
use super::{KeyError, PrivateKey, PublicKey, SecretKey};
use crate::{Algorithm, crypto};
use std::fmt;
use zeroize::Zeroizing;

/// A key that signs: a [`SecretKey`] or a [`PrivateKey`].
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, PrivateKey, SecretKey, SigningKey};
///
/// let keys: [SigningKey; 2] =
///     [SecretKey::generate(Algorithm::Hs256)?.into(), PrivateKey::generate(Algorithm::Es256)?.into()];
/// assert_eq!(keys.each_ref().map(SigningKey::alg), ["HS256", "ES256"]);
/// // A secret has no half that could be published.
/// assert_eq!(keys.each_ref().map(|key| key.public_key().is_some()), [false, true]);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey(Signing);

#[derive(Clone)]
enum Signing {
    Secret(SecretKey),
    Private(PrivateKey),
}

impl SigningKey {
    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Signing::Secret(key) => key.algorithm(),
            Signing::Private(key) => key.algorithm(),
        }
    }

    /// The name that goes into the `alg` header of its tokens.
    #[must_use]
    pub fn alg(&self) -> &'static str {
        match &self.0 {
            Signing::Secret(key) => key.algorithm().as_str(),
            Signing::Private(key) => key.alg(),
        }
    }

    /// The key id that goes into the header of its tokens.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        match &self.0 {
            Signing::Secret(key) => key.kid(),
            Signing::Private(key) => key.kid(),
        }
    }

    /// The public half; `None` for a secret, which has none.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match &self.0 {
            Signing::Secret(_) => None,
            Signing::Private(key) => Some(key.public_key()),
        }
    }

    /// The key as a private JWK. Wiped when dropped.
    #[must_use]
    pub fn to_jwk_json(&self) -> Zeroizing<String> {
        match &self.0 {
            Signing::Secret(key) => key.to_jwk_json(),
            Signing::Private(key) => key.to_jwk_json(),
        }
    }

    /// Whether its JWK allowed it to sign.
    pub(crate) fn check_use(&self) -> Result<(), KeyError> {
        match &self.0 {
            Signing::Secret(key) => key.for_signing().map(|_| ()),
            Signing::Private(_) => Ok(()),
        }
    }

    /// Appends a dot and the signature over what `out` holds.
    pub(crate) fn sign_append(&self, out: &mut Vec<u8>) -> Result<(), crypto::Failed> {
        match &self.0 {
            Signing::Secret(key) => key.for_signing().map_err(|_| crypto::Failed)?.sign_append(out),
            Signing::Private(key) => key.sign_append(out),
        }
    }
}

impl From<SecretKey> for SigningKey {
    fn from(key: SecretKey) -> Self {
        Self(Signing::Secret(key))
    }
}

impl From<PrivateKey> for SigningKey {
    fn from(key: PrivateKey) -> Self {
        Self(Signing::Private(key))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Signing::Secret(key) => key.fmt(f),
            Signing::Private(key) => key.fmt(f),
        }
    }
}

/// A key that checks signatures: a [`SecretKey`] or a [`PublicKey`]. Cloning is cheap.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, PrivateKey, SigningKey, VerifyingKey};
///
/// let signing = SigningKey::from(PrivateKey::generate(Algorithm::EdDsa)?);
/// let verifying = VerifyingKey::from(&signing);
/// assert_eq!((verifying.algorithm(), verifying.kid()), (Algorithm::EdDsa, signing.kid()));
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey(Verifying);

#[derive(Clone)]
enum Verifying {
    Secret(SecretKey),
    Public(PublicKey),
}

impl VerifyingKey {
    /// The one algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Verifying::Secret(key) => key.algorithm(),
            Verifying::Public(key) => key.algorithm(),
        }
    }

    /// The key id.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid_entry().map(|kid| &*kid.text)
    }

    pub(crate) fn kid_entry(&self) -> Option<&Kid> {
        match &self.0 {
            Verifying::Secret(key) => key.kid_entry(),
            Verifying::Public(key) => Some(key.kid_entry()),
        }
    }

    /// Whether its JWK allowed it to verify.
    pub(crate) fn check_use(&self) -> Result<(), KeyError> {
        match &self.0 {
            Verifying::Secret(key) => key.for_verifying().map(|_| ()),
            Verifying::Public(_) => Ok(()),
        }
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), crypto::Failed> {
        match &self.0 {
            Verifying::Secret(key) => {
                key.for_verifying().map_err(|_| crypto::Failed)?.verify(message, signature)
            }
            Verifying::Public(key) => key.verify(message, signature),
        }
    }
}

impl From<SecretKey> for VerifyingKey {
    fn from(key: SecretKey) -> Self {
        Self(Verifying::Secret(key))
    }
}

impl From<PublicKey> for VerifyingKey {
    fn from(key: PublicKey) -> Self {
        Self(Verifying::Public(key))
    }
}

impl From<&SigningKey> for VerifyingKey {
    fn from(key: &SigningKey) -> Self {
        match &key.0 {
            Signing::Secret(key) => key.clone().into(),
            Signing::Private(key) => key.into(),
        }
    }
}

impl From<&PrivateKey> for VerifyingKey {
    fn from(key: &PrivateKey) -> Self {
        key.public_key().into()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Verifying::Secret(key) => key.fmt(f),
            Verifying::Public(key) => key.fmt(f),
        }
    }
}
