//! What this device has still to say: each message from the moment it is written until the history
//! holds it.
//!
//! Every change here is written to the local store in the same step.

use tideline_shared::protocol::{Body, File, Quote};
use tideline_shared::{Code, ConversationId, FileId, MessageId, Timestamp};

use crate::keys::{self, Sent, Waiting};
use crate::read_json;
use crate::sorted::SortedMap;
use crate::step::Step;
use crate::view::{Upload, View};

/// Where a message stands in the order of writing: by its number, which rises whatever the clock
/// does; the id tells apart what two tabs wrote at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) id: MessageId,
}

/// How far a message of the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// To be sent, but not before a time; after so many tries that the service put off.
    Waiting { not_before: u64, tries: u32 },
    /// Refused.
    Failed(Code),
    /// Acknowledged, but there is a hole between the history and it.
    Sent(Sent),
}

impl State {
    const NOW: Self = Self::Waiting { not_before: 0, tries: 0 };
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) text: String,
    /// What it answers, as that was when this was written.
    pub(crate) reply_to: Option<Quote>,
    pub(crate) files: Vec<File>,
    /// Those of its files that have not arrived: it waits for them, and what was written later waits for it.
    pub(crate) missing: Vec<FileId>,
    /// When it was written, by the device's clock.
    pub(crate) at: Timestamp,
    pub(crate) state: State,
}

impl Item {
    /// What the message will hold.
    pub(crate) fn body(&self) -> Body {
        let text = self.text.clone();
        if self.files.is_empty() {
            Body::Text { text }
        } else {
            Body::Files { text, files: self.files.clone() }
        }
    }
}

/// The messages of one conversation, in their order.
pub(crate) type Queue = SortedMap<Order, Item>;

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queues: SortedMap<ConversationId, Queue>,
    places: SortedMap<MessageId, (ConversationId, Order)>,
    last: u64,
}

impl Outbox {
    /// Takes in what was stored. What cannot be read stays where it is, for a program that can.
    pub(crate) fn load(&mut self, step: &mut Step<'_>, rows: &[(String, String)]) {
        for (key, value) in rows {
            let Some((number, id)) = keys::outbox_order(key) else { continue };
            let Ok(stored) = read_json::<Waiting>(value) else { continue };
            // Two tabs tried the same message again: the later place counts.
            if self.places.contains_key(&id) {
                self.take(step, id);
            }
            let state = match (stored.sent, stored.failed) {
                (Some(sent), _) => State::Sent(sent),
                (None, Some(code)) => State::Failed(code),
                (None, None) => State::NOW,
            };
            let Waiting { text, reply_to, files, missing, at, .. } = stored;
            let item = Item { text, reply_to, files, missing, at, state };
            self.last = self.last.max(number);
            self.insert(stored.conversation, Order { number, id }, item);
        }
        step.changed(View::Uploads);
    }

    /// Puts a message at the end, whose files have yet to arrive. `refused` says that it cannot be sent as it
    /// is.
    pub(crate) fn write(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        id: MessageId,
        (text, reply_to, files): (String, Option<Quote>, Vec<File>),
        refused: Option<Code>,
    ) {
        let state = refused.map_or(State::NOW, State::Failed);
        let order = self.next_order(step.now, id);
        let at = Timestamp(step.now);
        let missing = files.iter().map(|file| file.id).collect();
        self.insert(conversation, order, Item { text, reply_to, files, missing, at, state });
        self.save(step, id);
    }

    /// A file has arrived at the service.
    pub(crate) fn arrived(&mut self, step: &mut Step<'_>, file: FileId) {
        for id in self.missing(file) {
            if let Some(item) = self.get_mut(id) {
                item.missing.retain(|missing| *missing != file);
                self.save(step, id);
            }
        }
    }

    /// The messages that wait for a file.
    pub(crate) fn missing(&self, file: FileId) -> Vec<MessageId> {
        let uploads = self.uploads().into_iter().filter(|upload| upload.file.id == file);
        uploads.map(|upload| upload.message).collect()
    }

    /// The files that messages wait for, in their order.
    pub(crate) fn uploads(&self) -> Vec<Upload> {
        let mut uploads = Vec::new();
        for (conversation, _) in self.queues() {
            for (&Order { id: message, .. }, item) in self.waiting(conversation) {
                let missing = item.files.iter().filter(|file| item.missing.contains(&file.id));
                uploads.extend(missing.map(|file| Upload {
                    conversation,
                    message,
                    file: file.clone(),
                }));
            }
        }
        uploads
    }

    /// Whether a file belongs to a message that is here.
    pub(crate) fn carries(&self, file: FileId) -> bool {
        let mut items = self.queues.values().flatten();
        items.any(|(_, item)| item.files.iter().any(|carried| carried.id == file))
    }

    /// Moves a failed message to the end, to be tried again. Where the service does not have its files (any
    /// more), they are brought once more, from the beginning.
    pub(crate) fn retry(&mut self, step: &mut Step<'_>, id: MessageId) {
        let Some((conversation, mut item)) = self.take(step, id) else { return };
        if matches!(item.state, State::Failed(Code::UnknownFile | Code::FileIncomplete)) {
            item.missing = item.files.iter().map(|file| file.id).collect();
            for &file in &item.missing {
                step.delete(keys::parts(conversation, file));
            }
        }
        item.state = State::NOW;
        let order = self.next_order(step.now, id);
        self.insert(conversation, order, item);
        self.save(step, id);
    }

