//! Keys: one key, one algorithm.
//!
//! A key learns its algorithm when it is made or imported and never changes it. There is no "string
//! key": secrets, private keys and public keys are different types with different constructors, so a
//! public key cannot end up as an HMAC secret (the confusion behind CVE-2015-9235 and its heirs).
//! `Debug` shows what a key is, never what it contains.

#[cfg(feature = "crypto")]
mod certificate;
#[cfg(feature = "crypto")]
mod der;
#[cfg(feature = "crypto")]
mod der_write;
#[cfg(feature = "crypto")]
mod encrypted;
#[cfg(feature = "crypto")]
pub(crate) mod encryption;
mod error;
mod jwk;
#[cfg(feature = "crypto")]
mod jwk_public;
mod jwk_read;
#[cfg(feature = "crypto")]
mod jwk_set;
mod kid;
mod material;
#[cfg(feature = "crypto")]
mod pem;
#[cfg(feature = "crypto")]
mod private;
#[cfg(feature = "crypto")]
mod private_jwk_set;
#[cfg(feature = "crypto")]
mod public;
#[cfg(feature = "crypto")]
mod ring;
#[cfg(feature = "crypto")]
mod rotation;
#[cfg(feature = "crypto")]
mod secret;
#[cfg(feature = "crypto")]
mod use_keys;

pub use error::KeyError;
pub use jwk::Jwk;
#[cfg(feature = "crypto")]
pub use jwk_public::PublicJwk;
#[cfg(feature = "crypto")]
pub use jwk_set::{JwkSet, SkippedKey};
#[cfg(feature = "crypto")]
pub use private::PrivateKey;
#[cfg(feature = "crypto")]
pub use private_jwk_set::PrivateJwkSet;
#[cfg(feature = "crypto")]
pub use public::PublicKey;
#[cfg(feature = "crypto")]
pub use ring::KeyRing;
#[cfg(feature = "crypto")]
pub(crate) use ring::NoKey;
#[cfg(feature = "crypto")]
pub use rotation::{RotationTimes, SigningKeys};
#[cfg(feature = "crypto")]
pub use secret::SecretKey;
#[cfg(feature = "crypto")]
pub use use_keys::{SigningKey, VerifyingKey};

pub(crate) use kid::{Kid, acceptable as acceptable_kid};
pub(crate) use material::Material;
