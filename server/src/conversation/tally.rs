//! How much there is of this conversation, as the directory hears of it now and then: for whoever runs
//! the deployment. Never what is said.

use tideline_shared::protocol::{Kind, ListedGroup};
use tideline_shared::{Timestamp, limits as bounds};

use super::{Clock, clock, members, record};
use crate::directory::{DirectoryCall, Tallied, groups_shard};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Turn};
use crate::{outbox, params};

/// One row, once something was told. `version`: the conversation's, then.
pub(super) const SCHEMA: &[&str] = &["CREATE TABLE tally (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT"];

/// When, and at which version, the directory was told last.
#[derive(Clone, Copy, Debug)]
struct Told {
    version: u64,
    at: Timestamp,
}

/// What memory knows of that. Nothing, at first.
#[derive(Debug, Default)]
pub(super) struct Tally {
    told: Option<Told>,
}

impl Tally {
    /// Owes the directory how much there is, if that changed and it was not told a while ago; says
    /// when it will be.
    pub(super) fn pump(
        &mut self,
        turn: &mut Turn<'_>,
        clock: Clock,
    ) -> Result<Option<Timestamp>, Fault> {
        if clock.version == 0 {
            return Ok(None);
        }
        let told = match self.told {
            Some(told) => told,
            None => stored(turn.sql)?,
        };
        self.told = Some(told);
        let due_at = told.at.after(bounds::TALLY_MS);
        if told.version >= clock.version {
            return Ok(None);
        }
        if told.version > 0 && due_at > turn.now {
            return Ok(Some(due_at));
        }
        tell(turn, clock.version)?;
        self.told = Some(Told { version: clock.version, at: turn.now });
        Ok(None)
    }
}

fn stored(sql: &dyn Sql) -> Result<Told, Fault> {
    match sql.first("SELECT version, at FROM tally", &[])? {
        Some(row) => Ok(Told { version: row.number(0)?, at: Timestamp(row.number(1)?) }),
        None => Ok(Told { version: 0, at: Timestamp(0) }),
    }
}

fn tell(turn: &mut Turn<'_>, version: u64) -> Result<(), Fault> {
    let Some(stored) = record::load(turn.sql)? else { return Ok(()) };
    let group = figures(turn.sql)?.map(|group| group.name);
    let (messages, bytes) = (clock(turn.sql)?.last_seq, bytes(turn.sql)?);
    let conversation = stored.conversation;
    let tallied = Tallied { conversation, version, group, messages, bytes };
    let to = Address::Directory(groups_shard(conversation));
    outbox::owe(turn, to, "tally", &DirectoryCall::Tally(tallied))?;
    turn.sql.execute(
        "INSERT OR REPLACE INTO tally (id, version, at) VALUES (1, ?1, ?2)",
        params![version, turn.now.0],
    )
}

/// How much there is of a group that somebody is in.
pub(super) fn figures(sql: &dyn Sql) -> Result<Option<ListedGroup>, Fault> {
    let Some(stored) = record::load(sql)? else { return Ok(None) };
    let members = members::count(sql)?;
    if stored.record.kind != Kind::Group || members == 0 {
        return Ok(None);
    }
    Ok(Some(ListedGroup {
        conversation: stored.conversation,
        name: stored.record.name,
        public: stored.record.public,
        members,
        messages: clock(sql)?.last_seq,
        bytes: bytes(sql)?,
    }))
}

/// Bytes of the files that messages hold.
fn bytes(sql: &dyn Sql) -> Result<u64, Fault> {
    let row = sql.first("SELECT coalesce(sum(size), 0) FROM files WHERE seq IS NOT NULL", &[])?;
    row.map_or(Ok(0), |row| row.number(0))
}
