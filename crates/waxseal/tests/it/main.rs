//! The integration tests of the library, as one binary.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod allocations;
mod borrowed;
mod cache;
mod dpop;
mod footguns;
mod interop;
mod jwe;
mod jwk;
mod jws;
mod key_damage;
mod key_forms;
mod keys;
mod ml_dsa;
mod policy;
mod profiles;
mod remote_tokens;
mod rotation;

mod signing;
mod support;
mod vectors;
