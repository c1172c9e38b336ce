//! Making keys and showing their public side.

pub(super) mod convert;
mod converted;
pub(super) mod generate;
pub(super) mod inspect;
pub(super) mod jwks;
pub(super) mod thumbprint;
