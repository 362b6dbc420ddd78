//! A shard of the directory: who is called what, and who can be found by it.
//!
//! Handles are claimed at the shard of their folded form, people and public groups are listed at
//! the shard of their id, and the rates of a network address are kept at the shard of the address. A search asks all
//! shards.

mod announcing;
mod claims;
mod groups;
mod names;
mod people;
mod tallies;

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{Announcement, Figures, Listed};
use tideline_shared::{ConversationId, Person, Reject, Timestamp, UserId};

use crate::agenda::{Agenda, Work};
use crate::limits::Rate;
use crate::outbox::{self, Alarm, Outbox};
use crate::sql::{Fault, Sql};
use crate::turn::{Actor, CallId, Failure, Peer, Turn, Unreachable};
use crate::{limits, migrate};
pub use tallies::Tallied;

/// How many shards there are. Part of where things are stored: it never changes for a deployment.
pub const SHARDS: u32 = 8;

/// The shard that keeps the claim to a handle.
#[must_use]
pub fn claims_shard(user_name: &str) -> u32 {
    shard(names::skeleton(user_name).as_bytes())
}

/// The shard that lists a person.
#[must_use]
pub fn people_shard(user: UserId) -> u32 {
    shard(user.as_bytes())
}

/// The shard that lists a public group.
#[must_use]
pub fn groups_shard(conversation: ConversationId) -> u32 {
    shard(conversation.as_bytes())
}

/// The shard that counts what comes from a network address.
#[must_use]
pub fn address_shard(address: &str) -> u32 {
    shard(address.as_bytes())
}

/// FNV-1a, 32 bits: spreads evenly, and stays the same whatever the standard library does.
fn shard(bytes: &[u8]) -> u32 {
    let hash = bytes
        .iter()
        .fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % SHARDS
}

/// What others ask of the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DirectoryCall {
    /// Keep a handle for somebody who is about to take it.
    Claim {
        /// As written.
        user_name: String,
        /// For whom.
        user: UserId,
    },
    /// The account has taken the handle: the claim holds for good.
    Confirm {
        /// As written.
        user_name: String,
        /// By whom.
        user: UserId,
    },
    /// Give a claim up that was never confirmed.
    Release {
        /// As written.
        user_name: String,
        /// Whose claim it was.
        user: UserId,
    },
    /// Give a handle up for good.
    Withdraw {
        /// As written.
        user_name: String,
        /// Whose it was.
        user: UserId,
    },
    /// Whose handle is this?
    Resolve {
        /// In any case.
        user_name: String,
    },
    /// List a person, or what they are called now.
    List {
        /// Who.
        person: Person,
        /// The account's version: an older one that comes late changes nothing.
        version: u64,
        /// Their signature.
        #[serde(default)]
        signature: String,
    },
    /// Who has this in one of their names, or in their signature?
    Find {
        /// Parsed already.
        query: String,
    },
    /// List a public group, or what it says of itself now.
    ListGroup {
        /// Which.
        conversation: ConversationId,
        /// The conversation's version: an older one that comes late changes nothing.
        version: u64,
        /// Its name, its type and its description; none when it is not public any more.
        facts: Option<[String; 3]>,
    },
    /// Which public groups have this in what they say of themselves?
    FindGroups {
        /// Parsed already.
        query: String,
    },
    /// Keep how much there is of a conversation.
    Tally(Tallied),
    /// Bring this to everybody who is listed.
    Announce {
        /// Its number: an older one that comes late changes nothing.
        word: u64,
        /// None to tell it no more.
        announcement: Option<Announcement>,
    },
    /// Who was here first, of those who have a user name?
    Earliest,
    /// A page of everybody.
    People {
        /// As typed.
        query: String,
        /// Only who came earlier.
        before: Option<UserId>,
    },
    /// A page of all groups.
    Groups {
        /// As typed.
        query: String,
        /// Only what was made earlier.
        before: Option<ConversationId>,
    },
    /// How much there is?
    Figures,
    /// Count something that comes from a network address, or refuse it.
    Spend {
        /// From where.
        address: String,
        /// What.
        what: String,
        /// How much of it is too much.
        rate: Rate,
    },
}

/// What the directory answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DirectoryAnswer {
    /// It is done.
    Done,
    /// Somebody else has claimed the handle (as they wrote it), and may or may not have taken it.
    Claimed {
        /// Who.
        user: UserId,
        /// How they wrote it.
        user_name: String,
        /// Whether they have.
        confirmed: bool,
    },
    /// Who has the handle, or was here first.
    Resolved {
        /// None when nobody has.
        user: Option<UserId>,
    },
    /// Who was found here, best first, each with how good the match is (0 is best).
    Found {
        /// At most [`tideline_shared::limits::FOUND_PEOPLE`].
        people: Vec<(u8, Listed)>,
    },
    /// A page of everybody, and one more if there are more.
    People {
        /// The newest first.
        people: Vec<Person>,
    },
    /// A page of all groups, and one more if there are more.
    Groups {
        /// The newest first.
        groups: Vec<ConversationId>,
    },
    /// How much there is.
    Figures(Figures),
    /// The groups that were found here, best first, each with how good the match is (0 is best) and
    /// its name.
    FoundGroups {
        /// At most [`tideline_shared::limits::FOUND_GROUPS`].
        groups: Vec<(u8, String, ConversationId)>,
    },
}

