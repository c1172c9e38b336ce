//! Key ids.

use super::KeyError;
use std::sync::Arc;

/// The most bytes in a `kid` that is written or read.
pub(crate) const MAX_KID_BYTES: usize = 256;

/// A checked key id, and whether somebody chose it or it was derived from the key.
#[derive(Clone)]
pub(crate) struct Kid {
    pub(crate) text: Arc<str>,
    /// A thumbprint nobody asked for must not make tokens with another `kid` unverifiable.
    pub(crate) derived: bool,
}

impl Kid {
    pub(crate) fn chosen(text: &str) -> Result<Self, KeyError> {
        if acceptable(text) {
            Ok(Self { text: text.into(), derived: false })
        } else {
            Err(KeyError::IdInvalid)
        }
    }

    pub(crate) fn derived(thumbprint: &str) -> Self {
        Self { text: thumbprint.into(), derived: true }
    }
}

/// Whether `text` may be a key id: such text reaches maps and logs on its way.
pub(crate) fn acceptable(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_KID_BYTES && !text.chars().any(char::is_control)
}
