//! The same seeds every time. `cargo xtask sim --minutes M` plays fresh ones.

use tideline_sim::{Plan, Profile};

fn holds(seeds: std::ops::Range<u64>, faults: Profile) {
    for seed in seeds {
        let run = Plan::new(seed, faults).play(false);
        assert_eq!(run.violation, None, "replay it: cargo xtask sim --seed {seed}");
        assert!(run.tally.stored > 100, "seed {seed}: people said something: {:?}", run.tally);
    }
}

#[test]
fn in_calm_weather_everything_arrives() {
    holds(0..1, Profile::calm());
}

#[test]
fn in_a_storm_nothing_is_lost_doubled_or_out_of_order() {
    holds(0..16, Profile::storm());
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
    assert!(one.tally.faults.len() > 15, "all kinds of faults were played: {:?}", one.tally);
}
