//! Searching what was said here: the index brings blocks of messages that may match, newest first,
//! and what it does not know yet is looked into directly.
//!
//! A turn looks into so many messages and no more; `next` says where to go on.

use std::collections::BTreeMap;

use tideline_search::{Mark, Needles, Wanted, authors, excerpt, told};
use tideline_shared::protocol::{FoundGroup, Hit, Kind, Record};
use tideline_shared::search::{Has, Search};
use tideline_shared::{Code, ConversationId, MessageId, Timestamp, UserId};

use super::blocks::Veil;
use super::index::{BLOCK, author_word, block_of, has_word};
use super::{ConversationAnswer, clock, history, members, record};
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::Failure;

/// Messages that one turn looks into at most, of those that the index brings and of those that it
/// does not know, each.
const LOOKED_INTO: u64 = 800;

/// The newest messages that match, older than `before`.
pub(super) fn search(
    sql: &dyn Sql,
    by: UserId,
    search: &Search,
    zone_min: i32,
    before: Option<u64>,
    most: usize,
) -> Result<ConversationAnswer, Failure> {
    members::require(sql, by)?;
    let Some(query) = Query::of(sql, by, search, zone_min, before)? else {
        return Ok(ConversationAnswer::Found { hits: Vec::new(), next: None });
    };
    let mut found = query.unindexed(sql)?;
    query.indexed(sql, most, &mut found)?;
    let Found { hits, floor } = found;
    // Below the floor something may be missing between two hits.
    let mut hits: Vec<_> = hits.into_iter().rev().filter(|(seq, _)| *seq >= floor).collect();
    let mut next = (floor > query.from).then_some(floor);
    if hits.len() > most {
        hits.truncate(most);
        next = hits.last().map(|(seq, _)| *seq);
    }
    let hits = hits.into_iter().map(|(seq, hit)| hit.show(sql, seq)).collect::<Result<_, _>>()?;
    Ok(ConversationAnswer::Found { hits, next })
}

/// The group, if everything that was typed is in its name, its type or its description.
pub(super) fn group(sql: &dyn Sql, by: UserId, query: &str) -> Result<ConversationAnswer, Failure> {
    if Needles::of_words(query).is_empty() {
        return Err(Code::QueryEmpty.into());
    }
    members::require(sql, by)?;
    let stored = record::require(sql)?;
    let record = stored.record;
    if record.kind != Kind::Group || !says(&record, query) {
        return Ok(ConversationAnswer::FoundGroup { group: None });
    }
    let conversation: ConversationId = stored.conversation;
    let group = FoundGroup {
        conversation,
        name: record.name,
        group_type: record.group_type,
        description: record.description,
        members: members::count(sql)?,
        avatar: record.avatar,
    };
    Ok(ConversationAnswer::FoundGroup { group: Some(group) })
}

/// Whether everything that was typed is in a group's name, its type or its description.
pub(super) fn says(record: &Record, query: &str) -> bool {
    let told = [&record.name, &record.group_type, &record.description];
    Needles::of_words(query).marks(&told.map(String::as_str).join("\n")).is_some()
}

/// A query as this conversation understands it.
struct Query {
    wanted: Wanted,
    /// What is withheld from who asks is not found.
    veil: Veil,
    /// The `seq` of the oldest message that may match…
    from: u64,
    /// …and the first that may not any more.
    to: u64,
}

/// What was found so far, and from where on that is all there is.
struct Found {
    hits: BTreeMap<u64, Match>,
    floor: u64,
}

/// A message that matches.
struct Match {
    id: MessageId,
    author: UserId,
    at: Timestamp,
    text: String,
    marks: Vec<Mark>,
    holds: Option<Has>,
}

impl Query {
    /// None when nothing here can match.
    fn of(
        sql: &dyn Sql,
        by: UserId,
        search: &Search,
        zone_min: i32,
        before: Option<u64>,
    ) -> Result<Option<Self>, Failure> {
        let authors = authors_of(sql, by, search)?;
        if authors.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let wanted = Wanted::of(search, authors, zone_min)?;
        let end = clock(sql)?.last_seq + 1;
        let from = match search.after {
            Some(_) => history::first_since(sql, wanted.since)?,
            None => 1,
        };
        let last = match search.before {
            Some(_) => history::first_since(sql, wanted.until)?,
            None => end,
        };
        let to = last.min(before.unwrap_or(end));
        let veil = Veil::of(sql, by)?;
        Ok((from < to).then_some(Self { wanted, veil, from, to }))
    }

