//! Who gets to know how far somebody has read, and that they write.

use serde_json::{Value, json};
use tideline_shared::ConversationId;

use crate::world::{Someone, World, path};

/// Lets everything be told that waits for company.
fn rest(world: &World) {
    world.settle();
    world.pass(2_000);
    world.settle();
}

fn tell(world: &World, by: &Someone, command: Value) {
    world.ok(by, "/api/account", command);
    rest(world);
}

fn say(world: &World, by: &Someone, to: ConversationId, text: &str) {
    world.send(by, to, text);
    rest(world);
}

fn read(world: &World, by: &Someone, conversation: ConversationId, seq: u64) {
    tell(world, by, json!({"type": "read", "conversation": conversation, "seq": seq}));
}

fn received(world: &World, by: &Someone, conversation: ConversationId, seq: u64) {
    tell(world, by, json!({"type": "received", "conversation": conversation, "seq": seq}));
}

fn hide(world: &World, by: &Someone, hides: bool) {
    tell(world, by, json!({"type": "change_settings", "hides_receipts": hides}));
}

/// The receipts among rows: whose, received, read.
fn receipts<'a>(frames: impl IntoIterator<Item = &'a Value>, of: &Someone) -> Vec<(u64, u64)> {
    let rows = frames.into_iter().flat_map(|frame| frame["rows"].as_array().cloned());
    let user = json!(of.user);
    let these = rows.flatten().filter(|row| row["type"] == "receipt" && row["user"] == user);
    these
        .map(|row| (row["received"].as_u64().unwrap_or(0), row["read"].as_u64().unwrap_or(0)))
        .collect()
}

/// What a new device of `viewer` is told of somebody.
fn known(
    world: &World,
    viewer: &Someone,
    conversation: ConversationId,
    of: &Someone,
) -> Option<(u64, u64)> {
    let (_, pages) = world.mirror(viewer, &path(conversation));
    receipts(&pages, of).pop()
}

fn pair(world: &World) -> (Someone, Someone, ConversationId) {
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    rest(world);
    (ana, ben, direct)
}

fn three(world: &World) -> ([Someone; 3], ConversationId) {
    let people = ["ana", "ben", "cleo"].map(|name| world.register(name));
    let group = world.group(&people[0], "Tide pool");
    let token = world.invite(&people[0], group);
    people[1..].iter().for_each(|person| world.join(person, &token));
    rest(world);
    (people, group)
}

#[test]
fn between_two_people_each_step_is_told_and_only_rises() {
    let world = World::new();
    let (ana, ben, direct) = pair(&world);
    let (looking, _) = world.mirror(&ana, &path(direct));
    say(&world, &ana, direct, "one");
    say(&world, &ana, direct, "two");
    received(&world, &ben, direct, 2);
    assert_eq!(receipts(&world.heard(looking), &ben), [(2, 0)]);
    read(&world, &ben, direct, 1);
    assert_eq!(receipts(&world.heard(looking), &ben), [(2, 1)]);
    received(&world, &ben, direct, 1);
    read(&world, &ben, direct, 1);
    assert_eq!(receipts(&world.heard(looking), &ben), [], "nothing new");
    read(&world, &ben, direct, 2);
    assert_eq!(receipts(&world.heard(looking), &ben), [(2, 2)]);
    assert_eq!(known(&world, &ana, direct, &ben), Some((2, 2)));
    // What nobody has said yet, nobody has received.
    received(&world, &ben, direct, 99);
    say(&world, &ana, direct, "three");
    assert_eq!(known(&world, &ana, direct, &ben), Some((2, 2)));
}

#[test]
fn who_keeps_it_to_themselves_does_not_see_it_of_others() {
    let world = World::new();
    let (ana, ben, direct) = pair(&world);
    say(&world, &ana, direct, "one");
    say(&world, &ben, direct, "two");
    read(&world, &ben, direct, 1);
    read(&world, &ana, direct, 2);
    let (anas, _) = world.mirror(&ana, &path(direct));
    let (bens, _) = world.mirror(&ben, &path(direct));
    hide(&world, &ben, true);
    assert_eq!(receipts(&world.heard(anas), &ben), [(0, 0)], "taken back");
    assert_eq!(receipts(&world.heard(bens), &ana), [(0, 0)], "and not seen any more");
    say(&world, &ana, direct, "three");
    received(&world, &ben, direct, 3);
    read(&world, &ben, direct, 3);
    assert_eq!(receipts(&world.heard(anas), &ben), []);
    assert_eq!(known(&world, &ana, direct, &ben), None);
    assert_eq!(known(&world, &ben, direct, &ana), None);
    hide(&world, &ben, false);
    assert_eq!(receipts(&world.heard(anas), &ben), [(3, 3)]);
    assert_eq!(receipts(&world.heard(bens), &ana).last(), Some(&(2, 2)));
}

