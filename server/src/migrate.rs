//! Schema upgrades in steps, each recorded in a table.

use tideline_shared::Timestamp;

use crate::params;
use crate::sql::{Fault, Sql};

/// Brings a database to the newest of `steps` (each a list of statements; steps are only ever
/// appended); brings how many of them it had. A database that is newer than this program is left
/// alone and refused.
pub(crate) fn migrate(sql: &dyn Sql, now: Timestamp, steps: &[&[&str]]) -> Result<usize, Fault> {
    sql.execute(
        "CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
        &[],
    )?;
    let done = match sql.first("SELECT coalesce(max(step), 0) FROM migrations", &[])? {
        Some(row) => usize::try_from(row.number(0)?).unwrap_or(usize::MAX),
        None => 0,
    };
    if done > steps.len() {
        return Err(Fault(format!("schema step {done} is newer than this program")));
    }
    for (step, statements) in steps.iter().enumerate().skip(done) {
        for statement in *statements {
            sql.execute(statement, &[])?;
        }
        sql.execute(
            "INSERT INTO migrations (step, at) VALUES (?1, ?2)",
            params![step as u64 + 1, now.0],
        )?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::Sqlite;

    const STEPS: &[&[&str]] = &[
        &["CREATE TABLE t (n INTEGER NOT NULL) STRICT", "INSERT INTO t (n) VALUES (1)"],
        &["ALTER TABLE t ADD COLUMN m INTEGER", "UPDATE t SET m = 2 * n"],
        &["INSERT INTO t (n, m) SELECT n + 1, m FROM t"],
    ];

    fn state(sql: &Sqlite) -> String {
        let rows = sql.query("SELECT * FROM t", &[]).expect("reads");
        let steps = sql.query("SELECT step FROM migrations", &[]).expect("reads");
        format!("{rows:?} {steps:?}")
    }

    #[test]
    fn every_way_to_the_newest_step_leads_to_the_same_rows() {
        let direct = Sqlite::in_memory().expect("opens");
        migrate(&direct, Timestamp(1), STEPS).expect("upgrades");
        for stop in 1..=STEPS.len() {
            let sql = Sqlite::in_memory().expect("opens");
            migrate(&sql, Timestamp(1), &STEPS[..stop]).expect("upgrades");
            migrate(&sql, Timestamp(2), STEPS).expect("upgrades");
            migrate(&sql, Timestamp(3), STEPS).expect("has nothing to do");
            assert_eq!(state(&sql), state(&direct));
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_database_as_it_was() {
        let sql = Sqlite::in_memory().expect("opens");
        migrate(&sql, Timestamp(1), &STEPS[..1]).expect("upgrades");
        let before = state(&sql);
        let broken: &[&[&str]] = &[STEPS[0], STEPS[1], &["INSERT INTO nowhere (n) VALUES (1)"]];
        let as_an_actor_opens = || migrate(&sql, Timestamp(2), broken);
        (&sql as &dyn Sql).atomically(as_an_actor_opens).expect_err("fails");
        assert_eq!(state(&sql), before);
    }

    #[test]
    fn a_newer_database_is_refused() {
        let sql = Sqlite::in_memory().expect("opens");
        migrate(&sql, Timestamp(1), STEPS).expect("upgrades");
        let before = state(&sql);
        migrate(&sql, Timestamp(2), &STEPS[..2]).expect_err("is newer");
        assert_eq!(state(&sql), before);
    }
}