    /// Looks into what changed since the index was brought up to date.
    fn unindexed(&self, sql: &dyn Sql) -> Result<Found, Fault> {
        let rows = sql.query(
            "SELECT seq, id, author, at, body FROM messages INDEXED BY messages_version
             WHERE version > ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4",
            params![clock(sql)?.indexed, self.from, self.to, LOOKED_INTO],
        )?;
        let floor = match rows.last() {
            Some(oldest) if rows.len() as u64 == LOOKED_INTO => oldest.number(0)?,
            _ => self.from,
        };
        let mut found = Found { hits: BTreeMap::new(), floor };
        self.look_into(&rows, &mut found)?;
        Ok(found)
    }

    /// Looks into what the index brings, until there are more than `most` hits.
    fn indexed(&self, sql: &dyn Sql, most: usize, found: &mut Found) -> Result<(), Fault> {
        let indexed = clock(sql)?.indexed;
        if indexed == 0 {
            return Ok(());
        }
        let blocks = self.blocks(sql)?;
        let all = (blocks.len() as u64) < LOOKED_INTO / BLOCK;
        let mut looked_to = self.to;
        for block in blocks {
            if found.hits.range(looked_to.max(found.floor)..).nth(most).is_some() {
                found.floor = found.floor.max(looked_to);
                return Ok(());
            }
            let (from, to) = (block * BLOCK + 1, (block + 1) * BLOCK + 1);
            let rows = sql.query(
                "SELECT seq, id, author, at, body FROM messages
                 WHERE seq >= ?1 AND seq < ?2 AND version <= ?3",
                params![from.max(self.from), to.min(self.to), indexed],
            )?;
            self.look_into(&rows, found)?;
            looked_to = from;
        }
        if !all {
            found.floor = found.floor.max(looked_to);
        }
        Ok(())
    }

    /// The newest blocks that may match.
    fn blocks(&self, sql: &dyn Sql) -> Result<Vec<u64>, Fault> {
        let (first, last, most) = (block_of(self.from), block_of(self.to - 1), LOOKED_INTO / BLOCK);
        let expression = self.expression();
        if expression.is_empty() {
            return Ok((first..=last).rev().take(most as usize).collect());
        }
        let rows = sql.query(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3
             ORDER BY rowid DESC LIMIT ?4",
            params![expression, first, last, most],
        )?;
        rows.iter().map(|row| row.number(0)).collect()
    }

    /// What to ask the index for.
    fn expression(&self) -> String {
        let mut asked = self.wanted.needles.expression();
        asked.extend(self.wanted.has.iter().map(|&has| format!("\"{}\"", has_word(has))));
        if let Some(authors) = &self.wanted.authors {
            let any = authors.iter().map(|&user| format!("\"{}\"", author_word(user)));
            asked.push(format!("({})", any.collect::<Vec<_>>().join(" OR ")));
        }
        asked.join(" AND ")
    }

    fn look_into(&self, rows: &[Row], found: &mut Found) -> Result<(), Fault> {
        for row in rows {
            let (author, at) = (row.parse(2)?, Timestamp(row.number(3)?));
            let Some(body) = self.veil.body(author, row.number(0)?, row.json(4)?) else { continue };
            if let Some(marks) = self.wanted.marks(author, at, &body) {
                let id = row.parse(1)?;
                let (text, holds) = (told(&body).unwrap_or_default().into_owned(), body.holds());
                let hit = Match { id, author, at, text, marks, holds };
                found.hits.insert(row.number(0)?, hit);
            }
        }
        Ok(())
    }
}

impl Match {
    fn show(self, sql: &dyn Sql, seq: u64) -> Result<Hit, Fault> {
        let author = members::load(sql, self.author)?;
        let (excerpt, marks) = excerpt(&self.text, &self.marks);
        Ok(Hit {
            id: self.id,
            seq,
            author: self.author,
            author_name: author.map(|stored| stored.member.person.display_name).unwrap_or_default(),
            at: self.at,
            excerpt,
            marks,
            holds: self.holds,
        })
    }
}

/// Whose messages are looked for; none for anybody's.
fn authors_of(sql: &dyn Sql, by: UserId, search: &Search) -> Result<Option<Vec<UserId>>, Fault> {
    if search.from.is_none() {
        return Ok(authors(search, &[], by));
    }
    let everybody = members::changed_since(sql, 0)?;
    let people: Vec<_> = everybody.iter().map(|stored| &stored.member.person).collect();
    Ok(authors(search, &people, by))
}
