//! The names of encryption: how a key is managed, how the content is encrypted (RFC 7518 §4.1, §5.1).

use std::fmt;
use std::str::FromStr;

/// How the key that encrypts the content gets to the recipient: `alg` of a JWE.
///
/// `RSA1_5` has no value here: its padding was an oracle too often (RFC 8725 §3.2), so nothing can ask for
/// it or allow it. Names are matched exactly.
///
/// # Examples
/// ```
/// use waxseal::jwe::KeyAlgorithm;
///
/// assert_eq!("ECDH-ES+A256KW".parse::<KeyAlgorithm>()?, KeyAlgorithm::EcdhEsA256Kw);
/// assert!("RSA1_5".parse::<KeyAlgorithm>().is_err());
/// # Ok::<(), waxseal::jwe::UnknownName>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// The shared key encrypts the content itself (RFC 7518 §4.5). Such a key is for one
    /// [`ContentEncryption`].
    Dir,
    /// AES Key Wrap with 128 bits (§4.4).
    A128Kw,
    /// AES Key Wrap with 192 bits.
    A192Kw,
    /// AES Key Wrap with 256 bits.
    A256Kw,
    /// Key encryption with AES-GCM, 128 bits (§4.7). At most 2^32 messages per key.
    A128GcmKw,
    /// Key encryption with AES-GCM, 192 bits. At most 2^32 messages per key.
    A192GcmKw,
    /// Key encryption with AES-GCM, 256 bits. At most 2^32 messages per key.
    A256GcmKw,
    /// RSAES-OAEP with SHA-256 (§4.3).
    RsaOaep256,
    /// RSAES-OAEP with SHA-1: for decrypting what others still send, never for encrypting.
    RsaOaep,
    /// Key agreement with P-256, P-384, P-521 or X25519; the agreed key encrypts the content (§4.6).
    EcdhEs,
    /// Key agreement; the agreed key wraps with AES Key Wrap, 128 bits.
    EcdhEsA128Kw,
    /// Key agreement; the agreed key wraps with AES Key Wrap, 192 bits.
    EcdhEsA192Kw,
    /// Key agreement; the agreed key wraps with AES Key Wrap, 256 bits.
    EcdhEsA256Kw,
    /// A password through PBKDF2 with HMAC-SHA-256 (§4.8); only by
    /// [`DecryptionKey::password`](super::DecryptionKey::password).
    Pbes2Hs256A128Kw,
    /// A password through PBKDF2 with HMAC-SHA-384.
    Pbes2Hs384A192Kw,
    /// A password through PBKDF2 with HMAC-SHA-512.
    Pbes2Hs512A256Kw,
}

/// How the content is encrypted and authenticated: `enc` of a JWE.
///
/// # Examples
/// ```
/// use waxseal::jwe::ContentEncryption;
///
/// assert_eq!(ContentEncryption::A128CbcHs256.to_string(), "A128CBC-HS256");
/// assert_eq!(ContentEncryption::A128CbcHs256.key_bytes(), 32);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ContentEncryption {
    /// AES-GCM with 128 bits (RFC 7518 §5.3).
    A128Gcm,
    /// AES-GCM with 192 bits.
    A192Gcm,
    /// AES-GCM with 256 bits.
    A256Gcm,
    /// AES-CBC with 128 bits and HMAC-SHA-256 (§5.2.3).
    A128CbcHs256,
    /// AES-CBC with 192 bits and HMAC-SHA-384 (§5.2.4).
    A192CbcHs384,
    /// AES-CBC with 256 bits and HMAC-SHA-512 (§5.2.5).
    A256CbcHs512,
}

/// The parts that key algorithms are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mechanism {
    Direct,
    /// Octets of the key that wraps.
    Wrap(usize),
    Gcm(usize),
    Oaep(crate::crypto::OaepHash),
    Agree,
    /// Octets of the agreed key that wraps.
    AgreeWrap(usize),
    Password(usize),
}

impl KeyAlgorithm {
    /// Whether a standard of NIST approves it for transporting keys: AES key wrap and GCM (SP 800-38F and
    /// 38D), RSA-OAEP with SHA-256 (SP 800-56B), agreement on a NIST curve (SP 800-56A; X25519 is none). Not
    /// SHA-1, and not passwords, which SP 800-132 approves for storage alone.
    #[must_use]
    pub const fn is_fips_approved(self) -> bool {
        !matches!(
            self,
            Self::RsaOaep | Self::Pbes2Hs256A128Kw | Self::Pbes2Hs384A192Kw | Self::Pbes2Hs512A256Kw
        )
    }

