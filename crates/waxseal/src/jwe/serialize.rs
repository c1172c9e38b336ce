//! Writing the JSON serializations (RFC 7516 §7.2).

use super::encrypter_builder::member;
use super::header::HeaderWriter;
use super::seal::{Content, Sealed};
use super::{EncryptError, Encrypter};
use crate::base64url;
use serde::Serialize;

/// A message to be written in a JSON serialization.
///
/// With one recipient all of its header members are protected. With several each has a header of its own,
/// which nothing protects; what decides how to decrypt is the recipient's key all the same.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, Decrypter, Encrypter, KeyAlgorithm};
///
/// let (ann, ben) = (DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?, DecryptionKey::generate(KeyAlgorithm::A256Kw)?);
/// let encrypter = Encrypter::builder(ann.encryption_key()?).recipient(ben.encryption_key()?).build()?;
/// let message = encrypter.json().aad(b"delivered on Monday").general(b"the content")?;
///
/// let decrypted = Decrypter::builder().key(ben).build()?.decrypt_json(&message)?;
/// assert_eq!(decrypted.plaintext(), b"the content");
/// assert_eq!(decrypted.aad(), Some(&b"delivered on Monday"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct JsonMessage<'e> {
    encrypter: &'e Encrypter,
    aad: Option<String>,
    unprotected: Vec<(String, Vec<u8>)>,
}

impl<'e> JsonMessage<'e> {
    pub(super) fn new(encrypter: &'e Encrypter) -> Self {
        Self { encrypter, aad: None, unprotected: Vec::new() }
    }

    /// Octets that go along unencrypted and are protected like the header; none are the same as no call.
    pub fn aad(mut self, octets: impl AsRef<[u8]>) -> Self {
        // RFC 7516 §7.2.1: absent where it would be empty.
        self.aad = Some(base64url::encode(octets.as_ref())).filter(|aad| !aad.is_empty());
        self
    }

    /// A member of the shared unprotected header: anyone can read it and change it on the way.
    ///
    /// # Errors
    /// [`EncryptError::Header`] for a member that this library writes itself or that is set already.
    pub fn unprotected(mut self, name: &str, value: &impl Serialize) -> Result<Self, EncryptError> {
        // A name stands in one header only (RFC 7516 §7.2.1).
        member(name, value, &self.encrypter.settings.extra)?;
        self.unprotected.push(member(name, value, &self.unprotected)?);
        Ok(self)
    }

    /// Encrypts into the flattened serialization.
    ///
    /// # Errors
    /// [`EncryptError::Recipients`] if there are several, [`EncryptError::TooLarge`],
    /// [`EncryptError::Failed`].
    pub fn flattened(self, plaintext: &[u8]) -> Result<String, EncryptError> {
        let sealed = self.seal(plaintext)?;
        let [(header, encrypted_key)] = &*sealed.recipients else {
            let what = "the flattened serialization has room for one recipient; use `general`";
            return Err(EncryptError::Recipients { what });
        };
        let mut json = self.begin(&sealed);
        write_recipient(&mut json, header, encrypted_key);
        self.finish(json, &sealed)
    }

    /// Encrypts into the general serialization, for one recipient or several.
    ///
    /// # Errors
    /// [`EncryptError::TooLarge`], [`EncryptError::Failed`].
    pub fn general(self, plaintext: &[u8]) -> Result<String, EncryptError> {
        let sealed = self.seal(plaintext)?;
        let mut json = self.begin(&sealed);
        let mut recipients = Vec::new();
        for (header, encrypted_key) in &sealed.recipients {
            recipients.push(if recipients.is_empty() { b'[' } else { b',' });
            let mut recipient = HeaderWriter::new();
            write_recipient(&mut recipient, header, encrypted_key);
            recipients.extend_from_slice(&recipient.finish());
        }
        recipients.push(b']');
        json.json("recipients", &recipients);
        self.finish(json, &sealed)
    }

    fn seal(&self, plaintext: &[u8]) -> Result<Sealed, EncryptError> {
        let cty = self.encrypter.settings.cty.as_deref();
        self.encrypter.seal(&Content { plaintext, cty, aad: self.aad.as_deref() })
    }

    fn begin(&self, sealed: &Sealed) -> HeaderWriter {
        let mut json = HeaderWriter::new();
        json.text("protected", &sealed.protected);
        if !self.unprotected.is_empty() {
            let mut header = HeaderWriter::new();
            for (name, value) in &self.unprotected {
                header.json(name, value);
            }
            json.json("unprotected", &header.finish());
        }
        json
    }

    fn finish(&self, mut json: HeaderWriter, sealed: &Sealed) -> Result<String, EncryptError> {
        if let Some(aad) = &self.aad {
            json.text("aad", aad);
        }
        json.octets("iv", &sealed.iv);
        json.octets("ciphertext", &sealed.ciphertext);
        json.octets("tag", &sealed.tag);
        let json = json.finish();
        self.encrypter.check_size(json.len())?;
        String::from_utf8(json).map_err(|_| EncryptError::Failed)
    }
}

fn write_recipient(json: &mut HeaderWriter, header: &HeaderWriter, encrypted_key: &[u8]) {
    if !header.is_empty() {
        json.json("header", &header.clone().finish());
    }
    // Absent when empty (RFC 7516 §7.2.1).
    if !encrypted_key.is_empty() {
        json.octets("encrypted_key", encrypted_key);
    }
}
