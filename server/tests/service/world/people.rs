//! What people do: they register, talk, look on, and are told.

use serde_json::{Value, json};
use tideline_server::gateway::{Request, Response};
use tideline_shared::{ConversationId, UserId};

use super::{Socket, World};

/// Somebody with a browser.
#[derive(Clone, Debug)]
pub(crate) struct Someone {
    pub(crate) user: UserId,
    pub(crate) cookie: String,
}

impl World {
    pub(crate) fn post(
        &self,
        cookie: Option<&str>,
        path: &str,
        body: Value,
    ) -> (u16, Value, Option<String>) {
        let body = body.to_string();
        self.request(Request { cookie, body: body.as_bytes(), ..self.blank(path) })
    }

    /// The answer to a request that must succeed.
    pub(crate) fn ok(&self, by: &Someone, path: &str, body: Value) -> Value {
        let (status, answer, _) = self.post(Some(&by.cookie), path, body);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The code of a request that must be refused.
    pub(crate) fn refused(&self, by: &Someone, path: &str, body: Value) -> String {
        let (status, answer, _) = self.post(Some(&by.cookie), path, body);
        assert_ne!(status, 200, "{answer}");
        answer["code"].as_str().expect("a refusal has a code").to_owned()
    }

    pub(crate) fn register(&self, name: &str) -> Someone {
        let body = json!({"type": "register", "user_name": name, "password": "password of it"});
        let (status, answer, cookie) = self.post(None, "/api/session", body);
        assert_eq!(status, 200, "{answer}");
        self.settle();
        self.someone(&answer, cookie)
    }

    pub(crate) fn someone(&self, answer: &Value, cookie: Option<String>) -> Someone {
        let cookie = cookie.expect("a session has a cookie");
        Someone {
            user: answer["user"].as_str().expect("names the user").parse().expect("an id"),
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn sign_in(&self, name: &str) -> Someone {
        let body = json!({"type": "sign_in", "user_name": name, "password": "password of it"});
        let (status, answer, cookie) = self.post(None, "/api/session", body);
        assert_eq!(status, 200, "{answer}");
        self.someone(&answer, cookie)
    }

    pub(crate) fn group(&self, by: &Someone, name: &str) -> ConversationId {
        let id = self.conversation_id();
        self.ok(by, &path(id), json!({"type": "create_group", "name": name}));
        self.settle();
        id
    }

    pub(crate) fn direct(&self, by: &Someone, peer: &Someone) -> ConversationId {
        let id = ConversationId::direct(by.user, peer.user);
        self.ok(by, &path(id), json!({"type": "start_direct", "peer": peer.user}));
        self.settle();
        id
    }

    pub(crate) fn invite(&self, by: &Someone, group: ConversationId) -> String {
        let answer = self.ok(by, &path(group), json!({"type": "create_invite"}));
        answer["token"].as_str().expect("a token").to_owned()
    }

    pub(crate) fn join(&self, by: &Someone, token: &str) {
        self.ok(by, "/api/invites", json!({"type": "join", "token": token}));
        self.settle();
    }

    pub(crate) fn send(&self, by: &Someone, to: ConversationId, text: &str) -> Value {
        let id = self.message_id();
        self.ok(by, &path(to), json!({"type": "send", "id": id, "text": text}))
    }

    /// Opens a socket; what it was told when it was refused.
    pub(crate) fn open(&self, by: &Someone, path: &str) -> Result<usize, Value> {
        let request = Request { upgrade: true, cookie: Some(&by.cookie), ..self.blank(path) };
        let (to, peer) = match self.respond(request) {
            Response::Socket { to, peer } => (to, peer),
            Response::Refused(refusal) => {
                return Err(serde_json::from_str(&refusal.frame).expect("frames are JSON"));
            }
            other => panic!("not a socket: {other:?}"),
        };
        let accepted = self.turn(to, |host, env| host.connect(env, &peer));
        if let Err(refusal) = accepted {
            return Err(serde_json::from_str(&refusal.frame).expect("frames are JSON"));
        }
        let mut sockets = self.sockets.borrow_mut();
        sockets.push(Socket { peer, at: to, frames: Vec::new(), closed: None });
        Ok(sockets.len() - 1)
    }

    /// Opens a socket that has said hello, and brings what it was told.
    pub(crate) fn mirror(&self, by: &Someone, path: &str) -> (usize, Vec<Value>) {
        let socket = self.open(by, path).expect("may be opened");
        self.say(socket, &json!({"type": "hello"}).to_string());
        (socket, self.heard(socket))
    }

    pub(crate) fn say(&self, socket: usize, frame: &str) {
        self.say_maybe(socket, Some(frame));
    }

    pub(crate) fn say_maybe(&self, socket: usize, frame: Option<&str>) {
        let (at, peer) = {
            let sockets = self.sockets.borrow();
            (sockets[socket].at, sockets[socket].peer.clone())
        };
        self.turn_of(at, Some(socket), |host, env| ((), host.frame(env, &peer, frame)));
    }

    /// What a socket was told since it was asked last.
    pub(crate) fn heard(&self, socket: usize) -> Vec<Value> {
        std::mem::take(&mut self.sockets.borrow_mut()[socket].frames)
    }

    pub(crate) fn closed(&self, socket: usize) -> Option<u16> {
        self.sockets.borrow()[socket].closed
    }

    /// The inbox as a new device gets it.
    pub(crate) fn inbox(&self, of: &Someone) -> Vec<Value> {
        let (_, pages) = self.mirror(of, "/api/account");
        let rows =
            pages.iter().flat_map(|page| page["rows"].as_array().cloned().unwrap_or_default());
        rows.filter(|row| row["type"] == "entry").collect()
    }

    /// One entry of the inbox.
    pub(crate) fn entry(&self, of: &Someone, conversation: ConversationId) -> Option<Value> {
        let id = conversation.to_string();
        self.inbox(of).into_iter().find(|entry| entry["conversation"] == id.as_str())
    }

    /// The texts of a conversation, in order.
    pub(crate) fn texts(&self, of: &Someone, conversation: ConversationId) -> Vec<String> {
        let answer = self.ok(of, &path(conversation), json!({"type": "history"}));
        let messages = answer["messages"].as_array().expect("messages").clone();
        messages.iter().map(|m| m["body"]["text"].as_str().unwrap_or("?").to_owned()).collect()
    }
}

/// As much of a WebP picture as says how large it is.
pub(crate) fn webp(width: u32, height: u32) -> Vec<u8> {
    let sides = (width - 1) | ((height - 1) << 14);
    let mut bytes = b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f".to_vec();
    bytes.extend(sides.to_le_bytes());
    bytes.push(0);
    bytes
}

pub(crate) fn path(conversation: ConversationId) -> String {
    format!("/api/conversations/{conversation}")
}
