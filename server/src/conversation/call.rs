//! What others ask of a conversation, and what it answers.

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    Body, ConversationCommand, ConversationReply, File, FileLimits, Forwarded, FoundGroup, Hit,
    InvitePreview, ListedGroup, Member, Message, Record,
};
use tideline_shared::{
    ConversationId, FileId, InviteToken, MessageId, Person, SessionId, Timestamp, UserId,
};

use super::Receipt;

/// What others ask of a conversation. `by` and `person` were found out by the gateway or by an
/// account; a client never says who it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationCall {
    /// Make a group.
    CreateGroup {
        /// The id to become.
        conversation: ConversationId,
        /// Its first member and owner.
        by: Person,
        /// As typed.
        name: String,
        /// As typed.
        group_type: String,
        /// As typed.
        description: String,
    },
    /// Make the direct conversation of two people, or somebody's with themselves, unless it is there.
    StartDirect {
        /// Who asks.
        by: Person,
        /// The other one, or the same.
        peer: Person,
    },
    /// A command of a member, over HTTP.
    Command {
        /// Who asks.
        by: UserId,
        /// What to do.
        command: ConversationCommand,
    },
    /// Messages that a member wants to say again elsewhere.
    Fetch {
        /// Who asks.
        by: UserId,
        /// Which, by `seq`.
        seqs: Vec<u64>,
    },
    /// Say what was said elsewhere.
    Forward {
        /// Who says it now.
        by: UserId,
        /// What, in this order.
        messages: Vec<Copied>,
        /// Whether they like cards beneath it.
        preview: bool,
    },
    /// May somebody upload a file, or a part of it? If so, the file is known from then on, and is
    /// removed if no message takes it.
    Upload {
        /// Who uploads.
        by: UserId,
        /// What.
        file: FileId,
        /// In bytes, all of it.
        size: u64,
        /// Its media type, where the part tells: it is the first.
        media: Option<String>,
        /// How much may be uploaded.
        #[serde(default)]
        limits: FileLimits,
    },
    /// Parts of a file are in the store.
    Stored {
        /// Who uploads.
        by: UserId,
        /// What.
        file: FileId,
        /// Which parts, a bit each, the first the lowest.
        parts: u64,
    },
    /// A file that somebody wants to see.
    File {
        /// Who asks.
        by: UserId,
        /// Which.
        file: FileId,
    },
    /// The gateway is about to store a picture of the group. Unless it is put to use, it goes.
    ExpectAvatar {
        /// Who changes it.
        by: UserId,
        /// Which.
        avatar: FileId,
    },
    /// It is stored: from now on, it is the group's picture.
    SetAvatar {
        /// Who changes it.
        by: UserId,
        /// Which.
        avatar: FileId,
    },
    /// A page of all that a member can read here.
    Export {
        /// Who asks.
        by: UserId,
        /// The `seq` after which to go on.
        after: u64,
    },
    /// What is behind an invite link?
    Preview {
        /// Its secret.
        token: InviteToken,
    },
    /// Come in by an invite link.
    Join {
        /// Who comes.
        person: Person,
        /// The link's secret.
        token: InviteToken,
    },
    /// A person is called something else now.
    PersonChanged {
        /// The new names.
        person: Person,
        /// The account's version that changed them: an older one that comes late changes nothing.
        version: u64,
    },
    /// A person's account was deleted.
    PersonGone {
        /// Who.
        user: UserId,
        /// The account's version that deleted it.
        version: u64,
    },
    /// What was said here with this in it? Of somebody who is not in it, nothing.
    Search {
        /// Who asks.
        by: UserId,
        /// As typed.
        query: String,
        /// Whom they chose by id.
        #[serde(default)]
        authors: Vec<UserId>,
        /// Minutes that their clocks are ahead of UTC.
        zone_min: i32,
        /// Only messages with a smaller `seq`.
        before: Option<u64>,
        /// Hits that are wanted at most.
        most: usize,
    },
    /// Is this a group with this in its name, its type or its description?
    SearchGroup {
        /// Who asks.
        by: UserId,
        /// As typed.
        query: String,
    },
    /// What is this public group?
    PreviewGroup {
        /// Who asks.
        by: UserId,
    },
    /// Is this a public group that they could come into, with this in what it says of itself?
    FindGroup {
        /// Who asks.
        by: UserId,
        /// As typed.
        query: String,
    },
    /// Come into a public group, or ask to.
    JoinGroup {
        /// Who comes.
        person: Person,
    },
    /// Do not ask any more.
    TakeBack {
        /// Who asked.
        by: UserId,
    },
    /// Who asks to come in?
    Requests {
        /// Who wants to know.
        by: UserId,
    },
    /// Let somebody in who asks.
    Admit {
        /// Who lets them in.
        by: UserId,
        /// Whom.
        person: Person,
    },
    /// In this direct conversation, somebody blocks the other one, or does not any more.
    Block {
        /// Who blocks.
        by: UserId,
        /// Whether they do.
        blocked: bool,
        /// The account's version that decided so: an older one that comes late changes nothing.
        version: u64,
    },
    /// How far a member has read, and whether others may know.
    Receipt {
        /// Whose account says so.
        by: UserId,
        /// What.
        receipt: Receipt,
    },
    /// Whoever runs the deployment takes a message back.
    TakeDown {
        /// Which.
        seq: u64,
        /// Who.
        by: UserId,
    },
    /// Of the group, what may be known without being in it: how much there is of it.
    Figures,
    /// A session is over: its sockets here are, too.
    SessionEnded {
        /// Which.
        session: SessionId,
    },
}

/// What a conversation answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationAnswer {
    /// The command's answer.
    Reply {
        /// As on the wire.
        reply: ConversationReply,
    },
    /// What is to be said again, in the order of asking.
    Fetched {
        /// What each message holds, and who said it first.
        messages: Vec<(Body, Forwarded)>,
    },
    /// What was found.
    Found {
        /// The newest first.
        hits: Vec<Hit>,
        /// Where older messages were not looked into.
        next: Option<u64>,
    },
    /// The group, if it matches.
    FoundGroup {
        /// None when it does not.
        group: Option<FoundGroup>,
    },
    /// They may.
    Upload {
        /// Whether the part is wanted: a file that was sent is not changed any more.
        wanted: bool,
    },
    /// The file.
    File(File),
    /// A page of everything.
    Exported(Exported),
    /// What is behind the link.
    Preview(InvitePreview),
    /// The group; none where nobody is in it.
    Figures {
        /// Without a word that was said.
        group: Option<ListedGroup>,
    },
    /// Who asks to come in, the first first.
    Requests {
        /// Each with the time since when.
        people: Vec<(UserId, Timestamp)>,
    },
    /// It is done.
    Done,
}

/// Words from another conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Of the new message.
    pub id: MessageId,
    /// The words.
    pub text: String,
    /// Copies of the files, which were uploaded here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// Who said it first.
    pub forwarded: Forwarded,
    /// Where it was fetched.
    pub from: ConversationId,
    /// Its place there.
    pub seq: u64,
}

/// A page of all that a member can read in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// What the conversation is.
    pub record: Record,
    /// With the first page: everybody who is or was in it.
    pub members: Vec<Member>,
    /// The next messages, oldest first; empty after the last.
    pub messages: Vec<Message>,
}
