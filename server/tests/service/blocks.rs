//! Blocking: in a direct conversation nothing passes any more, either way, through no door, and who
//! is blocked cannot tell.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};
use tideline_shared::{ConversationId, limits};

use crate::world::{Someone, World, path};

/// Ana and Ben, who talk; Ana will block Ben.
struct Pair {
    world: World,
    ana: Someone,
    ben: Someone,
    direct: ConversationId,
}

fn pair() -> Pair {
    let block = Rate { burst: 10_000, every_ms: 1 };
    let world = World::with_limits(Limits { password_kib: 8, block, ..Limits::default() });
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    world.send(&ana, direct, "hello ben");
    world.send(&ben, direct, "hello ana");
    world.settle();
    Pair { world, ana, ben, direct }
}

impl Pair {
    fn block(&self, how: &str) {
        let answer =
            self.world.ok(&self.ana, "/api/people", json!({"type": how, "user": self.ben.user}));
        assert_eq!(answer["type"], "done");
        self.world.settle();
    }

    /// What somebody gets of the conversation by asking for its history.
    fn history(&self, by: &Someone) -> Vec<Value> {
        let answer = self.world.ok(by, &path(self.direct), json!({"type": "history"}));
        answer["messages"].as_array().cloned().expect("messages")
    }

    fn account(&self, of: &Someone) -> String {
        self.world.dump(Address::Account(of.user))
    }
}

/// The frames without the one thing that differs between two runs.
fn words(frames: &[Value]) -> String {
    frames.iter().map(ToString::to_string).collect()
}

#[test]
fn a_block_and_its_end_hold_once_they_are_answered() {
    let Pair { world, ana, ben, direct } = &pair();
    let decide = |how: &str| world.ok(ana, "/api/people", json!({"type": how, "user": ben.user}));
    let says = || {
        let messages = world.ok(ana, &path(*direct), json!({"type": "history"}));
        messages["messages"]
            .as_array()
            .and_then(|all| all.last()?["body"]["type"].as_str().map(str::to_owned))
    };
    // Nothing that accounts and conversations owe each other is carried meanwhile.
    decide("block");
    world.send(ben, *direct, "let me in");
    assert_eq!(says().as_deref(), Some("withheld"));
    // Said twice, it is the same block.
    decide("block");
    decide("unblock");
    world.send(ben, *direct, "thank you");
    assert_eq!(says().as_deref(), Some("text"));
    // What was owed comes late, and changes nothing.
    world.settle();
    world.send(ben, *direct, "at last");
    assert_eq!(says().as_deref(), Some("text"));
    let history = world.ok(ana, &path(*direct), json!({"type": "history"})).to_string();
    assert!(history.contains("thank you") && !history.contains("let me in"));
}

#[test]
fn what_a_blocked_person_says_is_stored_for_them_and_withheld_from_the_other() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    pair.block("block");
    let (anas, _) = world.mirror(ana, &path(*direct));
    let (bens, _) = world.mirror(ben, &path(*direct));
    let (device, _) = world.mirror(ana, "/api/account");
    let (own_device, _) = world.mirror(ben, "/api/account");
    let before = world.entry(ana, *direct).expect("is there");
    let sent = world.send(ben, *direct, "let me in");
    assert_eq!((&sent["type"], &sent["seq"]), (&json!("sent"), &json!(3)));
    world.settle();
    // The one who said it sees it everywhere.
    assert!(words(&world.heard(bens)).contains("let me in"));
    assert!(words(&world.heard(own_device)).contains("let me in"));
    assert_eq!(world.entry(ben, *direct).expect("is there")["preview"]["text"], "let me in");
    assert_eq!(world.texts(ben, *direct), ["hello ben", "hello ana", "let me in"]);
    // The other one gets its place, live, by history and in a resync, and the cursor goes on.
    let live = world.heard(anas);
    assert_eq!(live[0]["rows"][0]["body"], json!({"type": "withheld"}));
    assert_eq!(live[0]["version"], sent["version"]);
    let (again, pages) = world.mirror(ana, &path(*direct));
    assert!(!words(&pages).contains("let me in"));
    world.say(
        again,
        &json!({"type": "hello", "cursor": sent["version"].as_u64().expect("is one") - 1})
            .to_string(),
    );
    assert_eq!(world.heard(again)[0]["rows"][0]["body"]["type"], "withheld");
    let seqs: Vec<_> = pair.history(ana).iter().map(|message| message["seq"].clone()).collect();
    assert_eq!(seqs, [1, 2, 3]);
    for ask in
        [json!({"around": 3}), json!({"after": 2}), json!({"before": 4}), json!({"since": 0})]
    {
        let mut command = json!({"type": "history"});
        command.as_object_mut().expect("is one").extend(ask.as_object().expect("is one").clone());
        let answer = world.ok(ana, &path(*direct), command);
        assert!(answer.to_string().contains("withheld") && !answer.to_string().contains("let me"));
    }
    // Nothing of it is in their account, and nothing of the list moved.
    assert!(!words(&world.heard(device)).contains("let me in"));
    assert!(!pair.account(ana).contains("let me in"));
    let after = world.entry(ana, *direct).expect("is there");
    for field in ["preview", "last_at", "unread", "title"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let find = |by: &Someone| {
        let ask = json!({"type": "messages", "query": "let", "conversations": [direct]});
        world.ok(by, "/api/search", ask).to_string()
    };
    assert!(find(ben).contains("let me in"));
    assert!(!find(ana).contains("let me in"));
    let archive = String::from_utf8_lossy(&world.archive(ana).expect("an archive")).into_owned();
    assert!(!archive.contains("withheld"));
}

