//! What a run counted.

use std::collections::BTreeMap;

/// Sums of one run, or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Turns of actors.
    pub steps: u64,
    /// Messages that people wrote.
    pub written: u64,
    /// Messages that the service stored.
    pub stored: u64,
    /// Faults by kind.
    pub faults: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn fault(&mut self, what: &'static str) {
        *self.faults.entry(what).or_default() += 1;
    }

    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.written += other.written;
        self.stored += other.stored;
        for (what, times) in &other.faults {
            *self.faults.entry(what).or_default() += times;
        }
    }
}
