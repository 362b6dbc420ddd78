//! What the person does.

use tideline_shared::protocol::{AccountCommand, File, Quote};
use tideline_shared::{Code, ConversationId, MessageId, MessageText, Reject};

use super::Engine;
use super::account_frames::is_over;
use super::views::cut;
use crate::calls::Purpose;
use crate::io::{Action, Mirror, Output};
use crate::outbox::State;
use crate::place::Places;
use crate::screen::Screen;
use crate::segments::Segment;
use crate::step::Step;
use crate::view::View;
use crate::window::{WINDOW_ROWS, WINDOW_STEP, Window};
use crate::wire;

impl Engine {
    pub(super) fn act(&mut self, step: &mut Step<'_>, action: Action) {
        match action {
            Action::Show(conversation) => self.show(step, conversation),
            Action::Send { conversation, text, reply_to, files } => {
                self.links.nudge(step);
                self.send(step, conversation, &text, reply_to, files);
            }
            Action::Uploaded(file) => self.outbox.arrived(step, file),
            // Whether the session is over, the account's link says; then it goes on when there is another.
            Action::NotUploaded(_, code) if is_over(code) => {}
            Action::NotUploaded(file, code) => {
                for id in self.outbox.missing(file) {
                    self.outbox.fail(step, id, code);
                    if let Some(conversation) = self.outbox.conversation_of(id) {
                        self.changed(step, conversation);
                    }
                }
            }
            Action::Alter(alteration) => {
                let id = alteration.conversation;
                self.links.nudge(step);
                self.alterations.add(step, alteration);
                self.changed(step, id);
            }
            Action::Type => self.typed(step),
            Action::Draft { conversation, text } => self.write_draft(step, conversation, text),
            Action::Retry(id) => {
                self.links.nudge(step);
                self.retry(step, id);
            }
            Action::Discard(id) => {
                if let Some((conversation, _)) = self.outbox.remove(step, id) {
                    self.rest(step, conversation, id);
                    self.changed(step, conversation);
                }
            }
            Action::Older => {
                let short = self.move_window(|window, places| window.older(places, WINDOW_STEP));
                if short > 0 && !self.starts_here() {
                    self.screen.iter_mut().for_each(|screen| screen.older.want(short));
                }
            }
            Action::Newer => {
                let short = self.move_window(|window, places| window.newer(places, WINDOW_STEP));
                if short > 0 && self.hole_below() {
                    self.screen.iter_mut().for_each(|screen| screen.newer.want(short));
                }
            }
            Action::Newest => self.go_to_newest(),
            Action::Jump(jump) => self.jump(step, jump),
            Action::AtEnd(at_end) => {
                self.screen.iter_mut().for_each(|screen| screen.at_end = at_end);
            }
            Action::FreeStore => self.evict_beyond(step, 0),
            Action::UpdateProfile { display_name, age, gender, signature } => {
                let command =
                    AccountCommand::UpdateProfile { display_name, age, gender, signature };
                self.update_profile(step, command);
            }
        }
    }

    fn show(&mut self, step: &mut Step<'_>, conversation: Option<ConversationId>) {
        self.end_typing(step, u64::MAX);
        self.screen = conversation.map(Screen::new);
        if let Some(id) = conversation {
            let now = step.now;
            let conversation = self.conversation(id);
            conversation.shown_at = now;
            conversation.refused = None;
            self.decide_unread();
        }
        step.changed(View::Timeline);
        step.changed(View::Conversation);
    }

    /// Decides where the line "new messages" goes, once the account says what is unread: what is
    /// stored says so when it knows of something unread, else only the account itself can.
    pub(super) fn decide_unread(&mut self) {
        let in_step = self.account.cursor.in_step();
        let Some(screen) = self.screen.as_mut().filter(|screen| !screen.unread_decided) else {
            return;
        };
        let entry = self.account.entries.get(&screen.conversation);
        let entry = entry.filter(|entry| entry.unread > 0 && !self.reads.covers(entry));
        screen.unread_after = entry.map(|entry| entry.read_seq);
        screen.unread_decided = in_step || entry.is_some();
    }

    fn send(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        text: &str,
        reply_to: Option<u64>,
        files: Vec<File>,
    ) {
        let refused = self.conversations.get(&conversation).and_then(|known| known.refused);
        let (text, refused) = match MessageText::parse(text) {
            Ok(text) => (text.into(), refused),
            Err(Reject { code: Code::MessageTooLong, .. }) => {
                (text.to_owned(), Some(Code::MessageTooLong))
            }
            Err(_) if files.is_empty() => return,
            Err(_) => (String::new(), refused),
        };
        let id = MessageId::new(step.now, step.random());
        let quote = reply_to.and_then(|seq| self.quote(conversation, seq));
        self.status.typed = None;
        self.outbox.write(step, conversation, id, (text, quote, files), refused);
        self.conversation(conversation);
        self.show_what_was_written(conversation);
        self.changed(step, conversation);
    }

