//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037, RFC 9964).
//!
//! Numbers must be written the one way the RFCs allow: base64url without padding, coordinates at full
//! length, integers without leading zeros. RSA private keys need all CRT members; multi-prime keys
//! (`oth`) are refused.

use super::KeyError;
use super::kid::Kid;
use super::material::{Material, object};
use crate::algorithm::{Curve, KeyKind, MlDsa};
use crate::json::{self, JsonStr, Kind, Value, Visitor};
use crate::{Algorithm, base64url};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::fmt;
use zeroize::Zeroizing;

/// How deep a JWK or JWK Set may be nested.
pub(super) const DEPTH: usize = 16;
/// The longest JWK or JWK Set that is read, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// A parsed JSON Web Key, private or public. `Debug` shows no key material.
///
/// # Examples
/// ```
/// use waxseal::{Jwk, PublicKey};
///
/// let jwk = Jwk::parse(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
/// assert!(!jwk.is_private());
/// // RFC 8037 appendix A.3
/// assert_eq!(jwk.thumbprint().as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
/// let key = PublicKey::from_jwk(&jwk)?;
/// # Ok::<(), waxseal::KeyError>(())
/// ```
pub struct Jwk {
    pub(super) parts: Parts,
    alg: Option<String>,
    kid: Option<String>,
    use_: Option<String>,
    key_ops: Option<Vec<String>>,
}

pub(super) enum Parts {
    Secret(Zeroizing<Vec<u8>>),
    Public(Material),
    Private(Material, PrivateNumbers),
}

pub(super) enum PrivateNumbers {
    /// `d` of an elliptic-curve key, `priv` (the seed) of an ML-DSA key.
    Octets(Zeroizing<Vec<u8>>),
    /// `d`, `p`, `q`, `dp`, `dq`, `qi`.
    Rsa(Box<[Zeroizing<Vec<u8>>; 6]>),
}

/// What a key is wanted for (RFC 7517 §4.3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Sign,
    Verify,
    SignOrVerify,
}

