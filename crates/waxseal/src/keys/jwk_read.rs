//! Reading the members of a JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 9964 §3).

use super::KeyError;
use super::jwk::{Parts, PrivateNumbers};
use super::material::Material;
use crate::algorithm::{Curve, MlDsa};
use crate::base64url;
use crate::json::{self, JsonStr, Kind, Value, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use zeroize::Zeroizing;

/// How deep a JWK or JWK Set may be nested.
const DEPTH: usize = 16;
/// The longest JWK or JWK Set that is read, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The most keys in a set that is read.
pub(super) const MAX_KEYS: usize = 100;

struct FindMember<'a> {
    name: &'static str,
    found: Option<Value<'a>>,
}

impl<'a> Visitor<'a> for FindMember<'a> {
    fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
        if name.is(self.name) {
            self.found = Some(value);
        }
    }
}

/// One member of a strict JSON object.
pub(super) fn find_member<'a>(json: &'a str, name: &'static str) -> Result<Option<Value<'a>>, KeyError> {
    let mut find = FindMember { name, found: None };
    json::scan_object(json, DEPTH, &mut find)
        .map_err(|_| KeyError::malformed("the key set is not a JSON object"))?;
    Ok(find.found)
}

/// The members of a JWK Set's `keys` (RFC 7517 §5.1).
pub(super) fn read_set(json: &[u8]) -> Result<Vec<Value<'_>>, KeyError> {
    if json.len() > MAX_BYTES {
        return Err(KeyError::malformed("the key set is too long"));
    }
    let text = std::str::from_utf8(json).map_err(|_| KeyError::malformed("the key set is not UTF-8"))?;
    let keys = find_member(text, "keys")?.filter(|value| value.kind == Kind::Array);
    let keys = json::elements(keys.ok_or(KeyError::malformed("the key set has no array `keys`"))?);
    if keys.len() > MAX_KEYS {
        return Err(KeyError::SetTooLarge { limit: MAX_KEYS });
    }
    Ok(keys)
}

/// The members of a JWK, and how strictly its numbers are taken.
pub(super) struct Members<'a> {
    list: Vec<(JsonStr<'a>, Value<'a>)>,
    integers: Integers,
}

/// Whether integers and coordinates may have other than their one right length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Integers {
    Canonical,
    AnyLength,
}

impl<'a> Visitor<'a> for Members<'a> {
    fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
        self.list.push((name, value));
    }
}

impl<'a> Members<'a> {
    pub(super) fn parse(bytes: &'a [u8], integers: Integers) -> Result<Self, KeyError> {
        if bytes.len() > MAX_BYTES {
            return Err(KeyError::malformed("the JWK is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| KeyError::malformed("the JWK is not UTF-8"))?;
        let mut members = Self { list: Vec::new(), integers };
        json::scan_object(text, DEPTH, &mut members)
            .map_err(|_| KeyError::malformed("the JWK is not valid JSON"))?;
        Ok(members)
    }

    fn find(&self, name: &str) -> Option<Value<'a>> {
        self.list.iter().find(|(found, _)| found.is(name)).map(|(_, value)| *value)
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<JsonStr<'a>>, KeyError> {
        let Some(value) = self.find(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or(KeyError::malformed("a member of the JWK has the wrong type"))
    }

    pub(super) fn owned_text(&self, name: &'static str) -> Result<Option<String>, KeyError> {
        Ok(self.text(name)?.map(|text| text.decode().into_owned()))
    }

    /// RFC 7517 §4.3: texts, none of them twice.
    pub(super) fn key_ops(&self) -> Result<Option<Vec<String>>, KeyError> {
        let Some(value) = self.find("key_ops") else { return Ok(None) };
        let malformed = KeyError::malformed("`key_ops` of the JWK is not an array of texts");
        if value.kind != Kind::Array {
            return Err(malformed);
        }
        let texts = json::elements(value).into_iter();
        let texts = texts.map(|value| value.as_str().map(|text| text.decode().into_owned()));
        let texts: Vec<String> = texts.collect::<Option<_>>().ok_or(malformed)?;
        let distinct: HashSet<&str> = texts.iter().map(String::as_str).collect();
        if distinct.len() != texts.len() {
            return Err(KeyError::malformed("`key_ops` of the JWK names an operation twice"));
        }
        Ok(Some(texts))
    }

    fn octets(&self, name: &'static str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        // Text with escapes is decoded into a copy, which may be of a private number.
        let copy;
        let text = match text.decode() {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                copy = Zeroizing::new(text);
                copy.as_str()
            }
        };
        // Reserved in one piece: growing would leave copies of a private number behind.
        let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
        base64url::decode_append(text.as_bytes(), &mut octets)
            .map_err(|_| KeyError::malformed("a number of the JWK is not base64url"))?;
        Ok(Some(octets))
    }

    fn needed(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.octets(name)?.ok_or(KeyError::malformed("the JWK lacks a member that its `kty` requires"))
    }

    /// An integer in its shortest form (RFC 7518 §2, `Base64urlUInt`).
    fn integer(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let octets = self.needed(name)?;
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        match (zeros, self.integers) {
            _ if zeros == octets.len() => Err(KeyError::malformed("an integer of the JWK is zero")),
            (0, _) => Ok(octets),
            (_, Integers::AnyLength) => Ok(Zeroizing::new(octets.get(zeros..).unwrap_or(&[]).to_vec())),
            (_, Integers::Canonical) => Err(KeyError::NonCanonical),
        }
    }

    /// An integer at its full length (RFC 7518 §6.2.1.2).
    fn coordinate(&self, name: &'static str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let octets = self.needed(name)?;
        if octets.len() == length {
            return Ok(octets);
        }
        let surplus = octets.len().saturating_sub(length);
        let (zeros, digits) = octets.split_at_checked(surplus).unwrap_or((&[], &octets));
        let missing = length.saturating_sub(digits.len());
        if missing > MAX_MISSING || zeros.iter().any(|octet| *octet != 0) {
            return Err(WRONG_LENGTH);
        }
        if self.integers == Integers::Canonical {
            return Err(KeyError::NonCanonical);
        }
        let mut padded = Zeroizing::new(Vec::with_capacity(length));
        padded.resize(missing, 0);
        padded.extend_from_slice(digits);
        Ok(padded)
    }

    fn sized(&self, name: &'static str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let octets = self.needed(name)?;
        if octets.len() == length { Ok(octets) } else { Err(WRONG_LENGTH) }
    }
}

/// Writers that drop leading zeros of a coordinate drop more than this once in 2^24 keys; a shorter
/// number is the coordinate of another curve.
const MAX_MISSING: usize = 2;

const WRONG_LENGTH: KeyError = KeyError::malformed("a member of the JWK has the wrong length");

pub(super) fn read_parts(kty: &str, members: &Members<'_>) -> Result<Parts, KeyError> {
    match kty {
        "oct" => Ok(Parts::Secret(members.needed("k")?)),
        "RSA" => read_rsa(members),
        "EC" => read_ec(members),
        "OKP" => read_okp(members),
        "AKP" => read_akp(members),
        _ => Err(KeyError::Unsupported { what: "this `kty`", remedy: "use RSA, EC, OKP, AKP or oct" }),
    }
}

fn read_rsa(members: &Members<'_>) -> Result<Parts, KeyError> {
    let material = Material::Rsa { n: members.integer("n")?.to_vec(), e: members.integer("e")?.to_vec() };
    if members.find("oth").is_some() {
        return Err(KeyError::MultiPrime);
    }
    if members.find("d").is_none() {
        return Ok(Parts::Public(material));
    }
    if ["p", "q", "dp", "dq", "qi"].iter().any(|name| members.find(name).is_none()) {
        return Err(KeyError::FactorsMissing);
    }
    let number = |name| members.integer(name);
    let numbers = [number("d")?, number("p")?, number("q")?, number("dp")?, number("dq")?, number("qi")?];
    Ok(Parts::Private(material, PrivateNumbers::Rsa(Box::new(numbers))))
}

fn curve_name<'a>(members: &Members<'a>) -> Result<Cow<'a, str>, KeyError> {
    Ok(members.text("crv")?.ok_or(KeyError::malformed("the JWK has no `crv`"))?.decode())
}

