//! Whether this person is there, and who gets to know.
//!
//! A device that is looked at says so every minute; when it stops, it is taken to be there for a
//! little longer. Who looks at a direct conversation watches the other one: their account says so to
//! the other's, which tells them what it may until they stop to say so. This person's own other devices hear
//! that one is looked at, whatever others may know, and are quiet meanwhile. None of it is owed: what is
//! lost comes again a minute later. Who is blocked gets what somebody tells who hides all of it, no more and
//! no less: silence would tell.

use tideline_shared::protocol::{AccountReply, AccountRow, Elsewhere, Presence, ServerFrame};
use tideline_shared::{ConversationId, SessionId, Timestamp, UserId, limits as bounds};

use super::{AccountCall, blocks, notices, profile, sessions, settings};
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Audience, Failure, Turn, to_json};
use crate::{limits, params};

/// Most calls of an account that are under way when another one is made for this.
const IN_FLIGHT: usize = 8;

/// This person's devices: when each was looked at last, and until when it is taken to be.
pub(super) const DEVICES: &str = "CREATE TABLE presence (
        session TEXT PRIMARY KEY,
        seen_at INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

/// Who watches, and until when.
pub(super) const WATCHERS: &str =
    "CREATE TABLE watchers (user TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID";

/// A device is looked at, or not any more.
pub(super) fn present(
    turn: &mut Turn<'_>,
    session: SessionId,
    away: bool,
    watching: Option<UserId>,
) -> Result<(), Failure> {
    let me = profile::load(turn.sql)?.person.user;
    limits::spend_often(turn, turn.limits.signal, "present".to_owned())?;
    put(turn.sql, session, turn.now, if away { 0 } else { bounds::PRESENT_MS })?;
    if away {
        notices::stop_waiting(turn)?;
    }
    tell_others(turn, session)?;
    let settings = settings::stored(turn.sql)?.0;
    let sees = !(settings.hides_presence && settings.hides_last_seen);
    if sees {
        tell_all(turn)?;
    }
    if let Some(user) = watching.filter(|&user| sees && user != me)
        && !blocks::is_blocked(turn.sql, user)?
    {
        pass(turn, user, &AccountCall::Watch { by: me })?;
    }
    Ok(())
}

/// Until when this person is taken to look at one of their devices, if they do now.
pub(super) fn looks_until(sql: &dyn Sql, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let rows = sql.cached(&["presence"], "SELECT max(until) FROM presence", &[])?;
    let until = rows.first().map(|row| row.maybe_number(0)).transpose()?.flatten();
    Ok(until.map(Timestamp).filter(|&until| until > now))
}

/// Tells a device that comes whether the person looks at another one.
pub(super) fn welcome(turn: &mut Turn<'_>, session: SessionId) -> Result<(), Fault> {
    match elsewhere(turn, session)? {
        Elsewhere { looked_ms: None } => Ok(()),
        looked => tell_device(turn, Audience::Caller, looked),
    }
}

/// Tells this person's other devices, so that they are quiet while one of them is looked at.
fn tell_others(turn: &mut Turn<'_>, but: SessionId) -> Result<(), Fault> {
    for other in sessions::others(turn.sql, but)? {
        let looked = elsewhere(turn, other)?;
        tell_device(turn, Audience::Session(other), looked)?;
    }
    Ok(())
}

/// What a device is to know of the others.
fn elsewhere(turn: &Turn<'_>, here: SessionId) -> Result<Elsewhere, Fault> {
    let query = "SELECT max(until) FROM presence WHERE session <> ?1 AND until > ?2";
    let row = turn.sql.first(query, params![here.to_string(), turn.now.0])?;
    let until = row.map(|row| row.maybe_number(0)).transpose()?.flatten();
    Ok(Elsewhere { looked_ms: until.map(|until| until.saturating_sub(turn.now.0)) })
}

fn tell_device(turn: &mut Turn<'_>, whom: Audience, looked: Elsewhere) -> Result<(), Fault> {
    let rows = vec![AccountRow::Elsewhere(looked)];
    turn.push(whom, &ServerFrame::<_, AccountReply>::Signal { rows })
}

/// A device is not this person's any more.
pub(super) fn leave(sql: &dyn Sql, session: SessionId) -> Result<(), Fault> {
    sql.execute("UPDATE presence SET until = 0 WHERE session = ?1", params![session.to_string()])
}

