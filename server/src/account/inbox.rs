//! The inbox: one entry a conversation, raised by deliveries, lowered by reading.

use tideline_shared::protocol::{AccountRow, Delivered, Entry, Keeping, Kind, Message};
use tideline_shared::{Code, ConversationId, FileId, Person, Timestamp, UserId};

use super::{
    Delivery, announce, asking, hidden, keeping, mentions, next_version, notices, profile,
    receipts, version,
};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Failure, Turn, to_json};
use crate::{muted, params};

/// The timeline keeps at least the newest this many versions…
const TIMELINE_VERSIONS: u64 = 10_000;
/// …but nothing older than this, in milliseconds (30 days).
const TIMELINE_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
/// How many versions pass between two looks at what is too old.
const TRIM_EVERY: u64 = 256;

/// An entry with what the database keeps beside it.
pub(super) struct Stored {
    pub(super) entry: Entry,
    /// The conversation's version up to which this account heard everything.
    source_version: u64,
    /// Messages above the read mark that do not count.
    uncounted: u64,
    /// Messages up to this `seq` came to one of this person's devices.
    pub(super) received_seq: u64,
    /// Somebody else opened the conversation, and nothing was said in it yet: not in the list.
    pub(super) is_hidden: bool,
    /// The account's version that changed the entry last.
    pub(super) version: u64,
}

/// The columns as they are written.
const COLUMNS: &str = "conversation, kind, title, peer, last_seq, last_at, preview, read_seq, \
                       has_left, source_version, version, is_hidden, muted_until, mutes_all, \
                       is_pinned, is_archived, is_marked, received_seq, avatar";

/// Reads entries.
const SELECT: &str = "SELECT conversation, kind, title, peer, last_seq, last_at, preview, \
                      read_seq, has_left, source_version, version, is_hidden, \
                      (SELECT count(*) FROM uncounted \
                       WHERE uncounted.conversation = entries.conversation \
                       AND uncounted.seq <= entries.last_seq), \
                      (SELECT count(*) FROM mentions \
                       WHERE mentions.conversation = entries.conversation), \
                      muted_until, mutes_all, is_pinned, is_archived, is_marked, received_seq, \
                      avatar, \
                      (SELECT people FROM asking \
                       WHERE asking.conversation = entries.conversation) FROM entries";

impl Stored {
    fn read(row: &Row) -> Result<Self, Fault> {
        let (last_seq, read_seq) = (row.number(4)?, row.number(7)?);
        let entry = Entry {
            conversation: row.parse(0)?,
            kind: row.json(1)?,
            title: row.text(2)?.to_owned(),
            peer: row.maybe_text(3)?.map(|_| row.parse(3)).transpose()?,
            avatar: row.maybe(20)?,
            last_seq,
            last_at: Timestamp(row.number(5)?),
            preview: row.maybe_text(6)?.map(|_| row.json(6)).transpose()?,
            read_seq,
            unread: 0,
            mentions: row.number(13)?,
            requests: row.maybe_number(21)?.unwrap_or(0),
            kept: Keeping {
                muted: row.maybe_number(14)?.map(muted::of_column),
                mutes_all: row.number(15)? == 1,
                pinned: row.number(16)? == 1,
                archived: row.number(17)? == 1,
                unread: row.number(18)? == 1,
            },
            left: row.number(8)? == 1,
        };
        let mut stored = Self {
            entry,
            source_version: row.number(9)?,
            version: row.number(10)?,
            is_hidden: row.number(11)? == 1,
            uncounted: row.number(12)?,
            received_seq: row.number(19)?,
        };
        stored.count();
        Ok(stored)
    }

    /// Counts what is unread. One's own messages raise the mark, so everything above it is somebody
    /// else's.
    fn count(&mut self) {
        let Entry { last_seq, read_seq, left, .. } = self.entry;
        let above = last_seq.saturating_sub(read_seq).saturating_sub(self.uncounted);
        self.entry.unread = if left { 0 } else { above };
    }

    /// Takes messages out of the count; whether that changed it.
    pub(super) fn uncount(&mut self, sql: &dyn Sql, seqs: &[u64]) -> Result<bool, Fault> {
        let Entry { conversation, read_seq, unread, .. } = self.entry;
        for &seq in seqs.iter().filter(|&&seq| seq > read_seq) {
            sql.execute(
                "INSERT OR IGNORE INTO uncounted (conversation, seq) VALUES (?1, ?2)",
                params![conversation.to_string(), seq],
            )?;
        }
        self.entry.mentions = mentions::take_out(sql, conversation, seqs, self.entry.mentions)?;
        self.recount(sql)?;
        Ok(self.entry.unread != unread)
    }

