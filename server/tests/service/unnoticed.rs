//! Nobody notices that they are blocked: frame by frame, they hear what they would hear of somebody who
//! hides everything.

use serde_json::{Value, json};
use tideline_server::limits::Limits;
use tideline_shared::{ConversationId, limits};

use crate::world::{Someone, World, path};

/// How Ana keeps from Ben that she is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    /// She blocked him, and does on her devices what she likes.
    Blocks,
    /// She hides everything, and reads nothing.
    Hides,
}

/// What Ben's devices do and hear, and what Ana's do meanwhile.
struct Script {
    world: World,
    ana: Someone,
    ben: Someone,
    direct: ConversationId,
    keeps: Keeps,
    /// Ana's account, her conversation; Ben's account, his conversation.
    sockets: [usize; 4],
    heard: Vec<Value>,
}

impl Script {
    /// `late`: Ana begins to keep herself to herself when both have talked and seen each other.
    fn new(keeps: Keeps, late: bool) -> Self {
        let world = World::with_limits(Limits { password_kib: 8, ..Limits::default() });
        let (ana, ben) = (world.register("ana"), world.register("ben"));
        let direct = ConversationId::direct(ana.user, ben.user);
        let mut script = Self { world, ana, ben, direct, keeps, sockets: [0; 4], heard: vec![] };
        if !late {
            script.begin(true);
        }
        let Self { world, ana, ben, .. } = &script;
        world.direct(ben, ana);
        let open = |who: &Someone, path: &str| world.mirror(who, path);
        let (anas, hers) = (open(ana, "/api/account").0, open(ana, &path(direct)).0);
        let (bens, inbox) = open(ben, "/api/account");
        let (looking, pages) = open(ben, &path(direct));
        script.sockets = [anas, hers, bens, looking];
        script.heard = [inbox, pages].concat();
        if late {
            for (by, text) in [(&script.ana, "hello ben"), (&script.ben, "hello ana")] {
                script.world.send(by, direct, text);
                script.world.settle();
            }
            // Up to here she tells.
            script.call(0, json!({"type": "read", "conversation": direct, "seq": 2}));
            script.call(0, json!({"type": "present"}));
            script.watch();
            script.begin(false);
        }
        script
    }

    fn begin(&self, hides_receipts: bool) {
        let Self { world, ana, ben, .. } = self;
        match self.keeps {
            Keeps::Blocks => {
                world.ok(ana, "/api/people", json!({"type": "block", "user": ben.user}));
            }
            Keeps::Hides => {
                let hide = json!({"type": "change_settings", "hides_presence": true,
                                  "hides_last_seen": true, "hides_receipts": hides_receipts});
                world.ok(ana, "/api/account", hide);
            }
        }
        world.settle();
    }

    fn call(&self, socket: usize, command: Value) {
        let frame = json!({"type": "call", "ref": 7, "command": command});
        self.world.say(self.sockets[socket], &frame.to_string());
        self.world.settle();
    }

    fn watch(&self) {
        self.call(2, json!({"type": "present", "watching": self.ana.user}));
    }

    /// Ana looks at her device; over a block, what she reads and writes there must not get to Ben.
    fn is_there(&self) {
        self.call(0, json!({"type": "present"}));
        if self.keeps == Keeps::Blocks {
            self.call(1, json!({"type": "typing"}));
            for how in ["received", "read"] {
                self.call(0, json!({"type": how, "conversation": self.direct, "seq": 9}));
            }
        }
    }

    /// What Ben does in his conversation, with all that is his to do.
    fn talks(&self, round: u8) {
        (0..25).for_each(|_| self.call(3, json!({"type": "typing"})));
        for n in 0..3 {
            let id = format!("01938a5e-7c00-7000-8000-0000000000{round}{n}");
            self.call(3, json!({"type": "send", "id": id, "text": format!("hi {n}")}));
        }
        self.is_there();
        for command in [
            json!({"type": "react", "seq": 1, "emoji": "👍"}),
            json!({"type": "edit", "seq": 3, "text": "hello, ana"}),
            json!({"type": "pin", "seq": 1}),
            json!({"type": "readers", "seq": 3}),
            json!({"type": "pinned"}),
            json!({"type": "revisions", "seq": 3}),
            json!({"type": "recall", "seq": 3}),
            json!({"type": "history"}),
        ] {
            self.call(3, command);
        }
    }

    fn asks(&mut self) {
        let (ana, direct) = (self.ana.user, self.direct);
        for (path, command) in [
            (path(direct).as_str(), json!({"type": "start_direct", "peer": ana})),
            ("/api/people", json!({"type": "profile", "user": ana})),
            ("/api/people", json!({"type": "find", "query": "ana"})),
            ("/api/people", json!({"type": "add_contact", "user": ana})),
            ("/api/search", json!({"type": "messages", "query": "hi", "conversations": [direct]})),
        ] {
            self.heard.push(self.world.ok(&self.ben, path, command));
            self.world.settle();
        }
    }

    /// All that Ben heard, with ids in the order in which they come up.
    fn play(mut self) -> Vec<String> {
        for round in 0..2 {
            self.watch();
            self.talks(round);
            self.asks();
            self.world.pass(60_000);
            self.watch();
            self.is_there();
            self.call(0, json!({"type": "present", "away": true}));
            self.world.pass(limits::PRESENT_MS);
            for socket in [3, 2] {
                self.heard.extend(self.world.heard(self.sockets[socket]));
            }
            self.heard.extend(self.world.mirror(&self.ben, &path(self.direct)).1);
        }
        in_order_of_ids(&self.heard)
    }
}

/// Frames in which every id is a number: two runs draw other ones.
fn in_order_of_ids(frames: &[Value]) -> Vec<String> {
    let mut ids = Vec::new();
    let mut number = |part: &str| -> String {
        if part.len() != 36 || part.matches('-').count() != 4 {
            return part.to_owned();
        }
        let known = ids.iter().position(|id| id == part).unwrap_or_else(|| {
            ids.push(part.to_owned());
            ids.len() - 1
        });
        format!("#{known}")
    };
    let mut line = |frame: &Value| {
        frame.to_string().split('"').map(&mut number).collect::<Vec<_>>().join("\"")
    };
    frames.iter().map(&mut line).collect()
}

#[test]
fn all_that_a_blocked_person_hears_is_what_they_hear_of_who_hides_everything() {
    for late in [false, true] {
        let blocked = Script::new(Keeps::Blocks, late).play();
        let presence = blocked.iter().filter(|frame| frame.contains("\"presence\"")).count();
        assert!(presence >= 4, "who watches is answered");
        let hidden = Script::new(Keeps::Hides, late).play();
        for (n, (one, other)) in blocked.iter().zip(&hidden).enumerate() {
            assert_eq!(one, other, "frame {n}, late: {late}");
        }
        assert_eq!(blocked.len(), hidden.len(), "late: {late}");
    }
}
