//! Searching what was said, and one's own groups: `POST /api/search`.
//!
//! Whoever asks names the conversations to look in, in the order in which the answers are wanted: a
//! device knows its own list, asks for the newest first, and shows what came while it asks on.

use serde::{Deserialize, Serialize};

use super::tagged::read_tagged;
use crate::search::Has;
use crate::{ConversationId, FileId, MessageId, Timestamp, UserId};

/// What a person looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SearchCommand {
    /// Messages, the newest first.
    Messages {
        /// As typed, with its filters: see [`crate::search`].
        query: String,
        /// Who may have written it, chosen by id: besides those whom a `from:` names, or only they.
        /// At most [`crate::limits::SEARCHED_AUTHORS`] count. With some, the query may be empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        authors: Vec<UserId>,
        /// Where to look: 1 to [`crate::limits::SEARCHED_CONVERSATIONS`].
        conversations: Vec<ConversationId>,
        /// Only messages with a smaller `seq`: goes on where an answer's `next` says. With one
        /// conversation only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
        /// Minutes that the person's clocks are ahead of UTC: where their days begin.
        #[serde(default, skip_serializing_if = "is_zero")]
        zone_min: i32,
    },
    /// Groups that the person is in, by name, type and description.
    Groups {
        /// Words; filters count as words.
        query: String,
        /// Where to look: 1 to [`crate::limits::SEARCHED_CONVERSATIONS`].
        conversations: Vec<ConversationId>,
    },
    /// Public groups that the person is not in, by name, type and description.
    PublicGroups {
        /// Words; filters count as words.
        query: String,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// The answer to a [`SearchCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SearchReply {
    /// Messages, by conversation, in the order asked; where nothing was found, there is no row.
    Messages {
        /// What was found.
        found: Vec<FoundMessages>,
        /// Conversations that did not answer: ask again.
        missing: Vec<ConversationId>,
    },
    /// Groups, in the order asked; public ones best first, at most
    /// [`crate::limits::FOUND_GROUPS`] of them.
    Groups {
        /// What was found.
        found: Vec<FoundGroup>,
        /// Conversations that did not answer: ask again.
        missing: Vec<ConversationId>,
    },
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(SearchReply {
    "messages" => Messages {
        found: Vec<FoundMessages>,
        #[serde(default)]
        missing: Vec<ConversationId>
    },
    "groups" => Groups {
        found: Vec<FoundGroup>,
        #[serde(default)]
        missing: Vec<ConversationId>
    },
});

/// What was found in one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMessages {
    /// Where.
    pub conversation: ConversationId,
    /// The newest first. With one conversation at most [`crate::limits::FOUND_MESSAGES`], with
    /// several at most [`crate::limits::FOUND_EACH`] of each.
    pub hits: Vec<Hit>,
    /// Where older messages were not looked into yet: what to ask for as `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its id.
    pub id: MessageId,
    /// Its place in the order.
    pub seq: u64,
    /// Who said it.
    pub author: UserId,
    /// What they are called there now; empty when their account is gone.
    pub author_name: String,
    /// When it was stored.
    pub at: Timestamp,
    /// The part of it around what was found; `…` where something is left out.
    pub excerpt: String,
    /// What was found in the excerpt: where it begins and ends, counted in characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(u32, u32)>,
    /// What its first file is, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Has>,
}

/// A group that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundGroup {
    /// Which.
    pub conversation: ConversationId,
    /// What it is called.
    pub name: String,
    /// Its type; may be empty.
    pub group_type: String,
    /// What it is for; may be empty.
    pub description: String,
    /// How many are in it.
    pub members: u64,
    /// Its picture, at `/api/avatars/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
}
