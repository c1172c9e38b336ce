//! Which algorithms may be used, as a list of names.

use crate::failure::Failure;
use waxseal::jwe::{ContentEncryption, KeyAlgorithm};
use waxseal::{Algorithm, Code};

/// A list of algorithms: the member `algorithms` of a line, or an option. It restricts, and it names the
/// algorithm of a key that does not tell it.
///
/// Names are matched exactly. A name that nothing here implements never matches, so a list of nothing else
/// allows nothing.
#[derive(Clone, Copy)]
pub(crate) struct Allowed<'l>(pub(crate) Option<&'l [String]>);

impl Allowed<'_> {
    /// Whether a key of this algorithm may be used: it is in the list, or there is none.
    pub(crate) fn check(self, algorithm: Algorithm) -> Result<(), Failure> {
        let listed = |list: &[String]| list.iter().any(|name| name.parse() == Ok(algorithm));
        if self.0.is_none_or(listed) { Ok(()) } else { Err(forbidden(algorithm.as_str())) }
    }

    /// The same for a key that manages content keys.
    pub(crate) fn check_management(self, algorithm: KeyAlgorithm) -> Result<(), Failure> {
        if self.0.is_none() || self.names(algorithm.as_str()) {
            Ok(())
        } else {
            Err(forbidden(algorithm.as_str()))
        }
    }

    /// The signature algorithms of the list, each once.
    ///
    /// # Errors
    /// Without a list the key stays ambiguous: the token's word is no answer.
    pub(crate) fn signature_algorithms(self) -> Result<Vec<Algorithm>, Failure> {
        self.0.ok_or_else(ambiguous)?;
        Ok(self.known())
    }

    /// The ways to manage a content key in the list, each once.
    ///
    /// # Errors
    /// As [`signature_algorithms`](Self::signature_algorithms).
    pub(crate) fn management_algorithms(self) -> Result<Vec<KeyAlgorithm>, Failure> {
        self.0.ok_or_else(ambiguous)?;
        let found: Vec<KeyAlgorithm> = self.known();
        // Names of content encryptions alone are those of keys that encrypt the content themselves.
        let direct = found.is_empty() && self.content_encryptions().is_some();
        Ok(if direct { vec![KeyAlgorithm::Dir] } else { found })
    }

    /// The content encryptions of the list; `None` if it has none and so restricts none.
    pub(crate) fn content_encryptions(self) -> Option<Vec<ContentEncryption>> {
        Some(self.known()).filter(|list| !list.is_empty())
    }

    fn names(self, name: &str) -> bool {
        self.0.is_some_and(|list| list.iter().any(|other| other == name))
    }

    fn known<A: std::str::FromStr + PartialEq>(self) -> Vec<A> {
        let mut found = Vec::new();
        for algorithm in self.0.unwrap_or_default().iter().filter_map(|name| name.parse().ok()) {
            if !found.contains(&algorithm) {
                found.push(algorithm);
            }
        }
        found
    }
}

pub(crate) fn forbidden(algorithm: &str) -> Failure {
    let what = format!("the key is for {algorithm}, which is not among the algorithms allowed");
    Failure::unusable(Code::KeyAlgorithmForbidden.as_str(), what)
}

pub(crate) fn ambiguous() -> Failure {
    let what = "the key does not tell which algorithm it is for; name it in `algorithms`";
    Failure::unusable(Code::KeyAlgorithmAmbiguous.as_str(), what)
}

pub(crate) fn none_fits() -> Failure {
    let what = "none of the algorithms allowed takes this type of key";
    Failure::unusable(Code::KeyAlgorithmMismatch.as_str(), what)
}
