//! What a device mirrors of a conversation: its record, its members, its messages.
//!
//! Socket and commands: `/api/conversations/<id>`.

use serde::{Deserialize, Serialize};

use super::Reason;
use super::file::File;
use super::message::{Message, Revision};
use super::tagged::read_tagged;
use crate::profile::read_with_person;
use crate::{ConversationId, FileId, InviteToken, MessageId, Person, Timestamp, UserId};

/// What a person does in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationCommand {
    /// Make a group with this id, which the device drew (a UUIDv7). Asked again by the same
    /// person, it answers as the first time.
    CreateGroup {
        /// What the group is called.
        name: String,
        /// Its type, in its maker's words.
        #[serde(default)]
        group_type: String,
        /// What it is for.
        #[serde(default)]
        description: String,
    },
    /// Open the direct conversation with `peer`; its id must be the pair's.
    StartDirect {
        /// The other person; oneself for notes.
        peer: UserId,
    },
    /// Say something.
    Send {
        /// Made by the device; sending the same again answers as the first time.
        id: MessageId,
        /// As typed; with files, it may be empty.
        text: String,
        /// The `seq` of the message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<u64>,
        /// What its author uploaded to this conversation: at most
        /// [`crate::limits::MESSAGE_FILES`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
        /// Whether the service may look at the page that the first link leads to, for its card.
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        preview: bool,
    },
    /// Say again what was said elsewhere, in the order given.
    Forward {
        /// Where it was said.
        from: ConversationId,
        /// At most [`crate::limits::FORWARDED_MESSAGES`].
        messages: Vec<Forwarding>,
        /// As that of [`ConversationCommand::Send`].
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        preview: bool,
    },
    /// Change one's own words. The earlier ones stay for the members to see.
    Edit {
        /// Which message.
        seq: u64,
        /// As typed.
        text: String,
        /// As that of [`ConversationCommand::Send`]; asked when the first link is another one.
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        preview: bool,
    },
    /// What an edited message said before.
    Revisions {
        /// Which message.
        seq: u64,
    },
    /// Take a message back, for everybody and for good.
    Recall {
        /// Which message.
        seq: u64,
    },
    /// Tell whoever runs the deployment of somebody else's message.
    Report {
        /// Which message.
        seq: u64,
        /// Why.
        reason: Reason,
        /// What there is to say of it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// React to a message.
    React {
        /// Which message.
        seq: u64,
        /// One emoji.
        emoji: String,
    },
    /// Take one's own reaction back.
    Unreact {
        /// From which message.
        seq: u64,
        /// Which reaction.
        emoji: String,
    },
    /// Keep a message at hand for everybody.
    Pin {
        /// Which message.
        seq: u64,
    },
    /// Take a pin away.
    Unpin {
        /// From which message.
        seq: u64,
    },
    /// The pinned messages.
    Pinned,
    /// Who has read a message of one's own?
    Readers {
        /// Which message.
        seq: u64,
    },
    /// "I am writing": those who look see it for a few seconds. Said again while it lasts, every
    /// [`crate::limits::TYPING_EVERY_MS`] at most.
    Typing,
    /// Read messages: those next to `before` (the newest of them), next to `after` (the oldest of
    /// them), on both sides of `around`, or from a time on. With none of them: the newest page.
    History {
        /// Messages with a smaller `seq`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
        /// Messages with a larger `seq`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
        /// A `seq` in the middle.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        around: Option<u64>,
        /// The page around the first message that is not older.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
    },
    /// Leave the group.
    Leave,
    /// The group's invite links that are in force.
    Invites,
    /// Make an invite link.
    CreateInvite {
        /// Seconds until it expires; a week when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lifetime_s: Option<u64>,
        /// It does not expire; together with `lifetime_s` that is refused.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        forever: bool,
        /// How many people it lets in, of [`crate::limits::INVITE_USES`]; any number when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_uses: Option<u64>,
    },
    /// Withdraw an invite link.
    RevokeInvite {
        /// Which.
        token: InviteToken,
    },
    /// Change what the group is.
    ChangeRecord(RecordChange),
    /// Show the group's initials in place of its picture again.
    RemoveAvatar,
    /// Make a member an admin, or an admin a member.
    SetRole {
        /// Whom.
        user: UserId,
        /// `admin` or `member`. Text, so that a role that nobody knows does not make a member.
        role: String,
    },
    /// Give the group to a member; its owner becomes an admin.
    Transfer {
        /// To whom.
        user: UserId,
    },
    /// Take somebody out. They may come back by a link.
    Remove {
        /// Whom.
        user: UserId,
    },
    /// Keep somebody out who is, or was, in the group; their invite links are withdrawn.
    Ban {
        /// Whom.
        user: UserId,
    },
    /// Let them come in again.
    Unban {
        /// Whom.
        user: UserId,
    },
    /// Who is kept out?
    Banned,
    /// Make a member silent.
    MuteMember {
        /// Whom.
        user: UserId,
        /// For so many seconds; for good when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_s: Option<u64>,
    },
    /// Let them speak again.
    UnmuteMember {
        /// Whom.
        user: UserId,
    },
    /// What is this public group, for somebody who may not be in it? Over HTTP, as all that follow.
    Preview,
    /// Come into a public group; where people are let in, ask for it.
    Join,
    /// Do not ask any more.
    TakeBack,
    /// Who asks to come in?
    Requests,
    /// Let somebody in who asks.
    Admit {
        /// Whom.
        user: UserId,
    },
    /// Do not let them in. They may ask again.
    TurnAway {
        /// Whom.
        user: UserId,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// What becomes of a group's record: the fields that are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChange {
    /// What the group is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_type: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether only those who lead it write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcements: Option<bool>,
    /// Whether anybody finds it, sees what it is and comes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether who comes into it by themselves is let in by those who lead it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<bool>,
}

impl ConversationCommand {
    /// The page next to this message, older.
    #[must_use]
    pub fn history_before(seq: u64) -> Self {
        Self::History { before: Some(seq), after: None, around: None, since: None }
    }

    /// The page next to this message, newer.
    #[must_use]
    pub fn history_after(seq: u64) -> Self {
        Self::History { before: None, after: Some(seq), around: None, since: None }
    }

    /// The page on both sides of this message.
    #[must_use]
    pub fn history_around(seq: u64) -> Self {
        Self::History { before: None, after: None, around: Some(seq), since: None }
    }

    /// The page around the first message that is not older.
    #[must_use]
    pub fn history_since(at: Timestamp) -> Self {
        Self::History { before: None, after: None, around: None, since: Some(at) }
    }
}

/// A message to be said again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// Which message, where it was said.
    pub seq: u64,
    /// The id of the new one, made by the device.
    pub id: MessageId,
}

