//! Saying again what was said elsewhere. The gateway carries the words from one conversation to the
//! other, so nobody can make up what somebody else is to have said.
//!
//! With the words travels the name of who said them first, to people who may never have met them. So
//! that it goes with their account, the account is told where it is named (once, through the outbox), and
//! tells of its end there, too; one that has ended by then says so at once.

use std::fmt;

use tideline_shared::protocol::{Body, ConversationReply, Forwarded};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, ConversationId, UserId, limits as bounds};

use super::blocks::Veil;
use super::members::Stored as Member;
use super::messages::{self, Said};
use super::{Copied, changes, done, members, record, rights};
use crate::account::AccountCall;
use crate::outbox;
use crate::params;
use crate::sql::{Fault, Sql};
use crate::turn::{Address, Failure, Turn};

/// `named`: who is named here and never was a member. `origin`: an [`Origin`], until the copy is recalled.
pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE named (user TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "ALTER TABLE messages ADD COLUMN origin TEXT",
    "INSERT INTO named (user)
     SELECT DISTINCT json_extract(forwarded, '$.author') FROM messages
     WHERE forwarded IS NOT NULL
     AND json_extract(forwarded, '$.author') NOT IN (SELECT user FROM members)",
    "INSERT INTO outbox (address, topic, body, due_at)
     SELECT json_object('actor', 'account', 'id', user), 'named ' || user,
            json_object('type', 'named', 'conversation', (SELECT conversation FROM conversation)), 0
     FROM named",
];

/// With the user's id behind it: the topic of a call that tells an account it is named here.
const TOPIC: &str = "named ";

/// Which message a copy is one of: what it says and who is called how may change, this does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    from: ConversationId,
    seq: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.from, self.seq)
    }
}

/// The words to be said again, and who said them first.
pub(super) fn fetch(
    sql: &dyn Sql,
    by: UserId,
    seqs: &[u64],
) -> Result<Vec<(Body, Forwarded)>, Failure> {
    if seqs.len() > bounds::FORWARDED_MESSAGES {
        return Err(Code::TooManyMessages.into());
    }
    let veil = Veil::of(sql, by)?;
    let fetch = |&seq: &u64| -> Result<_, Failure> {
        let message = veil.over(changes::require(sql, by, seq)?);
        match message.body {
            Body::Text { .. } | Body::Files { .. } => {}
            Body::Recalled { .. } => return Err(Code::MessageRecalled.into()),
            Body::Withheld | Body::Unknown => return Err(Code::UnknownMessage.into()),
        }
        let author_name = members::person(sql, message.author)?.display_name;
        let first = Forwarded { author: message.author, author_name };
        Ok((message.body, message.forwarded.unwrap_or(first)))
    };
    seqs.iter().map(fetch).collect()
}

/// Says it, all of it or nothing.
pub(super) fn say(
    turn: &mut Turn<'_>,
    by: &Member,
    messages: Vec<Copied>,
    preview: bool,
) -> Result<ConversationReply, Failure> {
    rights::require(turn, by, Deed::Send)?;
    for Copied { id, text, files, mut forwarded, from, seq } in messages {
        name(turn, &mut forwarded)?;
        let forwarded = Some((forwarded, Origin { from, seq }));
        let said = Said { id, text, files, reply_to: None, forwarded, preview };
        messages::send(turn, by, &said)?;
    }
    done(turn)
}

/// Who is or was here is called as they are called here. The account of anybody else is told that it is
/// named here.
fn name(turn: &mut Turn<'_>, who: &mut Forwarded) -> Result<(), Failure> {
    let user = who.author;
    if let Some(known) = members::load(turn.sql, user)? {
        who.author_name = known.member.person.display_name;
        return Ok(());
    }
    let named = "INSERT OR IGNORE INTO named (user) VALUES (?1) RETURNING user";
    if who.author_name.is_empty() || turn.sql.first(named, params![user.to_string()])?.is_none() {
        return Ok(());
    }
    let conversation = record::require(turn.sql)?.conversation;
    let call = AccountCall::Named { conversation };
    Ok(outbox::owe(turn, Address::Account(user), &topic(user), &call)?)
}

fn topic(user: UserId) -> String {
    format!("{TOPIC}{user}")
}

/// Whom a call was about that told an account it is named here.
pub(super) fn told(topic: &str) -> Option<UserId> {
    topic.strip_prefix(TOPIC)?.parse().ok()
}

/// Whether a stored message is a copy of the one at `origin`; none where that is not known, as of
/// messages of one's own.
pub(super) fn is_copy(sql: &dyn Sql, seq: u64, origin: Origin) -> Result<Option<bool>, Fault> {
    let row = sql.first("SELECT origin FROM messages WHERE seq = ?1", params![seq])?;
    let known = row.map(|row| row.maybe_text(0).map(|text| text.map(str::to_owned))).transpose()?;
    Ok(known.flatten().map(|known| known == origin.to_string()))
}

/// Somebody's account has ended: their words stand here without their name.
pub(super) fn forget(turn: &mut Turn<'_>, user: UserId) -> Result<(), Fault> {
    turn.sql.execute("DELETE FROM named WHERE user = ?1", params![user.to_string()])?;
    changes::unname(turn, user)
}
