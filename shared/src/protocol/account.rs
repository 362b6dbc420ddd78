//! What a device mirrors of its own account: the profile, the inbox and its sync timeline.
//!
//! Socket and commands: `/api/account`.

use serde::{Deserialize, Serialize};

use super::conversation::{Kind, Muted};
use super::message::Message;
use super::tagged::read_tagged;
use crate::profile::read_with_person;
use crate::search::Has;
use crate::{ConversationId, FileId, Gender, Person, Profile, Timestamp, UserId};

/// What a person does with their own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountCommand {
    /// Replace the profile's fields, all of them.
    UpdateProfile {
        /// The name others see.
        display_name: String,
        /// Years; none to state none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        age: Option<i64>,
        /// As stated.
        #[serde(default)]
        gender: Gender,
        /// A line of their own.
        #[serde(default)]
        signature: String,
    },
    /// Show initials in place of the picture again.
    RemoveAvatar,
    /// "I have read up to here." The mark only ever rises.
    Read {
        /// Where.
        conversation: ConversationId,
        /// The last message read.
        seq: u64,
    },
    /// Do not show these messages to this person any more.
    Hide {
        /// Where they were said.
        conversation: ConversationId,
        /// Which; at most [`crate::limits::HIDDEN_MESSAGES`] at once.
        seqs: Vec<u64>,
    },
    /// Let a conversation be silent: it counts in no title and calls nobody.
    Mute {
        /// Which.
        conversation: ConversationId,
        /// For so many seconds; for good when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_s: Option<u64>,
        /// Messages to everybody do not mean this person meanwhile.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mentions_all: bool,
    },
    /// Not silent any more.
    Unmute {
        /// Which.
        conversation: ConversationId,
    },
    /// Change where a conversation stands in the list: the fields that are given.
    Arrange {
        /// Which.
        conversation: ConversationId,
        /// On top; at most [`crate::limits::PINNED_CONVERSATIONS`] are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pinned: Option<bool>,
        /// Out of the way, until somebody writes; while it is muted even then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        archived: Option<bool>,
        /// Marked as something to come back to, until it is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unread: Option<bool>,
    },
    /// Keep what is being written in a conversation, for all of this person's devices.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed, up to the length of a message; empty to forget it.
        text: String,
    },
    /// "One of my devices has messages up to here."
    Received {
        /// Where.
        conversation: ConversationId,
        /// The newest message that it has.
        seq: u64,
    },
    /// Change what others get to know: the fields that are given.
    ChangeSettings(SettingsChange),
    /// Do not show what everybody is told any more.
    DismissAnnouncement {
        /// Which.
        n: u64,
    },
    /// "The person sees the app", for [`crate::limits::PRESENT_MS`]; over a socket only, as it is about
    /// this device.
    Present {
        /// Not any more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        away: bool,
        /// Whose presence they want to see: somebody with whom they have a direct conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        watching: Option<UserId>,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// What of the [`Settings`] becomes what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsChange {
    /// See [`Settings::hides_receipts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides_receipts: Option<bool>,
    /// See [`Settings::hides_presence`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides_presence: Option<bool>,
    /// See [`Settings::hides_last_seen`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides_last_seen: Option<bool>,
    /// See [`Settings::hides_previews`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides_previews: Option<bool>,
    /// See [`Settings::age_seen_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_seen_by: Option<Audience>,
    /// See [`Settings::gender_seen_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender_seen_by: Option<Audience>,
    /// See [`Settings::signature_seen_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_seen_by: Option<Audience>,
    /// See [`Settings::avatar_seen_by`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_seen_by: Option<Audience>,
}

/// Who sees something of a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever finds this person.
    #[default]
    Everybody,
    /// Those who are contacts, both ways.
    Contacts,
    /// This person alone; also what an older program makes of a value it does not know.
    #[serde(other)]
    Nobody,
}

impl Audience {
    /// The default, which rows do not say.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::Everybody
    }

    /// Whether somebody else is of it, who is a contact or not.
    #[must_use]
    pub fn has(self, is_contact: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::Contacts => is_contact,
            Self::Nobody => false,
        }
    }
}

impl AccountCommand {
    /// Whether it is about how a conversation is kept, or what is written in it: theirs alone, and not
    /// bounded by anything else.
    #[must_use]
    pub const fn keeps(&self) -> bool {
        matches!(
            self,
            Self::Draft { .. }
                | Self::Hide { .. }
                | Self::Arrange { .. }
                | Self::Mute { .. }
                | Self::Unmute { .. }
        )
    }
}

/// The answer to an [`AccountCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountReply {
    /// The command took effect; the mirror is at this version or will be shortly.
    Done {
        /// The account's version after it.
        version: u64,
    },
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(AccountReply {
    "done" => Done { version: u64 },
});

/// A row of an account's mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountRow {
    /// The person's own profile.
    Profile(Profile),
    /// A conversation in the inbox.
    Entry(Entry),
    /// A message of the sync timeline.
    Delivered(Delivered),
    /// Messages that this person wants to see no more.
    Hidden(Hidden),
    /// What is being written in a conversation.
    Draft(Draft),
    /// Somebody in this person's contacts, or who is no more.
    Contact(Contact),
    /// Somebody whom this person blocked, or blocks no more.
    Blocked(Blocked),
    /// What others get to know.
    Settings(Settings),
    /// What the deployment is to this person.
    Deployment(Deployment),
    /// Whether somebody is there; only in a signal.
    Presence(Presence),
    /// Whether the person looks at another of their devices; only in a signal.
    Elsewhere(Elsewhere),
    /// A row that this program is too old to know: skip it, the cursor still moves.
    Unknown,
}

