//! What a person does elsewhere and is counted here: only their account knows of all their devices and
//! all their conversations. The gateway asks it who somebody is before they do anything, so counting
//! costs no call of its own.

use serde::{Deserialize, Serialize};
use tideline_shared::ConversationId;

use crate::limits;
use crate::params;
use crate::turn::{Failure, Turn};

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "conversation", rename_all = "snake_case")]
pub enum Act {
    /// Find people, or administer.
    Find,
    /// Make a group.
    Group(ConversationId),
    /// Begin a direct conversation.
    Direct(ConversationId),
    /// Come into a group, or ask to.
    Join(ConversationId),
    /// Open a conversation's socket. What is said over it is counted there: so this bounds what one person
    /// says in all their conversations together.
    Open,
    /// Say something in any conversation, over HTTP.
    Say,
}

/// Counts it; `rate_limited`. Asked again for a conversation that the person is in by now, because an
/// answer was lost or because it was there all along, nothing is counted.
pub(super) fn count(turn: &Turn<'_>, act: Act) -> Result<(), Failure> {
    let rates = turn.limits;
    let (key, rate, conversation) = match act {
        // Often, and each is a write otherwise.
        Act::Open => return limits::spend_often(turn, rates.open, "open".to_owned()),
        Act::Say => return limits::spend_often(turn, rates.say, "say".to_owned()),
        Act::Find => ("find", rates.find, None),
        Act::Group(id) => ("group", rates.group, Some(id)),
        Act::Direct(id) => ("direct", rates.direct, Some(id)),
        Act::Join(id) => ("join", rates.join, Some(id)),
    };
    if let Some(conversation) = conversation {
        let query = "SELECT 1 FROM entries WHERE conversation = ?1 AND has_left = 0";
        if turn.sql.first(query, params![conversation.to_string()])?.is_some() {
            return Ok(());
        }
    }
    limits::spend(turn.sql, turn.now, rate, key)
}
