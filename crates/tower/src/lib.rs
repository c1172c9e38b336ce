//! A tower layer and axum extractors that let only verified tokens through.
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # mod example {
//! use axum::{Router, routing::get};
//! use serde::Deserialize;
//! use waxseal_tower::{Authenticated, GuardLayer};
//! use waxseal_trust::{Issuer, StalePolicy};
//!
//! #[derive(Deserialize)]
//! struct Claims {
//!     role: Option<String>,
//! }
//!
//! async fn hello(user: Authenticated<Claims>) -> String {
//!     format!("hello {} ({})", user.subject(), user.role.as_deref().unwrap_or("no role"))
//! }
//!
//! fn router(feed_token: String) -> Result<Router, waxseal_trust::BuildError> {
//!     let issuer = Issuer::builder("https://auth.example.com")
//!         .audience("https://api.example.com")
//!         .feed_token(feed_token)
//!         .when_stale(StalePolicy::Reject)
//!         .build()?;
//!     Ok(Router::new().route("/hello", get(hello)).layer(GuardLayer::<Claims>::new(issuer)))
//! }
//! # }
//! ```
//!
//! - Supported: one issuer; the token in `Authorization: Bearer` (RFC 6750 §2.1) and nowhere else; challenges of RFC 6750 §3;
//!   problem details (RFC 9457) with a stable `code`; any tower service, any request body, any response body that a
//!   `String` can become.
//! - Not supported yet: scopes, optional authentication, tokens in cookies, several issuers, `DPoP`, mutual TLS.
//! - Not for you if requests must be told apart by more than "has a good token": what a subject may do is the handler's to
//!   decide, from the verified claims.
//!
//! What is refused: no credentials, 401 and a bare challenge; credentials that cannot be read, or more than one,
//! 400 `invalid_request`; a token that is not good, 401 `invalid_token` with the reason; no keys or no word on
//! revocations, 503 with `Retry-After`. Nothing of a token is logged or sent back.
//!
//! # Features
//! `axum` (off by default): the extractor `Authenticated`.

mod credentials;
#[cfg(feature = "axum")]
mod extract;
mod future;
mod guard;
mod reason;
mod response;

#[cfg(feature = "axum")]
pub use extract::{Authenticated, GuardMissing};
pub use future::GuardFuture;
pub use guard::{Guard, GuardLayer};
