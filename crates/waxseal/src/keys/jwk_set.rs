//! JWK Sets (RFC 7517 §5): what an issuer publishes and its verifiers read.

use super::jwk::Parts;
use super::jwk_read::{MAX_KEYS, find_member, read_set};
use super::{Jwk, KeyError, PublicKey};
use crate::Algorithm;
use crate::json::Value;

/// Public keys of one issuer.
///
/// # Examples
/// ```
/// use waxseal::{Algorithm, JwkSet, PrivateKey};
///
/// let key = PrivateKey::generate(Algorithm::EdDsa)?;
/// let published = JwkSet::from_keys([key.public_key()]).to_json();
/// let read = JwkSet::parse(&published)?;
/// assert_eq!(read.keys()[0].kid(), key.kid());
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    keys: Vec<PublicKey>,
    skipped: Vec<SkippedKey>,
}

/// A member of a set that could not be used, and why.
///
/// # Examples
/// ```
/// use waxseal::JwkSet;
///
/// // A key for encryption cannot check signatures.
/// let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// let key = serde_json::json!({"kty": "OKP", "crv": "Ed25519", "x": x, "use": "enc", "kid": "k9"});
/// let set = JwkSet::parse(serde_json::json!({"keys": [key]}).to_string())?;
/// let skipped = &set.skipped()[0];
/// assert_eq!((skipped.index, skipped.kid.as_deref()), (0, Some("k9")));
/// println!("key {} of the set is not used: {}", skipped.index, skipped.reason);
/// # Ok::<(), waxseal::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct SkippedKey {
    /// Where it stands in `keys`, from 0.
    pub index: usize,
    /// Its `kid`, if it could be read. Whoever wrote the set chose this text.
    pub kid: Option<String>,
    /// Why it was skipped.
    pub reason: KeyError,
}

impl JwkSet {
    /// The most keys in a set that is read.
    pub const MAX_KEYS: usize = MAX_KEYS;

    /// A set of these keys, in this order.
    pub fn from_keys(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        Self { keys: keys.into_iter().collect(), skipped: Vec::new() }
    }

    /// Reads a key set from elsewhere. RSA keys without `alg` are taken as RS256 keys.
    ///
    /// Keys that cannot be used (unknown `kty` or `alg`, `use` = `enc`, `key_ops` without `verify`,
    /// damaged) are left out and listed by [`skipped`](Self::skipped).
    ///
    /// # Errors
    /// In this order: [`KeyError::Malformed`], [`KeyError::SetTooLarge`] above
    /// [`MAX_KEYS`](Self::MAX_KEYS), [`KeyError::NotPublic`] if the set contains a private or symmetric
    /// key: then it is no set that anyone meant to publish, and none of it is used.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::read(json.as_ref(), |jwk| {
            jwk.algorithm().or_else(|error| default_rsa(jwk, &error)).map(|found| vec![found])
        })
    }

    /// Reads a key set for a caller that accepts only `algorithms`.
    ///
    /// A key without `alg` is taken for each of the `algorithms` that its type fits, as one key per
    /// algorithm. Keys for none of them are skipped with [`KeyError::AlgorithmMismatch`] as the reason.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_for(json: impl AsRef<[u8]>, algorithms: &[Algorithm]) -> Result<Self, KeyError> {
        Self::read(json.as_ref(), |jwk| {
            let wanted: Vec<_> = match jwk.algorithm() {
                Ok(found) => algorithms.iter().copied().filter(|a| *a == found).collect(),
                Err(KeyError::AlgorithmAmbiguous) => {
                    algorithms.iter().copied().filter(|a| a.key_kind() == jwk.kind()).collect()
                }
                Err(error) => return Err(error),
            };
            match (wanted.is_empty(), algorithms.first()) {
                (true, Some(&algorithm)) => {
                    Err(KeyError::AlgorithmMismatch { algorithm, found: jwk.kind().describe() })
                }
                _ => Ok(wanted),
            }
        })
    }

    fn read(
        json: &[u8],
        algorithms: impl Fn(&Jwk) -> Result<Vec<Algorithm>, KeyError>,
    ) -> Result<Self, KeyError> {
        let members = read_set(json)?;
        let mut set = Self::default();
        for (index, member) in members.into_iter().enumerate() {
            match Jwk::parse(member.raw) {
                Ok(jwk) if !matches!(jwk.parts, Parts::Public(_)) => {
                    return Err(KeyError::NotPublic { found: jwk.describe() });
                }
                Ok(jwk) => set.add(index, &jwk, algorithms(&jwk)),
                Err(error) if names_private_members(member) => {
                    // Too damaged to read, yet somebody put private numbers into it.
                    let _ = error;
                    return Err(KeyError::NotPublic { found: "a private key" });
                }
                Err(reason) => set.skipped.push(SkippedKey { index, kid: None, reason }),
            }
        }
        Ok(set)
    }

    fn add(&mut self, index: usize, jwk: &Jwk, algorithms: Result<Vec<Algorithm>, KeyError>) {
        let mut skip = |reason| {
            let kid = jwk.kid().filter(|kid| super::acceptable_kid(kid)).map(str::to_owned);
            self.skipped.push(SkippedKey { index, kid, reason });
        };
        match algorithms {
            Err(reason) => skip(reason),
            Ok(algorithms) => {
                for algorithm in algorithms {
                    match PublicKey::from_jwk_as(algorithm, jwk) {
                        Ok(key) => self.keys.push(key),
                        Err(reason) => skip(reason),
                    }
                }
            }
        }
    }

    /// The usable keys, in the order of the set.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The members that were left out.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// The set as JSON text; public keys only, because it holds nothing else.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(|key| key.to_jwk().to_public_json()).collect();
        format!("{{\"keys\":[{}]}}", keys.join(","))
    }
}

