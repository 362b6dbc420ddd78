//! Devices that are told of what comes while the app is closed there ([`crate::notice`]).
//!
//! A delivery that leaves more unread than before, of what is not muted, or more that means this person,
//! leaves one row for each device that subscribed and each conversation: the newest message to tell of.
//! It goes when it is read, recalled, or told. While the person looks at any of their devices it waits, and goes
//! out if they look away and have not read it. What a push service could not take is tried again, a
//! few times; a device that is gone (404, 410) is forgotten, whatever else happens is no reason to.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use tideline_shared::protocol::{Entry, Kind, Notice, Preview, Subscription};
use tideline_shared::{ConversationId, Reject, SessionId, Timestamp};

use super::inbox::{self, Stored};
use super::{Delivery, contacts, presence, sessions};
use crate::agenda::{Agenda, Work};
use crate::notice::{self, Answer, Dispatch, Signer, Urgency};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{CallId, Failure, Turn, Unreachable, to_json};
use crate::{backoff, limits, params};

/// The schema's step. `due_at`: when to tell, or to tell again should no answer have come.
pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE signer (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        secret TEXT NOT NULL
    ) STRICT",
    "CREATE TABLE subscriptions (
        session TEXT PRIMARY KEY,
        subscription TEXT NOT NULL,
        contact TEXT NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE notices (
        session TEXT NOT NULL,
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        preview TEXT,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        PRIMARY KEY (session, conversation)
    ) STRICT, WITHOUT ROWID",
];

/// Devices that are told something at the same time.
const IN_FLIGHT: usize = 4;
/// Times that one is tried before it is let go: about an hour.
const ATTEMPTS: u64 = 16;
/// When to try again, should the memory be lost, in milliseconds.
const AGAIN_MS: u64 = 30_000;
/// The longest that a push service's wish to wait is heard, in milliseconds.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1_000;
/// A conversation is told of on one device at most this often, in milliseconds: what comes faster is told
/// together.
const EVERY_MS: u64 = 2_000;
/// What a push service says of a device that is gone for good.
const GONE: [u16; 2] = [404, 410];
/// Characters in a topic (RFC 8030, section 5.4), as bytes before base64.
const TOPIC_BYTES: usize = 24;

/// The key that this account signs with: made when it is first needed.
pub(super) fn signer(turn: &mut Turn<'_>) -> Result<Signer, Fault> {
    if let Some(row) = turn.sql.first("SELECT secret FROM signer", &[])? {
        return Ok(Signer::of_column(row.text(0)?));
    }
    let signer = Signer::new(turn.random());
    let insert = "INSERT INTO signer (id, secret) VALUES (1, ?1)";
    turn.sql.execute(insert, params![signer.to_column()])?;
    Ok(signer)
}

pub(super) fn subscribe(
    turn: &mut Turn<'_>,
    by: SessionId,
    subscription: &Subscription,
    contact: &str,
) -> Result<(), Failure> {
    sessions::require(turn.sql, by)?;
    notice::require(subscription)?;
    limits::spend(turn.sql, turn.now, turn.limits.subscribe, "subscribe")?;
    // A browser that signed in anew is the device that it was, and is told what that was to be told.
    let before = turn.sql.query(
        "SELECT session FROM subscriptions
         WHERE session <> ?1 AND json_extract(subscription, '$.endpoint') = ?2",
        params![by.to_string(), subscription.endpoint.as_str()],
    )?;
    for row in before {
        turn.sql.execute(
            "UPDATE OR REPLACE notices SET session = ?1 WHERE session = ?2",
            params![by.to_string(), row.text(0)?],
        )?;
        turn.sql.execute("DELETE FROM subscriptions WHERE session = ?1", params![row.text(0)?])?;
    }
    turn.sql.execute(
        "INSERT OR REPLACE INTO subscriptions (session, subscription, contact) VALUES (?1, ?2, ?3)",
        params![by.to_string(), to_json(subscription)?, contact],
    )?;
    Ok(())
}

