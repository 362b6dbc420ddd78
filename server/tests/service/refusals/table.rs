//! The table: who asks where for what, and why it is refused.

use serde_json::{Value, json};
use tideline_shared::limits::{self, MESSAGE_CHARS, PINNED_MESSAGES};
use tideline_shared::{ConversationId, FileId, UserId};

use super::scene::{Row, Scene, nobody};

/// What is wrong with what is said, and with what is done to it.
pub(super) fn about_messages(scene: &Scene) -> Vec<Row> {
    let id = || scene.world.message_id();
    let send = |text: &str| json!({"type": "send", "id": id(), "text": text});
    let carry = |files: Value| json!({"type": "send", "id": id(), "text": "", "files": files});
    let file = |id: FileId, name: &str| json!({"id": id, "name": name});
    let unknown = FileId::new(1, [8; 10]);
    let forward = |from: &str, seqs: &[u64]| {
        let messages: Vec<_> = seqs.iter().map(|seq| json!({"seq": seq, "id": id()})).collect();
        json!({"type": "forward", "from": scene.places[from], "messages": messages})
    };
    let on = |what: &str, seq: u64| json!({"type": what, "seq": seq});
    let edit = |seq: u64, text: &str| json!({"type": "edit", "seq": seq, "text": text});
    let react = |what: &str, seq: u64| json!({"type": what, "seq": seq, "emoji": "👍"});
    let report = |seq: u64, note: &str| json!({"type": "report", "seq": seq, "reason": "spam", "note": note});
    let long = "x".repeat(MESSAGE_CHARS + 1);
    let reused = json!({"type": "send", "id": scene.said, "text": "another"});
    let reply = json!({"type": "send", "id": id(), "text": "hi", "reply_to": 99});
    let again = json!({"type": "forward", "from": scene.places["pool"],
                       "messages": [{"seq": 1, "id": scene.said}]});
    let many_files: Vec<_> = (0..=limits::MESSAGE_FILES).map(|_| file(unknown, "a")).collect();
    let many_seqs = vec![1; limits::FORWARDED_MESSAGES + 1];
    let mut rows = vec![
        ("ben", "pool", send(" \u{200b}"), "message_empty"),
        ("ben", "pool", send(&long), "message_too_long"),
        ("ben", "pool", reused.clone(), "message_id_reused"),
        ("adam", "pool", reused, "message_id_reused"),
        ("ben", "pool", reply, "unknown_message"),
        ("mia", "pool", send("hi"), "muted"),
        ("ben", "news", send("hi"), "announcements_only"),
        ("ana", "wall", send("hi"), "blocked_by_you"),
        ("ana", "ended", send("hi"), "person_gone"),
        ("ben", "pool", carry(json!([file(unknown, "a")])), "unknown_file"),
        ("ben", "pool", carry(json!([file(scene.half, "a")])), "file_incomplete"),
        ("ben", "pool", carry(json!([file(scene.half, "/")])), "file_name_bad"),
        ("ben", "pool", carry(json!(many_files)), "too_many_files"),
        ("ben", "pair", forward("pool", &[99]), "unknown_message"),
        ("ben", "pair", forward("pool", &[1, 3]), "message_recalled"),
        ("ben", "pair", forward("pool", &many_seqs), "too_many_messages"),
        ("ben", "pair", forward("wall", &[1]), "not_a_member"),
        ("ben", "pair", forward("nowhere", &[1]), "unknown_conversation"),
        ("ben", "nowhere", forward("pool", &[1]), "unknown_conversation"),
        ("ben", "wall", forward("pool", &[1]), "not_a_member"),
        ("ben", "news", forward("pool", &[1]), "announcements_only"),
        ("mia", "pool", forward("pool", &[1]), "muted"),
        ("ana", "wall", forward("pool", &[1]), "blocked_by_you"),
        ("ana", "ended", forward("pool", &[1]), "person_gone"),
        ("ben", "pool", again, "message_id_reused"),
        ("ben", "pool", edit(2, "mine"), "not_the_author"),
        ("ben", "pool", edit(99, "hi"), "unknown_message"),
        ("ben", "pool", edit(3, "hi"), "message_recalled"),
        ("ben", "pool", edit(6, " "), "message_empty"),
        ("ben", "pool", edit(6, &long), "message_too_long"),
        ("mia", "pool", edit(4, "hello"), "muted"),
        ("ben", "news", edit(1, "hello"), "announcements_only"),
        ("ana", "wall", edit(1, "hello"), "blocked_by_you"),
        ("ben", "pool", on("revisions", 99), "unknown_message"),
        ("ben", "pool", on("recall", 99), "unknown_message"),
        ("ben", "pool", on("recall", 2), "not_the_author"),
        ("ben", "pool", on("recall", 1), "too_late"),
        ("ana", "pair", on("recall", 2), "not_the_author"),
        ("ben", "pool", report(99, ""), "unknown_message"),
        ("ben", "pool", report(3, ""), "message_recalled"),
        ("ben", "pool", report(6, ""), "yourself"),
        ("ana", "pool", report(6, &"n".repeat(limits::NOTE_CHARS + 1)), "note_too_long"),
        ("ana", "full", json!({"type": "react", "seq": 1, "emoji": "🦀"}), "too_many_reactions"),
        ("ana", "wall", react("react", 2), "blocked_by_you"),
        ("ben", "pool", on("pin", 1), "not_allowed"),
        ("ben", "pool", on("unpin", 1), "not_allowed"),
        ("ana", "full", on("pin", PINNED_MESSAGES as u64 + 1), "too_many_pins"),
        ("ana", "wall", on("pin", 2), "blocked_by_you"),
        ("ben", "pool", on("readers", 99), "unknown_message"),
        ("ben", "pool", on("readers", 2), "not_the_author"),
        ("adam", "pool", on("readers", 5), "receipts_hidden"),
        ("mia", "pool", json!({"type": "typing"}), "muted"),
        ("ben", "news", json!({"type": "typing"}), "announcements_only"),
    ];
    for what in ["react", "unreact"] {
        let word = json!({"type": what, "seq": 1, "emoji": "ok"});
        rows.extend([
            ("ben", "pool", word, "not_an_emoji"),
            ("ben", "pool", react(what, 99), "unknown_message"),
            ("ben", "pool", react(what, 3), "message_recalled"),
            ("mia", "pool", react(what, 1), "muted"),
        ]);
    }
    for what in ["pin", "unpin"] {
        rows.push(("adam", "pool", on(what, 99), "unknown_message"));
        rows.push(("adam", "pool", on(what, 3), "message_recalled"));
    }
    rows
}

