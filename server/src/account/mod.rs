//! The account of one person: who they are, how they prove it, and their inbox with its sync
//! timeline.
//!
//! Leaves to [`crate::conversation`] what was said, and to [`crate::directory`] who is called what.

mod blocks;
mod contacts;
mod credentials;
mod deletion;
mod hidden;
mod inbox;
mod keeping;
mod mentions;
mod password;
mod profile;
mod sync;

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, ClientFrame, Entry, Hidden, Kind, Message, Preview,
    ServerFrame,
};
use tideline_shared::{
    Code, ConversationId, Person, Profile, Reject, SessionId, Timestamp, UserId,
};

use crate::conversation::Mentioned;
use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Row, Sql};
use crate::turn::{Actor, Audience, CallId, Failure, Peer, Turn, Unreachable};
use crate::{limits, migrate, mirror, params};

pub use credentials::Signed;
pub(crate) use password::{MEMORY_KIB as PASSWORD_KIB, waste_time};

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
    },
    /// Become the guest `user`.
    RegisterGuest {
        /// The account's own id.
        user: UserId,
        /// The name others see.
        display_name: String,
    },
    /// Does the handle belong here? Where nobody has registered, nobody ever will.
    Vouch {
        /// The handle as written.
        user_name: String,
    },
    /// Open a session.
    SignIn {
        /// As typed.
        password: String,
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
        /// Whether this is a search, and counts as one.
        find: bool,
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
    /// Delete the account, for good.
    Delete {
        /// As typed; a guest has none.
        password: Option<String>,
    },
    /// Everything that is kept here of this person, for them.
    Export,
    /// What this person says about themselves.
    Profile,
    /// A command of the person, over HTTP.
    Command {
        /// What to do.
        command: AccountCommand,
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
    Exported {
        /// What they say about themselves.
        profile: Profile,
        /// Their conversations, the newest first.
        entries: Vec<Entry>,
        /// Messages that they want to see no more.
        hidden: Vec<Hidden>,
    },
    /// The profile.
    Profile(Profile),
    /// The command's answer.
    Reply {
        /// As on the wire.
        reply: AccountReply,
    },
    /// It is done.
    Done,
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

const SCHEMA: &[&[&str]] = &[FIRST, SECOND, THIRD, FOURTH, BLOCKS, CONTACTS, KEEPING];

const FIRST: &[&str] = &[
    "CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        user TEXT NOT NULL,
        user_name TEXT,
        password_hash TEXT,
        display_name TEXT NOT NULL,
        age INTEGER,
        gender TEXT NOT NULL,
        signature TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        profile_version INTEGER NOT NULL
    ) STRICT",
    // Apart from the profile, because it changes with every delivery and must stay narrow.
    // `horizon`: the timeline holds everything after this version. `void`: nobody registered here
    // in time, and nobody may any more.
    "CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        horizon INTEGER NOT NULL,
        void INTEGER NOT NULL
    ) STRICT",
    "INSERT INTO clock (id, version, horizon, void) VALUES (1, 0, 0, 0)",
    "CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE mirrors (
        session TEXT NOT NULL,
        conversation TEXT NOT NULL,
        PRIMARY KEY (session, conversation)
    ) STRICT, WITHOUT ROWID",
    // No index on `version`: an inbox has hundreds of rows, and each is written far more often
    // than all of them are read.
    "CREATE TABLE entries (
        conversation TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        peer TEXT,
        last_seq INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        preview TEXT,
        read_seq INTEGER NOT NULL,
        has_left INTEGER NOT NULL,
        source_version INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    // Keyed by version: one write a message, and a resync is one range.
    "CREATE TABLE timeline (
        version INTEGER NOT NULL,
        n INTEGER NOT NULL,
        conversation TEXT NOT NULL,
        at INTEGER NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (version, n)
    ) STRICT, WITHOUT ROWID",
    limits::SCHEMA,
    outbox::SCHEMA,
];

/// `is_hidden`: known here, so that the conversation hears what becomes of the person; in no list.
const SECOND: &[&str] = &["ALTER TABLE entries ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0"];

