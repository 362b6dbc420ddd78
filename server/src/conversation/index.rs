//! The index for search: which messages may contain a word.
//!
//! An FTS5 table of our own words ([`tideline_search::tokens`]), one row for [`BLOCK`] messages next to
//! each other. It follows the messages' versions, some way behind: what changed after the version in
//! `clock.indexed` is looked into directly, so nothing needs to tell the index of an edit or a
//! recall, and no message waits for it. The table is made with its first row: most conversations are
//! so short that they never need it.
//!
//! What the index brings is judged by the messages themselves ([`super::search`]): it may bring too
//! much, and words that are not said any more.

use tideline_search::{Folded, Tokens, held_by, tokens, told};
use tideline_shared::protocol::Body;
use tideline_shared::search::Has;
use tideline_shared::{Timestamp, UserId};

use super::Clock;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::Turn;

/// Messages in one row of the index. ARCHITECTURE.md has the figures by which it was chosen.
pub(super) const BLOCK: u64 = 8;
/// Changes that the index waits for, to take them in together.
const WAITING: u64 = 64;
/// Messages that change the index in one turn.
const STEP: u64 = 256;
/// How long after such a turn the next one follows, while there is more, in milliseconds: those who
/// talk come between.
const PAUSE_MS: u64 = 50;

/// The schema's step.
pub(super) const SCHEMA: &[&str] =
    &["ALTER TABLE clock ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0"];

/// A later step: the names of files are words, too, so all of it is taken in anew.
pub(super) const NAMES: &[&str] =
    &["DROP TABLE IF EXISTS search", "UPDATE clock SET indexed = 0 WHERE indexed > 0"];

/// `ascii` takes every character beyond ASCII for a letter: the words are cut already.
const TABLE: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='ascii')";

/// The block that a message is in, from 0.
pub(super) fn block_of(seq: u64) -> u64 {
    (seq.max(1) - 1) / BLOCK
}

/// The word by which a person's messages are found. No text has words with this character.
pub(super) fn author_word(user: UserId) -> String {
    format!("\u{e000}{}", user.to_string().replace('-', ""))
}

/// The word by which messages are found that hold something.
pub(super) fn has_word(has: Has) -> String {
    format!("\u{e001}{}", has.as_str())
}

/// When to look at the index again. Lost with the memory, it is looked at sooner.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The conversation's version from which on there may be enough to do.
    from: u64,
}

impl Index {
    /// Takes in what waits, if it is enough; says when to be woken for the rest.
    pub(super) fn pump(&mut self, turn: &Turn<'_>, now: Clock) -> Result<Option<Timestamp>, Fault> {
        if now.version < self.from {
            return Ok(None);
        }
        if now.version - now.indexed.min(now.version) < WAITING {
            self.from = now.indexed + WAITING;
            return Ok(None);
        }
        let more = step(turn.sql, now.indexed, now.version, now.last_seq)?;
        self.from = if more { 0 } else { now.version + WAITING };
        Ok(more.then(|| turn.now.after(PAUSE_MS)))
    }
}

/// Takes in the messages that were left unchanged the longest; whether there are more.
fn step(sql: &dyn Sql, indexed: u64, version: u64, last_seq: u64) -> Result<bool, Fault> {
    let mut changed = changed(sql, "version > ?1 ORDER BY version LIMIT ?2", indexed, STEP)?;
    let all = (changed.len() as u64) < STEP;
    if let Some(&(_, last)) = changed.last()
        && !all
    {
        // Messages that changed together have one version: they are taken in together.
        if changed.first().is_some_and(|&(_, first)| first < last) {
            changed.retain(|&(_, version)| version < last);
        } else {
            changed = self::changed(sql, "version = ?1 LIMIT ?2", last, u64::from(u32::MAX))?;
        }
    }
    // The last block waits until it is full: it would be written again with every step.
    let full = last_seq / BLOCK;
    let waits = changed.iter().position(|&(seq, _)| block_of(seq) >= full);
    let to = match waits {
        Some(first) => {
            let version = changed[first].1;
            changed.retain(|&(_, other)| other < version);
            version - 1
        }
        None if all => version,
        None => changed.last().map_or(version, |&(_, version)| version),
    };
    let mut blocks: Vec<u64> = changed.iter().map(|&(seq, _)| block_of(seq)).collect();
    blocks.sort_unstable();
    blocks.dedup();
    if to > indexed {
        sql.execute(TABLE, &[])?;
        for block in blocks {
            write(sql, block)?;
        }
        sql.execute("UPDATE clock SET indexed = ?1", params![to])?;
    }
    Ok(!all && waits.is_none())
}

/// Changed messages with the versions that changed them.
fn changed(sql: &dyn Sql, which: &str, from: u64, most: u64) -> Result<Vec<(u64, u64)>, Fault> {
    let query = format!("SELECT seq, version FROM messages WHERE {which}");
    let rows = sql.query(&query, params![from, most])?;
    rows.iter().map(|row| Ok((row.number(0)?, row.number(1)?))).collect()
}

/// Writes the row of a block from its messages as they are now.
fn write(sql: &dyn Sql, block: u64) -> Result<(), Fault> {
    let rows = sql.query(
        "SELECT author, body FROM messages WHERE seq > ?1 AND seq <= ?2",
        params![block * BLOCK, (block + 1) * BLOCK],
    )?;
    let mut words = Tokens::new();
    for row in &rows {
        let body: Body = row.json(1)?;
        let Some(told) = told(&body) else { continue };
        tokens(&Folded::of(&told), &mut words);
        words.insert(author_word(row.parse(0)?));
        words.extend(held_by(&body).map(has_word));
    }
    let words = words.into_iter().collect::<Vec<_>>().join(" ");
    sql.execute(
        "INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)",
        params![block, words],
    )
}
