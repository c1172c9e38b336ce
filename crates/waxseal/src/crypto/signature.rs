//! Signatures with key pairs: RSA, ECDSA, Ed25519, ML-DSA.

use super::Failed;
use crate::algorithm::{Algorithm, Curve, MlDsa};
use crate::keys::KeyError;
use aws_lc_rs::constant_time;
use aws_lc_rs::encoding::{
    AsBigEndian, AsDer, AsRawBytes, Curve25519SeedBin, EcPrivateKeyBin, Pkcs8V1Der, PqdsaPrivateKeyRaw,
    PublicKeyX509Der,
};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, PqdsaKeyPair, RsaKeyPair,
};
use zeroize::Zeroizing;

/// A private key with everything prepared for signing.
pub(crate) enum KeyPair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

/// How [`KeyPair::from_der`] finds the key encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Pkcs8,
    Pkcs1,
    Sec1,
}

fn ecdsa_signing(curve: Curve) -> &'static signature::EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_FIXED_SIGNING,
    }
}

fn ml_dsa_signing(set: MlDsa) -> &'static signature::PqdsaSigningAlgorithm {
    match set {
        MlDsa::Set44 => &signature::ML_DSA_44_SIGNING,
        MlDsa::Set65 => &signature::ML_DSA_65_SIGNING,
        MlDsa::Set87 => &signature::ML_DSA_87_SIGNING,
    }
}

fn verification(algorithm: Algorithm) -> Option<&'static dyn signature::VerificationAlgorithm> {
    Some(match algorithm {
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => return None,
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
        Algorithm::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
        Algorithm::Es256k => &signature::ECDSA_P256K1_SHA256_FIXED,
        Algorithm::EdDsa => &signature::ED25519,
        Algorithm::MlDsa44 => &signature::ML_DSA_44,
        Algorithm::MlDsa65 => &signature::ML_DSA_65,
        Algorithm::MlDsa87 => &signature::ML_DSA_87,
    })
}

fn rsa_padding(algorithm: Algorithm) -> Option<&'static signature::RsaSignatureEncoding> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_SHA512,
        _ => return None,
    })
}

/// The members of an RSA private JWK, big-endian without leading zeros.
pub(crate) struct RsaParts<'a> {
    pub(crate) n: &'a [u8],
    pub(crate) e: &'a [u8],
    pub(crate) d: &'a [u8],
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    pub(crate) dp: &'a [u8],
    pub(crate) dq: &'a [u8],
    pub(crate) qi: &'a [u8],
}

