//! Everything wrong that one can send gets a code of its own and changes nothing.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_shared::{ConversationId, limits};

use crate::world::{Someone, World, path};

fn pair(world: &World) -> (Someone, Someone, ConversationId) {
    let (ana, ben) = (world.register("ana"), world.register("ben"));
    let group = world.group(&ana, "Tide pool");
    world.join(&ben, &world.invite(&ana, group));
    (ana, ben, group)
}

#[test]
fn texts_that_say_nothing_or_too_much() {
    let world = World::new();
    let (ana, _, group) = pair(&world);
    let before = world.dump(Address::Conversation(group));
    let cases = [
        (" \n\u{200b}".to_owned(), "message_empty"),
        ("x".repeat(limits::MESSAGE_CHARS + 1), "message_too_long"),
    ];
    for (text, code) in cases {
        let send = json!({"type": "send", "id": world.message_id(), "text": text});
        assert_eq!(world.refused(&ana, &path(group), send), code);
    }
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn names_that_cannot_be() {
    let world = World::new();
    let ana = world.register("ana");
    let account = Address::Account(ana.user);
    let before = world.dump(account);
    let profile = |display_name: &str, age: Value, signature: &str| {
        json!({"type": "update_profile", "display_name": display_name, "age": age,
               "signature": signature})
    };
    for (body, code) in [
        (profile("\u{3164} ", json!(null), ""), "display_name_empty"),
        (profile(&"n".repeat(49), json!(null), ""), "display_name_too_long"),
        (profile("Ana", json!(0), ""), "age_out_of_range"),
        (profile("Ana", json!(-3), ""), "age_out_of_range"),
        (profile("Ana", json!(151), ""), "age_out_of_range"),
        (profile("Ana", json!("old"), ""), "malformed"),
        (profile("Ana", json!(30), &"s".repeat(161)), "signature_too_long"),
    ] {
        assert_eq!(world.refused(&ana, "/api/account", body), code);
    }
    assert_eq!(world.dump(account), before);
    let group = |name: &str, group_type: &str, description: &str| {
        json!({"type": "create_group", "name": name, "group_type": group_type,
               "description": description})
    };
    for (body, code) in [
        (group("  ", "", ""), "group_name_empty"),
        (group(&"n".repeat(65), "", ""), "group_name_too_long"),
        (group("ok", &"t".repeat(33), ""), "group_type_too_long"),
        (group("ok", "", &"d".repeat(501)), "group_description_too_long"),
    ] {
        let id = world.conversation_id();
        assert_eq!(world.refused(&ana, &path(id), body), code);
        let send = json!({"type": "history"});
        assert_eq!(world.refused(&ana, &path(id), send), "unknown_conversation");
    }
}

#[test]
fn credentials_that_cannot_be_or_are_taken() {
    let world = World::new();
    world.register("Ana");
    let register = |name: &str, password: &str| {
        let body = json!({"type": "register", "user_name": name, "password": password});
        let (_, answer, cookie) = world.post(None, "/api/session", body);
        assert_eq!(cookie, None, "{answer}");
        answer["code"].as_str().expect("a code").to_owned()
    };
    assert_eq!(register("a", "long enough"), "user_name_too_short");
    assert_eq!(register(&"a".repeat(33), "long enough"), "user_name_too_long");
    assert_eq!(register("two words", "long enough"), "user_name_bad_character");
    assert_eq!(register("cho", "short"), "password_too_short");
    assert_eq!(register("cho", &"p".repeat(257)), "password_too_long");
    assert_eq!(register("aNA", "long enough"), "user_name_taken");
    assert_eq!(register("аnа", "long enough"), "user_name_taken", "Cyrillic а");
    world.register("cho");
}

#[test]
fn requests_that_cannot_be_read() {
    let world = World::new();
    let (ana, _, group) = pair(&world);
    let ask = |body: &[u8], path: &str| {
        let request = Request { cookie: Some(&ana.cookie), body, ..world.blank(path) };
        let (status, answer, _) = world.request(request);
        (status, answer["code"].as_str().expect("a code").to_owned())
    };
    let coded = |status: u16, code: &str| (status, code.to_owned());
    let to = path(group);
    assert_eq!(ask(b"{\"type\":", &to), coded(400, "malformed"));
    assert_eq!(ask(b"[]", &to), coded(400, "malformed"));
    assert_eq!(
        ask(b"{\"type\":\"send\",\"id\":\"x\",\"text\":\"\"}", &to),
        coded(400, "malformed")
    );
    assert_eq!(ask(b"\xff\xfe", &to), coded(400, "not_text"));
    assert_eq!(ask(b"{\"type\":\"explode\"}", &to), coded(400, "unknown_type"));
    assert_eq!(ask(b"{\"type\":\"explode\"}", "/api/session"), coded(400, "unknown_type"));
    assert_eq!(ask(&[b' '; limits::FRAME_BYTES + 1], &to), coded(413, "too_large"));
    assert_eq!(ask(b"{}", "/api/nowhere"), coded(404, "unknown_route"));
    assert_eq!(ask(b"{}", "/api/conversations/x"), coded(404, "unknown_conversation"));
}

#[test]
fn frames_that_cannot_be_read_are_answered_and_the_socket_lives_on() {
    let world = World::new();
    let (ana, _, group) = pair(&world);
    let before = world.dump(Address::Conversation(group));
    let (socket, _) = world.mirror(&ana, &path(group));
    let long = format!("{{\"type\":\"hello\",\"x\":\"{}\"}}", "x".repeat(limits::FRAME_BYTES));
    for (frame, code) in [
        (Some("not json"), "malformed"),
        (Some("{\"type\":\"hello\",\"cursor\":-1}"), "malformed"),
        (Some("{\"type\":\"explode\"}"), "unknown_type"),
        (Some(long.as_str()), "too_large"),
        (None, "not_text"),
    ] {
        world.say_maybe(socket, frame);
        let heard = world.heard(socket);
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert_eq!((&heard[0]["type"], &heard[0]["code"]), (&json!("rejected"), &json!(code)));
    }
    world.say(socket, "{\"type\":\"call\",\"ref\":4,\"command\":{\"type\":\"explode\"}}");
    let heard = world.heard(socket);
    assert_eq!((&heard[0]["ref"], &heard[0]["code"]), (&json!(4), &json!("unknown_type")));
    world.say(socket, "{\"type\":\"call\",\"ref\":5,\"command\":{\"type\":\"send\",\"id\":7}}");
    let heard = world.heard(socket);
    assert_eq!((&heard[0]["ref"], &heard[0]["code"]), (&json!(5), &json!("malformed")));
    world.say(socket, "{\"type\":\"hello\"}");
    assert_eq!(world.heard(socket)[0]["type"], "page");
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn conversations_one_is_not_in() {
    let world = World::new();
    let (_, _, group) = pair(&world);
    let eve = world.register("eve");
    let before = world.dump(Address::Conversation(group));
    for command in [
        json!({"type": "send", "id": world.message_id(), "text": "hi"}),
        json!({"type": "history"}),
        json!({"type": "leave"}),
        json!({"type": "invites"}),
        json!({"type": "create_invite"}),
    ] {
        assert_eq!(world.refused(&eve, &path(group), command.clone()), "not_a_member");
        let nowhere = path(world.conversation_id());
        assert_eq!(world.refused(&eve, &nowhere, command), "unknown_conversation");
    }
    let ended = world.open(&eve, &path(group)).expect_err("is not a member");
    assert_eq!((&ended["type"], &ended["code"]), (&json!("ended"), &json!("not_a_member")));
    let nobody = json!({"type": "create_group", "name": "Mine now"});
    assert_eq!(world.refused(&eve, &path(group), nobody), "conversation_exists");
    assert_eq!(world.dump(Address::Conversation(group)), before);
}

#[test]
fn foreign_origins_and_missing_sessions() {
    let world = World::new();
    let (ana, _, group) = pair(&world);
    let to = path(group);
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let request = Request { origin, cookie: Some(&ana.cookie), ..world.blank(&to) };
        assert_eq!(world.request(request).1["code"], "foreign_origin");
    }
    let (status, answer, _) = world.post(None, &to, json!({"type": "history"}));
    assert_eq!((status, &answer["code"]), (401, &json!("signed_out")));
    let nobody = Someone { cookie: String::new(), ..ana.clone() };
    assert_eq!(world.open(&nobody, &to).expect_err("no session")["code"], "signed_out");
    let forged = Someone { cookie: format!("tideline={}.{}", ana.user, "0".repeat(64)), ..ana };
    assert_eq!(world.open(&forged, &to).expect_err("no such session")["code"], "session_ended");
    assert_eq!(world.refused(&forged, &to, json!({"type": "history"})), "session_ended");
}

#[test]
fn people_who_are_not_there() {
    let world = World::new();
    let ana = world.register("ana");
    let stranger = world.conversation_id().to_string();
    let direct = path(world.conversation_id());
    let start = json!({"type": "start_direct", "peer": stranger});
    assert_eq!(world.refused(&ana, &direct, start), "unknown_conversation");
    let user: tideline_shared::UserId = stranger.parse().expect("an id");
    let derived = path(ConversationId::direct(ana.user, user));
    let start = json!({"type": "start_direct", "peer": user});
    assert_eq!(world.refused(&ana, &derived, start), "unknown_person");
    for body in [
        json!({"type": "profile", "user": user}),
        json!({"type": "profile_by_name", "user_name": "nobody"}),
        json!({"type": "profile_by_name", "user_name": "no body"}),
    ] {
        assert_eq!(world.refused(&ana, "/api/people", body), "unknown_person");
    }
    for (query, code) in
        [(" ".to_owned(), "query_empty"), ("q".repeat(limits::QUERY_CHARS + 1), "query_too_long")]
    {
        let find = json!({"type": "find", "query": query});
        assert_eq!(world.refused(&ana, "/api/people", find), code);
    }
}

#[test]
fn a_device_that_is_too_old_is_told_to_load_itself_anew() {
    let world = World::new();
    let ana = world.register("ana");
    for (protocol, refused) in [(Some(0), true), (Some(limits::PROTOCOL), false), (None, false)] {
        let request = Request { protocol, upgrade: true, ..world.blank("/api/account") };
        let told = world.upgrade(Request { cookie: Some(&ana.cookie), ..request });
        assert_eq!(told.is_some_and(|frame| frame.contains("upgrade_required")), refused);
    }
}
