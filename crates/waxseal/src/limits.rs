//! How much of a token is read at all.

/// Limits on what a verifier or decrypter reads, checked before the work that they bound.
///
/// # Examples
/// ```
/// let limits = waxseal::Limits::default().token_bytes(64 * 1024);
/// # let _ = limits;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub(crate) token_bytes: usize,
    pub(crate) header_bytes: usize,
    pub(crate) depth: usize,
}

impl Limits {
    /// The deepest nesting that can be allowed.
    pub const MAX_DEPTH: usize = 64;

    /// The longest token that is read unless something else is set, in characters.
    pub const DEFAULT_TOKEN_BYTES: usize = 16 * 1024;

    /// The longest token, in characters; 16,384 unless set.
    #[must_use]
    pub const fn token_bytes(mut self, bytes: usize) -> Self {
        self.token_bytes = bytes;
        self
    }

    /// The longest encoded header, in characters; 8,192 unless set.
    #[must_use]
    pub const fn header_bytes(mut self, bytes: usize) -> Self {
        self.header_bytes = bytes;
        self
    }

    /// How deep header and claims may be nested, the outermost object included; 32 unless set, at most
    /// [`MAX_DEPTH`](Self::MAX_DEPTH).
    #[must_use]
    pub const fn depth(mut self, depth: usize) -> Self {
        self.depth = if depth > Self::MAX_DEPTH { Self::MAX_DEPTH } else { depth };
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { token_bytes: Self::DEFAULT_TOKEN_BYTES, header_bytes: 8 * 1024, depth: 32 }
    }
}
