//! Bad input over sockets: each kind has its own code, changes nothing, and the socket goes on; or
//! the socket says why it ends.

use serde_json::{Value, json};
use tideline_bench::{Account, Heard, Socket, now, ten};
use tideline_shared::protocol::SessionCommand;
use tideline_shared::{Code, ConversationId, MessageId};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};

use crate::support::{frame, hear, mirror, pair, path, register, settled, shared};

/// The socket is accepted, says why it ends, and ends with the code's own number.
async fn assert_ends(mut socket: Socket, code: Code) {
    let ended = frame(&mut socket).await;
    assert_eq!((&ended["type"], &ended["code"]), (&json!("ended"), &json!(code.as_str())));
    assert_eq!(hear(&mut socket).await, Heard::Closed(Some(4_000 + code.status())));
}

async fn open(who: &Account, path: &str) -> Socket {
    Socket::open(&who.api, path).await.expect("opens")
}

/// Says something and skips live changes until it is answered.
async fn answer(socket: &mut Socket, said: Message) -> Value {
    assert!(socket.send(said).await, "the socket takes frames");
    loop {
        let frame = frame(socket).await;
        if frame["type"] != "change" {
            return frame;
        }
    }
}

#[tokio::test]
async fn sockets_of_nobody_of_other_sites_and_to_nowhere_say_why_they_end() {
    let (ana, _, direct) = pair(shared(), ["socket-ana", "socket-ben"]).await;
    let cyd = register(shared(), "socket-cyd").await;
    let cookie = ana.api.cookie();
    for path in ["/api/account", &path(direct)] {
        for origin in [None, Some("http://evil.example"), Some("null")] {
            let socket = Socket::open_as(shared(), path, origin, cookie.as_deref()).await;
            assert_ends(socket.expect("opens"), Code::ForeignOrigin).await;
        }
        let socket = Socket::open_as(shared(), path, Some(shared()), None).await;
        assert_ends(socket.expect("opens"), Code::SignedOut).await;
    }
    let unknown = path(ConversationId::new(now(), ten()));
    assert_ends(open(&ana, &unknown).await, Code::UnknownConversation).await;
    assert_ends(open(&ana, "/api/conversations/7").await, Code::UnknownConversation).await;
    assert_ends(open(&cyd, &path(direct)).await, Code::NotAMember).await;
    assert_ends(open(&ana, "/api/people").await, Code::UnknownRoute).await;

    let (api, other) = (cyd.api.clone(), cyd.api.cookie());
    cyd.session(SessionCommand::SignOut).await.expect("signs out");
    let socket =
        Socket::open_as(api.origin(), "/api/account", Some(api.origin()), other.as_deref());
    assert_ends(socket.await.expect("opens"), Code::SessionEnded).await;
}

