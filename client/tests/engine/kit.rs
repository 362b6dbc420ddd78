//! A device under test: the engine, a store that survives reloads, a clock that stands still until
//! it is moved, and the service's side of each socket, played by the test.

use std::collections::BTreeMap;

use serde::Serialize;
use tideline_client::{
    Action, Alteration, Connection, Engine, InboxItem, Input, Item, Link, MemberItem, MessageState,
    Mirror, Output, Timeline, Upload, View, Write,
};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, Body, ClientFrame, ConversationCommand,
    ConversationReply, ConversationRow, Delivered, Entry, Kind, Member, Message, Preview, Record,
    Role, ServerFrame,
};
use tideline_shared::{
    Code, ConversationId, MessageId, Person, Profile, Reject, Timestamp, UserId,
};

pub(crate) type ConversationFrame = ServerFrame<ConversationRow, ConversationReply>;
pub(crate) type AccountFrame = ServerFrame<AccountRow, AccountReply>;

/// When the stories begin.
pub(crate) const NOW: u64 = 1_800_000_000_000;
/// When their conversations were made, by the service's clock.
pub(crate) const MADE: Timestamp = Timestamp(1_700_000_000_000);

pub(crate) fn user(n: u8) -> UserId {
    UserId::new(1_600_000_000_000, [n; 10])
}

/// Whose device it is.
pub(crate) fn ana() -> UserId {
    user(1)
}

/// Whom she talks to.
pub(crate) fn ben() -> UserId {
    user(2)
}

pub(crate) fn group(n: u8) -> ConversationId {
    ConversationId::new(1_700_000_000_000, [n; 10])
}

pub(crate) fn name(user: UserId) -> String {
    match user {
        _ if user == ana() => "Ana".to_owned(),
        _ if user == ben() => "Ben".to_owned(),
        _ => "Somebody".to_owned(),
    }
}

pub(crate) fn person(user: UserId) -> Person {
    Person { user, user_name: None, display_name: name(user), avatar: None }
}

pub(crate) fn profile() -> AccountRow {
    AccountRow::Profile(Profile {
        person: person(ana()),
        age: None,
        gender: tideline_shared::Gender::Unstated,
        signature: String::new(),
        created_at: MADE,
    })
}

pub(crate) fn record() -> ConversationRow {
    let name = "Garden".to_owned();
    ConversationRow::Record(Record { name, ..Record::new(Kind::Group, MADE) })
}

pub(crate) fn founder(user: UserId) -> Member {
    Member {
        person: person(user),
        role: Role::Member,
        joined_at: MADE,
        joined_seq: 0,
        left: None,
        muted: None,
    }
}

/// A message of Ben's: the version is the `seq` plus one, as in a conversation in which nothing
/// else happened since it was made.
pub(crate) fn said(seq: u64) -> Message {
    message(seq, ben(), MessageId::new(seq, [2; 10]), &format!("m{seq}"))
}

pub(crate) fn message(seq: u64, author: UserId, id: MessageId, text: &str) -> Message {
    let body = Body::Text { text: text.to_owned() };
    Message::new(id, seq, seq + 1, author, MADE.after(seq * 1_000), body)
}

pub(crate) fn rows(messages: impl IntoIterator<Item = Message>) -> Vec<ConversationRow> {
    messages.into_iter().map(ConversationRow::Message).collect()
}

/// The record, Ana and Ben, and no messages.
pub(crate) fn empty() -> Vec<ConversationRow> {
    let members = [ana(), ben()].map(founder).map(ConversationRow::Member);
    std::iter::once(record()).chain(members).collect()
}

/// The record, Ana and Ben, and these messages of Ben's.
pub(crate) fn whole(seqs: std::ops::RangeInclusive<u64>) -> Vec<ConversationRow> {
    let mut all = empty();
    all.extend(rows(seqs.map(said)));
    all
}