impl IntoIterator for JwkSet {
    type Item = PublicKey;
    type IntoIter = std::vec::IntoIter<PublicKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}

fn default_rsa(jwk: &Jwk, error: &KeyError) -> Result<Algorithm, KeyError> {
    if *error == KeyError::AlgorithmAmbiguous && jwk.kty() == "RSA" {
        return Ok(Algorithm::Rs256);
    }
    Err(error.clone())
}

fn names_private_members(member: Value<'_>) -> bool {
    let private = ["d", "p", "q", "k", "priv"];
    private.into_iter().any(|name| find_member(member.raw, name).is_ok_and(|found| found.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, PrivateKey};

    fn public(algorithm: Algorithm) -> String {
        PrivateKey::generate(algorithm).unwrap().public_key().to_jwk().to_public_json()
    }

    #[test]
    fn footgun_19_unusable_keys_are_left_out_with_their_reason() {
        let good = public(Algorithm::Es256);
        let edited = |from: &str, to: &str| good.replace(from, to);
        for (member, code) in [
            ("{\"kty\":\"XYZ\"}".to_owned(), Code::KeyTypeUnsupported),
            ("{}".to_owned(), Code::KeyMalformed),
            ("5".to_owned(), Code::KeyMalformed),
            (edited("\"ES256\"", "\"ES999\""), Code::KeyAlgorithmUnknown),
            (edited("\"ES256\"", "\"ES384\""), Code::KeyAlgorithmMismatch),
            (edited("\"ES256\"", "\"HS256\""), Code::KeyAlgorithmMismatch),
            (edited("\"sig\"", "\"enc\""), Code::KeyUseForbidden),
            (edited("\"use\":\"sig\"", "\"key_ops\":[\"encrypt\"]"), Code::KeyUseForbidden),
            (edited("\"crv\":\"P-256\"", "\"crv\":\"P-192\""), Code::KeyTypeUnsupported),
        ] {
            let set = JwkSet::parse(format!("{{\"keys\":[{member},{good}]}}")).unwrap();
            assert_eq!(set.keys().len(), 1, "{member}");
            assert_eq!(set.skipped()[0].reason.code(), code, "{member}");
        }
        let ops = edited("\"use\":\"sig\"", "\"key_ops\":[\"verify\"]");
        assert_eq!(JwkSet::parse(format!("{{\"keys\":[{ops}]}}")).unwrap().keys().len(), 1);
    }

    #[test]
    fn footgun_19_private_or_symmetric_members_condemn_the_set() {
        let good = public(Algorithm::Es256);
        let private = PrivateKey::generate(Algorithm::Es256).unwrap().to_jwk_json();
        for member in [&**private, "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"new\",\"priv\":\"x\"}"] {
            let error = JwkSet::parse(format!("{{\"keys\":[{good},{member}]}}")).unwrap_err();
            assert_eq!(error.code(), Code::KeyNotPublic, "{}", member.len());
        }
    }

    #[test]
    fn a_set_has_a_bounded_number_of_keys() {
        let set = |count| format!("{{\"keys\":[{}]}}", vec!["{}"; count].join(","));
        assert_eq!(JwkSet::parse(set(100)).unwrap().skipped().len(), 100);
        assert_eq!(JwkSet::parse(set(101)).unwrap_err().code(), Code::KeySetTooLarge);
        for json in ["", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}x", "{\"keys\":[],\"keys\":[]}"] {
            assert_eq!(JwkSet::parse(json).unwrap_err().code(), Code::KeyMalformed, "{json}");
        }
    }

    #[test]
    fn footgun_04_an_rsa_key_without_alg_is_rs256_or_what_the_verifier_says() {
        let json = public(Algorithm::Rs256).replace("\"alg\":\"RS256\",", "");
        let set = format!("{{\"keys\":[{json}]}}");
        assert_eq!(JwkSet::parse(&set).unwrap().keys()[0].algorithm(), Algorithm::Rs256);
        let wanted = [Algorithm::Ps256, Algorithm::Es256, Algorithm::Rs512];
        let keys = JwkSet::parse_for(&set, &wanted).unwrap();
        let found: Vec<_> = keys.keys().iter().map(PublicKey::algorithm).collect();
        assert_eq!(found, [Algorithm::Ps256, Algorithm::Rs512]);
        let none = JwkSet::parse_for(&set, &[Algorithm::Es256]).unwrap();
        assert_eq!(none.skipped()[0].reason.code(), Code::KeyAlgorithmMismatch);
    }
}
