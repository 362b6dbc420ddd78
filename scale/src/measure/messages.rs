//! Messages: to one person and to a group, who look, are elsewhere, or are away.

use tideline_shared::ConversationId;

use super::{during, each, text};
use crate::costs::GAP_MS;
use crate::count::Cost;
use crate::world::World;

/// Members of the larger group that is measured.
pub(super) const MEMBERS: usize = 12;
/// Members of the smaller one: what both have in common is the message's own.
const FEW: usize = 4;
/// Messages that are measured: the index takes in 64 changes at a time.
const MESSAGES: usize = 128;
/// Times that somebody comes back.
const RETURNS: usize = 16;
/// Messages that they find.
const FOUND: usize = 5;

/// Where those are who get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// At the conversation.
    Looking,
    /// In the app, at another one.
    Elsewhere,
    /// The app is closed.
    Away,
}

/// People with a conversation of all of them, each with a device; the first one, who writes, looks at it.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) conversation: ConversationId,
}

impl Scene {
    /// Two people have a direct conversation, more of them a group.
    pub(super) fn new(people: usize, others: Where) -> Self {
        let mut world = World::new();
        let all: Vec<usize> = world.register_many(people).collect();
        let conversation = match people {
            2 => world.direct(0, 1),
            _ => world.group(&all),
        };
        world.run(20_000);
        for person in all {
            let device = world.device(person);
            if device == 0 || others != Where::Away {
                world.open(device);
            }
            if device == 0 || others == Where::Looking {
                world.show(device, Some(conversation));
            }
        }
        let mut scene = Self { world, conversation };
        // The first message after an hour costs more: see `tally`.
        scene.world.run(20_000);
        scene.world.say_in(0, conversation, "here");
        scene.world.run(60_000);
        scene
    }

    /// What a message costs.
    fn message(&mut self, times: usize) -> Cost {
        let conversation = self.conversation;
        each(&mut self.world, times, GAP_MS, |world, n| world.say_in(0, conversation, &text(n)))
    }
}

/// A message to one person.
pub(super) fn direct(peer: Where) -> Cost {
    Scene::new(2, peer).message(MESSAGES)
}

/// A message to a group: its own cost, and that of each other member.
pub(super) fn group(others: Where) -> (Cost, Cost) {
    let (few, many) = (FEW, MEMBERS);
    let small = Scene::new(few, others).message(MESSAGES);
    let large = Scene::new(many, others).message(MESSAGES);
    let each = (large - small) / (many - few) as f64;
    (small - each * (few - 1) as f64, each)
}

/// The first message for each member who has just closed the app.
pub(super) fn first_away(message: Cost) -> Cost {
    let mut scene = Scene::new(MEMBERS, Where::Away);
    let mut all = Cost::default();
    for n in 0..RETURNS {
        come_and_go(&mut scene);
        let conversation = scene.conversation;
        all +=
            each(&mut scene.world, 1, GAP_MS, |world, _| world.say_in(0, conversation, &text(n)));
    }
    (all / RETURNS as f64 - message) / (MEMBERS - 1) as f64
}

fn come_and_go(scene: &mut Scene) {
    for device in 1..MEMBERS {
        scene.world.open(device);
    }
    scene.world.run(5_000);
    for device in 1..MEMBERS {
        scene.world.close(device);
    }
    scene.world.run(120_000);
}

/// What somebody has to read when they come back and look at the conversation, beyond what that costs
/// with nothing new.
pub(super) fn read(people: usize) -> Cost {
    let mut scene = Scene::new(people, Where::Away);
    let mut all = Cost::default();
    for n in 0..RETURNS {
        (0..FOUND).for_each(|m| scene.world.say_in(0, scene.conversation, &text(n + m)));
        scene.world.run(60_000);
        let with = look(&mut scene);
        let without = look(&mut scene);
        all += with - without;
    }
    all / RETURNS as f64
}

fn look(scene: &mut Scene) -> Cost {
    let conversation = scene.conversation;
    during(&mut scene.world, |world| {
        world.open(1);
        world.run(5_000);
        world.show(1, Some(conversation));
        world.run(25_000);
        world.close(1);
        world.run(90_000);
    })
}

/// What a message costs more when the directory was not told for an hour.
pub(super) fn tally() -> Cost {
    const HOURS: usize = 8;
    let mut scene = Scene::new(2, Where::Away);
    let conversation = scene.conversation;
    scene.world.close(0);
    scene.world.run(60_000);
    let person = 0;
    let say = |world: &mut World, n: usize| {
        let mut id = [0; 10];
        crate::random::Random::of(n as u64).fill(&mut id);
        let id = tideline_shared::MessageId::new(1_800_000_000_000 + n as u64, id);
        let path = format!("/api/conversations/{conversation}");
        let send = serde_json::json!({"type": "send", "id": id, "text": text(n)});
        world.post(person, &path, &send);
    };
    let hourly = each(&mut scene.world, HOURS, 2 * 3_600_000, |world, n| say(world, n));
    say(&mut scene.world, 100);
    scene.world.run(60_000);
    let soon = each(&mut scene.world, HOURS, 60_000, |world, n| say(world, 200 + n));
    hourly - soon
}