/// An inbox entry of a conversation in which Ben wrote last.
pub(crate) fn entry(conversation: ConversationId, last_seq: u64, read_seq: u64) -> Entry {
    Entry {
        kept: tideline_shared::protocol::Keeping::default(),
        conversation,
        kind: Kind::Group,
        title: "Garden".to_owned(),
        peer: None,
        avatar: None,
        requests: 0,
        last_seq,
        last_at: MADE.after(last_seq * 1_000),
        preview: (last_seq > 0).then(|| Preview {
            author: ben(),
            author_name: "Ben".to_owned(),
            text: format!("m{last_seq}"),
            holds: None,
            recalled: false,
        }),
        read_seq,
        unread: last_seq - read_seq,
        mentions: 0,
        left: false,
    }
}

pub(crate) fn delivered(conversation: ConversationId, message: Message) -> AccountRow {
    AccountRow::Delivered(Delivered { conversation, message })
}

pub(crate) fn page(rows: Vec<ConversationRow>, cursor: u64) -> ConversationFrame {
    ServerFrame::Page { reset: false, rows, cursor, done: true }
}

pub(crate) fn reset(rows: Vec<ConversationRow>, cursor: u64) -> ConversationFrame {
    ServerFrame::Page { reset: true, rows, cursor, done: true }
}

/// The live change that brings a message.
pub(crate) fn live(message: Message) -> ConversationFrame {
    let version = message.version;
    ServerFrame::Change { version, rows: vec![ConversationRow::Message(message)] }
}

pub(crate) fn account_page(rows: Vec<AccountRow>, cursor: u64) -> AccountFrame {
    ServerFrame::Page { reset: false, rows, cursor, done: true }
}

pub(crate) fn account_reset(rows: Vec<AccountRow>, cursor: u64) -> AccountFrame {
    ServerFrame::Page { reset: true, rows, cursor, done: true }
}

pub(crate) fn account_change(version: u64, rows: Vec<AccountRow>) -> AccountFrame {
    ServerFrame::Change { version, rows }
}

pub(crate) fn ended<R, A>(code: Code) -> ServerFrame<R, A> {
    ServerFrame::Ended { reject: Reject::new(code) }
}

/// Something that the device sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Ping,
    Hello(Option<u64>),
    Account(u32, AccountCommand),
    Conversation(u32, ConversationCommand),
}

/// Everything that can be seen.
#[derive(Clone, PartialEq)]
struct Seen {
    connection: Connection,
    profile: Option<Profile>,
    inbox: Option<Vec<InboxItem>>,
    timeline: Timeline,
    people: (Option<Record>, Vec<MemberItem>),
    uploads: Vec<Upload>,
}

impl Seen {
    fn of(engine: &Engine) -> Self {
        Self {
            connection: engine.connection(),
            profile: engine.profile().cloned(),
            inbox: engine.inbox(),
            timeline: engine.timeline(),
            people: (engine.record().cloned(), engine.members()),
            uploads: engine.uploads(),
        }
    }

    /// Which views are the same.
    fn compare(&self, other: &Self) -> [(View, bool); 6] {
        [
            (View::Connection, self.connection == other.connection),
            (View::Profile, self.profile == other.profile),
            (View::Inbox, self.inbox == other.inbox),
            (View::Timeline, self.timeline == other.timeline),
            (View::Conversation, self.people == other.people),
            (View::Uploads, self.uploads == other.uploads),
        ]
    }
}

pub(crate) struct Device {
    pub(crate) engine: Engine,
    pub(crate) store: BTreeMap<String, String>,
    pub(crate) now: u64,
    pub(crate) seed: u64,
    /// Attempts that were asked for and not answered.
    pub(crate) connecting: Vec<Link>,
    /// Sockets that are open.
    pub(crate) open: Vec<Link>,
    sent: Vec<(Link, Sent)>,
    /// What it said of being looked at: away, and whom it watches. Answered at once.
    pub(crate) signals: Vec<(bool, Option<UserId>)>,
    pub(crate) changed: Vec<View>,
    pub(crate) answers: Vec<Result<(), Reject>>,
    /// What was done to messages and refused.
    pub(crate) refused: Vec<(Alteration, Code)>,
    pub(crate) signed_out: Option<Reject>,
    pub(crate) outdated: bool,
    /// How often it said that what was written is not kept.
    pub(crate) not_kept: u32,
    pub(crate) wake: Option<u64>,
    /// Whether every change of a view must be told, which takes time; and what was seen last.
    pub(crate) watched: bool,
    seen: Option<Seen>,
    /// While the store is slow: what it was asked for.
    pub(crate) slow_store: bool,
    pub(crate) loads: Vec<String>,
    /// Every batch that was written.
    pub(crate) batches: Vec<Vec<Write>>,
}

