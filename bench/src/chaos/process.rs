//! What the system knows of a running runtime: its processes, their memory, and which objects have
//! their database open. An object that is evicted or hibernates closes it, so this shows from the
//! outside, without a line in the product, which objects are in memory.
//!
//! Read from `/proc`; where there is none, nothing is known.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The processes of one group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group(pub(crate) u32);

impl Group {
    /// Whether this system tells.
    pub(crate) fn is_known() -> bool {
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
    pub(crate) fn resident_mib(self) -> f64 {
        let kib = |pid: u32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.trim().trim_end_matches(" kB").parse::<f64>().ok()
        };
        self.workerds().into_iter().filter_map(kib).sum::<f64>() / 1024.0
    }

    /// The objects in memory, by the name of their database.
    pub(crate) fn awake(self) -> BTreeSet<String> {
        let open = self.workerds().into_iter().flat_map(|pid| {
            let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
            files.filter_map(|file| fs::read_link(file.path()).ok())
        });
        open.filter_map(|file| object(&file)).collect()
    }
}

fn belongs(pid: u32, group: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may hold anything: state, parent and group come after it.
    let mut rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
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
        }
    }
}
