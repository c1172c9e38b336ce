//! Making a JWS.

use super::headers::Written;
use super::unsigned::{self, Unsigned};
use super::{Headers, Prepared};
use crate::keys::{PublicKey, SigningKey};
use crate::{Limits, SignError, base64url, json};

/// One payload about to be signed. The methods that sign can be called more than once.
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers, Verifier};
/// use waxseal::{Algorithm, PrivateKey};
///
/// let (old, new) = (PrivateKey::generate(Algorithm::Es256)?, PrivateKey::generate(Algorithm::EdDsa)?);
/// let builder = Builder::new(b"the contract");
/// let compact = builder.sign_compact(new.clone(), &Headers::new())?;
/// let general = builder.sign_general([(old, Headers::new()), (new.clone(), Headers::new())])?;
///
/// let verifier = Verifier::builder().key(&new).build()?;
/// assert_eq!(verifier.verify_compact(&compact)?.payload(), b"the contract");
/// assert_eq!(verifier.verify_json(&general)?.signatures().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder<'p> {
    payload: &'p [u8],
    detached: bool,
    unencoded: bool,
    limits: Limits,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Compact,
    Json,
}

impl<'p> Builder<'p> {
    /// Starts with the octets to be signed, which are carried along in base64url unless said otherwise.
    pub fn new(payload: &'p [u8]) -> Self {
        Self { payload, detached: false, unencoded: false, limits: Limits::default() }
    }

    /// Leaves the payload out of the JWS: the verifier gets it another way (RFC 7515 appendix F).
    pub fn detached(mut self) -> Self {
        self.detached = true;
        self
    }

    /// Signs the payload as it is, not its base64url (`b64` false, RFC 7797), and says so in `crit`.
    ///
    /// Verifiers must allow this by name. Unless [`detached`](Self::detached), a compact JWS then takes only
    /// printable ASCII without a full stop, and the JSON serializations only UTF-8 (RFC 7797 §5.2).
    pub fn unencoded_payload(mut self) -> Self {
        self.unencoded = true;
        self
    }

    /// How long a JWS, how long a header and how deep its members may become; the default is what verifiers
    /// accept by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Makes the compact serialization (RFC 7515 §7.1): three parts, the middle one empty if detached.
    ///
    /// # Errors
    /// In this order: [`SignError::InvalidHeader`], also for unprotected members, which this serialization
    /// cannot carry; [`SignError::InvalidPayload`], [`SignError::Failed`], [`SignError::TooLarge`].
    pub fn sign_compact(&self, key: impl Into<SigningKey>, headers: &Headers) -> Result<String, SignError> {
        let key = key.into();
        self.compact(key.alg(), key.kid(), headers)?.sign(&key)
    }

    /// Makes the flattened JSON serialization (RFC 7515 §7.2.2): one signature, members beside the payload.
    ///
    /// # Errors
    /// In this order: [`SignError::InvalidHeader`], [`SignError::InvalidPayload`], [`SignError::Failed`],
    /// [`SignError::TooLarge`].
    pub fn sign_flattened(&self, key: impl Into<SigningKey>, headers: &Headers) -> Result<String, SignError> {
        let key = key.into();
        self.flattened(key.alg(), key.kid(), headers)?.sign(&key)
    }

    /// Makes the general JSON serialization (RFC 7515 §7.2.1): one signature per key, each with a header of
    /// its own. Verifiers accept at most 8 signatures unless told otherwise.
    ///
    /// # Errors
    /// In this order: [`SignError::KeyMissing`] for no key, [`SignError::InvalidPayload`], then for each key
    /// [`SignError::InvalidHeader`] and [`SignError::Failed`]; [`SignError::TooLarge`].
    pub fn sign_general<K: Into<SigningKey>>(
        &self,
        keys: impl IntoIterator<Item = (K, Headers)>,
    ) -> Result<String, SignError> {
        let mut json = b"{".to_vec();
        self.write_payload(&mut json)?;
        json.extend_from_slice(b"\"signatures\":[");
        let mut separator = None;
        for (key, headers) in keys {
            json.extend(separator);
            self.write_signature(&key.into(), &headers, &mut json)?;
            separator = Some(b',');
        }
        separator.ok_or(SignError::KeyMissing)?;
        json.extend_from_slice(b"]}");
        let limit = self.limits.token_bytes;
        if json.len() > limit {
            return Err(SignError::TooLarge { limit });
        }
        String::from_utf8(json).map_err(|_| SignError::Failed)
    }

