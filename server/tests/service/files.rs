//! Files: uploading, sending, fetching, and their end.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_shared::limits::{
    FILE_BYTES, MESSAGE_FILES, PART_BYTES, THUMB_BYTES, UNSENT_FILES, UNSENT_MS,
};
use tideline_shared::{ConversationId, FileId};

use crate::world::{Someone, World, path, webp};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn file_id(world: &World) -> FileId {
    let mut random = [0; 10];
    world.random(&mut random);
    FileId::new(world.now().0, random)
}

/// Uploads one part: the status, and the answer.
fn part(
    world: &World,
    by: &Someone,
    to: ConversationId,
    file: FileId,
    (size, part): (u64, u64),
    body: &[u8],
) -> (u16, Value) {
    let path = format!("{}/files/{file}/{size}/{part}", path(to));
    let request = Request { cookie: Some(&by.cookie), body, ..world.blank(&path) };
    let (status, answer, _) = world.request(request);
    (status, answer)
}

/// Uploads the thumbnail of a file: the code of the refusal.
fn thumb(
    world: &World,
    by: &Someone,
    to: ConversationId,
    (file, size): (FileId, usize),
    body: &[u8],
) -> Result<(), Value> {
    let path = format!("{}/files/{file}/{size}/thumb", path(to));
    let request = Request { cookie: Some(&by.cookie), body, ..world.blank(&path) };
    let (status, answer, _) = world.request(request);
    if status == 200 { Ok(()) } else { Err(answer["code"].clone()) }
}

/// Uploads a file whole, and says how a message names it.
pub(crate) fn upload(
    world: &World,
    by: &Someone,
    to: ConversationId,
    name: &str,
    bytes: &[u8],
) -> Value {
    let file = file_id(world);
    for (n, bytes_of) in bytes.chunks(PART_BYTES as usize).enumerate() {
        let (status, answer) = part(world, by, to, file, (bytes.len() as u64, n as u64), bytes_of);
        assert_eq!((status, answer), (200, json!({"type": "stored"})));
    }
    json!({"id": file, "name": name})
}

pub(crate) fn send(
    world: &World,
    by: &Someone,
    to: ConversationId,
    text: &str,
    files: &[Value],
) -> Value {
    let body = json!({"type": "send", "id": world.message_id(), "text": text, "files": files});
    let answer = world.ok(by, &path(to), body);
    world.settle();
    answer
}

type Fetched = Result<(u16, BTreeMap<&'static str, String>, Vec<u8>), String>;

fn fetch(world: &World, by: &Someone, of: ConversationId, file: &Value) -> Fetched {
    let path = format!("{}/files/{}", path(of), file["id"].as_str().expect("an id"));
    world.fetch(Request { cookie: Some(&by.cookie), ..world.blank(&path) })
}

fn newest(world: &World, who: &Someone, of: ConversationId) -> Value {
    let answer = world.ok(who, &path(of), json!({"type": "history"}));
    answer["messages"].as_array().and_then(|all| all.last()).cloned().expect("a message")
}

/// Two people in a group, and somebody who is not.
fn three(world: &World) -> (Someone, Someone, Someone, ConversationId) {
    let [ana, ben, cyd] = ["ana", "ben", "cyd"].map(|name| world.register(name));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    world.settle();
    (ana, ben, cyd, group)
}

#[test]
fn a_picture_is_uploaded_sent_and_fetched_by_who_may_read_it() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let mut picture = upload(&world, &ana, group, "../C:\\tide 潮.png", PNG);
    // Not yet sent, it is nobody's to see.
    assert_eq!(fetch(&world, &ana, group, &picture), Err("unknown_file".to_owned()));
    picture["width"] = 16.into();
    picture["height"] = 12.into();
    // What the device says of these is not taken for true.
    picture["size"] = 1.into();
    picture["media"] = "text/html".into();
    send(&world, &ana, group, "", std::slice::from_ref(&picture));

    let body = newest(&world, &ben, group)["body"].clone();
    assert_eq!(body["type"], "files");
    let file = &body["files"][0];
    assert_eq!(file["name"], "tide 潮.png");
    assert_eq!((&file["media"], &file["size"]), (&json!("image/png"), &json!(PNG.len())));
    let entry = world.entry(&ben, group).expect("an entry");
    assert_eq!(
        (&entry["preview"]["holds"], &entry["preview"]["text"]),
        (&json!("image"), &json!(""))
    );
    assert_eq!(entry["unread"], 1);

    let (status, headers, bytes) = fetch(&world, &ben, group, file).expect("is there");
    assert_eq!((status, bytes.as_slice()), (200, PNG));
    assert_eq!(headers["Content-Type"], "image/png");
    assert_eq!(headers["X-Content-Type-Options"], "nosniff");
    assert!(headers["Content-Security-Policy"].starts_with("sandbox; default-src 'none'"));
    assert!(headers["Cache-Control"].starts_with("private"));
    assert_eq!(headers["Content-Disposition"], "inline; filename*=UTF-8''tide%20%E6%BD%AE.png");

    assert_eq!(fetch(&world, &cyd, group, file), Err("not_a_member".to_owned()));
    let signed_out = format!("{}/files/{}", path(group), file["id"].as_str().expect("an id"));
    assert_eq!(world.fetch(world.blank(&signed_out)), Err("signed_out".to_owned()));
    world.ok(&ben, &path(group), json!({"type": "leave"}));
    assert_eq!(fetch(&world, &ben, group, file), Err("not_a_member".to_owned()));
}

