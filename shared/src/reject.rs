//! What can be refused, and the stable code of each refusal.

use serde::{Deserialize, Serialize};

/// A refusal: for the person who asked. It has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.code.sentence())]
pub struct Reject {
    /// What is wrong.
    pub code: Code,
    /// With `rate_limited`: milliseconds after which the same request may go through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Reject {
    /// A refusal with this code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, retry_after_ms: None }
    }

    /// Too much, too soon: ask again after `ms` milliseconds.
    #[must_use]
    pub fn rate_limited(ms: u64) -> Self {
        Self { code: Code::RateLimited, retry_after_ms: Some(ms) }
    }
}

impl From<Code> for Reject {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// Declares the codes with their HTTP status and their sentence in English.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $wire:literal $status:literal $sentence:literal)*) => {
        /// The stable name of what went wrong. On the wire it is the snake_case word of each
        /// variant; codes are only ever added.
        // Through `as_str`, which is a table: derived, each direction was two kilobytes of a browser's first load.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "&str")]
        pub enum Code {
            $(#[doc = $sentence] $(#[$doc])* $name,)*
            /// A code that this program is too old to know.
            Unknown,
        }

        impl Code {
            /// Every code that the service sends, in the order of `PROTOCOL.md`.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// What to tell an English reader who has no words of their own for it.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)*
                    Self::Unknown => "That did not work. Reload the page and try again.",
                }
            }
        }
    };
}

impl From<Code> for &str {
    fn from(code: Code) -> Self {
        code.as_str()
    }
}

impl From<String> for Code {
    fn from(word: String) -> Self {
        let known = Self::ALL.iter().copied().find(|code| code.as_str() == word);
        known.unwrap_or(Self::Unknown)
    }
}

