//! Decrypting.

use super::decrypted::Envelope;
use super::header::{Headers, text};
use super::message::{Compact, Message, Recipient, decode_header};
use super::parameters::Parameters;
use super::ring::{NoKey, Ring, Wanted};
use super::{BuildError, ContentEncryption, DecryptError, Decrypted, DecryptedBytes, DecryptionKey, manage};
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
/// let other = Decrypter::builder().key(DecryptionKey::generate(KeyAlgorithm::EcdhEsA256Kw)?).build()?;
/// assert_eq!(other.decrypt(&token).unwrap_err().code().as_str(), "decryption_failed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decrypter {
    pub(super) config: Arc<Config>,
}

pub(super) struct Config {
    ring: Ring,
    encryptions: Vec<ContentEncryption>,
    pub(super) limits: Limits,
    zip: bool,
    protected_only: bool,
}

impl Decrypter {
    /// The most keys of a decrypter.
    pub const MAX_KEYS: usize = 100;
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
    /// In this order: [`DecryptError::TooLarge`], [`DecryptError::Malformed`],
    /// [`DecryptError::UnsupportedCrit`], [`DecryptError::CompressionNotAllowed`],
    /// [`DecryptError::EncryptionNotAllowed`], [`DecryptError::InvalidHeader`],
    /// [`DecryptError::KeyNotFound`], [`DecryptError::AlgorithmMismatch`]; these depend on nothing secret.
    /// Everything after that is [`DecryptError::Failed`], whatever the cause; only a sender whose message
    /// decrypts can learn of [`DecryptError::CompressionNotAllowed`] again, for too large a content.
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
            serde_json::from_str(text).map_err(|error| mismatch(&crate::jwt::missing_field(&error)))?;
        Ok(Decrypted { claims, envelope })
    }

    /// Checks the headers, then tries the keys that may fit.
    pub(super) fn open(&self, message: &Message<'_>) -> Result<Opened, DecryptError> {
        let encryption = self.check_shared_headers(message)?;
        let labels = Labels::read(message)?;
        if message.iv.len() != encryption.iv_bytes() || message.tag.len() != encryption.tag_bytes() {
            return Err(DecryptError::malformed("its IV or its tag has the wrong length"));
        }
        let attempts = self.attempts(message, encryption)?;
        let authenticated = message.authenticated();
        for attempt in attempts.iter().take(Self::MAX_TRIES) {
            if let Ok(plaintext) = attempt.run(message, encryption, &authenticated) {
                let plaintext = inflate(message, plaintext)?;
                return Ok(opened(message, attempt, encryption, labels, plaintext));
            }
        }
        Err(DecryptError::Failed)
    }

    /// `crit`, `zip` and `enc`: what holds for all recipients.
    fn check_shared_headers(&self, message: &Message<'_>) -> Result<ContentEncryption, DecryptError> {
        let headers = message.recipients.iter().map(|recipient| headers(message, recipient));
        for headers in headers {
            headers.check_disjoint()?;
            // An extension changes what the message means, and none is supported (RFC 7516 §4.1.13).
            if headers.find("crit").is_some() {
                return Err(DecryptError::UnsupportedCrit);
            }
            if headers.shared.find("zip").or(headers.recipient.find("zip")).is_some() {
                return Err(DecryptError::header("`zip` stands outside the protected header"));
            }
            if headers.recipient.find("enc").is_some() {
                return Err(DecryptError::header("`enc` stands in the header of a recipient"));
            }
            if self.config.protected_only
                && (headers.protected.find("alg").is_none() || headers.protected.find("enc").is_none())
            {
                return Err(DecryptError::header("`alg` or `enc` stands outside the protected header"));
            }
        }
        self.check_zip(message)?;
        let enc = text(message.protected.find("enc").or(message.shared.find("enc")), "`enc` is not a text")?;
        let enc = enc.ok_or(DecryptError::header("`enc` is missing"))?;
        let known = enc.parse().map_err(|_| DecryptError::EncryptionNotAllowed)?;
        if self.config.encryptions.contains(&known) {
            Ok(known)
        } else {
            Err(DecryptError::EncryptionNotAllowed)
        }
    }

    fn check_zip(&self, message: &Message<'_>) -> Result<(), DecryptError> {
        let Some(zip) = text(message.protected.find("zip"), "`zip` is not a text")? else { return Ok(()) };
        if !self.config.zip {
            return Err(DecryptError::CompressionNotAllowed { what: "it is off" });
        }
        if zip == "DEF" {
            return Ok(());
        }
        Err(DecryptError::CompressionNotAllowed { what: "its method is unknown" })
    }

    /// The keys to try, recipient by recipient.
    fn attempts<'m>(
        &'m self,
        message: &'m Message<'_>,
        encryption: ContentEncryption,
    ) -> Result<Vec<Attempt<'m>>, DecryptError> {
        let mut attempts = Vec::new();
        let mut none = NoKey::UnknownKid;
        let mut unknown = None;
        for recipient in &message.recipients {
            let headers = headers(message, recipient);
            let alg = headers.text("alg", "`alg` is not a text")?;
            let alg = alg.ok_or(DecryptError::header("`alg` is missing"))?;
            let kid = headers.text("kid", "`kid` is not a text")?;
            if kid.as_deref().is_some_and(|kid| !crate::keys::acceptable_kid(kid)) {
                let what = "`kid` is empty, too long or has control characters";
                return Err(DecryptError::header(what));
            }
            let wanted = Wanted { algorithm: alg.parse().ok(), encryption, kid: kid.as_deref() };
            match self.config.ring.candidates(wanted) {
                Ok(keys) => add_attempts(&mut attempts, &headers, recipient, keys)?,
                Err(reason) => none = none.max(reason),
            }
            unknown = kid.filter(|_| message.recipients.len() == 1).map(Cow::into_owned);
        }
        match (attempts.is_empty(), none) {
            (false, _) => Ok(attempts),
            (true, NoKey::OtherAlgorithm) => Err(DecryptError::AlgorithmMismatch),
            (true, NoKey::UnknownKid) => Err(DecryptError::KeyNotFound { kid: unknown }),
        }
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

