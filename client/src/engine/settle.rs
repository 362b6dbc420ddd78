//! What follows from the state: which links to hold, what to send over them, when to wake up.

use tideline_shared::ConversationId;
use tideline_shared::protocol::{AccountCommand, ConversationCommand};

use super::Engine;
use crate::calls::Purpose;
use crate::io::{Mirror, Output};
use crate::outbox::{Item, State};
use crate::sorted::{SortedSet, by_key};
use crate::step::Step;
use crate::view::View;
use crate::wire;

/// How long a link that was there to send stays, in milliseconds: whoever says something often
/// says more.
pub(crate) const LINGER_MS: u64 = 10_000;
/// How many conversations stay in memory that are neither on the screen nor linked.
const KEPT: usize = 8;

impl Engine {
    pub(super) fn settle(&mut self, step: &mut Step<'_>) {
        if self.over {
            return;
        }
        while let Some(mirror) = self.calls.overdue(step.now) {
            self.give_up(step, mirror, 0);
            // Nothing of that link is waited for, even should it have been gone already.
            self.calls.lose(mirror);
        }
        for mirror in self.links.tick(step) {
            self.lost(step, mirror);
        }
        if self.status.tick(step.now) {
            step.changed(View::Timeline);
        }
        self.end_typing(step, step.now);
        self.hold_links(step);
        self.greet(step);
        self.fit_window();
        self.pump_outbox(step);
        self.pump_alterations(step);
        self.note_what_is_read(step);
        self.pump_reads(step);
        self.pump_drafts(step);
        self.pump_received(step);
        self.pump_present(step);
        self.pump_typing(step);
        self.pump_fetches(step);
        self.release_rows();
        self.evict_surplus(step);
        self.ask_wake(step);
    }

    /// Something of this conversation changed.
    pub(super) fn changed(&mut self, step: &mut Step<'_>, id: ConversationId) {
        step.changed(View::Inbox);
        if self.is_shown(id) {
            step.changed(View::Timeline);
        }
    }

    /// The account always; conversations that are on the screen, that something is to be said to,
    /// or that something was said to a moment ago.
    fn hold_links(&mut self, step: &mut Step<'_>) {
        let needed = self.needed(step.now);
        let mut wanted = SortedSet::new();
        wanted.insert(Mirror::Account);
        for id in needed {
            let conversation = self.conversation(id);
            for prefix in conversation.load() {
                step.output(Output::Load { prefix });
            }
            if conversation.refused.is_none() {
                wanted.insert(Mirror::Conversation(id));
            }
        }
        for mirror in self.links.want(step, &wanted) {
            self.lost(step, mirror);
        }
    }

    /// A `hello` says what is held: the local store must have answered first.
    fn greet(&mut self, step: &mut Step<'_>) {
        if !self.unloaded.is_empty() {
            return;
        }
        for link in self.links.silent() {
            let held = match link.mirror {
                Mirror::Account => true,
                Mirror::Conversation(id) => self.conversation(id).is_held(),
            };
            if held {
                self.hello(step, link);
            }
        }
    }

    fn needed(&self, now: u64) -> SortedSet<ConversationId> {
        let shown = self.screen.as_ref().map(|screen| screen.conversation);
        let waiting = self.outbox.queues().map(|(id, _)| id);
        let waiting = waiting.filter(|&id| self.outbox.waiting(id).next().is_some());
        let lingering = self.conversations.iter().filter(|(_, c)| c.linger_until > now);
        let alterations = self.alterations.heads().into_iter().map(|(id, ..)| id);
        shown
            .into_iter()
            .chain(waiting)
            .chain(alterations)
            .chain(lingering.map(|(&id, _)| id))
            .collect()
    }

    fn fit_window(&mut self) {
        let follows = self.screen.as_ref().is_some_and(|screen| screen.at_end);
        self.move_window(|window, places| {
            window.fit(places, follows);
            0
        });
        let tail = self.shown().map_or(0, |conversation| conversation.history.tail());
        if follows
            && self.shows_newest()
            && let Some(screen) = &mut self.screen
        {
            screen.seen = tail;
        }
    }

    /// Sends the first message that waits in each conversation, once its files have arrived. One at a time:
    /// were the first put off and the second taken, they would stand in another order than they were written in.
    fn pump_outbox(&mut self, step: &mut Step<'_>) {
        let mut due = Vec::new();
        for (id, _) in self.outbox.queues() {
            let Some(link) = self.links.open(Mirror::Conversation(id)) else { continue };
            let Some((order, item)) = self.outbox.waiting(id).next() else { continue };
            let under_way =
                self.calls.any(|call| matches!(call, Purpose::Send(to, _) if *to == id));
            if !under_way
                && item.missing.is_empty()
                && matches!(item.state, State::Waiting { not_before, .. } if not_before <= step.now)
            {
                let reply_to = item.reply_to.as_ref().map(|quote| quote.seq);
                due.push((link, id, order.id, item.clone(), reply_to));
            }
        }
        let preview = self.account.previews();
        for (link, conversation, id, Item { text, files, .. }, reply_to) in due {
            let reference = self.calls.begin(step.now, link, Purpose::Send(conversation, id));
            let command = ConversationCommand::Send { id, text, reply_to, files, preview };
            step.output(Output::Send(link, wire::call(reference, command)));
        }
    }

