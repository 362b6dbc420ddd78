//! History that the window reaches and the device does not hold.

use tideline_shared::protocol::{ConversationCommand, Message};
use tideline_shared::{ConversationId, limits};

use super::Engine;
use crate::calls::Purpose;
use crate::io::{Jump, Mirror, Output};
use crate::place::Place;
use crate::step::Step;
use crate::view::View;
use crate::window::{WINDOW_STEP, Window};
use crate::wire;

impl Engine {
    /// Asks for what is wanted, one call a direction.
    pub(super) fn pump_fetches(&mut self, step: &mut Step<'_>) {
        self.pump_jump(step);
        self.want_what_is_missing();
        let Some(screen) = &self.screen else { return };
        let id = screen.conversation;
        let Some(conversation) = self.conversations.get(&id) else { return };
        let Some(link) = self.links.open(Mirror::Conversation(id)) else { return };
        let Some(segment) = self.segment_shown() else { return };
        if !conversation.cursor.in_step() {
            return;
        }
        let older = ConversationCommand::history_before(segment.first);
        let newer = ConversationCommand::history_after(segment.last);
        for (fetch, purpose, command) in [
            (&screen.older, Purpose::Older(id, segment.first), older),
            (&screen.newer, Purpose::Newer(id, segment.last), newer),
        ] {
            let same = std::mem::discriminant(&purpose);
            let under_way = self.calls.any(|call| std::mem::discriminant(call) == same);
            if fetch.is_wanted() && fetch.not_before <= step.now && !under_way {
                let reference = self.calls.begin(step.now, link, purpose);
                step.output(Output::Send(link, wire::call(reference, command)));
            }
        }
    }

    /// Goes to a message: at once where it is held, else when it comes.
    pub(super) fn jump(&mut self, step: &mut Step<'_>, jump: Jump) {
        let held = match jump {
            Jump::To(seq) => self.shown().and_then(|shown| shown.history.get(seq)).is_some(),
            Jump::Since(_) => false,
        };
        match (jump, &mut self.screen) {
            (Jump::To(seq), _) if held => self.land(step, seq),
            (_, Some(screen)) => screen.jump = Some(jump),
            (_, None) => {}
        }
    }

    /// Asks for what the person wants to see.
    fn pump_jump(&mut self, step: &mut Step<'_>) {
        let Some(screen) = &self.screen else { return };
        let (id, Some(jump)) = (screen.conversation, screen.jump) else { return };
        let Some(link) = self.links.open(Mirror::Conversation(id)) else { return };
        let asked = self.calls.any(|call| *call == Purpose::Around(id, jump));
        if asked || !self.conversation(id).cursor.in_step() {
            return;
        }
        let command = match jump {
            Jump::To(seq) => ConversationCommand::history_around(seq),
            Jump::Since(at) => ConversationCommand::history_since(at),
        };
        let reference = self.calls.begin(step.now, link, Purpose::Around(id, jump));
        step.output(Output::Send(link, wire::call(reference, command)));
    }

    /// The messages around a place came.
    pub(super) fn landed(
        &mut self,
        step: &mut Step<'_>,
        id: ConversationId,
        jump: Jump,
        messages: Vec<Message>,
    ) {
        let found = match jump {
            Jump::To(seq) => messages.iter().find(|message| message.seq == seq),
            Jump::Since(at) => messages.iter().find(|message| message.at >= at),
        };
        // Where there is no such message, the newest is as near as can be.
        let seq = found.or(messages.last()).map(|message| message.seq);
        self.take_messages(step, id, messages);
        // Whatever came, it is not asked for again.
        let wanted = self.gives_up_jump(id, jump);
        if let Some(seq) = seq.filter(|_| wanted) {
            self.land(step, seq);
        }
    }

    /// The person is not going there any more; whether they were.
    pub(super) fn gives_up_jump(&mut self, id: ConversationId, jump: Jump) -> bool {
        let screen = self.screen.as_mut().filter(|screen| screen.conversation == id);
        screen.is_some_and(|screen| screen.jump.take_if(|wanted| *wanted == jump).is_some())
    }

    /// Puts the window around a message that is held.
    fn land(&mut self, step: &mut Step<'_>, seq: u64) {
        let Some(screen) = &mut self.screen else { return };
        screen.jump = None;
        screen.at_end = false;
        screen.target = Some((seq, screen.target.map_or(1, |(_, times)| times + 1)));
        screen.window = Window::at(seq);
        self.move_window(|window, places| {
            window.surround(places, seq);
            0
        });
        step.changed(View::Timeline);
    }

