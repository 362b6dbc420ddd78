//! What people do around their messages: opening, looking, writing, reacting, searching.

use serde_json::json;
use tideline_client::{Act, Action, Alteration};

use super::messages::{Scene, Where};
use super::{each, text};
use crate::count::Cost;
use crate::world::World;

const TIMES: usize = 16;
const MINUTE_MS: u64 = 60_000;

/// The app is opened and closed again.
pub(super) fn open_app() -> Cost {
    let mut scene = Scene::new(2, Where::Away);
    scene.world.close(0);
    scene.world.run(2 * MINUTE_MS);
    each(&mut scene.world, TIMES, 2 * MINUTE_MS, |world, _| {
        world.open(1);
        world.run(5_000);
        world.close(1);
    })
}

/// The app is open for a minute more.
pub(super) fn minute() -> Cost {
    let mut scene = Scene::new(2, Where::Away);
    scene.world.show(0, None);
    scene.world.run(2 * MINUTE_MS);
    minutes(&mut scene.world)
}

/// Two people look at their conversation for a minute: what each costs more.
pub(super) fn watched_minute() -> Cost {
    let mut scene = Scene::new(2, Where::Looking);
    minutes(&mut scene.world) / 2.0 - minute()
}

/// Somebody opens the app whom the other one watches.
pub(super) fn seen() -> Cost {
    let turns = |watched_first: bool| {
        let mut scene = Scene::new(2, Where::Elsewhere);
        let conversation = scene.conversation;
        scene.world.close(0);
        scene.world.run(2 * MINUTE_MS);
        let watch = |world: &mut World| {
            world.show(1, Some(conversation));
            world.run(3_000);
            world.show(1, None);
            world.run(12_000);
        };
        each(&mut scene.world, TIMES, 3 * MINUTE_MS, |world, _| {
            if watched_first {
                watch(world);
            }
            world.open(0);
            world.run(5_000);
            world.close(0);
            world.run(10_000);
            if !watched_first {
                watch(world);
            }
        })
    };
    turns(true) - turns(false)
}

fn minutes(world: &mut World) -> Cost {
    let minutes = 30;
    super::during(world, |world| world.run(minutes * MINUTE_MS)) / minutes as f64
}

/// A conversation comes on the screen and goes again.
pub(super) fn open_conversation(people: usize) -> Cost {
    let mut scene = Scene::new(people, Where::Away);
    let conversation = scene.conversation;
    scene.world.show(0, None);
    scene.world.run(2 * MINUTE_MS);
    each(&mut scene.world, TIMES, MINUTE_MS, |world, _| {
        world.show(0, Some(conversation));
        world.run(20_000);
        world.show(0, None);
    })
}

/// A few letters.
pub(super) fn typing() -> Cost {
    let mut scene = Scene::new(2, Where::Looking);
    each(&mut scene.world, TIMES, 15_000, |world, _| world.act(0, Action::Type))
}

/// A reaction to a message of the other one's.
pub(super) fn reaction() -> Cost {
    let mut scene = Scene::new(2, Where::Looking);
    let conversation = scene.conversation;
    (0..TIMES).for_each(|n| scene.world.say_in(0, conversation, &text(n)));
    scene.world.run(2 * MINUTE_MS);
    each(&mut scene.world, TIMES, 15_000, |world, n| {
        let (act, words) = (Act::React, "👍".to_owned());
        let alteration = Alteration { conversation, seq: 1 + n as u64, act, words };
        world.act(1, Action::Alter(alteration));
    })
}

/// A search for a word that is there.
pub(super) fn search(conversations: usize) -> Cost {
    let mut world = World::new();
    let people = world.register_many(conversations + 1);
    let mut all = Vec::new();
    for other in people.skip(1) {
        let id = world.direct(0, other);
        world.run(20_000);
        let device = world.device(other);
        world.open(device);
        (0..20).for_each(|n| world.say_in(device, id, &text(n)));
        world.run(MINUTE_MS);
        world.close(device);
        all.push(id);
    }
    world.run(2 * MINUTE_MS);
    let body = json!({"type": "messages", "query": "tide", "conversations": all, "zone_min": 0});
    each(&mut world, TIMES, 30_000, |world, _| drop(world.post(0, "/api/search", &body)))
}

/// A search of people.
pub(super) fn search_people() -> Cost {
    let mut world = World::new();
    world.register_many(2);
    world.run(MINUTE_MS);
    let body = json!({"type": "find", "query": "nobody is called so"});
    each(&mut world, TIMES, 30_000, |world, _| drop(world.post(0, "/api/people", &body)))
}