    /// Says the first alteration that waits in each conversation, one at a time for the same reason.
    fn pump_alterations(&mut self, step: &mut Step<'_>) {
        let preview = self.account.previews();
        for (id, number, not_before) in self.alterations.heads() {
            let Some(link) = self.links.open(Mirror::Conversation(id)) else { continue };
            let under_way =
                self.calls.any(|call| matches!(call, Purpose::Alter(to, _) if *to == id));
            if !under_way
                && not_before <= step.now
                && let Some(command) = self.alterations.command(number, preview)
            {
                let reference = self.calls.begin(step.now, link, Purpose::Alter(id, number));
                step.output(Output::Send(link, wire::call(reference, command)));
            }
        }
    }

    /// Whoever sees the newest message has read it, also where the account has not heard of it yet.
    fn note_what_is_read(&mut self, step: &mut Step<'_>) {
        let Some(screen) = &self.screen else { return };
        let sees = self.visible && screen.at_end && screen.unread_decided && self.shows_newest();
        let tail = self.shown().map_or(0, |conversation| conversation.history.tail());
        let entry = self.account.entries.get(&screen.conversation);
        let is_news = entry.is_some_and(|entry| entry.read_seq < tail);
        if sees && is_news && self.reads.seen(step, screen.conversation, tail) {
            step.changed(View::Inbox);
        }
    }

    fn pump_reads(&mut self, step: &mut Step<'_>) {
        let Some(link) = self.links.open(Mirror::Account) else { return };
        let under_way = self.calls.any(|call| matches!(call, Purpose::Read(..)));
        if under_way || !self.account.cursor.in_step() {
            return;
        }
        if let Some((conversation, seq)) = self.reads.next(step.now, &self.account.entries) {
            let reference = self.calls.begin(step.now, link, Purpose::Read(conversation, seq));
            let command = AccountCommand::Read { conversation, seq };
            step.output(Output::Send(link, wire::call(reference, command)));
        }
    }

    /// What was typed last before this time is to be told.
    pub(super) fn end_typing(&mut self, step: &mut Step<'_>, before: u64) {
        if self.drafts.rest(before) {
            step.changed(View::Inbox);
        }
    }

    /// Tells the account what is being written, one draft at a time.
    fn pump_drafts(&mut self, step: &mut Step<'_>) {
        let Some(link) = self.links.open(Mirror::Account) else { return };
        let under_way = self.calls.any(|call| matches!(call, Purpose::Draft(..)));
        if under_way || !self.account.cursor.in_step() {
            return;
        }
        while let Some((conversation, text)) = self.drafts.next(step.now) {
            if self.account.draft(conversation) == text {
                self.drafts.told(step, conversation, &text);
                continue;
            }
            let purpose = Purpose::Draft(conversation, text.clone());
            let reference = self.calls.begin(step.now, link, purpose);
            let command = AccountCommand::Draft { conversation, text };
            step.output(Output::Send(link, wire::call(reference, command)));
            return;
        }
    }

    /// Lets the rows go of conversations that were on the screen long ago.
    fn release_rows(&mut self) {
        let idle = |(&id, conversation): (&ConversationId, &crate::conversation::Conversation)| {
            let free = conversation.is_held()
                && !self.is_shown(id)
                && !self.links.holds(Mirror::Conversation(id))
                && self.outbox.queue(id).is_none();
            free.then_some((conversation.shown_at, id))
        };
        let idle: Vec<_> = self.conversations.iter().filter_map(idle).collect();
        if idle.len() > KEPT {
            let surplus = idle.len() - KEPT;
            for (_, id) in by_key(idle, |idle| *idle).into_iter().take(surplus) {
                self.conversation(id).release();
            }
        }
    }

    /// Asks for one wake, for whatever is due first. An earlier one that is still to come does:
    /// it looks again.
    fn ask_wake(&mut self, step: &mut Step<'_>) {
        let now = step.now;
        let heads = self.outbox.queues().filter_map(|(id, _)| self.outbox.waiting(id).next());
        let put_off = heads.filter_map(|(_, item)| match item.state {
            State::Waiting { not_before, .. } => Some(not_before),
            _ => None,
        });
        let lingering = self.conversations.values().map(|conversation| conversation.linger_until);
        let alterations = self.alterations.heads().into_iter().map(|(.., not_before)| not_before);
        let later = put_off.chain(alterations).chain(lingering).filter(|&at| at > now);
        let reads = self.reads.deadline(&self.account.entries).filter(|&at| at > now);
        let due = later
            .chain(reads)
            .chain(self.drafts.deadline(now))
            .chain(self.status_deadline())
            .chain(self.links.deadline())
            .chain(self.calls.deadline())
            .chain(self.fetch_deadline(now))
            .min();
        let pending = self.wake.filter(|&at| at > now);
        if let Some(at) = due
            && pending.is_none_or(|pending| at < pending)
        {
            self.wake = Some(at);
            step.output(Output::WakeAt(at));
        }
    }
}
