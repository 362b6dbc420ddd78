//! What the local store answers.

use super::Engine;
use crate::keys::{self, Part};
use crate::step::Step;
use crate::view::View;

impl Engine {
    pub(super) fn loaded(&mut self, step: &mut Step<'_>, prefix: &str, rows: &[(String, String)]) {
        if let Some(at) = self.unloaded.iter().position(|unloaded| *unloaded == prefix) {
            self.unloaded.swap_remove(at);
            self.load_start(step, prefix, rows);
            if self.unloaded.is_empty() {
                self.started(step);
            }
            return;
        }
        let Some(part) = keys::part(prefix) else { return };
        let (Part::Members(id) | Part::Messages(id)) = part;
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        match part {
            Part::Members(_) => conversation.load_members(rows),
            Part::Messages(_) => conversation.load_messages(step, rows),
        }
        if conversation.is_held() {
            self.drop_what_was_said(step, id);
        }
        self.changed(step, id);
        if self.is_shown(id) {
            step.changed(View::Conversation);
        }
    }

    fn load_start(&mut self, step: &mut Step<'_>, prefix: &str, rows: &[(String, String)]) {
        // Each of them says something about the conversation on the screen.
        step.changed(View::Timeline);
        match prefix {
            keys::ACCOUNT => {
                step.changed(View::Profile);
                step.changed(View::People);
            }
            keys::CONVERSATIONS => step.changed(View::Conversation),
            _ => {}
        }
        match prefix {
            keys::ACCOUNT => self.account.load(rows),
            keys::ENTRIES => self.account.load_entries(rows),
            keys::HIDDEN => self.account.load_hidden(rows),
            keys::OUTBOX => self.outbox.load(step, rows),
            keys::ALTERATIONS => self.alterations.load(rows),
            keys::TYPED => self.drafts.load(rows),
            keys::READS => self.reads.load(rows),
            _ => {
                for (key, value) in rows {
                    if let Some(Ok(id)) = key.strip_prefix(keys::CONVERSATIONS).map(str::parse) {
                        self.conversation(id).load_head(value);
                    }
                }
            }
        }
    }

    /// Everything of the start is here.
    fn started(&mut self, step: &mut Step<'_>) {
        self.account.loaded();
        for entry in self.account.entries.values() {
            self.reads.confirm(step, entry);
        }
        self.decide_unread();
        self.evict_beyond(step, super::storing::STORED_CONVERSATIONS);
        step.changed(View::Inbox);
    }

    /// A message that the stored history holds may still be in the stored outbox, where another
    /// tab was told and this one was not.
    fn drop_what_was_said(&mut self, step: &mut Step<'_>, id: tideline_shared::ConversationId) {
        let Some(conversation) = self.conversations.get(&id) else { return };
        let queued = self.outbox.queue(id).into_iter().flatten();
        let held = queued.filter(|(order, _)| conversation.history.holds(order.id));
        let said: Vec<_> = held.map(|(order, _)| order.id).collect();
        for id in said {
            self.said(step, id);
        }
    }
}
