//! What becomes of a message: replies, edits, recalls, reactions, pins, forwards, and what a person
//! wants to see no more.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::ConversationId;
use tideline_shared::limits::RECALL_MS;

use crate::world::{Someone, World, path};

/// Three people in a group; the first made it.
fn three(world: &World) -> ([Someone; 3], ConversationId) {
    let people = ["ana", "ben", "cleo"].map(|name| world.register(name));
    let group = world.group(&people[0], "Tide pool");
    let token = world.invite(&people[0], group);
    people[1..].iter().for_each(|someone| world.join(someone, &token));
    world.settle();
    (people, group)
}

fn messages(world: &World, who: &Someone, group: ConversationId) -> Vec<Value> {
    let answer = world.ok(who, &path(group), json!({"type": "history"}));
    answer["messages"].as_array().expect("messages").clone()
}

fn message(world: &World, who: &Someone, group: ConversationId, seq: u64) -> Value {
    messages(world, who, group).into_iter().find(|m| m["seq"] == seq).expect("is there")
}

/// Everything that an account holds, as text.
fn holds(world: &World, who: &Someone, words: &str) -> bool {
    format!("{:?}", world.dump(Address::Account(who.user))).contains(words)
}

#[test]
fn a_reply_quotes_what_it_answers_as_that_is_now() {
    let world = World::new();
    let ([ana, ben, _], group) = three(&world);
    world.send(&ana, group, "High tide\nat noon");
    let id = world.message_id();
    let reply = json!({"type": "send", "id": id, "text": "On my way", "reply_to": 1});
    let sent = world.ok(&ben, &path(group), reply.clone());
    assert_eq!(
        message(&world, &ana, group, 2)["reply_to"],
        json!({"seq": 1, "author": ana.user, "text": "High tide at noon"})
    );
    // Sent again it is the same message; an answer to something else is another one.
    assert_eq!(world.ok(&ben, &path(group), reply), sent);
    let other = json!({"type": "send", "id": id, "text": "On my way"});
    assert_eq!(world.refused(&ben, &path(group), other), "message_id_reused");
    let nowhere = json!({"type": "send", "id": world.message_id(), "text": "?", "reply_to": 3});
    assert_eq!(world.refused(&ben, &path(group), nowhere), "unknown_message");

    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": "High tide at one"}));
    assert_eq!(message(&world, &ana, group, 2)["reply_to"]["text"], "High tide at one");
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    let quote = message(&world, &ana, group, 2)["reply_to"].clone();
    assert_eq!(quote, json!({"seq": 1, "author": ana.user}));
}

