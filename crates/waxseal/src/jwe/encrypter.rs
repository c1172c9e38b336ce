//! Encrypting.

use super::header::HeaderWriter;
use super::manage::{self, Delivery, Parties};
use super::{BuildError, ContentEncryption, EncryptError, EncryptionKey, JsonMessage};
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
    pub(super) recipients: Vec<EncryptionKey>,
    encryption: ContentEncryption,
    typ: Option<String>,
    cty: Option<String>,
    /// Further protected members: names, and values as JSON.
    pub(super) extra: Vec<(String, Vec<u8>)>,
    apu: Vec<u8>,
    apv: Vec<u8>,
    zip: bool,
    pub(super) limits: Limits,
}

/// An encrypted message before it is written down.
pub(super) struct Sealed {
    /// The protected header, encoded.
    pub(super) protected: String,
    /// One header (empty if everything is protected) and one encrypted key per recipient.
    pub(super) recipients: Vec<(HeaderWriter, Vec<u8>)>,
    pub(super) iv: Zeroizing<Vec<u8>>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl Encrypter {
    /// Starts an encrypter for the recipient who can decrypt with `key`.
    pub fn builder(key: EncryptionKey) -> EncrypterBuilder {
        EncrypterBuilder {
            recipients: vec![key],
            encryption: None,
            typ: None,
            cty: None,
            extra: Vec::new(),
            apu: Vec::new(),
            apv: Vec::new(),
            zip: false,
            limits: Limits::default(),
        }
    }

    /// Encrypts octets into a compact token: five base64url parts.
    ///
    /// # Errors
    /// [`EncryptError::Recipients`] if there are several, [`EncryptError::TooLarge`],
    /// [`EncryptError::Failed`].
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptError> {
        self.encrypt_as(plaintext, self.cty.as_deref())
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
        if self.cty.as_deref().is_some_and(|cty| cty != "JWT") {
            return Err(EncryptError::Header { what: "`cty` of a nested token is `JWT`" });
        }
        self.encrypt_as(token.as_bytes(), Some("JWT"))
    }

    fn encrypt_as(&self, plaintext: &[u8], cty: Option<&str>) -> Result<String, EncryptError> {
        let sealed = self.seal(plaintext, cty, None)?;
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

    pub(super) fn cty(&self) -> Option<&str> {
        self.cty.as_deref()
    }

    pub(super) fn check_size(&self, length: usize) -> Result<(), EncryptError> {
        let limit = self.limits.token_bytes;
        if length > limit { Err(EncryptError::TooLarge { limit }) } else { Ok(()) }
    }

    /// Encrypts; `aad` is the additional data of a JSON serialization, encoded.
    pub(super) fn seal(
        &self,
        plaintext: &[u8],
        cty: Option<&str>,
        aad: Option<&str>,
    ) -> Result<Sealed, EncryptError> {
        // Base64url only adds to it, so what is too large now need not be encrypted first.
        self.check_size(if self.zip { 0 } else { plaintext.len() })?;
        let parties = Parties { apu: &self.apu, apv: &self.apv };
        let (key, deliveries) = self.deliver(parties)?;
        let iv = manage::random(self.encryption.iv_bytes())?;
        self.seal_with(&key, deliveries, iv, plaintext, cty, aad)
    }

    fn deliver(&self, parties: Parties<'_>) -> Result<(Zeroizing<Vec<u8>>, Vec<Delivery>), EncryptError> {
        if let [only] = &*self.recipients {
            let (key, delivery) = only.choose(self.encryption, parties)?;
            return Ok((key, vec![delivery]));
        }
        let key = manage::random(self.encryption.key_bytes())?;
        let deliveries = self.recipients.iter().map(|recipient| recipient.deliver(&key, parties));
        let deliveries = deliveries.collect::<Result<_, _>>()?;
        Ok((key, deliveries))
    }

    fn seal_with(
        &self,
        key: &[u8],
        deliveries: Vec<Delivery>,
        iv: Zeroizing<Vec<u8>>,
        plaintext: &[u8],
        cty: Option<&str>,
        aad: Option<&str>,
    ) -> Result<Sealed, EncryptError> {
        let mut protected = HeaderWriter::new();
        let mut recipients = Vec::with_capacity(deliveries.len());
        let sole = deliveries.len() == 1;
        for (recipient, delivery) in self.recipients.iter().zip(deliveries) {
            let mut own = HeaderWriter::new();
            // One recipient's members are protected; those of several cannot be, for each has its own.
            let header = if sole { &mut protected } else { &mut own };
            header.text("alg", recipient.algorithm().as_str());
            if let Some(kid) = recipient.kid() {
                header.text("kid", kid);
            }
            header.append(&delivery.parameters);
            recipients.push((own, delivery.encrypted_key));
        }
        self.write_protected(&mut protected, cty);
        let protected = base64url::encode(&protected.finish());
        let compressed;
        let data = if self.zip {
            compressed = super::zip::deflate(plaintext)?;
            &*compressed
        } else {
            plaintext
        };
        let authenticated = [&*protected, if aad.is_some() { "." } else { "" }, aad.unwrap_or("")].concat();
        let (ciphertext, tag) = self.encryption.seal(key, &iv, authenticated.as_bytes(), data)?;
        Ok(Sealed { protected, recipients, iv, ciphertext, tag })
    }

    fn write_protected(&self, header: &mut HeaderWriter, cty: Option<&str>) {
        header.text("enc", self.encryption.as_str());
        if let Some(typ) = &self.typ {
            header.text("typ", typ);
        }
        if let Some(cty) = cty {
            header.text("cty", cty);
        }
        if self.zip {
            header.text("zip", "DEF");
        }
        for (name, value) in &self.extra {
            header.json(name, value);
        }
    }
}

impl fmt::Debug for Encrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypter")
            .field("recipients", &self.recipients)
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

/// Collects what the messages of an [`Encrypter`] have in common.
#[derive(Debug)]
#[must_use]
pub struct EncrypterBuilder {
    recipients: Vec<EncryptionKey>,
    encryption: Option<ContentEncryption>,
    typ: Option<String>,
    cty: Option<String>,
    extra: Vec<(String, Vec<u8>)>,
    apu: Vec<u8>,
    apv: Vec<u8>,
    zip: bool,
    limits: Limits,
}

/// Members that this library writes itself, or that change what a message means.
const RESERVED: [&str; 15] =
    ["alg", "enc", "zip", "crit", "kid", "typ", "cty", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "b64"];

impl EncrypterBuilder {
    /// How the content is encrypted; A256GCM unless set, or what the `dir` key is for.
    pub fn content_encryption(mut self, encryption: ContentEncryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Adds a recipient; only the general JSON serialization has room for more than one.
    pub fn recipient(mut self, key: EncryptionKey) -> Self {
        self.recipients.push(key);
        self
    }

    /// `typ` of the protected header: what the whole message is.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// `cty` of the protected header: what the content is.
    pub fn cty(mut self, cty: impl Into<String>) -> Self {
        self.cty = Some(cty.into());
        self
    }

    /// Another member of the protected header. Anyone can read it.
    ///
    /// # Errors
    /// [`EncryptError::Header`] for a member that this library writes itself, one that is set already, or a
    /// value that does not serialize.
    pub fn header(mut self, name: &str, value: &impl Serialize) -> Result<Self, EncryptError> {
        self.extra.push(member(name, value, &self.extra)?);
        Ok(self)
    }

    /// What the sender calls itself, agreed into the key with `ECDH-ES` (`apu`, RFC 7518 §4.6.1.2).
    pub fn apu(mut self, octets: impl Into<Vec<u8>>) -> Self {
        self.apu = octets.into();
        self
    }

    /// What the recipient is called, agreed into the key with `ECDH-ES` (`apv`, RFC 7518 §4.6.1.3).
    pub fn apv(mut self, octets: impl Into<Vec<u8>>) -> Self {
        self.apv = octets.into();
        self
    }

    /// Compresses the content before it is encrypted (`zip`: `DEF`). Many recipients refuse it, and where
    /// an attacker chooses part of the content, the length tells about the rest.
    #[cfg(feature = "zip")]
    pub fn compress(mut self) -> Self {
        self.zip = true;
        self
    }

    /// Replaces the default [`Limits`]; longer messages are not made.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Builds the encrypter.
    ///
    /// # Errors
    /// [`BuildError::InvalidOption`] if a `dir` key is for another content encryption,
    /// [`BuildError::Encrypt`] if a `dir` or `ECDH-ES` key is not the only recipient.
    pub fn build(self) -> Result<Encrypter, BuildError> {
        let direct = self.recipients.iter().find_map(EncryptionKey::content_encryption);
        let encryption = self.encryption.or(direct).unwrap_or(ContentEncryption::A256Gcm);
        if direct.is_some_and(|own| own != encryption) {
            let what = "the key is for another content encryption";
            return Err(BuildError::InvalidOption { option: "content_encryption", what });
        }
        if self.recipients.len() > 1 && self.recipients.iter().any(EncryptionKey::is_sole) {
            let what = "a key for `dir` or `ECDH-ES` shares a message with no other recipient";
            return Err(EncryptError::Recipients { what }.into());
        }
        for (option, text) in [("typ", &self.typ), ("cty", &self.cty)] {
            if text.as_ref().is_some_and(String::is_empty) {
                return Err(BuildError::InvalidOption { option, what: "the text is empty" });
            }
        }
        Ok(Encrypter {
            recipients: self.recipients,
            encryption,
            typ: self.typ,
            cty: self.cty,
            extra: self.extra,
            apu: self.apu,
            apv: self.apv,
            zip: self.zip,
            limits: self.limits,
        })
    }
}

/// A header member that may be added to `others`.
pub(super) fn member(
    name: &str,
    value: &impl Serialize,
    others: &[(String, Vec<u8>)],
) -> Result<(String, Vec<u8>), EncryptError> {
    if RESERVED.contains(&name) {
        return Err(EncryptError::Header { what: "this member is set in another way, or never" });
    }
    if others.iter().any(|(other, _)| other == name) {
        return Err(EncryptError::Header { what: "a member is set twice" });
    }
    let value = serde_json::to_vec(value).map_err(|_| EncryptError::Header { what: "a value is no JSON" })?;
    Ok((name.to_owned(), value))
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
