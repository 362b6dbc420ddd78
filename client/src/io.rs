//! What goes into the engine and what comes out of it.

use tideline_shared::protocol::File;
use tideline_shared::{Code, ConversationId, FileId, Gender, MessageId, Reject, Timestamp};

use crate::alterations::Alteration;
use crate::view::View;

/// An actor that the device mirrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mirror {
    /// The person's own account: `/api/account`.
    Account,
    /// A conversation: `/api/conversations/<id>`.
    Conversation(ConversationId),
}

/// One attempt to hold a socket to an actor. Later attempts have larger numbers, so that news of
/// a socket that was given up can be told from news of the one that took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// To whom.
    pub mirror: Mirror,
    /// Which attempt, from 1.
    pub attempt: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The local store's answer to [`Output::Load`]: every row whose key begins with `prefix`, in
    /// the order of the keys. A store that cannot be read answers with no rows.
    Loaded {
        /// As asked.
        prefix: String,
        /// Keys and values, as written by [`Output::Store`].
        rows: Vec<(String, String)>,
    },
    /// The local store has no room for what it was to write. What comes of this as [`Output::Store`] is to be
    /// written before that is tried again; if nothing does, there is no use in trying.
    StoreFull,
    /// The local store does not take this.
    NotStored(Vec<Write>),
    /// The socket is open.
    Opened(Link),
    /// A text frame came.
    Frame(Link, String),
    /// The socket is closed, or could not be opened.
    Closed(Link),
    /// The time asked for by [`Output::WakeAt`] has come (or is somewhat past).
    Wake,
    /// The system says that there is a network (again).
    Online,
    /// The system says that there is none.
    Offline,
    /// Whether the person can see the app: only what can be seen is read.
    Visible(bool),
    /// The person did something.
    Do(Action),
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Put a conversation on the screen, or none. At most one is on the screen at a time.
    Show(Option<ConversationId>),
    /// Say something. The text is as typed.
    Send {
        /// Where.
        conversation: ConversationId,
        /// As typed.
        text: String,
        /// The `seq` of the message that it answers.
        reply_to: Option<u64>,
        /// Files. It goes out when each of them [has arrived](Self::Uploaded), and what is written later
        /// behind it.
        files: Vec<File>,
    },
    /// The service has all of a file.
    Uploaded(FileId),
    /// The service refused a file: what waits for it fails.
    NotUploaded(FileId, Code),
    /// Something is being written in the conversation on the screen.
    Type,
    /// What is being written in a conversation is this now.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// All of it, as typed; empty for nothing any more.
        text: String,
    },
    /// Do something to a message that the service has. It shows at once, and is said as soon as it can be.
    Alter(Alteration),
    /// Try a failed message again.
    Retry(MessageId),
    /// Give a failed message up: it vanishes.
    Discard(MessageId),
    /// The window came near its oldest message: show older ones.
    Older,
    /// The window came near its newest message: show newer ones.
    Newer,
    /// Go to the newest message.
    Newest,
    /// Go to a message, or to a time: [`crate::Timeline::target`] says where that is once it is
    /// here.
    Jump(Jump),
    /// The newest message of the window can be seen, or can't any more: reading happens only while
    /// it can. True whenever a conversation is put on the screen.
    AtEnd(bool),
    /// Let the local store go of all that the service has; what is still to be said stays.
    FreeStore,
    /// Replace the profile. Answered by [`Output::Answered`].
    UpdateProfile {
        /// The name others see.
        display_name: String,
        /// Years; none to state none.
        age: Option<i64>,
        /// As stated.
        gender: Gender,
        /// A line of their own.
        signature: String,
    },
}

/// Where to go in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// To the message with this `seq`.
    To(u64),
    /// To the first message that is not older.
    Since(Timestamp),
}

/// What the shell has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a socket.
    Connect(Link),
    /// Send a text frame on an open socket.
    Send(Link, String),
    /// Close a socket. Nothing that still comes from it counts.
    Disconnect(Link),
    /// Write to the local store: all of it or nothing.
    Store(Vec<Write>),
    /// Read from the local store; answered by [`Input::Loaded`].
    Load {
        /// Rows whose key begins with this.
        prefix: String,
    },
    /// Say [`Input::Wake`] at this time (milliseconds, by the clock given to `handle`). Replaces
    /// the time asked for before.
    WakeAt(u64),
    /// What a view returns may have changed.
    Changed(View),
    /// The answer to [`Action::UpdateProfile`].
    Answered(Result<(), Reject>),
    /// The service refused something that was done to a message, which shows no more.
    Refused {
        /// What.
        alteration: Alteration,
        /// Why.
        reject: Reject,
    },
    /// The local store does not take what the person wrote: until it is sent, it is lost when the program ends.
    /// Said once.
    NotKept,
    /// The service says that this session is over. Nothing more is tried; what is still to
    /// be said stays in the local store.
    SignedOut(Reject),
    /// The service does not speak this program's protocol any more. Nothing more is tried: load
    /// the program anew.
    Outdated,
}

/// One write to the local store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Set a row.
    Put {
        /// Sorts as text.
        key: String,
        /// JSON.
        value: String,
    },
    /// Remove a row.
    Delete {
        /// As written.
        key: String,
    },
    /// Remove every row whose key begins with `prefix`.
    DeleteAll {
        /// A beginning of keys.
        prefix: String,
    },
}