#[test]
fn an_edit_shows_everywhere_and_the_earlier_words_stay() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let (looking, _) = world.mirror(&ben, &path(group));
    let id = world.message_id();
    let first = json!({"type": "send", "id": id, "text": "High tide at noon"});
    world.ok(&ana, &path(group), first.clone());
    world.settle();
    let edit = |text: &str| json!({"type": "edit", "seq": 1, "text": text});
    world.ok(&ana, &path(group), edit("High tide at one"));
    let version = world.ok(&ana, &path(group), edit("High tide at two"))["version"].clone();
    // The same words again change nothing.
    assert_eq!(world.ok(&ana, &path(group), edit("High tide at two"))["version"], version);
    world.settle();

    let row = world.heard(looking).last().expect("was told")["rows"][0].clone();
    assert_eq!(row["body"]["text"], "High tide at two");
    assert!(row["edited_at"].is_u64());
    assert_eq!(world.entry(&cleo, group).expect("an entry")["preview"]["text"], "High tide at two");
    assert_eq!(world.entry(&cleo, group).expect("an entry")["unread"], 1);
    assert!(!holds(&world, &cleo, "at noon"), "the old words stay nowhere in an account");
    let revisions = world.ok(&ben, &path(group), json!({"type": "revisions", "seq": 1}));
    let texts: Vec<_> = revisions["revisions"].as_array().expect("some").iter().collect();
    assert_eq!(texts[0]["text"], "High tide at noon");
    assert_eq!(texts[1]["text"], "High tide at one");
    // A device that missed the acknowledgement sends it again.
    assert_eq!(world.ok(&ana, &path(group), first)["seq"], 1);

    let before = world.dump(Address::Conversation(group));
    for (who, seq, text, code) in [
        (&ben, 1, "mine", "not_the_author"),
        (&ana, 9, "nothing", "unknown_message"),
        (&ana, 1, "  ", "message_empty"),
    ] {
        let edit = json!({"type": "edit", "seq": seq, "text": text});
        assert_eq!(world.refused(who, &path(group), edit), code);
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn a_recall_leaves_a_place_and_no_words_anywhere() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    world.send(&ana, group, "a secret");
    world.send(&ana, group, "no secret");
    world.settle();
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": "a secret indeed"}));
    world.ok(&ben, &path(group), json!({"type": "react", "seq": 1, "emoji": "👍"}));
    assert_eq!(world.entry(&cleo, group).expect("an entry")["unread"], 2);
    let recall = json!({"type": "recall", "seq": 1});
    assert_eq!(world.refused(&ben, &path(group), recall.clone()), "not_the_author");
    world.ok(&ana, &path(group), recall.clone());
    // Asked again, it is done.
    world.ok(&ana, &path(group), recall);
    world.settle();

    let stub = message(&world, &cleo, group, 1);
    assert_eq!(stub["body"], json!({"type": "recalled", "by": ana.user}));
    assert!(stub.get("reactions").is_none() && stub.get("edited_at").is_none());
    for who in [&ana, &ben, &cleo] {
        assert!(!holds(&world, who, "a secret"));
    }
    let stored = world.dump(Address::Conversation(group));
    assert!(!format!("{stored:?}").contains("a secret"));
    assert_eq!(world.entry(&cleo, group).expect("an entry")["unread"], 1);
    for command in ["edit", "react", "pin"] {
        let on = json!({"type": command, "seq": 1, "text": "x", "emoji": "👍"});
        assert_eq!(world.refused(&ana, &path(group), on), "message_recalled", "{command}");
    }

    // The newest one: the list has nothing to read either.
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 2}));
    world.settle();
    let entry = world.entry(&cleo, group).expect("an entry");
    assert_eq!(
        (&entry["preview"]["text"], &entry["preview"]["recalled"]),
        (&json!(""), &json!(true))
    );
    assert_eq!(entry["unread"], 0);
    world.send(&ben, group, "what was it?");
    world.settle();
    assert_eq!(world.entry(&cleo, group).expect("an entry")["unread"], 1);
    world.ok(&cleo, "/api/account", json!({"type": "read", "conversation": group, "seq": 3}));
    assert_eq!(world.entry(&cleo, group).expect("an entry")["unread"], 0);
    let left = world.rows(Address::Account(cleo.user), "SELECT 1 FROM uncounted");
    assert!(left.is_empty(), "below the mark nothing is kept");
}

#[test]
fn an_account_that_missed_much_keeps_no_quote_of_what_was_recalled_and_no_words_of_before() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    world.send(&ana, group, "High tide at noon");
    let reply =
        json!({"type": "send", "id": world.message_id(), "text": "On my way", "reply_to": 1});
    world.ok(&ben, &path(group), reply);
    world.send(&ana, group, "Bring the old net");
    world.settle();
    assert!(holds(&world, &cleo, "High tide") && holds(&world, &cleo, "the old net"));

    let away = Address::Account(cleo.user);
    world.unreachable.borrow_mut().insert(away);
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 3, "text": "Bring the new net"}));
    // More than one delivery carries.
    for n in 0..60 {
        world.send(&ben, group, &format!("message {n}"));
    }
    world.unreachable.borrow_mut().clear();
    world.pass(60_000);
    world.settle();
    assert_eq!(world.entry(&cleo, group).expect("an entry")["last_seq"], 63);
    assert!(!holds(&world, &cleo, "High tide"));
    assert!(!holds(&world, &cleo, "the old net"));
}

#[test]
fn authors_recall_for_two_days_and_who_leads_at_any_time() {
    let world = World::new();
    let ([ana, ben, _], group) = three(&world);
    world.send(&ben, group, "old words");
    world.send(&ana, group, "the owner's");
    world.sleep(RECALL_MS + 1);
    let recall = |seq| json!({"type": "recall", "seq": seq});
    assert_eq!(world.refused(&ben, &path(group), recall(1)), "too_late");
    world.ok(&ana, &path(group), recall(1));
    world.ok(&ana, &path(group), recall(2));
}

