//! What others ask of the deployment, and what it answers.

use serde::{Deserialize, Serialize};
use tideline_shared::protocol::{
    AdminCommand, AdminReply, Announcement, FileLimits, Reason, RegistrationMode, ReportedMessage,
};
use tideline_shared::{Person, Timestamp, UserId};

/// What others ask of the deployment. `by` was found out by the gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeploymentCall {
    /// Who may register?
    Registration,
    /// Somebody is about to register. Where nobody owns the deployment, they will.
    Admit {
        /// The id of the account to be.
        user: UserId,
    },
    /// Somebody who has an invite link is about to come as a guest.
    AdmitGuest,
    /// Of all accounts in the directory, this is the earliest; none where there is none.
    Earliest {
        /// Whose.
        user: Option<UserId>,
    },
    /// The account of who was to be the owner was asked whether it is there.
    Vouched {
        /// Who.
        user: UserId,
        /// Whether it is; if not, it never will be.
        exists: bool,
    },
    /// The account of who was to be the owner is there.
    Confirm {
        /// Who.
        user: UserId,
    },
    /// An account was deleted.
    #[serde(alias = "resign")]
    Gone {
        /// Whose.
        user: UserId,
    },
    /// Somebody reports something.
    Report(Reported),
    /// Is this the owner?
    Require {
        /// Who asks.
        by: UserId,
    },
    /// Who of these is banned?
    Banned {
        /// Of whom.
        users: Vec<UserId>,
    },
    /// How much may be uploaded?
    FileLimits,
    /// How many reports are open, and how many people banned?
    Counts,
    /// Ban somebody, or let them in again.
    Ban {
        /// Who asks.
        by: Person,
        /// Whom.
        person: Person,
        /// Whether they are, from now on.
        banned: bool,
    },
    /// A command of the owner.
    Command {
        /// Who asks.
        by: Person,
        /// What to do.
        command: AdminCommand,
    },
}

/// What somebody reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Person,
    /// Whom, as they are called then.
    pub about: Person,
    /// Why.
    pub reason: Reason,
    /// What they say of it.
    #[serde(default)]
    pub note: String,
    /// The message, if it is about one.
    #[serde(default)]
    pub message: Option<ReportedMessage>,
}

/// What the deployment answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeploymentAnswer {
    /// It is done, or it is so.
    Done,
    /// Nobody knows yet whether there are accounts: find the earliest, say it, ask again.
    Survey,
    /// Somebody was to become the owner a while ago: ask their account, say it, ask again.
    Doubt {
        /// Who.
        user: UserId,
    },
    /// Who may register.
    Registration {
        /// Who.
        mode: RegistrationMode,
        /// Whoever comes next will be the owner.
        first: bool,
    },
    /// They may register.
    Admitted {
        /// They will be the owner.
        owner: bool,
        /// What everybody is told.
        #[serde(default)]
        announcement: Option<Announcement>,
    },
    /// Who is banned.
    Banned {
        /// Of those who were asked about.
        users: Vec<UserId>,
    },
    /// How much may be uploaded.
    FileLimits(FileLimits),
    /// How many.
    Counts {
        /// Reports that are open.
        reports: u64,
        /// People who are banned.
        banned: u64,
    },
    /// The command's answer.
    Reply {
        /// As on the wire.
        reply: AdminReply,
    },
}
