//! Where rows arrive: each is shown, compared and saved as soon as it is there.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use tideline_bench::Way;

use crate::compare::changes;
use crate::machine::Machine;
use crate::report::Report;
use crate::saved::Saved;

/// Takes rows.
pub(crate) struct Desk {
    machine: Machine,
    save: Option<PathBuf>,
    before: Vec<Saved>,
    runtime: &'static str,
    faultless: bool,
}

impl Desk {
    /// One that adds rows to a file, and compares them to earlier ones.
    pub(crate) fn new(machine: Machine, save: Option<PathBuf>, before: Vec<Saved>) -> Self {
        println!("{machine}\n");
        Self { machine, save, before, runtime: "", faultless: true }
    }

    /// What comes from now on is measured so.
    pub(crate) fn measures_on(&mut self, way: Way) {
        self.runtime = match way {
            Way::Wrangler => "wrangler",
            Way::Bare => "bare",
        };
    }

    /// Takes a row.
    pub(crate) fn take(&mut self, mut report: Report) {
        report.runtime = self.runtime;
        self.faultless &= report.is_faultless();
        let line = report.json(&self.machine);
        println!("{report}\n{line}");
        for change in Saved::parse(&line).iter().flat_map(|now| changes(now, &self.before)) {
            println!("{change}");
        }
        println!();
        let Some(path) = &self.save else { return };
        let file = File::options().create(true).append(true).open(path);
        let saved = file.and_then(|mut file| writeln!(file, "{line}"));
        saved.unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
    }

    /// Whether nothing was lost, doubled or out of order so far.
    pub(crate) fn is_faultless(&self) -> bool {
        self.faultless
    }
}
