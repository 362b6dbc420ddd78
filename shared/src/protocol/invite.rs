//! Following an invite link: `POST /api/invites`.

use serde::{Deserialize, Serialize};

use super::tagged::read_tagged;
use crate::{ConversationId, FileId, Person, SessionId};

/// What somebody does with an invite link. The token is text as it stands in the link, so that a
/// broken one gets `invite_unknown`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InviteCommand {
    /// What is behind the link? Needs no session.
    Preview {
        /// From the link.
        token: String,
    },
    /// Join with the account that is signed in. Who is in the group already stays in it.
    Join {
        /// From the link.
        token: String,
    },
    /// Make a guest's account, sign in to it and join, all or nothing.
    JoinAsGuest {
        /// From the link.
        token: String,
        /// The name others see.
        display_name: String,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// The answer to an [`InviteCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InviteReply {
    /// What is behind the link.
    Preview(InvitePreview),
    /// The person is in the group.
    Joined {
        /// The group.
        conversation: ConversationId,
    },
    /// The guest is in the group, and the cookie names them.
    JoinedAsGuest {
        /// The group.
        conversation: ConversationId,
        /// The guest.
        #[serde(flatten)]
        person: Person,
        /// Their session on this device.
        session: SessionId,
    },
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(InviteReply {
    "preview" => Preview(InvitePreview),
    "joined" => Joined { conversation: ConversationId },
    "joined_as_guest" => JoinedAsGuest {
        conversation: ConversationId,
        #[serde(flatten)]
        person: Person,
        session: SessionId
    },
});

/// What an invite link shows before one follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePreview {
    /// The group.
    pub conversation: ConversationId,
    /// What it is called.
    pub name: String,
    /// Its type; may be empty.
    pub group_type: String,
    /// What it is for; may be empty.
    pub description: String,
    /// How many people are in it.
    pub members: u64,
    /// Its picture, at `/api/invites/<token>/avatar` for whoever has the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
}
