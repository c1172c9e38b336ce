//! `check [--seed N] [--iterations N] [target ...]`, or `check --replay target file ...`.
//!
//! Runs targets, all unless named, on as many threads as there are cores. Exits with 1 if a property does not hold,
//! or a run did not get where it has to.

use std::process::ExitCode;
use std::sync::Mutex;
use std::{env, fs, panic, thread};
use waxseal_fuzz::TARGETS;
use waxseal_fuzz::driver::{Report, Target};

/// Changing it changes every input; failures name it.
const SEED: u64 = 1;

struct Arguments {
    seed: u64,
    iterations: Option<u32>,
    replay: bool,
    verbose: bool,
    names: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("check: {message}");
            eprintln!("usage: check [--seed N] [--iterations N] [--verbose] [target ...]");
            eprintln!("       check --replay target file ...");
            return ExitCode::from(2);
        }
    };
    // A failing property is reported once, below, and not once for each try at making it smaller.
    panic::set_hook(Box::new(|_| {}));
    let good = if arguments.replay { replay(&arguments.names) } else { run(&arguments) };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments() -> Result<Arguments, String> {
    let mut found =
        Arguments { seed: SEED, iterations: None, replay: false, verbose: false, names: Vec::new() };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number =
            || words.next().and_then(|word| word.parse().ok()).ok_or(format!("{word} needs a number"));
        match word.as_str() {
            "--seed" => found.seed = number()?,
            "--iterations" => found.iterations = Some(number()?.try_into().unwrap_or(u32::MAX)),
            "--replay" => found.replay = true,
            "--verbose" => found.verbose = true,
            _ => found.names.push(word),
        }
    }
    let targets = if found.replay { found.names.get(..1).unwrap_or_default() } else { &found.names };
    match targets.iter().find(|name| target(name).is_none()) {
        Some(name) => Err(format!("there is no target {name}")),
        None if found.replay && found.names.len() < 2 => Err("--replay needs a target and files".to_owned()),
        None => Ok(found),
    }
}

fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

fn run(arguments: &Arguments) -> bool {
    let named =
        |target: &&Target| arguments.names.is_empty() || arguments.names.iter().any(|n| n == target.name);
    let waiting = Mutex::new(TARGETS.iter().filter(named).collect::<Vec<_>>().into_iter());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    let work = || {
        let mut good = true;
        while let Some(target) = next() {
            let report = target.run(arguments.seed, arguments.iterations.unwrap_or(target.iterations));
            good &= print(target, &report, arguments);
        }
        good
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().all(|worker| worker.join().unwrap_or(false))
    })
}

/// Prints what a run showed; true if that is good.
fn print(target: &Target, report: &Report, arguments: &Arguments) -> bool {
    let (name, count, seconds) = (target.name, report.iterations, report.elapsed.as_secs_f32());
    let (slowest, outcomes) = (report.slowest.as_millis(), report.outcomes.len());
    println!("{name}: {count} inputs in {seconds:.1} s, slowest {slowest} ms, {outcomes} outcomes");
    if arguments.verbose {
        for (outcome, count) in &report.outcomes {
            println!("  {count:>8} {outcome}");
        }
    }
    if let Some(failure) = &report.failure {
        println!("{name}: DOES NOT HOLD: {}", failure.message);
        println!("{name}: input {}: {}", count, failure.input.escape_ascii());
        println!("{name}: again with: fuzz/check --seed {} --iterations {count} {name}", arguments.seed);
        if let Some(file) = &failure.file {
            println!("{name}: or with: fuzz/check --replay {name} {}", file.display());
        }
        return false;
    }
    // A run cut short by hand proves less and does not have to get everywhere.
    let missed = if arguments.iterations.is_some() { Vec::new() } else { target.missed(report) };
    for outcome in &missed {
        println!("{name}: NEVER REACHED: {outcome}");
    }
    missed.is_empty()
}

fn replay(names: &[String]) -> bool {
    let (Some(target), files) = (target(&names[0]), &names[1..]) else { return false };
    let mut good = true;
    for file in files {
        let verdict =
            fs::read(file).map_err(|error| error.to_string()).and_then(|input| target.holds(&input));
        println!("{} {file}: {}", target.name, verdict.as_ref().err().map_or("holds", |message| message));
        good &= verdict.is_ok();
    }
    good
}