impl Device {
    /// A new device of Ana's that has loaded its (empty) store.
    pub(crate) fn new() -> Self {
        Self::with(BTreeMap::new())
    }

    /// One that has this in its store.
    pub(crate) fn with(store: BTreeMap<String, String>) -> Self {
        let mut device = Self::asleep(store);
        device.start();
        device
    }

    /// One whose program has not started.
    pub(crate) fn asleep(store: BTreeMap<String, String>) -> Self {
        Self {
            engine: Engine::new(ana()),
            store,
            now: NOW,
            seed: 7,
            connecting: Vec::new(),
            open: Vec::new(),
            sent: Vec::new(),
            signals: Vec::new(),
            changed: Vec::new(),
            answers: Vec::new(),
            refused: Vec::new(),
            signed_out: None,
            outdated: false,
            not_kept: 0,
            wake: None,
            watched: true,
            seen: None,
            slow_store: false,
            loads: Vec::new(),
            batches: Vec::new(),
        }
    }

    pub(crate) fn start(&mut self) {
        let (now, mut seed) = (self.now, self.seed);
        let outputs = self.engine.start(now, &mut |bytes| fill(&mut seed, bytes));
        self.seed = seed;
        self.carry_out(outputs);
    }

    /// A new program over the same store.
    pub(crate) fn reload(&self) -> Self {
        let mut device = Self::asleep(self.store.clone());
        device.watched = self.watched;
        device.now = self.now + 1_000;
        device.seed = self.seed.wrapping_add(1);
        device.start();
        device
    }

    pub(crate) fn input(&mut self, input: Input) {
        let what: String = format!("{input:?}").chars().take(200).collect();
        let (now, mut seed) = (self.now, self.seed);
        let outputs = self.engine.handle(now, &mut |bytes| fill(&mut seed, bytes), input);
        self.seed = seed;
        if self.watched {
            let seen = Seen::of(&self.engine);
            let before = self.seen.replace(seen.clone()).unwrap_or(seen.clone());
            for (view, same) in before.compare(&seen) {
                let told = outputs.contains(&Output::Changed(view));
                assert!(told || same, "{view:?} changed in silence by {what}");
            }
        }
        self.carry_out(outputs);
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        let (mut loads, mut answers) = (Vec::new(), Vec::new());
        for output in outputs {
            match output {
                Output::Connect(link) => self.connecting.push(link),
                Output::Send(link, frame) => {
                    assert!(self.open.contains(&link), "{frame} over {link:?}, which is not open");
                    match read(link, &frame) {
                        Sent::Account(reference, AccountCommand::Present { away, watching }) => {
                            self.signals.push((away, watching));
                            answers.push((link, reference));
                        }
                        sent => self.sent.push((link, sent)),
                    }
                }
                Output::Disconnect(link) => {
                    let known = self.connecting.contains(&link) || self.open.contains(&link);
                    assert!(known, "{link:?} is not there to close");
                    self.connecting.retain(|other| *other != link);
                    self.open.retain(|other| *other != link);
                }
                Output::Store(batch) => self.write(batch),
                Output::Load { prefix } => loads.push(prefix),
                Output::WakeAt(at) => {
                    assert!(at > self.now, "it wakes for what it does not do");
                    self.wake = Some(at);
                }
                Output::Changed(view) => self.changed.push(view),
                Output::Answered(answer) => self.answers.push(answer),
                Output::Refused { alteration, reject } => {
                    self.refused.push((alteration, reject.code))
                }
                Output::Outdated => self.outdated = true,
                Output::NotKept => self.not_kept += 1,
                Output::SignedOut(reject) => self.signed_out = Some(reject),
            }
        }
        if self.slow_store {
            self.loads.extend(loads);
        } else {
            loads.into_iter().for_each(|prefix| self.answer_load(prefix));
        }
        for (link, reference) in answers {
            let reply = AccountReply::Done { version: 0 };
            self.hear(link, &AccountFrame::Reply { reference, reply });
        }
    }

