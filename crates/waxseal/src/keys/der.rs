//! Finding out what a DER key is, before any of it reaches the cryptographic library.
//!
//! `SubjectPublicKeyInfo` (RFC 5280 §4.1), PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1) and
//! SEC 1 private keys (RFC 5915). Trailing octets are refused.

use super::KeyError;
use super::der_write::{NULL, OCTET_STRING, SEQUENCE, bit_string, oid, sequence, tlv, uint};
use super::material::{Material, uncompressed};
use super::pss::{RsaUse, read_parameters};
use crate::algorithm::{Curve, KeyKind, MlDsa};
use der::asn1::{BitStringRef, ContextSpecific, ObjectIdentifier, OctetStringRef, UintRef};
use der::{AnyRef, Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use zeroize::Zeroizing;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

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
pub(super) fn whole<'a, T>(
    input: &'a [u8],
    read: impl FnOnce(&mut SliceReader<'a>) -> der::Result<T>,
) -> Option<T> {
    let mut reader = SliceReader::new(input).ok()?;
    let value = read(&mut reader).ok()?;
    reader.finish().ok()?;
    Some(value)
}

pub(super) type Identifier<'a> = (ObjectIdentifier, Option<AnyRef<'a>>);

pub(super) fn algorithm_identifier<'a>(reader: &mut SliceReader<'a>) -> der::Result<Identifier<'a>> {
    reader.sequence(identifier_fields)
}

pub(super) fn identifier_fields<'a>(inner: &mut SliceReader<'a>) -> der::Result<Identifier<'a>> {
    let oid = ObjectIdentifier::decode(inner)?;
    let parameters = if inner.is_finished() { None } else { Some(AnyRef::decode(inner)?) };
    Ok((oid, parameters))
}

/// The kind of key that an identifier names.
fn kind((oid, parameters): Identifier<'_>) -> Result<(KeyKind, RsaUse), KeyError> {
    let unsupported = KeyError::Unsupported {
        what: "a key of this type or on this curve",
        remedy: "use RSA, P-256, P-384, P-521, secp256k1, Ed25519 or ML-DSA",
    };
    let kind = match (oid, parameters) {
        (RSA, parameters) if parameters.is_none_or(AnyRef::is_null) => Some(KeyKind::Rsa),
        (RSA_PSS, parameters) => {
            let only = read_parameters(parameters).ok_or(unsupported)?;
            return Ok((KeyKind::Rsa, only));
        }
        (ED25519, None) => Some(KeyKind::Ed25519),
        (X25519, None) => Some(KeyKind::X25519),
        (EC, Some(parameters)) => {
            let oid: der::Result<ObjectIdentifier> = parameters.decode_as();
            oid.ok().and_then(curve_named).map(KeyKind::Ec)
        }
        (oid, None) => ml_dsa_named(oid).map(KeyKind::MlDsa),
        _ => None,
    };
    Ok((kind.ok_or(unsupported)?, RsaUse::Any))
}

/// A `SubjectPublicKeyInfo` as far as its kind.
pub(super) struct Spki<'a> {
    pub(super) kind: KeyKind,
    pub(super) rsa_use: RsaUse,
    /// Inside the bit string.
    pub(super) key: &'a [u8],
}

pub(super) fn read_spki(der: &[u8]) -> Result<Spki<'_>, KeyError> {
    let (identifier, key) = whole(der, |reader| {
        reader.sequence(|inner| {
            let identifier = algorithm_identifier(inner)?;
            let key = BitStringRef::decode(inner)?;
            Ok::<_, der::Error>((identifier, key))
        })
    })
    .ok_or(MALFORMED)?;
    let (kind, rsa_use) = kind(identifier)?;
    Ok(Spki { kind, rsa_use, key: key.as_bytes().ok_or(MALFORMED)? })
}

/// What the bit string of `SubjectPublicKeyInfo` holds; points uncompressed.
fn public_octets(material: &Material) -> Vec<u8> {
    match material {
        Material::Rsa { n, e } => sequence(&[uint(n), uint(e)]),
        Material::Ec { x, y, .. } => uncompressed(x, y),
        Material::Ed25519 { x } | Material::X25519 { x } => x.to_vec(),
        Material::MlDsa { public, .. } => public.clone(),
    }
}

fn write_identifier(kind: KeyKind) -> Vec<u8> {
    let parts = match kind {
        KeyKind::Rsa => vec![oid(RSA), tlv(NULL, &[])],
        KeyKind::Ec(curve) => vec![oid(EC), oid(curve_oid(curve))],
        KeyKind::Ed25519 => vec![oid(ED25519)],
        KeyKind::X25519 => vec![oid(X25519)],
        KeyKind::MlDsa(set) => vec![oid(ml_dsa_oid(set))],
        KeyKind::Secret => Vec::new(),
    };
    sequence(&parts)
}

/// `SubjectPublicKeyInfo`, points uncompressed.
pub(super) fn write_spki(material: &Material) -> Vec<u8> {
    sequence(&[write_identifier(material.kind()), bit_string(&public_octets(material))])
}

/// PKCS#8 version 1 of an X25519 private key (RFC 8410 §7).
pub(super) fn write_x25519_pkcs8(private: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let key = Zeroizing::new(tlv(OCTET_STRING, private));
    Pkcs8 { kind: KeyKind::X25519, rsa_use: RsaUse::Any, key: &key, public_key: None }.plain()
}

/// A PKCS#8 private key (RFC 5958 §2).
pub(super) struct Pkcs8<'a> {
    pub(super) kind: KeyKind,
    pub(super) rsa_use: RsaUse,
    /// Inside the octet string.
    pub(super) key: &'a [u8],
    public_key: Option<BitStringRef<'a>>,
}

impl Pkcs8<'_> {
    /// Whether the public half, if there is one, is this.
    pub(super) fn agrees_with(&self, material: &Material) -> bool {
        self.public_key.is_none_or(|found| found.as_bytes() == Some(&public_octets(material)))
    }

    /// The same key without attributes and public half, which `aws-lc-rs` does not take with EC keys.
    pub(super) fn plain(&self) -> Zeroizing<Vec<u8>> {
        let key = Zeroizing::new(tlv(OCTET_STRING, self.key));
        let version = uint(&[]);
        let body = Zeroizing::new([version.as_slice(), &write_identifier(self.kind), &key].concat());
        Zeroizing::new(tlv(SEQUENCE, &body))
    }
}

/// Reads a PKCS#8 private key as far as its kind.
pub(super) fn read_pkcs8(der: &[u8]) -> Result<Pkcs8<'_>, KeyError> {
    let (identifier, key, public_key) = whole(der, |reader| {
        reader.sequence(|inner| {
            let version = u8::decode(inner)?;
            let identifier = algorithm_identifier(inner)?;
            let key = <&OctetStringRef>::decode(inner)?.as_bytes();
            if !inner.is_finished() && Tag::peek(inner)?.number() == TagNumber(0) {
                inner.tlv_bytes()?; // attributes
            }
            let public_key = ContextSpecific::<BitStringRef<'_>>::decode_implicit(inner, TagNumber(1))?;
            // RFC 5958 §2: version 1 is for keys with their public half.
            if version != u8::from(public_key.is_some()) {
                return Err(der::ErrorKind::Failed.into());
            }
            Ok::<_, der::Error>((identifier, key, public_key.map(|found| found.value)))
        })
    })
    .ok_or(MALFORMED)?;
    let (kind, rsa_use) = kind(identifier)?;
    Ok(Pkcs8 { kind, rsa_use, key, public_key })
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