#[tokio::test]
async fn frames_that_cannot_be_are_refused_and_the_socket_goes_on() {
    let (ana, ben, direct) = pair(shared(), ["frame-ana", "frame-ben"]).await;
    ana.say(direct, "once").await.expect("is said");
    settled(&ana, direct, 1).await;
    settled(&ben, direct, 1).await;
    let before = (mirror(&ana, "/api/account").await, mirror(&ana, &path(direct)).await);

    for path in ["/api/account", &path(direct)] {
        let mut socket = open(&ana, path).await;
        for (said, code, reference) in [
            (Message::text(""), Code::Malformed, None),
            (Message::text("{"), Code::Malformed, None),
            (Message::text("null"), Code::Malformed, None),
            (Message::text("{}"), Code::Malformed, None),
            (Message::text(r#"{"type":"teleport"}"#), Code::UnknownType, None),
            (Message::text(r#"{"type":"call","ref":7}"#), Code::Malformed, Some(7)),
            (
                Message::text(r#"{"type":"call","ref":8,"command":{"type":"teleport"}}"#),
                Code::UnknownType,
                Some(8),
            ),
            (Message::text(r#"{"type":"call","ref":9,"command":7}"#), Code::Malformed, Some(9)),
            (Message::text(r#"{"type":"hello","cursor":-1}"#), Code::Malformed, None),
            (
                Message::text(format!(r#"{{"type":"{}"}}"#, "x".repeat(64 * 1024))),
                Code::TooLarge,
                None,
            ),
            (Message::binary(r#"{"type":"hello"}"#), Code::NotText, None),
            (Message::binary(vec![0xff, 0xfe, 0x00]), Code::NotText, None),
        ] {
            let said_as = format!("{said:.60?}");
            let refused = answer(&mut socket, said).await;
            assert_eq!(refused["type"], "rejected", "{said_as}: {refused}");
            assert_eq!(refused["code"], code.as_str(), "{said_as}");
            assert_eq!(refused["ref"].as_u64(), reference, "{said_as}");
        }
        let page = answer(&mut socket, Message::text(r#"{"type":"hello"}"#)).await;
        assert_eq!((&page["type"], &page["done"]), (&json!("page"), &json!(true)));
        socket.close().await;
    }
    let after = (mirror(&ana, "/api/account").await, mirror(&ana, &path(direct)).await);
    assert_eq!(after, before);
}

#[tokio::test]
async fn who_closes_a_socket_is_answered() {
    let (ana, _, direct) = pair(shared(), ["closing-ana", "closing-ben"]).await;
    for path in ["/api/account", &path(direct)] {
        for code in [CloseCode::Normal, CloseCode::Away, CloseCode::Library(4_321)] {
            let mut socket = open(&ana, path).await;
            answer(&mut socket, Message::text(r#"{"type":"hello"}"#)).await;
            let frame = CloseFrame { code, reason: "".into() };
            assert!(socket.send(Message::Close(Some(frame))).await, "the socket takes frames");
            let answered = loop {
                match hear(&mut socket).await {
                    Heard::Closed(answered) => break answered,
                    Heard::Text(_) | Heard::Bytes(_) => {}
                }
            };
            assert!(answered.is_some(), "{path} closed with {code}: {answered:?}");
        }
    }
}

#[tokio::test]
async fn calls_that_cannot_be_are_refused_over_sockets_as_over_http() {
    let (ana, _, direct) = pair(shared(), ["call-ana", "call-ben"]).await;
    let mut socket = open(&ana, &path(direct)).await;
    let mut reference = 0;
    let id = MessageId::new(now(), ten());
    for (command, code) in [
        (json!({ "type": "send", "id": id, "text": "once" }), None),
        (json!({ "type": "send", "id": id, "text": "once" }), None),
        (json!({ "type": "send", "id": id, "text": "another" }), Some(Code::MessageIdReused)),
        (
            json!({ "type": "send", "id": MessageId::new(now(), ten()), "text": " " }),
            Some(Code::MessageEmpty),
        ),
        (
            json!({ "type": "send", "id": MessageId::new(now(), ten()), "text": "水".repeat(8_001) }),
            Some(Code::MessageTooLong),
        ),
        (json!({ "type": "leave" }), Some(Code::NotAGroup)),
        (json!({ "type": "create_invite" }), Some(Code::NotAGroup)),
    ] {
        reference += 1;
        let call = json!({ "type": "call", "ref": reference, "command": command });
        let answer = answer(&mut socket, Message::text(call.to_string())).await;
        assert_eq!(answer["ref"], reference);
        assert_eq!(answer["code"].as_str(), code.map(Code::as_str), "{answer}");
    }
    let mut socket = open(&ana, "/api/account").await;
    for (command, code) in [
        (
            json!({ "type": "update_profile", "display_name": "Ana", "age": 151 }),
            Code::AgeOutOfRange,
        ),
        (json!({ "type": "update_profile", "display_name": "\u{200b}" }), Code::DisplayNameEmpty),
        (
            json!({ "type": "read", "conversation": ConversationId::new(now(), ten()), "seq": 1 }),
            Code::UnknownConversation,
        ),
    ] {
        let call = json!({ "type": "call", "ref": 1, "command": command });
        let answer = answer(&mut socket, Message::text(call.to_string())).await;
        assert_eq!(answer["code"], code.as_str(), "{answer}");
    }
    assert_eq!(ana.history(direct).await.expect("is served").len(), 1);
}

#[tokio::test]
async fn a_text_frame_that_is_not_utf8_harms_nobody_else() {
    let (ana, ben, direct) = pair(shared(), ["utf8-ana", "utf8-ben"]).await;
    ana.say(direct, "hello").await.expect("is said");
    for path in ["/api/account", &path(direct)] {
        let mut bens = open(&ben, path).await;
        answer(&mut bens, Message::text(r#"{"type":"hello"}"#)).await;
        let mut socket = open(&ana, path).await;
        let bytes = b"{\"type\":\"hello\xff\"}".to_vec();
        let frame = Frame::message(bytes, OpCode::Data(Data::Text), true);
        assert!(socket.send(Message::Frame(frame)).await);
        // Below us, the runtime may end the socket (RFC 6455, section 8.1) or pass on what it could
        // make of it. Either way it is not accepted.
        match hear(&mut socket).await {
            Heard::Closed(_) => {}
            Heard::Text(text) => assert!(text.contains(r#""type":"rejected""#), "{text}"),
            other @ Heard::Bytes(_) => panic!("{other:?}"),
        }
        // The object was not reset: other sockets still stand, and new ones open.
        let page = answer(&mut bens, Message::text(r#"{"type":"hello"}"#)).await;
        assert_eq!(page["type"], "page");
        let page = answer(&mut open(&ana, path).await, Message::text(r#"{"type":"hello"}"#)).await;
        assert_eq!(page["type"], "page");
    }
}

#[tokio::test]
async fn a_heartbeat_is_answered() {
    let ana = register(shared(), "heartbeat-ana").await;
    let mut socket = open(&ana, "/api/account").await;
    assert!(socket.say("ping").await);
    assert_eq!(hear(&mut socket).await, Heard::Text("pong".to_owned()));
}