/// A device is told no more.
pub(super) fn unsubscribe(sql: &dyn Sql, session: SessionId) -> Result<(), Fault> {
    for table in ["subscriptions", "notices"] {
        let delete = format!("DELETE FROM {table} WHERE session = ?1");
        sql.execute(&delete, params![session.to_string()])?;
    }
    Ok(())
}

/// Takes in what a delivery changed.
pub(super) fn deliver(
    turn: &Turn<'_>,
    before: Option<&Stored>,
    stored: &Stored,
    delivery: &Delivery,
) -> Result<(), Fault> {
    if !turn.sql.has_any(&["subscriptions"], "", &[])? {
        return Ok(());
    }
    let entry = &stored.entry;
    let conversation = entry.conversation.to_string();
    read(turn.sql, entry.conversation, entry.read_seq)?;
    for &seq in &delivery.recalled {
        turn.sql.execute(
            "DELETE FROM notices WHERE conversation = ?1 AND seq = ?2",
            params![conversation.as_str(), seq],
        )?;
    }
    replace(turn.sql, before, entry, delivery)?;
    let known = before.map_or(0, |before| aloud(&before.entry, turn.now));
    if stored.is_hidden || aloud(entry, turn.now) <= known {
        return Ok(());
    }
    let (seq, preview) = newest(turn, entry, delivery)?;
    turn.stir(Work::Notices);
    // Should the push service be down, it is not asked sooner because there is more to say.
    turn.sql.execute(
        "INSERT INTO notices (session, conversation, seq, preview, attempts, due_at)
         SELECT session, ?1, ?2, ?3, 0, ?4 FROM subscriptions WHERE true
         ON CONFLICT (session, conversation) DO UPDATE SET seq = excluded.seq,
         preview = excluded.preview, due_at = max(notices.due_at, excluded.due_at)",
        params![conversation, seq, preview.as_ref().map(to_json).transpose()?, turn.now.0],
    )
}

/// Words that were replaced since are not told any more: the newest message's new ones are, or else only that there is
/// something.
fn replace(
    sql: &dyn Sql,
    before: Option<&Stored>,
    entry: &Entry,
    delivery: &Delivery,
) -> Result<(), Fault> {
    let heard = before.map_or(0, |before| before.entry.last_seq);
    let carried = delivery.messages.iter().map(|message| message.seq);
    let changed = carried.chain(delivery.changed.iter().copied()).filter(|&seq| seq <= heard);
    for seq in changed {
        let preview = delivery.preview.as_ref().filter(|_| seq == entry.last_seq);
        sql.execute(
            "UPDATE notices SET preview = ?3 WHERE conversation = ?1 AND seq = ?2",
            params![entry.conversation.to_string(), seq, preview.map(to_json).transpose()?],
        )?;
    }
    Ok(())
}

/// What counts as unread where somebody is told of it: of what is muted only what means them.
fn aloud(entry: &Entry, now: Timestamp) -> u64 {
    if entry.kept.is_muted(now) { entry.mentions } else { entry.unread }
}

/// The newest message to tell of: where the conversation is muted, the newest that means this person.
fn newest(
    turn: &Turn<'_>,
    entry: &Entry,
    delivery: &Delivery,
) -> Result<(u64, Option<Preview>), Fault> {
    if !entry.kept.is_muted(turn.now) {
        return Ok((entry.last_seq, delivery.preview.clone()));
    }
    let row = turn.sql.first(
        "SELECT max(seq) FROM mentions WHERE conversation = ?1",
        params![entry.conversation.to_string()],
    )?;
    let seq = row.map(|row| row.maybe_number(0)).transpose()?.flatten().unwrap_or(entry.last_seq);
    let is_newest = |_: &&Preview| seq == entry.last_seq;
    Ok((seq, delivery.preview.as_ref().filter(is_newest).cloned()))
}

