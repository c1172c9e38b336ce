//! Decrypting.

use super::attempt::Attempt;
use super::decrypted::Envelope;
use super::header::text;
use super::message::{Compact, Message, decode_header};
use super::ring::Ring;
use super::{ContentEncryption, DecryptError, Decrypted, DecryptedBytes, DecrypterBuilder};
use crate::Limits;
use crate::json::{self, JsonStr, Value, Visitor};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Decrypts tokens with a few keys. Build once, use from any thread, clone cheaply.
///
/// # Examples
/// ```
/// use waxseal::jwe::{DecryptionKey, Decrypter, Encrypter, KeyAlgorithm};
///
/// let key = DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?;
/// let token = Encrypter::builder(key.encryption_key()?).build()?.encrypt(b"for your eyes only")?;
///
/// let decrypter = Decrypter::builder().key(key).build()?;
/// assert_eq!(decrypter.decrypt(&token)?.plaintext(), b"for your eyes only");
///
/// let other = DecryptionKey::generate(KeyAlgorithm::A256Kw)?;
/// let other = Decrypter::builder().key(other).build()?;
/// assert_eq!(other.decrypt(&token).unwrap_err().code().as_str(), "algorithm_mismatch");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decrypter {
    pub(super) config: Arc<Config>,
}

/// What a decrypter was built with.
pub(super) struct Config {
    pub(super) ring: Ring,
    pub(super) encryptions: Vec<ContentEncryption>,
    pub(super) limits: Limits,
    pub(super) zip: bool,
    pub(super) protected_only: bool,
}

impl Decrypter {
    /// The most keys of a decrypter.
    pub const MAX_KEYS: usize = 100;
    /// The most recipients of a message that is read.
    pub const MAX_RECIPIENTS: usize = 100;
    /// The most keys tried for one message, over all its recipients.
    pub const MAX_TRIES: usize = 8;

    /// Starts a decrypter. It needs a key.
    pub fn builder() -> DecrypterBuilder {
        DecrypterBuilder::default()
    }

    /// Decrypts a compact token: five base64url parts, no padding.
    ///
    /// The `alg` is the key's and the `enc` one of those allowed; the header's words are only compared with
    /// them. The tag is checked before anything is decrypted.
    ///
    /// # Errors
    /// In this order: [`DecryptError::TooLarge`], [`DecryptError::UnsupportedCrit`],
    /// [`DecryptError::CompressionNotAllowed`], [`DecryptError::EncryptionNotAllowed`],
    /// [`DecryptError::KeyNotFound`], [`DecryptError::AlgorithmMismatch`]; [`DecryptError::Malformed`] and
    /// [`DecryptError::InvalidHeader`] where a part or a member is first read. These depend on nothing
    /// secret. Everything after them is [`DecryptError::Failed`], whatever the cause; only a sender whose
    /// message decrypts can learn of [`DecryptError::CompressionNotAllowed`] once more, for too large a
    /// content.
    pub fn decrypt(&self, token: &str) -> Result<DecryptedBytes, DecryptError> {
        let limits = &self.config.limits;
        let parts = Compact::split(token, limits)?;
        let header = decode_header(parts.header)?;
        let message = Message::from_compact(&parts, &header, limits)?;
        let opened = self.open(&message)?;
        Ok(opened.with_headers(header.clone(), None, None, None))
    }

    /// Decrypts a compact token and reads its content, a JSON object, into `C`. No claim is checked.
    ///
    /// # Errors
    /// As [`decrypt`](Self::decrypt), then [`DecryptError::ClaimsMismatch`].
    pub fn decrypt_claims<C: DeserializeOwned>(&self, token: &str) -> Result<Decrypted<C>, DecryptError> {
        let DecryptedBytes { plaintext, envelope } = self.decrypt(token)?;
        let mismatch = |detail: &str| DecryptError::ClaimsMismatch { detail: detail.to_owned() };
        let text = std::str::from_utf8(&plaintext).map_err(|_| mismatch(": they are not UTF-8"))?;
        json::scan_object(text, self.config.limits.depth, &mut Ignore)
            .map_err(|_| mismatch(": they are not a strict JSON object"))?;
        let claims =
            serde_json::from_str(text).map_err(|error| mismatch(&crate::token::missing_field(&error)))?;
        Ok(Decrypted { claims, envelope })
    }

    /// Checks the headers, then tries the keys that may fit.
    pub(super) fn open(&self, message: &Message<'_>) -> Result<Opened, DecryptError> {
        let encryption = self.config.check_headers(message)?;
        let labels = Labels::read(message)?;
        if message.iv.len() != encryption.iv_bytes() || message.tag.len() != encryption.tag_bytes() {
            return Err(DecryptError::malformed("its IV or its tag has the wrong length"));
        }
        let authenticated = message.authenticated();
        for attempt in self.config.attempts(message, encryption)? {
            if let Ok(plaintext) = attempt.run(message, encryption, &authenticated) {
                let plaintext = inflate(message, plaintext)?;
                return Ok(Opened::new(&attempt, encryption, labels, plaintext));
            }
        }
        Err(DecryptError::Failed)
    }
}

fn inflate(message: &Message<'_>, plaintext: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    if message.protected.find("zip").is_none() {
        return Ok(plaintext);
    }
    super::zip::inflate(&plaintext)
}

struct Ignore;

impl<'a> Visitor<'a> for Ignore {
    fn member(&mut self, _: JsonStr<'a>, _: Value<'a>) {}
}

/// `typ` and `cty` of the protected header; elsewhere they would say what anyone on the way wants them to.
struct Labels {
    typ: Option<String>,
    cty: Option<String>,
}

impl Labels {
    fn read(message: &Message<'_>) -> Result<Self, DecryptError> {
        let typ = text(message.protected.find("typ"), "`typ` is not a text")?;
        let cty = text(message.protected.find("cty"), "`cty` is not a text")?;
        Ok(Self { typ: typ.map(Cow::into_owned), cty: cty.map(Cow::into_owned) })
    }
}

/// The outcome before the texts of the headers are added.
pub(super) struct Opened {
    plaintext: Zeroizing<Vec<u8>>,
    envelope: Envelope,
    /// Which recipient it was.
    pub(super) recipient: usize,
}

impl Opened {
    fn new(
        attempt: &Attempt<'_>,
        encryption: ContentEncryption,
        labels: Labels,
        plaintext: Zeroizing<Vec<u8>>,
    ) -> Self {
        let envelope = Envelope {
            protected: String::new(),
            unprotected: None,
            recipient: None,
            aad: None,
            kid: attempt.key.kid().map(str::to_owned),
            algorithm: attempt.key.algorithm(),
            encryption,
            typ: labels.typ,
            cty: labels.cty,
        };
        Self { plaintext, envelope, recipient: attempt.recipient }
    }

    pub(super) fn with_headers(
        mut self,
        protected: String,
        unprotected: Option<String>,
        recipient: Option<String>,
        aad: Option<Vec<u8>>,
    ) -> DecryptedBytes {
        self.envelope.protected = protected;
        self.envelope.unprotected = unprotected;
        self.envelope.recipient = recipient;
        self.envelope.aad = aad;
        DecryptedBytes { plaintext: self.plaintext, envelope: self.envelope }
    }
}

impl fmt::Debug for Decrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypter")
            .field("keys", &self.config.ring.0)
            .field("encryptions", &self.config.encryptions)
            .finish_non_exhaustive()
    }
}
