//! A service in a few lines: what the frames mean, without any of the reasons to fail.

use std::collections::{BTreeMap, BTreeSet};

use tideline_client::{Link, Mirror};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, Body, ConversationCommand, ConversationReply,
    ConversationRow, Entry, Message, ServerFrame,
};
use tideline_shared::{ConversationId, MessageId, Reject, UserId};

use crate::kit::*;

/// A device further behind than this many rows gets a reset.
const BUDGET: usize = 40;
/// Rows in one page.
const PAGE: usize = 7;
const HISTORY: usize = tideline_shared::limits::PAGE_MESSAGES as usize;

/// One actor's side of its mirrors.
#[derive(Default)]
struct Actor<R> {
    version: u64,
    /// Every row with the version that wrote it.
    log: Vec<(u64, R)>,
    live: BTreeSet<Link>,
}

impl<R: Clone> Actor<R> {
    /// The rows after a cursor, unless these are too many.
    fn since(&self, cursor: Option<u64>) -> Option<Vec<R>> {
        let cursor = cursor.filter(|&cursor| cursor <= self.version)?;
        let rows = self.log.iter().filter(|(version, _)| *version > cursor);
        let rows: Vec<R> = rows.map(|(_, row)| row.clone()).collect();
        (rows.len() <= BUDGET).then_some(rows)
    }
}

pub(crate) struct Talk {
    actor: Actor<ConversationRow>,
    pub(crate) messages: Vec<Message>,
    /// Up to where the account was told.
    told: u64,
}

pub(crate) struct Model {
    account: Actor<AccountRow>,
    pub(crate) entries: BTreeMap<ConversationId, Entry>,
    pub(crate) talks: BTreeMap<ConversationId, Talk>,
    /// What Ana said, by conversation.
    pub(crate) arrived: BTreeSet<(ConversationId, String)>,
    /// The next send is put off.
    pub(crate) busy: bool,
    /// Frames on their way to the device.
    pub(crate) down: Vec<(Link, String)>,
}

impl Model {
    pub(crate) fn new(conversations: &[ConversationId]) -> Self {
        let mut model = Self {
            account: Actor { version: 1, log: vec![(1, profile())], live: BTreeSet::new() },
            entries: BTreeMap::new(),
            talks: BTreeMap::new(),
            arrived: BTreeSet::new(),
            busy: false,
            down: Vec::new(),
        };
        for &id in conversations {
            let log = empty().into_iter().map(|row| (1, row)).collect();
            let actor = Actor { version: 1, log, live: BTreeSet::new() };
            model.talks.insert(id, Talk { actor, messages: Vec::new(), told: 0 });
            model.entries.insert(id, entry(id, 0, 0));
            model.tell(id);
        }
        model
    }

    fn push<R: serde::Serialize, A: serde::Serialize>(
        &mut self,
        link: Link,
        frame: &ServerFrame<R, A>,
    ) {
        self.down.push((link, serde_json::to_string(frame).expect("writes")));
    }

    fn pages<R: Clone + serde::Serialize>(
        &mut self,
        link: Link,
        from: u64,
        version: u64,
        reset: bool,
        rows: &[R],
    ) {
        let mut pages: Vec<&[R]> = rows.chunks(PAGE).collect();
        if pages.is_empty() {
            pages.push(&[]);
        }
        let last = pages.len() - 1;
        for (n, rows) in pages.into_iter().enumerate() {
            let done = n == last;
            let cursor = if done { version } else { from };
            let reset = reset && n == 0;
            let rows = rows.to_vec();
            self.push(link, &ServerFrame::<R, ()>::Page { reset, rows, cursor, done });
        }
    }

    /// Nobody listens there any more.
    pub(crate) fn forget(&mut self, link: Link) {
        self.account.live.remove(&link);
        self.talks.values_mut().for_each(|talk| {
            talk.actor.live.remove(&link);
        });
    }

