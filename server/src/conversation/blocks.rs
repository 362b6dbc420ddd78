//! Who blocked whom, in a direct conversation, and what of it they therefore do not get.
//!
//! A block is a span of the order: what the other one says while it lasts is withheld from who
//! blocked, for good. What the other one does meanwhile to what was said before is kept from them
//! until it changes again: they keep the message as it was. Whatever hands out messages asks the
//! [`Veil`] first.

use std::collections::BTreeMap;

use tideline_shared::protocol::{Body, ConversationRow, Message};
use tideline_shared::{Code, UserId};

use super::{clock, messages};
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Failure, to_json};

/// One span: other people's messages after `since`, up to `until` or without end.
struct Span {
    by: UserId,
    since: u64,
    until: Option<u64>,
}

impl Span {
    fn holds(&self, seq: u64) -> bool {
        self.since < seq && self.until.is_none_or(|until| seq <= until)
    }
}

/// What is withheld from one person.
pub(super) struct Veil {
    viewer: UserId,
    spans: Vec<Span>,
    /// Messages that the other one changed during a block, as they were before.
    frozen: BTreeMap<u64, Message>,
}

/// All spans of the conversation; none in nearly every one.
fn spans(sql: &dyn Sql) -> Result<Vec<Span>, Fault> {
    let query = "SELECT made_by, since_seq, until_seq FROM blocks";
    let rows = sql.cached(&["blocks"], query, &[])?;
    let read = |row: &crate::sql::Row| {
        Ok(Span { by: row.parse(0)?, since: row.number(1)?, until: row.maybe_number(2)? })
    };
    rows.iter().map(read).collect()
}

impl Veil {
    /// What is withheld from `viewer`.
    pub(super) fn of(sql: &dyn Sql, viewer: UserId) -> Result<Self, Fault> {
        let mut spans = spans(sql)?;
        spans.retain(|span| span.by == viewer);
        let mut frozen = BTreeMap::new();
        if !spans.is_empty() {
            let query = "SELECT seq, message FROM frozen WHERE viewer = ?1";
            for row in sql.query(query, params![viewer.to_string()])? {
                frozen.insert(row.number(0)?, row.json(1)?);
            }
        }
        Ok(Self { viewer, spans, frozen })
    }

    /// Nothing is, as in every group: blocks are of direct conversations.
    pub(super) fn clear(viewer: UserId) -> Self {
        Self { viewer, spans: Vec::new(), frozen: BTreeMap::new() }
    }

