//! JSON Web Signatures (RFC 7515) over any octets.
//!
//! What it does:
//! - the compact serialization, and the JSON serializations: flattened, and general with several keys;
//! - detached payloads (RFC 7515 appendix F) and payloads signed as they are (`b64` false, RFC 7797);
//! - signing with keys that live elsewhere: [`Builder::prepare_compact`], [`Prepared::finish`],
//!   [`RemoteSigner`].
//!
//! What it does not do:
//! - It checks no claims. **For a JSON Web Token use [`Signer`](crate::Signer) and
//!   [`Verifier`](crate::Verifier)**, which know compact tokens only and check expiry and audience; a JWT
//!   verified here is a signed text, and may have expired years ago.
//! - No serialization is guessed from the text: the caller calls the function of the one it expects.
//! - `alg`, `crit`, `b64` and the `kid` that selects the key are read from the protected header alone. A JWS
//!   whose `alg` is unprotected (RFC 7520 §4.7 shows one) is refused. Keys in a header are never used.
//! - Payloads are in memory, not streamed. The general serialization takes local keys only.
//!
//! # Examples
//! ```
//! use waxseal::jws::{Builder, Headers, Verifier};
//! use waxseal::{Algorithm, PrivateKey};
//!
//! let key = PrivateKey::generate(Algorithm::EdDsa)?;
//! let jws = Builder::new(b"any octets").sign_flattened(key.clone(), &Headers::new().unprotected("note", "hi"))?;
//!
//! let verified = Verifier::builder().key(&key).build()?.verify_json(&jws)?;
//! assert_eq!(verified.payload(), b"any octets");
//! // Not part of what was signed, and called so.
//! let note = verified.signature().unverified_header().map(|header| header.member::<String>("note"));
//! assert_eq!(note.transpose()?.flatten().as_deref(), Some("hi"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod candidate;
mod content;
mod header;
mod headers;
mod members;
mod prepared;
mod remote;
mod serialization;
mod unsigned;
mod verified;
mod verifier;
mod verifier_builder;

pub use builder::Builder;
pub use headers::Headers;
pub use prepared::{Digest, Prepared};
pub use remote::{RemoteSignError, RemoteSigner, ecdsa_signature_from_der};
pub use verified::{ProtectedHeader, UnverifiedHeader, VerifiedJws, VerifiedSignature};
pub use verifier::Verifier;
pub use verifier_builder::VerifierBuilder;

use serialization::fits_compact;
pub(crate) use unsigned::Unsigned;
