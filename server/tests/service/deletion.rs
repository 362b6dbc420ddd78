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

/// A group that ana talks in, a pair where ben carried her words to, and another one where cleo carried
/// them on to: in the last two, nobody ever met her.
fn carried_on(world: &World) -> ([Someone; 4], [tideline_shared::ConversationId; 3]) {
    let people = ["ana", "ben", "cleo", "dan"].map(|name| world.register(name));
    let [ana, ben, cleo, dan] = &people;
    let group = world.group(ana, "Tide pool");
    world.join(ben, &world.invite(ana, group));
    let (pair, on) = (world.direct(ben, cleo), world.direct(cleo, dan));
    world.send(ana, group, "High tide at noon");
    world.settle();
    for (by, from, to) in [(ben, group, pair), (cleo, pair, on)] {
        world.ok(by, &path(to), forward(world, from, 1));
        world.settle();
    }
    (people, [group, pair, on])
}

fn forward(world: &World, from: tideline_shared::ConversationId, seq: u64) -> Value {
    json!({"type": "forward", "from": from, "messages": [{"seq": seq, "id": world.message_id()}]})
}

/// Whether a database has her name in a column, or in what is kept there as JSON.
fn names_her(world: &World, at: Address) -> bool {
    world.dump(at).replace('\\', "").contains("\"ana\"")
}