/// A device that was away gets what a new one gets, whatever was turned on and off meanwhile.
#[test]
fn a_device_that_was_away_catches_up() {
    let world = World::new();
    let (ana, ben, direct) = pair(&world);
    say(&world, &ana, direct, "one");
    read(&world, &ben, direct, 1);
    let (_, pages) = world.mirror(&ana, &path(direct));
    assert_eq!(receipts(&pages, &ben), [(1, 1)]);
    let cursor = pages.last().expect("a page")["cursor"].clone();
    let since = |cursor: &Value| {
        let socket = world.open(&ana, &path(direct)).expect("opens");
        world.say(socket, &json!({"type": "hello", "cursor": cursor}).to_string());
        receipts(&world.heard(socket), &ben)
    };
    assert_eq!(since(&cursor), []);
    hide(&world, &ana, true);
    assert_eq!(since(&cursor), [(0, 0)], "hers is a reason, too");
    hide(&world, &ana, false);
    assert_eq!(since(&cursor), [(1, 1)]);
    hide(&world, &ben, true);
    assert_eq!(since(&cursor), [(0, 0)]);
}

#[test]
fn in_a_group_the_first_two_are_told_and_the_author_can_ask_who() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let dora = world.register("dora");
    let token = world.invite(&ana, group);
    world.join(&dora, &token);
    rest(&world);
    let (looking, _) = world.mirror(&ana, &path(group));
    say(&world, &ana, group, "one");
    let readers = |by: &Someone, seq: u64| {
        let answer = world.ok(by, &path(group), json!({"type": "readers", "seq": seq}));
        let mut users: Vec<String> = answer["users"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|user| user.as_str().expect("an id").to_owned())
            .collect();
        users.sort();
        users
    };
    let ids = |people: &[&Someone]| {
        let mut ids: Vec<String> = people.iter().map(|one| one.user.to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(readers(&ana, 1), ids(&[]));
    world.heard(looking);
    for reader in [&ben, &cleo, &dora] {
        received(&world, reader, group, 1);
        read(&world, reader, group, 1);
    }
    let heard = world.heard(looking);
    let told = [&ben, &cleo, &dora].map(|reader| receipts(&heard, reader));
    assert_eq!(told, [vec![(0, 1)], vec![(0, 1)], vec![]], "two are enough");
    assert_eq!(readers(&ana, 1), ids(&[&ben, &cleo, &dora]));
    // Who was told of hides it: somebody else takes their place.
    hide(&world, &ben, true);
    hide(&world, &cleo, true);
    assert_eq!(readers(&ana, 1), ids(&[&dora]));
    assert_eq!(known(&world, &ana, group, &dora), Some((0, 1)));
    let heard = world.heard(looking);
    assert_eq!(receipts(&heard, &ben).last(), Some(&(0, 0)));
    assert_eq!(receipts(&heard, &dora).last(), Some(&(0, 1)));
    // Not one's own message; not by who hides; not by who is not in it.
    let ask = |seq: u64| json!({"type": "readers", "seq": seq});
    assert_eq!(world.refused(&dora, &path(group), ask(1)), "not_the_author");
    assert_eq!(world.refused(&ana, &path(group), ask(9)), "unknown_message");
    say(&world, &ben, group, "two");
    assert_eq!(world.refused(&ben, &path(group), ask(2)), "receipts_hidden");
    let stranger = world.register("stranger");
    assert_eq!(world.refused(&stranger, &path(group), ask(1)), "not_a_member");
}

#[test]
fn who_came_in_shares_nothing_before_their_account_says_so() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    hide(&world, &ben, true);
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    // Whose account has not said so yet is not told that they hide it.
    world.send(&ana, group, "first");
    let readers = world.ok(&ana, &path(group), json!({"type": "readers", "seq": 1}));
    assert_eq!(readers["users"], json!([]));
    rest(&world);
    let cleo = world.register("cleo");
    world.join(&cleo, &token);
    rest(&world);
    say(&world, &ana, group, "one");
    read(&world, &cleo, group, 2);
    world.join(&ben, &token);
    assert_eq!(known(&world, &ben, group, &cleo), None, "not even at first");
    rest(&world);
    assert_eq!(known(&world, &ben, group, &cleo), None);
    assert_eq!(known(&world, &ana, group, &cleo), Some((0, 2)));
}

#[test]
fn who_left_is_told_of_no_more() {
    let world = World::new();
    let ([ana, ben, _], group) = three(&world);
    say(&world, &ana, group, "one");
    read(&world, &ben, group, 1);
    let (looking, _) = world.mirror(&ana, &path(group));
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    rest(&world);
    assert_eq!(receipts(&world.heard(looking), &ben), [(0, 0)]);
    assert_eq!(known(&world, &ana, group, &ben), None);
}

