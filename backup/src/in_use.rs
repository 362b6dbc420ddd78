//! Is a runtime working on this directory?
//!
//! SQLite holds locks on a database in WAL mode for as long as it is open, on its file or on its
//! `-shm`, and the runtime keeps some of its databases open for as long as it runs. They are looked
//! at, not taken: nothing is changed.

use std::{
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, Result};
use rustix::process::{Flock, FlockType, fcntl_getlk};

use crate::shown;

/// The process that holds a lock on any file below `dir`, as words for a person; none when there is
/// none, or no such directory.
pub(super) fn by_whom(dir: &Path) -> Result<Option<String>> {
    let unreadable = || format!("{} cannot be read", shown(dir));
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        entries => entries.with_context(unreadable)?,
    };
    for entry in entries {
        let entry = entry.with_context(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().with_context(unreadable)?);
        let holder = if kind.is_dir() {
            by_whom(&path)?
        } else if kind.is_file() {
            holder(&path).with_context(|| format!("{} cannot be read", shown(&path)))?
        } else {
            None
        };
        if holder.is_some() {
            return Ok(holder);
        }
    }
    Ok(None)
}

/// Whoever stands in the way of a lock on the whole file.
fn holder(file: &Path) -> std::io::Result<Option<String>> {
    let file = File::open(file)?;
    let lock = fcntl_getlk(&file, &Flock::from(FlockType::WriteLock))?;
    Ok(lock.map(|lock| match lock.pid {
        Some(pid) => format!("process {}", pid.as_raw_nonzero()),
        None => "a process of elsewhere".to_owned(),
    }))
}
