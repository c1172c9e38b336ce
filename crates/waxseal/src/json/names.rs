//! Detects duplicate member names without ever comparing all pairs of a large object.

use super::text::JsonStr;

/// Names kept without touching the heap.
const INLINE: usize = 24;
/// Up to this many names of one object are compared pairwise; more are sorted.
const PAIRWISE: usize = 16;

/// The member names of all objects that are open at this point of the scan.
pub(super) struct Names<'a> {
    inline: [JsonStr<'a>; INLINE],
    len: usize,
    /// Takes over everything once `inline` is full.
    spilled: Vec<JsonStr<'a>>,
}

impl<'a> Names<'a> {
    pub(super) fn new() -> Self {
        Self { inline: [JsonStr::EMPTY; INLINE], len: 0, spilled: Vec::new() }
    }

    /// Marks where the names of a new object begin.
    pub(super) fn open(&self) -> usize {
        self.len
    }

    pub(super) fn push(&mut self, name: JsonStr<'a>) {
        if self.spilled.is_empty() {
            if let Some(slot) = self.inline.get_mut(self.len) {
                *slot = name;
                self.len += 1;
                return;
            }
            self.spilled.extend_from_slice(&self.inline);
        }
        self.spilled.push(name);
        self.len = self.spilled.len();
    }

    /// Forgets the names since `start` and says whether two of them were the same.
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

fn has_duplicate(names: &mut [JsonStr<'_>]) -> bool {
    if names.len() <= PAIRWISE {
        let mut rest = &*names;
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|other| first.same_as(*other)) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    // O(n log n) whatever the names are, so no choice of names makes the check slow.
    names.sort_unstable_by(|a, b| a.order(*b));
    names.windows(2).any(|pair| matches!(pair, [a, b] if a.same_as(*b)))
}
