//! One step of the engine: what it may use, and what it gathers to be done.

use serde::Serialize;
use tideline_shared::Random;

use crate::io::{Output, Write};
use crate::sorted::SortedSet;
use crate::view::View;
use crate::wire;

/// The time and randomness of a step, and its outputs.
pub(crate) struct Step<'a> {
    /// The device's clock, in milliseconds.
    pub(crate) now: u64,
    random: Random<'a>,
    outputs: Vec<Output>,
    writes: Vec<Write>,
    changed: SortedSet<View>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(now: u64, random: Random<'a>) -> Self {
        Self { now, random, outputs: Vec::new(), writes: Vec::new(), changed: SortedSet::new() }
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    pub(crate) fn output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// Writes a row; how large it is, in bytes.
    pub(crate) fn put(&mut self, key: String, value: &impl Serialize) -> u64 {
        let value = wire::write(value);
        let size = key.len() + value.len();
        self.writes.push(Write::Put { key, value });
        size as u64
    }

    pub(crate) fn delete(&mut self, key: String) {
        self.writes.push(Write::Delete { key });
    }

    pub(crate) fn delete_all(&mut self, prefix: String) {
        self.writes.push(Write::DeleteAll { prefix });
    }

    pub(crate) fn changed(&mut self, view: View) {
        self.changed.insert(view);
    }

    /// Everything to be done, in order. What is to be stored comes first, in one batch: nothing is
    /// sent that could be forgotten, and rows never part from their cursor.
    pub(crate) fn finish(self) -> Vec<Output> {
        let store = (!self.writes.is_empty()).then_some(Output::Store(self.writes));
        let changed = self.changed.into_iter().map(Output::Changed);
        store.into_iter().chain(self.outputs).chain(changed).collect()
    }
}