/// What is wrong with how a conversation comes to be, and what it says of itself.
pub(super) fn about_records(scene: &Scene) -> Vec<Row> {
    let names = |kind: &str, field: &str, text: String| {
        let mut command = json!({"type": kind, "name": "ok"});
        command[field] = json!(text);
        command
    };
    let create = json!({"type": "create_group", "name": "Mine now"});
    let start = |peer: UserId| json!({"type": "start_direct", "peer": peer});
    let change = json!({"type": "change_record", "name": "Mine now"});
    let mut rows = vec![
        ("eve", "pool", create.clone(), "conversation_exists"),
        ("ana", "pair", create, "conversation_exists"),
        ("ana", "pool", start(scene.id("ben")), "unknown_conversation"),
        ("ana", "pair", start(scene.id("cho")), "unknown_conversation"),
        ("ben", "pool", change.clone(), "not_allowed"),
        ("ana", "pair", change, "not_a_group"),
        ("ben", "pool", json!({"type": "remove_avatar"}), "not_allowed"),
        ("ana", "pair", json!({"type": "remove_avatar"}), "not_a_group"),
    ];
    for (field, text, code) in [
        ("name", "\u{3164} ".to_owned(), "group_name_empty"),
        ("name", "n".repeat(limits::GROUP_NAME_CHARS + 1), "group_name_too_long"),
        ("group_type", "t".repeat(limits::GROUP_TYPE_CHARS + 1), "group_type_too_long"),
        (
            "description",
            "d".repeat(limits::GROUP_DESCRIPTION_CHARS + 1),
            "group_description_too_long",
        ),
    ] {
        rows.push(("ana", "nowhere", names("create_group", field, text.clone()), code));
        rows.push(("ana", "pool", names("change_record", field, text), code));
    }
    rows
}

