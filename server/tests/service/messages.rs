//! Order, idempotency, fan-out and unread: what is said reaches everybody once.

use crate::world::{Someone, World, path};
use serde_json::json;
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};
use tideline_server::sql::Value;
use tideline_shared::ConversationId;

fn group_of(world: &World, names: &[&str]) -> (Vec<Someone>, ConversationId) {
    let people: Vec<Someone> = names.iter().map(|name| world.register(name)).collect();
    let group = world.group(&people[0], "Tide pool");
    let token = world.invite(&people[0], group);
    people[1..].iter().for_each(|someone| world.join(someone, &token));
    (people, group)
}

fn unread(world: &World, of: &Someone, group: ConversationId) -> u64 {
    world.entry(of, group).expect("is in the inbox")["unread"].as_u64().expect("a number")
}

#[test]
fn messages_are_numbered_without_a_gap_and_acknowledged_with_their_place() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    for n in 1..=5_u64 {
        let sent = world.send(&people[(n % 2) as usize], group, &format!("message {n}"));
        assert_eq!(sent["type"], "sent");
        assert_eq!(sent["seq"], n);
    }
    let texts: Vec<String> = (1..=5).map(|n| format!("message {n}")).collect();
    assert_eq!(world.texts(&people[0], group), texts);
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn the_same_message_again_is_answered_as_the_first_time_and_stored_once() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    let id = world.message_id();
    let send = json!({"type": "send", "id": id, "text": "once"});
    let first = world.ok(&people[0], &path(group), send.clone());
    world.pass(60_000);
    assert_eq!(world.ok(&people[0], &path(group), send), first);
    assert_eq!(world.texts(&people[1], group), ["once"]);
}

#[test]
fn another_message_under_the_same_id_is_refused_and_changes_nothing() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    let id = world.message_id();
    world.ok(&people[0], &path(group), json!({"type": "send", "id": id, "text": "first"}));
    let before = world.dump(Address::Conversation(group));
    for (by, text) in [(&people[0], "second"), (&people[1], "first")] {
        let send = json!({"type": "send", "id": id, "text": text});
        assert_eq!(world.refused(by, &path(group), send), "message_id_reused");
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn everybody_who_looks_sees_each_message_live_and_the_sender_is_answered() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    let (ana, _) = world.mirror(&people[0], &path(group));
    let (ben, pages) = world.mirror(&people[1], &path(group));
    let version = pages.last().expect("a page")["cursor"].as_u64().expect("a cursor");
    let silent = world.open(&people[1], &path(group)).expect("opens");
    let id = world.message_id();
    let call =
        json!({"type": "call", "ref": 9, "command": {"type": "send", "id": id, "text": "hi"}});
    world.say(ana, &call.to_string());
    let answers = world.heard(ana);
    assert_eq!(answers.len(), 2, "{answers:?}");
    let reply = answers.iter().find(|frame| frame["type"] == "reply").expect("a reply");
    assert_eq!((&reply["ref"], &reply["reply"]["id"]), (&json!(9), &json!(id)));
    let changes = world.heard(ben);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["type"], "change");
    assert_eq!(changes[0]["version"], version + 1);
    assert_eq!(changes[0]["rows"][0]["body"]["text"], "hi");
    assert_eq!(world.heard(silent), Vec::<serde_json::Value>::new(), "said no hello yet");
}

#[test]
fn a_message_reaches_the_inbox_of_every_member_on_every_device() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben", "cho"]);
    let (phone, _) = world.mirror(&people[1], "/api/account");
    let (laptop, _) = world.mirror(&people[1], "/api/account");
    world.send(&people[0], group, "high  tide\nat noon");
    world.settle();
    for device in [phone, laptop] {
        let changes = world.heard(device);
        assert_eq!(changes.len(), 1, "{changes:?}");
        let rows = changes[0]["rows"].as_array().expect("rows");
        assert_eq!(rows[0]["type"], "entry");
        assert_eq!(rows[0]["unread"], 1);
        assert_eq!(rows[0]["preview"]["text"], "high tide at noon");
        assert_eq!(rows[0]["preview"]["author_name"], "ana");
        assert_eq!(rows[1]["type"], "delivered");
        assert_eq!(rows[1]["message"]["seq"], 1);
    }
    assert_eq!(unread(&world, &people[0], group), 0, "one's own message is read");
    assert_eq!(unread(&world, &people[2], group), 1);
}

