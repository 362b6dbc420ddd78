//! How a person keeps the conversations of their list, and what they are writing in them: theirs
//! alone, and the same on all their devices.

use tideline_shared::protocol::{AccountRow, Draft, Muted};
use tideline_shared::{Code, ConversationId, limits};

use super::{announce, inbox, next_version};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// Makes a conversation silent.
pub(super) fn mute(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    duration_s: Option<u64>,
    mutes_all: bool,
) -> Result<(), Failure> {
    if duration_s.is_some_and(|duration_s| !(1..=limits::LONGEST_MUTE_S).contains(&duration_s)) {
        return Err(Code::MuteLength.into());
    }
    let until = duration_s.map(|duration_s| turn.now.after(duration_s * 1_000));
    change(turn, conversation, |kept| {
        kept.muted = Some(Muted { until });
        kept.mutes_all = mutes_all;
    })
}

/// Lets it be heard again.
pub(super) fn unmute(turn: &mut Turn<'_>, conversation: ConversationId) -> Result<(), Failure> {
    change(turn, conversation, |kept| {
        kept.muted = None;
        kept.mutes_all = false;
    })
}

/// Changes where it stands.
pub(super) fn arrange(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    pinned: Option<bool>,
    archived: Option<bool>,
    unread: Option<bool>,
) -> Result<(), Failure> {
    if pinned == Some(true) && !inbox::require(turn.sql, conversation)?.entry.kept.pinned {
        let row = turn.sql.first("SELECT count(*) FROM entries WHERE is_pinned", &[])?;
        let many = row.map_or(Ok(0), |row| row.number(0))?;
        if many >= limits::PINNED_CONVERSATIONS as u64 {
            return Err(Code::TooManyPins.into());
        }
    }
    change(turn, conversation, |kept| {
        kept.pinned = pinned.unwrap_or(kept.pinned);
        kept.archived = archived.unwrap_or(kept.archived);
        kept.unread = unread.unwrap_or(kept.unread);
    })
}

fn change(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    how: impl FnOnce(&mut tideline_shared::protocol::Keeping),
) -> Result<(), Failure> {
    let mut stored = inbox::require(turn.sql, conversation)?;
    let before = stored.entry.kept;
    how(&mut stored.entry.kept);
    if stored.entry.kept == before {
        return Ok(());
    }
    stored.version = next_version(turn.sql)?;
    stored.save(turn.sql)?;
    Ok(announce(turn, stored.version, Vec::from_iter(stored.row()))?)
}

/// Keeps what is being written.
pub(super) fn draft(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    text: String,
) -> Result<(), Failure> {
    if text.chars().count() > limits::MESSAGE_CHARS {
        return Err(Code::MessageTooLong.into());
    }
    inbox::require(turn.sql, conversation)?;
    let known = turn.sql.first(
        "SELECT text FROM drafts WHERE conversation = ?1",
        params![conversation.to_string()],
    )?;
    if known.as_ref().map_or(Ok(""), |row| row.text(0))? == text {
        return Ok(());
    }
    let version = next_version(turn.sql)?;
    put(turn.sql, conversation, &text, version)?;
    let row = AccountRow::Draft(Draft { conversation, text });
    Ok(announce(turn, version, vec![row])?)
}

/// Nothing is being written in a conversation that the person is not in any more.
pub(super) fn leave(
    sql: &dyn Sql,
    conversation: ConversationId,
    version: u64,
) -> Result<Option<AccountRow>, Fault> {
    let known = sql.first(
        "SELECT 1 FROM drafts WHERE conversation = ?1 AND text <> ''",
        params![conversation.to_string()],
    )?;
    if known.is_none() {
        return Ok(None);
    }
    put(sql, conversation, "", version)?;
    Ok(Some(AccountRow::Draft(Draft { conversation, text: String::new() })))
}

/// One that is empty stays, so that every device hears of it.
fn put(sql: &dyn Sql, conversation: ConversationId, text: &str, version: u64) -> Result<(), Fault> {
    sql.execute(
        "INSERT OR REPLACE INTO drafts (conversation, text, version) VALUES (?1, ?2, ?3)",
        params![conversation.to_string(), text, version],
    )
}

/// What changed after `version`, with the versions that did.
pub(super) fn drafts_since(sql: &dyn Sql, version: u64) -> Result<Vec<(u64, Draft)>, Fault> {
    let rows = sql.query(
        "SELECT version, conversation, text FROM drafts WHERE version > ?1 ORDER BY version",
        params![version],
    )?;
    let read = rows.iter().map(|row| {
        let draft = Draft { conversation: row.parse(1)?, text: row.text(2)?.to_owned() };
        Ok((row.number(0)?, draft))
    });
    read.collect()
}
