//! RSA keys that are for RSASSA-PSS only (RFC 4055 §1.2, §3.1; RFC 8017 appendix A.2.3).

use super::KeyError;
use super::der::{Identifier, identifier_fields};
use crate::Algorithm;
use der::asn1::{ContextSpecific, ObjectIdentifier};
use der::{AnyRef, SliceReader, TagNumber};

const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The hashes of RFC 7518 §3.5, each with its length, which there is also that of the salt.
const HASHES: [(ObjectIdentifier, Algorithm, u8); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), Algorithm::Ps256, 32),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), Algorithm::Ps384, 48),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), Algorithm::Ps512, 64),
];

/// What an RSA key may be used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RsaUse {
    Any,
    Pss,
    PssWith(Algorithm),
}

impl RsaUse {
    /// The key says so itself, so this is no matter of opinion.
    pub(super) fn check(self, algorithm: Algorithm) -> Result<(), KeyError> {
        let fits = match self {
            Self::Any => true,
            Self::Pss => HASHES.iter().any(|(_, known, _)| *known == algorithm),
            Self::PssWith(only) => only == algorithm,
        };
        let found = match self {
            Self::PssWith(_) => "an RSA key for PSS with another hash",
            _ => "an RSA key for PSS only",
        };
        if fits { Ok(()) } else { Err(KeyError::AlgorithmMismatch { algorithm, found }) }
    }
}

/// Reads the parameters of `id-RSASSA-PSS`; `None` if RFC 7518 has no algorithm for them.
pub(super) fn read_parameters(parameters: Option<AnyRef<'_>>) -> Option<RsaUse> {
    let Some(parameters) = parameters else { return Some(RsaUse::Pss) };
    let read = parameters.sequence(|inner| {
        let hash = explicit_identifier(inner, 0)?;
        let mask = explicit_identifier(inner, 1)?;
        let salt = ContextSpecific::<u8>::decode_explicit(inner, TagNumber(2))?.map_or(20, |salt| salt.value);
        let trailer = ContextSpecific::<u8>::decode_explicit(inner, TagNumber(3))?;
        Ok::<_, der::Error>((hash, mask, salt, trailer.map_or(1, |trailer| trailer.value)))
    });
    let (hash, mask, salt, trailer) = read.ok()?;
    // Left out, both are SHA-1.
    let (hash, mask) = (hash?, mask?);
    let (_, algorithm, length) = HASHES.into_iter().find(|(oid, ..)| *oid == hash.0)?;
    let mask_hash = mask.1?.sequence(|inner| same_hash(inner, hash.0)).ok()?;
    // The key names the least length of a salt.
    (mask.0 == MGF1 && mask_hash && salt <= length && trailer == 1).then_some(RsaUse::PssWith(algorithm))
}

fn explicit_identifier<'a>(reader: &mut SliceReader<'a>, number: u32) -> der::Result<Option<Identifier<'a>>> {
    let found = ContextSpecific::<AnyRef<'a>>::decode_explicit(reader, TagNumber(number))?;
    found.map(|found| found.value.sequence(identifier_fields)).transpose()
}

fn same_hash(inner: &mut SliceReader<'_>, hash: ObjectIdentifier) -> der::Result<bool> {
    let (oid, parameters) = identifier_fields(inner)?;
    Ok(oid == hash && parameters.is_none_or(AnyRef::is_null))
}
