//! The sessions of an account as its owner sees them, and ends them.
//!
//! Leaves to [`super::credentials`] how a session begins, and what its end takes along.

use tideline_shared::protocol::Session;
use tideline_shared::{Code, SessionId, Timestamp};

use super::credentials;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, Turn};

/// How many sessions a list holds.
const SHOWN: u64 = 100;

/// The sessions that are alive: `by`, then the others, those used last first.
pub(super) fn list(turn: &Turn<'_>, by: SessionId) -> Result<Vec<Session>, Failure> {
    require(turn.sql, by)?;
    let oldest = turn.now.0.saturating_sub(credentials::SESSION_IDLE_MS);
    let rows = turn.sql.query(
        "SELECT id, created_at, seen_at, device FROM sessions WHERE seen_at >= ?2
         ORDER BY id = ?1 DESC, seen_at DESC, id DESC LIMIT ?3",
        params![by.to_string(), oldest, SHOWN],
    )?;
    let read = |row: &crate::sql::Row| {
        let session = row.parse(0)?;
        Ok(Session {
            session,
            began_at: Timestamp(row.number(1)?),
            seen_at: Timestamp(row.number(2)?),
            device: row.text(3)?.to_owned(),
            is_this: session == by,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, Fault>>()?)
}

/// Ends `session`, which may be `by` itself.
pub(super) fn end(turn: &mut Turn<'_>, by: SessionId, session: SessionId) -> Result<(), Failure> {
    require(turn.sql, by)?;
    if !is_alive(turn.sql, session)? {
        return Err(Code::UnknownSession.into());
    }
    credentials::sign_out(turn, session)
}

/// Ends all sessions but `by`, those that nobody can use any more among them.
pub(super) fn end_others(turn: &mut Turn<'_>, by: SessionId) -> Result<(), Failure> {
    require(turn.sql, by)?;
    for other in others(turn.sql, by)? {
        credentials::sign_out(turn, other)?;
    }
    Ok(())
}

/// All sessions but this one.
pub(super) fn others(sql: &dyn Sql, but: SessionId) -> Result<Vec<SessionId>, Fault> {
    let rows = sql.query("SELECT id FROM sessions WHERE id <> ?1", params![but.to_string()])?;
    rows.iter().map(|row| row.parse(0)).collect()
}

/// Refuses what a session asks that ended on the way here.
pub(super) fn require(sql: &dyn Sql, session: SessionId) -> Result<(), Failure> {
    if is_alive(sql, session)? { Ok(()) } else { Err(Code::SessionEnded.into()) }
}

fn is_alive(sql: &dyn Sql, session: SessionId) -> Result<bool, Fault> {
    let row = sql.first("SELECT 1 FROM sessions WHERE id = ?1", params![session.to_string()])?;
    Ok(row.is_some())
}