/// What is read needs no telling.
pub(super) fn read(sql: &dyn Sql, conversation: ConversationId, seq: u64) -> Result<(), Fault> {
    sql.execute(
        "DELETE FROM notices WHERE conversation = ?1 AND seq <= ?2",
        params![conversation.to_string(), seq],
    )
}

/// A device is not looked at any more: what waited for that is looked at again.
pub(super) fn stop_waiting(turn: &Turn<'_>) -> Result<(), Fault> {
    turn.stir(Work::Notices);
    turn.sql.execute(
        "UPDATE notices SET due_at = min(due_at, ?1) WHERE attempts = 0",
        params![turn.now.0],
    )
}

/// Who is being told. Lost with the memory: they are told again then.
#[derive(Debug)]
pub(super) struct Notices {
    under_way: BTreeMap<CallId, (SessionId, ConversationId, u64)>,
    agenda: Agenda,
}

impl Default for Notices {
    fn default() -> Self {
        Self { under_way: BTreeMap::new(), agenda: Agenda::of(Work::Notices) }
    }
}

impl Notices {
    /// Tells what is due; says when the rest is.
    pub(super) fn pump(&mut self, turn: &mut Turn<'_>) -> Result<Option<Timestamp>, Fault> {
        if let Some(next) = self.agenda.next(turn) {
            return Ok(next);
        }
        let rows = turn.sql.query(
            "SELECT session, conversation, seq, preview, attempts, due_at, subscription, contact
             FROM notices JOIN subscriptions USING (session) ORDER BY due_at LIMIT ?1",
            params![2 * IN_FLIGHT as u64],
        )?;
        let looks_until = presence::looks_until(turn.sql, turn.now)?;
        let (mut wake, mut waits) = (None, false);
        for row in rows {
            let (session, conversation): (SessionId, ConversationId) =
                (row.parse(0)?, row.parse(1)?);
            let due_at = Timestamp(row.number(5)?);
            let is_told = |&(by, of, _): &(_, _, _)| (by, of) == (session, conversation);
            if due_at > turn.now {
                wake = Some(due_at.min(wake.unwrap_or(due_at)));
                break;
            }
            if self.under_way.values().any(is_told) {
                continue;
            }
            if row.number(4)? >= ATTEMPTS {
                let delete = "DELETE FROM notices WHERE session = ?1 AND conversation = ?2";
                turn.sql.execute(delete, params![session.to_string(), conversation.to_string()])?;
                // There may be more behind those that were asked for.
                waits = true;
                continue;
            }
            let is_full = self.under_way.len() >= IN_FLIGHT || !turn.has_room();
            if looks_until.is_none() && is_full {
                waits = true;
                break;
            }
            let next = looks_until.unwrap_or_else(|| turn.now.after(AGAIN_MS));
            turn.sql.execute(
                "UPDATE notices SET attempts = attempts + ?3, due_at = ?4
                 WHERE session = ?1 AND conversation = ?2",
                params![
                    session.to_string(),
                    conversation.to_string(),
                    u64::from(looks_until.is_none()),
                    next.0
                ],
            )?;
            wake = Some(next.min(wake.unwrap_or(next)));
            if looks_until.is_none()
                && let Some(dispatch) = compose(turn, conversation, &row)?
            {
                let id = turn.notify(dispatch);
                self.under_way.insert(id, (session, conversation, row.number(2)?));
            }
        }
        Ok(self.agenda.settle(turn.now, wake, waits))
    }

