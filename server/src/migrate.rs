//! Schema upgrades in steps, each recorded in a table.

use tideline_shared::Timestamp;

use crate::params;
use crate::sql::{Fault, Sql};

/// Brings a database to the newest of `steps` (each a list of statements; steps are only ever
/// appended). A database that is newer than this program is left alone and refused.
pub(crate) fn migrate(sql: &dyn Sql, now: Timestamp, steps: &[&[&str]]) -> Result<(), Fault> {
    sql.execute(
        "CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
        &[],
    )?;
    let done = match sql.first("SELECT coalesce(max(step), 0) FROM migrations", &[])? {
        Some(row) => usize::try_from(row.number(0)?).unwrap_or(usize::MAX),
        None => 0,
    };
    if done > steps.len() {
        return Err(Fault(format!("schema step {done} is newer than this program")));
    }
    for (step, statements) in steps.iter().enumerate().skip(done) {
        for statement in *statements {
            sql.execute(statement, &[])?;
        }
        sql.execute(
            "INSERT INTO migrations (step, at) VALUES (?1, ?2)",
            params![step as u64 + 1, now.0],
        )?;
    }
    Ok(())
}
