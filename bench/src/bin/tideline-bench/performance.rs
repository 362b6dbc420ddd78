//! PERFORMANCE.md, as far as it is figures: made of what `--save` left, between two marks in a text that
//! people write.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use tideline_bench::workspace;

use crate::peers::{PEERS, SUBJECTS, Subject};
use crate::picture;
use crate::saved::{self, Saved};

/// Where the figures begin and end.
const BEGIN: &str =
    "<!-- Made by `cargo xtask bench --report FILE…`, down to the next such mark. -->";
const END: &str = "<!-- Made until here. -->";

/// How the Worker is run, as rows say it.
pub(crate) const RUNTIMES: [&str; 2] = ["wrangler", "bare"];

/// Writes the figures of these files into PERFORMANCE.md, and the picture of them.
///
/// # Panics
/// When a file cannot be read or written, or PERFORMANCE.md lacks its marks.
pub(crate) fn write(files: &[PathBuf]) {
    let rows: Vec<Saved> = files.iter().flat_map(|file| saved::read(file)).collect();
    let medians = saved::medians(&rows);
    let path = workspace().join("PERFORMANCE.md");
    let text = std::fs::read_to_string(&path).expect("PERFORMANCE.md can be read");
    let text =
        between_marks(&text, &tables(&rows, &medians)).expect("PERFORMANCE.md has its marks");
    std::fs::write(&path, text).expect("PERFORMANCE.md can be written");
    let picture = workspace().join("docs/performance.svg");
    std::fs::write(picture, picture::draw(&medians)).expect("the picture can be written");
}

/// The text with something else between its marks.
fn between_marks(text: &str, made: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, behind) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{made}\n{END}{behind}"))
}

fn tables(rows: &[Saved], medians: &[Saved]) -> String {
    let runs = medians.iter().map(|row| rows.iter().filter(|other| other.is_of(row)).count());
    let runs: BTreeSet<usize> = runs.collect();
    let runs: Vec<_> = runs.iter().map(ToString::to_string).collect();
    let mut text = String::new();
    for machine in rows.iter().map(machine).collect::<BTreeSet<_>>() {
        let _ = writeln!(text, "Measured on {machine}");
    }
    match runs.as_slice() {
        [only] if only == "1" => text.push_str("One run each.\n\n"),
        _ => drop(writeln!(text, "Medians of {} runs.\n", runs.join(" or "))),
    }
    beside_others(&mut text, medians);
    every_row(&mut text, medians);
    text
}

fn machine(row: &Saved) -> String {
    let of = |name: &str| row.machine.get(name).map_or("?", String::as_str);
    format!(
        "{} cores ({}), {} GiB, {}, {}, commit {}.",
        of("cores"),
        of("cpu"),
        of("memory_gib"),
        of("system"),
        of("runtime"),
        of("commit")
    )
}

fn beside_others(text: &mut String, medians: &[Saved]) {
    text.push_str("## Beside what others reach\n\n| |");
    for runtime in RUNTIMES {
        let _ = write!(text, " {runtime} | aim |");
    }
    let _ = writeln!(text, " floor here, bare | {} |", PEERS.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(2 * RUNTIMES.len() + 1 + PEERS.len()));
    for subject in SUBJECTS {
        let _ = write!(text, "| {} |", subject.what);
        for (runtime, aim) in RUNTIMES.iter().zip(subject.aims) {
            let ours = ours(subject, "", runtime, medians);
            let ours = if ours.is_empty() { ours } else { format!("**{ours}**") };
            let _ = write!(text, " {ours} | {aim} |");
        }
        let floor = ours(subject, "floor ", "bare", medians);
        let _ = writeln!(text, " {floor} | {} |", subject.peers.join(" | "));
    }
    text.push('\n');
}

/// The figures of a subject as text: ours, or those of rows whose names begin so.
fn ours(subject: &Subject, prefix: &str, runtime: &str, medians: &[Saved]) -> String {
    let figures = subject.ours.iter().filter_map(|(scenario, figure)| {
        Some(shown(figure_of(medians, &format!("{prefix}{scenario}"), runtime, figure)?))
    });
    figures.collect::<Vec<_>>().join(" / ")
}

/// A figure, if it was measured.
pub(crate) fn figure_of(
    medians: &[Saved],
    scenario: &str,
    runtime: &str,
    figure: &str,
) -> Option<f64> {
    let row = medians.iter().find(|row| row.scenario == scenario && row.runtime == runtime)?;
    row.figures.get(figure).copied()
}

