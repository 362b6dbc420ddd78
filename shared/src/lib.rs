//! The language that both sides of Tideline speak: ids, times, the texts that people write, the
//! codes of what can go wrong, and every frame of the wire.
//!
//! This crate is pure: it reads no clock, draws no randomness, opens nothing. What it says about a
//! value (how long a name may be, what an empty message is) holds in the service and in the browser
//! alike, because both compile these lines.

mod emoji;
mod id;
mod profile;
mod random;
mod reject;
mod text;
mod time;

pub mod limits;
pub mod markup;
pub mod protocol;
pub mod rights;
pub mod search;

pub use emoji::{is_emoji, only_emoji};
pub use id::{ConversationId, FileId, IdError, InviteToken, MessageId, SessionId, UserId};
pub use profile::{Age, Gender, Person, Profile};
pub use random::Random;
pub use reject::{Code, Reject};
pub use text::{
    AnnouncementText, Caption, DisplayName, FileName, GroupDescription, GroupName, GroupType,
    MessageText, Nickname, Note, Password, Query, Signature, TextError, UserName, lower, one_line,
};
pub use time::Timestamp;
