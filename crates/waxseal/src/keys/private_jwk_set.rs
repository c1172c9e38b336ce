//! JWK Sets with private keys: how an issuer stores its own.

use super::jwk_read::read_set;
use super::{Jwk, JwkSet, KeyError, PrivateKey, SecretKey, SigningKey};
use zeroize::Zeroizing;

/// Private and secret keys of one owner, for storage (RFC 7517 §5). What is published is
/// [`public_keys`](Self::public_keys).
///
/// Whoever reads such a set can sign with its keys: keep it as safe as they are.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Code, JwkSet, PrivateJwkSet, PrivateKey};
///
/// let keys = [Algorithm::EdDsa, Algorithm::Es256].map(PrivateKey::generate);
/// let set = PrivateJwkSet::from_keys(keys.into_iter().collect::<Result<Vec<_>, _>>()?);
/// let stored = set.to_private_json();
/// assert_eq!(PrivateJwkSet::parse(stored.as_bytes())?.keys().len(), 2);
/// // The other kind of set does not read it.
/// assert_eq!(JwkSet::parse(stored.as_bytes()).unwrap_err().code(), Code::KeyNotPublic);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PrivateJwkSet {
    keys: Vec<SigningKey>,
}

impl PrivateJwkSet {
    /// A set of these keys, in this order.
    pub fn from_keys(keys: impl IntoIterator<Item = impl Into<SigningKey>>) -> Self {
        Self { keys: keys.into_iter().map(Into::into).collect() }
    }

    /// Reads a set that holds nothing but private keys and secrets, each with an algorithm of its own.
    ///
    /// Unlike in [`JwkSet::parse`] nothing is skipped: a stored key that cannot be used is an accident.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::SetTooLarge`] above [`JwkSet::MAX_KEYS`], then for the first key
    /// that has one as [`Jwk::parse`] and [`PrivateKey::from_jwk`] or [`SecretKey::from_jwk`].
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let members = read_set(json.as_ref())?;
        let keys = members.into_iter().map(|member| {
            let jwk = Jwk::parse(member.raw)?;
            Ok(if jwk.kty() == "oct" {
                SecretKey::from_jwk(&jwk)?.into()
            } else {
                PrivateKey::from_jwk(&jwk)?.into()
            })
        });
        Ok(Self { keys: keys.collect::<Result<_, KeyError>>()? })
    }

    /// The keys, in the order of the set.
    #[must_use]
    pub fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The public halves, in the same order; secrets have none and are left out.
    #[must_use]
    pub fn public_keys(&self) -> JwkSet {
        JwkSet::from_keys(self.keys.iter().filter_map(SigningKey::public_key))
    }

    /// The set as JSON text with all its private numbers. Wiped when dropped.
    ///
    /// Sets of more than [`JwkSet::MAX_KEYS`] keys are written and not read again.
    #[must_use]
    pub fn to_private_json(&self) -> Zeroizing<String> {
        let members: Vec<_> = self.keys.iter().map(SigningKey::to_jwk_json).collect();
        let length: usize = members.iter().map(|member| member.len() + 1).sum();
        // Reserved in one piece: growing would leave copies of private numbers behind.
        let mut json = Zeroizing::new(String::with_capacity(length + 16));
        json.push_str("{\"keys\":[");
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            json.push_str(member);
        }
        json.push_str("]}");
        json
    }
}

impl IntoIterator for PrivateJwkSet {
    type Item = SigningKey;
    type IntoIter = std::vec::IntoIter<SigningKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}