    /// Takes in what a push service says; whether it was asked for this.
    pub(super) fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: &Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<bool, Fault> {
        let Some((session, conversation, seq)) = self.under_way.remove(&id) else {
            return Ok(false);
        };
        turn.stir(Work::Notices);
        let answer: Option<Answer> = match answer {
            Ok(Ok(answer)) => {
                Some(serde_json::from_value(answer.clone()).map_err(|error| {
                    Fault(format!("unreadable answer of a push service: {error}"))
                })?)
            }
            _ => None,
        };
        match answer {
            Some(Answer { status, .. }) if GONE.contains(&status) => {
                unsubscribe(turn.sql, session)?;
            }
            Some(Answer { status: 408 | 429 | 500.., retry_after_s }) => {
                let wished = retry_after_s.unwrap_or(0).saturating_mul(1_000);
                try_again(turn, session, conversation, wished.min(LONGEST_WAIT_MS))?;
            }
            None => try_again(turn, session, conversation, 0)?,
            // Taken, or refused for a reason that stays.
            Some(_) => {
                let place = params![session.to_string(), conversation.to_string(), seq];
                turn.sql.execute(
                    "DELETE FROM notices WHERE session = ?1 AND conversation = ?2 AND seq = ?3",
                    place,
                )?;
                turn.sql.execute(
                    "UPDATE notices SET attempts = 0, due_at = ?3
                     WHERE session = ?1 AND conversation = ?2",
                    params![
                        session.to_string(),
                        conversation.to_string(),
                        turn.now.after(EVERY_MS).0
                    ],
                )?;
            }
        }
        Ok(true)
    }
}

fn try_again(
    turn: &mut Turn<'_>,
    session: SessionId,
    conversation: ConversationId,
    at_least_ms: u64,
) -> Result<(), Fault> {
    let place = [session.to_string(), conversation.to_string()];
    let query = "SELECT attempts FROM notices WHERE session = ?1 AND conversation = ?2";
    let row = turn.sql.first(query, params![place[0].as_str(), place[1].as_str()])?;
    let Some(row) = row else { return Ok(()) };
    let wait_ms = backoff::wait_ms(row.number(0)?, turn.random()).max(at_least_ms);
    turn.sql.execute(
        "UPDATE notices SET due_at = ?3 WHERE session = ?1 AND conversation = ?2",
        params![place[0].as_str(), place[1].as_str(), turn.now.after(wait_ms).0],
    )
}

/// What a device is told of a conversation; none when there is no such conversation any more.
fn compose(
    turn: &mut Turn<'_>,
    conversation: ConversationId,
    row: &Row,
) -> Result<Option<Dispatch>, Fault> {
    let entries = inbox::entries(turn.sql)?;
    let Some(entry) = entries.iter().find(|entry| entry.conversation == conversation) else {
        return Ok(None);
    };
    let to: Subscription = row.json(6)?;
    let preview: Option<Preview> = row.maybe_text(3)?.map(|_| row.json(3)).transpose()?;
    let words = preview.filter(|preview| to.words && !preview.recalled);
    let in_group = words.as_ref().filter(|_| entry.kind == Kind::Group);
    let notice = Notice {
        conversation,
        title: contacts::called(turn.sql, entry.peer, &entry.title)?,
        unread: entries.iter().map(|entry| aloud(entry, turn.now)).sum(),
        author: in_group.map(|preview| preview.author_name.clone()),
        holds: words.as_ref().and_then(|preview| preview.holds),
        text: words.map(|preview| preview.text),
    };
    let means = entry.kind == Kind::Direct || entry.mentions > 0;
    let signer = signer(turn)?;
    Ok(Some(Dispatch {
        topic: topic(&signer, conversation),
        to,
        signer,
        contact: row.text(7)?.to_owned(),
        urgency: if means { Urgency::High } else { Urgency::Normal },
        body: to_json(&notice)?,
    }))
}

/// Names a conversation to a push service, without telling it which.
fn topic(signer: &Signer, conversation: ConversationId) -> String {
    let mut hasher = Sha256::new();
    hasher.update(signer.to_column());
    hasher.update(conversation.as_bytes());
    let hash = hasher.finalize();
    Base64UrlUnpadded::encode_string(hash.get(..TOPIC_BYTES).unwrap_or_default())
}
