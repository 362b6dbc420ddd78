//! What becomes of a message after it was said: edits, recalls, reactions, pins.
//!
//! A change raises the message's version. Accounts hear of what changes the words; reactions and
//! pins are for those who look.

use tideline_shared::protocol::{
    Body, ConversationReply, ConversationRow, Message, Reaction, Reason, ReportedMessage, Revision,
};
use tideline_shared::rights::{Deed, may};
use tideline_shared::{
    Caption, Code, MessageText, Note, Timestamp, UserId, is_emoji, limits as bounds,
};

use super::blocks::{self, Veil};
use super::members::Stored as Member;
use super::{
    announce, cards, done, files, members, mentions, messages, next_quiet_version, next_version,
    record, rights,
};
use crate::deployment::{DeploymentCall, Reported};
use crate::limits;
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn, to_json};

/// A message that is not withheld from `by`; `unknown_message`.
pub(super) fn require(sql: &dyn Sql, by: UserId, seq: u64) -> Result<Message, Failure> {
    let message = any(sql, seq)?;
    let is_hidden = Veil::of(sql, by)?.hides(message.author, seq);
    if is_hidden { Err(Code::UnknownMessage.into()) } else { Ok(message) }
}

/// A message, whoever asks; `unknown_message`.
pub(super) fn any(sql: &dyn Sql, seq: u64) -> Result<Message, Failure> {
    let message = messages::select(sql, "WHERE m.seq = ?1", params![seq])?.pop();
    message.ok_or_else(|| Code::UnknownMessage.into())
}

/// A message that was not recalled; otherwise also `message_recalled`.
fn require_words(sql: &dyn Sql, by: UserId, seq: u64) -> Result<Message, Failure> {
    let message = require(sql, by, seq)?;
    if message.body.is_recalled() { Err(Code::MessageRecalled.into()) } else { Ok(message) }
}

/// Changes the words.
pub(super) fn edit(
    turn: &mut Turn<'_>,
    by: &Member,
    seq: u64,
    text: &str,
    preview: bool,
) -> Result<ConversationReply, Failure> {
    rights::require(turn, by, Deed::EditOwn)?;
    let user = by.member.person.user;
    let message = require_words(turn.sql, user, seq)?;
    if message.author != user {
        return Err(Code::NotTheAuthor.into());
    }
    let (before, body) = match &message.body {
        Body::Text { text: before } => {
            (before, Body::Text { text: MessageText::parse(text)?.into() })
        }
        Body::Files { text: before, files } => {
            (before, Body::Files { text: Caption::parse(text)?.into(), files: files.clone() })
        }
        _ => return Err(Code::UnknownMessage.into()),
    };
    if body == message.body {
        return done(turn);
    }
    limits::spend_often(turn, turn.limits.send, format!("send {user}"))?;
    blocks::before_change(turn.sql, user, &message)?;
    keep(turn.sql, &message, before)?;
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        "UPDATE messages SET body = ?2, edited_at = ?3, version = ?4, told = NULL WHERE seq = ?1",
        params![seq, to_json(&body)?, turn.now.0, version],
    )?;
    mentions::keep(turn.sql, seq, &body)?;
    let words = (before.as_str(), body.text().unwrap_or_default());
    cards::follow(turn, user, seq, words, preview)?;
    tell(turn, seq, version)
}

/// Keeps the words that are about to be replaced.
fn keep(sql: &dyn Sql, message: &Message, text: &str) -> Result<(), Fault> {
    let row = sql.first(
        "INSERT INTO revisions (seq, n, at, text)
         SELECT ?1, coalesce(max(n) + 1, 0), ?2, ?3 FROM revisions WHERE seq = ?1 RETURNING n",
        params![message.seq, message.edited_at.unwrap_or(message.at).0, text],
    )?;
    let n = row.map(|row| row.number(0)).transpose()?.unwrap_or(0);
    sql.execute(
        "DELETE FROM revisions WHERE seq = ?1 AND n BETWEEN 1 AND ?2",
        params![message.seq, n.saturating_sub(bounds::EARLIER_WORDS)],
    )
}