/// Columns of the table of everything: name and figure.
const COLUMNS: [(&str, &str); 12] = [
    ("p50", "ms.p50"),
    ("p90", "ms.p90"),
    ("p99", "ms.p99"),
    ("max", "ms.max"),
    ("acknowledged p50", "acknowledged_ms.p50"),
    ("everybody p50", "everybody_ms.p50"),
    ("told p99", "told_ms.p99"),
    ("processor", "cost.processor_ms"),
    ("rows written", "cost.rows_written"),
    ("rows read", "cost.rows_read"),
    ("calls", "cost.calls"),
    ("MiB", "cost.memory_mib"),
];

fn every_row(text: &mut String, medians: &[Saved]) {
    text.push_str("## Everything\n\n");
    text.push_str(
        "Times are milliseconds. Processor time, rows and calls are for each message; MiB are resident at the \
         end. \"Faults\" are messages lost, doubled and out of order.\n\n| | |",
    );
    let names: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let _ = writeln!(text, " {} | more | faults |", names.join(" | "));
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(COLUMNS.len() + 2));
    for row in medians {
        let cells =
            COLUMNS.map(|(_, figure)| row.figures.get(figure).map_or(String::new(), |&n| shown(n)));
        let Saved { scenario, runtime, .. } = row;
        let cells = cells.join(" | ");
        let _ = writeln!(
            text,
            "| {scenario} | {runtime} | {cells} | {} | {} |",
            more(row),
            faults(row)
        );
    }
    text.push_str("\nWhat each row is:\n\n");
    let mut told = BTreeSet::new();
    for Saved { scenario, what, .. } in medians {
        if told.insert(scenario) {
            let _ = writeln!(text, "- **{scenario}**: {what}.");
        }
    }
}

/// The figures that no column has.
fn more(row: &Saved) -> String {
    let own = row.figures.iter().filter(|(name, _)| !name.contains('.') && *name != "samples");
    own.map(|(name, &value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(", ")
}

fn faults(row: &Saved) -> String {
    let of = |name: &str| row.figures.get(&format!("faults.{name}")).copied();
    match (of("lost"), of("doubled"), of("out_of_order")) {
        (Some(lost), Some(doubled), Some(out)) => format!("{lost} {doubled} {out}"),
        _ => String::new(),
    }
}

/// A number with as many digits as it is worth: `0.44`, `17.6`, `1,300`.
pub(crate) fn shown(value: f64) -> String {
    if value.abs() < 10.0 {
        let text = format!("{value:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    if value.abs() < 100.0 {
        return format!("{value:.1}").trim_end_matches(".0").to_owned();
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::tests::row;

    #[test]
    fn numbers_have_the_digits_that_they_are_worth() {
        let shown: Vec<_> = [0.0, 0.444, 2.0, 17.63, 100.4, 1_300.0, 1_234_567.0].map(shown).into();
        assert_eq!(shown, ["0", "0.44", "2", "17.6", "100", "1,300", "1,234,567"]);
    }

    #[test]
    fn what_people_wrote_around_the_figures_stays() {
        let text = format!("Before.\n{BEGIN}\nold\n{END}\nBehind.\n");
        let new = between_marks(&text, "new\n").expect("has marks");
        assert_eq!(new, format!("Before.\n{BEGIN}\n\nnew\n\n{END}\nBehind.\n"));
        assert_eq!(between_marks(&new, "new\n").as_deref(), Some(new.as_str()));
        assert_eq!(between_marks("no marks", "new"), None);
    }

    #[test]
    fn our_figures_stand_beside_aims_and_peers() {
        let rows = [
            row("direct 20", "bare", ("messages a second", 1_999.6)),
            row("idle 1000", "bare", ("KiB each", 91.0)),
            row("floor direct 20", "bare", ("messages a second", 2_400.0)),
        ];
        let tables = tables(&rows, &rows);
        let line = tables.lines().find(|line| line.contains("20 pairs")).expect("a line");
        assert_eq!(
            line,
            "| direct, 20 pairs, 8 under way each, messages/s |  | 1,300 | **2,000** | 2,000 | 2,400 | 2,974 | 396 | \
             1,276 |  | 2,324 |"
        );
        assert!(tables.contains("| idle 1000 | bare |"), "{tables}");
    }
}
