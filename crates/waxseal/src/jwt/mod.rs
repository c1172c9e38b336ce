//! JSON Web Tokens in compact serialization (RFC 7519).

mod check;
mod claims;
mod compact;
mod error;
mod guard;
mod profile;
mod signer;
mod token_builder;
mod unverified;
mod verified;
mod verifier;

pub(crate) use profile::same_type;
pub(crate) use unverified::missing_field;

pub use claims::RegisteredClaims;
pub use error::{Rejection, Rejections, SignError, VerifierError, VerifyError};
pub use profile::Profile;
pub use signer::{Signer, SignerBuilder};
pub use token_builder::TokenBuilder;
pub use unverified::{Unverified, peek_kid_without_verifying};
pub use verified::Verified;
pub use verifier::{Verifier, VerifierBuilder};
