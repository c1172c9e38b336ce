//! The only module that names `aws-lc-rs`: MACs, signatures, key encryption, random octets.

mod mac;
mod pbes2;
mod random;
mod signature;
#[cfg(test)]
mod wycheproof;

pub(crate) use mac::{MacKey, mac_bytes};
pub(crate) use pbes2::{AesCbc, Pbes2, Prf, encrypt as encrypt_pbes2};
pub(crate) use random::random;
pub(crate) use signature::{Encoding, KeyPair, PublicKey, RsaParts};

/// The operation failed. `aws-lc-rs` does not say why, and for signatures nobody should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failed;
