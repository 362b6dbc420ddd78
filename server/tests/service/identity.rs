//! Who somebody is: accounts, sessions, guests, names.

use serde_json::{Value, json};
use tideline_server::limits::{Limits, Rate};
use tideline_server::{Address, directory};
use tideline_shared::{Timestamp, UserId};

use crate::world::{World, path};

fn find(world: &World, by: &crate::world::Someone, query: &str) -> Vec<String> {
    let answer = world.ok(by, "/api/people", json!({"type": "find", "query": query}));
    let people = answer["people"].as_array().expect("people").clone();
    people.iter().map(|p| p["display_name"].as_str().unwrap_or("?").to_owned()).collect()
}

#[test]
fn a_person_registers_and_signs_in_again() {
    let world = World::new();
    let ana = world.register("Ana");
    let again = world.sign_in("aNa");
    assert_eq!(again.user, ana.user);
    assert_ne!(again.cookie, ana.cookie);
    let who = world.ok(&again, "/api/session", json!({"type": "whoami"}));
    assert_eq!((&who["type"], &who["user_name"]), (&json!("signed_in"), &json!("Ana")));
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_told_alike() {
    let world = World::new();
    world.register("ana");
    let answer = |name: &str| {
        let body = json!({"type": "sign_in", "user_name": name, "password": "wrong password"});
        let (status, answer, cookie) = world.post(None, "/api/session", body);
        assert_eq!(cookie, None);
        (status, answer)
    };
    assert_eq!(answer("ana"), answer("nobody"));
    assert_eq!(answer("ana"), answer("not a name"));
    assert_eq!(answer("ana").1["code"], "wrong_credentials");
}

#[test]
fn guessing_passwords_gets_slow_and_the_owner_is_let_in_later() {
    let limits =
        Limits { wrong_password: Rate { burst: 3, every_ms: 10_000 }, ..Limits::default() };
    let world = World::with_limits(limits);
    world.register("ana");
    let guess = |password: &str| {
        let body = json!({"type": "sign_in", "user_name": "ana", "password": password});
        world.post(None, "/api/session", body).1
    };
    (0..3).for_each(|_| assert_eq!(guess("wrong password")["code"], "wrong_credentials"));
    let slowed = guess("password of it");
    assert_eq!(slowed["code"], "rate_limited");
    world.pass(slowed["retry_after_ms"].as_u64().expect("says how long"));
    assert_eq!(guess("password of it")["type"], "signed_in");
}

#[test]
fn new_accounts_of_one_address_are_counted() {
    let limits = Limits { register: Rate { burst: 2, every_ms: 60_000 }, ..Limits::default() };
    let world = World::with_limits(limits);
    world.register("ana");
    world.register("ben");
    let body = json!({"type": "register", "user_name": "cho", "password": "long enough"});
    let (status, answer, _) = world.post(None, "/api/session", body);
    assert_eq!((status, &answer["code"]), (429, &json!("rate_limited")));
    assert!(answer["retry_after_ms"].as_u64().is_some_and(|ms| (1..=60_000).contains(&ms)));
}

#[test]
fn a_signed_out_session_is_over_everywhere_and_others_live_on() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.direct(&ana, &ben);
    world.send(&ana, group, "hi");
    let other = world.sign_in("ana");
    let sockets = |someone| {
        let account = world.mirror(someone, "/api/account").0;
        let conversation = world.mirror(someone, &path(group)).0;
        [account, conversation]
    };
    let (ended, alive) = (sockets(&ana), sockets(&other));
    let (_, answer, cookie) =
        world.post(Some(&ana.cookie), "/api/session", json!({"type": "sign_out"}));
    assert_eq!(answer["type"], "signed_out");
    assert!(cookie.expect("clears the cookie").contains("Max-Age=0"));
    world.settle();
    for socket in ended {
        assert_eq!(world.heard(socket).last().expect("was told")["code"], "session_ended");
        assert_eq!(world.closed(socket), Some(4401));
    }
    assert!(alive.iter().all(|&socket| world.closed(socket).is_none()));
    let read = json!({"type": "find", "query": "ben"});
    assert_eq!(world.refused(&ana, "/api/people", read.clone()), "session_ended");
    world.ok(&other, "/api/people", read);
    let whoami = json!({"type": "whoami"});
    assert_eq!(world.ok(&ana, "/api/session", whoami.clone())["type"], "signed_out");
    assert_eq!(world.ok(&other, "/api/session", whoami)["type"], "signed_in");
}

#[test]
fn the_secret_of_a_session_is_not_in_the_database() {
    let world = World::new();
    let ana = world.register("ana");
    let secret = ana.cookie.split('.').nth(1).expect("has a secret");
    let dump = world.dump(Address::Account(ana.user));
    assert!(!dump.contains(secret) && !dump.contains("password of it"), "{dump}");
}

#[test]
fn a_session_that_nobody_used_for_a_season_is_over() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let day = 24 * 60 * 60 * 1_000;
    for _ in 0..10 {
        world.pass(10 * day);
        world.ok(&ana, "/api/session", json!({"type": "whoami"}));
    }
    let who = |by| world.ok(by, "/api/session", json!({"type": "whoami"}))["type"].clone();
    assert_eq!((who(&ana), who(&ben)), (json!("signed_in"), json!("signed_out")));
}

#[test]
fn people_are_found_by_a_part_of_either_name_in_any_script_and_width() {
    let world = World::new();
    let ana = world.register("ana");
    let wang = world.register("xiaowang");
    let profile = json!({"type": "update_profile", "display_name": "小王在海边"});
    world.ok(&wang, "/api/account", profile);
    world.settle();
    for query in ["海", "小王", "WANG", "ｘｉａｏ"] {
        assert_eq!(find(&world, &ana, query), ["小王在海边"], "{query}");
    }
    assert_eq!(find(&world, &ana, "100%"), [""; 0]);
}

