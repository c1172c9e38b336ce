//! What one case costs more than another, found by single calls in turn.
//!
//! A batch of slow operations hides some hundred nanoseconds in its drift. Two calls one after the other
//! drift together, so the median of many such differences resolves what batches cannot.

use crate::suite::Case;
use std::time::Instant;

/// Two cases that are compared, and one that may run before each timed call.
pub(crate) struct Pair<'a> {
    pub(crate) more: &'a mut Case,
    pub(crate) less: &'a mut Case,
    /// What a long operation leaves behind (other code in the caches, other branches predicted) costs the next
    /// one something. With the same left behind, a short operation compares with what surrounds a long one.
    pub(crate) before: Option<&'a mut Case>,
}

impl Pair<'_> {
    /// The median of the nanoseconds of `more` minus those of `less`, timed in turn, `pairs` times each; every
    /// other pair begins with the other one.
    pub(crate) fn difference(&mut self, pairs: usize) -> i64 {
        let mut found: Vec<i64> = (0..pairs.max(1)).map(|pair| self.once(pair % 2 == 0)).collect();
        found.sort_unstable();
        found[found.len() / 2]
    }

    fn once(&mut self, more_first: bool) -> i64 {
        if more_first {
            let more = self.time(true);
            more - self.time(false)
        } else {
            let less = self.time(false);
            self.time(true) - less
        }
    }

    fn time(&mut self, more: bool) -> i64 {
        if let Some(before) = &mut self.before {
            before.repeat(1);
        }
        nanoseconds(if more { self.more } else { self.less })
    }
}

fn nanoseconds(case: &mut Case) -> i64 {
    let start = Instant::now();
    case.repeat(1);
    i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX)
}
