//! Who deleted their account: reports and the log keep their id and no name, whatever comes late.

use tideline_shared::{Person, UserId};

use super::owner;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Turn, to_json};

/// The schema's step. An index for each of [`NAMES`].
pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE gone (
        user TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX reports_by ON reports (json_extract(reported, '$.by.user'))",
    "CREATE INDEX reports_about ON reports (json_extract(reported, '$.about.user'))",
    "CREATE INDEX log_by ON log (json_extract(made_by, '$.user'))",
    "CREATE INDEX log_about ON log (json_extract(did, '$.person.user'))",
];

/// Where a [`Person`] stands: table, column of JSON, path.
const NAMES: [(&str, &str, &str); 4] = [
    ("reports", "reported", "$.by"),
    ("reports", "reported", "$.about"),
    ("log", "made_by", "$"),
    ("log", "did", "$.person"),
];

/// The account is no more: takes the person's name out of everything, and the deployment from them
/// should they own it.
pub(super) fn take_in(turn: &Turn<'_>, user: UserId) -> Result<(), Fault> {
    let id = user.to_string();
    turn.sql.execute("INSERT OR IGNORE INTO gone (user) VALUES (?1)", params![id.as_str()])?;
    let nobody = to_json(&Person::nobody(user))?;
    for (table, column, path) in NAMES {
        let update = format!(
            "UPDATE {table} SET {column} = json_set({column}, '{path}', json(?2))
             WHERE json_extract({column}, '{path}.user') = ?1"
        );
        turn.sql.execute(&update, params![id.as_str(), nobody.as_str()])?;
    }
    owner::resign(turn.sql, user)
}

/// The person as they may be kept: nobody, once they are gone.
pub(super) fn or_nobody(sql: &dyn Sql, person: &Person) -> Result<Person, Fault> {
    let query = "SELECT 1 FROM gone WHERE user = ?1";
    let is_gone = sql.first(query, params![person.user.to_string()])?.is_some();
    Ok(if is_gone { Person::nobody(person.user) } else { person.clone() })
}