const THIRD: &[&str] = &[
    // Above the read mark, and not to be counted: recalled, or hidden by this person.
    "CREATE TABLE uncounted (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
    // What this person wants to see no more, with the version that hid it.
    "CREATE TABLE hidden (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
];

const FOURTH: &[&str] = &[
    // Above the read mark, and this person is meant.
    "CREATE TABLE mentions (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) STRICT, WITHOUT ROWID",
];

/// `is_over`: blocked no more; kept so that every device hears of it.
const BLOCKS: &[&str] = &["CREATE TABLE blocks (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        at INTEGER NOT NULL,
        is_over INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

/// How this person stands to others. `wants`: they are to be in the contacts, since the version
/// `wants_since`. `wanted`: the same by the other one's account, whose newest word has the version
/// `heard`. `declined`: wishes up to this version of the other one's are turned down.
const CONTACTS: &[&str] = &["CREATE TABLE contacts (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        nickname TEXT NOT NULL,
        note TEXT NOT NULL,
        wants INTEGER NOT NULL,
        wants_since INTEGER NOT NULL,
        wanted INTEGER NOT NULL,
        wanted_since INTEGER NOT NULL,
        declined INTEGER NOT NULL,
        heard INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

/// How conversations are kept. `muted_until`: as in a conversation's members.
const KEEPING: &[&str] = &[
    "ALTER TABLE entries ADD COLUMN muted_until INTEGER",
    "ALTER TABLE entries ADD COLUMN mutes_all INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entries ADD COLUMN is_marked INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE drafts (
        conversation TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];

/// The memory of an account: what is under way, nothing else.
#[derive(Debug, Default)]
pub struct Account {
    outbox: Outbox,
    alarm: Alarm,
}

impl Actor for Account {
    type Call = AccountCall;
    type Answer = AccountAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        migrate::migrate(sql, now, SCHEMA)?;
        Ok(Self::default())
    }

    fn call(&self, turn: &mut Turn<'_>, call: AccountCall) -> Result<AccountAnswer, Failure> {
        match call {
            AccountCall::Register { user, user_name, password, display_name } => {
                credentials::register(turn, user, &user_name, &password, &display_name)
                    .map(AccountAnswer::Signed)
            }
            AccountCall::RegisterGuest { user, display_name } => {
                credentials::register_guest(turn, user, &display_name).map(AccountAnswer::Signed)
            }
            AccountCall::Vouch { user_name } => {
                let mine = credentials::vouch(turn, &user_name)?;
                Ok(AccountAnswer::Vouched { mine })
            }
            AccountCall::SignIn { password } => credentials::sign_in(turn, &password),
            AccountCall::SetCredentials { user_name, password } => {
                credentials::set(turn, &user_name, &password)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Authenticate { secret, mirror, find } => {
                credentials::authenticate(turn, &secret, mirror, find)
            }
            AccountCall::Search { secret, conversations } => {
                let user = credentials::searcher(turn, &secret)?;
                let hidden = hidden::of(turn.sql, &conversations)?;
                Ok(AccountAnswer::Searcher { user, hidden })
            }
            AccountCall::SignOut { session } => {
                credentials::sign_out(turn, session)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Delete { password } => {
                deletion::delete(turn, password.as_deref().unwrap_or_default())
            }
            AccountCall::Export => {
                limits::spend(turn.sql, turn.now, turn.limits.export, "export")?;
                Ok(AccountAnswer::Exported {
                    profile: profile::load(turn.sql)?,
                    entries: inbox::entries(turn.sql)?,
                    hidden: hidden::since(turn.sql, 0)?.into_iter().map(|(_, row)| row).collect(),
                })
            }
            AccountCall::Profile => Ok(AccountAnswer::Profile(profile::load(turn.sql)?)),
            AccountCall::Command { command } => {
                Ok(AccountAnswer::Reply { reply: command_of(turn, command)? })
            }
            AccountCall::AddContact { person } => {
                contacts::add(turn, person)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::DeclineContact { user } => {
                contacts::decline(turn, user)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::RemoveContact { user } => {
                contacts::remove(turn, user)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::NameContact { person, nickname, note } => {
                contacts::name(turn, person, &nickname, &note)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::ContactWish(wish) => {
                contacts::hear(turn, &wish)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Block { person } => {
                blocks::block(turn, person)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Unblock { user } => {
                blocks::unblock(turn, user)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Deliver(delivery) => {
                inbox::deliver(turn, &delivery)?;
                Ok(AccountAnswer::Done)
            }
            AccountCall::Remove { conversation, version } => {
                inbox::remove(turn, conversation, version)?;
                Ok(AccountAnswer::Done)
            }
        }
    }

    fn connect(&self, turn: &mut Turn<'_>, peer: &Peer) -> Result<(), Failure> {
        let alive = turn
            .sql
            .first("SELECT 1 FROM sessions WHERE id = ?1", params![peer.session.to_string()])?;
        if alive.is_some() { Ok(()) } else { Err(Code::SessionEnded.into()) }
    }

    fn frame(&self, turn: &mut Turn<'_>, _: &Peer, frame: &str) -> Result<(), Failure> {
        match mirror::read(frame)? {
            ClientFrame::Hello { cursor } => Ok(sync::hello(turn, cursor)?),
            ClientFrame::Call { reference, command } => {
                let reply = command_of(turn, command)?;
                let frame = ServerFrame::<AccountRow, _>::Reply { reference, reply };
                Ok(turn.push(Audience::Caller, &frame)?)
            }
            ClientFrame::Unknown => Err(Code::UnknownType.into()),
        }
    }

    fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault> {
        self.outbox.returned(turn, id, outbox::is_decided(&answer)).map(drop)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        let wake = self.outbox.pump(turn)?;
        self.alarm.ensure(turn, wake);
        Ok(())
    }
}

/// Does what the person asked, from whichever door it came.
fn command_of(turn: &mut Turn<'_>, command: AccountCommand) -> Result<AccountReply, Failure> {
    match command {
        AccountCommand::UpdateProfile { display_name, age, gender, signature } => {
            profile::update(turn, &display_name, age, gender, &signature)?;
        }
        AccountCommand::Read { conversation, seq } => inbox::read(turn, conversation, seq)?,
        AccountCommand::Hide { conversation, seqs } => hidden::hide(turn, conversation, &seqs)?,
        AccountCommand::Mute { conversation, duration_s, mentions_all } => {
            keeping::mute(turn, conversation, duration_s, mentions_all)?;
        }
        AccountCommand::Unmute { conversation } => keeping::unmute(turn, conversation)?,
        AccountCommand::Arrange { conversation, pinned, archived, unread } => {
            keeping::arrange(turn, conversation, pinned, archived, unread)?;
        }
        AccountCommand::Draft { conversation, text } => keeping::draft(turn, conversation, text)?,
        AccountCommand::Unknown => return Err(Code::UnknownType.into()),
    }
    Ok(AccountReply::Done { version: version(turn.sql)? })
}

/// The account's version.
fn version(sql: &dyn Sql) -> Result<u64, Fault> {
    clock(sql)?.number(0)
}

fn clock(sql: &dyn Sql) -> Result<Row, Fault> {
    sql.first("SELECT version, horizon, void FROM clock", &[])?.ok_or_else(no_clock)
}

fn no_clock() -> Fault {
    Fault("the clock has no row".to_owned())
}

/// Raises the version by one for a change that is about to be written.
fn next_version(sql: &dyn Sql) -> Result<u64, Fault> {
    let row = sql.first("UPDATE clock SET version = version + 1 RETURNING version", &[])?;
    row.ok_or_else(no_clock)?.number(0)
}

/// Tells all devices what a change brought.
fn announce(turn: &mut Turn<'_>, version: u64, rows: Vec<AccountRow>) -> Result<(), Fault> {
    turn.push(Audience::Live, &ServerFrame::<_, AccountReply>::Change { version, rows })
}
