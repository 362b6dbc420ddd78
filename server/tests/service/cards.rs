//! Cards: what the page says that a message links to.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::card::Policy;
use tideline_server::limits::{Limits, Rate};
use tideline_shared::ConversationId;

use crate::world::{Page, Someone, World, path};

const TIDE: &str = "<title>Tide tables</title><meta property=og:site_name content=Harbour>
                    <meta name=description content='When the water comes'>";

/// Two people who talk; the Web has two pages.
fn two(world: &World) -> (Someone, Someone, ConversationId) {
    let [ana, ben] = ["ana", "ben"].map(|name| world.register(name));
    let direct = world.direct(&ana, &ben);
    world.page("https://tide.com/", TIDE);
    world.page("https://moon.com/", "<title>Moon</title>");
    (ana, ben, direct)
}

fn newest(world: &World, who: &Someone, of: ConversationId) -> Value {
    let answer = world.ok(who, &path(of), json!({"type": "history"}));
    answer["messages"].as_array().and_then(|all| all.last()).cloned().expect("a message")
}

fn card(world: &World, who: &Someone, of: ConversationId) -> Value {
    newest(world, who, of)["card"].clone()
}

fn tide() -> Value {
    json!("Tide tables\nHarbour\nWhen the water comes")
}

#[test]
fn a_message_with_a_link_gets_a_card_that_everybody_sees_and_no_account_hears_of() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let (bens, _) = world.mirror(&ben, &path(direct));
    let (inbox, _) = world.mirror(&ben, "/api/account");
    let sent = world.send(&ana, direct, "see `https://no.com` and https://tide.com");
    // The answer did not wait, and what it answers for has no card yet.
    assert_eq!(world.asked.borrow().len(), 0);
    assert_eq!(card(&world, &ben, direct), Value::Null);
    world.settle();
    assert_eq!(*world.asked.borrow(), ["https://tide.com/"]);
    assert_eq!(card(&world, &ana, direct), tide());
    let frames = world.heard(bens);
    assert_eq!(frames[0]["version"], sent["version"]);
    assert_eq!(frames[1]["version"], sent["version"].as_u64().expect("a number") + 1);
    assert_eq!(frames[1]["rows"][0]["card"], tide());
    assert_eq!(frames[1]["rows"][0]["body"], frames[0]["rows"][0]["body"]);
    // One delivery, and it counts once.
    let told = world.heard(inbox);
    let rows = told.iter().flat_map(|frame| frame["rows"].as_array().expect("rows").clone());
    assert_eq!(rows.filter(|row| row["type"] == "delivered").count(), 1);
    assert_eq!(world.entry(&ben, direct).expect("an entry")["unread"], 1);
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn an_edit_of_the_link_looks_anew_and_one_without_it_takes_the_card_away() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let seq = world.send(&ana, direct, "https://tide.com")["seq"].clone();
    world.settle();
    let edit = |text: &str| {
        world.ok(&ana, &path(direct), json!({"type": "edit", "seq": seq, "text": text}));
    };
    edit("look: https://tide.com");
    assert_eq!(card(&world, &ben, direct), tide(), "it stays with its link");
    edit("https://moon.com");
    assert_eq!(card(&world, &ben, direct), Value::Null, "it is not for this one");
    world.settle();
    assert_eq!(card(&world, &ben, direct), "Moon");
    assert_eq!(*world.asked.borrow(), ["https://tide.com/", "https://moon.com/"]);
    edit("nothing any more");
    world.settle();
    assert_eq!(card(&world, &ben, direct), Value::Null);
    assert_eq!(world.rows(Address::Conversation(direct), "SELECT * FROM looks").len(), 0);
}

#[test]
fn an_answer_that_comes_late_or_twice_changes_nothing() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let seq = world.send(&ana, direct, "https://tide.com")["seq"].clone();
    let (from, first, url) = world.looks.borrow_mut().pop_front().expect("is looked at");
    let answer = || world.look(&url);
    world.ok(&ana, &path(direct), json!({"type": "edit", "seq": seq, "text": "https://moon.com"}));
    let (_, second, _) = world.looks.borrow_mut().pop_front().expect("is looked at");
    let before = newest(&world, &ben, direct);
    world.report(from, first, answer());
    assert_eq!(newest(&world, &ben, direct), before, "for words that are no more");
    world.report(from, second, world.look("https://moon.com"));
    let after = newest(&world, &ben, direct);
    assert_eq!(after["card"], "Moon");
    world.report(from, second, answer());
    world.report(from, first, answer());
    assert_eq!(newest(&world, &ben, direct), after);

    // The same words again, and taken back before the page answers.
    let seq = world.send(&ana, direct, "https://tide.com")["seq"].clone();
    let (_, third, _) = world.looks.borrow_mut().pop_front().expect("is looked at");
    world.ok(&ana, &path(direct), json!({"type": "recall", "seq": seq}));
    let recalled = newest(&world, &ben, direct);
    world.report(from, third, answer());
    world.settle();
    assert_eq!(newest(&world, &ben, direct), recalled);
    assert_eq!(recalled["card"], Value::Null);
    assert!(world.faults.borrow().is_empty());
}

#[test]
fn a_recall_takes_the_card_with_the_words() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let seq = world.send(&ana, direct, "https://tide.com")["seq"].clone();
    world.settle();
    world.ok(&ana, &path(direct), json!({"type": "recall", "seq": seq}));
    world.settle();
    assert_eq!(card(&world, &ben, direct), Value::Null);
    let kept = world.dump(Address::Conversation(direct));
    assert!(!kept.contains("Tide tables") && !kept.contains("tide.com"), "{kept}");
}

