//! The public key in an X.509 certificate (RFC 5280 §4.1), and nothing else of it.

use super::der::{algorithm_identifier, whole};
use der::asn1::{BitStringRef, ContextSpecific, IntRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};

/// The `SubjectPublicKeyInfo` of a certificate, still encoded; `None` if `der` is not one.
pub(super) fn read_certificate(der: &[u8]) -> Option<&[u8]> {
    whole(der, |reader| {
        reader.sequence(|certificate| {
            let spki = certificate.sequence(subject_public_key_info)?;
            algorithm_identifier(certificate)?;
            BitStringRef::decode(certificate)?;
            Ok::<_, der::Error>(spki)
        })
    })
}

fn subject_public_key_info<'a>(tbs: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    ContextSpecific::<u8>::decode_explicit(tbs, TagNumber(0))?; // version
    IntRef::decode(tbs)?; // serial number
    algorithm_identifier(tbs)?;
    skip_sequence(tbs)?; // issuer
    skip_sequence(tbs)?; // validity
    skip_sequence(tbs)?; // subject
    let spki = tbs.tlv_bytes()?;
    while !tbs.is_finished() {
        tbs.tlv_bytes()?; // unique identifiers, extensions
    }
    Ok(spki)
}

fn skip_sequence(reader: &mut SliceReader<'_>) -> der::Result<()> {
    let mut element = SliceReader::new(reader.tlv_bytes()?)?;
    Header::decode(&mut element)?.tag().assert_eq(Tag::Sequence)?;
    Ok(())
}