    /// The message that somebody reads at who is away from the end: where they went, while that is in
    /// the window, or else its middle.
    pub(super) fn place_read(&self, id: ConversationId) -> Option<u64> {
        let screen = self.screen.as_ref().filter(|screen| screen.conversation == id)?;
        let rows = screen.window.rows(&self.places_shown()?);
        let target = screen.target.map(|(seq, _)| Place::message(seq));
        let place =
            target.filter(|target| rows.contains(target)).or(rows.get(rows.len() / 2).copied());
        let seq = place?.seq;
        (!screen.at_end && self.shown()?.history.get(seq).is_some()).then_some(seq)
    }

    /// Somebody read at this message. If a reset took it away, they are brought back to it.
    pub(super) fn read_on(&mut self, id: ConversationId, reads: Option<u64>) {
        let Some(seq) = reads.filter(|&seq| self.conversation(id).history.get(seq).is_none())
        else {
            return;
        };
        if let Some(screen) = &mut self.screen {
            screen.jump.get_or_insert(Jump::To(seq));
        }
    }

    /// When a fetch that was put off is due.
    pub(super) fn fetch_deadline(&self, now: u64) -> Option<u64> {
        let screen = self.screen.as_ref()?;
        let fetches = [&screen.older, &screen.newer].into_iter();
        fetches
            .filter(|fetch| fetch.is_wanted() && fetch.not_before > now)
            .map(|f| f.not_before)
            .min()
    }

    /// Wants what the window lacks without anybody scrolling: enough to fill it at first, and what
    /// lies in a hole below a window that follows the end. Takes back what is not needed any more.
    fn want_what_is_missing(&mut self) {
        let Some(places) = self.places_shown() else { return };
        let Some(screen) = &self.screen else { return };
        let few = screen.window.rows(&places).len() < WINDOW_STEP;
        let (starts, hole_below) = (self.starts_here(), self.hole_below());
        let follows = screen.at_end && screen.window.is_at_end();
        let Some(screen) = &mut self.screen else { return };
        match (starts, few) {
            (true, _) => screen.older.rows = None,
            (false, true) => screen.older.want(0),
            (false, false) => {}
        }
        match (hole_below, follows) {
            (false, _) => screen.newer.rows = None,
            (true, true) => screen.newer.want(0),
            (true, false) => {}
        }
    }

    /// Messages came that were asked for.
    pub(super) fn fetched(
        &mut self,
        step: &mut Step<'_>,
        purpose: Purpose,
        messages: Vec<Message>,
    ) {
        match purpose {
            Purpose::Older(id, before) => self.fetched_older(step, id, before, messages),
            Purpose::Newer(id, after) => self.fetched_newer(step, id, after, messages),
            _ => {}
        }
    }

    fn fetched_older(
        &mut self,
        step: &mut Step<'_>,
        id: ConversationId,
        before: u64,
        messages: Vec<Message>,
    ) {
        let full = messages.len() >= limits::PAGE_MESSAGES as usize;
        self.take_messages(step, id, messages);
        let history = &mut self.conversation(id).history;
        let moved = history.segment(before).is_none_or(|segment| segment.first < before);
        if !full && let Some(segment) = history.segment(before) {
            history.starts_at(segment.first);
        }
        if !self.is_shown(id) {
            return;
        }
        let rows = self.screen.as_mut().and_then(|screen| {
            screen.older.answered(step.now, moved);
            screen.older.rows.take()
        });
        self.move_window(|window, places| window.older(places, rows.unwrap_or(0)));
    }

    fn fetched_newer(
        &mut self,
        step: &mut Step<'_>,
        id: ConversationId,
        after: u64,
        messages: Vec<Message>,
    ) {
        if !self.is_shown(id) {
            return self.take_messages(step, id, messages);
        }
        let follows = self.screen.as_ref().is_some_and(|screen| screen.at_end);
        self.move_window(|window, places| {
            if !follows {
                window.hold(places);
            }
            0
        });
        self.take_messages(step, id, messages);
        let moved = self.conversation(id).history.get(after.saturating_add(1)).is_some();
        let rows = self.screen.as_mut().and_then(|screen| {
            screen.newer.answered(step.now, moved);
            screen.newer.rows.take()
        });
        self.move_window(|window, places| window.newer(places, rows.unwrap_or(0)));
    }

    fn take_messages(&mut self, step: &mut Step<'_>, id: ConversationId, messages: Vec<Message>) {
        for message in messages {
            let said = message.id;
            self.conversation(id).take(step, message);
            self.said(step, said);
        }
        self.changed(step, id);
    }
}
