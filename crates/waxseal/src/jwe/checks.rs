//! What must hold for the headers of all recipients (RFC 7516 §4.1, §7.2.1).

use super::decrypter::Config;
use super::header::{Headers, check_disjoint, text};
use super::message::Message;
use super::{ContentEncryption, DecryptError};

impl Config {
    /// `crit`, `zip` and `enc`, and where they stand; the content encryption, which is one of those allowed.
    pub(super) fn check_headers(&self, message: &Message<'_>) -> Result<ContentEncryption, DecryptError> {
        let recipients = message.recipients.iter().map(|recipient| &recipient.header);
        check_disjoint(&message.protected, &message.shared, recipients)?;
        for recipient in &message.recipients {
            self.check_places(&message.headers(recipient))?;
        }
        self.check_zip(message)?;
        // One for all recipients (RFC 7516 §7.2.1), so it is not looked for in a recipient's own header.
        let enc = message.protected.find("enc").or(message.shared.find("enc"));
        let enc = text(enc, "`enc` is not a text")?.ok_or(DecryptError::header("`enc` is missing"))?;
        let known = enc.parse().map_err(|_| DecryptError::EncryptionNotAllowed)?;
        if self.encryptions.contains(&known) { Ok(known) } else { Err(DecryptError::EncryptionNotAllowed) }
    }

    fn check_places(&self, headers: &Headers<'_, '_>) -> Result<(), DecryptError> {
        // An extension changes what the message means, and none is supported (RFC 7516 §4.1.13).
        if headers.find("crit").is_some() {
            return Err(DecryptError::UnsupportedCrit);
        }
        if headers.shared.find("zip").or(headers.recipient.find("zip")).is_some() {
            return Err(DecryptError::header("`zip` stands outside the protected header"));
        }
        let protected = |name| headers.protected.find(name).is_some();
        if self.protected_only && !(protected("alg") && protected("enc")) {
            return Err(DecryptError::header("`alg` or `enc` stands outside the protected header"));
        }
        Ok(())
    }

    fn check_zip(&self, message: &Message<'_>) -> Result<(), DecryptError> {
        let Some(zip) = text(message.protected.find("zip"), "`zip` is not a text")? else { return Ok(()) };
        if !self.zip {
            return Err(DecryptError::CompressionNotAllowed { what: "it is off" });
        }
        if zip == "DEF" {
            return Ok(());
        }
        Err(DecryptError::CompressionNotAllowed { what: "its method is unknown" })
    }
}
