//! No object is needed by everybody.

use std::collections::BTreeMap;

use serde_json::json;
use tideline_scale::count::{Class, Cost};
use tideline_scale::mixed::{Script, Stage};
use tideline_scale::world::World;
use tideline_server::Address;

/// What the busiest actor of each kind got, and all of them together.
fn loads(
    before: &BTreeMap<Address, Cost>,
    after: &BTreeMap<Address, Cost>,
) -> BTreeMap<Class, (f64, f64)> {
    let mut loads: BTreeMap<Class, (f64, f64)> = BTreeMap::new();
    for (address, cost) in after {
        let cost = *cost - before.get(address).copied().unwrap_or_default();
        let asked = cost.calls + cost.frames;
        let (most, all) = loads.entry(Class::of(*address)).or_default();
        *most = most.max(asked);
        *all += asked;
    }
    loads
}

#[test]
fn no_actor_has_more_to_do_because_there_are_more_people() {
    let mut alone: Option<BTreeMap<Class, (f64, f64)>> = None;
    for people in [20, 80, 320] {
        let script = Script::new(people, 4);
        let mut stage = Stage::set(&script);
        let before = stage.world.costs();
        stage.play(&script);
        let loads = loads(&before, &stage.world.costs());
        println!("{people} people, {} messages: {loads:?}", script.messages());
        assert!(loads[&Class::Conversation].1 > script.messages() as f64);
        // Neither for messages nor for anything around them is a directory or the deployment asked.
        assert_eq!(loads[&Class::Directory].1, 0.0);
        assert_eq!(loads[&Class::Deployment].1, 0.0);
        let few = alone.get_or_insert_with(|| loads.clone());
        for class in [Class::Account, Class::Conversation] {
            let (most, few) = (loads[&class].0, few[&class].0);
            assert!(most <= few * 1.1, "{class:?}: {most} with {people} people, {few} with 20");
        }
    }
}

/// What the directory and the deployment are asked while something is done so many times.
fn asked(world: &mut World, times: usize, mut act: impl FnMut(&mut World, usize)) -> (f64, f64) {
    let before = world.by_class();
    for n in 0..times {
        act(world, n);
        world.run(20_000);
    }
    let after = world.by_class();
    let of = |class: Class| {
        let calls =
            |costs: &BTreeMap<Class, Cost>| costs.get(&class).map_or(0.0, |cost| cost.calls);
        (calls(&after) - calls(&before)) / times as f64
    };
    (of(Class::Directory), of(Class::Deployment))
}

#[test]
fn the_directory_and_the_deployment_are_asked_for_these_things_and_so_often() {
    const TIMES: usize = 10;
    let mut world = World::new();
    world.register_many(3);
    let group = world.group(&[0, 1]);
    world.run(20_000);
    let register = asked(&mut world, TIMES, |world, _| {
        world.register();
    });
    let sign_in = asked(&mut world, TIMES, |world, _| {
        let body = json!({"type": "sign_in", "user_name": "person1", "password": "correct horse"});
        world.post(1, "/api/session", &body);
    });
    let rename = asked(&mut world, TIMES, |world, n| {
        let body = json!({"type": "update_profile", "display_name": format!("Person {n}"),
                          "age": null, "gender": "unstated", "signature": ""});
        world.post(1, "/api/account", &body);
    });
    let find = asked(&mut world, TIMES, |world, _| {
        world.post(1, "/api/people", &json!({"type": "find", "query": "person"}));
    });
    // However much is said in it, a conversation tells at most once an hour how much there is of it.
    let device = world.device(0);
    world.open(device);
    world.show(device, Some(group));
    world.run(20_000);
    let hour = asked(&mut world, 1, |world, _| {
        for n in 0..600 {
            world.say_in(device, group, &format!("{n}"));
            world.run(6_000);
        }
    });
    println!("{register:?} {sign_in:?} {rename:?} {find:?} {hour:?}");
    // Rate, claim, confirmation and list; who may register.
    assert_eq!(register, (4.0, 1.0));
    // Rate and name.
    assert_eq!(sign_in, (2.0, 0.0));
    // The list.
    assert_eq!(rename, (1.0, 0.0));
    assert_eq!(find, (f64::from(tideline_server::directory::SHARDS), 0.0));
    assert!(hour.0 <= 2.0 && hour.1 == 0.0, "{hour:?}");
}
