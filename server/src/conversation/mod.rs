//! One conversation: its record, its members and invites, its messages in their order, and the
//! fan-out that brings them to every member's account.
//!
//! Leaves to [`crate::account`] what a person has read, and whether a session is alive.

mod blocks;
mod changes;
mod fanout;
mod files;
mod forwarding;
mod history;
mod index;
mod invites;
mod members;
mod mentions;
mod messages;
mod moderation;
mod public;
mod record;
mod rights;
mod search;
mod sync;

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    Body, ClientFrame, ConversationCommand, ConversationReply, ConversationRow, File, Forwarded,
    FoundGroup, Hit, InvitePreview, Member, Message, Record, ServerFrame,
};
use tideline_shared::rights::Deed;
use tideline_shared::{
    Code, ConversationId, FileId, InviteToken, MessageId, Person, Reject, SessionId, Timestamp,
    UserId,
};

use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Sql};
use crate::turn::{Actor, Audience, CallId, Failure, Peer, Turn, Unreachable};
use crate::{limits, migrate, mirror};
use blocks::Veil;
use fanout::Fanout;
use files::Files;
pub(crate) use files::{key, parts};
use index::Index;
pub(crate) use members::LAST_VERSION;
pub use mentions::Mentioned;
use messages::Said;

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
    /// Make the direct conversation of two people, unless it is there already.
    StartDirect {
        /// Who asks.
        by: Person,
        /// The other one.
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

const SCHEMA: &[&[&str]] = &[
    FIRST,
    SECOND,
    ROLES,
    MENTIONS,
    index::SCHEMA,
    BLOCKS,
    LINKS,
    ANNOUNCEMENTS,
    PUBLIC,
    files::SCHEMA,
];

const FIRST: &[&str] = &[
    // `confirmed`: every member's account has heard everything up to this version, but for those
    // in `lag`.
    "CREATE TABLE conversation (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        conversation TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        group_type TEXT NOT NULL,
        description TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        record_version INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        confirmed INTEGER NOT NULL
    ) STRICT",
    "INSERT INTO clock (id, version, last_seq, confirmed) VALUES (1, 0, 0, 0)",
    // Who left stays as a row: their name stands beside what they said.
    "CREATE TABLE members (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        role TEXT NOT NULL,
        joined_at INTEGER NOT NULL,
        joined_seq INTEGER NOT NULL,
        joined_version INTEGER NOT NULL,
        left_at INTEGER,
        left_seq INTEGER,
        person_version INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX members_version ON members (version)",
    "CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        author TEXT NOT NULL,
        at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT",
    "CREATE INDEX messages_version ON messages (version)",
    "CREATE TABLE invites (
        token TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID",
    // Members (and people who left) that could not be reached, and up to where they heard.
    "CREATE TABLE lag (
        user TEXT PRIMARY KEY,
        confirmed INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    limits::SCHEMA,
];

const SECOND: &[&str] = &[
    // The version of the last change that accounts hear of; others (reactions, pins) are for those
    // who look.
    "ALTER TABLE clock ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
    "UPDATE clock SET told = version",
    // `told`: the same of one message; none where it is the message's version.
    "ALTER TABLE messages ADD COLUMN told INTEGER",
    "ALTER TABLE messages ADD COLUMN reply_to INTEGER",
    "ALTER TABLE messages ADD COLUMN forwarded TEXT",
    "ALTER TABLE messages ADD COLUMN edited_at INTEGER",
    "ALTER TABLE messages ADD COLUMN pinned_at INTEGER",
    "ALTER TABLE messages ADD COLUMN reactions TEXT",
    "CREATE INDEX messages_replies ON messages (reply_to) WHERE reply_to IS NOT NULL",
    "CREATE INDEX messages_pinned ON messages (pinned_at) WHERE pinned_at IS NOT NULL",
    // What an edited message said before: 0 is what it said first.
    "CREATE TABLE revisions (
        seq INTEGER NOT NULL,
        n INTEGER NOT NULL,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (seq, n)
    ) STRICT, WITHOUT ROWID",
];

/// `muted_until`: silent until then, see [`crate::muted`]. `left_by`: who took
/// them out.
const ROLES: &[&str] = &[
    "ALTER TABLE members ADD COLUMN muted_until INTEGER",
    "ALTER TABLE members ADD COLUMN left_by TEXT",
    "CREATE TABLE bans (
        user TEXT PRIMARY KEY,
        made_by TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
];

/// None where a message means nobody and never did.
const MENTIONS: &[&str] = &["ALTER TABLE messages ADD COLUMN mentions TEXT"];

