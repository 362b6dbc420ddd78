//! Who is there, and what they ask for over HTTP.

use serde_json::{Value, json};
use tideline_server::gateway::{Request, Response};
use tideline_shared::{ConversationId, UserId};

use super::World;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// Their session.
    pub cookie: String,
    /// Where they come from: a network address of their own.
    pub address: String,
}

impl World {
    /// Makes an account, with `person` in front of its number as its name.
    ///
    /// # Panics
    /// When the service refuses.
    pub fn register(&mut self) -> usize {
        let n = self.people.len();
        let address = format!("198.51.{}.{}", n / 256, n % 256);
        let body = json!({"type": "register", "user_name": format!("person{n}"), "password": "correct horse"});
        let (answer, cookie) = self.request(None, &address, "/api/session", &body);
        let user = answer["user"].as_str().and_then(|user| user.parse().ok());
        let cookie = cookie.unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let user = user.unwrap_or_else(|| panic!("nobody registers: {answer}"));
        self.people.push(Person { user, cookie, address });
        n
    }

    /// So many accounts, settled.
    pub fn register_many(&mut self, people: usize) -> std::ops::Range<usize> {
        let first = self.people.len();
        for _ in 0..people {
            self.register();
        }
        self.run(20_000);
        first..first + people
    }

    /// Somebody.
    #[must_use]
    pub fn person(&self, person: usize) -> &Person {
        &self.people[person]
    }

    /// The direct conversation of two people.
    pub fn direct(&mut self, one: usize, other: usize) -> ConversationId {
        let peer = self.people[other].user;
        let id = ConversationId::direct(self.people[one].user, peer);
        let path = format!("/api/conversations/{id}");
        self.post(one, &path, &json!({"type": "start_direct", "peer": peer}));
        id
    }

    /// A group of these people; the first one owns it.
    pub fn group(&mut self, members: &[usize]) -> ConversationId {
        let mut bytes = [0; 10];
        crate::random::Random::of(self.next_event).fill(&mut bytes);
        let id = ConversationId::new(self.now, bytes);
        let path = format!("/api/conversations/{id}");
        self.post(members[0], &path, &json!({"type": "create_group", "name": "Tide pool"}));
        let token = self.invite(members[0], id);
        for &member in &members[1..] {
            self.post(member, "/api/invites", &json!({"type": "join", "token": token}));
        }
        id
    }

    /// A way into a group.
    pub fn invite(&mut self, by: usize, group: ConversationId) -> String {
        let path = format!("/api/conversations/{group}");
        let invite = self.post(by, &path, &json!({"type": "create_invite"}));
        invite["token"].as_str().unwrap_or_default().to_owned()
    }

    /// A command over HTTP, which must succeed.
    ///
    /// # Panics
    /// When it is refused.
    pub fn post(&mut self, by: usize, path: &str, body: &Value) -> Value {
        let person = self.people[by].clone();
        self.request(Some(&person.cookie), &person.address, path, body).0
    }

    /// Bytes over HTTP.
    ///
    /// # Panics
    /// As above.
    pub fn put(&mut self, by: usize, path: &str, body: &[u8]) {
        let Person { cookie, address, .. } = self.people[by].clone();
        let blank = self.service.blank(path, &address);
        let response = self.service.respond(Request { cookie: Some(&cookie), body, ..blank });
        let taken = matches!(response, Response::Json { status: 200, .. });
        assert!(taken, "{path}: {response:?}");
        self.take_asked();
    }

    /// Fetches something.
    pub fn fetch(&mut self, by: usize, path: &str) -> Response {
        let Person { cookie, address, .. } = self.people[by].clone();
        let blank = self.service.blank(path, &address);
        let request = Request { method: "GET", cookie: Some(&cookie), ..blank };
        let response = self.service.respond(request);
        self.take_asked();
        response
    }

    fn request(
        &mut self,
        cookie: Option<&str>,
        address: &str,
        path: &str,
        body: &Value,
    ) -> (Value, Option<String>) {
        let text = body.to_string();
        let blank = self.service.blank(path, address);
        let response = self.service.respond(Request { cookie, body: text.as_bytes(), ..blank });
        self.take_asked();
        match response {
            Response::Json { status: 200, body, set_cookie, .. } => {
                (serde_json::from_str(&body).unwrap_or_default(), set_cookie)
            }
            other => panic!("{path}: {body} is answered {other:?}"),
        }
    }
}