    pub(crate) fn handle(&mut self, link: Link, sent: Sent) {
        match (link.mirror, sent) {
            (_, Sent::Ping) => self.down.push((link, "pong".to_owned())),
            (Mirror::Account, Sent::Hello(cursor)) => self.account_hello(link, cursor),
            (Mirror::Conversation(id), Sent::Hello(cursor)) => self.hello(link, id, cursor),
            (_, Sent::Account(reference, command)) => self.account_call(link, reference, command),
            (Mirror::Conversation(id), Sent::Conversation(reference, command)) => {
                self.call(link, id, reference, command);
            }
            (Mirror::Account, Sent::Conversation(..)) => panic!("to the wrong actor"),
        }
    }

    fn account_hello(&mut self, link: Link, cursor: Option<u64>) {
        let version = self.account.version;
        let (reset, rows) = match self.account.since(cursor) {
            Some(rows) => (false, rows),
            None => {
                let entries = self.entries.values().cloned().map(AccountRow::Entry);
                (true, std::iter::once(profile()).chain(entries).collect())
            }
        };
        self.pages(link, cursor.unwrap_or(0), version, reset, &rows);
        self.account.live.insert(link);
    }

    fn hello(&mut self, link: Link, id: ConversationId, cursor: Option<u64>) {
        let talk = &self.talks[&id];
        let version = talk.actor.version;
        let (reset, rows) = match talk.actor.since(cursor) {
            Some(rows) => (false, rows),
            None => {
                let newest = talk.messages.len().saturating_sub(HISTORY);
                let mut all = empty();
                all.extend(rows(talk.messages[newest..].iter().cloned()));
                (true, all)
            }
        };
        self.pages(link, cursor.unwrap_or(0), version, reset, &rows);
        self.talks.get_mut(&id).expect("known").actor.live.insert(link);
    }

    fn account_call(&mut self, link: Link, reference: u32, command: AccountCommand) {
        let AccountCommand::Read { conversation, seq } = command else { panic!("{command:?}") };
        let entry = self.entries.get_mut(&conversation).expect("known");
        let seq = seq.min(entry.last_seq);
        if seq > entry.read_seq {
            entry.read_seq = seq;
            let entry = self.unread(conversation);
            self.announce_account(vec![AccountRow::Entry(entry)]);
        }
        let version = self.account.version;
        let reply = AccountReply::Done { version };
        self.push(link, &AccountFrame::Reply { reference, reply });
    }

    /// The entry with what is unread counted anew.
    fn unread(&mut self, id: ConversationId) -> Entry {
        let messages = &self.talks[&id].messages;
        let entry = self.entries.get_mut(&id).expect("known");
        let heard = messages.iter().filter(|message| message.seq <= entry.last_seq);
        let unread = heard.filter(|m| m.seq > entry.read_seq && m.author != ana());
        entry.unread = unread.count() as u64;
        entry.clone()
    }

    fn call(
        &mut self,
        link: Link,
        id: ConversationId,
        reference: u32,
        command: ConversationCommand,
    ) {
        let reply = match command {
            ConversationCommand::Send { .. } if std::mem::take(&mut self.busy) => {
                let reject = Reject::rate_limited(150);
                let reference = Some(reference);
                return self.push(link, &ConversationFrame::Rejected { reference, reject });
            }
            ConversationCommand::Send { id: message, text, .. } => {
                let Message { id, seq, version, at, .. } = self.say(id, ana(), message, &text);
                ConversationReply::Sent { id, seq, version, at }
            }
            ConversationCommand::History { before, after, .. } => {
                let messages = &self.talks[&id].messages;
                let messages: Vec<Message> = match (before, after) {
                    (_, Some(after)) => {
                        messages.iter().filter(|m| m.seq > after).take(HISTORY).cloned().collect()
                    }
                    (before, None) => {
                        let before = before.unwrap_or(u64::MAX);
                        let older: Vec<_> = messages.iter().filter(|m| m.seq < before).collect();
                        let newest = older.len().saturating_sub(HISTORY);
                        older[newest..].iter().map(|message| (*message).clone()).collect()
                    }
                };
                ConversationReply::History { messages }
            }
            other => panic!("{other:?}"),
        };
        self.push(link, &ConversationFrame::Reply { reference, reply });
    }