const SCHEMA: &[&[&str]] = &[FIRST, SIGNED, GROUPS, AVATARS, tallies::SCHEMA, ANNOUNCING];

const ANNOUNCING: &[&str] = &[announcing::TABLE, outbox::SCHEMA];

/// Steps of a database whose names are folded in an earlier way.
const FOLDED_OTHERWISE: usize = 1;

const FIRST: &[&str] = &[
    "CREATE TABLE claims (
        skeleton TEXT PRIMARY KEY,
        user_name TEXT NOT NULL,
        user TEXT NOT NULL,
        confirmed INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    "CREATE TABLE people (
        user TEXT PRIMARY KEY,
        user_name TEXT,
        display_name TEXT NOT NULL,
        folded_user_name TEXT,
        folded_display_name TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID",
    limits::SCHEMA,
];

/// Since then names are folded as messages are.
const SIGNED: &[&str] = &[
    "ALTER TABLE people ADD COLUMN signature TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE people ADD COLUMN folded_signature TEXT NOT NULL DEFAULT ''",
];

const GROUPS: &[&str] = &["CREATE TABLE groups (
        conversation TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        told TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID"];

const AVATARS: &[&str] = &["ALTER TABLE people ADD COLUMN avatar TEXT"];

/// The memory of a shard: what is under way, nothing else.
#[derive(Debug)]
pub struct Directory {
    announcing: Agenda,
    outbox: Outbox,
    alarm: Alarm,
}

impl Actor for Directory {
    type Call = DirectoryCall;
    type Answer = DirectoryAnswer;

    fn open(sql: &dyn Sql, now: Timestamp) -> Result<Self, Fault> {
        if migrate::migrate(sql, now, SCHEMA)? == FOLDED_OTHERWISE {
            people::fold_again(sql)?;
        }
        Ok(Self {
            announcing: Agenda::of(Work::Announcing),
            outbox: Outbox::default(),
            alarm: Alarm::default(),
        })
    }

    fn call(&self, turn: &mut Turn<'_>, call: DirectoryCall) -> Result<DirectoryAnswer, Failure> {
        match call {
            DirectoryCall::Claim { user_name, user } => claims::claim(turn.sql, &user_name, user),
            DirectoryCall::Confirm { user_name, user } => {
                claims::confirm(turn.sql, &user_name, user)?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Release { user_name, user } => {
                claims::release(turn.sql, &user_name, user)?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Withdraw { user_name, user } => {
                claims::withdraw(turn.sql, &user_name, user)?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Resolve { user_name } => {
                let user = claims::resolve(turn.sql, &user_name)?;
                Ok(DirectoryAnswer::Resolved { user })
            }
            DirectoryCall::List { person, version, signature } => {
                if people::list(turn.sql, &person, version, &signature)? {
                    announcing::catch_up(turn, person.user)?;
                }
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Find { query } => {
                Ok(DirectoryAnswer::Found { people: people::find(turn.sql, &query)? })
            }
            DirectoryCall::ListGroup { conversation, version, facts } => {
                groups::list(turn.sql, conversation, version, facts)?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::FindGroups { query } => {
                Ok(DirectoryAnswer::FoundGroups { groups: groups::find(turn.sql, &query)? })
            }
            DirectoryCall::Tally(tallied) => {
                tallies::keep(turn.sql, &tallied)?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Announce { word, announcement } => {
                announcing::take(turn, word, announcement.as_ref())?;
                Ok(DirectoryAnswer::Done)
            }
            DirectoryCall::Earliest => {
                Ok(DirectoryAnswer::Resolved { user: tallies::earliest(turn.sql)? })
            }
            DirectoryCall::People { query, before } => {
                Ok(DirectoryAnswer::People { people: tallies::people(turn.sql, &query, before)? })
            }
            DirectoryCall::Groups { query, before } => {
                Ok(DirectoryAnswer::Groups { groups: tallies::groups(turn.sql, &query, before)? })
            }
            DirectoryCall::Figures => {
                Ok(DirectoryAnswer::Figures(tallies::figures(turn.sql, turn.now)?))
            }
            DirectoryCall::Spend { address, what, rate } => {
                limits::spend(turn.sql, turn.now, rate, &format!("{what} {address}"))?;
                Ok(DirectoryAnswer::Done)
            }
        }
    }

    fn connect(&self, _: &mut Turn<'_>, _: &Peer) -> Result<(), Failure> {
        Err(tideline_shared::Code::UnknownRoute.into())
    }

    fn frame(&self, _: &mut Turn<'_>, _: &Peer, _: &str) -> Result<(), Failure> {
        Err(tideline_shared::Code::UnknownType.into())
    }

    fn returned(
        &mut self,
        turn: &mut Turn<'_>,
        id: CallId,
        answer: Result<Result<serde_json::Value, Reject>, Unreachable>,
    ) -> Result<(), Fault> {
        turn.stir(Work::Announcing);
        self.outbox.returned(turn, id, outbox::is_decided(&answer)).map(drop)
    }

    fn pump(&mut self, turn: &mut Turn<'_>) -> Result<(), Fault> {
        announcing::pump(turn, &mut self.announcing)?;
        let settled = self.outbox.pump(turn)?;
        self.alarm.ensure(turn, settled);
        Ok(())
    }
}
