//! The store timeline, read page by page.

use tideline_shared::limits;
use tideline_shared::protocol::Message;

use super::messages;
use crate::params;
use crate::sql::{Fault, Sql};

/// Messages in one page of an export: few calls, and an answer of some hundred kilobytes at most.
const EXPORTED: u64 = 400;

/// The messages after `after`.
pub(super) fn export(sql: &dyn Sql, after: u64) -> Result<Vec<Message>, Fault> {
    let columns = messages::COLUMNS;
    let query = format!("SELECT {columns} FROM messages WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    sql.query(&query, params![after, EXPORTED])?.iter().map(messages::read).collect()
}

/// Messages next to `before`, or next to `after`, or the newest: oldest first, with no gap.
pub(super) fn page(
    sql: &dyn Sql,
    before: Option<u64>,
    after: Option<u64>,
) -> Result<Vec<Message>, Fault> {
    let most = u64::from(limits::PAGE_MESSAGES);
    let columns = messages::COLUMNS;
    let rows = match (before, after) {
        (None, Some(after)) => sql.query(
            &format!("SELECT {columns} FROM messages WHERE seq > ?1 ORDER BY seq LIMIT ?2"),
            params![after, most],
        )?,
        (before, _) => {
            let mut rows = sql.query(
                &format!(
                    "SELECT {columns} FROM messages WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2"
                ),
                // 2^53 - 1: the largest number that every storage passes exactly.
                params![before.unwrap_or((1 << 53) - 1), most],
            )?;
            rows.reverse();
            rows
        }
    };
    rows.iter().map(messages::read).collect()
}