fn put(sql: &dyn Sql, session: SessionId, now: Timestamp, for_ms: u64) -> Result<(), Fault> {
    // What is over says no more than when: the newest row says that.
    sql.execute("DELETE FROM presence WHERE until < ?1", params![now.0])?;
    sql.execute(
        "INSERT OR REPLACE INTO presence (session, seen_at, until) VALUES (?1, ?2, ?3)",
        params![session.to_string(), now.0, now.after(for_ms).0],
    )
}

/// Somebody wants to see whether this person is there: told at once, and for a while.
pub(super) fn watch(turn: &mut Turn<'_>, by: UserId) -> Result<(), Failure> {
    let me = profile::load(turn.sql)?.person.user;
    let conversation = ConversationId::direct(me, by);
    let entry = turn.sql.first(
        "SELECT 1 FROM entries WHERE conversation = ?1 AND has_left = 0",
        params![conversation.to_string()],
    )?;
    if entry.is_none() {
        return Ok(());
    }
    turn.sql.execute("DELETE FROM watchers WHERE until < ?1", params![turn.now.0])?;
    turn.sql.execute(
        "INSERT OR REPLACE INTO watchers (user, until) VALUES (?1, ?2)",
        params![by.to_string(), turn.now.after(bounds::PRESENT_MS).0],
    )?;
    Ok(tell(turn, me, by)?)
}

/// Somebody was blocked, or is not any more: if they watch, this person hides from them now, or does not
/// any more.
pub(super) fn turn_to(turn: &mut Turn<'_>, me: UserId, user: UserId) -> Result<(), Fault> {
    let row = turn.sql.first(
        "SELECT 1 FROM watchers WHERE user = ?1 AND until >= ?2",
        params![user.to_string(), turn.now.0],
    )?;
    if row.is_some() { tell(turn, me, user) } else { Ok(()) }
}

/// Tells somebody who watches what they may know now.
fn tell(turn: &mut Turn<'_>, me: UserId, to: UserId) -> Result<(), Fault> {
    let presence = if blocks::is_blocked(turn.sql, to)? {
        Presence { user: me, online_ms: None, last_seen: None }
    } else {
        now(turn, me)?
    };
    pass(turn, to, &AccountCall::Presence(presence))
}

/// Tells everybody who watches of a change. To who is blocked there is none.
pub(super) fn tell_all(turn: &mut Turn<'_>) -> Result<(), Fault> {
    let query = "SELECT user FROM watchers WHERE until >= ?1";
    let watchers = turn.sql.query(query, params![turn.now.0])?;
    if watchers.is_empty() {
        return Ok(());
    }
    let presence = now(turn, profile::load_required(turn.sql)?.person.user)?;
    for row in watchers {
        let user = row.parse(0)?;
        if !blocks::is_blocked(turn.sql, user)? {
            pass(turn, user, &AccountCall::Presence(presence))?;
        }
    }
    Ok(())
}

/// What others may know now.
fn now(turn: &Turn<'_>, me: UserId) -> Result<Presence, Fault> {
    let settings = settings::stored(turn.sql)?.0;
    let row = turn.sql.first("SELECT max(until), max(seen_at) FROM presence", &[])?;
    let (until, seen_at) = match row {
        Some(row) => (row.maybe_number(0)?.unwrap_or(0), row.maybe_number(1)?),
        None => (0, None),
    };
    let left_ms = until.saturating_sub(turn.now.0);
    Ok(Presence {
        user: me,
        online_ms: (left_ms > 0 && !settings.hides_presence).then_some(left_ms),
        last_seen: seen_at.filter(|_| !settings.hides_last_seen).map(Timestamp),
    })
}

/// Takes in whether somebody is there. Who hides something does not see it of others.
pub(super) fn hear(turn: &mut Turn<'_>, presence: Presence) -> Result<(), Failure> {
    if blocks::is_blocked(turn.sql, presence.user)? {
        return Ok(());
    }
    let settings = settings::stored(turn.sql)?.0;
    let row = AccountRow::Presence(Presence {
        user: presence.user,
        online_ms: presence.online_ms.filter(|_| !settings.hides_presence),
        last_seen: presence.last_seen.filter(|_| !settings.hides_last_seen),
    });
    let frame = ServerFrame::<_, AccountReply>::Signal { rows: vec![row] };
    Ok(turn.push(Audience::Live, &frame)?)
}

/// Tells another account; whether it hears is nobody's concern. Where much is under way, it does not:
/// those who watch ask again within a minute.
fn pass(turn: &mut Turn<'_>, to: UserId, call: &AccountCall) -> Result<(), Fault> {
    if turn.calls.under_way >= IN_FLIGHT {
        return Ok(());
    }
    let body = to_json(call)?.into();
    turn.call(Address::Account(to), body);
    Ok(())
}