#[test]
fn whole_names_are_found_before_beginnings_and_those_before_the_rest() {
    let world = World::new();
    for name in ["joanna", "ann", "anna", "susan"] {
        world.register(name);
    }
    let by = world.sign_in("susan");
    assert_eq!(find(&world, &by, "ann"), ["ann", "anna", "joanna"]);
}

#[test]
fn a_profile_is_changed_and_seen_by_others_and_on_all_devices() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    world.send(&ana, direct, "hi");
    world.settle();
    let (device, _) = world.mirror(&ana, "/api/account");
    let profile = json!({"type": "update_profile", "display_name": "安娜", "age": 30,
                         "gender": "female", "signature": "at sea"});
    world.ok(&ana, "/api/account", profile);
    assert_eq!(world.heard(device)[0]["rows"][0]["display_name"], "安娜");
    world.settle();
    let seen = world.ok(&ben, "/api/people", json!({"type": "profile", "user": ana.user}));
    let shown: Vec<&Value> =
        ["display_name", "age", "gender", "signature"].iter().map(|&key| &seen[key]).collect();
    assert_eq!(shown, [&json!("安娜"), &json!(30), &json!("female"), &json!("at sea")]);
    assert_eq!(world.entry(&ben, direct).expect("in the inbox")["title"], "安娜");
    assert_eq!(find(&world, &ben, "安"), ["安娜"]);
    let by_name = json!({"type": "profile_by_name", "user_name": "ANA"});
    assert_eq!(world.ok(&ben, "/api/people", by_name)["user"], json!(ana.user));
}

#[test]
fn a_guest_joins_with_a_name_and_keeps_everything_when_they_register() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    let body = json!({"type": "join_as_guest", "token": token, "display_name": "Gus"});
    let (status, answer, cookie) = world.post(None, "/api/invites", body);
    assert_eq!((status, &answer["conversation"]), (200, &json!(group)));
    let gus = world.someone(&answer, cookie);
    world.settle();
    world.send(&gus, group, "hello");
    let set = |name: &str| json!({"type": "set_credentials", "user_name": name, "password": "password of it"});
    assert_eq!(world.refused(&gus, "/api/session", set("ana")), "user_name_taken");
    world.ok(&gus, "/api/session", set("gus"));
    world.settle();
    assert_eq!(world.refused(&gus, "/api/session", set("gus2")), "already_registered");
    let again = world.sign_in("gus");
    assert_eq!(again.user, gus.user);
    assert_eq!(world.texts(&again, group), ["hello"]);
    assert_eq!(world.entry(&gus, group).expect("still there")["title"], "Tide pool");
}

#[test]
fn a_claim_left_behind_half_way_does_not_keep_a_name_for_ever() {
    let world = World::new();
    let ghost = UserId::new(1, [9; 10]);
    let shard = Address::Directory(directory::claims_shard("ana"));
    let claim = json!({"type": "claim", "user_name": "ana", "user": ghost}).to_string();
    assert_eq!(world.call_raw(shard, &claim), r#"{"Ok":{"type":"done"}}"#);
    let ana = world.register("ana");
    assert_eq!(world.sign_in("ana").user, ana.user);
    // The registration that was overtaken comes late: it is too late.
    let late = json!({"type": "register", "user": ghost, "user_name": "ana",
                      "password": "long enough", "display_name": "ana"});
    let answer = world.call_raw(Address::Account(ghost), &late.to_string());
    assert_eq!(answer, r#"{"Err":{"code":"already_registered"}}"#);
}

#[test]
fn a_registration_whose_confirmation_is_on_its_way_already_holds() {
    let world = World::new();
    let shard = Address::Directory(directory::claims_shard("ana"));
    let body = json!({"type": "register", "user_name": "ana", "password": "password of it"});
    world.post(None, "/api/session", body.clone());
    // Nothing was carried: the directory has not heard that the claim holds.
    assert_eq!(world.post(None, "/api/session", body).1["code"], "user_name_taken");
    assert_eq!(world.rows(shard, "SELECT confirmed FROM claims"), [[0_u64.into()]]);
    world.settle();
    assert_eq!(world.rows(shard, "SELECT confirmed FROM claims"), [[1_u64.into()]]);
    world.sign_in("ana");
}

#[test]
fn searches_are_counted() {
    let limits = Limits { find: Rate { burst: 2, every_ms: 1_000 }, ..Limits::default() };
    let world = World::with_limits(limits);
    let ana = world.register("ana");
    let ask = json!({"type": "find", "query": "b"});
    (0..2).for_each(|_| drop(world.ok(&ana, "/api/people", ask.clone())));
    assert_eq!(world.refused(&ana, "/api/people", ask), "rate_limited");
}

#[test]
fn cookies_are_for_us_alone() {
    let world = World::new();
    let body = json!({"type": "register", "user_name": "ana", "password": "password of it"});
    let (_, _, cookie) = world.post(None, "/api/session", body);
    let cookie = cookie.expect("a cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(world.now() > Timestamp(0));
}

#[test]
fn a_name_changed_before_anything_was_said_is_known_once_something_is() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let id = world.direct(&ana, &ben);
    world.settle();
    world.ok(&ben, "/api/account", json!({"type": "update_profile", "display_name": "Benno"}));
    world.settle();
    world.send(&ana, id, "High tide at noon");
    world.settle();
    assert_eq!(world.entry(&ana, id).expect("is on the list")["title"], "Benno");
}