#[test]
fn reports_and_the_log_keep_no_name_also_of_a_report_that_comes_late() {
    let world = World::new();
    let (ann, ben) = (world.register("ann"), world.register("ben"));
    let ana = world.register("ana");
    let report = |by: &Someone, about: &Someone| {
        let report = json!({"type": "report", "user": about.user, "reason": "spam"});
        world.ok(by, "/api/people", report);
        world.settle();
    };
    let admin = |command: Value| world.ok(&ann, "/api/admin", command);
    report(&ben, &ana);
    admin(json!({"type": "resolve", "report": 1, "outcome": "ban"}));
    world.settle();
    admin(json!({"type": "unban", "user": ana.user}));
    world.settle();
    world.sleep(1_000);
    let ana = world.sign_in("ana");
    report(&ana, &ben);
    let rows = "SELECT reported, NULL FROM reports UNION ALL SELECT did, made_by FROM log";
    let before = world.rows(Address::Deployment, rows);
    assert!(names_her(&world, Address::Deployment));

    // One that was said while she was there is still on its way when the deployment hears of her end.
    world.unreachable.borrow_mut().insert(Address::Deployment);
    report(&ben, &ana);
    world.unreachable.borrow_mut().clear();
    let late = world.rows(Address::Account(ben.user), "SELECT body FROM outbox");
    assert_eq!(late.len(), 1);
    delete(&world, &ana, Some(WORD));
    world.settle();
    assert!(!names_her(&world, Address::Deployment));
    world.pass(600_000);
    let after = world.rows(Address::Deployment, rows);
    assert_eq!(after.len(), before.len() + 1);
    assert!(!names_her(&world, Address::Deployment));

    // Everything else is as it was, and of whom it tells is known by id.
    let reports = admin(json!({"type": "reports"}))["reports"].clone();
    let nobody = json!({"user": ana.user, "display_name": ""});
    assert_eq!((&reports[0]["by"], &reports[0]["about"]["display_name"]), (&nobody, &json!("ben")));
    assert_eq!((&reports[1]["about"], &reports[1]["by"]["display_name"]), (&nobody, &json!("ben")));
    let log = admin(json!({"type": "log"}))["rows"].clone();
    for row in log.as_array().expect("rows") {
        assert_eq!((&row["did"]["person"], &row["by"]["display_name"]), (&nobody, &json!("ann")));
    }
    // Nor does a ban that was on its way write her name again.
    let ban = json!({"type": "ban", "by": {"user": ann.user, "display_name": "ann"}, "banned": true,
        "person": {"user": ana.user, "user_name": "ana", "display_name": "ana"}});
    let answer = world.call_raw(Address::Deployment, &ban.to_string());
    assert!(answer.starts_with(r#"{"Ok""#), "{answer}");
    assert!(!names_her(&world, Address::Deployment));
}

/// The first message of a conversation, as `who` reads it.
fn first(world: &World, who: &Someone, of: tideline_shared::ConversationId) -> Value {
    world.ok(who, &path(of), json!({"type": "history"}))["messages"][0].clone()
}

#[test]
fn their_name_goes_also_where_others_carried_their_words() {
    let world = World::new();
    let (people, [group, pair, on]) = carried_on(&world);
    let [ana, ben, cleo, dan] = &people;
    let ids: Vec<_> = (0..60).map(|_| world.message_id()).collect();
    for id in &ids {
        let again = json!({"type": "forward", "from": pair, "messages": [{"seq": 1, "id": id}]});
        world.ok(cleo, &path(on), again);
        world.sleep(100);
    }
    world.settle();
    let named = json!({"author": ana.user, "author_name": "ana"});
    assert_eq!(first(&world, dan, on)["forwarded"], named);
    let (looking_on, _) = world.mirror(dan, &path(on));
    delete(&world, ana, Some(WORD));
    world.settle();

    let nameless = json!({"author": ana.user, "author_name": ""});
    for (who, of) in [(ben, pair), (cleo, pair), (cleo, on), (dan, on)] {
        let copy = first(&world, who, of);
        assert_eq!(copy["forwarded"], nameless);
        assert_eq!(copy["body"]["text"], "High tide at noon");
    }
    let live = world.heard(looking_on);
    assert_eq!(live[0]["rows"][0]["forwarded"], nameless);
    // Timelines keep what was said last, of which there is more than one delivery brings.
    let theirs = [ben, cleo, dan].map(|who| Address::Account(who.user));
    for at in [group, pair, on].map(Address::Conversation).into_iter().chain(theirs) {
        assert!(!names_her(&world, at), "{at:?}");
    }
    // Said on, it stays nameless.
    let free = world.direct(dan, ben);
    world.ok(dan, &path(free), forward(&world, on, 1));
    assert_eq!(first(&world, ben, free)["forwarded"], nameless);
}

#[test]
fn words_that_come_after_their_author_is_gone_bring_no_name() {
    let world = World::new();
    let (people, [_, pair, on]) = carried_on(&world);
    let [ana, ben, cleo, dan] = &people;
    let free = world.direct(dan, ben);
    delete(&world, ana, Some(WORD));
    world.settle();
    // Fetched while she was there, said when her end is known: the gateway is between the two. Where her
    // name stood, where it never did, and where somebody is looking on.
    for (by, at) in [(cleo, on), (dan, free), (ben, pair)] {
        let (looking_on, _) = world.mirror(by, &path(at));
        let fetched = json!({"type": "forward", "by": by.user, "preview": true, "messages": [
            {"id": world.message_id(), "text": "Low tide at six", "from": pair, "seq": 1,
             "forwarded": {"author": ana.user, "author_name": "ana"}}]});
        let answer = world.call_raw(Address::Conversation(at), &fetched.to_string());
        assert!(answer.starts_with(r#"{"Ok""#), "{answer}");
        world.settle();
        let last = world.heard(looking_on).pop().expect("is told");
        assert_eq!(last["rows"][0]["forwarded"], json!({"author": ana.user, "author_name": ""}));
        assert!(!names_her(&world, Address::Conversation(at)));
    }
}

#[test]
fn where_they_are_named_is_told_of_the_end_although_calls_are_lost() {
    let world = World::new();
    let (people, [group, pair, on]) = carried_on(&world);
    let [ana, ben, _, dan] = &people;
    // One conversation's word that it names her is lost, the others do not hear of her end.
    let free = world.direct(dan, ben);
    world.ok(dan, &path(free), forward(&world, on, 1));
    world.lose_calls();
    let cut_off = [group, pair, on].map(Address::Conversation);
    world.unreachable.borrow_mut().extend(cut_off);
    delete(&world, ana, Some(WORD));
    world.settle();
    world.unreachable.borrow_mut().clear();
    world.restart();
    (0..20).for_each(|_| world.pass(300_000));
    let nameless = json!({"author": ana.user, "author_name": ""});
    for (who, at) in [(ben, pair), (dan, on), (dan, free)] {
        assert_eq!(first(&world, who, at)["forwarded"], nameless);
    }
}
