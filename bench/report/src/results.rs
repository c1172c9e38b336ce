//! What was measured, as it stands in `tokens.json`.

use crate::versions::Version;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Results {
    /// The command that makes these.
    pub(crate) command: &'static str,
    pub(crate) machine: String,
    pub(crate) rounds: usize,
    /// Reading the clock once, which the peers do inside `verify`; Waxseal takes the time as an argument.
    pub(crate) clock_ns: f64,
    pub(crate) versions: Vec<Version>,
    pub(crate) operations: Vec<OperationResults>,
}

#[derive(Serialize)]
pub(crate) struct OperationResults {
    /// `HS256/verify/160`: algorithm, action, bytes of claims.
    pub(crate) operation: String,
    #[serde(skip)]
    pub(crate) parsed: bench_core::Operation,
    pub(crate) contenders: Vec<Measured>,
}

/// Times are nanoseconds for one operation, ratios multiples of the bare primitive.
#[derive(Serialize)]
pub(crate) struct Measured {
    pub(crate) contender: String,
    pub(crate) best_ns: f64,
    pub(crate) median_ns: f64,
    /// Best round over the primitive's best round.
    pub(crate) ratio: f64,
    /// Median, 10th and 90th of a hundred of the ratios within each round.
    pub(crate) paired_ratio: f64,
    pub(crate) paired_p10: f64,
    pub(crate) paired_p90: f64,
    /// For our own: time on top of the primitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) added: Option<Added>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allocations: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) goal: Option<Judged>,
}

/// Nanoseconds on top of the primitive: the median of blocks of single calls in turn, and the 10th and 90th of
/// a hundred blocks.
#[derive(Clone, Copy, Serialize)]
#[allow(clippy::struct_field_names)] // in JSON a number carries its unit
pub(crate) struct Added {
    pub(crate) median_ns: f64,
    pub(crate) p10_ns: f64,
    pub(crate) p90_ns: f64,
    /// What the same way of HS256 adds to HMAC, measured in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hs256_ns: Option<f64>,
    /// What the same way of HS256 adds to HMAC when each call comes right after this operation's primitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hs256_after_ns: Option<f64>,
}

/// A goal and how far from it the result is.
#[derive(Clone, Serialize)]
pub(crate) struct Judged {
    pub(crate) goal: f64,
    /// `x` for multiples of the primitive, `ns` for time on top of it.
    pub(crate) unit: &'static str,
    pub(crate) met: bool,
}
