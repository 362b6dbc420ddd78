//! A public group as those see it who are not in it: what it is, and the way in.

use tideline_shared::protocol::{FoundGroup, GroupPreview, Record, Standing};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, Person, Timestamp, UserId, limits as bounds};

use super::{ConversationAnswer, members, moderation, record, rights};
use crate::agenda::Work;
use crate::directory::{DirectoryCall, groups_shard};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn};
use crate::{outbox, params};

/// The group, as far as somebody who is not in it may know of it: `not_a_member` where it is not
/// public or nobody is there, `banned` for whom it keeps out.
fn require_open(sql: &dyn Sql, user: UserId) -> Result<record::Stored, Failure> {
    let stored = record::require(sql)?;
    if !stored.record.public || members::count(sql)? == 0 {
        return Err(Code::NotAMember.into());
    }
    moderation::require_welcome(sql, user)?;
    Ok(stored)
}

fn standing(sql: &dyn Sql, user: UserId) -> Result<Standing, Fault> {
    Ok(match (members::is_in(sql, user)?, asks(sql, user)?) {
        (true, _) => Standing::Member,
        (false, true) => Standing::Asked,
        (false, false) => Standing::None,
    })
}

fn asks(sql: &dyn Sql, user: UserId) -> Result<bool, Fault> {
    let row = sql.first("SELECT 1 FROM requests WHERE user = ?1", params![user.to_string()])?;
    Ok(row.is_some())
}

/// What somebody sees before they come in.
pub(super) fn preview(sql: &dyn Sql, by: UserId) -> Result<GroupPreview, Failure> {
    let stored = match members::is_in(sql, by)? {
        true => record::require_group(sql)?,
        false => require_open(sql, by)?,
    };
    let Record { name, group_type, description, approval, avatar, .. } = stored.record;
    let (members, standing) = (members::count(sql)?, standing(sql, by)?);
    Ok(GroupPreview { name, group_type, description, members, approval, avatar, standing })
}

/// The group as a search shows it to somebody who could come in, if everything that was typed is in
/// what it says of itself.
pub(super) fn find(sql: &dyn Sql, by: UserId, query: &str) -> Result<ConversationAnswer, Failure> {
    let open = match require_open(sql, by) {
        Ok(stored) => Some(stored),
        Err(Failure::Reject(_)) => None,
        Err(fault) => return Err(fault),
    };
    let open = open.filter(|stored| super::search::says(&stored.record, query));
    let open = if members::is_in(sql, by)? { None } else { open };
    let group = match open {
        Some(stored) => Some(FoundGroup {
            conversation: stored.conversation,
            name: stored.record.name,
            group_type: stored.record.group_type,
            description: stored.record.description,
            members: members::count(sql)?,
            avatar: stored.record.avatar,
        }),
        None => None,
    };
    Ok(ConversationAnswer::FoundGroup { group })
}

/// Lets somebody in, or has them ask.
pub(super) fn join(turn: &mut Turn<'_>, person: &Person) -> Result<Standing, Failure> {
    if members::is_in(turn.sql, person.user)? {
        record::require_group(turn.sql)?;
        return Ok(Standing::Member);
    }
    let approval = require_open(turn.sql, person.user)?.record.approval;
    if approval && asks(turn.sql, person.user)? {
        return Ok(Standing::Asked);
    }
    moderation::spend(turn, person.user)?;
    if approval {
        ask(turn, person.user)?;
        return Ok(Standing::Asked);
    }
    members::come_in(turn, person)?;
    Ok(Standing::Member)
}

fn ask(turn: &Turn<'_>, user: UserId) -> Result<(), Failure> {
    let row = turn.sql.first("SELECT count(*) FROM requests", &[])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= bounds::GROUP_REQUESTS as u64 {
        return Err(Code::TooManyRequests.into());
    }
    turn.stir(Work::Requests);
    Ok(turn.sql.execute(
        "INSERT INTO requests (user, at) VALUES (?1, ?2)",
        params![user.to_string(), turn.now.0],
    )?)
}

/// Somebody does not ask any more.
pub(super) fn take_back(turn: &Turn<'_>, user: UserId) -> Result<Standing, Failure> {
    if !members::is_in(turn.sql, user)? && !asks(turn.sql, user)? {
        require_open(turn.sql, user)?;
    }
    forget(turn.sql, user)?;
    Ok(standing(turn.sql, user)?)
}

/// Forgets that somebody asked.
pub(super) fn forget(sql: &dyn Sql, user: UserId) -> Result<(), Fault> {
    sql.execute("DELETE FROM requests WHERE user = ?1", params![user.to_string()])
}

/// Who asks, the first first.
pub(super) fn requests(
    turn: &Turn<'_>,
    by: &members::Stored,
) -> Result<Vec<(UserId, Timestamp)>, Failure> {
    rights::require(turn, by, Deed::Admit)?;
    let rows = turn.sql.query("SELECT user, at FROM requests ORDER BY at, user", &[])?;
    let read = |row: &crate::sql::Row| Ok((row.parse(0)?, Timestamp(row.number(1)?)));
    Ok(rows.iter().map(read).collect::<Result<_, Fault>>()?)
}

/// Lets somebody in who asks. Who is in already stays as they are.
pub(super) fn admit(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    person: &Person,
) -> Result<(), Failure> {
    rights::require(turn, by, Deed::Admit)?;
    if members::is_in(turn.sql, person.user)? {
        return Ok(());
    }
    require_asks(turn.sql, person.user)?;
    moderation::spend(turn, by.member.person.user)?;
    members::come_in(turn, person)
}

/// Does not let somebody in who asks.
pub(super) fn turn_away(
    turn: &Turn<'_>,
    by: &members::Stored,
    user: UserId,
) -> Result<(), Failure> {
    rights::require(turn, by, Deed::Admit)?;
    require_asks(turn.sql, user)?;
    Ok(forget(turn.sql, user)?)
}

fn require_asks(sql: &dyn Sql, user: UserId) -> Result<(), Failure> {
    if asks(sql, user)? { Ok(()) } else { Err(Code::NoJoinRequest.into()) }
}

/// Takes in that the record was changed: who looks for public groups finds what it says now, and
/// nobody asks to come into a private one.
pub(super) fn changed(turn: &mut Turn<'_>, before: &Record) -> Result<(), Fault> {
    let Some(stored) = record::load(turn.sql)? else { return Ok(()) };
    let record = stored.record;
    if !record.public {
        turn.sql.execute("DELETE FROM requests", &[])?;
    }
    if !before.public && !record.public {
        return Ok(());
    }
    let (conversation, version) = (stored.conversation, stored.version);
    let Record { public, name, group_type, description, .. } = record;
    let facts = public.then_some([name, group_type, description]);
    let call = DirectoryCall::ListGroup { conversation, version, facts };
    outbox::owe(turn, Address::Directory(groups_shard(conversation)), "listed", &call)
}