    /// Takes a message out, and what is kept of its files: the history holds it, or nobody wants it any more.
    /// The conversation it was for, if there was one.
    pub(crate) fn remove(
        &mut self,
        step: &mut Step<'_>,
        id: MessageId,
    ) -> Option<(ConversationId, Item)> {
        let (conversation, item) = self.take(step, id)?;
        for file in &item.files {
            step.delete(keys::bytes(conversation, file.id));
            step.delete(keys::parts(conversation, file.id));
        }
        Some((conversation, item))
    }

    fn take(&mut self, step: &mut Step<'_>, id: MessageId) -> Option<(ConversationId, Item)> {
        let (conversation, order) = self.places.remove(&id)?;
        let queue = self.queues.get_mut(&conversation)?;
        let item = queue.remove(&order)?;
        if queue.is_empty() {
            self.queues.remove(&conversation);
        }
        step.delete(keys::outbox(order.number, id));
        if !item.missing.is_empty() {
            step.changed(View::Uploads);
        }
        Some((conversation, item))
    }

    /// The service refused a message for good.
    pub(crate) fn fail(&mut self, step: &mut Step<'_>, id: MessageId, code: Code) {
        self.set(id, State::Failed(code));
        self.save(step, id);
    }

    /// The service refused everything that waits for this conversation.
    pub(crate) fn fail_all(
        &mut self,
        step: &mut Step<'_>,
        conversation: ConversationId,
        code: Code,
    ) {
        let ids: Vec<MessageId> = self.waiting(conversation).map(|(order, _)| order.id).collect();
        for id in ids {
            self.fail(step, id, code);
        }
    }

    /// The service acknowledged a message that the history does not reach yet.
    pub(crate) fn acknowledge(&mut self, step: &mut Step<'_>, id: MessageId, sent: Sent) {
        self.set(id, State::Sent(sent));
        self.save(step, id);
    }

    /// The service asks to wait.
    pub(crate) fn put_off(&mut self, id: MessageId, not_before: u64) {
        if let Some(Item { state: State::Waiting { tries, .. }, .. }) = self.get(id) {
            let tries = tries.saturating_add(1);
            self.set(id, State::Waiting { not_before, tries });
        }
    }

    /// How often the service has put a message off.
    pub(crate) fn tries(&self, id: MessageId) -> u32 {
        match self.get(id) {
            Some(Item { state: State::Waiting { tries, .. }, .. }) => *tries,
            _ => 0,
        }
    }

    pub(crate) fn get(&self, id: MessageId) -> Option<&Item> {
        let (conversation, order) = self.places.get(&id)?;
        self.queues.get(conversation)?.get(order)
    }

    /// For which conversation a message is.
    pub(crate) fn conversation_of(&self, id: MessageId) -> Option<ConversationId> {
        self.places.get(&id).map(|(conversation, _)| *conversation)
    }

    pub(crate) fn queue(&self, conversation: ConversationId) -> Option<&Queue> {
        self.queues.get(&conversation)
    }

    /// The queues that are not empty.
    pub(crate) fn queues(&self) -> impl Iterator<Item = (ConversationId, &Queue)> {
        self.queues.iter().map(|(&conversation, queue)| (conversation, queue))
    }

    /// What waits to be sent to a conversation, in order.
    pub(crate) fn waiting(
        &self,
        conversation: ConversationId,
    ) -> impl Iterator<Item = (&Order, &Item)> {
        let items = self.queues.get(&conversation).into_iter().flatten();
        items.filter(|(_, item)| matches!(item.state, State::Waiting { .. }))
    }

    /// Acknowledged messages of a conversation that its mirror must hold by now: everything up to
    /// a version that has been seen.
    pub(crate) fn settled(&self, conversation: ConversationId, version: u64) -> Vec<MessageId> {
        let items = self.queues.get(&conversation).into_iter().flatten();
        let settled = items
            .filter(|(_, item)| matches!(item.state, State::Sent(sent) if sent.version <= version));
        settled.map(|(order, _)| order.id).collect()
    }

    fn next_order(&mut self, now: u64, id: MessageId) -> Order {
        self.last = now.max(self.last.saturating_add(1));
        Order { number: self.last, id }
    }

    fn insert(&mut self, conversation: ConversationId, order: Order, item: Item) {
        self.queues.get_or_insert_with(conversation, SortedMap::new).insert(order, item);
        self.places.insert(order.id, (conversation, order));
    }

    fn get_mut(&mut self, id: MessageId) -> Option<&mut Item> {
        let (conversation, order) = self.places.get(&id)?;
        self.queues.get_mut(conversation)?.get_mut(order)
    }

    fn set(&mut self, id: MessageId, state: State) {
        if let Some(item) = self.get_mut(id) {
            item.state = state;
        }
    }

    fn save(&self, step: &mut Step<'_>, id: MessageId) {
        let Some((conversation, order)) = self.places.get(&id) else { return };
        let Some(item) = self.get(id) else { return };
        let (failed, sent) = match item.state {
            State::Waiting { .. } => (None, None),
            State::Failed(code) => (Some(code), None),
            State::Sent(sent) => (None, Some(sent)),
        };
        let Item { text, reply_to, files, missing, at, .. } = item.clone();
        let conversation = *conversation;
        let row = Waiting { conversation, text, reply_to, files, missing, at, failed, sent };
        step.put(keys::outbox(order.number, id), &row);
        if !row.files.is_empty() {
            step.changed(View::Uploads);
        }
    }
}