#[test]
fn who_blocked_is_told_so_when_they_write_and_who_is_blocked_sees_no_difference() {
    let told = |blocks: bool| {
        let pair = pair();
        let Pair { world, ana, ben, direct } = &pair;
        if blocks {
            pair.block("block");
            for command in [
                json!({"type": "send", "id": world.message_id(), "text": "hi"}),
                json!({"type": "react", "seq": 2, "emoji": "👍"}),
                json!({"type": "edit", "seq": 1, "text": "other"}),
                json!({"type": "pin", "seq": 2}),
            ] {
                let before = world.dump(Address::Conversation(*direct));
                assert_eq!(world.refused(ana, &path(*direct), command), "blocked_by_you");
                assert_eq!(world.dump(Address::Conversation(*direct)), before);
            }
        }
        let (looking, pages) = world.mirror(ben, &path(*direct));
        let (device, inbox) = world.mirror(ben, "/api/account");
        let start = json!({"type": "start_direct", "peer": ana.user});
        let mut answers = vec![world.ok(ben, &path(*direct), start)];
        for command in [
            json!({"type": "send", "id": "01938a5e-7c00-7000-8000-000000000001", "text": "hi"}),
            json!({"type": "react", "seq": 1, "emoji": "👍"}),
            json!({"type": "edit", "seq": 2, "text": "hello, ana"}),
            json!({"type": "pin", "seq": 1}),
            json!({"type": "pinned"}),
            json!({"type": "revisions", "seq": 2}),
            json!({"type": "recall", "seq": 3}),
            json!({"type": "history"}),
        ] {
            answers.push(world.ok(ben, &path(*direct), command));
        }
        world.settle();
        let profile = json!({"type": "profile", "user": ana.user});
        answers.push(world.ok(ben, "/api/people", profile));
        answers.push(world.entry(ben, *direct).expect("is there"));
        let heard = [pages, inbox, world.heard(looking), world.heard(device), answers].concat();
        // Ids differ from run to run; what matters is everything else.
        let mut text = words(&heard);
        for (id, name) in [(ana.user.to_string(), "ana"), (ben.user.to_string(), "ben")] {
            text = text.replace(&id, name);
        }
        text.replace(&direct.to_string(), "direct")
    };
    let mask = |text: String| {
        let uuid = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
        text.split('"').filter(|part| !uuid(part)).collect::<Vec<_>>().join("\"")
    };
    assert_eq!(mask(told(true)), mask(told(false)));
}

