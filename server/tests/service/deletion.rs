//! The end of an account.

use serde_json::{Value, json};
use tideline_server::Address;

use crate::world::{Someone, World, path};

const WORD: &str = "password of it";

fn delete(world: &World, who: &Someone, password: Option<&str>) -> Value {
    let (_, answer, _) = world.post(
        Some(&who.cookie),
        "/api/session",
        json!({"type": "delete_account", "password": password}),
    );
    answer
}

/// Everybody of a conversation with their display names, as `who` sees them.
fn members(world: &World, who: &Someone, conversation: &str) -> Vec<Value> {
    let (_, pages) = world.mirror(who, conversation);
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    rows.filter(|row| row["type"] == "member").collect()
}

#[test]
fn what_is_theirs_goes_everywhere_and_the_others_can_read_on() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let (group, pair) = (world.group(&ana, "Tide pool"), world.direct(&ana, &ben));
    let invite = world.invite(&ana, group);
    world.join(&ben, &invite);
    for id in [group, pair] {
        world.send(&ana, id, "High tide at noon");
        world.send(&ben, id, "On my way");
    }
    world.settle();
    let (socket, _) = world.mirror(&ana, "/api/account");
    let (looking_on, _) = world.mirror(&ana, &path(group));

    let before = world.dump(Address::Account(ana.user));
    for wrong in [None, Some("not the password")] {
        assert_eq!(delete(&world, &ana, wrong)["code"], "wrong_credentials");
    }
    assert_eq!(world.dump(Address::Account(ana.user)), before);
    assert_eq!(delete(&world, &ana, Some(WORD))["type"], "signed_out");
    world.settle();

    // Nothing of her is left, and she cannot come back.
    for left in ["account", "sessions", "mirrors", "entries", "timeline", "buckets", "outbox"] {
        let rows = world.rows(Address::Account(ana.user), &format!("SELECT 1 FROM {left}"));
        assert_eq!(rows, Vec::<Vec<_>>::new(), "{left}");
    }
    assert!(world.closed(socket).is_some() && world.closed(looking_on).is_some());
    assert_eq!(world.refused(&ana, &path(group), json!({"type": "history"})), "session_ended");
    let sign_in = json!({"type": "sign_in", "user_name": "ana", "password": WORD});
    assert_eq!(world.post(None, "/api/session", sign_in).1["code"], "wrong_credentials");
    let find = world.ok(&ben, "/api/people", json!({"type": "find", "query": "ana"}));
    assert_eq!(find["people"], json!([]));

    // The others read on, without her name.
    for id in [group, pair] {
        assert_eq!(world.texts(&ben, id), ["High tide at noon", "On my way"]);
        let members = members(&world, &ben, &path(id));
        let her = members.iter().find(|row| row["user"] == json!(ana.user)).expect("her row");
        assert_eq!((&her["display_name"], &her["user_name"]), (&json!(""), &Value::Null));
        assert!(her["left"].is_object(), "{her}");
        assert!(!world.dump(Address::Conversation(id)).contains("\"ana\""));
    }
    assert_eq!(world.entry(&ben, pair).expect("stays")["title"], "");

    // The group has an owner, and her link is withdrawn; nobody writes to nobody.
    let his = members(&world, &ben, &path(group));
    assert!(his.iter().any(|row| row["user"] == json!(ben.user) && row["role"] == "owner"));
    let cleo = world.register("cleo");
    let join = json!({"type": "join", "token": invite});
    assert_eq!(world.refused(&cleo, "/api/invites", join), "invite_revoked");
    let id = world.message_id();
    let send = json!({"type": "send", "id": id, "text": "Still there?"});
    assert_eq!(world.refused(&ben, &path(pair), send), "person_gone");
    world.send(&ben, group, "Low tide at six");

    // Her name is free.
    assert_ne!(world.register("Ana").user, ana.user);
}

#[test]
fn a_guest_needs_no_password() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    let body = json!({"type": "join_as_guest", "token": token, "display_name": "Gus"});
    let (_, answer, cookie) = world.post(None, "/api/invites", body);
    let gus = world.someone(&answer, cookie);
    world.settle();
    assert_eq!(delete(&world, &gus, None)["type"], "signed_out");
    world.settle();
    let left = members(&world, &ana, &path(group));
    assert!(left.iter().any(|row| row["user"] == json!(gus.user) && row["left"].is_object()));
}

#[test]
fn everybody_is_told_although_calls_are_lost() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.settle();
    delete(&world, &ben, Some(WORD));
    world.restart();
    world.pass(60_000);
    let left = members(&world, &ana, &path(group));
    assert!(left.iter().any(|row| row["user"] == json!(ben.user) && row["left"].is_object()));
}

#[test]
fn who_is_gone_is_not_told_again_and_again() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.settle();
    delete(&world, &ben, Some(WORD));
    // Before the group hears of it, it tries to tell him something.
    world.lose_calls();
    world.send(&ana, group, "High tide at noon");
    world.settle();
    let address = Address::Conversation(group);
    assert_eq!(world.rows(address, "SELECT user FROM lag"), Vec::<Vec<_>>::new());
    let left = members(&world, &ana, &path(group));
    assert!(left.iter().any(|row| row["user"] == json!(ben.user) && row["left"].is_object()));
}

#[test]
fn who_looked_at_somebody_hears_of_their_end_although_nothing_was_said() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ben, &ana);
    world.settle();
    // It is in nobody's list but ben's, and in no export of hers.
    let (_, pages) = world.mirror(&ana, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    assert!(rows.into_iter().all(|row| row["type"] != "entry"));

    let profile = json!({"type": "update_profile", "display_name": "Ana of the sea"});
    world.ok(&ana, "/api/account", profile);
    world.settle();
    let names = |world: &World| -> Vec<Value> {
        members(world, &ben, &path(pair)).into_iter().map(|m| m["display_name"].clone()).collect()
    };
    assert!(names(&world).contains(&json!("Ana of the sea")));

    delete(&world, &ana, Some(WORD));
    world.settle();
    assert!(names(&world).contains(&json!("")));
}
