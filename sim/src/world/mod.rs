//! Service, network and devices in one loop of virtual time.
//!
//! [`people`] act in it and faults befall them; [`truth`] is what must hold in the end.

mod people;
mod truth;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use serde_json::Value;
use tideline_client::{Action, Engine, Input, Link, Mirror, Output};
use tideline_server::{Address, CallId, Unreachable};
use tideline_shared::{ConversationId, Timestamp, limits};

use crate::device::Device;
use crate::profile::Profile;
use crate::random::Random;
use crate::service::{Asked, Service, SocketId};
use crate::tally::Tally;

/// When it all begins, in milliseconds since 1970.
const BEGIN: u64 = 1_800_000_000_000;
/// How long things go wrong.
const TROUBLE_MS: u64 = 90_000;
/// How long the world then has to come to rest.
const REST_MS: u64 = 240_000;

/// What is to happen.
enum Event {
    Arrives { from: Address, life: u64, id: CallId, to: Address, body: Rc<str>, again: bool },
    Returns { to: Address, life: u64, id: CallId, answer: Result<String, Unreachable> },
    Timer { of: Address, life: u64 },
    Alarm { of: Address, due: Timestamp },
    Opens { device: usize, life: u64, link: Link },
    Up { socket: SocketId, text: String },
    Gone { socket: SocketId },
    Down { socket: SocketId, text: Rc<str> },
    Closed { socket: SocketId },
    Says { device: usize, life: u64, input: Input },
    Loads { device: usize, life: u64, prefix: String },
    Acts { device: usize },
    Trouble,
    Back { device: usize },
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

/// What was violated.
pub type Violation = String;

/// One world.
pub(crate) struct World {
    now: u64,
    /// How far the service's clock is behind.
    behind: u64,
    random: Random,
    faults: Profile,
    service: Service,
    devices: Vec<Device>,
    conversations: Vec<ConversationId>,
    group: ConversationId,
    /// The way into the group, for the one who comes and goes.
    token: String,
    lines: BTreeMap<SocketId, Line>,
    /// Between two actors, calls arrive in the order in which they left.
    pairs: BTreeMap<(Address, Address), u64>,
    events: BinaryHeap<Reverse<(u64, u64)>>,
    pending: BTreeMap<u64, Event>,
    next_event: u64,
    /// Place of each message that was acknowledged, by conversation and id.
    acknowledged: BTreeMap<(ConversationId, String), u64>,
    violation: Option<Violation>,
    written: u64,
    verbose: bool,
}

/// Runs one seed to its end, or to the first violation.
pub(crate) fn run(seed: u64, faults: Profile, verbose: bool) -> (Tally, Option<Violation>) {
    let mut world = World::new(seed, verbose);
    world.trouble(faults);
    world.rest();
    world.check();
    let mut tally = world.service.tally.borrow().clone();
    tally.written = world.written;
    tally.stored = world.conversations.iter().map(|&id| world.truth(id).len() as u64).sum();
    (tally, world.violation)
}

impl World {
    fn new(seed: u64, verbose: bool) -> Self {
        let mut random = Random::new(seed);
        let service = Service::new(Random::new(random.next()));
        let mut world = Self {
            now: BEGIN,
            behind: 0,
            faults: Profile::calm(),
            service,
            devices: Vec::new(),
            conversations: Vec::new(),
            group: ConversationId::new(BEGIN, [1; 10]),
            token: String::new(),
            lines: BTreeMap::new(),
            pairs: BTreeMap::new(),
            events: BinaryHeap::new(),
            pending: BTreeMap::new(),
            next_event: 0,
            acknowledged: BTreeMap::new(),
            violation: None,
            written: 0,
            random,
            verbose,
        };
        world.service.set_now(world.now);
        world.people();
        world
    }

    fn post(&mut self, cookie: &str, path: &str, command: &Value) -> Value {
        let (_, answer, _) = self.service.post(Some(cookie), path, &command.to_string());
        self.take_asked();
        serde_json::from_str(&answer).unwrap_or_default()
    }

