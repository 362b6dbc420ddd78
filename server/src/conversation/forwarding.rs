//! Saying again what was said elsewhere. The gateway carries the words from one conversation to the
//! other, so nobody can make up what somebody else is to have said.

use tideline_shared::protocol::{Body, ConversationReply, Forwarded};
use tideline_shared::rights::Deed;
use tideline_shared::{Code, UserId, limits as bounds};

use super::blocks::Veil;
use super::members::Stored as Member;
use super::messages::{self, Said};
use super::{Copied, changes, done, members, rights};
use crate::sql::Sql;
use crate::turn::{Failure, Turn};

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
        let author = members::load(sql, message.author)?;
        let name = author.map(|stored| stored.member.person.display_name).unwrap_or_default();
        let first = Forwarded { author: message.author, author_name: name };
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
    for Copied { id, text, files, forwarded } in messages {
        let said = Said { id, text, files, reply_to: None, forwarded: Some(forwarded), preview };
        messages::send(turn, by, &said)?;
    }
    done(turn)
}
