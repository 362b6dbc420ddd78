//! Who they are, what they do, and what befalls them.

use serde_json::{Value, json};
use tideline_client::{Action, Input};
use tideline_shared::{ConversationId, UserId};

use super::SIXTY_DAYS_MS;
use super::{Event, World, path};
use crate::device::{Device, Written};
use crate::random::Random;

/// People, and how many devices each has.
const PEOPLE: [usize; 5] = [5, 1, 2, 1, 1];
/// The one who leaves the group and comes back.
const ROAMER: usize = 3;
/// The one who may delete their account.
const MORTAL: usize = 4;

impl World {
    /// Everybody registers, and meets in a group and in pairs.
    pub(super) fn people(&mut self, seed: u64) {
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
                let seed = seed.wrapping_mul(31).wrapping_add(self.devices.len() as u64);
                self.devices.push(Device::new(me, cookie.clone(), seed));
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
        for (one, other) in [(0, 1), (1, 2), (0, 3), (2, MORTAL)] {
            let id = ConversationId::direct(people[one].0, people[other].0);
            let command = json!({"type": "start_direct", "peer": people[other].0});
            self.post(&people[one].1, &path(id), &command);
            self.conversations.push(id);
        }
        self.mortal = people.get(MORTAL).map(|(user, _)| *user);
        for device in 0..self.devices.len() {
            self.begin(device);
            let first = self.now + 1_000 + self.devices[device].habits.below(2_000);
            self.at(first, Event::Acts { device });
        }
    }

    pub(super) fn act(&mut self, device: usize) {
        if !self.is_trouble() {
            return;
        }
        let habits = &mut self.devices[device].habits;
        let next = self.now + 50 + habits.below(1_500);
        let (does, chance) = (habits.below(40), habits.next());
        self.at(next, Event::Acts { device });
        let conversation = self.conversations[(chance >> 32) as usize % self.conversations.len()];
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        if !inbox.iter().any(|item| item.conversation == conversation) {
            return;
        }
        let does = match does {
            0..22 => Does::Write { conversation, messages: 1 + chance % 3 },
            22 => Does::Write { conversation, messages: 30 },
            23..28 => Does::Look(Action::Show(Some(conversation))),
            28 => Does::Look(Action::Show(None)),
            29 | 30 => Does::Look(Action::Older),
            31 => Does::Look(Action::Newest),
            32 => Does::See(chance % 2 == 0),
            33 => Does::Rename,
            34 => Does::WhatIsRefused(conversation),
            35 => Does::RenewInvite,
            36 if chance % 4 == 0 => Does::DeleteAccount,
            _ if chance % 2 == 0 => Does::Leave,
            _ => Does::Join,
        };
        if does.concerns(device)
            && self
                .script
                .plays(&format!("device {device}"), || format!("device {device}: {does:?}"))
        {
            self.carry(device, does);
        }
    }

    fn carry(&mut self, device: usize, does: Does) {
        let (group, cookie) = (path(self.group), self.devices[device].cookie.clone());
        match does {
            Does::Write { conversation, messages } => {
                (0..messages).for_each(|_| self.write(device, conversation));
            }
            Does::Look(action) => self.input(device, Input::Do(action)),
            Does::See(visible) => self.input(device, Input::Visible(visible)),
            Does::Rename => {
                self.written += 1;
                let name = format!("Person {}", self.written);
                let command = json!({"type": "update_profile", "display_name": name,
                                     "gender": "unstated", "signature": ""});
                self.post(&cookie, "/api/account", &command);
            }
            Does::WhatIsRefused(conversation) => {
                let id = uuid(&mut self.devices[device].habits);
                let send = json!({"type": "send", "id": id, "text": " "});
                self.post(&cookie, &path(conversation), &send);
                let token = json!({"type": "revoke_invite", "token": self.token});
                self.post(&cookie, &path(conversation), &token);
                let age = json!({"type": "update_profile", "display_name": "x", "age": 1_000,
                                 "gender": "unstated", "signature": ""});
                self.post(&cookie, "/api/account", &age);
            }
            Does::RenewInvite => {
                let command = json!({"type": "revoke_invite", "token": self.token});
                let answer = self.post(&cookie, &group, &command);
                if answer["type"] == "done" {
                    self.revoked.push(self.token.clone());
                }
                let invite = self.post(&cookie, &group, &json!({"type": "create_invite"}));
                if let Some(token) = invite["token"].as_str() {
                    self.token = token.to_owned();
                }
            }
            Does::DeleteAccount => {
                let command = json!({"type": "delete_account", "password": "password of it"});
                self.post(&cookie, "/api/session", &command);
            }
            Does::Leave => drop(self.post(&cookie, &group, &json!({"type": "leave"}))),
            Does::Join => {
                let command = json!({"type": "join", "token": self.token});
                self.post(&cookie, "/api/invites", &command);
                let Some(old) = self.revoked.last() else { return };
                let answer =
                    self.post(&cookie, "/api/invites", &json!({"type": "join", "token": old}));
                if answer["code"].is_null() && !answer.is_null() {
                    self.violate(format!("a revoked invite let somebody in: {answer}"));
                }
            }
        }
    }