#[test]
fn a_page_that_is_uploaded_is_only_ever_a_download() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let page = upload(&world, &ana, group, "page.html", b"<html><script>alert(1)</script>");
    send(&world, &ana, group, "", std::slice::from_ref(&page));
    let (_, headers, _) = fetch(&world, &ben, group, &page).expect("is there");
    assert_eq!(headers["Content-Type"], "application/octet-stream");
    assert!(headers["Content-Disposition"].starts_with("attachment"));
    assert_eq!(headers["X-Content-Type-Options"], "nosniff");
}

#[test]
fn a_large_file_comes_in_parts_in_any_order_and_goes_out_in_ranges() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let bytes: Vec<u8> = (0..2 * PART_BYTES + 7).map(|n| (n % 251) as u8).collect();
    let (file, size) = (file_id(&world), bytes.len() as u64);
    let parts: Vec<&[u8]> = bytes.chunks(PART_BYTES as usize).collect();
    let body = json!({"type": "send", "id": world.message_id(), "text": "all of it",
                      "files": [{"id": file, "name": "tide.bin"}]});
    for (n, wanted) in [(2, "file_incomplete"), (0, "file_incomplete"), (0, "file_incomplete")] {
        assert_eq!(part(&world, &ana, group, file, (size, n), parts[n as usize]).0, 200);
        assert_eq!(world.refused(&ana, &path(group), body.clone()), wanted);
    }
    // A store that cannot be reached loses one part, not the file.
    world.store_is_up.set(false);
    assert_eq!(part(&world, &ana, group, file, (size, 1), parts[1]).0, 500);
    assert_eq!(world.refused(&ana, &path(group), body.clone()), "file_incomplete");
    world.store_is_up.set(true);
    world.faults.borrow_mut().clear();
    assert_eq!(part(&world, &ana, group, file, (size, 1), parts[1]).0, 200);
    let sent = world.ok(&ana, &path(group), body.clone());
    assert_eq!(world.ok(&ana, &path(group), body), sent);

    // What was sent does not change any more.
    let other = vec![7; PART_BYTES as usize];
    assert_eq!(part(&world, &ana, group, file, (size, 1), &other).0, 200);
    let file = json!({"id": file});
    assert_eq!(fetch(&world, &ben, group, &file).expect("is there").2, bytes);

    let path = format!("{}/files/{}", path(group), file["id"].as_str().expect("an id"));
    let ask = |range: Option<&str>, if_none_match: Option<&str>| {
        let blank = Request { cookie: Some(&ben.cookie), ..world.blank(&path) };
        world.fetch(Request { range, if_none_match, ..blank }).expect("is there")
    };
    let first = PART_BYTES as usize - 2;
    let (status, headers, some) = ask(Some(&format!("bytes={first}-{}", first + 9)), None);
    assert_eq!((status, some.as_slice()), (206, &bytes[first..first + 10]));
    assert_eq!(headers["Content-Range"], format!("bytes {first}-{}/{size}", first + 9));
    assert_eq!(ask(Some("bytes=99999999-"), None).0, 416);
    assert_eq!(ask(None, Some(&headers["ETag"])).0, 304);
}

