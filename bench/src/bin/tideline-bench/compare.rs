//! A run beside an earlier one: each figure's change, as a ratio.

use std::fmt;

use crate::saved::{Saved, medians};

/// On a machine that drifts, a change by less than this says nothing.
const MEANS_SOMETHING: f64 = 1.5;

/// A figure, before and now.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    figure: String,
    before: f64,
    now: f64,
}

/// How a row differs from the medians of its like; nothing where there is no such.
pub(crate) fn changes(now: &Saved, before: &[Saved]) -> Vec<Change> {
    let like: Vec<Saved> = before.iter().filter(|row| row.is_of(now)).cloned().collect();
    let Some(like) = medians(&like).pop() else { return Vec::new() };
    let both = now.figures.iter().filter_map(|(figure, &now)| {
        let before = *like.figures.get(figure)?;
        Some(Change { figure: figure.clone(), before, now })
    });
    both.filter(|change| change.before != 0.0 || change.now != 0.0).collect()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, before, now } = self;
        let ratio = now / before;
        let means = !(MEANS_SOMETHING.recip()..MEANS_SOMETHING).contains(&ratio);
        let mark = if means { "  <-" } else { "" };
        write!(f, "{ratio:>7.2}  {figure}: {before} to {now}{mark}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::tests::row;

    #[test]
    fn a_change_is_a_ratio_to_the_median_of_the_same_scenario_and_runtime() {
        let before = [
            row("direct", "bare", ("ms.p50", 4.0)),
            row("direct", "bare", ("ms.p50", 2.0)),
            row("direct", "bare", ("ms.p50", 2.0)),
            row("direct", "wrangler", ("ms.p50", 50.0)),
        ];
        let now = row("direct", "bare", ("ms.p50", 1.0));
        let shown: Vec<_> = changes(&now, &before).iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["   0.50  ms.p50: 2 to 1  <-"]);
    }

    #[test]
    fn what_was_not_measured_before_has_not_changed() {
        let before = [row("direct", "bare", ("ms.p50", 2.0))];
        assert_eq!(changes(&row("group", "bare", ("ms.p50", 2.0)), &before), []);
        assert_eq!(changes(&row("direct", "bare", ("ms.p99", 2.0)), &before), []);
        let same = changes(&row("direct", "bare", ("ms.p50", 2.2)), &before);
        assert_eq!(same[0].to_string(), "   1.10  ms.p50: 2 to 2.2");
    }
}
