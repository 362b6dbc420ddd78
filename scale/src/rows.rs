//! A database that counts rows as Cloudflare bills them.
//!
//! Its SQLite counts a row written for each entry that a statement puts into a table or into an index,
//! and for each row that it deletes; a call of a virtual table counts as one (`cloudflare/workerd`,
//! `patches/sqlite/0001-row-counts-plain.patch`). The SQLite of `rusqlite` has no such counter. But a
//! statement's program says what it puts where, so each statement is read once (`EXPLAIN`), and what it
//! writes for one row is taken as often as it changed rows. An index of some rows only (`WHERE`) is
//! asked, with `RETURNING`, whether the row is one of them. What is left out: rows of tables inside of
//! a virtual table, which are not billed either.
//!
//! Rows read are an estimate (one for looking, one for each row that came or was passed over): at a
//! thousandth of the price of a row written they decide nothing.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use rusqlite::config::DbConfig;
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Connection, StatementStatus, params_from_iter};
use tideline_server::sql::{Fault, Row, Sql, Value, Verdict};

/// Statements that stay prepared: more than an actor has.
const STATEMENTS: usize = 512;
/// Flags of SQLite's instructions (`src/sqliteInt.h`, `OPFLAG_*`): a deletion that counts, an insertion
/// that does nothing, and a cursor whose table is known only when the program runs.
const COUNTS: i64 = 0x01;
const DOES_NOTHING: i64 = 0x40;
const IN_REGISTER: i64 = 0x10;

/// Rows, as billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Written.
    pub written: u64,
    /// Read: an estimate.
    pub read: u64,
}

/// What a statement writes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Writes {
    Nothing,
    /// A change of the schema: so much, whatever is there.
    Schema(u64),
    /// `each` for a row that changes, `once` if any does, and one more for each condition of a partial
    /// index that holds for the row, as `run` returns them.
    Rows {
        each: u64,
        once: u64,
        conditions: usize,
        run: String,
    },
}

/// What is known of programs, by the schema that they were made for: databases that grew up the same way
/// share it.
#[derive(Default)]
pub struct Programs(RefCell<HashMap<(u64, String), Rc<Writes>>>);

/// A database in memory.
pub struct Ledger {
    connection: Connection,
    programs: Rc<Programs>,
    /// A hash of all that changed the schema, in order.
    schema: Cell<u64>,
    rows: Cell<Rows>,
}

fn fault(error: rusqlite::Error) -> Fault {
    Fault(error.to_string())
}

impl Ledger {
    /// An empty one.
    ///
    /// # Errors
    /// When SQLite cannot give one.
    pub fn in_memory(programs: &Rc<Programs>) -> Result<Self, Fault> {
        let connection = Connection::open_in_memory().map_err(fault)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // As `tideline_server::native` has it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
        let (programs, schema) = (Rc::clone(programs), Cell::new(0));
        Ok(Self { connection, programs, schema, rows: Cell::default() })
    }

    /// Rows so far.
    #[must_use]
    pub fn rows(&self) -> Rows {
        self.rows.get()
    }

    /// Bytes of its pages.
    ///
    /// # Errors
    /// When SQLite does not say.
    pub fn bytes(&self) -> Result<u64, Fault> {
        let bytes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        self.connection.query_row(bytes, [], |row| row.get(0)).map_err(fault)
    }

    fn count(&self, written: u64, read: u64) {
        let Rows { written: before, read: looked } = self.rows.get();
        self.rows.set(Rows { written: before + written, read: looked + read });
    }

    fn writes(&self, statement: &str) -> Result<Rc<Writes>, Fault> {
        let key = (self.schema.get(), statement.to_owned());
        if let Some(known) = self.programs.0.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let writes = Rc::new(self.read_program(statement).map_err(fault)?);
        self.programs.0.borrow_mut().insert(key, Rc::clone(&writes));
        Ok(writes)
    }

    fn read_program(&self, statement: &str) -> rusqlite::Result<Writes> {
        if self.connection.prepare(statement)?.readonly() {
            return Ok(Writes::Nothing);
        }
        // Both ways of an upsert write the same: one row, and its indexes.
        let one_way = statement.split("ON CONFLICT (").next().unwrap_or(statement);
        let program = self.program(one_way)?;
        let first = statement.split_whitespace().next().unwrap_or_default();
        if matches!(first, "CREATE" | "ALTER" | "DROP") {
            return Ok(Writes::Schema(program.len() as u64));
        }
        let places = self.places()?;
        let (mut each, mut once, mut conditions) = (0, 0, Vec::new());
        for root in program {
            match root.and_then(|root| places.get(&root)) {
                Some(Place::Sequence) => once += 1,
                Some(Place::Some(condition)) => conditions.push(format!("({condition})")),
                Some(Place::All) | None => each += 1,
            }
        }
        let run = match conditions.is_empty() {
            true => statement.to_owned(),
            false => format!("{statement} RETURNING {}", conditions.join(", ")),
        };
        Ok(Writes::Rows { each, once, conditions: conditions.len(), run })
    }

