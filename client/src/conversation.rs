//! The mirror of one conversation: its record, its members, its messages, and what the local store
//! keeps of them.

use tideline_shared::protocol::{ConversationRow, Member, Message, Receipt, Record};
use tideline_shared::{Code, ConversationId, MessageId, UserId};

use crate::cursor::Cursor;
use crate::history::History;
use crate::keys::{self, ConversationHead, FORMAT};
use crate::place::{self, Place};
use crate::read_json;
use crate::sorted::{SortedMap, SortedSet};
use crate::step::Step;
use crate::view::MessageState;

/// How many of the newest messages of a conversation the local store keeps: what somebody without
/// a network may want to look up, without filling their disk.
pub(crate) const STORED_MESSAGES: u64 = 1_000;

/// How many receipts are kept: of the two who have read furthest, whoever looks, and their own.
const RECEIPTS: usize = 3;

/// Whether the rows are in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rows {
    #[default]
    Stored,
    /// Asked for; so many answers are missing.
    Loading(u8),
    Held,
}

/// What rows of the conversation mean for the rest of the device.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// Messages that came.
    pub(crate) said: Vec<MessageId>,
    /// Whether the record or the members changed.
    pub(crate) people: bool,
}

#[derive(Debug)]
pub(crate) struct Conversation {
    id: ConversationId,
    rows: Rows,
    pub(crate) cursor: Cursor,
    pub(crate) record: Option<Record>,
    /// How far members have read, the furthest first.
    receipts: Vec<Receipt>,
    pub(crate) members: SortedMap<UserId, Member>,
    pub(crate) moves: SortedSet<Place>,
    pub(crate) history: History,
    /// How much of it the local store holds, in bytes: exact when the rows were read, an estimate from then on.
    pub(crate) stored: u64,
    /// Rises whenever a pinned message comes, goes or changes.
    pub(crate) pins: u64,
    /// The pages of a reset, until the last of them is here: nothing is forgotten before what
    /// takes its place has come.
    reset: Option<Vec<ConversationRow>>,
    /// Why the service lets nobody in.
    pub(crate) refused: Option<Code>,
    /// The link is kept until then, for what may be said next.
    pub(crate) linger_until: u64,
    /// When it was on the screen last.
    pub(crate) shown_at: u64,
}

impl Conversation {
    pub(crate) fn new(id: ConversationId) -> Self {
        Self {
            id,
            rows: Rows::Stored,
            cursor: Cursor::default(),
            record: None,
            receipts: Vec::new(),
            members: SortedMap::new(),
            moves: SortedSet::new(),
            history: History::default(),
            stored: 0,
            pins: 0,
            reset: None,
            refused: None,
            linger_until: 0,
            shown_at: 0,
        }
    }

    /// Takes in the head as it was stored.
    pub(crate) fn load_head(&mut self, value: &str) {
        if let Ok(head) = read_json::<ConversationHead>(value)
            && head.format == FORMAT
        {
            self.cursor = Cursor::stored(head.cursor);
            self.record = head.record;
            self.receipts = head.receipts;
            self.stored = head.stored;
        }
    }

    /// The prefixes to load, the first time that the rows are needed.
    pub(crate) fn load(&mut self) -> Vec<String> {
        if self.rows != Rows::Stored {
            return Vec::new();
        }
        let prefixes = vec![keys::members(self.id), keys::messages(self.id)];
        self.rows = Rows::Loading(2);
        prefixes
    }

    pub(crate) fn is_held(&self) -> bool {
        self.rows == Rows::Held
    }

    /// Lets the rows go; the store has them.
    pub(crate) fn release(&mut self) {
        if self.is_held() {
            self.rows = Rows::Stored;
            self.members = SortedMap::new();
            self.moves = SortedSet::new();
            self.history = History::default();
        }
    }

    /// Forgets everything: it is none of this person's any more.
    pub(crate) fn clear(&mut self) {
        let (rows, shown_at) = (self.rows, self.shown_at);
        *self = Self { rows, shown_at, ..Self::new(self.id) };
    }

    pub(crate) fn load_members(&mut self, rows: &[(String, String)]) {
        let Rows::Loading(_) = self.rows else { return };
        if rows.is_empty() {
            // Nobody is in it: another tab let go of it, and this cursor stands for nothing.
            self.cursor.forget();
        }
        for (key, value) in rows {
            match read_json::<Member>(value) {
                Ok(member) if *key == keys::member(self.id, member.person.user) => {
                    self.members.get_or_insert_with(member.person.user, || member);
                }
                _ => self.cursor.forget(),
            }
        }
        self.loaded();
    }

