//! One scenario's result: a row to read and a line of JSON to keep.

use std::fmt;

use serde::Serialize;

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

/// What must be nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Faults {
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) out_of_order: usize,
}

/// A scenario's result.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) scenario: &'static str,
    /// What was measured, in words.
    pub(crate) what: String,
    pub(crate) samples: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<Spread>,
    /// Send to acknowledged, where that is another thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledged_ms: Option<Spread>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) faults: Option<Faults>,
    /// What else was counted.
    #[serde(flatten)]
    pub(crate) more: serde_json::Map<String, serde_json::Value>,
    /// In words.
    pub(crate) aim: &'static str,
}

impl Report {
    /// One of which nothing is known yet but its name.
    pub(crate) fn of(
        scenario: &'static str,
        what: String,
        samples: usize,
        aim: &'static str,
    ) -> Self {
        let (ms, acknowledged_ms, faults) = (None, None, None);
        let more = serde_json::Map::new();
        Self { scenario, what, samples, ms, acknowledged_ms, faults, more, aim }
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
        write!(f, "{:<12} {}", self.scenario, self.what)?;
        if let Some(Spread { p50, p90, p95, p99, max }) = self.ms {
            let n = self.samples;
            write!(f, "\n  p50 {p50} ms   p90 {p90}   p95 {p95}   p99 {p99}   max {max}   n {n}")?;
        }
        if let Some(Spread { p50, p99, .. }) = self.acknowledged_ms {
            write!(f, "\n  acknowledged: p50 {p50} ms   p99 {p99}")?;
        }
        if let Some(Faults { lost, doubled, out_of_order }) = self.faults {
            write!(f, "\n  lost {lost}   doubled {doubled}   out of order {out_of_order}")?;
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
