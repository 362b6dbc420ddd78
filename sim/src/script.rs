//! What goes wrong and what people do, each time with a number of its own, so that a run can be
//! played again without some of it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::profile::Profile;
use crate::random::Stream;
use crate::tally::Tally;

/// Something that happens: the `number`-th time that it does in a run, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// A kind of fault, or a device that acts.
    pub source: String,
    /// Which time.
    pub number: u64,
}

/// A moment as it was played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Milliseconds since the beginning.
    pub at: u64,
    /// Which moment.
    pub moment: Moment,
    /// What happened, in words.
    pub what: String,
}

impl fmt::Display for Played {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, milliseconds) = (self.at / 1_000, self.at % 1_000);
        write!(out, "{seconds:>8}.{milliseconds:03} s  {}", self.what)
    }
}

/// Decides what happens, and keeps what did.
pub(crate) struct Script {
    seed: u64,
    /// Nothing else may happen.
    only: Option<BTreeSet<Moment>>,
    faults: Cell<Profile>,
    now: Cell<u64>,
    numbers: RefCell<BTreeMap<String, u64>>,
    /// One for each thing that chance decides.
    streams: RefCell<BTreeMap<&'static str, Stream>>,
    played: RefCell<Vec<Played>>,
    tally: RefCell<Tally>,
    verbose: bool,
}

impl Script {
    pub(crate) fn new(seed: u64, only: Option<BTreeSet<Moment>>, verbose: bool) -> Self {
        Self {
            seed,
            only,
            faults: Cell::new(Profile::calm()),
            now: Cell::new(0),
            numbers: RefCell::default(),
            streams: RefCell::default(),
            played: RefCell::default(),
            tally: RefCell::default(),
            verbose,
        }
    }

    pub(crate) fn faults(&self) -> Profile {
        self.faults.get()
    }

    pub(crate) fn set_faults(&self, faults: Profile) {
        self.faults.set(faults);
    }

    /// Milliseconds since the beginning.
    pub(crate) fn set_now(&self, now: u64) {
        self.now.set(now);
    }

    /// A turn of an actor.
    pub(crate) fn step(&self) {
        self.tally.borrow_mut().steps += 1;
    }

    /// From 0 up to, not including, `end`, for the matter `what`.
    pub(crate) fn below(&self, what: &'static str, end: u64) -> u64 {
        let mut streams = self.streams.borrow_mut();
        let stream = streams.entry(what).or_insert_with(|| Stream::of(self.seed, what));
        stream.at(self.now.get()).below(end)
    }

    /// Whether a fault happens that does so `per_million` times in a million.
    pub(crate) fn strikes(&self, what: &'static str, per_million: u64) -> bool {
        if per_million == 0 {
            return false;
        }
        let happens = self.below(what, 1_000_000) < per_million;
        let plays = happens && self.plays(what, || what.to_owned());
        if plays {
            self.tally.borrow_mut().fault(what);
        }
        plays
    }

    /// Takes the next moment of a source: whether it is played.
    pub(crate) fn plays(&self, source: &str, what: impl FnOnce() -> String) -> bool {
        let mut numbers = self.numbers.borrow_mut();
        let number = match numbers.get_mut(source) {
            Some(number) => number,
            None => numbers.entry(source.to_owned()).or_default(),
        };
        *number += 1;
        let moment = Moment { source: source.to_owned(), number: *number };
        if self.only.as_ref().is_some_and(|only| !only.contains(&moment)) {
            return false;
        }
        let played = Played { at: self.now.get(), moment, what: what() };
        if self.verbose {
            println!("{played}");
        }
        self.played.borrow_mut().push(played);
        true
    }

    /// What was played, and what was counted.
    pub(crate) fn end(&self) -> (Vec<Played>, Tally) {
        (self.played.take(), self.tally.take())
    }
}
