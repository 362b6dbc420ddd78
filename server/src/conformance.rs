//! What every implementation of [`Sql`] must do the same: run natively by `cargo test`, and inside
//! the real runtime by the Worker.

use crate::params;
use crate::sql::{Fault, Sql, Value};

/// One thing that must hold.
pub struct Check {
    /// What, as a sentence.
    pub name: &'static str,
    /// Finds out. Starts from an empty table `t (id INTEGER PRIMARY KEY, word TEXT) STRICT`.
    pub run: fn(&dyn Sql) -> Result<(), Fault>,
}

/// Everything that is checked.
pub const CHECKS: &[Check] = &[
    Check { name: "what was written reads back", run: round_trip },
    Check { name: "numbers up to 2^53 are exact", run: large_numbers },
    Check { name: "text of any script and a zero character reads back", run: any_text },
    Check { name: "NULL is neither a number nor a text", run: null },
    Check { name: "a kept transaction stays", run: commit },
    Check { name: "a transaction undone leaves nothing", run: rollback },
    Check {
        name: "a failed statement is an error and the rest still works",
        run: failed_statement,
    },
    Check { name: "a failed statement inside a transaction does not end it", run: failed_inside },
    Check { name: "a unique key refuses a second row", run: unique },
    Check { name: "an upsert replaces", run: upsert },
    Check { name: "an update tells what it made", run: returning },
    Check { name: "LIMIT takes a parameter", run: limit },
    Check { name: "no row is no error", run: no_row },
    Check { name: "a parameter may be used twice and out of order", run: parameters },
    Check { name: "a full-text index finds words and beginnings of any script", run: full_text },
    Check {
        name: "a row of a full-text index is replaced and undone like others",
        run: full_text_rows,
    },
    Check { name: "instr finds a part of any script", run: instr },
];

/// Runs every check on an empty database; brings the names of those that failed, with why.
pub fn run(sql: &dyn Sql) -> Vec<(&'static str, Fault)> {
    CHECKS
        .iter()
        .filter_map(|check| {
            let outcome = sql
                .execute("DROP TABLE IF EXISTS t", &[])
                .and_then(|()| {
                    sql.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT) STRICT", &[])
                })
                .and_then(|()| (check.run)(sql));
            outcome.err().map(|fault| (check.name, fault))
        })
        .collect()
}

fn insert(sql: &dyn Sql, id: u64, word: &str) -> Result<(), Fault> {
    sql.execute("INSERT INTO t (id, word) VALUES (?1, ?2)", params![id, word])
}

