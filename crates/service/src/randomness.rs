//! Chance from the operating system.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use waxseal_domain::{Randomness, RandomnessError};

/// The operating system's source of random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        SystemRandom::new().fill(bytes).map_err(|_| RandomnessError)
    }
}
