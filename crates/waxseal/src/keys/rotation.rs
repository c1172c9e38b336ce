//! The keys of one issuer over time: one signs, others come and go.

use super::{JwkSet, KeyError, KeyRing, PrivateKey};
use crate::NumericDate;
use std::fmt;
use std::time::Duration;

/// How long others go on using what they have seen of an issuer's keys.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::RotationTimes;
///
/// // `Cache-Control: max-age=300`; tokens live for 15 minutes and verifiers grant a minute of leeway.
/// let times = RotationTimes { cache: Duration::from_secs(300), token: Duration::from_secs(15 * 60 + 60) };
/// # let _ = times;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RotationTimes {
    /// How long verifiers may keep the published key set: `max-age` of its `Cache-Control`.
    pub cache: Duration,
    /// The longest lifetime of a token, with the leeway that verifiers grant.
    pub token: Duration,
}

/// The keys of one issuer: exactly one signs, the next ones are published ahead of time, the last ones stay
/// published until their tokens have expired. So no verifier ever meets a token of a key it cannot know.
///
/// | state | published | signs | leaves it |
/// |---|---|---|---|
/// | pending | yes | no | [`activate`](Self::activate), after twice the cache time |
/// | active | yes | yes | when another one is activated |
/// | retiring | yes | no | [`remove_expired`](Self::remove_expired), after the token lifetime and the cache time |
///
/// Twice the cache time, because a proxy may hand out a copy that has just expired to a verifier that keeps
/// it as long again. All states are data: store the keys (see [`PrivateJwkSet`](crate::PrivateJwkSet)) with
/// their state and its time, and put them together again with [`new`](Self::new), [`publish`](Self::publish)
/// and [`add_retiring`](Self::add_retiring).
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::{Algorithm, Code, KeyRing, JwkSet, NumericDate, PrivateKey, RotationTimes, Signer, SigningKeys, Verifier};
///
/// let times = RotationTimes { cache: Duration::from_secs(300), token: Duration::from_secs(900) };
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let mut keys = SigningKeys::new(times, PrivateKey::generate(Algorithm::EdDsa)?);
/// let signer = |keys: &SigningKeys| {
///     Signer::builder(keys.active().clone()).issuer("me").audience("api").lifetime(Duration::from_secs(900)).build()
/// };
/// let old_token = signer(&keys)?.token(now).sign()?;
///
/// // First the next key is published; verifiers fetch the set whenever their copy is too old.
/// let next = PrivateKey::generate(Algorithm::Es256)?;
/// let kid = next.kid().expect("a key pair has one").to_owned();
/// keys.publish(next, now)?;
/// let fetched = JwkSet::parse(keys.published().to_json())?;
///
/// // Only when every copy has it does it sign.
/// assert_eq!(keys.activate(&kid, now).unwrap_err().code(), Code::KeyTooEarly);
/// let later = now.saturating_add(Duration::from_secs(600));
/// keys.activate(&kid, later)?;
/// let new_token = signer(&keys)?.token(later).sign()?;
///
/// // A verifier with the set from before the change accepts tokens of both keys.
/// let verifier = Verifier::builder().keys(KeyRing::from(fetched)).issuer("me").audience("api").build()?;
/// for token in [old_token, new_token] {
///     verifier.verify::<serde_json::Value>(&token, later)?;
/// }
///
/// // The old key goes when its last token has expired.
/// assert!(keys.remove_expired(later).is_empty());
/// assert_eq!(keys.remove_expired(later.saturating_add(Duration::from_secs(1200))).len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningKeys {
    times: RotationTimes,
    active: PrivateKey,
    pending: Vec<Dated>,
    retiring: Vec<Dated>,
}

/// A key, and since when it is in its state.
type Dated = (PrivateKey, NumericDate);

impl SigningKeys {
    /// The keys of an issuer that signs with `active`.
    #[must_use]
    pub fn new(times: RotationTimes, active: PrivateKey) -> Self {
        Self { times, active, pending: Vec::new(), retiring: Vec::new() }
    }

    /// The key that signs.
    #[must_use]
    pub fn active(&self) -> &PrivateKey {
        &self.active
    }

    /// The keys that are published and sign later, with the time since when they are published.
    pub fn pending(&self) -> impl Iterator<Item = (&PrivateKey, NumericDate)> {
        self.pending.iter().map(|(key, since)| (key, *since))
    }

    /// The keys that signed before, with the time when they stopped.
    pub fn retiring(&self) -> impl Iterator<Item = (&PrivateKey, NumericDate)> {
        self.retiring.iter().map(|(key, since)| (key, *since))
    }

