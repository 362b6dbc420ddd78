//! What happens rarely: accounts, conversations and names that are made, files, and how much is kept.

use serde_json::json;
use tideline_server::Address;
use tideline_shared::{ConversationId, FileId};

use super::messages::{MEMBERS, Scene, Where};
use super::{each, text};
use crate::costs::Bytes;
use crate::count::Cost;
use crate::world::World;

const TIMES: usize = 16;
const MINUTE_MS: u64 = 60_000;

/// An account is made, after the first one, which owns the deployment.
pub(super) fn register() -> Cost {
    let mut world = World::new();
    world.register_many(2);
    world.run(MINUTE_MS);
    each(&mut world, TIMES, MINUTE_MS, |world, _| {
        world.register();
    })
}

/// A further device.
pub(super) fn sign_in() -> Cost {
    let mut world = World::new();
    world.register_many(2);
    world.run(MINUTE_MS);
    let body = json!({"type": "sign_in", "user_name": "person1", "password": "correct horse"});
    each(&mut world, TIMES, MINUTE_MS, |world, _| drop(world.post(1, "/api/session", &body)))
}

/// A direct conversation is begun.
pub(super) fn start_direct() -> Cost {
    let mut world = World::new();
    world.register_many(TIMES + 1);
    world.run(MINUTE_MS);
    each(&mut world, TIMES, MINUTE_MS, |world, n| {
        world.direct(0, n + 1);
    })
}

/// Somebody comes into a group: the cost of that, and of each member who is there.
pub(super) fn join() -> (Cost, Cost) {
    let into = |members: usize| {
        let mut world = World::new();
        let all: Vec<usize> = world.register_many(members + 1).collect();
        let group = world.group(&all[..members]);
        world.run(2 * MINUTE_MS);
        let token = world.invite(0, group);
        world.run(MINUTE_MS);
        let body = json!({"type": "join", "token": token});
        each(&mut world, 1, 2 * MINUTE_MS, |world, _| {
            drop(world.post(members, "/api/invites", &body))
        })
    };
    let (few, many) = (into(4), into(MEMBERS));
    let member = (many - few) / (MEMBERS - 4) as f64;
    (few - member * 4.0, member)
}

/// A new name, told in one group.
pub(super) fn rename() -> Cost {
    let mut scene = Scene::new(MEMBERS, Where::Away);
    scene.world.close(0);
    scene.world.run(2 * MINUTE_MS);
    each(&mut scene.world, TIMES, 2 * MINUTE_MS, |world, n| {
        let body = json!({"type": "update_profile", "display_name": format!("Person {n}"),
                          "age": null, "gender": "unstated", "signature": ""});
        world.post(1, "/api/account", &body);
    })
}

fn file(n: usize) -> FileId {
    let mut bytes = [0; 10];
    crate::random::Random::of(n as u64).fill(&mut bytes);
    FileId::new(1_800_000_000_000 + n as u64, bytes)
}

fn upload_one(world: &mut World, conversation: ConversationId, n: usize) -> FileId {
    let bytes = vec![b'~'; 1_000];
    let id = file(n);
    let path = format!("/api/conversations/{conversation}/files/{id}/{}/0", bytes.len());
    world.put(0, &path, &bytes);
    id
}

fn send_with(world: &mut World, conversation: ConversationId, id: FileId) {
    let Ok(file) = serde_json::from_value(json!({"id": id, "name": "tide.txt"})) else { return };
    let files = vec![file];
    let text = "a file".to_owned();
    let send = tideline_client::Action::Send { conversation, text, reply_to: None, files };
    world.act(0, send);
}

/// A file, beyond the message that brings it.
pub(super) fn upload() -> Cost {
    let mut scene = Scene::new(2, Where::Away);
    let conversation = scene.conversation;
    let with = each(&mut scene.world, TIMES, MINUTE_MS, |world, n| {
        let id = upload_one(world, conversation, n);
        send_with(world, conversation, id);
    });
    let message = each(&mut scene.world, TIMES, MINUTE_MS, |world, n| {
        world.say_in(0, conversation, &text(n));
    });
    with - message
}

/// A file is fetched by the other one.
pub(super) fn download() -> Cost {
    let mut scene = Scene::new(2, Where::Away);
    let conversation = scene.conversation;
    let id = upload_one(&mut scene.world, conversation, 0);
    send_with(&mut scene.world, conversation, id);
    scene.world.run(MINUTE_MS);
    let path = format!("/api/conversations/{conversation}/files/{id}");
    each(&mut scene.world, TIMES, MINUTE_MS, |world, _| drop(world.fetch(1, &path)))
}

/// How much is kept.
pub(super) fn bytes() -> Bytes {
    const MESSAGES: usize = 2_000;
    const PEOPLE: usize = 40;
    let mut world = World::new();
    world.register_many(PEOPLE + 1);
    let account = |n: usize, world: &World| world.bytes(Address::Account(world.person(n).user));
    let new = account(0, &world);
    let first = world.direct(0, 1);
    world.run(MINUTE_MS);
    let place = Address::Conversation(first);
    let empty = world.bytes(place);
    for other in 2..=PEOPLE {
        world.direct(0, other);
    }
    world.run(MINUTE_MS);
    let entries = account(0, &world);
    let before = account(1, &world);
    let device = world.device(0);
    world.open(device);
    world.run(MINUTE_MS);
    for n in 0..MESSAGES {
        world.say_in(device, first, &text(n));
        // Within the rate that one person may write at.
        world.run(500);
    }
    world.run(MINUTE_MS);
    Bytes {
        account: new as f64,
        conversation: empty as f64,
        entry: Bytes::grown(new, entries, PEOPLE),
        message: Bytes::grown(empty, world.bytes(place), MESSAGES),
        delivered: Bytes::grown(before, account(1, &world), MESSAGES),
    }
}
