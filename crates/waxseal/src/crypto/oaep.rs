//! RSAES-OAEP (RFC 7518 §4.3, RFC 8017 §7.1).

use super::Failed;
use crate::keys::KeyError;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use zeroize::Zeroizing;

/// A public key that encrypts with SHA-256; there is no encrypting with SHA-1.
pub(crate) struct OaepPublic(OaepPublicEncryptingKey);

impl OaepPublic {
    pub(crate) fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        let key = PublicEncryptingKey::from_der(spki).map_err(|_| KeyError::Inconsistent)?;
        OaepPublicEncryptingKey::new(key).map(Self).map_err(|_| KeyError::Inconsistent)
    }

    pub(crate) fn encrypt(&self, key: &[u8]) -> Result<Vec<u8>, Failed> {
        let mut out = vec![0; self.0.ciphertext_size()];
        let length = self.0.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut out, None).map_err(|_| Failed)?.len();
        if length == out.len() { Ok(out) } else { Err(Failed) }
    }
}

/// The hash inside OAEP.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OaepHash {
    Sha1,
    Sha256,
}

impl OaepHash {
    fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::Sha1 => &OAEP_SHA1_MGF1SHA1,
            Self::Sha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

/// A private key that decrypts.
pub(crate) struct OaepPrivate(OaepPrivateDecryptingKey);

impl OaepPrivate {
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateDecryptingKey::from_pkcs8(der).map_err(|_| KeyError::Inconsistent)?;
        OaepPrivateDecryptingKey::new(key).map(Self).map_err(|_| KeyError::Inconsistent)
    }

    /// Unpadding is in constant time in the library: which check failed would be Manger's oracle.
    pub(crate) fn decrypt(&self, hash: OaepHash, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        if ciphertext.len() != self.0.key_size_bytes() {
            return Err(Failed);
        }
        let mut buffer = Zeroizing::new(vec![0; self.0.min_output_size()]);
        let length =
            self.0.decrypt(hash.algorithm(), ciphertext, &mut buffer, None).map_err(|_| Failed)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}
