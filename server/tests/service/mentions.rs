//! Whom a message means, and how many unread ones mean somebody.

use serde_json::{Value, json};
use tideline_shared::ConversationId;

use crate::world::{Someone, World, path};

/// Ana's group with Ben, Cleo and a guest.
fn four(world: &World) -> ([Someone; 4], ConversationId) {
    let [ana, ben, cleo] = ["ana", "ben", "cleo"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    [&ben, &cleo].into_iter().for_each(|someone| world.join(someone, &token));
    let command = json!({"type": "join_as_guest", "token": token, "display_name": "Gus van Dam"});
    let (_, answer, cookie) = world.post(None, "/api/invites", command);
    let gus = world.someone(&answer, cookie);
    world.settle();
    ([ana, ben, cleo, gus], group)
}

/// How many unread messages mean them.
fn count(world: &World, who: &Someone, group: ConversationId) -> u64 {
    world.settle();
    let entry = world.entry(who, group).expect("is in the inbox");
    // A number that is there is not none.
    assert_ne!(entry.get("mentions"), Some(&json!(0)));
    entry.get("mentions").map_or(0, |count| count.as_u64().expect("a number"))
}

fn newest(world: &World, who: &Someone, group: ConversationId) -> Value {
    let answer = world.ok(who, &path(group), json!({"type": "history"}));
    answer["messages"].as_array().and_then(|all| all.last()).expect("a message").clone()
}

fn read(world: &World, who: &Someone, group: ConversationId, seq: u64) {
    world.ok(who, "/api/account", json!({"type": "read", "conversation": group, "seq": seq}));
}

#[test]
fn a_message_keeps_whom_it_means() {
    let world = World::new();
    let ([ana, ben, _, gus], group) = four(&world);
    world.send(&ana, group, "@Ben and @gus van dam: `@cleo` is code, @nobody is nobody");
    let message = newest(&world, &ben, group);
    assert_eq!(
        message["mentions"],
        json!([{"user": ben.user, "name": "Ben"}, {"user": gus.user, "name": "gus van dam"}])
    );
    assert_eq!(message.get("mentions_all"), None);
    world.send(&ana, group, "@所有人 集合");
    let message = newest(&world, &ben, group);
    assert_eq!((message.get("mentions"), &message["mentions_all"]), (None, &json!(true)));
    world.send(&ana, group, "nobody");
    let message = newest(&world, &ben, group);
    assert_eq!((message.get("mentions"), message.get("mentions_all")), (None, None));
}

#[test]
fn unread_mentions_are_counted_until_they_are_read() {
    let world = World::new();
    let ([ana, ben, cleo, gus], group) = four(&world);
    for text in ["@ben", "all quiet", "@all", "@ben @cleo"] {
        world.send(&ana, group, text);
    }
    let counts = |world: &World| [&ana, &ben, &cleo, &gus].map(|who| count(world, who, group));
    assert_eq!(counts(&world), [0, 3, 2, 1]);
    read(&world, &ben, group, 1);
    read(&world, &cleo, group, 4);
    assert_eq!(counts(&world), [0, 2, 0, 1]);
    // Who answers has read what came before.
    world.send(&ben, group, "@ana @ben here I am");
    assert_eq!(counts(&world), [1, 0, 0, 1]);
    let (_, pages) = world.mirror(&gus, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    let entry = rows.into_iter().find(|row| row["type"] == "entry").expect("an entry");
    assert_eq!((&entry["unread"], &entry["mentions"]), (&json!(5), &json!(1)));
}

#[test]
fn what_is_changed_recalled_or_hidden_is_counted_as_it_is_then() {
    let world = World::new();
    let ([ana, ben, cleo, _], group) = four(&world);
    for text in ["@ben one", "@ben two", "@ben three", "four"] {
        world.send(&ana, group, text);
    }
    assert_eq!(count(&world, &ben, group), 3);
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    assert_eq!(count(&world, &ben, group), 2);
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 2, "text": "@cleo two"}));
    assert_eq!([count(&world, &ben, group), count(&world, &cleo, group)], [1, 1]);
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 4, "text": "@ben four"}));
    assert_eq!(count(&world, &ben, group), 2);
    let hide = json!({"type": "hide", "conversation": group, "seqs": [3]});
    world.ok(&ben, "/api/account", hide);
    assert_eq!(count(&world, &ben, group), 1);
    // What is hidden stays so, whatever becomes of it.
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 3, "text": "@ben @all three"}));
    assert_eq!(count(&world, &ben, group), 1);
    read(&world, &ben, group, 4);
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 4, "text": "@ben once more"}));
    assert_eq!(count(&world, &ben, group), 0, "read is read");
    let recalled = world.ok(&ana, &path(group), json!({"type": "history"}))["messages"][0].clone();
    assert_eq!(recalled.get("mentions"), None);
}

#[test]
fn mentions_are_counted_however_much_came_at_once() {
    let world = World::new();
    let ([ana, ben, ..], group) = four(&world);
    for n in 0..120 {
        let text = if n % 40 == 7 { "@ben" } else { "something" };
        world.send(&ana, group, text);
        world.sleep(60);
        world.lose_calls();
    }
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 8}));
    world.lose_calls();
    world.restart();
    world.pass(400_000);
    assert_eq!(count(&world, &ben, group), 2);
}

#[test]
fn who_leaves_and_comes_back_starts_anew() {
    let world = World::new();
    let ([ana, ben, ..], group) = four(&world);
    world.send(&ana, group, "@ben");
    assert_eq!(count(&world, &ben, group), 1);
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    world.settle();
    world.send(&ana, group, "@ben is gone");
    assert_eq!(newest(&world, &ana, group).get("mentions"), None);
    let token = world.invite(&ana, group);
    world.join(&ben, &token);
    assert_eq!(count(&world, &ben, group), 0);
    world.send(&ana, group, "@ben");
    assert_eq!(count(&world, &ben, group), 1);
}

#[test]
fn forwarded_words_mean_nobody() {
    let world = World::new();
    let ([ana, ben, ..], group) = four(&world);
    let direct = world.direct(&ana, &ben);
    world.send(&ana, group, "@ben");
    let command = json!({"type": "forward", "from": group,
                         "messages": [{"seq": 1, "id": world.message_id()}]});
    world.ok(&ana, &path(direct), command);
    assert_eq!(newest(&world, &ben, direct).get("mentions"), None);
    assert_eq!(count(&world, &ben, direct), 0);
}
