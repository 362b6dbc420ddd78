//! What of the messages that a device holds is looked for: found as the service would find them.

use tideline_search::{Wanted, authors, excerpt, told};
use tideline_shared::protocol::{FoundMessages, Hit, Message};
use tideline_shared::search::Search;
use tideline_shared::{ConversationId, Person, Reject, UserId};

/// What a device holds of a conversation.
pub struct Held {
    pub conversation: ConversationId,
    /// As they are shown, in their order.
    pub messages: Vec<Message>,
    /// Everybody who is or was in it.
    pub people: Vec<Person>,
}

/// Who looks, and where their days begin.
#[derive(Clone, Copy)]
pub struct Looker {
    pub me: UserId,
    pub zone_min: i32,
}

impl Held {
    /// At most so many of them, older than `before`, the newest first.
    ///
    /// # Errors
    /// `query_empty`: of the words nothing can be seen.
    pub fn find(
        &self,
        search: &Search,
        by: Looker,
        before: Option<u64>,
        most: usize,
    ) -> Result<FoundMessages, Reject> {
        let people: Vec<_> = self.people.iter().collect();
        let wanted = Wanted::of(search, authors(search, &people, by.me), by.zone_min)?;
        let older = self.messages.iter().rev();
        let older = older.filter(|message| before.is_none_or(|before| message.seq < before));
        let mut hits = older.filter_map(|message| {
            let marks = wanted.marks(message.author, message.at, &message.body)?;
            Some(self.hit(message, &marks))
        });
        let found: Vec<_> = hits.by_ref().take(most).collect();
        let next = hits.next().and(found.last()).map(|last| last.seq);
        Ok(FoundMessages { conversation: self.conversation, hits: found, next })
    }

    fn hit(&self, message: &Message, marks: &[(u32, u32)]) -> Hit {
        let author = self.people.iter().find(|person| person.user == message.author);
        let (excerpt, marks) = excerpt(&told(&message.body).unwrap_or_default(), marks);
        Hit {
            id: message.id,
            seq: message.seq,
            author: message.author,
            author_name: author.map(|person| person.display_name.clone()).unwrap_or_default(),
            at: message.at,
            excerpt,
            marks,
            holds: message.body.holds(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::Body;
    use tideline_shared::{MessageId, Timestamp};

    use super::*;

    fn ana() -> Looker {
        Looker { me: UserId::new(1, [1; 10]), zone_min: 0 }
    }

    fn person(n: u8, name: &str) -> Person {
        let user = UserId::new(1, [n; 10]);
        Person { user, user_name: None, display_name: name.to_owned(), avatar: None }
    }

    fn held(texts: &[&str]) -> Held {
        let message = |(seq, text): (u64, &&str)| {
            let body = Body::Text { text: (*text).to_owned() };
            let author = UserId::new(1, [1 + (seq % 2) as u8; 10]);
            let id = MessageId::new(seq, [seq as u8; 10]);
            Message::new(id, seq, seq, author, Timestamp(seq * 1_000), body)
        };
        Held {
            conversation: ConversationId::new(1, [9; 10]),
            messages: (1..).zip(texts).map(message).collect(),
            people: vec![person(1, "Ana"), person(2, "Ben")],
        }
    }

    fn found(
        held: &Held,
        typed: &str,
        before: Option<u64>,
        most: usize,
    ) -> (Vec<u64>, Option<u64>) {
        let search = Search::parse(typed).expect("a query");
        let found = held.find(&search, ana(), before, most).expect("finds");
        (found.hits.iter().map(|hit| hit.seq).collect(), found.next)
    }

    #[test]
    fn what_is_found_is_the_newest_first_and_in_pages() {
        let held = held(&["high tide", "low water", "Tide tables", "low tide"]);
        assert_eq!(found(&held, "tide", None, 2), (vec![4, 3], Some(3)));
        assert_eq!(found(&held, "tide", Some(3), 2), (vec![1], None));
        assert_eq!(found(&held, "tide low", None, 9), (vec![4], None));
        assert_eq!(found(&held, "storm", None, 9), (vec![], None));
    }

    #[test]
    fn filters_mean_what_they_mean_to_the_service() {
        let held = held(&["high tide", "low tide", "see https://tide.example", "neap tide"]);
        assert_eq!(found(&held, "tide from:me", None, 9).0, [4, 2]);
        assert_eq!(found(&held, "from:ben", None, 9).0, [3, 1]);
        assert_eq!(found(&held, "has:link", None, 9).0, [3]);
        let ben = Search::parse_by("tide", vec![UserId::new(1, [2; 10])]).expect("a query");
        let hits = held.find(&ben, ana(), None, 9).expect("finds").hits;
        assert_eq!(hits.iter().map(|hit| hit.seq).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(found(&held, "tide before:1970-01-01", None, 9).0, Vec::<u64>::new());
    }

    #[test]
    fn a_hit_says_who_and_where() {
        let held = held(&["the High Tide comes"]);
        let search = Search::parse("tide").expect("a query");
        let found = held.find(&search, ana(), None, 9).expect("finds");
        assert_eq!((&*found.hits[0].author_name, &*found.hits[0].marks), ("Ben", &[(9, 13)][..]));
        let unseen = Search::parse("\u{200b}x").map(|search| held.find(&search, ana(), None, 9));
        assert!(unseen.is_ok_and(|found| found.is_ok()));
    }
}
