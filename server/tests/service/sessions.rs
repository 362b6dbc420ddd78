//! The sessions of an account: listed, ended, and ended by a new password.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};

use crate::world::{Someone, World, path};

const HOUR_MS: u64 = 60 * 60 * 1_000;

fn sessions(world: &World, who: &Someone) -> Vec<Value> {
    let answer = world.ok(who, "/api/session", json!({"type": "sessions"}));
    answer["sessions"].as_array().expect("a list").clone()
}

fn id(world: &World, who: &Someone) -> Value {
    sessions(world, who)[0]["session"].clone()
}

fn change(old: &str, new: &str) -> Value {
    json!({"type": "change_password", "password": old, "new_password": new})
}

fn is_alive(world: &World, who: &Someone) -> bool {
    world.ok(who, "/api/session", json!({"type": "whoami"}))["type"] == "signed_in"
}

#[test]
fn sessions_are_listed_this_one_first_then_those_used_last() {
    let world = World::new();
    let first = world.register("ana");
    let began_at = world.now().0;
    world.pass(HOUR_MS);
    let second = world.sign_in("ana");
    world.pass(2 * HOUR_MS);
    let third = world.sign_in("ana");
    assert!(is_alive(&world, &first));
    let used_at = world.now().0;
    // Used again within the hour: not written.
    world.pass(HOUR_MS / 2);
    assert!(is_alive(&world, &first));
    let wanted = [id(&world, &third), id(&world, &first), id(&world, &second)];
    world.pass(2 * HOUR_MS);
    let listed = sessions(&world, &third);
    // Asking for their own ids used all three.
    let second_at = listed.iter().position(|one| one["session"] == wanted[2]).expect("listed");
    assert_eq!(listed[second_at]["is_this"], false);
    assert_eq!(listed[0]["session"], wanted[0]);
    assert_eq!(listed[0]["is_this"], true);
    assert_eq!(listed[0]["device"], "Firefox · Linux");
    let ana = listed.iter().find(|one| one["session"] == wanted[1]).expect("listed");
    assert_eq!((&ana["began_at"], &ana["seen_at"]), (&json!(began_at), &json!(used_at)));
    let used: Vec<u64> = listed[1..].iter().filter_map(|one| one["seen_at"].as_u64()).collect();
    assert!(used.len() == 2 && used.is_sorted_by(|one, next| one >= next), "{used:?}");
}

#[test]
fn a_session_that_is_over_for_lack_of_use_is_not_listed() {
    let world = World::new();
    world.register("ana");
    world.pass(91 * 24 * HOUR_MS);
    assert_eq!(sessions(&world, &world.sign_in("ana")).len(), 1);
}

#[test]
fn an_ended_session_is_over_everywhere_and_the_one_that_ended_it_lives_on() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    world.send(&ana, pair, "hi");
    let other = world.sign_in("ana");
    let sockets = |who| [world.mirror(who, "/api/account").0, world.mirror(who, &path(pair)).0];
    let (ended, alive) = (sockets(&other), sockets(&ana));
    let end = json!({"type": "end_session", "session": id(&world, &other)});
    assert_eq!(world.ok(&ana, "/api/session", end.clone())["type"], "done");
    world.settle();
    for socket in ended {
        assert_eq!(world.heard(socket).last().expect("was told")["code"], "session_ended");
        assert_eq!(world.closed(socket), Some(4401));
    }
    assert!(alive.iter().all(|&socket| world.closed(socket).is_none()));
    assert_eq!(world.refused(&other, &path(pair), json!({"type": "history"})), "session_ended");
    assert_eq!(world.refused(&ana, "/api/session", end), "unknown_session");
}

#[test]
fn the_session_of_another_account_is_unknown() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let before = world.dump(Address::Account(ana.user));
    let end = json!({"type": "end_session", "session": id(&world, &ben)});
    assert_eq!(world.refused(&ana, "/api/session", end), "unknown_session");
    assert_eq!(world.dump(Address::Account(ana.user)), before);
    assert!(is_alive(&world, &ben));
}

