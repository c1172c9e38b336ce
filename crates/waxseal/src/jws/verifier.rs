//! Verifying a JWS.

use super::candidate::Candidate;
use super::content::Content;
use super::header::Header;
use super::serialization::{Jws, Part};
use super::verified::{ProtectedHeader, UnverifiedHeader};
use super::{VerifiedJws, VerifiedSignature, VerifierBuilder};
use crate::keys::{KeyRing, NoKey, VerifyingKey};
use crate::token::same_type;
use crate::{AlgorithmPolicy, Limits, VerifyError};
use std::fmt;
use std::sync::Arc;

/// Checks JWSs against keys. Build once, use from any thread, clone cheaply.
///
/// The caller says which serialization it expects: nothing is guessed from the text, except by
/// [`verify_compact_or_json`](Self::verify_compact_or_json).
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers, Verifier};
/// use waxseal::{Algorithm, SecretKey};
///
/// let key = SecretKey::generate(Algorithm::Hs256)?;
/// let body = b"{\"event\":\"paid\"}";
/// let signature = Builder::new(body).detached().sign_compact(key.clone(), &Headers::new().typ("hook"))?;
///
/// let verifier = Verifier::builder().key(key).typ("hook").build()?;
/// let verified = verifier.verify_compact_detached(&signature, body)?;
/// assert_eq!(verified.payload(), body);
/// assert_eq!(verified.protected_header().member::<String>("typ")?.as_deref(), Some("hook"));
/// assert!(verifier.verify_compact_detached(&signature, b"{}").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    pub(super) config: Arc<Config>,
    pub(super) ring: KeyRing,
}

/// What a verifier accepts.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) typ: Option<String>,
    pub(super) understood: Vec<String>,
    pub(super) unencoded_payload: bool,
    pub(super) every_signature: bool,
    pub(super) limits: Limits,
    pub(super) detached_bytes: usize,
    pub(super) signatures: usize,
    pub(super) policy: AlgorithmPolicy,
}

impl Verifier {
    /// Starts a verifier. It needs a key.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    /// The same expectations with other keys: what key rotation swaps in.
    #[must_use]
    pub fn with_keys(&self, keys: KeyRing) -> Self {
        Self { config: Arc::clone(&self.config), ring: self.config.policy.filter(keys) }
    }

    /// Verifies the compact serialization (RFC 7515 §7.1) with its payload inside.
    ///
    /// `text`: three parts in strict base64url, at most 16,384 characters unless [`Limits`] say otherwise.
    /// An empty middle part is an empty payload here.
    ///
    /// # Errors
    /// In this order: [`VerifyError::TooLarge`], [`VerifyError::Malformed`], [`VerifyError::InvalidHeader`]
    /// and [`VerifyError::UnsupportedCrit`] (a `crit` that breaks RFC 7515 §4.1.11, or an unencoded payload
    /// that was not allowed), [`VerifyError::Malformed`] for the payload; then [`VerifyError::UnsupportedCrit`]
    /// for an extension, [`VerifyError::TypMismatch`], [`VerifyError::KeyNotFound`],
    /// [`VerifyError::AlgorithmMismatch`], [`VerifyError::BadSignature`] (never says why).
    pub fn verify_compact(&self, text: &str) -> Result<VerifiedJws, VerifyError> {
        self.verify(Jws::compact(text, &self.config.limits)?, None)
    }

    /// Verifies the compact serialization of a detached `payload` (RFC 7515 appendix F): the middle part is
    /// empty. `payload`: at most 1 MiB unless the builder says otherwise.
    ///
    /// # Errors
    /// As [`verify_compact`](Self::verify_compact), with [`VerifyError::PayloadUnexpected`] and
    /// [`VerifyError::PayloadTooLarge`] before the payload would be read.
    pub fn verify_compact_detached(&self, text: &str, payload: &[u8]) -> Result<VerifiedJws, VerifyError> {
        self.verify(Jws::compact(text, &self.config.limits)?, Some(payload))
    }

