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

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [Group; 4] = [Group::P256, Group::P384, Group::P521, Group::X25519];

    fn derived(own: &AgreementKey, peer: &[u8]) -> Result<[u8; 16], Failed> {
        let mut out = [0; 16];
        own.derive(peer, b"info", &mut out).map(|()| out)
    }

    #[test]
    fn both_sides_derive_the_same() {
        for group in GROUPS {
            let (one, other) =
                (AgreementKey::generate(group).unwrap(), AgreementKey::generate(group).unwrap());
            let (one_public, other_public) = (one.public_octets().unwrap(), other.public_octets().unwrap());
            assert_eq!(derived(&one, &other_public), derived(&other, &one_public), "{group:?}");
            assert!(
                derived(&one, &other_public).is_ok() && check_peer(group, &one_public).is_ok(),
                "{group:?}"
            );
            assert_ne!(derived(&one, &other_public), derived(&one, &one_public), "{group:?}");
        }
    }

    #[test]
    fn footgun_31_only_points_of_the_group_are_agreed_with() {
        for group in GROUPS {
            let own = AgreementKey::generate(group).unwrap();
            let public = AgreementKey::generate(group).unwrap().public_octets().unwrap();
            let mut bad: Vec<Vec<u8>> = vec![
                Vec::new(),
                vec![0],
                public[..public.len() - 1].to_vec(),
                [&public[..], &[0]].concat(),
                vec![0; public.len()],
            ];
            if group != Group::X25519 {
                // Every change of one bit leaves the curve, or is no uncompressed point any more.
                bad.extend((0..public.len()).map(|at| {
                    let mut changed = public.clone();
                    changed[at] ^= 1;
                    changed
                }));
                bad.push([&[4][..], &vec![0xff; public.len() - 1]].concat());
            }
            for other in GROUPS.into_iter().filter(|other| *other != group) {
                bad.push(AgreementKey::generate(other).unwrap().public_octets().unwrap());
            }
            for octets in bad {
                assert_eq!(derived(&own, &octets), Err(Failed), "{group:?} {octets:02x?}");
                assert_eq!(
                    check_peer(group, &octets),
                    Err(KeyError::Inconsistent),
                    "{group:?} {octets:02x?}"
                );
            }
        }
    }

    #[test]
    fn private_numbers_are_in_range() {
        for (group, bytes) in [(Group::P256, 32), (Group::P384, 48), (Group::P521, 66)] {
            for octets in [vec![0; bytes], vec![0xff; bytes], vec![1; bytes - 1], vec![1; bytes + 1], vec![]]
            {
                assert!(AgreementKey::from_octets(group, &octets).is_err(), "{group:?} {octets:02x?}");
            }
        }
        assert!(AgreementKey::from_octets(Group::X25519, &[1; 31]).is_err());
    }
}