#[test]
fn all_others_end_at_once() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let others = [world.sign_in("ana"), world.sign_in("ana")];
    world.ok(&ana, "/api/session", json!({"type": "end_other_sessions"}));
    assert!(others.iter().all(|other| !is_alive(&world, other)));
    assert!(is_alive(&world, &ana) && is_alive(&world, &ben));
    assert_eq!(sessions(&world, &ana).len(), 1);
    for command in ["sessions", "end_other_sessions"] {
        let command = json!({"type": command});
        assert_eq!(world.refused(&others[0], "/api/session", command), "session_ended");
    }
}

#[test]
fn an_id_shares_nothing_with_the_secret_of_its_session() {
    let world = World::new();
    let ana = world.register("ana");
    let listed = json!(sessions(&world, &ana)).to_string();
    let secret = ana.cookie.split('.').nth(1).expect("has a secret");
    let digits = id(&world, &ana).as_str().expect("an id").replace('-', "");
    // The last 62 bits are drawn; six digits of them would hardly be in the secret by chance.
    let parts = digits.as_bytes()[17..].windows(6);
    for part in parts.map(|part| std::str::from_utf8(part).expect("digits")) {
        assert!(!secret.contains(part), "{part} of {digits}");
    }
    let hash = world.rows(Address::Account(ana.user), "SELECT hash FROM sessions");
    let tideline_server::sql::Value::Text(hash) = &hash[0][0] else { panic!("{hash:?}") };
    assert!(!listed.contains(secret) && !listed.contains(hash), "{listed}");
}

#[test]
fn a_new_password_ends_other_sessions_and_is_the_only_one_from_then_on() {
    let world = World::new();
    let ana = world.register("ana");
    let other = world.sign_in("ana");
    let (socket, _) = world.mirror(&other, "/api/account");
    world.ok(&ana, "/api/session", change("password of it", "another password"));
    world.settle();
    assert_eq!(world.closed(socket), Some(4401));
    assert!(is_alive(&world, &ana) && !is_alive(&world, &other));
    let sign_in = |password: &str| {
        let body = json!({"type": "sign_in", "user_name": "ana", "password": password});
        world.post(None, "/api/session", body).1
    };
    assert_eq!(sign_in("password of it")["code"], "wrong_credentials");
    assert_eq!(sign_in("another password")["type"], "signed_in");
}

#[test]
fn a_refused_change_of_the_password_leaves_everything_as_it_was() {
    let world = World::new();
    let ana = world.register("ana");
    let other = world.sign_in("ana");
    let before = world.dump(Address::Account(ana.user));
    for (old, new, code) in [
        ("not the password", "another password", "wrong_credentials"),
        ("password of it", "short", "password_too_short"),
        ("password of it", &"x".repeat(257), "password_too_long"),
    ] {
        assert_eq!(world.refused(&ana, "/api/session", change(old, new)), code);
    }
    assert_eq!(world.dump(Address::Account(ana.user)), before);
    assert!(is_alive(&world, &other));
}

#[test]
fn who_has_no_password_is_told_to_choose_one_first() {
    let world = World::new();
    let ana = world.register("ana");
    let token = world.invite(&ana, world.group(&ana, "Tide pool"));
    let body = json!({"type": "join_as_guest", "token": token, "display_name": "Gus"});
    let (_, answer, cookie) = world.post(None, "/api/invites", body);
    let gus = world.someone(&answer, cookie);
    assert_eq!(world.refused(&gus, "/api/session", change("", "another password")), "no_password");
    assert_eq!(sessions(&world, &gus).len(), 1);
}

#[test]
fn guessing_the_present_password_gets_slow() {
    let rate = |burst| Rate { burst, every_ms: 10_000 };
    for limits in [
        Limits { wrong_password: rate(2), ..Limits::default() },
        Limits { sign_in: rate(2), ..Limits::default() },
    ] {
        let world = World::with_limits(limits);
        let ana = world.register("ana");
        let guess = |old| world.refused(&ana, "/api/session", change(old, "another password"));
        (0..2).for_each(|_| assert_eq!(guess("wrong password"), "wrong_credentials"));
        assert_eq!(guess("password of it"), "rate_limited");
    }
}