#[test]
fn a_recall_takes_the_files_along_and_does_not_give_up() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let picture = upload(&world, &ana, group, "tide.png", PNG);
    send(&world, &ana, group, "words", std::slice::from_ref(&picture));
    assert_eq!(world.store.borrow().len(), 1);
    world.store_is_up.set(false);
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    world.settle();
    assert_eq!(fetch(&world, &ben, group, &picture), Err("unknown_file".to_owned()));
    assert!(!world.dump(Address::Conversation(group)).contains("tide.png"));
    assert_eq!(world.store.borrow().len(), 1);
    // Neither a store that is away nor a lost memory lets it be forgotten.
    world.restart();
    world.store_is_up.set(true);
    for _ in 0..5 {
        world.pass(60_000);
    }
    assert_eq!(world.store.borrow().len(), 0);
    assert!(world.rows(Address::Conversation(group), "SELECT * FROM files").is_empty());
}

#[test]
fn what_no_message_takes_goes_after_a_day() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let kept = upload(&world, &ana, group, "kept.png", PNG);
    send(&world, &ana, group, "", std::slice::from_ref(&kept));
    let late = upload(&world, &ana, group, "late.png", PNG);
    world.pass(UNSENT_MS - 1_000);
    assert_eq!(world.store.borrow().len(), 2);
    world.pass(2_000);
    assert_eq!(world.store.borrow().len(), 1);
    let body = json!({"type": "send", "id": world.message_id(), "text": "", "files": [late]});
    assert_eq!(world.refused(&ana, &path(group), body), "unknown_file");
    assert!(fetch(&world, &ben, group, &kept).is_ok());
    // Nobody is left: nothing is.
    for someone in [&ana, &ben] {
        world.ok(someone, &path(group), json!({"type": "leave"}));
        world.settle();
    }
    assert_eq!(world.store.borrow().len(), 0);
}

/// Whoever may not write uploads nothing, and what is passed on is written like anything else.
#[test]
fn who_may_not_write_uploads_nothing_and_passes_nothing_on() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let elsewhere = world.group(&ben, "Rock pool");
    send(&world, &ben, elsewhere, "High tide at noon", &[]);
    let refused = |by: &Someone, code: &str| {
        let before = world.dump(Address::Conversation(group));
        let (status, answer) = part(&world, by, group, file_id(&world), (3, 0), b"abc");
        assert_eq!((status >= 400, &answer["code"]), (true, &json!(code)));
        let forward = json!({"type": "forward", "from": elsewhere,
            "messages": [{"seq": 1, "id": world.message_id()}]});
        assert_eq!(world.refused(by, &path(group), forward), code);
        assert_eq!(world.dump(Address::Conversation(group)), before);
        assert_eq!(world.store.borrow().len(), 0);
    };
    refused(&cyd, "not_a_member");
    world.ok(&ana, &path(group), json!({"type": "mute_member", "user": ben.user}));
    refused(&ben, "muted");
    world.ok(&ana, &path(group), json!({"type": "unmute_member", "user": ben.user}));
    world.ok(&ana, &path(group), json!({"type": "change_record", "announcements": true}));
    refused(&ben, "announcements_only");
    upload(&world, &ana, group, "tide.txt", b"abc");
    assert_eq!(world.store.borrow().len(), 1);
}

