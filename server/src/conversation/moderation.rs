//! Keeping order in a group: roles, who has no voice, who is taken out, who is kept out.

use tideline_shared::protocol::{Banned, ConversationCommand, ConversationRow, Muted, Role};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, Timestamp, UserId, limits as bounds};

use super::{announce, invites, members, next_version, public, rights};
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};
use crate::{limits, params};

/// Does what changes a member.
pub(super) fn act(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    command: ConversationCommand,
) -> Result<(), Failure> {
    let me = by.member.person.user;
    match command {
        ConversationCommand::SetRole { user, role } => {
            rights::require(turn, by, Deed::ChangeRoles)?;
            let role = match role.as_str() {
                "admin" => Role::Admin,
                "member" => Role::Member,
                _ => return Err(Code::WrongRole.into()),
            };
            set_role(turn, by, user, role)
        }
        ConversationCommand::Transfer { user } => {
            rights::require(turn, by, Deed::Transfer)?;
            transfer(turn, by, user)
        }
        ConversationCommand::Remove { user } => {
            rights::require(turn, by, Deed::Remove)?;
            let target = target(turn.sql, by, user)?;
            spend(turn, me)?;
            members::leave(turn, &target, Some(me))
        }
        ConversationCommand::Ban { user } => {
            rights::require(turn, by, Deed::Ban)?;
            ban(turn, by, user)
        }
        ConversationCommand::Unban { user } => {
            rights::require(turn, by, Deed::Ban)?;
            Ok(turn.sql.execute("DELETE FROM bans WHERE user = ?1", params![user.to_string()])?)
        }
        ConversationCommand::MuteMember { user, duration_s } => {
            rights::require(turn, by, Deed::Mute)?;
            if duration_s
                .is_some_and(|duration_s| !(1..=bounds::LONGEST_MUTE_S).contains(&duration_s))
            {
                return Err(Code::MuteLength.into());
            }
            let until = duration_s.map(|duration_s| turn.now.after(duration_s * 1_000));
            set_muted(turn, by, user, Some(Muted { until }))
        }
        ConversationCommand::UnmuteMember { user } => {
            rights::require(turn, by, Deed::Mute)?;
            set_muted(turn, by, user, None)
        }
        _ => Err(Code::UnknownType.into()),
    }
}

/// Counts a change that everybody in the group is told of.
pub(super) fn spend(turn: &Turn<'_>, by: UserId) -> Result<(), Failure> {
    limits::spend(turn.sql, turn.now, turn.limits.govern, &format!("govern {by}"))
}

/// A member on whom `by` may act; `not_in_group` or `not_allowed`.
fn target(sql: &dyn Sql, by: &members::Stored, user: UserId) -> Result<members::Stored, Failure> {
    let target = members::load(sql, user)?.filter(|target| target.member.left.is_none());
    let target = target.ok_or(Code::NotInGroup)?;
    if by.member.role.outranks(target.member.role) {
        Ok(target)
    } else {
        Err(Code::NotAllowed.into())
    }
}

fn set_role(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    user: UserId,
    role: Role,
) -> Result<(), Failure> {
    let mut target = target(turn.sql, by, user)?;
    if target.member.role == role {
        return Ok(());
    }
    spend(turn, by.member.person.user)?;
    target.member.role = role;
    save(turn, [target])
}

fn transfer(turn: &mut Turn<'_>, by: &members::Stored, user: UserId) -> Result<(), Failure> {
    let mut heir = target(turn.sql, by, user)?;
    spend(turn, by.member.person.user)?;
    heir.member.role = Role::Owner;
    // Nobody is left who could give them their voice back.
    heir.member.muted = None;
    let mut before = by.clone();
    before.member.role = Role::Admin;
    save(turn, [before, heir])
}

fn set_muted(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    user: UserId,
    muted: Option<Muted>,
) -> Result<(), Failure> {
    let mut target = target(turn.sql, by, user)?;
    if target.member.muted == muted {
        return Ok(());
    }
    spend(turn, by.member.person.user)?;
    target.member.muted = muted;
    save(turn, [target])
}

/// Writes members that changed together.
fn save<const N: usize>(turn: &mut Turn<'_>, changed: [members::Stored; N]) -> Result<(), Failure> {
    let version = next_version(turn.sql)?;
    let mut rows = Vec::new();
    for mut stored in changed {
        stored.version = version;
        stored.save(turn.sql)?;
        rows.push(ConversationRow::Member(stored.member));
    }
    Ok(announce(turn, version, rows)?)
}

fn ban(turn: &mut Turn<'_>, by: &members::Stored, user: UserId) -> Result<(), Failure> {
    let me = by.member.person.user;
    let known = members::load(turn.sql, user)?.ok_or(Code::NotInGroup)?;
    let here = known.member.left.is_none();
    if here {
        target(turn.sql, by, user)?;
    }
    if !is_banned(turn.sql, user)? {
        let row = turn.sql.first("SELECT count(*) FROM bans", &[])?;
        if row.map_or(Ok(0), |row| row.number(0))? >= bounds::GROUP_BANS as u64 {
            return Err(Code::TooManyBans.into());
        }
        spend(turn, me)?;
        turn.sql.execute(
            "INSERT INTO bans (user, made_by, at) VALUES (?1, ?2, ?3)",
            params![user.to_string(), me.to_string(), turn.now.0],
        )?;
    }
    invites::revoke_all_of(turn, user)?;
    public::forget(turn.sql, user)?;
    if here { members::leave(turn, &known, Some(me)) } else { Ok(()) }
}

fn is_banned(sql: &dyn Sql, user: UserId) -> Result<bool, Fault> {
    let row = sql.first("SELECT 1 FROM bans WHERE user = ?1", params![user.to_string()])?;
    Ok(row.is_some())
}

/// They are not kept out; `banned`.
pub(super) fn require_welcome(sql: &dyn Sql, user: UserId) -> Result<(), Failure> {
    if is_banned(sql, user)? { Err(Code::Banned.into()) } else { Ok(()) }
}

/// Who is kept out, the last first.
pub(super) fn banned(turn: &Turn<'_>, by: &members::Stored) -> Result<Vec<Banned>, Failure> {
    rights::require(turn, by, Deed::Ban)?;
    let rows = turn.sql.query("SELECT user, made_by, at FROM bans ORDER BY at DESC, user", &[])?;
    let mut people = Vec::new();
    for row in rows {
        // Only who is or was a member can be banned, and their row stays.
        if let Some(stored) = members::load(turn.sql, row.parse(0)?)? {
            let person = stored.member.person;
            people.push(Banned { person, by: row.parse(1)?, at: Timestamp(row.number(2)?) });
        }
    }
    Ok(people)
}