/// What a message said when it was stored.
pub(super) fn first_words(sql: &dyn Sql, seq: u64) -> Result<Option<String>, Fault> {
    let query = "SELECT text FROM revisions WHERE seq = ?1 AND n = 0";
    sql.first(query, params![seq])?.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

/// What a message said before.
pub(super) fn revisions(sql: &dyn Sql, by: UserId, seq: u64) -> Result<ConversationReply, Failure> {
    let message = require(sql, by, seq)?;
    let veil = Veil::of(sql, by)?;
    // Of a message that is kept as it was, only what came before that.
    let until = if veil.keeps_from(&message) {
        let shown = veil.over(message);
        shown.edited_at.map_or(0, |at| at.0)
    } else {
        (1 << 53) - 1
    };
    let query = "SELECT at, text FROM revisions WHERE seq = ?1 AND at < ?2 ORDER BY n";
    let rows = sql.query(query, params![seq, until])?;
    let revision = |row: &crate::sql::Row| -> Result<_, Fault> {
        Ok(Revision { at: Timestamp(row.number(0)?), text: row.text(1)?.to_owned() })
    };
    let revisions = rows.iter().map(revision).collect::<Result<_, _>>()?;
    Ok(ConversationReply::Revisions { revisions })
}

/// Takes a message back: of its words nothing stays.
pub(super) fn recall(
    turn: &mut Turn<'_>,
    by: &Member,
    seq: u64,
) -> Result<ConversationReply, Failure> {
    let user = by.member.person.user;
    let message = require(turn.sql, user, seq)?;
    let kind = record::require(turn.sql)?.record.kind;
    if !may(by.member.role, kind, Deed::RecallOthers) {
        rights::require(turn, by, Deed::RecallOwn)?;
        if message.author != user {
            return Err(Code::NotTheAuthor.into());
        }
        if turn.now.since(message.at) > bounds::RECALL_MS && !message.body.is_recalled() {
            return Err(Code::TooLate.into());
        }
    }
    if message.body.is_recalled() {
        return done(turn);
    }
    take_back(turn, seq, user)
}

/// Takes a message back for whoever runs the deployment; one that was recalled already stays so.
pub(super) fn take_down(turn: &mut Turn<'_>, seq: u64, by: UserId) -> Result<(), Failure> {
    let message = any(turn.sql, seq)?;
    if !message.body.is_recalled() {
        take_back(turn, seq, by)?;
    }
    Ok(())
}

/// Tells whoever runs the deployment of somebody else's message, with its words as they are now.
pub(super) fn report(
    turn: &mut Turn<'_>,
    by: &Member,
    seq: u64,
    reason: Reason,
    note: &str,
) -> Result<(), Failure> {
    let person = by.member.person.clone();
    let note = Note::parse(note)?.into();
    let message = require_words(turn.sql, person.user, seq)?;
    if message.author == person.user {
        return Err(Code::Yourself.into());
    }
    let rate = turn.limits.report;
    limits::spend(turn.sql, turn.now, rate, &format!("report {}", person.user))?;
    let about = members::person(turn.sql, message.author)?;
    let reported = ReportedMessage {
        conversation: record::require(turn.sql)?.conversation,
        seq,
        text: message.body.text().unwrap_or_default().to_owned(),
        files: message.body.files().len(),
    };
    let topic = format!("report {seq} {}", person.user);
    let message = Some(reported);
    let reported = Reported { at: turn.now, by: person, about, reason, note, message };
    Ok(outbox::owe(turn, Address::Deployment, &topic, &DeploymentCall::Report(reported))?)
}

fn take_back(turn: &mut Turn<'_>, seq: u64, user: UserId) -> Result<ConversationReply, Failure> {
    // A block does not keep anybody from taking their words back.
    blocks::thaw(turn.sql, seq)?;
    let (version, body) = (next_version(turn.sql)?, Body::Recalled { by: user });
    turn.sql.execute("DELETE FROM revisions WHERE seq = ?1", params![seq])?;
    files::release(turn, seq)?;
    cards::forget(turn.sql, seq)?;
    turn.sql.execute(
        "UPDATE messages SET body = ?2, reply_to = NULL, forwarded = NULL, origin = NULL,
                edited_at = NULL, pinned_at = NULL, reactions = NULL, version = ?3, told = NULL WHERE seq = ?1",
        params![seq, to_json(&body)?, version],
    )?;
    mentions::keep(turn.sql, seq, &body)?;
    tell(turn, seq, version)
}

/// Of what others carried here of somebody's words, their name goes.
pub(super) fn unname(turn: &mut Turn<'_>, author: UserId) -> Result<(), Fault> {
    let author = author.to_string();
    let named = "json_extract(forwarded, '$.author') = ?1
                 AND json_extract(forwarded, '$.author_name') <> ''";
    turn.sql.execute(
        "UPDATE frozen SET message = json_set(message, '$.forwarded.author_name', '')
         WHERE json_extract(message, '$.forwarded.author') = ?1",
        params![author.as_str()],
    )?;
    let query = format!("SELECT 1 FROM messages WHERE {named} LIMIT 1");
    if turn.sql.first(&query, params![author.as_str()])?.is_none() {
        return Ok(());
    }
    let version = next_version(turn.sql)?;
    turn.sql.execute(
        &format!(
            "UPDATE messages SET forwarded = json_set(forwarded, '$.author_name', ''),
                    version = ?2, told = NULL WHERE {named}"
        ),
        params![author, version],
    )?;
    show(turn, version)
}

/// Tells of new words, also those who quoted the old ones.
fn tell(turn: &mut Turn<'_>, seq: u64, version: u64) -> Result<ConversationReply, Failure> {
    turn.sql.execute(
        "UPDATE messages SET version = ?2, told = NULL WHERE reply_to = ?1",
        params![seq, version],
    )?;
    show(turn, version)?;
    done(turn)
}

/// Shows everybody who looks what has this version now.
fn show(turn: &mut Turn<'_>, version: u64) -> Result<(), Fault> {
    let changed = messages::select(turn.sql, "WHERE m.version = ?1", params![version])?;
    announce(turn, version, changed.into_iter().map(ConversationRow::Message).collect())
}

/// Adds or takes back a reaction. Asked again, it changes nothing.
pub(super) fn react(
    turn: &mut Turn<'_>,
    by: &Member,
    seq: u64,
    emoji: &str,
    on: bool,
) -> Result<ConversationReply, Failure> {
    rights::require(turn, by, Deed::React)?;
    if !is_emoji(emoji) {
        return Err(Code::NotAnEmoji.into());
    }
    let user = by.member.person.user;
    let message = require_words(turn.sql, user, seq)?;
    let mut reactions = message.reactions.clone();
    let changed =
        if on { add(&mut reactions, emoji, user)? } else { take(&mut reactions, emoji, user) };
    if !changed {
        return done(turn);
    }
    blocks::before_change(turn.sql, user, &message)?;
    limits::spend_often(turn, turn.limits.react, format!("react {user}"))?;
    let reactions = if reactions.is_empty() { None } else { Some(to_json(&reactions)?) };
    quietly(turn, seq, "reactions", reactions)?;
    done(turn)
}

fn add(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) -> Result<bool, Failure> {
    if let Some(known) = reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        let new = !known.users.contains(&user);
        if new {
            known.users.push(user);
        }
        return Ok(new);
    }
    if reactions.len() >= bounds::REACTIONS {
        return Err(Code::TooManyReactions.into());
    }
    reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] });
    Ok(true)
}