#[test]
fn a_burst_travels_together() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben", "cho", "dan"]);
    let before = world.calls_made.get();
    for n in 0..40 {
        world.send(&people[0], group, &format!("{n}"));
    }
    world.settle();
    let calls = world.calls_made.get() - before;
    assert!(calls <= 3 * people.len(), "{calls} calls for 40 messages");
    assert_eq!(unread(&world, &people[3], group), 40);
}

#[test]
fn between_two_people_what_comes_after_a_pause_waits_for_nothing() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let direct = world.direct(&ana, &ben);
    let carried = || {
        while world.carry_one() {}
        unread(&world, &ben, direct)
    };
    world.sleep(1_000);
    world.send(&ana, direct, "first");
    assert_eq!(carried(), 1, "told before any time passes");
    let before = world.calls_made.get();
    for n in 0..40 {
        world.send(&ana, direct, &format!("{n}"));
    }
    assert_eq!(carried(), 1, "what follows at once waits for company");
    world.settle();
    assert_eq!(unread(&world, &ben, direct), 41);
    assert_eq!(world.calls_made.get() - before, 2, "one call to each of them");
    world.sleep(1_000);
    world.send(&ana, direct, "last");
    assert_eq!(carried(), 42);
}

#[test]
fn a_clock_that_steps_back_keeps_nobody_waiting() {
    // Rates take a step back for haste, and ask to wait for a moment.
    let any = Rate { burst: 1_000_000, every_ms: 0 };
    let world = World::with_limits(Limits { say: any, send: any, talk: any, ..Limits::default() });
    let (people, group) = thirty(&world);
    let (ana, ben) = (&people[0], &people[1]);
    let direct = world.direct(ana, ben);
    for conversation in [direct, group] {
        world.send(ana, conversation, "before");
        world.settle();
        world.step_back(60 * 60 * 1_000);
        let stepped = world.now();
        world.send(ana, conversation, "after");
        world.settle();
        assert_eq!(unread(&world, ben, conversation), 2);
        assert!(world.now().since(stepped) < 10_000, "within seconds of the new time");
    }
}

#[test]
fn ones_own_message_is_read_even_where_a_delivery_does_not_carry_it() {
    let off = Rate { burst: 1, every_ms: 0 };
    let world = World::with_limits(Limits { send: off, ..Limits::default() });
    let (people, group) = group_of(&world, &["ana", "ben"]);
    world.settle();
    let say = |by: usize, count: usize| {
        (0..count).for_each(|n| drop(world.send(&people[by], group, &format!("{by} {n}"))));
    };
    say(0, 10);
    say(1, 1);
    // More than one delivery carries.
    say(0, 70);
    world.settle();
    assert_eq!(unread(&world, &people[1], group), 70);
}

#[test]
fn the_read_mark_rises_and_never_falls_and_shows_on_every_device() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    (0..5).for_each(|n| drop(world.send(&people[0], group, &format!("{n}"))));
    world.settle();
    let (other_device, _) = world.mirror(&people[1], "/api/account");
    let read = |seq: u64| {
        let body = json!({"type": "read", "conversation": group, "seq": seq});
        world.ok(&people[1], "/api/account", body);
    };
    read(3);
    assert_eq!(unread(&world, &people[1], group), 2);
    assert_eq!(world.heard(other_device)[0]["rows"][0]["unread"], 2);
    read(1);
    assert_eq!(unread(&world, &people[1], group), 2);
    read(1_000_000);
    assert_eq!(unread(&world, &people[1], group), 0);
    world.send(&people[0], group, "after a mark beyond the end");
    world.settle();
    assert_eq!(unread(&world, &people[1], group), 1);
}

#[test]
fn answering_reads_what_came_before() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    (0..3).for_each(|n| drop(world.send(&people[0], group, &format!("{n}"))));
    world.send(&people[1], group, "answer");
    world.settle();
    assert_eq!(unread(&world, &people[1], group), 0);
    assert_eq!(unread(&world, &people[0], group), 1);
}

