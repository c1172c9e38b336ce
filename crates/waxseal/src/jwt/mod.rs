//! JSON Web Tokens in compact serialization (RFC 7519).

#[cfg(feature = "crypto")]
mod cache;
#[cfg(feature = "crypto")]
mod check;
#[cfg(feature = "crypto")]
mod claims;
#[cfg(feature = "crypto")]
mod claims_ref;
mod compact;
#[cfg(feature = "crypto")]
mod custom;
#[cfg(feature = "crypto")]
mod dpop;
mod error;
#[cfg(feature = "crypto")]
mod guard;
#[cfg(feature = "crypto")]
mod known_headers;
#[cfg(feature = "crypto")]
mod leniency;
#[cfg(feature = "crypto")]
mod payload;
#[cfg(feature = "crypto")]
mod profile;
#[cfg(feature = "crypto")]
mod signer;
#[cfg(feature = "crypto")]
mod token_builder;
mod unverified;
#[cfg(feature = "crypto")]
mod verified;
#[cfg(feature = "crypto")]
mod verifier;
#[cfg(feature = "crypto")]
mod verifier_builder;
#[cfg(feature = "crypto")]
mod wanted;

#[cfg(feature = "crypto")]
pub use cache::{CacheStats, CachingVerifier};
#[cfg(feature = "crypto")]
pub use claims::{Audiences, RegisteredClaims};
#[cfg(feature = "crypto")]
pub use claims_ref::ClaimsRef;
#[cfg(feature = "crypto")]
pub use dpop::{DpopProof, DpopRequest, DpopVerifier, DpopVerifierBuilder};
pub use error::{Rejection, Rejections, SignError, VerifierError, VerifyError};
#[cfg(feature = "crypto")]
pub use leniency::Leniency;
#[cfg(feature = "crypto")]
pub use profile::Profile;
#[cfg(feature = "crypto")]
pub use signer::{Signer, SignerBuilder};
#[cfg(feature = "crypto")]
pub use token_builder::TokenBuilder;
pub use unverified::{Unverified, peek_kid_without_verifying};
#[cfg(feature = "crypto")]
pub use verified::{Scratch, Verified, VerifiedRef};
#[cfg(feature = "crypto")]
pub use verifier::Verifier;
#[cfg(feature = "crypto")]
pub use verifier_builder::VerifierBuilder;
#[cfg(feature = "crypto")]
use wanted::Wanted;

pub(crate) use compact::Compact;
#[cfg(feature = "crypto")]
pub(crate) use profile::same_type;
pub(crate) use unverified::missing_field;
