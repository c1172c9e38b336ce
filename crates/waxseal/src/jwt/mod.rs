//! JSON Web Tokens in compact serialization (RFC 7519).

mod cache;
mod check;
mod claims;
mod claims_ref;
mod custom;
mod dpop;
mod guard;
mod known_headers;
mod leniency;
mod payload;
mod profile;
mod signer;
mod token_builder;
mod verified;
mod verifier;
mod verifier_builder;
mod wanted;

pub use cache::{CacheStats, CachingVerifier};
pub use claims::{Audiences, RegisteredClaims};
pub use claims_ref::ClaimsRef;
pub use dpop::{DpopProof, DpopRequest, DpopVerifier, DpopVerifierBuilder};
pub use leniency::Leniency;
pub use profile::Profile;
pub use signer::{Signer, SignerBuilder};
pub use token_builder::TokenBuilder;
pub use verified::{Scratch, Verified, VerifiedRef};
pub use verifier::Verifier;
pub use verifier_builder::VerifierBuilder;
use wanted::Wanted;
