//! Encrypting.

use super::encrypter_builder::Settings;
use super::seal::Content;
use super::{ContentEncryption, EncryptError, EncrypterBuilder, EncryptionKey, JsonMessage};
use crate::json::{self, JsonStr, Value, Visitor};
use crate::{Limits, base64url};
use serde::Serialize;
use std::fmt;
use std::io;
use zeroize::Zeroizing;

/// Encrypts to one recipient, or in JSON to several. Build once, use from any thread.
///
/// Every message gets its own IV and, unless the key is a `dir` key, its own content encryption key, from the
/// operating system's generator.
///
/// # Examples
/// ```
/// use waxseal::jwe::{ContentEncryption, DecryptionKey, Encrypter};
///
/// let key = DecryptionKey::generate_direct(ContentEncryption::A256Gcm)?;
/// let encrypter = Encrypter::builder(key.encryption_key()?).typ("JWT").build()?;
/// let token = encrypter.encrypt_claims(&serde_json::json!({"sub": "alice"}))?;
/// assert_eq!(token.split('.').count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Encrypter {
    pub(super) settings: Settings,
    pub(super) encryption: ContentEncryption,
}

impl Encrypter {
    /// Starts an encrypter for the recipient who can decrypt with `key`.
    pub fn builder(key: EncryptionKey) -> EncrypterBuilder {
        EncrypterBuilder::new(key)
    }

    /// Encrypts octets into a compact token: five base64url parts.
    ///
    /// # Errors
    /// [`EncryptError::Recipients`] if there are several, [`EncryptError::TooLarge`],
    /// [`EncryptError::Failed`].
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptError> {
        self.encrypt_as(plaintext, self.settings.cty.as_deref())
    }

    /// Encrypts claims as a JSON object. Whoever decrypts them learns nothing about who wrote them; to say
    /// that too, sign first and [`encrypt_token`](Self::encrypt_token).
    ///
    /// # Errors
    /// [`EncryptError::InvalidClaims`], then as [`encrypt`](Self::encrypt).
    pub fn encrypt_claims<C: Serialize>(&self, claims: &C) -> Result<String, EncryptError> {
        self.encrypt(&to_json(claims)?)
    }

    /// Encrypts a signed token: a nested JWT (RFC 7519 §5.2), with `cty` = `JWT`.
    ///
    /// # Errors
    /// [`EncryptError::InvalidClaims`] if `token` is no compact signed token, [`EncryptError::Header`] if
    /// the encrypter was given another `cty`, then as [`encrypt`](Self::encrypt).
    pub fn encrypt_token(&self, token: &str) -> Result<String, EncryptError> {
        let mut parts = token.split('.');
        let signed = parts.by_ref().take(3).filter(|part| !part.is_empty()).count() == 3;
        if !signed || parts.next().is_some() {
            return Err(EncryptError::InvalidClaims { what: "not a compact signed token" });
        }
        if self.settings.cty.as_deref().is_some_and(|cty| cty != "JWT") {
            return Err(EncryptError::Header { what: "`cty` of a nested token is `JWT`" });
        }
        self.encrypt_as(token.as_bytes(), Some("JWT"))
    }

    fn encrypt_as(&self, plaintext: &[u8], cty: Option<&str>) -> Result<String, EncryptError> {
        let sealed = self.seal(&Content { plaintext, cty, aad: None })?;
        let [(_, encrypted_key)] = &*sealed.recipients else {
            return Err(EncryptError::Recipients {
                what: "the compact serialization has room for one recipient; use `json`",
            });
        };
        let mut token = sealed.protected.into_bytes();
        for part in [encrypted_key, &sealed.iv, &sealed.ciphertext, &sealed.tag] {
            token.push(b'.');
            base64url::encode_append(part, &mut token);
        }
        self.check_size(token.len())?;
        String::from_utf8(token).map_err(|_| EncryptError::Failed)
    }

    /// Starts a message in a JSON serialization (RFC 7516 §7.2).
    pub fn json(&self) -> JsonMessage<'_> {
        JsonMessage::new(self)
    }

    pub(super) fn check_size(&self, length: usize) -> Result<(), EncryptError> {
        let limit = self.settings.limits.token_bytes;
        if length > limit { Err(EncryptError::TooLarge { what: "it", limit }) } else { Ok(()) }
    }
}

impl fmt::Debug for Encrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypter")
            .field("recipients", &self.settings.recipients)
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

struct Ignore;

impl<'a> Visitor<'a> for Ignore {
    fn member(&mut self, _: JsonStr<'a>, _: Value<'a>) {}
}

/// Counts what would be written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The claims as strict JSON. Measured first: a growing buffer would leave copies of them behind.
pub(super) fn to_json<C: Serialize>(claims: &C) -> Result<Zeroizing<Vec<u8>>, EncryptError> {
    let invalid = EncryptError::InvalidClaims { what: "they do not serialize to JSON" };
    let mut count = Count(0);
    serde_json::to_writer(&mut count, claims).map_err(|_| invalid.clone())?;
    let mut json = Zeroizing::new(Vec::with_capacity(count.0));
    serde_json::to_writer(&mut *json, claims).map_err(|_| invalid.clone())?;
    let text = std::str::from_utf8(&json).map_err(|_| invalid)?;
    json::scan_object(text, Limits::MAX_DEPTH, &mut Ignore)
        .map_err(|_| EncryptError::InvalidClaims { what: "they are not an object of distinct members" })?;
    Ok(json)
}
