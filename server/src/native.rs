//! [`Sql`] on `rusqlite`, for tests, simulations and tools.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use crate::sql::{Fault, Row, Sql, Value, Verdict};

/// Statements that stay prepared: more than an actor has.
const STATEMENTS: usize = 512;

/// A SQLite database of its own.
pub struct Sqlite {
    connection: Connection,
    commits: Arc<AtomicU64>,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl Sqlite {
    /// An empty database in memory.
    ///
    /// # Errors
    /// When SQLite cannot give one.
    pub fn in_memory() -> Result<Self, Fault> {
        let connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A statement keeps its plan, whatever is bound to it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let commits = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&commits);
        connection.commit_hook(Some(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            false
        }));
        Ok(Self { connection, commits })
    }

    /// How many transactions have changed something.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    fn bound(parameters: &[Value]) -> impl Iterator<Item = rusqlite::types::Value> + '_ {
        parameters.iter().map(|value| match value {
            Value::Null => rusqlite::types::Value::Null,
            Value::Integer(number) => rusqlite::types::Value::Integer(*number),
            Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
        })
    }
}

impl Sql for Sqlite {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        let mut statement = self.connection.prepare_cached(statement)?;
        statement.execute(params_from_iter(Self::bound(parameters)))?;
        Ok(())
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(Self::bound(parameters)))?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?));
            read.push(Row(values.collect::<Result<_, _>>()?));
        }
        Ok(read)
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        let transaction = self.connection.unchecked_transaction()?;
        match body() {
            Verdict::Commit => transaction.commit()?,
            Verdict::Rollback => transaction.rollback()?,
        }
        Ok(())
    }
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

    #[test]
    fn rusqlite_conforms() {
        let sql = Sqlite::in_memory().expect("opens");
        assert_eq!(crate::conformance::run(&sql), []);
    }

    #[test]
    fn only_what_is_kept_counts_as_a_commit() {
        let sql = Sqlite::in_memory().expect("opens");
        sql.execute("CREATE TABLE t (n INTEGER) STRICT", &[]).expect("creates");
        let before = sql.commits();
        let insert = || sql.execute("INSERT INTO t (n) VALUES (1)", &[]).expect("inserts");
        let select = || drop(sql.query("SELECT n FROM t", &[]).expect("selects"));
        let run = |verdict, body: &dyn Fn()| {
            let mut body = || {
                body();
                verdict
            };
            sql.transaction(&mut body).expect("runs");
            sql.commits() - before
        };
        assert_eq!(run(Verdict::Commit, &select), 0);
        assert_eq!(run(Verdict::Rollback, &insert), 0);
        assert_eq!(run(Verdict::Commit, &insert), 1);
    }
}
