//! Private keys encrypted with a passphrase: PKCS#8 `EncryptedPrivateKeyInfo` with PBES2 (RFC 5958 §3,
//! RFC 8018 §6.2 and appendix A).

use super::KeyError;
use super::der::{Identifier, algorithm_identifier, whole};
use super::der_write::{OCTET_STRING, oid, sequence, tlv, uint};
use crate::crypto::{self, AesCbc, Pbes2, Prf};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{AnyRef, Decode, Reader, Tag, Tagged};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");

const PRFS: [(ObjectIdentifier, Prf); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.7"), Prf::Sha1),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.9"), Prf::Sha256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.10"), Prf::Sha384),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.2.11"), Prf::Sha512),
];

const CIPHERS: [(ObjectIdentifier, AesCbc); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2"), AesCbc::Aes128),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22"), AesCbc::Aes192),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42"), AesCbc::Aes256),
];

/// The most rounds of PBKDF2 that a key file may ask for: seconds of work, not minutes.
pub(super) const MAX_ITERATIONS: u32 = 5_000_000;
/// The rounds that are written (OWASP's figure for HMAC-SHA-256).
const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(599_999);

const DAMAGED: KeyError = KeyError::malformed("the description of the key's encryption is damaged");

const fn refused(what: &'static str) -> KeyError {
    KeyError::EncryptionUnsupported { what }
}

/// Finds the scheme out and decrypts `der`.
pub(super) fn decrypt(der: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (identifier, octets) = whole(der, |reader| {
        reader.sequence(|inner| {
            let identifier = algorithm_identifier(inner)?;
            Ok::<_, der::Error>((identifier, <&OctetStringRef>::decode(inner)?))
        })
    })
    .ok_or(KeyError::malformed("not an encrypted PKCS#8 key"))?;
    // One answer for every failure behind this point: no more is known than that it did not come out right.
    scheme(identifier)?.decrypt(passphrase, octets.as_bytes()).map_err(|_| KeyError::PassphraseWrong)
}

fn scheme((scheme, parameters): Identifier<'_>) -> Result<Pbes2<'_>, KeyError> {
    if scheme != PBES2 {
        return Err(refused("a passphrase scheme older than PBES2 (DES, 3DES, RC2)"));
    }
    let both = parameters.ok_or(DAMAGED)?.sequence(|inner| {
        let (kdf, cipher) = (algorithm_identifier(inner)?, algorithm_identifier(inner)?);
        Ok::<_, der::Error>((kdf, cipher))
    });
    let (kdf, cipher) = both.map_err(|_| DAMAGED)?;
    let (cipher, iv) = cipher_and_iv(cipher)?;
    match kdf {
        (PBKDF2, Some(parameters)) => pbkdf2(parameters, cipher, iv),
        (SCRYPT, _) => Err(refused("scrypt")),
        _ => Err(refused("this key derivation function")),
    }
}

fn cipher_and_iv((oid, parameters): Identifier<'_>) -> Result<(AesCbc, [u8; 16]), KeyError> {
    let found = CIPHERS.into_iter().find(|(known, _)| *known == oid);
    let (_, cipher) = found.ok_or(refused("a cipher other than AES-CBC"))?;
    let iv = parameters.filter(|iv| iv.tag() == Tag::OctetString).ok_or(DAMAGED)?;
    Ok((cipher, iv.value().try_into().map_err(|_| DAMAGED)?))
}

/// RFC 8018 appendix A.2.
struct Pbkdf2<'a> {
    salt: AnyRef<'a>,
    iterations: u64,
    key_bytes: Option<u16>,
    prf: Option<Identifier<'a>>,
}

fn pbkdf2(parameters: AnyRef<'_>, cipher: AesCbc, iv: [u8; 16]) -> Result<Pbes2<'_>, KeyError> {
    let read = parameters.sequence(|inner| {
        let salt = AnyRef::decode(inner)?;
        let iterations = u64::decode(inner)?;
        let key_bytes = Option::<u16>::decode(inner)?;
        let prf = if inner.is_finished() { None } else { Some(algorithm_identifier(inner)?) };
        Ok::<_, der::Error>(Pbkdf2 { salt, iterations, key_bytes, prf })
    });
    let read: Pbkdf2<'_> = read.map_err(|_| DAMAGED)?;
    if read.salt.tag() != Tag::OctetString
        || read.key_bytes.is_some_and(|bytes| usize::from(bytes) != cipher.key_bytes())
    {
        return Err(DAMAGED);
    }
    if read.iterations > u64::from(MAX_ITERATIONS) {
        return Err(KeyError::CostRefused { limit: MAX_ITERATIONS });
    }
    let iterations = u32::try_from(read.iterations).ok().and_then(NonZeroU32::new).ok_or(DAMAGED)?;
    Ok(Pbes2 { prf: prf(read.prf)?, salt: read.salt.value(), iterations, cipher, iv })
}

fn prf(identifier: Option<Identifier<'_>>) -> Result<Prf, KeyError> {
    // The default of appendix A.2.
    let Some((oid, parameters)) = identifier else { return Ok(Prf::Sha1) };
    if parameters.is_some_and(|parameters| !parameters.is_null()) {
        return Err(DAMAGED);
    }
    let found = PRFS.into_iter().find(|(known, _)| *known == oid);
    found.map(|(_, prf)| prf).ok_or(refused("PBKDF2 with this hash"))
}

/// Encrypts a PKCS#8 key: PBES2, PBKDF2 with HMAC-SHA-256 and 600,000 rounds, AES-256-CBC.
pub(super) fn encrypt(pkcs8: &[u8], passphrase: &[u8]) -> Result<Vec<u8>, KeyError> {
    if passphrase.is_empty() {
        return Err(KeyError::PassphraseEmpty);
    }
    let failed = KeyError::OperationFailed { operation: "encrypt the private key" };
    let encrypted = crypto::encrypt_pbes2(passphrase, ITERATIONS, pkcs8).map_err(|_| failed)?;
    let rounds = ITERATIONS.get().to_be_bytes();
    let significant = rounds.iter().position(|byte| *byte != 0).and_then(|first| rounds.get(first..));
    let octets = |octets: &[u8]| tlv(OCTET_STRING, octets);
    let kdf = sequence(&[
        octets(&encrypted.salt),
        uint(significant.unwrap_or(&[])),
        sequence(&[oid(PRFS[1].0), tlv(super::der_write::NULL, &[])]),
    ]);
    let cipher = sequence(&[oid(CIPHERS[2].0), octets(&encrypted.iv)]);
    let scheme = sequence(&[oid(PBES2), sequence(&[sequence(&[oid(PBKDF2), kdf]), cipher])]);
    Ok(sequence(&[scheme, octets(&encrypted.octets)]))
}
