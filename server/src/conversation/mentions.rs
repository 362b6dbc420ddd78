//! Whom messages mean: found out when the words are stored, among those who are here then.

use serde::{Deserialize, Serialize};
use tideline_shared::markup::{Names, resolve};
use tideline_shared::protocol::{Body, Mention, Message};
use tideline_shared::{Person, UserId};

use super::members;
use crate::params;
use crate::sql::{Fault, Row, Sql};
use crate::turn::to_json;

/// Whom a message means, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mentions {
    pub(super) users: Vec<Mention>,
    pub(super) all: bool,
}

/// A message that means somebody, or did before its words changed, as accounts are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// Its place.
    pub seq: u64,
    /// Who said it.
    pub author: UserId,
    /// Whom it means now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Whether it means everybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
}

impl Mentions {
    /// As a new message keeps them: none where nobody is meant.
    pub(super) fn to_column(&self) -> Result<Option<String>, Fault> {
        (*self != Self::default()).then(|| to_json(self)).transpose()
    }
}

/// Keeps whom the words of a stored message mean, whenever it gets other ones; costs nothing where nobody was
/// meant before nor is now.
pub(super) fn keep(sql: &dyn Sql, seq: u64, body: &Body) -> Result<(), Fault> {
    let mentions = of(sql, body.text().unwrap_or_default())?;
    let any = mentions.to_column()?.is_some();
    // Who meant somebody before keeps an empty row: accounts hear that nobody is meant any more.
    sql.execute(
        "UPDATE messages SET mentions = ?2 WHERE seq = ?1 AND (?3 OR mentions IS NOT NULL)",
        params![seq, to_json(&mentions)?, any],
    )
}

/// Whom words mean that are said now.
pub(super) fn of(sql: &dyn Sql, text: &str) -> Result<Mentions, Fault> {
    if !text.contains('@') {
        return Ok(Mentions::default());
    }
    let here = members::changed_since(sql, 0)?.into_iter().map(|stored| stored.member);
    let here: Vec<Person> =
        here.filter(|member| member.left.is_none()).map(|member| member.person).collect();
    let (users, all) = resolve(text, &Names::of(&here));
    Ok(Mentions { users, all })
}

/// Reads what [`keep`] kept, from a row's column.
pub(super) fn read(row: &Row, column: usize) -> Result<Mentions, Fault> {
    match row.maybe_text(column)? {
        Some(_) => row.json(column),
        None => Ok(Mentions::default()),
    }
}

/// Those of these messages that mean somebody, or may have done so before their words changed.
pub(super) fn among(messages: &[Message]) -> Vec<Mentioned> {
    let means = |message: &&Message| {
        let changed = message.edited_at.is_some() || message.body.is_recalled();
        changed || message.mentions_all || !message.mentions.is_empty()
    };
    let mentioned = |message: &Message| Mentioned {
        seq: message.seq,
        author: message.author,
        users: message.mentions.iter().map(|mention| mention.user).collect(),
        all: message.mentions_all,
    };
    messages.iter().filter(means).map(mentioned).collect()
}

/// Whom a message means, or did, by the columns of its `seq`, its `mentions` and its author; none where it never meant
/// anybody.
pub(super) fn of_row(
    row: &Row,
    seq: usize,
    mentions: usize,
    author: usize,
) -> Result<Option<Mentioned>, Fault> {
    if row.maybe_text(mentions)?.is_none() {
        return Ok(None);
    }
    let Mentions { users, all } = read(row, mentions)?;
    let users = users.into_iter().map(|mention| mention.user).collect();
    Ok(Some(Mentioned { seq: row.number(seq)?, author: row.parse(author)?, users, all }))
}
