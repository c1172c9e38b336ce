//! Making tokens.

use super::TokenBuilder;
use super::payload::Common;
use crate::SignError;
use crate::jws::Headers;
use crate::keys::{PublicKey, SigningKey};
use crate::{Algorithm, AlgorithmPolicy, Lifetime, Limits, NumericDate};
use serde::Serialize;
use std::fmt;

/// Makes tokens with one key. Build once, use from any thread.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, NumericDate, PrivateKey, Signer};
///
/// let key = PrivateKey::generate(Algorithm::EdDsa)?;
/// let signer = Signer::builder(key).issuer("https://me.example").audience("api").lifetime("15m").build()?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let token = signer.token(now).subject("alice").claims(&serde_json::json!({"role": "admin"})).sign()?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    pub(super) key: SignerKey,
    /// The encoded header with the dot behind it.
    pub(super) header: Vec<u8>,
    pub(super) common: Common,
    pub(super) lifetime: Option<Lifetime>,
}

/// Where the key is that signs.
#[derive(Clone, Debug)]
pub(super) enum SignerKey {
    Here(SigningKey),
    /// In an HSM, a KMS, another process; here is the public half.
    Elsewhere(PublicKey),
}

impl SignerKey {
    /// The key, if it is here.
    #[inline]
    pub(super) fn here(&self) -> Result<&SigningKey, SignError> {
        match self {
            Self::Here(key) => Ok(key),
            Self::Elsewhere(_) => Err(SignError::KeyElsewhere),
        }
    }

    /// The key with which a signature made elsewhere is checked; there is none for a secret.
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Here(key) => key.public_key(),
            Self::Elsewhere(key) => Some(key.clone()),
        }
    }

    fn algorithm(&self) -> Algorithm {
        match self {
            Self::Here(key) => key.algorithm(),
            Self::Elsewhere(key) => key.algorithm(),
        }
    }

    fn alg(&self) -> &'static str {
        match self {
            Self::Here(key) => key.alg(),
            Self::Elsewhere(key) => key.alg(),
        }
    }

    fn kid(&self) -> Option<&str> {
        match self {
            Self::Here(key) => key.kid(),
            Self::Elsewhere(key) => key.kid(),
        }
    }
}

impl Signer {
    /// Starts a signer with `key`, whose `kid` goes into the header.
    pub fn builder(key: impl Into<SigningKey>) -> SignerBuilder {
        SignerBuilder::new(SignerKey::Here(key.into()))
    }

    /// Starts a signer whose key lives elsewhere: `key` is the public half. Its tokens are finished with
    /// [`TokenBuilder::prepare`] or [`TokenBuilder::sign_with`].
    pub fn remote(key: PublicKey) -> SignerBuilder {
        SignerBuilder::new(SignerKey::Elsewhere(key))
    }

    /// Starts a token made at `now`, which becomes its `iat`.
    #[inline]
    pub fn token(&self, now: NumericDate) -> TokenBuilder<'_> {
        TokenBuilder::new(self, now)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("key", &self.key)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Collects what the tokens of a [`Signer`] have in common.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, Code, SecretKey, Signer};
///
/// let builder = Signer::builder(SecretKey::generate(Algorithm::Hs256)?).issuer("https://auth.example").typ("at+jwt");
/// assert!(builder.audience("api").lifetime("15m").build().is_ok());
///
/// // Seconds or milliseconds? A number without a unit is refused.
/// let builder = Signer::builder(SecretKey::generate(Algorithm::Hs256)?).lifetime("900");
/// assert_eq!(builder.build().unwrap_err().code(), Code::SignLifetimeInvalid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct SignerBuilder {
    key: SignerKey,
    issuer: Option<String>,
    audiences: Vec<String>,
    lifetime: Option<Result<Lifetime, SignError>>,
    headers: Headers,
    policy: AlgorithmPolicy,
}

impl SignerBuilder {
    fn new(key: SignerKey) -> Self {
        let headers = Headers::new().typ("JWT");
        Self {
            key,
            issuer: None,
            audiences: Vec::new(),
            lifetime: None,
            headers,
            policy: AlgorithmPolicy::any(),
        }
    }

    /// `iss` of every token.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// `aud` of tokens that name none; called again, one more audience.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// How long tokens live that name no lifetime: a [`Duration`](std::time::Duration) in whole seconds, or a
    /// text such as `15m`; at least one second.
    pub fn lifetime(mut self, lifetime: impl TryInto<Lifetime>) -> Self {
        self.lifetime = Some(lifetime.try_into().map_err(|_| SignError::LifetimeInvalid));
        self
    }

    /// `typ` in the header; `JWT` unless set.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.headers = self.headers.typ(typ);
        self
    }

    /// `kid` in the header, instead of the key's own.
    pub fn kid(mut self, kid: impl Into<String>) -> Self {
        self.headers = self.headers.kid(kid);
        self
    }

    /// A further member of the header. Refused: `alg`, `b64` and `crit`, and `typ`, `cty` and `kid`.
    pub fn header_member(mut self, name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        self.headers = self.headers.member(name, value);
        self
    }

    /// Refuses the key if the policy does not allow its algorithm. Everything is allowed unless set.
    pub fn policy(mut self, policy: AlgorithmPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Builds the signer and encodes its header.
    ///
    /// # Errors
    /// [`SignError::Key`] if the policy forbids the key's algorithm or its JWK forbids signing, [`SignError::LifetimeInvalid`] for less
    /// than a second, [`SignError::InvalidClaims`] for an empty issuer
    /// or audience, [`SignError::InvalidHeader`] for a `typ` that is no media type and members that are not
    /// the caller's to set.
    pub fn build(self) -> Result<Signer, SignError> {
        self.policy.check(self.key.algorithm())?;
        if let SignerKey::Here(key) = &self.key {
            key.check_use()?;
        }
        let lifetime = self.lifetime.transpose()?;
        if lifetime.is_some_and(|lifetime| lifetime.as_duration().as_secs() == 0) {
            return Err(SignError::LifetimeInvalid);
        }
        if self.issuer.as_ref().is_some_and(String::is_empty) || self.audiences.iter().any(String::is_empty) {
            return Err(SignError::InvalidClaims { what: "the issuer or an audience is empty" });
        }
        let header = self.headers.write(self.key.alg(), self.key.kid(), false, &Limits::default())?;
        let mut header = header.protected.into_bytes();
        header.push(b'.');
        let common = Common::new(self.issuer.as_deref(), &self.audiences);
        Ok(Signer { key: self.key, header, common, lifetime })
    }
}