    pub(crate) fn load_messages(&mut self, step: &mut Step<'_>, rows: &[(String, String)]) {
        let Rows::Loading(_) = self.rows else { return };
        self.stored = rows.iter().map(|(key, value)| (key.len() + value.len()) as u64).sum();
        for (key, value) in rows {
            match read_json::<Message>(value) {
                Ok(message) if *key == keys::message(self.id, message.seq) => {
                    self.history.take(message);
                }
                _ => self.cursor.forget(),
            }
        }
        let tail = self.history.tail();
        for message in self.history.range(..=tail.saturating_sub(STORED_MESSAGES)) {
            step.delete(keys::message(self.id, message.seq));
            self.stored = self.stored.saturating_sub(self.stored / STORED_MESSAGES);
        }
        self.loaded();
    }

    fn loaded(&mut self) {
        if let Rows::Loading(missing) = self.rows {
            self.rows = if missing > 1 { Rows::Loading(missing - 1) } else { Rows::Held };
        }
        self.find_moves();
    }

    /// Applies a page. The store gets rows and cursor together.
    pub(crate) fn page(
        &mut self,
        step: &mut Step<'_>,
        reset: bool,
        rows: Vec<ConversationRow>,
        cursor: u64,
        done: bool,
    ) -> Applied {
        if reset && self.cursor.asked() {
            self.reset = Some(Vec::new());
        }
        if let Some(pages) = &mut self.reset {
            pages.extend(rows);
            if !done {
                return Applied::default();
            }
        } else if reset || !self.cursor.accepts(cursor) {
            return Applied::default();
        } else {
            let applied = self.apply(step, rows);
            self.cursor.page(cursor, done);
            self.save_head(step);
            return applied;
        }
        let rows = self.reset.take().unwrap_or_default();
        self.forget(step, cursor);
        let messages = rows.iter().filter(|row| matches!(row, ConversationRow::Message(_))).count();
        let first = rows.iter().find_map(|row| match row {
            ConversationRow::Message(message) => Some(message.seq),
            _ => None,
        });
        let applied = Applied { people: true, ..self.apply(step, rows) };
        if let Some(first) = first
            && messages < tideline_shared::limits::PAGE_MESSAGES as usize
        {
            self.history.starts_at(first);
        }
        self.cursor.page(cursor, done);
        self.save_head(step);
        applied
    }

    /// Forgets all rows, but for messages that are newer than what takes their place: those that
    /// came by way of the account or as an answer.
    fn forget(&mut self, step: &mut Step<'_>, cursor: u64) {
        // A cursor that steps back means that the service was set back: nothing here is newer.
        let set_back = self.cursor.at().is_some_and(|at| at > cursor);
        self.pins += 1;
        let old = std::mem::take(&mut self.history);
        step.delete_all(keys::members(self.id));
        step.delete_all(keys::messages(self.id));
        self.stored = 0;
        self.members.clear();
        self.receipts.clear();
        self.find_moves();
        for message in old.range(..).filter(|message| !set_back && message.version > cursor) {
            self.take(step, message.clone());
        }
    }

    /// Applies the rows of a live change whose version is the cursor's.
    pub(crate) fn change(&mut self, step: &mut Step<'_>, rows: Vec<ConversationRow>) -> Applied {
        let applied = self.apply(step, rows);
        self.save_head(step);
        applied
    }

    /// The link is gone, and with it the rest of a reset.
    pub(crate) fn lost(&mut self) {
        self.cursor.lost();
        self.reset = None;
    }

    fn apply(&mut self, step: &mut Step<'_>, rows: Vec<ConversationRow>) -> Applied {
        let mut applied = Applied::default();
        for row in rows {
            match row {
                ConversationRow::Record(record) => {
                    self.record = Some(record);
                    applied.people = true;
                }
                ConversationRow::Member(member) => {
                    step.put(keys::member(self.id, member.person.user), &member);
                    self.members.insert(member.person.user, member);
                    applied.people = true;
                }
                ConversationRow::Message(message) => {
                    applied.said.push(message.id);
                    // Of an older message that is not held nobody knows here whether it was pinned.
                    let held = self.history.get(message.seq).is_some();
                    self.pins += u64::from(!held && message.seq < self.history.tail());
                    self.take(step, message);
                }
                ConversationRow::Receipt(receipt) => self.take_receipt(receipt),
                // Never in a change.
                ConversationRow::Typing { .. } | ConversationRow::Unknown => {}
            }
        }
        if applied.people {
            self.find_moves();
        }
        applied
    }

