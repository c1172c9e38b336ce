//! The signature algorithms (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864, RFC 9964).

mod kind;
mod policy;

pub(crate) use kind::{Curve, KeyKind, MlDsa};
pub use policy::AlgorithmPolicy;
use std::fmt;
use std::str::FromStr;

/// A JWS algorithm. `none` has no value here, so nothing can ask for it or allow it.
///
/// Names are matched exactly: `hs256`, `NONE` and `RS256 ` are all unknown.
///
/// # Examples
/// ```
/// use waxseal::Algorithm;
///
/// assert_eq!("ES256".parse::<Algorithm>()?, Algorithm::Es256);
/// assert!("none".parse::<Algorithm>().is_err());
/// # Ok::<(), waxseal::UnknownAlgorithm>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// ECDSA on secp256k1 with SHA-256 (RFC 8812).
    Es256k,
    /// Ed25519. Written as `EdDSA` (RFC 8037) unless the key says otherwise
    /// ([`PrivateKey::with_fully_specified_alg`](crate::PrivateKey::with_fully_specified_alg)); the name
    /// `Ed25519` of RFC 9864 is read as the same.
    EdDsa,
    /// ML-DSA-44, the smallest of the post-quantum signatures (RFC 9964, FIPS 204): 2,420 octets each.
    MlDsa44,
    /// ML-DSA-65 (RFC 9964, FIPS 204): signatures of 3,309 octets.
    MlDsa65,
    /// ML-DSA-87 (RFC 9964, FIPS 204): signatures of 4,627 octets, tokens above 6 KiB.
    MlDsa87,
}

impl Algorithm {
    /// Every algorithm, in the order of the registry.
    pub const ALL: &'static [Self] = &[
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Es256k,
        Self::EdDsa,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The name written into the `alg` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Es256k => "ES256K",
            Self::EdDsa => "EdDSA",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    /// Whether signing and checking use the same secret.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// Whether a standard of NIST approves the algorithm: FIPS 198-1, FIPS 186-5, FIPS 204. Only ES256K has
    /// none. See [`AlgorithmPolicy`] for what the modules of AWS-LC have.
    #[must_use]
    pub const fn is_fips_approved(self) -> bool {
        !matches!(self, Self::Es256k)
    }

    pub(crate) const fn key_kind(self) -> KeyKind {
        match self {
            Self::Hs256 | Self::Hs384 | Self::Hs512 => KeyKind::Secret,
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => KeyKind::Rsa,
            Self::Es256 => KeyKind::Ec(Curve::P256),
            Self::Es384 => KeyKind::Ec(Curve::P384),
            Self::Es512 => KeyKind::Ec(Curve::P521),
            Self::Es256k => KeyKind::Ec(Curve::Secp256k1),
            Self::EdDsa => KeyKind::Ed25519,
            Self::MlDsa44 => KeyKind::MlDsa(MlDsa::Set44),
            Self::MlDsa65 => KeyKind::MlDsa(MlDsa::Set65),
            Self::MlDsa87 => KeyKind::MlDsa(MlDsa::Set87),
        }
    }

    /// The other name under which a header may carry this algorithm, from RFC 9864.
    pub(crate) const fn fully_specified(self) -> Option<&'static str> {
        match self {
            Self::EdDsa => Some("Ed25519"),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of an algorithm of this library.
///
/// # Examples
/// ```
/// use waxseal::Algorithm;
///
/// let error = "none".parse::<Algorithm>().unwrap_err();
/// assert_eq!(error.to_string(), "not the name of a supported signature algorithm");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the name of a supported signature algorithm")]
#[non_exhaustive]
pub struct UnknownAlgorithm;

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads a name exactly as registered, or `Ed25519` for [`EdDsa`](Self::EdDsa) (RFC 9864 §2.2).
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|algorithm| algorithm.as_str() == name || algorithm.fully_specified() == Some(name))
            .ok_or(UnknownAlgorithm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_reads_its_own_name() {
        for &algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm), "{algorithm}");
        }
        assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDsa));
    }

    #[test]
    fn footgun_01_and_02_none_is_unknown_in_every_spelling() {
        for name in
            ["none", "None", "NONE", "nOnE", "", " HS256", "HS256 ", "hs256", "HS256\0", "Ed448", "ML-DSA"]
        {
            assert_eq!(name.parse::<Algorithm>(), Err(UnknownAlgorithm), "{name:?}");
        }
    }
}
