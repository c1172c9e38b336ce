//! Finding out what a DER key is, before any of it reaches the cryptographic library.
//!
//! `SubjectPublicKeyInfo` (RFC 5280 §4.1), PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1) and
//! SEC 1 private keys (RFC 5915). Trailing octets are refused.

use super::KeyError;
use super::der_write::{bit_string, oid, sequence, tlv, uint};
use super::material::{Material, uncompressed};
use crate::algorithm::{Curve, KeyKind, MlDsa};
use der::asn1::{BitStringRef, ContextSpecific, ObjectIdentifier, OctetStringRef, UintRef};
use der::{AnyRef, Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

fn ml_dsa_oid(set: MlDsa) -> ObjectIdentifier {
    match set {
        MlDsa::Set44 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"),
        MlDsa::Set65 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"),
        MlDsa::Set87 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"),
    }
}

fn ml_dsa_named(oid: ObjectIdentifier) -> Option<MlDsa> {
    MlDsa::ALL.into_iter().find(|set| ml_dsa_oid(*set) == oid)
}

const NULL: u8 = 0x05;
const MALFORMED: KeyError = KeyError::malformed("not a DER key");

fn curve_oid(curve: Curve) -> ObjectIdentifier {
    match curve {
        Curve::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        Curve::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        Curve::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        Curve::Secp256k1 => ObjectIdentifier::new_unwrap("1.3.132.0.10"),
    }
}

fn curve_named(oid: ObjectIdentifier) -> Option<Curve> {
    Curve::ALL.into_iter().find(|curve| curve_oid(*curve) == oid)
}

/// Reads all of `input` with `read`.
fn whole<'a, T>(input: &'a [u8], read: impl FnOnce(&mut SliceReader<'a>) -> der::Result<T>) -> Option<T> {
    let mut reader = SliceReader::new(input).ok()?;
    let value = read(&mut reader).ok()?;
    reader.finish().ok()?;
    Some(value)
}

type Identifier<'a> = (ObjectIdentifier, Option<AnyRef<'a>>);

fn algorithm_identifier<'a>(reader: &mut SliceReader<'a>) -> der::Result<Identifier<'a>> {
    reader.sequence(|inner: &mut SliceReader<'a>| {
        let oid = ObjectIdentifier::decode(inner)?;
        let parameters = if inner.is_finished() { None } else { Some(AnyRef::decode(inner)?) };
        Ok::<_, der::Error>((oid, parameters))
    })
}

fn kind((oid, parameters): Identifier<'_>) -> Result<KeyKind, KeyError> {
    let unsupported = KeyError::Unsupported {
        what: "a key of this type or on this curve",
        remedy: "use RSA, P-256, P-384, P-521, secp256k1, Ed25519 or ML-DSA",
    };
    match (oid, parameters) {
        (RSA, None) => Ok(KeyKind::Rsa),
        (RSA, Some(parameters)) if parameters.is_null() => Ok(KeyKind::Rsa),
        (ED25519, None) => Ok(KeyKind::Ed25519),
        (EC, Some(parameters)) => {
            let oid: ObjectIdentifier =
                parameters.decode_as().map_err(|_: der::Error| unsupported.clone())?;
            curve_named(oid).map(KeyKind::Ec).ok_or(unsupported)
        }
        (oid, None) => ml_dsa_named(oid).map(KeyKind::MlDsa).ok_or(unsupported),
        _ => Err(unsupported),
    }
}

/// The kind of a `SubjectPublicKeyInfo` and the key inside its bit string.
pub(super) fn read_spki(der: &[u8]) -> Result<(KeyKind, &[u8]), KeyError> {
    let (identifier, key) = whole(der, |reader| {
        reader.sequence(|inner| {
            let identifier = algorithm_identifier(inner)?;
            let key = BitStringRef::decode(inner)?;
            Ok::<_, der::Error>((identifier, key))
        })
    })
    .ok_or(MALFORMED)?;
    Ok((kind(identifier)?, key.as_bytes().ok_or(MALFORMED)?))
}

/// `SubjectPublicKeyInfo`, points uncompressed.
pub(super) fn write_spki(material: &Material) -> Vec<u8> {
    let (identifier, key) = match material {
        Material::Rsa { n, e } => ([oid(RSA), tlv(NULL, &[])].concat(), sequence(&[uint(n), uint(e)])),
        Material::Ec { curve, x, y } => ([oid(EC), oid(curve_oid(*curve))].concat(), uncompressed(x, y)),
        Material::Ed25519 { x } => (oid(ED25519), x.to_vec()),
        Material::MlDsa { set, public } => (oid(ml_dsa_oid(*set)), public.clone()),
    };
    sequence(&[sequence(&[identifier]), bit_string(&key)])
}

