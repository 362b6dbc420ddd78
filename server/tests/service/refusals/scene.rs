//! People and places in which everything can go wrong, and whoever asks for it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_server::gateway::Request;
use tideline_server::limits::Limits;
use tideline_shared::limits::{
    GROUP_BANS, GROUP_INVITES, GROUP_MEMBERS, GROUP_REQUESTS, PART_BYTES, PINNED_CONVERSATIONS,
    PINNED_MESSAGES, REACTIONS, RECALL_MS,
};
use tideline_shared::{ConversationId, FileId, UserId};

use crate::world::{Someone, World, path};

/// What every object holds, and how often it was changed.
pub(super) type Dump = BTreeMap<Address, (u64, String)>;

/// Who asks, where, what; and the code of the refusal.
pub(super) type Row = (&'static str, &'static str, Value, &'static str);

/// People and places in which everything can go wrong.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) people: BTreeMap<&'static str, Someone>,
    pub(super) places: BTreeMap<&'static str, ConversationId>,
    /// A link of Ana's into the pool.
    pub(super) link: String,
    /// One that she has withdrawn.
    pub(super) revoked: String,
    /// A message of Ben's in the pool, by its id.
    pub(super) said: String,
    /// A file of Ben's of which half has arrived.
    pub(super) half: FileId,
}

/// Everybody may do as much as they like.
fn no_rates() -> Limits {
    let mut rates = serde_json::to_value(Limits::default()).expect("is JSON");
    for rate in rates.as_object_mut().expect("is an object").values_mut() {
        *rate = json!({"burst": 1_000_000, "every_ms": 0});
    }
    let limits: Limits = serde_json::from_value(rates).expect("are rates");
    Limits { password_kib: 8, ..limits }
}

/// Nobody.
pub(super) fn nobody() -> UserId {
    UserId::new(1, [9; 10])
}

impl Scene {
    pub(super) fn new() -> Self {
        let world = World::with_limits(no_rates());
        let names = ["ana", "adam", "ben", "mia", "cho", "dan", "eve", "zoe", "xan", "fay", "pia"];
        let people = names.into_iter().map(|name| (name, world.register(name)));
        let people: BTreeMap<_, _> = people.collect();
        let ana = &people["ana"];
        let mut places: BTreeMap<_, _> = ["pool", "news", "open", "gate", "full"]
            .into_iter()
            .map(|name| (name, world.group(ana, name)))
            .collect();
        for (name, other) in [("pair", "ben"), ("wall", "cho"), ("ended", "dan"), ("notes", "ana")]
        {
            places.insert(name, world.direct(ana, &people[other]));
        }
        places.insert("nowhere", ConversationId::new(1, [9; 10]));
        let link = world.invite(ana, places["pool"]);
        let revoked = world.invite(ana, places["pool"]);
        let revoke = json!({"type": "revoke_invite", "token": revoked});
        world.ok(ana, &path(places["pool"]), revoke);
        let (said, half) = (String::new(), FileId::new(1, [7; 10]));
        let mut scene = Self { world, people, places, link, revoked, said, half };
        scene.fill_the_pool();
        scene.fill_the_others();
        scene.fill_what_is_full();
        scene.pin_conversations();
        // What is told with time is told then.
        (0..3).for_each(|_| scene.world.pass(60_000));
        // A session says once an hour that it is used; after this, none does.
        for person in scene.people.values().filter(|one| one.user != scene.id("dan")) {
            scene.world.ok(person, "/api/session", json!({"type": "whoami"}));
        }
        scene
    }

    pub(super) fn id(&self, name: &str) -> UserId {
        self.people[name].user
    }

    fn ok(&self, by: &str, at: &str, command: Value) -> Value {
        let answer = self.world.ok(&self.people[by], &path(self.places[at]), command);
        self.world.settle();
        answer
    }

    fn say(&self, by: &str, at: &str) -> Value {
        self.ok(by, at, json!({"type": "send", "id": self.world.message_id(), "text": "hi"}))
    }

    /// The owner Ana, the admin Adam, members, one of them silent, and some who are not in it any more.
    /// Messages: 1 of Ben's and 2 of Ana's from long ago, 3 of Ben's recalled, 4 of Mia's, 5 of Adam's, 6
    /// of Ben's.
    fn fill_the_pool(&mut self) {
        let pool = self.places["pool"];
        for name in ["adam", "ben", "mia", "zoe", "xan"] {
            self.world.join(&self.people[name], &self.link);
        }
        for by in ["ben", "ana", "ben"] {
            self.say(by, "pool");
        }
        self.world.pass(RECALL_MS + 1);
        self.ok("ana", "pool", json!({"type": "recall", "seq": 3}));
        for by in ["mia", "adam"] {
            self.say(by, "pool");
        }
        self.said = self.say("ben", "pool")["id"].as_str().expect("an id").to_owned();
        for (how, name) in
            [("set_role", "adam"), ("mute_member", "mia"), ("remove", "zoe"), ("ban", "xan")]
        {
            let command = json!({"type": how, "user": self.id(name), "role": "admin"});
            self.ok("ana", "pool", command);
        }
        let hide = json!({"type": "change_settings", "hides_receipts": true});
        self.world.ok(&self.people["adam"], "/api/account", hide);
        let part = vec![7; PART_BYTES as usize];
        let to = format!("{}/files/{}/{}/0", path(pool), self.half, 2 * PART_BYTES);
        let cookie = Some(self.people["ben"].cookie.as_str());
        let upload = Request { cookie, body: &part, ..self.world.blank(&to) };
        assert_eq!(self.world.request(upload).0, 200);
    }