impl KeyPair {
    pub(crate) fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        use crate::algorithm::KeyKind;
        let failed = KeyError::OperationFailed { operation: "make a key" };
        match algorithm.key_kind() {
            // No signature algorithm is of the kind X25519.
            KeyKind::Secret | KeyKind::X25519 => {
                Err(KeyError::AlgorithmMismatch { algorithm, found: "a key pair" })
            }
            KeyKind::Rsa => Self::generate_rsa(2048),
            KeyKind::Ec(curve) => {
                EcdsaKeyPair::generate(ecdsa_signing(curve)).map(Self::Ec).map_err(|_| failed)
            }
            KeyKind::Ed25519 => Ed25519KeyPair::generate().map(Self::Ed25519).map_err(|_| failed),
            KeyKind::MlDsa(set) => {
                PqdsaKeyPair::generate(ml_dsa_signing(set)).map(Self::MlDsa).map_err(|_| failed)
            }
        }
    }

    pub(crate) fn generate_rsa(bits: usize) -> Result<Self, KeyError> {
        let size = match bits {
            2048 => rsa::KeySize::Rsa2048,
            3072 => rsa::KeySize::Rsa3072,
            4096 => rsa::KeySize::Rsa4096,
            _ => return Err(KeyError::GeneratedSize),
        };
        let failed = KeyError::OperationFailed { operation: "make a key" };
        RsaKeyPair::generate(size).map(Self::Rsa).map_err(|_| failed)
    }

    /// Reads a private key whose kind was found to be the algorithm's; checks its parts.
    pub(crate) fn from_der(algorithm: Algorithm, encoding: Encoding, der: &[u8]) -> Result<Self, KeyError> {
        use crate::algorithm::KeyKind;
        match (algorithm.key_kind(), encoding) {
            (KeyKind::Rsa, Encoding::Pkcs8) => RsaKeyPair::from_pkcs8(der).map(Self::Rsa),
            (KeyKind::Rsa, Encoding::Pkcs1) => RsaKeyPair::from_der(der).map(Self::Rsa),
            (KeyKind::Ec(curve), Encoding::Pkcs8) => {
                EcdsaKeyPair::from_pkcs8(ecdsa_signing(curve), der).map(Self::Ec)
            }
            (KeyKind::Ec(curve), Encoding::Sec1) => {
                EcdsaKeyPair::from_private_key_der(ecdsa_signing(curve), der).map(Self::Ec)
            }
            (KeyKind::Ed25519, Encoding::Pkcs8) => {
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self::Ed25519)
            }
            _ => return Err(KeyError::malformed("the encoding does not fit the algorithm")),
        }
        .map_err(|_| KeyError::Inconsistent)
    }

    pub(crate) fn from_ec_parts(curve: Curve, d: &[u8], point: &[u8]) -> Result<Self, KeyError> {
        EcdsaKeyPair::from_private_key_and_public_key(ecdsa_signing(curve), d, point)
            .map(Self::Ec)
            .map_err(|_| KeyError::Inconsistent)
    }

    pub(crate) fn from_ed25519_parts(seed: &[u8; 32], public: &[u8; 32]) -> Result<Self, KeyError> {
        Ed25519KeyPair::from_seed_and_public_key(seed, public)
            .map(Self::Ed25519)
            .map_err(|_| KeyError::Inconsistent)
    }

    /// `seed`: 32 octets.
    pub(crate) fn from_ml_dsa_seed(set: MlDsa, seed: &[u8]) -> Result<Self, KeyError> {
        PqdsaKeyPair::from_seed(ml_dsa_signing(set), seed)
            .map(Self::MlDsa)
            .map_err(|_| KeyError::Inconsistent)
    }

    /// Whether `expanded` is the expanded form of this ML-DSA key (FIPS 204 §7.2).
    pub(crate) fn expands_to(&self, expanded: &[u8]) -> bool {
        let Self::MlDsa(pair) = self else { return false };
        let own: Result<PqdsaPrivateKeyRaw<'static>, _> = pair.private_key().as_raw_bytes();
        own.is_ok_and(|own| constant_time::verify_slices_are_equal(own.as_ref(), expanded).is_ok())
    }

    pub(crate) fn from_rsa_parts(parts: &RsaParts<'_>) -> Result<Self, KeyError> {
        let components = rsa::KeyPairComponents {
            public_key: rsa::PublicKeyComponents { n: parts.n, e: parts.e },
            d: parts.d,
            p: parts.p,
            q: parts.q,
            dP: parts.dp,
            dQ: parts.dq,
            qInv: parts.qi,
        };
        RsaKeyPair::from_components(&components).map(Self::Rsa).map_err(|_| KeyError::Inconsistent)
    }

    /// The public half as `SubjectPublicKeyInfo`.
    pub(crate) fn public_spki(&self) -> Result<Vec<u8>, KeyError> {
        let der: Result<PublicKeyX509Der<'static>, _> = match self {
            Self::Rsa(pair) => pair.public_key().as_der(),
            Self::Ec(pair) => pair.public_key().as_der(),
            Self::Ed25519(pair) => pair.public_key().as_der(),
            Self::MlDsa(pair) => pair.public_key().as_der(),
        };
        let der = der.map_err(|_| KeyError::OperationFailed { operation: "write the public key" })?;
        Ok(der.as_ref().to_vec())
    }

    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = KeyError::OperationFailed { operation: "write the private key" };
        let bytes = match self {
            Self::Rsa(pair) => {
                let der: Result<Pkcs8V1Der<'static>, _> = pair.as_der();
                der.map_err(|_| failed)?.as_ref().to_vec()
            }
            Self::Ec(pair) => pair.to_pkcs8v1().map_err(|_| failed)?.as_ref().to_vec(),
            // Version 1 has no public key inside; OpenSSL before 3.0 reads nothing else.
            Self::Ed25519(pair) => pair.to_pkcs8v1().map_err(|_| failed)?.as_ref().to_vec(),
            // The seed form of RFC 9881 §6.
            Self::MlDsa(pair) => pair.to_pkcs8v1().map_err(|_| failed)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(bytes))
    }

    /// The private scalar or seed of an elliptic-curve key; `None` for RSA and ML-DSA, whose PKCS#8 has it.
    pub(crate) fn private_octets(&self) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = match self {
            Self::Rsa(_) | Self::MlDsa(_) => return None,
            Self::Ec(pair) => {
                let scalar: EcPrivateKeyBin<'static> = pair.private_key().as_be_bytes().ok()?;
                scalar.as_ref().to_vec()
            }
            Self::Ed25519(pair) => {
                let seed: Curve25519SeedBin<'static> = pair.seed().ok()?.as_be_bytes().ok()?;
                seed.as_ref().to_vec()
            }
        };
        Some(Zeroizing::new(bytes))
    }

    /// Appends the base64url of the signature over `out` behind a dot.
    pub(crate) fn sign_append(&self, algorithm: Algorithm, out: &mut Vec<u8>) -> Result<(), Failed> {
        let append = |signature: &[u8], out: &mut Vec<u8>| {
            out.push(b'.');
            crate::base64url::encode_append(signature, out);
        };
        match self {
            Self::Rsa(pair) => {
                let padding = rsa_padding(algorithm).ok_or(Failed)?;
                let mut buffer = [0; MAX_RSA_SIGNATURE];
                // aws-lc-rs panics on any other length.
                let signature = buffer.get_mut(..pair.public_modulus_len()).ok_or(Failed)?;
                pair.sign(padding, &SystemRandom::new(), out, signature).map_err(|_| Failed)?;
                append(signature, out);
            }
            Self::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), out).map_err(|_| Failed)?;
                append(signature.as_ref(), out);
            }
            Self::Ed25519(pair) => {
                let signature = pair.try_sign(out).map_err(|_| Failed)?;
                append(signature.as_ref(), out);
            }
            Self::MlDsa(pair) => return sign_ml_dsa(pair, out),
        }
        Ok(())
    }
}

