//! The little that an actor asks of a database, so that the same statements run on an object's
//! storage in the Worker and on `rusqlite` natively. [`crate::conformance`] runs on both.

use std::rc::Rc;

/// What a statement is given, and what a row holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// Up to 2^53 in size: the Worker's runtime passes numbers as doubles.
    Integer(i64),
    /// UTF-8.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        // Versions, sequences and times stay below 2^53 for longer than anybody will run this.
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The storage failed, or holds what this program did not write. For the log, never for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage fault: {0}")]
pub struct Fault(pub String);

/// One row of an answer, columns in the order of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text in `column`.
    ///
    /// # Errors
    /// When something else is there.
    pub fn text(&self, column: usize) -> Result<&str, Fault> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(Fault(format!("column {column} holds {other:?}, not text"))),
        }
    }

    /// The text in `column`, none for NULL.
    ///
    /// # Errors
    /// When something else is there.
    pub fn maybe_text(&self, column: usize) -> Result<Option<&str>, Fault> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// The whole number in `column`; versions, sequences, times and counts are never negative.
    ///
    /// # Errors
    /// When something else is there.
    pub fn number(&self, column: usize) -> Result<u64, Fault> {
        match self.0.get(column) {
            Some(Value::Integer(number)) if *number >= 0 => Ok(number.unsigned_abs()),
            other => Err(Fault(format!("column {column} holds {other:?}, not a number"))),
        }
    }

    /// The whole number in `column`, none for NULL.
    ///
    /// # Errors
    /// When something else is there.
    pub fn maybe_number(&self, column: usize) -> Result<Option<u64>, Fault> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    /// What is written as text in `column`: an id.
    ///
    /// # Errors
    /// When it does not read as `T`.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T, Fault> {
        let text = self.text(column)?;
        text.parse().map_err(|_| Fault(format!("column {column} holds {text:?}")))
    }

    /// The same, none for NULL.
    ///
    /// # Errors
    /// When it does not read as `T`.
    pub fn maybe<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>, Fault> {
        self.maybe_text(column)?.map(|_| self.parse(column)).transpose()
    }

    /// What is written as JSON in `column`.
    ///
    /// # Errors
    /// When it does not read as `T`.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, Fault> {
        serde_json::from_str(self.text(column)?)
            .map_err(|error| Fault(format!("column {column}: {error}")))
    }
}

/// Whether a transaction is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it stays.
    Commit,
    /// Nothing of it ever was.
    Rollback,
}

/// A private SQLite database.
///
/// Tables are `STRICT`, parameters are `?1`, `?2`, …, at most 100 of them.
pub trait Sql {
    /// Runs one statement that changes something.
    ///
    /// # Errors
    /// When the storage refuses it.
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<(), Fault>;

    /// Runs one statement that asks something.
    ///
    /// # Errors
    /// When the storage refuses it.
    fn query(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault>;

    /// The same of a statement that is asked in nearly every turn, with the `tables` that its answer is made
    /// of: the answer may be kept until one of them is written.
    ///
    /// # Errors
    /// When the storage refuses it.
    fn cached(
        &self,
        tables: &'static [&'static str],
        statement: &str,
        parameters: &[Value],
    ) -> Result<Rc<[Row]>, Fault> {
        let _ = tables;
        self.query(statement, parameters).map(Rc::from)
    }

    /// What [`Sql::cached`] would answer now, from whoever wrote what changed it.
    fn learn(
        &self,
        tables: &'static [&'static str],
        statement: &str,
        parameters: &[Value],
        row: Row,
    ) {
        let _ = (tables, statement, parameters, row);
    }

    /// Runs `body` in a transaction and does as it says. Not nested.
    ///
    /// # Errors
    /// When the transaction cannot be begun or ended; nothing of it is kept then.
    fn transaction(&self, body: &mut dyn FnMut() -> Verdict) -> Result<(), Fault>;
}

impl dyn Sql + '_ {
    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// As [`Sql::query`].
    pub fn first(&self, statement: &str, parameters: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.query(statement, parameters)?.into_iter().next())
    }

    /// Whether there is any row of one table, which may be known from before: [`Sql::cached`].
    ///
    /// # Errors
    /// As [`Sql::query`].
    pub fn has_any(
        &self,
        table: &'static [&'static str; 1],
        which: &str,
        parameters: &[Value],
    ) -> Result<bool, Fault> {
        let statement = format!("SELECT 1 FROM {} {which} LIMIT 1", table[0]);
        Ok(!self.cached(table, &statement, parameters)?.is_empty())
    }

    /// Runs `body` in a transaction that is kept when it succeeds and undone when it fails.
    ///
    /// # Errors
    /// The body's, and the transaction's own.
    pub fn atomically<T, E: From<Fault>>(
        &self,
        body: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut body = Some(body);
        let mut result = None;
        self.transaction(&mut || {
            let outcome = body.take().map(|body| body());
            let verdict =
                if matches!(outcome, Some(Ok(_))) { Verdict::Commit } else { Verdict::Rollback };
            result = outcome;
            verdict
        })?;
        result.unwrap_or_else(|| Err(Fault("the transaction never ran".to_owned()).into()))
    }
}

/// The parameters of a statement.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
