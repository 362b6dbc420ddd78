//! What others ask of an account, and what it answers.

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, Announcement, Hidden, Kind, Message, Presence, Preview, Reason,
    Session, Subscription,
};
use tideline_shared::{ConversationId, FileId, Person, Profile, SessionId, Timestamp, UserId};

use super::acts::Act;
use super::credentials::Signed;
use super::export::OwnData;
use crate::conversation::Mentioned;

/// What others ask of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountCall {
    /// Become the account `user`, with a handle that the directory keeps for it.
    Register {
        /// The account's own id.
        user: UserId,
        /// The handle as written.
        user_name: String,
        /// As typed.
        password: String,
        /// The name others see.
        display_name: String,
        /// What the device is called.
        #[serde(default)]
        device: String,
        /// They own the deployment.
        #[serde(default)]
        owner: bool,
        /// What everybody is told.
        #[serde(default)]
        announcement: Option<Announcement>,
    },
    /// Become the guest `user`.
    RegisterGuest {
        /// The account's own id.
        user: UserId,
        /// The name others see.
        display_name: String,
        /// What the device is called.
        #[serde(default)]
        device: String,
        /// What everybody is told.
        #[serde(default)]
        announcement: Option<Announcement>,
    },
    /// Does the handle belong here? Where nobody has registered, nobody ever will.
    Vouch {
        /// The handle as written.
        user_name: String,
    },
    /// Is anybody registered here? If not, nobody ever will be.
    VouchOwner,
    /// This person owns the deployment.
    Own,
    /// Let nobody in, or do so again.
    SetBanned {
        /// Nobody.
        banned: bool,
        /// The word's number: an older one that comes late changes nothing.
        word: u64,
    },
    /// Everybody is told this from now on, or nothing.
    Announced {
        /// The word's number: an older one that comes late changes nothing.
        word: u64,
        /// What.
        announcement: Option<Announcement>,
    },
    /// Tell whoever runs the deployment of somebody.
    Report {
        /// Of whom, as they are called now.
        about: Person,
        /// Why.
        reason: Reason,
        /// As typed.
        note: String,
    },
    /// Open a session.
    SignIn {
        /// As typed.
        password: String,
        /// What the device is called.
        #[serde(default)]
        device: String,
    },
    /// Give a guest's account its handle and its password.
    SetCredentials {
        /// The handle, which the directory keeps for this account.
        user_name: String,
        /// As typed.
        password: String,
    },
    /// Whose session is this?
    Authenticate {
        /// The cookie's secret.
        secret: String,
        /// The conversation whose mirror the session is about to open.
        mirror: Option<ConversationId>,
        /// What they are about to do, if it is counted.
        act: Option<Act>,
    },
    /// Whose session is this, which is about to search, and what did they hide there?
    Search {
        /// The cookie's secret.
        secret: String,
        /// Where they search.
        conversations: Vec<ConversationId>,
    },
    /// End a session.
    SignOut {
        /// Which.
        session: SessionId,
    },
    /// Which sessions are there?
    Sessions {
        /// The one that asks.
        by: SessionId,
    },
    /// End one session.
    EndSession {
        /// The one that asks.
        by: SessionId,
        /// Which.
        session: SessionId,
    },
    /// End all sessions but one.
    EndOtherSessions {
        /// The one that asks, and stays.
        by: SessionId,
    },
    /// Change the password, and end all sessions but one.
    ChangePassword {
        /// The one that asks, and stays.
        by: SessionId,
        /// The present one, as typed.
        password: String,
        /// The one from now on, as typed.
        new_password: String,
    },
    /// What do browsers subscribe to notices with?
    NoticeKey,
    /// Tell a device of what comes while the app is closed there.
    Subscribe {
        /// Its session.
        by: SessionId,
        /// Where, and how.
        subscription: Subscription,
        /// The deployment's address: whom a push service may turn to.
        contact: String,
    },
    /// Tell it no more.
    Unsubscribe {
        /// Its session.
        by: SessionId,
    },
    /// Delete the account, for good.
    Delete {
        /// As typed; a guest has none.
        password: Option<String>,
    },
    /// Everything that is kept here of this person, for them.
    Export,
    /// What this person says about themselves, as somebody sees it.
    Profile {
        /// Who asks; as everybody sees it without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
    },
    /// A command of the person, over HTTP.
    Command {
        /// What to do.
        command: AccountCommand,
    },
    /// The gateway is about to store a picture for this person. Unless it is put to use, it goes.
    ExpectAvatar {
        /// Which.
        avatar: FileId,
    },
    /// It is stored: from now on, it is their picture.
    SetAvatar {
        /// Which.
        avatar: FileId,
    },
    /// Ask somebody to be in each other's contacts, or accept.
    AddContact {
        /// Whom, as they are called now.
        person: Person,
    },
    /// Turn a request down.
    DeclineContact {
        /// Whose.
        user: UserId,
    },
    /// End it, or take a request back.
    RemoveContact {
        /// Who it is about.
        user: UserId,
    },
    /// Call somebody something.
    NameContact {
        /// Whom, as they are called now.
        person: Person,
        /// As typed.
        nickname: String,
        /// As typed.
        note: String,
    },
    /// Another account says whether its person wants this one among their contacts.
    ContactWish(ContactWish),
    /// Block somebody.
    Block {
        /// Whom, as they are called now.
        person: Person,
    },
    /// Block somebody no more.
    Unblock {
        /// Whom.
        user: UserId,
    },
    /// Somebody wants to see whether this person is there.
    Watch {
        /// Who.
        by: UserId,
    },
    /// Another account says whether its person is there.
    Presence(Presence),
    /// So many people ask to come into a group that this person leads.
    Asking {
        /// Which group.
        conversation: ConversationId,
        /// How many.
        people: u64,
        /// The word's number: an older one that comes late changes nothing.
        word: u64,
    },
    /// Their name stands beside words that others carried to a conversation.
    Named {
        /// Where.
        conversation: ConversationId,
    },
    /// What is new in a conversation.
    Deliver(Box<Delivery>),
    /// The person is not in a conversation any more.
    Remove {
        /// Which.
        conversation: ConversationId,
        /// The conversation's version that removed them.
        version: u64,
    },
}