/// The answer to a [`ConversationCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationReply {
    /// The conversation exists and the person is in it; or the command took effect.
    Done {
        /// The conversation's version after it.
        version: u64,
    },
    /// The message is stored; it will reach everybody.
    Sent {
        /// As sent.
        id: MessageId,
        /// Its place in the order.
        seq: u64,
        /// The conversation's version with it.
        version: u64,
        /// When it was stored.
        at: Timestamp,
    },
    /// Messages, oldest first, with no gap between them.
    History {
        /// At most [`crate::limits::PAGE_MESSAGES`].
        messages: Vec<Message>,
    },
    /// The pinned messages, the one that was pinned last first.
    Pinned {
        /// At most [`crate::limits::PINNED_MESSAGES`].
        messages: Vec<Message>,
    },
    /// Who has read a message.
    Readers {
        /// All who say so.
        users: Vec<UserId>,
    },
    /// What a message said before it was edited, oldest first.
    Revisions {
        /// All of them.
        revisions: Vec<Revision>,
    },
    /// Invite links in force, newest first.
    Invites {
        /// All of the group's.
        invites: Vec<Invite>,
    },
    /// The link that was made.
    Invite(Invite),
    /// Who is kept out, the last first.
    Banned {
        /// All of them.
        people: Vec<Banned>,
    },
    /// What a public group is.
    Preview(GroupPreview),
    /// How the person stands to the group now.
    Standing {
        /// In it, asking, or neither.
        standing: Standing,
    },
    /// Who asks to come in, the first first.
    Requests {
        /// All of them.
        people: Vec<JoinRequest>,
    },
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(ConversationReply {
    "done" => Done { version: u64 },
    "sent" => Sent { id: MessageId, seq: u64, version: u64, at: Timestamp },
    "history" => History { messages: Vec<Message> },
    "pinned" => Pinned { messages: Vec<Message> },
    "readers" => Readers { users: Vec<UserId> },
    "revisions" => Revisions { revisions: Vec<Revision> },
    "invites" => Invites { invites: Vec<Invite> },
    "invite" => Invite(Invite),
    "banned" => Banned { people: Vec<Banned> },
    "preview" => Preview(GroupPreview),
    "standing" => Standing { standing: Standing },
    "requests" => Requests { people: Vec<JoinRequest> },
});

/// As much of a [`ConversationReply`] as a device asks for over its mirror: the code that reads the
/// others is for those who ask for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MirrorReply {
    /// As [`ConversationReply::Done`].
    Done {
        /// The conversation's version after it.
        version: u64,
    },
    /// As [`ConversationReply::Sent`].
    Sent {
        /// The message's id.
        id: MessageId,
        /// Its place in the order.
        seq: u64,
        /// The conversation's version that stored it.
        version: u64,
        /// When it was stored.
        at: Timestamp,
    },
    /// As [`ConversationReply::History`].
    History {
        /// Oldest first.
        messages: Vec<Message>,
    },
    /// Any other.
    Unknown,
}