fn take(reactions: &mut Vec<Reaction>, emoji: &str, user: UserId) -> bool {
    let users = |reactions: &[Reaction]| reactions.iter().map(|r| r.users.len()).sum::<usize>();
    let before = users(reactions);
    for reaction in reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.users.retain(|&other| other != user);
    }
    reactions.retain(|reaction| !reaction.users.is_empty());
    users(reactions) != before
}

/// Pins a message, or takes the pin away. Asked again, it changes nothing.
pub(super) fn pin(
    turn: &mut Turn<'_>,
    by: &Member,
    seq: u64,
    on: bool,
) -> Result<ConversationReply, Failure> {
    rights::require(turn, by, Deed::Pin)?;
    let user = by.member.person.user;
    let message = require_words(turn.sql, user, seq)?;
    if message.pinned_at.is_some() == on {
        return done(turn);
    }
    let count = "SELECT count(*) FROM messages WHERE pinned_at IS NOT NULL";
    let pinned = turn.sql.first(count, &[])?.map(|row| row.number(0)).transpose()?.unwrap_or(0);
    if on && pinned >= bounds::PINNED_MESSAGES as u64 {
        return Err(Code::TooManyPins.into());
    }
    blocks::before_change(turn.sql, user, &message)?;
    limits::spend_often(turn, turn.limits.react, format!("react {user}"))?;
    quietly(turn, seq, "pinned_at", on.then_some(turn.now.0))?;
    done(turn)
}

/// The pinned messages, the one that was pinned last first.
pub(super) fn pinned(sql: &dyn Sql, by: UserId) -> Result<ConversationReply, Failure> {
    // Also what was unpinned in a block, and is pinned still for who blocked.
    let rest = "WHERE m.pinned_at IS NOT NULL OR m.seq IN (SELECT seq FROM frozen)";
    let mut messages = blocks::seen(sql, by, messages::select(sql, rest, &[])?)?;
    messages.retain(|message| message.pinned_at.is_some());
    messages.sort_by_key(|message| std::cmp::Reverse((message.pinned_at, message.seq)));
    Ok(ConversationReply::Pinned { messages })
}

/// Changes what accounts do not hear of.
pub(super) fn quietly(
    turn: &mut Turn<'_>,
    seq: u64,
    column: &str,
    value: impl Into<crate::sql::Value>,
) -> Result<(), Fault> {
    let version = next_quiet_version(turn.sql)?;
    turn.sql.execute(
        &format!(
            "UPDATE messages SET {column} = ?2, told = coalesce(told, version), version = ?3
             WHERE seq = ?1"
        ),
        &[seq.into(), value.into(), version.into()],
    )?;
    show(turn, version)
}
