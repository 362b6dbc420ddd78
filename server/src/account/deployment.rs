//! What the deployment is to this person: theirs, perhaps; or closed to them.
//!
//! Leaves to [`crate::deployment`] who owns it and who is banned; what is said here is its last word.

use tideline_shared::protocol::{AccountRow, Announcement, Deployment, Reason};
use tideline_shared::{Code, Note, Person, SessionId, UserId};

use super::{announce, credentials, next_version, profile};
use crate::deployment::{DeploymentCall, Reported};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn, to_json};
use crate::{limits, outbox, params};

/// The table; one row, once there is something to know. `word`: the number of the last word about
/// bans. `version`: of what the person's devices know.
pub(super) const SCHEMA: &str = "CREATE TABLE deployment (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        is_owner INTEGER NOT NULL,
        is_banned INTEGER NOT NULL,
        word INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT";

/// What everybody is told, as JSON; `announced`: the number of the last word about it; `dismissed`: of the
/// last announcement that the person wants to see no more.
pub(super) const ANNOUNCEMENTS: &[&str] = &[
    "ALTER TABLE deployment ADD COLUMN announcement TEXT",
    "ALTER TABLE deployment ADD COLUMN announced INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE deployment ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0",
];

/// What there is to know, and the version that changed it last; 0 for never.
pub(super) fn stored(sql: &dyn Sql) -> Result<(Deployment, u64), Fault> {
    let query = "SELECT is_owner, version, announcement, dismissed FROM deployment";
    let Some(row) = sql.first(query, &[])? else { return Ok((Deployment::default(), 0)) };
    let announcement: Option<Announcement> = row.maybe_text(2)?.map(|_| row.json(2)).transpose()?;
    let dismissed = row.number(3)?;
    let announcement = announcement.filter(|announcement| announcement.n > dismissed);
    Ok((Deployment { owner: row.number(0)? == 1, announcement }, row.number(1)?))
}

/// Refuses who is banned.
pub(super) fn require_welcome(sql: &dyn Sql) -> Result<(), Failure> {
    match sql.first("SELECT 1 FROM deployment WHERE is_banned = 1", &[])? {
        Some(_) => Err(Code::AccountBanned.into()),
        None => Ok(()),
    }
}

/// This account, which has just come to be, owns the deployment: it says so there.
pub(super) fn claim(turn: &mut Turn<'_>, user: UserId) -> Result<(), Fault> {
    become_owner(turn)?;
    outbox::owe(turn, Address::Deployment, "owner", &DeploymentCall::Confirm { user })
}

/// This account owns the deployment, which has found out so.
pub(super) fn own(turn: &mut Turn<'_>) -> Result<(), Failure> {
    profile::load(turn.sql)?;
    if stored(turn.sql)?.0.owner {
        return Ok(());
    }
    let version = become_owner(turn)?;
    Ok(announce(turn, version, vec![AccountRow::Deployment(stored(turn.sql)?.0)])?)
}

fn become_owner(turn: &Turn<'_>) -> Result<u64, Fault> {
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "INSERT INTO deployment (id, is_owner, is_banned, word, version) VALUES (1, 1, 0, 0, ?1)
         ON CONFLICT (id) DO UPDATE SET is_owner = 1, version = excluded.version",
        params![version],
    )?;
    Ok(version)
}

/// Takes in what everybody is told. An older word that comes late changes nothing.
pub(super) fn announced(
    turn: &mut Turn<'_>,
    word: u64,
    announcement: Option<&Announcement>,
) -> Result<(), Failure> {
    profile::load(turn.sql)?;
    let row = turn.sql.first("SELECT announced FROM deployment", &[])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= word {
        return Ok(());
    }
    let before = stored(turn.sql)?.0;
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "INSERT INTO deployment (id, is_owner, is_banned, word, version, announcement, announced)
         VALUES (1, 0, 0, 0, ?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version,
            announcement = excluded.announcement, announced = excluded.announced",
        params![version, announcement.map(to_json).transpose()?, word],
    )?;
    let after = stored(turn.sql)?.0;
    let rows = if after == before { Vec::new() } else { vec![AccountRow::Deployment(after)] };
    Ok(announce(turn, version, rows)?)
}

/// What everybody is told when this account comes to be.
pub(super) fn bring_along(
    turn: &mut Turn<'_>,
    announcement: Option<Announcement>,
) -> Result<(), Failure> {
    match announcement {
        Some(announcement) => announced(turn, announcement.n, Some(&announcement)),
        None => Ok(()),
    }
}

/// Shows it no more, on no device.
pub(super) fn dismiss(turn: &mut Turn<'_>, n: u64) -> Result<(), Failure> {
    if stored(turn.sql)?.0.announcement.is_none_or(|announcement| announcement.n > n) {
        return Ok(());
    }
    let version = next_version(turn.sql)?;
    turn.sql.execute("UPDATE deployment SET dismissed = ?1, version = ?2", params![n, version])?;
    Ok(announce(turn, version, vec![AccountRow::Deployment(stored(turn.sql)?.0)])?)
}

/// The account ends: what the deployment keeps of it loses its name, and should it own the deployment,
/// known to it or not, it does so no more.
pub(super) fn leave(turn: &mut Turn<'_>, user: UserId) -> Result<(), Fault> {
    outbox::owe(turn, Address::Deployment, "owner", &DeploymentCall::Gone { user })
}

/// Lets nobody in, or does so again. Sessions end, but for those of guests: they could not come back,
/// so theirs are refused as long as the ban holds.
pub(super) fn set_banned(turn: &mut Turn<'_>, banned: bool, word: u64) -> Result<(), Failure> {
    let person = profile::load(turn.sql)?.person;
    let row = turn.sql.first("SELECT word FROM deployment", &[])?;
    if row.map_or(Ok(0), |row| row.number(0))? >= word {
        return Ok(());
    }
    turn.sql.execute(
        "INSERT INTO deployment (id, is_owner, is_banned, word, version) VALUES (1, 0, ?1, ?2, 0)
         ON CONFLICT (id) DO UPDATE SET is_banned = excluded.is_banned, word = excluded.word",
        params![banned, word],
    )?;
    if !banned {
        return Ok(());
    }
    let sessions = turn.sql.query("SELECT id FROM sessions", &[])?;
    for row in sessions {
        let session: SessionId = row.parse(0)?;
        credentials::end_sockets(turn, session, Code::AccountBanned)?;
        if person.user_name.is_some() {
            let query = "DELETE FROM sessions WHERE id = ?1";
            turn.sql.execute(query, params![session.to_string()])?;
        }
    }
    Ok(())
}

/// Tells whoever runs the deployment of somebody.
pub(super) fn report(
    turn: &mut Turn<'_>,
    about: Person,
    reason: Reason,
    note: &str,
) -> Result<(), Failure> {
    let by = profile::as_shown(turn.sql, profile::load(turn.sql)?.person, false)?;
    let note = Note::parse(note)?.into();
    limits::spend(turn.sql, turn.now, turn.limits.report, "report")?;
    let topic = format!("report {}", about.user);
    let reported = Reported { at: turn.now, by, about, reason, note, message: None };
    Ok(outbox::owe(turn, Address::Deployment, &topic, &DeploymentCall::Report(reported))?)
}