    /// Verifies a JSON serialization, flattened or general (RFC 7515 §7.2), with its payload inside.
    ///
    /// `text`: one strict JSON object, at most 16,384 bytes unless [`Limits`] say otherwise; other members
    /// are ignored, as the RFC asks. Of several signatures one must verify, or all of them, as the builder
    /// was told; a header that breaks the rules costs its own signature, text that is not strict base64url
    /// or JSON costs the whole JWS.
    ///
    /// # Errors
    /// As [`verify_compact`](Self::verify_compact), with [`VerifyError::TooManySignatures`] where the list is
    /// read and [`VerifyError::PayloadMissing`] for a detached payload. Where one signature of several would
    /// do and none does, the failure that came closest to a good signature.
    pub fn verify_json(&self, text: &str) -> Result<VerifiedJws, VerifyError> {
        self.verify(Jws::json(text, &self.config.limits, self.config.signatures)?, None)
    }

    /// Verifies a JSON serialization of a detached `payload`: there is no member `payload`.
    ///
    /// # Errors
    /// As [`verify_json`](Self::verify_json), with [`VerifyError::PayloadUnexpected`] and
    /// [`VerifyError::PayloadTooLarge`] in place of [`VerifyError::PayloadMissing`].
    pub fn verify_json_detached(&self, text: &str, payload: &[u8]) -> Result<VerifiedJws, VerifyError> {
        self.verify(Jws::json(text, &self.config.limits, self.config.signatures)?, Some(payload))
    }

    /// Verifies either serialization: JSON if the first byte is `{`, which no compact JWS begins with, else
    /// compact. Nothing but that byte is looked at.
    ///
    /// # Errors
    /// As [`verify_json`](Self::verify_json) or [`verify_compact`](Self::verify_compact).
    pub fn verify_compact_or_json(&self, text: &str) -> Result<VerifiedJws, VerifyError> {
        if text.starts_with('{') { self.verify_json(text) } else { self.verify_compact(text) }
    }

    /// Verifies either serialization of a detached `payload`, told apart by the first byte alone.
    ///
    /// # Errors
    /// As [`verify_json_detached`](Self::verify_json_detached) or
    /// [`verify_compact_detached`](Self::verify_compact_detached).
    pub fn verify_compact_or_json_detached(
        &self,
        text: &str,
        payload: &[u8],
    ) -> Result<VerifiedJws, VerifyError> {
        if text.starts_with('{') {
            self.verify_json_detached(text, payload)
        } else {
            self.verify_compact_detached(text, payload)
        }
    }

    fn verify(&self, jws: Jws<'_>, detached: Option<&[u8]>) -> Result<VerifiedJws, VerifyError> {
        let Jws { payload, signatures } = jws;
        // Everything is read before anything is computed, and what is malformed anywhere is refused whole.
        let headers: Vec<Option<String>> =
            signatures.iter().map(Part::decode_protected).collect::<Result<_, _>>()?;
        let read =
            |(index, (part, json)): (usize, (_, _))| Candidate::read(index, part, json, &self.config.limits);
        let candidates = signatures.iter().zip(headers.iter().map(Option::as_ref)).enumerate().map(read);
        let candidates = candidates.collect::<Result<Vec<_>, _>>()?;
        let encoded = self.encoding(&candidates)?;
        let content = match detached {
            Some(given) => Content::detached(&payload, given, encoded, self.config.detached_bytes)?,
            None => Content::carried(payload, encoded)?,
        };
        let mut input = Vec::new();
        let checked = candidates.iter().map(|candidate| {
            content.signing_input(candidate.protected, &mut input);
            self.check(candidate, &input)
        });
        let mut good = self.select(checked)?.into_iter();
        let first = good.next().ok_or(VerifyError::BadSignature)?;
        Ok(VerifiedJws::new(content.payload.into_owned(), first, good.collect()))
    }

