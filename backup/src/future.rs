//! The end of what came after a backup.
//!
//! A device knows a mirror by its cursor, and hears what came after it. After a restore the service gives
//! the same versions to other changes, so a device that was further would hold what is no more, and never
//! hear of what took its place. So every database that counts versions goes on far beyond all that it can
//! ever have given, and answers cursors from before with everything anew.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rusqlite::Connection;

use crate::{shown, snapshot::is_database};

/// More versions than an object gives between two backups, and few enough for a million restores.
const LEAP: u64 = 1 << 32;

/// What a clock needs to have for a leap.
const COUNTED: &str =
    "SELECT count(*) FROM pragma_table_info('clock') WHERE name IN ('version', 'horizon')";

/// Whether a clock says up to where others are to be told.
const TOLD: &str = "SELECT count(*) = 1 FROM pragma_table_info('clock') WHERE name = 'told'";

/// Ends the future of every database below `dir`; how many have one.
pub(super) fn end(dir: &Path) -> Result<u64> {
    let mut ended = 0;
    for file in databases(dir)? {
        let counts = || -> rusqlite::Result<bool> {
            let db = Connection::open(&file)?;
            if db.query_row(COUNTED, [], |row| row.get::<_, u64>(0))? < 2 {
                return Ok(false);
            }
            // Conversations owe everything up to `told` to their members' accounts, which know what they have.
            let told = if db.query_row(TOLD, [], |row| row.get(0))? { "told" } else { "horizon" };
            let leap = format!(
                "UPDATE clock SET version = version + ?1, horizon = version + ?1, {told} = version + ?1
                 WHERE version > 0"
            );
            Ok(db.execute(&leap, [LEAP])? > 0)
        };
        ended +=
            u64::from(counts().with_context(|| format!("{} cannot be written", shown(&file)))?);
    }
    Ok(ended)
}

fn databases(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else if is_database(&entry.path())? {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}
