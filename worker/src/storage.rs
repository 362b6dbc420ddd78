//! [`Sql`] on the object's own SQLite storage.
//!
//! Everything here is synchronous: what a turn writes commits together once the turn has given way
//! to the event loop, and nothing that it sends leaves before.

use std::cell::Cell;
use std::collections::BTreeMap;

use tideline_server::sql::{Fault, Row, Sql, Value, Verdict};
use tideline_shared::Timestamp;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::State;
use worker::js_sys::{Array, Date, Iterator, JsString, Number, Promise};
use worker::wasm_bindgen_futures::JsFuture;
use worker::worker_sys::{DurableObjectStorage, SqlStorage, SqlStorageCursor};

use crate::meter::Meter;

/// Largest whole number that survives as a double.
const SAFE: u64 = 1 << 53;

#[wasm_bindgen]
extern "C" {
    /// The part of the storage that `worker` does not bind.
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        body: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;

    type Statements;

    // `worker` takes a Rust string, and would make a new one of the runtime's of it each time.
    #[wasm_bindgen(method, catch, variadic)]
    fn exec(
        this: &Statements,
        statement: &JsString,
        parameters: Array,
    ) -> Result<SqlStorageCursor, JsValue>;

    // `js_sys::Array::from` does not catch, and a statement may fail at any of its rows.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn collect(rows: &Iterator) -> Result<Array, JsValue>;
}

thread_local! {
    /// The statements of all objects of this instance, as the runtime's strings.
    // A `Cell`, taken and put back: nothing gives way to the event loop between.
    static STATEMENTS: Cell<BTreeMap<String, JsString>> = const { Cell::new(BTreeMap::new()) };
}

/// An object's storage.
pub(crate) struct Storage {
    storage: DurableObjectStorage,
    sql: SqlStorage,
    meter: Meter,
}

impl Storage {
    /// The storage of the object that `state` belongs to.
    pub(crate) fn of(state: &State, meter: Meter) -> Self {
        let storage = state.storage();
        let storage = storage.as_raw().unchecked_ref::<JsValue>().clone();
        let storage = storage.unchecked_into::<DurableObjectStorage>();
        let sql = storage.sql();
        Self { storage, sql, meter }
    }

    /// Sets the object's one alarm. Called in the turn that asked for it, it commits with what the
    /// turn wrote; the promise only tells that it is done.
    pub(crate) fn set_alarm(&self, at: Timestamp) -> Result<Promise, JsValue> {
        self.meter.count(|tally| tally.alarms += 1);
        let at = Date::new(&Number::from(at.0 as f64));
        self.storage.set_alarm(at, JsValue::NULL.unchecked_into())
    }

    /// When the alarm is set for, if it is. While one is being handled, it is not.
    pub(crate) async fn alarm(&self) -> Result<Option<Timestamp>, JsValue> {
        let alarm = self.storage.get_alarm(JsValue::NULL.unchecked_into())?;
        let at = JsFuture::from(alarm).await?.as_f64();
        Ok(at.map(|at| Timestamp(at as u64)))
    }

    /// Takes the alarm back.
    pub(crate) async fn delete_alarm(&self) -> Result<(), JsValue> {
        let deleted = self.storage.delete_alarm(JsValue::NULL.unchecked_into())?;
        JsFuture::from(deleted).await.map(drop)
    }

    /// Waits until everything that was written is on disk.
    pub(crate) async fn sync(&self) -> Result<(), JsValue> {
        JsFuture::from(self.storage.sync()?).await.map(drop)
    }

    fn run(&self, statement: &str, parameters: &[Value]) -> Result<SqlStorageCursor, Fault> {
        let bound = Array::new_with_length(0);
        for parameter in parameters {
            bound.push(&to_js(parameter)?);
        }
        let sql = self.sql.unchecked_ref::<Statements>();
        sql.exec(&interned(statement), bound).map_err(|error| fault(&error))
    }

    fn count(&self, cursor: &SqlStorageCursor) {
        self.meter.count(|tally| {
            tally.rows_read += cursor.rows_read() as u64;
            tally.rows_written += cursor.rows_written() as u64;
        });
    }
}

/// The same string of the runtime's for the same statement: by it the runtime finds what it has prepared.
fn interned(statement: &str) -> JsString {
    let mut statements = STATEMENTS.take();
    let known = statements.get(statement).cloned();
    let interned = known.unwrap_or_else(|| {
        let new = JsString::from(statement);
        statements.insert(statement.to_owned(), new.clone());
        new
    });
    STATEMENTS.set(statements);
    interned
}

impl Sql for Storage {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault> {
        // The first step of a statement that answers nothing is its last.
        self.run(statement, parameters).map(|cursor| self.count(&cursor))
    }

    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        let cursor = self.run(statement, parameters)?;
        // To the last row: a statement left half way would hold up the commit.
        let rows = collect(&cursor.raw()).map_err(|error| fault(&error))?;
        self.count(&cursor);
        rows.iter()
            .map(|row| Array::unchecked_from_js(row).iter().map(|value| from_js(&value)).collect())
            .map(|values: Result<_, Fault>| values.map(Row))
            .collect()
    }

    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault> {
        let mut verdict = None;
        let mut run = || {
            // What the closure throws is what undoes the transaction.
            match verdict.insert(body()) {
                Verdict::Commit => Ok(()),
                Verdict::Rollback => Err(JsValue::from_str("undone")),
            }
        };
        let ended = self.storage.unchecked_ref::<SyncStorage>().transaction_sync(&mut run);
        match (verdict, ended) {
            (Some(Verdict::Commit), Ok(())) | (Some(Verdict::Rollback), Err(_)) => Ok(()),
            (_, Err(error)) => Err(fault(&error)),
            (_, Ok(())) => Err(Fault("a transaction was kept that should not be".to_owned())),
        }
    }
}

fn to_js(value: &Value) -> Result<JsValue, Fault> {
    match value {
        Value::Null => Ok(JsValue::NULL),
        Value::Integer(number) if number.unsigned_abs() < SAFE => {
            Ok(JsValue::from_f64(*number as f64))
        }
        Value::Integer(number) => Err(Fault(format!("{number} does not fit a double"))),
        Value::Text(text) => Ok(JsValue::from_str(text)),
    }
}

fn from_js(value: &JsValue) -> Result<Value, Fault> {
    if value.is_null() {
        Ok(Value::Null)
    } else if let Some(number) = value.as_f64() {
        if number.fract() == 0.0 && number.abs() < SAFE as f64 {
            Ok(Value::Integer(number as i64))
        } else {
            Err(Fault(format!("a column holds {number}, which is no safe whole number")))
        }
    } else if let Some(text) = value.as_string() {
        Ok(Value::Text(text))
    } else {
        Err(Fault("a column holds neither number nor text".to_owned()))
    }
}

fn fault(error: &JsValue) -> Fault {
    Fault(message(error))
}

/// What an exception says.
pub(crate) fn message(error: &JsValue) -> String {
    match error.dyn_ref::<worker::js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| "unknown exception".to_owned()),
    }
}
