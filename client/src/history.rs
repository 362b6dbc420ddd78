//! The messages of one conversation that this device holds, each once, by their order.

use tideline_shared::MessageId;
use tideline_shared::protocol::Message;

use crate::segments::{Segment, Segments};
use crate::sorted::SortedMap;

/// Messages in segments, with holes where this device was not told.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    messages: SortedMap<u64, Message>,
    seqs: SortedMap<MessageId, u64>,
    segments: Segments,
    /// The first message of all, where it is known not to be number 1.
    start: Option<u64>,
}

impl History {
    /// Takes a message in. Says whether that changed anything: what is held in the same or a newer
    /// version stays as it is.
    pub(crate) fn take(&mut self, message: Message) -> bool {
        let moved = self.seqs.get(&message.id).is_some_and(|&seq| seq != message.seq);
        let known = self.messages.get(&message.seq).map(|held| (held.id, held.version));
        match known {
            // A message never changes its place: whoever says so is not believed.
            _ if moved => return false,
            Some((_, version)) if version >= message.version => return false,
            Some((id, _)) => {
                self.seqs.remove(&id);
            }
            None => self.segments.insert(message.seq),
        }
        self.seqs.insert(message.id, message.seq);
        self.messages.insert(message.seq, message);
        true
    }

    /// What came first of all is held from `seq` on.
    pub(crate) fn starts_at(&mut self, seq: u64) {
        self.start = Some(seq);
    }

    /// Whether nothing was said before this message.
    pub(crate) fn is_start(&self, seq: u64) -> bool {
        seq <= 1 || self.start == Some(seq)
    }

    pub(crate) fn holds(&self, id: MessageId) -> bool {
        self.seqs.contains_key(&id)
    }

    pub(crate) fn get(&self, seq: u64) -> Option<&Message> {
        self.messages.get(&seq)
    }

    /// The newest message held.
    pub(crate) fn newest(&self) -> Option<&Message> {
        self.messages.last().map(|(_, message)| message)
    }

    /// The `seq` of the newest message held; 0 when none is.
    pub(crate) fn tail(&self) -> u64 {
        self.newest().map_or(0, |message| message.seq)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub(crate) fn segment(&self, seq: u64) -> Option<Segment> {
        self.segments.containing(seq)
    }

    pub(crate) fn newest_segment(&self) -> Option<Segment> {
        self.segments.newest()
    }

    /// The messages with these `seq`s that are held.
    pub(crate) fn range(
        &self,
        seqs: impl std::ops::RangeBounds<u64>,
    ) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.range(seqs).map(|(_, message)| message)
    }
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::Body;
    use tideline_shared::{Timestamp, UserId};

    use super::*;

    fn message(seq: u64, id: u8, version: u64) -> Message {
        let body = Body::Text { text: format!("version {version}") };
        let (id, author) = (MessageId::new(1, [id; 10]), UserId::new(1, [1; 10]));
        Message::new(id, seq, version, author, Timestamp(1), body)
    }

    #[test]
    fn only_a_newer_version_takes_the_place_of_an_older_one() {
        let mut history = History::default();
        assert!(history.take(message(1, 1, 5)));
        for (version, taken) in [(5, false), (4, false), (6, true), (5, false)] {
            assert_eq!(history.take(message(1, 1, version)), taken);
        }
        assert_eq!(history.newest().map(|message| message.version), Some(6));
    }

    #[test]
    fn a_message_is_held_once_by_its_id_as_by_its_place() {
        let mut history = History::default();
        history.take(message(1, 1, 5));
        assert!(!history.take(message(2, 1, 9)), "it does not move");
        assert!(history.take(message(1, 2, 9)), "a service that was set back gave its place away");
        assert!(!history.holds(MessageId::new(1, [1; 10])));
        assert_eq!(history.range(..).count(), 1);
    }

    #[test]
    fn the_start_is_the_first_message_or_what_was_said_to_be() {
        let mut history = History::default();
        history.take(message(40, 1, 5));
        assert!(history.is_start(1) && !history.is_start(40));
        history.starts_at(40);
        assert!(history.is_start(40));
    }
}