/// The kind of a PKCS#8 private key and the key inside its octet string.
pub(super) fn read_pkcs8(der: &[u8]) -> Result<(KeyKind, &[u8]), KeyError> {
    let (identifier, key) = whole(der, |reader| {
        reader.sequence(|inner| {
            u8::decode(inner)?;
            let identifier = algorithm_identifier(inner)?;
            let key = <&OctetStringRef>::decode(inner)?;
            // Attributes and, in version 2, the public key; the library checks the latter.
            while !inner.is_finished() {
                inner.tlv_bytes()?;
            }
            Ok::<_, der::Error>((identifier, key))
        })
    })
    .ok_or(MALFORMED)?;
    Ok((kind(identifier)?, key.as_bytes()))
}

/// Modulus and exponent of a PKCS#1 public key.
pub(super) fn read_pkcs1_public(der: &[u8]) -> Option<(&[u8], &[u8])> {
    whole(der, |reader| {
        reader.sequence(|inner| {
            let n = UintRef::decode(inner)?;
            let e = UintRef::decode(inner)?;
            Ok::<_, der::Error>((n.as_bytes(), e.as_bytes()))
        })
    })
}

/// The eight numbers of a two-prime PKCS#1 private key: n, e, d, p, q, dp, dq, qi.
pub(super) fn read_pkcs1_private(der: &[u8]) -> Option<[&[u8]; 8]> {
    whole(der, |reader| {
        reader.sequence(|inner| {
            let version = u8::decode(inner)?;
            if version != 0 {
                return Err(der::ErrorKind::Failed.into());
            }
            let mut numbers: [&[u8]; 8] = [&[]; 8];
            for number in &mut numbers {
                *number = UintRef::decode(inner)?.as_bytes();
            }
            Ok::<_, der::Error>(numbers)
        })
    })
}

/// What an ML-DSA private key inside PKCS#8 holds (RFC 9881 §6).
pub(super) struct MlDsaPrivate<'a> {
    pub(super) seed: Option<&'a [u8]>,
    pub(super) expanded: Option<&'a [u8]>,
}

/// Reads the choice of RFC 9881 §6: the seed (`[0]`), the expanded key, or both.
pub(super) fn read_ml_dsa_private(der: &[u8]) -> Option<MlDsaPrivate<'_>> {
    const SEED: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
    whole(der, |reader| {
        let any = AnyRef::decode(reader)?;
        match any.tag() {
            SEED => Ok(MlDsaPrivate { seed: Some(any.value()), expanded: None }),
            Tag::OctetString => Ok(MlDsaPrivate { seed: None, expanded: Some(any.value()) }),
            _ => any.sequence(|inner| {
                let seed = <&OctetStringRef>::decode(inner)?.as_bytes();
                let expanded = <&OctetStringRef>::decode(inner)?.as_bytes();
                Ok::<_, der::Error>(MlDsaPrivate { seed: Some(seed), expanded: Some(expanded) })
            }),
        }
    })
}

/// The curve that a SEC 1 private key names.
pub(super) fn read_sec1(der: &[u8]) -> Option<Curve> {
    let oid = whole(der, |reader| {
        reader.sequence(|inner| {
            u8::decode(inner)?;
            <&OctetStringRef>::decode(inner)?;
            let curve = ContextSpecific::<ObjectIdentifier>::decode_explicit(inner, TagNumber(0))?;
            ContextSpecific::<BitStringRef<'_>>::decode_explicit(inner, TagNumber(1))?;
            Ok::<_, der::Error>(curve.map(|curve| curve.value))
        })
    })??;
    curve_named(oid)
}

/// Whether `bytes` are an encrypted PKCS#8 key: an algorithm, then an octet string.
pub(super) fn is_encrypted_pkcs8(bytes: &[u8]) -> bool {
    whole(bytes, |reader| {
        reader.sequence(|inner| {
            algorithm_identifier(inner)?;
            <&OctetStringRef>::decode(inner)?;
            Ok::<_, der::Error>(())
        })
    })
    .is_some()
}

/// Whether `bytes` are one complete DER sequence, as every encoded key is.
pub(super) fn is_sequence(bytes: &[u8]) -> bool {
    whole(bytes, |reader| {
        let any = AnyRef::decode(reader)?;
        any.sequence(|inner| {
            while !inner.is_finished() {
                inner.tlv_bytes()?;
            }
            Ok::<_, der::Error>(())
        })
    })
    .is_some()
}
