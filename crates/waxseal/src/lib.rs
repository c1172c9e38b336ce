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
//! # Examples
//! ```
//! use waxseal::{Algorithm, JwkSet, KeyRing, NumericDate, PrivateKey, Signer, Verifier};
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Claims {
//!     role: String,
//! }
//!
//! // The issuer: one key, one algorithm, and the public half for everybody.
//! let key = PrivateKey::generate(Algorithm::Es256)?;
//! let published = JwkSet::from_keys([key.public_key()]).to_json();
//! let signer = Signer::builder(key).issuer("https://auth.example").audience("api").lifetime("15m").build()?;
//! let now = NumericDate::from_seconds(1_700_000_000).expect("in range"); // or NumericDate::from(SystemTime)
//! let token = signer.token(now).subject("alice").claims(&Claims { role: "admin".into() }).sign()?;
//!
//! // An API: what it expects, and nothing passes without it.
//! let keys = KeyRing::from(JwkSet::parse(&published)?);
//! let verifier = Verifier::builder().keys(keys).issuer("https://auth.example").audience("api").build()?;
//! let verified = verifier.verify::<Claims>(&token, now)?;
//! assert_eq!((verified.role.as_str(), verified.registered().sub.as_deref()), ("admin", Some("alice")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//! - [`Signer`] and [`Verifier`] make and check JSON Web Tokens; [`CachingVerifier`] remembers what it accepted,
//!   [`DpopVerifier`] checks proofs of possession, [`Profile`] and [`Leniency`] name the contracts of others.
//! - [`SecretKey`], [`PrivateKey`], [`PublicKey`] and [`Jwk`] read and write keys; [`JwkSet`] publishes them,
//!   [`KeyRing`] holds those of one issuer, [`SigningKeys`] replaces them in time.
//! - [`jws`] signs octets that are no JWT, in every serialization, and with keys that live elsewhere.
//! - [`jwe`] encrypts, and puts signed tokens inside encrypted ones.
//! - [`Unverified`] looks at tokens that nobody checked, and says so.
//!
//! # Features
//! - `crypto` (default): everything but decoding, JWKs and thumbprints. Needs a C compiler.
//! - `zip`: lets [`jwe`] be told to compress. `testing`: tokens for the tests of applications. `fips`: the FIPS
//!   module of AWS-LC, which needs `cmake`, `go` and `libclang` to build; [`AlgorithmPolicy::fips`] refuses what is not
//!   approved, with or without it.
//!
//! The oldest compiler that builds it is Rust 1.95.

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
