//! SQLite against the contract, and what is SQLite's own.
#![allow(clippy::unwrap_used, reason = "tests")]

mod contract;
mod files;
mod restore;
