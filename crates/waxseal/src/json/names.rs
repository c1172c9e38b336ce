//! Detects duplicate member names without ever comparing all pairs of a large object.

use super::text::JsonStr;

/// Names kept without touching the heap.
const INLINE: usize = 16;
/// Up to this many names of one object are compared pairwise; more are sorted.
const PAIRWISE: usize = 16;

/// A member name with a number that differs, nearly always, where names differ.
#[derive(Clone, Copy)]
struct Name<'a> {
    print: u64,
    text: JsonStr<'a>,
}

impl<'a> Name<'a> {
    const EMPTY: Self = Self { print: 0, text: JsonStr::EMPTY };

    #[inline]
    fn same_as(self, other: Self) -> bool {
        self.print == other.print && self.text.same_as(other.text)
    }
}

/// The member names of all objects that are open at this point of the scan.
pub(super) struct Names<'a> {
    inline: [Name<'a>; INLINE],
    len: usize,
    /// Takes over everything once `inline` is full.
    spilled: Vec<Name<'a>>,
}

impl<'a> Names<'a> {
    #[inline]
    pub(super) fn new() -> Self {
        Self { inline: [Name::EMPTY; INLINE], len: 0, spilled: Vec::new() }
    }

    /// Marks where the names of a new object begin.
    #[inline]
    pub(super) fn open(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, text: JsonStr<'a>) {
        let name = Name { print: text.fingerprint(), text };
        if self.spilled.is_empty()
            && let Some(slot) = self.inline.get_mut(self.len)
        {
            *slot = name;
            self.len += 1;
        } else {
            self.spill(name);
        }
    }

    #[cold]
    fn spill(&mut self, name: Name<'a>) {
        if self.spilled.is_empty() {
            self.spilled.extend_from_slice(&self.inline);
        }
        self.spilled.push(name);
        self.len = self.spilled.len();
    }

    /// Forgets the names since `start` and says whether two of them were the same.
    #[inline]
    pub(super) fn close(&mut self, start: usize) -> bool {
        let names = if self.spilled.is_empty() {
            self.inline.get_mut(start..self.len)
        } else {
            self.spilled.get_mut(start..)
        };
        let repeated = names.is_some_and(has_duplicate);
        self.len = start;
        // Stays in use once spilled, unless it became empty: then `inline` serves again.
        self.spilled.truncate(start);
        repeated
    }
}

#[inline]
fn has_duplicate(names: &mut [Name<'_>]) -> bool {
    if names.len() > PAIRWISE {
        return has_duplicate_among_many(names);
    }
    let mut rest = &*names;
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| first.same_as(*other)) {
            return true;
        }
        rest = others;
    }
    false
}

#[cold]
fn has_duplicate_among_many(names: &mut [Name<'_>]) -> bool {
    // O(n log n) whatever the names are, so no choice of names makes the check slow.
    names.sort_unstable_by(|a, b| a.text.order(b.text));
    names.windows(2).any(|pair| matches!(pair, [a, b] if a.text.same_as(b.text)))
}
