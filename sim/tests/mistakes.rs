//! The simulator is able to fail: each deliberate mistake is found, and soon.

use tideline_sim::{Mistake, Plan, Profile, explain, shrink};

/// Most seeds that a mistake may survive.
const SEEDS: u64 = 12;

/// Plays seeds until one of them is violated, which must be for that reason, or one of those: what comes first
/// is the seed's choice.
fn found(mistake: Mistake, says: &[&str]) -> Plan {
    // What is missed heals with the next change of the same row: it takes many to miss the last.
    let faults = if mistake == Mistake::IgnoresGaps { Profile::leaks() } else { Profile::storm() };
    for seed in 0..SEEDS {
        let plan = Plan { mistake: Some(mistake), ..Plan::new(seed, faults) };
        if let Some(violation) = plan.play(false).violation {
            println!("{mistake:?} is found by seed {seed}: {violation}");
            let known = says.iter().any(|says| violation.contains(says));
            assert!(known, "it is found, for another reason");
            return plan;
        }
    }
    panic!("{mistake:?} survives {SEEDS} seeds");
}

#[test]
fn an_account_that_acknowledges_before_it_commits_is_found() {
    found(Mistake::AcknowledgesEarly, &["confirmed"]);
}

#[test]
fn a_conversation_that_forgets_ids_is_found() {
    found(Mistake::ForgetsIds, &["was acknowledged as"]);
}

#[test]
fn numbers_taken_outside_the_transaction_are_found() {
    found(Mistake::NumbersOutside, &["refused something, and changed"]);
}

#[test]
fn a_version_that_is_left_out_is_found() {
    found(Mistake::SkipsVersions, &["and tells"]);
}

#[test]
fn an_account_that_takes_for_read_what_nobody_read_is_found() {
    found(Mistake::ReadsAll, &["has read", "tells of nothing new"]);
}

#[test]
fn an_account_that_keeps_what_was_taken_back_is_found() {
    found(Mistake::KeepsDelivered, &["still says"]);
}

#[test]
fn a_conversation_that_keeps_what_was_said_before_is_found() {
    found(Mistake::KeepsRevisions, &["still says"]);
}

#[test]
fn a_conversation_that_tells_who_has_left_is_found() {
    found(Mistake::TellsWhoLeft, &["which they left after"]);
}

#[test]
fn a_link_that_lets_in_more_than_it_may_is_found() {
    found(Mistake::CountsNobody, &["of 1 at"]);
}

#[test]
fn a_refusal_that_leaves_something_is_found() {
    found(Mistake::KeepsRefused, &["refused something, and changed"]);
}

#[test]
fn a_device_that_ignores_gaps_is_found() {
    found(Mistake::IgnoresGaps, &["device"]);
}

#[test]
fn a_device_that_counts_unread_itself_is_found() {
    found(Mistake::CountsItself, &["counts"]);
}

/// What is left of a storm fits on a screen, and goes wrong by itself.
#[test]
fn a_violation_shrinks_to_what_matters() {
    let plan = found(Mistake::ForgetsIds, &["was acknowledged as"]);
    let all = plan.play(false).played.len();
    let (short, run) = shrink(&plan, &mut |_, _| {}).expect("it goes wrong");
    assert!(run.violation.is_some());
    // Of a short story, a handful.
    let few = all.max(200) / 20;
    assert!(run.played.len() < few, "{} of {all} moments are left", run.played.len());
    assert_eq!(short.play(false).played, run.played, "and is the same every time");
}

/// Whoever reads it can play it again.
#[test]
fn a_violation_says_its_seed_its_profile_and_its_shortest_trace() {
    let plan =
        Plan { faults: Profile::leaks(), ..found(Mistake::ForgetsIds, &["was acknowledged as"]) };
    let violation = plan.play(false).violation.expect("it goes wrong in this weather, too");
    let said = explain(&plan, &mut |_, _| {});
    let Plan { seed, .. } = plan;
    assert!(said.starts_with(&format!("seed {seed}, profile leaks")), "{said}");
    assert!(said.ends_with(&format!("cargo xtask sim --seed {seed} --profile leaks")), "{said}");
    assert!(said.contains(" s  device"), "somebody did something: {said}");
    assert!(!violation.is_empty());
}

#[test]
fn every_profile_is_known_by_its_name() {
    for (name, profile) in Profile::ALL {
        assert_eq!((Profile::named(name), profile.name()), (Some(profile), name));
    }
    assert_eq!(Profile::named("drizzle"), None);
}

#[test]
fn what_holds_has_nothing_to_shrink() {
    assert!(shrink(&Plan::new(0, Profile::calm()), &mut |_, _| {}).is_none());
}
