//! The public numbers of a key: what JWK members, thumbprints and SPKI are made of.

use super::KeyError;
#[cfg(feature = "crypto")]
use super::der;
use crate::algorithm::{Algorithm, Curve, KeyKind, MlDsa};
use crate::base64url;
#[cfg(feature = "crypto")]
use crate::crypto;
use sha2::{Digest, Sha256};

/// The public half of a key, numbers big-endian; coordinates have the full length of the field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    Ec {
        curve: Curve,
        x: Vec<u8>,
        y: Vec<u8>,
    },
    Ed25519 {
        x: [u8; 32],
    },
    X25519 {
        x: [u8; 32],
    },
    /// As FIPS 204 encodes it, of the length that the parameter set has.
    MlDsa {
        set: MlDsa,
        public: Vec<u8>,
    },
}

impl Material {
    pub(crate) fn kind(&self) -> KeyKind {
        match self {
            Self::Rsa { .. } => KeyKind::Rsa,
            Self::Ec { curve, .. } => KeyKind::Ec(*curve),
            Self::Ed25519 { .. } => KeyKind::Ed25519,
            Self::X25519 { .. } => KeyKind::X25519,
            Self::MlDsa { set, .. } => KeyKind::MlDsa(*set),
        }
    }

    /// The only algorithm such a key can be for, if there is only one.
    pub(crate) fn only_algorithm(&self) -> Option<Algorithm> {
        match self {
            Self::Rsa { .. } | Self::X25519 { .. } => None,
            Self::Ec { curve, .. } => Some(curve.algorithm()),
            Self::Ed25519 { .. } => Some(Algorithm::EdDsa),
            Self::MlDsa { set, .. } => Some(set.algorithm()),
        }
    }

    pub(super) fn from_ml_dsa(set: MlDsa, public: &[u8]) -> Result<Self, KeyError> {
        if public.len() == set.public_bytes() {
            return Ok(Self::MlDsa { set, public: public.to_vec() });
        }
        Err(KeyError::malformed("the ML-DSA public key has the wrong length for its algorithm"))
    }

    /// `kty` and the members that RFC 7638 §3.2 (for ML-DSA RFC 9964) hashes, in lexicographic order.
    pub(super) fn members(&self) -> Vec<(&'static str, String)> {
        let encode = |bytes: &[u8]| base64url::encode(bytes);
        match self {
            Self::Rsa { n, e } => vec![("e", encode(e)), ("kty", "RSA".into()), ("n", encode(n))],
            Self::Ec { curve, x, y } => {
                vec![("crv", curve.name().into()), ("kty", "EC".into()), ("x", encode(x)), ("y", encode(y))]
            }
            Self::Ed25519 { x } => {
                vec![("crv", "Ed25519".into()), ("kty", "OKP".into()), ("x", encode(x))]
            }
            Self::X25519 { x } => vec![("crv", "X25519".into()), ("kty", "OKP".into()), ("x", encode(x))],
            // RFC 9964 §6: here `alg` is part of the key.
            Self::MlDsa { set, public } => {
                let alg = set.algorithm().as_str().to_owned();
                vec![("alg", alg), ("kty", "AKP".into()), ("pub", encode(public))]
            }
        }
    }

    /// The RFC 7638 thumbprint: SHA-256, base64url.
    pub(super) fn thumbprint(&self) -> String {
        base64url::encode(&Sha256::digest(object(&self.members())))
    }
}

#[cfg(feature = "crypto")]
impl Material {
    /// Reads `SubjectPublicKeyInfo` of a key for `algorithm`; compressed points are expanded.
    pub(super) fn from_spki(algorithm: Algorithm, spki: &[u8]) -> Result<Self, KeyError> {
        let read = der::read_spki(spki)?;
        read.rsa_use.check(algorithm)?;
        Self::from_key_info(read.kind, read.key)
    }

