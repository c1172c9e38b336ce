//! What one case costs more than another, found by single calls in turn.
//!
//! A batch of slow operations hides some hundred nanoseconds in its drift. Two calls one after the other
//! drift together, so the median of many such differences resolves what batches cannot.

use crate::suite::Case;
use std::time::Instant;

/// The median of the nanoseconds of `more` minus those of `less`, timed in turn, `pairs` times each; every
/// other pair begins with the other one.
pub(crate) fn difference(more: &mut Case, less: &mut Case, pairs: usize) -> i64 {
    let mut found: Vec<i64> = (0..pairs.max(1)).map(|pair| one_pair(more, less, pair % 2 == 0)).collect();
    found.sort_unstable();
    found[found.len() / 2]
}

fn one_pair(more: &mut Case, less: &mut Case, more_first: bool) -> i64 {
    let (first, second) = if more_first { (&mut *more, &mut *less) } else { (&mut *less, &mut *more) };
    let (first, second) = (nanoseconds(first), nanoseconds(second));
    if more_first { first - second } else { second - first }
}

fn nanoseconds(case: &mut Case) -> i64 {
    let start = Instant::now();
    case.repeat(1);
    i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX)
}
