//! Service, network and devices in one loop of virtual time.
//!
//! [`people`] act in it and [`faults`] befall them, the [`network`] carries what they say, [`truth`] is
//! what must hold.

mod announcing;
mod asking;
mod blocks;
mod calls;
mod cards;
mod changes;
mod contacts;
mod devices;
mod faults;
mod files;
mod keeping;
mod links;
mod mentions;
mod network;
mod notices;
mod owner;
mod people;
mod profiles;
mod reads;
mod receipts;
mod reports;
mod said;
mod search;
mod sessions;
mod truth;
mod wishes;
mod written;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::rc::Rc;

use serde_json::Value;
use tideline_client::{Action, Engine, Input, Link, Output, View};
use tideline_server::{Address, CallId, Unreachable};
use tideline_shared::{ConversationId, Timestamp, UserId};

use crate::device::Device;
use crate::profile::Profile;
use crate::random::Stream;
use crate::script::Script;
use crate::service::{Service, SocketId};
use crate::{Mistake, Plan, Run};

use calls::Calls;
use reads::Raising;
pub(crate) use sessions::Signed;

/// When it all begins, in milliseconds since 1970.
const BEGIN: u64 = 1_800_000_000_000;
/// How long things go wrong.
const TROUBLE_MS: u64 = 90_000;
/// How long the world then has to come to rest.
const REST_MS: u64 = 240_000;
/// More events than any run has that comes to rest.
const ENOUGH: u64 = 2_000_000;
const SIXTY_DAYS_MS: u64 = 60 * 24 * 3_600_000;

/// What is to happen.
enum Event {
    Arrives {
        from: Address,
        life: u64,
        id: CallId,
        to: Address,
        body: Rc<str>,
        again: bool,
    },
    Returns {
        to: Address,
        life: u64,
        id: CallId,
        answer: Result<String, Unreachable>,
    },
    /// A page says what it is; once more.
    LookedAgain {
        to: Address,
        life: u64,
        id: CallId,
        answer: String,
    },
    Timer {
        of: Address,
        life: u64,
    },
    Alarm {
        of: Address,
        due: Timestamp,
    },
    Opens {
        device: usize,
        life: u64,
        link: Link,
    },
    Up {
        socket: SocketId,
        text: String,
    },
    Gone {
        socket: SocketId,
    },
    Down {
        socket: SocketId,
        text: Rc<str>,
    },
    Closed {
        socket: SocketId,
    },
    Breaks {
        socket: SocketId,
    },
    Says {
        device: usize,
        life: u64,
        input: Input,
    },
    Loads {
        device: usize,
        life: u64,
        prefix: String,
    },
    Acts {
        device: usize,
    },
    Trouble,
    SignsIn {
        device: usize,
    },
    Back {
        device: usize,
    },
}

/// The other end of a socket.
#[derive(Clone, Copy)]
struct Line {
    device: usize,
    life: u64,
    link: Link,
    /// Nothing gets through any more, and nobody knows.
    cut: bool,
    /// When the last thing arrives that is on its way, up and down: a socket keeps its order.
    up: u64,
    down: u64,
}

/// One world.
pub(crate) struct World {
    now: u64,
    /// How far the service's clock is behind.
    behind: u64,
    /// Until when it stands still, and what it shows then.
    stopped: Option<(u64, u64)>,
    /// How far all clocks have leapt ahead of the loop's.
    leapt: u64,
    script: Rc<Script>,
    mistake: Option<Mistake>,
    service: Service,
    devices: Vec<Device>,
    conversations: Vec<ConversationId>,
    group: ConversationId,
    people: Vec<UserId>,
    /// The newest way into the group, for the one who comes and goes.
    token: String,
    /// Ways into the group that were withdrawn, and acknowledged so.
    revoked: Vec<String>,
    links: Vec<links::Link>,
    lines: BTreeMap<SocketId, Line>,
    /// Between two actors, calls arrive in the order in which they left.
    pairs: BTreeMap<(Address, Address), u64>,
    calls: Calls,
    events: BinaryHeap<Reverse<(u64, u64)>>,
    pending: BTreeMap<u64, Event>,
    next_event: u64,
    /// Events so far.
    happened: u64,
    /// Place of each message that was acknowledged, by conversation and id.
    acknowledged: BTreeMap<(ConversationId, String), u64>,
    /// Who ever said that messages to everybody do not mean them, and where.
    deaf: BTreeSet<(UserId, ConversationId)>,
    /// How far everybody said they read.
    reads: BTreeMap<(UserId, ConversationId), u64>,
    /// What somebody says they read at this moment.
    raising: Option<Raising>,
    /// What each user name's password may be, if it is not the first one.
    passwords: BTreeMap<String, Vec<String>>,
    /// Who reports what, as far as the service took it.
    reported: BTreeSet<String>,
    violation: Option<String>,
    written: u64,
}

