//! Which devices are told of what, when, and what they are told.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::limits::{Limits, Rate};
use tideline_server::notice::{Answer, Urgency};
use tideline_shared::ConversationId;
use tideline_shared::limits::PRESENT_MS;

use crate::world::{Someone, World, path};

/// A key of a browser (RFC 8291, appendix A).
const KEY: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const MINUTE_MS: u64 = 60_000;

fn subscription(at: &str, words: bool) -> Value {
    json!({"type": "subscribe", "endpoint": format!("https://push.example.net/{at}"), "key": KEY,
           "secret": "BTBZMqHH6r4Tts7J_aSIgg", "words": words})
}

fn subscribe(world: &World, who: &Someone, at: &str, words: bool) {
    world.ok(who, "/api/session", subscription(at, words));
}

/// Ana, whose device has words in its notices, Ben, and their conversation.
fn pair(world: &World) -> (Someone, Someone, ConversationId) {
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    subscribe(world, &ana, "ana", true);
    (ana, ben, pair)
}

/// What devices were told since this was asked last: where, and what.
fn told(world: &World) -> Vec<(String, Value)> {
    world.settle();
    let all = world.told.take().into_iter();
    let read = |body: &str| serde_json::from_str(body).expect("notices are JSON");
    all.map(|dispatch| {
        (dispatch.to.endpoint.replace("https://push.example.net/", ""), read(&dispatch.body))
    })
    .collect()
}

fn texts(world: &World) -> Vec<Value> {
    told(world).into_iter().map(|(_, notice)| notice["text"].clone()).collect()
}

fn present(world: &World, device: usize, away: bool) {
    let command = json!({"type": "present", "away": away});
    world.say(device, &json!({"type": "call", "ref": 1, "command": command}).to_string());
}

/// What push services answer next.
fn answers(world: &World, statuses: &[u16]) {
    let answer = |&status| (status > 0).then_some(Answer { status, retry_after_s: None });
    world.push_answers.borrow_mut().extend(statuses.iter().map(answer));
}

#[test]
fn a_device_is_told_what_came_in_as_many_words_as_it_likes() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    let phone = world.sign_in("ana");
    subscribe(&world, &phone, "phone", false);
    world.send(&ben, pair, "High **tide** at noon");
    let notice = json!({"conversation": pair, "title": "ben", "unread": 1});
    let mut with_words = notice.clone();
    with_words["text"] = json!("High tide at noon");
    let mut wanted = vec![("ana".to_owned(), with_words), ("phone".to_owned(), notice)];
    let mut got = told(&world);
    got.sort_by(|one, other| one.0.cmp(&other.0));
    wanted.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(got, wanted);
    // Whoever wrote it is not told.
    subscribe(&world, &ben, "ben", true);
    world.send(&ben, pair, "and at midnight");
    assert_eq!(told(&world).len(), 2);
    world.ok(&ana, "/api/session", json!({"type": "unsubscribe"}));
    world.pass(MINUTE_MS);
    world.send(&ben, pair, "and so on");
    assert_eq!(told(&world).into_iter().map(|(at, _)| at).collect::<Vec<_>>(), ["phone"]);
}

#[test]
fn in_a_group_it_says_who_and_only_a_mention_is_urgent() {
    let world = World::new();
    let (ana, ben, _) = pair(&world);
    let group = world.group(&ben, "Tide pool");
    world.join(&ana, &world.invite(&ben, group));
    told(&world);
    world.send(&ben, group, "low");
    world.settle();
    assert_eq!(world.told.borrow()[0].urgency, Urgency::Normal);
    let (_, notice) = told(&world).remove(0);
    assert_eq!(
        notice,
        json!({"conversation": group, "title": "Tide pool", "unread": 1, "author": "ben", "text": "low"})
    );
    world.pass(MINUTE_MS);
    world.send(&ben, group, "@ana high");
    world.settle();
    let told = world.told.borrow();
    assert_eq!(told[0].urgency, Urgency::High);
    assert_eq!(told[0].topic.len(), 32);
    assert!(!told[0].topic.contains(&group.to_string()[..8]));
    assert_eq!(told[0].contact, "https://tideline.example");
}

