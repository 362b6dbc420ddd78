//! What a suite remembers of its last run: where all of it passed and nothing has changed that it reads, it would pass again.

use std::{fs, path::PathBuf};

use anyhow::Result;

use super::{count::Count, step::Step};
use crate::{fresh::Stamp, paths, sh};

/// A suite's last run in which all passed.
pub(super) struct Passed {
    stamp: Stamp,
    count: PathBuf,
}

impl Passed {
    /// The memory of a suite with the files as they are now.
    pub(super) fn of(suite: Step) -> Result<Self> {
        let name = suite.name().replace(' ', "-");
        let file = |kind: &str| PathBuf::from(format!("{}/{name}.{kind}", paths::WORK));
        let known = sh::output(&mut sh::cmd("git", &KNOWN))?;
        let read =
            known.lines().filter(|path| !suite.leaves_out().iter().any(|it| path.starts_with(it)));
        // What was deleted and not committed is still known.
        let inputs = read.map(PathBuf::from).filter(|path| path.exists());
        let compiler = sh::output(&mut sh::cmd("rustc", &["--version"]))?;
        let stamp = Stamp::new(file("passed"), inputs)?.with(compiler.trim());
        Ok(Self { stamp, count: file("count") })
    }

    /// How many tests there were, if nothing has changed since they all passed.
    pub(super) fn count(&self) -> Option<u64> {
        self.stamp
            .is_fresh(&self.count)
            .then(|| fs::read_to_string(&self.count).ok()?.parse().ok())?
    }

    /// The suite runs: until it has passed, nothing is remembered.
    pub(super) fn clear(&self) {
        self.stamp.clear();
    }

    /// All passed.
    pub(super) fn set(&self, count: Count) -> Result<()> {
        fs::write(&self.count, count.passed.to_string())?;
        self.stamp.set()
    }
}

/// All files that belong to the project, new ones too.
const KNOWN: [&str; 4] = ["ls-files", "--cached", "--others", "--exclude-standard"];
