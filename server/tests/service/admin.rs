//! The owner of a deployment: who that is, and what they can do.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_shared::{ConversationId, FileId, UserId, limits};

use crate::world::{Someone, World, path};

const ADMIN: &str = "/api/admin";

fn admin(world: &World, by: &Someone, command: Value) -> Value {
    let answer = world.ok(by, ADMIN, command);
    world.settle();
    answer
}

fn set_registration(world: &World, by: &Someone, mode: &str) {
    admin(world, by, json!({"type": "set_registration", "mode": mode}));
}

fn register(world: &World, name: &str) -> Value {
    let body = json!({"type": "register", "user_name": name, "password": "password of it"});
    let answer = world.post(None, "/api/session", body).1;
    world.settle();
    answer
}

fn come_as_guest(world: &World, token: &str) -> (Value, Option<String>) {
    let body = json!({"type": "join_as_guest", "token": token, "display_name": "Gus"});
    let (_, answer, cookie) = world.post(None, "/api/invites", body);
    world.settle();
    (answer, cookie)
}

fn registration(world: &World) -> Value {
    world.post(None, "/api/session", json!({"type": "registration"})).1
}

/// What the account's mirror says of the deployment.
fn rows(world: &World, of: &Someone) -> Vec<Value> {
    let (_, pages) = world.mirror(of, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    rows.filter(|row| row["type"] == "deployment").collect()
}

fn is_owner(world: &World, who: &Someone) -> bool {
    world.post(Some(&who.cookie), ADMIN, json!({"type": "settings"})).0 == 200
}

fn log(world: &World, by: &Someone) -> Vec<Value> {
    let rows = admin(world, by, json!({"type": "log"}))["rows"].as_array().cloned();
    rows.expect("a list").iter().map(|row| row["did"].clone()).collect()
}

#[test]
fn the_first_account_owns_the_deployment_and_nobody_else_does() {
    let world = World::new();
    assert_eq!(
        registration(&world),
        json!({"type": "registration", "mode": "open", "first": true})
    );
    let ana = world.register("ana");
    assert_eq!(registration(&world), json!({"type": "registration", "mode": "open"}));
    let ben = world.register("ben");
    assert_eq!(rows(&world, &ana), [json!({"type": "deployment", "owner": true})]);
    assert_eq!(rows(&world, &ben), Vec::<Value>::new());
    assert!(is_owner(&world, &ana));
    for command in [
        json!({"type": "settings"}),
        json!({"type": "set_registration", "mode": "closed"}),
        json!({"type": "people"}),
        json!({"type": "groups"}),
        json!({"type": "figures"}),
        json!({"type": "reports"}),
        json!({"type": "resolve", "report": 1, "outcome": "ban"}),
        json!({"type": "ban", "user": ana.user}),
        json!({"type": "unban", "user": ana.user}),
        json!({"type": "log"}),
    ] {
        let before = world.dump(Address::Deployment);
        assert_eq!(world.refused(&ben, ADMIN, command.clone()), "not_allowed", "{command}");
        assert_eq!(world.dump(Address::Deployment), before);
        let (status, ..) = world.post(None, ADMIN, command);
        assert_eq!(status, 401);
    }
}

#[test]
fn a_registration_that_died_half_way_does_not_own_anything_later() {
    let world = World::new();
    assert_eq!(registration(&world)["first"], true);
    // Somebody claims the deployment; their account is never made.
    let dead = "01a3185c-5000-7304-a695-00000000dead";
    let admit = json!({"type": "admit", "user": dead}).to_string();
    assert!(world.call_raw(Address::Deployment, &admit).contains(r#""owner":true"#));
    // While it may still be on its way, nobody is made wait, and nobody takes its place.
    let ana = world.register("ana");
    assert!(!is_owner(&world, &ana));
    // Later it is not coming any more: who was there first owns the deployment.
    world.pass(61_000);
    world.register("ben");
    assert!(is_owner(&world, &ana));
    assert_eq!(rows(&world, &ana), [json!({"type": "deployment", "owner": true})]);
    let late = json!({"type": "register", "user": dead, "user_name": "eve",
                      "password": "password of it", "display_name": "Eve", "owner": true});
    let account = Address::Account(dead.parse().expect("an id"));
    assert!(world.call_raw(account, &late.to_string()).contains("already_registered"));
}

#[test]
fn a_claim_whose_confirmation_is_late_holds() {
    let world = World::new();
    let body = json!({"type": "register", "user_name": "ana", "password": "password of it"});
    let (_, answer, cookie) = world.post(None, "/api/session", body);
    let ana = world.someone(&answer, cookie);
    world.lose_calls();
    world.sleep(61_000);
    assert_eq!(register(&world, "ben")["type"], "signed_in");
    assert!(is_owner(&world, &ana));
}

#[test]
fn of_accounts_from_before_there_were_owners_the_earliest_is_the_owner() {
    let world = World::new();
    let ana = world.register("ana");
    world.sleep(1_000);
    let ben = world.register("ben");
    // As an earlier program left it.
    world.tamper(Address::Deployment, "UPDATE deployment SET owner = NULL, is_surveyed = 0");
    for who in [&ana, &ben] {
        world.tamper(Address::Account(who.user), "DELETE FROM deployment");
    }
    assert_eq!(registration(&world), json!({"type": "registration", "mode": "open"}));
    world.settle();
    assert!(is_owner(&world, &ana) && !is_owner(&world, &ben));
    assert_eq!(rows(&world, &ana), [json!({"type": "deployment", "owner": true})]);
}

#[test]
fn when_the_owner_deletes_their_account_the_earliest_who_stays_is_the_owner() {
    let world = World::new();
    let ana = world.register("ana");
    world.sleep(1_000);
    let ben = world.register("ben");
    world.sleep(1_000);
    let cem = world.register("cem");
    set_registration(&world, &ana, "closed");
    let delete = |who: &Someone| {
        let body = json!({"type": "delete_account", "password": "password of it"});
        world.ok(who, "/api/session", body);
        world.settle();
    };
    delete(&ana);
    assert!(is_owner(&world, &ben) && !is_owner(&world, &cem));
    delete(&ben);
    delete(&cem);
    // Nobody is left who could open it again.
    assert_eq!(registration(&world)["first"], true);
    assert!(is_owner(&world, &world.register("dan")));
}

#[test]
fn registration_is_open_for_guests_only_or_closed() {
    let world = World::new();
    let ana = world.register("ana");
    let token = world.invite(&ana, world.group(&ana, "Tide pool"));
    set_registration(&world, &ana, "invite");
    assert_eq!(registration(&world), json!({"type": "registration", "mode": "invite"}));
    assert_eq!(register(&world, "ben")["code"], "invited_only");
    let (answer, cookie) = come_as_guest(&world, &token);
    let gus = world.someone(&answer, cookie);
    let stay = json!({"type": "set_credentials", "user_name": "gus", "password": "password of it"});
    assert_eq!(world.ok(&gus, "/api/session", stay)["type"], "signed_in");
    set_registration(&world, &ana, "closed");
    assert_eq!(register(&world, "ben")["code"], "registration_closed");
    assert_eq!(come_as_guest(&world, &token).0["code"], "registration_closed");
    // Whoever is there comes and goes as before.
    world.sign_in("gus");
    set_registration(&world, &ana, "open");
    assert_eq!(register(&world, "ben")["type"], "signed_in");
    set_registration(&world, &ana, "open");
    let modes: Vec<Value> = log(&world, &ana).iter().map(|did| did["mode"].clone()).collect();
    assert_eq!(modes, ["open", "closed", "invite"]);
}

#[test]
fn who_is_banned_is_out_everywhere_until_they_are_let_in_again() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    world.send(&ben, pair, "hi");
    let sockets = [world.mirror(&ben, "/api/account").0, world.mirror(&ben, &path(pair)).0];
    admin(&world, &ana, json!({"type": "ban", "user": ben.user}));
    for (socket, code, close) in
        [(sockets[0], "account_banned", 4403), (sockets[1], "session_ended", 4401)]
    {
        assert_eq!(world.heard(socket).last().expect("was told")["code"], code);
        assert_eq!(world.closed(socket), Some(close));
    }
    assert_eq!(world.refused(&ben, &path(pair), json!({"type": "history"})), "session_ended");
    let sign_in = |password: &str| {
        let body = json!({"type": "sign_in", "user_name": "ben", "password": password});
        world.post(None, "/api/session", body).1["code"].clone()
    };
    assert_eq!(sign_in("password of it"), "account_banned");
    // Only whoever knows the password learns of it.
    assert_eq!(sign_in("another password"), "wrong_credentials");
    assert_eq!(world.texts(&ana, pair), ["hi"]);
    admin(&world, &ana, json!({"type": "ban", "user": ben.user}));
    admin(&world, &ana, json!({"type": "unban", "user": ben.user}));
    let ben = world.sign_in("ben");
    world.send(&ben, pair, "back");
    let did: Vec<Value> = log(&world, &ana).iter().map(|did| did["type"].clone()).collect();
    assert_eq!(did, ["unban", "ban"]);
}

#[test]
fn a_ban_reaches_an_account_that_was_away_and_the_last_word_counts() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let at = Address::Account(ben.user);
    world.unreachable.borrow_mut().insert(at);
    let ban = |on: bool| {
        let kind = if on { "ban" } else { "unban" };
        // The name is asked of the account.
        world.unreachable.borrow_mut().remove(&at);
        world.ok(&ana, ADMIN, json!({"type": kind, "user": ben.user}));
        world.unreachable.borrow_mut().insert(at);
        world.settle();
    };
    ban(true);
    world.restart();
    world.unreachable.borrow_mut().clear();
    world.pass(600_000);
    assert_eq!(world.refused(&ben, ADMIN, json!({"type": "log"})), "session_ended");
    ban(false);
    ban(true);
    ban(false);
    world.unreachable.borrow_mut().clear();
    world.pass(600_000);
    world.sign_in("ben");
    // A word that was overtaken changes nothing.
    world.call_raw(at, r#"{"type":"set_banned","banned":true,"word":1}"#);
    world.sign_in("ben");
}

#[test]
fn a_guest_who_was_banned_comes_back_with_the_session_they_had() {
    let world = World::new();
    let ana = world.register("ana");
    let token = world.invite(&ana, world.group(&ana, "Tide pool"));
    let (answer, cookie) = come_as_guest(&world, &token);
    let gus = world.someone(&answer, cookie);
    let (socket, _) = world.mirror(&gus, "/api/account");
    admin(&world, &ana, json!({"type": "ban", "user": gus.user}));
    assert_eq!(world.closed(socket), Some(4403));
    let stay = json!({"type": "set_credentials", "user_name": "gus", "password": "password of it"});
    assert_eq!(world.refused(&gus, "/api/session", stay), "account_banned");
    assert_eq!(world.ok(&gus, "/api/session", json!({"type": "whoami"}))["type"], "signed_out");
    admin(&world, &ana, json!({"type": "unban", "user": gus.user}));
    assert_eq!(world.ok(&gus, "/api/session", json!({"type": "whoami"}))["type"], "signed_in");
}

#[test]
fn the_owner_cannot_be_banned() {
    let world = World::new();
    let ana = world.register("ana");
    assert_eq!(world.refused(&ana, ADMIN, json!({"type": "ban", "user": ana.user})), "yourself");
    assert_eq!(log(&world, &ana), Vec::<Value>::new());
}

fn reports(world: &World, by: &Someone, done: bool) -> Vec<Value> {
    let answer = admin(world, by, json!({"type": "reports", "done": done}));
    answer["reports"].as_array().expect("a list").clone()
}

#[test]
fn a_message_is_reported_once_and_can_be_taken_back() {
    let world = World::new();
    let (ana, ben, cem) = (world.register("ana"), world.register("ben"), world.register("cem"));
    let pair = world.direct(&ben, &cem);
    let seq = world.send(&ben, pair, "get lost")["seq"].clone();
    let own = world.send(&cem, pair, "no")["seq"].clone();
    let report = json!({"type": "report", "seq": seq, "reason": "abuse", "note": "Again"});
    for _ in 0..2 {
        world.ok(&cem, &path(pair), report.clone());
        world.settle();
    }
    assert_eq!(world.refused(&ana, &path(pair), report.clone()), "not_a_member");
    let of_own = json!({"type": "report", "seq": own, "reason": "other"});
    assert_eq!(world.refused(&cem, &path(pair), of_own), "yourself");
    let open = reports(&world, &ana, false);
    assert_eq!(open.len(), 1);
    assert_eq!(
        (&open[0]["by"]["user_name"], &open[0]["about"]["user_name"]),
        (&json!("cem"), &json!("ben"))
    );
    assert_eq!(open[0]["message"]["text"], "get lost");
    assert_eq!((&open[0]["reason"], &open[0]["note"]), (&json!("abuse"), &json!("Again")));
    admin(
        &world,
        &ana,
        json!({"type": "resolve", "report": open[0]["report"], "outcome": "recall"}),
    );
    assert_eq!(world.texts(&cem, pair), ["?", "no"]);
    assert_eq!(reports(&world, &ana, false), Vec::<Value>::new());
    assert_eq!(reports(&world, &ana, true)[0]["outcome"], "recall");
    assert_eq!(log(&world, &ana)[0]["outcome"], "recall");
    // Decided is decided.
    admin(&world, &ana, json!({"type": "resolve", "report": open[0]["report"], "outcome": "ban"}));
    world.sign_in("ben");
    assert_eq!(world.refused(&cem, &path(pair), report), "message_recalled");
    let unknown = json!({"type": "resolve", "report": 99, "outcome": "dismiss"});
    assert_eq!(world.refused(&ana, ADMIN, unknown), "unknown_report");
}

#[test]
fn a_person_is_reported_once_while_it_is_open_and_can_be_banned_for_it() {
    let world = World::new();
    let (ana, ben, cem) = (world.register("ana"), world.register("ben"), world.register("cem"));
    let report = |note: &str| {
        let body = json!({"type": "report", "user": ben.user, "reason": "spam", "note": note});
        world.ok(&cem, "/api/people", body);
        world.settle();
    };
    report("buy this");
    report("again");
    let open = reports(&world, &ana, false);
    assert_eq!((open.len(), &open[0]["note"]), (1, &json!("buy this")));
    let resolve = |n: &Value, outcome: &str| {
        admin(&world, &ana, json!({"type": "resolve", "report": n, "outcome": outcome}));
    };
    resolve(&open[0]["report"], "dismiss");
    // The same word, which comes again because its answer was lost.
    assert_eq!(reports(&world, &ana, false), Vec::<Value>::new());
    world.sleep(1_000);
    report("and again");
    let open = reports(&world, &ana, false);
    let recall = json!({"type": "resolve", "report": open[0]["report"], "outcome": "recall"});
    assert_eq!(world.refused(&ana, ADMIN, recall), "unknown_message");
    resolve(&open[0]["report"], "ban");
    let did: Vec<Value> = log(&world, &ana).iter().map(|did| did["type"].clone()).collect();
    assert_eq!(did, ["resolve", "ban", "resolve"]);
    let sign_in = json!({"type": "sign_in", "user_name": "ben", "password": "password of it"});
    assert_eq!(world.post(None, "/api/session", sign_in).1["code"], "account_banned");
}

#[test]
fn everybody_and_every_group_is_listed_a_page_at_a_time() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    let more = limits::ADMIN_ROWS + 5;
    for _ in 0..more {
        world.sleep(20_000);
        come_as_guest(&world, &token);
        world.group(&ana, "Harbour");
    }
    let list = |kind: &str, query: &str, before: Option<Value>| {
        let command = json!({"type": kind, "query": query, "before": before});
        let answer = admin(&world, &ana, command);
        (answer[kind].as_array().expect("a list").clone(), answer["more"] == true)
    };
    let (page, has_more) = list("people", "gus", None);
    assert_eq!((page.len(), has_more), (limits::ADMIN_ROWS, true));
    let last = page[page.len() - 1]["person"]["user"].clone();
    let (rest, has_more) = list("people", "gus", Some(last));
    assert_eq!((rest.len(), has_more), (5, false));
    let since: Vec<_> = page.iter().chain(&rest).filter_map(|one| one["since"].as_u64()).collect();
    assert!(since.len() == more && since.is_sorted_by(|one, next| one > next));
    assert_eq!(list("people", "AN", None).0[0]["person"]["user_name"], "ana");
    let (page, has_more) = list("groups", "harb", None);
    assert_eq!((page.len(), has_more), (limits::ADMIN_ROWS, true));
    let last = page[page.len() - 1]["conversation"].clone();
    assert_eq!(list("groups", "harb", Some(last)).0.len(), 5);
    let pool = list("groups", "tide", None).0;
    assert_eq!(
        pool,
        [
            json!({"conversation": group, "name": "Tide pool", "members": more + 1, "messages": 0, "bytes": 0})
        ]
    );
}

#[test]
fn who_is_banned_is_marked_and_who_is_gone_is_not_listed() {
    let world = World::new();
    let (ana, ben, cem) = (world.register("ana"), world.register("ben"), world.register("cem"));
    admin(&world, &ana, json!({"type": "ban", "user": ben.user}));
    let body = json!({"type": "delete_account", "password": "password of it"});
    world.ok(&cem, "/api/session", body);
    world.settle();
    let people = admin(&world, &ana, json!({"type": "people"}))["people"].clone();
    let people = people.as_array().expect("a list").clone();
    assert_eq!(people.len(), 2);
    assert_eq!(people.iter().filter(|one| one["banned"] == true).count(), 1);
}

#[test]
fn figures_follow_what_there_is_and_an_hour_later_what_was_said() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    let token = world.invite(&ana, group);
    come_as_guest(&world, &token);
    for _ in 0..3 {
        world.send(&ana, group, "hello");
    }
    world.settle();
    let figures = || admin(&world, &ana, json!({"type": "figures"}));
    let before = figures();
    assert_eq!(
        (&before["accounts"], &before["guests"], &before["groups"]),
        (&json!(3), &json!(1), &json!(1))
    );
    assert_eq!(before["messages"], 0);
    world.pass(limits::TALLY_MS);
    assert_eq!(figures()["messages"], 3);
    // At rest, nothing is told any more.
    let calls = world.calls_made.get();
    world.pass(10 * limits::TALLY_MS);
    assert_eq!(world.calls_made.get(), calls);
    let days = figures()["new_accounts"].as_array().expect("days").clone();
    assert_eq!(days.len(), limits::FIGURE_DAYS);
    assert_eq!(days.iter().filter_map(Value::as_u64).sum::<u64>(), 3);
    let leave = json!({"type": "leave"});
    world.ok(&ana, &path(group), leave);
    world.ok(&ben, "/api/people", json!({"type": "report", "user": ana.user, "reason": "other"}));
    world.settle();
    assert_eq!(figures()["reports"], 1);
}