fn headers<'a, 't>(message: &'a Message<'t>, recipient: &'a Recipient<'t>) -> Headers<'a, 't> {
    Headers { protected: &message.protected, shared: &message.shared, recipient: &recipient.header }
}

fn add_attempts<'m>(
    attempts: &mut Vec<Attempt<'m>>,
    headers: &Headers<'_, '_>,
    recipient: &'m Recipient<'_>,
    keys: Vec<&'m DecryptionKey>,
) -> Result<(), DecryptError> {
    for key in keys {
        if key.takes_no_encrypted_key() && !recipient.encrypted_key.is_empty() {
            // RFC 7516 §5.2 step 10.
            return Err(DecryptError::malformed("it has an encrypted key where none belongs"));
        }
        let parameters = Parameters::read(key.algorithm(), headers)?;
        key.check_cost(&parameters)?;
        attempts.push(Attempt { key, recipient, parameters });
    }
    Ok(())
}

/// One key for one recipient.
struct Attempt<'m> {
    key: &'m DecryptionKey,
    recipient: &'m Recipient<'m>,
    parameters: Parameters,
}

impl Attempt<'_> {
    /// Decrypts a copy of the content.
    ///
    /// An encrypted key that does not open is replaced by a random one, drawn before in any case, and the
    /// content is tried all the same (RFC 7516 §11.5): a wrong key, a wrong padding and a wrong tag then
    /// take the same path and about the same time, and only the tag decides.
    fn run(
        &self,
        message: &Message<'_>,
        encryption: ContentEncryption,
        authenticated: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let mut content_key = manage::random(encryption.key_bytes())?;
        if let Ok(key) = self.key.recover(encryption, &self.parameters, &self.recipient.encrypted_key)
            && key.len() == encryption.key_bytes()
        {
            content_key = key;
        }
        let mut data = message.ciphertext.clone();
        encryption.open(&content_key, &message.iv, authenticated, &message.tag, &mut data)?;
        Ok(data)
    }
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
    pub(super) index: usize,
}

impl Opened {
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

fn opened(
    message: &Message<'_>,
    attempt: &Attempt<'_>,
    encryption: ContentEncryption,
    labels: Labels,
    plaintext: Zeroizing<Vec<u8>>,
) -> Opened {
    let index = message.recipients.iter().position(|other| std::ptr::eq(other, attempt.recipient));
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
    Opened { plaintext, envelope, index: index.unwrap_or(0) }
}

impl fmt::Debug for Decrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decrypter")
            .field("keys", &self.config.ring.0)
            .field("encryptions", &self.config.encryptions)
            .finish_non_exhaustive()
    }
}

/// Collects the keys of a [`Decrypter`] and what it allows.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct DecrypterBuilder {
    keys: Vec<DecryptionKey>,
    encryptions: Option<Vec<ContentEncryption>>,
    limits: Limits,
    zip: bool,
    protected_only: bool,
}

impl DecrypterBuilder {
    /// Adds a key. Several may share a `kid`, or have none; then each that fits is tried.
    pub fn key(mut self, key: DecryptionKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Adds keys.
    pub fn keys(mut self, keys: impl IntoIterator<Item = DecryptionKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// The only content encryptions to accept; all of [`ContentEncryption::ALL`] unless set.
    pub fn content_encryptions(mut self, allowed: impl IntoIterator<Item = ContentEncryption>) -> Self {
        self.encryptions = Some(allowed.into_iter().collect());
        self
    }

    /// Replaces the default [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Accepts compressed content (`zip`: `DEF`) that grows to at most 250,000 octets and at most to 50
    /// times its length. Only where a sender insists: a small message then costs up to that much memory.
    #[cfg(feature = "zip")]
    pub fn allow_compression(mut self) -> Self {
        self.zip = true;
        self
    }

    /// In JSON serializations, accepts `alg` and `enc` in the protected header only.
    ///
    /// RFC 7516 allows them elsewhere and its examples do so; without this option `alg` may stand in any
    /// header, `enc` in the protected or the shared one. Nothing is ever decided by them: they are
    /// compared with the key's algorithm and with the allowed encryptions.
    pub fn protected_algorithms_only(mut self) -> Self {
        self.protected_only = true;
        self
    }

    /// Builds the decrypter.
    ///
    /// # Errors
    /// [`BuildError::KeyMissing`], [`BuildError::InvalidOption`] for too many keys or if no content
    /// encryption is allowed.
    pub fn build(self) -> Result<Decrypter, BuildError> {
        if self.keys.is_empty() {
            return Err(BuildError::KeyMissing);
        }
        if self.keys.len() > Decrypter::MAX_KEYS {
            return Err(BuildError::InvalidOption { option: "keys", what: "more than 100 are too many" });
        }
        let encryptions = self.encryptions.unwrap_or_else(|| ContentEncryption::ALL.to_vec());
        if encryptions.is_empty() {
            return Err(BuildError::InvalidOption { option: "content_encryptions", what: "none is allowed" });
        }
        let config = Config {
            ring: Ring(self.keys),
            encryptions,
            limits: self.limits,
            zip: self.zip,
            protected_only: self.protected_only,
        };
        Ok(Decrypter { config: Arc::new(config) })
    }
}
