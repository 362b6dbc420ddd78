//! What the local store lets go of: what the service has, and what was said longest ago first.

use tideline_shared::ConversationId;
use tideline_shared::protocol::Entry;

use super::Engine;
use crate::io::{Mirror, Output, Write};
use crate::keys;
use crate::step::Step;

/// So many conversations have messages in the local store: those that are pinned, and those in which something was
/// said last.
pub(super) const STORED_CONVERSATIONS: usize = 50;
/// And so many bytes of messages at most, as an estimate: a hundred thousand of them, mostly.
const STORED_BYTES: u64 = 32_000_000;

impl Engine {
    /// Lets go of all conversations but so many; what is in use stays, and so does what has something to say.
    pub(super) fn evict_beyond(&mut self, step: &mut Step<'_>, most: usize) {
        let entries = &self.account.entries;
        // Counting needs no sorting, whose code would be more than all of this.
        let ahead = |one: &Entry| entries.values().filter(|it| rank(it) > rank(one)).count();
        let old = entries.values().filter(|entry| ahead(entry) >= most);
        let old: Vec<_> = old.map(|entry| entry.conversation).collect();
        for id in old {
            self.evict(step, id);
        }
    }

    /// Lets go of what is too much now.
    pub(super) fn evict_surplus(&mut self, step: &mut Step<'_>) {
        if self.unloaded.is_empty() {
            self.evict_down_to(step, STORED_CONVERSATIONS, STORED_BYTES);
        }
    }

    /// The store is full: half of what it holds goes.
    pub(super) fn make_room(&mut self, step: &mut Step<'_>) {
        let (conversations, bytes) = self.stored();
        self.evict_down_to(step, conversations, bytes / 2);
    }

    /// The store does not take some rows. If there are words among them, the person is to know.
    pub(super) fn not_stored(&mut self, step: &mut Step<'_>, writes: &[Write]) {
        let is_own = |write: &Write| match write {
            Write::Put { key, .. } => [keys::OUTBOX, keys::ALTERATIONS, keys::TYPED]
                .iter()
                .any(|own| key.starts_with(own)),
            Write::Delete { .. } | Write::DeleteAll { .. } => false,
        };
        if !self.warned && writes.iter().any(is_own) {
            self.warned = true;
            step.output(Output::NotKept);
        }
    }

    /// How many conversations have messages in the store, and how many bytes that is.
    fn stored(&self) -> (usize, u64) {
        let sizes = self.conversations.values().map(|known| known.stored);
        sizes.filter(|&size| size > 0).fold((0, 0), |(n, all), size| (n + 1, all + size))
    }

    /// Lets go of the oldest conversations until no more than this is stored, or all is in use.
    fn evict_down_to(&mut self, step: &mut Step<'_>, conversations: usize, bytes: u64) {
        let (mut many, mut all) = self.stored();
        while many > conversations || all > bytes {
            let rank = |&(id, _): &(ConversationId, u64)| self.account.entries.get(&id).map(rank);
            let sizes = self.conversations.iter().map(|(&id, known)| (id, known.stored));
            let unused = sizes.filter(|&(id, size)| size > 0 && !self.is_used(id));
            let Some((oldest, size)) = unused.min_by_key(rank) else { return };
            self.evict(step, oldest);
            (many, all) = (many - 1, all - size);
        }
    }

    fn evict(&mut self, step: &mut Step<'_>, id: ConversationId) {
        if !self.is_used(id) {
            self.conversations.remove(&id);
            step.delete(keys::conversation(id));
            step.delete_all(keys::members(id));
            step.delete_all(keys::messages(id));
        }
    }

    fn is_used(&self, id: ConversationId) -> bool {
        self.is_shown(id)
            || self.links.holds(Mirror::Conversation(id))
            || self.outbox.queue(id).is_some()
            || !self.alterations.in_conversation(id).is_empty()
    }
}

/// The higher, the longer it stays.
fn rank(entry: &Entry) -> (bool, tideline_shared::Timestamp, ConversationId) {
    (entry.kept.pinned, entry.last_at, entry.conversation)
}
