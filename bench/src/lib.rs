//! The real client engine on native sockets, against the real runtime on this machine.
//!
//! What the tests under `tests/` and the bench are made of: a [`Runtime`] that can be killed and
//! started again, an [`Account`] that speaks HTTP as a program would, a [`Device`] that runs the
//! engine as a browser would, and a bare [`Socket`] for what no engine would say. Rules live in
//! `client` and `server`; here is only what they need to meet.
//!
//! A tool for tests: what it cannot go on without ends it with a sentence.

mod account;
mod bare;
pub mod chaos;
mod device;
mod http;
mod limits;
mod meter;
mod process;
mod runtime;
pub mod screen;
mod shell;
mod socket;
mod store;

pub use account::{Account, PASSWORD};
pub use device::{Device, PATIENCE, describe};
pub use http::{Answer, Api, ApiError, Request};
pub use limits::Limits;
pub use meter::{Meter, Tally};
pub use process::Group;
pub use runtime::{Runtime, Way, workspace};
pub use shell::Wire;
pub use socket::{Heard, Socket, Unopened};
pub use store::Store;

use std::time::{SystemTime, UNIX_EPOCH};

/// Random bytes of the system's generator.
pub fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the system has randomness");
}

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    u64::try_from(since.as_millis()).expect("it is earlier than the year 500,000,000")
}

/// Ten random bytes, as ids want them.
#[must_use]
pub fn ten() -> [u8; 10] {
    let mut bytes = [0; 10];
    random(&mut bytes);
    bytes
}
