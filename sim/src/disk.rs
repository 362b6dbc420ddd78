//! An object's disk: the real SQLite, on what may refuse a write or lose a commit.

use std::cell::Cell;

use tideline_server::native::Sqlite;
use tideline_server::sql::{Fault, Row, Sql, Value, Verdict};

use crate::mistake::{self, Mistake};

/// A database whose disk may refuse, under an isolate that may die.
pub(crate) struct Disk {
    pub(crate) sqlite: Sqlite,
    /// Statements until it refuses one.
    refuses_in: Cell<Option<u64>>,
    /// It refuses every write.
    full: Cell<bool>,
    /// It has refused something in this turn.
    refused: Cell<bool>,
    /// The isolate dies during the commit: nothing of the turn is kept.
    dies: Cell<bool>,
    mistake: Option<Mistake>,
    /// This turn has taken a message's place in the order.
    took_place: Cell<bool>,
}

impl Disk {
    pub(crate) fn new(sqlite: Sqlite, mistake: Option<Mistake>) -> Self {
        Self {
            sqlite,
            refuses_in: Cell::default(),
            full: Cell::default(),
            refused: Cell::default(),
            dies: Cell::default(),
            mistake,
            took_place: Cell::default(),
        }
    }

    /// A turn begins in which it refuses, or dies, so.
    pub(crate) fn begin(&self, refuses_in: Option<u64>, full: bool, dies: bool) {
        self.refuses_in.set(refuses_in);
        self.full.set(full);
        self.dies.set(dies);
        self.refused.set(false);
        self.took_place.set(false);
    }

    fn works(&self, statement: &str) -> Result<(), Fault> {
        let full = self.full.get() && !statement.starts_with("SELECT");
        let refuses = match self.refuses_in.get() {
            Some(more) => {
                self.refuses_in.set(more.checked_sub(1));
                more == 0
            }
            None => false,
        };
        if full || refuses {
            self.refused.set(true);
            return Err(Fault("the disk refuses".to_owned()));
        }
        if statement.starts_with("INSERT INTO messages") {
            self.took_place.set(true);
        }
        Ok(())
    }
}

impl Sql for Disk {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        self.works(statement)?;
        self.sqlite.execute(&mistake::statement(self.mistake, statement), parameters)
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.works(statement)?;
        self.sqlite.query(&mistake::statement(self.mistake, statement), parameters)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        let mut undone = false;
        self.sqlite.transaction(&mut || {
            let verdict = body();
            undone = verdict == Verdict::Rollback;
            if self.dies.get() { Verdict::Rollback } else { verdict }
        })?;
        if undone && let Some(left) = mistake::left_behind(self.mistake, self.took_place.get()) {
            // Objects without such a clock are not mistaken.
            drop(self.sqlite.execute(left, &[]));
        }
        Ok(())
    }
}