    fn write_draft(&mut self, step: &mut Step<'_>, conversation: ConversationId, text: String) {
        // What is under way will have changed what the account knows.
        let under_way =
            self.calls.any(|call| matches!(call, Purpose::Draft(of, _) if *of == conversation));
        if under_way || self.draft(conversation) != text {
            self.drafts.write(step, conversation, text);
        }
    }

    /// A message that is answered, as this device holds it.
    pub(super) fn quote(&self, conversation: ConversationId, seq: u64) -> Option<Quote> {
        let message = self.conversations.get(&conversation)?.history.get(seq)?;
        Some(Quote {
            seq,
            author: message.author,
            text: message.body.text().map(cut),
            holds: message.body.holds(),
        })
    }

    fn retry(&mut self, step: &mut Step<'_>, id: MessageId) {
        let Some(item) = self.outbox.get(id) else { return };
        let sendable = match MessageText::parse(&item.text) {
            Ok(_) => true,
            Err(reject) => reject.code == Code::MessageEmpty && !item.files.is_empty(),
        };
        if !matches!(item.state, State::Failed(_)) || !sendable {
            return;
        }
        self.outbox.retry(step, id);
        if let Some(conversation) = self.outbox.conversation_of(id) {
            self.conversation(conversation).refused = None;
            self.show_what_was_written(conversation);
            self.changed(step, conversation);
        }
    }

    /// Moves the window so that the end of the outbox is in it.
    fn show_what_was_written(&mut self, conversation: ConversationId) {
        if !self.is_shown(conversation) {
            return;
        }
        let full = match (&self.screen, self.places_shown()) {
            (Some(screen), Some(places)) => {
                !screen.at_end && screen.window.rows(&places).len() >= WINDOW_ROWS
            }
            _ => false,
        };
        if full || !self.shows_newest() {
            self.go_to_newest();
        }
    }

    fn go_to_newest(&mut self) {
        if let Some(screen) = &mut self.screen {
            screen.window = Window::default();
            screen.jump = None;
        }
    }

    fn update_profile(&mut self, step: &mut Step<'_>, command: AccountCommand) {
        let link = self.links.open(Mirror::Account).filter(|_| self.account.cursor.in_step());
        let Some(link) = link else {
            step.output(Output::Answered(Err(Reject::new(Code::Internal))));
            return;
        };
        let reference = self.calls.begin(step.now, link, Purpose::Profile);
        step.output(Output::Send(link, wire::call(reference, command)));
    }

    /// Moves the window of the conversation on the screen.
    pub(super) fn move_window(
        &mut self,
        change: impl FnOnce(&mut Window, &Places<'_>) -> usize,
    ) -> usize {
        let Some(screen) = &self.screen else { return 0 };
        let mut window = screen.window.clone();
        let Some(places) = self.places_shown() else { return 0 };
        let short = change(&mut window, &places);
        if let Some(screen) = &mut self.screen {
            screen.window = window;
        }
        short
    }

    /// The segment of the history that the window lies in.
    pub(super) fn segment_shown(&self) -> Option<Segment> {
        let history = &self.shown()?.history;
        let anchor = self.screen.as_ref().and_then(|screen| screen.window.anchor());
        anchor.and_then(|seq| history.segment(seq)).or_else(|| history.newest_segment())
    }

    /// What can be in the window.
    pub(super) fn places_shown(&self) -> Option<Places<'_>> {
        let conversation = self.shown()?;
        let queue = self.outbox.queue(self.screen.as_ref()?.conversation);
        let segment = self.segment_shown();
        Some(Places::new(&conversation.history, &conversation.moves, queue, segment))
    }

    /// Whether the window's segment begins with the first message of all.
    pub(super) fn starts_here(&self) -> bool {
        let Some(conversation) = self.shown() else { return false };
        match self.segment_shown() {
            Some(segment) => conversation.history.is_start(segment.first),
            None => true,
        }
    }

    /// Whether there is a hole behind the window's segment.
    pub(super) fn hole_below(&self) -> bool {
        let newest = self.shown().and_then(|conversation| conversation.history.newest_segment());
        newest != self.segment_shown()
    }

    /// Whether the window reaches to the newest row there is.
    pub(super) fn shows_newest(&self) -> bool {
        let at_end = self.screen.as_ref().is_some_and(|screen| screen.window.is_at_end());
        at_end && !self.hole_below()
    }
}
