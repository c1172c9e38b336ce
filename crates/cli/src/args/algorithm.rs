//! Algorithms by name.

use std::fmt;
use waxseal::Algorithm;

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

/// An algorithm by its registered name, matched exactly.
pub(crate) fn algorithm(name: &str) -> Result<NamedAlgorithm, String> {
    let fully_specified = name == FULLY_SPECIFIED;
    name.parse().map(|algorithm| NamedAlgorithm { algorithm, fully_specified }).map_err(|_| {
        let names: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        format!("the algorithms are {}, {FULLY_SPECIFIED}", names.join(", "))
    })
}
