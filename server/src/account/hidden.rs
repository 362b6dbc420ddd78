//! Messages that a person wants to see no more: gone for them, on all their devices; the
//! conversation does not know.

use tideline_shared::protocol::{AccountRow, Hidden};
use tideline_shared::{Code, ConversationId, limits};

use super::{announce, inbox, next_version};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// A person may see a message some time before their account hears of it. So many of them it takes for
/// granted.
const AHEAD: u64 = 1_000;

/// Hides messages. Asked again, it changes nothing.
pub(super) fn hide(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    seqs: &[u64],
) -> Result<(), Failure> {
    if seqs.len() > limits::HIDDEN_MESSAGES {
        return Err(Code::TooManyMessages.into());
    }
    let mut stored = inbox::require(turn.sql, conversation)?;
    let known = 1..=stored.entry.last_seq.saturating_add(AHEAD);
    if seqs.iter().any(|seq| !known.contains(seq)) {
        return Err(Code::UnknownMessage.into());
    }
    let mut new = Vec::new();
    for &seq in seqs {
        let known = turn.sql.first(
            "SELECT 1 FROM hidden WHERE conversation = ?1 AND seq = ?2",
            params![conversation.to_string(), seq],
        )?;
        if known.is_none() && !new.contains(&seq) {
            new.push(seq);
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let version = next_version(turn.sql)?;
    for &seq in &new {
        turn.sql.execute(
            "INSERT INTO hidden (conversation, seq, version) VALUES (?1, ?2, ?3)",
            params![conversation.to_string(), seq, version],
        )?;
        inbox::forget(turn.sql, conversation, seq)?;
    }
    let row = AccountRow::Hidden(Hidden { conversation, seqs: new.clone() });
    let mut rows = vec![row];
    if stored.uncount(turn.sql, &new)? {
        stored.version = version;
        stored.save(turn.sql)?;
        rows.extend(stored.row());
    }
    Ok(announce(turn, version, rows)?)
}

/// What was hidden in some conversations.
pub(super) fn of(sql: &dyn Sql, conversations: &[ConversationId]) -> Result<Vec<Hidden>, Fault> {
    let mut all = Vec::new();
    for &conversation in conversations {
        let query = "SELECT seq FROM hidden WHERE conversation = ?1";
        let rows = sql.query(query, params![conversation.to_string()])?;
        if !rows.is_empty() {
            let seqs = rows.iter().map(|row| row.number(0)).collect::<Result<_, _>>()?;
            all.push(Hidden { conversation, seqs });
        }
    }
    Ok(all)
}

/// What was hidden in a conversation that comes after this message.
pub(super) fn after(
    sql: &dyn Sql,
    conversation: ConversationId,
    seq: u64,
) -> Result<Vec<u64>, Fault> {
    let query = "SELECT seq FROM hidden WHERE conversation = ?1 AND seq > ?2";
    let here = params![conversation.to_string()];
    if !sql.has_any(&["hidden"], "WHERE conversation = ?1", here)? {
        return Ok(Vec::new());
    }
    let rows = sql.query(query, params![conversation.to_string(), seq])?;
    rows.iter().map(|row| row.number(0)).collect()
}

/// What was hidden after `version`, with the versions that hid it, in their order.
pub(super) fn since(sql: &dyn Sql, version: u64) -> Result<Vec<(u64, Hidden)>, Fault> {
    let rows = sql.query(
        "SELECT version, conversation, seq FROM hidden WHERE version > ?1
         ORDER BY version, conversation, seq",
        params![version],
    )?;
    let mut all: Vec<(u64, Hidden)> = Vec::new();
    for row in rows {
        let (version, conversation, seq) = (row.number(0)?, row.parse(1)?, row.number(2)?);
        match all.last_mut() {
            Some((last, hidden)) if *last == version && hidden.conversation == conversation => {
                hidden.seqs.push(seq);
            }
            _ => all.push((version, Hidden { conversation, seqs: vec![seq] })),
        }
    }
    Ok(all)
}
