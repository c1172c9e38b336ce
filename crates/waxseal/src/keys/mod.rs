//! Keys: one key, one algorithm.
//!
//! A key learns its algorithm when it is made or imported and never changes it. There is no "string
//! key": secrets, private keys and public keys are different types with different constructors, so a
//! public key cannot end up as an HMAC secret (the confusion behind CVE-2015-9235 and its heirs).
//! `Debug` shows what a key is, never what it contains.
//!
//! | key | read from | written as |
//! |---|---|---|
//! | [`PrivateKey`] | PKCS#8, SEC 1, PKCS#1, encrypted PKCS#8, each as PEM and DER; JWK | PKCS#8 and encrypted PKCS#8, each as PEM and DER; JWK |
//! | [`PublicKey`] | SPKI, PKCS#1, X.509 certificate, each as PEM and DER; JWK | SPKI as PEM and DER; JWK |
//! | [`SecretKey`] | octets, JWK | base64url, JWK |
//! | [`JwkSet`] | JWK Set of public keys | the same |
//! | [`PrivateJwkSet`] | JWK Set of private keys and secrets | the same |
//!
//! What is refused says how to go on, and has a code:
//!
//! | refused | code | way on |
//! |---|---|---|
//! | the text of a key file as an HMAC secret | `key_secret_is_key_text` | the import for it |
//! | an HMAC secret shorter than its hash | `key_secret_too_short` | `waxseal keys generate` |
//! | RSA outside 2048 to 8192 bits, strange exponents | `key_size_refused` | a new key |
//! | an encrypted key without passphrase | `key_encrypted` | `from_encrypted_pem` |
//! | traditional PEM encryption, PBES1, 3DES, scrypt | `key_encryption_unsupported` | `openssl pkcs8 -topk8` |
//! | more than 5,000,000 rounds of PBKDF2 | `key_cost_refused` | `openssl pkcs8 -topk8 -iter` |
//! | an RSA JWK without CRT members | `key_factors_missing` | a command that finds the primes |
//! | an RSA JWK with `oth` | `key_multi_prime` | a new key |
//! | leading zeros too many or too few in a JWK | `key_non_canonical` | `Jwk::parse_allowing_noncanonical_integers` |
//! | ML-DSA in expanded form only | `key_expanded_only` | an export with its seed |
//! | halves that do not match, points off the curve | `key_inconsistent` | none |
//! | `use` or `key_ops` that forbid the use | `key_use_forbidden` | another key |
//! | an algorithm outside the policy | `key_algorithm_forbidden` | another key |
//!
//! Buffers of ours that held private numbers are wiped; the cryptographic library wipes its own.
//!
//! Several keys at once: [`KeyRing`] is what a verifier of one issuer takes, [`SigningKeys`] what that issuer
//! has. Without the feature `crypto` only [`Jwk`] and its thumbprint are left.

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
mod private_export;
#[cfg(feature = "crypto")]
mod private_jwk_set;
#[cfg(feature = "crypto")]
mod pss;
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