    fn all(&self) -> impl Iterator<Item = &PrivateKey> {
        let others = self.pending.iter().chain(&self.retiring);
        std::iter::once(&self.active).chain(others.map(|(key, _)| key))
    }

    /// What to publish: the public halves of all keys, the active one first.
    #[must_use]
    pub fn published(&self) -> JwkSet {
        JwkSet::from_keys(self.all().map(PrivateKey::public_key))
    }

    /// The ring with which the issuer checks its own tokens: the same keys that are published.
    #[must_use]
    pub fn verifying_keys(&self) -> KeyRing {
        KeyRing::from(self.published())
    }

    /// Publishes a key since `since`, to sign later. Also how a pending key comes back from storage.
    ///
    /// # Errors
    /// [`KeyError::IdTaken`] if another key has its id, [`KeyError::SetTooLarge`] above
    /// [`JwkSet::MAX_KEYS`] keys.
    pub fn publish(&mut self, key: PrivateKey, since: NumericDate) -> Result<(), KeyError> {
        self.check_new(&key)?;
        self.pending.push((key, since));
        Ok(())
    }

    /// Adds a key that stopped to sign at `since`: how a retiring key comes back from storage.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn add_retiring(&mut self, key: PrivateKey, since: NumericDate) -> Result<(), KeyError> {
        self.check_new(&key)?;
        self.retiring.push((key, since));
        Ok(())
    }

    fn check_new(&self, key: &PrivateKey) -> Result<(), KeyError> {
        if self.all().any(|known| known.kid() == key.kid()) {
            return Err(KeyError::IdTaken);
        }
        if self.all().count() >= JwkSet::MAX_KEYS {
            return Err(KeyError::SetTooLarge { limit: JwkSet::MAX_KEYS });
        }
        Ok(())
    }

    /// When the pending key `kid` may be activated; `None` if there is no such key.
    #[must_use]
    pub fn ready_at(&self, kid: &str) -> Option<NumericDate> {
        let (_, since) = self.pending.iter().find(|(key, _)| key.kid() == Some(kid))?;
        Some(since.saturating_add(self.times.cache.saturating_mul(2)))
    }

    /// Lets the pending key `kid` sign; the active one begins to retire.
    ///
    /// # Errors
    /// [`KeyError::IdUnknown`] if no pending key has this id, [`KeyError::TooEarly`] before twice the cache
    /// time has passed since it was published. Then nothing has changed.
    pub fn activate(&mut self, kid: &str, now: NumericDate) -> Result<(), KeyError> {
        if now < self.ready_at(kid).ok_or(KeyError::IdUnknown)? {
            return Err(KeyError::TooEarly);
        }
        self.activate_at_once(kid, now)
    }

    /// As [`activate`](Self::activate), however short the key has been published: after a compromise, when
    /// tokens that some verifiers do not yet know are better than tokens that a thief can make.
    ///
    /// # Errors
    /// [`KeyError::IdUnknown`].
    pub fn activate_at_once(&mut self, kid: &str, now: NumericDate) -> Result<(), KeyError> {
        let position = self.pending.iter().position(|(key, _)| key.kid() == Some(kid));
        let (key, _) = self.pending.remove(position.ok_or(KeyError::IdUnknown)?);
        let last = std::mem::replace(&mut self.active, key);
        self.retiring.push((last, now));
        Ok(())
    }

    /// Removes the retiring keys whose last token has expired, and returns them.
    pub fn remove_expired(&mut self, now: NumericDate) -> Vec<PrivateKey> {
        // Another instance of the issuer may go on signing until it hears of the change.
        let kept = self.times.token.saturating_add(self.times.cache);
        let expired = |(_, since): &mut Dated| now >= since.saturating_add(kept);
        self.retiring.extract_if(.., expired).map(|(key, _)| key).collect()
    }

    /// Removes a pending or retiring key at once; after a compromise, its tokens must not verify any longer.
    ///
    /// # Errors
    /// [`KeyError::IdUnknown`]; the active key is not removed: activate another one first.
    pub fn remove(&mut self, kid: &str) -> Result<PrivateKey, KeyError> {
        let found = |keys: &mut Vec<Dated>| {
            let position = keys.iter().position(|(key, _)| key.kid() == Some(kid))?;
            Some(keys.remove(position).0)
        };
        found(&mut self.pending).or_else(|| found(&mut self.retiring)).ok_or(KeyError::IdUnknown)
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("active", &self.active)
            .field("pending", &self.pending)
            .field("retiring", &self.retiring)
            .finish_non_exhaustive()
    }
}
