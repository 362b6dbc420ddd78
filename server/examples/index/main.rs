//! Which index finds what people say? `cargo run --release -p tideline-server --example index
//! -- [messages]` fills each with the same made-up messages and asks each the same questions.
//!
//! For each index: bytes on disk; rows of shadow tables written for a message, and rows that the
//! runtime bills for it (it counts one for a row put into the virtual table, whatever that writes);
//! the time to index a message; the time to find the newest 20 that match, including the look into
//! the messages that the index brings; and how many of the messages that a reader would call a match
//! were found.

mod corpus;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use corpus::Corpus;
use rusqlite::{Connection, OptionalExtension, params};
use tideline_search::{Folded, Needles, Tokens, tokens};
use tideline_shared::search::Search;

/// Messages put into an index in one transaction, where it may wait.
const BATCH: usize = 64;
/// Hits on a page.
const PAGE: usize = 20;
/// Questions.
const QUERIES: usize = 150;

/// What an index is given, and how it is asked.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// The text, as it is; the engine cuts it into words, and is asked for what was typed, as a
    /// phrase, behind which there is this.
    Text(&'static str),
    /// Our words, of so many messages in one row.
    Words { together: usize },
    /// No index: every message is looked into.
    Nothing,
}

struct Variant {
    name: &'static str,
    options: &'static str,
    how: How,
    /// Messages in one transaction.
    batch: usize,
}

const OURS: &str = "words, content='', contentless_delete=1, detail=none, tokenize='ascii'";

const VARIANTS: &[Variant] = &[
    Variant { name: "none (look into all)", options: "", how: How::Nothing, batch: 1 },
    Variant {
        name: "unicode61",
        options: "words, content='', contentless_delete=1, tokenize='unicode61'",
        how: How::Text("*"),
        batch: 1,
    },
    Variant {
        name: "trigram",
        options: "words, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1'",
        how: How::Text(""),
        batch: 1,
    },
    Variant {
        name: "ours, detail=full, at once",
        options: "words, content='', contentless_delete=1, tokenize='ascii'",
        how: How::Words { together: 1 },
        batch: 1,
    },
    Variant { name: "ours, at once", options: OURS, how: How::Words { together: 1 }, batch: 1 },
    Variant {
        name: "ours, prefix=1, batches",
        options: "words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='1'",
        how: How::Words { together: 1 },
        batch: BATCH,
    },
    Variant { name: "ours, batches", options: OURS, how: How::Words { together: 1 }, batch: BATCH },
    Variant {
        name: "ours, blocks of 8",
        options: OURS,
        how: How::Words { together: 8 },
        batch: BATCH,
    },
    Variant {
        name: "ours, blocks of 16",
        options: OURS,
        how: How::Words { together: 16 },
        batch: BATCH,
    },
    Variant {
        name: "ours, blocks of 32",
        options: OURS,
        how: How::Words { together: 32 },
        batch: BATCH,
    },
    Variant {
        name: "ours, blocks of 64",
        options: OURS,
        how: How::Words { together: 64 },
        batch: BATCH,
    },
];

fn main() -> Result<(), rusqlite::Error> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let mut corpus = Corpus::new(7);
    let said: Vec<String> = (0..count).map(|_| corpus.message()).collect();
    let bytes: usize = said.iter().map(String::len).sum();
    println!("{count} messages, {:.1} MB of text, {QUERIES} questions\n", mb(bytes));
    let asked: Vec<(&str, String, Needles)> = (0..QUERIES)
        .map(|_| corpus.query(&said))
        .filter_map(|(kind, typed)| {
            let needles = Needles::of(&Search::parse(&typed).ok()?.terms);
            Some((kind, typed, needles))
        })
        .collect();
    // What a reader would find: the rule of `tideline_search`, on every message.
    let truth: Vec<BTreeSet<usize>> = asked
        .iter()
        .map(|(_, _, needles)| {
            (1..=count).filter(|&seq| needles.marks(&said[seq - 1]).is_some()).collect()
        })
        .collect();
    println!(
        "| index | size, MB | shadow rows a message | billed rows a message | µs to index a message \
         | ms to find, p50 | p99 | most | recall | recall of 1 and 2 Han |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for variant in VARIANTS {
        let index = Index::fill(variant, &said)?;
        let mut times = Vec::new();
        let (mut all, mut short) = (Recall::default(), Recall::default());
        for ((kind, typed, needles), truth) in asked.iter().zip(&truth) {
            let begun = Instant::now();
            index.find(typed, needles, &said, PAGE)?;
            times.push(begun.elapsed());
            // Whoever looks into all misses nothing: it need not be measured.
            let found = match variant.how {
                How::Nothing => truth.clone(),
                _ => index.find(typed, needles, &said, usize::MAX)?,
            };
            let hits = truth.iter().filter(|seq| found.contains(seq)).count();
            all.add(hits, truth.len());
            if matches!(*kind, "1 Han" | "2 Han") {
                short.add(hits, truth.len());
            }
        }
        times.sort_unstable();
        let at = |share: usize| ms(times[(times.len() - 1) * share / 100]);
        println!(
            "| {} | {:.1} | {:.2} | {:.2} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} | {:.3} |",
            variant.name,
            mb(index.bytes),
            index.shadow_rows as f64 / count as f64,
            index.billed_rows as f64 / count as f64,
            index.filling.as_micros() as f64 / count as f64,
            at(50),
            at(99),
            at(100),
            all.share(),
            short.share(),
        );
    }
    Ok(())
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Of all matches of all questions, the share that was found.
#[derive(Default)]
struct Recall {
    found: usize,
    there: usize,
}

