//! The disk fills: what cannot be stored is not acknowledged, and goes through once there is room.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio::task::block_in_place;

use super::log::{self, Fault};
use super::people::{Cast, Writing, until};
use super::random::Random;
use super::report::Report;
use super::{truth, warm_up};
use crate::limits::Limits;
use crate::process::Group;
use crate::runtime::{Runtime, workspace};

const PEOPLE: usize = 4;
/// Milliseconds between two messages, on average.
const PAUSE: u64 = 20;
/// Of the mount. What four people say in a minute takes a tenth of it.
const SIZE: &str = "size=48m";
/// How often the disk fills; the last time, the runtime is killed over it.
const TIMES: usize = 3;

/// What stands for a small disk.
enum Disk {
    /// A file system of its own, filled up by a file.
    Mounted { at: PathBuf },
    /// Where mounting is not allowed: `workerd` may not write to any file (`RLIMIT_FSIZE`), and is
    /// told so by each write instead of being ended by a signal.
    Refusing { workerd: PathBuf },
}

pub(crate) async fn run(dir: &Path, random: &Random, report: &mut Report) {
    if !Group::is_known() {
        return report.note("this system has neither of the disks that fill: left out");
    }
    // What cannot be emptied cannot be made, either.
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).expect("a directory for the disk can be made");
    let disk = Disk::of(dir);
    report.note(&format!("the disk that fills is {}", disk.name()));
    let mut runtime = block_in_place(|| disk.start(dir));
    let cast = Arc::new(Cast::gather(runtime.origin(), PEOPLE).await);
    warm_up(&cast, random).await;
    for time in 1..=TIMES {
        fill(&disk, &mut runtime, &cast, random, time == TIMES, report).await;
    }
    truth::check(&cast, report).await;
    report.read_log(&log::judge(&runtime.log(), Fault::FullDisk));
    report.progress(&format!("{TIMES} times no room, everything compared"));
}

async fn fill(
    disk: &Disk,
    runtime: &mut Runtime,
    cast: &Arc<Cast>,
    random: &Random,
    and_kill: bool,
    report: &mut Report,
) {
    let writing = Writing::start(cast, random.clone(), PAUSE);
    disk.set_full(runtime, true);
    let waiting =
        || cast.writers().iter().map(|&device| cast.ledger.waiting(device)).sum::<usize>();
    until("run out of room", || log::is_full(&runtime.log())).await;
    // Nobody gets through any more: what waits only grows, up to what people put up with.
    let most = cast.writers().len() * super::people::MOST_WAITING;
    until("have everybody wait", || waiting() >= most).await;
    let acknowledged = cast.ledger.counts().acknowledged;
    if and_kill {
        block_in_place(|| runtime.kill());
        report.kills += 1;
        report.read_log(&log::judge(&runtime.log(), Fault::FullDisk));
    }
    disk.set_full(runtime, false);
    if and_kill {
        block_in_place(|| runtime.restart());
    }
    until("go on", || cast.ledger.counts().acknowledged > acknowledged).await;
    writing.stop(cast).await;
    report.progress(&format!("no room for {most} messages, which went through when there was"));
}

impl Disk {
    fn of(dir: &Path) -> Self {
        let at = dir.join("mount");
        fs::create_dir_all(&at).expect("a directory to mount at can be made");
        let asked = ["-t", "tmpfs", "-o", SIZE, "tideline-chaos"];
        if quietly(Command::new("mount").args(asked).arg(&at)) {
            return Self::Mounted { at };
        }
        let workerd = dir.join("workerd");
        let real = workspace().join("node_modules/workerd/bin/workerd");
        // Ignored signals stay ignored over `exec`.
        let script = format!("#!/bin/sh\ntrap '' XFSZ\nexec '{}' \"$@\"\n", real.display());
        fs::write(&workerd, script).expect("a script can be written");
        fs::set_permissions(&workerd, fs::Permissions::from_mode(0o755)).expect("is ours");
        Self::Refusing { workerd }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Mounted { .. } => "a small tmpfs",
            Self::Refusing { .. } => "a limit on the size of files (nothing may be mounted here)",
        }
    }

    fn start(&self, dir: &Path) -> Runtime {
        let run = dir.join("run");
        match self {
            Self::Mounted { at } => {
                Runtime::start_with(&run, &at.join("state"), None, Limits::SendOnly)
            }
            Self::Refusing { workerd } => {
                Runtime::start_with(&run, &run.join("state"), Some(workerd), Limits::SendOnly)
            }
        }
    }

    fn set_full(&self, runtime: &Runtime, full: bool) {
        match self {
            Self::Mounted { at } if full => pile_up(&at.join("ballast")),
            Self::Mounted { at } => {
                fs::remove_file(at.join("ballast")).expect("the ballast is there");
            }
            Self::Refusing { .. } => {
                // Only the soft limit, which may be raised again.
                let limit = if full { "--fsize=1:" } else { "--fsize=unlimited:" };
                let group = runtime.group().map(Group);
                for pid in group.map(Group::workerds).unwrap_or_default() {
                    let pid = pid.to_string();
                    assert!(
                        quietly(Command::new("prlimit").args(["--pid", &pid, limit])),
                        "`prlimit` (util-linux) is needed"
                    );
                }
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Mounted { at } = self {
            // The runtime was dropped before it. Lazily, should a process linger.
            quietly(Command::new("umount").arg("--lazy").arg(at));
        }
    }
}

/// Writes until there is no room for another byte.
fn pile_up(file: &Path) {
    let mut file = File::create(file).expect("a file can be made");
    for size in [1 << 20, 1 << 12, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Whether a program succeeds.
fn quietly(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
