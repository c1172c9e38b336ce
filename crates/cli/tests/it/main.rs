//! The program from the outside: arguments and streams in, streams and exit code out.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod bad_input;
mod batch;
mod cases;
mod examples;
mod key_files;
mod objects;
mod process;
mod quickstart;
mod readme;
mod round_trips;
mod world;
