//! Bad input over HTTP: each kind has its own code, a sentence, and changes nothing.

use serde_json::{Value, json};
use tideline_bench::{Account, Api, Limits, PASSWORD, Request, Runtime, Socket, chaos, now, ten};
use tideline_shared::protocol::{PeopleCommand, SessionCommand};
use tideline_shared::{Code, ConversationId, InviteToken, MessageId, UserId};

use crate::support::{
    assert_refused, frame, group, mirror, pair, path, register, settled, shared, storage,
};

/// What nobody can see: spaces, a zero-width space, a Hangul filler, a tag character.
const INVISIBLE: &str = " \u{200b}\u{3164}\u{e0041}\t";

async fn refuses(api: &Api, path: &str, body: Value, code: Code) {
    let answer = api.fetch(api.request(path, body.to_string())).await.expect("answers");
    assert_refused(&answer, code);
}

fn long(chars: usize) -> String {
    "水".repeat(chars)
}

#[tokio::test]
async fn names_and_passwords_that_cannot_be_are_refused_each_with_its_code() {
    let api = Api::new(shared());
    register(shared(), "bad-Taken").await;
    let (name, password) = ("bad-free", PASSWORD);
    for (name, password, display_name, code) in [
        ("", password, None, Code::UserNameTooShort),
        ("x", password, None, Code::UserNameTooShort),
        (INVISIBLE, password, None, Code::UserNameBadCharacter),
        (&long(33), password, None, Code::UserNameTooLong),
        ("two words", password, None, Code::UserNameBadCharacter),
        ("bad-taken", password, None, Code::UserNameTaken),
        ("BAD-TAKEN", password, None, Code::UserNameTaken),
        // The second letter is Cyrillic.
        ("bаd-taken", password, None, Code::UserNameTaken),
        (name, "1234567", None, Code::PasswordTooShort),
        (name, &long(257), None, Code::PasswordTooLong),
        (name, password, Some(INVISIBLE.to_owned()), Code::DisplayNameEmpty),
        (name, password, Some(long(49)), Code::DisplayNameTooLong),
    ] {
        let body = json!({ "type": "register", "user_name": name, "password": password,
                           "display_name": display_name });
        refuses(&api, "/api/session", body, code).await;
        assert_eq!(api.cookie(), None, "a refusal must not sign anybody in");
    }
    // None of the refused names was taken by being refused.
    register(shared(), name).await;
}

