//! The verifying keys of one issuer.

use super::{JwkSet, KeyError, VerifyingKey};
use crate::Algorithm;
use std::sync::Arc;

/// The keys with which one issuer may have signed. Cloning is cheap.
///
/// Keep one ring per issuer: a key that is valid for one issuer must not vouch for another.
#[derive(Clone, Debug, Default)]
pub struct KeyRing {
    keys: Arc<[VerifyingKey]>,
}

/// Why a ring has no key for a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoKey {
    /// No key answers to the `kid`.
    UnknownKid,
    /// Keys answer to the `kid`, all of another algorithm.
    OtherAlgorithm,
}

impl KeyRing {
    /// The most keys in a ring.
    pub const MAX_KEYS: usize = 1000;
    /// The most keys tried for one token, so that a token without `kid` does not cost every key.
    const MAX_TRIES: usize = 8;

    /// A ring of these keys. Several may share a `kid`; then each is tried.
    ///
    /// # Errors
    /// [`KeyError::SetTooLarge`] above [`MAX_KEYS`](Self::MAX_KEYS).
    pub fn new(keys: impl IntoIterator<Item = impl Into<VerifyingKey>>) -> Result<Self, KeyError> {
        let keys: Arc<[VerifyingKey]> = keys.into_iter().map(Into::into).collect();
        if keys.len() > Self::MAX_KEYS {
            return Err(KeyError::SetTooLarge { limit: Self::MAX_KEYS });
        }
        Ok(Self { keys })
    }

    /// Whether a key of this ring has exactly this id.
    #[must_use]
    pub fn contains_kid(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys of the ring.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// The keys that may have made a token with this header, at most [`MAX_TRIES`](Self::MAX_TRIES).
    ///
    /// The `kid` narrows the keys down, the `alg` must then be theirs: it never selects how to check.
    pub(crate) fn candidates(
        &self,
        algorithm: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<impl Iterator<Item = &VerifyingKey>, NoKey> {
        let exact = kid.is_some_and(|kid| self.contains_kid(kid));
        let answers = move |key: &VerifyingKey| match (kid, key.kid_entry()) {
            (Some(kid), Some(own)) if exact => *own.text == *kid,
            (Some(_), None) => !exact,
            (Some(_), Some(own)) => !exact && own.derived,
            (None, _) => true,
        };
        let mut known = self.keys.iter().filter(move |key| answers(key)).peekable();
        if known.peek().is_none() {
            return Err(NoKey::UnknownKid);
        }
        let mut fitting = known.filter(move |key| Some(key.algorithm()) == algorithm).peekable();
        if fitting.peek().is_none() { Err(NoKey::OtherAlgorithm) } else { Ok(fitting.take(Self::MAX_TRIES)) }
    }
}

impl From<JwkSet> for KeyRing {
    fn from(set: JwkSet) -> Self {
        Self { keys: set.into_iter().map(VerifyingKey::from).collect() }
    }
}

impl<K: Into<VerifyingKey>> From<K> for KeyRing {
    fn from(key: K) -> Self {
        Self { keys: Arc::new([key.into()]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretKey;

    fn secret(algorithm: Algorithm, kid: Option<&str>) -> SecretKey {
        let key = SecretKey::generate(algorithm).unwrap();
        kid.map_or(key.clone(), |kid| key.with_kid(kid).unwrap())
    }

    #[test]
    fn the_kid_narrows_down_and_the_algorithm_must_agree() {
        let ring = KeyRing::new([
            secret(Algorithm::Hs256, Some("a")),
            secret(Algorithm::Hs512, Some("a")),
            secret(Algorithm::Hs256, Some("b")),
            secret(Algorithm::Hs256, None),
        ])
        .unwrap();
        let count = |algorithm, kid| ring.candidates(Some(algorithm), kid).map(Iterator::count);
        assert_eq!(count(Algorithm::Hs256, Some("a")), Ok(1));
        assert_eq!(count(Algorithm::Hs384, Some("a")), Err(NoKey::OtherAlgorithm));
        assert_eq!(count(Algorithm::Hs512, Some("b")), Err(NoKey::OtherAlgorithm));
        assert_eq!(count(Algorithm::Hs256, Some("unknown")), Ok(1), "the key without an id may be it");
        assert_eq!(count(Algorithm::Hs256, None), Ok(3));
        assert_eq!(ring.candidates(None, None).map(Iterator::count), Err(NoKey::OtherAlgorithm));
        let named = KeyRing::new([secret(Algorithm::Hs256, Some("a"))]).unwrap();
        assert_eq!(named.candidates(Some(Algorithm::Hs256), Some("b")).err(), Some(NoKey::UnknownKid));
    }

    #[test]
    fn footgun_19_the_number_of_keys_tried_is_bounded() {
        let ring = KeyRing::new((0..20).map(|_| secret(Algorithm::Hs256, None))).unwrap();
        assert_eq!(ring.candidates(Some(Algorithm::Hs256), None).unwrap().count(), 8);
        assert!(KeyRing::new(vec![secret(Algorithm::Hs256, None); 1001]).is_err());
    }
}
