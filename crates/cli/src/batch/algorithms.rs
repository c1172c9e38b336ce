//! Which algorithms a line allows.

use crate::failure::Failure;
use waxseal::{Algorithm, Code};

/// The list `algorithms` of a line. It restricts, and it names the algorithm of a key that does not tell it.
///
/// Names are matched exactly. A name that nothing here implements never matches, so a list of nothing else
/// allows nothing.
#[derive(Clone, Copy)]
pub(super) struct Allowed<'l>(pub(super) Option<&'l [String]>);

impl Allowed<'_> {
    /// Whether the list is there and has the name.
    pub(super) fn names(self, name: &str) -> bool {
        self.0.is_some_and(|list| list.iter().any(|other| other == name))
    }

    /// The key's own algorithm must be in the list, if there is one.
    pub(super) fn check(self, algorithm: Algorithm) -> Result<(), Failure> {
        let listed = |list: &[String]| list.iter().any(|name| name.parse() == Ok(algorithm));
        if self.0.is_none_or(listed) { Ok(()) } else { Err(forbidden(algorithm.as_str())) }
    }

    /// The signature algorithms of the list, each once.
    ///
    /// # Errors
    /// Without a list the key stays ambiguous: the token's word is no answer.
    pub(super) fn signature_algorithms(self) -> Result<Vec<Algorithm>, Failure> {
        let list = self.0.ok_or_else(ambiguous)?;
        let mut found: Vec<Algorithm> = Vec::new();
        for algorithm in list.iter().filter_map(|name| name.parse().ok()) {
            if !found.contains(&algorithm) {
                found.push(algorithm);
            }
        }
        Ok(found)
    }
}

pub(super) fn forbidden(algorithm: &str) -> Failure {
    let what = format!("the key is for {algorithm}, which is not in `algorithms`");
    Failure::unusable(Code::KeyAlgorithmForbidden.as_str(), what)
}

pub(super) fn ambiguous() -> Failure {
    let what = "the key does not tell which algorithm it is for; name it in `algorithms`";
    Failure::unusable(Code::KeyAlgorithmAmbiguous.as_str(), what)
}

pub(super) fn none_fits() -> Failure {
    let what = "none of `algorithms` takes this type of key";
    Failure::unusable(Code::KeyAlgorithmMismatch.as_str(), what)
}
