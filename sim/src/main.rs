//! `cargo xtask sim`: fresh seeds for some minutes, or one seed with a readable log.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tideline_sim::{Plan, Profile, Tally, explain};

/// A fifth of the time goes into pieces of memory of a few bytes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What fresh seeds are played with, in turn.
const WEATHER: [Profile; 8] = {
    let storm = Profile::storm();
    [storm, storm, Profile::leaks(), storm, Profile::calm(), storm, Profile::leaks(), storm]
};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let played = match words.as_slice() {
        ["--seed", seed] => seed.parse().ok().map(|seed| one(seed, Profile::storm())),
        ["--seed", seed, "--profile", name] => {
            seed.parse().ok().zip(Profile::named(name)).map(|(seed, profile)| one(seed, profile))
        }
        ["--minutes", minutes] => {
            minutes.parse::<f64>().ok().map(|minutes| many(Duration::from_secs_f64(60.0 * minutes)))
        }
        _ => None,
    };
    played.unwrap_or_else(usage)
}

fn usage() -> ExitCode {
    let names = Profile::ALL.map(|(name, _)| name).join(" | ");
    eprintln!("cargo xtask sim --seed N [--profile {names}] | --minutes M");
    ExitCode::from(2)
}

/// Replays one seed, telling what happens.
fn one(seed: u64, profile: Profile) -> ExitCode {
    let plan = Plan::new(seed, profile);
    let run = plan.play(true);
    print(&run.tally);
    match run.violation {
        None => ExitCode::SUCCESS,
        Some(violation) => fail(&plan, &violation),
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
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let plan = Plan::new(seed, WEATHER[seed as usize % WEATHER.len()]);
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
        return fail(&plan, &violation);
    }
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    println!(
        "{} seeds on {cores} cores, {:.0} messages a minute, 0 violations",
        next.into_inner() - first,
        tally.stored as f64 / minutes
    );
    ExitCode::SUCCESS
}

/// Prints what went wrong, and the shortest trace that still does.
fn fail(plan: &Plan, violation: &str) -> ExitCode {
    println!("seed {}, profile {}: {violation}", plan.seed, plan.faults.name());
    let is_watched = std::io::stderr().is_terminal();
    let mut tell = |left, all| {
        if is_watched {
            eprint!("\rlooking for the shortest trace: {left} of {all} moments  ");
        }
    };
    println!("{}", explain(plan, &mut tell));
    ExitCode::FAILURE
}

fn print(tally: &Tally) {
    println!("{} turns, {} messages written, {} stored", tally.steps, tally.written, tally.stored);
    for (what, times) in &tally.faults {
        println!("  {times:>8}  {what}");
    }
}
