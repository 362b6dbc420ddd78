//! The samples of a row of people who talk, and the texts that they say.

use std::time::Duration;

use crate::report::{Faults, Report, Spread};

/// What may be missing for this long counts as lost.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of each text.
const TEXT: usize = 200;

/// Milliseconds, and what must be nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    /// Send to delivered, at each reader but the author.
    pub(crate) delivered: Vec<f64>,
    /// Send to acknowledged.
    pub(crate) acknowledged: Vec<f64>,
    /// Send to told by the reader's own account.
    pub(crate) told: Vec<f64>,
    /// Send to delivered at the last reader, told where one does not look.
    pub(crate) everybody: Vec<f64>,
    pub(crate) faults: Faults,
}

impl Taken {
    /// Takes in those of others.
    pub(crate) fn add(&mut self, other: Self) {
        self.delivered.extend(other.delivered);
        self.acknowledged.extend(other.acknowledged);
        self.told.extend(other.told);
        self.everybody.extend(other.everybody);
        self.faults.add(other.faults);
    }

    /// A row of them.
    pub(crate) fn report(self, scenario: impl Into<String>, what: String, aim: &str) -> Report {
        let mut report = Report::of(scenario, what, self.delivered.len(), aim);
        let spread = |samples: Vec<f64>| (!samples.is_empty()).then(|| Spread::of(samples));
        report.ms = spread(self.delivered);
        report.acknowledged_ms = spread(self.acknowledged);
        report.told_ms = spread(self.told);
        report.everybody_ms = spread(self.everybody);
        report.faults = Some(self.faults);
        report
    }
}

/// What is said for the `n`th time.
pub(crate) fn text(n: usize) -> String {
    let text = format!("{n:06} {}", "tide ".repeat(TEXT / 5));
    text.get(..TEXT).unwrap_or(&text).to_owned()
}

/// Which time a text was said for.
pub(crate) fn number(text: &str) -> Option<usize> {
    text.get(..6)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_length_and_their_number() {
        for n in [0, 7, 123_456] {
            let text = text(n);
            assert_eq!((text.len(), number(&text)), (TEXT, Some(n)));
        }
        assert_eq!(number("tide"), None);
    }
}
