//! What is counted: of one actor, of a class of them, of everything.

use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::{Deserialize, Serialize};
use tideline_server::Address;

/// What something costs, as Cloudflare bills it. Means and shares are fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Requests of the Worker: HTTP, and sockets that are opened.
    pub requests: f64,
    /// Calls of objects by the Worker and by each other, and sockets that are opened.
    pub calls: f64,
    /// Alarms that go off: each is billed as a request.
    pub woken: f64,
    /// Messages that come in over objects' sockets.
    pub frames: f64,
    /// Rows written ([`crate::rows`]), without alarms.
    pub rows: f64,
    /// Alarms that are set: each is billed as a row written.
    pub alarms: f64,
    /// Rows read: an estimate.
    pub read: f64,
    /// Milliseconds in which an object works or waits for others, and cannot sleep.
    pub active_ms: f64,
}

impl Cost {
    /// Each of its figures, with its name.
    #[must_use]
    pub fn figures(&self) -> [(&'static str, f64); 8] {
        [
            ("requests", self.requests),
            ("calls", self.calls),
            ("woken", self.woken),
            ("frames", self.frames),
            ("rows", self.rows),
            ("alarms", self.alarms),
            ("read", self.read),
            ("active_ms", self.active_ms),
        ]
    }

    fn with(self, other: Self, both: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            requests: both(self.requests, other.requests),
            calls: both(self.calls, other.calls),
            woken: both(self.woken, other.woken),
            frames: both(self.frames, other.frames),
            rows: both(self.rows, other.rows),
            alarms: both(self.alarms, other.alarms),
            read: both(self.read, other.read),
            active_ms: both(self.active_ms, other.active_ms),
        }
    }

    /// Requests of objects as billed: twenty messages over a socket are one.
    #[must_use]
    pub fn billed_calls(&self) -> f64 {
        self.calls + self.woken + self.frames / 20.0
    }

    /// Rows written as billed.
    #[must_use]
    pub fn billed_rows(&self) -> f64 {
        self.rows + self.alarms
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |one, two| one + two)
    }
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.with(other, |one, two| one - two)
    }
}

impl Mul<f64> for Cost {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        self.with(self, |figure, _| figure * times)
    }
}

impl Div<f64> for Cost {
    type Output = Self;

    fn div(self, by: f64) -> Self {
        self.with(self, |figure, _| figure / by)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// People's.
    Account,
    /// Conversations.
    Conversation,
    /// Shards of the directory.
    Directory,
    /// The one of the deployment.
    Deployment,
}

impl Class {
    /// The kind of this one.
    #[must_use]
    pub fn of(address: Address) -> Self {
        match address {
            Address::Account(_) => Self::Account,
            Address::Conversation(_) => Self::Conversation,
            Address::Directory(_) => Self::Directory,
            Address::Deployment => Self::Deployment,
        }
    }
}
