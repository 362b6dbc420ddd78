//! Frames on a conversation's link.

use tideline_shared::protocol::{ConversationRow, Message, MirrorReply};
use tideline_shared::{Code, ConversationId, MessageId, Reject};

use super::Engine;
use super::account_frames::is_over;
use crate::backoff;
use crate::calls::Purpose;
use crate::conversation::Applied;
use crate::cursor::Verdict;
use crate::io::{Link, Mirror, Output};
use crate::keys::Sent;
use crate::step::Step;
use crate::view::View;
use crate::wire::{self, Frame};

impl Engine {
    pub(super) fn conversation_frame(
        &mut self,
        step: &mut Step<'_>,
        link: Link,
        id: ConversationId,
        text: &str,
    ) {
        let Some(frame) = wire::read::<ConversationRow, MirrorReply>(text) else { return };
        match frame {
            Frame::Page { reset, rows, cursor, done } => {
                let reads = self.place_read(id);
                let applied = self.conversation(id).page(step, reset, rows, cursor, done);
                self.read_on(id, reads);
                if self.conversation(id).cursor.in_step() {
                    self.came_into_step(step, link.mirror);
                }
                self.take_applied(step, id, applied);
            }
            Frame::Change { version, rows } => {
                // Whoever said something new stopped typing; what is done to older messages says nothing of that.
                let tail = self.conversation(id).history.tail();
                for row in &rows {
                    if let ConversationRow::Message(message) = row
                        && message.seq > tail
                    {
                        self.status.said(id, message.author);
                    }
                }
                let conversation = self.conversation(id);
                match conversation.cursor.change(version) {
                    Verdict::Apply => {
                        let applied = conversation.change(step, rows);
                        self.take_applied(step, id, applied);
                    }
                    Verdict::Ignore => {}
                    Verdict::Ask => self.hello(step, link),
                }
            }
            Frame::Signal { rows } => self.take_typing(step, id, &rows),
            Frame::Reply { reference, reply } => {
                if let Some(purpose) = self.calls.end(link, reference) {
                    self.conversation_reply(step, purpose, reply);
                }
            }
            Frame::Rejected { reference, reject } => {
                match reference.and_then(|reference| self.calls.end(link, reference)) {
                    Some(purpose) => self.conversation_rejected(step, purpose, reject),
                    None if reference.is_none() => self.ended(step, id, reject),
                    None => {}
                }
            }
            Frame::Ended { reject } => self.ended(step, id, reject),
            Frame::Unknown => {}
        }
    }

    /// Rows were applied: the outbox may still hold what they brought.
    fn take_applied(&mut self, step: &mut Step<'_>, id: ConversationId, applied: Applied) {
        for message in applied.said {
            self.said(step, message);
        }
        if let Some(version) = self.conversation(id).cursor.at() {
            for message in self.outbox.settled(id, version) {
                self.said(step, message);
            }
            self.alterations.settle(id, version);
        }
        self.changed(step, id);
        if applied.people && self.is_shown(id) {
            step.changed(View::Conversation);
        }
    }

    /// The mirror is over, or its `hello` was refused.
    fn ended(&mut self, step: &mut Step<'_>, id: ConversationId, reject: Reject) {
        match reject.code {
            Code::NotAMember | Code::UnknownConversation => self.refuse(step, id, reject.code),
            // Whether the session is over, the account's link says.
            _ => {
                let at_least_ms = reject.retry_after_ms.unwrap_or(0);
                self.give_up(step, Mirror::Conversation(id), at_least_ms);
            }
        }
    }

    /// The service lets this person not in: nothing more is tried until they ask for it.
    pub(super) fn refuse(&mut self, step: &mut Step<'_>, id: ConversationId, code: Code) {
        self.conversation(id).refused = Some(code);
        self.outbox.fail_all(step, id, code);
        for number in self.alterations.in_conversation(id) {
            self.alteration_refused(step, number, Reject::new(code));
        }
        self.calls.forget(|mirror, _| mirror == Mirror::Conversation(id));
        self.changed(step, id);
    }