fn read_ec(members: &Members<'_>) -> Result<Parts, KeyError> {
    let name = curve_name(members)?;
    let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name).ok_or(KeyError::Unsupported {
        what: "this curve",
        remedy: "use P-256, P-384, P-521 or secp256k1",
    })?;
    let coordinate = |name| members.coordinate(name, curve.field_bytes());
    let material = Material::Ec { curve, x: coordinate("x")?.to_vec(), y: coordinate("y")?.to_vec() };
    if members.find("d").is_none() {
        return Ok(Parts::Public(material));
    }
    Ok(Parts::Private(material, PrivateNumbers::Octets(coordinate("d")?)))
}

fn read_okp(members: &Members<'_>) -> Result<Parts, KeyError> {
    let material: fn([u8; 32]) -> Material = match &*curve_name(members)? {
        "Ed25519" => |x| Material::Ed25519 { x },
        "X25519" => |x| Material::X25519 { x },
        _ => return Err(KeyError::Unsupported { what: "this curve", remedy: "use Ed25519 or X25519" }),
    };
    // Octets, not an integer (RFC 8037 §2): their length is never open to discussion.
    let x = members.needed("x")?.as_slice().try_into().map_err(|_| WRONG_LENGTH)?;
    private_or_public(material(x), members, "d", 32)
}

/// RFC 9964 §3: `alg` says what the octets are, so it is required.
fn read_akp(members: &Members<'_>) -> Result<Parts, KeyError> {
    let alg =
        members.text("alg")?.ok_or(KeyError::malformed("the JWK has no `alg`, which `AKP` requires"))?;
    let set = MlDsa::ALL.into_iter().find(|set| alg.is(set.algorithm().as_str()));
    let set = set.ok_or(KeyError::Unsupported {
        what: "this `alg` of an `AKP` key",
        remedy: "use ML-DSA-44, ML-DSA-65 or ML-DSA-87",
    })?;
    let material = Material::from_ml_dsa(set, &members.needed("pub")?)?;
    private_or_public(material, members, "priv", MlDsa::SEED_BYTES)
}

fn private_or_public(
    material: Material,
    members: &Members<'_>,
    name: &'static str,
    length: usize,
) -> Result<Parts, KeyError> {
    if members.find(name).is_none() {
        return Ok(Parts::Public(material));
    }
    Ok(Parts::Private(material, PrivateNumbers::Octets(members.sized(name, length)?)))
}
