//! Links that let people into a group.

use tideline_shared::protocol::{Invite, InvitePreview};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, InviteToken, Person, Timestamp, UserId, limits};

use super::{members, moderation, record, rights};
use crate::limits as rates;
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Failure, Turn};

/// How long a link lasts when nobody says otherwise, in seconds (a week).
const LIFETIME_S: u64 = 7 * 24 * 60 * 60;
/// The longest that a link may last, in seconds (a year).
const LONGEST_S: u64 = 366 * 24 * 60 * 60;
/// In `expires_at`: never. (2^53 - 1: the largest number that every storage passes exactly.)
const NEVER: u64 = (1 << 53) - 1;

const COLUMNS: &str = "token, made_by, expires_at, uses, max_uses, revoked_at";

pub(super) fn create(
    turn: &mut Turn<'_>,
    by: UserId,
    lifetime_s: Option<u64>,
    forever: bool,
    max_uses: Option<u64>,
) -> Result<Invite, Failure> {
    let conversation = record::require_group(turn.sql)?.conversation;
    let expires_at = match (lifetime_s, forever) {
        (None, true) => None,
        (lifetime_s, false) if (1..=LONGEST_S).contains(&lifetime_s.unwrap_or(LIFETIME_S)) => {
            Some(turn.now.after(lifetime_s.unwrap_or(LIFETIME_S) * 1_000))
        }
        _ => return Err(Code::InviteLifetime.into()),
    };
    if max_uses.is_some_and(|most| !limits::INVITE_USES.contains(&most)) {
        return Err(Code::InviteUses.into());
    }
    if in_force(turn)?.len() >= limits::GROUP_INVITES {
        return Err(Code::TooManyInvites.into());
    }
    rates::spend(turn.sql, turn.now, turn.limits.link, &format!("link {by}"))?;
    let token = InviteToken::new(conversation, turn.random());
    let invite = Invite { token, by, expires_at, uses: 0, max_uses };
    turn.sql.execute(
        "INSERT INTO invites (token, made_by, made_at, expires_at, max_uses)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            invite.token.to_string(),
            by.to_string(),
            turn.now.0,
            expires_at.map_or(NEVER, |at| at.0),
            max_uses
        ],
    )?;
    Ok(invite)
}

/// The links that work now, newest first.
pub(super) fn in_force(turn: &Turn<'_>) -> Result<Vec<Invite>, Failure> {
    record::require_group(turn.sql)?;
    let rows = turn.sql.query(
        &format!(
            "SELECT {COLUMNS} FROM invites WHERE revoked_at IS NULL AND expires_at > ?1
             AND uses < coalesce(max_uses, uses + 1) ORDER BY made_at DESC, token"
        ),
        params![turn.now.0],
    )?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

fn read(row: &Row) -> Result<Invite, Fault> {
    let expires_at = row.number(2)?;
    Ok(Invite {
        token: row.parse(0)?,
        by: row.parse(1)?,
        expires_at: (expires_at != NEVER).then_some(Timestamp(expires_at)),
        uses: row.number(3)?,
        max_uses: row.maybe_number(4)?,
    })
}

fn load(sql: &dyn Sql, token: &InviteToken) -> Result<Option<Row>, Fault> {
    let query = format!("SELECT {COLUMNS} FROM invites WHERE token = ?1");
    sql.first(&query, params![token.to_string()])
}

/// Withdraws a link: its maker may, and who leads the group. Withdrawn again, it stays so.
pub(super) fn revoke(
    turn: &Turn<'_>,
    member: &members::Stored,
    token: &InviteToken,
) -> Result<(), Failure> {
    rights::require(turn, member, Deed::Invite)?;
    let row = load(turn.sql, token)?;
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
    require_place(&require(turn, token)?)?;
    let stored = record::require(turn.sql)?;
    Ok(InvitePreview {
        conversation: stored.conversation,
        name: stored.record.name,
        group_type: stored.record.group_type,
        description: stored.record.description,
        members: members::count(turn.sql)?,
        avatar: stored.record.avatar,
    })
}

/// Lets somebody in. Who is in already stays as they are.
pub(super) fn join(
    turn: &mut Turn<'_>,
    person: &Person,
    token: &InviteToken,
) -> Result<(), Failure> {
    let invite = require(turn, token)?;
    moderation::require_welcome(turn.sql, person.user)?;
    // Whoever asks again because no answer came is in, and has not used it up for themselves.
    if members::is_in(turn.sql, person.user)? {
        return Ok(());
    }
    require_place(&invite)?;
    turn.sql.execute(
        "UPDATE invites SET uses = uses + 1 WHERE token = ?1",
        params![token.to_string()],
    )?;
    members::come_in(turn, person)
}

/// The link lets in one more; `invite_used_up`.
fn require_place(invite: &Invite) -> Result<(), Failure> {
    let used_up = invite.max_uses.is_some_and(|most| invite.uses >= most);
    if used_up { Err(Code::InviteUsedUp.into()) } else { Ok(()) }
}

/// The link works; `invite_unknown`, `invite_revoked` or `invite_expired`.
fn require(turn: &Turn<'_>, token: &InviteToken) -> Result<Invite, Failure> {
    let row = load(turn.sql, token)?.ok_or(Code::InviteUnknown)?;
    if row.maybe_number(5)?.is_some() {
        return Err(Code::InviteRevoked.into());
    }
    let invite = read(&row)?;
    if invite.expires_at.is_some_and(|at| at <= turn.now) {
        return Err(Code::InviteExpired.into());
    }
    Ok(invite)
}
