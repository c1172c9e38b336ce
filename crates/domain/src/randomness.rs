//! Chance, handed in by whoever runs the server.

use std::fmt::Debug;

/// The source of random bytes failed. Nothing that needed them was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system's source of random bytes failed")]
pub struct RandomnessError;

/// Where unpredictable bytes come from: the operating system in production, a seed in tests.
pub trait Randomness: Debug + Send + Sync {
    /// Fills `bytes` with unpredictable values.
    ///
    /// # Errors
    /// [`RandomnessError`] when the source fails; `bytes` must then not be used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError>;
}