/// What an account answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountAnswer {
    /// A session was opened.
    Signed(Signed),
    /// The password is wrong, or there is none.
    WrongPassword,
    /// Whether the handle belongs here.
    Vouched {
        /// Whether it does.
        mine: bool,
    },
    /// The sessions that are alive.
    Sessions {
        /// The one that asks, then the others, those used last first.
        sessions: Vec<Session>,
    },
    /// What browsers subscribe to notices with.
    NoticeKey {
        /// As on the wire.
        key: String,
    },
    /// The session is alive.
    Known {
        /// Whose it is.
        person: Person,
        /// Which it is.
        session: SessionId,
    },
    /// The session is alive, and may search.
    Searcher {
        /// Whose it is.
        user: UserId,
        /// What they hid in the conversations asked about.
        hidden: Vec<Hidden>,
    },
    /// What is kept here.
    Exported(Box<OwnData>),
    /// The profile.
    Profile(Profile),
    /// The command's answer.
    Reply {
        /// As on the wire.
        reply: AccountReply,
    },
    /// Whether somebody is blocked.
    Standing {
        /// Whether they are.
        blocked: bool,
        /// The version that decided so.
        version: u64,
    },
    /// It is done.
    Done,
    /// A delivery is stored.
    Delivered {
        /// The person looks at one of their devices: the next one is wanted soon.
        looks: bool,
    },
}

/// Whether a person wants another one among their contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactWish {
    /// Who, as they are called now.
    pub by: Person,
    /// Whether they do.
    pub wants: bool,
    /// Their account's version that decided so.
    pub since: u64,
    /// Wishes of the one who hears it, up to this version of theirs, are over.
    #[serde(default)]
    pub ended: u64,
    /// Their account's version that says so: an older word that comes late changes nothing.
    pub version: u64,
}

/// What a conversation tells a member's account: everything after `since`, up to `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Direct or group.
    pub kind: Kind,
    /// The group's name.
    pub name: String,
    /// The group's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
    /// In a direct conversation: both people.
    #[serde(default)]
    pub pair: Vec<Person>,
    /// In a direct conversation in which nothing was said yet: who opened it. Nobody finds an empty
    /// conversation in their list because somebody looked at them.
    #[serde(default)]
    pub opened_by: Option<UserId>,
    /// The conversation's version up to which the account had confirmed.
    pub since: u64,
    /// The conversation's version that this brings the account to.
    pub until: u64,
    /// The newest message's `seq`.
    pub last_seq: u64,
    /// When it was stored; before the first, when the conversation was made.
    pub last_at: Timestamp,
    /// The newest message, cut.
    pub preview: Option<Preview>,
    /// The newest messages that changed after `since`, oldest first.
    pub messages: Vec<Message>,
    /// Where these are not all of them: everybody who said something after `since`, with the
    /// `seq` of their newest message. One's own is read, carried or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoke: Vec<(UserId, u64)>,
    /// Every message that was recalled after `since`, by `seq`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalled: Vec<u64>,
    /// Where these are not all of them: every other one that may say, or quote, something else than before,
    /// by `seq`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<u64>,
    /// Every copy that lost its first author's name after `since`, by `seq`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unnamed: Vec<u64>,
    /// Every message that changed after `since` and means somebody, or did before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<Mentioned>,
    /// Up to where everything counts as read, because something of it is withheld from them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub read_to: u64,
    /// For somebody who has just come in: when, and after which message.
    #[serde(default)]
    pub welcome: Option<Welcome>,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Where somebody's part in a conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// When they came.
    pub at: Timestamp,
    /// The newest message's `seq` then: what came before counts as read.
    pub seq: u64,
}