/// Spans of the order in which somebody blocked the other one; `until_seq` is missing while it lasts.
/// `version`: the account's that said so last.
const BLOCKS: &[&str] = &[
    "CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        made_by TEXT NOT NULL,
        since_seq INTEGER NOT NULL,
        until_seq INTEGER,
        version INTEGER NOT NULL
    ) STRICT",
    // What the other one changed meanwhile, as it was before.
    "CREATE TABLE frozen (
        viewer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (viewer, seq)
    ) STRICT, WITHOUT ROWID",
];

/// How many people a link let in, and how many it may.
const LINKS: &[&str] = &[
    "ALTER TABLE invites ADD COLUMN uses INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE invites ADD COLUMN max_uses INTEGER",
];

/// Whether only those who lead write.
const ANNOUNCEMENTS: &[&str] =
    &["ALTER TABLE conversation ADD COLUMN announcements INTEGER NOT NULL DEFAULT 0"];

/// Whether a group can be found and how one comes in; who asks to; and what the directory is owed.
const PUBLIC: &[&str] = &[
    "ALTER TABLE conversation ADD COLUMN public INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN approval INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE requests (user TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    outbox::SCHEMA,
];

/// The memory of a conversation: who is being told what, nothing else.
#[derive(Debug)]
pub struct Conversation {
    fanout: Fanout,
    outbox: Outbox,
    index: Index,
    files: Files,
    alarm: Alarm,
}

