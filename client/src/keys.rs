//! The keys of the local store, and the values that are not rows of the wire.
//!
//! Numbers in keys have 20 digits, as many as the largest, so that they sort as they count.

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{File, Quote, Receipt, Record};
use tideline_shared::{Code, ConversationId, FileId, MessageId, Timestamp, UserId};

use crate::alterations::Alteration;

/// Raised when rows change so that an older program's cannot be built on.
pub(crate) const FORMAT: u32 = 1;

/// The account's cursor and the profile.
pub(crate) const ACCOUNT: &str = "account/";
pub(crate) const ACCOUNT_CURSOR: &str = "account/cursor";
pub(crate) const ACCOUNT_PROFILE: &str = "account/profile";
pub(crate) const ACCOUNT_SETTINGS: &str = "account/settings";
pub(crate) const ACCOUNT_DEPLOYMENT: &str = "account/deployment";
/// Messages that this person wants to see no more.
pub(crate) const HIDDEN: &str = "hidden/";
/// What is being written.
pub(crate) const DRAFTS: &str = "account/draft/";
/// People whom this person blocked.
pub(crate) const BLOCKED: &str = "account/blocked/";
/// People whom this person knows.
pub(crate) const CONTACTS: &str = "account/contact/";
/// The inbox.
pub(crate) const ENTRIES: &str = "entry/";
/// Cursors and records of conversations.
pub(crate) const CONVERSATIONS: &str = "conversation/";
/// What is still to be said.
pub(crate) const OUTBOX: &str = "outbox/";

/// What was done to messages and is still to be said.
pub(crate) const ALTERATIONS: &str = "alteration/";

/// What was typed here and the account does not know.
pub(crate) const TYPED: &str = "typed/";

/// How far this person has read here, where the account does not know.
pub(crate) const READS: &str = "read/";

/// What is loaded before anything is shown.
pub(crate) const AT_START: [&str; 8] =
    [ACCOUNT, HIDDEN, ENTRIES, CONVERSATIONS, OUTBOX, ALTERATIONS, TYPED, READS];

pub(crate) fn hidden(conversation: ConversationId) -> String {
    format!("{HIDDEN}{conversation}")
}

pub(crate) fn entry(conversation: ConversationId) -> String {
    format!("{ENTRIES}{conversation}")
}

pub(crate) fn contact(user: UserId) -> String {
    format!("{CONTACTS}{user}")
}

pub(crate) fn draft(conversation: ConversationId) -> String {
    format!("{DRAFTS}{conversation}")
}

pub(crate) fn typed(conversation: ConversationId) -> String {
    format!("{TYPED}{conversation}")
}

pub(crate) fn read(conversation: ConversationId) -> String {
    format!("{READS}{conversation}")
}

pub(crate) fn blocked(user: UserId) -> String {
    format!("{BLOCKED}{user}")
}

pub(crate) fn conversation(conversation: ConversationId) -> String {
    format!("{CONVERSATIONS}{conversation}")
}

/// Everybody who is or was in a conversation.
pub fn members(conversation: ConversationId) -> String {
    format!("member/{conversation}/")
}

pub(crate) fn member(conversation: ConversationId, user: UserId) -> String {
    format!("member/{conversation}/{user}")
}

/// What a device keeps of what was said in a conversation, in its order.
pub fn messages(conversation: ConversationId) -> String {
    format!("message/{conversation}/")
}

pub(crate) fn message(conversation: ConversationId, seq: u64) -> String {
    format!("message/{conversation}/{seq:020}")
}

/// Where a shell keeps files that were chosen in a conversation and that the service does not have.
pub fn tray(conversation: ConversationId) -> String {
    format!("tray/{conversation}/")
}

/// Where the shell keeps such a file.
pub fn bytes(conversation: ConversationId, file: FileId) -> String {
    format!("tray/{conversation}/{file}")
}

/// Where the shell keeps how many of its parts have arrived.
pub fn parts(conversation: ConversationId, file: FileId) -> String {
    format!("parts/{conversation}/{file}")
}

pub(crate) fn outbox(number: u64, id: MessageId) -> String {
    format!("{OUTBOX}{number:020}/{id}")
}

/// Reads the two parts of an outbox key.
pub(crate) fn outbox_order(key: &str) -> Option<(u64, MessageId)> {
    let (number, id) = key.strip_prefix(OUTBOX)?.split_once('/')?;
    Some((number.parse().ok()?, id.parse().ok()?))
}

/// By its number, and by what it is about: two tabs may do something in the same millisecond.
pub(crate) fn alteration(number: u64, alteration: &Alteration) -> String {
    format!("{ALTERATIONS}{number:020}/{}/{}", alteration.conversation, alteration.seq)
}

/// Reads the number of an alteration's key.
pub(crate) fn alteration_number(key: &str) -> Option<u64> {
    key.strip_prefix(ALTERATIONS)?.split_once('/')?.0.parse().ok()
}

/// What a prefix that was loaded says about a conversation.
pub(crate) enum Part {
    Members(ConversationId),
    Messages(ConversationId),
}

/// Reads a prefix made by [`members`] or [`messages`].
pub(crate) fn part(prefix: &str) -> Option<Part> {
    let (what, id) = prefix.strip_suffix('/')?.split_once('/')?;
    let id = id.parse().ok()?;
    match what {
        "member" => Some(Part::Members(id)),
        "message" => Some(Part::Messages(id)),
        _ => None,
    }
}

/// The value under [`ACCOUNT_CURSOR`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountCursor {
    pub(crate) format: u32,
    pub(crate) cursor: Option<u64>,
}

/// The value under [`conversation`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ConversationHead {
    pub(crate) format: u32,
    pub(crate) cursor: Option<u64>,
    pub(crate) record: Option<Record>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) receipts: Vec<Receipt>,
    /// So many bytes of messages are stored, as an estimate.
    #[serde(default)]
    pub(crate) stored: u64,
}

/// The value under [`outbox`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) conversation: ConversationId,
    pub(crate) text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<Quote>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<File>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) missing: Vec<FileId>,
    pub(crate) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<Sent>,
}

/// How the service acknowledged a message that the history does not reach yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) seq: u64,
    pub(crate) version: u64,
    pub(crate) at: Timestamp,
}