    fn conversation_reply(
        &mut self,
        step: &mut Step<'_>,
        purpose: Purpose,
        reply: Option<MirrorReply>,
    ) {
        match (purpose, reply) {
            (
                Purpose::Send(conversation, asked),
                Some(MirrorReply::Sent { id, seq, version, at }),
            ) if id == asked => {
                self.acknowledged(step, conversation, id, Sent { seq, version, at })
            }
            (Purpose::Alter(conversation, number), reply) => {
                // With an answer that this program cannot read, the mirror shows it or will shortly.
                let version = match reply {
                    Some(MirrorReply::Done { version }) => version,
                    _ => 0,
                };
                self.alterations.done(step, number, version);
                if let Some(at) = self.conversation(conversation).cursor.at() {
                    self.alterations.settle(conversation, at);
                }
                self.linger(step, conversation);
                self.changed(step, conversation);
            }
            // It took effect, but this program cannot read how: asking again is harmless.
            (Purpose::Send(_, id), _) => self.put_off(step, id, None),
            (
                purpose @ (Purpose::Older(..) | Purpose::Newer(..)),
                Some(MirrorReply::History { messages }),
            ) => self.fetched(step, purpose, messages),
            (Purpose::Around(id, jump), Some(MirrorReply::History { messages })) => {
                self.landed(step, id, jump, messages);
            }
            (Purpose::Around(id, jump), _) => drop(self.gives_up_jump(id, jump)),
            (purpose @ (Purpose::Older(..) | Purpose::Newer(..)), _) => {
                self.fetched(step, purpose, Vec::new());
            }
            _ => {}
        }
    }

    fn conversation_rejected(&mut self, step: &mut Step<'_>, purpose: Purpose, reject: Reject) {
        let again = matches!(reject.code, Code::RateLimited | Code::Internal);
        match purpose {
            // Whether the session is over, the account's link says.
            Purpose::Send(id, _) | Purpose::Alter(id, _) if is_over(reject.code) => {
                self.give_up(step, Mirror::Conversation(id), 0);
            }
            Purpose::Send(_, id) if again => self.put_off(step, id, reject.retry_after_ms),
            Purpose::Alter(_, number) if again => {
                let (now, random) = (step.now, step.random());
                let wait = |tries| backoff::wait_ms(tries, random);
                let wait = |tries| reject.retry_after_ms.unwrap_or_else(|| wait(tries));
                self.alterations.put_off(number, wait, now);
            }
            Purpose::Alter(id, number) => {
                self.linger(step, id);
                self.alteration_refused(step, number, reject);
            }
            // It was stored, and taken back since: there is nothing left to say.
            Purpose::Send(conversation, id) if reject.code == Code::MessageRecalled => {
                self.said(step, id);
                self.changed(step, conversation);
            }
            Purpose::Send(conversation, id) => {
                self.outbox.fail(step, id, reject.code);
                self.rest(step, conversation, id);
                self.changed(step, conversation);
            }
            Purpose::Around(id, jump) => drop(self.gives_up_jump(id, jump)),
            Purpose::Older(id, _) | Purpose::Newer(id, _) => {
                let random = step.random();
                let now = step.now;
                let Some(screen) = self.screen.as_mut().filter(|s| s.conversation == id) else {
                    return;
                };
                let fetch = match purpose {
                    Purpose::Older(..) => &mut screen.older,
                    _ => &mut screen.newer,
                };
                let wait = || backoff::wait_ms(fetch.tries, random);
                fetch.not_before = now.saturating_add(reject.retry_after_ms.unwrap_or_else(wait));
                fetch.tries = fetch.tries.saturating_add(1);
                if !again {
                    fetch.rows = None;
                }
                self.changed(step, id);
            }
            _ => {}
        }
    }

    /// The service does not do it: it shows no more.
    fn alteration_refused(&mut self, step: &mut Step<'_>, number: u64, reject: Reject) {
        if let Some(alteration) = self.alterations.remove(step, number) {
            self.changed(step, alteration.conversation);
            step.output(Output::Refused { alteration, reject });
        }
    }

    /// The service could not take a message now.
    fn put_off(&mut self, step: &mut Step<'_>, id: MessageId, retry_after_ms: Option<u64>) {
        let tries = self.outbox.tries(id);
        let wait = retry_after_ms.unwrap_or_else(|| backoff::wait_ms(tries, step.random()));
        self.outbox.put_off(id, step.now.saturating_add(wait));
    }

    /// The service has stored a message of this device.
    fn acknowledged(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        id: MessageId,
        sent: Sent,
    ) {
        let Some(item) = self.outbox.get(id) else { return };
        let Sent { seq, version, at } = sent;
        let body = item.body();
        // What it answers may have changed since it was written. Where that is not held, the live
        // change brings it.
        let answers = item.reply_to.as_ref().map(|quote| quote.seq);
        let reply_to = answers.and_then(|seq| self.quote(conversation, seq));
        let known = answers.is_some() == reply_to.is_some();
        let message = Message { reply_to, ..Message::new(id, seq, version, self.me, at, body) };
        if known && self.conversation(conversation).acknowledge(step, message) {
            self.said(step, id);
        } else {
            self.outbox.acknowledge(step, id, sent);
            self.rest(step, conversation, id);
        }
        self.changed(step, conversation);
    }
}
