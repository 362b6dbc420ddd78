//! `cargo xtask sim`: fresh seeds for some minutes, or one seed with a readable log.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tideline_sim::{Plan, Profile, Tally, shrink};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--seed", seed] => match seed.parse() {
            Ok(seed) => one(seed),
            Err(_) => usage(),
        },
        ["--minutes", minutes] => match minutes.parse::<f64>() {
            Ok(minutes) => many(Duration::from_secs_f64(60.0 * minutes)),
            Err(_) => usage(),
        },
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("cargo xtask sim --seed N | --minutes M");
    ExitCode::from(2)
}

/// Replays one seed, telling what happens.
fn one(seed: u64) -> ExitCode {
    let plan = Plan::new(seed, Profile::storm());
    let run = plan.play(true);
    print(&run.tally);
    match run.violation {
        None => ExitCode::SUCCESS,
        Some(violation) => {
            println!("seed {seed}: {violation}");
            explain(&plan);
            ExitCode::FAILURE
        }
    }
}

/// Runs fresh seeds on all cores until the time is over, or something is violated.
fn many(time: Duration) -> ExitCode {
    let begin = Instant::now();
    // Any other beginning would do as well: what counts is that it is another one each time.
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let next = AtomicU64::new(first);
    let sum = Mutex::new((Tally::default(), None));
    let play = || {
        while begin.elapsed() < time {
            let plan = Plan::new(next.fetch_add(1, Ordering::Relaxed), Profile::storm());
            let run = plan.play(false);
            let Ok(mut sum) = sum.lock() else { return };
            sum.0.add(&run.tally);
            sum.1 = sum.1.take().or(run.violation.map(|violation| (plan, violation)));
            if sum.1.is_some() {
                return;
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(play))));
    let Ok((tally, violated)) = sum.into_inner() else { return ExitCode::FAILURE };
    print(&tally);
    if let Some((plan, violation)) = violated {
        println!("seed {}: {violation}", plan.seed);
        explain(&plan);
        return ExitCode::FAILURE;
    }
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    println!(
        "{} seeds on {cores} cores, {:.0} messages a minute, 0 violations",
        next.into_inner() - first,
        tally.stored as f64 / minutes
    );
    ExitCode::SUCCESS
}

/// Prints the shortest trace that still goes wrong.
fn explain(plan: &Plan) {
    println!("with {:?}", plan.faults);
    let is_watched = std::io::stderr().is_terminal();
    let mut tell = |left, all| {
        if is_watched {
            eprint!("\rlooking for the shortest trace: {left} of {all} moments  ");
        }
    };
    let Some((_, run)) = shrink(plan, &mut tell) else { return };
    if is_watched {
        eprintln!();
    }
    run.played.iter().for_each(|played| println!("{played}"));
    println!("{}", run.violation.unwrap_or_default());
    println!("replay all of it: cargo xtask sim --seed {}", plan.seed);
}

fn print(tally: &Tally) {
    println!("{} turns, {} messages written, {} stored", tally.steps, tally.written, tally.stored);
    for (what, times) in &tally.faults {
        println!("  {times:>8}  {what}");
    }
}
