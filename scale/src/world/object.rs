//! One actor with its database, its memory and its count.

use std::rc::Rc;

use tideline_server::{Address, AnyHost};

use crate::count::Cost;
use crate::rows::{Ledger, Programs};

/// When an object that has nothing to do loses its memory, in milliseconds: as on Cloudflare.
const SLEEPS_AFTER_MS: u64 = 10_000;
/// How long a turn keeps an object that does nothing else, until what it wrote is confirmed and it
/// sleeps again, in milliseconds. Assumed: the platform confirms writes by its replicas.
pub const TURN_MS: u64 = 10;

/// An actor's object.
pub(super) struct Object {
    pub(super) host: AnyHost,
    pub(super) sql: Ledger,
    /// Counts the memories that it has had.
    pub(super) life: u64,
    pub(super) alarm: Option<u64>,
    pub(super) timer: Option<u64>,
    /// Calls under way.
    pub(super) waits_for: usize,
    /// When it had its last turn.
    last: u64,
    pub(super) cost: Cost,
}

impl Object {
    #[allow(clippy::expect_used, reason = "without a database there is nothing to count")]
    pub(super) fn new(of: Address, programs: &Rc<Programs>) -> Self {
        Self {
            host: AnyHost::new(of),
            sql: Ledger::in_memory(programs).expect("SQLite opens a database in memory"),
            life: 1,
            alarm: None,
            timer: None,
            waits_for: 0,
            last: 0,
            cost: Cost::default(),
        }
    }

    /// Counts how long it was kept awake, or a turn; if it slept, its memory is gone.
    pub(super) fn wakes(&mut self, at: Address, now: u64) {
        let passed = now - self.last;
        if self.waits_for > 0 || self.timer.is_some() {
            self.cost.active_ms += passed as f64;
        } else {
            self.cost.active_ms += passed.min(TURN_MS) as f64;
            if passed >= SLEEPS_AFTER_MS {
                self.host = AnyHost::new(at);
                self.life += 1;
            }
        }
        self.last = now;
    }
}