    /// Every algorithm, in the order of the registry.
    pub const ALL: &'static [Self] = &[
        Self::RsaOaep,
        Self::RsaOaep256,
        Self::A128Kw,
        Self::A192Kw,
        Self::A256Kw,
        Self::Dir,
        Self::EcdhEs,
        Self::EcdhEsA128Kw,
        Self::EcdhEsA192Kw,
        Self::EcdhEsA256Kw,
        Self::A128GcmKw,
        Self::A192GcmKw,
        Self::A256GcmKw,
        Self::Pbes2Hs256A128Kw,
        Self::Pbes2Hs384A192Kw,
        Self::Pbes2Hs512A256Kw,
    ];

    /// The name written into the `alg` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dir => "dir",
            Self::A128Kw => "A128KW",
            Self::A192Kw => "A192KW",
            Self::A256Kw => "A256KW",
            Self::A128GcmKw => "A128GCMKW",
            Self::A192GcmKw => "A192GCMKW",
            Self::A256GcmKw => "A256GCMKW",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::RsaOaep => "RSA-OAEP",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA192Kw => "ECDH-ES+A192KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
            Self::Pbes2Hs256A128Kw => "PBES2-HS256+A128KW",
            Self::Pbes2Hs384A192Kw => "PBES2-HS384+A192KW",
            Self::Pbes2Hs512A256Kw => "PBES2-HS512+A256KW",
        }
    }

    /// Whether both sides hold the same secret.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        !matches!(self.mechanism(), Mechanism::Oaep(_) | Mechanism::Agree | Mechanism::AgreeWrap(_))
    }

    pub(super) const fn mechanism(self) -> Mechanism {
        use crate::crypto::OaepHash;
        match self {
            Self::Dir => Mechanism::Direct,
            Self::A128Kw => Mechanism::Wrap(16),
            Self::A192Kw => Mechanism::Wrap(24),
            Self::A256Kw => Mechanism::Wrap(32),
            Self::A128GcmKw => Mechanism::Gcm(16),
            Self::A192GcmKw => Mechanism::Gcm(24),
            Self::A256GcmKw => Mechanism::Gcm(32),
            Self::RsaOaep256 => Mechanism::Oaep(OaepHash::Sha256),
            Self::RsaOaep => Mechanism::Oaep(OaepHash::Sha1),
            Self::EcdhEs => Mechanism::Agree,
            Self::EcdhEsA128Kw => Mechanism::AgreeWrap(16),
            Self::EcdhEsA192Kw => Mechanism::AgreeWrap(24),
            Self::EcdhEsA256Kw => Mechanism::AgreeWrap(32),
            Self::Pbes2Hs256A128Kw => Mechanism::Password(16),
            Self::Pbes2Hs384A192Kw => Mechanism::Password(24),
            Self::Pbes2Hs512A256Kw => Mechanism::Password(32),
        }
    }
}

impl ContentEncryption {
    /// Every algorithm, in the order of the registry.
    pub const ALL: &'static [Self] = &[
        Self::A128CbcHs256,
        Self::A192CbcHs384,
        Self::A256CbcHs512,
        Self::A128Gcm,
        Self::A192Gcm,
        Self::A256Gcm,
    ];

    /// The name written into the `enc` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A192Gcm => "A192GCM",
            Self::A256Gcm => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A192CbcHs384 => "A192CBC-HS384",
            Self::A256CbcHs512 => "A256CBC-HS512",
        }
    }

    /// Octets of the key: 16, 24 or 32, twice as many where half of them authenticate.
    #[must_use]
    pub const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A192Gcm => 24,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A192CbcHs384 => 48,
            Self::A256CbcHs512 => 64,
        }
    }
}

macro_rules! named {
    ($($type:ident)*) => { $(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            /// Reads a name exactly as registered.
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == name).ok_or(UnknownName)
            }
        }
    )* };
}

named!(KeyAlgorithm ContentEncryption);

/// The text is not the name of an encryption algorithm of this library.
///
/// # Examples
/// ```
/// use waxseal::jwe::{ContentEncryption, KeyAlgorithm};
///
/// let error = "RSA1_5".parse::<KeyAlgorithm>().unwrap_err();
/// assert_eq!("a256gcm".parse::<ContentEncryption>().unwrap_err(), error);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the name of a supported encryption algorithm")]
#[non_exhaustive]
pub struct UnknownName;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_reads_its_own_name_and_no_other() {
        for &algorithm in KeyAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm), "{algorithm}");
        }
        for &algorithm in ContentEncryption::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm), "{algorithm}");
        }
        for name in ["RSA1_5", "none", "", "DIR", "Dir", "a128kw", "A128KW ", "RSA-OAEP-512", "A128GCM"] {
            assert_eq!(name.parse::<KeyAlgorithm>(), Err(UnknownName), "footgun 32: {name:?}");
        }
        for name in ["none", "A128CBC", "a256gcm", "A256GCM\0", "dir", "C20P"] {
            assert_eq!(name.parse::<ContentEncryption>(), Err(UnknownName), "{name:?}");
        }
    }
}
