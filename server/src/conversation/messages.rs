//! What is said: one gapless order, each message once. What becomes of a message later is in
//! [`super::changes`].

use tideline_shared::protocol::{
    Body, ConversationReply, ConversationRow, File, Forwarded, Kind, Message, Preview, Quote,
    Reaction,
};
use tideline_shared::rights::Deed;
use tideline_shared::{
    Caption, Code, MessageId, MessageText, Timestamp, UserId, limits as bounds, markup,
};

use super::blocks::{self, Veil};
use super::forwarding::{self, Origin};
use super::mentions::{self, Mentioned, Mentions};
use super::{announce, cards, changes, clock, files, members, record, rights, tick};
use crate::limits;
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
    let query = "SELECT seq FROM messages WHERE id = ?1";
    if let Some(known) = turn.sql.first(query, params![id.to_string()])? {
        let known = changes::any(turn.sql, known.number(0)?)?;
        require_same(turn.sql, &known, author, said)?;
        return Ok(sent(&known));
    }
    rights::require(turn, by, Deed::Send)?;
    blocks::require_open(turn.sql, author)?;
    require_reader(turn.sql)?;
    limits::spend_often(turn, turn.limits.talk, "talk".to_owned())?;
    limits::spend_often(turn, turn.limits.send, format!("send {author}"))?;
    let before = clock(turn.sql)?;
    let (version, seq) = (before.version + 1, before.last_seq + 1);
    let answered = said.reply_to.map(|seq| changes::require(turn.sql, author, seq)).transpose()?;
    let text = said.text.clone();
    let body = if said.files.is_empty() {
        Body::Text { text }
    } else {
        Body::Files { text, files: files::take(turn, author, seq, &said.files)? }
    };
    let (forwarded, origin) = said.forwarded.clone().unzip();
    // Words from elsewhere mean nobody here.
    let Mentions { users: mentions, all: mentions_all } =
        if origin.is_none() { mentions::of(turn.sql, &said.text)? } else { Mentions::default() };
    let message = Message {
        mentions,
        mentions_all,
        reply_to: answered.as_ref().map(quote),
        forwarded,
        ..Message::new(id, seq, version, author, turn.now, body)
    };
    store(turn.sql, &message, origin)?;
    tick(turn.sql, before, version, seq);
    cards::follow(turn, author, seq, ("", &said.text), said.preview)?;
    let reply = sent(&message);
    announce(turn, version, vec![ConversationRow::Message(message)])?;
    Ok(reply)
}

/// Writes a message that was said this moment.
fn store(sql: &dyn Sql, message: &Message, origin: Option<Origin>) -> Result<(), Fault> {
    let Message { id, seq, version, author, at, body, mentions_all: all, .. } = message;
    let mentions = Mentions { users: message.mentions.clone(), all: *all };
    sql.execute(
        "INSERT INTO messages (id, seq, version, author, at, body, reply_to, forwarded, origin, mentions)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            id.to_string(),
            *seq,
            *version,
            author.to_string(),
            at.0,
            to_json(body)?,
            message.reply_to.as_ref().map(|quote| quote.seq),
            message.forwarded.as_ref().map(to_json).transpose()?,
            origin.map(|origin| origin.to_string()),
            mentions.to_column()?
        ],
    )
}

/// How a message shows the one that it answers.
fn quote(answered: &Message) -> Quote {
    let Message { seq, author, body, .. } = answered;
    Quote { seq: *seq, author: *author, text: body.text().map(on_one_line), holds: body.holds() }
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
    if record::require(sql)?.record.kind == Kind::Group {
        return Ok(());
    }
    let gone = members::everybody(sql)?.iter().any(|stored| stored.member.left.is_some());
    if gone { Err(Code::PersonGone.into()) } else { Ok(()) }
}

fn sent(message: &Message) -> ConversationReply {
    let Message { id, seq, version, at, .. } = *message;
    ConversationReply::Sent { id, seq, version, at }
}