/// Octets in a signature by the largest RSA key that is accepted, 8192 bits.
const MAX_RSA_SIGNATURE: usize = 1024;
/// Octets in a signature of ML-DSA-87, the largest (FIPS 204 table 2).
const MAX_ML_DSA_SIGNATURE: usize = 4627;

/// Apart, so that no other algorithm pays for so much room on the stack.
#[inline(never)]
fn sign_ml_dsa(pair: &PqdsaKeyPair, out: &mut Vec<u8>) -> Result<(), Failed> {
    let mut buffer = [0; MAX_ML_DSA_SIGNATURE];
    let signature = buffer.get_mut(..pair.algorithm().signature_len()).ok_or(Failed)?;
    let length = pair.sign(out, signature).map_err(|_| Failed)?;
    out.push(b'.');
    crate::base64url::encode_append(signature.get(..length).ok_or(Failed)?, out);
    Ok(())
}

/// A public key parsed once, with the length its signatures must have.
pub(crate) struct PublicKey {
    key: ParsedPublicKey,
    signature_bytes: usize,
}

impl PublicKey {
    /// `key`: an uncompressed or compressed point, 32 octets for Ed25519, the octets of
    /// FIPS 204 for ML-DSA, PKCS#1 DER for RSA.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8], signature_bytes: usize) -> Result<Self, KeyError> {
        let verification = verification(algorithm).ok_or(KeyError::NotPublic { found: "a shared secret" })?;
        let key = ParsedPublicKey::new(verification, key).map_err(|_| KeyError::Inconsistent)?;
        Ok(Self { key, signature_bytes })
    }

    pub(crate) fn from_rsa_parts(algorithm: Algorithm, n: &[u8], e: &[u8]) -> Result<Self, KeyError> {
        let components = rsa::PublicKeyComponents { n, e };
        let der: PublicKeyX509Der<'static> = components.as_der().map_err(|_| KeyError::Inconsistent)?;
        Self::new(algorithm, der.as_ref(), n.len())
    }

    /// The key as `SubjectPublicKeyInfo`, points uncompressed.
    pub(crate) fn spki(&self) -> Result<Vec<u8>, KeyError> {
        let der: Result<PublicKeyX509Der<'static>, _> = self.key.as_der();
        let der = der.map_err(|_| KeyError::OperationFailed { operation: "write the public key" })?;
        Ok(der.as_ref().to_vec())
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Failed> {
        // Checked here so that no backend ever sees a signature of a strange length.
        if signature.len() != self.signature_bytes {
            return Err(Failed);
        }
        self.key.verify_sig(message, signature).map_err(|_| Failed)
    }
}
