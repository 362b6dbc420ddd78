//! What is said: one gapless order, each message once. What becomes of a message later is in
//! [`super::changes`].

use tideline_shared::protocol::{
    Body, ConversationReply, ConversationRow, File, Forwarded, Message, Preview, Quote, Reaction,
};
use tideline_shared::rights::Deed;
use tideline_shared::{
    Caption, Code, MessageId, MessageText, Reject, Timestamp, UserId, limits as bounds, markup,
};

use super::blocks::{self, Veil};
use super::forwarding::{self, Origin};
use super::mentions::{self, Mentions};
use super::{announce, cards, changes, files, members, next_place, rights};
use crate::limits::{self, Rate};
use crate::params;
use crate::sql::{Fault, Row, Sql, Value};
use crate::turn::{Failure, Turn, to_json};

/// Reads messages, each as `m` with what it answers as `o`.
const SELECT: &str = "SELECT m.id, m.seq, m.version, m.author, m.at, m.body, m.forwarded, \
                      m.edited_at, m.pinned_at, m.reactions, m.reply_to, o.author, o.body, m.mentions, m.card \
                      FROM messages m LEFT JOIN messages o ON o.seq = m.reply_to";

/// The messages that `rest` of a query names, as `m`.
pub(super) fn select(sql: &dyn Sql, rest: &str, params: &[Value]) -> Result<Vec<Message>, Fault> {
    sql.query(&format!("{SELECT} {rest}"), params)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Message, Fault> {
    let reactions: Option<Vec<Reaction>> = row.maybe_text(9)?.map(|_| row.json(9)).transpose()?;
    let reply_to = match row.maybe_number(10)? {
        Some(seq) => {
            let body: Body = row.json(12)?;
            let (text, holds) = (body.text().map(on_one_line), body.holds());
            Some(Quote { seq, author: row.parse(11)?, text, holds })
        }
        None => None,
    };
    let Mentions { users: mentions, all: mentions_all } = mentions::read(row, 13)?;
    Ok(Message {
        id: row.parse(0)?,
        seq: row.number(1)?,
        version: row.number(2)?,
        author: row.parse(3)?,
        at: Timestamp(row.number(4)?),
        body: row.json(5)?,
        mentions,
        mentions_all,
        reply_to,
        forwarded: row.maybe_text(6)?.map(|_| row.json(6)).transpose()?,
        edited_at: row.maybe_number(7)?.map(Timestamp),
        pinned_at: row.maybe_number(8)?.map(Timestamp),
        reactions: reactions.unwrap_or_default(),
        card: row.maybe_text(14)?.map(|_| row.json(14)).transpose()?,
    })
}

/// Without its markup, cut for a list or a quote.
pub(super) fn on_one_line(text: &str) -> String {
    let words = markup::plain(text);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(bounds::PREVIEW_CHARS).collect()
}

/// A message that somebody says.
pub(super) struct Said {
    pub(super) id: MessageId,
    pub(super) text: String,
    pub(super) files: Vec<File>,
    pub(super) reply_to: Option<u64>,
    /// Who said it first, elsewhere, and where that is.
    pub(super) forwarded: Option<(Forwarded, Origin)>,
    /// Whether its author likes a card beneath it.
    pub(super) preview: bool,
}

impl Said {
    /// Words and files of one's own.
    pub(super) fn own(
        id: MessageId,
        text: &str,
        reply_to: Option<u64>,
        files: Vec<File>,
    ) -> Result<Self, Failure> {
        let text = if files.is_empty() {
            MessageText::parse(text)?.into()
        } else {
            Caption::parse(text)?.into()
        };
        let files = files::parse(files)?;
        Ok(Self { id, text, files, reply_to, forwarded: None, preview: true })
    }
}

/// Stores a message and tells everybody who looks on. The same message again is answered as the
/// first time; another one under the same id is refused.
pub(super) fn send(
    turn: &mut Turn<'_>,
    by: &members::Stored,
    said: &Said,
) -> Result<ConversationReply, Failure> {
    let (author, id) = (by.member.person.user, said.id);
    if let Some(known) = by_id(turn.sql, id)? {
        require_same(turn.sql, &known, author, said)?;
        return Ok(sent(&known));
    }
    rights::require(turn, by, Deed::Send)?;
    blocks::require_open(turn.sql, author)?;
    require_reader(turn.sql)?;
    require_calm(turn)?;
    limits::spend_often(turn, turn.limits.send, format!("send {author}"))?;
    if let Some(seq) = said.reply_to {
        changes::require(turn.sql, author, seq)?;
    }
    let (version, seq) = next_place(turn.sql)?;
    let text = said.text.clone();
    let body = if said.files.is_empty() {
        Body::Text { text }
    } else {
        Body::Files { text, files: files::take(turn, author, seq, &said.files)? }
    };
    turn.sql.execute(
        "INSERT INTO messages (id, seq, version, author, at, body, reply_to, forwarded, origin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id.to_string(),
            seq,
            version,
            author.to_string(),
            turn.now.0,
            to_json(&body)?,
            said.reply_to,
            said.forwarded.as_ref().map(|(forwarded, _)| to_json(forwarded)).transpose()?,
            said.forwarded.as_ref().map(|(_, origin)| origin.to_string())
        ],
    )?;
    // Words from elsewhere mean nobody here.
    if said.forwarded.is_none() {
        mentions::keep(turn.sql, seq, &body)?;
    }
    cards::follow(turn, author, seq, ("", &said.text), said.preview)?;
    let message = changes::require(turn.sql, author, seq)?;
    let reply = sent(&message);
    announce(turn, version, vec![ConversationRow::Message(message)])?;
    Ok(reply)
}

