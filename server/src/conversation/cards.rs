//! Cards: what the page says of itself that a message's first link leads to.
//!
//! Words come first: a message is stored and acknowledged, then its page is looked at, out of the shell's
//! hands, and what it says is a quiet change of the message's row, as reactions are. What is to be looked at is
//! a row, so it outlives the object's memory; an answer counts only while that row asks for the same address.
//! So one that comes twice, or after an edit or a recall, changes nothing.

use std::collections::BTreeMap;

use tideline_shared::markup::first_link;
use tideline_shared::protocol::Card;
use tideline_shared::{Reject, Timestamp, UserId};

use super::changes;
use crate::agenda::{Agenda, Work};
use crate::card::About;
use crate::sql::{Fault, Sql};
use crate::turn::{CallId, Failure, Turn, Unreachable, to_json};
use crate::{backoff, limits, params};

/// The schema's step. `due_at`: when to look, or to look again should no answer have come.
pub(super) const SCHEMA: &[&str] = &[
    "ALTER TABLE messages ADD COLUMN card TEXT",
    "CREATE TABLE looks (
        seq INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT",
];

/// Pages that are looked at at the same time.
const IN_FLIGHT: usize = 2;
/// Times that a page is looked at before it is given up.
const ATTEMPTS: u64 = 3;
/// When to look again, should the memory be lost, in milliseconds.
const LOOK_AGAIN_MS: u64 = 30_000;

/// A message has these words now, and had others `before`: finds out what its first link leads to, if that is
/// another one and its author likes.
pub(super) fn follow(
    turn: &Turn<'_>,
    author: UserId,
    seq: u64,
    (before, text): (&str, &str),
    likes: bool,
) -> Result<(), Failure> {
    let (before, link) = (first_link(before), first_link(text));
    if before == link {
        return Ok(());
    }
    if before.is_some() {
        forget(turn.sql, seq)?;
    }
    let Some(url) = link.filter(|_| likes) else { return Ok(()) };
    match limits::spend(turn.sql, turn.now, turn.limits.preview, &format!("preview {author}")) {
        // Too many at once are messages like any other, without cards.
        Err(Failure::Reject(_)) => return Ok(()),
        spent => spent?,
    }
    turn.stir(Work::Looks);
    let query = "INSERT OR REPLACE INTO looks (seq, url, attempts, due_at) VALUES (?1, ?2, 0, ?3)";
    Ok(turn.sql.execute(query, params![seq, url, turn.now.0])?)
}

/// A message has no card any more, and gets none.
pub(super) fn forget(sql: &dyn Sql, seq: u64) -> Result<(), Fault> {
    sql.execute("UPDATE messages SET card = NULL WHERE seq = ?1", params![seq])?;
    give_up(sql, seq)
}

fn give_up(sql: &dyn Sql, seq: u64) -> Result<(), Fault> {
    sql.execute("DELETE FROM looks WHERE seq = ?1", params![seq])
}

/// What is being looked at. Lost with the memory: it is looked at again then.
#[derive(Debug)]
pub(super) struct Cards {
    under_way: BTreeMap<CallId, (u64, String)>,
    agenda: Agenda,
}

impl Default for Cards {
    fn default() -> Self {
        Self { under_way: BTreeMap::new(), agenda: Agenda::of(Work::Looks) }
    }
}

impl Cards {
    /// Looks at what is due; says when the rest is.
    pub(super) fn pump(&mut self, turn: &mut Turn<'_>) -> Result<Option<Timestamp>, Fault> {
        if let Some(next) = self.agenda.next(turn) {
            return Ok(next);
        }
        let query = "SELECT seq, url, attempts, due_at FROM looks ORDER BY due_at";
        let (mut wake, mut waits) = (None, false);
        for row in turn.sql.query(query, &[])? {
            let (seq, due_at) = (row.number(0)?, Timestamp(row.number(3)?));
            if due_at > turn.now {
                wake = Some(due_at.min(wake.unwrap_or(due_at)));
                break;
            }
            if row.number(2)? >= ATTEMPTS {
                give_up(turn.sql, seq)?;
                continue;
            }
            // One that comes back stirs these.
            let is_full = self.under_way.len() >= IN_FLIGHT;
            if is_full || !turn.has_room() {
                waits |= !is_full;
                continue;
            }
            let again = turn.now.after(LOOK_AGAIN_MS);
            turn.sql.execute(
                "UPDATE looks SET attempts = attempts + 1, due_at = ?2 WHERE seq = ?1",
                params![seq, again.0],
            )?;
            let url = row.text(1)?.to_owned();
            self.under_way.insert(turn.look(url.clone()), (seq, url));
            wake = Some(again);
        }
        Ok(self.agenda.settle(turn.now, wake, waits))
    }

    /// Takes in what a page says; whether it was one.
    pub(super) fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: &Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<bool, Fault> {
        let Some((seq, url)) = self.under_way.remove(&id) else { return Ok(false) };
        turn.stir(Work::Looks);
        let query = "SELECT attempts FROM looks WHERE seq = ?1 AND url = ?2";
        let Some(row) = turn.sql.first(query, params![seq, url.as_str()])? else { return Ok(true) };
        let attempts = row.number(0)?;
        match answer {
            Err(_) if attempts < ATTEMPTS => {
                let due_at = turn.now.after(backoff::wait_ms(attempts, turn.random()));
                let update = "UPDATE looks SET due_at = ?2 WHERE seq = ?1";
                turn.sql.execute(update, params![seq, due_at.0])?;
            }
            Ok(Ok(about)) => {
                give_up(turn.sql, seq)?;
                let about: Option<About> = serde_json::from_value(about.clone())
                    .map_err(|error| Fault(format!("unreadable card: {error}")))?;
                if let Some(About { title, site, description }) = about {
                    let card = Card::new(&title, &site, &description);
                    changes::quietly(turn, seq, "card", to_json(&card)?)?;
                }
            }
            _ => give_up(turn.sql, seq)?,
        }
        Ok(true)
    }
}