#[test]
fn a_message_takes_only_what_its_author_uploaded_here_and_once() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let pair = world.direct(&ana, &ben);
    let file = upload(&world, &ana, group, "tide.png", PNG);
    let body = |files: &[Value]| json!({"type": "send", "id": world.message_id(), "text": "", "files": files});
    let before = world.dump(Address::Conversation(group));
    assert_eq!(
        world.refused(&ben, &path(group), body(std::slice::from_ref(&file))),
        "unknown_file"
    );
    assert_eq!(world.refused(&ana, &path(pair), body(std::slice::from_ref(&file))), "unknown_file");
    assert_eq!(
        world.refused(&ana, &path(group), body(&[file.clone(), file.clone()])),
        "unknown_file"
    );
    let nobodys = json!({"id": file_id(&world), "name": "x"});
    assert_eq!(world.refused(&ana, &path(group), body(&[nobodys])), "unknown_file");
    assert_eq!(world.refused(&ana, &path(group), body(&[])), "message_empty");
    let with = |field: &str, value: Value| {
        let mut file = file.clone();
        file[field] = value;
        world.refused(&ana, &path(group), body(&[file]))
    };
    assert_eq!(with("name", "..".into()), "file_name_bad");
    assert_eq!(with("name", "x".repeat(201).into()), "file_name_bad");
    assert_eq!(with("width", 0.into()), "malformed");
    assert_eq!(with("blur", "url(evil)".into()), "malformed");
    assert_eq!(with("waveform", vec![1; 101].into()), "malformed");
    let many = vec![file.clone(); MESSAGE_FILES + 1];
    assert_eq!(world.refused(&ana, &path(group), body(&many)), "too_many_files");
    assert_eq!(world.dump(Address::Conversation(group)), before);

    let id = file_id(&world);
    for (by, (size, n), bytes, code) in [
        (&ana, (0, 0), 0, "file_empty"),
        (&ana, (FILE_BYTES + 1, 0), 1, "file_too_large"),
        (&ana, (10, 0), 9, "malformed"),
        (&ana, (10, 0), 11, "malformed"),
        (&ana, (10, 1), 10, "malformed"),
        (&ana, (10, u64::MAX), 10, "malformed"),
        (&cyd, (10, 0), 10, "not_a_member"),
    ] {
        let (_, answer) = part(&world, by, group, id, (size, n), &vec![b'x'; bytes]);
        assert_eq!(answer["code"], code, "{size} {n} {bytes}");
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
    // Another one's file, and one's own with another size.
    let taken = file["id"].as_str().expect("an id").parse().expect("an id");
    assert_eq!(part(&world, &ben, group, taken, (3, 0), b"abc").1["code"], "unknown_file");
    assert_eq!(part(&world, &ana, group, taken, (3, 0), b"abc").1["code"], "unknown_file");
    for _ in 1..UNSENT_FILES {
        upload(&world, &ana, group, "more", b"x");
    }
    assert_eq!(part(&world, &ana, group, id, (1, 0), b"x").1["code"], "too_many_uploads");
    send(&world, &ana, group, "", &[file]);
    assert_eq!(part(&world, &ana, group, id, (1, 0), b"x").0, 200);
}

#[test]
fn a_file_may_have_25_000_000_bytes_and_not_one_more() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let bytes: Vec<u8> = (0..25_000_000_u32).map(|n| b'a' + (n % 23) as u8).collect();
    let file = upload(&world, &ana, group, "tide.bin", &bytes);
    send(&world, &ana, group, "", std::slice::from_ref(&file));
    let (_, _, fetched) = fetch(&world, &ben, group, &file).expect("is there");
    assert!(fetched == bytes, "it is not the same file");
    for n in [0, 10] {
        let (status, answer) = part(&world, &ana, group, file_id(&world), (25_000_001, n), b"a");
        assert_eq!((status, &answer["code"]), (413, &"file_too_large".into()), "part {n}");
    }
}

#[test]
fn words_beside_files_are_edited_and_found_by_what_they_hold() {
    let world = World::new();
    let (ana, ben, _, group) = three(&world);
    let mut picture = upload(&world, &ana, group, "tide.png", PNG);
    (picture["width"], picture["height"]) = (4.into(), 3.into());
    send(&world, &ana, group, "High tide", std::slice::from_ref(&picture));
    let mut voice = upload(&world, &ana, group, "voice.webm", b"\x1a\x45\xdf\xa3...");
    voice["duration_ms"] = 1200.into();
    send(&world, &ana, group, "", &[voice]);
    let other = upload(&world, &ana, group, "tide.pdf", b"%PDF-1.7");
    send(&world, &ana, group, "", &[other]);
    let hits = |query: &str| {
        let body = json!({"type": "messages", "query": query, "conversations": [group]});
        let answer = world.ok(&ben, "/api/search", body);
        answer["found"][0]["hits"].as_array().cloned().unwrap_or_default()
    };
    let found = |query: &str| {
        let hits = hits(query);
        hits.iter().map(|hit| hit["seq"].as_u64().expect("a seq")).collect::<Vec<_>>()
    };
    let kinds: Vec<_> = hits("from:ana").iter().map(|hit| hit["holds"].clone()).collect();
    assert_eq!(kinds, ["file", "voice", "image"], "of what has no words, too");
    assert_eq!(
        (found("has:image"), found("has:voice"), found("has:file")),
        (vec![1], vec![2], vec![3])
    );
    // Words go and come; the files stay.
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": ""}));
    world.ok(&ana, &path(group), json!({"type": "edit", "seq": 1, "text": "Low tide"}));
    let reply = json!({"type": "send", "id": world.message_id(), "text": "!", "reply_to": 1});
    world.ok(&ben, &path(group), reply);
    let quote = newest(&world, &ana, group)["reply_to"].clone();
    assert_eq!(quote, json!({"seq": 1, "author": ana.user, "text": "Low tide", "holds": "image"}));
    assert!(fetch(&world, &ben, group, &picture).is_ok());
}

