//! How somebody keeps their conversations: muted, on top, out of the way, marked; and drafts.

use serde_json::{Value, json};
use tideline_shared::{ConversationId, limits};

use crate::world::{Someone, World};

fn keep(world: &World, by: &Someone, command: Value) {
    world.settle();
    world.ok(by, "/api/account", command);
    world.settle();
}

fn say(world: &World, by: &Someone, to: ConversationId, text: &str) {
    world.send(by, to, text);
    world.settle();
}

fn refused(world: &World, by: &Someone, command: Value) -> String {
    world.refused(by, "/api/account", command)
}

/// How an entry is kept, as a new device hears it.
fn kept(world: &World, of: &Someone, conversation: impl ToString) -> Value {
    let entries = world.inbox(of);
    let id = conversation.to_string();
    let entry = entries.into_iter().find(|entry| entry["conversation"] == id.as_str());
    entry.expect("it is in the list").get("kept").cloned().unwrap_or(Value::Null)
}

#[test]
fn what_one_device_does_to_the_list_the_others_hear_and_nobody_else() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    say(&world, &ben, direct, "hello");
    world.settle();
    let (device, _) = world.mirror(&ana, "/api/account");
    keep(&world, &ana, json!({"type": "arrange", "conversation": direct, "pinned": true}));
    let muted_at = world.now().0;
    keep(&world, &ana, json!({"type": "mute", "conversation": direct, "duration_s": 60}));
    keep(&world, &ana, json!({"type": "arrange", "conversation": direct, "unread": true}));
    let heard = world.heard(device);
    assert_eq!(heard.len(), 3);
    let last = kept(&world, &ana, direct);
    assert_eq!(
        heard[2]["rows"][0]["kept"], last,
        "a device that was there has what a new one gets"
    );
    assert_eq!((&last["pinned"], &last["unread"]), (&json!(true), &json!(true)));
    let until = last["muted"]["until"].as_u64().expect("an end");
    assert!((muted_at + 60_000..=world.now().0 + 60_000).contains(&until), "{until}");
    assert_eq!(kept(&world, &ben, direct), Value::Null);
    // Again, it changes nothing.
    keep(&world, &ana, json!({"type": "arrange", "conversation": direct, "pinned": true}));
    assert_eq!(world.heard(device).len(), 0);
    keep(&world, &ana, json!({"type": "unmute", "conversation": direct}));
    keep(&world, &ana, json!({"type": "arrange", "conversation": direct, "pinned": false}));
    keep(&world, &ana, json!({"type": "read", "conversation": direct, "seq": 1}));
    assert_eq!(kept(&world, &ana, direct), Value::Null, "reading takes the mark away");
}

#[test]
fn what_is_archived_comes_back_with_a_message_unless_it_is_muted() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    say(&world, &ben, direct, "one");
    let archive = json!({"type": "arrange", "conversation": direct, "archived": true});
    keep(&world, &ana, archive.clone());
    world.ok(&ben, &crate::world::path(direct), json!({"type": "edit", "seq": 1, "text": "uno"}));
    world.settle();
    assert_eq!(kept(&world, &ana, direct), json!({"archived": true}), "nothing new was said");
    say(&world, &ben, direct, "two");
    assert_eq!(kept(&world, &ana, direct), Value::Null);
    keep(&world, &ana, archive);
    keep(&world, &ana, json!({"type": "mute", "conversation": direct, "duration_s": 60}));
    say(&world, &ben, direct, "three");
    assert_eq!(kept(&world, &ana, direct)["archived"], true);
    world.pass(61_000);
    say(&world, &ben, direct, "four");
    assert_eq!(kept(&world, &ana, direct).get("archived"), None, "it is not silent any more");
}