    fn fill_the_others(&self) {
        let link = self.world.invite(&self.people["ana"], self.places["news"]);
        self.world.join(&self.people["ben"], &link);
        self.say("ben", "news");
        self.ok("ana", "news", json!({"type": "change_record", "announcements": true}));
        for at in ["open", "gate", "full"] {
            let approval = at != "open";
            let public = json!({"type": "change_record", "public": true, "approval": approval});
            self.ok("ana", at, public);
        }
        self.ok("xan", "open", json!({"type": "join"}));
        self.ok("ana", "open", json!({"type": "ban", "user": self.id("xan")}));
        for (at, other) in [("pair", "ben"), ("wall", "cho"), ("ended", "dan")] {
            self.say("ana", at);
            self.say(other, at);
        }
        let block = json!({"type": "block", "user": self.id("cho")});
        self.world.ok(&self.people["ana"], "/api/people", block);
        let delete = json!({"type": "delete_account", "password": "password of it"});
        self.world.ok(&self.people["dan"], "/api/session", delete);
        self.world.settle();
    }

    /// A group that takes no more of anything.
    fn fill_what_is_full(&self) {
        let Self { world, places, .. } = self;
        let link = self.world.invite(&self.people["ana"], places["full"]);
        world.join(&self.people["ben"], &link);
        self.ok("fay", "full", json!({"type": "join"}));
        for seq in 1..=PINNED_MESSAGES + 1 {
            self.say("ana", "full");
            if seq <= PINNED_MESSAGES {
                self.ok("ana", "full", json!({"type": "pin", "seq": seq}));
            }
        }
        for n in 0..REACTIONS as u32 {
            let emoji = char::from_u32(0x1f600 + n).expect("an emoji").to_string();
            self.ok("ana", "full", json!({"type": "react", "seq": 1, "emoji": emoji}));
        }
        (1..GROUP_INVITES)
            .for_each(|_| drop(self.ok("ana", "full", json!({"type": "create_invite"}))));
        let many = |into: &str, rows: usize| {
            let rows = format!(
                "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})
                 INSERT INTO {into} FROM n"
            );
            world.tamper(Address::Conversation(places["full"]), &rows);
        };
        let id = "'01938a5e-7c00-7000-8000-' || printf('%012d', n)";
        many(&format!("bans (user, made_by, at) SELECT {id}, {id}, 1"), GROUP_BANS);
        many(&format!("requests (user, at) SELECT {id}, 1"), GROUP_REQUESTS - 1);
        many(
            &format!(
                "members (user, display_name, role, joined_at, joined_seq, joined_version,
                          person_version, version) SELECT {id}, 'x', '\"member\"', 1, 0, 1, 0, 1"
            ),
            GROUP_MEMBERS - 2,
        );
    }

    /// As many as there may be, and one more that is not.
    fn pin_conversations(&self) {
        let pia = &self.people["pia"];
        for n in 0..=PINNED_CONVERSATIONS {
            let group = self.world.group(pia, &format!("group {n}"));
            if n < PINNED_CONVERSATIONS {
                let pin = json!({"type": "arrange", "conversation": group, "pinned": true});
                self.world.ok(pia, "/api/account", pin);
            }
        }
    }

    /// What every object holds, and how often it was changed.
    pub(super) fn dump(&self) -> Dump {
        let addresses = self.world.addresses().into_iter();
        addresses.map(|at| (at, (self.world.commits(at), self.world.dump(at)))).collect()
    }

    /// Asks, and holds that it is refused so and changed nothing.
    pub(super) fn refuses(&self, dump: &mut Dump, to: &str, (by, at, command, code): Row) {
        let what = format!("{command} by {by} at {at}");
        let cookie = self.people.get(by).map(|person| person.cookie.as_str());
        let (status, answer, _) = self.world.post(cookie, to, command);
        assert_eq!(answer["code"], code, "{what}");
        assert!((400..500).contains(&status) && answer["message"].is_string(), "{what}");
        self.world.settle();
        assert!(self.world.faults.borrow().is_empty(), "{what}: {:?}", self.world.faults.borrow());
        // Of whom was asked for and is not there, nothing is known before.
        for (&address, (commits, before)) in dump {
            let now = self.world.commits(address);
            if now != *commits {
                *commits = now;
                assert_eq!(*before, self.world.dump(address), "{what} changed {address:?}");
            }
        }
    }

    /// The examples of `PROTOCOL.md`, with people and a conversation that are there.
    pub(super) fn examples(&self, kind: &str) -> Vec<Value> {
        let protocol = include_str!("../../../../PROTOCOL.md");
        let begins = format!("```json {kind}\n");
        let examples =
            protocol.split(&begins).skip(1).filter_map(|rest| rest.split("\n```").next());
        let id = |last: &str| format!("01938a5e-7c00-7000-8000-0000000000{last}");
        let examples = examples.map(|example| {
            let example = example.replace(&id("c1"), &self.places["pool"].to_string());
            example.replace(&id("0b"), &self.id("ben").to_string())
        });
        examples.map(|example| serde_json::from_str(&example).expect("is JSON")).collect()
    }

    /// The group that is not pinned.
    pub(super) fn last_of_pia(&self) -> ConversationId {
        let entries = self.world.inbox(&self.people["pia"]);
        let last = entries.iter().find(|entry| entry["kept"]["pinned"].is_null());
        let id = last.expect("is there")["conversation"].as_str().expect("an id");
        id.parse().expect("an id")
    }
}
