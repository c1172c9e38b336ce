//! Interleaved rounds: every contender once a round, another one first each time.

use crate::contender::{FLOOR, is_ours};
use crate::instructions::Found;
use crate::results::{Added, Measured, OperationResults, Results};
use crate::statistics::{best, median, quantile};
use crate::workers::Worker;
use crate::{goals, versions};
use bench_core::{Action, Algorithm, Operation};
use std::hint::black_box;
use std::time::{Instant, SystemTime};

/// After so many rounds every worker is started anew.
const ROUNDS_OF_A_PROCESS: usize = 5;

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    rounds: usize,
    /// The least time of one batch.
    batch_ns: f64,
    /// The time of one block of single calls in turn.
    block_ns: f64,
}

impl Effort {
    pub(crate) const FULL: Self = Self { rounds: 51, batch_ns: 4e6, block_ns: 2e7 };
    /// Enough to see that everything runs; too little to publish.
    pub(crate) const QUICK: Self = Self { rounds: 5, batch_ns: 5e5, block_ns: 5e6 };
}

/// One contender in one operation.
struct Entry {
    worker: usize,
    case: usize,
    contender: String,
    times: u64,
    /// Nanoseconds for one operation, one for each round.
    rounds: Vec<f64>,
}

pub(crate) fn all(workers: &mut [Worker], allocations: &[Found], effort: Effort) -> Result<Results, String> {
    let mut operations: Vec<OperationResults> = Vec::new();
    for operation in Operation::all() {
        let mut entries = entries(workers, operation);
        if !entries.iter().any(|entry| is_ours(&entry.contender)) {
            continue;
        }
        eprintln!("measuring {operation}, {} contenders", entries.len());
        run_rounds(workers, &mut entries, effort)?;
        let mut contenders = summarize(&entries)?;
        add_pairs(&mut workers[0], operation, &mut contenders, effort)?;
        for one in &mut contenders {
            let counted = allocations.iter().find(|found| found.is(operation, &one.contender));
            one.allocations = counted.map(|found| found.allocations);
            one.goal = goals::judge(operation, one);
        }
        operations.push(OperationResults { operation: operation.to_string(), parsed: operation, contenders });
    }
    Ok(Results {
        command: "bench/run",
        machine: versions::machine(),
        rounds: effort.rounds,
        clock_ns: clock(),
        versions: versions::all(),
        operations,
    })
}

/// The best of some batches of readings.
fn clock() -> f64 {
    const TIMES: u32 = 10_000;
    let batch = || {
        let start = Instant::now();
        for _ in 0..TIMES {
            black_box(SystemTime::now());
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES)
    };
    best(&std::iter::repeat_with(batch).take(21).collect::<Vec<_>>())
}

fn entries(workers: &[Worker], operation: Operation) -> Vec<Entry> {
    let of_worker = |(worker, found): (usize, &Worker)| {
        let cases = found.cases.iter().enumerate().filter(|(_, case)| case.operation == operation);
        let entry = |(case, found): (usize, &crate::workers::Case)| Entry {
            worker,
            case,
            contender: found.contender.clone(),
            times: 1,
            rounds: Vec::new(),
        };
        cases.map(entry).collect::<Vec<_>>()
    };
    workers.iter().enumerate().flat_map(of_worker).collect()
}

fn run_rounds(workers: &mut [Worker], entries: &mut [Entry], effort: Effort) -> Result<(), String> {
    for entry in entries.iter_mut() {
        while workers[entry.worker].run(entry.case, entry.times)? < effort.batch_ns {
            entry.times *= 2;
        }
    }
    let count = entries.len();
    for round in 0..effort.rounds {
        if round % ROUNDS_OF_A_PROCESS == 0 {
            workers.iter_mut().try_for_each(Worker::restart)?;
        }
        for place in 0..count {
            let entry = &mut entries[(place + round) % count];
            let time = workers[entry.worker].run(entry.case, entry.times)?;
            #[allow(clippy::cast_precision_loss)]
            entry.rounds.push(time / entry.times as f64);
        }
    }
    Ok(())
}

