//! The store timeline, read page by page.

use tideline_shared::protocol::Message;
use tideline_shared::{Timestamp, limits};

use super::{clock, messages};
use crate::params;
use crate::sql::{Fault, Sql};

/// Messages in one page of an export: few calls, and an answer of some hundred kilobytes at most.
const EXPORTED: u64 = 400;

/// The messages after `after`.
pub(super) fn export(sql: &dyn Sql, after: u64) -> Result<Vec<Message>, Fault> {
    messages::select(sql, "WHERE m.seq > ?1 ORDER BY m.seq LIMIT ?2", params![after, EXPORTED])
}

/// Which page of the history.
#[derive(Clone, Copy, Debug)]
pub(super) enum Page {
    /// Next to this message, older.
    Before(u64),
    /// Next to this message, newer.
    After(u64),
    /// This message in the middle.
    Around(u64),
    /// The first message that is not older in the middle.
    Since(Timestamp),
    /// The end.
    Newest,
}

impl Page {
    /// The page that a command asks for; the first that is given counts.
    pub(super) fn of(
        before: Option<u64>,
        after: Option<u64>,
        around: Option<u64>,
        since: Option<Timestamp>,
    ) -> Self {
        let around = around.map(Self::Around).or(since.map(Self::Since));
        before.map(Self::Before).or(after.map(Self::After)).or(around).unwrap_or(Self::Newest)
    }
}

/// A page of messages: oldest first, with no gap.
pub(super) fn page(sql: &dyn Sql, page: Page) -> Result<Vec<Message>, Fault> {
    let most = u64::from(limits::PAGE_MESSAGES);
    match page {
        // 2^53 - 1: the largest number that every storage passes exactly.
        Page::Newest => before(sql, (1 << 53) - 1, most),
        Page::Before(seq) => before(sql, seq, most),
        Page::After(seq) => after(sql, seq, most),
        Page::Around(seq) => around(sql, seq, most),
        Page::Since(at) => around(sql, first_since(sql, at)?, most),
    }
}

fn before(sql: &dyn Sql, seq: u64, most: u64) -> Result<Vec<Message>, Fault> {
    let rest = "WHERE m.seq < ?1 ORDER BY m.seq DESC LIMIT ?2";
    let mut messages = messages::select(sql, rest, params![seq, most])?;
    messages.reverse();
    Ok(messages)
}

fn after(sql: &dyn Sql, seq: u64, most: u64) -> Result<Vec<Message>, Fault> {
    messages::select(sql, "WHERE m.seq > ?1 ORDER BY m.seq LIMIT ?2", params![seq, most])
}

/// A full page, where there is one: near an end, the other side brings more.
fn around(sql: &dyn Sql, seq: u64, most: u64) -> Result<Vec<Message>, Fault> {
    let last = clock(sql)?.last_seq.saturating_add(1).saturating_sub(most);
    let first = seq.saturating_sub(most / 2).clamp(1, last.max(1));
    after(sql, first - 1, most)
}

/// The first message that is not older, by halving: times rise with the order, but for a clock that
/// was set back.
pub(super) fn first_since(sql: &dyn Sql, at: Timestamp) -> Result<u64, Fault> {
    let (mut from, mut to) = (1, clock(sql)?.last_seq.saturating_add(1));
    while from < to {
        let middle = from + (to - from) / 2;
        let row = sql.first("SELECT at FROM messages WHERE seq = ?1", params![middle])?;
        let older = row.map(|row| row.number(0)).transpose()?.is_some_and(|time| time < at.0);
        (from, to) = if older { (middle + 1, to) } else { (from, middle) };
    }
    Ok(from)
}
