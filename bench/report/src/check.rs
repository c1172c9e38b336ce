//! Before any time is taken: everybody's tokens verify with us, ours with everybody.

use crate::workers::Worker;
use bench_core::{Action, Operation};

/// A token of one contender.
struct Made {
    operation: Operation,
    contender: String,
    token: String,
}

/// Fails when somebody refuses a good token or accepts one with a changed signature.
pub(crate) fn everybody_understands_everybody(workers: &mut [Worker]) -> Result<(), String> {
    let mut made = Vec::new();
    for worker in workers.iter_mut() {
        made.append(&mut tokens(worker)?);
    }
    let (mut accepted, mut refused) = (0, 0);
    for worker in workers {
        for case in 0..worker.cases.len() {
            let operation = worker.cases[case].operation;
            for one in made.iter().filter(|one| same_kind(one.operation, operation)) {
                accepted += usize::from(expect(worker, case, one, &one.token, true)?);
                refused += usize::from(expect(worker, case, one, &damaged(&one.token), false)?);
            }
        }
    }
    println!("{} contenders' tokens: {accepted} accepted, {refused} damaged ones refused", made.len());
    if accepted == 0 || refused == 0 { Err("nothing was checked".to_owned()) } else { Ok(()) }
}

fn tokens(worker: &mut Worker) -> Result<Vec<Made>, String> {
    let mut made = Vec::new();
    for case in 0..worker.cases.len() {
        let token = worker.ask(&format!("token {case}"))?;
        if token != "-" {
            let found = &worker.cases[case];
            made.push(Made { operation: found.operation, contender: found.contender.clone(), token });
        }
    }
    Ok(made)
}

fn same_kind(made: Operation, read: Operation) -> bool {
    made.algorithm == read.algorithm && made.size == read.size && read.action != Action::Sign
}

/// Whether the case can tell; an error when it says the wrong thing.
fn expect(worker: &mut Worker, case: usize, made: &Made, token: &str, good: bool) -> Result<bool, String> {
    match worker.ask(&format!("accepts {case} {token}"))?.as_str() {
        "-" => Ok(false),
        answer if answer == good.to_string() => Ok(true),
        _ => {
            let Made { operation, contender, .. } = made;
            let reader = &worker.cases[case].contender;
            let verb = if good { "refuses a good" } else { "accepts a damaged" };
            Err(format!("{reader} {verb} token of {contender} ({operation}): {token}"))
        }
    }
}

/// The token with another character in the middle of its signature.
fn damaged(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let (start, end) = signature.split_at(signature.len() / 2);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    format!("{input}.{start}{other}{}", end.get(1..).unwrap_or(""))
}
