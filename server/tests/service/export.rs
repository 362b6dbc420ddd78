//! Everything of one person's as one archive.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_shared::limits::PART_BYTES;
use tideline_shared::{ConversationId, FileId};
use zip::ZipArchive;

use crate::world::{Someone, World, path, webp};

/// The archive's files: names and contents.
fn files(archive: Vec<u8>) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).expect("is an archive");
    let count = zip.len();
    let read = |n| {
        let mut file = zip.by_index(n).expect("is there");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("is whole");
        let content = String::from_utf8_lossy(&content).into_owned();
        (file.name().expect("has a name").into_owned(), content)
    };
    (0..count).map(read).collect()
}

#[test]
fn an_export_holds_the_profile_and_every_message_of_every_conversation() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let (group, pair) = (world.group(&ana, "Tide pool / 潮池"), world.direct(&ana, &ben));
    world.join(&ben, &world.invite(&ana, group));
    for n in 1..=900 {
        world.send(&ana, group, &format!("message {n}"));
        world.pass(50);
    }
    world.send(&ben, pair, "line\nbreak");
    world.settle();
    let left = world.group(&ana, "Left behind");
    world.join(&ben, &world.invite(&ana, left));
    world.settle();
    world.ok(&ben, &path(left), json!({"type": "leave"}));
    world.settle();

    let files = files(world.archive(&ben).expect("an archive"));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "profile.json",
            "settings.json",
            "contacts.json",
            "blocked.json",
            "drafts.json",
            "conversations.json",
            "conversations/0001 ana/about.json",
            "conversations/0001 ana/messages.jsonl",
            "conversations/0002 Tide pool 潮池/about.json",
            "conversations/0002 Tide pool 潮池/messages.jsonl",
        ]
    );
    let json = |n: usize| serde_json::from_str::<Value>(&files[n].1).expect("is JSON");
    assert_eq!(json(0)["user_name"], "ben");
    assert_eq!(json(5)[1]["title"], "Tide pool / 潮池");
    assert_eq!(json(8)["members"].as_array().map(Vec::len), Some(2));
    let lines: Vec<Value> =
        files[9].1.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
    let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_u64().expect("a seq")).collect();
    assert_eq!(seqs, (1..=900).collect::<Vec<_>>());
    assert_eq!(lines[899]["body"]["text"], "message 900");
    assert!(files[7].1.contains("line\\nbreak"));
}

#[test]
fn an_export_holds_all_that_only_their_account_knows() {
    let world = World::new();
    let ana = world.register("ana");
    let [ben, cleo, dan] = ["ben", "cleo", "dan"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    let people = |command: Value| world.ok(&ana, "/api/people", command);
    people(json!({"type": "add_contact", "user": ben.user}));
    people(json!({"type": "name_contact", "user": ben.user, "nickname": "Benny",
                  "note": "From the harbour"}));
    people(json!({"type": "name_contact", "user": cleo.user, "nickname": "C"}));
    people(json!({"type": "name_contact", "user": cleo.user}));
    for how in ["block", "unblock"] {
        people(json!({"type": how, "user": cleo.user}));
    }
    people(json!({"type": "block", "user": dan.user}));
    let account = |command: Value| world.ok(&ana, "/api/account", command);
    account(json!({"type": "change_settings", "hides_receipts": true}));
    account(json!({"type": "draft", "conversation": group, "text": "I wanted to"}));
    account(json!({"type": "arrange", "conversation": group, "pinned": true}));
    let (picture, path) = (webp(256, 256), "/api/account/avatar");
    let request = Request { cookie: Some(&ana.cookie), body: &picture, ..world.blank(path) };
    assert_eq!(world.request(request).0, 200);
    world.settle();

    let files = files(world.archive(&ana).expect("an archive"));
    let json = |name: &str| -> Value {
        let (_, content) = files.iter().find(|(file, _)| file == name).expect(name);
        serde_json::from_str(content).expect("is JSON")
    };
    let contacts = json("contacts.json");
    assert_eq!(contacts.as_array().map(Vec::len), Some(1), "{contacts}");
    for (field, is) in [
        ("user_name", "ben"),
        ("state", "asked"),
        ("nickname", "Benny"),
        ("note", "From the harbour"),
    ] {
        assert_eq!(contacts[0][field], is);
    }
    let blocked = json("blocked.json");
    assert_eq!(
        (blocked.as_array().map(Vec::len), &blocked[0]["user_name"]),
        (Some(1), &json!("dan"))
    );
    assert_eq!(json("settings.json"), json!({"hides_receipts": true}));
    assert_eq!(json("drafts.json"), json!([{"conversation": group, "text": "I wanted to"}]));
    assert_eq!(json("conversations.json")[0]["kept"]["pinned"], true);
    let kept = files.iter().find(|(name, _)| name == "picture.webp").expect("her picture");
    assert_eq!(kept.1, String::from_utf8_lossy(&picture));
}

#[test]
fn an_archive_that_cannot_be_finished_breaks_off() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    world.settle();
    world.unreachable.borrow_mut().insert(Address::Conversation(group));
    assert!(world.archive(&ana).expect_err("no archive").contains("cut off"));
}