fn summarize(entries: &[Entry]) -> Result<Vec<Measured>, String> {
    let floor = entries.iter().find(|entry| entry.contender == FLOOR).ok_or("no bare primitive")?;
    Ok(entries.iter().map(|entry| compare(entry, floor)).collect())
}

fn compare(entry: &Entry, floor: &Entry) -> Measured {
    let paired: Vec<f64> = entry.rounds.iter().zip(&floor.rounds).map(|(own, bare)| own / bare).collect();
    Measured {
        contender: entry.contender.clone(),
        best_ns: best(&entry.rounds),
        median_ns: median(&entry.rounds),
        ratio: best(&entry.rounds) / best(&floor.rounds),
        paired_ratio: median(&paired),
        paired_p10: quantile(&paired, 0.1),
        paired_p90: quantile(&paired, 0.9),
        added: None,
        allocations: None,
        goal: None,
    }
}

/// The time that each of our own ways adds to the primitive, in as many blocks as there are rounds.
fn add_pairs(
    own: &mut Worker,
    operation: Operation,
    contenders: &mut [Measured],
    effort: Effort,
) -> Result<(), String> {
    let ours = || contenders.iter().enumerate().filter(|(_, one)| is_ours(&one.contender));
    let found = ours().map(|(index, one)| Against::new(own, operation, index, one, effort));
    let mut all: Vec<Against> = found.collect::<Option<_>>().unwrap_or_default();
    for round in 0..effort.rounds {
        if round % ROUNDS_OF_A_PROCESS == 0 {
            own.restart()?;
        }
        for one in &mut all {
            one.measure(own)?;
        }
    }
    for one in all {
        contenders[one.contender].added = Some(one.summary());
    }
    Ok(())
}

/// Medians of blocks of single calls of two cases in turn, in one process.
struct Blocks {
    request: String,
    medians: Vec<f64>,
}

impl Blocks {
    fn measure(&mut self, own: &mut Worker) -> Result<(), String> {
        let answer = own.ask(&self.request)?;
        self.medians.push(answer.parse().map_err(|_| format!("not a time: {answer}"))?);
        Ok(())
    }
}

/// One of our own ways against its primitive; for asymmetric keys also the same way of HS256 against HMAC, and
/// that once more with this operation's primitive before each call. All in the same blocks, because what else
/// the machine does would otherwise hit one and not the other.
struct Against {
    contender: usize,
    added: Blocks,
    hs256: Option<[Blocks; 2]>,
}

impl Against {
    fn new(
        own: &Worker,
        operation: Operation,
        contender: usize,
        one: &Measured,
        effort: Effort,
    ) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let pairs = ((effort.block_ns / (2.0 * one.best_ns)) as usize).max(10);
        let pair = |operation| {
            Some(format!(
                "pair {} {} {pairs}",
                own.find(operation, &one.contender)?,
                own.find(operation, FLOOR)?
            ))
        };
        let blocks = |request| Blocks { request, medians: Vec::new() };
        let hmac = Operation { algorithm: Algorithm::Hs256, ..operation };
        let compared = Some(hmac).filter(|hmac| *hmac != operation && operation.action != Action::Hit);
        let bare = own.find(operation, FLOOR)?;
        let hs256 = compared.and_then(pair);
        let hs256 = hs256.map(|request| [blocks(request.clone()), blocks(format!("{request} {bare}"))]);
        Some(Self { contender, added: blocks(pair(operation)?), hs256 })
    }

    fn measure(&mut self, own: &mut Worker) -> Result<(), String> {
        self.added.measure(own)?;
        self.hs256.iter_mut().flatten().try_for_each(|blocks| blocks.measure(own))
    }

    fn summary(&self) -> Added {
        let hs256 = |index: usize| self.hs256.as_ref().map(|both| median(&both[index].medians));
        Added {
            median_ns: median(&self.added.medians),
            p10_ns: quantile(&self.added.medians, 0.1),
            p90_ns: quantile(&self.added.medians, 0.9),
            hs256_ns: hs256(0),
            hs256_after_ns: hs256(1),
        }
    }
}