#[test]
fn reactions_and_pins_wake_no_account() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let (looking, _) = world.mirror(&cleo, &path(group));
    world.send(&ana, group, "High tide at noon");
    world.settle();
    // What everybody shares was said by now.
    world.pass(2_000);
    world.settle();
    let calls = world.calls_made.get();
    let on = |kind: &str, emoji: &str| json!({"type": kind, "seq": 1, "emoji": emoji});
    world.ok(&ben, &path(group), on("react", "👍"));
    world.ok(&cleo, &path(group), on("react", "👍"));
    world.ok(&cleo, &path(group), on("react", "🎉"));
    let version = world.ok(&cleo, &path(group), on("react", "🎉"))["version"].clone();
    assert_eq!(world.ok(&ana, &path(group), on("unreact", "🎉"))["version"], version);
    world.ok(&ana, &path(group), json!({"type": "pin", "seq": 1}));
    world.settle();
    assert_eq!(world.calls_made.get(), calls);

    let row = world.heard(looking).last().expect("was told")["rows"][0].clone();
    assert_eq!(
        row["reactions"],
        json!([{"emoji": "👍", "users": [ben.user, cleo.user]}, {"emoji": "🎉", "users": [cleo.user]}])
    );
    assert!(row["pinned_at"].is_u64());
    let pinned = world.ok(&ben, &path(group), json!({"type": "pinned"}));
    assert_eq!(pinned["messages"][0]["seq"], 1);
    // A member who leads the group pins; others see.
    assert_eq!(
        world.refused(&ben, &path(group), json!({"type": "unpin", "seq": 1})),
        "not_allowed"
    );
    world.ok(&ana, &path(group), json!({"type": "unpin", "seq": 1}));
    world.ok(&ben, &path(group), on("unreact", "👍"));
    world.ok(&cleo, &path(group), on("unreact", "👍"));
    let left = message(&world, &ana, group, 1);
    assert_eq!(left["reactions"], json!([{"emoji": "🎉", "users": [cleo.user]}]));

    // What is said next reaches the accounts as ever, and carries no old news.
    world.send(&ben, group, "On my way");
    world.settle();
    assert_eq!(world.entry(&cleo, group).expect("an entry")["last_seq"], 2);
    assert_eq!(world.refused(&ben, &path(group), on("react", "ok")), "not_an_emoji");
}

#[test]
fn too_many_kinds_of_reactions_are_refused() {
    let world = World::new();
    let ([ana, ..], group) = three(&world);
    world.send(&ana, group, "High tide at noon");
    let emoji = |n: u32| char::from_u32(0x1f600 + n).expect("an emoji").to_string();
    let react = |n| json!({"type": "react", "seq": 1, "emoji": emoji(n)});
    (0..20).for_each(|n| drop(world.ok(&ana, &path(group), react(n))));
    assert_eq!(world.refused(&ana, &path(group), react(20)), "too_many_reactions");
}

