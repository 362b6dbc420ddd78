//! `cargo xtask test`: every check, one line each, and one line at the end that sums them up.

mod count;
mod passed;
mod step;

use std::{collections::HashSet, process::ExitCode};

use anyhow::Result;
use clap::ValueEnum;

use count::Count;
use step::Step;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps, and what they need.
    #[arg(long, value_enum, value_name = "STEP", num_args = 1..)]
    only: Vec<Step>,
    /// Run suites again that passed, though nothing has changed since that they read.
    #[arg(long)]
    again: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let wanted = wanted(&args.only);
    let mut failed = HashSet::new();
    let mut sum = Count::default();
    for step in Step::value_variants().iter().filter(|step| wanted.contains(step)) {
        let count = if step.needs().is_some_and(|needed| failed.contains(&needed)) {
            println!("  FAILED  {:<18} could not run without what failed before", step.name());
            Count { passed: 0, failed: 1 }
        } else {
            step.run(args.again)
        };
        if count.failed > 0 {
            failed.insert(*step);
        }
        sum.add(count);
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The steps that were asked for, and all that they need; all steps when none was asked for.
fn wanted(only: &[Step]) -> HashSet<Step> {
    let asked = if only.is_empty() { Step::value_variants() } else { only };
    let chain = |step: &Step| std::iter::successors(Some(*step), |step| step.needs());
    asked.iter().flat_map(chain).collect()
}
