//! What is said: a message, what it holds, and what becomes of it.

use serde::{Deserialize, Serialize};

use super::file::File;
use super::tagged::read_tagged;
use crate::search::Has;
use crate::{MessageId, Timestamp, UserId};

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Made by the author's device.
    pub id: MessageId,
    /// The place in the order: gapless from 1, never changes.
    pub seq: u64,
    /// The conversation's version that changed this message last.
    pub version: u64,
    /// Who said it.
    pub author: UserId,
    /// When it was stored.
    pub at: Timestamp,
    /// What was said.
    pub body: Body,
    /// Whom it means, of those who were there when it got its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// It means everybody (`@all`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// Who said it first, somewhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// When its words were changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was pinned, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
    /// In the order in which each emoji came first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// What the page says of itself that its first link leads to, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

impl Message {
    /// A message that was said this moment, and nothing happened to since.
    #[must_use]
    pub fn new(
        id: MessageId,
        seq: u64,
        version: u64,
        author: UserId,
        at: Timestamp,
        body: Body,
    ) -> Self {
        Self {
            id,
            seq,
            version,
            author,
            at,
            body,
            mentions: Vec::new(),
            mentions_all: false,
            reply_to: None,
            forwarded: None,
            edited_at: None,
            pinned_at: None,
            reactions: Vec::new(),
            card: None,
        }
    }
}

/// What a message holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Body {
    /// Words.
    Text {
        /// Trimmed, line breaks as `\n`.
        text: String,
    },
    /// Files, perhaps with words.
    Files {
        /// As that of [`Body::Text`]; may be empty.
        text: String,
        /// One to [`crate::limits::MESSAGE_FILES`], in the order in which they were added.
        files: Vec<File>,
    },
    /// Nothing any more: it was taken back.
    Recalled {
        /// By whom: its author, or somebody who leads the group.
        by: UserId,
    },
    /// Something that was said to a person while they had blocked its author: they get its place in
    /// the order and nothing else, for good. It is not shown, and counts as nothing.
    Withheld,
    /// A body that this program is too old to show.
    Unknown,
}

read_tagged!(Body {
    "text" => Text { text: String },
    "files" => Files { text: String, files: Vec<File> },
    "recalled" => Recalled { by: UserId },
    "withheld" => Withheld,
});

impl Body {
    /// The words, where there are any.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text } | Self::Files { text, .. } => Some(text),
            Self::Recalled { .. } | Self::Withheld | Self::Unknown => None,
        }
    }

    /// The files; none in most messages.
    #[must_use]
    pub fn files(&self) -> &[File] {
        match self {
            Self::Files { files, .. } => files,
            _ => &[],
        }
    }

    /// What stands for it where there are no words: what its first file is.
    #[must_use]
    pub fn holds(&self) -> Option<Has> {
        self.files().first().map(File::kind)
    }

    /// Whether it was taken back.
    #[must_use]
    pub fn is_recalled(&self) -> bool {
        matches!(self, Self::Recalled { .. })
    }
}

/// What a message answers, as that is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The place of the message that is answered.
    pub seq: u64,
    /// Who said it.
    pub author: UserId,
    /// Its first [`crate::limits::PREVIEW_CHARS`] characters, line breaks as spaces; none when it
    /// was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What its first file is, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Has>,
}

/// Somebody whom a message means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Who.
    pub user: UserId,
    /// How they are called there: what is written behind the `@`.
    pub name: String,
}

/// What a page says of itself, in up to three lines: its title, what its site is called, what it is about.
/// These are words of strangers, cleaned and cut; the second and the third may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Card(String);

impl Card {
    /// A card with these words, each on one line.
    #[must_use]
    pub fn new(title: &str, site: &str, about: &str) -> Self {
        Self(format!("{title}\n{site}\n{about}").trim_end().to_owned())
    }

    /// Title, site and description; see [`crate::limits::CARD_TITLE_CHARS`] and its neighbours.
    #[must_use]
    pub fn lines(&self) -> [&str; 3] {
        let mut lines = self.0.splitn(3, '\n');
        [(); 3].map(|()| lines.next().unwrap_or_default())
    }
}

/// Where forwarded words come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Who said them first.
    pub author: UserId,
    /// Their display name when they were forwarded.
    pub author_name: String,
}

/// An emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// Whose, in the order in which they reacted.
    pub users: Vec<UserId>,
}

/// What a message said for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Since when.
    pub at: Timestamp,
    /// What.
    pub text: String,
}
