//! Create and verify signed tokens: one key, one algorithm, and nothing unverified passes.
//!
//! A JWT is a letter that anyone can read under a seal that nobody can forge. This crate makes and checks
//! such letters (RFC 7519, RFC 7515) so that the well-known ways to get it wrong do not compile or do not
//! verify:
//!
//! - A key knows its algorithm. A token's header is compared with it and decides nothing.
//! - [`Verified`] is only made by a [`Verifier`]; whatever asks for one cannot get an unchecked token.
//! - An expectation makes its claim required; expiry and audience are required unless left out by name.
//! - Base64url, JSON and claims are read strictly, duplicates and wrong types refused, before any cryptography.
//!
//! No clock, no network, no async runtime, no `unsafe`: time is an argument ([`NumericDate`]), and keys are
//! what the caller loads.
//!
//! Signed octets that are no JWT, the JSON serializations, and keys that live elsewhere: module [`jws`].
//! Encrypted tokens, and signed ones inside encrypted ones: module [`jwe`].
//!
//! Start with [`Signer`] and [`Verifier`]; keys are [`SecretKey`], [`PrivateKey`], [`PublicKey`], [`JwkSet`].

#![cfg_attr(
    not(feature = "crypto"),
    allow(dead_code, unused_imports, reason = "readers that verifiers share stand idle without them")
)]

mod algorithm;
mod base64url;
mod code;
#[cfg(feature = "crypto")]
mod crypto;
mod json;
#[cfg(feature = "crypto")]
pub mod jwe;
#[cfg(feature = "crypto")]
pub mod jws;
#[cfg(feature = "crypto")]
mod jwt;
mod keys;
mod lifetime;
mod limits;
mod numeric_date;
#[cfg(feature = "testing")]
pub mod testing;
mod token;

pub use algorithm::{Algorithm, AlgorithmPolicy, UnknownAlgorithm};
pub use code::{BearerError, Code};
#[cfg(feature = "crypto")]
pub use jwt::{
    Audiences, CacheStats, CachingVerifier, ClaimsRef, DpopProof, DpopRequest, DpopVerifier,
    DpopVerifierBuilder, Leniency, Profile, RegisteredClaims, Scratch, Signer, SignerBuilder, TokenBuilder,
    Verified, VerifiedRef, Verifier, VerifierBuilder,
};
pub use keys::{Jwk, KeyError};
#[cfg(feature = "crypto")]
pub use keys::{
    JwkSet, KeyRing, PrivateJwkSet, PrivateKey, PublicJwk, PublicKey, RotationTimes, SecretKey, SigningKey,
    SigningKeys, SkippedKey, VerifyingKey,
};
pub use lifetime::{InvalidLifetime, Lifetime};
pub use limits::Limits;
pub use numeric_date::NumericDate;
pub use token::{
    Rejection, Rejections, SignError, Unverified, VerifierError, VerifyError, peek_kid_without_verifying,
};

// What the page shows is run as it stands.
#[cfg(doctest)]
#[doc = include_str!("../docs/migration.md")]
struct Migration;
