//! The read cache: rows that nearly every turn asks for and few turns write.
//!
//! Who a member is, whether somebody blocks, how far the clock is: an actor asks with [`Sql::cached`] and names
//! the tables that the answer is made of. Whatever writes into one of them, through the same door, makes the
//! answer be forgotten; the table is read from the statement itself, so nobody who writes has to think of it. Who knows
//! what the answer has become says so ([`Sql::learn`]). A turn that is undone forgets everything. A build with debug assertions asks again each time and takes
//! an answer that is not the database's for a fault.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::sql::{Fault, Row, Sql, Value, Verdict};

/// Answers with more rows are not kept: a large group must not fill its object's memory.
const ROWS: usize = 64;
/// Answers that are kept of one statement; with one more, all of them go. As many as people may speak in turn in a busy
/// group, each of whom is asked for.
const ANSWERS: usize = 256;

/// What is remembered of one database.
#[derive(Debug, Default)]
pub(crate) struct Cache(RefCell<BTreeMap<String, Statement>>);

/// The answers of one statement, by its parameters.
#[derive(Debug)]
struct Statement {
    tables: &'static [&'static str],
    answers: BTreeMap<Vec<Value>, Rc<[Row]>>,
}

impl Cache {
    fn get(&self, statement: &str, parameters: &[Value]) -> Option<Rc<[Row]>> {
        self.0.borrow().get(statement)?.answers.get(parameters).map(Rc::clone)
    }

