//! What everybody is told: the directory's shards bring it to the accounts that they list, and whoever
//! registers later brings it along.

use tideline_shared::protocol::{Announcement, Did};
use tideline_shared::{AnnouncementText, Person, Timestamp};

use super::{log, owner};
use crate::directory::{DirectoryCall, SHARDS};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn};
use crate::{outbox, params};

/// The schema's step. One row, while everybody is told something.
pub(super) const SCHEMA: &[&str] = &["CREATE TABLE announcement (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        n INTEGER NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL
    ) STRICT"];

pub(super) fn stored(sql: &dyn Sql) -> Result<Option<Announcement>, Fault> {
    let row = sql.first("SELECT n, at, text FROM announcement", &[])?;
    let read = |row: crate::sql::Row| {
        let (n, at) = (row.number(0)?, Timestamp(row.number(1)?));
        Ok(Announcement { n, at, text: row.text(2)?.to_owned() })
    };
    row.map(read).transpose()
}

pub(super) fn announce(turn: &mut Turn<'_>, by: &Person, text: &str) -> Result<(), Failure> {
    let text = String::from(AnnouncementText::parse(text)?);
    let n = owner::next_word(turn.sql)?;
    turn.sql.execute(
        "INSERT OR REPLACE INTO announcement (id, n, at, text) VALUES (1, ?1, ?2, ?3)",
        params![n, turn.now.0, text.as_str()],
    )?;
    tell(turn, n)?;
    Ok(log::write(turn, by, &Did::Announce { text })?)
}

/// Tells it no more. Where nothing is told, nothing changes.
pub(super) fn withdraw(turn: &mut Turn<'_>, by: &Person) -> Result<(), Fault> {
    if stored(turn.sql)?.is_none() {
        return Ok(());
    }
    turn.sql.execute("DELETE FROM announcement", &[])?;
    let word = owner::next_word(turn.sql)?;
    tell(turn, word)?;
    log::write(turn, by, &Did::Withdraw)
}

/// Owes the shards what everybody is told now.
fn tell(turn: &mut Turn<'_>, word: u64) -> Result<(), Fault> {
    let announcement = stored(turn.sql)?;
    let call = DirectoryCall::Announce { word, announcement };
    for shard in 0..SHARDS {
        outbox::owe(turn, Address::Directory(shard), "announcement", &call)?;
    }
    Ok(())
}
