//! Who and what there is, for whoever runs the deployment.

use serde::{Deserialize, Serialize};
use tideline_search::fold;
use tideline_shared::protocol::Figures;
use tideline_shared::{ConversationId, Person, Timestamp, UserId, limits};

use crate::params;
use crate::sql::{Fault, Sql};

/// What conversations say of how much there is of them. `name`: of a group that somebody is in.
pub(super) const SCHEMA: &[&str] = &["CREATE TABLE tallies (
        conversation TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        name TEXT,
        messages INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// How much there is of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallied {
    /// Which.
    pub conversation: ConversationId,
    /// The conversation's version: an older word that comes late changes nothing.
    pub version: u64,
    /// The name of a group that somebody is in.
    pub group: Option<String>,
    /// Messages that were sent.
    pub messages: u64,
    /// Bytes of their files.
    pub bytes: u64,
}

pub(super) fn keep(sql: &dyn Sql, tallied: &Tallied) -> Result<(), Fault> {
    sql.execute(
        "INSERT INTO tallies (conversation, version, name, messages, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (conversation) DO UPDATE SET
            version = excluded.version, name = excluded.name,
            messages = excluded.messages, bytes = excluded.bytes
         WHERE excluded.version > tallies.version",
        params![
            tallied.conversation.to_string(),
            tallied.version,
            tallied.group.as_deref(),
            tallied.messages,
            tallied.bytes
        ],
    )
}

/// The earliest account that is listed here; guests do not count.
pub(super) fn earliest(sql: &dyn Sql) -> Result<Option<UserId>, Fault> {
    let query = "SELECT user FROM people WHERE user_name IS NOT NULL ORDER BY user LIMIT 1";
    sql.first(query, &[])?.map(|row| row.parse(0)).transpose()
}

/// A page of people with `query` in one of their names, the newest first, and one more than that if
/// there are more. Reads the shard's whole list, as a search does.
pub(super) fn people(
    sql: &dyn Sql,
    query: &str,
    before: Option<UserId>,
) -> Result<Vec<Person>, Fault> {
    let rows = sql.query(
        "SELECT user, user_name, display_name, avatar FROM people
         WHERE display_name <> '' AND (?2 IS NULL OR user < ?2)
           AND (instr(folded_display_name, ?1) > 0 OR instr(folded_user_name, ?1) > 0)
         ORDER BY user DESC LIMIT ?3",
        params![fold(query), before.map(|user| user.to_string()), limits::ADMIN_ROWS as u64 + 1],
    )?;
    let read = |row: &crate::sql::Row| {
        Ok(Person {
            user: row.parse(0)?,
            user_name: row.maybe_text(1)?.map(str::to_owned),
            display_name: row.text(2)?.to_owned(),
            avatar: row.maybe(3)?,
        })
    };
    rows.iter().map(read).collect()
}

/// A page of groups with `query` in their name, likewise.
pub(super) fn groups(
    sql: &dyn Sql,
    query: &str,
    before: Option<ConversationId>,
) -> Result<Vec<ConversationId>, Fault> {
    let wanted = fold(query);
    let rows = sql.query(
        "SELECT conversation, name FROM tallies
         WHERE name IS NOT NULL AND (?1 IS NULL OR conversation < ?1) ORDER BY conversation DESC",
        params![before.map(|conversation| conversation.to_string())],
    )?;
    let mut groups = Vec::new();
    for row in rows {
        if groups.len() > limits::ADMIN_ROWS {
            break;
        }
        if fold(row.text(1)?).contains(&wanted) {
            groups.push(row.parse(0)?);
        }
    }
    Ok(groups)
}

/// How much there is here. Reports and bans are elsewhere.
pub(super) fn figures(sql: &dyn Sql, now: Timestamp) -> Result<Figures, Fault> {
    let mut figures = Figures {
        new_accounts: vec![0; limits::FIGURE_DAYS],
        new_groups: vec![0; limits::FIGURE_DAYS],
        ..Figures::default()
    };
    let query = "SELECT user, user_name IS NULL FROM people WHERE display_name <> ''";
    for row in sql.query(query, &[])? {
        figures.accounts += 1;
        figures.guests += row.number(1)?;
        count(&mut figures.new_accounts, now, row.parse::<UserId>(0)?.made_at());
    }
    for row in sql.query("SELECT conversation, name, messages, bytes FROM tallies", &[])? {
        figures.messages += row.number(2)?;
        figures.bytes += row.number(3)?;
        if row.maybe_text(1)?.is_some() {
            figures.groups += 1;
            count(&mut figures.new_groups, now, row.parse::<ConversationId>(0)?.made_at());
        }
    }
    Ok(figures)
}

/// Counts something on its day, if that is one of the last ones.
fn count(days: &mut [u64], now: Timestamp, at: Timestamp) {
    let age = (now.0 / DAY_MS).saturating_sub(at.0 / DAY_MS);
    let day = usize::try_from(age).ok().and_then(|age| days.len().checked_sub(age + 1));
    if let Some(day) = day.and_then(|day| days.get_mut(day)) {
        *day += 1;
    }
}
