//! Who was shown what, and when: every message numbered, every screen watched.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tideline_bench::Device;
use tideline_client::{Engine, Item, View};
use tideline_shared::ConversationId;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::taken::{PATIENCE, Taken, number, text};

/// The ledger of one conversation; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    // A std mutex: nothing awaits while holding it.
    books: Arc<Mutex<Books>>,
    shown: watch::Sender<()>,
}

#[derive(Default)]
struct Books {
    sent: HashMap<usize, Instant>,
    taken: Taken,
    screens: Vec<Screen>,
}

/// What one device has shown so far.
#[derive(Default)]
struct Screen {
    last_seq: u64,
    shown: HashSet<usize>,
}

impl Ledger {
    /// Puts the conversation on the screens of all these people, and watches them from its beginning.
    pub(crate) async fn open(
        &self,
        people: &[tideline_bench::Account],
        conversation: ConversationId,
    ) -> Vec<Device> {
        let devices: Vec<Device> = people.iter().map(Device::new).collect();
        for device in &devices {
            self.watch(device);
            device.show(conversation);
        }
        for device in &devices {
            device.online().await;
            device
                .until("show the conversation", |engine| {
                    let timeline = engine.timeline();
                    timeline.at_end && !timeline.loading && engine.record().is_some()
                })
                .await;
        }
        devices
    }

    fn watch(&self, device: &Device) {
        let place = {
            let mut books = self.books();
            books.screens.push(Screen::default());
            books.screens.len() - 1
        };
        let ledger = self.clone();
        device.observe(move |engine, view| {
            if view == View::Timeline {
                ledger.books().take_in(place, engine, Instant::now());
                ledger.shown.send_replace(());
            }
        });
    }

    /// Has a device send the message number `n`.
    pub(crate) fn send(&self, device: &Device, to: ConversationId, n: usize) {
        self.books().sent.insert(n, Instant::now());
        device.send(to, text(n));
    }

    /// Waits until no screen lacks as many as `window` messages, but no longer than a person would.
    pub(crate) async fn lacks_less_than(&self, window: usize) {
        let mut shown = self.shown.subscribe();
        let wait =
            async { while self.books().lacking() >= window && shown.changed().await.is_ok() {} };
        // What is missing after that counts as lost.
        let _ = timeout(PATIENCE, wait).await;
    }

    /// Waits until every screen has shown everything.
    pub(crate) async fn settle(&self) {
        self.lacks_less_than(1).await;
    }

    /// Forgets the samples so far: they were taken while everything was cold.
    pub(crate) fn warmed_up(&self) {
        let taken = &mut self.books().taken;
        taken.delivered.clear();
        taken.acknowledged.clear();
    }

    /// Send to shown on each screen but the author's, send to shown as sent on that, and what must be
    /// nothing.
    pub(crate) fn close(&self) -> Taken {
        let mut books = self.books();
        let lost = books.screens.iter().map(|screen| books.sent.len() - screen.shown.len()).sum();
        let mut taken = std::mem::take(&mut books.taken);
        taken.faults.lost = lost;
        taken
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn lacking(&self) -> usize {
        let lacking = self.screens.iter().map(|screen| self.sent.len() - screen.shown.len());
        lacking.max().unwrap_or_default()
    }

    fn take_in(&mut self, place: usize, engine: &Engine, now: Instant) {
        let Some(screen) = self.screens.get_mut(place) else { return };
        let mut fresh = Vec::new();
        for row in engine.timeline().rows.into_iter().rev() {
            let Item::Message { seq: Some(seq), text, own, .. } = row.item else { continue };
            if seq <= screen.last_seq {
                break;
            }
            fresh.push((seq, text, own));
        }
        for (seq, text, own) in fresh.into_iter().rev() {
            if seq != screen.last_seq + 1 {
                self.taken.faults.out_of_order += 1;
            }
            screen.last_seq = seq;
            let n = text.as_deref().and_then(number);
            let Some((n, sent)) = n.and_then(|n| Some((n, self.sent.get(&n)?))) else { continue };
            if !screen.shown.insert(n) {
                self.taken.faults.doubled += 1;
                continue;
            }
            let ms = now.duration_since(*sent).as_secs_f64() * 1_000.0;
            let samples =
                if own { &mut self.taken.acknowledged } else { &mut self.taken.delivered };
            samples.push(ms);
        }
    }
}