#[test]
fn a_nickname_stands_for_the_name() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    let name = json!({"type": "name_contact", "user": ben.user, "nickname": "Benny", "note": ""});
    world.ok(&ana, "/api/people", name);
    world.send(&ben, pair, "hi");
    assert_eq!(told(&world)[0].1["title"], "Benny");
}

#[test]
fn of_what_is_muted_only_what_means_this_person() {
    let world = World::new();
    let (ana, ben, _) = pair(&world);
    let group = world.group(&ben, "Tide pool");
    world.join(&ana, &world.invite(&ben, group));
    world.ok(&ana, "/api/account", json!({"type": "mute", "conversation": group}));
    told(&world);
    world.send(&ben, group, "nothing to see");
    assert_eq!(texts(&world), [] as [Value; 0]);
    world.send(&ben, group, "@ana you, too");
    let got = told(&world);
    assert_eq!((&got[0].1["text"], &got[0].1["unread"]), (&json!("@ana you, too"), &json!(1)));
}

#[test]
fn it_waits_while_the_person_looks_and_is_not_sent_when_they_read() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    let desk = world.sign_in("ana");
    let device = world.mirror(&desk, "/api/account").0;
    present(&world, device, false);
    world.send(&ben, pair, "seen");
    assert_eq!(texts(&world), [] as [Value; 0], "she is there");
    world.ok(&desk, "/api/account", json!({"type": "read", "conversation": pair, "seq": 1}));
    world.pass(2 * PRESENT_MS);
    assert_eq!(texts(&world), [] as [Value; 0], "she has read it");
    present(&world, device, false);
    world.send(&ben, pair, "not seen");
    world.pass(PRESENT_MS / 2);
    present(&world, device, false);
    world.pass(PRESENT_MS / 2 + 1);
    assert_eq!(texts(&world), [] as [Value; 0], "she is there still");
    world.pass(PRESENT_MS);
    assert_eq!(texts(&world), ["not seen"], "the lid was closed");
    present(&world, device, false);
    world.send(&ben, pair, "nor this");
    assert_eq!(texts(&world), [] as [Value; 0]);
    present(&world, device, true);
    assert_eq!(texts(&world), ["nor this"], "she looks away");
    // Answering is reading.
    present(&world, device, false);
    world.send(&ben, pair, "and this?");
    world.send(&ana, pair, "yes");
    world.settle();
    present(&world, device, true);
    world.pass(MINUTE_MS);
    assert_eq!(texts(&world), [] as [Value; 0]);
}

#[test]
fn who_hides_that_they_are_there_is_not_disturbed_either_and_nobody_hears_of_it() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    world.send(&ben, pair, "hello");
    world.settle();
    let hides = json!({"type": "change_settings", "hides_presence": true, "hides_last_seen": true});
    world.ok(&ana, "/api/account", hides);
    let (anas, bens) = (world.mirror(&ana, "/api/account").0, world.mirror(&ben, "/api/account").0);
    let watch = json!({"type": "present", "watching": ana.user});
    world.say(bens, &json!({"type": "call", "ref": 1, "command": watch}).to_string());
    told(&world);
    world.pass(MINUTE_MS);
    world.heard(bens);
    present(&world, anas, false);
    world.settle();
    let heard = world.heard(bens);
    assert!(!json!(heard).to_string().contains("presence"), "{heard:?}");
    world.send(&ben, pair, "are you there?");
    assert_eq!(texts(&world), [] as [Value; 0]);
}

