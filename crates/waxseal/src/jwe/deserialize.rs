//! Reading the JSON serializations (RFC 7516 §7.2).

use super::header::{Members, text};
use super::message::{Message, Recipient, check_header_size, decode, decode_header};
use super::{DecryptError, DecryptedBytes, Decrypter};
use crate::Limits;
use crate::json::{self, Kind, Value};
use std::borrow::Cow;
use zeroize::Zeroizing;

impl Decrypter {
    /// Decrypts a message in the general or the flattened JSON serialization.
    ///
    /// Strictly read: each member name once and in one header only; `crit` nowhere; `zip` in the protected
    /// header only, `enc` there or in the shared one, `alg` in any (the examples of RFC 7520 §5.10 to §5.13
    /// need that; see [`protected_algorithms_only`](super::DecrypterBuilder::protected_algorithms_only)).
    /// Recipients whose `alg` or `kid` no key answers to are passed over. A compact token is not accepted
    /// here, nor JSON by [`decrypt`](Self::decrypt).
    ///
    /// # Errors
    /// As [`decrypt`](Self::decrypt).
    pub fn decrypt_json(&self, message: &str) -> Result<DecryptedBytes, DecryptError> {
        let limits = &self.config.limits;
        let parts = Parts::read(message, limits)?;
        let header = parts.protected_text()?;
        let parsed = parts.message(header.as_deref(), limits)?;
        let opened = self.open(&parsed)?;
        let recipient = parts.recipients.get(opened.recipient).and_then(|parts| parts.header);
        let aad = parts.aad.as_deref().map(|aad| decode(aad, "`aad` is not base64url")).transpose()?;
        let own = |value: Option<Value<'_>>| value.map(|value| value.raw.to_owned());
        let protected = header.clone().unwrap_or_else(|| "{}".to_owned());
        Ok(opened.with_headers(protected, own(parts.unprotected), own(recipient), aad))
    }
}

/// The members of the JSON, not decoded yet.
struct Parts<'t> {
    protected: Option<Cow<'t, str>>,
    unprotected: Option<Value<'t>>,
    aad: Option<Cow<'t, str>>,
    iv: Vec<u8>,
    ciphertext: Zeroizing<Vec<u8>>,
    tag: Vec<u8>,
    recipients: Vec<RecipientParts<'t>>,
}

struct RecipientParts<'t> {
    header: Option<Value<'t>>,
    encrypted_key: Vec<u8>,
}

impl<'t> Parts<'t> {
    fn read(message: &'t str, limits: &Limits) -> Result<Self, DecryptError> {
        if message.len() > limits.token_bytes {
            return Err(DecryptError::TooLarge { what: "it", limit: limits.token_bytes });
        }
        let mut members = Members::default();
        json::scan_object(message, limits.depth, &mut members)
            .map_err(|_| DecryptError::malformed("it is not a strict JSON object"))?;
        let octets = |name, what| -> Result<Vec<u8>, DecryptError> {
            let text = member(&members, name, what)?.ok_or(DecryptError::malformed(what))?;
            decode(&text, what)
        };
        Ok(Self {
            protected: non_empty(&members, "protected", "`protected` is not a text")?,
            unprotected: object(&members, "unprotected")?,
            aad: non_empty(&members, "aad", "`aad` is not a text")?,
            iv: octets("iv", "`iv` is missing or not base64url")?,
            ciphertext: Zeroizing::new(octets("ciphertext", "`ciphertext` is missing or not base64url")?),
            tag: octets("tag", "`tag` is missing or not base64url")?,
            recipients: recipients(&members, limits)?,
        })
    }

    fn protected_text(&self) -> Result<Option<String>, DecryptError> {
        self.protected.as_deref().map(decode_header).transpose()
    }

    fn message<'m>(&'m self, header: Option<&'m str>, limits: &Limits) -> Result<Message<'m>, DecryptError> {
        let read = |value: Option<Value<'m>>| match value {
            None => Ok(Members::default()),
            Some(value) => {
                check_header_size(value.raw, limits)?;
                Members::read(value.raw, limits.depth)
            }
        };
        let encoded_header = self.protected.as_deref().unwrap_or("");
        check_header_size(encoded_header, limits)?;
        let recipients = self.recipients.iter().map(|parts| {
            Ok(Recipient { header: read(parts.header)?, encrypted_key: parts.encrypted_key.clone() })
        });
        Ok(Message {
            encoded_header,
            protected: header
                .map_or_else(|| Ok(Members::default()), |text| Members::read(text, limits.depth))?,
            shared: read(self.unprotected)?,
            recipients: recipients.collect::<Result<_, DecryptError>>()?,
            encoded_aad: self.aad.as_deref(),
            iv: self.iv.clone(),
            tag: self.tag.clone(),
            ciphertext: self.ciphertext.clone(),
        })
    }
}

fn member<'t>(
    members: &Members<'t>,
    name: &str,
    what: &'static str,
) -> Result<Option<Cow<'t, str>>, DecryptError> {
    text(members.find(name), what).map_err(|_| DecryptError::malformed(what))
}

/// A member that must be absent rather than empty (RFC 7516 §7.2.1).
fn non_empty<'t>(
    members: &Members<'t>,
    name: &str,
    what: &'static str,
) -> Result<Option<Cow<'t, str>>, DecryptError> {
    let text = member(members, name, what)?;
    if text.as_deref().is_some_and(str::is_empty) {
        return Err(DecryptError::malformed("a member is empty that should be absent"));
    }
    Ok(text)
}

fn object<'t>(members: &Members<'t>, name: &str) -> Result<Option<Value<'t>>, DecryptError> {
    match members.find(name) {
        Some(value) if value.kind != Kind::Object => {
            Err(DecryptError::malformed("a header of it is not an object"))
        }
        found => Ok(found),
    }
}

/// General: `recipients`. Flattened: `header` and `encrypted_key` beside the rest. Never both (§7.2.2).
fn recipients<'t>(members: &Members<'t>, limits: &Limits) -> Result<Vec<RecipientParts<'t>>, DecryptError> {
    let Some(array) = members.find("recipients") else { return Ok(vec![recipient(members)?]) };
    if members.find("header").or(members.find("encrypted_key")).is_some() {
        return Err(DecryptError::malformed("it is of the general and of the flattened form at once"));
    }
    let elements = json::elements(array);
    if array.kind != Kind::Array || elements.is_empty() {
        return Err(DecryptError::malformed("`recipients` is not an array with elements"));
    }
    if elements.len() > Decrypter::MAX_RECIPIENTS {
        return Err(DecryptError::malformed("it has more than 100 recipients"));
    }
    let read = |element: Value<'t>| {
        let mut members = Members::default();
        json::scan_object(element.raw, limits.depth, &mut members)
            .map_err(|_| DecryptError::malformed("an element of `recipients` is not an object"))?;
        recipient(&members)
    };
    elements.into_iter().map(read).collect()
}

fn recipient<'t>(members: &Members<'t>) -> Result<RecipientParts<'t>, DecryptError> {
    let what = "`encrypted_key` is not base64url";
    // RFC 7516 §7.2.1 wants it absent rather than empty; some libraries write it all the same, and an
    // empty key can only be read one way.
    let encrypted_key = match member(members, "encrypted_key", what)? {
        Some(text) => decode(&text, what)?,
        None => Vec::new(),
    };
    Ok(RecipientParts { header: object(members, "header")?, encrypted_key })
}
