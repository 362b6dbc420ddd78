//! Who is in the conversation, and who was.

use tideline_shared::protocol::{ConversationRow, Departure, Kind, Member, Role};
use tideline_shared::{Code, Person, Reject, Timestamp, UserId, limits};

use super::{announce, clock, files, forwarding, invites, next_version, public, receipts, record};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Audience, Failure, Turn, to_json};
use crate::{mirror, muted, params};

/// A member with what the database keeps beside the row.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) member: Member,
    /// The conversation's version with which they came in last.
    pub(super) joined_version: u64,
    /// The account's version that named them last.
    person_version: u64,
    /// The conversation's version that changed the row last.
    pub(super) version: u64,
}

const TABLE: &[&str] = &["members"];

const COLUMNS: &str = "user, user_name, display_name, role, joined_at, joined_seq, \
                       joined_version, left_at, left_seq, person_version, version, \
                       muted_until, left_by, avatar";

impl Stored {
    fn read(row: &Row) -> Result<Self, Fault> {
        let left = match (row.maybe_number(7)?, row.maybe_number(8)?) {
            (Some(at), Some(seq)) => {
                let by = row.maybe_text(12)?.map(|_| row.parse(12)).transpose()?;
                Some(Departure { at: Timestamp(at), seq, by })
            }
            _ => None,
        };
        let member = Member {
            person: Person {
                user: row.parse(0)?,
                user_name: row.maybe_text(1)?.map(str::to_owned),
                display_name: row.text(2)?.to_owned(),
                avatar: row.maybe(13)?,
            },
            role: row.json(3)?,
            joined_at: Timestamp(row.number(4)?),
            joined_seq: row.number(5)?,
            left,
            muted: row.maybe_number(11)?.map(muted::of_column),
        };
        Ok(Self {
            member,
            joined_version: row.number(6)?,
            person_version: row.number(9)?,
            version: row.number(10)?,
        })
    }

    pub(super) fn save(&self, sql: &dyn Sql) -> Result<(), Fault> {
        let Member { person, role, joined_at, joined_seq, left, muted } = &self.member;
        sql.execute(
            &format!(
                "INSERT OR REPLACE INTO members ({COLUMNS})
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
            ),
            params![
                person.user.to_string(),
                person.user_name.as_deref(),
                person.display_name.as_str(),
                to_json(role)?,
                joined_at.0,
                *joined_seq,
                self.joined_version,
                left.map(|left| left.at.0),
                left.map(|left| left.seq),
                self.person_version,
                self.version,
                muted.map(muted::to_column),
                left.and_then(|left| left.by).map(|by| by.to_string()),
                person.avatar.map(|avatar| avatar.to_string())
            ],
        )
    }
}

/// Somebody who is or was in it.
pub(super) fn load(sql: &dyn Sql, user: UserId) -> Result<Option<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM members WHERE user = ?1");
    let rows = sql.cached(TABLE, &query, params![user.to_string()])?;
    rows.first().map(Stored::read).transpose()
}

/// What somebody is called who is or was in it.
pub(super) fn person(sql: &dyn Sql, user: UserId) -> Result<Person, Fault> {
    Ok(load(sql, user)?.map_or_else(|| Person::nobody(user), |stored| stored.member.person))
}

/// Somebody who is in it now; `unknown_conversation` or `not_a_member`.
pub(super) fn require(sql: &dyn Sql, user: UserId) -> Result<Stored, Failure> {
    match load(sql, user)? {
        Some(stored) if stored.member.left.is_none() => Ok(stored),
        _ => {
            record::require(sql)?;
            Err(Code::NotAMember.into())
        }
    }
}

/// Everybody whose row changed after `since`, in the order of the changes.
pub(super) fn changed_since(sql: &dyn Sql, since: u64) -> Result<Vec<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM members WHERE version > ?1 ORDER BY version, user");
    sql.query(&query, params![since])?.iter().map(Stored::read).collect()
}

/// Everybody who is or was in it: for a conversation that is known to be small.
pub(super) fn everybody(sql: &dyn Sql) -> Result<Vec<Stored>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM members ORDER BY version, user");
    sql.cached(TABLE, &query, &[])?.iter().map(Stored::read).collect()
}

/// The version that changed one of them last.
pub(super) fn last_change(sql: &dyn Sql) -> Result<u64, Fault> {
    let rows = sql.cached(TABLE, "SELECT coalesce(max(version), 0) FROM members", &[])?;
    rows.first().map_or(Ok(0), |row| row.number(0))
}

/// How many are in it now.
pub(super) fn count(sql: &dyn Sql) -> Result<u64, Fault> {
    let row = sql.first("SELECT count(*) FROM members WHERE left_at IS NULL", &[])?;
    row.map_or(Ok(0), |row| row.number(0))
}

/// Whether somebody is in it now.
pub(super) fn is_in(sql: &dyn Sql, user: UserId) -> Result<bool, Fault> {
    Ok(load(sql, user)?.is_some_and(|known| known.member.left.is_none()))
}

/// Lets somebody in who is not in it, and tells everybody.
pub(super) fn come_in(turn: &mut Turn<'_>, person: &Person) -> Result<(), Failure> {
    // A group that everybody left has no owner to keep order: who comes first takes it over.
    let role = if count(turn.sql)? == 0 { Role::Owner } else { Role::Member };
    let version = next_version(turn.sql)?;
    let member = add(turn, person, role, version)?;
    public::forget(turn.sql, person.user)?;
    Ok(announce(turn, version, vec![ConversationRow::Member(member)])?)
}

