//! Invite links: how long they last, how many people they let in, and who sees and withdraws them.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::{ConversationId, limits};

use crate::world::{Someone, World, path};

fn make(world: &World, by: &Someone, group: ConversationId, more: Value) -> Value {
    let mut command = json!({"type": "create_invite"});
    if let (Some(command), Value::Object(more)) = (command.as_object_mut(), more) {
        command.extend(more);
    }
    world.ok(by, &path(group), command)
}

fn links(world: &World, by: &Someone, group: ConversationId) -> Vec<Value> {
    let answer = world.ok(by, &path(group), json!({"type": "invites"}));
    answer["invites"].as_array().expect("a list").clone()
}

fn join(token: &Value) -> Value {
    json!({"type": "join", "token": token})
}

#[test]
fn a_link_for_one_person_lets_one_in_and_is_gone() {
    let world = World::new();
    let [ana, ben, cho] = ["ana", "ben", "cho"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let link = make(&world, &ana, group, json!({"max_uses": 1}));
    let token = &link["token"];
    assert_eq!((&link["max_uses"], &link["uses"]), (&json!(1), &Value::Null));
    // Who is in already does not use it up.
    world.ok(&ana, "/api/invites", join(token));
    world.ok(&ben, "/api/invites", join(token));
    world.settle();
    // Its answer may have been lost: asked again, it is the same.
    let before = world.dump(Address::Conversation(group));
    world.ok(&ben, "/api/invites", join(token));
    assert_eq!(world.refused(&cho, "/api/invites", join(token)), "invite_used_up");
    let preview = json!({"type": "preview", "token": token});
    assert_eq!(world.refused(&cho, "/api/invites", preview), "invite_used_up");
    let guest = json!({"type": "join_as_guest", "token": token, "display_name": "Gus"});
    let (_, answer, cookie) = world.post(None, "/api/invites", guest);
    assert_eq!((&answer["code"], cookie), (&json!("invite_used_up"), None));
    assert_eq!(world.dump(Address::Conversation(group)), before);
    assert_eq!(links(&world, &ana, group), Vec::<Value>::new());
    // Who used it and left does not come back by it.
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    assert_eq!(world.refused(&ben, "/api/invites", join(token)), "invite_used_up");
}

#[test]
fn everybody_sees_how_often_each_link_was_used() {
    let world = World::new();
    let [ana, ben, cho] = ["ana", "ben", "cho"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let few = make(&world, &ana, group, json!({"max_uses": 10, "lifetime_s": 3600}));
    world.sleep(1);
    let any = make(&world, &ana, group, json!({"forever": true}));
    world.join(&ben, few["token"].as_str().expect("a token"));
    world.join(&cho, few["token"].as_str().expect("a token"));
    let seen = links(&world, &ben, group);
    let facts = |link: &Value| {
        let keys = ["token", "uses", "max_uses", "expires_at", "by"];
        keys.map(|key| link[key].clone())
    };
    assert_eq!(
        seen.iter().map(facts).collect::<Vec<_>>(),
        [
            [any["token"].clone(), Value::Null, Value::Null, Value::Null, json!(ana.user)],
            [few["token"].clone(), json!(2), json!(10), few["expires_at"].clone(), json!(ana.user)],
        ]
    );
    // A link for good outlives every other, and a restart.
    world.pass(400 * 24 * 60 * 60 * 1_000);
    world.restart();
    let ana = world.sign_in("ana");
    let seen = links(&world, &ana, group);
    assert_eq!(seen.iter().map(|link| &link["token"]).collect::<Vec<_>>(), [&any["token"]]);
    let dan = world.register("dan");
    assert_eq!(world.refused(&dan, "/api/invites", join(&few["token"])), "invite_expired");
    world.join(&dan, any["token"].as_str().expect("a token"));
    assert_eq!(links(&world, &dan, group)[0]["uses"], 1);
}

#[test]
fn a_link_of_a_wrong_length_or_number_is_not_made() {
    let world = World::new();
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let before = world.dump(Address::Conversation(group));
    let refuse = |by: &Someone, more: Value, code: &str| {
        let mut command = json!({"type": "create_invite"});
        command.as_object_mut().expect("is one").extend(more.as_object().expect("is one").clone());
        assert_eq!(world.refused(by, &path(group), command), code, "{more}");
    };
    for (more, code) in [
        (json!({"max_uses": 0}), "invite_uses"),
        (json!({"max_uses": limits::INVITE_USES.end() + 1}), "invite_uses"),
        (json!({"max_uses": -1}), "malformed"),
        (json!({"max_uses": "many"}), "malformed"),
        (json!({"lifetime_s": 0}), "invite_lifetime"),
        (json!({"lifetime_s": u64::MAX}), "invite_lifetime"),
        (json!({"lifetime_s": 60, "forever": true}), "invite_lifetime"),
        (json!({"forever": 1}), "malformed"),
    ] {
        refuse(&ana, more, code);
    }
    refuse(&ben, json!({"forever": true}), "not_a_member");
    assert_eq!(world.refused(&ben, &path(group), json!({"type": "invites"})), "not_a_member");
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn a_link_that_was_used_up_makes_room_for_another() {
    let world = World::new();
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let once = make(&world, &ana, group, json!({"max_uses": 1}));
    for _ in 1..limits::GROUP_INVITES {
        make(&world, &ana, group, json!({}));
    }
    let another = json!({"type": "create_invite"});
    assert_eq!(world.refused(&ana, &path(group), another.clone()), "too_many_invites");
    world.join(&ben, once["token"].as_str().expect("a token"));
    world.ok(&ana, &path(group), another);
}