    /// `key`: what the bit string of `SubjectPublicKeyInfo` holds.
    pub(super) fn from_key_info(kind: KeyKind, key: &[u8]) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Rsa => Self::from_pkcs1(key),
            KeyKind::Ed25519 => {
                let x = key.try_into().map_err(|_| KeyError::malformed("an Ed25519 key has 32 octets"))?;
                Ok(Self::Ed25519 { x })
            }
            KeyKind::X25519 => {
                let x = key.try_into().map_err(|_| KeyError::malformed("an X25519 key has 32 octets"))?;
                Ok(Self::X25519 { x })
            }
            KeyKind::MlDsa(set) => Self::from_ml_dsa(set, key),
            KeyKind::Ec(curve) => Self::from_any_point(curve, key),
            KeyKind::Secret => Err(KeyError::NotPublic { found: "a shared secret" }),
        }
    }

    pub(super) fn from_pkcs1(key: &[u8]) -> Result<Self, KeyError> {
        let (n, e) = der::read_pkcs1_public(key).ok_or(KeyError::malformed("not an RSA public key"))?;
        Ok(Self::Rsa { n: n.to_vec(), e: e.to_vec() })
    }

    /// Uncompressed or compressed; the hybrid forms of SEC 1 §2.3.3 would be a third spelling of each point.
    fn from_any_point(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        if !matches!(point, [2 | 3, x @ ..] if x.len() == curve.field_bytes()) {
            return Self::from_point(curve, point);
        }
        let parsed = crypto::PublicKey::new(curve.algorithm(), point, curve.field_bytes() * 2)?;
        let spki = parsed.spki()?;
        Self::from_point(curve, der::read_spki(&spki)?.key)
    }

    pub(super) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        let off_curve = KeyError::malformed("the point has the wrong length for its curve");
        let coordinates = point.strip_prefix(&[4]).ok_or(off_curve.clone())?;
        if coordinates.len() != curve.field_bytes() * 2 {
            return Err(off_curve);
        }
        let (x, y) = coordinates.split_at_checked(curve.field_bytes()).ok_or(off_curve)?;
        Ok(Self::Ec { curve, x: x.to_vec(), y: y.to_vec() })
    }

    /// Hands the key to the cryptographic library, which checks that points lie on their curve.
    pub(super) fn prepare(&self, algorithm: Algorithm) -> Result<crypto::PublicKey, KeyError> {
        if algorithm.key_kind() != self.kind() {
            return Err(KeyError::AlgorithmMismatch { algorithm, found: self.kind().describe() });
        }
        match self {
            Self::Rsa { n, e } => {
                check_rsa(n, e)?;
                crypto::PublicKey::from_rsa_parts(algorithm, n, e)
            }
            Self::Ec { curve, x, y } => {
                crypto::PublicKey::new(algorithm, &uncompressed(x, y), curve.field_bytes() * 2)
            }
            Self::Ed25519 { x } => crypto::PublicKey::new(algorithm, x, 64),
            Self::X25519 { .. } => {
                Err(KeyError::AlgorithmMismatch { algorithm, found: KeyKind::X25519.describe() })
            }
            Self::MlDsa { set, public } => crypto::PublicKey::new(algorithm, public, set.signature_bytes()),
        }
    }
}

pub(super) fn uncompressed(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

/// A JSON object of string members whose text needs no escapes (base64url and registered names).
pub(super) fn object(members: &[(&'static str, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, text)| format!("\"{name}\":\"{text}\"")).collect();
    format!("{{{}}}", members.join(","))
}

/// 2048 to 8192 bits, exponent odd and from 3 to 2^33 − 1: smaller is forgeable, larger lets one token cost
/// seconds.
pub(super) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    let exponent =
        e.iter().try_fold(0_u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)));
    let exponent_fits = exponent.is_some_and(|e| e % 2 == 1 && (3..1 << 33).contains(&e));
    if !(2048..=8192).contains(&bits) || !exponent_fits {
        return Err(KeyError::SizeRefused);
    }
    if is_factorable(n) { Err(KeyError::Factorable) } else { Ok(()) }
}

/// Whether the primes came from the generator of CVE-2017-15361 (ROCA), found in smart cards and TPMs: its
/// primes, and so the modulus, are a power of 65537 modulo each small prime (Nemec et al., CCS 2017, §3).
/// Other moduli meet that by a chance of about 2^-27; the first prime already tells most of them.
fn is_factorable(n: &[u8]) -> bool {
    // Of the primes up to 167, those that 65537 does not generate everything of.
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.into_iter().all(|prime| {
        let residue = n.iter().fold(0, |residue, byte| (residue * 256 + u32::from(*byte)) % prime);
        let powers =
            std::iter::successors(Some(1), |power| Some(power * 65537 % prime).filter(|next| *next != 1));
        powers.into_iter().any(|power| power == residue)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footgun_13_keys_of_a_flawed_generator_are_found() {
        let power = |exponent: usize| {
            // 65537 to a power, big-endian: each step adds the number to itself, two octets to the left.
            (0..exponent).fold(vec![1_u8], |number, _| {
                let (mut sum, mut carry) = (Vec::new(), 0);
                for place in 0..number.len() + 2 {
                    let digit =
                        |at: Option<usize>| u32::from(at.and_then(|at| number.get(at)).copied().unwrap_or(0));
                    let total = digit(Some(place)) + digit(place.checked_sub(2)) + carry;
                    sum.push((total & 0xff) as u8);
                    carry = total >> 8;
                }
                sum
            })
        };
        let big_endian = |mut number: Vec<u8>| {
            number.reverse();
            number
        };
        for exponent in [128, 129, 130] {
            let mut number = power(exponent);
            assert!(is_factorable(&big_endian(number.clone())), "{exponent}");
            number[0] ^= 2;
            assert!(!is_factorable(&big_endian(number)), "{exponent}, one bit changed");
        }
        assert_eq!(check_rsa(&big_endian(power(128)), &[1, 0, 1]), Err(KeyError::Factorable));
        assert!(!is_factorable(&[0xff; 256]));
    }

    #[test]
    fn footgun_13_rsa_bounds() {
        let modulus = |bits: usize| {
            let mut n = vec![0xff; bits.div_ceil(8)];
            n[0] = 0xff >> (n.len() * 8 - bits);
            n
        };
        for (bits, exponent, accepted) in [
            (2047, &[3][..], false),
            (2048, &[3], true),
            (2048, &[1, 0, 1], true),
            (8192, &[1, 0, 1], true),
            (8193, &[1, 0, 1], false),
            (2048, &[], false),
            (2048, &[1], false),
            (2048, &[4], false),
            (2048, &[1, 0xff, 0xff, 0xff, 0xff], true),
            (2048, &[2, 0, 0, 0, 1], false),
            (2048, &[1; 9], false),
        ] {
            assert_eq!(check_rsa(&modulus(bits), exponent).is_ok(), accepted, "{bits} {exponent:?}");
        }
    }
}