#[test]
fn who_read_next_takes_the_place_of_who_leaves_or_is_gone() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let token = world.invite(&ana, group);
    let [dora, emil] = ["dora", "emil"].map(|name| world.register(name));
    [&dora, &emil].iter().for_each(|person| world.join(person, &token));
    rest(&world);
    say(&world, &ana, group, "one");
    for reader in [&ben, &cleo, &dora, &emil] {
        read(&world, reader, group, 1);
    }
    let (looking, _) = world.mirror(&ana, &path(group));
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    rest(&world);
    let heard = world.heard(looking);
    assert_eq!(receipts(&heard, &ben), [(0, 0)]);
    let next = [&dora, &emil].map(|reader| receipts(&heard, reader));
    assert!(next.iter().any(|told| *told == [(0, 1)]), "{next:?}");
    for gone in [&cleo, &dora] {
        world.ok(
            gone,
            "/api/session",
            json!({"type": "delete_account", "password": "password of it"}),
        );
        rest(&world);
    }
    assert_eq!(receipts(&world.heard(looking), &emil).last(), Some(&(0, 1)));
    assert_eq!(known(&world, &ana, group, &emil), Some((0, 1)));
}

#[test]
fn nothing_passes_over_a_block_and_it_looks_like_absence() {
    let world = World::new();
    let (ana, ben, direct) = pair(&world);
    say(&world, &ana, direct, "one");
    say(&world, &ana, direct, "two");
    read(&world, &ben, direct, 1);
    let block = |kind: &str| json!({"type": kind, "user": ben.user});
    world.ok(&ana, "/api/people", block("block"));
    rest(&world);
    let (anas, _) = world.mirror(&ana, &path(direct));
    let (bens, _) = world.mirror(&ben, &path(direct));
    read(&world, &ben, direct, 2);
    say(&world, &ben, direct, "three");
    received(&world, &ana, direct, 3);
    world.say(bens, &json!({"type": "call", "ref": 1, "command": {"type": "typing"}}).to_string());
    world.settle();
    assert_eq!(receipts(&world.heard(bens), &ana), []);
    let heard = world.heard(anas);
    assert_eq!(receipts(&heard, &ben), []);
    assert!(heard.iter().all(|frame| frame["type"] != "signal"), "{heard:?}");
    assert_eq!(known(&world, &ana, direct, &ben), Some((1, 1)), "as it was");
}

#[test]
fn typing_is_seen_by_who_looks_and_shows_it_too() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let sockets = [&ana, &ben, &cleo].map(|one| world.mirror(one, &path(group)).0);
    tell(&world, &cleo, json!({"type": "change_settings", "hides_presence": true}));
    let typing = json!({"type": "call", "ref": 1, "command": {"type": "typing"}}).to_string();
    let signals = |socket: usize| {
        let heard = world.heard(socket).into_iter();
        heard.filter(|frame| frame["type"] == "signal").collect::<Vec<_>>()
    };
    let _ = sockets.map(signals);
    world.say(sockets[1], &typing);
    let row = json!({"type": "signal", "rows": [{"type": "typing", "user": ben.user}]});
    assert_eq!(sockets.map(signals), [vec![row], vec![], vec![]]);
    world.say(sockets[2], &typing);
    assert!(sockets.map(signals).concat().is_empty(), "hidden, and not refused");
    // Too often is refused, and told to nobody.
    for _ in 0..30 {
        world.say(sockets[1], &typing);
    }
    assert_eq!(signals(sockets[0]).len(), 19);
    let muted = json!({"type": "mute_member", "user": ben.user});
    world.ok(&ana, &path(group), muted);
    world.sleep(60_000);
    world.heard(sockets[1]);
    world.say(sockets[1], &typing);
    assert_eq!(world.heard(sockets[1])[0]["code"], "muted");
}

#[test]
fn settings_are_in_step_and_bad_ones_change_nothing() {
    let world = World::new();
    let (ana, ben, direct) = pair(&world);
    let (device, _) = world.mirror(&ana, "/api/account");
    hide(&world, &ana, true);
    tell(&world, &ana, json!({"type": "change_settings", "hides_last_seen": true}));
    let row = json!({"type": "settings", "hides_receipts": true, "hides_last_seen": true});
    let heard = world.heard(device);
    assert_eq!(heard.last().expect("was told")["rows"][0], row);
    let (_, pages) = world.mirror(&ana, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    assert!(rows.into_iter().any(|found| found == row), "a new device has it");
    let bad = json!({"type": "change_settings", "hides_receipts": 1});
    assert_eq!(world.refused(&ana, "/api/account", bad), "malformed");
    let elsewhere = json!({"type": "received", "conversation": world.conversation_id(), "seq": 1});
    assert_eq!(world.refused(&ana, "/api/account", elsewhere), "unknown_conversation");
    assert_eq!(world.refused(&ben, "/api/account", json!({"type": "present"})), "unknown_type");
    let _ = direct;
}
