//! Random octets from the operating system.

use crate::keys::KeyError;
use aws_lc_rs::rand;
use zeroize::Zeroizing;

/// `count` octets from the operating system's generator.
pub(crate) fn random(count: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut bytes = Zeroizing::new(vec![0; count]);
    rand::fill(&mut bytes).map_err(|_| KeyError::OperationFailed { operation: "make random octets" })?;
    Ok(bytes)
}