    fn put(
        &self,
        tables: &'static [&'static str],
        statement: &str,
        parameters: &[Value],
        rows: &Rc<[Row]>,
    ) {
        if rows.len() > ROWS {
            return;
        }
        let mut statements = self.0.borrow_mut();
        let known = statements.entry(statement.to_owned());
        let Statement { answers, .. } =
            known.or_insert_with(|| Statement { tables, answers: BTreeMap::new() });
        if answers.len() >= ANSWERS {
            answers.clear();
        }
        answers.insert(parameters.to_vec(), Rc::clone(rows));
    }

    fn forget(&self, written: Written<'_>) {
        match written {
            Written::Nothing => {}
            Written::Table(table) => {
                self.0.borrow_mut().retain(|_, statement| !statement.tables.contains(&table));
            }
            Written::Anything => self.clear(),
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

/// What a statement changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written<'a> {
    Nothing,
    Table(&'a str),
    /// A table's shape, or what is not known.
    Anything,
}

impl<'a> Written<'a> {
    fn by(statement: &'a str) -> Self {
        let words = statement.split(|c: char| c.is_whitespace() || c == '(');
        let mut words = words.filter(|word| !word.is_empty());
        let before_table = match words.next() {
            // What is new was never read.
            Some("SELECT" | "CREATE") => return Self::Nothing,
            Some("INSERT") => words.find(|&word| word == "INTO"),
            Some("DELETE") => words.find(|&word| word == "FROM"),
            // `UPDATE OR REPLACE t`
            Some("UPDATE") => {
                let table = match words.next() {
                    Some("OR") => words.nth(1),
                    table => table,
                };
                return table.map_or(Self::Anything, Self::Table);
            }
            _ => return Self::Anything,
        };
        before_table.and_then(|_| words.next()).map_or(Self::Anything, Self::Table)
    }
}

/// A database with its cache in front of it.
pub(crate) struct Cached<'a> {
    pub(crate) sql: &'a dyn Sql,
    pub(crate) cache: &'a Cache,
}

impl Sql for Cached<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        self.cache.forget(Written::by(statement));
        self.sql.execute(statement, parameters)
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.cache.forget(Written::by(statement));
        self.sql.query(statement, parameters)
    }

    fn cached(
        &self,
        tables: &'static [&'static str],
        statement: &str,
        parameters: &[Value],
    ) -> Result<Rc<[Row]>, Fault> {
        if let Some(rows) = self.cache.get(statement, parameters) {
            if cfg!(debug_assertions) && *self.sql.query(statement, parameters)? != *rows {
                return Err(Fault(format!("the cache does not know what {tables:?} hold")));
            }
            return Ok(rows);
        }
        let rows: Rc<[Row]> = self.sql.query(statement, parameters)?.into();
        self.cache.put(tables, statement, parameters, &rows);
        Ok(rows)
    }

    fn learn(
        &self,
        tables: &'static [&'static str],
        statement: &str,
        parameters: &[Value],
        row: Row,
    ) {
        self.cache.put(tables, statement, parameters, &Rc::from([row]));
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        let mut verdict = Verdict::Rollback;
        let ended = self.sql.transaction(&mut || {
            verdict = body();
            verdict
        });
        if ended.is_err() || verdict == Verdict::Rollback {
            self.cache.clear();
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::native::Sqlite;
    use crate::params;

    const ASK: &str = "SELECT n FROM t WHERE n > ?1";

    /// Counts what reaches the database.
    struct Counted {
        sql: Sqlite,
        queries: Cell<u32>,
    }

    impl Sql for Counted {
        fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
            self.sql.execute(statement, parameters)
        }

        fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
            self.queries.set(self.queries.get() + 1);
            self.sql.query(statement, parameters)
        }

        fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
            self.sql.transaction(body)
        }
    }

    fn counted() -> Counted {
        let sql = Sqlite::in_memory().expect("opens");
        for statement in [
            "CREATE TABLE t (n INTEGER NOT NULL) STRICT",
            "CREATE TABLE other (n INTEGER NOT NULL) STRICT",
            "INSERT INTO t (n) VALUES (1)",
        ] {
            sql.execute(statement, &[]).expect("runs");
        }
        Counted { sql, queries: Cell::new(0) }
    }

    fn ask(cached: &Cached<'_>, above: u64) -> usize {
        cached.cached(&["t"], ASK, params![above]).expect("answers").len()
    }

    /// How many times the database is asked for one answer: a build that asks again to compare counts that too.
    fn queries_of(counted: &Counted, body: impl FnOnce()) -> u32 {
        let before = counted.queries.get();
        body();
        counted.queries.get() - before
    }

    #[test]
    fn an_answer_is_kept_until_its_table_is_written() {
        let (counted, cache) = (counted(), Cache::default());
        let cached = Cached { sql: &counted, cache: &cache };
        let again = u32::from(cfg!(debug_assertions));
        assert_eq!(queries_of(&counted, || assert_eq!(ask(&cached, 0), 1)), 1);
        assert_eq!(cache.0.borrow().len(), 1);
        assert_eq!(queries_of(&counted, || assert_eq!(ask(&cached, 0), 1)), again);
        cached.execute("INSERT INTO other (n) VALUES (9)", &[]).expect("inserts");
        assert_eq!(cache.0.borrow().len(), 1, "another table is none of its");
        assert_eq!(queries_of(&counted, || assert_eq!(ask(&cached, 1), 0)), 1, "other parameters");
        for write in [
            "INSERT OR REPLACE INTO t (n) VALUES (2)",
            "INSERT INTO t(n) SELECT n FROM other",
            "UPDATE t SET n = n + 1",
            "UPDATE OR IGNORE t SET n = n + 1",
            "DELETE FROM t WHERE n > 100",
            "ALTER TABLE t ADD COLUMN m INTEGER",
        ] {
            ask(&cached, 0);
            cached.execute(write, &[]).expect("writes");
            assert!(cache.0.borrow().is_empty(), "{write}");
        }
        ask(&cached, 0);
        cached.query("UPDATE t SET n = n RETURNING n", &[]).expect("writes");
        assert!(cache.0.borrow().is_empty(), "also a statement that answers");
    }

    #[test]
    fn a_turn_that_is_undone_leaves_nothing_in_it() {
        let (counted, cache) = (counted(), Cache::default());
        let cached = Cached { sql: &counted, cache: &cache };
        let mut undone = || {
            cached.execute("INSERT INTO t (n) VALUES (2)", &[]).expect("inserts");
            assert_eq!(ask(&cached, 0), 2);
            Verdict::Rollback
        };
        cached.transaction(&mut undone).expect("runs");
        assert_eq!(ask(&cached, 0), 1);
    }

    #[test]
    fn what_it_keeps_is_bounded() {
        let (counted, cache) = (counted(), Cache::default());
        let cached = Cached { sql: &counted, cache: &cache };
        for above in 0..3 * ANSWERS as u64 {
            ask(&cached, above);
        }
        let kept: usize = cache.0.borrow().values().map(|kept| kept.answers.len()).sum();
        assert!((1..=ANSWERS).contains(&kept), "{kept}");
        for n in 0..=ROWS as u64 {
            cached.execute("INSERT INTO t (n) VALUES (?1)", params![1_000 + n]).expect("inserts");
        }
        assert_eq!(ask(&cached, 999), ROWS + 1);
        assert!(cache.0.borrow().is_empty(), "too many rows to keep");
    }

    #[test]
    fn the_written_table_is_read_from_every_statement() {
        let of = Written::by;
        assert_eq!(of("SELECT n FROM t"), Written::Nothing);
        assert_eq!(of("CREATE VIRTUAL TABLE IF NOT EXISTS t USING fts5(n)"), Written::Nothing);
        assert_eq!(of("INSERT INTO t (n) VALUES (1)"), Written::Table("t"));
        assert_eq!(of("INSERT OR IGNORE INTO t\n (n) VALUES (1)"), Written::Table("t"));
        assert_eq!(of("UPDATE t SET n = 1 RETURNING n"), Written::Table("t"));
        assert_eq!(of("DELETE FROM t"), Written::Table("t"));
        assert_eq!(of("DROP TABLE t"), Written::Anything);
        assert_eq!(of("WITH x AS (SELECT 1) DELETE FROM t"), Written::Anything);
        assert_eq!(of("REPLACE INTO t (n) VALUES (1)"), Written::Anything);
        assert_eq!(of(""), Written::Anything);
    }
}
