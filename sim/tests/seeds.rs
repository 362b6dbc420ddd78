//! The same seeds every time. `cargo xtask sim --minutes M` plays fresh ones.

use std::collections::BTreeSet;

use tideline_sim::{Plan, Profile, explain};

/// Everything that goes wrong in a storm.
const FAULTS: [&str; 31] = [
    "a call doubled",
    "a call lost",
    "a call of the gateway lost",
    "a clock that stands still",
    "a clock that steps back",
    "a device offline",
    "a device reloaded",
    "a device that forgot everything",
    "a device that is gone",
    "a frame doubled",
    "a frame lost",
    "a full disk",
    "a hibernation",
    "a page heard twice",
    "a page late",
    "a page out of reach",
    "a push service out of reach",
    "a push service that has enough",
    "a refused write",
    "a restart of the runtime",
    "a socket cut",
    "a store out of reach",
    "an alarm doubled",
    "an alarm given up",
    "an alarm late",
    "an answer lost",
    "an answer to the gateway lost",
    "reset after a commit",
    "reset before a turn",
    "reset during a commit",
    "sixty days",
];

/// Plays seeds; says what went wrong in them.
fn holds(seeds: std::ops::Range<u64>, faults: Profile) -> BTreeSet<&'static str> {
    let mut struck = BTreeSet::new();
    for seed in seeds {
        let plan = Plan::new(seed, faults);
        let run = plan.play(false);
        if let Some(violation) = run.violation {
            // At once: the shortest trace takes a while to find.
            eprintln!("seed {seed}, profile {}: {violation}", faults.name());
            panic!("{}", explain(&plan, &mut |_, _| {}));
        }
        assert!(run.tally.stored > 100, "seed {seed}: people said something: {:?}", run.tally);
        struck.extend(run.tally.faults.into_keys());
    }
    struck
}

#[test]
fn in_calm_weather_everything_arrives() {
    assert_eq!(holds(0..1, Profile::calm()), BTreeSet::new());
}

#[test]
fn in_a_storm_nothing_is_lost_doubled_or_out_of_order() {
    let struck = holds(0..16, Profile::storm());
    assert_eq!(struck, BTreeSet::from(FAULTS), "every fault was played");
}

#[test]
fn nor_in_another_one() {
    holds(16..32, Profile::storm());
}

/// An account with more to tell than calls may be under way once woke itself without end.
#[test]
fn who_has_much_to_tell_comes_to_rest() {
    holds(101..102, Profile::storm());
}

#[test]
fn lost_frames_are_missed_and_asked_for() {
    holds(0..3, Profile::leaks());
}

#[test]
fn a_plan_is_the_same_run_every_time() {
    let plan = Plan::new(5, Profile::storm());
    let (one, other) = (plan.play(false), plan.play(false));
    assert_eq!(one.tally, other.tally);
    assert_eq!(one.played, other.played);
}
