//! Brings what everybody is told to the accounts that are listed here, some at a time.

use tideline_shared::UserId;
use tideline_shared::protocol::Announcement;

use crate::account::AccountCall;
use crate::agenda::{Agenda, Work};
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Turn, to_json};

/// One row, once there was an announcement. `word`: its number. `after`: the last account that it was
/// owed to; none when that was the last of all.
pub(super) const TABLE: &str = "CREATE TABLE announcing (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        word INTEGER NOT NULL,
        announcement TEXT NOT NULL,
        after TEXT
    ) STRICT";

/// Accounts that are told at a time.
const BATCH: u64 = 50;
/// The next are told while fewer than this are still to be reached: one that cannot be does not keep
/// it from the others.
const LEFT: u64 = 25;

/// Takes in what everybody is told from now on. An older word that comes late changes nothing.
pub(super) fn take(
    turn: &Turn<'_>,
    word: u64,
    announcement: Option<&Announcement>,
) -> Result<(), Fault> {
    turn.stir(Work::Announcing);
    turn.sql.execute(
        "INSERT INTO announcing (id, word, announcement, after) VALUES (1, ?1, ?2, '')
         ON CONFLICT (id) DO UPDATE SET
            word = excluded.word, announcement = excluded.announcement, after = excluded.after
         WHERE excluded.word > announcing.word",
        params![word, to_json(&announcement)?],
    )
}

/// Owes it to the next accounts, if it is time.
pub(super) fn pump(turn: &mut Turn<'_>, agenda: &mut Agenda) -> Result<(), Fault> {
    if agenda.next(turn).is_some() {
        return Ok(());
    }
    agenda.set(None);
    let query = "SELECT word, announcement, after FROM announcing WHERE after IS NOT NULL";
    let Some(row) = turn.sql.first(query, &[])? else { return Ok(()) };
    if left(turn.sql)? >= LEFT {
        return Ok(());
    }
    let (word, announcement) = (row.number(0)?, row.json(1)?);
    let people = turn.sql.query(
        "SELECT user FROM people WHERE user > ?1 AND display_name <> '' ORDER BY user LIMIT ?2",
        params![row.text(2)?, BATCH],
    )?;
    let call = AccountCall::Announced { word, announcement };
    let mut last = None;
    for row in &people {
        let user: UserId = row.parse(0)?;
        outbox::owe(turn, Address::Account(user), "announcement", &call)?;
        last = Some(user.to_string());
    }
    let after = last.filter(|_| people.len() as u64 == BATCH);
    turn.sql.execute("UPDATE announcing SET after = ?1", params![after])
}

/// Owes it to somebody who has just been listed: they may have been admitted before it was said, and the
/// others told since.
pub(super) fn catch_up(turn: &mut Turn<'_>, user: UserId) -> Result<(), Fault> {
    let query = "SELECT word, announcement FROM announcing";
    let Some(row) = turn.sql.first(query, &[])? else { return Ok(()) };
    let call = AccountCall::Announced { word: row.number(0)?, announcement: row.json(1)? };
    outbox::owe(turn, Address::Account(user), "announcement", &call)
}

fn left(sql: &dyn Sql) -> Result<u64, Fault> {
    sql.first("SELECT count(*) FROM outbox", &[])?.map_or(Ok(0), |row| row.number(0))
}
