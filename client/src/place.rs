//! The order of what a window shows: messages, who came and went between them, and the outbox.

use tideline_shared::UserId;
use tideline_shared::protocol::{Body, Kind, Member, Record};

use crate::history::History;
use crate::outbox::{Order, Queue};
use crate::segments::Segment;
use crate::sorted::{SortedSet, by_key};

/// Where a row stands. Sorts as the rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The message's `seq`; of what happened between messages, the one before.
    pub(crate) seq: u64,
    pub(crate) slot: Slot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Message,
    /// Somebody came or went.
    Move {
        at: u64,
        left: bool,
        user: UserId,
    },
    /// A message of the outbox.
    Waiting(Order),
}

impl Place {
    pub(crate) fn message(seq: u64) -> Self {
        Self { seq, slot: Slot::Message }
    }

    fn waiting(order: Order) -> Self {
        Self { seq: u64::MAX, slot: Slot::Waiting(order) }
    }
}

/// Who came and went, by place. Who made the conversation did not join it, and nobody comes or
/// goes in a direct one.
pub(crate) fn moves<'a>(
    record: Option<&Record>,
    members: impl Iterator<Item = &'a Member>,
) -> SortedSet<Place> {
    let Some(record) = record.filter(|record| record.kind == Kind::Group) else {
        return SortedSet::new();
    };
    let mut moves = SortedSet::new();
    for member in members {
        let user = member.person.user;
        if member.joined_seq > 0 || member.joined_at != record.created_at {
            let slot = Slot::Move { at: member.joined_at.0, left: false, user };
            moves.insert(Place { seq: member.joined_seq, slot });
        }
        if let Some(left) = member.left {
            let slot = Slot::Move { at: left.at.0, left: true, user };
            moves.insert(Place { seq: left.seq, slot });
        }
    }
    moves
}

/// The places of one segment, and of what is not sent: that comes last wherever the window is.
pub(crate) struct Places<'a> {
    history: &'a History,
    moves: &'a SortedSet<Place>,
    queue: Option<&'a Queue>,
    /// The segment's first message.
    oldest: u64,
    /// Places from here on…
    first: Place,
    /// …and before this one; after it comes the outbox only.
    end: Place,
}

impl<'a> Places<'a> {
    /// What is around this segment. With none, nothing was said yet.
    pub(crate) fn new(
        history: &'a History,
        moves: &'a SortedSet<Place>,
        queue: Option<&'a Queue>,
        segment: Option<Segment>,
    ) -> Self {
        let (first, last) = match segment {
            None => (0, 0),
            Some(Segment { first, last }) if history.is_start(first) => (0, last),
            Some(Segment { first, last }) => (first, last),
        };
        Self {
            history,
            moves,
            queue,
            oldest: segment.map_or(0, |segment| segment.first),
            first: Place::message(first),
            end: Place::message(last.saturating_add(1)),
        }
    }

    pub(crate) fn first(&self) -> Place {
        self.first
    }

    /// Up to `most` places next above this one (above the end, for none), oldest first.
    pub(crate) fn above(&self, place: Option<Place>, most: usize) -> Vec<Place> {
        let end = place.map_or(self.end, |place| place.min(self.end));
        let mut places = Vec::new();
        if self.first < end {
            let messages = self.messages(self.first, end);
            places.extend(messages.rev().take(most));
            places.extend(self.moves.range(self.first..end).rev().take(most));
        }
        let waiting = self.waiting().rev();
        places.extend(waiting.filter(|&p| place.is_none_or(|place| p < place)).take(most));
        let mut places = by_key(places, |place| *place);
        places.split_off(places.len().saturating_sub(most))
    }

    /// Up to `most` places from this one on, oldest first.
    pub(crate) fn from(&self, place: Place, most: usize) -> Vec<Place> {
        let first = place.max(self.first);
        let mut places = Vec::new();
        if first < self.end {
            places.extend(self.messages(first, self.end).take(most));
            places.extend(self.moves.range(first..self.end).take(most));
        }
        places.extend(self.waiting().filter(|&p| p >= place).take(most));
        let mut places = by_key(places, |place| *place);
        places.truncate(most);
        places
    }

    /// The segment's messages from one place up to, but not with, another.
    fn messages(&self, from: Place, to: Place) -> impl DoubleEndedIterator<Item = Place> {
        // Whatever is not a message itself comes after the message with its `seq`.
        let after = |place: Place| place.seq.saturating_add(u64::from(place.slot != Slot::Message));
        let from = after(from).max(self.oldest);
        let to = after(to).max(from);
        // What is withheld has its place in the history, and none on the screen.
        let shown = self.history.range(from..to).filter(|one| one.body != Body::Withheld);
        shown.map(|message| Place::message(message.seq))
    }

    fn waiting(&self) -> impl DoubleEndedIterator<Item = Place> {
        self.queue.into_iter().flatten().map(|(&order, _)| Place::waiting(order))
    }
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::{Body, Message};
    use tideline_shared::{MessageId, Timestamp};

    use super::*;

    fn history(seqs: impl Iterator<Item = u64>) -> History {
        let mut history = History::default();
        for seq in seqs {
            let body = Body::Text { text: String::new() };
            let (id, author) = (MessageId::new(seq, [1; 10]), UserId::new(1, [1; 10]));
            history.take(Message::new(id, seq, seq, author, Timestamp(seq), body));
        }
        history
    }

    fn seqs(places: Vec<Place>) -> Vec<u64> {
        places.into_iter().map(|place| place.seq).collect()
    }

    #[test]
    fn places_end_where_their_segment_does() {
        let mut history = history((1..=3).chain(40..=44));
        let moves = SortedSet::new();
        // Even when the history is said to begin here: what is below is of another time.
        history.starts_at(40);
        for (seq, expected) in [(2, 1..=3), (41, 40..=44)] {
            let places = Places::new(&history, &moves, None, history.segment(seq));
            let expected: Vec<u64> = expected.collect();
            assert_eq!(seqs(places.above(None, 100)), expected);
            assert_eq!(seqs(places.from(Place::message(0), 100)), expected);
        }
    }

    #[test]
    fn a_move_belongs_behind_its_message() {
        let history = history(1..=3);
        let user = UserId::new(1, [1; 10]);
        let came = Place { seq: 2, slot: Slot::Move { at: 5, left: false, user } };
        let moves: SortedSet<Place> = std::iter::once(came).collect();
        let places = Places::new(&history, &moves, None, history.newest_segment());
        let message = Place::message;
        assert_eq!(places.above(None, 9), [message(1), message(2), came, message(3)]);
        assert_eq!(places.above(Some(came), 9), [message(1), message(2)]);
        assert_eq!(places.above(Some(message(3)), 1), [came]);
        assert_eq!(places.from(came, 9), [came, message(3)]);
        assert_eq!(places.from(message(2), 2), [message(2), came]);
    }
}
