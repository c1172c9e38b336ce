//! What Waxseal set out to reach.

use crate::results::{Judged, Measured};
use bench_core::{Action, Algorithm, Operation, Size};

/// What the time on top of an asymmetric primitive may exceed that on top of HMAC by.
const ALLOWANCE_NS: f64 = 100.0;

/// The goal as a multiple of the bare primitive, where there is one.
pub(crate) fn multiple(operation: Operation, contender: &str) -> Option<f64> {
    match (operation.algorithm, operation.action, operation.size, contender) {
        (Algorithm::Hs256, Action::Verify, Size::Small, "waxseal-builtin") => Some(2.0),
        (Algorithm::Hs256, Action::Verify, Size::Small, "waxseal-borrowed") => Some(2.6),
        (Algorithm::Hs256, Action::Verify, Size::Large, "waxseal-builtin") => Some(2.4),
        (Algorithm::Hs256, Action::Verify, Size::Large, "waxseal-borrowed") => Some(3.0),
        (Algorithm::Hs256, Action::Sign, Size::Small, "waxseal-buffer") => Some(1.4),
        (_, Action::Hit, _, "waxseal-cached") => Some(0.8),
        _ => None,
    }
}

/// Whether `measured` meets its goal.
pub(crate) fn judge(operation: Operation, measured: &Measured) -> Option<Judged> {
    if let Some(goal) = multiple(operation, &measured.contender) {
        return Some(Judged { goal, unit: "x", met: measured.ratio <= goal });
    }
    // ML-DSA's signing takes a random number of attempts, so it has no goal.
    let judged = matches!(operation.algorithm, Algorithm::Rs256 | Algorithm::Es256 | Algorithm::EdDsa);
    let added = measured.added.filter(|_| judged)?;
    let goal = added.hs256_ns? + ALLOWANCE_NS;
    Some(Judged { goal, unit: "ns", met: added.median_ns <= goal })
}
