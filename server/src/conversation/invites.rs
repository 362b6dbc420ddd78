//! Links that let people into a group.

use tideline_shared::protocol::{ConversationRow, Invite, InvitePreview, Role};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, InviteToken, Person, Timestamp, UserId, limits};

use super::{announce, members, moderation, next_version, record, rights};
use crate::params;
use crate::sql::{Fault, Row};
use crate::turn::{Failure, Turn};

/// How long a link lasts when nobody says otherwise, in seconds (a week).
const LIFETIME_S: u64 = 7 * 24 * 60 * 60;
/// The longest that a link may last, in seconds (a year).
const LONGEST_S: u64 = 366 * 24 * 60 * 60;

pub(super) fn create(
    turn: &mut Turn<'_>,
    by: UserId,
    lifetime_s: Option<u64>,
) -> Result<Invite, Failure> {
    let conversation = record::require_group(turn.sql)?.conversation;
    let lifetime_s = lifetime_s.unwrap_or(LIFETIME_S);
    if !(1..=LONGEST_S).contains(&lifetime_s) {
        return Err(Code::InviteLifetime.into());
    }
    if in_force(turn)?.len() >= limits::GROUP_INVITES {
        return Err(Code::TooManyInvites.into());
    }
    let token = InviteToken::new(conversation, turn.random());
    let invite = Invite { token, by, expires_at: turn.now.after(lifetime_s * 1_000) };
    turn.sql.execute(
        "INSERT INTO invites (token, made_by, made_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![invite.token.to_string(), by.to_string(), turn.now.0, invite.expires_at.0],
    )?;
    Ok(invite)
}

/// The links that work now, newest first.
pub(super) fn in_force(turn: &Turn<'_>) -> Result<Vec<Invite>, Failure> {
    record::require_group(turn.sql)?;
    let rows = turn.sql.query(
        "SELECT token, made_by, expires_at FROM invites
         WHERE revoked_at IS NULL AND expires_at > ?1 ORDER BY made_at DESC, token",
        params![turn.now.0],
    )?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

fn read(row: &Row) -> Result<Invite, Fault> {
    let token = row.parse(0)?;
    Ok(Invite { token, by: row.parse(1)?, expires_at: Timestamp(row.number(2)?) })
}

/// Withdraws a link: its maker may, and who leads the group. Withdrawn again, it stays so.
pub(super) fn revoke(
    turn: &Turn<'_>,
    member: &members::Stored,
    token: &InviteToken,
) -> Result<(), Failure> {
    rights::require(turn, member, Deed::Invite)?;
    let row = turn.sql.first(
        "SELECT token, made_by, expires_at FROM invites WHERE token = ?1",
        params![token.to_string()],
    )?;
    let invite = row.as_ref().map(read).transpose()?.ok_or(Code::InviteUnknown)?;
    if invite.by != member.member.person.user {
        rights::require(turn, member, Deed::RevokeOthersInvites)?;
    }
    turn.sql.execute(
        "UPDATE invites SET revoked_at = coalesce(revoked_at, ?2) WHERE token = ?1",
        params![token.to_string(), turn.now.0],
    )?;
    Ok(())
}

/// Withdraws every link that somebody made.
pub(super) fn revoke_all_of(turn: &Turn<'_>, user: UserId) -> Result<(), Fault> {
    turn.sql.execute(
        "UPDATE invites SET revoked_at = coalesce(revoked_at, ?2) WHERE made_by = ?1",
        params![user.to_string(), turn.now.0],
    )
}

/// What somebody sees before they come in.
pub(super) fn preview(turn: &Turn<'_>, token: &InviteToken) -> Result<InvitePreview, Failure> {
    require(turn, token)?;
    let stored = record::require(turn.sql)?;
    Ok(InvitePreview {
        conversation: stored.conversation,
        name: stored.record.name,
        group_type: stored.record.group_type,
        description: stored.record.description,
        members: members::count(turn.sql)?,
    })
}

/// Lets somebody in. Who is in already stays as they are.
pub(super) fn join(
    turn: &mut Turn<'_>,
    person: &Person,
    token: &InviteToken,
) -> Result<(), Failure> {
    require(turn, token)?;
    moderation::require_welcome(turn.sql, person.user)?;
    let known = members::load(turn.sql, person.user)?;
    if known.is_some_and(|known| known.member.left.is_none()) {
        return Ok(());
    }
    // A group that everybody left has no owner to keep order: who comes first takes it over.
    let role = if members::count(turn.sql)? == 0 { Role::Owner } else { Role::Member };
    let version = next_version(turn.sql)?;
    let member = members::add(turn, person, role, version)?;
    Ok(announce(turn, version, vec![ConversationRow::Member(member)])?)
}

/// The link works; `invite_unknown`, `invite_revoked` or `invite_expired`.
fn require(turn: &Turn<'_>, token: &InviteToken) -> Result<(), Failure> {
    let row = turn.sql.first(
        "SELECT expires_at, revoked_at FROM invites WHERE token = ?1",
        params![token.to_string()],
    )?;
    let row = row.ok_or(Code::InviteUnknown)?;
    if row.maybe_number(1)?.is_some() {
        return Err(Code::InviteRevoked.into());
    }
    if row.number(0)? <= turn.now.0 {
        return Err(Code::InviteExpired.into());
    }
    Ok(())
}