    /// Where a statement's program writes, as often as it does: the first page of the table or index.
    fn program(&self, statement: &str) -> rusqlite::Result<Vec<Option<i64>>> {
        let mut explain = self.connection.prepare(&format!("EXPLAIN {statement}"))?;
        let nothing = vec![Stored::Null; explain.parameter_count()];
        let mut rows = explain.query(params_from_iter(nothing))?;
        // A cursor may be opened at the end of a program, to which it jumps first.
        let (mut roots, mut passing, mut writes) = (BTreeMap::new(), HashSet::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (code, p1, p2): (String, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let p5: i64 = row.get(6)?;
            match code.as_str() {
                "OpenWrite" if p5 & IN_REGISTER == 0 => drop(roots.insert(p1, p2)),
                "OpenEphemeral" | "OpenAutoindex" | "OpenPseudo" | "SorterOpen" => {
                    passing.insert(p1);
                }
                "Insert" | "IdxInsert" if p5 & DOES_NOTHING == 0 => writes.push(Some(p1)),
                "Delete" if p2 & COUNTS != 0 => writes.push(Some(p1)),
                "VUpdate" | "Clear" => writes.push(None),
                _ => {}
            }
        }
        let kept = writes.into_iter().filter(|at| at.is_none_or(|at| !passing.contains(&at)));
        Ok(kept.map(|at| at.and_then(|at| roots.get(&at).copied())).collect())
    }

    /// Every table and index, by its first page.
    fn places(&self) -> rusqlite::Result<BTreeMap<i64, Place>> {
        let all = "SELECT rootpage, name, coalesce(sql, '') FROM sqlite_master";
        let mut all = self.connection.prepare_cached(all)?;
        let places = all.query_map([], |row| {
            let (root, name, sql): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = match sql.split_once(" WHERE ") {
                _ if name == "sqlite_sequence" => Place::Sequence,
                Some((index, condition)) if index.starts_with("CREATE INDEX") => {
                    Place::Some(condition.to_owned())
                }
                _ => Place::All,
            };
            Ok((root, place))
        })?;
        places.collect()
    }

    /// Runs a statement to its end; its rows, without what was asked for the count.
    fn run(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        let writes = self.writes(statement)?;
        let (run, conditions) = match &*writes {
            Writes::Rows { run, conditions, .. } => (run.as_str(), *conditions),
            _ => (statement, 0),
        };
        let mut prepared = self.connection.prepare_cached(run).map_err(fault)?;
        let columns = prepared.column_count() - conditions;
        let mut rows = prepared.query(params_from_iter(bound(parameters))).map_err(fault)?;
        let (mut came, mut partly) = (Vec::new(), 0);
        while let Some(row) = rows.next().map_err(fault)? {
            let values = (0..columns).map(|n| value(row.get_ref(n).map_err(fault)?));
            came.push(Row(values.collect::<Result<_, _>>()?));
            for n in columns..columns + conditions {
                partly += u64::from(row.get::<_, Option<bool>>(n).map_err(fault)? == Some(true));
            }
        }
        drop(rows);
        let passed = prepared.reset_status(StatementStatus::FullscanStep).max(0).unsigned_abs();
        drop(prepared);
        match *writes {
            Writes::Nothing => self.count(0, 1 + u64::from(passed).max(came.len() as u64)),
            Writes::Schema(rows) => {
                let mut hash = DefaultHasher::new();
                (self.schema.get(), statement).hash(&mut hash);
                self.schema.set(hash.finish());
                self.count(rows, 0);
            }
            Writes::Rows { each, once, .. } => {
                let changed = self.connection.changes();
                let written = changed * each + partly + if changed > 0 { once } else { 0 };
                self.count(written, 1 + u64::from(passed));
            }
        }
        Ok(came)
    }
}

/// What a page begins.
enum Place {
    /// A table, or an index of all its rows.
    All,
    /// An index of some rows: of those for which this holds.
    Some(String),
    /// The table of the numbers that `AUTOINCREMENT` gave last: one row for a statement.
    Sequence,
}

impl Sql for Ledger {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        self.run(statement, parameters).map(drop)
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.run(statement, parameters)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        let transaction = self.connection.unchecked_transaction().map_err(fault)?;
        let ended = match body() {
            Verdict::Commit => transaction.commit(),
            Verdict::Rollback => transaction.rollback(),
        };
        ended.map_err(fault)
    }
}

