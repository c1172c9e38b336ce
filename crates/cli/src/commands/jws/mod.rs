//! Signing and checking any octets.

pub(super) mod sign;
pub(super) mod verify;