/// Writes somebody in, with a version that was raised for it.
pub(super) fn add(
    turn: &Turn<'_>,
    person: &Person,
    role: Role,
    version: u64,
) -> Result<Member, Failure> {
    if count(turn.sql)? >= limits::GROUP_MEMBERS as u64 {
        return Err(Code::GroupFull.into());
    }
    let before = load(turn.sql, person.user)?;
    let stored = Stored {
        member: Member {
            person: person.clone(),
            role,
            joined_at: turn.now,
            joined_seq: clock(turn.sql)?.last_seq,
            left: None,
            // Going and coming back does not give anybody their voice back.
            muted: before.as_ref().and_then(|before| before.member.muted),
        },
        joined_version: version,
        person_version: before.map_or(0, |before| before.person_version),
        version,
    };
    stored.save(turn.sql)?;
    receipts::come_in(turn.sql, person.user)?;
    Ok(stored.member)
}

/// Takes a member out, by whomever if not by themselves. Their account is told by the fan-out; their
/// sockets here end now.
pub(super) fn leave(
    turn: &mut Turn<'_>,
    member: &Stored,
    by: Option<UserId>,
) -> Result<(), Failure> {
    let user = member.member.person.user;
    let version = next_version(turn.sql)?;
    let seq = clock(turn.sql)?.last_seq;
    let gone = Stored {
        member: Member { left: Some(Departure { at: turn.now, seq, by }), ..member.member.clone() },
        joined_version: member.joined_version,
        person_version: member.person_version,
        version,
    };
    gone.save(turn.sql)?;
    // Who is gone is not counted among the members any more: from here the fan-out knows them as
    // somebody who lags.
    turn.sql.execute(
        "INSERT INTO lag (user, confirmed, attempts, due_at) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT (user) DO UPDATE SET attempts = 0, due_at = excluded.due_at",
        params![user.to_string(), version - 1, turn.now.0],
    )?;
    mirror::end(turn, Audience::User(user), Reject::new(Code::NotAMember));
    files::end(turn)?;
    record::end(turn)?;
    announce(turn, version, vec![ConversationRow::Member(gone.member)])?;
    receipts::leave(turn, user)?;
    Ok(hand_over(turn, user)?)
}

/// The version of an account that has no later one.
pub(crate) const LAST_VERSION: u64 = (1 << 53) - 1;

/// Takes in that somebody's account was deleted: they are not in it any more, wherever it is, and
/// nobody is called by their name. Nobody is left who could be told, so the fan-out is not asked to.
pub(super) fn gone(turn: &mut Turn<'_>, user: UserId, person_version: u64) -> Result<(), Fault> {
    forwarding::forget(turn, user)?;
    let Some(mut stored) = load(turn.sql, user)? else { return Ok(()) };
    if person_version <= stored.person_version {
        return Ok(());
    }
    let was_here = stored.member.left.is_none();
    let seq = clock(turn.sql)?.last_seq;
    stored.member.left.get_or_insert(Departure { at: turn.now, seq, by: None });
    stored.member.person = Person::nobody(user);
    stored.person_version = person_version;
    stored.version = next_version(turn.sql)?;
    stored.save(turn.sql)?;
    invites::revoke_all_of(turn, user)?;
    files::end(turn)?;
    record::end(turn)?;
    mirror::end(turn, Audience::User(user), Reject::new(Code::SessionEnded));
    announce(turn, stored.version, vec![ConversationRow::Member(stored.member)])?;
    receipts::leave(turn, user)?;
    let kind = record::load(turn.sql)?.map(|stored| stored.record.kind);
    if kind == Some(Kind::Direct) && changed_since(turn.sql, 0)?.len() == 1 {
        return forget_notes(turn.sql);
    }
    if was_here && kind == Some(Kind::Group) { hand_over(turn, user) } else { Ok(()) }
}

/// What somebody wrote to themselves goes with their account: nobody else ever read it.
fn forget_notes(sql: &dyn Sql) -> Result<(), Fault> {
    for table in ["messages", "revisions", "looks"] {
        sql.execute(&format!("DELETE FROM {table}"), &[])?;
    }
    sql.execute("DROP TABLE IF EXISTS search", &[])
}

/// A group whose owner left belongs to the admin who has been in it longest, or else to the member.
fn hand_over(turn: &mut Turn<'_>, from: UserId) -> Result<(), Fault> {
    let was_owner = load(turn.sql, from)?.is_some_and(|gone| gone.member.role == Role::Owner);
    let query = format!(
        "SELECT {COLUMNS} FROM members WHERE left_at IS NULL
         ORDER BY role <> '\"admin\"', joined_version, user LIMIT 1"
    );
    let heir = turn.sql.first(&query, &[])?.as_ref().map(Stored::read).transpose()?;
    let Some(mut heir) = heir.filter(|_| was_owner) else { return Ok(()) };
    heir.member.role = Role::Owner;
    // Nobody would be left who could give them their voice back.
    heir.member.muted = None;
    heir.version = next_version(turn.sql)?;
    heir.save(turn.sql)?;
    announce(turn, heir.version, vec![ConversationRow::Member(heir.member)])
}

/// Takes in what somebody is called now, and their picture.
pub(super) fn rename(
    turn: &mut Turn<'_>,
    person: &Person,
    person_version: u64,
) -> Result<(), Failure> {
    let Some(mut stored) = load(turn.sql, person.user)? else { return Ok(()) };
    if person_version <= stored.person_version {
        return Ok(());
    }
    stored.person_version = person_version;
    if stored.member.person == *person {
        return Ok(stored.save(turn.sql)?);
    }
    stored.member.person = person.clone();
    stored.version = next_version(turn.sql)?;
    stored.save(turn.sql)?;
    Ok(announce(turn, stored.version, vec![ConversationRow::Member(stored.member)])?)
}
