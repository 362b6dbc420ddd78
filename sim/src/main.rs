//! `cargo xtask sim`: fresh seeds for some minutes, or one seed with a readable log.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tideline_sim::{Profile, Tally, run};

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
    let run = run(seed, Profile::storm(), true);
    print(&run.tally);
    match run.violation {
        None => ExitCode::SUCCESS,
        Some(violation) => {
            println!("seed {seed}: {violation}");
            ExitCode::FAILURE
        }
    }
}

/// Runs fresh seeds until the time is over, or something is violated.
fn many(time: Duration) -> ExitCode {
    let begin = Instant::now();
    // Any other beginning would do as well: what counts is that it is another one each time.
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let mut sum = Tally::default();
    let mut seed = first;
    while begin.elapsed() < time {
        let run = run(seed, Profile::storm(), false);
        sum.add(&run.tally);
        if let Some(violation) = run.violation {
            print(&sum);
            println!("seed {seed}: {violation}\nreplay it: cargo xtask sim --seed {seed}");
            return ExitCode::FAILURE;
        }
        seed += 1;
    }
    print(&sum);
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    println!(
        "{} seeds, {:.0} messages a minute, 0 violations",
        seed - first,
        sum.stored as f64 / minutes
    );
    ExitCode::SUCCESS
}

fn print(tally: &Tally) {
    println!("{} turns, {} messages written, {} stored", tally.steps, tally.written, tally.stored);
    for (what, times) in &tally.faults {
        println!("  {times:>8}  {what}");
    }
}