fn bound(parameters: &[Value]) -> impl Iterator<Item = Stored> + '_ {
    parameters.iter().map(|value| match value {
        Value::Null => Stored::Null,
        Value::Integer(number) => Stored::Integer(*number),
        Value::Text(text) => Stored::Text(text.clone()),
    })
}

fn value(value: ValueRef<'_>) -> Result<Value, Fault> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|error| Fault(error.to_string()))?;
            Ok(Value::Text(text.to_owned()))
        }
        other => Err(Fault(format!("no column holds {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the last of these statements writes.
    fn written(statements: &[&str]) -> u64 {
        let ledger = Ledger::in_memory(&Rc::default()).expect("opens");
        let (last, before) = statements.split_last().expect("there is one");
        before.iter().for_each(|statement| ledger.execute(statement, &[]).expect("runs"));
        let rows = ledger.rows();
        ledger.execute(last, &[]).expect("runs");
        ledger.rows().written - rows.written
    }

    const PLAIN: &str = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER) STRICT";
    const KEYED: &str =
        "CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT, c INTEGER) STRICT, WITHOUT ROWID";

    #[test]
    fn rusqlite_conforms_while_it_counts() {
        let ledger = Ledger::in_memory(&Rc::default()).expect("opens");
        assert_eq!(tideline_server::conformance::run(&ledger), []);
    }

    #[test]
    fn a_row_counts_once_and_once_more_for_each_index() {
        let insert = "INSERT INTO t (a, b, c) VALUES (1, 'x', 1)";
        assert_eq!(written(&[PLAIN, insert]), 1);
        let text = insert.replace("(1, '", "('1', '");
        assert_eq!(written(&[KEYED, &text]), 1);
        let (b, c) = ("CREATE INDEX t_b ON t (b)", "CREATE UNIQUE INDEX t_c ON t (c)");
        assert_eq!(written(&[PLAIN, b, insert]), 2);
        assert_eq!(written(&[PLAIN, b, c, insert]), 3);
        // What stays as it is in an index is not written there.
        assert_eq!(written(&[PLAIN, b, c, insert, "UPDATE t SET c = 2"]), 2);
        assert_eq!(written(&[KEYED, b, c, &text, "UPDATE t SET c = 2"]), 2);
        assert_eq!(written(&[PLAIN, b, c, insert, "DELETE FROM t WHERE a = 1"]), 1);
        assert_eq!(written(&[PLAIN, b, c, insert, "DELETE FROM t WHERE a = 2"]), 0);
    }

    #[test]
    fn what_is_replaced_does_not_count_as_deleted() {
        let replace = "INSERT OR REPLACE INTO t (a, b, c) VALUES ('1', 'x', 1)";
        assert_eq!(written(&[KEYED, replace, replace]), 1);
        let upsert =
            "INSERT INTO t (a, b, c) VALUES ('1', 'x', 1) ON CONFLICT (a) DO UPDATE SET c = 2";
        assert_eq!(written(&[KEYED, upsert]), 1);
        assert_eq!(written(&[KEYED, upsert, upsert]), 1);
        let ignore = "INSERT OR IGNORE INTO t (a, b, c) VALUES ('1', 'x', 1)";
        assert_eq!(written(&[KEYED, replace, ignore]), 0);
    }

    #[test]
    fn an_index_of_some_rows_counts_for_these() {
        let some = "CREATE INDEX t_c ON t (b) WHERE c > 0 OR b = 'y'";
        let insert = |b, c| format!("INSERT INTO t (a, b, c) VALUES (1, '{b}', {c})");
        assert_eq!(written(&[PLAIN, some, &insert('x', 0)]), 1);
        assert_eq!(written(&[PLAIN, some, &insert('x', 1)]), 2);
        assert_eq!(written(&[PLAIN, some, &insert('y', 0)]), 2);
        let all = "UPDATE t SET c = 1";
        assert_eq!(written(&[PLAIN, some, &insert('x', 0), all]), 2);
    }

    #[test]
    fn a_sequence_counts_as_a_row() {
        let table = "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE) STRICT";
        assert_eq!(written(&[table, "INSERT INTO t (b) VALUES ('x')"]), 3);
    }

    #[test]
    fn what_a_query_changes_counts_and_what_it_reads_does_not() {
        let insert = "INSERT INTO t (a, b, c) VALUES (1, 'x', 1)";
        assert_eq!(written(&[PLAIN, insert, "SELECT * FROM t"]), 0);
        assert_eq!(written(&[PLAIN, insert, "UPDATE t SET c = 2 RETURNING c"]), 1);
        let words = "CREATE VIRTUAL TABLE w USING fts5(words, content='', contentless_delete=1)";
        assert_eq!(written(&[words, "INSERT INTO w (rowid, words) VALUES (1, 'x y z')"]), 1);
    }
}