impl Jwk {
    /// Reads one JWK from JSON text or bytes.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Unsupported`] for an unknown `kty` or `crv`, an RSA private key
    /// without its CRT members, or a multi-prime key.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let bytes = json.as_ref();
        if bytes.len() > MAX_BYTES {
            return Err(KeyError::malformed("the JWK is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| KeyError::malformed("the JWK is not UTF-8"))?;
        let mut members = Members(Vec::new());
        json::scan_object(text, DEPTH, &mut members)
            .map_err(|_| KeyError::malformed("the JWK is not valid JSON"))?;
        Self::from_members(&members)
    }

    fn from_members(members: &Members<'_>) -> Result<Self, KeyError> {
        let own = |name| -> Result<Option<String>, KeyError> {
            Ok(members.text(name)?.map(|text| text.decode().into_owned()))
        };
        let kty = members.text("kty")?.ok_or(KeyError::malformed("the JWK has no `kty`"))?;
        Ok(Self {
            parts: read_parts(&kty.decode(), members)?,
            alg: own("alg")?,
            kid: own("kid")?,
            use_: own("use")?,
            key_ops: members.key_ops()?,
        })
    }

    /// Whether the JWK holds a private key or a secret.
    #[must_use]
    pub fn is_private(&self) -> bool {
        !matches!(self.parts, Parts::Public(_))
    }

    /// The `kty` member.
    #[must_use]
    pub fn kty(&self) -> &'static str {
        match self.kind() {
            KeyKind::Secret => "oct",
            KeyKind::Rsa => "RSA",
            KeyKind::Ec(_) => "EC",
            KeyKind::Ed25519 | KeyKind::X25519 => "OKP",
            KeyKind::MlDsa(_) => "AKP",
        }
    }

    /// The `alg` member as it stands in the JWK.
    #[must_use]
    pub fn alg(&self) -> Option<&str> {
        self.alg.as_deref()
    }

    /// The `kid` member as it stands in the JWK: attacker-chosen text when the JWK is.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The RFC 7638 thumbprint; `None` for a secret, whose hash must not be published.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        match &self.parts {
            Parts::Secret(_) => None,
            Parts::Public(material) | Parts::Private(material, _) => Some(material.thumbprint()),
        }
    }

    /// The length of the key in bits: the modulus, the field of the curve, the secret, the public key of ML-DSA.
    #[must_use]
    pub fn bits(&self) -> usize {
        match &self.parts {
            Parts::Secret(octets) => octets.len() * 8,
            Parts::Public(material) | Parts::Private(material, _) => match material {
                Material::Rsa { n, .. } => {
                    n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize)
                }
                Material::Ec { curve: Curve::P521, .. } => 521,
                Material::Ec { curve, .. } => curve.field_bytes() * 8,
                Material::Ed25519 { .. } | Material::X25519 { .. } => 256,
                Material::MlDsa { set, .. } => set.public_bytes() * 8,
            },
        }
    }

    pub(super) fn kind(&self) -> KeyKind {
        match &self.parts {
            Parts::Secret(_) => KeyKind::Secret,
            Parts::Public(material) | Parts::Private(material, _) => material.kind(),
        }
    }

    pub(crate) fn describe(&self) -> &'static str {
        match &self.parts {
            Parts::Private(..) => "a private key",
            _ => self.kind().describe(),
        }
    }

    /// The algorithm that the JWK itself determines; never a token's word.
    pub(super) fn algorithm(&self) -> Result<Algorithm, KeyError> {
        if let Some(alg) = &self.alg {
            return alg.parse().map_err(|_| KeyError::AlgorithmUnknown);
        }
        match &self.parts {
            Parts::Secret(_) => Err(KeyError::AlgorithmAmbiguous),
            Parts::Public(Material::X25519 { .. }) | Parts::Private(Material::X25519 { .. }, _) => {
                Err(KeyError::Unsupported {
                    what: "signing with an X25519 key",
                    remedy: "use Ed25519 to sign, X25519 to encrypt",
                })
            }
            Parts::Public(material) | Parts::Private(material, _) => {
                material.only_algorithm().ok_or(KeyError::AlgorithmAmbiguous)
            }
        }
    }

    /// `alg`, `use` and `key_ops` must all allow `algorithm` for `purpose`.
    pub(super) fn check(&self, algorithm: Algorithm, purpose: Purpose) -> Result<(), KeyError> {
        if self.alg.as_deref().is_some_and(|alg| alg.parse() != Ok(algorithm)) {
            return Err(KeyError::AlgorithmMismatch { algorithm, found: "a JWK whose `alg` is another" });
        }
        let (operation, allowed): (_, &[&str]) = match purpose {
            Purpose::Sign => ("signing", &["sign"]),
            Purpose::Verify => ("verifying", &["verify"]),
            Purpose::SignOrVerify => ("signing or verifying", &["sign", "verify"]),
        };
        let ops_allow =
            self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| allowed.contains(&op.as_str())));
        if ops_allow && self.use_.as_deref().is_none_or(|text| text == "sig") {
            return Ok(());
        }
        Err(KeyError::UseForbidden { operation })
    }

    /// `use` and `key_ops` must both allow encryption, the latter by one of the `allowed` or, where that is
    /// enough, by an empty list.
    pub(crate) fn check_encryption(
        &self,
        operation: &'static str,
        allowed: &[&str],
        empty_allows: bool,
    ) -> Result<(), KeyError> {
        let ops_allow = self.key_ops.as_ref().is_none_or(|ops| {
            ops.iter().any(|op| allowed.contains(&op.as_str())) || (empty_allows && ops.is_empty())
        });
        if ops_allow && self.use_.as_deref().is_none_or(|text| text == "enc") {
            return Ok(());
        }
        Err(KeyError::UseForbidden { operation })
    }

    pub(crate) fn chosen_kid(&self) -> Result<Option<Kid>, KeyError> {
        self.kid.as_deref().map(Kid::chosen).transpose()
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwk")
            .field("kty", &self.kty())
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .field("private", &self.is_private())
            .finish_non_exhaustive()
    }
}

struct Members<'a>(Vec<(JsonStr<'a>, Value<'a>)>);

impl<'a> Visitor<'a> for Members<'a> {
    fn member(&mut self, name: JsonStr<'a>, value: Value<'a>) {
        self.0.push((name, value));
    }
}

impl<'a> Members<'a> {
    fn find(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().find(|(found, _)| found.is(name)).map(|(_, value)| *value)
    }