    fn violate(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    fn log(&self, what: impl FnOnce() -> String) {
        if self.verbose {
            println!("{:>8} {}", self.now - BEGIN, what());
        }
    }

    // ---- time

    fn at(&mut self, time: u64, event: Event) {
        self.next_event += 1;
        self.events.push(Reverse((time.max(self.now), self.next_event)));
        self.pending.insert(self.next_event, event);
    }

    fn delay(&mut self) -> u64 {
        1 + self.random.below(self.faults.delay_ms)
    }

    fn dice(&mut self, per_million: u64, what: &'static str) -> bool {
        let happens = self.random.one_in_a_million(per_million);
        if happens {
            self.service.tally.borrow_mut().fault(what);
        }
        happens
    }

    fn service_now(&self) -> u64 {
        self.now - self.behind
    }

    fn run_until(&mut self, end: u64) {
        while let Some(&Reverse((time, number))) = self.events.peek() {
            if time > end || self.violation.is_some() {
                break;
            }
            self.events.pop();
            self.now = time;
            self.service.set_now(self.service_now());
            if let Some(event) = self.pending.remove(&number) {
                self.happen(event);
            }
            self.take_asked();
        }
        self.now = self.now.max(end);
        self.service.set_now(self.service_now());
    }

    fn trouble(&mut self, faults: Profile) {
        self.run_until(BEGIN + 5_000);
        self.faults = faults;
        self.service.set_faults(faults);
        self.at(self.now + 1_000, Event::Trouble);
        self.run_until(BEGIN + TROUBLE_MS);
    }

    /// Faults and people stop; everybody has a network.
    fn rest(&mut self) {
        self.faults = Profile::calm();
        self.service.set_faults(self.faults);
        for device in 0..self.devices.len() {
            self.come_back(device);
            self.input(device, Input::Do(Action::Show(None)));
        }
        self.run_until(BEGIN + TROUBLE_MS + REST_MS);
    }

    fn is_trouble(&self) -> bool {
        self.now < BEGIN + TROUBLE_MS
    }

    // ---- the service's wishes

    fn take_asked(&mut self) {
        loop {
            let asked = self.service.take_asked();
            if asked.is_empty() {
                return;
            }
            asked.into_iter().for_each(|asked| self.carry_out(asked));
        }
    }

    fn carry_out(&mut self, asked: Asked) {
        match asked {
            Asked::Frame(socket, text) => {
                self.note_acknowledgement(socket, &text);
                if let Some(time) = self.way(socket, |line| &mut line.down) {
                    self.at(time, Event::Down { socket, text });
                }
            }
            Asked::Closed(socket) => {
                if let Some(time) = self.way(socket, |line| &mut line.down) {
                    self.at(time, Event::Closed { socket });
                }
            }
            Asked::Call { from, life, id, to, body } => {
                if self.dice(self.faults.call_lost, "a call lost") {
                    let answer = Err(Unreachable("lost on the way".to_owned()));
                    let time = self.now + self.delay();
                    return self.at(time, Event::Returns { to: from, life, id, answer });
                }
                let soonest = self.now + self.delay();
                let arrival = self.pairs.entry((from, to)).or_default();
                *arrival = soonest.max(*arrival);
                let time = *arrival;
                if self.dice(self.faults.call_doubled, "a call doubled") {
                    let body = Rc::clone(&body);
                    self.at(time, Event::Arrives { from, life, id, to, body, again: true });
                }
                self.at(time, Event::Arrives { from, life, id, to, body, again: false });
            }
            Asked::Timer { of, life, ms } => self.at(self.now + ms, Event::Timer { of, life }),
            Asked::Alarm { of } => {
                let Some(due) = self.service.alarm_of(of) else { return };
                let mut time = due.0 + self.behind;
                if self.dice(self.faults.alarm, "an alarm late") {
                    time += self.random.below(10_000);
                }
                self.at(time, Event::Alarm { of, due });
            }
        }
    }

    /// When the next thing on a socket arrives; none when it does not.
    fn way(&mut self, socket: SocketId, of: impl FnOnce(&mut Line) -> &mut u64) -> Option<u64> {
        let soonest = self.now + self.delay();
        let cut = self.dice(self.faults.socket_cut, "a socket cut");
        let line = self.lines.get_mut(&socket)?;
        line.cut |= cut;
        if line.cut {
            return None;
        }
        let last = of(line);
        *last = soonest.max(*last);
        Some(*last)
    }

    fn note_acknowledgement(&mut self, socket: SocketId, text: &str) {
        if !text.contains(r#""type":"sent""#) {
            return;
        }
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let (id, seq) = (frame["reply"]["id"].as_str(), frame["reply"]["seq"].as_u64());
        let Some(Mirror::Conversation(conversation)) =
            self.lines.get(&socket).map(|line| line.link.mirror)
        else {
            return;
        };
        let (Some(id), Some(seq)) = (id, seq) else { return };
        let known = *self.acknowledged.entry((conversation, id.to_owned())).or_insert(seq);
        if known != seq {
            self.violate(format!("message {id} was acknowledged as {known} and as {seq}"));
        }
    }

    // ---- events

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives { from, life, id, to, body, again } => {
                let answer = self.service.call(to, &body);
                if again {
                    return;
                }
                let lost = self.dice(self.faults.answer_lost, "an answer lost");
                let answer = answer.filter(|_| !lost);
                let answer = answer.ok_or_else(|| Unreachable("no answer".to_owned()));
                let time = self.now + self.delay();
                self.at(time, Event::Returns { to: from, life, id, answer });
            }
            Event::Returns { to, life, id, answer } => self.service.returned(to, life, id, answer),
            Event::Timer { of, life } => self.service.timer(of, life),
            Event::Alarm { of, due } => self.alarm(of, due),
            Event::Opens { device, life, link } => self.open(device, life, link),
            Event::Up { socket, text } => self.service.frame(socket, &text),
            Event::Gone { socket } => {
                self.lines.remove(&socket);
                self.service.drop_socket(socket);
            }
            Event::Down { socket, text } => {
                if let Some(line) = self.lines.get(&socket).copied()
                    && self.holds(line, socket)
                {
                    self.input(line.device, Input::Frame(line.link, text.to_string()));
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
            Event::Back { device } => self.come_back(device),
        }
    }

    fn alarm(&mut self, of: Address, due: Timestamp) {
        if self.service.alarm_of(of) != Some(due) {
            return;
        }
        if self.service_now() < due.0 {
            return self.at(due.0 + self.behind, Event::Alarm { of, due });
        }
        self.service.alarm(of);
        if self.dice(self.faults.alarm, "an alarm doubled") {
            self.service.timer(of, self.service.life(of));
        }
    }

    /// Whether the device still has this socket.
    fn holds(&self, line: Line, socket: SocketId) -> bool {
        let device = &self.devices[line.device];
        device.life == line.life && device.sockets.get(&line.link) == Some(&socket)
    }

    fn open(&mut self, device: usize, life: u64, link: Link) {
        if self.devices[device].life != life || !self.devices[device].online {
            return;
        }
        let cookie = self.devices[device].cookie.clone();
        let path = match link.mirror {
            Mirror::Account => "/api/account".to_owned(),
            Mirror::Conversation(id) => path(id),
        };
        let time = self.now + self.delay();
        match self.service.open(&cookie, &path) {
            Ok(socket) => {
                let line = Line { device, life, link, cut: false, up: 0, down: time };
                self.lines.insert(socket, line);
                self.devices[device].sockets.insert(link, socket);
                self.at(time, Event::Says { device, life, input: Input::Opened(link) });
            }
            Err(refusal) => {
                let mut inputs = vec![Input::Closed(link)];
                if let Some(refusal) = refusal {
                    inputs.insert(0, Input::Frame(link, refusal.frame));
                    inputs.insert(0, Input::Opened(link));
                }
                for input in inputs {
                    self.at(time, Event::Says { device, life, input });
                }
            }
        }
    }

    // ---- devices

    fn begin(&mut self, device: usize) {
        let one = &mut self.devices[device];
        one.life += 1;
        one.engine = Engine::new(one.me);
        let now = self.now + one.ahead;
        let random = &mut self.random;
        let outputs = one.engine.start(now, &mut |bytes: &mut [u8]| random.fill(bytes));
        self.obey(device, outputs);
        self.input(device, Input::Visible(true));
    }

    fn input(&mut self, device: usize, input: Input) {
        let one = &mut self.devices[device];
        let now = self.now + one.ahead;
        let random = &mut self.random;
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
                    let time = self.now + 1 + self.random.below(20);
                    self.at(time, Event::Loads { device, life, prefix });
                }
                Output::WakeAt(at) => {
                    let time = at.saturating_sub(self.devices[device].ahead);
                    self.at(time, Event::Says { device, life, input: Input::Wake });
                }
                Output::SignedOut(reject) => {
                    self.violate(format!("device {device} was signed out: {:?}", reject.code));
                }
                Output::Changed(_) | Output::Answered(_) => {}
            }
        }
    }

    fn send(&mut self, device: usize, link: Link, text: String) {
        let Some(&socket) = self.devices[device].sockets.get(&link) else { return };
        let Some(time) = self.way(socket, |line| &mut line.up) else { return };
        if text != limits::PING {
            return self.at(time, Event::Up { socket, text });
        }
        // The runtime answers by itself.
        if let Some(time) = self.way(socket, |line| &mut line.down) {
            self.at(time, Event::Down { socket, text: limits::PONG.into() });
        }
    }

    fn hang_up(&mut self, device: usize, link: Link) {
        if let Some(socket) = self.devices[device].sockets.remove(&link) {
            let after = self.lines.get(&socket).map_or(self.now, |line| line.up);
            let time = after.max(self.now) + self.delay();
            self.at(time, Event::Gone { socket });
        }
    }

    fn lose_sockets(&mut self, device: usize) {
        let links: Vec<_> = self.devices[device].sockets.keys().copied().collect();
        links.into_iter().for_each(|link| self.hang_up(device, link));
    }

    fn come_back(&mut self, device: usize) {
        if !self.devices[device].online {
            self.devices[device].online = true;
            self.input(device, Input::Online);
        }
    }
}

fn path(conversation: ConversationId) -> String {
    format!("/api/conversations/{conversation}")
}
