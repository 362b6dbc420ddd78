//! Who was shown what, and when: every message numbered, every screen watched.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tideline_bench::Device;
use tideline_client::{Engine, Item, View};
use tideline_shared::ConversationId;

use crate::report::{Faults, Spread};

/// Bytes of each text.
const TEXT: usize = 200;

/// The ledger of one scenario; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    sent: HashMap<usize, Instant>,
    /// Send to shown, on each screen but the author's.
    delivered: Vec<f64>,
    /// Send to shown as sent, on the author's.
    acknowledged: Vec<f64>,
    screens: Vec<Screen>,
    faults: Faults,
}

/// What one device has shown so far.
#[derive(Default)]
struct Screen {
    last_seq: u64,
    shown: HashSet<usize>,
}

impl Ledger {
    /// Watches a device that shows the conversation from its beginning.
    pub(crate) fn watch(&self, device: &Device) {
        let place = {
            let mut books = self.books();
            books.screens.push(Screen::default());
            books.screens.len() - 1
        };
        let ledger = self.clone();
        device.observe(move |engine, view| {
            if view == View::Timeline {
                ledger.books().take_in(place, engine, Instant::now());
            }
        });
    }

    /// Has a device send the message number `n`.
    pub(crate) fn send(&self, device: &Device, to: ConversationId, n: usize) {
        let text = format!("{n:06} {}", "tide ".repeat(TEXT / 5));
        let text = text.get(..TEXT).unwrap_or(&text).to_owned();
        self.books().sent.insert(n, Instant::now());
        device.send(to, text);
    }

    /// Waits until every screen has shown all messages up to number `n`, but no longer than a
    /// person would.
    pub(crate) async fn settle(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        while self.books().missing() > 0 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }

    /// Forgets the samples so far: they were taken while everything was cold.
    pub(crate) fn warmed_up(&self) {
        let mut books = self.books();
        books.delivered.clear();
        books.acknowledged.clear();
    }

    /// Number of samples, send to delivered, send to acknowledged, and what must be nothing.
    pub(crate) fn close(&self) -> (usize, Spread, Spread, Faults) {
        let books = self.books();
        let faults = Faults { lost: books.missing(), ..books.faults };
        let (delivered, acknowledged) = (books.delivered.clone(), books.acknowledged.clone());
        (delivered.len(), Spread::of(delivered), Spread::of(acknowledged), faults)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn missing(&self) -> usize {
        self.screens.iter().map(|screen| self.sent.len() - screen.shown.len()).sum()
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
                self.faults.out_of_order += 1;
            }
            screen.last_seq = seq;
            let n = text.as_deref().and_then(|text| text.get(..6)?.parse::<usize>().ok());
            let Some((n, sent)) = n.and_then(|n| Some((n, self.sent.get(&n)?))) else { continue };
            if !screen.shown.insert(n) {
                self.faults.doubled += 1;
                continue;
            }
            let ms = now.duration_since(*sent).as_secs_f64() * 1_000.0;
            if own { self.acknowledged.push(ms) } else { self.delivered.push(ms) }
        }
    }
}
