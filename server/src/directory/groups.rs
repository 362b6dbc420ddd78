//! Which public groups can be found, and by what. What they are now, and who may see it, the groups
//! say themselves.

use tideline_search::{Needles, fold};
use tideline_shared::{ConversationId, limits};

use crate::params;
use crate::sql::{Fault, Sql};

/// Lists a group under what it says of itself now: name, type, description. One that is not public
/// any more stays as an empty row, which no search finds, so that older facts that come late do not
/// list it again.
pub(super) fn list(
    sql: &dyn Sql,
    conversation: ConversationId,
    version: u64,
    facts: Option<[String; 3]>,
) -> Result<(), Fault> {
    let told = facts.as_ref().map(|facts| facts.join("\n")).unwrap_or_default();
    let [name, ..] = facts.unwrap_or_default();
    sql.execute(
        "INSERT INTO groups (conversation, name, told, version) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (conversation) DO UPDATE SET
            name = excluded.name, told = excluded.told, version = excluded.version
         WHERE excluded.version > groups.version",
        params![conversation.to_string(), name, told, version],
    )
}

/// Groups with every word of `query` in what they say of themselves: whole names first, then their
/// beginnings, then other parts of names, then the rest.
///
/// Reads the shard's whole list, as [`super::people`] does.
pub(super) fn find(sql: &dyn Sql, query: &str) -> Result<Vec<(u8, String, ConversationId)>, Fault> {
    let (needles, whole) = (Needles::of_words(query), fold(query.trim()));
    let mut found = Vec::new();
    for row in sql.query("SELECT conversation, name, told FROM groups WHERE told <> ''", &[])? {
        if needles.is_empty() || needles.marks(row.text(2)?).is_none() {
            continue;
        }
        let name = row.text(1)?;
        let distance = match needles.marks(name) {
            Some(_) if fold(name) == whole => 0,
            Some(marks) if marks.first().is_some_and(|(start, _)| *start == 0) => 1,
            Some(_) => 2,
            None => 3,
        };
        found.push((distance, name.to_owned(), row.parse(0)?));
    }
    found.sort();
    found.truncate(limits::FOUND_GROUPS);
    Ok(found)
}