    pub(crate) fn answer_load(&mut self, prefix: String) {
        let rows = self.store.range(prefix.clone()..);
        let rows = rows.take_while(|(key, _)| key.starts_with(&prefix));
        let rows = rows.map(|(key, value)| (key.clone(), value.clone())).collect();
        self.input(Input::Loaded { prefix, rows });
    }

    fn write(&mut self, batch: Vec<Write>) {
        for write in &batch {
            match write.clone() {
                Write::Put { key, value } => {
                    self.store.insert(key, value);
                }
                Write::Delete { key } => {
                    self.store.remove(&key);
                }
                Write::DeleteAll { prefix } => {
                    self.store.retain(|key, _| !key.starts_with(&prefix));
                }
            }
        }
        self.batches.push(batch);
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.input(Input::Do(action));
    }

    pub(crate) fn show(&mut self, conversation: ConversationId) {
        self.act(Action::Show(Some(conversation)));
    }

    pub(crate) fn write_message(&mut self, conversation: ConversationId, text: &str) {
        self.act(Action::Send {
            conversation,
            text: text.to_owned(),
            reply_to: None,
            files: Vec::new(),
        });
    }

    /// Lets time pass, with every wake at its time.
    pub(crate) fn wait(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(at) = self.wake.filter(|&at| at <= until) {
            self.now = self.now.max(at);
            self.wake = None;
            self.input(Input::Wake);
        }
        self.now = until;
    }

    /// The attempt that is under way to this actor.
    pub(crate) fn attempt(&self, mirror: Mirror) -> Option<Link> {
        self.connecting.iter().copied().find(|link| link.mirror == mirror)
    }

    /// Lets the attempt that is under way succeed.
    pub(crate) fn accept(&mut self, mirror: Mirror) -> Link {
        let link = self.attempt(mirror).unwrap_or_else(|| panic!("nothing connects to {mirror:?}"));
        self.connecting.retain(|other| *other != link);
        self.open.push(link);
        self.input(Input::Opened(link));
        link
    }

    /// Ends a socket from the other side.
    pub(crate) fn close(&mut self, link: Link) {
        self.connecting.retain(|other| *other != link);
        self.open.retain(|other| *other != link);
        self.input(Input::Closed(link));
    }

    /// The service sends a frame.
    pub(crate) fn hear(&mut self, link: Link, frame: &impl Serialize) {
        self.hear_text(link, &serde_json::to_string(frame).expect("writes"));
    }

    pub(crate) fn hear_text(&mut self, link: Link, text: &str) {
        self.input(Input::Frame(link, text.to_owned()));
    }

    /// What was sent over a link since somebody asked last.
    pub(crate) fn sent(&mut self, link: Link) -> Vec<Sent> {
        let (these, others) = self.sent.drain(..).partition(|(over, _)| *over == link);
        self.sent = others;
        let these: Vec<(Link, Sent)> = these;
        these.into_iter().map(|(_, sent)| sent).collect()
    }

    /// The only thing that was sent over a link.
    pub(crate) fn only(&mut self, link: Link) -> Sent {
        let mut sent = self.sent(link);
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }

    /// The messages that were sent over a link: reference, id and text.
    pub(crate) fn messages_sent(&mut self, link: Link) -> Vec<(u32, MessageId, String)> {
        let sent = self.sent(link).into_iter();
        let messages = sent.filter_map(|sent| match sent {
            Sent::Conversation(reference, ConversationCommand::Send { id, text, .. }) => {
                Some((reference, id, text))
            }
            _ => None,
        });
        messages.collect()
    }

    /// Brings the account into step: Ana's profile and these entries, at version 10.
    pub(crate) fn online(&mut self, entries: Vec<Entry>) -> Link {
        let link = self.accept(Mirror::Account);
        self.take_hello(link);
        let rows = std::iter::once(profile()).chain(entries.into_iter().map(AccountRow::Entry));
        self.hear(link, &account_reset(rows.collect(), 10));
        link
    }

