//! Making keys and showing their public side.

pub(super) mod generate;
pub(super) mod jwks;
pub(super) mod thumbprint;
