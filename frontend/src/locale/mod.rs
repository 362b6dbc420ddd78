//! Every word that people read, in each language: one table a language, one field a sentence. A
//! sentence that a table lacks does not compile.

mod en;
mod more;
mod reject;
#[cfg(test)]
mod tests;
mod zh;

use tideline_shared::Code;
use tideline_shared::search::Has;

pub use en::EN;
pub use more::{Admin, More};
pub use reject::know_all_rejects;
pub use zh::ZH;

use crate::present::Ago;

/// A language that the app speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// For a language tag as browsers give it (`zh-Hans-CN`, `en-GB`): Chinese readers get
    /// Chinese, everybody else English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh")) {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The tag for `<html lang>` and for `Intl`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// What the language calls itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "中文",
        }
    }

    /// Its table.
    #[must_use]
    pub fn table(self) -> &'static Locale {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }
}

/// The table of a language.
#[allow(missing_docs, reason = "each field is named for the words that it holds")]
pub struct Locale {
    /// Which language it is.
    pub lang: Lang,

    // Signing in.
    pub sign_in_lead: &'static str,
    pub register_lead: &'static str,
    pub username: &'static str,
    pub username_hint: &'static str,
    pub password: &'static str,
    pub password_hint: &'static str,
    pub sign_in: &'static str,
    pub create_account: &'static str,
    pub new_here: &'static str,
    pub create_an_account: &'static str,
    pub have_account: &'static str,
    pub signed_out_elsewhere: &'static str,
    pub first_account: &'static str,

    // Invites.
    pub invited_to: &'static str,
    pub your_name: &'static str,
    pub join_as_guest: &'static str,
    pub join_group: &'static str,
    pub guest_hint: &'static str,
    pub or: &'static str,
    pub dead_invite: &'static str,
    pub to_start: &'static str,
    pub loading: &'static str,

    // The list.
    pub conversations: &'static str,
    pub connection: &'static str,
    pub online: &'static str,
    pub connecting: &'static str,
    pub offline: &'static str,
    pub new_message: &'static str,
    pub new_group: &'static str,
    pub search: &'static str,
    pub settings: &'static str,
    pub no_messages_yet: &'static str,
    pub you: &'static str,
    pub unread: fn(u64) -> String,
    pub ask_to_come_in: fn(u64) -> String,
    pub mentions: fn(u64) -> String,
    pub colon: &'static str,
    pub between_names: &'static str,
    pub draft: &'static str,
    pub silent: &'static str,
    pub pinned: &'static str,
    pub marked_unread: &'static str,
    pub archived: fn(usize) -> String,
    pub not_archived: &'static str,
    pub all_archived: &'static str,
    pub all_archived_text: &'static str,
    pub no_conversations: &'static str,
    pub no_conversations_text: &'static str,
    pub pick_conversation: &'static str,
    pub pick_conversation_text: &'static str,
    pub find_someone: &'static str,
    pub make_group: &'static str,
    pub invite_somebody: &'static str,
    pub write_to_yourself: &'static str,

    // A conversation.
    pub back: &'static str,
    pub conversation_details: &'static str,
    pub messages: &'static str,
    pub message: &'static str,
    pub send: &'static str,
    pub attach_file: &'static str,
    pub record_voice: &'static str,
    pub holds: fn(Has) -> &'static str,
    pub emoji: &'static str,
    pub message_actions: &'static str,
    pub copy_code: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub retry: &'static str,
    pub discard: &'static str,
    pub sending: &'static str,
    pub sent: &'static str,
    pub delivered: &'static str,
    pub read: &'static str,
    pub failed: &'static str,
    pub not_sent: fn(&str) -> String,
    pub ago: fn(Ago) -> String,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub new_messages: &'static str,
    pub jump_to_newest: &'static str,
    pub reactions: &'static str,
    pub recalled: &'static str,
    pub answers: fn(&str, &str) -> String,
    pub forwarded_from: fn(&str) -> String,
    pub reply_to: fn(&str) -> String,
    pub edit_message: &'static str,
    pub edited: &'static str,
    pub earlier_versions: &'static str,
    pub pinned_message: &'static str,
    pub select: &'static str,
    pub jump_to_unread: &'static str,
    pub jump_to_date: &'static str,
    pub start_group: fn(&str) -> String,
    pub start_direct: fn(&str) -> String,
    pub notes: &'static str,
    pub start_notes: &'static str,
    pub only_you: &'static str,
    pub joined: fn(&str) -> String,
    pub left: fn(&str) -> String,
    pub unknown_body: &'static str,
    pub offline_banner: &'static str,
    pub cannot_show: &'static str,
    pub characters_left: fn(i64) -> String,

    // Details.
    pub member_count: fn(u64) -> String,
    pub typing: fn(Option<&[String]>) -> String,
    pub is_online: &'static str,
    pub last_seen: fn(String) -> String,
    pub cancel: &'static str,
    pub was_removed: fn(&str) -> String,

    // Search.
    pub find_here: &'static str,

    // New message, new group, people.
    pub optional: &'static str,
    pub guest: &'static str,
    pub asks_for_you: fn(u64) -> String,

    // Settings.
    pub deleted_account: &'static str,

    // Elsewhere.
    pub not_now: &'static str,
    pub nowhere: &'static str,
    pub nowhere_text: &'static str,
    pub notifications: &'static str,
    pub dismiss: &'static str,
    pub new_version: &'static str,
    pub reload: &'static str,
    pub no_network: &'static str,
    pub not_kept: &'static str,
    pub not_held: &'static str,
    pub wait_seconds: fn(u64) -> String,
    pub reject: fn(Code) -> &'static str,
}

impl Locale {
    /// The words of screens that are not there at first. They travel with the code that asks.
    #[must_use]
    pub fn more(&self) -> &'static More {
        self.lang.more()
    }
}