    /// Brings a conversation that connects into step, from nothing.
    pub(crate) fn join(
        &mut self,
        conversation: ConversationId,
        rows: Vec<ConversationRow>,
    ) -> Link {
        let newest = rows.iter().map(|row| match row {
            ConversationRow::Message(message) => message.version,
            _ => 1,
        });
        let version = newest.max().unwrap_or(0);
        let link = self.accept(Mirror::Conversation(conversation));
        self.take_hello(link);
        self.hear(link, &reset(rows, version));
        link
    }

    /// What opens every link is out of the way.
    fn take_hello(&mut self, link: Link) {
        let hello = |(over, sent): &(Link, Sent)| *over == link && matches!(sent, Sent::Hello(_));
        let at = self.sent.iter().position(hello).expect("a hello");
        self.sent.remove(at);
    }

    /// Lets time pass until an attempt is under way.
    pub(crate) fn wait_for_attempt(&mut self) {
        while self.connecting.is_empty() {
            self.wait(10);
        }
    }

    /// What the window shows, a line a row.
    pub(crate) fn lines(&self) -> Vec<String> {
        let rows = self.engine.timeline().rows;
        rows.iter().map(|row| line(&row.item)).collect()
    }

    /// The `seq`s of the window's messages.
    pub(crate) fn seqs(&self) -> Vec<u64> {
        let rows = self.engine.timeline().rows;
        rows.iter()
            .filter_map(|row| match row.item {
                Item::Message { seq, .. } => seq,
                _ => None,
            })
            .collect()
    }

    /// The keys in the store that begin with this.
    pub(crate) fn stored(&self, prefix: &str) -> Vec<&str> {
        self.store.keys().map(String::as_str).filter(|key| key.starts_with(prefix)).collect()
    }

    /// The inbox, a line an item: title, unread, preview.
    pub(crate) fn inbox(&self) -> Vec<String> {
        let items = self.engine.inbox().expect("an inbox");
        items
            .iter()
            .map(|item| {
                let preview = item.preview.as_ref().map_or_else(String::new, |preview| {
                    format!("{}: {}{}", preview.author_name, preview.text, mark(preview.state))
                });
                format!("{} ({}) {preview}", item.title, item.unread)
            })
            .collect()
    }
}

fn mark(state: MessageState) -> String {
    match state {
        MessageState::Sent => String::new(),
        MessageState::Delivered => " ✓".to_owned(),
        MessageState::Read => " ✓✓".to_owned(),
        MessageState::Sending => " …".to_owned(),
        MessageState::Failed(code) => format!(" !{}", code.as_str()),
    }
}

fn line(item: &Item) -> String {
    match item {
        Item::Message { seq, author_name, text, state, .. } => {
            let seq = seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
            let text = text.as_deref().unwrap_or("?");
            format!("{seq} {author_name}: {text}{}", mark(*state))
        }
        Item::Joined { person } => format!("{} joined", person.display_name),
        Item::Left { person, removed: false } => format!("{} left", person.display_name),
        Item::Left { person, removed: true } => format!("{} was removed", person.display_name),
    }
}

fn read(link: Link, frame: &str) -> Sent {
    if frame == "ping" {
        return Sent::Ping;
    }
    match link.mirror {
        Mirror::Account => match serde_json::from_str(frame).expect("a frame") {
            ClientFrame::Hello { cursor } => Sent::Hello(cursor),
            ClientFrame::Call { reference, command } => Sent::Account(reference, command),
            ClientFrame::Unknown => panic!("{frame}"),
        },
        Mirror::Conversation(_) => match serde_json::from_str(frame).expect("a frame") {
            ClientFrame::Hello { cursor } => Sent::Hello(cursor),
            ClientFrame::Call { reference, command } => Sent::Conversation(reference, command),
            ClientFrame::Unknown => panic!("{frame}"),
        },
    }
}

/// A generator that is good enough to tell ids apart (SplitMix64).
pub(crate) fn fill(seed: &mut u64, bytes: &mut [u8]) {
    for byte in bytes {
        *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *byte = (z ^ (z >> 31)) as u8;
    }
}