impl Recall {
    fn add(&mut self, found: usize, there: usize) {
        self.found += found;
        self.there += there;
    }

    fn share(&self) -> f64 {
        self.found as f64 / self.there.max(1) as f64
    }
}

struct Index {
    sql: Connection,
    how: How,
    bytes: usize,
    shadow_rows: u64,
    billed_rows: u64,
    filling: Duration,
}

impl Index {
    fn fill(variant: &Variant, said: &[String]) -> Result<Self, rusqlite::Error> {
        let sql = Connection::open_in_memory()?;
        sql.execute_batch("CREATE TABLE messages (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)")?;
        {
            let transaction = sql.unchecked_transaction()?;
            let mut insert = sql.prepare("INSERT INTO messages VALUES (?1, ?2)")?;
            for (n, text) in said.iter().enumerate() {
                insert.execute(params![n as i64 + 1, text])?;
            }
            drop(insert);
            transaction.commit()?;
        }
        let (before, changes) = (size(&sql)?, sql.total_changes());
        let mut index = Self {
            sql,
            how: variant.how,
            bytes: 0,
            shadow_rows: 0,
            billed_rows: 0,
            filling: Duration::ZERO,
        };
        if variant.how != How::Nothing {
            index.sql.execute_batch(&format!(
                "CREATE VIRTUAL TABLE search USING fts5({})",
                variant.options
            ))?;
            let begun = Instant::now();
            for (n, batch) in said.chunks(variant.batch).enumerate() {
                index.take(n * variant.batch, batch)?;
            }
            index.filling = begun.elapsed();
        }
        index.bytes = size(&index.sql)? - before;
        // A row put into the virtual table counts as a change itself.
        index.shadow_rows = index.sql.total_changes() - changes - index.billed_rows;
        Ok(index)
    }

    /// Takes in messages behind the first `known`.
    fn take(&mut self, known: usize, batch: &[String]) -> Result<(), rusqlite::Error> {
        let transaction = self.sql.unchecked_transaction()?;
        let mut insert =
            self.sql.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
        let together = match self.how {
            How::Words { together } => together,
            _ => 1,
        };
        for (n, part) in batch.chunks(together).enumerate() {
            let words = if matches!(self.how, How::Text(_)) {
                part.join(" ")
            } else {
                let mut words = Tokens::new();
                for text in part {
                    tokens(&Folded::of(text), &mut words);
                }
                words.into_iter().collect::<Vec<_>>().join(" ")
            };
            insert.execute(params![(known / together + n) as i64, words])?;
            self.billed_rows += 1;
        }
        drop(insert);
        transaction.commit()
    }

    /// The newest `most` messages that match, as far as the index brings them.
    fn find(
        &self,
        typed: &str,
        needles: &Needles,
        said: &[String],
        most: usize,
    ) -> Result<BTreeSet<usize>, rusqlite::Error> {
        let mut found = BTreeSet::new();
        let mut look = self
            .sql
            .prepare_cached("SELECT seq, body FROM messages WHERE seq > ?1 AND seq <= ?2")?;
        let mut look_into = |block: i64, together: i64, found: &mut BTreeSet<usize>| {
            let mut rows = look.query(params![block * together, (block + 1) * together])?;
            while let Some(row) = rows.next()? {
                if needles.marks(row.get_ref(1)?.as_str()?).is_some() {
                    found.insert(row.get::<_, i64>(0)? as usize);
                }
            }
            Ok::<_, rusqlite::Error>(())
        };
        let together = match self.how {
            How::Nothing => {
                for block in (0..said.len() as i64).rev() {
                    if found.len() >= most {
                        break;
                    }
                    look_into(block, 1, &mut found)?;
                }
                return Ok(found);
            }
            How::Words { together } => together as i64,
            How::Text(_) => 1,
        };
        let expression = match self.how {
            How::Text(behind) => format!("\"{typed}\"{behind}"),
            _ => needles.expression().join(" AND "),
        };
        if expression.is_empty() {
            return Ok(found);
        }
        let mut ask = self.sql.prepare_cached(
            "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3",
        )?;
        let (mut before, step) = (i64::MAX, if most == usize::MAX { i64::MAX } else { 32 });
        while found.len() < most {
            let rows =
                ask.query_map(params![expression, before, step], |row| row.get::<_, i64>(0))?;
            let blocks = rows.collect::<Result<Vec<_>, _>>()?;
            let Some(&last) = blocks.last() else { break };
            before = last;
            for block in blocks {
                if found.len() >= most {
                    break;
                }
                look_into(block, together, &mut found)?;
            }
        }
        Ok(found)
    }
}

fn size(sql: &Connection) -> Result<usize, rusqlite::Error> {
    let pragma =
        |name: &str| sql.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    // Pages that merging left free are used again: they are not the index's.
    let pages = pragma("page_count")? - pragma("freelist_count").optional()?.unwrap_or(0);
    Ok((pages * pragma("page_size")?) as usize)
}