#[test]
fn a_message_that_was_recalled_is_not_told() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    let device = world.mirror(&ana, "/api/account").0;
    present(&world, device, false);
    world.send(&ben, pair, "never mind");
    world.settle();
    world.ok(&ben, &path(pair), json!({"type": "recall", "seq": 1}));
    world.settle();
    present(&world, device, true);
    world.pass(MINUTE_MS);
    assert_eq!(texts(&world), [] as [Value; 0]);
}

#[test]
fn words_that_were_replaced_are_not_told_but_those_in_their_place() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    let device = world.mirror(&ana, "/api/account").0;
    present(&world, device, false);
    world.send(&ben, pair, "@ana at sevne");
    world.settle();
    world.ok(&ben, &path(pair), json!({"type": "edit", "seq": 1, "text": "@ana at seven"}));
    world.settle();
    present(&world, device, true);
    assert_eq!(texts(&world), [json!("@ana at seven")]);

    // Of what is muted the newest that means her is told; what was said since is not that.
    world.ok(&ana, "/api/account", json!({"type": "mute", "conversation": pair}));
    present(&world, device, false);
    world.send(&ben, pair, "@ana at six, I mena");
    world.send(&ben, pair, "well");
    world.settle();
    world.ok(&ben, &path(pair), json!({"type": "edit", "seq": 2, "text": "@ana at six, I mean"}));
    world.settle();
    present(&world, device, true);
    world.pass(MINUTE_MS);
    let got = texts(&world);
    assert!(
        got.iter().all(|text| text.as_str().is_none_or(|text| !text.contains("mena"))),
        "{got:?}"
    );
    assert_eq!(got.len(), 1);
}

#[test]
fn what_comes_while_a_push_service_answers_is_told_together_after_it() {
    let world = World::new();
    let (_, ben, pair) = pair(&world);
    let deliver = |text: &str| {
        world.send(&ben, pair, text);
        while world.told.borrow().is_empty() && world.carry_one() {}
    };
    deliver("one");
    world.settle();
    for text in ["two", "three", "four"] {
        world.send(&ben, pair, text);
    }
    let got = texts(&world);
    assert_eq!(got.first(), Some(&json!("one")));
    world.pass(MINUTE_MS);
    let got = [got, texts(&world)].concat();
    assert_eq!(got.last(), Some(&json!("four")));
    world.pass(60 * MINUTE_MS);
    assert_eq!(texts(&world), [] as [Value; 0], "nothing is told twice");
}

#[test]
fn a_device_is_forgotten_when_it_is_gone_and_for_no_other_reason() {
    for (status, stays) in [
        (404, false),
        (410, false),
        (400, true),
        (401, true),
        (403, true),
        (413, true),
        (500, true),
        (429, true),
    ] {
        let world = World::new();
        let (ana, ben, pair) = pair(&world);
        answers(&world, &[status]);
        world.send(&ben, pair, "one");
        assert_eq!(texts(&world), ["one"]);
        world.pass(60 * MINUTE_MS);
        told(&world);
        world.send(&ben, pair, "two");
        assert_eq!(texts(&world).len(), usize::from(stays), "{status}");
        let rows = world.rows(Address::Account(ana.user), "SELECT * FROM notices");
        assert!(rows.is_empty(), "{status}: {rows:?}");
    }
}

#[test]
fn what_a_push_service_could_not_take_is_tried_again_and_not_for_ever() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    answers(&world, &[0, 503, 500]);
    world.send(&ben, pair, "one");
    world.settle();
    for _ in 0..10 {
        world.pass(10_000);
    }
    assert_eq!(texts(&world), ["one", "one", "one", "one"]);
    // A wish to wait is heard.
    let later = Answer { status: 429, retry_after_s: Some(600) };
    world.push_answers.borrow_mut().push_back(Some(later));
    world.send(&ben, pair, "two");
    assert_eq!(texts(&world), ["two"]);
    for _ in 0..59 {
        world.pass(10_000);
    }
    assert_eq!(texts(&world), [] as [Value; 0]);
    world.pass(20_000);
    assert_eq!(texts(&world), ["two"]);
    answers(&world, &[0; 100]);
    world.send(&ben, pair, "three");
    for _ in 0..200 {
        world.pass(MINUTE_MS);
    }
    let tries = texts(&world).len();
    assert!((10..30).contains(&tries), "{tries}");
    let rows = world.rows(Address::Account(ana.user), "SELECT * FROM notices");
    assert!(rows.is_empty());
}

