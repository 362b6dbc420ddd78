//! Receipts, typing and presence: what this device tells, and what it hears.

use tideline_shared::protocol::{
    AccountCommand, AccountRow, ConversationCommand, ConversationRow, Elsewhere, Entry,
};
use tideline_shared::{ConversationId, Timestamp, UserId, limits};

use super::Engine;
use crate::calls::Purpose;
use crate::io::{Mirror, Output};
use crate::step::Step;
use crate::view::View;
use crate::wire;

impl Engine {
    /// Tells the service which messages came, one conversation at a time. What is about to be told as
    /// read is not told as received.
    pub(super) fn pump_received(&mut self, step: &mut Step<'_>) {
        let under_way = self.calls.any(|call| matches!(call, Purpose::Received(..)));
        if under_way || self.received.is_empty() || !self.account.cursor.in_step() {
            return;
        }
        let (reads, entries) = (&self.reads, &self.account.entries);
        self.received.retain(|id, seq| {
            entries.get(id).is_some_and(|entry| entry.read_seq < *seq && !reads.covers(entry))
        });
        let next = self.received.iter().next().map(|(&id, &seq)| (id, seq));
        if let Some((conversation, seq)) = next {
            let command = AccountCommand::Received { conversation, seq };
            if self.tell_account(step, Purpose::Received(conversation, seq), command) {
                self.received.remove(&conversation);
            }
        }
    }

    /// Says that the person sees the app, now and then while they do, and once when they do not any
    /// more: the account keeps from others what they hide, and their other devices quiet.
    pub(super) fn pump_present(&mut self, step: &mut Step<'_>) {
        let watching = self.watched();
        let (now, told) = (step.now, self.status.told);
        let away = !self.visible;
        let due = match told {
            None => !away,
            Some(_) if away => true,
            Some((at, whom)) => {
                now >= at + limits::PRESENT_EVERY_MS || watching.is_some_and(|_| watching != whom)
            }
        };
        let command = AccountCommand::Present { away, watching: watching.filter(|_| !away) };
        if due && self.account.cursor.in_step() && self.tell_account(step, Purpose::Signal, command)
        {
            self.status.told = (!away).then_some((now, watching));
        }
    }

    fn tell_account(
        &mut self,
        step: &mut Step<'_>,
        purpose: Purpose,
        command: AccountCommand,
    ) -> bool {
        let Some(link) = self.links.open(Mirror::Account) else { return false };
        let reference = self.calls.begin(step.now, link, purpose);
        step.output(Output::Send(link, wire::call(reference, command)));
        true
    }

    /// This person types in the conversation on the screen.
    pub(super) fn typed(&mut self, step: &mut Step<'_>) {
        let Some(id) = self.screen.as_ref().map(|screen| screen.conversation) else { return };
        let again = self.status.wrote.is_none_or(|(place, at)| {
            place != id || step.now.saturating_sub(at) >= limits::TYPING_EVERY_MS
        });
        if again {
            self.status.typed = Some((id, step.now));
        }
    }

    /// Tells that this person writes, unless they hide it: once the conversation is in step, which
    /// may be a moment after the first key.
    pub(super) fn pump_typing(&mut self, step: &mut Step<'_>) {
        let Some((id, at)) = self.status.typed else { return };
        let over = step.now.saturating_sub(at) >= limits::TYPING_EVERY_MS;
        if over || !self.is_shown(id) || self.account.settings.hides_presence {
            self.status.typed = None;
            return;
        }
        let in_step = self.shown().is_some_and(|conversation| conversation.cursor.in_step());
        if let Some(link) = self.links.open(Mirror::Conversation(id)).filter(|_| in_step) {
            self.status.typed = None;
            self.status.wrote = Some((id, step.now));
            let reference = self.calls.begin(step.now, link, Purpose::Signal);
            step.output(Output::Send(link, wire::call(reference, ConversationCommand::Typing)));
        }
    }

    pub(super) fn take_typing(
        &mut self,
        step: &mut Step<'_>,
        id: ConversationId,
        rows: &[ConversationRow],
    ) {
        for row in rows {
            if let ConversationRow::Typing { user } = row
                && *user != self.me
            {
                self.status.types(step.now, id, *user);
                step.changed(View::Timeline);
            }
        }
    }

    pub(super) fn take_signals(&mut self, step: &mut Step<'_>, rows: Vec<AccountRow>) {
        for row in rows {
            match row {
                AccountRow::Presence(presence) => {
                    self.status.is(step.now, presence);
                    step.changed(View::Timeline);
                }
                AccountRow::Elsewhere(Elsewhere { looked_ms }) => {
                    self.status.looks_elsewhere(step.now, looked_ms);
                }
                _ => {}
            }
        }
    }

    /// Who is writing in a conversation, by name.
    pub(super) fn typists(&self, id: ConversationId) -> Vec<String> {
        let members = self.conversations.get(&id).map(|conversation| &conversation.members);
        let called = |user| Some(self.as_called(&members?.get(&user)?.person).display_name);
        self.status.typists(id).filter_map(called).collect()
    }

    /// Whether the other one is there, as far as this person may know.
    pub(super) fn presence(&self, entry: Option<&Entry>) -> Option<(bool, Option<Timestamp>)> {
        let peer = entry?.peer?;
        // What was last heard of somebody before they were blocked says nothing any more.
        if self.account.blocked.get(&peer).is_some() {
            return None;
        }
        let (online, last_seen) = self.status.presence(peer)?;
        let settings = self.account.settings;
        Some((online && !settings.hides_presence, last_seen.filter(|_| !settings.hides_last_seen)))
    }

    /// When something passes, or is to be said again.
    pub(super) fn status_deadline(&self) -> Option<u64> {
        let can_tell = self.visible && self.account.cursor.in_step();
        let told = self.status.told.filter(|_| can_tell);
        let again = told.map(|(at, _)| at + limits::PRESENT_EVERY_MS);
        self.status.deadline().into_iter().chain(again).min()
    }

    /// The other one in the direct conversation on the screen.
    fn watched(&self) -> Option<UserId> {
        self.account.entries.get(&self.screen.as_ref()?.conversation)?.peer
    }
}