/// Uploads a file of one part; the code of the refusal.
fn upload(world: &World, by: &Someone, to: ConversationId, size: usize) -> Result<FileId, String> {
    let mut random = [0; 10];
    world.random(&mut random);
    let file = FileId::new(world.now().0, random);
    let path = format!("{}/files/{file}/{size}/0", path(to));
    let body = vec![7; size];
    let request = Request { cookie: Some(&by.cookie), body: &body, ..world.blank(&path) };
    let (status, answer, _) = world.request(request);
    let code = || answer["code"].as_str().expect("a code").to_owned();
    if status == 200 { Ok(file) } else { Err(code()) }
}

#[test]
fn files_are_as_large_and_as_many_as_the_owner_says() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    let large = upload(&world, &ben, pair, 1_500).expect("there is no bound");
    let limits = json!({"type": "set_limits", "file_bytes": 1_000, "conversation_bytes": 4_000});
    admin(&world, &ana, limits.clone());
    admin(&world, &ana, limits);
    assert_eq!(log(&world, &ana).len(), 1);
    // Nobody is asked for a minute.
    world.unreachable.borrow_mut().insert(Address::Deployment);
    upload(&world, &ben, pair, 1_100).expect("it holds a minute later");
    world.unreachable.borrow_mut().clear();
    world.pass(60_000);
    assert_eq!(upload(&world, &ben, pair, 1_001), Err("file_over_limit".to_owned()));
    upload(&world, &ben, pair, 1_000).expect("it is not too large");
    assert_eq!(upload(&world, &ana, pair, 500), Err("storage_full".to_owned()));
    upload(&world, &ana, pair, 400).expect("there is room for it");
    // Elsewhere there is room, and what is there already stays.
    upload(&world, &ana, world.group(&ana, "Tide pool"), 1_000).expect("there is room");
    let files = json!([{"id": large, "name": "large"}]);
    let body = json!({"type": "send", "id": world.message_id(), "text": "", "files": files});
    let seq = world.ok(&ben, &path(pair), body)["seq"].clone();
    // What is recalled makes room.
    world.ok(&ben, &path(pair), json!({"type": "recall", "seq": seq}));
    world.settle();
    upload(&world, &ana, pair, 1_000).expect("there is room again");
    admin(&world, &ana, json!({"type": "set_limits"}));
    world.pass(60_000);
    upload(&world, &ben, pair, 9_000).expect("there is no bound any more");
}