/// Plays to the end, or to the first violation.
pub(crate) fn play(plan: &Plan, verbose: bool) -> Run {
    let script = Rc::new(Script::new(plan.seed, plan.only.clone(), verbose));
    let mut world = World::new(plan, Rc::clone(&script));
    world.trouble(plan.faults);
    world.rest();
    world.check();
    world.hear_service();
    let (played, mut tally) = script.end();
    tally.written = world.written;
    tally.stored = world.conversations.iter().map(|&id| world.truth(id).len() as u64).sum();
    Run { tally, violation: world.violation, played }
}

impl World {
    fn new(plan: &Plan, script: Rc<Script>) -> Self {
        let random = Stream::of(plan.seed, "service");
        let mut world = Self {
            now: BEGIN,
            behind: 0,
            stopped: None,
            leapt: 0,
            service: Service::new(random, Rc::clone(&script), plan.mistake),
            devices: Vec::new(),
            conversations: Vec::new(),
            group: ConversationId::new(BEGIN, [1; 10]),
            people: Vec::new(),
            token: String::new(),
            revoked: Vec::new(),
            links: Vec::new(),
            lines: BTreeMap::new(),
            pairs: BTreeMap::new(),
            calls: Calls::default(),
            events: BinaryHeap::new(),
            pending: BTreeMap::new(),
            next_event: 0,
            happened: 0,
            acknowledged: BTreeMap::new(),
            deaf: BTreeSet::new(),
            reads: BTreeMap::new(),
            raising: None,
            passwords: BTreeMap::new(),
            reported: BTreeSet::new(),
            violation: None,
            written: 0,
            script,
            mistake: plan.mistake,
        };
        world.tell_time();
        world.people(plan.seed);
        world
    }