    fn write(&mut self, device: usize, conversation: ConversationId) {
        self.written += 1;
        let text = format!("device {device}, message {}.", self.written);
        // Whoever comes and goes, or ends, may be gone when it arrives.
        let with_mortal = self.conversations.last() == Some(&conversation);
        let may_miss =
            is_roamer(device) && conversation == self.group || is_mortal(device) || with_mortal;
        let written = Written { conversation, text: text.clone(), may_miss };
        self.devices[device].written.push(written);
        self.input(device, Input::Do(Action::Send { conversation, text }));
    }

    pub(super) fn make_trouble(&mut self) {
        if !self.is_trouble() {
            return;
        }
        self.at(self.now + 1_000, Event::Trouble);
        let faults = self.script.faults();
        if self.strikes("a restart of the runtime", faults.restart) {
            self.service.restart();
        }
        if self.strikes("a hibernation", faults.hibernate) {
            let all = self.service.addresses();
            let which = self.script.below("which hibernates", all.len() as u64) as usize;
            if let Some(&address) = all.get(which) {
                self.service.hibernate(address);
            }
        }
        if self.strikes("a clock that steps back", faults.clock) {
            self.behind += self.script.below("how far back", 4_000);
        }
        if self.strikes("a clock that stands still", faults.clock) {
            self.stopped = Some((
                self.now + self.script.below("how long it stands", 8_000),
                self.service_now(),
            ));
        }
        // Twice would be longer than a session lives that nobody uses.
        if self.leapt == 0 && self.strikes("sixty days", faults.sixty_days) {
            self.leapt = SIXTY_DAYS_MS;
        }
        for device in 0..self.devices.len() {
            if self.devices[device].online && self.strikes("a device offline", faults.offline) {
                self.devices[device].online = false;
                self.lose_sockets(device);
                self.input(device, Input::Offline);
                let back = self.now + 1_000 + self.script.below("how long offline", 60_000);
                self.at(back, Event::Back { device });
            }
            let reload = self.strikes("a device reloaded", faults.reload);
            let wipe = self.strikes("a device that forgot everything", faults.wipe);
            if wipe {
                self.devices[device].store.clear();
                self.devices[device].written.iter_mut().for_each(|one| one.may_miss = true);
            }
            if reload || wipe {
                self.lose_sockets(device);
                self.begin(device);
                if !self.devices[device].online {
                    self.input(device, Input::Offline);
                }
            }
        }
    }
}

/// What somebody does.
#[derive(Debug)]
enum Does {
    Write {
        conversation: ConversationId,
        messages: u64,
    },
    Look(Action),
    See(bool),
    Rename,
    /// Asks for what nobody gets.
    WhatIsRefused(ConversationId),
    /// Withdraws the group's invite, and makes another.
    RenewInvite,
    Leave,
    Join,
    DeleteAccount,
}

impl Does {
    /// Whether it is this device's to do.
    fn concerns(&self, device: usize) -> bool {
        match self {
            Self::RenewInvite => device == 0,
            Self::Leave | Self::Join => is_roamer(device),
            Self::DeleteAccount => is_mortal(device),
            _ => true,
        }
    }
}

fn is_roamer(device: usize) -> bool {
    device == PEOPLE[..ROAMER].iter().sum::<usize>()
}

fn is_mortal(device: usize) -> bool {
    device == PEOPLE[..MORTAL].iter().sum::<usize>()
}

/// A message's id.
fn uuid(random: &mut Random) -> String {
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high & 0xffff,
        low & 0xfff,
        (low >> 12) & 0xfff,
        low >> 16
    )
}