    fn take_receipt(&mut self, receipt: Receipt) {
        self.receipts.retain(|known| known.user != receipt.user);
        if receipt.received.max(receipt.read) > 0 {
            let place = self.receipts.iter().take_while(|known| known.read >= receipt.read).count();
            self.receipts.insert(place, receipt);
            self.receipts.truncate(RECEIPTS);
        }
    }

    /// How far a message of `me` that is stored got, as far as others share it.
    pub(crate) fn reach(&self, me: UserId, seq: u64) -> MessageState {
        let others = || self.receipts.iter().filter(|receipt| receipt.user != me);
        if others().any(|receipt| receipt.read >= seq) {
            MessageState::Read
        } else if others().any(|receipt| receipt.received >= seq) {
            MessageState::Delivered
        } else {
            MessageState::Sent
        }
    }

    /// Takes a message in that the service sent over this conversation's own link.
    pub(crate) fn take(&mut self, step: &mut Step<'_>, message: Message) -> bool {
        let (seq, tail) = (message.seq, self.history.tail());
        let is_new = self.history.get(seq).is_none();
        let was_pinned = self.history.get(seq).is_some_and(|message| message.pinned_at.is_some());
        let pinned = was_pinned || message.pinned_at.is_some();
        if !self.history.take(message.clone()) {
            return false;
        }
        self.pins += u64::from(pinned);
        if seq.saturating_add(STORED_MESSAGES) > tail {
            self.store(step, &message, is_new);
        }
        true
    }

    /// Takes a message in that came by way of the account. Whether the conversation has it now.
    pub(crate) fn deliver(&mut self, step: &mut Step<'_>, message: Message) -> bool {
        // What the cursor covers was here in this version or a newer one; if it is not held, it
        // lies in a hole, and comes from there as it is then.
        if self.cursor.covers(message.version) {
            return true;
        }
        match self.rows {
            Rows::Stored => {
                self.store(step, &message, true);
                self.save_head(step);
            }
            // The link brings it in a moment, in its order.
            _ if self.cursor.in_step()
                && self.history.get(message.seq).is_none()
                && message.seq != self.history.tail().saturating_add(1) =>
            {
                return false;
            }
            Rows::Held => {
                self.take(step, message);
            }
            Rows::Loading(_) => {
                self.store(step, &message, true);
                self.history.take(message);
            }
        }
        true
    }

    /// The service acknowledged a message of this device. Whether it joins the history; over a hole
    /// it does not.
    pub(crate) fn acknowledge(&mut self, step: &mut Step<'_>, mut message: Message) -> bool {
        if self.history.holds(message.id) || self.cursor.covers(message.version) {
            return true;
        }
        let next = self.history.tail().checked_add(1) == Some(message.seq);
        if next && self.is_held() {
            // Of the version that is acknowledged, these are only the words: by now it may have reactions or a
            // card, or was edited. What the service has of that version takes the place of this.
            message.version = message.version.saturating_sub(1);
            self.take(step, message);
        }
        next && self.is_held()
    }

    /// Writes a message to the store, and takes the one out that is too many now.
    fn store(&mut self, step: &mut Step<'_>, message: &Message, is_new: bool) {
        let size = step.put(keys::message(self.id, message.seq), message);
        if is_new {
            self.stored = self.stored.saturating_add(size);
        }
        if message.seq > STORED_MESSAGES && message.seq >= self.history.tail() {
            step.delete(keys::message(self.id, message.seq - STORED_MESSAGES));
            if is_new {
                self.stored = self.stored.saturating_sub(self.stored / STORED_MESSAGES);
            }
        }
    }

    fn save_head(&self, step: &mut Step<'_>) {
        let record = self.record.clone();
        let receipts = self.receipts.clone();
        let (cursor, stored) = (self.cursor.at(), self.stored);
        let head = ConversationHead { format: FORMAT, cursor, record, receipts, stored };
        step.put(keys::conversation(self.id), &head);
    }

    fn find_moves(&mut self) {
        self.moves = place::moves(self.record.as_ref(), self.members.values());
    }
}