    /// Whether nothing is.
    pub(super) fn is_clear(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether a message is.
    pub(super) fn hides(&self, author: UserId, seq: u64) -> bool {
        author != self.viewer && self.covers(seq)
    }

    /// Whether somebody else's message with this `seq` would be.
    pub(super) fn covers(&self, seq: u64) -> bool {
        self.spans.iter().any(|span| span.holds(seq))
    }

    /// Whether the viewer gets no news of a message.
    pub(super) fn keeps_from(&self, message: &Message) -> bool {
        self.hides(message.author, message.seq) || self.frozen.contains_key(&message.seq)
    }

    /// What a message says as the viewer may find it; none where it is withheld.
    pub(super) fn body(&self, author: UserId, seq: u64, body: Body) -> Option<Body> {
        if self.hides(author, seq) {
            return None;
        }
        Some(self.frozen.get(&seq).map_or(body, |before| before.body.clone()))
    }

    /// A message as the viewer gets it.
    pub(super) fn over(&self, message: Message) -> Message {
        let Message { id, seq, version, author, at, .. } = message;
        if self.hides(author, seq) {
            return Message::new(id, seq, version, author, at, Body::Withheld);
        }
        let mut message = match self.frozen.get(&seq) {
            Some(before) => Message { version, ..before.clone() },
            None => message,
        };
        if let Some(quote) = &mut message.reply_to {
            if self.hides(quote.author, quote.seq) {
                (quote.text, quote.holds) = (None, None);
            } else if let Some(before) = self.frozen.get(&quote.seq) {
                quote.text = before.body.text().map(messages::on_one_line);
                quote.holds = before.body.holds();
            }
        }
        message
    }

    /// A row as the viewer gets it.
    pub(super) fn over_row(&self, row: ConversationRow) -> ConversationRow {
        match row {
            ConversationRow::Message(message) => ConversationRow::Message(self.over(message)),
            other => other,
        }
    }

    /// Where to look for what comes before a message that is withheld: below its whole span, in
    /// which everything is the other one's.
    pub(super) fn below(&self, seq: u64) -> u64 {
        let holding = self.spans.iter().filter(|span| span.holds(seq));
        holding.map(|span| span.since.saturating_add(1)).min().unwrap_or(seq)
    }

    /// Up to where everything counts as read: the last that is withheld, and all before it.
    pub(super) fn read_to(&self, last_seq: u64) -> u64 {
        let ends = self.spans.iter().map(|span| span.until.unwrap_or(last_seq).min(last_seq));
        ends.max().unwrap_or(0)
    }
}

/// Messages as somebody gets them.
pub(super) fn seen(
    sql: &dyn Sql,
    viewer: UserId,
    messages: Vec<Message>,
) -> Result<Vec<Message>, Fault> {
    let veil = Veil::of(sql, viewer)?;
    Ok(messages.into_iter().map(|message| veil.over(message)).collect())
}

/// Whether somebody ever blocked here.
pub(super) fn exist(sql: &dyn Sql) -> Result<bool, Fault> {
    Ok(!spans(sql)?.is_empty())
}

/// They did not block the other one; `blocked_by_you`.
pub(super) fn require_open(sql: &dyn Sql, user: UserId) -> Result<(), Failure> {
    let blocks = spans(sql)?.iter().any(|span| span.by == user && span.until.is_none());
    if blocks { Err(Code::BlockedByYou.into()) } else { Ok(()) }
}

/// Whether somebody blocks the other one now.
pub(super) fn hold(sql: &dyn Sql) -> Result<bool, Fault> {
    Ok(spans(sql)?.iter().any(|span| span.until.is_none()))
}

/// A message is about to be changed by `by`: refused for who blocked the other one; and who is
/// blocked changes it for themselves only.
pub(super) fn before_change(sql: &dyn Sql, by: UserId, message: &Message) -> Result<(), Failure> {
    require_open(sql, by)?;
    let mut kept = false;
    for span in spans(sql)?.iter().filter(|span| span.until.is_none()) {
        let before = Veil::of(sql, span.by)?.over(message.clone());
        kept = true;
        sql.execute(
            "INSERT OR IGNORE INTO frozen (viewer, seq, message) VALUES (?1, ?2, ?3)",
            params![span.by.to_string(), message.seq, to_json(&before)?],
        )?;
    }
    if kept { Ok(()) } else { Ok(thaw(sql, message.seq)?) }
}

/// From now on a message is for everybody as it is.
pub(super) fn thaw(sql: &dyn Sql, seq: u64) -> Result<(), Fault> {
    sql.execute("DELETE FROM frozen WHERE seq = ?1", params![seq])
}

/// Takes in that somebody blocks the other one, or does not any more. The order of the
/// conversation has no change for it: the other one could tell.
pub(super) fn set(sql: &dyn Sql, by: UserId, blocked: bool, version: u64) -> Result<(), Fault> {
    let row =
        sql.first("SELECT max(version) FROM blocks WHERE made_by = ?1", params![by.to_string()])?;
    let known = row.map(|row| row.maybe_number(0)).transpose()?.flatten();
    if known.is_some_and(|known| version <= known) {
        return Ok(());
    }
    let last_seq = clock(sql)?.last_seq;
    sql.execute(
        "UPDATE blocks SET until_seq = ?2 WHERE made_by = ?1 AND until_seq IS NULL",
        params![by.to_string(), last_seq],
    )?;
    // Also for an end: its beginning may come late, and must find it here. The span is empty then.
    sql.execute(
        "INSERT INTO blocks (made_by, since_seq, until_seq, version) VALUES (?1, ?2, ?3, ?4)",
        params![by.to_string(), last_seq, (!blocked).then_some(last_seq), version],
    )
}