#[test]
fn what_was_withheld_stays_so_after_the_block_and_what_comes_then_passes() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    pair.block("block");
    world.send(ben, *direct, "insult");
    world.settle();
    pair.block("unblock");
    assert_eq!(world.entry(ana, *direct).expect("is there")["unread"], 0);
    let answer =
        json!({"type": "send", "id": world.message_id(), "text": "see above", "reply_to": 3});
    world.ok(ben, &path(*direct), answer);
    world.settle();
    let entry = world.entry(ana, *direct).expect("is there");
    assert_eq!((&entry["unread"], &entry["preview"]["text"]), (&json!(1), &json!("see above")));
    let history = pair.history(ana);
    assert_eq!(history[2]["body"]["type"], "withheld");
    assert_eq!(history[3]["body"]["text"], "see above");
    let everything =
        [words(&history), pair.account(ana), words(&world.mirror(ana, &path(*direct)).1)];
    assert!(!everything.concat().contains("insult"), "{everything:?}");
    // It can be neither answered, nor quoted, nor carried on, nor looked behind.
    for command in [
        json!({"type": "send", "id": world.message_id(), "text": "what?", "reply_to": 3}),
        json!({"type": "react", "seq": 3, "emoji": "👍"}),
        json!({"type": "pin", "seq": 3}),
        json!({"type": "edit", "seq": 3, "text": "x"}),
        json!({"type": "recall", "seq": 3}),
        json!({"type": "revisions", "seq": 3}),
    ] {
        assert_eq!(world.refused(ana, &path(*direct), command), "unknown_message");
    }
    let group = world.group(ana, "Tide pool");
    let forward = json!({"type": "forward", "from": direct,
                         "messages": [{"seq": 3, "id": world.message_id()}]});
    assert_eq!(world.refused(ana, &path(group), forward), "unknown_message");
    // Both talk again, and nothing is twice.
    world.send(ana, *direct, "fine");
    world.settle();
    assert_eq!(world.texts(ben, *direct).last().map(String::as_str), Some("fine"));
    // Edited later, it stays withheld.
    world.ok(ben, &path(*direct), json!({"type": "edit", "seq": 3, "text": "insult, again"}));
    world.settle();
    assert!(!pair.account(ana).contains("insult"));
    assert_eq!(pair.history(ana)[2]["body"]["type"], "withheld");
}

#[test]
fn what_a_blocked_person_does_to_older_messages_does_not_pass() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    let quote = json!({"type": "send", "id": world.message_id(), "text": "yes", "reply_to": 2});
    world.ok(ana, &path(*direct), quote);
    world.settle();
    pair.block("block");
    let strip = |mut messages: Vec<Value>| {
        messages.iter_mut().for_each(|message| message["version"] = json!(0));
        messages
    };
    let before = strip(pair.history(ana));
    let (looking, _) = world.mirror(ana, &path(*direct));
    for command in [
        json!({"type": "edit", "seq": 2, "text": "insult"}),
        json!({"type": "react", "seq": 1, "emoji": "💩"}),
        json!({"type": "pin", "seq": 1}),
    ] {
        world.ok(ben, &path(*direct), command);
        world.settle();
    }
    let bens = words(&pair.history(ben));
    assert!(bens.contains("insult") && bens.contains("💩") && bens.contains("pinned_at"));
    assert_eq!(strip(pair.history(ana)), before);
    let pinned = world.ok(ana, &path(*direct), json!({"type": "pinned"}));
    let revisions = world.ok(ana, &path(*direct), json!({"type": "revisions", "seq": 2}));
    assert_eq!((&pinned["messages"], &revisions["revisions"]), (&json!([]), &json!([])));
    let all = [words(&world.heard(looking)), pair.account(ana)].concat();
    assert!(!all.contains("insult") && !all.contains("💩"), "{all}");
    // To take one's words back is everybody's at any time.
    world.ok(ben, &path(*direct), json!({"type": "recall", "seq": 2}));
    world.settle();
    assert_eq!(pair.history(ana)[1]["body"]["type"], "recalled");
}

#[test]
fn somebody_blocked_beforehand_starts_a_conversation_that_shows_up_nowhere() {
    let world = World::with_limits(Limits { password_kib: 8, ..Limits::default() });
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let block = |how: &str| {
        world.ok(&ana, "/api/people", json!({"type": how, "user": ben.user}));
        world.settle();
    };
    block("block");
    let direct = world.direct(&ben, &ana);
    world.send(&ben, direct, "let me in");
    world.settle();
    assert_eq!(world.entry(&ben, direct).expect("is there")["preview"]["text"], "let me in");
    assert!(world.entry(&ana, direct).is_none());
    block("unblock");
    assert!(world.entry(&ana, direct).is_none(), "also not afterwards");
    world.send(&ben, direct, "hello");
    world.settle();
    let entry = world.entry(&ana, direct).expect("is there");
    assert_eq!((&entry["unread"], &entry["preview"]["text"]), (&json!(1), &json!("hello")));
    assert_eq!(world.texts(&ana, direct), ["?", "hello"]);
}

