//! One scenario's result: a row to read and a line of JSON to keep.

use std::fmt;

use serde::Serialize;

use crate::cost::Cost;
use crate::machine::Machine;

/// Milliseconds, by share of the samples that are not slower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Of samples in milliseconds, in any order.
    pub(crate) fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        // The smallest sample that `percent` of all samples do not exceed (nearest rank).
        let rank = |percent: usize| {
            let place = (samples.len() * percent).div_ceil(100).saturating_sub(1);
            samples.get(place).map_or(0.0, |ms| (ms * 100.0).round() / 100.0)
        };
        Self { p50: rank(50), p90: rank(90), p95: rank(95), p99: rank(99), max: rank(100) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { p50, p90, p95, p99, max } = self;
        write!(f, "p50 {p50} ms   p90 {p90}   p95 {p95}   p99 {p99}   max {max}")
    }
}

/// What must be nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Faults {
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) out_of_order: usize,
}

impl Faults {
    pub(crate) fn add(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
    }
}

/// A scenario's result.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// With the runtime, what tells it from all others.
    pub(crate) scenario: String,
    /// `wrangler` or `bare`.
    pub(crate) runtime: &'static str,
    /// What was measured, in words.
    pub(crate) what: String,
    pub(crate) samples: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<Spread>,
    /// Send to acknowledged, where that is another thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledged_ms: Option<Spread>,
    /// Send to told by the reader's own account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) told_ms: Option<Spread>,
    /// Send to delivered at the last of all readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) everybody_ms: Option<Spread>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) faults: Option<Faults>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<Cost>,
    /// What else was counted.
    #[serde(flatten)]
    pub(crate) more: serde_json::Map<String, serde_json::Value>,
    /// In words.
    pub(crate) aim: String,
}

impl Report {
    /// One of which nothing is known yet but its name.
    pub(crate) fn of(
        scenario: impl Into<String>,
        what: String,
        samples: usize,
        aim: impl Into<String>,
    ) -> Self {
        Self {
            scenario: scenario.into(),
            runtime: "",
            what,
            samples,
            ms: None,
            acknowledged_ms: None,
            told_ms: None,
            everybody_ms: None,
            faults: None,
            cost: None,
            more: serde_json::Map::new(),
            aim: aim.into(),
        }
    }

    /// Adds a figure; only as many digits as such a figure is worth.
    pub(crate) fn figure(&mut self, name: impl Into<String>, value: f64) {
        let value =
            if value.abs() < 100.0 { (value * 100.0).round() / 100.0 } else { value.round() };
        self.more.insert(name.into(), value.into());
    }

    pub(crate) fn is_faultless(&self) -> bool {
        self.faults.is_none_or(|faults| faults == Faults::default())
    }

    pub(crate) fn json(&self, machine: &Machine) -> String {
        let line = serde_json::json!({ "result": self, "machine": machine });
        line.to_string()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.scenario, self.runtime, self.what)?;
        if let Some(ms) = self.ms {
            write!(f, "\n  {ms}   n {}", self.samples)?;
        }
        if let Some(ms) = self.acknowledged_ms {
            write!(f, "\n  acknowledged: {ms}")?;
        }
        if let Some(ms) = self.told_ms {
            write!(f, "\n  told by their accounts: {ms}")?;
        }
        if let Some(ms) = self.everybody_ms {
            write!(f, "\n  everybody has it: {ms}")?;
        }
        if let Some(Faults { lost, doubled, out_of_order }) = self.faults {
            write!(f, "\n  lost {lost}   doubled {doubled}   out of order {out_of_order}")?;
        }
        if let Some(cost) = self.cost {
            write!(f, "\n  {cost}")?;
        }
        for (name, value) in &self.more {
            write!(f, "\n  {name} {value}")?;
        }
        write!(f, "\n  aim: {}", self.aim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_takes_the_nearest_rank() {
        let spread = Spread::of((1..=200).rev().map(f64::from).collect());
        assert_eq!(spread, Spread { p50: 100.0, p90: 180.0, p95: 190.0, p99: 198.0, max: 200.0 });
        let one = Spread::of(vec![7.0]);
        assert_eq!(one, Spread { p50: 7.0, p90: 7.0, p95: 7.0, p99: 7.0, max: 7.0 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }
}