codes! {
    // The request itself.
    Malformed "malformed" 400 "The request is not valid JSON of the documented form."
    NotText "not_text" 400 "The request is not UTF-8 text."
    TooLarge "too_large" 413 "The request is larger than 64 KiB."
    UnknownType "unknown_type" 400 "The service does not know this type of request."
    UnknownRoute "unknown_route" 404 "There is nothing at this address."
    ForeignOrigin "foreign_origin" 403 "The request comes from another site."
    UpgradeRequired "upgrade_required" 426 "This page is from an older version. Reload it."

    RateLimited "rate_limited" 429 "That was a bit too fast. Wait a moment and try again."
    Internal "internal" 500 "Something went wrong on our side. Try again in a moment."

    // Who is asking.
    SignedOut "signed_out" 401 "Sign in first."
    SessionEnded "session_ended" 401 "This session has ended. Sign in again."
    WrongCredentials "wrong_credentials" 401 "The user name or the password is wrong."
    UserNameTaken "user_name_taken" 409 "This user name is taken. Choose another."
    AlreadyRegistered "already_registered" 409 "This account has a user name and a password already."
    NoPassword "no_password" 409 "This account has no password yet. Choose a user name and a password first."
    AccountBanned "account_banned" 403 "This account was banned. Ask whoever runs this service."
    InvitedOnly "invited_only" 403 "New people come by an invite link only. Ask somebody here for one."
    RegistrationClosed "registration_closed" 403 "This service takes nobody new at the moment."
    UnknownSession "unknown_session" 404 "This session is not there any more."
    InvalidSubscription "invalid_subscription" 422 "This browser cannot be notified. Try another one."

    // Names and other texts.
    UserNameTooShort "user_name_too_short" 422 "A user name has at least 2 characters."
    UserNameTooLong "user_name_too_long" 422 "A user name has at most 32 characters."
    UserNameBadCharacter "user_name_bad_character" 422 "A user name has only letters, digits, dots, hyphens and underscores."
    PasswordTooShort "password_too_short" 422 "A password has at least 8 characters."
    PasswordTooLong "password_too_long" 422 "A password has at most 256 characters."
    DisplayNameEmpty "display_name_empty" 422 "Enter a name that can be seen."
    DisplayNameTooLong "display_name_too_long" 422 "A display name has at most 48 characters."
    SignatureTooLong "signature_too_long" 422 "A signature has at most 160 characters."
    AgeOutOfRange "age_out_of_range" 422 "An age is a number from 1 to 150."
    NicknameTooLong "nickname_too_long" 422 "A nickname has at most 48 characters."
    NoteTooLong "note_too_long" 422 "A note has at most 500 characters."
    GroupNameEmpty "group_name_empty" 422 "Give the group a name that can be seen."
    GroupNameTooLong "group_name_too_long" 422 "A group's name has at most 64 characters."
    GroupTypeTooLong "group_type_too_long" 422 "A group's type has at most 32 characters."
    GroupDescriptionTooLong "group_description_too_long" 422 "A group's description has at most 500 characters."
    QueryEmpty "query_empty" 422 "Type what to look for."
    QueryTooLong "query_too_long" 422 "Search for at most 200 characters."
    FilterEmpty "filter_empty" 422 "Say what the filter is for, as in from:ana."
    FilterBadDate "filter_bad_date" 422 "Write the day as year-month-day, as in after:2026-11-23."
    FilterBadKind "filter_bad_kind" 422 "Look for has:image, has:file, has:link or has:voice."

    TooManyPlaces "too_many_places" 422 "Search one to 50 conversations at a time, and go on in one only."

    // People and conversations.
    UnknownPerson "unknown_person" 404 "There is nobody with this name."
    PersonGone "person_gone" 410 "This account was deleted. Nobody would read your message."
    Yourself "yourself" 422 "This is about other people only."
    BlockedByYou "blocked_by_you" 403 "You blocked this person. Unblock them to write."
    TooManyBlocks "too_many_blocks" 409 "You have blocked too many people. Unblock somebody first."
    NoRequest "no_request" 404 "This person does not ask for you any more."
    TooManyContacts "too_many_contacts" 409 "Your contacts are full. Remove somebody first."
    AnnouncementEmpty "announcement_empty" 422 "Write what everybody is to be told."
    AnnouncementTooLong "announcement_too_long" 422 "An announcement has at most 500 characters."
    UnknownReport "unknown_report" 404 "There is no such report."
    UnknownConversation "unknown_conversation" 404 "This conversation does not exist."
    NotAMember "not_a_member" 403 "You are not in this conversation."
    NotAllowed "not_allowed" 403 "You may not do this here."
    ConversationExists "conversation_exists" 409 "There is another conversation with this id."
    NotAGroup "not_a_group" 422 "This works in groups only."
    GroupFull "group_full" 409 "This group is full."
    NotInGroup "not_in_group" 404 "This person is not in this group."
    WrongRole "wrong_role" 422 "Somebody can be made an admin or a member."
    Muted "muted" 403 "You were muted here: you can read, but not write."
    MuteLength "mute_length" 422 "Somebody is muted for a time from one second to one year, or for good."
    NoJoinRequest "no_join_request" 404 "This person does not ask to come in any more."
    TooManyRequests "too_many_requests" 409 "Too many people ask to come in already. Try again later."
    AnnouncementsOnly "announcements_only" 403 "Only the owner and admins write here."
    Banned "banned" 403 "You cannot come into this group."
    TooManyBans "too_many_bans" 409 "Too many people are banned from this group. Let somebody in again first."

    // Messages.
    MessageEmpty "message_empty" 422 "Write something first."
    MessageTooLong "message_too_long" 422 "A message has at most 8,000 characters."
    MessageIdReused "message_id_reused" 409 "Another message has this id already."
    UnknownMessage "unknown_message" 404 "There is no such message here."
    MessageRecalled "message_recalled" 409 "This message was recalled."
    NotTheAuthor "not_the_author" 403 "Only its author can change a message."
    TooLate "too_late" 409 "Messages can be recalled for 48 hours after they were sent."
    ReceiptsHidden "receipts_hidden" 403 "You hide what you read. Share it in the settings to see what others read."
    NotAnEmoji "not_an_emoji" 422 "A reaction is one emoji."
    TooManyReactions "too_many_reactions" 409 "There are too many different reactions already."
    TooManyPins "too_many_pins" 409 "Too many messages are pinned already. Unpin one first."
    TooManyMessages "too_many_messages" 422 "These are too many messages at once."

    // Files.
    FileEmpty "file_empty" 422 "An empty file cannot be sent."
    FileTooLarge "file_too_large" 413 "A file has at most 25 MB."
    FileOverLimit "file_over_limit" 413 "Files that large are not taken here. Send a smaller one."
    StorageFull "storage_full" 409 "The files of this conversation have no more room. Recall some first."
    FileNameBad "file_name_bad" 422 "A file has a name of 1 to 200 characters."
    TooManyFiles "too_many_files" 422 "At most 10 files can be sent at once."
    TooManyUploads "too_many_uploads" 409 "Too many files wait to be sent. Send some of them first."
    NotAPicture "not_a_picture" 422 "This cannot be used as a picture. Choose another."
    UnknownFile "unknown_file" 404 "This file is not here."
    FileIncomplete "file_incomplete" 409 "This file has not arrived completely. Try again."

    // Invites.
    InviteUnknown "invite_unknown" 404 "This invite link does not work. Ask for a new one."
    InviteExpired "invite_expired" 410 "This invite link has expired. Ask for a new one."
    InviteRevoked "invite_revoked" 410 "This invite link was withdrawn. Ask for a new one."
    InviteUsedUp "invite_used_up" 410 "This invite link was used up. Ask for a new one."
    InviteLifetime "invite_lifetime" 422 "An invite link lasts from one second to one year, or for good."
    InviteUses "invite_uses" 422 "An invite link is for one to 1,000 people, or for any number."
    TooManyInvites "too_many_invites" 409 "This group has many invite links already. Withdraw one first."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_written() {
        for &code in Code::ALL {
            let wire = serde_json::to_string(&code).expect("writes");
            assert_eq!(wire, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<Code>(&wire).expect("reads"), code);
        }
    }

    #[test]
    fn a_code_from_the_future_is_unknown_not_an_error() {
        assert_eq!(serde_json::from_str::<Code>("\"brand_new\"").expect("reads"), Code::Unknown);
    }

    #[test]
    fn every_sentence_is_one() {
        for &code in Code::ALL {
            assert!(code.sentence().ends_with('.'), "{code:?}");
            assert!((400..=500).contains(&code.status()), "{code:?}");
        }
    }
}
