//! Detects duplicate member names without ever comparing all pairs of a large object.

use super::text::JsonStr;
use smallvec::SmallVec;

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

impl Name<'_> {
    #[inline]
    fn same_as(self, other: Self) -> bool {
        self.print == other.print && self.text.same_as(other.text)
    }
}

/// The member names of all objects that are open at this point of the scan.
pub(super) struct Names<'a>(SmallVec<[Name<'a>; INLINE]>);

impl<'a> Names<'a> {
    #[inline]
    pub(super) fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Marks where the names of a new object begin.
    #[inline]
    pub(super) fn open(&self) -> usize {
        self.0.len()
    }

    #[inline]
    pub(super) fn push(&mut self, text: JsonStr<'a>) {
        self.0.push(Name { print: text.fingerprint(), text });
    }

    /// Forgets the names since `start` and says whether two of them were the same.
    #[inline]
    pub(super) fn close(&mut self, start: usize) -> bool {
        let repeated = self.0.get_mut(start..).is_some_and(has_duplicate);
        self.0.truncate(start);
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
