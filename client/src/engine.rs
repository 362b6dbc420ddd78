//! The engine: one `handle`, and the views.

use tideline_shared::protocol::Record;
use tideline_shared::{Profile, Random, UserId};

use crate::io::{Input, Output};
use crate::view::{Connection, InboxItem, MemberItem, Timeline};

/// A device's half of Tideline, for one signed-in account.
pub struct Engine {}

impl Engine {
    /// An engine for the account `me` that knows nothing yet. The first [`Output`]s (to load what
    /// the local store holds, and to connect) come from the first call of [`Engine::start`].
    #[must_use]
    pub fn new(me: UserId) -> Self {
        let _ = me;
        Self {}
    }

    /// Begins: loads the local store, connects.
    pub fn start(&mut self, now: u64, random: Random<'_>) -> Vec<Output> {
        let _ = (now, random);
        Vec::new()
    }

    /// Takes in what happened and says what to do. `now` is the device's clock in milliseconds
    /// since 1970; only its differences count, but for the time shown on messages that wait.
    pub fn handle(&mut self, now: u64, random: Random<'_>, input: Input) -> Vec<Output> {
        let _ = (now, random, input);
        Vec::new()
    }

    /// Whether the device is in step.
    #[must_use]
    pub fn connection(&self) -> Connection {
        Connection::Connecting
    }

    /// The person's own profile, once known.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        None
    }

    /// The list, newest first; none while nothing is known yet.
    #[must_use]
    pub fn inbox(&self) -> Option<Vec<InboxItem>> {
        None
    }

    /// The window of the conversation on the screen.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        Timeline::default()
    }

    /// What the conversation on the screen is, once known.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        None
    }

    /// Who is in the conversation on the screen: this person first, then by name.
    #[must_use]
    pub fn members(&self) -> Vec<MemberItem> {
        Vec::new()
    }
}
