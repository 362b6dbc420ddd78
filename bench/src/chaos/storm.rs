//! SIGKILL at random moments, with messages on their way, and a start on the same storage.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Plan;
use super::log::{self, Fault};
use super::people::{Cast, Writing};
use super::random::Random;
use super::report::Report;
use crate::device::PATIENCE;
use crate::process::Group;
use crate::runtime::Runtime;

/// How many devices say something right after each kill.
const PROBES: usize = 4;
/// Milliseconds between two messages, on average.
const PAUSE: u64 = 40;
/// One kill in so many comes again before the devices are back.
const AGAIN: u64 = 4;
/// How soon such a kill comes, in milliseconds after the service answers.
const SOON: u64 = 1_500;

pub(crate) async fn run(
    runtime: &mut Runtime,
    cast: &Arc<Cast>,
    plan: &Plan,
    random: &mut Random,
    report: &mut Report,
) {
    let writing = Writing::start(cast, random.clone(), PAUSE);
    let target = report.kills + plan.kills;
    while report.kills < target {
        // The random moment is the fault: nothing is waited for here.
        tokio::time::sleep(Duration::from_millis(random.below(plan.longest_up_ms))).await;
        let killed = kill(runtime, report);
        // Written while nothing runs.
        let probes = cast.probe(PROBES, "right after the kill");
        let mut answered = start(runtime);
        if report.kills < target && random.below(AGAIN) == 0 {
            tokio::time::sleep(Duration::from_millis(random.below(SOON))).await;
            kill(runtime, report);
            answered = start(runtime);
        }
        let since_kill = cast.acknowledged(&probes, killed).await;
        let down = answered.duration_since(killed).as_secs_f64() * 1_000.0;
        report.from_answer.extend(since_kill.iter().map(|ms| (ms - down).max(0.0)));
        report.from_kill.extend(since_kill);
        report.progress(&format!("{} kills", report.kills));
    }
    writing.stop(cast).await;
}

/// Kills everything at once, and makes sure that nothing of it is left.
fn kill(runtime: &mut Runtime, report: &mut Report) -> Instant {
    let group = runtime.group().map(Group);
    let before = group.map(|group| group.workerds().len()).unwrap_or_default();
    let killed = Instant::now();
    tokio::task::block_in_place(|| runtime.kill());
    report.kills += 1;
    if Group::is_known() {
        let is_left = || group.is_some_and(|group| !group.workerds().is_empty());
        // A killed process takes a moment to be gone, but runs none of its own code any more.
        while is_left() && killed.elapsed() < PATIENCE {
            sleep(Duration::from_millis(1));
        }
        if before == 0 || is_left() {
            report.fault(format!("{before} runtimes were there to kill, left: {}", is_left()));
        }
    }
    report.read_log(&log::judge(&runtime.log(), Fault::Killed));
    killed
}

fn start(runtime: &mut Runtime) -> Instant {
    tokio::task::block_in_place(|| runtime.restart());
    Instant::now()
}