    /// Prepares the compact serialization for a key that lives elsewhere.
    ///
    /// # Errors
    /// As [`sign_compact`](Self::sign_compact), up to [`SignError::InvalidPayload`].
    pub fn prepare_compact(&self, key: &PublicKey, headers: &Headers) -> Result<Prepared, SignError> {
        Ok(Prepared::new(self.compact(key.alg(), key.kid(), headers)?, key.clone()))
    }

    /// Prepares the flattened JSON serialization for a key that lives elsewhere.
    ///
    /// # Errors
    /// As [`sign_flattened`](Self::sign_flattened), up to [`SignError::InvalidPayload`].
    pub fn prepare_flattened(&self, key: &PublicKey, headers: &Headers) -> Result<Prepared, SignError> {
        Ok(Prepared::new(self.flattened(key.alg(), key.kid(), headers)?, key.clone()))
    }

    fn compact(&self, alg: &str, kid: Option<&str>, headers: &Headers) -> Result<Unsigned, SignError> {
        if headers.has_unprotected() {
            let what = "the compact serialization cannot carry unprotected members";
            return Err(SignError::InvalidHeader { what });
        }
        let written = headers.write(alg, kid, self.unencoded, &self.limits)?;
        self.check_payload(Form::Compact)?;
        let (input, limit) = (self.signing_input(&written), self.limits.token_bytes);
        Ok(if self.detached {
            Unsigned::around(input, format!("{}..", written.protected), "", limit)
        } else {
            Unsigned::compact(input, limit)
        })
    }

    fn flattened(&self, alg: &str, kid: Option<&str>, headers: &Headers) -> Result<Unsigned, SignError> {
        let written = headers.write(alg, kid, self.unencoded, &self.limits)?;
        let mut json = b"{".to_vec();
        self.write_payload(&mut json)?;
        write_header(&written, &mut json);
        let before = String::from_utf8(json).map_err(|_| SignError::Failed)?;
        Ok(Unsigned::around(self.signing_input(&written), before, "\"}", self.limits.token_bytes))
    }

    /// One element of `signatures`.
    fn write_signature(
        &self,
        key: &SigningKey,
        headers: &Headers,
        json: &mut Vec<u8>,
    ) -> Result<(), SignError> {
        let written = headers.write(key.alg(), key.kid(), self.unencoded, &self.limits)?;
        let signature = unsigned::sign(key, &mut self.signing_input(&written))?;
        json.push(b'{');
        write_header(&written, json);
        json.extend_from_slice(signature.as_bytes());
        json.extend_from_slice(b"\"}");
        Ok(())
    }

    fn signing_input(&self, written: &Written) -> Vec<u8> {
        let mut input = written.protected.clone().into_bytes();
        input.push(b'.');
        if self.unencoded {
            input.extend_from_slice(self.payload);
        } else {
            base64url::encode_append(self.payload, &mut input);
        }
        input
    }

    /// The member `payload` with a comma behind it; nothing if detached.
    fn write_payload(&self, json: &mut Vec<u8>) -> Result<(), SignError> {
        let text = self.check_payload(Form::Json)?;
        if self.detached {
            return Ok(());
        }
        json.extend_from_slice(b"\"payload\":");
        match text {
            Some(text) => json::write_string(text, json),
            None => json::write_string(&base64url::encode(self.payload), json),
        }
        json.push(b',');
        Ok(())
    }

    /// The payload as text, if it goes into the JWS unencoded.
    fn check_payload(&self, form: Form) -> Result<Option<&'p str>, SignError> {
        if self.detached || !self.unencoded {
            return Ok(None);
        }
        if form == Form::Compact && !super::fits_compact(self.payload) {
            let what = "unencoded in a compact JWS it must be printable ASCII without `.`; detach it";
            return Err(SignError::InvalidPayload { what });
        }
        let text = std::str::from_utf8(self.payload);
        text.map(Some).map_err(|_| SignError::InvalidPayload {
            what: "unencoded in a JSON serialization it must be UTF-8; detach it",
        })
    }
}

/// The members of one signature, up to the opening quote of its value.
fn write_header(written: &Written, json: &mut Vec<u8>) {
    json.extend_from_slice(b"\"protected\":\"");
    json.extend_from_slice(written.protected.as_bytes());
    if let Some(unprotected) = &written.unprotected {
        json.extend_from_slice(b"\",\"header\":");
        json.extend_from_slice(unprotected.as_bytes());
        json.extend_from_slice(b",\"signature\":\"");
    } else {
        json.extend_from_slice(b"\",\"signature\":\"");
    }
}
