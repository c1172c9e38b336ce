//! The verifying keys of one issuer.

use super::{JwkSet, KeyError, VerifyingKey};
use crate::Algorithm;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The keys with which one issuer may have signed. Cloning is cheap.
///
/// Keep one ring per issuer: a key that is valid for one issuer must not vouch for another. To rotate, give a
/// verifier another ring ([`Verifier::with_keys`](crate::Verifier::with_keys)).
///
/// A token's `kid` selects the keys that have exactly this id, in constant work. If none has, the keys stay in
/// question whose id nobody chose. Of what is left, at most eight of the token's algorithm are tried.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, KeyRing, PrivateKey};
///
/// let keys = [PrivateKey::generate(Algorithm::EdDsa)?, PrivateKey::generate(Algorithm::Es256)?];
/// let ring = KeyRing::new(&keys)?;
/// assert!(ring.contains_kid(keys[1].kid().unwrap_or_default()));
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Default)]
pub struct KeyRing {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    keys: Vec<VerifyingKey>,
    /// Positions in `keys`: all, those whose id nobody chose, those of each id.
    all: Vec<usize>,
    unnamed: Vec<usize>,
    named: HashMap<Arc<str>, Vec<usize>>,
}

impl Inner {
    fn new(keys: Vec<VerifyingKey>) -> Self {
        let mut named = HashMap::<_, Vec<_>>::new();
        let mut unnamed = Vec::new();
        for (position, key) in keys.iter().enumerate() {
            let kid = key.kid_entry();
            if kid.is_none_or(|kid| kid.derived) {
                unnamed.push(position);
            }
            if let Some(kid) = kid {
                named.entry(Arc::clone(&kid.text)).or_default().push(position);
            }
        }
        Self { all: (0..keys.len()).collect(), unnamed, named, keys }
    }

    fn answering(&self, kid: Option<&str>) -> &[usize] {
        match kid {
            None => &self.all,
            Some(kid) => self.named.get(kid).unwrap_or(&self.unnamed),
        }
    }
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
    /// [`KeyError::SetTooLarge`] above [`MAX_KEYS`](Self::MAX_KEYS), [`KeyError::UseForbidden`] for a secret
    /// whose JWK does not allow verifying.
    pub fn new(keys: impl IntoIterator<Item = impl Into<VerifyingKey>>) -> Result<Self, KeyError> {
        let keys: Vec<VerifyingKey> = keys.into_iter().map(Into::into).collect();
        if keys.len() > Self::MAX_KEYS {
            return Err(KeyError::SetTooLarge { limit: Self::MAX_KEYS });
        }
        keys.iter().try_for_each(VerifyingKey::check_use)?;
        Ok(Self::of(keys))
    }

    fn of(keys: Vec<VerifyingKey>) -> Self {
        Self { inner: Arc::new(Inner::new(keys)) }
    }

    pub(crate) fn filtered(&self, kept: impl Fn(&VerifyingKey) -> bool) -> Self {
        Self::of(self.keys().iter().filter(|key| kept(key)).cloned().collect())
    }

    /// Whether a key of this ring has exactly this id.
    #[must_use]
    pub fn contains_kid(&self, kid: &str) -> bool {
        self.inner.named.contains_key(kid)
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.keys.is_empty()
    }

    /// The keys of the ring.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.inner.keys
    }

    /// The keys that may have made a token with this header, at most [`MAX_TRIES`](Self::MAX_TRIES).
    ///
    /// The `kid` narrows the keys down, the `alg` must then be theirs: it never selects how to check.
    pub(crate) fn candidates(
        &self,
        algorithm: Option<Algorithm>,
        kid: Option<&str>,
    ) -> Result<impl Iterator<Item = &VerifyingKey>, NoKey> {
        let known = self.inner.answering(kid);
        if known.is_empty() {
            return Err(NoKey::UnknownKid);
        }
        let keys = known.iter().filter_map(|position| self.inner.keys.get(*position));
        let mut fitting = keys.filter(move |key| Some(key.algorithm()) == algorithm).peekable();
        if fitting.peek().is_none() { Err(NoKey::OtherAlgorithm) } else { Ok(fitting.take(Self::MAX_TRIES)) }
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("keys", &self.keys()).finish()
    }
}

impl From<JwkSet> for KeyRing {
    fn from(set: JwkSet) -> Self {
        Self::of(set.into_iter().map(VerifyingKey::from).collect())
    }
}

impl<K: Into<VerifyingKey>> From<K> for KeyRing {
    fn from(key: K) -> Self {
        Self::of(vec![key.into()])
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
    fn a_derived_id_does_not_exclude_and_an_exact_one_does() {
        use crate::PrivateKey;
        let [derived, chosen] = [(); 2].map(|()| PrivateKey::generate(Algorithm::EdDsa).unwrap());
        let thumbprint = derived.public_key().thumbprint();
        let ring = KeyRing::new([&derived, &chosen.with_kid("chosen").unwrap()]).unwrap();
        for (kid, expected) in [
            (Some(thumbprint.as_str()), vec![thumbprint.as_str()]),
            (Some("chosen"), vec!["chosen"]),
            (Some("unknown"), vec![thumbprint.as_str()]),
            (None, vec![thumbprint.as_str(), "chosen"]),
        ] {
            let found: Vec<_> = ring.candidates(Some(Algorithm::EdDsa), kid).unwrap().collect();
            let found: Vec<_> = found.into_iter().filter_map(VerifyingKey::kid).collect();
            assert_eq!(found, expected, "{kid:?}");
        }
        assert!(ring.contains_kid("chosen") && !ring.contains_kid("unknown"));
        assert_eq!(KeyRing::default().candidates(None, None).err(), Some(NoKey::UnknownKid));
    }

    #[test]
    fn footgun_19_the_number_of_keys_tried_is_bounded() {
        let ring = KeyRing::new((0..20).map(|_| secret(Algorithm::Hs256, None))).unwrap();
        assert_eq!(ring.candidates(Some(Algorithm::Hs256), None).unwrap().count(), 8);
        assert!(KeyRing::new(vec![secret(Algorithm::Hs256, None); 1001]).is_err());
    }
}
