//! Who can be found, and by what.

use tideline_search::fold;
use tideline_shared::protocol::Listed;
use tideline_shared::{Person, limits};

use crate::params;
use crate::sql::{Fault, Sql};

/// Lists somebody under what they are called now. Who is called nothing stays as an empty row,
/// which no search finds, so that an older name that comes late is not listed again. Whether they were
/// not listed before.
pub(super) fn list(
    sql: &dyn Sql,
    person: &Person,
    version: u64,
    signature: &str,
) -> Result<bool, Fault> {
    let user_name = person.user_name.as_deref();
    let query = "SELECT 1 FROM people WHERE user = ?1";
    let is_new = sql.first(query, params![person.user.to_string()])?.is_none();
    sql.execute(
        "INSERT INTO people
         (user, user_name, display_name, folded_user_name, folded_display_name, version,
          signature, folded_signature, avatar)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (user) DO UPDATE SET
            user_name = excluded.user_name,
            display_name = excluded.display_name,
            folded_user_name = excluded.folded_user_name,
            folded_display_name = excluded.folded_display_name,
            version = excluded.version,
            signature = excluded.signature,
            folded_signature = excluded.folded_signature,
            avatar = excluded.avatar
         WHERE excluded.version > people.version",
        params![
            person.user.to_string(),
            user_name,
            person.display_name.as_str(),
            user_name.map(fold),
            fold(&person.display_name),
            version,
            signature,
            fold(signature),
            person.avatar.map(|avatar| avatar.to_string())
        ],
    )?;
    Ok(is_new)
}

/// People with `query` in one of their names or their signature: whole names first, then their
/// beginnings, then other parts of names, then signatures.
///
/// Reads the shard's whole list (`instr` needs no index and finds single characters of any
/// script); with thousands of people that is a fraction of a millisecond for each of the shards.
pub(super) fn find(sql: &dyn Sql, query: &str) -> Result<Vec<(u8, Listed)>, Fault> {
    let rows = sql.query(
        "SELECT user, user_name, display_name, signature,
            CASE
                WHEN folded_display_name = ?1 OR folded_user_name = ?1 THEN 0
                WHEN instr(folded_display_name, ?1) = 1 OR instr(folded_user_name, ?1) = 1 THEN 1
                WHEN instr(folded_display_name, ?1) > 0 OR instr(folded_user_name, ?1) > 0 THEN 2
                ELSE 3
            END AS distance, avatar
         FROM people
         WHERE instr(folded_display_name, ?1) > 0 OR instr(folded_user_name, ?1) > 0
            OR instr(folded_signature, ?1) > 0
         ORDER BY distance, folded_display_name, user
         LIMIT ?2",
        params![fold(query), limits::FOUND_PEOPLE as u64],
    )?;
    rows.iter()
        .map(|row| {
            let person = Person {
                user: row.parse(0)?,
                user_name: row.maybe_text(1)?.map(str::to_owned),
                display_name: row.text(2)?.to_owned(),
                avatar: row.maybe(5)?,
            };
            let listed = Listed { person, signature: row.text(3)?.to_owned() };
            Ok((u8::try_from(row.number(4)?).unwrap_or(u8::MAX), listed))
        })
        .collect()
}

/// Folds the names that were listed by a program that folded them otherwise.
pub(super) fn fold_again(sql: &dyn Sql) -> Result<(), Fault> {
    for row in sql.query("SELECT user, user_name, display_name FROM people", &[])? {
        sql.execute(
            "UPDATE people SET folded_user_name = ?2, folded_display_name = ?3 WHERE user = ?1",
            params![row.text(0)?, row.maybe_text(1)?.map(fold), fold(row.text(2)?)],
        )?;
    }
    Ok(())
}
