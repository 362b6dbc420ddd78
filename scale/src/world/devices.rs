//! Devices: the real engine with a store that is a map.

use std::collections::BTreeMap;

use tideline_client::{Action, Engine, Input, Link, Mirror, Output, Write};
use tideline_shared::{ConversationId, limits};

use super::{Event, FRAME_MS, World};
use crate::random::Random;
use crate::world::service::SocketId;

/// One browser of somebody's.
pub(super) struct Device {
    pub(super) person: usize,
    pub(super) engine: Engine,
    store: BTreeMap<String, String>,
    /// Counts the times that the app was opened.
    life: u64,
    is_open: bool,
    sockets: BTreeMap<Link, SocketId>,
    random: Random,
}

impl World {
    /// A browser in which somebody is signed in, and the app is closed.
    pub fn device(&mut self, person: usize) -> usize {
        let seed = 1_000 + self.devices.len() as u64;
        self.devices.push(Device {
            person,
            engine: Engine::new(self.people[person].user),
            store: BTreeMap::new(),
            life: 0,
            is_open: false,
            sockets: BTreeMap::new(),
            random: Random::of(seed),
        });
        self.devices.len() - 1
    }

    /// Opens the app, and looks at it.
    pub fn open(&mut self, device: usize) {
        let user = self.people[self.devices[device].person].user;
        let one = &mut self.devices[device];
        one.life += 1;
        one.is_open = true;
        one.engine = Engine::new(user);
        let random = &mut one.random;
        let outputs = one.engine.start(self.now, &mut |bytes: &mut [u8]| random.fill(bytes));
        self.obey(device, outputs);
        self.input(device, Input::Visible(true));
    }

    /// Closes the app.
    pub fn close(&mut self, device: usize) {
        let one = &mut self.devices[device];
        one.life += 1;
        one.is_open = false;
        for socket in std::mem::take(&mut one.sockets).into_values() {
            self.lines.remove(&socket);
            self.service.drop_socket(socket);
        }
    }

    /// Whether the app is open there.
    #[must_use]
    pub fn is_open(&self, device: usize) -> bool {
        self.devices[device].is_open
    }

    /// The person does something.
    pub fn act(&mut self, device: usize, action: Action) {
        self.input(device, Input::Do(action));
    }

    /// The person says something.
    pub fn say_in(&mut self, device: usize, conversation: ConversationId, text: &str) {
        let (text, files) = (text.to_owned(), Vec::new());
        self.act(device, Action::Send { conversation, text, reply_to: None, files });
    }

    /// The person looks at a conversation, or at none.
    pub fn show(&mut self, device: usize, conversation: Option<ConversationId>) {
        self.act(device, Action::Show(conversation));
    }

    /// Messages that this person has not read, as the device shows it.
    #[must_use]
    pub fn unread(&self, device: usize) -> u64 {
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        inbox.iter().map(|item| item.unread).sum()
    }

    fn input(&mut self, device: usize, input: Input) {
        let one = &mut self.devices[device];
        let random = &mut one.random;
        let outputs =
            one.engine.handle(self.now, &mut |bytes: &mut [u8]| random.fill(bytes), input);
        self.obey(device, outputs);
    }

    /// Something happens to a device, unless the app was closed meanwhile.
    pub(super) fn say(&mut self, device: usize, life: u64, input: Input) {
        if self.devices[device].life == life {
            self.input(device, input);
        }
    }

    fn obey(&mut self, device: usize, outputs: Vec<Output>) {
        let life = self.devices[device].life;
        let says = |input| Event::Says { device, life, input };
        for output in outputs {
            match output {
                Output::Connect(link) => {
                    self.at(self.now + FRAME_MS, Event::Opens { device, life, link });
                }
                Output::Send(link, text) if text == limits::PING => {
                    // The runtime answers by itself.
                    let pong = Input::Frame(link, limits::PONG.to_owned());
                    self.at(self.now + 2 * FRAME_MS, says(pong));
                }
                Output::Send(link, text) => {
                    if let Some(&socket) = self.devices[device].sockets.get(&link) {
                        self.at(self.now + FRAME_MS, Event::Up { socket, text });
                    }
                }
                Output::Disconnect(link) => {
                    if let Some(socket) = self.devices[device].sockets.remove(&link) {
                        self.lines.remove(&socket);
                        self.service.drop_socket(socket);
                    }
                }
                Output::Store(writes) => self.devices[device].keep(writes),
                Output::Load { prefix } => {
                    let rows = self.devices[device].below(&prefix);
                    self.at(self.now + 1, says(Input::Loaded { prefix, rows }));
                }
                Output::WakeAt(at) => self.at(at, says(Input::Wake)),
                Output::SignedOut(reject) => panic!("device {device} is signed out: {reject:?}"),
                Output::NotKept => panic!("device {device} has no room"),
                Output::Outdated => panic!("device {device} is outdated"),
                Output::Changed(_) | Output::Answered(_) | Output::Refused { .. } => {}
            }
        }
    }

    pub(super) fn connect(&mut self, device: usize, life: u64, link: Link) {
        if self.devices[device].life != life {
            return;
        }
        let person = &self.people[self.devices[device].person];
        let path = match link.mirror {
            Mirror::Account => "/api/account".to_owned(),
            Mirror::Conversation(id) => format!("/api/conversations/{id}"),
        };
        let input = match self.service.open(&person.cookie, &person.address, &path) {
            Some(socket) => {
                self.lines.insert(socket, (device, life, link));
                self.devices[device].sockets.insert(link, socket);
                Input::Opened(link)
            }
            None => Input::Closed(link),
        };
        self.at(self.now + FRAME_MS, Event::Says { device, life, input });
    }

    /// The service closed a socket.
    pub(super) fn lost(&mut self, socket: SocketId) {
        let Some((device, life, link)) = self.lines.remove(&socket) else { return };
        self.devices[device].sockets.remove(&link);
        let input = Input::Closed(link);
        self.at(self.now + FRAME_MS, Event::Says { device, life, input });
    }
}

impl Device {
    fn keep(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Put { key, value } => drop(self.store.insert(key, value)),
                Write::Delete { key } => drop(self.store.remove(&key)),
                Write::DeleteAll { prefix } => {
                    self.store.retain(|key, _| !key.starts_with(&prefix));
                }
            }
        }
    }

    fn below(&self, prefix: &str) -> Vec<(String, String)> {
        let rows = self.store.range(prefix.to_owned()..);
        let rows = rows.take_while(|(key, _)| key.starts_with(prefix));
        rows.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}
