//! What the owner of a deployment does: `POST /api/admin`.

use serde::{Deserialize, Serialize};

use super::account::Announcement;
use super::tagged::read_tagged;
use crate::{ConversationId, Person, Timestamp, UserId};

/// What the owner asks. Everything that changes something is kept in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AdminCommand {
    /// How the deployment is set up.
    Settings,
    /// Say who may register from now on.
    SetRegistration {
        /// Who.
        mode: RegistrationMode,
    },
    /// Say how much may be uploaded from now on. What is there stays.
    SetLimits(FileLimits),
    /// How much there is of everything.
    Figures,
    /// Everybody who has an account, the newest first.
    People {
        /// What is to be in one of their names; empty for all.
        #[serde(default)]
        query: String,
        /// Only accounts that are older than this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<UserId>,
    },
    /// All groups, the newest first.
    Groups {
        /// What is to be in their name; empty for all.
        #[serde(default)]
        query: String,
        /// Only groups that are older than this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<ConversationId>,
    },
    /// End the sessions of somebody, and let nobody sign in there.
    Ban {
        /// Whom.
        user: UserId,
    },
    /// Let somebody in again.
    Unban {
        /// Whom.
        user: UserId,
    },
    /// What people reported: what is open, the oldest first; or what is done, the newest first.
    Reports {
        /// What is done.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        done: bool,
        /// Where the page before ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
    },
    /// Tell everybody something, in place of what they were told before.
    Announce {
        /// As typed.
        text: String,
    },
    /// Tell it no more.
    Withdraw,
    /// Decide what becomes of a report.
    Resolve {
        /// Which.
        report: u64,
        /// What.
        outcome: Outcome,
    },
    /// What was changed, the newest first.
    Log {
        /// Only what has a smaller number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// The answer to an [`AdminCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AdminReply {
    /// How the deployment is set up.
    Settings(DeploymentSettings),
    /// How much there is.
    Figures(Figures),
    /// A page of people.
    People {
        /// At most [`crate::limits::ADMIN_ROWS`].
        people: Vec<ListedPerson>,
        /// Whether there are more.
        more: bool,
    },
    /// A page of groups.
    Groups {
        /// At most [`crate::limits::ADMIN_ROWS`].
        groups: Vec<ListedGroup>,
        /// Whether there are more.
        more: bool,
    },
    /// A page of reports.
    Reports {
        /// At most [`crate::limits::ADMIN_ROWS`].
        reports: Vec<Report>,
        /// Whether there are more.
        more: bool,
    },
    /// A page of the log.
    Log {
        /// At most [`crate::limits::ADMIN_ROWS`].
        rows: Vec<LogRow>,
        /// Whether there are more.
        more: bool,
    },
    /// It is done.
    Done,
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(AdminReply {
    "settings" => Settings(DeploymentSettings),
    "figures" => Figures(Figures),
    "people" => People { people: Vec<ListedPerson>, more: bool },
    "groups" => Groups { groups: Vec<ListedGroup>, more: bool },
    "reports" => Reports { reports: Vec<Report>, more: bool },
    "log" => Log { rows: Vec<LogRow>, more: bool },
    "done" => Done,
});

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Everybody.
    #[default]
    Open,
    /// Who comes by an invite link, as a guest; guests may stay.
    Invite,
    /// Nobody.
    #[serde(other)]
    Closed,
}

/// How a deployment is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentSettings {
    /// Who may register.
    pub registration: RegistrationMode,
    /// How much may be uploaded.
    #[serde(default)]
    pub limits: FileLimits,
    /// What everybody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement: Option<Announcement>,
}

/// How much may be uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLimits {
    /// Most bytes of a file; none for [`crate::limits::FILE_BYTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<u64>,
    /// Most bytes of all files of a conversation; none for no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_bytes: Option<u64>,
}

/// How much there is of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Accounts, guests among them.
    pub accounts: u64,
    /// Of these, guests.
    pub guests: u64,
    /// Groups that have members.
    pub groups: u64,
    /// Messages of all conversations, as far as they have told; they do so once an hour at most.
    pub messages: u64,
    /// Bytes of their files.
    pub bytes: u64,
    /// Reports that are open.
    pub reports: u64,
    /// People who are banned.
    pub banned: u64,
    /// Accounts that were made on each of the last [`crate::limits::FIGURE_DAYS`] days, today last.
    pub new_accounts: Vec<u64>,
    /// Groups, likewise.
    pub new_groups: Vec<u64>,
}

/// Somebody who has an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPerson {
    /// Who.
    pub person: Person,
    /// Since when.
    pub since: Timestamp,
    /// Nobody can sign in there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub banned: bool,
}

/// A group: never what is said there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedGroup {
    /// Which.
    pub conversation: ConversationId,
    /// Its name.
    pub name: String,
    /// Whether it can be found by everybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
    /// How many are in it.
    pub members: u64,
    /// How many messages were sent.
    pub messages: u64,
    /// The bytes of its files.
    pub bytes: u64,
}

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Unwanted advertising.
    Spam,
    /// Insults, threats, hatred.
    Abuse,
    /// Somebody pretends to be somebody else.
    Pretence,
    /// Against the law.
    Illegal,
    /// Something else, which the note says.
    #[serde(other)]
    Other,
}

/// What somebody reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its number.
    pub report: u64,
    /// When.
    pub at: Timestamp,
    /// Who reports.
    pub by: Person,
    /// Who it is about.
    pub about: Person,
    /// Why.
    pub reason: Reason,
    /// What they say of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The message it is about; none when it is about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<ReportedMessage>,
    /// What became of it; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A message that somebody reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedMessage {
    /// Where it was said.
    pub conversation: ConversationId,
    /// Which.
    pub seq: u64,
    /// What it said then.
    pub text: String,
    /// How many files it has.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub files: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The message is recalled.
    Recall,
    /// The person is banned.
    Ban,
    /// Nothing.
    #[serde(other)]
    Dismiss,
}

/// Something that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Its number.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
    /// What.
    pub did: Did,
}

/// What was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Did {
    /// Said who may register.
    SetRegistration {
        /// Who.
        mode: RegistrationMode,
    },
    /// Said how much may be uploaded.
    SetLimits {
        /// How much.
        limits: FileLimits,
    },
    /// Banned somebody.
    Ban {
        /// Whom.
        person: Person,
    },
    /// Let somebody in again.
    Unban {
        /// Whom.
        person: Person,
    },
    /// Told everybody something.
    Announce {
        /// What.
        text: String,
    },
    /// Told it no more.
    Withdraw,
    /// Decided about a report.
    Resolve {
        /// Which.
        report: u64,
        /// What.
        outcome: Outcome,
        /// Who it was about.
        person: Person,
    },
    /// Something that this program is too old to know.
    #[serde(other)]
    Unknown,
}
