//! Which keys are tried for a message, and trying one.

use super::decrypter::Config;
use super::header::Headers;
use super::message::{Message, Recipient};
use super::parameters::Parameters;
use super::ring::{NoKey, Wanted};
use super::{ContentEncryption, DecryptError, Decrypter, DecryptionKey, manage};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// One key for one recipient.
pub(super) struct Attempt<'m> {
    pub(super) key: &'m DecryptionKey,
    /// Which recipient.
    pub(super) recipient: usize,
    encrypted_key: &'m [u8],
    parameters: Parameters,
}

impl Config {
    /// The keys to try, recipient by recipient, no more than [`Decrypter::MAX_TRIES`].
    pub(super) fn attempts<'m>(
        &'m self,
        message: &'m Message<'_>,
        encryption: ContentEncryption,
    ) -> Result<Vec<Attempt<'m>>, DecryptError> {
        let mut attempts = Vec::new();
        let mut none = NoKey::UnknownKid;
        let mut kid = None;
        for (index, recipient) in message.recipients.iter().enumerate() {
            let headers = message.headers(recipient);
            let algorithm = headers.text("alg", "`alg` is not a text")?;
            let algorithm = algorithm.ok_or(DecryptError::header("`alg` is missing"))?;
            kid = read_kid(&headers)?;
            let wanted = Wanted { algorithm: algorithm.parse().ok(), encryption, kid: kid.as_deref() };
            match self.ring.candidates(wanted) {
                Ok(keys) => add(&mut attempts, keys, &headers, (index, recipient))?,
                Err(reason) => none = none.max(reason),
            }
        }
        if !attempts.is_empty() {
            return Ok(attempts);
        }
        let kid = kid.filter(|_| message.recipients.len() == 1).map(Cow::into_owned);
        Err(if none == NoKey::OtherAlgorithm {
            DecryptError::AlgorithmMismatch
        } else {
            DecryptError::KeyNotFound { kid }
        })
    }
}

fn read_kid<'h>(headers: &Headers<'_, 'h>) -> Result<Option<Cow<'h, str>>, DecryptError> {
    let kid = headers.text("kid", "`kid` is not a text")?;
    if kid.as_deref().is_some_and(|kid| !crate::keys::acceptable_kid(kid)) {
        return Err(DecryptError::header("`kid` is empty, too long or has control characters"));
    }
    Ok(kid)
}

fn add<'m>(
    attempts: &mut Vec<Attempt<'m>>,
    keys: Vec<&'m DecryptionKey>,
    headers: &Headers<'_, '_>,
    (index, recipient): (usize, &'m Recipient<'_>),
) -> Result<(), DecryptError> {
    // Cut here already, because reading the parameters of each would cost something too.
    let room = Decrypter::MAX_TRIES.saturating_sub(attempts.len());
    for key in keys.into_iter().take(room) {
        if key.takes_no_encrypted_key() && !recipient.encrypted_key.is_empty() {
            // RFC 7516 §5.2 step 10.
            return Err(DecryptError::malformed("it has an encrypted key where none belongs"));
        }
        let parameters = Parameters::read(key.algorithm(), headers)?;
        key.check_cost(&parameters)?;
        attempts.push(Attempt { key, recipient: index, encrypted_key: &recipient.encrypted_key, parameters });
    }
    Ok(())
}

impl Attempt<'_> {
    /// Decrypts a copy of the content.
    ///
    /// An encrypted key that does not open is replaced by a random one, drawn before in any case, and the
    /// content is tried all the same (RFC 7516 §11.5): a wrong key, a wrong padding and a wrong tag then
    /// take the same path and about the same time, and only the tag decides.
    pub(super) fn run(
        &self,
        message: &Message<'_>,
        encryption: ContentEncryption,
        authenticated: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let mut content_key = manage::random(encryption.key_bytes())?;
        if let Ok(key) = self.key.recover(encryption, &self.parameters, self.encrypted_key)
            && key.len() == encryption.key_bytes()
        {
            content_key = key;
        }
        let mut data = message.ciphertext.clone();
        encryption.open(&content_key, &message.iv, authenticated, &message.tag, &mut data)?;
        Ok(data)
    }
}
