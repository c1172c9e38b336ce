//! The only module that names `aws-lc-rs`: ciphers, MACs, signatures, key derivation, random octets.

mod aead;
mod agreement;
mod cbc_hs;
mod key_wrap;
mod mac;
mod oaep;
mod pbes2;
mod pbkdf2;
mod random;
mod signature;
#[cfg(test)]
mod wycheproof;

pub(crate) use aead::{GCM_IV_BYTES, GCM_TAG_BYTES, gcm_open, gcm_seal};
pub(crate) use agreement::{AgreementKey, Group, check_peer};
pub(crate) use cbc_hs::{CBC_IV_BYTES, cbc_hs_open, cbc_hs_seal};
pub(crate) use key_wrap::{WRAP_BYTES, unwrap, wrap};
pub(crate) use mac::{MacKey, mac_bytes};
pub(crate) use oaep::{OaepHash, OaepPrivate, OaepPublic};
pub(crate) use pbes2::{AesCbc, Pbes2, Prf, encrypt as encrypt_pbes2};
pub(crate) use pbkdf2::derive_from_password;
pub(crate) use random::random;
pub(crate) use signature::{Encoding, KeyPair, PublicKey, RsaParts};

/// The operation failed. `aws-lc-rs` does not say why, and for signatures nobody should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failed;
