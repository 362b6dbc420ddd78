//! How many people ask to come into the groups that this person leads, as these groups say.

use tideline_shared::ConversationId;

use super::{announce, inbox, profile};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// The newest word of each group, whether it is in the list or not: which of both comes first, is
/// open. `word`: its number.
pub(super) const SCHEMA: &str = "CREATE TABLE asking (
        conversation TEXT PRIMARY KEY,
        people INTEGER NOT NULL,
        word INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

/// Takes in how many ask. An older word that comes late changes nothing.
pub(super) fn hear(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    people: u64,
    word: u64,
) -> Result<(), Failure> {
    profile::load(turn.sql)?;
    let query = "SELECT word FROM asking WHERE conversation = ?1";
    let row = turn.sql.first(query, params![conversation.to_string()])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= word {
        return Ok(());
    }
    turn.sql.execute(
        "INSERT OR REPLACE INTO asking (conversation, people, word) VALUES (?1, ?2, ?3)",
        params![conversation.to_string(), people, word],
    )?;
    let Some((version, row)) = inbox::touch(turn.sql, conversation)? else { return Ok(()) };
    Ok(announce(turn, version, vec![row])?)
}

/// How many ask to come into a group.
pub(super) fn of(sql: &dyn Sql, conversation: ConversationId) -> Result<u64, Fault> {
    let query = "SELECT people FROM asking WHERE conversation = ?1";
    let row = sql.first(query, params![conversation.to_string()])?;
    row.map_or(Ok(0), |row| row.number(0))
}
