//! A violation, in words: what it is, the shortest trace that still brings it about, and how to play it again.

use std::fmt::Write;

use crate::{Plan, shrink};

/// What a plan violates; nothing where it violates nothing. `progress` as in [`shrink`].
#[must_use]
pub fn explain(plan: &Plan, progress: &mut dyn FnMut(usize, usize)) -> String {
    let Some((_, run)) = shrink(plan, progress) else { return String::new() };
    let (seed, profile) = (plan.seed, plan.faults.name());
    let mut said = format!("seed {seed}, profile {profile}, of which this is enough:\n");
    for played in &run.played {
        // A string takes everything.
        let _ = writeln!(said, "{played}");
    }
    let violation = run.violation.unwrap_or_default();
    said + &format!(
        "{violation}\nreplay all of it: cargo xtask sim --seed {seed} --profile {profile}"
    )
}