#[test]
fn forwarded_words_name_who_said_them_first() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let pair = world.direct(&ben, &cleo);
    world.send(&ana, group, "High tide at noon");
    world.send(&ana, group, "Low tide at six");
    let ids = [world.message_id(), world.message_id()];
    let forward = json!({"type": "forward", "from": group,
        "messages": [{"seq": 1, "id": ids[0]}, {"seq": 2, "id": ids[1]}]});
    let done = world.ok(&ben, &path(pair), forward.clone());
    assert_eq!(world.ok(&ben, &path(pair), forward), done);
    let said = messages(&world, &cleo, pair);
    assert_eq!(said.len(), 2);
    let first = json!({"author": ana.user, "author_name": "ana"});
    assert_eq!((&said[0]["author"], &said[0]["forwarded"]), (&json!(ben.user), &first));
    assert_eq!(said[1]["body"]["text"], "Low tide at six");
    // Forwarded on, it is still hers.
    let on = json!({"type": "forward", "from": pair,
        "messages": [{"seq": 1, "id": world.message_id()}]});
    world.ok(&cleo, &path(group), on);
    assert_eq!(message(&world, &ana, group, 3)["forwarded"], first);

    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 2}));
    world.settle();
    let before = world.dump(Address::Conversation(pair));
    let one = |from: ConversationId, seq: u64| {
        json!({"type": "forward", "from": from,
               "messages": [{"seq": 1, "id": world.message_id()}, {"seq": seq, "id": world.message_id()}]})
    };
    assert_eq!(world.refused(&ben, &path(pair), one(group, 2)), "message_recalled");
    assert_eq!(world.refused(&ben, &path(pair), one(group, 9)), "unknown_message");
    // From where one is not, nothing can be carried out.
    let theirs = world.direct(&ana, &cleo);
    assert_eq!(world.refused(&ben, &path(pair), one(theirs, 1)), "not_a_member");
    assert_eq!(world.refused(&ana, &path(pair), one(group, 1)), "not_a_member");
    let many: Vec<_> = (0..51).map(|_| json!({"seq": 1, "id": world.message_id()})).collect();
    let many = json!({"type": "forward", "from": group, "messages": many});
    assert_eq!(world.refused(&ben, &path(pair), many), "too_many_messages");
    assert_eq!(world.dump(Address::Conversation(pair)), before);
}

#[test]
fn a_forward_is_repeated_although_words_and_name_are_others_by_now() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    let pair = world.direct(&ben, &cleo);
    for text in ["High tide at noon", "Low tide at six"] {
        world.send(&ana, group, text);
    }
    let id = world.message_id();
    let forward =
        |seq: u64| json!({"type": "forward", "from": group, "messages": [{"seq": seq, "id": id}]});
    world.ok(&ben, &path(pair), forward(1));
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": "High tide at one"}));
    let name = json!({"type": "update_profile", "display_name": "Ana of the sea"});
    world.ok(&ana, "/api/account", name);
    world.settle();
    world.ok(&ben, &path(pair), forward(1));
    let said = messages(&world, &cleo, pair);
    assert_eq!((said.len(), &said[0]["body"]["text"]), (1, &json!("High tide at noon")));
    // Another one is not the same, whatever it says; nor is what one writes oneself.
    let edit = json!({"type": "edit", "seq": 2, "text": "High tide at noon"});
    world.ok(&ana, &path(group), edit);
    assert_eq!(world.refused(&ben, &path(pair), forward(2)), "message_id_reused");
    let own = json!({"type": "send", "id": id, "text": "High tide at noon"});
    assert_eq!(world.refused(&ben, &path(pair), own), "message_id_reused");
}