    /// Stores a message, unless it is stored already.
    pub(crate) fn say(
        &mut self,
        conversation: ConversationId,
        author: UserId,
        id: MessageId,
        text: &str,
    ) -> Message {
        let talk = self.talks.get_mut(&conversation).expect("known");
        if let Some(known) = talk.messages.iter().find(|message| message.id == id) {
            return known.clone();
        }
        let mut new = message(talk.messages.len() as u64 + 1, author, id, text);
        new.version = talk.actor.version + 1;
        talk.messages.push(new.clone());
        if author == ana() {
            self.arrived.insert((conversation, text.to_owned()));
        }
        self.announce(conversation, ConversationRow::Message(new.clone()));
        new
    }

    /// Changes one of Ben's messages.
    pub(crate) fn edit(&mut self, conversation: ConversationId, nth: usize) {
        let talk = self.talks.get_mut(&conversation).expect("known");
        let version = talk.actor.version + 1;
        let mut bens = talk.messages.iter_mut().filter(|message| message.author == ben());
        let Some(message) = bens.nth(nth) else { return };
        message.version = version;
        message.body = Body::Text { text: format!("edited in version {version}") };
        let row = ConversationRow::Message(message.clone());
        // What is served are final states: the row's earlier one is not there any more.
        let seq = message.seq;
        talk.actor
            .log
            .retain(|(_, row)| !matches!(row, ConversationRow::Message(m) if m.seq == seq));
        self.announce(conversation, row);
    }

    fn announce(&mut self, conversation: ConversationId, row: ConversationRow) {
        let actor = &mut self.talks.get_mut(&conversation).expect("known").actor;
        actor.version += 1;
        let version = actor.version;
        actor.log.push((version, row.clone()));
        for link in actor.live.clone() {
            let rows = vec![row.clone()];
            self.push(link, &ConversationFrame::Change { version, rows });
        }
    }

    fn announce_account(&mut self, rows: Vec<AccountRow>) {
        self.account.version += 1;
        let version = self.account.version;
        for row in &rows {
            if let AccountRow::Entry(new) = row {
                let id = new.conversation;
                self.account.log.retain(
                    |(_, row)| !matches!(row, AccountRow::Entry(e) if e.conversation == id),
                );
            }
            self.account.log.push((version, row.clone()));
        }
        for link in self.account.live.clone() {
            self.push(link, &account_change(version, rows.clone()));
        }
    }

    /// The fan-out: brings the account what is new in a conversation.
    pub(crate) fn tell(&mut self, id: ConversationId) {
        let talk = self.talks.get_mut(&id).expect("known");
        let new: Vec<Message> =
            talk.messages.iter().filter(|message| message.version > talk.told).cloned().collect();
        if talk.told == talk.actor.version {
            return;
        }
        talk.told = talk.actor.version;
        let last = talk.messages.last().cloned();
        let entry = self.entries.get_mut(&id).expect("known");
        if let Some(last) = last {
            let mut newer = crate::kit::entry(id, last.seq, 0);
            newer.read_seq = entry.read_seq;
            if let Some(preview) = &mut newer.preview {
                preview.author = last.author;
                preview.author_name = name(last.author);
                preview.text = last.body.text().unwrap_or_default().to_owned();
            }
            *entry = newer;
        }
        let own = new.iter().filter(|message| message.author == ana()).map(|message| message.seq);
        entry.read_seq = entry.read_seq.max(own.max().unwrap_or(0));
        let entry = self.unread(id);
        let mut rows = vec![AccountRow::Entry(entry)];
        rows.extend(new.into_iter().map(|message| delivered(id, message)));
        self.announce_account(rows);
    }
}
