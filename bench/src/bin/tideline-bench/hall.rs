//! A conversation full of readers, and ways to talk in it: at a rate, or so many messages at a time.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use tideline_bench::Account;
use tideline_shared::ConversationId;
use tokio::time::MissedTickBehavior;

use crate::books::Books;
use crate::reader::{Notes, Reader};
use crate::taken::Taken;

/// How many sockets are opened at a time.
const AT_A_TIME: usize = 16;

/// Readers of one conversation, those who look at it first.
pub(crate) struct Hall {
    books: Arc<Books>,
    readers: Vec<Reader>,
    lookers: usize,
    first: usize,
    /// The next message.
    next: usize,
    /// Messages before this one are no samples.
    warm: usize,
}

impl Hall {
    /// These people, of whom so many look, for these messages: as many were said before as the first of them
    /// is the number of.
    pub(crate) async fn open(
        people: &[Account],
        lookers: usize,
        conversation: ConversationId,
        messages: Range<usize>,
    ) -> Self {
        let first = messages.start;
        let books = Arc::new(Books::new(messages, people.len(), lookers));
        let readers = stream::iter(people.iter().enumerate())
            .map(async |(place, account)| {
                let looks_at = (place < lookers).then_some(conversation);
                Reader::open(account, looks_at, place, Arc::clone(&books)).await
            })
            .buffered(AT_A_TIME)
            .collect()
            .await;
        Self { books, readers, lookers, first, next: first, warm: first }
    }

    /// Says so many messages, each when the one `window` before it is with everybody who looks. Brings the
    /// seconds that it took.
    pub(crate) async fn say(&mut self, messages: usize, window: usize) -> f64 {
        let begun = Instant::now();
        self.books.widen(window);
        let mut delivered = true;
        for _ in 0..messages {
            delivered = delivered && self.books.delivered(1).await;
            self.one();
        }
        if delivered {
            self.books.delivered(window as u32).await;
        }
        begun.elapsed().as_secs_f64()
    }

    /// Says so many messages, one `every` so often, whatever becomes of them.
    pub(crate) async fn say_every(&mut self, messages: usize, every: Duration) {
        let mut clock = tokio::time::interval(every);
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for _ in 0..messages {
            clock.tick().await;
            self.one();
        }
        self.books.delivered(messages as u32).await;
    }

    /// The next of those who look says the next message.
    fn one(&mut self) {
        let n = self.next;
        self.next += 1;
        self.books.sent(n);
        if let Some(reader) = self.readers.get(n % self.lookers) {
            reader.say(n);
        }
    }

    /// What was said up to here are no samples: everything was cold.
    pub(crate) fn warmed_up(&mut self) {
        self.warm = self.next;
    }

    /// Waits until everybody's account told of everything that was said.
    pub(crate) async fn all_told(&self) {
        self.books.all_told(self.next as u64).await;
    }

    /// Closes all sockets; the samples, and what must be nothing.
    pub(crate) async fn close(self) -> Taken {
        let lookers = self.lookers;
        let notes: Vec<Notes> =
            stream::iter(self.readers).map(Reader::close).buffered(AT_A_TIME).collect().await;
        let said = self.first..self.next;
        Samples { books: &self.books, said, warm: self.warm }.of(&notes, lookers)
    }
}

/// What turns notes into samples.
struct Samples<'a> {
    books: &'a Books,
    said: Range<usize>,
    warm: usize,
}

impl Samples<'_> {
    fn of(&self, notes: &[Notes], lookers: usize) -> Taken {
        let mut taken = Taken::default();
        let acknowledged = notes.iter().flat_map(|notes| &notes.acknowledged);
        let mut numbers = vec![None; self.said.end + 1];
        for &(n, seq, at) in acknowledged {
            taken.acknowledged.extend(self.sample(n, at));
            if let Some(number) = numbers.get_mut(seq as usize) {
                *number = Some(n);
            }
        }
        // When the last one had each message.
        let mut last = vec![0; self.said.end];
        for (place, notes) in notes.iter().enumerate() {
            let told = told(notes, self.said.start, &numbers);
            let has = if place < lookers { &notes.heard } else { &told };
            for &(n, at) in has {
                if let Some(last) = last.get_mut(n) {
                    *last = at.max(*last);
                }
            }
            let others = notes.heard.iter().filter(|(n, _)| n % lookers != place);
            taken.delivered.extend(others.filter_map(|&(n, at)| self.sample(n, at)));
            taken.told.extend(told.iter().filter_map(|&(n, at)| self.sample(n, at)));
            taken.faults.lost += self.said.len().saturating_sub(has.len());
            taken.faults.add(notes.faults);
        }
        let last = last.iter().enumerate().filter(|&(_, &at)| at > 0);
        taken.everybody = last.filter_map(|(n, &at)| self.sample(n, at)).collect();
        taken
    }

    /// Milliseconds from when a message was sent, but for those that warmed up.
    fn sample(&self, n: usize, at: u64) -> Option<f64> {
        let sent = self.books.sent_at(n).filter(|_| n >= self.warm)?;
        Some(at.saturating_sub(sent) as f64 / 1_000.0)
    }
}

/// Which messages after so many an account told of, and when; `numbers` are those of the seqs.
fn told(notes: &Notes, mut before: usize, numbers: &[Option<usize>]) -> Vec<(usize, u64)> {
    let mut told = Vec::new();
    for &(seq, at) in &notes.told {
        let fresh = numbers.get(before + 1..=seq as usize).unwrap_or_default();
        told.extend(fresh.iter().flatten().map(|&n| (n, at)));
        before = seq as usize;
    }
    told
}
