//! Who they are, what they do, and what befalls them.

use serde_json::{Value, json};
use tideline_client::{Action, Input};
use tideline_shared::{ConversationId, UserId};

use super::{Event, World, path};
use crate::device::{Device, Written};

/// People, and how many devices each has.
const PEOPLE: [usize; 5] = [2, 1, 3, 1, 1];
/// The one who leaves the group and comes back.
const ROAMER: usize = 3;

impl World {
    /// Everybody registers, and meets in a group and in pairs.
    pub(super) fn people(&mut self) {
        let mut people = Vec::new();
        for (person, &devices) in PEOPLE.iter().enumerate() {
            let command = json!({"type": "register", "user_name": format!("person{person}"),
                                 "password": "password of it"});
            let (_, answer, cookie) = self.service.post(None, "/api/session", &command.to_string());
            let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
            let me: Option<UserId> = answer["user"].as_str().and_then(|user| user.parse().ok());
            let (Some(me), Some(cookie)) = (me, cookie) else {
                self.violate(format!("person {person} cannot register: {answer}"));
                return;
            };
            let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            people.push((me, cookie.clone()));
            for _ in 0..devices {
                let ahead = self.random.below(8 * 3_600_000);
                self.devices.push(Device::new(me, cookie.clone(), ahead));
            }
        }
        let (_, first) = people[0].clone();
        self.post(&first, &path(self.group), &json!({"type": "create_group", "name": "Tide pool"}));
        let invite = self.post(&first, &path(self.group), &json!({"type": "create_invite"}));
        self.token = invite["token"].as_str().unwrap_or_default().to_owned();
        self.conversations.push(self.group);
        for (_, cookie) in people.iter().skip(1) {
            self.post(cookie, "/api/invites", &json!({"type": "join", "token": self.token}));
        }
        for (one, other) in [(0, 1), (1, 2), (0, 3)] {
            let id = ConversationId::direct(people[one].0, people[other].0);
            let command = json!({"type": "start_direct", "peer": people[other].0});
            self.post(&people[one].1, &path(id), &command);
            self.conversations.push(id);
        }
        for device in 0..self.devices.len() {
            self.begin(device);
            let first = self.now + 1_000 + self.random.below(2_000);
            self.at(first, Event::Acts { device });
        }
    }

    pub(super) fn act(&mut self, device: usize) {
        if !self.is_trouble() {
            return;
        }
        let next = self.now + 50 + self.random.below(1_500);
        self.at(next, Event::Acts { device });
        let items = self.devices[device].engine.inbox().unwrap_or_default();
        let known: Vec<_> = items.iter().map(|item| item.conversation).collect();
        let Some(&conversation) = self.random.pick(&known) else { return };
        match self.random.below(20) {
            0..12 => {
                for _ in 0..=self.random.below(3) {
                    self.write(device, conversation);
                }
            }
            12..15 => self.input(device, Input::Do(Action::Show(Some(conversation)))),
            15 => self.input(device, Input::Do(Action::Show(None))),
            16 => self.input(device, Input::Do(Action::Older)),
            17 => self.input(device, Input::Do(Action::Newest)),
            18 => {
                let visible = self.random.below(2) == 0;
                self.input(device, Input::Visible(visible));
            }
            _ => self.roam(device),
        }
    }

    fn write(&mut self, device: usize, conversation: ConversationId) {
        self.written += 1;
        let text = format!("device {device}, message {}.", self.written);
        self.log(|| format!("device {device} writes {text:?} to {conversation}"));
        // Whoever comes and goes may be gone when it arrives.
        let may_miss = self.is_roamer(device) && conversation == self.group;
        let written = Written { conversation, text: text.clone(), may_miss };
        self.devices[device].written.push(written);
        self.input(device, Input::Do(Action::Send { conversation, text }));
    }

    fn is_roamer(&self, device: usize) -> bool {
        device == PEOPLE[..ROAMER].iter().sum::<usize>()
    }

    fn roam(&mut self, device: usize) {
        if !self.is_roamer(device) {
            return;
        }
        let cookie = self.devices[device].cookie.clone();
        if self.random.below(2) == 0 {
            self.post(&cookie, &path(self.group), &json!({"type": "leave"}));
        } else {
            let token = self.token.clone();
            self.post(&cookie, "/api/invites", &json!({"type": "join", "token": token}));
        }
    }

    pub(super) fn make_trouble(&mut self) {
        if !self.is_trouble() {
            return;
        }
        self.at(self.now + 1_000, Event::Trouble);
        if self.dice(self.faults.restart, "a restart of the runtime") {
            self.log(|| "the runtime restarts".to_owned());
            self.service.restart();
        }
        if self.dice(self.faults.hibernate, "a hibernation") {
            let all = self.service.addresses();
            if let Some(&address) = self.random.pick(&all) {
                self.service.hibernate(address);
            }
        }
        if self.dice(self.faults.clock, "a clock that steps back") {
            self.behind += self.random.below(4_000);
        }
        for device in 0..self.devices.len() {
            if self.devices[device].online && self.dice(self.faults.offline, "a device offline") {
                self.devices[device].online = false;
                self.lose_sockets(device);
                self.input(device, Input::Offline);
                let back = self.now + 1_000 + self.random.below(30_000);
                self.at(back, Event::Back { device });
            }
            let reload = self.dice(self.faults.reload, "a device reloaded");
            let wipe = self.dice(self.faults.wipe, "a device that forgot everything");
            if wipe {
                self.devices[device].store.clear();
                self.devices[device].written.iter_mut().for_each(|one| one.may_miss = true);
            }
            if reload || wipe {
                self.log(|| format!("device {device} starts again, empty: {wipe}"));
                self.lose_sockets(device);
                self.begin(device);
                if !self.devices[device].online {
                    self.input(device, Input::Offline);
                }
            }
        }
    }
}
