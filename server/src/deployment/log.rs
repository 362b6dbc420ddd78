//! The log: one row for everything that the owner changed, written in the turn that changed it.

use tideline_shared::protocol::{AdminReply, Did, LogRow};
use tideline_shared::{Person, Timestamp, limits};

use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Turn, to_json};

pub(super) const TABLE: &str = "CREATE TABLE log (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        did TEXT NOT NULL
    ) STRICT";

pub(super) fn write(turn: &Turn<'_>, by: &Person, did: &Did) -> Result<(), Fault> {
    turn.sql.execute(
        "INSERT INTO log (at, made_by, did) VALUES (?1, ?2, ?3)",
        params![turn.now.0, to_json(by)?, to_json(did)?],
    )
}

/// A page, the newest first.
pub(super) fn page(sql: &dyn Sql, before: Option<u64>) -> Result<AdminReply, Fault> {
    let rows = sql.query(
        "SELECT n, at, made_by, did FROM log WHERE ?1 IS NULL OR n < ?1 ORDER BY n DESC LIMIT ?2",
        params![before, limits::ADMIN_ROWS as u64 + 1],
    )?;
    let read = |row: &crate::sql::Row| {
        let (n, at) = (row.number(0)?, Timestamp(row.number(1)?));
        Ok(LogRow { n, at, by: row.json(2)?, did: row.json(3)? })
    };
    let more = rows.len() > limits::ADMIN_ROWS;
    let rows = rows.iter().take(limits::ADMIN_ROWS).map(read).collect::<Result<_, Fault>>()?;
    Ok(AdminReply::Log { rows, more })
}