#[test]
fn both_may_block_and_each_ends_their_own_only() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    pair.block("block");
    world.ok(ben, "/api/people", json!({"type": "block", "user": ana.user}));
    world.settle();
    let send = || json!({"type": "send", "id": world.message_id(), "text": "hi"});
    for by in [ana, ben] {
        assert_eq!(world.refused(by, &path(*direct), send()), "blocked_by_you");
    }
    pair.block("unblock");
    assert_eq!(world.refused(ben, &path(*direct), send()), "blocked_by_you");
    world.send(ana, *direct, "hello?");
    world.settle();
    assert!(!pair.account(ben).contains("hello?"));
}

#[test]
fn a_block_is_known_to_all_devices_and_reaches_the_conversation_whatever_happens() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    let (device, _) = world.mirror(ana, "/api/account");
    world.unreachable.borrow_mut().insert(Address::Conversation(*direct));
    pair.block("block");
    pair.block("unblock");
    pair.block("block");
    let rows: Vec<_> = world.heard(device).iter().map(|change| change["rows"][0].clone()).collect();
    let rows: Vec<_> = rows.iter().filter(|row| row["type"] == "blocked").collect();
    assert_eq!(rows.len(), 3);
    assert_eq!((&rows[0]["display_name"], &rows[1]["over"]), (&json!("ben"), &json!(true)));
    let (_, pages) = world.mirror(ana, "/api/account");
    assert!(words(&pages).contains(r#""type":"blocked""#));
    world.restart();
    world.unreachable.borrow_mut().clear();
    (0..5).for_each(|_| world.pass(60_000));
    world.send(ben, *direct, "let me in");
    world.settle();
    assert!(!pair.account(ana).contains("let me in"));
    // An older word that comes late changes nothing.
    let late = json!({"type": "block", "by": ana.user, "blocked": false, "version": 1});
    world.call_raw(Address::Conversation(*direct), &late.to_string());
    let send = json!({"type": "send", "id": world.message_id(), "text": "hi"});
    assert_eq!(world.refused(ana, &path(*direct), send), "blocked_by_you");
}

#[test]
fn an_end_that_overtakes_its_beginning_ends_it() {
    let pair = pair();
    let Pair { world, ana, ben, direct } = &pair;
    for (blocked, version) in [(false, 900), (true, 899)] {
        let call = json!({"type": "block", "by": ana.user, "blocked": blocked, "version": version});
        world.call_raw(Address::Conversation(*direct), &call.to_string());
    }
    world.send(ben, *direct, "hi");
    world.settle();
    assert_eq!(world.texts(ana, *direct).last().map(String::as_str), Some("hi"));
}

#[test]
fn blocks_that_cannot_be_change_nothing() {
    let pair = pair();
    let Pair { world, ana, ben, .. } = &pair;
    pair.block("block");
    let before = pair.account(ana);
    let nobody = "01938a5e-7c00-7000-8000-0000000000ff";
    let block = |user: Value| json!({"type": "block", "user": user});
    assert_eq!(world.refused(ana, "/api/people", block(json!(ana.user))), "yourself");
    assert_eq!(world.refused(ana, "/api/people", block(json!(nobody))), "unknown_person");
    assert_eq!(world.refused(ana, "/api/people", block(json!("ben"))), "malformed");
    world.ok(ana, "/api/people", block(json!(ben.user)));
    world.ok(ana, "/api/people", json!({"type": "unblock", "user": nobody}));
    assert_eq!(pair.account(ana), before);
    for n in 1..limits::BLOCKS as u64 {
        let user = tideline_shared::UserId::new(n, [1; 10]);
        let call = json!({"type": "block", "person": {"user": user, "display_name": "x"}});
        let answer = world.call_raw(Address::Account(ana.user), &call.to_string());
        assert!(answer.starts_with(r#"{"Ok""#), "{answer}");
    }
    let cho = world.register("cho");
    assert_eq!(world.refused(ana, "/api/people", block(json!(cho.user))), "too_many_blocks");
}

#[test]
fn groups_are_not_touched_by_a_block() {
    let pair = pair();
    let Pair { world, ana, ben, .. } = &pair;
    let group = world.group(ana, "Tide pool");
    world.join(ben, &world.invite(ana, group));
    pair.block("block");
    world.send(ben, group, "hello all");
    world.settle();
    assert_eq!(world.texts(ana, group), ["hello all"]);
}
