//! JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037, RFC 9964).
//!
//! Numbers must be written the one way the RFCs allow: base64url without padding, coordinates at full
//! length, integers without leading zeros. RSA private keys need all CRT members; multi-prime keys
//! (`oth`) are refused. Members that are read: `kty`, `crv`, `alg`, `use`, `key_ops`, `kid` and the numbers.

use super::KeyError;
use super::jwk_read::{Integers, Members, read_parts, read_set};
use super::kid::Kid;
use super::material::Material;
use crate::Algorithm;
use crate::algorithm::{Curve, KeyKind};
use std::fmt;
use zeroize::Zeroizing;

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
    /// Reads one JWK from JSON text or bytes. Members that say nothing about a signature key (`x5c`, `x5t`,
    /// `iat` and the like) are ignored.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::Unsupported`] for an unknown `kty` or `crv`,
    /// [`KeyError::NonCanonical`], [`KeyError::MultiPrime`] or [`KeyError::FactorsMissing`] for an RSA key of
    /// more than two primes or without CRT members.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::from_members(&Members::parse(json.as_ref(), Integers::Canonical)?)
    }

    /// Reads a JWK whose writer got the length of its integers wrong: RSA numbers with leading zeros, EC
    /// coordinates and private scalars with more leading zeros than they should have, or up to two fewer.
    /// They are put right, and so is the thumbprint. Everything else is read as by [`parse`](Self::parse).
    ///
    /// Strictness has a reason: one key with several spellings has several ids for those who compare text.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), without [`KeyError::NonCanonical`].
    ///
    /// # Examples
    /// ```
    /// use waxseal::{Code, Jwk};
    ///
    /// let led_by_zero = r#"{"kty":"RSA","n":"ALJ7","e":"AQAB"}"#;
    /// assert_eq!(Jwk::parse(led_by_zero).unwrap_err().code(), Code::KeyNonCanonical);
    /// assert_eq!(Jwk::parse_allowing_noncanonical_integers(led_by_zero)?.bits(), 16);
    /// # Ok::<(), waxseal::KeyError>(())
    /// ```
    pub fn parse_allowing_noncanonical_integers(json: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::from_members(&Members::parse(json.as_ref(), Integers::AnyLength)?)
    }

    /// Reads the members of a JWK Set (RFC 7517 §5), each by itself: public, private and secret keys, for
    /// signatures and for encryption. At most 100.
    ///
    /// For sets of one's own. What somebody else publishes for signatures is read with
    /// [`JwkSet`](crate::JwkSet), which refuses private keys.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], [`KeyError::SetTooLarge`]; for each member as [`parse`](Self::parse).
    ///
    /// # Examples
    /// ```
    /// use waxseal::Jwk;
    ///
    /// let set = Jwk::parse_set(r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"},{"kty":"?"}]}"#)?;
    /// assert_eq!(set.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    /// # Ok::<(), waxseal::KeyError>(())
    /// ```
    pub fn parse_set(json: impl AsRef<[u8]>) -> Result<Vec<Result<Self, KeyError>>, KeyError> {
        Ok(read_set(json.as_ref())?.into_iter().map(|member| Self::parse(member.raw)).collect())
    }

    fn from_members(members: &Members<'_>) -> Result<Self, KeyError> {
        let kty = members.text("kty")?.ok_or(KeyError::malformed("the JWK has no `kty`"))?;
        Ok(Self {
            parts: read_parts(&kty.decode(), members)?,
            alg: members.owned_text("alg")?,
            kid: members.owned_text("kid")?,
            use_: members.owned_text("use")?,
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

    /// The `use` member as it stands in the JWK.
    #[must_use]
    pub fn use_(&self) -> Option<&str> {
        self.use_.as_deref()
    }

    /// The `key_ops` member as it stands in the JWK; no operation is in it twice.
    #[must_use]
    pub fn key_ops(&self) -> Option<&[String]> {
        self.key_ops.as_deref()
    }

    /// The `crv` member of an EC or OKP key.
    #[must_use]
    pub fn crv(&self) -> Option<&'static str> {
        match self.kind() {
            KeyKind::Ec(curve) => Some(curve.name()),
            KeyKind::Ed25519 => Some("Ed25519"),
            KeyKind::X25519 => Some("X25519"),
            KeyKind::Secret | KeyKind::Rsa | KeyKind::MlDsa(_) => None,
        }
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
