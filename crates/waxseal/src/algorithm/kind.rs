//! What kinds of keys there are.

use super::Algorithm;

/// What kind of key an algorithm takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeyKind {
    Secret,
    Rsa,
    Ec(Curve),
    Ed25519,
    /// For encryption; no signature algorithm takes it.
    X25519,
    MlDsa(MlDsa),
}

/// The curves of ECDSA keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
}

impl Curve {
    pub(crate) const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The name in a JWK's `crv`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// Octets in a coordinate and in a private scalar.
    pub(crate) const fn field_bytes(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    pub(crate) const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
            Self::P521 => Algorithm::Es512,
            Self::Secp256k1 => Algorithm::Es256k,
        }
    }
}

/// The parameter sets of ML-DSA (FIPS 204 §4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MlDsa {
    Set44,
    Set65,
    Set87,
}

impl MlDsa {
    pub(crate) const ALL: [Self; 3] = [Self::Set44, Self::Set65, Self::Set87];
    /// Octets in a seed, from which the whole key follows.
    pub(crate) const SEED_BYTES: usize = 32;

    pub(crate) const fn algorithm(self) -> Algorithm {
        match self {
            Self::Set44 => Algorithm::MlDsa44,
            Self::Set65 => Algorithm::MlDsa65,
            Self::Set87 => Algorithm::MlDsa87,
        }
    }

    /// Octets in a public key (FIPS 204 table 2).
    pub(crate) const fn public_bytes(self) -> usize {
        match self {
            Self::Set44 => 1312,
            Self::Set65 => 1952,
            Self::Set87 => 2592,
        }
    }

    /// Octets in a signature (FIPS 204 table 2).
    pub(crate) const fn signature_bytes(self) -> usize {
        match self {
            Self::Set44 => 2420,
            Self::Set65 => 3309,
            Self::Set87 => 4627,
        }
    }
}

impl KeyKind {
    /// What to call such a key in an error message.
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Secret => "a shared secret",
            Self::Rsa => "an RSA key",
            Self::Ec(Curve::P256) => "an EC key on P-256",
            Self::Ec(Curve::P384) => "an EC key on P-384",
            Self::Ec(Curve::P521) => "an EC key on P-521",
            Self::Ec(Curve::Secp256k1) => "an EC key on secp256k1",
            Self::Ed25519 => "an Ed25519 key",
            Self::X25519 => "an X25519 key",
            Self::MlDsa(MlDsa::Set44) => "an ML-DSA-44 key",
            Self::MlDsa(MlDsa::Set65) => "an ML-DSA-65 key",
            Self::MlDsa(MlDsa::Set87) => "an ML-DSA-87 key",
        }
    }
}
