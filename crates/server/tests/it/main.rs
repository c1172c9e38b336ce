//! The routes over a whole server in this process: real database, mock clock, seeded randomness.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod bad_input;
mod lifecycle;
mod refresh_races;
mod start;
