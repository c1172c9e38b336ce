//! Private keys at rest: AES-256-GCM (NIST SP 800-38D) under a subkey of the master key.
//!
//! Name, algorithm, purpose and epoch are authenticated with the key, so a row cannot be given another meaning.

use crate::master_key::{Label, MasterKey};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;
use waxseal_domain::signing_key::KeyPurpose;
use waxseal_domain::{Randomness, RandomnessError};
use zeroize::Zeroizing;

/// What a sealed key is bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding<'a> {
    pub(crate) kid: &'a str,
    pub(crate) algorithm: &'a str,
    pub(crate) purpose: KeyPurpose,
}

/// Seals and unseals with the seal subkey of one epoch.
pub(crate) struct Sealer {
    key: LessSafeKey,
    epoch: u16,
}

impl Sealer {
    /// # Errors
    /// [`SealError`], which cannot happen with a key of 32 bytes.
    pub(crate) fn new(master: &MasterKey, issuer: &str) -> Result<Self, SealError> {
        let subkey = master.subkey(Label::Seal, issuer);
        let key = UnboundKey::new(&AES_256_GCM, subkey.as_slice()).map_err(|_| SealError::Broken)?;
        Ok(Self { key: LessSafeKey::new(key), epoch: master.epoch() })
    }

    pub(crate) const fn epoch(&self) -> u16 {
        self.epoch
    }

    /// Nonce, then ciphertext and tag. A nonce is random: a server makes a handful of keys, far below the 2^32 at which
    /// random nonces meet.
    pub(crate) fn seal(
        &self,
        secret: &[u8],
        binding: Binding<'_>,
        randomness: &dyn Randomness,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LEN];
        randomness.fill(&mut nonce)?;
        let mut buffer = Zeroizing::new(secret.to_vec());
        // Room for the tag up front: growing would leave a copy of the secret behind.
        buffer.reserve_exact(AES_256_GCM.tag_len());
        let aad = Aad::from(self.associated_data(binding));
        let sealed =
            self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut *buffer);
        sealed.map_err(|_| SealError::Broken)?;
        Ok([nonce.as_slice(), buffer.as_slice()].concat())
    }

    pub(crate) fn unseal(
        &self,
        sealed: &[u8],
        epoch: u16,
        binding: Binding<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (&nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Broken)?;
        if epoch != self.epoch {
            return Err(SealError::Broken);
        }
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let aad = Aad::from(self.associated_data(binding));
        let opened = self.key.open_in_place(Nonce::assume_unique_for_key(nonce), aad, buffer.as_mut_slice());
        let length = opened.map_err(|_| SealError::Broken)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn associated_data(&self, binding: Binding<'_>) -> Vec<u8> {
        let parts = [binding.kid, binding.algorithm, binding.purpose.as_str()];
        let mut data = self.epoch.to_be_bytes().to_vec();
        for part in parts {
            // Lengths keep `ab` + `c` apart from `a` + `bc`.
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// A key could not be sealed or unsealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("the seal is broken: another master key, another issuer or a changed row")]
    Broken,
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::SystemRandomness;

    const BINDING: Binding<'_> = Binding { kid: "k", algorithm: "ES256", purpose: KeyPurpose::AccessToken };

    fn sealer(master: &str) -> Sealer {
        Sealer::new(&MasterKey::from_base64url(&master.repeat(43)).unwrap(), "https://issuer.example")
            .unwrap()
    }

    #[test]
    fn what_was_sealed_comes_back_only_under_its_own_name() {
        let sealed = sealer("A").seal(b"private key", BINDING, &SystemRandomness).unwrap();
        assert_eq!(sealer("A").unseal(&sealed, 1, BINDING).unwrap().as_slice(), b"private key");
        let others = [
            Binding { kid: "l", ..BINDING },
            Binding { algorithm: "RS256", ..BINDING },
            Binding { purpose: KeyPurpose::RevocationFeed, ..BINDING },
            Binding { kid: "kE", algorithm: "S256", ..BINDING },
        ];
        for other in others {
            assert!(sealer("A").unseal(&sealed, 1, other).is_err(), "{other:?}");
        }
        assert!(sealer("E").unseal(&sealed, 1, BINDING).is_err(), "another master key");
        assert!(sealer("A").unseal(&sealed, 2, BINDING).is_err(), "another epoch");
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(sealer("A").unseal(&changed, 1, BINDING).is_err(), "byte {index}");
            assert!(sealer("A").unseal(&sealed[..index], 1, BINDING).is_err(), "cut to {index}");
        }
    }
}
