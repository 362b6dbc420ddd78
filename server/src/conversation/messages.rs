//! What is said: one gapless order, each message once.

use tideline_shared::protocol::{Body, ConversationReply, ConversationRow, Message, Preview};
use tideline_shared::{Code, MessageId, MessageText, Reject, Timestamp, UserId, limits as bounds};

use super::{announce, next_place};
use crate::limits::{self, Rate};
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Failure, Turn, to_json};

/// The columns that [`read`] reads.
pub(super) const COLUMNS: &str = "id, seq, version, author, at, body";

pub(super) fn read(row: &Row) -> Result<Message, Fault> {
    Ok(Message {
        id: row.parse(0)?,
        seq: row.number(1)?,
        version: row.number(2)?,
        author: row.parse(3)?,
        at: Timestamp(row.number(4)?),
        body: row.json(5)?,
    })
}

/// Stores a message and tells everybody who looks on. The same message again is answered as the
/// first time; another one under the same id is refused.
pub(super) fn send(
    turn: &mut Turn<'_>,
    author: UserId,
    id: MessageId,
    text: &str,
) -> Result<ConversationReply, Failure> {
    let body = Body::Text { text: MessageText::parse(text)?.into() };
    if let Some(known) = by_id(turn.sql, id)? {
        let same = known.author == author && known.body == body;
        return if same { Ok(sent(&known)) } else { Err(Code::MessageIdReused.into()) };
    }
    require_reader(turn.sql)?;
    require_calm(turn)?;
    limits::spend(turn.sql, turn.now, turn.limits.send, &format!("send {author}"))?;
    let (version, seq) = next_place(turn.sql)?;
    let message = Message { id, seq, version, author, at: turn.now, body };
    turn.sql.execute(
        "INSERT INTO messages (id, seq, version, author, at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            id.to_string(),
            message.seq,
            message.version,
            author.to_string(),
            message.at.0,
            to_json(&message.body)?
        ],
    )?;
    let reply = sent(&message);
    announce(turn, message.version, vec![ConversationRow::Message(message)])?;
    Ok(reply)
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
        "SELECT at FROM messages WHERE seq = (SELECT last_seq FROM clock) - ?1 + 1",
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
    let query = format!("SELECT {COLUMNS} FROM messages WHERE id = ?1");
    sql.first(&query, params![id.to_string()])?.as_ref().map(read).transpose()
}

/// The newest message, cut for a list.
pub(super) fn preview(sql: &dyn Sql) -> Result<Option<(Timestamp, Preview)>, Fault> {
    let row = sql.first(
        "SELECT messages.author, members.display_name, messages.at, messages.body
         FROM messages JOIN members ON members.user = messages.author
         ORDER BY seq DESC LIMIT 1",
        &[],
    )?;
    let Some(row) = row else { return Ok(None) };
    let body: Body = row.json(3)?;
    let words = body.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let preview = Preview {
        author: row.parse(0)?,
        author_name: row.text(1)?.to_owned(),
        text: words.chars().take(bounds::PREVIEW_CHARS).collect(),
    };
    Ok(Some((Timestamp(row.number(2)?), preview)))
}

/// The newest `most` of the messages that changed after `since`, oldest first, and whether these
/// are all of them.
pub(super) fn changed_since(
    sql: &dyn Sql,
    since: u64,
    most: usize,
) -> Result<(Vec<Message>, bool), Fault> {
    let query =
        format!("SELECT {COLUMNS} FROM messages WHERE version > ?1 ORDER BY version DESC LIMIT ?2");
    let rows = sql.query(&query, params![since, most as u64 + 1])?;
    let all = rows.len() <= most;
    let mut messages = rows.iter().take(most).map(read).collect::<Result<Vec<_>, _>>()?;
    messages.reverse();
    Ok((messages, all))
}

/// Everybody whose messages changed after `since`, with the `seq` of their newest among these.
pub(super) fn authors_since(sql: &dyn Sql, since: u64) -> Result<Vec<(UserId, u64)>, Fault> {
    let rows = sql.query(
        "SELECT author, max(seq) FROM messages WHERE version > ?1 GROUP BY author",
        params![since],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.number(1)?))).collect()
}