/// The newest message that is not withheld, cut for a list; `last` is the newest of all, where that was read
/// already.
pub(super) fn preview(
    sql: &dyn Sql,
    veil: &Veil,
    last: Option<&Message>,
) -> Result<Option<(Timestamp, Preview)>, Fault> {
    let last = last.filter(|last| !veil.hides(last.author, last.seq)).cloned();
    let newest = match last.map_or_else(|| newest_shown(sql, veil), |last| Ok(Some(last)))? {
        Some(newest) => veil.over(newest),
        None => return Ok(None),
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

fn newest_shown(sql: &dyn Sql, veil: &Veil) -> Result<Option<Message>, Fault> {
    // 2^53 - 1: the largest number that every storage passes exactly.
    let mut before = (1 << 53) - 1;
    loop {
        let rest = "WHERE m.seq < ?1 ORDER BY m.seq DESC LIMIT 1";
        let newest = select(sql, rest, params![before])?.pop();
        match newest.as_ref().filter(|newest| veil.hides(newest.author, newest.seq)) {
            Some(withheld) => before = veil.below(withheld.seq),
            None => return Ok(newest),
        }
    }
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

/// What accounts hear of messages besides the messages themselves.
pub(super) struct News {
    /// What was recalled, by `seq`.
    pub(super) recalled: Vec<u64>,
    /// Copies that lost their first author's name, by `seq`.
    pub(super) unnamed: Vec<u64>,
    /// What means somebody, or did.
    pub(super) mentioned: Vec<Mentioned>,
    /// Of what the delivery does not carry, by `seq`, what may have been said before: messages that were edited, and those
    /// that quote something, which may be edited or recalled itself.
    pub(super) changed: Vec<u64>,
    /// Where the delivery does not carry all of it: everybody whose messages changed, with the `seq` of their newest
    /// among these.
    pub(super) spoke: Vec<(UserId, u64)>,
}

impl News {
    /// Of these messages, all of which the delivery carries.
    pub(super) fn of(messages: &[Message]) -> Self {
        let seqs = |which: fn(&Message) -> bool| {
            messages.iter().filter(|message| which(message)).map(|message| message.seq).collect()
        };
        Self {
            recalled: seqs(|message| message.body.is_recalled()),
            unnamed: seqs(|message| {
                message.forwarded.as_ref().is_some_and(|forwarded| forwarded.author_name.is_empty())
            }),
            mentioned: mentions::among(messages),
            changed: Vec::new(),
            spoke: Vec::new(),
        }
    }

    /// Of everything that changed after `since`, of which the delivery carries what has the version `carried` or a later
    /// one.
    pub(super) fn since(sql: &dyn Sql, since: u64, carried: u64) -> Result<Self, Fault> {
        // One look at all of it, for nearly no row is any of this. In the order of versions: by `seq` SQLite would walk
        // through all of the conversation.
        let rows = sql.query(
            "SELECT seq, is_recalled, is_unnamed, is_changed, mentions, author FROM (
                 SELECT seq, version, author, mentions,
                        body LIKE '{\"type\":\"recalled\"%' AS is_recalled,
                        ifnull(json_extract(forwarded, '$.author_name') = '', 0) AS is_unnamed,
                        version <= ?2 AND (edited_at IS NOT NULL OR reply_to IS NOT NULL) AS is_changed
                 FROM messages WHERE version > ?1)
             WHERE is_recalled OR is_unnamed OR is_changed OR mentions IS NOT NULL ORDER BY version",
            params![since, carried],
        )?;
        let seqs = |column: usize| -> Result<Vec<u64>, Fault> {
            let mut seqs = Vec::new();
            for row in &rows {
                if row.number(column)? == 1 {
                    seqs.push(row.number(0)?);
                }
            }
            Ok(seqs)
        };
        let mut mentioned = Vec::new();
        for row in &rows {
            mentioned.extend(mentions::of_row(row, 0, 4, 5)?);
        }
        let spoke = sql.query(
            "SELECT author, max(seq) FROM messages WHERE version > ?1 GROUP BY author",
            params![since],
        )?;
        let spoke = spoke.iter().map(|row| Ok((row.parse(0)?, row.number(1)?)));
        Ok(Self {
            recalled: seqs(1)?,
            unnamed: seqs(2)?,
            mentioned,
            changed: seqs(3)?,
            spoke: spoke.collect::<Result<_, Fault>>()?,
        })
    }
}
