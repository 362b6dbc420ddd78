//! How a device hears of what comes while the app is closed there (Web Push).

use serde::{Deserialize, Serialize};

use crate::ConversationId;
use crate::search::Has;

/// Where a device is told of what comes while the app is closed there (RFC 8030), and how so that nobody
/// else can read it (RFC 8291).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The address that the push service gave it; at most [`crate::limits::ENDPOINT_BYTES`].
    pub endpoint: String,
    /// Its public key: a point of P-256, uncompressed, as base64url.
    pub key: String,
    /// Its secret: 16 bytes, as base64url.
    pub secret: String,
    /// Whether notices say what was written.
    #[serde(default)]
    pub words: bool,
}

/// Addresses and secrets stay out of logs.
impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subscription(words: {})", self.words)
    }
}

/// What a device is told, encrypted for it alone. `frontend/sw.js` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Where something came.
    pub conversation: ConversationId,
    /// What that is called for this person; nothing for their own notes.
    pub title: String,
    /// How much is unread in all conversations, as the app counts it on its icon.
    pub unread: u64,
    /// In a group: who wrote it. With this and the next two, only where the device asked for words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// What was written, as in a [`super::Preview`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What its first file is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Has>,
}
