//! The only module that names `aws-lc-rs`: MACs, signatures, random octets.

mod mac;
mod random;
mod signature;

pub(crate) use mac::{MacKey, mac_bytes};
pub(crate) use random::random;
pub(crate) use signature::{Encoding, KeyPair, PublicKey, RsaParts};

/// The operation failed. `aws-lc-rs` does not say why, and for signatures nobody should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failed;
