//! What a verifier of JWSs shall accept.

use super::Verifier;
use super::header::may_be_critical;
use super::verifier::Config;
use crate::keys::{KeyRing, VerifyingKey};
use crate::{AlgorithmPolicy, Limits, VerifierError};
use std::sync::Arc;

/// Collects what a [`Verifier`] shall accept.
///
/// # Examples
/// ```
/// use waxseal::jws::Verifier;
/// use waxseal::{Algorithm, SecretKey};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let builder = Verifier::builder().key(key).allow_unencoded_payload().detached_bytes(16 * 1024 * 1024);
/// assert!(builder.build().is_ok());
/// assert!(Verifier::builder().build().is_err(), "a verifier needs a key");
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifierBuilder {
    keys: Vec<VerifyingKey>,
    has_keys: bool,
    config: Config,
}

impl Default for VerifierBuilder {
    fn default() -> Self {
        let config = Config {
            typ: None,
            understood: Vec::new(),
            unencoded_payload: false,
            every_signature: false,
            limits: Limits::default(),
            detached_bytes: 1024 * 1024,
            signatures: 8,
            policy: AlgorithmPolicy::any(),
        };
        Self { keys: Vec::new(), has_keys: false, config }
    }
}

impl VerifierBuilder {
    /// Adds one key.
    pub fn key(mut self, key: impl Into<VerifyingKey>) -> Self {
        self.keys.push(key.into());
        self.has_keys = true;
        self
    }

    /// Adds the keys of a ring; it may still be empty.
    #[allow(clippy::needless_pass_by_value)] // reads as giving the ring to the verifier
    pub fn keys(mut self, ring: KeyRing) -> Self {
        self.keys.extend(ring.keys().iter().cloned());
        self.has_keys = true;
        self
    }

    /// `typ` must be there, be protected and be this media type; `application/` may be left out and case
    /// does not matter. Unless set, any type and none are accepted.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.config.typ = Some(typ.into());
        self
    }

    /// Says that the caller itself processes the extension `name` where `crit` demands it
    /// (RFC 7515 §4.1.11). Its value stands in the protected header.
    pub fn understand(mut self, name: impl Into<String>) -> Self {
        self.config.understood.push(name.into());
        self
    }

    /// Accepts payloads that were signed as they are, not in base64url (`b64` false, RFC 7797).
    pub fn allow_unencoded_payload(mut self) -> Self {
        self.config.unencoded_payload = true;
        self
    }

    /// Demands that every signature of a general JSON serialization verifies. Unless called, one does.
    pub fn require_all_signatures(mut self) -> Self {
        self.config.every_signature = true;
        self
    }

    /// Refuses keys whose algorithm the policy does not allow, when the verifier is built; of rings that come
    /// later ([`Verifier::with_keys`]) such keys are left out. Everything is allowed unless set.
    pub fn policy(mut self, policy: AlgorithmPolicy) -> Self {
        self.config.policy = policy;
        self
    }

    /// Replaces the default [`Limits`], which hold for the text of a JWS of any serialization.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// The longest detached payload, in octets; 1,048,576 unless set.
    pub fn detached_bytes(mut self, bytes: usize) -> Self {
        self.config.detached_bytes = bytes;
        self
    }

    /// The most signatures in a general JSON serialization; 8 unless set. For each of them at most 8 keys
    /// are tried. A JWS with more is refused whole, before any is checked.
    pub fn signatures(mut self, most: usize) -> Self {
        self.config.signatures = most;
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    /// In this order: [`VerifierError::KeyMissing`], [`VerifierError::InvalidOption`] for an empty `typ`, a
    /// number of signatures of zero, or an extension that is empty, `b64` or defined by RFC 7515;
    /// [`VerifierError::Key`].
    pub fn build(self) -> Result<Verifier, VerifierError> {
        if !self.has_keys {
            return Err(VerifierError::KeyMissing);
        }
        let invalid = |option, what| Err(VerifierError::InvalidOption { option, what });
        if self.config.typ.as_ref().is_some_and(String::is_empty) {
            return invalid("typ", "the text is empty");
        }
        if self.config.understood.iter().any(|name| name == "b64") {
            return invalid("understand", "`b64` is processed here; call `allow_unencoded_payload`");
        }
        if !self.config.understood.iter().all(|name| may_be_critical(name)) {
            return invalid("understand", "RFC 7515 defines the name, so `crit` must not list it");
        }
        if self.config.signatures == 0 {
            return invalid("signatures", "a JWS has at least one");
        }
        self.keys.iter().try_for_each(|key| self.config.policy.check(key.algorithm()))?;
        Ok(Verifier { config: Arc::new(self.config), ring: KeyRing::new(self.keys)? })
    }
}
