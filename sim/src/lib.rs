//! Real actors and real engines on a network, a clock and a disk that a seed decides.
//!
//! One loop, no threads, no sockets, no sleeping: the same seed is the same run. Faults are played
//! for a while, then they stop, and what must hold of messages, orders, counts and screens is
//! checked. Everything the product decides is in `server` and `client`; here is only the weather.

mod device;
mod profile;
mod random;
mod service;
mod tally;
mod world;

pub use profile::Profile;
pub use tally::Tally;
pub use world::Violation;

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it counted.
    pub tally: Tally,
    /// What was violated first, if anything.
    pub violation: Option<Violation>,
}

/// Runs one seed. `verbose` tells on standard output what happens.
#[must_use]
pub fn run(seed: u64, faults: Profile, verbose: bool) -> Run {
    let (tally, violation) = world::run(seed, faults, verbose);
    Run { tally, violation }
}
