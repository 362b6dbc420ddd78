//! Calls that an actor owes to others: stored with the turn that owes them, tried until answered.
//!
//! One row a call. A later call on the same topic to the same actor takes the place of an earlier
//! one that is still waiting, so `topic` must name what the call brings to its final state.

use std::collections::BTreeMap;

use serde::Serialize;
use tideline_shared::{Code, Reject, Timestamp};

use crate::agenda::{Agenda, Work};
use crate::backoff;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, CallId, Effect, Turn, Unreachable, to_json};

/// How much early an alarm may come, in milliseconds.
const SLACK_MS: u64 = 100;
/// Most calls of one actor's outbox that are under way at a time; fewer where [`Outbox::beside`] others.
const IN_FLIGHT: usize = 8;

/// The table.
pub(crate) const SCHEMA: &str = "CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        address TEXT NOT NULL,
        topic TEXT NOT NULL,
        body TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at INTEGER NOT NULL,
        UNIQUE (address, topic)
    ) STRICT";

/// Owes `call` to `to`.
pub(crate) fn owe(
    turn: &mut Turn<'_>,
    to: Address,
    topic: &str,
    call: &impl Serialize,
) -> Result<(), Fault> {
    owe_after(turn, to, topic, call, 0)
}

/// The same, not at once: what follows within `wait_ms` milliseconds takes its place, and goes when it
/// would have gone.
pub(crate) fn owe_after(
    turn: &mut Turn<'_>,
    to: Address,
    topic: &str,
    call: &impl Serialize,
    wait_ms: u64,
) -> Result<(), Fault> {
    turn.stir(Work::Outbox);
    // REPLACE gives the row a new id: an answer to the call it replaces does not settle it.
    turn.sql.execute(
        "INSERT OR REPLACE INTO outbox (address, topic, body, due_at)
         VALUES (?1, ?2, ?3, min(?4, coalesce(
             (SELECT due_at FROM outbox WHERE address = ?1 AND topic = ?2), ?4)))",
        params![to_json(&to)?, topic, to_json(call)?, turn.now.after(wait_ms).0],
    )
}

/// The calls under way. Lost with the memory: what was under way is tried again then.
#[derive(Debug)]
pub(crate) struct Outbox {
    under_way: BTreeMap<CallId, u64>,
    most: usize,
    agenda: Agenda,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { under_way: BTreeMap::new(), most: IN_FLIGHT, agenda: Agenda::of(Work::Outbox) }
    }
}

impl Outbox {
    /// One with `most` calls under way, of an actor that has others of its own besides.
    pub(crate) fn beside(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// What a call that is under way is about; none where it is not of this outbox.
    pub(crate) fn topic(&self, sql: &dyn Sql, call: CallId) -> Result<Option<String>, Fault> {
        let Some(&id) = self.under_way.get(&call) else { return Ok(None) };
        let row = sql.first("SELECT topic FROM outbox WHERE id = ?1", params![id])?;
        row.map(|row| row.text(0).map(str::to_owned)).transpose()
    }

    /// Starts what is due, and says when the rest will be.
    pub(crate) fn pump(&mut self, turn: &mut Turn<'_>) -> Result<Option<Timestamp>, Fault> {
        if let Some(next) = self.agenda.next(turn) {
            return Ok(next);
        }
        let rows = turn.sql.query(
            "SELECT id, address, body, due_at FROM outbox ORDER BY due_at, id LIMIT ?1",
            params![2 * self.most as u64],
        )?;
        let (mut wake, mut waits) = (None, false);
        for row in rows {
            let (id, due_at) = (row.number(0)?, Timestamp(row.number(3)?));
            if self.under_way.values().any(|&under_way| under_way == id) {
                continue;
            }
            if due_at > turn.now {
                wake = Some(wake.map_or(due_at, |earlier: Timestamp| earlier.min(due_at)));
                continue;
            }
            // What is due and has to wait for a place goes with the next answer.
            if self.under_way.len() >= self.most || !turn.has_room() {
                waits = true;
                continue;
            }
            let call = turn.call(row.json(1)?, row.text(2)?.into());
            self.under_way.insert(call, id);
        }
        if !self.under_way.is_empty() {
            // Should the memory be lost while calls are under way, the alarm tries them again.
            let again = turn.now.after(10 * backoff::FIRST_MS);
            wake = Some(wake.map_or(again, |earlier| earlier.min(again)));
        }
        Ok(self.agenda.settle(turn.now, wake, waits))
    }

    /// Settles a call: `answered` whatever the answer was, or to be tried again. Whether the call
    /// was one of these.
    pub(crate) fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        call: CallId,
        answered: bool,
    ) -> Result<bool, Fault> {
        let Some(id) = self.under_way.remove(&call) else { return Ok(false) };
        turn.stir(Work::Outbox);
        if answered {
            turn.sql.execute("DELETE FROM outbox WHERE id = ?1", params![id])?;
            return Ok(true);
        }
        let row = turn.sql.first("SELECT attempts FROM outbox WHERE id = ?1", params![id])?;
        if let Some(row) = row {
            let attempts = row.number(0)?;
            let due_at = turn.now.after(backoff::wait_ms(attempts, turn.random()));
            turn.sql.execute(
                "UPDATE outbox SET attempts = ?2, due_at = ?3 WHERE id = ?1",
                params![id, attempts + 1, due_at.0],
            )?;
        }
        Ok(true)
    }
}

/// Whether the one called has decided. A refusal settles a call as well: whoever refuses will refuse
/// again. Only "internal" is no decision.
pub(crate) fn is_decided(answer: &Result<Result<serde_json::Value, Reject>, Unreachable>) -> bool {
    match answer {
        Ok(Ok(_)) => true,
        Ok(Err(reject)) => reject.code != Code::Internal,
        Err(_) => false,
    }
}

/// The one alarm of an object: asks for it only when that moves it forward.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    set_for: Option<Timestamp>,
}

impl Alarm {
    /// Makes sure that the actor is woken at `wanted` at the latest.
    pub(crate) fn ensure(&mut self, turn: &mut Turn<'_>, wanted: Option<Timestamp>) {
        // An alarm whose time has come, or nearly so (clocks differ), may be the one that is being
        // handled now: it does not count.
        let soon = turn.now.after(SLACK_MS);
        self.set_for = self.set_for.filter(|&set_for| set_for > soon);
        let Some(wanted) = wanted else { return };
        if self.set_for.is_none_or(|set_for| wanted < set_for) {
            self.set_for = Some(wanted);
            turn.ask(Effect::WakeAt(wanted));
        }
    }
}
