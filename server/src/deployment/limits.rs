//! How much may be uploaded. Conversations enforce it; the gateway tells them.

use tideline_shared::Person;
use tideline_shared::protocol::{Did, FileLimits};

use super::log;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::Turn;

/// The schema's step. NULL: no bound.
pub(super) const SCHEMA: &[&str] = &[
    "ALTER TABLE deployment ADD COLUMN file_bytes INTEGER",
    "ALTER TABLE deployment ADD COLUMN conversation_bytes INTEGER",
];

pub(super) fn stored(sql: &dyn Sql) -> Result<FileLimits, Fault> {
    let row = sql.first("SELECT file_bytes, conversation_bytes FROM deployment", &[])?;
    let Some(row) = row else { return Ok(FileLimits::default()) };
    Ok(FileLimits { file_bytes: row.maybe_number(0)?, conversation_bytes: row.maybe_number(1)? })
}

/// Says how much, from now on. Where that is so already, nothing changes.
pub(super) fn set(turn: &Turn<'_>, by: &Person, limits: FileLimits) -> Result<(), Fault> {
    if stored(turn.sql)? == limits {
        return Ok(());
    }
    turn.sql.execute(
        "UPDATE deployment SET file_bytes = ?1, conversation_bytes = ?2",
        params![limits.file_bytes, limits.conversation_bytes],
    )?;
    log::write(turn, by, &Did::SetLimits { limits })
}