#[test]
fn a_member_who_cannot_be_reached_gets_everything_later_and_holds_nobody_up() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben", "cho"]);
    let ben = Address::Account(people[1].user);
    world.unreachable.borrow_mut().insert(ben);
    (0..3).for_each(|n| {
        world.send(&people[0], group, &format!("{n}"));
        world.settle();
    });
    assert_eq!(unread(&world, &people[2], group), 3);
    assert_eq!(world.rows(Address::Conversation(group), "SELECT * FROM lag").len(), 1);
    // The memory is lost in between: the database knows who lags.
    world.restart();
    for _ in 0..10 {
        world.pass(60_000);
    }
    world.unreachable.borrow_mut().clear();
    for _ in 0..10 {
        world.pass(60_000);
    }
    assert_eq!(unread(&world, &people[1], group), 3);
    assert_eq!(world.rows(Address::Conversation(group), "SELECT * FROM lag").len(), 0);
}

#[test]
fn a_restart_before_the_fan_out_loses_nothing_and_doubles_nothing() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    world.pass(60_000);
    for n in 0..4 {
        world.send(&people[0], group, &format!("{n}"));
        match n {
            // The call is under way; it waits for company, because one went out just now.
            0 | 1 => {}
            // It took effect and its answer is lost; everything was said and noted.
            2 => assert!(world.carry_one()),
            _ => while world.carry_one() {},
        }
        world.restart();
        world.pass(20_000);
        if n > 0 {
            world.pass(1_000);
        }
    }
    assert_eq!(unread(&world, &people[1], group), 4);
    assert_eq!(world.texts(&people[1], group), ["0", "1", "2", "3"]);
    let timeline = "SELECT value FROM timeline, json_each(messages) ORDER BY version";
    assert_eq!(world.rows(Address::Account(people[1].user), timeline).len(), 4);
}

/// A group in which somebody talks faster than its fan-out can follow: a second passes with each message,
/// and so many calls are answered in it.
fn busy(world: &World, by: &Someone, group: ConversationId, messages: usize, answered: usize) {
    for n in 0..messages {
        world.send(by, group, &format!("{n}"));
        for _ in 0..answered {
            // No more than some begin at the same moment.
            assert!(world.carry_one() || world.fire_timers() && world.carry_one());
        }
        world.sleep(1_000);
    }
}

