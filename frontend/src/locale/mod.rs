//! Every word that people read, in each language: one table a language, one field a sentence. A
//! sentence that a table lacks does not compile.

mod en;
mod zh;

use tideline_shared::{Code, Gender};

pub use en::EN;
pub use zh::ZH;

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
    pub no_conversations: &'static str,
    pub no_conversations_text: &'static str,
    pub pick_conversation: &'static str,
    pub pick_conversation_text: &'static str,
    pub find_someone: &'static str,
    pub make_group: &'static str,

    // A conversation.
    pub back: &'static str,
    pub details: &'static str,
    pub conversation_details: &'static str,
    pub messages: &'static str,
    pub message: &'static str,
    pub send: &'static str,
    pub attach_file: &'static str,
    pub attach_later: &'static str,
    pub emoji: &'static str,
    pub message_actions: &'static str,
    pub copy: &'static str,
    pub copy_code: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub retry: &'static str,
    pub discard: &'static str,
    pub sending: &'static str,
    pub sent: &'static str,
    pub failed: &'static str,
    pub not_sent: fn(&str) -> String,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub new_messages: &'static str,
    pub jump_to_newest: &'static str,
    pub reactions: &'static str,
    pub recalled: &'static str,
    pub answers: fn(&str, &str) -> String,
    pub forwarded_from: fn(&str) -> String,
    pub react_with: fn(&str) -> String,
    pub reply: &'static str,
    pub reply_to: fn(&str) -> String,
    pub edit: &'static str,
    pub edit_message: &'static str,
    pub edited: &'static str,
    pub earlier_versions: &'static str,
    pub forward: &'static str,
    pub forward_to: &'static str,
    pub forwarded: &'static str,
    pub find_conversation: &'static str,
    pub no_conversation_found: &'static str,
    pub pin: &'static str,
    pub unpin: &'static str,
    pub pinned_message: &'static str,
    pub pinned_messages: &'static str,
    pub select: &'static str,
    pub chosen: fn(usize) -> String,
    pub recall: &'static str,
    pub recall_title: fn(usize) -> String,
    pub recall_text: &'static str,
    pub delete: &'static str,
    pub delete_for_me: &'static str,
    pub delete_for_me_title: fn(usize) -> String,
    pub delete_for_me_text: &'static str,
    pub jump_to_unread: &'static str,
    pub jump_to_date: &'static str,
    pub date: &'static str,
    pub go: &'static str,
    pub start_group: fn(&str) -> String,
    pub start_direct: fn(&str) -> String,
    pub joined: fn(&str) -> String,
    pub left: fn(&str) -> String,
    pub unknown_body: &'static str,
    pub offline_banner: &'static str,
    pub cannot_show: &'static str,
    pub characters_left: fn(i64) -> String,

    // Details.
    pub close: &'static str,
    pub members: &'static str,
    pub member_count: fn(u64) -> String,
    pub owner: &'static str,
    pub member_you: &'static str,
    pub invite_link: &'static str,
    pub invite_link_hint: fn(&str) -> String,
    pub revoke_link: &'static str,
    pub link_revoked: &'static str,
    pub leave_group: &'static str,
    pub leave_title: fn(&str) -> String,
    pub leave_text: &'static str,
    pub cancel: &'static str,

    // Search.

    // New message, new group, people.
    pub find_people: &'static str,
    pub find_hint: &'static str,
    pub people: &'static str,
    pub type_a_name: &'static str,
    pub type_a_name_text: &'static str,
    pub nobody_found: &'static str,
    pub nobody_found_text: &'static str,
    pub group_name: &'static str,
    pub group_type: &'static str,
    pub group_type_hint: &'static str,
    pub description: &'static str,
    pub create_group: &'static str,
    pub optional: &'static str,
    pub guest: &'static str,
    pub member_since: &'static str,
    pub profile: &'static str,
    pub write_to: &'static str,
    pub edit_profile: &'static str,

    // Settings.
    pub display_name: &'static str,
    pub age: &'static str,
    pub gender: &'static str,
    pub gender_of: fn(Gender) -> &'static str,
    pub signature: &'static str,
    pub save: &'static str,
    pub saved: &'static str,
    pub appearance: &'static str,
    pub language: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub this_device: &'static str,
    pub your_data: &'static str,
    pub export_text: &'static str,
    pub export_button: &'static str,
    pub delete_account: &'static str,
    pub delete_account_text: &'static str,
    pub delete_for_good: &'static str,
    pub account_deleted: &'static str,
    pub deleted_account: &'static str,
    pub sign_out: &'static str,
    pub keep_account: &'static str,
    pub keep_account_text: &'static str,
    pub keep_account_button: &'static str,
    pub account_kept: &'static str,

    // Elsewhere.
    pub nowhere: &'static str,
    pub nowhere_text: &'static str,
    pub notifications: &'static str,
    pub dismiss: &'static str,
    pub no_network: &'static str,
    pub wait_seconds: fn(u64) -> String,
    pub reject: fn(Code) -> &'static str,
}
