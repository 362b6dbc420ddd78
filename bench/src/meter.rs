//! What the service counted of itself: `GET /api/meter`.

use std::collections::BTreeMap;
use std::ops::Sub;

use serde::Deserialize;

use crate::http::{Api, ApiError, Request};

/// What the objects did, by class, since the runtime began or between two looks.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Meter(pub BTreeMap<String, Tally>);

/// What the objects of one class did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Tally {
    /// Calls, frames, sockets, answers that came back, alarms and timers.
    pub turns: u64,
    /// Calls of the Worker and of other objects.
    pub calls_in: u64,
    /// Calls of other objects by these.
    pub calls_out: u64,
    /// Frames that devices sent.
    pub frames_in: u64,
    /// Alarms set.
    pub alarms: u64,
    /// As the platform counts them.
    pub rows_read: u64,
    /// As the platform counts them.
    pub rows_written: u64,
}

impl Meter {
    /// What was counted until now.
    ///
    /// # Errors
    /// When there is no answer, or this deployment does not count.
    pub async fn read(origin: &str) -> Result<Self, ApiError> {
        let api = Api::new(origin);
        let request = Request { method: "GET", ..api.request("/api/meter", []) };
        let answer = api.fetch(request).await?;
        serde_json::from_str(&answer.body)
            .map_err(|error| ApiError::NoAnswer(format!("{error} in {}", answer.body)))
    }

    /// One class.
    #[must_use]
    pub fn of(&self, class: &str) -> Tally {
        self.0.get(class).copied().unwrap_or_default()
    }

    /// A figure of all classes together.
    #[must_use]
    pub fn sum(&self, of: fn(&Tally) -> u64) -> u64 {
        self.0.values().map(of).sum()
    }
}

impl Sub for &Meter {
    type Output = Meter;

    fn sub(self, before: Self) -> Meter {
        let since = |(class, tally): (&String, &Tally)| (class.clone(), *tally - before.of(class));
        Meter(self.0.iter().map(since).collect())
    }
}

impl Sub for Tally {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        // An instance that began anew counts from nothing.
        let since = |of: fn(&Self) -> u64| of(&self).saturating_sub(of(&before));
        Self {
            turns: since(|tally| tally.turns),
            calls_in: since(|tally| tally.calls_in),
            calls_out: since(|tally| tally.calls_out),
            frames_in: since(|tally| tally.frames_in),
            alarms: since(|tally| tally.alarms),
            rows_read: since(|tally| tally.rows_read),
            rows_written: since(|tally| tally.rows_written),
        }
    }
}