/// Nothing is kept of recalled words, so nobody can tell whether these are the same.
#[test]
fn a_recalled_message_is_not_said_again_whatever_it_says() {
    let world = World::new();
    let ([ana, ben, _], group) = three(&world);
    let id = world.message_id();
    let send = |text: &str| json!({"type": "send", "id": id, "text": text});
    world.ok(&ben, &path(group), send("yes"));
    world.ok(&ben, &path(group), json!({"type": "recall", "seq": 1}));
    let before = world.dump(Address::Conversation(group));
    assert!(!before.contains("yes"));
    for text in ["yes", "no"] {
        assert_eq!(world.refused(&ben, &path(group), send(text)), "message_recalled");
        assert_eq!(world.refused(&ana, &path(group), send(text)), "message_id_reused");
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn what_is_hidden_before_the_account_hears_of_it_is_hidden_then() {
    let world = World::new();
    let ([ana, ben, _], group) = three(&world);
    world.send(&ana, group, "one");
    world.settle();
    let bens = Address::Account(ben.user);
    world.unreachable.borrow_mut().insert(bens);
    world.send(&ana, group, "embarrassing @ben");
    world.send(&ana, group, "three");
    world.settle();
    world.unreachable.borrow_mut().clear();
    let hide = json!({"type": "hide", "conversation": group, "seqs": [2]});
    world.ok(&ben, "/api/account", hide);
    assert_eq!(world.entry(&ben, group).expect("an entry")["unread"], 1, "of what it has heard");
    let (socket, _) = world.mirror(&ben, "/api/account");
    (0..5).for_each(|_| world.pass(60_000));
    let entry = world.entry(&ben, group).expect("an entry");
    assert_eq!((&entry["last_seq"], &entry["unread"]), (&json!(3), &json!(2)));
    assert!(entry["mentions"].is_null());
    assert!(!holds(&world, &ben, "embarrassing"));
    let heard = world.heard(socket);
    assert!(!format!("{heard:?}").contains("embarrassing"));
    let mut rows =
        heard.iter().flat_map(|frame| frame["rows"].as_array().cloned().unwrap_or_default());
    let told = rows.rfind(|row| row["type"] == "entry").expect("was told");
    assert_eq!((&told["last_seq"], &told["unread"]), (&json!(3), &json!(2)));
}

#[test]
fn what_a_person_hides_is_gone_for_them_alone() {
    let world = World::new();
    let ([ana, ben, cleo], group) = three(&world);
    for text in ["one", "embarrassing", "three"] {
        world.send(&ana, group, text);
    }
    world.settle();
    let (socket, _) = world.mirror(&ben, "/api/account");
    let hide = |seqs: &[u64]| json!({"type": "hide", "conversation": group, "seqs": seqs});
    let version = world.ok(&ben, "/api/account", hide(&[2]))["version"].clone();
    assert_eq!(world.ok(&ben, "/api/account", hide(&[2, 2]))["version"], version);
    let rows = world.heard(socket).last().expect("was told")["rows"].clone();
    assert_eq!(rows[0], json!({"type": "hidden", "conversation": group, "seqs": [2]}));
    assert_eq!(rows[1]["unread"], 2);
    assert!(!holds(&world, &ben, "embarrassing"));
    assert!(holds(&world, &cleo, "embarrassing"));
    assert_eq!(message(&world, &cleo, group, 2)["body"]["text"], "embarrassing");
    // A device that comes later hears of it, too.
    let (_, pages) = world.mirror(&ben, "/api/account");
    let rows = pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
    assert!(rows.into_iter().any(|row| row["type"] == "hidden" && row["seqs"] == json!([2])));
    let archive = world.archive(&ben).expect("an archive");
    assert!(!format!("{archive:?}").contains("embarrassing"));

    for (seqs, code) in [
        (vec![1_004], "unknown_message"),
        (vec![0], "unknown_message"),
        ((1..=101).collect(), "too_many_messages"),
    ] {
        assert_eq!(world.refused(&ben, "/api/account", hide(&seqs)), code);
    }
    let elsewhere = json!({"type": "hide", "conversation": world.direct(&ana, &cleo), "seqs": [1]});
    assert_eq!(world.refused(&ben, "/api/account", elsewhere), "unknown_conversation");
}

#[test]
fn history_opens_in_the_middle_and_at_a_time() {
    let world = World::new();
    let ([ana, ..], group) = three(&world);
    let start = world.now().0;
    for n in 1..=200 {
        world.sleep(60_000);
        world.send(&ana, group, &format!("message {n}"));
    }
    let seqs = |ask: Value| -> (u64, u64, usize) {
        let answer = world.ok(&ana, &path(group), ask);
        let messages = answer["messages"].as_array().expect("messages").clone();
        let seq = |m: Option<&Value>| m.and_then(|m| m["seq"].as_u64()).expect("a seq");
        (seq(messages.first()), seq(messages.last()), messages.len())
    };
    assert_eq!(seqs(json!({"type": "history", "around": 100})), (75, 124, 50));
    assert_eq!(seqs(json!({"type": "history", "around": 3})), (1, 50, 50));
    assert_eq!(seqs(json!({"type": "history", "around": 199})), (151, 200, 50));
    assert_eq!(seqs(json!({"type": "history", "around": 9_000})), (151, 200, 50));
    let at = start + 100 * 60_000 - 30_000;
    assert_eq!(seqs(json!({"type": "history", "since": at})), (75, 124, 50));
    assert_eq!(seqs(json!({"type": "history", "since": 0})), (1, 50, 50));
    assert_eq!(seqs(json!({"type": "history", "since": start * 2})), (151, 200, 50));
}
