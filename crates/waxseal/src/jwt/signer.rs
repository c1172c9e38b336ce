//! Making tokens.

use super::{SignError, TokenBuilder};
use crate::keys::SigningKey;
use crate::{NumericDate, base64url, json};
use std::fmt;
use std::time::Duration;

/// Makes tokens with one key. Build once, use from any thread.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use waxseal::{Algorithm, NumericDate, PrivateKey, Signer};
///
/// let key = PrivateKey::generate(Algorithm::EdDsa)?;
/// let signer = Signer::builder(key).issuer("https://me.example").audience("api").lifetime(Duration::from_secs(900)).build()?;
/// let now = NumericDate::from_seconds(1_700_000_000).expect("in range");
/// let token = signer.token(now).subject("alice").claims(&serde_json::json!({"role": "admin"})).sign()?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Signer {
    pub(super) key: SigningKey,
    /// The encoded header with the dot behind it.
    pub(super) header: Vec<u8>,
    pub(super) issuer: Option<String>,
    pub(super) audiences: Vec<String>,
    pub(super) lifetime: Option<Duration>,
}

impl Signer {
    /// Starts a signer with `key`, whose `kid` goes into the header.
    pub fn builder(key: impl Into<SigningKey>) -> SignerBuilder {
        SignerBuilder {
            key: key.into(),
            issuer: None,
            audiences: Vec::new(),
            lifetime: None,
            typ: "JWT".to_owned(),
        }
    }

    /// Starts a token made at `now`, which becomes its `iat`.
    pub fn token(&self, now: NumericDate) -> TokenBuilder<'_> {
        TokenBuilder::new(self, now)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("key", &self.key)
            .field("issuer", &self.issuer)
            .field("audiences", &self.audiences)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Collects what the tokens of a [`Signer`] have in common.
#[derive(Debug)]
#[must_use]
pub struct SignerBuilder {
    key: SigningKey,
    issuer: Option<String>,
    audiences: Vec<String>,
    lifetime: Option<Duration>,
    typ: String,
}

impl SignerBuilder {
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

    /// How long tokens live that name no lifetime, in whole seconds, at least one.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// `typ` in the header; `JWT` unless set.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = typ.into();
        self
    }

    /// Builds the signer and encodes its header.
    ///
    /// # Errors
    /// [`SignError::LifetimeInvalid`] for less than a second, [`SignError::InvalidClaims`] for a `typ`
    /// that is no media type or an empty issuer or audience.
    pub fn build(self) -> Result<Signer, SignError> {
        if self.lifetime.is_some_and(|lifetime| lifetime.as_secs() == 0) {
            return Err(SignError::LifetimeInvalid);
        }
        if self.typ.is_empty() || !self.typ.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SignError::InvalidClaims { what: "`typ` is not a media type" });
        }
        if self.issuer.as_ref().is_some_and(String::is_empty) || self.audiences.iter().any(String::is_empty) {
            return Err(SignError::InvalidClaims { what: "the issuer or an audience is empty" });
        }
        let mut header = b"{\"alg\":".to_vec();
        json::write_string(self.key.alg(), &mut header);
        header.extend_from_slice(b",\"typ\":");
        json::write_string(&self.typ, &mut header);
        if let Some(kid) = self.key.kid() {
            header.extend_from_slice(b",\"kid\":");
            json::write_string(kid, &mut header);
        }
        header.push(b'}');
        let mut encoded = Vec::new();
        base64url::encode_append(&header, &mut encoded);
        encoded.push(b'.');
        Ok(Signer {
            key: self.key,
            header: encoded,
            issuer: self.issuer,
            audiences: self.audiences,
            lifetime: self.lifetime,
        })
    }
}
