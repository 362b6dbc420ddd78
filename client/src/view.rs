//! What a device shows: read from the engine, never kept by a component.

use tideline_shared::protocol::{Card, File, Keeping, Kind, Mention, Muted, Role};
use tideline_shared::search::Has;
use tideline_shared::{Code, ConversationId, FileId, MessageId, Person, Timestamp, UserId};

/// Names a view, to say that it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// [`crate::Engine::connection`].
    Connection,
    /// [`crate::Engine::profile`].
    Profile,
    /// [`crate::Engine::contacts`] and [`crate::Engine::blocked`].
    People,
    /// [`crate::Engine::inbox`].
    Inbox,
    /// [`crate::Engine::timeline`], of the conversation on the screen.
    Timeline,
    /// [`crate::Engine::record`] and [`crate::Engine::members`], of the conversation on the screen.
    Conversation,
    /// [`crate::Engine::uploads`].
    Uploads,
}

/// A file that the shell is to bring to the service: a message waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Where to.
    pub conversation: ConversationId,
    /// Which message.
    pub message: MessageId,
    /// Which file.
    pub file: File,
}

/// Whether what is shown is in step with the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The account's mirror is open and in step.
    Online,
    /// It is being opened or brought into step.
    Connecting,
    /// There is no network, or the service does not answer; the device tries again by itself.
    Offline,
}

/// A conversation in the list: those on top first, then the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxItem {
    /// Which.
    pub conversation: ConversationId,
    /// Direct or group.
    pub kind: Kind,
    /// What it is called; nothing where these are notes to oneself.
    pub title: String,
    /// In a direct conversation: the other person, unless these are notes to oneself.
    pub peer: Option<UserId>,
    /// The group's picture, or the other person's.
    pub avatar: Option<FileId>,
    /// The newest message, or this device's newest one that waits to be sent.
    pub preview: Option<PreviewItem>,
    /// When something happened last.
    pub at: Timestamp,
    /// Other people's messages that were not read.
    pub unread: u64,
    /// How many of these mean this person.
    pub mentions: u64,
    /// How many people ask to come in, where this person may let them in.
    pub requests: u64,
    /// How this person keeps it.
    pub kept: Keeping,
    /// What they are writing there, on any of their devices; empty for nothing.
    pub draft: String,
}

impl InboxItem {
    /// Whether these are the person's notes to themselves: a direct conversation with nobody else.
    #[must_use]
    pub fn is_notes(&self) -> bool {
        self.kind == Kind::Direct && self.peer.is_none()
    }
}

/// The second line of an [`InboxItem`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewItem {
    /// The display name of who wrote it.
    pub author_name: String,
    /// Whether this person wrote it.
    pub own: bool,
    /// On one line, cut.
    pub text: String,
    /// What its first file is, if it has one.
    pub holds: Option<Has>,
    /// It was taken back: there is nothing to read.
    pub recalled: bool,
    /// How far an own message of this device is, while it is not sent.
    pub state: MessageState,
}

/// The window of a conversation's history that is shown: at most a few hundred rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Whose it is.
    pub conversation: Option<ConversationId>,
    /// Oldest first. Messages of the outbox come last.
    pub rows: Vec<Row>,
    /// The first message of all is in the window.
    pub at_start: bool,
    /// The newest message is in the window.
    pub at_end: bool,
    /// Older messages are being fetched.
    pub loading_older: bool,
    /// Newer messages are being fetched.
    pub loading_newer: bool,
    /// Nothing is known yet: show a skeleton, not an empty conversation.
    pub loading: bool,
    /// The conversation cannot be shown, and why.
    pub refused: Option<Code>,
    /// The last message that was read when the conversation was put on the screen: the line "new
    /// messages" goes behind it. None when nothing was unread then.
    pub unread_after: Option<u64>,
    /// Where the person asked to go: the message to be brought into sight and shown, and a number
    /// that is another one for every time they ask.
    pub target: Option<(u64, u64)>,
    /// Messages that came in below while the window's end could not be seen.
    pub new_below: u64,
    /// Rises whenever a message that the service has pinned came, went or changed, in the window or not.
    pub pins: u64,
    /// Who is writing, by name.
    pub typing: Vec<String>,
    /// In a direct conversation: the other one is there.
    pub online: bool,
    /// When they were there last, if they say so.
    pub last_seen: Option<Timestamp>,
}

/// One row of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Stays the same while the row is shown: an own message keeps it when it turns from Sending
    /// to Sent.
    pub key: String,
    /// When, by the service's clock; by the device's while a message waits to be sent.
    pub at: Timestamp,
    /// What.
    pub item: Item,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "nearly every row is a message")]
pub enum Item {
    /// Something that was said.
    Message {
        /// Its id.
        id: MessageId,
        /// Its place in the order; none while it waits to be sent.
        seq: Option<u64>,
        /// Who said it.
        author: UserId,
        /// Their display name.
        author_name: String,
        /// Their picture.
        author_avatar: Option<FileId>,
        /// Whether this person said it.
        own: bool,
        /// The words; none where there are none, or none that this program can show.
        text: Option<String>,
        /// What it carries besides words.
        files: Vec<File>,
        /// Whether it was taken back.
        recalled: bool,
        /// What it answers.
        quote: Option<QuoteItem>,
        /// The display name of who said it first, elsewhere.
        forwarded_from: Option<String>,
        /// Whether the words were changed.
        edited: bool,
        /// Whether it is pinned.
        pinned: bool,
        /// In the order in which each emoji came first.
        reactions: Vec<ReactionItem>,
        /// What the page says of itself that its first link leads to, for who likes to know.
        card: Option<Card>,
        /// Whom the words mean; not known before the service has them.
        mentions: Vec<Mention>,
        /// The words mean everybody.
        mentions_all: bool,
        /// How far an own message is; `Sent` for everybody else's.
        state: MessageState,
    },
    /// Somebody joined.
    Joined {
        /// Who.
        person: Person,
    },
    /// Somebody left.
    Left {
        /// Who.
        person: Person,
        /// Whether they were taken out.
        removed: bool,
    },
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteItem {
    /// Its place.
    pub seq: u64,
    /// The display name of who said it.
    pub author_name: String,
    /// On one line, cut; none when it was taken back.
    pub text: Option<String>,
    /// What its first file is, if it has one.
    pub holds: Option<Has>,
}

/// An emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionItem {
    /// Which.
    pub emoji: String,
    /// The display names of those who reacted, in that order.
    pub names: Vec<String>,
    /// Whether this person did.
    pub own: bool,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// In the outbox.
    Sending,
    /// Acknowledged: it will reach everybody.
    Sent,
    /// It came to a device of the other one; in direct conversations only.
    Delivered,
    /// The other one has read it; in a group, somebody.
    Read,
    /// Refused, and why. It stays until it is tried again or discarded.
    Failed(Code),
}

/// Somebody in the conversation on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberItem {
    /// Who.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// Whether they were made silent.
    pub muted: Option<Muted>,
}
