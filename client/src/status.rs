//! What passes: who is writing, and whether somebody is there. Nothing of it is stored.

use tideline_shared::protocol::Presence;
use tideline_shared::{ConversationId, Timestamp, UserId, limits};

use crate::sorted::SortedMap;

/// As told by others, and what this device told last.
#[derive(Debug, Default)]
pub(crate) struct Status {
    /// Until when somebody is taken to write, by the device's clock.
    typing: SortedMap<(ConversationId, UserId), u64>,
    /// Until when somebody is taken to be there, and when they were last.
    presence: SortedMap<UserId, (u64, Option<Timestamp>)>,
    /// Where and when this person typed last what the others were not told of yet.
    pub(crate) typed: Option<(ConversationId, u64)>,
    /// When this device told last that they write, and where.
    pub(crate) wrote: Option<(ConversationId, u64)>,
    /// Until when the person is taken to look at another of their devices.
    elsewhere: u64,
    /// When this device said last that it is looked at, and whom it watches.
    pub(crate) told: Option<(u64, Option<UserId>)>,
}

impl Status {
    pub(crate) fn types(&mut self, now: u64, conversation: ConversationId, user: UserId) {
        self.typing.insert((conversation, user), now + limits::TYPING_MS);
    }

    /// Somebody's message is there: they do not write it any more.
    pub(crate) fn said(&mut self, conversation: ConversationId, user: UserId) {
        self.typing.remove(&(conversation, user));
    }

    pub(crate) fn is(&mut self, now: u64, presence: Presence) {
        let Presence { user, online_ms, last_seen } = presence;
        let until = online_ms.map_or(0, |ms| now.saturating_add(ms));
        self.presence.insert(user, (until, last_seen));
    }

    pub(crate) fn looks_elsewhere(&mut self, now: u64, looked_ms: Option<u64>) {
        self.elsewhere = looked_ms.map_or(0, |ms| now.saturating_add(ms));
    }

    /// Whether the person looks at another of their devices.
    pub(crate) fn is_elsewhere(&self, now: u64) -> bool {
        now < self.elsewhere
    }

    /// Who is writing.
    pub(crate) fn typists(&self, conversation: ConversationId) -> impl Iterator<Item = UserId> {
        let here = self.typing.iter().filter(move |((place, _), _)| *place == conversation);
        here.map(|((_, user), _)| *user)
    }

    /// Whether somebody is there, and when they were last.
    pub(crate) fn presence(&self, user: UserId) -> Option<(bool, Option<Timestamp>)> {
        self.presence.get(&user).map(|(until, last_seen)| (*until > 0, *last_seen))
    }

    /// Forgets what is over; whether anything was.
    pub(crate) fn tick(&mut self, now: u64) -> bool {
        let mut over = false;
        self.typing.retain(|_, until| {
            over |= *until <= now;
            *until > now
        });
        for (until, _) in self.presence.values_mut().filter(|(until, _)| (1..=now).contains(until))
        {
            *until = 0;
            over = true;
        }
        over
    }

    /// When the next of it is over.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let there = self.presence.values().map(|(until, _)| *until).filter(|&until| until > 0);
        self.typing.values().copied().chain(there).min()
    }

    /// The link is gone: what was told over it may be over, and has to be said again.
    pub(crate) fn lost(&mut self) {
        self.presence.clear();
        self.elsewhere = 0;
        self.told = None;
    }

    /// The same, of a conversation's.
    pub(crate) fn lost_in(&mut self, conversation: ConversationId) {
        self.typing.retain(|(place, _), _| *place != conversation);
    }
}
