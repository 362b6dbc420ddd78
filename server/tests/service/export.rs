//! Everything of one person's as one archive.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tideline_server::Address;
use zip::ZipArchive;

use crate::world::{World, path};

/// The archive's files: names and contents.
fn files(archive: Vec<u8>) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).expect("is an archive");
    let count = zip.len();
    let read = |n| {
        let mut file = zip.by_index(n).expect("is there");
        let mut content = String::new();
        file.read_to_string(&mut content).expect("is text");
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
            "conversations.json",
            "conversations/0001 ana/about.json",
            "conversations/0001 ana/messages.jsonl",
            "conversations/0002 Tide pool 潮池/about.json",
            "conversations/0002 Tide pool 潮池/messages.jsonl",
        ]
    );
    let json = |n: usize| serde_json::from_str::<Value>(&files[n].1).expect("is JSON");
    assert_eq!(json(0)["user_name"], "ben");
    assert_eq!(json(1)[1]["title"], "Tide pool / 潮池");
    assert_eq!(json(4)["members"].as_array().map(Vec::len), Some(2));
    let lines: Vec<Value> =
        files[5].1.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
    let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_u64().expect("a seq")).collect();
    assert_eq!(seqs, (1..=900).collect::<Vec<_>>());
    assert_eq!(lines[899]["body"]["text"], "message 900");
    assert!(files[3].1.contains("line\\nbreak"));
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