/// What an account shows that everybody is told.
fn told(world: &World, who: &Someone) -> Option<String> {
    let text = rows(world, who).first()?["announcement"]["text"].as_str()?.to_owned();
    Some(text)
}

/// An account that the directory lists, made without a door.
fn account(world: &World) -> UserId {
    let mut random = [0; 10];
    world.random(&mut random);
    let user = UserId::new(world.now().0, random);
    let call = json!({"type": "register_guest", "user": user, "display_name": "Gus"});
    world.call_raw(Address::Account(user), &call.to_string());
    world.settle();
    user
}

#[test]
fn everybody_is_told_now_or_when_they_come_until_they_dismiss_it() {
    let world = World::new();
    let ana = world.register("ana");
    let gus = {
        let token = world.invite(&ana, world.group(&ana, "Tide pool"));
        let (answer, cookie) = come_as_guest(&world, &token);
        world.someone(&answer, cookie)
    };
    // More than a shard tells at a time, and one who cannot be reached at first.
    let people: Vec<UserId> = (0..440).map(|_| account(&world)).collect();
    let away = Address::Account(people[0]);
    world.unreachable.borrow_mut().insert(away);
    let (live, _) = world.mirror(&gus, "/api/account");
    let announce = |text: &str| admin(&world, &ana, json!({"type": "announce", "text": text}));
    announce("Closed on Sunday");
    assert_eq!(world.heard(live)[0]["rows"][0]["announcement"]["text"], "Closed on Sunday");
    let knows = |user: UserId, text: &str| {
        let told = world.rows(Address::Account(user), "SELECT announcement FROM deployment");
        format!("{told:?}").contains(text)
    };
    assert!(people[1..].iter().all(|&user| knows(user, "Closed on Sunday")));
    assert!(!knows(people[0], "Closed on Sunday"));
    world.unreachable.borrow_mut().clear();
    world.restart();
    world.pass(600_000);
    assert!(knows(people[0], "Closed on Sunday"));
    // Who comes later brings it along.
    let ben = world.register("ben");
    assert_eq!(told(&world, &ben).as_deref(), Some("Closed on Sunday"));
    let n = rows(&world, &ben)[0]["announcement"]["n"].clone();
    world.ok(&ben, "/api/account", json!({"type": "dismiss_announcement", "n": n}));
    assert_eq!(told(&world, &ben), None);
    announce("Open again");
    assert_eq!(told(&world, &ben).as_deref(), Some("Open again"));
    // What was dismissed late was something else.
    world.ok(&ben, "/api/account", json!({"type": "dismiss_announcement", "n": n}));
    assert_eq!(told(&world, &ben).as_deref(), Some("Open again"));
    // Who registers just before is listed only after the others have been told.
    let body = json!({"type": "register", "user_name": "dora", "password": "password of it"});
    let (_, answer, cookie) = world.post(None, "/api/session", body);
    let dora = world.someone(&answer, cookie);
    world.lose_calls();
    announce("Open, and warm");
    assert_eq!(told(&world, &dora).as_deref(), Some("Open again"));
    world.restart();
    world.pass(600_000);
    assert_eq!(told(&world, &dora).as_deref(), Some("Open, and warm"));
    admin(&world, &ana, json!({"type": "withdraw"}));
    assert!([&ana, &ben, &gus].iter().all(|who| told(&world, who).is_none()));
    assert!(!people.iter().any(|&user| knows(user, "Open")));
    admin(&world, &ana, json!({"type": "withdraw"}));
    assert_eq!(told(&world, &world.register("cem")), None);
    let did: Vec<Value> = log(&world, &ana).iter().map(|did| did["type"].clone()).collect();
    assert_eq!(did, ["withdraw", "announce", "announce", "announce"]);
    for (text, code) in [(" ", "announcement_empty"), (&*"x".repeat(501), "announcement_too_long")]
    {
        let announce = json!({"type": "announce", "text": text});
        assert_eq!(world.refused(&ana, ADMIN, announce), code);
    }
}