    fn text(&self, name: &'static str) -> Result<Option<JsonStr<'a>>, KeyError> {
        let Some(value) = self.find(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or(KeyError::malformed("a member of the JWK has the wrong type"))
    }

    fn key_ops(&self) -> Result<Option<Vec<String>>, KeyError> {
        let Some(value) = self.find("key_ops") else { return Ok(None) };
        let malformed = KeyError::malformed("`key_ops` of the JWK is not an array of texts");
        if value.kind != Kind::Array {
            return Err(malformed);
        }
        let texts = json::elements(value, DEPTH).into_iter();
        texts
            .map(|value| value.as_str().map(|text| text.decode().into_owned()))
            .collect::<Option<_>>()
            .map(Some)
            .ok_or(malformed)
    }

    fn octets(&self, name: &'static str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let text = text.decode();
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
        if octets.first().is_none_or(|first| *first == 0) {
            return Err(KeyError::malformed("an integer of the JWK has leading zeros"));
        }
        Ok(octets)
    }

    fn sized(&self, name: &'static str, length: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let octets = self.needed(name)?;
        if octets.len() == length {
            Ok(octets)
        } else {
            Err(KeyError::malformed("a member of the JWK has the wrong length"))
        }
    }
}

fn read_parts(kty: &str, members: &Members<'_>) -> Result<Parts, KeyError> {
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
        return Err(KeyError::Unsupported {
            what: "an RSA key of more than two primes",
            remedy: "make a new key",
        });
    }
    if members.find("d").is_none() {
        return Ok(Parts::Public(material));
    }
    if ["p", "q", "dp", "dq", "qi"].iter().any(|name| members.find(name).is_none()) {
        return Err(KeyError::Unsupported {
            what: "an RSA private JWK without p, q, dp, dq and qi",
            remedy: "export it again as PKCS#8",
        });
    }
    let number = |name| members.integer(name);
    let numbers = [number("d")?, number("p")?, number("q")?, number("dp")?, number("dq")?, number("qi")?];
    Ok(Parts::Private(material, PrivateNumbers::Rsa(Box::new(numbers))))
}

fn curve_name<'a>(members: &Members<'a>) -> Result<std::borrow::Cow<'a, str>, KeyError> {
    Ok(members.text("crv")?.ok_or(KeyError::malformed("the JWK has no `crv`"))?.decode())
}

fn read_ec(members: &Members<'_>) -> Result<Parts, KeyError> {
    let name = curve_name(members)?;
    let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name).ok_or(KeyError::Unsupported {
        what: "this curve",
        remedy: "use P-256, P-384, P-521 or secp256k1",
    })?;
    let coordinate = |name| members.sized(name, curve.field_bytes());
    let material = Material::Ec { curve, x: coordinate("x")?.to_vec(), y: coordinate("y")?.to_vec() };
    private_or_public(material, members, "d", curve.field_bytes())
}

fn read_okp(members: &Members<'_>) -> Result<Parts, KeyError> {
    let material: fn([u8; 32]) -> Material = match &*curve_name(members)? {
        "Ed25519" => |x| Material::Ed25519 { x },
        "X25519" => |x| Material::X25519 { x },
        _ => return Err(KeyError::Unsupported { what: "this curve", remedy: "use Ed25519 or X25519" }),
    };
    let wrong_length = KeyError::malformed("a coordinate of the JWK has the wrong length");
    let x = members.needed("x")?.as_slice().try_into().map_err(|_| wrong_length)?;
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

/// Appends `,"kid":…` to an unfinished JSON object.
pub(super) fn write_kid(kid: Option<&str>, json: &mut Vec<u8>) {
    if let Some(kid) = kid {
        json.extend_from_slice(b",\"kid\":");
        json::write_string(kid, json);
    }
}

/// A public JWK, to be published. Serializes as a JSON object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicJwk {
    members: Vec<(&'static str, String)>,
    kid: String,
}

impl PublicJwk {
    pub(super) fn new(material: &Material, alg: &'static str, kid: &str) -> Self {
        Self::for_use(material, alg, "sig", kid)
    }

    pub(super) fn for_use(material: &Material, alg: &'static str, use_: &'static str, kid: &str) -> Self {
        let mut members = material.members();
        // `kty` first reads better; order means nothing here, unlike in a thumbprint.
        members.sort_by_key(|(name, _)| *name != "kty");
        if members.iter().all(|(name, _)| *name != "alg") {
            members.push(("alg", alg.to_owned()));
        }
        members.push(("use", use_.to_owned()));
        Self { members, kid: kid.to_owned() }
    }

    /// The `kid` member.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The JWK as JSON text.
    #[must_use]
    pub fn to_public_json(&self) -> String {
        let mut json = object(&self.members).into_bytes();
        json.pop();
        write_kid(Some(&self.kid), &mut json);
        json.push(b'}');
        String::from_utf8(json).unwrap_or_default()
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len() + 1))?;
        for (name, text) in &self.members {
            map.serialize_entry(name, text)?;
        }
        map.serialize_entry("kid", &self.kid)?;
        map.end()
    }
}
