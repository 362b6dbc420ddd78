//! Databases of earlier programs, as they lie in `tests/schemas`: one of each actor and each step
//! of its schema, with rows.

use std::collections::BTreeMap;
use std::path::Path;

use tideline_server::limits::Limits;
use tideline_server::native::Sqlite;
use tideline_server::sql::{Sql, Value};
use tideline_server::{Address, AnyHost, Env};
use tideline_shared::{ConversationId, Timestamp, UserId};

/// The actors, and a call that each of them answers.
const ACTORS: [(&str, &str); 4] = [
    ("account", r#"{"type":"profile"}"#),
    (
        "conversation",
        r#"{"type":"command","by":"01938a5e-7c00-7000-8000-00000000000a","command":{"type":"history"}}"#,
    ),
    ("directory", r#"{"type":"find","query":"a"}"#),
    ("deployment", r#"{"type":"counts"}"#),
];

/// Asks an account what its timeline holds, before and after the step by which a row is a delivery.
const TIMELINE: [&str; 2] = [
    "SELECT json(message) FROM timeline ORDER BY version, n",
    "SELECT json(value) FROM timeline, json_each(messages) ORDER BY version",
];
const DELIVERIES: u64 = 18;

fn address(actor: &str) -> Address {
    match actor {
        "account" => Address::Account(UserId::new(1, [1; 10])),
        "conversation" => Address::Conversation(ConversationId::new(1, [1; 10])),
        "deployment" => Address::Deployment,
        _ => Address::Directory(0),
    }
}

/// A database as it was saved; none when there is no such step.
fn saved(actor: &str, step: u64) -> Option<Sqlite> {
    let path = format!("{}/tests/schemas/{actor}.{step}.sql", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(Path::new(&path)).ok()?;
    let sql = Sqlite::in_memory().expect("opens");
    for statement in text.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        sql.execute(statement, &[]).unwrap_or_else(|fault| panic!("{path}: {fault}: {statement}"));
    }
    Some(sql)
}

/// Has an actor answer on a database.
fn call(actor: &str, sql: &Sqlite, body: &str) -> String {
    let env = Env {
        now: Timestamp(1_800_000_000_000),
        random: &mut |bytes: &mut [u8]| bytes.fill(7),
        sql,
        limits: &Limits::default(),
    };
    AnyHost::new(address(actor)).call(env, body).0
}

fn texts(sql: &Sqlite, query: &str) -> Vec<String> {
    let rows = sql.query(query, &[]).expect("the query is right");
    rows.iter().map(|row| row.text(0).expect("is text").to_owned()).collect()
}

/// What the tables look like, whatever way they came about.
fn schema(sql: &Sqlite) -> Vec<String> {
    let query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    texts(sql, query).into_iter().map(tidy).collect()
}

/// All rows, by table.
fn rows(sql: &Sqlite) -> BTreeMap<String, Vec<Vec<Value>>> {
    let tables = texts(sql, "SELECT name FROM sqlite_master WHERE type = 'table'");
    let tables = tables.into_iter().filter(|name| name != "sqlite_sequence");
    let read = |table: &str| sql.query(&format!("SELECT * FROM {table}"), &[]).expect("reads");
    tables
        .map(|table| {
            let rows = read(&table).into_iter().map(|row| row.0).collect();
            (table, rows)
        })
        .collect()
}

fn steps(sql: &Sqlite) -> u64 {
    let rows = sql.query("SELECT max(step) FROM migrations", &[]).expect("reads");
    rows[0].number(0).expect("a number")
}

/// A new step without a saved database of the one before, or a step that was changed after it went
/// out, fails here. Save what the message shows, with rows in every table.
#[test]
fn every_step_of_every_schema_is_saved() {
    for (actor, body) in ACTORS {
        let fresh = Sqlite::in_memory().expect("opens");
        call(actor, &fresh, body);
        let newest = steps(&fresh);
        for step in 1..=newest {
            let saved = saved(actor, step).unwrap_or_else(|| {
                panic!("tests/schemas/{actor}.{step}.sql is missing; today: {:#?}", schema(&fresh))
            });
            assert_eq!(steps(&saved), step, "{actor}.{step}");
            for (table, rows) in rows(&saved) {
                assert!(!rows.is_empty(), "{actor}.{step} has no row in {table}");
            }
            if step == newest {
                assert_eq!(schema(&saved), schema(&fresh), "{actor}.{step}");
            }
        }
    }
}

#[test]
fn every_earlier_database_is_upgraded_once_and_keeps_its_rows() {
    for (actor, body) in ACTORS {
        let fresh = Sqlite::in_memory().expect("opens");
        call(actor, &fresh, body);
        for step in 1..=steps(&fresh) {
            let sql = saved(actor, step).expect("is saved");
            let mut before = rows(&sql);
            let answer = call(actor, &sql, body);
            assert!(answer.starts_with(r#"{"Ok""#), "{actor}.{step}: {answer}");
            assert_eq!(schema(&sql), schema(&fresh), "{actor}.{step}");
            let mut after = rows(&sql);
            before.remove("migrations");
            after.remove("migrations");
            // A row of the timeline holds all that came at once; none of it is lost.
            let messages = |sql: &Sqlite| match actor {
                "account" => texts(sql, TIMELINE[usize::from(steps(sql) >= DELIVERIES)]),
                _ => Vec::new(),
            };
            assert_eq!(
                messages(&saved(actor, step).expect("is saved")),
                messages(&sql),
                "{actor}.{step}"
            );
            before.remove("timeline");
            for (table, rows) in &before {
                let kept = after.get(table).map_or(0, Vec::len);
                // What others were not told by an earlier program is owed to them now.
                let may_grow = table == "outbox" && kept > rows.len();
                assert!(kept == rows.len() || may_grow, "{actor}.{step} {table}");
            }
            // Opened again, nothing happens.
            let (commits, answer_again) = (sql.commits(), call(actor, &sql, body));
            assert_eq!((sql.commits(), answer_again), (commits, answer), "{actor}.{step}");
        }
    }
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    for (actor, body) in ACTORS {
        let sql = saved(actor, 1).expect("is saved");
        sql.execute("INSERT INTO migrations (step, at) VALUES (999, 1)", &[]).expect("inserts");
        let before = rows(&sql);
        let answer = call(actor, &sql, body);
        assert!(answer.contains(r#""code":"internal""#), "{actor}: {answer}");
        assert_eq!(rows(&sql), before, "{actor}");
    }
}
