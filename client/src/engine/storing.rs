//! What the local store lets go of: what the service has, and what was said longest ago first.

use tideline_shared::ConversationId;
use tideline_shared::protocol::Entry;

use super::Engine;
use crate::io::Mirror;
use crate::keys;
use crate::step::Step;

/// So many conversations have messages in the local store: those that are pinned, and those in which something was
/// said last. With as many messages as each keeps that is some tens of megabytes at most.
pub(super) const STORED_CONVERSATIONS: usize = 50;

impl Engine {
    /// Lets go of all conversations but so many; what is in use stays, and so does what has something to say.
    pub(super) fn evict_beyond(&mut self, step: &mut Step<'_>, most: usize) {
        let entries = &self.account.entries;
        let rank = |entry: &Entry| (entry.kept.pinned, entry.last_at, entry.conversation);
        // Counting needs no sorting, whose code would be more than all of this.
        let ahead = |one: &Entry| entries.values().filter(|it| rank(it) > rank(one)).count();
        let old = entries.values().filter(|entry| ahead(entry) >= most);
        let old: Vec<_> = old.map(|entry| entry.conversation).collect();
        for id in old {
            self.evict(step, id);
        }
    }

    fn evict(&mut self, step: &mut Step<'_>, id: ConversationId) {
        let used = self.is_shown(id)
            || self.links.holds(Mirror::Conversation(id))
            || self.outbox.queue(id).is_some()
            || !self.alterations.in_conversation(id).is_empty();
        if !used {
            self.conversations.remove(&id);
            step.delete(keys::conversation(id));
            step.delete_all(keys::members(id));
            step.delete_all(keys::messages(id));
        }
    }
}
