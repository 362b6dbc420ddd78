//! Coming in and leaving: groups, direct conversations, invites.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::{ConversationId, UserId, limits};

use crate::world::{World, path};

#[test]
fn a_group_is_there_at_once_and_made_once() {
    let world = World::new();
    let ana = world.register("ana");
    let id = world.conversation_id();
    let create = json!({"type": "create_group", "name": "潮池", "group_type": "Family",
                        "description": "Low tide, high spirits"});
    let first = world.ok(&ana, &path(id), create.clone());
    assert_eq!(world.ok(&ana, &path(id), create), first);
    world.settle();
    let entry = world.entry(&ana, id).expect("in the inbox");
    assert_eq!((&entry["title"], &entry["unread"]), (&json!("潮池"), &json!(0)));
    let (_, pages) = world.mirror(&ana, &path(id));
    assert_eq!(pages[0]["reset"], true);
    assert_eq!(pages[0]["rows"][0]["group_type"], "Family");
    assert_eq!(pages[0]["rows"][1]["role"], "owner");
}

#[test]
fn two_people_have_one_direct_conversation_and_an_empty_one_bothers_nobody() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    assert_eq!(world.entry(&ana, direct).expect("asked for it")["title"], "ben");
    assert!(world.entry(&ben, direct).is_none(), "nothing was said yet");
    world.send(&ana, direct, "hi");
    world.settle();
    let entry = world.entry(&ben, direct).expect("now there is something");
    assert_eq!((&entry["title"], &entry["peer"]), (&json!("ana"), &json!(ana.user)));
    assert_eq!(entry["unread"], 1);
    assert_eq!(world.direct(&ben, &ana), direct);
    assert_eq!(world.texts(&ben, direct), ["hi"]);
    assert_eq!(world.refused(&ben, &path(direct), json!({"type": "leave"})), "not_a_group");
    let invite = json!({"type": "create_invite"});
    assert_eq!(world.refused(&ben, &path(direct), invite), "not_a_group");
}

#[test]
fn nobody_can_make_a_group_in_the_place_of_a_direct_conversation() {
    let world = World::new();
    let (ana, ben, eve) = (world.register("ana"), world.register("ben"), world.register("eve"));
    let id = ConversationId::direct(ana.user, ben.user);
    let create = json!({"type": "create_group", "name": "trap"});
    assert_eq!(world.refused(&eve, &path(id), create), "conversation_exists");
    let start = json!({"type": "start_direct", "peer": ben.user});
    assert_eq!(world.refused(&eve, &path(id), start), "unknown_conversation");
}

#[test]
fn an_invite_shows_the_group_and_lets_people_in_once() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.send(&ana, group, "before ben");
    let token = world.invite(&ana, group);
    let preview = json!({"type": "preview", "token": token});
    let (_, shown, _) = world.post(None, "/api/invites", preview);
    assert_eq!((&shown["name"], &shown["members"]), (&json!("Tide pool"), &json!(1)));
    let (ana_sees, _) = world.mirror(&ana, &path(group));
    world.join(&ben, &token);
    let joined = world.heard(ana_sees);
    assert_eq!(joined[0]["rows"][0]["display_name"], "ben");
    let before = world.dump(Address::Conversation(group));
    world.join(&ben, &token);
    assert_eq!(world.dump(Address::Conversation(group)), before, "joining again changes nothing");
    assert_eq!(world.entry(&ben, group).expect("in the inbox")["unread"], 0, "all is history");
    assert_eq!(world.texts(&ben, group), ["before ben"]);
}

#[test]
fn invites_that_do_not_work_say_why() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let codes = |token: &str| {
        let ask = |kind: &str| {
            let body = json!({"type": kind, "token": token, "display_name": "Gus"});
            world.refused(&ben, "/api/invites", body)
        };
        let codes = [ask("preview"), ask("join"), ask("join_as_guest")];
        assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
        codes[0].clone()
    };
    assert_eq!(codes("nonsense"), "invite_unknown");
    let other = world.group(&ana, "Other");
    let foreign = world
        .invite(&ana, other)
        .replace(&other.to_string().replace('-', ""), &group.to_string().replace('-', ""));
    assert_eq!(codes(&foreign), "invite_unknown");
    let short = json!({"type": "create_invite", "lifetime_s": 60});
    let short = world.ok(&ana, &path(group), short)["token"].as_str().expect("a token").to_owned();
    world.pass(59_000);
    let (status, ..) = world.post(None, "/api/invites", json!({"type": "preview", "token": short}));
    assert_eq!(status, 200);
    world.pass(1_000);
    assert_eq!(codes(&short), "invite_expired");
    let token = world.invite(&ana, group);
    world.ok(&ana, &path(group), json!({"type": "revoke_invite", "token": token}));
    assert_eq!(codes(&token), "invite_revoked");
    let invites = world.ok(&ana, &path(group), json!({"type": "invites"}));
    assert_eq!(invites["invites"], json!([]));
    for lifetime_s in [0_u64, 400 * 24 * 60 * 60] {
        let body = json!({"type": "create_invite", "lifetime_s": lifetime_s});
        assert_eq!(world.refused(&ana, &path(group), body), "invite_lifetime");
    }
}

