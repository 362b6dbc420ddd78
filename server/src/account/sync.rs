//! What a device of this account missed.

use tideline_shared::limits;
use tideline_shared::protocol::{AccountRow, Delivered, Message};

use super::inbox::Stored;
use super::{blocks, clock, contacts, deployment, hidden, keeping, profile, settings};
use crate::mirror::{self, Resync};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::Turn;

/// Answers a `hello`.
pub(super) fn hello(turn: &mut Turn<'_>, cursor: Option<u64>) -> Result<(), Fault> {
    let clock = clock(turn.sql)?;
    let (version, horizon) = (clock.number(0)?, clock.number(1)?);
    let known = cursor.filter(|&cursor| cursor >= horizon && cursor <= version);
    let changed = match known {
        Some(cursor) => since(turn.sql, cursor)?,
        None => None,
    };
    let resync = match changed {
        Some(rows) => Resync { reset: false, rows, version },
        None => Resync { reset: true, rows: all(turn.sql)?, version },
    };
    mirror::send_pages(turn, cursor.unwrap_or(0), resync)
}

/// Everything that changed after `cursor`, or none when that is more than a resync brings.
fn since(sql: &dyn Sql, cursor: u64) -> Result<Option<Vec<AccountRow>>, Fault> {
    let entries = Stored::changed_since(sql, cursor)?;
    let counted = "SELECT coalesce(sum(count), 0) FROM timeline WHERE version > ?1";
    let messages = sql.first(counted, params![cursor])?.map_or(Ok(0), |row| row.number(0))?;
    if messages.saturating_add(entries.len() as u64) > limits::RESYNC_ROWS as u64 {
        return Ok(None);
    }
    let delivered = sql.query(
        "SELECT version, conversation, messages FROM timeline WHERE version > ?1 ORDER BY version",
        params![cursor],
    )?;
    let mut rows = Vec::new();
    if let Some((profile, version)) = profile::stored(sql)?
        && version > cursor
    {
        rows.push((version, AccountRow::Profile(profile)));
    }
    rows.extend(
        entries.into_iter().map(|stored| (stored.version, AccountRow::Entry(stored.entry))),
    );
    let contacts = contacts::changed_since(sql, cursor)?.into_iter();
    rows.extend(contacts.map(|one| (one.version, AccountRow::Contact(one.contact()))));
    let blocked = blocks::changed_since(sql, cursor)?;
    rows.extend(blocked.into_iter().map(|(version, one)| (version, AccountRow::Blocked(one))));
    let (settings, version) = settings::stored(sql)?;
    if version > cursor {
        rows.push((version, AccountRow::Settings(settings)));
    }
    let (deployment, version) = deployment::stored(sql)?;
    if version > cursor {
        rows.push((version, AccountRow::Deployment(deployment)));
    }
    let drafts = keeping::drafts_since(sql, cursor)?;
    rows.extend(drafts.into_iter().map(|(version, row)| (version, AccountRow::Draft(row))));
    for row in delivered {
        let (version, conversation) = (row.number(0)?, row.parse(1)?);
        let messages: Vec<Message> = row.json(2)?;
        let delivered = messages.into_iter().map(|message| Delivered { conversation, message });
        rows.extend(delivered.map(|one| (version, AccountRow::Delivered(one))));
    }
    let hidden = hidden::since(sql, cursor)?;
    rows.extend(hidden.into_iter().map(|(version, row)| (version, AccountRow::Hidden(row))));
    rows.sort_by_key(|(version, _)| *version);
    Ok(Some(rows.into_iter().map(|(_, row)| row).collect()))
}

/// All there is, without the timeline: a device reads messages where it looks at them.
fn all(sql: &dyn Sql) -> Result<Vec<AccountRow>, Fault> {
    let profile = profile::stored(sql)?.map(|(profile, _)| AccountRow::Profile(profile));
    let mut entries = Stored::changed_since(sql, 0)?;
    entries.retain(|stored| !stored.entry.left);
    entries.sort_by_key(|stored| std::cmp::Reverse(stored.entry.last_at));
    let entries = entries.into_iter().map(|stored| AccountRow::Entry(stored.entry));
    let hidden = hidden::since(sql, 0)?.into_iter().map(|(_, row)| AccountRow::Hidden(row));
    let contacts = contacts::changed_since(sql, 0)?.into_iter().map(|one| one.contact());
    let contacts = contacts.filter(|one| !one.is_over()).map(AccountRow::Contact);
    let blocked = blocks::changed_since(sql, 0)?.into_iter().map(|(_, one)| one);
    let blocked = blocked.filter(|one| !one.over).map(AccountRow::Blocked);
    let drafts = keeping::drafts_since(sql, 0)?.into_iter().map(|(_, draft)| draft);
    let drafts = drafts.filter(|draft| !draft.text.is_empty()).map(AccountRow::Draft);
    let (settings, changed) = settings::stored(sql)?;
    let settings = (changed > 0).then_some(AccountRow::Settings(settings));
    let (deployment, changed) = deployment::stored(sql)?;
    let deployment = (changed > 0).then_some(AccountRow::Deployment(deployment));
    let known = profile.into_iter().chain(settings).chain(deployment).chain(drafts);
    Ok(known.chain(hidden).chain(entries).chain(contacts).chain(blocked).collect())
}
