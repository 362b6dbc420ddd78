//! The model and the real actors agree: about single events, and about a mixed load.

use tideline_scale::costs::Costs;
use tideline_scale::measure;
use tideline_scale::mixed::{Script, Stage};

/// How far two figures may be apart, as a share.
const APART: f64 = 0.1;
/// The same of rows read: an estimate, and how many there are depends on what is there already.
const READ_APART: f64 = 0.35;
/// What is less than this, for one event, is nothing.
const NOTHING: f64 = 0.05;

fn agree(name: &str, one: f64, other: f64) -> bool {
    let apart = if name.ends_with("read") { READ_APART } else { APART };
    let larger = one.abs().max(other.abs());
    (one - other).abs() <= apart * larger || larger < NOTHING
}

#[test]
fn the_kept_costs_are_those_of_the_actors() {
    let kept = Costs::kept().expect("the file holds them").figures();
    let measured = measure::costs().figures();
    let apart: Vec<String> = kept
        .iter()
        .zip(&measured)
        .filter(|((name, kept), (_, measured))| !agree(name, *kept, *measured))
        .map(|((name, kept), (_, measured))| format!("{name}: {kept} is kept, {measured} measured"))
        .collect();
    assert!(
        apart.is_empty(),
        "{}\n`cargo xtask scale --measure --write` measures again, and writes SCALE.md.",
        apart.join("\n")
    );
}

#[test]
fn the_model_foretells_a_mixed_load() {
    let costs = Costs::kept().expect("the file holds them");
    let script = Script::new(60, 8);
    let mut stage = Stage::set(&script);
    let before = stage.world.cost();
    stage.play(&script);
    let played = stage.world.cost() - before;
    let foretold = script.foretold(&costs);
    let figures = || foretold.figures().into_iter().zip(played.figures());
    for ((name, foretold), (_, played)) in figures() {
        println!("{name:>10}: {foretold:9.0} foretold, {played:9.0} played");
    }
    for ((name, foretold), (_, played)) in figures() {
        assert!(agree(name, foretold, played), "{name}: {foretold} foretold, {played} played");
    }
}
