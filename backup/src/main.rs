//! The data of a machine as one file, and back: `cargo xtask backup` and `cargo xtask restore`.
//!
//! # The file
//!
//! A gzipped tar archive:
//!
//! - `tideline-backup.json`, its first entry: what it holds ([`Manifest`]).
//! - `data/…`: the data directory, as files and directories. A SQLite database is one complete file
//!   in the state of one moment, the same moment for all databases ([`snapshot`]); it has no `-wal`,
//!   `-shm` or `-journal` beside it. Every other file is as it was found.
//!
//! It holds password hashes and everything that was said, so only its owner may read it.

mod archive;
mod create;
mod future;
mod in_use;
mod progress;
mod restore;
mod snapshot;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Parser;
use serde::{Deserialize, Serialize};

/// The data of a machine as one file, and back.
#[derive(Parser)]
enum Chore {
    /// Copy the data to one file; the service may be running.
    Backup(create::Args),
    /// Make what `backup` made the data of a place.
    Restore(restore::Args),
}

fn main() -> ExitCode {
    let done = match Chore::parse() {
        Chore::Backup(args) => create::run(&args),
        Chore::Restore(args) => restore::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Where the manifest is in the archive.
const MANIFEST: &str = "tideline-backup.json";

/// Where the data is in the archive.
const DATA: &str = "data";

/// The version of the archive's layout that is written, and the newest that is read.
const FORMAT: u32 = 1;

/// What an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    /// The version of the layout; see [`FORMAT`].
    format: u32,
    /// Databases among the files.
    databases: u64,
    /// Files, without this one.
    files: u64,
    /// Their bytes.
    bytes: u64,
}

/// The directory that something lies in; the working directory for a bare name.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path as it is shown: from the root of the machine, for whoever calls from elsewhere.
fn shown(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path)).display().to_string()
}

/// Makes what happened to the names in a directory last through a power cut.
fn sync_dir(dir: &Path) -> Result<()> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.with_context(|| format!("{} cannot be written to the disk", shown(dir)))
}

/// Is there nothing at this path, or a directory with nothing in it?
fn is_vacant(dir: &Path) -> Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", shown(dir))),
    }
}