impl Actor for Conversation {
    type Call = ConversationCall;
    type Answer = ConversationAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        migrate::migrate(sql, now, SCHEMA)?;
        Ok(Self {
            fanout: Fanout::default(),
            outbox: Outbox::default(),
            index: Index::default(),
            files: Files::default(),
            alarm: Alarm::default(),
        })
    }

    fn call(
        &self,
        turn: &mut Turn<'_>,
        call: ConversationCall,
    ) -> Result<ConversationAnswer, Failure> {
        match call {
            ConversationCall::CreateGroup { conversation, by, name, group_type, description } => {
                record::create_group(turn, conversation, &by, &name, &group_type, &description)?;
                done(turn).map(answer)
            }
            ConversationCall::StartDirect { by, peer } => {
                record::start_direct(turn, &by, &peer)?;
                done(turn).map(answer)
            }
            ConversationCall::Command { by, command } => {
                let member = members::require(turn.sql, by)?;
                command_of(turn, &member, command).map(answer)
            }
            ConversationCall::Fetch { by, seqs } => {
                members::require(turn.sql, by)?;
                let messages = forwarding::fetch(turn.sql, by, &seqs)?;
                Ok(ConversationAnswer::Fetched { messages })
            }
            ConversationCall::Forward { by, messages } => {
                let member = members::require(turn.sql, by)?;
                forwarding::say(turn, &member, messages).map(answer)
            }
            ConversationCall::Upload { by, file, size, media } => {
                let member = members::require(turn.sql, by)?;
                let wanted = files::upload(turn, &member, file, size, media.as_deref())?;
                Ok(ConversationAnswer::Upload { wanted })
            }
            ConversationCall::Stored { by, file, parts } => {
                files::stored(turn.sql, by, file, parts)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::File { by, file } => {
                members::require(turn.sql, by)?;
                files::shown(turn.sql, by, file).map(ConversationAnswer::File)
            }
            ConversationCall::Export { by, after } => {
                members::require(turn.sql, by)?;
                let everybody = match after {
                    0 => members::changed_since(turn.sql, 0)?,
                    _ => Vec::new(),
                };
                Ok(ConversationAnswer::Exported(Exported {
                    record: record::require(turn.sql)?.record,
                    members: everybody.into_iter().map(|stored| stored.member).collect(),
                    messages: blocks::seen(turn.sql, by, history::export(turn.sql, after)?)?,
                }))
            }
            ConversationCall::Preview { token } => {
                invites::preview(turn, &token).map(ConversationAnswer::Preview)
            }
            ConversationCall::Join { person, token } => {
                invites::join(turn, &person, &token)?;
                done(turn).map(answer)
            }
            ConversationCall::PersonChanged { person, version } => {
                members::rename(turn, &person, version)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::PersonGone { user, version } => {
                members::gone(turn, user, version)?;
                public::forget(turn.sql, user)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::Search { by, query, zone_min, before, most } => {
                search::search(turn.sql, by, &query, zone_min, before, most)
            }
            ConversationCall::SearchGroup { by, query } => search::group(turn.sql, by, &query),
            ConversationCall::PreviewGroup { by } => {
                let preview = public::preview(turn.sql, by)?;
                Ok(answer(ConversationReply::Preview(preview)))
            }
            ConversationCall::FindGroup { by, query } => public::find(turn.sql, by, &query),
            ConversationCall::JoinGroup { person } => {
                let standing = public::join(turn, &person)?;
                Ok(answer(ConversationReply::Standing { standing }))
            }
            ConversationCall::TakeBack { by } => {
                let standing = public::take_back(turn, by)?;
                Ok(answer(ConversationReply::Standing { standing }))
            }
            ConversationCall::Requests { by } => {
                let member = members::require(turn.sql, by)?;
                Ok(ConversationAnswer::Requests { people: public::requests(turn, &member)? })
            }
            ConversationCall::Admit { by, person } => {
                let member = members::require(turn.sql, by)?;
                public::admit(turn, &member, &person)?;
                done(turn).map(answer)
            }
            ConversationCall::Block { by, blocked, version } => {
                blocks::set(turn.sql, by, blocked, version)?;
                Ok(ConversationAnswer::Done)
            }
            ConversationCall::SessionEnded { session } => {
                mirror::end(turn, Audience::Session(session), Reject::new(Code::SessionEnded));
                Ok(ConversationAnswer::Done)
            }
        }
    }

    fn connect(&self, turn: &mut Turn<'_>, peer: &Peer) -> Result<(), Failure> {
        members::require(turn.sql, peer.user).map(drop)
    }

    fn frame(&self, turn: &mut Turn<'_>, peer: &Peer, frame: &str) -> Result<(), Failure> {
        let frame = mirror::read(frame)?;
        // Asked with every frame: somebody may have left since the socket was opened.
        let member = members::require(turn.sql, peer.user)?;
        match frame {
            ClientFrame::Hello { cursor } => Ok(sync::hello(turn, peer.user, cursor)?),
            ClientFrame::Call { reference, command } => {
                let reply = command_of(turn, &member, command)?;
                let frame = ServerFrame::<ConversationRow, _>::Reply { reference, reply };
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
        if self.files.returned(turn, id, &answer)? {
            return Ok(());
        }
        let decided = outbox::is_decided(&answer);
        if self.outbox.returned(turn, id, decided)? {
            return Ok(());
        }
        self.fanout.returned(turn, id, answer)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        let settled = self.outbox.pump(turn)?;
        let told = self.fanout.pump(turn)?;
        let indexed = self.index.pump(turn)?;
        let erased = self.files.pump(turn)?;
        self.alarm.ensure(turn, [settled, told, indexed, erased].into_iter().flatten().min());
        Ok(())
    }
}

/// Does what a member asked, from whichever door it came.
fn command_of(
    turn: &mut Turn<'_>,
    member: &members::Stored,
    command: ConversationCommand,
) -> Result<ConversationReply, Failure> {
    let by = member.member.person.user;
    match command {
        ConversationCommand::Send { id, text, reply_to, files } => {
            messages::send(turn, member, &Said::own(id, &text, reply_to, files)?)
        }
        ConversationCommand::Edit { seq, text } => changes::edit(turn, member, seq, &text),
        ConversationCommand::Revisions { seq } => changes::revisions(turn.sql, by, seq),
        ConversationCommand::Recall { seq } => changes::recall(turn, member, seq),
        ConversationCommand::React { seq, emoji } => {
            changes::react(turn, member, seq, &emoji, true)
        }
        ConversationCommand::Unreact { seq, emoji } => {
            changes::react(turn, member, seq, &emoji, false)
        }
        ConversationCommand::Pin { seq } => changes::pin(turn, member, seq, true),
        ConversationCommand::Unpin { seq } => changes::pin(turn, member, seq, false),
        ConversationCommand::Pinned => changes::pinned(turn.sql, by),
        ConversationCommand::History { before, after, around, since } => {
            let page = history::Page::of(before, after, around, since);
            let messages = blocks::seen(turn.sql, by, history::page(turn.sql, page)?)?;
            Ok(ConversationReply::History { messages })
        }
        ConversationCommand::Leave => {
            rights::require(turn, member, Deed::Leave)?;
            members::leave(turn, member, None)?;
            done(turn)
        }
        ConversationCommand::Invites => {
            rights::require(turn, member, Deed::SeeInvites)?;
            Ok(ConversationReply::Invites { invites: invites::in_force(turn)? })
        }
        ConversationCommand::CreateInvite { lifetime_s, forever, max_uses } => {
            rights::require(turn, member, Deed::Invite)?;
            invites::create(turn, by, lifetime_s, forever, max_uses).map(ConversationReply::Invite)
        }
        ConversationCommand::RevokeInvite { token } => {
            invites::revoke(turn, member, &token)?;
            done(turn)
        }
        ConversationCommand::Banned => {
            Ok(ConversationReply::Banned { people: moderation::banned(turn, member)? })
        }
        ConversationCommand::ChangeRecord(change) => {
            rights::require(turn, member, Deed::ChangeRecord)?;
            record::change(turn, by, change)?;
            done(turn)
        }
        ConversationCommand::SetRole { .. }
        | ConversationCommand::Transfer { .. }
        | ConversationCommand::Remove { .. }
        | ConversationCommand::Ban { .. }
        | ConversationCommand::Unban { .. }
        | ConversationCommand::MuteMember { .. }
        | ConversationCommand::UnmuteMember { .. } => {
            moderation::act(turn, member, command)?;
            done(turn)
        }
        // Only for somebody who is in the conversation already, and then it is there.
        ConversationCommand::CreateGroup { .. } | ConversationCommand::StartDirect { .. } => {
            done(turn)
        }
        ConversationCommand::TurnAway { user } => {
            public::turn_away(turn, member, user)?;
            done(turn)
        }
        // Words and names from elsewhere only the gateway can fetch.
        ConversationCommand::Forward { .. }
        | ConversationCommand::Preview
        | ConversationCommand::Join
        | ConversationCommand::TakeBack
        | ConversationCommand::Requests
        | ConversationCommand::Admit { .. } => Err(Code::UnknownType.into()),
        ConversationCommand::Unknown => Err(Code::UnknownType.into()),
    }
}

fn done(turn: &Turn<'_>) -> Result<ConversationReply, Failure> {
    Ok(ConversationReply::Done { version: clock(turn.sql)?.version })
}

fn answer(reply: ConversationReply) -> ConversationAnswer {
    ConversationAnswer::Reply { reply }
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug)]
struct Clock {
    version: u64,
    last_seq: u64,
    /// Up to which version every account has confirmed.
    confirmed: u64,
    /// The version of the last change that accounts hear of.
    told: u64,
    /// Up to which version the index for search has everything.
    indexed: u64,
}

fn clock(sql: &dyn Sql) -> Result<Clock, Fault> {
    let row = sql.first("SELECT version, last_seq, confirmed, told, indexed FROM clock", &[])?;
    let row = row.ok_or_else(no_clock)?;
    Ok(Clock {
        version: row.number(0)?,
        last_seq: row.number(1)?,
        confirmed: row.number(2)?,
        told: row.number(3)?,
        indexed: row.number(4)?,
    })
}

/// Raises the version by one for a change that is about to be written.
fn next_version(sql: &dyn Sql) -> Result<u64, Fault> {
    raise(sql, "version = version + 1, told = version + 1")
}

/// The same for a change that no account hears of.
fn next_quiet_version(sql: &dyn Sql) -> Result<u64, Fault> {
    raise(sql, "version = version + 1")
}

fn raise(sql: &dyn Sql, how: &str) -> Result<u64, Fault> {
    let row = sql.first(&format!("UPDATE clock SET {how} RETURNING version"), &[])?;
    row.ok_or_else(no_clock)?.number(0)
}

/// Raises version and `seq` by one for a message that is about to be written.
fn next_place(sql: &dyn Sql) -> Result<(u64, u64), Fault> {
    let row = sql.first(
        "UPDATE clock SET version = version + 1, told = version + 1, last_seq = last_seq + 1
         RETURNING version, last_seq",
        &[],
    )?;
    let row = row.ok_or_else(no_clock)?;
    Ok((row.number(0)?, row.number(1)?))
}

fn no_clock() -> Fault {
    Fault("the clock has no row".to_owned())
}

/// Tells everybody who looks at the conversation what a change brought, each what they may know.
fn announce(turn: &mut Turn<'_>, version: u64, rows: Vec<ConversationRow>) -> Result<(), Fault> {
    let frame = |rows| ServerFrame::<_, ConversationReply>::Change { version, rows };
    let speaks = rows.iter().any(|row| matches!(row, ConversationRow::Message(_)));
    if !speaks || !blocks::exist(turn.sql)? {
        return turn.push(Audience::Live, &frame(rows));
    }
    for stored in members::changed_since(turn.sql, 0)? {
        let viewer = stored.member.person.user;
        let veil = Veil::of(turn.sql, viewer)?;
        let rows = rows.iter().cloned().map(|row| veil.over_row(row)).collect();
        turn.push(Audience::LiveOf(viewer), &frame(rows))?;
    }
    Ok(())
}