    /// Forgets what is below the read mark by now, and counts again.
    fn recount(&mut self, sql: &dyn Sql) -> Result<(), Fault> {
        let conversation = self.entry.conversation.to_string();
        sql.execute(
            "DELETE FROM uncounted WHERE conversation = ?1 AND seq <= ?2",
            params![conversation.as_str(), self.entry.read_seq],
        )?;
        let row = sql.first(
            "SELECT count(*) FROM uncounted WHERE conversation = ?1 AND seq <= ?2",
            params![conversation.as_str(), self.entry.last_seq],
        )?;
        self.uncounted = row.map(|row| row.number(0)).transpose()?.unwrap_or(0);
        self.count();
        Ok(())
    }

    fn load(sql: &dyn Sql, conversation: ConversationId) -> Result<Option<Self>, Fault> {
        let query = format!("{SELECT} WHERE conversation = ?1");
        sql.first(&query, params![conversation.to_string()])?.as_ref().map(Self::read).transpose()
    }

    /// Every entry of the list that changed after `since`, the longest unchanged first.
    pub(super) fn changed_since(sql: &dyn Sql, since: u64) -> Result<Vec<Self>, Fault> {
        let query = format!("{SELECT} WHERE version > ?1 AND NOT is_hidden ORDER BY version");
        sql.query(&query, params![since])?.iter().map(Self::read).collect()
    }

    pub(super) fn save(&self, sql: &dyn Sql) -> Result<(), Fault> {
        let Entry {
            conversation,
            kind,
            title,
            peer,
            avatar,
            last_seq,
            last_at,
            preview,
            read_seq,
            left,
            kept,
            ..
        } = &self.entry;
        sql.execute(
            &format!(
                "INSERT OR REPLACE INTO entries ({COLUMNS})
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
            ),
            params![
                conversation.to_string(),
                to_json(kind)?,
                title.as_str(),
                peer.map(|peer| peer.to_string()),
                *last_seq,
                last_at.0,
                preview.as_ref().map(to_json).transpose()?,
                *read_seq,
                *left,
                self.source_version,
                self.version,
                self.is_hidden,
                kept.muted.map(muted::to_column),
                kept.mutes_all,
                kept.pinned,
                kept.archived,
                kept.unread,
                self.received_seq,
                avatar.map(|avatar| avatar.to_string()),
            ],
        )
    }

    /// What devices see of it.
    pub(super) fn row(self) -> Option<AccountRow> {
        (!self.is_hidden).then_some(AccountRow::Entry(self.entry))
    }
}

/// An entry of the list; `unknown_conversation`.
pub(super) fn require(sql: &dyn Sql, conversation: ConversationId) -> Result<Stored, Failure> {
    let stored = Stored::load(sql, conversation)?;
    let stored = stored.filter(|stored| !stored.entry.left && !stored.is_hidden);
    stored.ok_or_else(|| Code::UnknownConversation.into())
}

/// Takes every copy of a message out of the timeline, which tells the time no more then: the turn has
/// taken a version from the clock.
pub(super) fn forget(sql: &dyn Sql, conversation: ConversationId, seq: u64) -> Result<(), Fault> {
    // Rare enough to look at all that the conversation has there: an index would cost every delivery
    // a write.
    let rows = sql.query(
        "SELECT version, messages FROM timeline WHERE conversation = ?1 AND EXISTS
         (SELECT 1 FROM json_each(messages) WHERE json_extract(value, '$.seq') = ?2)",
        params![conversation.to_string(), seq],
    )?;
    for row in rows {
        let mut messages: Vec<Message> = row.json(1)?;
        messages.retain(|message| message.seq != seq);
        sql.execute(
            "UPDATE timeline SET count = ?2, messages = ?3 WHERE version = ?1",
            params![row.number(0)?, messages.len() as u64, to_json(&messages)?],
        )?;
    }
    sql.execute("DELETE FROM timeline WHERE count = 0", &[])
}

/// Every conversation that the person is in, in their list or not.
pub(super) fn present(sql: &dyn Sql) -> Result<Vec<Stored>, Fault> {
    let query = format!("{SELECT} WHERE has_left = 0");
    sql.query(&query, &[])?.iter().map(Stored::read).collect()
}

/// The whole inbox, newest first.
pub(super) fn entries(sql: &dyn Sql) -> Result<Vec<Entry>, Fault> {
    let query = format!("{SELECT} WHERE NOT is_hidden ORDER BY last_at DESC, conversation");
    let rows = sql.query(&query, &[])?;
    rows.iter().map(|row| Ok(Stored::read(row)?.entry)).collect()
}

