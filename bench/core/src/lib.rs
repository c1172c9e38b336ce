//! What every contender gets: the same keys, claims and tokens, and the loop that times it.
//!
//! Some peers bring crypto libraries that cannot live in one process (two define the same C symbols), so
//! every group of contenders is a program of its own, a *worker*. All workers run at once, idle until the
//! report asks one of them for a batch, so that the rounds of all contenders interleave.

pub mod claims;
pub mod keys;
pub mod operation;
mod pair;
pub mod suite;
pub mod worker;

pub use operation::{Action, Algorithm, Operation, Size};
pub use suite::Suite;
