//! What the readers of one conversation know together: when each message was sent, how many have it, and how
//! many more may be under way.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::taken::PATIENCE;

/// The books of one room.
pub(crate) struct Books {
    /// The first message; how many there were before.
    first: usize,
    begun: Instant,
    /// When each message was sent, in microseconds since the beginning.
    sent: Vec<AtomicU64>,
    /// How many lookers have each.
    heard: Vec<AtomicUsize>,
    /// How many look, and have to have it.
    lookers: usize,
    window: Semaphore,
    /// Up to which seq the account of each reader told them.
    told: Vec<AtomicU64>,
    changed: watch::Sender<()>,
}

impl Books {
    /// For these messages to so many readers, of whom so many look, with none under way yet.
    pub(crate) fn new(messages: Range<usize>, readers: usize, lookers: usize) -> Self {
        Self {
            first: messages.start,
            begun: Instant::now(),
            sent: std::iter::repeat_with(AtomicU64::default).take(messages.len()).collect(),
            heard: std::iter::repeat_with(AtomicUsize::default).take(messages.len()).collect(),
            lookers,
            window: Semaphore::new(0),
            told: std::iter::repeat_with(AtomicU64::default).take(readers).collect(),
            changed: watch::Sender::new(()),
        }
    }

    /// Microseconds since the beginning.
    pub(crate) fn now(&self) -> u64 {
        // Half a million years fit.
        self.begun.elapsed().as_micros() as u64
    }

    /// So many more may be under way at a time.
    pub(crate) fn widen(&self, by: usize) {
        self.window.add_permits(by);
    }

    /// Waits until so many messages that were under way are with everybody who looks; false when they do not
    /// come.
    pub(crate) async fn delivered(&self, messages: u32) -> bool {
        match timeout(PATIENCE, self.window.acquire_many(messages)).await {
            Ok(Ok(permits)) => {
                permits.forget();
                true
            }
            _ => false,
        }
    }

    /// A message goes out.
    pub(crate) fn sent(&self, n: usize) {
        if let Some(sent) = self.sent.get(n - self.first) {
            sent.store(self.now(), Relaxed);
        }
    }

    /// When it did.
    pub(crate) fn sent_at(&self, n: usize) -> Option<u64> {
        self.sent
            .get(n.checked_sub(self.first)?)
            .map(|sent| sent.load(Relaxed))
            .filter(|&at| at > 0)
    }

    /// One who looks has it.
    pub(crate) fn heard(&self, n: usize) {
        let Some(heard) = n.checked_sub(self.first).and_then(|n| self.heard.get(n)) else { return };
        if heard.fetch_add(1, Relaxed) + 1 == self.lookers {
            self.window.add_permits(1);
        }
    }

    /// The account of a reader told them of all messages up to this one.
    pub(crate) fn told(&self, reader: usize, seq: u64) {
        if let Some(told) = self.told.get(reader) {
            told.store(seq, Relaxed);
            self.changed.send_replace(());
        }
    }

    /// Waits until every account told of this message, but no longer than a person would.
    pub(crate) async fn all_told(&self, seq: u64) {
        let mut changed = self.changed.subscribe();
        let lacks = || self.told.iter().any(|told| told.load(Relaxed) < seq);
        let wait = async { while lacks() && changed.changed().await.is_ok() {} };
        let _ = timeout(PATIENCE, wait).await;
    }
}
