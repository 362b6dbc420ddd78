//! Finding people and reading about them: `POST /api/people`.

use serde::{Deserialize, Serialize};

use super::Reason;
use super::tagged::read_tagged;
use crate::profile::read_with_person;
use crate::{Person, Profile, UserId};

/// What a person asks about other people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PeopleCommand {
    /// People whose user name, display name or signature contains the query, whatever its case.
    Find {
        /// One character is enough.
        query: String,
    },
    /// What somebody says about themselves.
    Profile {
        /// Who.
        user: UserId,
    },
    /// The same, by handle.
    ProfileByName {
        /// The handle, whatever its case.
        user_name: String,
    },
    /// Ask somebody to be in each other's contacts; who is asked by them accepts.
    AddContact {
        /// Whom.
        user: UserId,
    },
    /// Turn a request down. Who asked is not told.
    DeclineContact {
        /// Who asked.
        user: UserId,
    },
    /// Take somebody out of one's contacts and oneself out of theirs, or a request back.
    RemoveContact {
        /// Whom.
        user: UserId,
    },
    /// Call somebody something, and note something of them: for oneself alone. Both empty: neither.
    NameContact {
        /// Whom.
        user: UserId,
        /// In place of their display name.
        #[serde(default)]
        nickname: String,
        /// What to remember.
        #[serde(default)]
        note: String,
    },
    /// Let nothing pass between this person and me in our direct conversation, from now on.
    Block {
        /// Whom.
        user: UserId,
    },
    /// Let it pass again. What was said meanwhile stays withheld.
    Unblock {
        /// Whom.
        user: UserId,
    },
    /// Tell whoever runs the deployment of somebody.
    Report {
        /// Of whom.
        user: UserId,
        /// Why.
        reason: Reason,
        /// What there is to say of it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// The answer to a [`PeopleCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PeopleReply {
    /// Best first: whole names, then their beginnings, other parts of names, signatures.
    Found {
        /// At most [`crate::limits::FOUND_PEOPLE`].
        people: Vec<Listed>,
    },
    /// The person asked about.
    Profile(Profile),
    /// It is done; the account's mirror shows it.
    Done,
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(PeopleReply {
    "found" => Found { people: Vec<Listed> },
    "profile" => Profile(Profile),
    "done" => Done,
});

/// Somebody who can be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// What they say of themselves.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

read_with_person!(Listed {
    #[serde(default)]
    signature: String,
});
