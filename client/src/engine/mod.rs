//! The engine: one `handle`, and the views.
//!
//! Every step takes in one input, and then [`settle`]s: what should be open, asked, sent or stored
//! follows from the state alone, so nothing depends on which input brought the state about.

mod account_frames;
mod actions;
mod conversation_frames;
mod fetch;
mod loading;
mod settle;
mod status;
mod storing;
mod views;

use tideline_shared::protocol::{Blocked, Body, Contact, Deployment, Message, Record, Settings};
use tideline_shared::{
    Code, ConversationId, FileId, MessageId, Profile, Random, Reject, UserId, lower,
};

use crate::account::Account;
use crate::alterations::Alterations;
use crate::calls::{Calls, Purpose};
use crate::conversation::Conversation;
use crate::drafts::Drafts;
use crate::io::{Input, Link, Mirror, Output};
use crate::links::Links;
use crate::outbox::Outbox;
use crate::reads::Reads;
use crate::screen::Screen;
use crate::sorted::{SortedMap, by_key};
use crate::status::Status;
use crate::step::Step;
use crate::view::{Connection, InboxItem, MemberItem, Timeline, Upload, View};
use crate::{keys, wire};

/// A device's half of Tideline, for one signed-in account. The local store is that account's own:
/// another account's rows are never in it.
pub struct Engine {
    me: UserId,
    /// Prefixes of the start that are not loaded yet.
    unloaded: Vec<&'static str>,
    account: Account,
    conversations: SortedMap<ConversationId, Conversation>,
    outbox: Outbox,
    alterations: Alterations,
    links: Links,
    calls: Calls,
    reads: Reads,
    drafts: Drafts,
    /// Messages of direct conversations that came, and that the service is to know of.
    received: SortedMap<ConversationId, u64>,
    status: Status,
    screen: Option<Screen>,
    visible: bool,
    /// The person was told that what they write is not kept.
    warned: bool,
    /// The session is over.
    over: bool,
    /// The wake that was asked for last.
    wake: Option<u64>,
}

impl Engine {
    /// An engine for the account `me` that knows nothing yet. The first [`Output`]s (to load what
    /// the local store holds, and to connect) come from the first call of [`Engine::start`].
    #[must_use]
    pub fn new(me: UserId) -> Self {
        Self {
            me,
            unloaded: keys::AT_START.to_vec(),
            account: Account::default(),
            conversations: SortedMap::new(),
            outbox: Outbox::default(),
            alterations: Alterations::default(),
            links: Links::default(),
            calls: Calls::default(),
            reads: Reads::default(),
            drafts: Drafts::default(),
            received: SortedMap::new(),
            status: Status::default(),
            screen: None,
            visible: false,
            warned: false,
            over: false,
            wake: None,
        }
    }

    /// Begins: loads the local store, and connects meanwhile.
    pub fn start(&mut self, now: u64, random: Random<'_>) -> Vec<Output> {
        let mut step = Step::new(now, random);
        for prefix in keys::AT_START {
            step.output(Output::Load { prefix: prefix.to_owned() });
        }
        self.settle(&mut step);
        step.finish()
    }

    /// Takes in what happened and says what to do. `now` is the device's clock in milliseconds
    /// since 1970; only its differences count, but for the time shown on messages that wait.
    pub fn handle(&mut self, now: u64, random: Random<'_>, input: Input) -> Vec<Output> {
        let mut step = Step::new(now, random);
        if self.over {
            return Vec::new();
        }
        let before = (self.connection(), self.pose());
        match input {
            Input::Loaded { prefix, rows } => self.loaded(&mut step, &prefix, &rows),
            Input::StoreFull => self.make_room(&mut step),
            Input::NotStored(writes) => self.not_stored(&mut step, &writes),
            Input::Opened(link) => self.links.opened(now, link),
            Input::Frame(link, text) => {
                if self.links.heard(now, link) {
                    self.frame(&mut step, link, &text);
                }
            }
            Input::Closed(link) => {
                if self.links.closed(&mut step, link) {
                    self.lost(&mut step, link.mirror);
                }
            }
            // What is due is done in every step.
            Input::Wake => {}
            Input::Online => self.links.online(&mut step),
            Input::Offline => {
                for mirror in self.links.offline(&mut step) {
                    self.lost(&mut step, mirror);
                }
            }
            Input::Visible(visible) => {
                if visible && !self.visible {
                    self.links.hurry(&mut step);
                }
                self.visible = visible;
                if !visible {
                    self.end_typing(&mut step, u64::MAX);
                }
            }
            Input::Do(action) => self.act(&mut step, action),
        }
        self.settle(&mut step);
        if self.connection() != before.0 {
            step.changed(View::Connection);
        }
        // Only a window that moved is named: a component that asks for more whenever the window
        // changes would else ask forever.
        if self.pose() != before.1 {
            step.changed(View::Timeline);
        }
        step.finish()
    }