/// What is wrong with links, and with coming in and going.
pub(super) fn about_coming_in(scene: &Scene) -> Vec<Row> {
    let alone = |what: &str| json!({"type": what});
    let on = |what: &str, user: UserId| json!({"type": what, "user": user});
    let create = |field: &str, n: u64| json!({"type": "create_invite", field: n});
    let both = json!({"type": "create_invite", "forever": true, "lifetime_s": 60});
    let revoke = |token: &str| json!({"type": "revoke_invite", "token": token});
    let unknown =
        format!("{}{}", scene.places["pool"].to_string().replace('-', ""), "0".repeat(24));
    let mut rows = vec![
        ("ana", "pair", alone("leave"), "not_a_group"),
        ("ana", "pair", alone("invites"), "not_a_group"),
        ("ana", "pair", alone("create_invite"), "not_a_group"),
        ("ana", "pool", create("lifetime_s", 0), "invite_lifetime"),
        ("ana", "pool", create("lifetime_s", 400 * 24 * 60 * 60), "invite_lifetime"),
        ("ana", "pool", both, "invite_lifetime"),
        ("ana", "pool", create("max_uses", 0), "invite_uses"),
        ("ana", "pool", create("max_uses", 1_001), "invite_uses"),
        ("ana", "full", alone("create_invite"), "too_many_invites"),
        ("ana", "pool", revoke(&unknown), "invite_unknown"),
        ("ana", "pool", revoke("no token"), "malformed"),
        ("ben", "pool", revoke(&scene.link), "not_allowed"),
        ("ana", "pair", revoke(&unknown), "not_a_group"),
        ("ana", "pair", alone("preview"), "not_a_group"),
        ("ana", "pair", alone("join"), "not_a_group"),
        ("eve", "full", alone("join"), "too_many_requests"),
        ("ben", "pool", alone("requests"), "not_allowed"),
        ("ana", "pair", alone("requests"), "not_a_group"),
        ("ana", "gate", on("admit", nobody()), "unknown_person"),
        ("ana", "full", on("admit", scene.id("fay")), "group_full"),
    ];
    for what in ["preview", "join", "take_back"] {
        rows.push(("eve", "pair", alone(what), "not_a_member"));
        rows.push(("xan", "open", alone(what), "banned"));
    }
    for what in ["admit", "turn_away"] {
        rows.push(("ben", "pool", on(what, scene.id("eve")), "not_allowed"));
        rows.push(("ana", "pair", on(what, scene.id("eve")), "not_a_group"));
        rows.push(("ana", "gate", on(what, scene.id("eve")), "no_join_request"));
    }
    rows
}

/// What is wrong with keeping order.
pub(super) fn about_order(scene: &Scene) -> Vec<Row> {
    let on = |what: &str, who: &str| json!({"type": what, "user": scene.id(who), "role": "admin"});
    let role = json!({"type": "set_role", "user": scene.id("ben"), "role": "superhero"});
    let mute = |duration_s: u64| json!({"type": "mute_member", "user": scene.id("ben"), "duration_s": duration_s});
    let mut rows = vec![
        ("ana", "pool", role, "wrong_role"),
        ("ana", "full", on("ban", "ben"), "too_many_bans"),
        ("ana", "pool", mute(0), "mute_length"),
        ("ana", "pool", mute(limits::LONGEST_MUTE_S + 1), "mute_length"),
        ("ben", "pool", json!({"type": "banned"}), "not_allowed"),
        ("ana", "pair", json!({"type": "banned"}), "not_a_group"),
    ];
    for what in ["set_role", "transfer", "remove", "ban", "unban", "mute_member", "unmute_member"] {
        rows.push(("ben", "pool", on(what, "mia"), "not_allowed"));
        rows.push(("ana", "pair", on(what, "ben"), "not_a_group"));
        if what == "unban" {
            continue;
        }
        rows.push(("adam", "pool", on(what, "ana"), "not_allowed"));
        rows.push(("ana", "pool", on(what, "ana"), "not_allowed"));
        rows.push(("ana", "pool", on(what, "eve"), "not_in_group"));
    }
    rows
}