fn thirty(world: &World) -> (Vec<Someone>, ConversationId) {
    let names: Vec<String> = (0..30).map(|n| format!("person{n}")).collect();
    group_of(world, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_large_group_is_told_in_steps_between_which_others_come() {
    let world = World::new();
    let (people, group) = thirty(&world);
    world.settle();
    world.sleep(60_000);
    world.send(&people[0], group, "to all of them");
    let (began, mut steps) = (world.now(), Vec::new());
    loop {
        let before = told(&world, &people).iter().sum::<usize>();
        while world.carry_one() {}
        let after = told(&world, &people).iter().sum::<usize>();
        steps.push(after - before);
        if after >= people.len() {
            break;
        }
        assert!(world.fire_timers(), "{steps:?}");
    }
    assert_eq!(steps, [6; 5]);
    let took = world.now().since(began);
    assert!((80..1_000).contains(&took), "everybody is told within a second: {took} ms");
    assert!(told(&world, &people).iter().all(|&times| times == 1));
}

/// How often each of them was told something.
fn told(world: &World, people: &[Someone]) -> Vec<usize> {
    let told =
        |one: &Someone| world.rows(Address::Account(one.user), "SELECT 1 FROM timeline").len();
    people.iter().map(told).collect()
}

#[test]
fn nobody_waits_for_ever_behind_others_of_a_busy_group() {
    let world = World::new();
    let (people, group) = thirty(&world);
    world.settle();
    busy(&world, &people[0], group, 20, 12);
    let told = told(&world, &people);
    assert!(told.iter().all(|&times| times > 4), "{told:?}");
}

#[test]
fn who_looks_at_a_device_is_told_first() {
    let world = World::new();
    let (people, group) = thirty(&world);
    let socket = world.mirror(&people[29], "/api/account").0;
    world.say(socket, r#"{"type":"call","ref":1,"command":{"type":"present"}}"#);
    world.settle();
    busy(&world, &people[0], group, 50, 4);
    let told = told(&world, &people);
    let others = told[..29].iter().sum::<usize>() / 29;
    assert!(told[29] > 2 * others, "{told:?}");
    // All the same, nobody is forgotten.
    assert!(told.iter().all(|&times| times > 0), "{told:?}");
}

#[test]
fn a_delivery_told_twice_changes_nothing() {
    let world = World::new();
    let (people, group) = group_of(&world, &["ana", "ben"]);
    world.send(&people[0], group, "once");
    world.settle();
    let account = Address::Account(people[1].user);
    let before = world.dump(account);
    // The watermark is forgotten: everybody is told everything again.
    world.restart();
    world.tamper(Address::Conversation(group), "UPDATE clock SET confirmed = 0");
    let calls = world.calls_made.get();
    let nothing = json!({"type": "session_ended", "session": people[0].user}).to_string();
    world.call_raw(Address::Conversation(group), &nothing);
    world.settle();
    assert_eq!(world.calls_made.get() - calls, 2, "one call for each of them");
    assert_eq!(world.dump(account), before);
}

#[test]
fn too_many_messages_are_refused_with_how_long_to_wait_and_cost_nothing() {
    let limits = Limits { send: Rate { burst: 3, every_ms: 1_000 }, ..Limits::default() };
    let world = World::with_limits(limits);
    let (people, group) = group_of(&world, &["ana", "ben"]);
    (0..3).for_each(|n| drop(world.send(&people[0], group, &format!("{n}"))));
    let id = world.message_id();
    let send = json!({"type": "send", "id": id, "text": "too much"});
    let (status, answer, _) = world.post(Some(&people[0].cookie), &path(group), send.clone());
    assert_eq!((status, &answer["code"]), (429, &json!("rate_limited")));
    let wait = answer["retry_after_ms"].as_u64().expect("says how long");
    assert!((1..=1_000).contains(&wait), "{wait}");
    world.send(&people[1], group, "somebody else may");
    world.pass(wait);
    world.ok(&people[0], &path(group), send);
}

#[test]
fn history_is_read_page_by_page_without_a_gap() {
    let limits = Limits { send: Rate { burst: 1_000, every_ms: 0 }, ..Limits::default() };
    let world = World::with_limits(limits);
    let (people, group) = group_of(&world, &["ana"]);
    (1..=130).for_each(|n| drop(world.send(&people[0], group, &format!("{n}"))));
    let seqs = |body: serde_json::Value| -> Vec<u64> {
        let answer = world.ok(&people[0], &path(group), body);
        let messages = answer["messages"].as_array().expect("messages").clone();
        messages.iter().filter_map(|message| message["seq"].as_u64()).collect()
    };
    assert_eq!(seqs(json!({"type": "history"})), (81..=130).collect::<Vec<_>>());
    assert_eq!(seqs(json!({"type": "history", "before": 81})), (31..=80).collect::<Vec<_>>());
    assert_eq!(seqs(json!({"type": "history", "before": 31})), (1..=30).collect::<Vec<_>>());
    assert_eq!(seqs(json!({"type": "history", "after": 0})), (1..=50).collect::<Vec<_>>());
    assert_eq!(seqs(json!({"type": "history", "after": 130})), Vec::<u64>::new());
}

#[test]
fn an_answer_to_a_call_from_before_a_fault_confirms_nothing() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    world.settle();
    let at = Address::Conversation(pair);

    // Two deliveries of a young memory are under way when a fault takes it.
    world.call_raw(at, "nonsense");
    world.send(&ana, pair, "one");
    world.call_raw(at, "nonsense");
    assert_eq!(world.faults.take().len(), 2);

    // The new memory tells of both messages; that answer is lost, the earlier ones come.
    world.send(&ana, pair, "two");
    assert!(world.carry_one() && world.carry_one());
    world.unreachable.borrow_mut().insert(Address::Account(ben.user));
    world.settle();
    world.unreachable.borrow_mut().clear();
    world.pass(60_000);
    let entry = "SELECT last_seq FROM entries";
    assert_eq!(world.rows(Address::Account(ben.user), entry), [[Value::Integer(2)]]);
}
