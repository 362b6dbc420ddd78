//! The same seeds every time. `cargo xtask sim --minutes M` plays fresh ones.

use tideline_sim::{Profile, run};

fn holds(seeds: std::ops::Range<u64>, faults: Profile) {
    for seed in seeds {
        let run = run(seed, faults, false);
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
    holds(0..8, Profile::storm());
}

/// A delivery that came back after its reader had left once took the note away that they had.
#[test]
fn who_leaves_in_a_storm_is_told() {
    holds(1_795_433_264_644..1_795_433_264_645, Profile::storm());
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    let (one, other) = (run(5, Profile::storm(), false), run(5, Profile::storm(), false));
    assert_eq!(one.tally, other.tally);
    assert!(one.tally.faults.len() > 10, "all kinds of faults were played: {:?}", one.tally);
}
