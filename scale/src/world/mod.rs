//! The service and its devices on one clock, without faults, and everything counted: real actors, real
//! engines, calls and frames that take as long as they may take on a good day.
//!
//! What goes wrong is the simulator's (`sim/`); here nothing does, so that what things cost can be told.

mod devices;
mod object;
mod people;
mod service;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use tideline_client::{Input, Link};
use tideline_server::{Address, CallId};

use crate::count::{Class, Cost};
use devices::Device;
pub use object::TURN_MS;
pub use people::Person;
use service::{Asked, Service, SocketId};

/// When it all begins, in milliseconds since 1970.
const BEGIN: u64 = 1_800_000_000_000;
/// How long a frame is on its way between a device and the service, in milliseconds. Assumed: a device
/// and a data centre in one region.
pub const FRAME_MS: u64 = 20;
/// The same of a call between two objects, or its answer. Assumed likewise.
pub const CALL_MS: u64 = 5;

/// What is to happen.
enum Event {
    Arrives { from: Address, life: u64, id: CallId, to: Address, body: Rc<str> },
    Returns { to: Address, life: u64, id: CallId, answer: String },
    Timer { of: Address, life: u64, at: u64 },
    Alarm { of: Address, at: u64 },
    Opens { device: usize, life: u64, link: Link },
    Up { socket: SocketId, text: String },
    Down { socket: SocketId, text: Rc<str> },
    Says { device: usize, life: u64, input: Input },
}

/// One world.
pub struct World {
    now: u64,
    service: Service,
    people: Vec<Person>,
    devices: Vec<Device>,
    /// Whose socket it is.
    lines: BTreeMap<SocketId, (usize, u64, Link)>,
    events: BinaryHeap<Reverse<(u64, u64)>>,
    pending: BTreeMap<u64, Event>,
    next_event: u64,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        let service = Service::new(7);
        service.set_now(BEGIN);
        Self {
            now: BEGIN,
            service,
            people: Vec::new(),
            devices: Vec::new(),
            lines: BTreeMap::new(),
            events: BinaryHeap::new(),
            pending: BTreeMap::new(),
            next_event: 0,
        }
    }

    /// What each actor cost so far; requests of the Worker are nobody's.
    #[must_use]
    pub fn costs(&self) -> BTreeMap<Address, Cost> {
        self.service.costs()
    }

    /// The same by the kinds of actors.
    #[must_use]
    pub fn by_class(&self) -> BTreeMap<Class, Cost> {
        let mut classes = BTreeMap::new();
        for (address, cost) in self.costs() {
            *classes.entry(Class::of(address)).or_default() += cost;
        }
        classes
    }

    /// What everything cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let objects: Cost = self.costs().into_values().sum();
        Cost { requests: self.service.requests() as f64, ..objects }
    }

    /// Bytes of an actor's database.
    #[must_use]
    pub fn bytes(&self, of: Address) -> u64 {
        self.service.bytes(of)
    }

    /// Lets time pass, and everything happen that is due in it.
    ///
    /// # Panics
    /// When an actor fails: then nothing that was counted means anything.
    pub fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        self.take_asked();
        while let Some(&Reverse((time, number))) = self.events.peek() {
            if time > end {
                break;
            }
            self.events.pop();
            self.set_now(time);
            if let Some(event) = self.pending.remove(&number) {
                self.happen(event);
            }
            self.take_asked();
        }
        self.set_now(end);
        let faults = self.service.faults.borrow();
        assert!(faults.is_empty(), "{faults:?}");
    }

    fn set_now(&mut self, now: u64) {
        self.now = now;
        self.service.set_now(now);
    }

    fn at(&mut self, time: u64, event: Event) {
        self.next_event += 1;
        self.events.push(Reverse((time.max(self.now), self.next_event)));
        self.pending.insert(self.next_event, event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives { from, life, id, to, body } => {
                let answer = self.service.call(to, &body);
                // Answers wait until what was written is confirmed.
                let time = self.now + TURN_MS + CALL_MS;
                self.at(time, Event::Returns { to: from, life, id, answer });
            }
            Event::Returns { to, life, id, answer } => self.service.returned(to, life, id, answer),
            Event::Timer { of, life, at } => self.service.timer(of, life, at),
            Event::Alarm { of, at } => self.service.alarm(of, at),
            Event::Opens { device, life, link } => self.connect(device, life, link),
            Event::Up { socket, text } => self.service.frame(socket, &text),
            Event::Down { socket, text } => {
                if let Some(&(device, life, link)) = self.lines.get(&socket) {
                    self.say(device, life, Input::Frame(link, text.as_ref().to_owned()));
                }
            }
            Event::Says { device, life, input } => self.say(device, life, input),
        }
    }

    /// What turns asked for goes on its way.
    fn take_asked(&mut self) {
        for asked in self.service.take_asked() {
            match asked {
                Asked::Frame(socket, text) => {
                    self.at(self.now + FRAME_MS, Event::Down { socket, text });
                }
                Asked::Closed(socket) => self.lost(socket),
                Asked::Call { from, life, id, to, body } => {
                    self.at(self.now + CALL_MS, Event::Arrives { from, life, id, to, body });
                }
                Asked::Done { of, life, id, answer } => {
                    let time = self.now + 2 * CALL_MS;
                    self.at(time, Event::Returns { to: of, life, id, answer });
                }
                Asked::Timer { of, life, at } => self.at(at, Event::Timer { of, life, at }),
                Asked::Alarm { of, at } => self.at(at, Event::Alarm { of, at }),
            }
        }
    }
}