read_tagged!(AccountRow {
    "profile" => Profile(Profile),
    "entry" => Entry(Entry),
    "delivered" => Delivered(Delivered),
    "hidden" => Hidden(Hidden),
    "draft" => Draft(Draft),
    "contact" => Contact(Contact),
    "blocked" => Blocked(Blocked),
    "settings" => Settings(Settings),
    "deployment" => Deployment(Deployment),
    "presence" => Presence(Presence),
    "elsewhere" => Elsewhere(Elsewhere),
});

/// What a person chose for all of their devices. Who hides something does not see it of others, but for what
/// profiles say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Nobody gets to know what they received and read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_receipts: bool,
    /// Nobody gets to know that they are there, or writing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_presence: bool,
    /// Nobody gets to know when they were there last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_last_seen: bool,
    /// No page is looked at that they link to, and no message shows them what it links to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hides_previews: bool,
    /// Who sees how old they are.
    #[serde(default, skip_serializing_if = "Audience::is_everybody")]
    pub age_seen_by: Audience,
    /// Who sees their gender.
    #[serde(default, skip_serializing_if = "Audience::is_everybody")]
    pub gender_seen_by: Audience,
    /// Who sees their signature; only what everybody sees is searched.
    #[serde(default, skip_serializing_if = "Audience::is_everybody")]
    pub signature_seen_by: Audience,
    /// Who sees their picture: conversations and the directory have only what everybody sees.
    #[serde(default, skip_serializing_if = "Audience::is_everybody")]
    pub avatar_seen_by: Audience,
}

/// What the deployment is to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// They own it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owner: bool,
    /// What everybody is told, unless they dismissed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement: Option<Announcement>,
}

/// What everybody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its number.
    pub n: u64,
    /// Since when.
    pub at: Timestamp,
    /// The words.
    pub text: String,
}

/// Whether somebody is there, as far as they say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Who.
    pub user: UserId,
    /// They are, and will be taken to be for so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_ms: Option<u64>,
    /// When they were there last, by the service's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

/// Whether the person looks at another of their devices than the one that hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// They do, and will be taken to for so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_ms: Option<u64>,
}

/// Somebody whom this person knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Who, as they are called as far as this account has heard.
    #[serde(flatten)]
    pub person: Person,
    /// How they stand to each other.
    pub state: ContactState,
    /// What this person calls them; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nickname: String,
    /// What this person notes of them; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

read_with_person!(Contact {
    state: ContactState,
    #[serde(default)]
    nickname: String,
    #[serde(default)]
    note: String,
});

impl Contact {
    /// Whether nothing is left to know.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state == ContactState::None && self.nickname.is_empty() && self.note.is_empty()
    }
}

/// How two people stand to each other, as one of them sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// In each other's contacts.
    Mutual,
    /// This person asked.
    Asked,
    /// The other one asks.
    Asks,
    /// Neither.
    #[serde(other)]
    None,
}

/// Somebody whom this person blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// Who, as they were called then.
    #[serde(flatten)]
    pub person: Person,
    /// Since when.
    pub at: Timestamp,
    /// Not any more: take them off the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
}

read_with_person!(Blocked {
    at: Timestamp,
    #[serde(default)]
    over: bool,
});

/// One conversation in somebody's inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Direct or group.
    pub kind: Kind,
    /// The group's name, or the other person's display name; empty where there is no other one.
    pub title: String,
    /// In a direct conversation: the other person. None in a person's notes to themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<UserId>,
    /// The group's picture, or the other person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
    /// The newest message's `seq`; 0 before the first.
    pub last_seq: u64,
    /// When the newest message was stored, or the conversation was entered: the list's order.
    pub last_at: Timestamp,
    /// The newest message, cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// Read up to and including this `seq`.
    pub read_seq: u64,
    /// Other people's messages above the read mark.
    pub unread: u64,
    /// How many of these mean this person.
    #[serde(default, skip_serializing_if = "is_none")]
    pub mentions: u64,
    /// How many people ask to come into it: for those who may let them in.
    #[serde(default, skip_serializing_if = "is_none")]
    pub requests: u64,
    /// How the person keeps it.
    #[serde(default, skip_serializing_if = "Keeping::is_plain")]
    pub kept: Keeping,
    /// The person is not in it any more: take it off the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
}

/// How a person keeps a conversation of their list; nobody else knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    /// Whether it is silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<Muted>,
    /// While it is silent, messages to everybody do not mean this person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mutes_all: bool,
    /// On top of the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Out of the way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// Marked as something to come back to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
}

impl Keeping {
    /// Whether there is nothing special about it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is silent at this time.
    #[must_use]
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.muted.is_some_and(|muted| muted.holds(now))
    }
}

/// What is being written in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Where.
    pub conversation: ConversationId,
    /// As typed; empty when there is none any more.
    pub text: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// The newest message as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Who wrote it.
    pub author: UserId,
    /// Their display name when they wrote it.
    pub author_name: String,
    /// The first [`crate::limits::PREVIEW_CHARS`] characters, line breaks as spaces.
    pub text: String,
    /// What its first file is, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Has>,
    /// It was taken back: there is nothing to read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recalled: bool,
}

/// A message that a conversation delivered to this account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Where it was written.
    pub conversation: ConversationId,
    /// The message, as the conversation serves it.
    pub message: Message,
}

/// Messages of a conversation that a person wants to see no more. What was hidden stays hidden, so
/// rows add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// Where they were said.
    pub conversation: ConversationId,
    /// Which.
    pub seqs: Vec<u64>,
}