read_tagged!(MirrorReply {
    "done" => Done { version: u64 },
    "sent" => Sent { id: MessageId, seq: u64, version: u64, at: Timestamp },
    "history" => History { messages: Vec<Message> },
});

/// A row of a conversation's mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationRow {
    /// What the conversation is.
    Record(Record),
    /// Somebody who is, or was, in it.
    Member(Member),
    /// Something that was said.
    Message(Message),
    /// How far a member has read.
    Receipt(Receipt),
    /// A member is writing; only in a signal.
    Typing {
        /// Who.
        user: UserId,
    },
    /// A row that this program is too old to know: skip it, the cursor still moves.
    Unknown,
}

read_tagged!(ConversationRow {
    "record" => Record(Record),
    "member" => Member(Member),
    "message" => Message(Message),
    "receipt" => Receipt(Receipt),
    "typing" => Typing { user: UserId },
});

/// How far a member has read, as far as they and the reader of this say so to others. In a group only
/// those who have read furthest are told of: `readers` answers who has read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who.
    pub user: UserId,
    /// Messages up to this `seq` came to one of their devices; in direct conversations only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received: u64,
    /// Messages up to this `seq` were read; with neither, nothing is known any more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub read: u64,
}

/// Whether a conversation is between two people or a group's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Two people; nobody joins or leaves.
    Direct,
    /// Any number of people.
    Group,
}

/// What a conversation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Direct or group.
    pub kind: Kind,
    /// The group's name; empty in a direct conversation, which is called after the other person.
    pub name: String,
    /// The group's type; may be empty.
    pub group_type: String,
    /// What the group is for; may be empty.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Only those who lead the group write in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub announcements: bool,
    /// Anybody finds the group, sees what it is and comes in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
    /// Who comes into a public group asks, and is let in by those who lead it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval: bool,
    /// Its picture, at `/api/avatars/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
}

impl Record {
    /// Of a conversation of which nothing else was said yet.
    #[must_use]
    pub fn new(kind: Kind, created_at: Timestamp) -> Self {
        let empty = String::new;
        Self {
            kind,
            name: empty(),
            group_type: empty(),
            description: empty(),
            created_at,
            announcements: false,
            public: false,
            approval: false,
            avatar: None,
        }
    }
}

/// Somebody who is, or was, in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who, as they are called now.
    #[serde(flatten)]
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// When they joined last.
    pub joined_at: Timestamp,
    /// The newest message's `seq` when they joined.
    pub joined_seq: u64,
    /// When and after which message they left, if they are not in it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Departure>,
    /// Whether they were made silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<Muted>,
}

read_with_person!(Member {
    role: Role,
    joined_at: Timestamp,
    joined_seq: u64,
    #[serde(default)]
    left: Option<Departure>,
    #[serde(default)]
    muted: Option<Muted>,
});

/// For how long somebody is silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted {
    /// Until then, by the service's clock; for good when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Muted {
    /// Whether it is still so.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// When somebody left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// By the service's clock.
    pub at: Timestamp,
    /// The newest message's `seq` then.
    pub seq: u64,
    /// Who took them out, if they did not go by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// Somebody who is kept out of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Banned {
    /// Who, as they were called last.
    #[serde(flatten)]
    pub person: Person,
    /// Who keeps them out.
    pub by: UserId,
    /// Since when.
    pub at: Timestamp,
}

read_with_person!(Banned { by: UserId, at: Timestamp });

/// All that somebody who is not in a public group sees of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPreview {
    /// What it is called.
    pub name: String,
    /// Its type; may be empty.
    pub group_type: String,
    /// What it is for; may be empty.
    pub description: String,
    /// How many people are in it.
    pub members: u64,
    /// Who comes in asks, and is let in by those who lead it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval: bool,
    /// Its picture, at `/api/avatars/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
    /// How the one who looks stands to it.
    pub standing: Standing,
}

/// How somebody stands to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They are in it.
    Member,
    /// They ask to come in.
    Asked,
    /// Neither, or something that this program is too old to know.
    #[serde(other)]
    None,
}

/// Somebody who asks to come into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JoinRequest {
    /// Who, as they are called now.
    #[serde(flatten)]
    pub person: Person,
    /// Since when.
    pub at: Timestamp,
}

read_with_person!(JoinRequest { at: Timestamp });

/// What a member may do; roles from the future count as [`Role::Member`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one to whom the group belongs.
    Owner,
    /// Keeps order in it.
    Admin,
    /// Takes part.
    #[serde(other)]
    Member,
}

/// A link that lets people into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The secret in the link: `/join/<token>`.
    pub token: InviteToken,
    /// Who made it.
    pub by: UserId,
    /// When it stops working; never when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// How many people it let in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uses: u64,
    /// How many it lets in at most; any number when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u64>,
}

/// What a field says that is not there.
fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_true(field: &bool) -> bool {
    *field
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
