//! Drives inputs through properties with nothing but Rust: the same inputs for the same seed, everywhere.
//!
//! There is no coverage to follow. What a property notes about an input (see `outcome`) stands in for it: an input
//! that reached something new is kept and changed further.

mod corpus;
mod mutate;
mod random;
mod shrink;

use crate::outcome;
use mutate::Mutator;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A property and how much of it makes a run.
#[derive(Debug)]
pub struct Target {
    /// The name of its corpus directory.
    pub name: &'static str,
    /// Panics if it does not hold for the bytes.
    pub property: fn(&[u8]),
    /// How many inputs are a run of the check.
    pub iterations: u32,
    /// Outcomes that a run has to see.
    pub must_reach: &'static [&'static str],
}

/// What a run showed.
#[derive(Debug)]
pub struct Report {
    /// How many inputs were tried.
    pub iterations: u32,
    /// How long it took.
    pub elapsed: Duration,
    /// The input that took longest.
    pub slowest: Duration,
    /// How often each outcome was reached.
    pub outcomes: BTreeMap<Cow<'static, str>, u32>,
    /// The first input for which the property does not hold.
    pub failure: Option<Failure>,
}

/// A property does not hold.
#[derive(Debug)]
pub struct Failure {
    /// What the property said.
    pub message: String,
    /// The input, made smaller.
    pub input: Vec<u8>,
    /// Where it was written.
    pub file: Option<PathBuf>,
}

impl Target {
    /// Tries the seeds, then `iterations` inputs made of them.
    #[must_use]
    pub fn run(&self, seed: u64, iterations: u32) -> Report {
        let start = now();
        let mut mutator = Mutator::new(seed, corpus::seeds(self.name));
        let mut report = Report {
            iterations: 0,
            elapsed: Duration::ZERO,
            slowest: Duration::ZERO,
            outcomes: BTreeMap::new(),
            failure: None,
        };
        while report.iterations < iterations && report.failure.is_none() {
            let input = mutator.next_input();
            if self.step(&input, &mut report) {
                mutator.keep(input);
            }
        }
        report.elapsed = start.elapsed();
        report
    }

    /// Tries one input; true if it reached something for the first time.
    fn step(&self, input: &[u8], report: &mut Report) -> bool {
        let start = now();
        let verdict = self.holds(input);
        report.slowest = report.slowest.max(start.elapsed());
        report.iterations += 1;
        if let Err(message) = verdict {
            let input = shrink::shrink(input, |smaller| self.holds(smaller).is_err());
            let file = corpus::save_failure(self.name, &input);
            report.failure = Some(Failure { message, input, file });
        }
        let mut new = false;
        for outcome in outcome::take() {
            let count = report.outcomes.entry(outcome).or_default();
            *count += 1;
            new |= *count == 1;
        }
        new
    }

    /// Tries one input, and says with which words the property failed.
    ///
    /// # Errors
    /// The message of the panic.
    pub fn holds(&self, input: &[u8]) -> Result<(), String> {
        catch_unwind(AssertUnwindSafe(|| (self.property)(input))).map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        })
    }

    /// The outcomes that the run should have seen and did not.
    #[must_use]
    pub fn missed(&self, report: &Report) -> Vec<&'static str> {
        self.must_reach.iter().copied().filter(|outcome| !report.outcomes.contains_key(*outcome)).collect()
    }
}

/// Only to say how long a run took: no input depends on it.
#[allow(clippy::disallowed_methods, reason = "nothing that is verified or signed sees this time")]
fn now() -> Instant {
    Instant::now()
}
