//! Encryption with a passphrase: PBKDF2 and AES-CBC (PBES2, RFC 8018 §6.2).

use super::{Failed, random};
use aws_lc_rs::cipher::{
    self, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// The hash of PBKDF2's HMAC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Prf {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// AES in CBC mode with PKCS#7 padding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AesCbc {
    Aes128,
    Aes192,
    Aes256,
}

impl AesCbc {
    pub(crate) const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    const fn algorithm(self) -> &'static cipher::Algorithm {
        match self {
            Self::Aes128 => &cipher::AES_128,
            Self::Aes192 => &cipher::AES_192,
            Self::Aes256 => &cipher::AES_256,
        }
    }
}

/// What is known about a key file before the passphrase.
pub(crate) struct Pbes2<'a> {
    pub(crate) prf: Prf,
    pub(crate) salt: &'a [u8],
    pub(crate) iterations: NonZeroU32,
    pub(crate) cipher: AesCbc,
    pub(crate) iv: [u8; 16],
}

fn key(
    prf: Prf,
    salt: &[u8],
    iterations: NonZeroU32,
    cipher: AesCbc,
    passphrase: &[u8],
) -> Result<UnboundCipherKey, Failed> {
    let algorithm = match prf {
        Prf::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
        Prf::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Prf::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        Prf::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
    };
    let mut derived = Zeroizing::new(vec![0; cipher.key_bytes()]);
    // Panics only for outputs of many gigabytes or when memory runs out.
    pbkdf2::derive(algorithm, iterations, salt, passphrase, &mut derived);
    UnboundCipherKey::new(cipher.algorithm(), &derived).map_err(|_| Failed)
}

impl Pbes2<'_> {
    /// The plain text; a wrong passphrase is found by the padding, or not at all.
    pub(crate) fn decrypt(&self, passphrase: &[u8], encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let key = key(self.prf, self.salt, self.iterations, self.cipher, passphrase)?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(|_| Failed)?;
        let mut buffer = Zeroizing::new(encrypted.to_vec());
        let context = DecryptionContext::Iv128(FixedLength::from(self.iv));
        let length = key.decrypt(&mut buffer, context).map_err(|_| Failed)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

/// What [`encrypt`] made, with what is needed to read it again: PBKDF2 with HMAC-SHA-256, AES-256-CBC.
pub(crate) struct Encrypted {
    pub(crate) salt: [u8; 16],
    pub(crate) iv: [u8; 16],
    pub(crate) octets: Vec<u8>,
}

/// Encrypts under a fresh salt and initialization vector.
pub(crate) fn encrypt(passphrase: &[u8], iterations: NonZeroU32, plain: &[u8]) -> Result<Encrypted, Failed> {
    let mut salt = [0; 16];
    salt.copy_from_slice(&random(16).map_err(|_| Failed)?);
    let key = key(Prf::Sha256, &salt, iterations, AesCbc::Aes256, passphrase)?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(|_| Failed)?;
    // With room for the padding, so that no copy of the plain text is left behind by growing.
    let mut octets = Zeroizing::new(Vec::with_capacity(plain.len() + 16));
    octets.extend_from_slice(plain);
    match key.encrypt(&mut *octets).map_err(|_| Failed)? {
        DecryptionContext::Iv128(iv) => Ok(Encrypted { salt, iv: *iv.as_ref(), octets: octets.to_vec() }),
        _ => Err(Failed),
    }
}
