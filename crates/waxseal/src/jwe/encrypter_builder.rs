//! Building encrypters.

use super::{BuildError, ContentEncryption, EncryptError, Encrypter, EncryptionKey};
use crate::{KeyError, Limits};
use serde::Serialize;

/// Collects what the messages of an [`Encrypter`] have in common.
///
/// # Examples
/// ```
/// use waxseal::jwe::{ContentEncryption, DecryptionKey, Encrypter, KeyAlgorithm};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?;
/// let encrypter = Encrypter::builder(key.encryption_key()?)
///     .content_encryption(ContentEncryption::A128CbcHs256)
///     .cty("text/plain")
///     .header("iss", &"https://auth.example")?
///     .build()?;
/// assert_eq!(encrypter.encrypt(b"four o'clock")?.split('.').count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct EncrypterBuilder {
    settings: Settings,
    encryption: Option<ContentEncryption>,
}

#[derive(Debug)]
pub(super) struct Settings {
    pub(super) recipients: Vec<EncryptionKey>,
    pub(super) typ: Option<String>,
    pub(super) cty: Option<String>,
    /// Further protected members: names, and values as JSON.
    pub(super) extra: Vec<(String, Vec<u8>)>,
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
    pub(super) zip: bool,
    pub(super) limits: Limits,
    approved_only: bool,
}

/// Members that this library writes itself, or that change what a message means.
const RESERVED: [&str; 15] =
    ["alg", "enc", "zip", "crit", "kid", "typ", "cty", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "b64"];

impl Settings {
    fn check(&self) -> Result<(), BuildError> {
        if let Some(key) = self.recipients.iter().find(|key| self.approved_only && !key.is_fips_approved()) {
            return Err(KeyError::EncryptionForbidden { algorithm: key.algorithm().as_str() }.into());
        }
        if self.recipients.len() > 1 && self.recipients.iter().any(EncryptionKey::is_sole) {
            let what = "a key for `dir` or `ECDH-ES` shares a message with no other recipient";
            return Err(EncryptError::Recipients { what }.into());
        }
        let agrees = self.recipients.iter().any(EncryptionKey::agrees);
        for (option, party) in [("apu", &self.apu), ("apv", &self.apv)] {
            if !party.is_empty() && !agrees {
                return Err(BuildError::InvalidOption {
                    option,
                    what: "no recipient has a key for `ECDH-ES`",
                });
            }
        }
        for (option, text) in [("typ", &self.typ), ("cty", &self.cty)] {
            if text.as_ref().is_some_and(String::is_empty) {
                return Err(BuildError::InvalidOption { option, what: "the text is empty" });
            }
        }
        Ok(())
    }
}

impl EncrypterBuilder {
    pub(super) fn new(key: EncryptionKey) -> Self {
        let settings = Settings {
            recipients: vec![key],
            typ: None,
            cty: None,
            extra: Vec::new(),
            apu: Vec::new(),
            apv: Vec::new(),
            zip: false,
            limits: Limits::default(),
            approved_only: false,
        };
        Self { settings, encryption: None }
    }

    /// How the content is encrypted; A256GCM unless set, or what the `dir` key is for.
    pub fn content_encryption(mut self, encryption: ContentEncryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Adds a recipient; only the general JSON serialization has room for more than one.
    pub fn recipient(mut self, key: EncryptionKey) -> Self {
        self.settings.recipients.push(key);
        self
    }

    /// `typ` of the protected header: what the whole message is.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.settings.typ = Some(typ.into());
        self
    }

    /// `cty` of the protected header: what the content is.
    pub fn cty(mut self, cty: impl Into<String>) -> Self {
        self.settings.cty = Some(cty.into());
        self
    }

    /// Another member of the protected header. Anyone can read it.
    ///
    /// # Errors
    /// [`EncryptError::Header`] for a member that this library writes itself, one that is set already, or a
    /// value that does not serialize.
    pub fn header(mut self, name: &str, value: &impl Serialize) -> Result<Self, EncryptError> {
        self.settings.extra.push(member(name, value, &self.settings.extra)?);
        Ok(self)
    }

    /// What the sender calls itself, agreed into the key with `ECDH-ES` (`apu`, RFC 7518 §4.6.1.2).
    pub fn apu(mut self, octets: impl Into<Vec<u8>>) -> Self {
        self.settings.apu = octets.into();
        self
    }

    /// What the recipient is called, agreed into the key with `ECDH-ES` (`apv`, RFC 7518 §4.6.1.3).
    pub fn apv(mut self, octets: impl Into<Vec<u8>>) -> Self {
        self.settings.apv = octets.into();
        self
    }

    /// Compresses the content before it is encrypted (`zip`: `DEF`). Many recipients refuse it, and where
    /// an attacker chooses part of the content, the length tells about the rest.
    #[cfg(feature = "zip")]
    pub fn compress(mut self) -> Self {
        self.settings.zip = true;
        self
    }

    /// Replaces the default [`Limits`]; longer messages are not made.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Refuses keys that the standards of NIST do not approve: what
    /// [`AlgorithmPolicy::fips`](crate::AlgorithmPolicy::fips) is for signatures.
    pub fn fips_approved_only(mut self) -> Self {
        self.settings.approved_only = true;
        self
    }

    /// Builds the encrypter.
    ///
    /// # Errors
    /// [`BuildError::Key`] for a key that is not approved if only such are to be used, [`BuildError::Encrypt`] if a `dir` or `ECDH-ES` key is not the only recipient,
    /// [`BuildError::InvalidOption`] for an empty text, `apu` or `apv` without a key that agrees, or if a
    /// `dir` key is for another content encryption.
    pub fn build(self) -> Result<Encrypter, BuildError> {
        self.settings.check()?;
        let direct = self.settings.recipients.iter().find_map(EncryptionKey::content_encryption);
        let encryption = self.encryption.or(direct).unwrap_or(ContentEncryption::A256Gcm);
        if direct.is_some_and(|own| own != encryption) {
            let what = "the key is for another content encryption";
            return Err(BuildError::InvalidOption { option: "content_encryption", what });
        }
        Ok(Encrypter { settings: self.settings, encryption })
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