/// Takes in what a conversation tells. Told again, it changes nothing: an entry only ever moves to
/// a higher version of its conversation.
pub(super) fn deliver(turn: &mut Turn<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let me = profile::load(turn.sql)?.person.user;
    let before = Stored::load(turn.sql, delivery.conversation)?;
    let known = before.as_ref().map_or(0, |stored| stored.source_version);
    if delivery.until <= known {
        return Ok(());
    }
    let (title, peer, avatar) = called(delivery, me);
    let came = delivery.welcome.map(|welcome| welcome.at);
    let read_seq = read_mark(delivery, before.as_ref(), me);
    let meant = before.as_ref().map_or(0, |stored| stored.entry.mentions);
    let mut kept = before.as_ref().map_or(Keeping::default(), |stored| stored.entry.kept);
    let hears_all = !(kept.mutes_all && kept.is_muted(turn.now));
    let heard = before.as_ref().map_or(0, |stored| stored.entry.last_seq);
    let ahead = hidden::after(turn.sql, delivery.conversation, heard)?;
    let fresh = || delivery.messages.iter().filter(|message| message.version > known);
    let new: Vec<&Message> = fresh().filter(|message| !ahead.contains(&message.seq)).collect();
    let carried = fresh().map(|message| message.seq);
    let changed = carried.chain(delivery.changed.iter().copied()).filter(|&seq| seq <= heard);
    let stale: Vec<u64> =
        changed.chain(delivery.recalled.iter().chain(&delivery.unnamed).copied()).collect();
    let version = if stale.is_empty() && !new.is_empty() {
        version(turn.sql)? + 1
    } else {
        next_version(turn.sql)?
    };
    if delivery.last_seq > heard && !kept.is_muted(turn.now) {
        kept.archived = false;
    }
    let mut stored = Stored {
        entry: Entry {
            conversation: delivery.conversation,
            kind: delivery.kind,
            title,
            peer,
            avatar,
            last_seq: delivery.last_seq,
            // Who comes into a quiet conversation finds it on top of their list nevertheless.
            last_at: came.map_or(delivery.last_at, |at| at.max(delivery.last_at)),
            preview: delivery.preview.clone(),
            read_seq,
            unread: 0,
            mentions: mentions::deliver(turn.sql, delivery, (me, hears_all), read_seq, meant)?,
            requests: match &before {
                Some(before) => before.entry.requests,
                None => asking::of(turn.sql, delivery.conversation)?,
            },
            kept,
            left: false,
        },
        source_version: delivery.until,
        is_hidden: delivery.opened_by.is_some_and(|opened_by| opened_by != me),
        uncounted: before.as_ref().map_or(0, |stored| stored.uncounted),
        received_seq: before.as_ref().map_or(0, |stored| stored.received_seq),
        version,
    };
    stored.save(turn.sql)?;
    if stored.uncounted > 0 || !delivery.recalled.is_empty() || !ahead.is_empty() {
        stored.uncount(turn.sql, &delivery.recalled)?;
    } else {
        stored.count();
    }
    notices::deliver(turn, before.as_ref(), &stored, delivery)?;
    for seq in stale {
        forget(turn.sql, delivery.conversation, seq)?;
    }
    if delivery.welcome.is_some() {
        profile::introduce(turn, delivery.conversation)?;
        receipts::introduce(turn, &stored)?;
    }
    keep(turn, delivery.conversation, version, &new)?;
    trim(turn, version)?;
    let conversation = delivery.conversation;
    let delivered = new.into_iter().cloned().map(|message| Delivered { conversation, message });
    let rows = stored.row().into_iter().chain(delivered.map(AccountRow::Delivered));
    Ok(announce(turn, version, rows.collect())?)
}

/// Puts what a delivery brought into the timeline.
fn keep(
    turn: &Turn<'_>,
    conversation: ConversationId,
    version: u64,
    messages: &[&Message],
) -> Result<(), Fault> {
    if messages.is_empty() {
        return Ok(());
    }
    turn.sql.execute(
        "INSERT INTO timeline (version, conversation, at, count, messages)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            version,
            conversation.to_string(),
            turn.now.0,
            messages.len() as u64,
            to_json(&messages)?
        ],
    )
}

