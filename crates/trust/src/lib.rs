//! What an API learns from a token issuer over the network, and how it decides on a token with it.
//!
//! Signatures are verified offline; this crate keeps what that needs fresh: the issuer's keys ([`key_set`]) and its
//! revocations ([`revocations`]). Both are pure state that some program feeds with answers. With the feature
//! `http`, `Issuer` does the feeding: background tasks on tokio, an HTTP client, one call to verify a token.
//!
//! - Supported: one Waxseal server as the issuer; access tokens of RFC 9068; a choice of what happens while
//!   revocations cannot be learned ([`StalePolicy`]); bring-your-own HTTP client and clock.
//! - Not supported yet: discovery (RFC 8414), `ETag`, several issuers in one handle, foreign issuers, opaque
//!   tokens, refusal of private address ranges (the issuer's address is configured, never taken from a token).
//! - Not for you if the program runs no tokio and no server: `waxseal` alone verifies tokens with keys you have.
//!
//! # Features
//! `http` (off by default): `Issuer`, `Transport`, `HttpClient`. It brings tokio and reqwest with rustls on aws-lc-rs.
//! `testing` (off by default): `testing::TestIssuer`, an issuer in memory for the tests of an API.

mod clock;
pub mod key_set;
mod policy;
pub mod revocations;
pub mod sse;

#[cfg(feature = "http")]
mod issuer;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "http")]
mod transport;

pub use clock::{Clock, SystemClock};
pub use key_set::KeySet;
pub use policy::StalePolicy;
pub use revocations::{Feed, Revocations};

#[cfg(feature = "http")]
pub use issuer::{Accepted, BuildError, Issuer, IssuerBuilder, IssuerUrlError, NoClaims, Refusal, Status};
#[cfg(feature = "http")]
pub use transport::{Body, HttpClient, Transport, TransportError};