#[test]
fn mentions_get_through_mute_and_those_of_everybody_unless_they_are_muted_too() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    world.join(&ben, &token);
    let mentions = |world: &World| world.entry(&ben, group).expect("listed")["mentions"].clone();
    keep(&world, &ben, json!({"type": "mute", "conversation": group}));
    say(&world, &ana, group, "@all one");
    say(&world, &ana, group, "@ben two");
    assert_eq!(mentions(&world), 2);
    let mute = json!({"type": "mute", "conversation": group, "mentions_all": true});
    keep(&world, &ben, mute);
    say(&world, &ana, group, "@all three");
    assert_eq!(mentions(&world), 2);
    say(&world, &ana, group, "@all @ben four");
    assert_eq!(mentions(&world), 3);
    keep(&world, &ben, json!({"type": "unmute", "conversation": group}));
    say(&world, &ana, group, "@all five");
    assert_eq!(mentions(&world), 4);
}

#[test]
fn a_draft_is_the_same_on_all_devices_until_it_is_empty() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    world.settle();
    let (device, _) = world.mirror(&ana, "/api/account");
    let draft = |text: &str| json!({"type": "draft", "conversation": direct, "text": text});
    let drafts = |world: &World| {
        let (_, pages) = world.mirror(&ana, "/api/account");
        let rows =
            pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
        rows.filter(|row| row["type"] == "draft").collect::<Vec<_>>()
    };
    keep(&world, &ana, draft("  I wanted to"));
    assert_eq!(world.heard(device)[0]["rows"], json!([draft("  I wanted to")]));
    assert_eq!(drafts(&world), [draft("  I wanted to")]);
    keep(&world, &ana, draft("  I wanted to"));
    assert_eq!(world.heard(device).len(), 0);
    keep(&world, &ana, draft(""));
    assert_eq!(world.heard(device)[0]["rows"], json!([draft("")]));
    assert_eq!(drafts(&world), [] as [Value; 0]);
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    world.join(&ben, &token);
    let here = json!({"type": "draft", "conversation": group, "text": "Bye"});
    keep(&world, &ben, here);
    world.ok(&ben, &crate::world::path(group), json!({"type": "leave"}));
    world.settle();
    let (_, pages) = world.mirror(&ben, "/api/account");
    assert!(!json!(pages).to_string().contains("Bye"), "what was left is left");
}

#[test]
fn bad_keeping_is_refused_and_changes_nothing() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    let strange = world.conversation_id();
    let dump = || world.dump(tideline_server::Address::Account(ana.user));
    let before = dump();
    for (command, code) in [
        (json!({"type": "mute", "conversation": direct, "duration_s": 0}), "mute_length"),
        (json!({"type": "mute", "conversation": direct, "duration_s": 31_622_401}), "mute_length"),
        (json!({"type": "mute", "conversation": strange}), "unknown_conversation"),
        (json!({"type": "unmute", "conversation": strange}), "unknown_conversation"),
        (
            json!({"type": "arrange", "conversation": strange, "pinned": true}),
            "unknown_conversation",
        ),
        (json!({"type": "draft", "conversation": strange, "text": "a"}), "unknown_conversation"),
        (
            json!({"type": "draft", "conversation": direct, "text": "a".repeat(limits::MESSAGE_CHARS + 1)}),
            "message_too_long",
        ),
        (json!({"type": "draft", "conversation": direct}), "malformed"),
        (json!({"type": "arrange", "conversation": direct, "pinned": 1}), "malformed"),
    ] {
        assert_eq!(refused(&world, &ana, command.clone()), code, "{command}");
    }
    assert_eq!(dump(), before);
    for n in 0..=limits::PINNED_CONVERSATIONS {
        let group = world.group(&ana, &format!("Pool {n}"));
        let pin = json!({"type": "arrange", "conversation": group, "pinned": true});
        if n < limits::PINNED_CONVERSATIONS {
            keep(&world, &ana, pin);
        } else {
            assert_eq!(refused(&world, &ana, pin), "too_many_pins");
        }
    }
}