    /// Whether the device is in step.
    #[must_use]
    pub fn connection(&self) -> Connection {
        if self.account.cursor.in_step() {
            Connection::Online
        } else if self.over || !self.links.has_network() || self.links.is_failing(Mirror::Account) {
            Connection::Offline
        } else {
            Connection::Connecting
        }
    }

    /// The person's own profile, once known.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.account.profile.as_ref()
    }

    /// What this person chose for all of their devices.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.account.settings
    }

    /// Whether the person looks at another of their devices, so that this one is quiet.
    #[must_use]
    pub fn is_looked_at_elsewhere(&self, now: u64) -> bool {
        self.status.is_elsewhere(now)
    }

    /// What the deployment is to this person.
    #[must_use]
    pub fn deployment(&self) -> &Deployment {
        &self.account.deployment
    }

    /// Whom this person knows, asked, is asked by, or has a name for; by name.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact> {
        let contacts = self.account.contacts.values().cloned().collect();
        by_key(contacts, |Contact { person, nickname, .. }| {
            let name = if nickname.is_empty() { &person.display_name } else { nickname };
            (lower(name), person.user)
        })
    }

    /// Whom this person blocked, by name.
    #[must_use]
    pub fn blocked(&self) -> Vec<Blocked> {
        let blocked = self.account.blocked.values().cloned().collect();
        by_key(blocked, |Blocked { person, .. }| (lower(&person.display_name), person.user))
    }

    /// The list, newest first; none while nothing is known yet.
    #[must_use]
    pub fn inbox(&self) -> Option<Vec<InboxItem>> {
        (self.unloaded.is_empty() && self.account.is_known()).then(|| self.inbox_items())
    }

    /// What is being written in a conversation: what was typed here, unless the account knows it.
    #[must_use]
    pub fn draft(&self, conversation: ConversationId) -> &str {
        self.drafts.get(conversation).unwrap_or(self.account.draft(conversation))
    }

    /// A message of the local store as it is shown; none where it is not.
    #[must_use]
    pub fn as_shown(&self, conversation: ConversationId, message: &Message) -> Option<Message> {
        let shown = self.alterations.over(self.me, conversation, message);
        let hidden = self.account.hides(conversation, message.seq);
        (!hidden && message.body != Body::Withheld).then(|| shown.into_owned())
    }

    /// A message of the conversation on the screen, as it is shown, where this device holds it.
    #[must_use]
    pub fn message(&self, seq: u64) -> Option<Message> {
        let shown = self.screen.as_ref()?.conversation;
        self.as_shown(shown, self.shown()?.history.get(seq)?)
    }

    /// What somebody is called in a conversation; empty where this device does not know.
    #[must_use]
    pub fn name_in(&self, conversation: ConversationId, user: UserId) -> String {
        let known = self.conversations.get(&conversation);
        self.name(known, self.account.entries.get(&conversation), user)
    }

    /// The files that messages wait for: they are to be brought to the service.
    #[must_use]
    pub fn uploads(&self) -> Vec<Upload> {
        self.outbox.uploads()
    }

    /// Whether a file belongs to a message that is still to be said, or was refused.
    #[must_use]
    pub fn carries(&self, file: FileId) -> bool {
        self.outbox.carries(file)
    }

    /// Whether a message of the conversation on the screen is pinned, as far as this device holds them.
    #[must_use]
    pub fn holds_pins(&self) -> bool {
        let pinned = |message: &Message| message.pinned_at.is_some();
        self.shown().is_some_and(|shown| shown.history.range(..).any(pinned))
    }

    /// The window of the conversation on the screen.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        self.screen.as_ref().map_or_else(Timeline::default, |screen| self.timeline_of(screen))
    }

    /// What the conversation on the screen is, once known.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.shown()?.record.as_ref()
    }

    /// Who is in the conversation on the screen: this person first, then by name.
    #[must_use]
    pub fn members(&self) -> Vec<MemberItem> {
        self.shown().map_or_else(Vec::new, |conversation| self.members_of(conversation))
    }

    /// The conversation on the screen.
    fn shown(&self) -> Option<&Conversation> {
        self.conversations.get(&self.screen.as_ref()?.conversation)
    }

    fn is_shown(&self, conversation: ConversationId) -> bool {
        self.screen.as_ref().is_some_and(|screen| screen.conversation == conversation)
    }

    fn conversation(&mut self, id: ConversationId) -> &mut Conversation {
        self.conversations.get_or_insert_with(id, || Conversation::new(id))
    }

    /// Says how far this device is.
    fn hello(&mut self, step: &mut Step<'_>, link: Link) {
        let cursor = match link.mirror {
            Mirror::Account => &mut self.account.cursor,
            Mirror::Conversation(id) => &mut self.conversation(id).cursor,
        };
        cursor.ask();
        let hello = wire::hello(cursor.at());
        self.links.greet(link);
        self.calls.begin(step.now, link, Purpose::Hello);
        step.output(Output::Send(link, hello));
    }

    fn frame(&mut self, step: &mut Step<'_>, link: Link, text: &str) {
        if text == tideline_shared::limits::PONG {
            return;
        }
        match link.mirror {
            Mirror::Account => self.account_frame(step, link, text),
            Mirror::Conversation(id) => self.conversation_frame(step, link, id, text),
        }
    }

    /// All pages of a `hello` are here.
    fn came_into_step(&mut self, step: &mut Step<'_>, mirror: Mirror) {
        self.links.in_step(step.now, mirror);
        self.calls.forget(|of, purpose| of == mirror && *purpose == Purpose::Hello);
    }

    /// Gives a link up that does not do.
    fn give_up(&mut self, step: &mut Step<'_>, mirror: Mirror, at_least_ms: u64) {
        if self.links.give_up(step, mirror, at_least_ms) {
            self.lost(step, mirror);
        }
    }

    /// A link is gone: what was asked over it will not be answered.
    fn lost(&mut self, step: &mut Step<'_>, mirror: Mirror) {
        match mirror {
            Mirror::Account => {
                self.account.lost();
                self.reads.reconnected();
                self.status.lost();
                step.changed(View::Timeline);
            }
            Mirror::Conversation(id) => {
                if let Some(conversation) = self.conversations.get_mut(&id) {
                    conversation.lost();
                    self.status.lost_in(id);
                }
            }
        }
        for purpose in self.calls.lose(mirror) {
            match purpose {
                Purpose::Profile => {
                    step.output(Output::Answered(Err(Reject::new(Code::Internal))));
                }
                Purpose::Received(id, seq) => {
                    self.received.get_or_insert_with(id, || seq);
                }
                // Everything else is asked again, for it is still wanted.
                _ => {}
            }
        }
    }

    /// The history of a conversation holds this message: the outbox need not any more.
    fn said(&mut self, step: &mut Step<'_>, id: MessageId) {
        if let Some((conversation, _)) = self.outbox.remove(step, id) {
            self.rest(step, conversation, id);
            step.changed(View::Inbox);
        }
    }

    /// A message waits no more: whatever answer is on its way, the next one need not wait for it.
    fn rest(&mut self, step: &mut Step<'_>, conversation: ConversationId, id: MessageId) {
        self.calls.forget(|_, purpose| *purpose == Purpose::Send(conversation, id));
        self.linger(step, conversation);
    }

    /// Something was said there, and more may be.
    fn linger(&mut self, step: &Step<'_>, conversation: ConversationId) {
        self.conversation(conversation).linger_until = step.now + settle::LINGER_MS;
    }
}
