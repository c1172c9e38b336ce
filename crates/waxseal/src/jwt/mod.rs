//! JSON Web Tokens in compact serialization (RFC 7519).

mod check;
mod claims;
mod claims_ref;
mod compact;
mod custom;
mod error;
mod guard;
mod known_headers;
mod leniency;
mod payload;
mod profile;
mod signer;
mod token_builder;
mod unverified;
mod verified;
mod verifier;
mod verifier_builder;
mod wanted;

pub use claims::{Audiences, RegisteredClaims};
pub use claims_ref::ClaimsRef;
pub use error::{Rejection, Rejections, SignError, VerifierError, VerifyError};
pub use leniency::Leniency;
pub use profile::Profile;
pub use signer::{Signer, SignerBuilder};
pub use token_builder::TokenBuilder;
pub use unverified::{Unverified, peek_kid_without_verifying};
pub use verified::{Scratch, Verified, VerifiedRef};
pub use verifier::Verifier;
pub use verifier_builder::VerifierBuilder;
use wanted::Wanted;

pub(crate) use compact::Compact;
pub(crate) use profile::same_type;
pub(crate) use unverified::missing_field;
