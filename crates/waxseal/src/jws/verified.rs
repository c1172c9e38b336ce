//! The proof that a JWS was verified.

use super::members::Members;
use crate::{Algorithm, Limits, VerifyError};
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// A payload under at least one good signature. Only a [`Verifier`](super::Verifier) makes one.
///
/// What the payload means is for the caller to say: no claim, no time and no audience was checked.
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers, Verifier};
/// use waxseal::{Algorithm, PrivateKey};
///
/// let key = PrivateKey::generate(Algorithm::EdDsa)?;
/// let jws = Builder::new(b"any octets").sign_compact(key.clone(), &Headers::new())?;
/// let verified = Verifier::builder().key(&key).build()?.verify_compact(&jws)?;
/// assert_eq!(verified.kid(), key.kid());
/// assert_eq!(verified.into_payload(), b"any octets");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct VerifiedJws {
    payload: Vec<u8>,
    first: VerifiedSignature,
    others: Vec<VerifiedSignature>,
}

impl VerifiedJws {
    pub(super) fn new(payload: Vec<u8>, first: VerifiedSignature, others: Vec<VerifiedSignature>) -> Self {
        Self { payload, first, others }
    }

    /// The octets that were signed; of a detached payload, a copy.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The octets that were signed, giving up the proof.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// The signatures that verified, at least one, in the order of the JWS. Others may stand in its text;
    /// they prove nothing.
    pub fn signatures(&self) -> impl Iterator<Item = &VerifiedSignature> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The first signature that verified: the only one, unless the JWS has the general JSON serialization.
    #[must_use]
    pub fn signature(&self) -> &VerifiedSignature {
        &self.first
    }

    /// The protected header of [`signature`](Self::signature).
    #[must_use]
    pub fn protected_header(&self) -> &ProtectedHeader {
        &self.first.protected_header
    }

    /// The id of the key that verified [`signature`](Self::signature), if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.first.kid()
    }
}

impl fmt::Debug for VerifiedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The payload may be personal.
        f.debug_struct("VerifiedJws")
            .field("first", &self.first)
            .field("others", &self.others)
            .finish_non_exhaustive()
    }
}

/// One signature that verified, with its headers.
///
/// # Examples
/// ```
/// use waxseal::jws::{Builder, Headers, Verifier};
/// use waxseal::{Algorithm, PrivateKey};
///
/// let key = PrivateKey::generate(Algorithm::EdDsa)?;
/// let other = PrivateKey::generate(Algorithm::Es256)?;
/// let keys = [(other, Headers::new()), (key.clone(), Headers::new())];
/// let jws = Builder::new(b"any octets").sign_general(keys)?;
///
/// // Only the signature that verified is here: the second one.
/// let verified = Verifier::builder().key(&key).build()?.verify_json(&jws)?;
/// assert_eq!(verified.signature().index(), 1);
/// assert_eq!(verified.signature().algorithm(), Algorithm::EdDsa);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    pub(super) protected_header: ProtectedHeader,
    pub(super) unverified_header: Option<UnverifiedHeader>,
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<Arc<str>>,
    pub(super) index: usize,
}

impl VerifiedSignature {
    /// The header that this signature covers.
    #[must_use]
    pub fn protected_header(&self) -> &ProtectedHeader {
        &self.protected_header
    }

    /// The unprotected header of the JSON serializations, which **no signature covers**: anyone may have
    /// written it.
    #[must_use]
    pub fn unverified_header(&self) -> Option<&UnverifiedHeader> {
        self.unverified_header.as_ref()
    }

    /// The algorithm of the key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The id of the key that verified, if it has one; not what a header says.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Where the signature stands in the list `signatures` of the general JSON serialization, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

macro_rules! header_text {
    ($(#[$doc:meta])* $name:ident, $json:literal, $member:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name(pub(super) String);

        impl $name {
            #[doc = $json]
            #[must_use]
            pub fn json(&self) -> &str {
                &self.0
            }

            #[doc = $member]
            ///
            /// # Errors
            /// [`VerifyError::InvalidHeader`] if it is there and not a `T`.
            pub fn member<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, VerifyError> {
                member(&self.0, name)
            }
        }
    };
}

header_text! {
    /// A protected header: one strict JSON object, without duplicates, under a good signature.
    ///
    /// Believe of it what you would believe of the signer. Key material in it (`jwk`, `x5c`, `jku`) was not
    /// used to verify.
    ///
    /// # Examples
    /// ```
    /// use waxseal::jws::{Builder, Headers, Verifier};
    /// use waxseal::{Algorithm, PrivateKey};
    ///
    /// let key = PrivateKey::generate(Algorithm::EdDsa)?;
    /// let headers = Headers::new().typ("hook").member("version", &2);
    /// let jws = Builder::new(b"{}").sign_compact(key.clone(), &headers)?;
    /// let verified = Verifier::builder().key(&key).build()?.verify_compact(&jws)?;
    /// assert_eq!(verified.protected_header().member::<u32>("version")?, Some(2));
    /// assert_eq!(verified.protected_header().member::<u32>("absent")?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ProtectedHeader, "The JSON text, as it was signed.", "The member called `name`, if there is one."
}

header_text! {
    /// An unprotected header: one strict JSON object that **nobody signed**. For hints, not for decisions.
    ///
    /// # Examples
    /// ```
    /// use waxseal::jws::{Builder, Headers, Verifier};
    /// use waxseal::{Algorithm, PrivateKey};
    ///
    /// let key = PrivateKey::generate(Algorithm::EdDsa)?;
    /// let headers = Headers::new().unprotected("hint", "blue");
    /// let jws = Builder::new(b"{}").sign_flattened(key.clone(), &headers)?;
    /// // Anyone on the way can change it, and the signature is as good as before.
    /// let changed = jws.replace("blue", "grey");
    /// let verified = Verifier::builder().key(&key).build()?.verify_json(&changed)?;
    /// let header = verified.signature().unverified_header().expect("it has one");
    /// assert_eq!(header.member::<String>("hint")?.as_deref(), Some("grey"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    UnverifiedHeader, "The JSON text. Not verified.", "The member called `name`, if there is one. Not verified."
}

fn member<T: DeserializeOwned>(json: &str, name: &str) -> Result<Option<T>, VerifyError> {
    let other_type = VerifyError::InvalidHeader { what: "a member does not have the type asked for" };
    // The text was scanned under the verifier's own limit, which is never above this one.
    let members = Members::read(json, Limits::MAX_DEPTH).map_err(|_| other_type.clone())?;
    match members.find(name) {
        None => Ok(None),
        Some(value) => serde_json::from_str(value.raw).map(Some).map_err(|_| other_type),
    }
}
