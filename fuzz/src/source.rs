//! Reads fuzz input as a sequence of choices. Every input is valid; a short one ends in zeros.

/// What is left of the input.
pub(crate) struct Source<'d> {
    rest: &'d [u8],
}

impl<'d> Source<'d> {
    pub(crate) fn new(data: &'d [u8]) -> Self {
        Self { rest: data }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        first
    }

    /// A number under `bound`, which is at most 65,536; 0 if there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let wide = if bound > 256 { usize::from(self.byte()) << 8 } else { 0 };
        (wide | usize::from(self.byte())).checked_rem(bound).unwrap_or(0)
    }

    /// True for one byte in `of`, and never at the end of the input.
    pub(crate) fn one_in(&mut self, of: u8) -> bool {
        self.byte() % of == of - 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(crate) fn pick_from<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Up to 255 bytes, as many as their first one says.
    pub(crate) fn chunk(&mut self) -> &'d [u8] {
        let length = usize::from(self.byte()).min(self.rest.len());
        let (chunk, rest) = self.rest.split_at(length);
        self.rest = rest;
        chunk
    }

    /// A short text, damaged UTF-8 replaced.
    pub(crate) fn text(&mut self) -> String {
        String::from_utf8_lossy(self.chunk()).into_owned()
    }

    pub(crate) fn rest(&mut self) -> &'d [u8] {
        std::mem::take(&mut self.rest)
    }
}
