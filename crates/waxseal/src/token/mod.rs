//! What tokens of every kind share: the compact serialization, errors, and reading without verifying. Nothing
//! here needs cryptography.

mod compact;
mod error;
mod media_type;
mod unverified;

#[cfg(feature = "crypto")]
pub(crate) use compact::{Compact, Header};
pub use error::{Rejection, Rejections, SignError, VerifierError, VerifyError};
#[cfg(feature = "crypto")]
pub(crate) use media_type::same_type;
pub use unverified::{Unverified, peek_kid_without_verifying};
#[cfg(feature = "crypto")]
pub(crate) use unverified::{deserialize, missing_field, names_members};
