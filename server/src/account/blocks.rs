//! Whom this person blocked. What it means for what is said, the direct conversation decides.

use tideline_shared::protocol::{AccountRow, Blocked};
use tideline_shared::{Code, ConversationId, Person, Timestamp, UserId, limits};

use super::{announce, inbox, next_version, presence, profile};
use crate::conversation::ConversationCall;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Address, Failure, Turn};
use crate::{limits as rates, outbox, params};

const COLUMNS: &str = "user, user_name, display_name, at, is_over, version";

fn read(row: &Row) -> Result<(u64, Blocked), Fault> {
    let person = Person {
        user: row.parse(0)?,
        user_name: row.maybe_text(1)?.map(str::to_owned),
        display_name: row.text(2)?.to_owned(),
        avatar: None,
    };
    let (at, over) = (Timestamp(row.number(3)?), row.number(4)? == 1);
    Ok((row.number(5)?, Blocked { person, at, over }))
}

/// What was decided last about somebody, and the version that did.
fn load(sql: &dyn Sql, user: UserId) -> Result<Option<(u64, Blocked)>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM blocks WHERE user = ?1");
    let rows = sql.cached(&["blocks"], &query, params![user.to_string()])?;
    rows.first().map(read).transpose()
}

/// Whether somebody is blocked.
pub(super) fn is_blocked(sql: &dyn Sql, user: UserId) -> Result<bool, Fault> {
    Ok(load(sql, user)?.is_some_and(|(_, blocked)| !blocked.over))
}

/// Every row that changed after `since`, with its version.
pub(super) fn changed_since(sql: &dyn Sql, since: u64) -> Result<Vec<(u64, Blocked)>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM blocks WHERE version > ?1 ORDER BY version");
    sql.query(&query, params![since])?.iter().map(read).collect()
}

/// Blocks somebody; blocked already, nothing changes. Brings the version that decided so.
pub(super) fn block(turn: &mut Turn<'_>, person: Person) -> Result<u64, Failure> {
    let me = profile::load(turn.sql)?.person.user;
    if person.user == me {
        return Err(Code::Yourself.into());
    }
    if let Some((version, known)) = load(turn.sql, person.user)?
        && !known.over
    {
        return Ok(version);
    }
    let row = turn.sql.first("SELECT count(*) FROM blocks WHERE is_over = 0", &[])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= limits::BLOCKS as u64 {
        return Err(Code::TooManyBlocks.into());
    }
    spend(turn)?;
    let user = person.user;
    // Of whom one wants to see no more, the name is enough.
    let person = Person { avatar: None, ..person };
    let version = save(turn, me, Blocked { person, at: turn.now, over: false })?;
    // From here on the mark follows what is withheld, and would jump over what was unread.
    inbox::read_all(turn, ConversationId::direct(me, user))?;
    Ok(version)
}

/// Ends a block; where there is none, nothing changes. Brings the version that decided so; 0 where none ever was.
pub(super) fn unblock(turn: &mut Turn<'_>, user: UserId) -> Result<u64, Failure> {
    let me = profile::load(turn.sql)?.person.user;
    match load(turn.sql, user)? {
        Some((_, blocked)) if !blocked.over => {
            spend(turn)?;
            Ok(save(turn, me, Blocked { over: true, ..blocked })?)
        }
        known => Ok(known.map_or(0, |(version, _)| version)),
    }
}

/// Counts a change that a conversation is told of.
fn spend(turn: &Turn<'_>) -> Result<(), Failure> {
    rates::spend(turn.sql, turn.now, turn.limits.block, "block")
}

fn save(turn: &mut Turn<'_>, me: UserId, blocked: Blocked) -> Result<u64, Fault> {
    let version = next_version(turn.sql)?;
    let Blocked { person, at, over } = &blocked;
    turn.sql.execute(
        &format!("INSERT OR REPLACE INTO blocks ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
        params![
            person.user.to_string(),
            person.user_name.as_deref(),
            person.display_name.as_str(),
            at.0,
            *over,
            version
        ],
    )?;
    let to = Address::Conversation(ConversationId::direct(me, person.user));
    let call = ConversationCall::Block { by: me, blocked: !over, version };
    outbox::owe(turn, to, "block", &call)?;
    presence::turn_to(turn, me, person.user)?;
    announce(turn, version, vec![AccountRow::Blocked(blocked)])?;
    Ok(version)
}
