//! Keys that sign elsewhere: in an HSM, a KMS, another process.

use super::{Builder, Headers, Prepared};
use crate::algorithm::KeyKind;
use crate::keys::PublicKey;
use crate::{Algorithm, SignError};
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use std::future::Future;

/// Somebody who signs with a private key that this process does not hold.
///
/// The trait knows no runtime: [`sign`](Self::sign) gives a future, and whoever calls polls it.
///
/// # Examples
/// A signer that keeps its key in memory and answers at once:
/// ```
/// use std::future::{Future, ready};
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
/// use waxseal::jws::{Builder, Headers, RemoteSigner, Verifier};
/// use waxseal::{Algorithm, PrivateKey, PublicKey};
///
/// struct InMemory {
///     public: PublicKey,
///     pair: aws_lc_rs::signature::Ed25519KeyPair,
/// }
///
/// impl RemoteSigner for InMemory {
///     type Error = std::convert::Infallible;
///
///     fn public_key(&self) -> &PublicKey {
///         &self.public
///     }
///
///     fn sign(&self, input: &[u8]) -> impl Future<Output = Result<Vec<u8>, Self::Error>> + Send {
///         ready(Ok(self.pair.sign(input).as_ref().to_vec()))
///     }
/// }
///
/// # let private = PrivateKey::generate(Algorithm::EdDsa)?;
/// # let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private.to_pkcs8_der()).unwrap();
/// let signer = InMemory { public: private.public_key().clone(), pair };
/// let builder = Builder::new(b"the contract");
/// let headers = Headers::new();
/// let mut signing = pin!(builder.sign_compact_with(&signer, &headers));
/// let Poll::Ready(jws) = signing.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
///     panic!("this signer answers at once");
/// };
/// assert!(Verifier::builder().key(signer.public.clone()).build()?.verify_compact(&jws?).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RemoteSigner: Sync {
    /// Why the signer did not sign.
    type Error;

    /// The public half of the key, with its algorithm and its `kid`.
    fn public_key(&self) -> &PublicKey;

    /// Signs `input`, whole: hash it first where the device signs hashes.
    ///
    /// The answer has the shape of RFC 7518 §3 and RFC 8037: for ECDSA `r` and `s` at full length, which
    /// [`ecdsa_signature_from_der`] makes of DER.
    fn sign(&self, input: &[u8]) -> impl Future<Output = Result<Vec<u8>, Self::Error>> + Send;
}

/// A JWS was not made with a [`RemoteSigner`].
///
/// # Examples
/// ```
/// use waxseal::SignError;
/// use waxseal::jws::RemoteSignError;
///
/// fn try_again<E>(error: &RemoteSignError<E>) -> bool {
///     // What this process refused, it refuses again; the device may be back in a moment.
///     matches!(error, RemoteSignError::Remote(_))
/// }
/// assert!(try_again(&RemoteSignError::Remote("the device is busy")));
/// assert!(!try_again(&RemoteSignError::<String>::from(SignError::KeyMissing)));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteSignError<E> {
    /// The JWS could not be prepared, or the signature that came back is not valid.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The signer did not sign.
    #[error("the remote signer failed")]
    Remote(#[source] E),
}

impl Prepared {
    /// Has `signer` sign, and finishes. The signer's key does not matter: what comes back must verify with
    /// the key that this was prepared for.
    ///
    /// # Errors
    /// [`RemoteSignError::Remote`], then as [`finish`](Self::finish).
    pub async fn sign_with<S: RemoteSigner>(self, signer: &S) -> Result<String, RemoteSignError<S::Error>> {
        let signature = signer.sign(self.signing_input()).await.map_err(RemoteSignError::Remote)?;
        Ok(self.finish(&signature)?)
    }
}

impl Builder<'_> {
    /// Makes the compact serialization with a key that lives elsewhere: prepare, sign there, check, finish.
    ///
    /// # Errors
    /// As [`prepare_compact`](Self::prepare_compact), then as [`Prepared::sign_with`].
    pub async fn sign_compact_with<S: RemoteSigner>(
        &self,
        signer: &S,
        headers: &Headers,
    ) -> Result<String, RemoteSignError<S::Error>> {
        self.prepare_compact(signer.public_key(), headers)?.sign_with(signer).await
    }

    /// Makes the flattened JSON serialization with a key that lives elsewhere.
    ///
    /// # Errors
    /// As [`prepare_flattened`](Self::prepare_flattened), then as [`Prepared::sign_with`].
    pub async fn sign_flattened_with<S: RemoteSigner>(
        &self,
        signer: &S,
        headers: &Headers,
    ) -> Result<String, RemoteSignError<S::Error>> {
        self.prepare_flattened(signer.public_key(), headers)?.sign_with(signer).await
    }
}

/// Turns an ECDSA signature in DER (`ECDSA-Sig-Value`, RFC 3279 §2.2.3), as most devices and services answer
/// it, into the `r` and `s` of full length that a JWS has (RFC 7518 §3.4): 64, 96 or 132 octets.
///
/// # Errors
/// [`SignError::BadSignature`] for an algorithm that is not ECDSA, for anything but strict DER of two
/// positive integers, and for a number too large for the curve.
///
/// # Examples
/// ```
/// use waxseal::Algorithm;
/// use waxseal::jws::ecdsa_signature_from_der;
///
/// let fixed = ecdsa_signature_from_der(Algorithm::Es256, &[0x30, 6, 2, 1, 5, 2, 1, 7])?;
/// assert_eq!((fixed.len(), fixed[31], fixed[63]), (64, 5, 7));
/// # Ok::<(), waxseal::SignError>(())
/// ```
pub fn ecdsa_signature_from_der(algorithm: Algorithm, der: &[u8]) -> Result<Vec<u8>, SignError> {
    let KeyKind::Ec(curve) = algorithm.key_kind() else {
        return Err(SignError::BadSignature { what: "only ECDSA signatures come in DER" });
    };
    let not_der = SignError::BadSignature { what: "it is not an ECDSA signature in DER" };
    let (r, s) = read_ecdsa(der).ok_or(not_der.clone())?;
    let mut fixed = Vec::with_capacity(curve.field_bytes() * 2);
    for number in [r, s] {
        let padding = curve.field_bytes().checked_sub(number.len()).ok_or(not_der.clone())?;
        fixed.extend(std::iter::repeat_n(0, padding));
        fixed.extend_from_slice(number);
    }
    Ok(fixed)
}

/// Both numbers, big-endian without leading zeros, neither of them zero (CVE-2022-21449).
fn read_ecdsa(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der).ok()?;
    let numbers = reader.sequence(|inner| {
        let (r, s) = (UintRef::decode(inner)?, UintRef::decode(inner)?);
        Ok::<_, der::Error>((r.as_bytes(), s.as_bytes()))
    });
    let (r, s) = numbers.ok()?;
    reader.finish().ok()?;
    let zero = |number: &[u8]| number.iter().all(|byte| *byte == 0);
    (!zero(r) && !zero(s)).then_some((r, s))
}