#[test]
fn forwarded_files_are_copies_of_their_own() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let pair = world.direct(&ben, &cyd);
    let file = upload(&world, &ana, group, "tide.png", PNG);
    send(&world, &ana, group, "look", std::slice::from_ref(&file));
    let body = json!({"type": "forward", "from": group,
                      "messages": [{"seq": 1, "id": world.message_id()}]});
    for _ in 0..2 {
        world.ok(&ben, &path(pair), body.clone());
        world.settle();
    }
    assert_eq!(world.store.borrow().len(), 2);
    let message = newest(&world, &cyd, pair);
    assert_eq!((&message["seq"], &message["body"]["text"]), (&json!(1), &json!("look")));
    assert_eq!(message["forwarded"]["author"], json!(ana.user));
    let copy = message["body"]["files"][0].clone();
    assert_ne!(copy["id"], file["id"]);
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    world.settle();
    assert_eq!(fetch(&world, &cyd, pair, &copy).expect("is there").2, PNG);
    assert_eq!(fetch(&world, &ben, group, &file), Err("unknown_file".to_owned()));
    assert_eq!(world.store.borrow().len(), 1);
}

#[test]
fn a_picture_has_a_thumbnail_as_long_as_it_is_there() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let small = webp(720, 540);
    let id = file_id(&world);
    thumb(&world, &ana, group, (id, PNG.len()), &small).expect("is stored");
    let body = json!({"type": "send", "id": world.message_id(), "text": "",
                      "files": [{"id": id, "name": "tide.png"}]});
    // The thumbnail is not the picture.
    assert_eq!(world.refused(&ana, &path(group), body.clone()), "file_incomplete");
    assert_eq!(part(&world, &ana, group, id, (PNG.len() as u64, 0), PNG).0, 200);
    world.ok(&ana, &path(group), body);
    let file = newest(&world, &ben, group)["body"]["files"][0].clone();
    assert_eq!((&file["thumb"], &file["media"]), (&json!(true), &json!("image/png")));

    let at = |of: ConversationId, file: &Value| {
        format!("{}/files/{}/thumb", path(of), file["id"].as_str().expect("an id"))
    };
    let ask = |by: &Someone, of: ConversationId, file: &Value| {
        world.fetch(Request { cookie: Some(&by.cookie), ..world.blank(&at(of, file)) })
    };
    let (status, headers, bytes) = ask(&ben, group, &file).expect("is there");
    assert_eq!((status, bytes), (200, small.clone()));
    assert_eq!(headers["Content-Type"], "image/webp");
    assert_eq!(
        (headers["Vary"].as_str(), headers["Content-Disposition"].as_str()),
        ("Cookie", "inline")
    );
    assert!(headers["Content-Security-Policy"].starts_with("sandbox; default-src 'none'"));
    let place = at(group, &file);
    let again = Request { cookie: Some(&ben.cookie), ..world.blank(&place) };
    let again = Request { if_none_match: Some(&headers["ETag"]), ..again };
    assert_eq!(world.fetch(again).expect("is there").0, 304);
    assert_eq!(ask(&cyd, group, &file), Err("not_a_member".to_owned()));
    assert_eq!(world.fetch(world.blank(&place)), Err("signed_out".to_owned()));

    // What was sent does not change any more, and a copy has its own.
    thumb(&world, &ana, group, (id, PNG.len()), &webp(8, 8)).expect("is ignored");
    assert_eq!(ask(&ben, group, &file).expect("is there").2, small);
    let pair = world.direct(&ben, &cyd);
    let forward = json!({"type": "forward", "from": group,
                         "messages": [{"seq": 1, "id": world.message_id()}]});
    world.ok(&ben, &path(pair), forward);
    world.ok(&ana, &path(group), json!({"type": "recall", "seq": 1}));
    world.settle();
    assert_eq!(ask(&ben, group, &file), Err("unknown_file".to_owned()));
    let copy = newest(&world, &cyd, pair)["body"]["files"][0].clone();
    assert_eq!(ask(&cyd, pair, &copy).expect("is there").2, small);
    assert_eq!(world.store.borrow().len(), 2, "the copy and its thumbnail");
}

