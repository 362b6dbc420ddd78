//! Frames on the account's link.

use tideline_shared::protocol::{AccountReply, AccountRow, Draft, Kind};
use tideline_shared::{Code, ConversationId, Reject};

use super::Engine;
use crate::account::News;
use crate::backoff;
use crate::calls::Purpose;
use crate::cursor::Verdict;
use crate::io::{Link, Mirror, Output};
use crate::keys;
use crate::step::Step;
use crate::view::View;
use crate::wire::{self, Frame};

impl Engine {
    pub(super) fn account_frame(&mut self, step: &mut Step<'_>, link: Link, text: &str) {
        let Some(frame) = wire::read::<AccountRow, AccountReply>(text) else { return };
        match frame {
            Frame::Page { reset, rows, cursor, done } => {
                let news = self.account.page(step, reset, rows, cursor, done);
                self.take_news(step, news);
                if self.account.cursor.in_step() {
                    self.came_into_step(step, Mirror::Account);
                    self.decide_unread();
                    step.changed(View::Timeline);
                }
            }
            Frame::Change { version, rows } => match self.account.cursor.change(version) {
                Verdict::Apply => {
                    let news = self.account.change(step, rows);
                    self.take_news(step, news);
                }
                Verdict::Ignore => {}
                Verdict::Ask => self.hello(step, link),
            },
            Frame::Signal { rows } => self.take_signals(step, rows),
            Frame::Reply { reference, .. } => match self.calls.end(link, reference) {
                Some(Purpose::Profile) => step.output(Output::Answered(Ok(()))),
                Some(Purpose::Read(conversation, seq)) => self.read_answered(conversation, seq),
                Some(Purpose::Draft(conversation, text)) => {
                    // Its own change of this may come later.
                    self.drafts.told(step, conversation, &text);
                    self.account.put_draft(step, Draft { conversation, text });
                    step.changed(View::Inbox);
                }
                _ => {}
            },
            Frame::Rejected { reference, reject } => {
                match reference.and_then(|reference| self.calls.end(link, reference)) {
                    Some(Purpose::Profile) => step.output(Output::Answered(Err(reject))),
                    Some(Purpose::Read(conversation, seq)) => {
                        self.read_refused(step, conversation, seq, reject);
                    }
                    Some(Purpose::Draft(conversation, text)) => {
                        self.draft_refused(step, conversation, &text, reject);
                    }
                    // A `hello` that is refused leaves nothing to wait for.
                    None if reference.is_none() && self.account.cursor.asked() => {
                        self.give_up(step, Mirror::Account, reject.retry_after_ms.unwrap_or(0));
                    }
                    _ => {}
                }
            }
            Frame::Ended { reject } if is_over(reject.code) => {
                self.stop(step);
                step.output(Output::SignedOut(reject));
            }
            Frame::Ended { reject } if reject.code == Code::UpgradeRequired => {
                self.stop(step);
                step.output(Output::Outdated);
            }
            Frame::Ended { reject } => {
                self.give_up(step, Mirror::Account, reject.retry_after_ms.unwrap_or(0));
            }
            Frame::Unknown => {}
        }
    }

    /// There is no use in talking to the service any more.
    fn stop(&mut self, step: &mut Step<'_>) {
        self.over = true;
        for mirror in self.links.hang_up_all(step) {
            self.lost(step, mirror);
        }
    }

    fn take_news(&mut self, step: &mut Step<'_>, news: Vec<News>) {
        step.changed(View::Inbox);
        for item in news {
            match item {
                News::Profile => {
                    // Messages that wait carry this person's name.
                    step.changed(View::Profile);
                    step.changed(View::Timeline);
                }
                News::People => {
                    step.changed(View::People);
                    // They may be called something else now.
                    step.changed(View::Timeline);
                    step.changed(View::Conversation);
                }
                News::Entry(id, new) => self.take_entry(step, id, new),
                News::Left(id) => self.left(step, id),
                News::Draft => step.changed(View::Inbox),
                News::Hidden(id) => self.changed(step, id),
                News::Delivered(delivered) => {
                    let (id, message) = (delivered.conversation, delivered.message.id);
                    if self.conversation(id).deliver(step, delivered.message) {
                        self.said(step, message);
                        self.changed(step, id);
                    }
                }
            }
        }
    }

    fn take_entry(&mut self, step: &mut Step<'_>, id: ConversationId, new: bool) {
        if let Some(entry) = self.account.entries.get(&id) {
            self.reads.confirm(step, entry);
            if entry.kind == Kind::Direct && entry.unread > 0 {
                self.received.insert(id, entry.last_seq);
            }
        }
        if new && let Some(conversation) = self.conversations.get_mut(&id) {
            // Coming in (again) is a new reason to try.
            conversation.refused = None;
        }
        self.changed(step, id);
    }

    /// The person is not in a conversation any more: nothing of it stays on the device.
    fn left(&mut self, step: &mut Step<'_>, id: ConversationId) {
        let prefixes = [keys::members(id), keys::messages(id)];
        prefixes.into_iter().for_each(|prefix| step.delete_all(prefix));
        step.delete(keys::conversation(id));
        self.reads.forget(step, id);
        self.drafts.forget(step, id);
        self.received.remove(&id);
        if let Some(conversation) = self.conversations.get_mut(&id) {
            conversation.clear();
        }
        if self.is_shown(id) || self.outbox.queue(id).is_some() {
            self.refuse(step, id, Code::NotAMember);
        }
        self.changed(step, id);
        step.changed(View::Conversation);
    }

    fn read_refused(&mut self, step: &mut Step<'_>, id: ConversationId, seq: u64, reject: Reject) {
        let now = step.now;
        match reject.code {
            Code::RateLimited | Code::Internal => {
                let random = step.random();
                self.reads.put_off(id, |tries| {
                    now + reject.retry_after_ms.unwrap_or_else(|| backoff::wait_ms(tries, random))
                });
            }
            // Nothing will change the service's mind but a new entry.
            _ => self.read_answered(id, seq),
        }
    }

    fn draft_refused(
        &mut self,
        step: &mut Step<'_>,
        id: ConversationId,
        text: &str,
        reject: Reject,
    ) {
        let now = step.now;
        match reject.code {
            Code::RateLimited | Code::Internal => {
                let random = step.random();
                self.drafts.put_off(id, |tries| {
                    now + reject.retry_after_ms.unwrap_or_else(|| backoff::wait_ms(tries, random))
                });
            }
            // It would be refused again.
            _ => self.drafts.refuse(id, text),
        }
    }

    fn read_answered(&mut self, id: ConversationId, seq: u64) {
        if let Some(entry) = self.account.entries.get(&id) {
            self.reads.answered(entry, seq);
        }
    }
}

/// Whether a refusal says that the session is over.
pub(super) fn is_over(code: Code) -> bool {
    matches!(code, Code::SignedOut | Code::SessionEnded | Code::AccountBanned)
}
