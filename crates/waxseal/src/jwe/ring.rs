//! The keys of one decrypter.

use super::{ContentEncryption, DecryptionKey, KeyAlgorithm};

/// What a recipient's header asks for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'h> {
    pub(super) algorithm: Option<KeyAlgorithm>,
    pub(super) encryption: ContentEncryption,
    pub(super) kid: Option<&'h str>,
}

/// Why no key is tried for a recipient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum NoKey {
    UnknownKid,
    OtherAlgorithm,
}

#[derive(Clone)]
pub(super) struct Ring(pub(super) Vec<DecryptionKey>);

impl Ring {
    /// The keys that may decrypt for a recipient. The `kid` narrows them down; `alg`, and for `dir` also
    /// `enc`, must then be theirs: the header never selects how a key is used.
    pub(super) fn candidates(&self, wanted: Wanted<'_>) -> Result<Vec<&DecryptionKey>, NoKey> {
        let exact = wanted.kid.is_some_and(|kid| self.0.iter().any(|key| key.kid() == Some(kid)));
        let answers = |key: &&DecryptionKey| match (wanted.kid, key.kid_entry()) {
            (Some(kid), Some(own)) if exact => *own.text == *kid,
            (Some(_), None) => !exact,
            // An id that nobody chose must not make messages under another id undecryptable.
            (Some(_), Some(own)) => !exact && own.derived,
            (None, _) => true,
        };
        let known: Vec<_> = self.0.iter().filter(answers).collect();
        if known.is_empty() {
            return Err(NoKey::UnknownKid);
        }
        let fits = |key: &&DecryptionKey| {
            Some(key.algorithm()) == wanted.algorithm
                && key.content_encryption().is_none_or(|own| own == wanted.encryption)
        };
        let fitting: Vec<_> = known.into_iter().filter(fits).collect();
        if fitting.is_empty() { Err(NoKey::OtherAlgorithm) } else { Ok(fitting) }
    }
}
