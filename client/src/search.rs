//! Searching conversation after conversation, the newest first: what to ask next, and what is known
//! so far. A shell asks one question at a time and shows what came.

use std::collections::VecDeque;

use tideline_shared::protocol::FoundMessages;
use tideline_shared::{ConversationId, limits};

/// Conversations in the first question: what a person looks for is mostly in one of these, and the
/// answer is there sooner.
const FIRST: usize = 12;

/// One search, as far as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// All that are looked through, the newest first.
    conversations: Vec<ConversationId>,
    waiting: VecDeque<Question>,
    found: Vec<FoundMessages>,
    missing: Vec<ConversationId>,
    /// A question is under way.
    asking: bool,
}

/// What to ask the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where to look.
    pub conversations: Vec<ConversationId>,
    /// In one conversation: from where on.
    pub before: Option<u64>,
}

impl Sweep {
    /// A search of these conversations, in this order.
    #[must_use]
    pub fn of(conversations: &[ConversationId]) -> Self {
        let first = conversations.len().min(FIRST);
        let (first, rest) = conversations.split_at(first);
        let rest = rest.chunks(limits::SEARCHED_CONVERSATIONS);
        let ask = |some: &[ConversationId]| Question { conversations: some.to_vec(), before: None };
        let first = Some(first).filter(|first| !first.is_empty());
        let waiting = first.into_iter().chain(rest).map(ask).collect();
        Self { conversations: conversations.to_vec(), waiting, ..Self::default() }
    }

    /// What to ask now; none when everything was asked.
    pub fn ask(&mut self) -> Option<Question> {
        let question = self.waiting.pop_front();
        self.asking = question.is_some();
        question
    }

    /// Whether everything was asked and answered.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty() && !self.asking
    }

    /// Takes in an answer. Where a conversation was not looked through and nothing was found yet,
    /// that is asked for next.
    pub fn answered(
        &mut self,
        question: &Question,
        found: Vec<FoundMessages>,
        missing: Vec<ConversationId>,
    ) {
        self.asking = false;
        for row in found {
            let known = self.found.iter_mut().find(|known| known.conversation == row.conversation);
            match known {
                Some(known) => {
                    known.hits.extend(row.hits);
                    known.next = row.next;
                }
                None if !row.hits.is_empty() => self.insert(row),
                None => {
                    let conversations = vec![row.conversation];
                    self.waiting.push_front(Question { conversations, before: row.next });
                }
            }
        }
        let again = question.conversations.len() > 1;
        for conversation in missing {
            if again {
                self.waiting
                    .push_back(Question { conversations: vec![conversation], before: None });
            } else {
                self.missing.push(conversation);
            }
        }
    }

    /// A conversation that is found late stands before older ones all the same.
    fn insert(&mut self, row: FoundMessages) {
        let rank =
            |row: &FoundMessages| self.conversations.iter().position(|id| *id == row.conversation);
        let at = self.found.partition_point(|found| rank(found) < rank(&row));
        self.found.insert(at, row);
    }

    /// Asks for older messages of a conversation in which something was found.
    pub fn more(&mut self, conversation: ConversationId) {
        let row = self.found.iter_mut().find(|row| row.conversation == conversation);
        if let Some(before) = row.and_then(|row| row.next.take()) {
            let ask = Question { conversations: vec![conversation], before: Some(before) };
            self.waiting.push_front(ask);
        }
    }

    /// What was found so far, the newest conversation first.
    #[must_use]
    pub fn found(&self) -> &[FoundMessages] {
        &self.found
    }

    /// Conversations that did not answer.
    #[must_use]
    pub fn missing(&self) -> &[ConversationId] {
        &self.missing
    }
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::Hit;
    use tideline_shared::{MessageId, Timestamp, UserId};

    use super::*;

    fn id(n: u8) -> ConversationId {
        ConversationId::new(u64::from(n), [n; 10])
    }

    fn row(n: u8, seqs: &[u64], next: Option<u64>) -> FoundMessages {
        let hit = |&seq: &u64| Hit {
            id: MessageId::new(seq, [0; 10]),
            seq,
            author: UserId::new(1, [1; 10]),
            author_name: "Ana".to_owned(),
            at: Timestamp(seq),
            excerpt: "tide".to_owned(),
            marks: Vec::new(),
            holds: None,
        };
        FoundMessages { conversation: id(n), hits: seqs.iter().map(hit).collect(), next }
    }

    #[test]
    fn everything_is_asked_once_and_the_newest_first() {
        let all: Vec<_> = (0..200).map(id).collect();
        let mut sweep = Sweep::of(&all);
        let mut asked = Vec::new();
        let mut sizes = Vec::new();
        while let Some(question) = sweep.ask() {
            sizes.push(question.conversations.len());
            asked.extend(question.conversations.iter().copied());
            sweep.answered(&question, Vec::new(), Vec::new());
        }
        assert_eq!(asked, all);
        assert_eq!(sizes, [12, 50, 50, 50, 38]);
        assert_eq!(Sweep::of(&[]).ask(), None);
    }

    #[test]
    fn what_was_not_looked_through_is_gone_on_with() {
        let mut sweep = Sweep::of(&[id(1), id(2)]);
        let question = sweep.ask().expect("a question");
        sweep.answered(&question, vec![row(1, &[], Some(80)), row(2, &[9], Some(9))], Vec::new());
        let more = sweep.ask().expect("goes on");
        assert_eq!((more.conversations.clone(), more.before), (vec![id(1)], Some(80)));
        sweep.answered(&more, vec![row(1, &[7], None)], Vec::new());
        assert!(sweep.is_done());
        // Older ones of the other are asked for when the person wants them.
        sweep.more(id(2));
        let more = sweep.ask().expect("goes on");
        assert_eq!(more.before, Some(9));
        sweep.answered(&more, vec![row(2, &[5], None)], Vec::new());
        let seqs = |n: usize| sweep.found()[n].hits.iter().map(|hit| hit.seq).collect::<Vec<_>>();
        assert_eq!((seqs(0), seqs(1)), (vec![7], vec![9, 5]), "the newer conversation first");
    }

    #[test]
    fn what_does_not_answer_is_asked_again_once() {
        let mut sweep = Sweep::of(&[id(1), id(2)]);
        let question = sweep.ask().expect("a question");
        sweep.answered(&question, Vec::new(), vec![id(2)]);
        let again = sweep.ask().expect("again");
        assert_eq!(again.conversations, [id(2)]);
        sweep.answered(&again, Vec::new(), vec![id(2)]);
        assert!(sweep.is_done());
        assert_eq!(sweep.missing(), [id(2)]);
    }
}
