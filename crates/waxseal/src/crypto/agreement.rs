//! Elliptic-curve Diffie-Hellman and the Concat KDF (RFC 7518 §4.6, RFC 8037 §3.2).

use super::Failed;
use crate::keys::KeyError;
use aws_lc_rs::agreement::{
    self, ECDH_P256, ECDH_P384, ECDH_P521, ParsedPublicKey, UnparsedPublicKey, X25519,
};
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};

/// The groups in which keys are agreed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    P256,
    P384,
    P521,
    X25519,
}

impl Group {
    fn algorithm(self) -> &'static agreement::Algorithm {
        match self {
            Self::P256 => &ECDH_P256,
            Self::P384 => &ECDH_P384,
            Self::P521 => &ECDH_P521,
            Self::X25519 => &X25519,
        }
    }
}

/// A private key of one group.
pub(crate) struct AgreementKey {
    group: Group,
    key: agreement::PrivateKey,
}

impl AgreementKey {
    pub(crate) fn generate(group: Group) -> Result<Self, Failed> {
        let key = agreement::PrivateKey::generate(group.algorithm()).map_err(|_| Failed)?;
        Ok(Self { group, key })
    }

    /// `octets`: the scalar, at the full length of the field.
    pub(crate) fn from_octets(group: Group, octets: &[u8]) -> Result<Self, KeyError> {
        let key = agreement::PrivateKey::from_private_key(group.algorithm(), octets);
        Ok(Self { group, key: key.map_err(|_| KeyError::Inconsistent)? })
    }

    pub(crate) fn group(&self) -> Group {
        self.group
    }

    /// The public half: an uncompressed point, or 32 octets for X25519.
    pub(crate) fn public_octets(&self) -> Result<Vec<u8>, Failed> {
        self.key.compute_public_key().map(|public| public.as_ref().to_vec()).map_err(|_| Failed)
    }

    /// Derives `out.len()` octets with the public key `peer`, an uncompressed point or 32 octets.
    ///
    /// The backend refuses a point off the curve and an X25519 key of low order, whose secret is all zeros:
    /// with those, a stranger could choose the secret or learn the private key bit by bit.
    pub(crate) fn derive(&self, peer: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), Failed> {
        let digest = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(Failed)?;
        let peer = UnparsedPublicKey::new(self.group.algorithm(), peer);
        agreement::agree(&self.key, peer, Failed, |secret| {
            sskdf_digest(digest, secret, info, out).map_err(|_| Failed)
        })
    }
}

/// Checks a public key once, so that a bad one is found before anything is encrypted to it.
pub(crate) fn check_peer(group: Group, octets: &[u8]) -> Result<(), KeyError> {
    let unparsed = UnparsedPublicKey::new(group.algorithm(), octets);
    ParsedPublicKey::try_from(&unparsed).map_err(|_| KeyError::Inconsistent)?;
    // Only agreeing shows that an X25519 key is of low order.
    let own = AgreementKey::generate(group)
        .map_err(|_| KeyError::OperationFailed { operation: "make a key to agree with" })?;
    own.derive(octets, b"", &mut [0; 32]).map_err(|_| KeyError::Inconsistent)
}
