//! Finds what of a violated run matters.

use crate::script::Moment;
use crate::{Plan, Run};

/// Most runs that a search may take.
const TRIES: u32 = 300;

/// The shortest plan found that still violates something, with its run. None when `plan` itself
/// violates nothing. `progress` hears how many moments are left, of how many.
///
/// Delta debugging (Zeller and Hildebrandt 2002) over moments: leave out ever smaller parts of what
/// was played, the latest first, as long as what is left still goes wrong.
#[must_use]
pub fn shrink(plan: &Plan, progress: &mut dyn FnMut(usize, usize)) -> Option<(Plan, Run)> {
    let mut run = plan.play(false);
    run.violation.as_ref()?;
    let mut plan = plan.clone();
    let mut left = moments(&run);
    let all = left.len();
    let mut part = all.div_ceil(2);
    // Where the next part to leave out ends.
    let mut end = all;
    for _ in 0..TRIES {
        progress(left.len(), all);
        if end == 0 {
            if part <= 1 {
                break;
            }
            part = part.div_ceil(2);
            end = left.len();
        }
        let begin = end.saturating_sub(part);
        let kept = left[..begin].iter().chain(&left[end..]).cloned().collect();
        let candidate = Plan { only: Some(kept), ..plan.clone() };
        let tried = candidate.play(false);
        end = begin;
        if tried.violation.is_some() {
            // Moments that no longer came about go as well.
            left = moments(&tried);
            end = end.min(left.len());
            let only = Some(left.iter().cloned().collect());
            (plan, run) = (Plan { only, ..candidate }, tried);
        }
    }
    Some((plan, run))
}

fn moments(run: &Run) -> Vec<Moment> {
    run.played.iter().map(|played| played.moment.clone()).collect()
}