#[test]
fn what_is_to_be_looked_at_outlives_the_memory() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    world.send(&ana, direct, "https://tide.com");
    world.restart();
    world.settle();
    assert_eq!(card(&world, &ben, direct), Value::Null);
    world.pass(31_000);
    assert_eq!(card(&world, &ben, direct), tide());
}

#[test]
fn a_page_that_cannot_be_reached_is_tried_three_times() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    world.send(&ana, direct, "https://down.com");
    for _ in 0..10 {
        world.pass(60_000);
    }
    assert_eq!(world.asked.borrow().len(), 3);
    assert_eq!(world.rows(Address::Conversation(direct), "SELECT * FROM looks").len(), 0);
    // So is one that takes the object's memory along each time.
    world.page("https://down.com/", TIDE);
    world.send(&ana, direct, "https://down.com again");
    for _ in 0..10 {
        assert!(world.looks.borrow().len() <= 1);
        world.restart();
        world.sleep(60_000);
        world.pass(0);
        world.lose_calls();
    }
    assert_eq!(world.rows(Address::Conversation(direct), "SELECT * FROM looks").len(), 0);
    assert_eq!(card(&world, &ben, direct), tide(), "the second try was heard");
}

#[test]
fn who_likes_none_gets_none_and_nobody_is_asked_for_them() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let send = json!({"type": "send", "id": world.message_id(), "text": "https://tide.com",
                      "preview": false});
    let seq = world.ok(&ana, &path(direct), send)["seq"].clone();
    world.settle();
    let edit = json!({"type": "edit", "seq": seq, "text": "https://moon.com", "preview": false});
    world.ok(&ana, &path(direct), edit);
    let group = world.group(&ana, "Tide pool");
    let forward = json!({"type": "forward", "from": direct, "preview": false,
                         "messages": [{"seq": seq, "id": world.message_id()}]});
    world.ok(&ana, &path(group), forward);
    world.settle();
    assert_eq!(world.asked.borrow().len(), 0);
    // Said again by somebody who does, it has one.
    let bens = world.group(&ben, "Rock pool");
    let forward = json!({"type": "forward", "from": direct,
                         "messages": [{"seq": seq, "id": world.message_id()}]});
    world.ok(&ben, &path(bens), forward);
    world.settle();
    assert_eq!(card(&world, &ben, bens), "Moon");
    assert_eq!(card(&world, &ben, direct), Value::Null);
}

#[test]
fn the_setting_is_on_all_devices() {
    let world = World::new();
    let (ana, _, _) = two(&world);
    let (device, _) = world.mirror(&ana, "/api/account");
    let change = json!({"type": "change_settings", "hides_previews": true});
    let done = world.ok(&ana, "/api/account", change.clone());
    let row = json!({"type": "settings", "hides_previews": true});
    assert_eq!(world.heard(device)[0]["rows"], json!([row]));
    assert_eq!(world.ok(&ana, "/api/account", change), done, "the same changes nothing");
    let (_, pages) = world.mirror(&ana, "/api/account");
    assert!(pages[0]["rows"].as_array().expect("rows").contains(&row));
}

#[test]
fn where_nobody_may_look_nothing_is_asked() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let sends_on = Page::SendsOnTo("http://169.254.169.254/latest".to_owned());
    world.pages.borrow_mut().insert("https://evil.com/".to_owned(), sends_on);
    for link in ["http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://10.0.0.1"]
    {
        world.send(&ana, direct, link);
    }
    world.send(&ana, direct, "https://evil.com");
    world.settle();
    assert_eq!(*world.asked.borrow(), ["https://evil.com/"]);
    assert_eq!(card(&world, &ben, direct), Value::Null);
    let mut off = World::new();
    off.policy = Policy::read("off", "");
    let (ana, _, direct) = two(&off);
    off.send(&ana, direct, "https://tide.com");
    off.settle();
    assert_eq!(off.asked.borrow().len(), 0);
    assert_eq!(card(&off, &ana, direct), Value::Null);
}

#[test]
fn more_links_than_a_person_reads_are_messages_without_cards() {
    let rate = Rate { burst: 2, every_ms: 60_000 };
    let world = World::with_limits(Limits { preview: rate, ..Limits::default() });
    let (ana, _, direct) = two(&world);
    for n in 0..5 {
        world.send(&ana, direct, &format!("https://tide.com {n}"));
    }
    world.settle();
    assert_eq!(world.asked.borrow().len(), 2);
    assert_eq!(world.texts(&ana, direct).len(), 5);
}

#[test]
fn who_blocked_sees_what_was_said_before_as_it_was() {
    let world = World::new();
    let (ana, ben, direct) = two(&world);
    let seq = world.send(&ana, direct, "https://tide.com")["seq"].clone();
    world.settle();
    world.ok(&ben, "/api/people", json!({"type": "block", "user": ana.user}));
    world.settle();
    world.ok(&ana, &path(direct), json!({"type": "edit", "seq": seq, "text": "https://moon.com"}));
    world.send(&ana, direct, "https://moon.com");
    world.settle();
    let answer = world.ok(&ben, &path(direct), json!({"type": "history"}));
    assert_eq!(answer["messages"][0]["card"], tide());
    assert_eq!(answer["messages"][1].get("card"), None);
    assert_eq!(card(&world, &ana, direct), "Moon");
}