/// What is wrong with commands of an account.
pub(super) fn about_accounts(scene: &Scene) -> Vec<Row> {
    let profile = |field: &str, value: Value| {
        let mut command = json!({"type": "update_profile", "display_name": "Ana"});
        command[field] = value;
        command
    };
    let pool = scene.places["pool"];
    let last = scene.world.entry(&scene.people["pia"], scene.last_of_pia()).expect("an entry");
    let pin = json!({"type": "arrange", "conversation": last["conversation"], "pinned": true});
    let hide = |seqs: Vec<u64>| json!({"type": "hide", "conversation": pool, "seqs": seqs});
    let mute = |s: u64| json!({"type": "mute", "conversation": pool, "duration_s": s});
    let draft =
        json!({"type": "draft", "conversation": pool, "text": "x".repeat(MESSAGE_CHARS + 1)});
    let mut rows = vec![
        ("ana", "", profile("display_name", json!(" ")), "display_name_empty"),
        ("ana", "", profile("display_name", json!("n".repeat(49))), "display_name_too_long"),
        ("ana", "", profile("age", json!(0)), "age_out_of_range"),
        ("ana", "", profile("signature", json!("s".repeat(161))), "signature_too_long"),
        ("ana", "", hide(vec![0]), "unknown_message"),
        ("ana", "", hide(vec![1, 2_000]), "unknown_message"),
        ("ana", "", hide(vec![1; limits::HIDDEN_MESSAGES + 1]), "too_many_messages"),
        ("ana", "", mute(0), "mute_length"),
        ("ana", "", mute(limits::LONGEST_MUTE_S + 1), "mute_length"),
        ("pia", "", pin, "too_many_pins"),
        ("ana", "", draft, "message_too_long"),
        // It is about a device, and HTTP knows of none.
        ("ana", "", json!({"type": "present"}), "unknown_type"),
        ("ana", "", json!({"type": "explode"}), "unknown_type"),
    ];
    for example in scene.examples("AccountCommand") {
        if example.get("conversation").is_some() {
            // She is not in it; he is not any more.
            rows.push(("eve", "", example.clone(), "unknown_conversation"));
            rows.push(("zoe", "", example, "unknown_conversation"));
        }
    }
    rows.extend(without_session(scene, "AccountCommand"));
    rows
}

/// What is wrong with what is asked about people, and done about them.
pub(super) fn about_people(scene: &Scene) -> Vec<Row> {
    let on = |what: &str, user: UserId| json!({"type": what, "user": user, "reason": "spam"});
    let named = |field: &str, text: String| {
        let mut command = on("name_contact", scene.id("ben"));
        command[field] = json!(text);
        command
    };
    let mut report = on("report", scene.id("ben"));
    report["note"] = json!("n".repeat(limits::NOTE_CHARS + 1));
    let find = |query: &str| json!({"type": "find", "query": query});
    let by_name = |name: &str| json!({"type": "profile_by_name", "user_name": name});
    let mut rows = vec![
        ("ana", "", find(" \u{200b}"), "query_empty"),
        ("ana", "", find(&"q".repeat(limits::QUERY_CHARS + 1)), "query_too_long"),
        ("ana", "", by_name("nobody_is_called_so"), "unknown_person"),
        ("ana", "", by_name("no name!"), "unknown_person"),
        (
            "ana",
            "",
            named("nickname", "n".repeat(limits::DISPLAY_NAME_CHARS + 1)),
            "nickname_too_long",
        ),
        ("ana", "", named("note", "n".repeat(limits::NOTE_CHARS + 1)), "note_too_long"),
        ("ana", "", report, "note_too_long"),
        ("ana", "", on("add_contact", scene.id("cho")), "blocked_by_you"),
        ("ana", "", on("decline_contact", scene.id("ben")), "no_request"),
        ("ana", "", json!({"type": "explode"}), "unknown_type"),
    ];
    for what in ["profile", "add_contact", "name_contact", "block", "report"] {
        rows.push(("ana", "", on(what, nobody()), "unknown_person"));
        rows.push(("ana", "", on(what, scene.id("dan")), "unknown_person"));
        if what != "profile" {
            rows.push(("ana", "", on(what, scene.id("ana")), "yourself"));
        }
    }
    rows.extend(without_session(scene, "PeopleCommand"));
    rows
}

