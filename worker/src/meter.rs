//! What objects do, counted by their class: turns, calls, frames, rows.
//! `GET /api/meter`, only where the variable `TIDELINE_CONFORMANCE` is `on`; elsewhere nothing is counted.
//!
//! An instance of the Worker counts for itself, since it began. On one machine there is one.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use worker::{Env, Response};

use crate::conformance;

/// The Worker's path.
pub(crate) const ROUTE: &str = "/api/meter";

thread_local! {
    // A `Cell`, taken and put back: nothing gives way to the event loop between.
    static TALLIES: Cell<BTreeMap<&'static str, Tally>> = const { Cell::new(BTreeMap::new()) };
}

/// What the objects of one class did.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Calls, frames, sockets, answers that came back, alarms and timers.
    pub(crate) turns: u64,
    /// Calls of the Worker and of other objects.
    pub(crate) calls_in: u64,
    /// Calls of other objects by these.
    pub(crate) calls_out: u64,
    /// Frames that devices sent.
    pub(crate) frames_in: u64,
    /// Alarms set: each costs as much as a row written.
    pub(crate) alarms: u64,
    /// As the platform counts them.
    pub(crate) rows_read: u64,
    /// As the platform counts them: entries of indexes are rows.
    pub(crate) rows_written: u64,
}

/// Counts for one class, or not at all.
#[derive(Clone, Copy)]
pub(crate) struct Meter(Option<&'static str>);

impl Meter {
    /// The meter of objects that host the actor `A`.
    pub(crate) fn of<A>(env: &Env) -> Self {
        Self(conformance::is_on(env).then(std::any::type_name::<A>))
    }

    /// Counts something.
    pub(crate) fn count(self, add: impl FnOnce(&mut Tally)) {
        let Some(actor) = self.0 else { return };
        let mut tallies = TALLIES.take();
        add(tallies.entry(actor).or_default());
        TALLIES.set(tallies);
    }
}

/// What was counted: an object of JSON for each class.
pub(crate) fn answer() -> worker::Result<Response> {
    let tallies = TALLIES.take();
    let classes = tallies.iter().map(|(actor, tally)| (class(actor), tally.json()));
    let answer = Value::Object(classes.collect());
    TALLIES.set(tallies);
    Response::from_json(&answer)
}

/// `account` of `tideline_server::account::Account`.
fn class(actor: &str) -> String {
    actor.rsplit("::").next().unwrap_or(actor).to_lowercase()
}

impl Tally {
    fn json(self) -> Value {
        json!({
            "turns": self.turns,
            "calls_in": self.calls_in,
            "calls_out": self.calls_out,
            "frames_in": self.frames_in,
            "alarms": self.alarms,
            "rows_read": self.rows_read,
            "rows_written": self.rows_written,
        })
    }
}
