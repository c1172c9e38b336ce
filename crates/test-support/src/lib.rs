//! Helpers for tests: time and chance under control, a whole server inside the test's process, and the contract suite
//! that every storage engine must pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a helper that fails should fail its test, loudly"
)]

mod clock;
mod randomness;
mod server;

pub mod contract;

pub use clock::MockClock;
pub use randomness::SeededRandomness;
pub use server::{Answer, TestServer, passwords_for_tests};