#[test]
fn a_thumbnail_is_a_small_picture_and_nobody_is_told_of_one_that_is_not_there() {
    let world = World::new();
    let (ana, ben, cyd, group) = three(&world);
    let id = file_id(&world);
    let before = world.dump(Address::Conversation(group));
    // A whole WebP picture, with more behind it than a thumbnail has bytes.
    let mut padded = webp(2, 2);
    padded.resize(THUMB_BYTES + 1, 0);
    padded[4..8].copy_from_slice(&(THUMB_BYTES as u32 - 7).to_le_bytes());
    for (by, size, bytes, code) in [
        (&ana, PNG.len(), PNG.to_vec(), "not_a_picture"),
        (&ana, PNG.len(), webp(721, 2), "not_a_picture"),
        (&ana, PNG.len(), webp(2, 721), "not_a_picture"),
        (&ana, PNG.len(), webp(2, 2)[..24].to_vec(), "not_a_picture"),
        (&ana, PNG.len(), b"<html>".to_vec(), "not_a_picture"),
        (&ana, PNG.len(), padded, "not_a_picture"),
        (&ana, 0, webp(2, 2), "file_empty"),
        (&ana, FILE_BYTES as usize + 1, webp(2, 2), "file_too_large"),
        (&cyd, PNG.len(), webp(2, 2), "not_a_member"),
    ] {
        let refused = thumb(&world, by, group, (id, size), &bytes);
        assert_eq!(refused, Err(json!(code)), "{}", bytes.len());
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
    // Saying that there is one makes none.
    let mut plain = upload(&world, &ana, group, "tide.png", PNG);
    plain["thumb"] = true.into();
    send(&world, &ana, group, "", std::slice::from_ref(&plain));
    assert_eq!(newest(&world, &ben, group)["body"]["files"][0]["thumb"], Value::Null);
    let place = format!("{}/files/{}/thumb", path(group), plain["id"].as_str().expect("an id"));
    let ask = Request { cookie: Some(&ben.cookie), ..world.blank(&place) };
    assert_eq!(world.fetch(ask), Err("unknown_file".to_owned()));
    // One that nobody sends goes by itself.
    thumb(&world, &ana, group, (id, PNG.len()), &webp(2, 2)).expect("is stored");
    assert_eq!(world.store.borrow().len(), 2);
    world.pass(UNSENT_MS + 1_000);
    assert_eq!(world.store.borrow().len(), 1);
}

#[test]
fn what_somebody_blocked_sends_is_not_theirs_to_fetch() {
    let world = World::new();
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let pair = world.direct(&ana, &ben);
    world.ok(&ana, "/api/people", json!({"type": "block", "user": ben.user}));
    world.settle();
    let file = upload(&world, &ben, pair, "tide.png", PNG);
    send(&world, &ben, pair, "", std::slice::from_ref(&file));
    assert!(fetch(&world, &ben, pair, &file).is_ok());
    assert_eq!(fetch(&world, &ana, pair, &file), Err("unknown_file".to_owned()));
    let path = format!("{}/files/{}/3/0", path(pair), file_id(&world));
    let request = Request { cookie: Some(&ana.cookie), body: b"abc", ..world.blank(&path) };
    assert_eq!(world.request(request).1["code"], "blocked_by_you");
}
