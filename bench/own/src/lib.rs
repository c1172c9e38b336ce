//! Waxseal, and the bare primitives below it.

mod floor;
mod ours;
mod tokens;

pub use tokens::write_tokens;

/// All cases of this worker.
#[must_use]
pub fn suite() -> bench_core::Suite {
    let mut suite = bench_core::Suite::default();
    floor::add(&mut suite);
    ours::add(&mut suite);
    suite
}