#[test]
fn only_whoever_is_signed_in_gets_one_and_not_too_often() {
    let world = World::new();
    let ana = world.register("ana");
    for _ in 0..3 {
        world.archive(&ana).expect("an archive");
    }
    assert!(world.archive(&ana).expect_err("a refusal").contains("rate_limited"));
    world.ok(&ana, "/api/session", json!({"type": "sign_out"}));
    assert!(world.archive(&ana).expect_err("a refusal").contains("session_ended"));
}

/// Uploads a file and says it to a conversation; the message's `seq`.
fn say(world: &World, by: &Someone, to: ConversationId, name: &str, bytes: &[u8]) -> Value {
    let mut random = [0; 10];
    world.random(&mut random);
    let file = FileId::new(world.now().0, random);
    for (n, part) in bytes.chunks(PART_BYTES as usize).enumerate() {
        let path = format!("{}/files/{file}/{}/{n}", path(to), bytes.len());
        let request = Request { cookie: Some(&by.cookie), body: part, ..world.blank(&path) };
        assert_eq!(world.request(request).0, 200);
    }
    let send = json!({"type": "send", "id": world.message_id(), "text": "",
                      "files": [{"id": file, "name": name}]});
    let sent = world.ok(by, &path(to), send);
    world.settle();
    sent["seq"].clone()
}

#[test]
fn an_export_holds_the_files_that_its_owner_may_see() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let (group, pair) = (world.group(&ana, "Tide pool"), world.direct(&ana, &ben));
    world.join(&ben, &world.invite(&ana, group));
    let large: Vec<u8> = (0..2 * PART_BYTES + 7).map(|n| b'a' + (n % 23) as u8).collect();
    say(&world, &ana, group, "../C:\\tide 潮.png", b"the pool");
    let recalled = say(&world, &ana, group, "recalled.txt", b"recalled");
    let hidden = say(&world, &ana, group, "hidden.txt", b"hidden");
    say(&world, &ana, group, "large.bin", &large);
    say(&world, &ana, group, ".con?*|\"<>.", b"a name");
    say(&world, &ben, group, &format!("{}.txt", "n".repeat(150)), b"a long name");
    say(&world, &ana, pair, "before.txt", b"before");
    world.ok(&ben, "/api/people", json!({"type": "block", "user": ana.user}));
    world.settle();
    say(&world, &ana, pair, "withheld.txt", b"withheld");
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": recalled}));
    let hide = json!({"type": "hide", "conversation": group, "seqs": [hidden]});
    world.ok(&ben, "/api/account", hide);
    world.settle();

    let files = files(world.archive(&ben).expect("an archive"));
    let found = files.iter().filter(|(name, _)| name.contains("/files/"));
    let (names, contents): (Vec<_>, Vec<_>) =
        found.map(|(name, content)| (name.as_str(), content.as_str())).unzip();
    let long = format!("conversations/0002 Tide pool/files/6.1 {}.txt", "n".repeat(76));
    assert_eq!(
        names,
        [
            "conversations/0001 ana/files/1.1 before.txt",
            "conversations/0002 Tide pool/files/1.1 tide 潮.png",
            "conversations/0002 Tide pool/files/4.1 large.bin",
            "conversations/0002 Tide pool/files/5.1 con______",
            long.as_str(),
        ]
    );
    let large = String::from_utf8(large).expect("is text");
    assert_eq!(contents, ["before", "the pool", &large, "a name", "a long name"]);
    assert_eq!(files.last().map(|(name, _)| name.as_str()), names.last().copied());

    // A part of an archive must not be taken for the whole.
    world.store_is_up.set(false);
    assert!(world.archive(&ben).expect_err("no archive").contains("cut off"));
}

#[test]
fn an_archive_travels_in_pieces_no_larger_than_a_part_of_a_file() {
    let world = World::new();
    let ana = world.register("ana");
    let group = world.group(&ana, "Tide pool");
    for n in 0..3 {
        say(&world, &ana, group, &format!("{n}.bin"), &vec![n; 3 * PART_BYTES as usize]);
    }
    let pieces = world.archive_in_pieces(&ana).expect("an archive");
    let largest = pieces.iter().map(Vec::len).max().unwrap_or_default();
    assert!(pieces.len() > 9 && largest < PART_BYTES as usize + 10_000, "{largest}");
}