/// A stored message is what is said now, whatever became of it since; `message_id_reused`. Of one that was
/// recalled nothing is kept that could tell, not even a hash, from which short words can be guessed:
/// `message_recalled`, whatever is said now.
fn require_same(
    sql: &dyn Sql,
    known: &Message,
    author: UserId,
    said: &Said,
) -> Result<(), Failure> {
    if known.author != author {
        return Err(Code::MessageIdReused.into());
    }
    if known.body.is_recalled() {
        return Err(Code::MessageRecalled.into());
    }
    if is_same(sql, known, said)? { Ok(()) } else { Err(Code::MessageIdReused.into()) }
}

fn is_same(sql: &dyn Sql, known: &Message, said: &Said) -> Result<bool, Fault> {
    // The words of a copy are fetched anew each time it is said: they may be others by now.
    if let Some((_, origin)) = said.forwarded
        && let Some(same) = forwarding::is_copy(sql, known.seq, origin)?
    {
        return Ok(same);
    }
    let first = match known.edited_at {
        None => known.body.text().map(str::to_owned),
        Some(_) => changes::first_words(sql, known.seq)?,
    };
    let answers = known.reply_to.as_ref().map(|quote| quote.seq);
    let files = known.body.files().iter().map(|file| file.id);
    Ok(first.unwrap_or_default() == said.text
        && files.eq(said.files.iter().map(|file| file.id))
        && answers == said.reply_to
        && known.forwarded.as_ref() == said.forwarded.as_ref().map(|(forwarded, _)| forwarded))
}

/// Two people talk as long as both have an account.
fn require_reader(sql: &dyn Sql) -> Result<(), Failure> {
    let gone = sql.first(
        "SELECT 1 FROM conversation, members
         WHERE kind = '\"direct\"' AND left_at IS NOT NULL LIMIT 1",
        &[],
    )?;
    if gone.is_some() { Err(Code::PersonGone.into()) } else { Ok(()) }
}

/// The conversation as a whole is not too loud. What was said is the bucket: as many messages as
/// make a burst have taken at least the time that so many take one by one.
fn require_calm(turn: &Turn<'_>) -> Result<(), Failure> {
    let Rate { burst, every_ms } = turn.limits.talk;
    let first = turn.sql.first(
        "SELECT at FROM messages WHERE seq = (SELECT max(seq) FROM messages) - ?1 + 1",
        params![burst],
    )?;
    let Some(row) = first else { return Ok(()) };
    let full = burst.saturating_mul(every_ms);
    // A clock that stepped back must not silence anybody for longer than that.
    let since = turn.now.0.saturating_sub(row.number(0)?.min(turn.now.0));
    if since < full { Err(Reject::rate_limited(full - since).into()) } else { Ok(()) }
}

