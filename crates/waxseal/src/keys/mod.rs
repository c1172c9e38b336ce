//! Keys: one key, one algorithm.
//!
//! A key learns its algorithm when it is made or imported and never changes it. There is no "string
//! key": secrets, private keys and public keys are different types with different constructors, so a
//! public key cannot end up as an HMAC secret (the confusion behind CVE-2015-9235 and its heirs).
//! `Debug` shows what a key is, never what it contains.

mod der;
mod der_write;
#[cfg(feature = "crypto")]
pub(crate) mod encryption;
mod error;
mod jwk;
mod jwk_public;
mod jwk_read;
mod jwk_set;
mod kid;
mod material;
mod pem;
mod private;
mod public;
mod ring;
mod secret;
mod use_keys;

pub use error::KeyError;
pub use jwk::Jwk;
pub use jwk_public::PublicJwk;
pub use jwk_set::{JwkSet, SkippedKey};
pub use private::PrivateKey;
pub use public::PublicKey;
pub use ring::KeyRing;
pub(crate) use ring::NoKey;
pub use secret::SecretKey;
pub use use_keys::{SigningKey, VerifyingKey};

pub(crate) use kid::{Kid, acceptable as acceptable_kid};
pub(crate) use material::Material;
