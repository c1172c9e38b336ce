//! A worker: does what it is told in lines of text, and answers each with one line.
//!
//! | line | answer |
//! | --- | --- |
//! | `list` | `OPERATION CONTENDER` of each case, separated by tabs; the position is the case's number |
//! | `run CASE TIMES` | nanoseconds |
//! | `pair CASE CASE PAIRS` | the median of the first's nanoseconds minus the second's |
//! | `pair CASE CASE PAIRS CASE` | the same, each call after an untimed one of the last case |
//! | `token CASE` | a token, or `-` |
//! | `accepts CASE TOKEN` | `true`, `false`, or `-` where it cannot tell |

use crate::pair::Pair;
use crate::suite::{Case, Suite};
use std::io::{BufRead, Write};
use std::time::Instant;

/// Runs a worker: without arguments it serves. For tools that count instructions, `count OPERATION CONTENDER
/// TIMES` does just that, and `count-all` does every case, saying how often.
///
/// # Panics
/// When told something that makes no sense: the report is written together with this.
pub fn main(mut suite: Suite) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "count", operation, contender, times] => {
            let fits =
                |case: &&mut Case| case.operation.to_string() == *operation && case.contender == *contender;
            let case = suite.cases.iter_mut().find(fits).expect("a case of this name");
            case.repeat(times.parse().expect("a number of times"));
        }
        [.., "count-all"] => count_all(&mut suite),
        _ => serve(&mut suite),
    }
}

/// Two calls of [`Case::repeat`] for each case: the first is for what is only set up once.
fn count_all(suite: &mut Suite) {
    for case in &mut suite.cases {
        let times = if case.operation.algorithm == crate::Algorithm::Hs256 { 200 } else { 20 };
        case.repeat(4);
        case.repeat(times);
        println!("{} {} {times}", case.operation, case.contender);
    }
}

fn serve(suite: &mut Suite) {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("lines of text");
        let words: Vec<&str> = line.split(' ').collect();
        writeln!(output, "{}", answer(suite, &words)).expect("somebody who reads");
        output.flush().expect("somebody who reads");
    }
}

fn answer(suite: &mut Suite, words: &[&str]) -> String {
    match words {
        ["list"] => {
            let line = |case: &Case| format!("{} {}", case.operation, case.contender);
            suite.cases.iter().map(line).collect::<Vec<_>>().join("\t")
        }
        ["run", case, times] => {
            let (case, times) = (&mut suite.cases[number(case)], number(times) as u64);
            // The first calls after other processes ran find cold caches.
            case.repeat(times / 16 + 1);
            let start = Instant::now();
            case.repeat(times);
            start.elapsed().as_nanos().to_string()
        }
        ["pair", more, less, pairs] => {
            let cases = suite.cases.get_disjoint_mut([number(more), number(less)]);
            let [more, less] = cases.expect("two cases");
            Pair { more, less, before: None }.difference(number(pairs)).to_string()
        }
        ["pair", more, less, pairs, before] => {
            let cases = suite.cases.get_disjoint_mut([number(more), number(less), number(before)]);
            let [more, less, before] = cases.expect("three cases");
            Pair { more, less, before: Some(before) }.difference(number(pairs)).to_string()
        }
        ["token", case] => suite.cases[number(case)].token().unwrap_or_else(|| "-".to_owned()),
        ["accepts", case, token] => {
            let accepts = suite.cases[number(case)].accepts(token);
            accepts.map_or_else(|| "-".to_owned(), |accepts| accepts.to_string())
        }
        _ => panic!("no such request: {words:?}"),
    }
}

fn number(word: &str) -> usize {
    word.parse().unwrap_or_else(|_| panic!("`{word}` is not a number"))
}

/// Prints `OPERATION CONTENDER ALLOCATIONS` of each case, one a line. `measure` counts what its argument does.
///
/// Each program has a twin for this, because a counting allocator costs time.
pub fn allocations(mut suite: Suite, measure: impl Fn(&mut dyn FnMut()) -> u64) {
    for case in &mut suite.cases {
        // Buffers that are used again have their size after a few calls.
        case.repeat(4);
        let counted = measure(&mut || case.repeat(100));
        let (whole, rest) = (counted / 100, counted % 100);
        println!("{} {} {whole}.{rest:02}", case.operation, case.contender);
    }
}