fn sent(message: &Message) -> ConversationReply {
    let Message { id, seq, version, at, .. } = *message;
    ConversationReply::Sent { id, seq, version, at }
}

fn by_id(sql: &dyn Sql, id: MessageId) -> Result<Option<Message>, Fault> {
    Ok(select(sql, "WHERE m.id = ?1", params![id.to_string()])?.pop())
}

/// The newest message that is not withheld, cut for a list.
pub(super) fn preview(sql: &dyn Sql, veil: &Veil) -> Result<Option<(Timestamp, Preview)>, Fault> {
    // 2^53 - 1: the largest number that every storage passes exactly.
    let mut before = (1 << 53) - 1;
    let newest = loop {
        let rest = "WHERE m.seq < ?1 ORDER BY m.seq DESC LIMIT 1";
        let Some(message) = select(sql, rest, params![before])?.pop() else { return Ok(None) };
        if !veil.hides(message.author, message.seq) {
            break veil.over(message);
        }
        before = veil.below(message.seq);
    };
    let author = members::load(sql, newest.author)?;
    let preview = Preview {
        author: newest.author,
        author_name: author.map(|stored| stored.member.person.display_name).unwrap_or_default(),
        text: newest.body.text().map(on_one_line).unwrap_or_default(),
        holds: newest.body.holds(),
        recalled: newest.body.is_recalled(),
    };
    Ok(Some((newest.at, preview)))
}

/// The newest `most` of the messages that changed after `since`, oldest change first, and whether
/// these are all of them.
pub(super) fn changed_since(
    sql: &dyn Sql,
    since: u64,
    most: usize,
) -> Result<(Vec<Message>, bool), Fault> {
    newest(sql, "WHERE m.version > ?1", since, most)
}

/// The same, of what accounts hear: what was said, edited and recalled.
pub(super) fn told_since(
    sql: &dyn Sql,
    since: u64,
    most: usize,
) -> Result<(Vec<Message>, bool), Fault> {
    newest(sql, "WHERE m.version > ?1 AND coalesce(m.told, m.version) > ?1", since, most)
}

fn newest(
    sql: &dyn Sql,
    which: &str,
    since: u64,
    most: usize,
) -> Result<(Vec<Message>, bool), Fault> {
    let rest = format!("{which} ORDER BY m.version DESC LIMIT ?2");
    let mut messages = select(sql, &rest, params![since, most as u64 + 1])?;
    let all = messages.len() <= most;
    messages.truncate(most);
    messages.reverse();
    Ok((messages, all))
}

/// Messages that changed after `since`, and not after `until`, and may have been said before: those that
/// were edited, and those that quote something, which may be edited or recalled itself.
pub(super) fn changed_between(sql: &dyn Sql, since: u64, until: u64) -> Result<Vec<u64>, Fault> {
    let rows = sql.query(
        "SELECT seq FROM messages WHERE version > ?1 AND version <= ?2
         AND (edited_at IS NOT NULL OR reply_to IS NOT NULL)",
        params![since, until],
    )?;
    rows.iter().map(|row| row.number(0)).collect()
}

/// Everybody whose messages changed after `since`, with the `seq` of their newest among these.
pub(super) fn authors_since(sql: &dyn Sql, since: u64) -> Result<Vec<(UserId, u64)>, Fault> {
    let rows = sql.query(
        "SELECT author, max(seq) FROM messages WHERE version > ?1 GROUP BY author",
        params![since],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.number(1)?))).collect()
}

/// Copies that lost their first author's name after `since`, by `seq`.
pub(super) fn unnamed_since(sql: &dyn Sql, since: u64) -> Result<Vec<u64>, Fault> {
    let rows = sql.query(
        "SELECT seq FROM messages
         WHERE version > ?1 AND json_extract(forwarded, '$.author_name') = ''",
        params![since],
    )?;
    rows.iter().map(|row| row.number(0)).collect()
}

/// What was recalled after `since`, by `seq`.
pub(super) fn recalled_since(sql: &dyn Sql, since: u64) -> Result<Vec<u64>, Fault> {
    let rows = sql.query(
        "SELECT seq FROM messages WHERE version > ?1 AND body LIKE '{\"type\":\"recalled\"%'",
        params![since],
    )?;
    rows.iter().map(|row| row.number(0)).collect()
}
