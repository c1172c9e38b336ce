//! The integration tests of the library, as one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod footguns;
mod interop;
mod jwe;
mod jwk;
mod jws;
mod keys;
mod ml_dsa;
mod rfc;
mod signing;
mod support;
