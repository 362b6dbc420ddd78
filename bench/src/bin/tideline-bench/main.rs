//! Measures the service and the app on this machine: `cargo xtask bench [scenario …]`.
//!
//! Each scenario starts a runtime with empty storage, is bounded in count and in time, and prints a
//! row to read and a line of JSON to keep. Aims are printed, not enforced; a message lost, doubled
//! or out of order fails the run.

mod app;
mod chat;
mod hour;
mod ledger;
mod machine;
mod report;
mod room;
mod search;

use std::process::ExitCode;

use tideline_bench::{Limits, Runtime};

use crate::machine::Machine;
use crate::report::Report;

/// The scenarios in the order in which they run.
const SCENARIOS: &[&str] = &["direct", "group", "search", "app", "room", "hour"];

#[tokio::main]
async fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| !SCENARIOS.contains(&name.as_str())) {
        eprintln!("There is no scenario {unknown:?}; there are {}.", SCENARIOS.join(", "));
        return ExitCode::from(2);
    }
    let machine = Machine::here();
    println!("{machine}\n");
    let mut faultless = true;
    for &name in SCENARIOS {
        if !asked.is_empty() && !asked.iter().any(|asked| asked == name) {
            continue;
        }
        for report in run(name).await {
            println!("{report}\n{}\n", report.json(&machine));
            faultless &= report.is_faultless();
        }
    }
    if faultless { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(scenario: &str) -> Vec<Report> {
    let dir = std::env::temp_dir().join(format!("tideline-bench-{}", std::process::id()));
    let runtime = tokio::task::block_in_place(|| Runtime::start(&dir, Limits::Off));
    let reports = match scenario {
        "direct" => vec![chat::direct(runtime.origin()).await],
        "group" => vec![chat::group(runtime.origin()).await],
        "search" => {
            vec![search::all(runtime.origin()).await, search::one(runtime.origin()).await]
        }
        "room" => room::used(runtime.origin()).await,
        "hour" => hour::left_open(runtime.origin()).await,
        _ => app::open(runtime.origin()).await,
    };
    drop(runtime);
    // Left-overs in the temporary directory are the system's to clear.
    let _ = std::fs::remove_dir_all(dir);
    reports
}
