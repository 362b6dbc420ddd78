//! Erasing from the store of files what a table says is due, for certain.
//!
//! The table has a row before the first byte is stored, and until the store says that the last is gone:
//! so nothing is ever left behind. Its columns are `file`, `due_at` (when it is to be erased; none
//! while it is in use) and `attempts` (that failed).

use std::collections::BTreeMap;

use tideline_shared::{FileId, Reject, Timestamp};

use crate::agenda::{Agenda, Work};
use crate::sql::{Fault, Sql};
use crate::turn::{CallId, Turn, Unreachable};
use crate::{backoff, params};

/// Files that are erased at the same time.
const IN_FLIGHT: usize = 8;
/// When to look after an erasure under way, should the memory be lost, in milliseconds.
const LOOK_AFTER_MS: u64 = 30_000;

/// The erasures under way. Lost with the memory: they are tried again then.
#[derive(Debug)]
pub(crate) struct Erasures {
    table: &'static str,
    work: Work,
    agenda: Agenda,
    under_way: BTreeMap<CallId, FileId>,
}

impl Erasures {
    /// Of what is in this table. Whoever makes something in it due says so ([`Turn::stir`]).
    pub(crate) fn of(table: &'static str, work: Work) -> Self {
        Self { table, work, agenda: Agenda::of(work), under_way: BTreeMap::new() }
    }

    /// Erases what is due; says when the rest is. `keys` says where a file lies.
    pub(crate) fn pump(
        &mut self,
        turn: &mut Turn<'_>,
        keys: impl Fn(&dyn Sql, FileId) -> Result<Vec<String>, Fault>,
    ) -> Result<Option<Timestamp>, Fault> {
        if let Some(next) = self.agenda.next(turn) {
            return Ok(next);
        }
        let query = format!(
            "SELECT file, due_at FROM {} WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ?1",
            self.table
        );
        let rows = turn.sql.query(&query, params![2 * IN_FLIGHT as u64])?;
        let (mut wake, mut waits) = (None, false);
        for row in rows {
            let (file, due_at) = (row.parse(0)?, Timestamp(row.number(1)?));
            if self.under_way.values().any(|&other| other == file) {
                continue;
            }
            if due_at > turn.now {
                wake = Some(due_at);
                break;
            }
            if self.under_way.len() >= IN_FLIGHT || !turn.has_room() {
                waits = true;
                break;
            }
            let keys = keys(turn.sql, file)?;
            self.under_way.insert(turn.erase(keys), file);
        }
        if !self.under_way.is_empty() {
            let again = turn.now.after(LOOK_AFTER_MS);
            wake = Some(wake.map_or(again, |due_at| due_at.min(again)));
        }
        Ok(self.agenda.settle(turn.now, wake, waits))
    }

    /// Takes in how an erasure ended; whether it was one of these.
    pub(crate) fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: &Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<bool, Fault> {
        let Some(file) = self.under_way.remove(&id) else { return Ok(false) };
        turn.stir(self.work);
        let (table, file) = (self.table, file.to_string());
        if let Ok(Ok(_)) = answer {
            let delete = format!("DELETE FROM {table} WHERE file = ?1");
            turn.sql.execute(&delete, params![file])?;
            return Ok(true);
        }
        let query = format!("SELECT attempts FROM {table} WHERE file = ?1");
        if let Some(row) = turn.sql.first(&query, params![file.as_str()])? {
            let attempts = row.number(0)?;
            let due_at = turn.now.after(backoff::wait_ms(attempts, turn.random()));
            let update = format!("UPDATE {table} SET attempts = ?2, due_at = ?3 WHERE file = ?1");
            turn.sql.execute(&update, params![file, attempts + 1, due_at.0])?;
        }
        Ok(true)
    }
}
