//! Rows of earlier runs, as `--save` left them: what they are called, and every figure in them by its name.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Saved {
    /// What was measured, and how the Worker was run: together they tell rows apart.
    pub(crate) scenario: String,
    pub(crate) runtime: String,
    /// In words.
    pub(crate) what: String,
    /// `ms.p50`, `cost.rows_written`, `deliveries a second`, …
    pub(crate) figures: BTreeMap<String, f64>,
    /// What it was measured on, by name.
    pub(crate) machine: BTreeMap<String, String>,
}

impl Saved {
    /// Reads a line of JSON.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let Value::Object(mut line) = serde_json::from_str(line).ok()? else { return None };
        let result = line.remove("result")?;
        let word = |name: &str| result[name].as_str().unwrap_or_default().to_owned();
        let (scenario, runtime, what) = (word("scenario"), word("runtime"), word("what"));
        let mut figures = BTreeMap::new();
        flatten("", &result, &mut figures);
        let machine = line.remove("machine").and_then(|machine| machine.as_object().cloned());
        let said = |(name, value): (String, Value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name, value)
        };
        let machine = machine.into_iter().flatten().map(said).collect();
        Some(Self { scenario, runtime, what, figures, machine })
    }

    /// Whether these are runs of the same.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        (&self.scenario, &self.runtime) == (&other.scenario, &other.runtime)
    }
}

/// Every row of a file.
///
/// # Panics
/// When it cannot be read.
pub(crate) fn read(file: &Path) -> Vec<Saved> {
    let text = std::fs::read_to_string(file);
    let text = text.unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
    text.lines().filter_map(Saved::parse).collect()
}

/// One row for all of the same: each figure is the median, the rest is of the last. In the order of the
/// first of each.
pub(crate) fn medians(rows: &[Saved]) -> Vec<Saved> {
    let mut medians: Vec<Saved> = Vec::new();
    for row in rows {
        if medians.iter().any(|known| known.is_of(row)) {
            continue;
        }
        let runs: Vec<&Saved> = rows.iter().filter(|other| other.is_of(row)).collect();
        let mut median = runs.last().map_or_else(Saved::default, |&last| last.clone());
        for (name, value) in &mut median.figures {
            let all = runs.iter().filter_map(|run| run.figures.get(name)).copied();
            *value = middle(all.collect());
        }
        medians.push(median);
    }
    medians
}

/// The one in the middle; the lower one of two.
fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

fn flatten(prefix: &str, value: &Value, figures: &mut BTreeMap<String, f64>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name =
                    if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&name, value, figures);
            }
        }
        Value::Number(number) => {
            figures.extend(number.as_f64().map(|number| (prefix.to_owned(), number)));
        }
        _ => {}
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A row with one figure.
    pub(crate) fn row(scenario: &str, runtime: &str, figure: (&str, f64)) -> Saved {
        let figures = BTreeMap::from([(figure.0.to_owned(), figure.1)]);
        let (scenario, runtime) = (scenario.to_owned(), runtime.to_owned());
        Saved { scenario, runtime, figures, ..Saved::default() }
    }

    #[test]
    fn a_line_is_read_with_all_of_its_figures() {
        let line = r#"{"result": {"scenario": "direct", "runtime": "bare", "what": "two talk",
            "ms": {"p50": 0.5, "p99": 2}, "messages a second": 7}, "machine": {"cores": 2}}"#;
        let saved = Saved::parse(line).expect("is a row");
        assert_eq!((saved.scenario.as_str(), saved.runtime.as_str()), ("direct", "bare"));
        let figures: Vec<_> = saved.figures.iter().map(|(name, &n)| (name.as_str(), n)).collect();
        assert_eq!(figures, [("messages a second", 7.0), ("ms.p50", 0.5), ("ms.p99", 2.0)]);
        assert_eq!(saved.machine["cores"], "2");
        assert_eq!(Saved::parse("2 cores"), None);
    }

    #[test]
    fn several_runs_become_their_medians() {
        let rows = [3.0, 1.0, 2.0].map(|ms| row("direct", "bare", ("ms.p50", ms)));
        let mut rows = rows.to_vec();
        rows.insert(1, row("direct", "wrangler", ("ms.p50", 9.0)));
        let medians = medians(&rows);
        let all: Vec<_> =
            medians.iter().map(|row| (row.runtime.as_str(), row.figures["ms.p50"])).collect();
        assert_eq!(all, [("bare", 2.0), ("wrangler", 9.0)]);
    }
}