    /// Whether the payload was signed in base64url: all signatures must say the same (RFC 7797 §3), or two
    /// readers could take different octets for the payload.
    fn encoding(&self, candidates: &[Candidate<'_>]) -> Result<bool, VerifyError> {
        let readable = || candidates.iter().filter_map(|candidate| candidate.header.as_ref().ok());
        let unencoded = readable().filter(|header| !header.encoded).count();
        if unencoded > 0 && !self.config.unencoded_payload {
            return Err(VerifyError::UnsupportedCrit);
        }
        match (unencoded, readable().count()) {
            (_, 0) => {
                let unreadable = candidates.iter().find_map(|candidate| candidate.header.as_ref().err());
                Err(unreadable.cloned().unwrap_or(VerifyError::BadSignature))
            }
            (0, _) => Ok(true),
            (some, all) if some == all => Ok(false),
            _ => Err(VerifyError::InvalidHeader { what: "`b64` differs between the signatures" }),
        }
    }

    fn check(&self, candidate: &Candidate<'_>, input: &[u8]) -> Result<VerifiedSignature, VerifyError> {
        let header = candidate.header.as_ref().map_err(Clone::clone)?;
        self.check_crit(header)?;
        self.check_typ(header)?;
        let key = self.find_key(header, input, &candidate.signature)?;
        Ok(VerifiedSignature {
            protected_header: ProtectedHeader(candidate.json.to_owned()),
            unverified_header: candidate.unprotected.map(|json| UnverifiedHeader(json.to_owned())),
            algorithm: key.algorithm(),
            kid: key.kid_entry().map(|kid| Arc::clone(&kid.text)),
            index: candidate.index,
        })
    }

    fn check_crit(&self, header: &Header<'_>) -> Result<(), VerifyError> {
        let config = &self.config;
        let understood = |name: &str| match name {
            "b64" => config.unencoded_payload,
            _ => config.understood.iter().any(|other| other == name),
        };
        if header.crit.iter().all(|name| understood(name)) {
            Ok(())
        } else {
            Err(VerifyError::UnsupportedCrit)
        }
    }

    fn check_typ(&self, header: &Header<'_>) -> Result<(), VerifyError> {
        let Some(expected) = &self.config.typ else { return Ok(()) };
        if header.typ.as_deref().is_some_and(|found| same_type(found, expected)) {
            return Ok(());
        }
        Err(VerifyError::TypMismatch { expected: expected.clone() })
    }

    fn find_key(
        &self,
        header: &Header<'_>,
        input: &[u8],
        signature: &[u8],
    ) -> Result<&VerifyingKey, VerifyError> {
        let kid = header.kid.as_deref();
        let mut candidates = self.ring.candidates(header.alg, kid).map_err(|none| match none {
            NoKey::UnknownKid => VerifyError::KeyNotFound { kid: kid.map(str::to_owned) },
            NoKey::OtherAlgorithm => VerifyError::AlgorithmMismatch,
        })?;
        candidates.find(|key| key.verify(input, signature).is_ok()).ok_or(VerifyError::BadSignature)
    }

    /// The signatures that verified, if they are enough.
    fn select(
        &self,
        checked: impl Iterator<Item = Result<VerifiedSignature, VerifyError>>,
    ) -> Result<Vec<VerifiedSignature>, VerifyError> {
        if self.config.every_signature {
            return checked.collect();
        }
        let (mut good, mut failures) = (Vec::new(), Vec::new());
        for one in checked {
            match one {
                Ok(signature) => good.push(signature),
                Err(failure) => failures.push(failure),
            }
        }
        if !good.is_empty() {
            return Ok(good);
        }
        // The first of those that came equally far, which `max_by_key` finds from the end.
        Err(failures.into_iter().rev().max_by_key(closeness).unwrap_or(VerifyError::BadSignature))
    }
}

/// How far a signature got before it failed.
fn closeness(error: &VerifyError) -> u8 {
    match error {
        VerifyError::BadSignature => 5,
        VerifyError::AlgorithmMismatch => 4,
        VerifyError::KeyNotFound { .. } => 3,
        VerifyError::TypMismatch { .. } => 2,
        _ => 1,
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("config", &self.config)
            .field("keys", &self.ring)
            .finish_non_exhaustive()
    }
}