#[test]
fn only_the_owner_and_its_maker_withdraw_an_invite() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    world.join(&ben, &token);
    let revoke = |token: &str| json!({"type": "revoke_invite", "token": token});
    assert_eq!(world.refused(&ben, &path(group), revoke(&token)), "not_allowed");
    let own = world.invite(&ben, group);
    world.ok(&ana, &path(group), revoke(&own));
}

#[test]
fn who_leaves_reads_and_hears_nothing_any_more() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    world.join(&ben, &token);
    world.send(&ana, group, "one");
    world.settle();
    let (looking, _) = world.mirror(&ben, &path(group));
    let (device, _) = world.mirror(&ben, "/api/account");
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    world.settle();
    assert_eq!(world.closed(looking), Some(4403));
    let told = world.heard(device);
    assert_eq!(told[0]["rows"][0]["left"], true);
    world.send(&ana, group, "two");
    world.settle();
    assert_eq!(world.heard(device), Vec::<Value>::new());
    assert_eq!(world.refused(&ben, &path(group), json!({"type": "history"})), "not_a_member");
    assert!(world.entry(&ben, group).is_none());
    let timeline = world.rows(Address::Account(ben.user), "SELECT * FROM timeline");
    assert!(timeline.is_empty(), "{timeline:?}");
    assert!(world.rows(Address::Conversation(group), "SELECT * FROM lag").is_empty());
    // And back again.
    world.join(&ben, &token);
    let entry = world.entry(&ben, group).expect("back in the inbox");
    assert_eq!((&entry["unread"], &entry["last_seq"]), (&json!(0), &json!(2)));
    world.send(&ana, group, "three");
    world.settle();
    assert_eq!(world.entry(&ben, group).expect("there")["unread"], 1);
}

#[test]
fn leaving_is_told_even_when_the_account_could_not_be_reached_at_first() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    let account = Address::Account(ben.user);
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    world.unreachable.borrow_mut().insert(account);
    world.settle();
    world.restart();
    world.unreachable.borrow_mut().clear();
    (0..5).for_each(|_| world.pass(60_000));
    assert!(world.entry(&ben, group).is_none());
}

#[test]
fn a_group_whose_owner_left_belongs_to_whoever_was_in_it_longest() {
    let world = World::new();
    let people: Vec<_> = ["ana", "ben", "cho"].iter().map(|name| world.register(name)).collect();
    let group = world.group(&people[0], "Tide pool");
    let token = world.invite(&people[0], group);
    world.join(&people[1], &token);
    world.join(&people[2], &token);
    world.ok(&people[0], &path(group), json!({"type": "leave"}));
    let (_, pages) = world.mirror(&people[2], &path(group));
    let rows = pages[0]["rows"].as_array().expect("rows");
    let owner = rows.iter().find(|row| row["role"] == "owner" && row["left"].is_null());
    assert_eq!(owner.expect("an owner")["display_name"], "ben");
}

#[test]
fn a_full_group_lets_nobody_in_and_the_attempt_leaves_nothing() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    for n in 1..limits::GROUP_MEMBERS as u64 {
        let user = UserId::new(n, [1; 10]);
        let person = json!({"user": user, "display_name": "somebody"});
        let join = json!({"type": "join", "person": person, "token": token});
        let answer = world.call_raw(Address::Conversation(group), &join.to_string());
        assert!(answer.starts_with(r#"{"Ok""#), "{answer}");
    }
    let tables = ["clock", "members"].map(|table| format!("SELECT * FROM {table}"));
    let dump = || tables.each_ref().map(|query| world.rows(Address::Conversation(group), query));
    let before = dump();
    let join = json!({"type": "join", "token": token});
    assert_eq!(world.refused(&ben, "/api/invites", join), "group_full");
    assert_eq!(dump(), before);
}

#[test]
fn leaving_is_told_even_when_a_delivery_was_under_way_and_the_memory_is_lost() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.pass(5_000);
    world.send(&ana, group, "one");
    // The deliveries of it are under way.
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    while world.carry_one() {}
    world.restart();
    (0..5).for_each(|_| world.pass(60_000));
    assert!(world.entry(&ben, group).is_none());
}