/// Takes the person out of a conversation.
pub(super) fn remove(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    source_version: u64,
) -> Result<(), Failure> {
    let Some(mut stored) = Stored::load(turn.sql, conversation)? else { return Ok(()) };
    if source_version <= stored.source_version {
        return Ok(());
    }
    stored.entry.left = true;
    stored.entry.mentions = 0;
    stored.entry.requests = 0;
    stored.entry.kept = Keeping::default();
    stored.entry.preview = None;
    stored.source_version = source_version;
    stored.version = next_version(turn.sql)?;
    stored.save(turn.sql)?;
    stored.count();
    // What was said there is not theirs to read any more.
    for table in ["timeline", "uncounted", "mentions", "notices"] {
        turn.sql.execute(
            &format!("DELETE FROM {table} WHERE conversation = ?1"),
            params![conversation.to_string()],
        )?;
    }
    let version = stored.version;
    let draft = keeping::leave(turn.sql, conversation, version)?;
    Ok(announce(turn, version, stored.row().into_iter().chain(draft).collect())?)
}

/// Gives an entry of the list a new version, because something that it shows has changed.
pub(super) fn touch(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Option<(u64, AccountRow)>, Fault> {
    let stored = Stored::load(sql, conversation)?.filter(|stored| !stored.entry.left);
    let Some(mut stored) = stored else { return Ok(None) };
    stored.version = next_version(sql)?;
    stored.save(sql)?;
    let version = stored.version;
    Ok(stored.row().map(|row| (version, row)))
}

/// Raises the read mark.
pub(super) fn read(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    seq: u64,
) -> Result<(), Failure> {
    let mut stored = require(turn.sql, conversation)?;
    // What this account has not heard of cannot have been read on any of its devices for good: a
    // mark beyond the end would swallow messages to come.
    let seq = seq.min(stored.entry.last_seq);
    if seq <= stored.entry.read_seq {
        return Ok(());
    }
    stored.entry.read_seq = seq;
    stored.entry.kept.unread = false;
    stored.version = next_version(turn.sql)?;
    stored.save(turn.sql)?;
    stored.recount(turn.sql)?;
    let meant = stored.entry.mentions;
    stored.entry.mentions = mentions::read(turn.sql, conversation, seq, meant)?;
    notices::read(turn.sql, conversation, seq)?;
    receipts::tell(turn, &stored)?;
    Ok(announce(turn, stored.version, Vec::from_iter(stored.row()))?)
}

/// Raises the read mark to the end, where there is such a conversation.
pub(super) fn read_all(turn: &mut Turn<'_>, conversation: ConversationId) -> Result<(), Failure> {
    match Stored::load(turn.sql, conversation)? {
        Some(stored) if !stored.entry.left && !stored.is_hidden => {
            read(turn, conversation, stored.entry.last_seq)
        }
        _ => Ok(()),
    }
}

/// What the conversation is called for this person, who the other one is, and its picture. Their own notes
/// have no other one, and no name: every device has a word for them.
fn called(delivery: &Delivery, me: UserId) -> (String, Option<UserId>, Option<FileId>) {
    match delivery.kind {
        Kind::Group => (delivery.name.clone(), None, delivery.avatar),
        Kind::Direct => {
            let other: Option<&Person> = delivery.pair.iter().find(|person| person.user != me);
            other.map_or_else(Default::default, |other| {
                (other.display_name.clone(), Some(other.user), other.avatar)
            })
        }
    }
}

/// The read mark after a delivery: one's own messages, and what came before one, are read.
fn read_mark(delivery: &Delivery, before: Option<&Stored>, me: UserId) -> u64 {
    let carried = delivery.messages.iter().map(|message| (message.author, message.seq));
    let spoke = carried.chain(delivery.spoke.iter().copied());
    let own = spoke.filter(|(author, _)| *author == me).map(|(_, seq)| seq).max().unwrap_or(0);
    let welcome = delivery.welcome.map_or(0, |welcome| welcome.seq);
    let known = before.map_or(0, |stored| stored.entry.read_seq);
    known.max(own).max(welcome).max(delivery.read_to)
}

/// Now and then drops what is too old from the timeline, and remembers up to where.
fn trim(turn: &Turn<'_>, version: u64) -> Result<(), Fault> {
    if !version.is_multiple_of(TRIM_EVERY) {
        return Ok(());
    }
    let too_many = version.saturating_sub(TIMELINE_VERSIONS);
    let row = turn.sql.first(
        "SELECT coalesce(max(version), 0) FROM timeline WHERE at < ?1",
        params![turn.now.0.saturating_sub(TIMELINE_MS)],
    )?;
    let too_old = row.map(|row| row.number(0)).transpose()?.unwrap_or(0);
    let horizon = too_many.max(too_old);
    turn.sql.execute("DELETE FROM timeline WHERE version <= ?1", params![horizon])?;
    turn.sql.execute("UPDATE clock SET horizon = max(horizon, ?1)", params![horizon])
}