    fn post(&mut self, cookie: &str, path: &str, command: &Value) -> Value {
        let (_, answer, _) = self.service.post(Some(cookie), path, &command.to_string());
        self.take_asked();
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// The same with a body that is not text.
    fn post_bytes(&mut self, cookie: &str, path: &str, body: &[u8]) {
        self.service.post_bytes(Some(cookie), path, body);
        self.take_asked();
    }

    fn violate(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    /// Takes over what the service did that it must not do.
    fn hear_service(&mut self) {
        if let Some(what) = self.service.violation.take() {
            self.violate(what);
        }
    }

    // ---- time

    fn at(&mut self, time: u64, event: Event) {
        self.next_event += 1;
        self.events.push(Reverse((time.max(self.now), self.next_event)));
        self.pending.insert(self.next_event, event);
    }

    fn delay(&self) -> u64 {
        1 + self.script.below("a delay", self.script.faults().delay_ms)
    }

    fn strikes(&self, what: &'static str, per_million: u64) -> bool {
        self.script.strikes(what, per_million)
    }

    fn service_now(&self) -> u64 {
        match self.stopped {
            Some((until, shows)) if self.now < until => shows,
            _ => self.now + self.leapt - self.behind,
        }
    }

    /// What time it is in the loop when the service's clock shows `shows`.
    fn loop_time(&self, shows: Timestamp) -> u64 {
        (shows.0 + self.behind).saturating_sub(self.leapt)
    }

    fn device_now(&self, device: usize) -> u64 {
        (self.now + self.leapt).saturating_add_signed(self.devices[device].ahead)
    }

    fn tell_time(&self) {
        self.script.set_now(self.now - BEGIN);
        self.service.set_now(self.now, self.service_now());
    }

    fn run_until(&mut self, end: u64) {
        while let Some(&Reverse((time, number))) = self.events.peek() {
            if time > end || self.violation.is_some() {
                break;
            }
            self.events.pop();
            self.happened += 1;
            if self.happened > ENOUGH {
                self.violate("the world does not come to rest".to_owned());
            }
            self.now = time;
            self.tell_time();
            if let Some(event) = self.pending.remove(&number) {
                self.happen(event);
            }
            self.take_asked();
            self.hear_service();
        }
        self.now = self.now.max(end);
        self.tell_time();
    }

    fn trouble(&mut self, faults: Profile) {
        self.run_until(BEGIN + 5_000);
        self.script.set_faults(faults);
        self.at(self.now + 1_000, Event::Trouble);
        self.run_until(BEGIN + TROUBLE_MS);
    }

    /// Faults and people stop; everybody has a network.
    fn rest(&mut self) {
        self.script.set_faults(Profile::calm());
        for device in 0..self.devices.len() {
            self.come_back(device);
            self.input(device, Input::Do(Action::Show(None)));
        }
        self.run_until(BEGIN + TROUBLE_MS + REST_MS);
    }

    fn is_trouble(&self) -> bool {
        self.now < BEGIN + TROUBLE_MS
    }

    // ---- events

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives { from, life, id, to, body, again } => {
                let answer = self.service.call(to, &body);
                if answer.as_ref().is_some_and(|answer| answer.starts_with(r#"{"Ok""#)) {
                    self.check_confirmed(to, &body);
                }
                if again {
                    return;
                }
                let lost = self.strikes("an answer lost", self.script.faults().answer_lost);
                let answer = answer.filter(|_| !lost);
                let answer = answer.ok_or_else(|| Unreachable("no answer".to_owned()));
                let time = self.now + self.delay();
                self.at(time, Event::Returns { to: from, life, id, answer });
            }
            Event::Returns { to, life, id, answer } => {
                self.end_call(to, life, id);
                self.service.returned(to, life, id, answer);
            }
            Event::LookedAgain { to, life, id, answer } => {
                self.service.returned(to, life, id, Ok(answer));
            }
            Event::Timer { of, life } => self.service.timer(of, life),
            Event::Alarm { of, due } => self.alarm(of, due),
            Event::Opens { device, life, link } => self.open(device, life, link),
            Event::Up { socket, text } => self.arrive(socket, &text),
            Event::Gone { socket } => {
                self.lines.remove(&socket);
                self.service.drop_socket(socket);
            }
            Event::Breaks { socket } => self.service.drop_socket(socket),
            Event::Down { socket, text } => {
                if let Some(line) = self.lines.get(&socket).copied()
                    && self.holds(line, socket)
                {
                    self.hear(line, &text);
                }
            }
            Event::Closed { socket } => {
                if let Some(line) = self.lines.remove(&socket)
                    && self.holds(line, socket)
                {
                    self.devices[line.device].sockets.remove(&line.link);
                    self.input(line.device, Input::Closed(line.link));
                }
            }
            Event::Says { device, life, input } => {
                if self.devices[device].life == life {
                    self.input(device, input);
                }
            }
            Event::Loads { device, life, prefix } => {
                if self.devices[device].life == life {
                    let rows = self.devices[device].below(&prefix);
                    self.input(device, Input::Loaded { prefix, rows });
                }
            }
            Event::Acts { device } => self.act(device),
            Event::Trouble => self.make_trouble(),
            Event::SignsIn { device } => self.sign_in_again(device),
            Event::Back { device } => self.come_back(device),
        }
    }

    fn alarm(&mut self, of: Address, due: Timestamp) {
        if self.service.alarm_of(of) != Some(due) {
            return;
        }
        if self.service_now() < due.0 {
            // A clock that stands still is looked at again and again.
            let time = self.loop_time(due).max(self.now + 100);
            return self.at(time, Event::Alarm { of, due });
        }
        self.service.alarm(of);
        if self.strikes("an alarm doubled", self.script.faults().alarm) {
            self.service.timer(of, self.service.life(of));
        }
    }

    // ---- devices

    fn begin(&mut self, device: usize) {
        let now = self.device_now(device);
        let one = &mut self.devices[device];
        one.life += 1;
        one.engine = Engine::new(one.me);
        let random = one.random.at(now);
        let outputs = one.engine.start(now, &mut |bytes: &mut [u8]| random.fill(bytes));
        self.obey(device, outputs);
        self.input(device, Input::Visible(true));
    }

    fn input(&mut self, device: usize, input: Input) {
        let now = self.device_now(device);
        let one = &mut self.devices[device];
        let random = one.random.at(now);
        let outputs = one.engine.handle(now, &mut |bytes: &mut [u8]| random.fill(bytes), input);
        self.obey(device, outputs);
    }

    fn obey(&mut self, device: usize, outputs: Vec<Output>) {
        let life = self.devices[device].life;
        for output in outputs {
            match output {
                Output::Connect(link) => {
                    let time = self.now + self.delay();
                    self.at(time, Event::Opens { device, life, link });
                }
                Output::Send(link, text) => self.send(device, link, text),
                Output::Disconnect(link) => self.hang_up(device, link),
                Output::Store(writes) => self.devices[device].keep(writes),
                Output::Load { prefix } => {
                    let time = self.now + 1 + self.script.below("a disk", 20);
                    self.at(time, Event::Loads { device, life, prefix });
                }
                Output::WakeAt(at) if at <= self.device_now(device) => {
                    self.violate(format!("device {device} wakes for what it does not do"));
                }
                Output::WakeAt(at) => {
                    let time = at
                        .saturating_sub(self.leapt)
                        .saturating_add_signed(-self.devices[device].ahead);
                    self.at(time, Event::Says { device, life, input: Input::Wake });
                }
                Output::NotKept => self.violate(format!("device {device} has no room")),
                Output::Outdated => self.violate(format!("device {device} is outdated")),
                Output::Refused { alteration, .. } => {
                    let refused = self.devices[device].edited.iter_mut().filter(|one| {
                        (one.conversation, one.seq, &one.text)
                            == (alteration.conversation, alteration.seq, &alteration.words)
                    });
                    refused.for_each(|one| one.may_miss = true);
                }
                Output::SignedOut(reject) => self.signed_out(device, reject.code),
                Output::Changed(View::Uploads) => self.say_uploaded(device),
                Output::Changed(_) | Output::Answered(_) => {}
            }
        }
    }
}

fn path(conversation: ConversationId) -> String {
    format!("/api/conversations/{conversation}")
}
