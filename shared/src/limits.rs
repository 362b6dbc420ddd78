//! How long, how many, how large: every bound that both sides must agree on.
//!
//! Lengths of texts count Unicode scalar values, after the text was trimmed.

use std::ops::RangeInclusive;

/// Declares the limits, and the list of them by which a test holds `PROTOCOL.md` against what runs.
macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $of:ty = $value:expr;)*) => {
        $($(#[$doc])* pub const $name: $of = $value;)*

        /// Every limit, by name, with its value.
        #[must_use]
        pub fn all() -> Vec<(&'static str, String)> {
            vec![$((stringify!($name), format!("{:?}", $name)),)*]
        }
    };
}

limits! {
    /// Characters in a message.
    MESSAGE_CHARS: usize = 8_000;
    /// Mentions that one message holds; who else is named in it is not told so.
    MESSAGE_MENTIONS: usize = 50;
    /// Characters in a display name.
    DISPLAY_NAME_CHARS: usize = 48;
    /// Fewest and most characters in a user name.
    USER_NAME_CHARS: RangeInclusive<usize> = 2..=32;
    /// Fewest and most characters in a password. The upper bound keeps hashing cheap.
    PASSWORD_CHARS: RangeInclusive<usize> = 8..=256;
    /// Characters in a personal signature.
    SIGNATURE_CHARS: usize = 160;
    /// Characters in a note on somebody.
    NOTE_CHARS: usize = 500;
    /// Ages a profile may state, in years.
    AGE_YEARS: RangeInclusive<u8> = 1..=150;
    /// Characters in a group's name.
    GROUP_NAME_CHARS: usize = 64;
    /// Characters in a group's type.
    GROUP_TYPE_CHARS: usize = 32;
    /// Characters in a group's description.
    GROUP_DESCRIPTION_CHARS: usize = 500;
    /// Characters in what somebody searches for.
    QUERY_CHARS: usize = 200;
    /// Characters of a message that an inbox entry's preview keeps.
    PREVIEW_CHARS: usize = 140;

    /// Bytes in the address that a push service gives a device.
    ENDPOINT_BYTES: usize = 2_048;

    /// Bytes in a file.
    FILE_BYTES: u64 = 25_000_000;
    /// Bytes in each part of a file but the last, in which it is uploaded.
    PART_BYTES: u64 = 2_500_000;
    /// Bytes in the thumbnail of a picture.
    THUMB_BYTES: usize = 150_000;
    /// Pixels that it is wide or high at most.
    THUMB_SIDE: u32 = 720;
    /// Files of one message, and of all the messages of one `forward`.
    MESSAGE_FILES: usize = 10;
    /// Files that one person uploaded to one conversation and did not send yet.
    UNSENT_FILES: usize = 50;
    /// For so long a file that was uploaded waits to be sent, in milliseconds (24 hours).
    UNSENT_MS: u64 = 24 * 60 * 60 * 1_000;
    /// Characters in a file's name.
    FILE_NAME_CHARS: usize = 200;
    /// Pixels that a picture is wide or high at most.
    IMAGE_PIXELS: u32 = 100_000;
    /// Bytes in the picture of a person or a group: as in any other request.
    AVATAR_BYTES: usize = FRAME_BYTES;
    /// Pixels that it is wide, and high, at most.
    AVATAR_PIXELS: usize = 512;
    /// Pixels that devices make it wide, and high.
    AVATAR_SIDE: u32 = 256;
    /// Hexadecimal digits in what stands for a picture until it has come.
    BLUR_DIGITS: usize = 96;
    /// Steps in the waveform of a voice message.
    WAVEFORM: usize = 100;

    /// Characters of a page's title on its card.
    CARD_TITLE_CHARS: usize = 120;
    /// Characters of a site's name on a card.
    CARD_SITE_CHARS: usize = 60;
    /// Characters of a page's description on its card.
    CARD_DESCRIPTION_CHARS: usize = 240;

    /// Messages that one `forward` carries at most.
    FORWARDED_MESSAGES: usize = 50;
    /// Messages that one `hide` hides at most.
    HIDDEN_MESSAGES: usize = 100;
    /// Conversations on top of somebody's list.
    PINNED_CONVERSATIONS: usize = 20;
    /// The longest time for which something is muted but for good: a year, in seconds.
    LONGEST_MUTE_S: u64 = 366 * 24 * 60 * 60;
    /// Earlier words that are kept of a message, besides its first ones.
    EARLIER_WORDS: u64 = 50;
    /// Pinned messages of a conversation.
    PINNED_MESSAGES: usize = 100;
    /// Different emoji under one message.
    REACTIONS: usize = 20;
    /// For so long after it was stored, an author may take a message back, in milliseconds (48 hours).
    /// Who leads a group may at any time.
    RECALL_MS: u64 = 48 * 60 * 60 * 1_000;
    /// Bytes in one frame or one request body. 8,000 characters of text fit even when each is escaped.
    FRAME_BYTES: usize = 64 * 1024;
    /// Most bytes that are sent to a device since it was last heard of. One that is behind by more is
    /// cut off: it comes back, when it can, and asks for what changed.
    UNREAD_BYTES: usize = 4 * 1024 * 1024;
    /// Most messages that one `history` answer holds, and that a newest page brings.
    PAGE_MESSAGES: u32 = 50;
    /// Most changed rows that a resync brings; a device further behind gets a reset.
    RESYNC_ROWS: usize = 1_000;
    /// Most rows in one frame of a resync.
    PAGE_ROWS: usize = 200;
    /// People that one `find` brings at most.
    FOUND_PEOPLE: usize = 20;
    /// Conversations that one search looks into at most.
    SEARCHED_CONVERSATIONS: usize = 50;
    /// People whose messages one search brings at most, where it brings those of some only.
    SEARCHED_AUTHORS: usize = 16;
    /// Messages that a search of one conversation brings at most.
    FOUND_MESSAGES: usize = 20;
    /// Messages that a search of several conversations brings of each at most.
    FOUND_EACH: usize = 3;
    /// Public groups that a search brings at most.
    FOUND_GROUPS: usize = 20;
    /// Most characters of what everybody is told.
    ANNOUNCEMENT_CHARS: usize = 500;
    /// Rows that one page of the administration holds at most.
    ADMIN_ROWS: usize = 50;
    /// How often a conversation tells how much there is of it at most, in milliseconds (an hour).
    TALLY_MS: u64 = 60 * 60 * 1_000;
    /// Days of which the administration shows how much came.
    FIGURE_DAYS: usize = 30;
    /// People whom one person may block.
    BLOCKS: usize = 1_000;
    /// People in one person's contacts, with those who ask and are asked.
    CONTACTS: usize = 2_000;
    /// Members a group may have.
    GROUP_MEMBERS: usize = 1_000;
    /// People who may be banned from one group.
    GROUP_BANS: usize = 1_000;
    /// Invite links of one group that are in force at a time.
    GROUP_INVITES: usize = 20;
    /// People who may ask to come into one group at a time.
    GROUP_REQUESTS: usize = 100;
    /// Fewest and most people that an invite link may be limited to.
    INVITE_USES: RangeInclusive<u64> = 1..=1_000;
    /// For how long somebody is taken to be there after their device said so, in milliseconds.
    PRESENT_MS: u64 = 100_000;
    /// How often a device that is there says so again, in milliseconds.
    PRESENT_EVERY_MS: u64 = 60_000;
    /// How often somebody who writes says so, in milliseconds.
    TYPING_EVERY_MS: u64 = 3_000;
    /// For how long somebody is taken to write after they said so, in milliseconds.
    TYPING_MS: u64 = 6_000;
}

/// The protocol that this program speaks. Raised when an older device could not go on.
pub const PROTOCOL: u32 = 1;
/// The oldest protocol that the service understands; older devices get `upgrade_required`.
pub const OLDEST_PROTOCOL: u32 = 1;

/// What a device sends on a silent socket, and what the service answers without waking.
pub const PING: &str = "ping";
/// The answer to [`PING`].
pub const PONG: &str = "pong";
