//! Plays chaos on the real runtime: `cargo xtask chaos [--kills N] [--seed N] [--only PART]`.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use tideline_bench::chaos::{self, Plan};

/// Kills where nothing else is asked for.
const KILLS: u32 = 32;

#[tokio::main]
async fn main() -> ExitCode {
    let Some(plan) = plan(std::env::args().skip(1)) else {
        eprintln!("tideline-chaos [--kills N] [--seed N] [--only storm|evictions|disk]");
        return ExitCode::from(2);
    };
    let dir = std::env::temp_dir().join(format!("tideline-chaos-{}", std::process::id()));
    let report = chaos::run(&plan, &dir).await;
    println!("\n{report}");
    if !report.is_faultless() {
        println!("What it left is in {}.", dir.display());
        return ExitCode::FAILURE;
    }
    // Left-overs in the temporary directory are the system's to clear.
    let _ = std::fs::remove_dir_all(dir);
    ExitCode::SUCCESS
}

fn plan(mut args: impl Iterator<Item = String>) -> Option<Plan> {
    let (mut kills, mut seed, mut only) = (KILLS, now(), None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--kills" => kills = args.next()?.parse().ok()?,
            "--seed" => seed = args.next()?.parse().ok()?,
            "--only" => only = Some(args.next()?),
            _ => return None,
        }
    }
    let whole = Plan::long(seed, kills);
    match only.as_deref() {
        None => Some(whole),
        Some("storm") => Some(Plan { evictions: 0, full_disk: false, ..whole }),
        Some("evictions") => Some(Plan { kills: 0, rounds: 0, full_disk: false, ..whole }),
        Some("disk") => Some(Plan { kills: 0, rounds: 0, evictions: 0, ..whole }),
        Some(_) => None,
    }
}

/// A seed nobody had before.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs())
}
