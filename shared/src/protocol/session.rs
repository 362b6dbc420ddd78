//! How somebody becomes known to the service, and unknown again: `POST /api/session`.
//!
//! Where a command signs somebody in, the answer sets the session's cookie.

use serde::{Deserialize, Serialize};

use super::RegistrationMode;
use super::notice::Subscription;
use super::tagged::read_tagged;
use crate::{Person, SessionId, Timestamp};

/// What a person does about who they are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SessionCommand {
    /// Make an account and sign in.
    Register {
        /// The handle.
        user_name: String,
        /// As typed.
        password: String,
        /// The name others see; the handle when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
    },
    /// Sign in to an account.
    SignIn {
        /// The handle.
        user_name: String,
        /// As typed.
        password: String,
    },
    /// Give a guest's account a handle and a password; nothing else of it changes.
    SetCredentials {
        /// The handle.
        user_name: String,
        /// As typed.
        password: String,
    },
    /// Who may register here?
    Registration,
    /// Who am I? Answered with `signed_out` where that is nobody.
    Whoami,
    /// End this session.
    SignOut,
    /// Which sessions does this account have?
    Sessions,
    /// End one of them.
    EndSession {
        /// Which.
        session: SessionId,
    },
    /// End all of them but this one.
    EndOtherSessions,
    /// Change the password, and end all other sessions.
    ChangePassword {
        /// The present one, as typed.
        password: String,
        /// The one from now on, as typed.
        new_password: String,
    },
    /// The public key that notices of this account are signed with: browsers subscribe with it.
    NoticeKey,
    /// Tell this device of what comes while the app is closed there, in the place of an earlier
    /// subscription of this session.
    Subscribe {
        /// Where, and how.
        #[serde(flatten)]
        subscription: Subscription,
    },
    /// Tell this device no more.
    Unsubscribe,
    /// Delete the account, for good: names, profile, sessions, inbox. What it said stays where it
    /// was said, with nobody's name. Answered with `signed_out`.
    DeleteAccount {
        /// As typed; not needed by a guest, who has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password: Option<String>,
    },
    /// A command that this program is too old to know.
    #[serde(other)]
    Unknown,
}

/// The answer to a [`SessionCommand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SessionReply {
    /// This is who the cookie names now.
    SignedIn {
        /// The person.
        #[serde(flatten)]
        person: Person,
        /// Their session on this device.
        session: SessionId,
    },
    /// The cookie names nobody now.
    SignedOut,
    /// Who may register.
    Registration {
        /// Who.
        mode: RegistrationMode,
        /// There is no account yet: whoever registers first will own the deployment.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        first: bool,
    },
    /// The sessions of the account: the one that asks, then the others, those used last first.
    Sessions {
        /// 100 at most.
        sessions: Vec<Session>,
    },
    /// What browsers subscribe with.
    NoticeKey {
        /// A point of P-256, uncompressed, as base64url (RFC 8292).
        key: String,
    },
    /// It is done.
    Done,
    /// An answer that this program is too old to know.
    Unknown,
}

read_tagged!(SessionReply {
    "signed_in" => SignedIn {
        #[serde(flatten)]
        person: Person,
        session: SessionId
    },
    "signed_out" => SignedOut,
    "registration" => Registration {
        mode: RegistrationMode,
        #[serde(default)]
        first: bool
    },
    "sessions" => Sessions { sessions: Vec<Session> },
    "notice_key" => NoticeKey { key: String },
    "done" => Done,
});

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id, which tells nothing of its secret.
    pub session: SessionId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
    /// What its device is called, as far as the browser told: `Firefox · Linux`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Passwords stay out of logs.
impl std::fmt::Debug for SessionCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Register { .. } => "Register",
            Self::SignIn { .. } => "SignIn",
            Self::SetCredentials { .. } => "SetCredentials",
            Self::Registration => "Registration",
            Self::Whoami => "Whoami",
            Self::SignOut => "SignOut",
            Self::Sessions => "Sessions",
            Self::EndSession { .. } => "EndSession",
            Self::EndOtherSessions => "EndOtherSessions",
            Self::ChangePassword { .. } => "ChangePassword",
            Self::NoticeKey => "NoticeKey",
            Self::Subscribe { .. } => "Subscribe",
            Self::Unsubscribe => "Unsubscribe",
            Self::DeleteAccount { .. } => "DeleteAccount",
            Self::Unknown => "Unknown",
        })
    }
}