#[tokio::test]
async fn a_wrong_password_is_not_told_from_an_unknown_name() {
    let api = Api::new(shared());
    register(shared(), "bad-known").await;
    let mut answers = Vec::new();
    for (name, password) in [("bad-known", "wrong horse"), ("bad-nobody", PASSWORD), ("?", "")] {
        let body = json!({ "type": "sign_in", "user_name": name, "password": password });
        let request = api.request("/api/session", body.to_string());
        let answer = api.fetch(request).await.expect("answers");
        assert_refused(&answer, Code::WrongCredentials);
        answers.push(answer.body);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(api.cookie(), None);
}

#[tokio::test]
async fn requests_that_cannot_be_read_are_refused_each_with_its_code() {
    let ana = register(shared(), "bad-unreadable").await;
    let api = &ana.api;
    let conversation = path(ana.group("Unreadable").await.expect("is made"));
    for path in ["/api/session", "/api/account", "/api/people", "/api/invites", &conversation] {
        for body in
            ["", "{", "null", "[]", "7", r#""send""#, "{}", r#"{"type":7}"#, "{\"type\":\"x\"} y"]
        {
            let answer = api.fetch(api.request(path, body)).await.expect("answers");
            assert_refused(&answer, Code::Malformed);
        }
        refuses(api, path, json!({ "type": "teleport" }), Code::UnknownType).await;
        let large = format!(r#"{{"type":"teleport","x":"{}"}}"#, "x".repeat(64 * 1024));
        let answer = api.fetch(api.request(path, large)).await.expect("answers");
        assert_refused(&answer, Code::TooLarge);
        let request = api.request(path, b"{\"type\":\"teleport\xff\"}");
        assert_refused(&api.fetch(request).await.expect("answers"), Code::NotText);
    }
    for (path, body) in [
        (conversation.as_str(), json!({ "type": "send", "text": "no id" })),
        (&conversation, json!({ "type": "send", "id": "7", "text": "no id" })),
        (&conversation, json!({ "type": "history", "before": -1 })),
        ("/api/account", json!({ "type": "update_profile", "display_name": "Ana", "age": "old" })),
        ("/api/people", json!({ "type": "profile", "user": "ana" })),
    ] {
        refuses(api, path, body, Code::Malformed).await;
    }
    for path in ["/api/", "/api/nothing", "/api/account/more"] {
        let answer = api.fetch(api.request(path, "{}")).await.expect("answers");
        assert_refused(&answer, Code::UnknownRoute);
    }
    let request = Request { method: "GET", ..api.request("/api/session", "") };
    assert_refused(&api.fetch(request).await.expect("answers"), Code::UnknownRoute);
}

#[tokio::test]
async fn requests_of_nobody_and_of_other_sites_are_refused() {
    let ana = register(shared(), "bad-origin").await;
    let api = &ana.api;
    let conversation = path(ana.group("Closed").await.expect("is made"));
    let message = json!({ "type": "send", "id": MessageId::new(now(), ten()), "text": "x" });
    let credentials =
        json!({ "type": "set_credentials", "user_name": "mallory", "password": "long enough" });
    let profile = json!({ "type": "update_profile", "display_name": "Mallory" });
    let find = json!({ "type": "find", "query": "a" });
    for (path, body) in [
        ("/api/session", credentials),
        ("/api/account", profile),
        ("/api/people", find),
        (&conversation, message),
    ] {
        let request = || api.request(path, body.to_string());
        for origin in [None, Some("http://evil.example"), Some("null"), Some("")] {
            let request = Request { origin: origin.map(str::to_owned), ..request() };
            let answer = api.fetch(request).await.expect("answers");
            assert_refused(&answer, Code::ForeignOrigin);
        }
        // A cookie that is none, and one whose secret nobody has.
        let forged = api.cookie().map(|cookie| {
            let (start, secret) = cookie.split_at(cookie.len() - 64);
            format!("{start}{}", secret.chars().rev().collect::<String>())
        });
        for (cookie, code) in [
            (None, Code::SignedOut),
            (Some("tideline=nonsense".to_owned()), Code::SignedOut),
            (forged, Code::SessionEnded),
        ] {
            let request = Request { cookie, ..request() };
            assert_refused(&api.fetch(request).await.expect("answers"), code);
        }
    }
    // A session that was ended stays ended, whatever its cookie says.
    let request = api.request("/api/account", r#"{"type":"update_profile","display_name":"A"}"#);
    ana.session(SessionCommand::SignOut).await.expect("signs out");
    assert_eq!(api.cookie(), None);
    assert_refused(&api.fetch(request).await.expect("answers"), Code::SessionEnded);
}

#[tokio::test]
async fn profiles_that_cannot_be_are_refused_and_change_nothing() {
    let ana = register(shared(), "bad-profile").await;
    let before = mirror(&ana, "/api/account").await;
    for (field, value, code) in [
        ("age", json!(0), Code::AgeOutOfRange),
        ("age", json!(-1), Code::AgeOutOfRange),
        ("age", json!(151), Code::AgeOutOfRange),
        ("age", json!(300), Code::AgeOutOfRange),
        ("age", json!(i64::MAX), Code::AgeOutOfRange),
        ("age", json!(33.5), Code::Malformed),
        ("display_name", json!(""), Code::DisplayNameEmpty),
        ("display_name", json!(INVISIBLE), Code::DisplayNameEmpty),
        ("display_name", json!(long(49)), Code::DisplayNameTooLong),
        ("signature", json!(long(161)), Code::SignatureTooLong),
    ] {
        let mut body = json!({ "type": "update_profile", "display_name": "Changed", "age": 33,
                               "gender": "other", "signature": "Changed" });
        body[field] = value;
        refuses(&ana.api, "/api/account", body, code).await;
    }
    let unknown = ConversationId::new(now(), ten());
    let body = json!({ "type": "read", "conversation": unknown, "seq": 1 });
    refuses(&ana.api, "/api/account", body, Code::UnknownConversation).await;
    refuses(&ana.api, "/api/session", credentials(), Code::AlreadyRegistered).await;
    assert_eq!(mirror(&ana, "/api/account").await, before);
}

fn credentials() -> Value {
    json!({ "type": "set_credentials", "user_name": "bad-other", "password": PASSWORD })
}

#[tokio::test]
async fn searches_that_cannot_be_are_refused() {
    let ana = register(shared(), "bad-search").await;
    let nobody = UserId::new(now(), ten());
    for (body, code) in [
        (json!({ "type": "find", "query": "" }), Code::QueryEmpty),
        (json!({ "type": "find", "query": INVISIBLE }), Code::QueryEmpty),
        (json!({ "type": "find", "query": long(201) }), Code::QueryTooLong),
        (json!({ "type": "profile", "user": nobody }), Code::UnknownPerson),
        (
            json!({ "type": "profile_by_name", "user_name": "bad-nobody-at-all" }),
            Code::UnknownPerson,
        ),
        (json!({ "type": "profile_by_name", "user_name": "? ?" }), Code::UnknownPerson),
    ] {
        refuses(&ana.api, "/api/people", body, code).await;
    }
    // Whoever is asked about does not come into being by it.
    assert!(ana.people(PeopleCommand::Profile { user: nobody }).await.is_err());
}

#[tokio::test]
async fn conversations_that_cannot_be_are_refused() {
    let (ana, ben, direct) = pair(shared(), ["bad-maker", "bad-peer"]).await;
    let cyd = register(shared(), "bad-stranger").await;
    let group = ana.group("Taken").await.expect("is made");
    let new = || path(ConversationId::new(now(), ten()));
    let create = |name: &str| json!({ "type": "create_group", "name": name });
    let with = |field: &str, value: String| {
        let mut body = create("Group");
        body[field] = value.into();
        body
    };
    let start = |peer: UserId| json!({ "type": "start_direct", "peer": peer });
    let nobody = UserId::new(now(), ten());
    for (who, path, body, code) in [
        (&ana, new(), create(""), Code::GroupNameEmpty),
        (&ana, new(), create(INVISIBLE), Code::GroupNameEmpty),
        (&ana, new(), create(&long(65)), Code::GroupNameTooLong),
        (&ana, new(), with("group_type", long(33)), Code::GroupTypeTooLong),
        (&ana, new(), with("description", long(501)), Code::GroupDescriptionTooLong),
        (&cyd, path(group), create("Mine"), Code::ConversationExists),
        (&cyd, path(direct), create("Mine"), Code::ConversationExists),
        (&ana, new(), start(ana.me.user), Code::UnknownConversation),
        (&ana, new(), start(ben.me.user), Code::UnknownConversation),
        (&cyd, path(direct), start(ben.me.user), Code::UnknownConversation),
        (
            &ana,
            path(ConversationId::direct(ana.me.user, nobody)),
            start(nobody),
            Code::UnknownPerson,
        ),
        (&ana, "/api/conversations/7".to_owned(), create("Seven"), Code::UnknownConversation),
        (&ana, path(direct), json!({ "type": "leave" }), Code::NotAGroup),
        (&ana, path(direct), json!({ "type": "create_invite" }), Code::NotAGroup),
        (
            &ana,
            path(group),
            json!({ "type": "create_invite", "lifetime_s": 0 }),
            Code::InviteLifetime,
        ),
        (
            &ana,
            path(group),
            json!({ "type": "create_invite", "lifetime_s": 1_u64 << 53 }),
            Code::InviteLifetime,
        ),
    ] {
        refuses(&who.api, &path, body, code).await;
    }
}

#[tokio::test]
async fn messages_that_cannot_be_are_refused_and_change_nothing() {
    let (ana, ben, direct) = pair(shared(), ["bad-writer", "bad-reader"]).await;
    let cyd = register(shared(), "bad-outsider").await;
    let id = MessageId::new(now(), ten());
    let send = |id: MessageId, text: &str| json!({ "type": "send", "id": id, "text": text });
    let first = ana.api.fetch(ana.api.request(&path(direct), send(id, "once").to_string()));
    let first = first.await.expect("answers");
    assert_eq!(first.status, 200, "{first:?}");
    settled(&ana, direct, 1).await;
    settled(&ben, direct, 1).await;
    let rows =
        async |who: &Account| (mirror(who, "/api/account").await, mirror(who, &path(direct)).await);
    let before = (rows(&ana).await, rows(&ben).await);

    let new = || MessageId::new(now(), ten());
    let unknown = path(ConversationId::new(now(), ten()));
    for (who, path, body, code) in [
        (&ana, path(direct), send(new(), ""), Code::MessageEmpty),
        (&ana, path(direct), send(new(), INVISIBLE), Code::MessageEmpty),
        (&ana, path(direct), send(new(), &long(8_001)), Code::MessageTooLong),
        (&ana, path(direct), send(id, "another"), Code::MessageIdReused),
        (&ben, path(direct), send(id, "once"), Code::MessageIdReused),
        (&ana, unknown.clone(), send(new(), "into the void"), Code::UnknownConversation),
        (&ana, unknown, json!({ "type": "history" }), Code::UnknownConversation),
        (&cyd, path(direct), send(new(), "let me in"), Code::NotAMember),
        (&cyd, path(direct), json!({ "type": "history" }), Code::NotAMember),
        (&cyd, path(direct), json!({ "type": "invites" }), Code::NotAMember),
    ] {
        refuses(&who.api, &path, body, code).await;
    }
    // The same message again is no mistake: it is answered as the first time.
    let again = ana.api.fetch(ana.api.request(&path(direct), send(id, "once").to_string()));
    assert_eq!(again.await.expect("answers").body, first.body);
    assert_eq!((rows(&ana).await, rows(&ben).await), before);
}

#[tokio::test]
async fn invites_that_do_not_work_are_refused_each_with_its_code() {
    let ana = register(shared(), "bad-host").await;
    let cyd = register(shared(), "bad-visitor").await;
    let (group, guests) = group(&ana, "By invitation", &["Guest"]).await;
    let revoked = ana.invite(group, None).await.expect("is made").token;
    let expired = ana.invite(group, Some(1)).await.expect("is made").token;
    let revoke = json!({ "type": "revoke_invite", "token": revoked });
    // Only its maker and the owner may withdraw a link.
    refuses(&guests[0].api, &path(group), revoke.clone(), Code::NotAllowed).await;
    let answer = ana.api.fetch(ana.api.request(&path(group), revoke.to_string())).await;
    assert_eq!(answer.expect("answers").status, 200);
    let preview = json!({ "type": "preview", "token": expired }).to_string();
    while cyd
        .api
        .fetch(cyd.api.request("/api/invites", preview.clone()))
        .await
        .expect("answers")
        .status
        == 200
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }

    let members = mirror(&ana, &path(group)).await;
    let forged = InviteToken::new(group, [7; 12]);
    let nowhere = InviteToken::new(ConversationId::new(now(), ten()), [7; 12]);
    for (token, code) in [
        (String::new(), Code::InviteUnknown),
        ("nonsense".to_owned(), Code::InviteUnknown),
        (forged.to_string(), Code::InviteUnknown),
        (nowhere.to_string(), Code::InviteUnknown),
        (revoked.to_string(), Code::InviteRevoked),
        (expired.to_string(), Code::InviteExpired),
    ] {
        for command in ["preview", "join", "join_as_guest"] {
            let body = json!({ "type": command, "token": token, "display_name": "Visitor" });
            refuses(&cyd.api, "/api/invites", body, code).await;
        }
    }
    let unnamed = json!({ "type": "join_as_guest", "token": ana.invite(group, None).await.expect("is made").token,
                          "display_name": INVISIBLE });
    refuses(&Api::new(shared()), "/api/invites", unnamed, Code::DisplayNameEmpty).await;
    assert_eq!(mirror(&ana, &path(group)).await, members);
}

/// An object that fails throws away its memory and its calls, and says so in the runtime's log; with a panic
/// every object of the instance does.
#[tokio::test]
async fn nothing_that_is_sent_over_http_resets_an_object() {
    let runtime = Runtime::start(&storage("bad-http"), Limits::Off);
    let (ana, ben, direct) = pair(runtime.origin(), ["bad-anchor", "bad-buoy"]).await;
    let mut looking = Socket::open(&ana.api, &path(direct)).await.expect("opens");
    assert!(looking.say(r#"{"type":"hello"}"#).await);
    while frame(&mut looking).await["done"] != true {}

    let doors = [
        "/api/session",
        "/api/account",
        "/api/account/avatar",
        "/api/admin",
        "/api/people",
        "/api/search",
        "/api/invites",
        "/api/export",
        "/api/avatars/7",
        "/api/invites/7/avatar",
        &path(direct),
        &format!("{}/avatar", path(direct)),
        &format!("{}/files/7", path(direct)),
        &format!("{}/files/{direct}/8/0", path(direct)),
        &format!("{}/files/{direct}/{}/thumb", path(direct), u64::MAX),
        &path(ConversationId::new(now(), ten())),
        "/api/conversations/7",
        "/api/",
    ];
    let huge = "x".repeat(80 * 1024);
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"{\"type\":\"teleport\"}",
        b"{\"type\":[]}",
        b"{\"type\":\"history\",\"before\":1e400}",
        b"{\"type\":\"history\",\"around\":18446744073709551615}",
        huge.as_bytes(),
        deep.as_bytes(),
    ];
    for door in doors {
        for method in ["POST", "GET", "DELETE"] {
            let many = if method == "POST" { bodies.len() } else { 1 };
            for &body in &bodies[..many] {
                let request = Request { method, ..ana.api.request(door, body) };
                let answer = ana.api.fetch(request).await.expect("answers");
                assert_ne!(answer.status, 500, "{method} {door}: {answer:?}");
            }
        }
    }

    // Who looked on heard nothing of it, and hears the next thing that is said as if nothing had been.
    ben.say(direct, "High tide at noon").await.expect("is said");
    let mut next = frame(&mut looking).await;
    while next["rows"][0]["type"] == "receipt" {
        next = frame(&mut looking).await;
    }
    assert_eq!(next["rows"][0]["body"]["text"], "High tide at noon", "{next}");
    let said = chaos::unexpected(&runtime.log());
    assert!(said.is_empty(), "{said:#?}");
}
