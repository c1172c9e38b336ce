//! Algorithms by name.

use std::fmt;
use waxseal::Algorithm;
use waxseal::jwe::{ContentEncryption, KeyAlgorithm};

/// An algorithm and the name under which it was asked for: `Ed25519` is `EdDSA` by another (RFC 9864).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NamedAlgorithm {
    pub(crate) algorithm: Algorithm,
    /// The name of RFC 9864 was used, and shall go into headers and keys.
    pub(crate) fully_specified: bool,
}

impl fmt::Display for NamedAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.fully_specified { FULLY_SPECIFIED } else { self.algorithm.as_str() })
    }
}

const FULLY_SPECIFIED: &str = "Ed25519";

/// A signature algorithm by its registered name, matched exactly.
pub(crate) fn algorithm(name: &str) -> Result<NamedAlgorithm, String> {
    let fully_specified = name == FULLY_SPECIFIED;
    name.parse()
        .map(|algorithm| NamedAlgorithm { algorithm, fully_specified })
        .map_err(|_| format!("the algorithms are {}", names(Algorithm::ALL, &[FULLY_SPECIFIED])))
}

/// What a key may be for: signatures, or one of the two things that encryption needs keys for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeyUse {
    Signature(NamedAlgorithm),
    Management(KeyAlgorithm),
    /// A key for `dir`, by what it encrypts with, as its JWK says.
    Content(ContentEncryption),
}

impl KeyUse {
    /// Whether both sides hold the same secret.
    pub(crate) fn is_symmetric(self) -> bool {
        match self {
            Self::Signature(named) => named.algorithm.is_symmetric(),
            Self::Management(algorithm) => algorithm.is_symmetric(),
            Self::Content(_) => true,
        }
    }
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(named) => named.fmt(f),
            Self::Management(algorithm) => algorithm.fmt(f),
            Self::Content(content) => content.fmt(f),
        }
    }
}

/// Any algorithm that a key can be for, by its registered name, matched exactly.
pub(crate) fn key_use(name: &str) -> Result<KeyUse, String> {
    if let Ok(named) = algorithm(name) {
        return Ok(KeyUse::Signature(named));
    }
    if let Ok(algorithm) = name.parse() {
        return Ok(KeyUse::Management(algorithm));
    }
    name.parse().map(KeyUse::Content).map_err(|_| {
        format!(
            "the algorithms are {}, for encryption {}, for dir {}",
            names(Algorithm::ALL, &[FULLY_SPECIFIED]),
            names(KeyAlgorithm::ALL, &[]),
            names(ContentEncryption::ALL, &[])
        )
    })
}

/// A way to manage a content key by its registered name, matched exactly.
pub(super) fn key_algorithm(name: &str) -> Result<KeyAlgorithm, String> {
    name.parse().map_err(|_| format!("the algorithms are {}", names(KeyAlgorithm::ALL, &[])))
}

/// A content encryption by its registered name, matched exactly.
pub(super) fn content_encryption(name: &str) -> Result<ContentEncryption, String> {
    name.parse().map_err(|_| format!("the content encryptions are {}", names(ContentEncryption::ALL, &[])))
}

fn names<A: fmt::Display>(all: &[A], more: &[&str]) -> String {
    let names: Vec<_> = all.iter().map(A::to_string).chain(more.iter().map(ToString::to_string)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_itself_and_no_other_is() {
        let all = Algorithm::ALL.iter().map(ToString::to_string);
        let all = all.chain(KeyAlgorithm::ALL.iter().map(ToString::to_string));
        let all = all.chain(ContentEncryption::ALL.iter().map(ToString::to_string));
        for name in all.chain(["Ed25519".to_owned()]) {
            assert_eq!(key_use(&name).unwrap().to_string(), name);
        }
        for name in ["none", "RSA1_5", "es256", "ED25519", "A128CBC", "", "dir "] {
            assert!(key_use(name).is_err(), "{name:?}");
        }
    }
}
