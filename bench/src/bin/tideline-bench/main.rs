//! Measures the service and the app on this machine: `cargo xtask bench [scenario …]`.
//!
//! Each scenario starts a runtime with empty storage, is bounded in count and in time, and prints rows to
//! read and lines of JSON to keep. Aims are printed, not enforced; a message lost, doubled or out of
//! order fails the run.

mod app;
mod books;
mod catch_up;
mod compare;
mod cost;
mod desk;
mod direct;
mod floor;
mod group;
mod hall;
mod history;
mod hour;
mod idle;
mod large;
mod ledger;
mod machine;
mod mixed;
mod peers;
mod people;
mod performance;
mod picture;
mod profile;
mod quiet;
mod reader;
mod report;
mod room;
mod saved;
mod search;
mod storm;
mod taken;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use tideline_bench::{Limits, Runtime, Way};

use crate::desk::Desk;
use crate::machine::Machine;
use crate::profile::Profiler;

/// Measures the service and the app on this machine.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Args {
    /// How the Worker is run; both ways where people talk, through wrangler where a browser looks, if not
    /// said.
    #[arg(long)]
    on: Option<On>,
    /// Add a line of JSON for each row to this file.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Show how each figure differs from those in this file.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Measure nothing; write PERFORMANCE.md and its picture of what these files hold.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["on", "save", "compare"])]
    report: Vec<PathBuf>,
    /// Say where the bare runtime spends its time, function by function, and keep the profile in this
    /// file, for a browser's developer tools.
    #[arg(long, value_name = "FILE.cpuprofile", conflicts_with_all = ["on", "save", "compare", "report"])]
    profile: Option<PathBuf>,
    /// What to measure; everything if not said.
    #[arg(value_enum, value_name = "SCENARIO")]
    scenarios: Vec<Scenario>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum On {
    Wrangler,
    Bare,
    Both,
}

/// The scenarios in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// The least that a chat takes on this runtime, to compare with.
    Floor,
    Direct,
    Group,
    Quiet,
    Large,
    CatchUp,
    Idle,
    History,
    Storm,
    Mixed,
    Search,
    App,
    Room,
    Hour,
}

impl Scenario {
    /// Whether a browser opens the app, which the bare runtime does not serve.
    fn needs_the_app(self) -> bool {
        matches!(self, Self::App | Self::Room | Self::Hour)
    }

    fn ways(self, on: Option<On>) -> &'static [Way] {
        let talk = !matches!(self, Self::Search) && !self.needs_the_app();
        match on {
            // It is its own Worker, for the bare runtime.
            Some(On::Wrangler) if self == Self::Floor => &[],
            // What is counted is the same either way.
            _ if self == Self::Floor => &[Way::Bare],
            None if self == Self::Mixed => &[Way::Bare],
            Some(On::Bare) if !self.needs_the_app() => &[Way::Bare],
            Some(On::Both) if !self.needs_the_app() => &[Way::Wrangler, Way::Bare],
            None if talk => &[Way::Wrangler, Way::Bare],
            Some(On::Bare) => &[],
            _ => &[Way::Wrangler],
        }
    }

    async fn run(self, runtime: &mut Runtime, desk: &mut Desk) {
        let origin = runtime.origin().to_owned();
        match self {
            Self::Floor => floor::rows(runtime, desk).await,
            Self::Direct => direct::rows(runtime, desk).await,
            Self::Group => group::rows(runtime, desk).await,
            Self::Quiet => quiet::rows(runtime, desk).await,
            Self::Large => large::rows(runtime, desk).await,
            Self::CatchUp => catch_up::rows(runtime, desk).await,
            Self::Idle => idle::rows(runtime, desk).await,
            Self::History => history::rows(runtime, desk).await,
            Self::Storm => storm::rows(runtime, desk).await,
            Self::Mixed => mixed::rows(runtime, desk).await,
            Self::Search => {
                desk.take(search::all(&origin).await);
                desk.take(search::one(&origin).await);
            }
            Self::App => app::open(&origin).await.into_iter().for_each(|row| desk.take(row)),
            Self::Room => room::used(&origin).await.into_iter().for_each(|row| desk.take(row)),
            Self::Hour => hour::left_open(&origin).await.into_iter().for_each(|row| desk.take(row)),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    if !args.report.is_empty() {
        performance::write(&args.report);
        return ExitCode::SUCCESS;
    }
    let before = args.compare.as_deref().map(saved::read).unwrap_or_default();
    let mut desk = Desk::new(Machine::here(), args.save, before);
    for &scenario in Scenario::value_variants() {
        if !args.scenarios.is_empty() && !args.scenarios.contains(&scenario) {
            continue;
        }
        if let Some(file) = &args.profile {
            if !scenario.needs_the_app() {
                look_into(scenario, file, &mut desk).await;
            }
            continue;
        }
        for &way in scenario.ways(args.on) {
            measure(scenario, way, &mut desk).await;
        }
    }
    if desk.is_faultless() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(scenario: Scenario, way: Way, desk: &mut Desk) {
    let dir = Dir::new();
    let mut runtime = tokio::task::block_in_place(|| match scenario {
        Scenario::Floor => Runtime::start_floor(&dir.0),
        _ => Runtime::start_on(way, &dir.0, Limits::Off),
    });
    desk.measures_on(way);
    scenario.run(&mut runtime, desk).await;
}

/// Runs a scenario on a runtime that says what it does meanwhile.
async fn look_into(scenario: Scenario, file: &Path, desk: &mut Desk) {
    let dir = Dir::new();
    let mut runtime = tokio::task::block_in_place(|| Runtime::start_inspected(&dir.0, Limits::Off));
    desk.measures_on(Way::Bare);
    let profiler = Profiler::start(&runtime).await;
    scenario.run(&mut runtime, desk).await;
    profiler.end(file).await;
}

/// A directory for a runtime, for as long as it is measured.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("tideline-bench-{}", std::process::id())))
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        // Left-overs in the temporary directory are the system's to clear.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
