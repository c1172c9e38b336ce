//! A JWS that lacks only its signature.

use crate::SignError;
use crate::keys::SigningKey;

/// The signing input, and where the signature goes once there is one.
pub(crate) struct Unsigned {
    /// `BASE64URL(protected header)`, a dot, and the payload as it is signed (RFC 7515 §5.1, RFC 7797 §3).
    input: Vec<u8>,
    frame: Frame,
    /// The most characters of the finished JWS.
    limit: usize,
}

enum Frame {
    /// The finished JWS is the signing input, a dot, the signature.
    Compact,
    /// The finished JWS has other text around the signature.
    Around { before: String, after: &'static str },
}

impl Unsigned {
    /// A compact JWS with its payload inside: `input` is the first two parts with the dot between them.
    pub(crate) fn compact(input: Vec<u8>, limit: usize) -> Self {
        Self { input, frame: Frame::Compact, limit }
    }

    pub(super) fn around(input: Vec<u8>, before: String, after: &'static str, limit: usize) -> Self {
        Self { input, frame: Frame::Around { before, after }, limit }
    }

    pub(crate) fn input(&self) -> &[u8] {
        &self.input
    }

    /// Puts the signature, in base64url, into its place.
    pub(super) fn finish(self, signature: &str) -> Result<String, SignError> {
        let (mut text, after) = match self.frame {
            Frame::Compact => {
                let mut text = String::from_utf8(self.input).map_err(|_| SignError::Failed)?;
                text.push('.');
                (text, "")
            }
            Frame::Around { before, after } => (before, after),
        };
        text.push_str(signature);
        text.push_str(after);
        if text.len() > self.limit { Err(SignError::TooLarge { limit: self.limit }) } else { Ok(text) }
    }

    pub(super) fn sign(mut self, key: &SigningKey) -> Result<String, SignError> {
        let signature = sign(key, &mut self.input)?;
        self.finish(&signature)
    }
}

/// The signature over `input` in base64url; `input` is the same afterwards.
pub(super) fn sign(key: &SigningKey, input: &mut Vec<u8>) -> Result<String, SignError> {
    key.check_use()?;
    let length = input.len();
    key.sign_append(input).map_err(|_| SignError::Failed)?;
    let signature = input.get(length + 1..).unwrap_or(&[]).to_vec();
    input.truncate(length);
    String::from_utf8(signature).map_err(|_| SignError::Failed)
}
