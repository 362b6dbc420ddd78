//! What the system knows of a running runtime: its processes, their time and memory, and which objects
//! have their database open. An object that is evicted or hibernates closes it, so this shows from the
//! outside, without a line in the product, which objects are in memory.
//!
//! Read from `/proc`; where there is none, nothing is known.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A tick of the processor's clock, as proc(5) counts: Linux shows a hundredth of a second on every machine.
const TICK_MS: f64 = 10.0;

/// The processes of one group.
#[derive(Clone, Copy, Debug)]
pub struct Group(pub u32);

impl Group {
    /// Whether this system tells.
    #[must_use]
    pub fn is_known() -> bool {
        Path::new("/proc/self/stat").exists()
    }

    /// All that run, zombies left out: `kill` leaves those until somebody collects them.
    pub(crate) fn running(self) -> Vec<u32> {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pid = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        processes.filter_map(pid).filter(|pid| belongs(*pid, self.0)).collect()
    }

    /// Those that run Workers.
    pub(crate) fn workerds(self) -> Vec<u32> {
        let runs_workers = |pid: &u32| {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name.trim() == "workerd"
        };
        self.running().into_iter().filter(runs_workers).collect()
    }

    /// Resident memory of those that run Workers, in MiB.
    #[must_use]
    pub fn resident_mib(self) -> f64 {
        let kib = |pid: u32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.trim().trim_end_matches(" kB").parse::<f64>().ok()
        };
        self.workerds().into_iter().filter_map(kib).sum::<f64>() / 1024.0
    }

    /// Processor time of all that run, in the kernel and outside, in milliseconds.
    #[must_use]
    pub fn processor_ms(self) -> f64 {
        let ticks = |pid: u32| {
            let stat = stat(pid);
            // The 14th and 15th field of proc(5); the state is the third.
            let ticks = stat.split_whitespace().skip(11).take(2);
            ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>()
        };
        self.running().into_iter().map(ticks).sum::<f64>() * TICK_MS
    }

    /// The objects in memory, by the name of their database.
    #[must_use]
    pub fn awake(self) -> BTreeSet<String> {
        let open = self.workerds().into_iter().flat_map(|pid| {
            let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
            files.filter_map(|file| fs::read_link(file.path()).ok())
        });
        open.filter_map(|file| object(&file)).collect()
    }
}

/// State, parent, group, and what else there is.
fn stat(pid: u32) -> String {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may hold anything; this comes after it.
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).to_owned()
}

fn belongs(pid: u32, group: u32) -> bool {
    let stat = stat(pid);
    let mut rest = stat.split_whitespace();
    let (state, of) = (rest.next(), rest.nth(1));
    state != Some("Z") && of.and_then(|of| of.parse().ok()) == Some(group)
}

/// The object whose database a file is: `…/do/tideline-ConversationObject/<id>.sqlite`.
fn object(file: &Path) -> Option<String> {
    let class = file.parent()?.file_name()?.to_str()?;
    let name = file.file_name()?.to_str()?;
    let id = name.strip_suffix(".sqlite")?;
    (class.starts_with("tideline-") && id != "metadata").then(|| format!("{class}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_told_from_other_files_by_their_place() {
        for (file, name) in [
            ("/s/v3/do/tideline-AccountObject/12ab.sqlite", Some("tideline-AccountObject/12ab")),
            ("/s/v3/do/tideline-AccountObject/12ab.sqlite-wal", None),
            ("/s/v3/do/tideline-AccountObject/metadata.sqlite", None),
            ("/s/v3/cache/12ab.sqlite", None),
        ] {
            assert_eq!(object(Path::new(file)).as_deref(), name, "{file}");
        }
    }

    #[test]
    fn a_process_is_found_in_its_group() {
        if Group::is_known() {
            let me = std::process::id();
            let stat = fs::read_to_string("/proc/self/stat").expect("is there");
            let group = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(2));
            let group = Group(group.and_then(|group| group.parse().ok()).expect("a number"));
            assert!(group.running().contains(&me));
            assert!(group.workerds().is_empty() && group.awake().is_empty());
            let busy = std::time::Instant::now();
            while group.processor_ms() == 0.0 {
                assert!(busy.elapsed().as_secs() < 10, "time passes");
            }
        }
    }
}