#[test]
fn a_notice_outlives_the_memory() {
    let world = World::new();
    let (_, ben, pair) = pair(&world);
    world.send(&ben, pair, "one");
    world.settle();
    told(&world);
    world.send(&ben, pair, "two");
    // Told, and nobody heard the answer.
    world.push_answers.borrow_mut().push_back(None);
    world.settle();
    world.restart();
    for _ in 0..10 {
        world.pass(10_000);
    }
    assert_eq!(texts(&world).last(), Some(&json!("two")));
}

#[test]
fn a_session_that_ends_is_told_nothing_and_signing_in_again_is_the_same_device() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    world.ok(&ana, "/api/session", json!({"type": "sign_out"}));
    world.send(&ben, pair, "one");
    assert_eq!(told(&world), []);
    let (first, second) = (world.sign_in("ana"), world.sign_in("ana"));
    subscribe(&world, &first, "ana", true);
    subscribe(&world, &second, "ana", true);
    world.send(&ben, pair, "two");
    assert_eq!(texts(&world), ["two"], "once");
    // What was to be told is told, and nothing waits on behalf of a session that is told nothing.
    answers(&world, &[503]);
    world.send(&ben, pair, "three");
    told(&world);
    subscribe(&world, &first, "ana", true);
    world.pass(MINUTE_MS);
    assert_eq!(texts(&world), ["three"]);
    let waiting = world.rows(Address::Account(ana.user), "SELECT 1 FROM notices");
    assert!(waiting.is_empty());
    let delete = json!({"type": "delete_account", "password": "password of it"});
    world.ok(&second, "/api/session", delete);
    let dump = world.dump(Address::Account(ana.user));
    assert!(!dump.contains("push.example.net"), "{dump}");
}

#[test]
fn nothing_is_told_of_whoever_is_blocked() {
    let world = World::new();
    let (ana, ben, pair) = pair(&world);
    world.send(&ben, pair, "one");
    assert_eq!(texts(&world).len(), 1);
    world.ok(&ana, "/api/people", json!({"type": "block", "user": ben.user}));
    world.settle();
    world.pass(MINUTE_MS);
    world.post(
        Some(&ben.cookie),
        &path(pair),
        json!({"type": "send", "id": world.message_id(), "text": "two"}),
    );
    world.pass(MINUTE_MS);
    assert_eq!(texts(&world), [] as [Value; 0]);
}

#[test]
fn a_key_is_made_once_and_is_another_one_for_each_account() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let key =
        |who: &Someone| world.ok(who, "/api/session", json!({"type": "notice_key"}))["key"].clone();
    assert_eq!(key(&ana), key(&ana));
    assert_ne!(key(&ana), key(&ben));
    assert_eq!(key(&ana).as_str().map(str::len), Some(87));
}

#[test]
fn what_cannot_be_sent_to_is_refused_and_changes_nothing() {
    let limits = Limits { subscribe: Rate { burst: 2, every_ms: MINUTE_MS }, ..Limits::default() };
    let world = World::with_limits(limits);
    let ana = world.register("ana");
    let before = world.dump(Address::Account(ana.user));
    let mut broken = subscription("ana", true);
    broken["key"] = json!("BCVx");
    assert_eq!(world.refused(&ana, "/api/session", broken), "invalid_subscription");
    assert_eq!(world.dump(Address::Account(ana.user)), before);
    (0..2).for_each(|_| subscribe(&world, &ana, "ana", false));
    let more = subscription("ana", false);
    assert_eq!(world.refused(&ana, "/api/session", more), "rate_limited");
}
