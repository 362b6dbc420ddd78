//! The simulator is able to fail: each deliberate mistake is found, and soon.

use tideline_sim::{Mistake, Plan, Profile, shrink};

/// Most seeds that a mistake may survive.
const SEEDS: u64 = 12;

/// Plays seeds until one of them is violated.
fn found(mistake: Mistake) -> Plan {
    // What is missed heals with the next change of the same row: it takes many to miss the last.
    let faults = if mistake == Mistake::IgnoresGaps { Profile::leaks() } else { Profile::storm() };
    for seed in 0..SEEDS {
        let plan = Plan { mistake: Some(mistake), ..Plan::new(seed, faults) };
        if let Some(violation) = plan.play(false).violation {
            println!("{mistake:?} is found by seed {seed}: {violation}");
            return plan;
        }
    }
    panic!("{mistake:?} survives {SEEDS} seeds");
}

#[test]
fn an_account_that_acknowledges_before_it_commits_is_found() {
    found(Mistake::AcknowledgesEarly);
}

#[test]
fn a_conversation_that_forgets_ids_is_found() {
    found(Mistake::ForgetsIds);
}

#[test]
fn numbers_taken_outside_the_transaction_are_found() {
    found(Mistake::NumbersOutside);
}

#[test]
fn a_refusal_that_leaves_something_is_found() {
    found(Mistake::KeepsRefused);
}

#[test]
fn a_device_that_ignores_gaps_is_found() {
    found(Mistake::IgnoresGaps);
}

#[test]
fn a_device_that_counts_unread_itself_is_found() {
    found(Mistake::CountsItself);
}

/// What is left of a storm fits on a screen, and goes wrong by itself.
#[test]
fn a_violation_shrinks_to_what_matters() {
    let plan = found(Mistake::ForgetsIds);
    let all = plan.play(false).played.len();
    let (short, run) = shrink(&plan, &mut |_, _| {}).expect("it goes wrong");
    assert!(run.violation.is_some());
    // Of a short story, a handful.
    let few = all.max(100) / 20;
    assert!(run.played.len() < few, "{} of {all} moments are left", run.played.len());
    assert_eq!(short.play(false).played, run.played, "and is the same every time");
}

#[test]
fn what_holds_has_nothing_to_shrink() {
    assert!(shrink(&Plan::new(0, Profile::calm()), &mut |_, _| {}).is_none());
}