fn words(sql: &dyn Sql) -> Result<Vec<String>, Fault> {
    let rows = sql.query("SELECT word FROM t ORDER BY id", &[])?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

fn expect<T: PartialEq + std::fmt::Debug>(got: T, wanted: T) -> Result<(), Fault> {
    if got == wanted { Ok(()) } else { Err(Fault(format!("got {got:?}, wanted {wanted:?}"))) }
}

fn round_trip(sql: &dyn Sql) -> Result<(), Fault> {
    insert(sql, 7, "tide")?;
    let rows = sql.query("SELECT id, word FROM t", &[])?;
    expect(rows.len(), 1)?;
    expect(rows[0].number(0)?, 7)?;
    expect(rows[0].text(1)?, "tide")
}

fn large_numbers(sql: &dyn Sql) -> Result<(), Fault> {
    let most = (1_u64 << 53) - 1;
    insert(sql, most, "most")?;
    let row = sql.first("SELECT id FROM t WHERE id = ?1", params![most])?;
    expect(row.map(|row| row.number(0)).transpose()?, Some(most))
}

fn any_text(sql: &dyn Sql) -> Result<(), Fault> {
    let text = "潮汐 🌊 \u{0} \"'; DROP TABLE t; --";
    insert(sql, 1, text)?;
    expect(words(sql)?, vec![text.to_owned()])
}

fn null(sql: &dyn Sql) -> Result<(), Fault> {
    sql.execute("INSERT INTO t (id, word) VALUES (1, ?1)", params![Option::<&str>::None])?;
    let row = sql.first("SELECT word FROM t", &[])?;
    expect(row.as_ref().map(|row| row.0.clone()), Some(vec![Value::Null]))?;
    expect(row.map(|row| (row.number(0).is_err(), row.text(0).is_err())), Some((true, true)))
}

fn commit(sql: &dyn Sql) -> Result<(), Fault> {
    sql.atomically(|| insert(sql, 1, "kept"))?;
    expect(words(sql)?, vec!["kept".to_owned()])
}

fn rollback(sql: &dyn Sql) -> Result<(), Fault> {
    insert(sql, 1, "before")?;
    let undone: Result<(), Fault> = sql.atomically(|| {
        insert(sql, 2, "inside")?;
        sql.execute("UPDATE t SET word = 'changed' WHERE id = 1", &[])?;
        Err(Fault("on purpose".to_owned()))
    });
    expect(undone, Err(Fault("on purpose".to_owned())))?;
    expect(words(sql)?, vec!["before".to_owned()])
}

fn failed_statement(sql: &dyn Sql) -> Result<(), Fault> {
    expect(sql.execute("INSERT INTO missing VALUES (1)", &[]).is_err(), true)?;
    expect(sql.query("SELECT nothing FROM nowhere", &[]).is_err(), true)?;
    insert(sql, 1, "after")?;
    expect(words(sql)?, vec!["after".to_owned()])
}

fn failed_inside(sql: &dyn Sql) -> Result<(), Fault> {
    sql.atomically(|| {
        insert(sql, 1, "first")?;
        expect(insert(sql, 1, "again").is_err(), true)?;
        insert(sql, 2, "second")
    })?;
    expect(words(sql)?, vec!["first".to_owned(), "second".to_owned()])
}

fn unique(sql: &dyn Sql) -> Result<(), Fault> {
    insert(sql, 1, "one")?;
    expect(insert(sql, 1, "two").is_err(), true)?;
    expect(words(sql)?, vec!["one".to_owned()])
}

fn upsert(sql: &dyn Sql) -> Result<(), Fault> {
    for word in ["old", "new"] {
        sql.execute(
            "INSERT INTO t (id, word) VALUES (1, ?1)
             ON CONFLICT (id) DO UPDATE SET word = excluded.word",
            params![word],
        )?;
    }
    expect(words(sql)?, vec!["new".to_owned()])
}

fn returning(sql: &dyn Sql) -> Result<(), Fault> {
    insert(sql, 7, "tide")?;
    let row = sql.first("UPDATE t SET id = id + 1 RETURNING id, word", &[])?;
    let row = row.ok_or_else(|| Fault("nothing was returned".to_owned()))?;
    expect((row.number(0)?, row.text(1)?), (8, "tide"))?;
    let rows = sql.query("SELECT id FROM t WHERE id = 8", &[])?;
    expect(rows.len(), 1)
}

fn limit(sql: &dyn Sql) -> Result<(), Fault> {
    for id in 1..=5 {
        insert(sql, id, "word")?;
    }
    expect(sql.query("SELECT id FROM t LIMIT ?1", params![3_u64])?.len(), 3)
}

fn no_row(sql: &dyn Sql) -> Result<(), Fault> {
    expect(sql.first("SELECT id FROM t", &[])?.is_none(), true)
}

fn parameters(sql: &dyn Sql) -> Result<(), Fault> {
    let row = sql.first("SELECT ?2 || ?1 || ?2", params!["b", "a"])?;
    expect(row.map(|row| row.text(0).map(str::to_owned)).transpose()?, Some("aba".to_owned()))
}

fn instr(sql: &dyn Sql) -> Result<(), Fault> {
    insert(sql, 1, "小王在海边")?;
    let found = sql.query("SELECT id FROM t WHERE instr(word, ?1) > 0", params!["海"])?;
    expect(found.len(), 1)
}

const FULL_TEXT: &str = "CREATE VIRTUAL TABLE full_text USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='ascii')";

fn put(sql: &dyn Sql, id: u64, words: &str) -> Result<(), Fault> {
    sql.execute(
        "INSERT OR REPLACE INTO full_text (rowid, words) VALUES (?1, ?2)",
        params![id, words],
    )
}

fn found(sql: &dyn Sql, asked: &str) -> Result<Vec<u64>, Fault> {
    let query = "SELECT rowid FROM full_text WHERE full_text MATCH ?1 AND rowid BETWEEN ?2 AND ?3
                 ORDER BY rowid DESC LIMIT ?4";
    let rows = sql.query(query, params![asked, 0_u64, 9_u64, 5_u64])?;
    rows.iter().map(|row| row.number(0)).collect()
}

fn full_text(sql: &dyn Sql) -> Result<(), Fault> {
    sql.execute("DROP TABLE IF EXISTS full_text", &[])?;
    sql.execute(FULL_TEXT, &[])?;
    put(sql, 0, "小王 王在 在海 海 tide")?;
    put(sql, 7, "海边 边 👍 \u{e000}01938a5e")?;
    expect(found(sql, "\"海\"*")?, vec![7, 0])?;
    expect(found(sql, "\"小王\" AND \"tid\"*")?, vec![0])?;
    expect(found(sql, "\"👍\" AND (\"\u{e000}01938a5e\" OR \"x\")")?, vec![7])?;
    expect(found(sql, "\"王\"")?, vec![])
}

fn full_text_rows(sql: &dyn Sql) -> Result<(), Fault> {
    sql.execute("DROP TABLE IF EXISTS full_text", &[])?;
    let undone: Result<(), Fault> = sql.atomically(|| {
        sql.execute(FULL_TEXT, &[])?;
        Err(Fault("on purpose".to_owned()))
    });
    expect(undone, Err(Fault("on purpose".to_owned())))?;
    sql.execute(FULL_TEXT, &[])?;
    put(sql, 1, "old word")?;
    put(sql, 1, "new word")?;
    expect((found(sql, "\"old\"")?, found(sql, "\"word\"")?), (vec![], vec![1]))?;
    let undone: Result<(), Fault> = sql.atomically(|| {
        put(sql, 2, "word")?;
        Err(Fault("on purpose".to_owned()))
    });
    expect(undone, Err(Fault("on purpose".to_owned())))?;
    expect(found(sql, "\"word\"")?, vec![1])
}
