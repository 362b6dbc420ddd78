//! What each thing that people do costs: measured from the real actors, kept in `costs.json`.
//!
//! `cargo xtask scale --measure` measures all of it again ([`crate::measure`]) and writes the file; a test
//! holds the file against the actors, so that no change of the service leaves the figures behind.

use serde::{Deserialize, Serialize};

use crate::count::Cost;

/// How far apart messages of one exchange are when they are measured, in milliseconds. Assumed: people
/// who answer each other. A conversation sleeps between two of them, as far as it may.
pub const GAP_MS: u64 = 15_000;
/// Bytes of the texts that are measured.
pub const TEXT_BYTES: usize = 60;

/// Costs of single events. Who *looks* has the conversation on the screen, who is *elsewhere* has the
/// app open on another one, who is *away* has it closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// A message to one person who looks: the message, its delivery to both accounts, received, read,
    /// and that shown to its author.
    pub direct_looking: Cost,
    /// The same, to somebody who is elsewhere: received, not read.
    pub direct_elsewhere: Cost,
    /// The same, to somebody who is away.
    pub direct_away: Cost,
    /// Messages that one person finds when they come back to a direct conversation, read at once.
    pub direct_read: Cost,
    /// A message to a group, without its members but for its author.
    pub group_message: Cost,
    /// For each member who looks: delivered, read, told.
    pub group_looking: Cost,
    /// For each member who is elsewhere.
    pub group_elsewhere: Cost,
    /// For each member who is away: the first message since they closed the app.
    pub group_away_first: Cost,
    /// For each member who is away: any further one.
    pub group_away_more: Cost,
    /// Messages that somebody finds when they come back to a group, read at once.
    pub group_read: Cost,
    /// The app is opened: the account's socket, what changed since, and that somebody is there.
    pub open_app: Cost,
    /// A minute in which the app is looked at.
    pub minute: Cost,
    /// A minute more in which it shows a direct conversation whose other person is there, too.
    pub watched_minute: Cost,
    /// Somebody says that they are there, on opening the app or each minute: for each person who looked
    /// at the direct conversation with them a moment ago.
    pub seen: Cost,
    /// A direct conversation comes on the screen, with nothing new.
    pub open_direct: Cost,
    /// A group comes on the screen, with nothing new.
    pub open_group: Cost,
    /// Somebody writes: told once in three seconds.
    pub typing: Cost,
    /// A reaction, by somebody who has the conversation on the screen.
    pub reaction: Cost,
    /// A conversation in which something changed tells the directory how much there is of it: once an
    /// hour at most.
    pub tally: Cost,
    /// A search of one conversation.
    pub search_one: Cost,
    /// A search of twelve conversations.
    pub search_twelve: Cost,
    /// A search of people: all shards of the directory. Rows read are those of an empty list.
    pub search_people: Cost,
    /// An account is made.
    pub register: Cost,
    /// Somebody signs in on a further device.
    pub sign_in: Cost,
    /// A direct conversation is begun.
    pub start_direct: Cost,
    /// Somebody comes into a group, without its members.
    pub join: Cost,
    /// For each member who hears of it.
    pub join_member: Cost,
    /// A new name: for each conversation that has to hear of it, of twelve people.
    pub rename: Cost,
    /// A file of one part is uploaded.
    pub upload: Cost,
    /// A file is fetched.
    pub download: Cost,
    /// How much is kept.
    pub bytes: Bytes,
}

/// What things take in storage, in bytes of database pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bytes {
    /// An account that has just been made.
    pub account: f64,
    /// A conversation in which nothing was said.
    pub conversation: f64,
    /// An account's entry for one more conversation.
    pub entry: f64,
    /// A message of [`TEXT_BYTES`] bytes, in its conversation, with its index for search.
    pub message: f64,
    /// The same message in one member's timeline, for as long as that holds it.
    pub delivered: f64,
}

impl Costs {
    /// The figures in `costs.json`.
    ///
    /// # Errors
    /// When the file does not hold them.
    pub fn kept() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../costs.json"))
    }

    /// Each figure, by the name it has in the file: `direct_looking.rows`.
    #[must_use]
    pub fn figures(&self) -> Vec<(String, f64)> {
        let all = serde_json::to_value(self).unwrap_or_default();
        let all = all.as_object().cloned().unwrap_or_default();
        let figures = all.iter().flat_map(|(event, figures)| {
            let figures = figures.as_object().cloned().unwrap_or_default();
            figures.into_iter().map(move |(name, figure)| {
                (format!("{event}.{name}"), figure.as_f64().unwrap_or_default())
            })
        });
        figures.collect()
    }
}
