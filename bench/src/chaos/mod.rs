//! Chaos on the real runtime: the real client engine writes over real sockets while the service is
//! killed, put to sleep, starved of disk, not listened to and flooded; then everything is compared
//! with everything.
//!
//! A [`Plan`] says what is played. Moments come from its seed; what lies between them is the
//! machine's, so a seed says where to look again, not what will be seen.

mod crowd;
mod disk;
mod eviction;
mod harness;
mod idle;
mod ledger;
mod log;
mod people;
mod random;
mod report;
mod storm;
mod truth;

use std::path::Path;
use std::sync::Arc;

pub use report::Report;

use self::log::Fault;
use self::people::{Cast, Writing, until};
use self::random::Random;
use crate::limits::Limits;
use crate::runtime::Runtime;

/// Messages that are acknowledged before anything happens.
const WARM_UP: usize = 40;
/// Milliseconds between two of them, on average.
const PAUSE: u64 = 20;

/// The lines of a runtime's log that nobody expected of one to which nothing happened.
#[must_use]
pub fn unexpected(log: &str) -> Vec<String> {
    log::judge(log, Fault::None)
}

/// What is played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Decides the moments.
    pub seed: u64,
    /// SIGKILLs.
    pub kills: u32,
    /// The longest time between two of them, in ms, not counting the start.
    pub longest_up_ms: u64,
    /// People; every second one has two devices.
    pub people: usize,
    /// How often slow readers, a flood and a calm follow each other on one process.
    pub rounds: usize,
    /// Long messages of each writer, past readers who do not read.
    pub long_each: usize,
    /// Messages of a flood.
    pub flood: usize,
    /// Objects thrown out of memory on command.
    pub evictions: u32,
    /// Whether the disk fills.
    pub full_disk: bool,
    /// Whether memory must come back: a short run says nothing about it.
    pub judge_memory: bool,
}

impl Plan {
    /// For `cargo xtask chaos`: some minutes.
    #[must_use]
    pub fn long(seed: u64, kills: u32) -> Self {
        Self {
            seed,
            kills,
            longest_up_ms: 5_000,
            people: 8,
            rounds: 6,
            long_each: 30,
            flood: 150,
            evictions: 200,
            full_disk: true,
            judge_memory: true,
        }
    }

    /// For `cargo xtask test`: some two minutes.
    #[must_use]
    pub fn short(seed: u64) -> Self {
        Self {
            seed,
            kills: 3,
            longest_up_ms: 1_500,
            people: 5,
            rounds: 1,
            long_each: 15,
            flood: 90,
            evictions: 20,
            full_disk: true,
            judge_memory: false,
        }
    }
}

/// Plays a plan, in a directory that is emptied first.
///
/// # Panics
/// When something does not come to happen that everything else waits for.
pub async fn run(plan: &Plan, dir: &Path) -> Report {
    let mut report = Report::new(plan.seed);
    let mut random = Random::new(plan.seed);
    println!("seed {}", plan.seed);
    if plan.kills > 0 || plan.rounds > 0 {
        kills_and_crowds(plan, &dir.join("storm"), &mut random, &mut report).await;
    }
    if plan.evictions > 0 {
        eviction::run(&dir.join("evictions"), plan.evictions, &mut random, &mut report).await;
    }
    if plan.full_disk {
        disk::run(&dir.join("disk"), &random, &mut report).await;
    }
    report
}

async fn kills_and_crowds(plan: &Plan, dir: &Path, random: &mut Random, report: &mut Report) {
    let mut runtime = tokio::task::block_in_place(|| Runtime::start(dir, Limits::SendOnly));
    let cast = Arc::new(Cast::gather(runtime.origin(), plan.people).await);
    report.progress(&format!(
        "{} people with {} devices in {} conversations",
        cast.people.len(),
        cast.players.len(),
        cast.talks.len()
    ));
    warm_up(&cast, random).await;
    storm::run(&mut runtime, &cast, plan, random, report).await;
    for _ in 0..plan.rounds {
        crowd::slow_readers(&runtime, &cast, plan.long_each, report).await;
        crowd::flood(&cast, plan.flood, report).await;
        idle::run(&runtime, &cast, report).await;
    }
    if plan.judge_memory {
        report.judge_memory();
    }
    truth::check(&cast, report).await;
    report.read_log(&log::judge(&runtime.log(), Fault::Killed));
    report.progress("everything compared");
}

/// Everything is used once, before anything happens to it.
async fn warm_up(cast: &Arc<Cast>, random: &Random) {
    let writing = Writing::start(cast, random.clone(), PAUSE);
    let acknowledged = cast.ledger.counts().acknowledged;
    until("warm up", || cast.ledger.counts().acknowledged >= acknowledged + WARM_UP).await;
    writing.stop(cast).await;
}
