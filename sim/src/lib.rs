//! Real actors and real engines on a network, a clock and a disk that a seed decides.
//!
//! One loop, no threads, no sockets, no sleeping: the same plan is the same run. Faults are played
//! for a while, then they stop, and what must hold of messages, orders, counts and screens is
//! checked. Everything the product decides is in `server` and `client`; here is only the weather.

mod device;
mod disk;
mod explain;
mod mistake;
mod profile;
mod random;
mod script;
mod service;
mod shrink;
mod tally;
mod watch;
mod words;
mod world;

use std::collections::BTreeSet;

pub use explain::explain;
pub use mistake::Mistake;
pub use profile::Profile;
pub use script::{Moment, Played};
pub use shrink::shrink;
pub use tally::Tally;

/// What to play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything that chance decides.
    pub seed: u64,
    /// How much goes wrong.
    pub faults: Profile,
    /// A mistake that the product makes in this run.
    pub mistake: Option<Mistake>,
    /// Where it is given: nothing but this happens.
    pub only: Option<BTreeSet<Moment>>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it counted.
    pub tally: Tally,
    /// What was violated first, if anything.
    pub violation: Option<String>,
    /// What people did and what went wrong, in order.
    pub played: Vec<Played>,
}

impl Plan {
    /// Everything that chance has in store.
    #[must_use]
    pub fn new(seed: u64, faults: Profile) -> Self {
        Self { seed, faults, mistake: None, only: None }
    }

    /// Runs it. `verbose` tells on standard output what happens.
    #[must_use]
    pub fn play(&self, verbose: bool) -> Run {
        world::play(self, verbose)
    }
}