/// What is wrong with what is searched for.
pub(super) fn about_searches(scene: &Scene) -> Vec<Row> {
    let places = |count: usize| -> Vec<_> {
        (0..count).map(|n| ConversationId::new(n as u64 + 1, [9; 10])).collect()
    };
    let mut rows = vec![("ana", "", json!({"type": "explode"}), "unknown_type")];
    for (query, code) in [
        (" \u{200b}".to_owned(), "query_empty"),
        ("q".repeat(limits::QUERY_CHARS + 1), "query_too_long"),
    ] {
        for what in ["messages", "groups", "public_groups"] {
            let command = json!({"type": what, "query": query, "conversations": places(1)});
            rows.push(("ana", "", command, code));
        }
    }
    let twice = vec![scene.places["pool"]; 2];
    for places in [Vec::new(), places(limits::SEARCHED_CONVERSATIONS + 1), twice] {
        for what in ["messages", "groups"] {
            let command = json!({"type": what, "query": "tide", "conversations": places});
            rows.push(("ana", "", command, "too_many_places"));
        }
    }
    let on = json!({"type": "messages", "query": "tide", "conversations": places(2), "before": 9});
    rows.push(("ana", "", on, "too_many_places"));
    rows.extend(without_session(scene, "SearchCommand"));
    rows
}

/// What is wrong with links that are followed.
pub(super) fn about_invites(scene: &Scene) -> Vec<Row> {
    let revoked = scene.revoked.as_str();
    let unknown = format!("{}{}", &scene.link[..32], "0".repeat(24));
    let guest =
        |name: &str| json!({"type": "join_as_guest", "token": scene.link, "display_name": name});
    let mut rows = vec![
        ("", "", guest(" \u{200b}"), "display_name_empty"),
        ("", "", guest(&"n".repeat(limits::DISPLAY_NAME_CHARS + 1)), "display_name_too_long"),
        ("xan", "", json!({"type": "join", "token": scene.link}), "banned"),
        ("", "", json!({"type": "join", "token": scene.link}), "signed_out"),
        ("ana", "", json!({"type": "explode"}), "unknown_type"),
    ];
    for what in ["preview", "join", "join_as_guest"] {
        for (token, code) in [
            ("no token", "invite_unknown"),
            (&unknown, "invite_unknown"),
            (revoked, "invite_revoked"),
        ] {
            let command = json!({"type": what, "token": token, "display_name": "Gus"});
            rows.push(("eve", "", command, code));
        }
    }
    rows
}

/// The same as somebody would ask who is not signed in.
fn without_session(scene: &Scene, kind: &str) -> Vec<Row> {
    let examples = scene.examples(kind).into_iter();
    examples.map(|example| ("", "", example, "signed_out")).collect()
}

/// Commands that are for members, with what others are told of them; everything of `about_…` apart.
pub(super) fn by_strangers(scene: &Scene) -> Vec<Row> {
    let mut rows = Vec::new();
    for example in scene.examples("ConversationCommand") {
        let code = match example["type"].as_str() {
            Some("create_group") => "conversation_exists",
            Some("start_direct") => "unknown_conversation",
            _ => "not_a_member",
        };
        // Nobody of the group; somebody who was taken out of it; without a session; at no conversation.
        rows.push(("eve", "pool", example.clone(), code));
        rows.push(("zoe", "pool", example.clone(), code));
        rows.push(("", "pool", example.clone(), "signed_out"));
        if !matches!(example["type"].as_str(), Some("create_group" | "forward")) {
            rows.push(("ana", "nowhere", example, "unknown_conversation"));
        }
    }
    rows
}

/// Commands each field of which, one after the other, is of another type than it should be.
pub(super) fn of_wrong_types(by: &'static str, examples: Vec<Value>) -> Vec<Row> {
    let mut rows = Vec::new();
    for example in examples {
        let fields: Vec<_> = example.as_object().expect("is an object").keys().cloned().collect();
        for field in fields.into_iter().filter(|field| field != "type") {
            for wrong in [json!({"of": "another type"}), json!([[]])] {
                let mut command = example.clone();
                command[&field] = wrong;
                rows.push((by, "pool", command, "malformed"));
            }
        }
    }
    rows
}
