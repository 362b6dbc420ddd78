//! What a device that mirrors this conversation missed.

use tideline_shared::protocol::ConversationRow;
use tideline_shared::{UserId, limits};

use super::blocks::{self, Veil};
use super::{Clock, clock, history, members, messages, receipts, record};
use crate::mirror::{self, Resync};
use crate::sql::{Fault, Sql};
use crate::turn::Turn;

/// Answers a `hello`.
pub(super) fn hello(turn: &mut Turn<'_>, by: UserId, cursor: Option<u64>) -> Result<(), Fault> {
    let Clock { version, horizon, .. } = clock(turn.sql)?;
    let known = cursor.filter(|cursor| (horizon..=version).contains(cursor));
    let changed = match known {
        Some(cursor) => since(turn.sql, by, cursor)?,
        None => None,
    };
    let resync = match changed {
        Some(rows) => Resync { reset: false, rows, version },
        None => Resync { reset: true, rows: newest(turn.sql, by)?, version },
    };
    mirror::send_pages(turn, cursor.unwrap_or(0), resync)
}

/// Everything that changed after `cursor`, or none when that is more than a resync brings.
fn since(sql: &dyn Sql, by: UserId, cursor: u64) -> Result<Option<Vec<ConversationRow>>, Fault> {
    let (messages, all) = messages::changed_since(sql, cursor, limits::RESYNC_ROWS)?;
    if !all {
        return Ok(None);
    }
    let mut rows = Vec::new();
    if let Some(stored) = record::load(sql)?
        && stored.version > cursor
    {
        rows.push((stored.version, ConversationRow::Record(stored.record)));
    }
    let members = members::changed_since(sql, cursor)?;
    rows.extend(members.into_iter().map(|s| (s.version, ConversationRow::Member(s.member))));
    let receipts = receipts::since(sql, by, cursor)?.into_iter().map(ConversationRow::Receipt);
    let veil = Veil::of(sql, by)?;
    rows.extend(messages.into_iter().map(|m| (m.version, ConversationRow::Message(veil.over(m)))));
    rows.sort_by_key(|(version, _)| *version);
    // Last: who shares what they read, or does not any more, gets what was told long ago, too.
    Ok(Some(rows.into_iter().map(|(_, row)| row).chain(receipts).collect()))
}

/// Record, members and the newest page of messages.
fn newest(sql: &dyn Sql, by: UserId) -> Result<Vec<ConversationRow>, Fault> {
    let record = record::load(sql)?.map(|stored| ConversationRow::Record(stored.record));
    let members = members::changed_since(sql, 0)?;
    let receipts = receipts::all(sql, by)?;
    let messages = blocks::seen(sql, by, history::page(sql, history::Page::Newest)?)?;
    Ok(record
        .into_iter()
        .chain(members.into_iter().map(|stored| ConversationRow::Member(stored.member)))
        .chain(receipts.into_iter().map(ConversationRow::Receipt))
        .chain(messages.into_iter().map(ConversationRow::Message))
        .collect())
}
