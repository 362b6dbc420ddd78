//! Who they are, what they do, and what befalls them.

use serde_json::json;
use tideline_client::{Action, Input, Jump};
use tideline_shared::protocol::RegistrationMode;
use tideline_shared::{ConversationId, Timestamp};

use super::changes::{Change, Deed};
use super::{Event, World, contacts, path, receipts};
use crate::device::Device;
use crate::random::Random;

/// People, and how many devices each has.
pub(super) const PEOPLE: [usize; 5] = [5, 1, 2, 1, 1];
/// The one who leaves the group and comes back.
pub(super) const ROAMER: usize = 3;
/// The one who may delete their account.
pub(super) const MORTAL: usize = 4;
/// As much of a WebP picture of 256 pixels by 256 as says so.
pub(super) const PICTURE: &[u8] = b"RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2f\xff\xc0\x3f\0\0";

impl World {
    /// Everybody registers, and meets in a group and in pairs.
    pub(super) fn people(&mut self, seed: u64) {
        let mut people = Vec::new();
        for (person, &devices) in PEOPLE.iter().enumerate() {
            let name = format!("person{person}");
            let Ok(signed) = self.register(&name) else {
                return self.violate(format!("{name} cannot register"));
            };
            people.push((signed.user, signed.cookie.clone()));
            for device in 0..devices {
                let seed = seed.wrapping_mul(31).wrapping_add(self.devices.len() as u64);
                let anew = if device == 0 { None } else { self.sign_in(&name) };
                let signed = anew.unwrap_or_else(|| signed.clone());
                self.devices.push(Device::new(name.clone(), signed, seed));
            }
        }
        self.people = people.iter().map(|(user, _)| *user).collect();
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
        for device in 0..self.devices.len() {
            self.begin(device);
            self.subscribe(device);
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
        let (does, chance) = (habits.below(76), habits.next());
        self.at(next, Event::Acts { device });
        let conversation = self.conversations[(chance >> 32) as usize % self.conversations.len()];
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        let is_out = self.devices[device].is_out;
        if is_out || !inbox.iter().any(|item| item.conversation == conversation) {
            return;
        }
        let does = match does {
            0..22 => Does::Write { conversation, messages: 1 + chance % 5 },
            22 => Does::Write { conversation, messages: 30 },
            23..28 => Does::Look(Action::Show(Some(conversation))),
            28 => Does::Look(Action::Show(None)),
            29 | 30 => Does::Look(Action::Older),
            31 if chance % 2 == 0 => Does::Look(Action::Newest),
            // Also to what is not there.
            31 => Does::Look(Action::Jump(Jump::To(1 + (chance >> 8) % 200))),
            32 => Does::See(chance % 2 == 0),
            33 if chance % 2 == 0 => Does::Rename(chance >> 8),
            33 => Does::Picture(chance >> 8),
            34 => Does::WhatIsRefused(conversation),
            35 => Does::RenewInvite,
            36 if chance % 4 == 0 => Does::DeleteAccount,
            37 if chance % 8 == 0 => Does::Look(Action::FreeStore),
            37 => Does::Look(Action::Type),
            38 if chance % 2 == 0 => Does::Share(chance >> 8),
            39 if chance % 2 == 0 => Does::Search(conversation),
            40 => Does::Find,
            41 => Does::StartDirect((chance >> 8) as usize % PEOPLE.len()),
            42 if chance % 4 == 0 => Does::NewGroup,
            42 if chance % 4 == 1 => Does::Publish(chance >> 8),
            42 => Does::JoinPublic(chance >> 8),
            38 => Does::LetIn(chance >> 8),
            43 if chance % 4 == 0 => Does::GuestComes,
            43 if chance % 8 == 1 => Does::NewcomerComes,
            44 if chance % 4 == 0 => Does::SignInAnew,
            45 if chance % 4 == 0 => Does::Export,
            46..50 => Does::Govern(Deed::of(chance >> 8)),
            50..56 => Does::Change(conversation, chance, Change::of(chance >> 8)),
            56 | 57 => Does::Block(chance % 2 == 0),
            58 | 59 => Does::Befriend(chance >> 8),
            60 | 63 | 64 => Does::Attach(conversation, chance >> 8),
            61 => Does::Fetch(conversation, chance >> 8),
            62 => Does::Announce(chance >> 8),
            66 | 67 => Does::Administer(chance >> 8),
            68 => Does::Report(conversation, chance >> 8),
            69 if chance % 4 == 0 => Does::KeepSessions(chance >> 8),
            69 => Does::Dismiss,
            70 => Does::ShowTo(chance >> 8),
            71 => Does::ReadProfile((chance >> 8) as usize % PEOPLE.len()),
            72 if chance % 4 == 0 => Does::Link(chance >> 8),
            72..75 => Does::Ask(chance >> 8),
            75 => Does::Look(Action::Jump(Jump::Since(Timestamp(
                self.service_now() - chance % 60_000,
            )))),
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
            Does::Rename(which) => self.rename(&cookie, which),
            Does::ShowTo(which) => self.show_to(&cookie, which),
            Does::ReadProfile(of) => self.read_profile(device, self.people[of]),
            Does::Administer(which) => self.administer(device, which),
            Does::Report(conversation, which) => self.report(device, conversation, which),
            Does::KeepSessions(which) => self.keep_sessions(device, which),
            Does::Dismiss => self.dismiss(device),
            Does::Picture(which) => {
                let (path, of) = match which % 2 {
                    0 => ("/api/account/avatar".to_owned(), "/api/account".to_owned()),
                    _ => (format!("{group}/avatar"), group),
                };
                if which % 8 < 2 {
                    self.post(&cookie, &of, &json!({"type": "remove_avatar"}));
                } else {
                    self.post_bytes(&cookie, &path, PICTURE);
                }
            }
            Does::Share(which) => {
                drop(self.post(&cookie, "/api/account", &receipts::command(which)))
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
                let passwords = self.passwords(&self.devices[device].user_name);
                let command = json!({"type": "delete_account", "password": passwords.first()});
                self.post(&cookie, "/api/session", &command);
            }
            Does::Find => {
                let command = json!({"type": "find", "query": "person"});
                self.post(&cookie, "/api/people", &command);
            }
            Does::Search(conversation) => {
                self.search(self.devices[device].me, &cookie, conversation);
            }
            Does::StartDirect(other) => {
                let (me, peer) = (self.devices[device].me, self.people[other]);
                // Notes to oneself go with the account.
                if me == peer && is_mortal(device) {
                    return;
                }
                let id = ConversationId::direct(me, peer);
                if !self.conversations.contains(&id) {
                    self.conversations.push(id);
                }
                self.post(&cookie, &path(id), &json!({"type": "start_direct", "peer": peer}));
            }
            Does::NewGroup => {
                let mut bytes = [0; 10];
                self.devices[device].habits.fill(&mut bytes);
                let id = ConversationId::new(self.service_now(), bytes);
                self.conversations.push(id);
                let command = json!({"type": "create_group", "name": "Another pool"});
                self.post(&cookie, &path(id), &command);
                let public = json!({"type": "change_record", "public": true});
                self.post(&cookie, &path(id), &public);
            }
            Does::Publish(which) => {
                let Some(id) = self.other_group(which) else { return };
                let command = json!({"type": "change_record", "public": which % 4 != 0,
                                     "approval": which % 8 < 5});
                self.post(&cookie, &path(id), &command);
            }
            Does::JoinPublic(which) => {
                let Some(id) = self.other_group(which) else { return };
                match which % 4 {
                    0..3 => self.post(&cookie, &path(id), &json!({"type": "join"})),
                    _ => self.post(&cookie, &path(id), &json!({"type": "take_back"})),
                };
            }
            Does::Link(which) => self.link(device, which),
            Does::Ask(which) => self.ask(device, which),
            Does::Announce(which) => {
                let Some(id) = self.other_group(which) else { return };
                if which % 8 < 3 {
                    self.announce(&cookie, id, which >> 8);
                } else {
                    self.speak_up(device, id);
                }
            }
            Does::Attach(conversation, which) => self.attach(device, conversation, which),
            Does::Fetch(conversation, which) => self.fetch(device, conversation, which),
            Does::Befriend(which) => {
                // One of two neighbours, so that each has much to do with the other.
                let me = self.devices[device].me;
                let at = self.people.iter().position(|&person| person == me).unwrap_or(0);
                let step = if which.is_multiple_of(2) { 1 } else { PEOPLE.len() - 1 };
                let user = self.people[(at + step) % PEOPLE.len()];
                for chance in
                    [which >> 8, which >> 16].into_iter().take(1 + (which >> 4) as usize % 2)
                {
                    self.post(&cookie, "/api/people", &contacts::command(user, chance));
                }
            }
            Does::LetIn(which) => {
                let Some(id) = self.other_group(which) else { return };
                let asking = self.post(&cookie, &path(id), &json!({"type": "requests"}));
                let how = if which % 2 == 0 { "admit" } else { "turn_away" };
                let user = asking["people"][0]["user"].clone();
                self.post(&cookie, &path(id), &json!({"type": how, "user": user}));
            }
            Does::Change(conversation, which, change) => {
                self.change(device, conversation, which, change);
            }
            Does::Govern(deed) => self.govern(device, deed),
            Does::Block(blocks) => {
                let other = if is_roamer(device) { 0 } else { ROAMER };
                let how = if blocks { "block" } else { "unblock" };
                let command = json!({"type": how, "user": self.people[other]});
                self.post(&cookie, "/api/people", &command);
            }
            Does::GuestComes => self.guest(device),
            Does::NewcomerComes => self.newcomer(),
            Does::SignInAnew => self.sign_in_anew(device),
            Does::Export => self.service.export(&cookie),
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

    /// A group that somebody made later.
    fn other_group(&self, which: u64) -> Option<ConversationId> {
        let others = self.conversations.iter().filter(|id| id.may_be_group() && **id != self.group);
        let others: Vec<_> = others.copied().collect();
        let at = which as usize % others.len().max(1);
        others.get(at).copied()
    }

    /// Somebody follows the invite with just a name, says something, and keeps the account.
    fn guest(&mut self, device: usize) {
        self.written += 1;
        let name = format!("guest{}", self.written);
        let command = json!({"type": "join_as_guest", "token": self.token, "display_name": name});
        let (_, answer, cookie) = self.service.post(None, "/api/invites", &command.to_string());
        self.take_asked();
        let answer = serde_json::from_str(&answer).unwrap_or_default();
        self.check_admitted(&answer, &[RegistrationMode::Open, RegistrationMode::Invite]);
        let Some(cookie) = cookie else { return };
        let id = uuid(&mut self.devices[device].habits);
        let send = json!({"type": "send", "id": id, "text": format!("{name} was here")});
        let answer = self.post(&cookie, &path(self.group), &send);
        if let (Some("sent"), Some(seq)) = (answer["type"].as_str(), answer["seq"].as_u64()) {
            self.acknowledged.insert((self.group, id), seq);
        }
        let keep = json!({"type": "set_credentials", "user_name": name, "password": "a guest's"});
        self.post(&cookie, "/api/session", &keep);
    }

    /// Somebody registers who knows nobody.
    fn newcomer(&mut self) {
        self.written += 1;
        let answer = match self.register(&format!("newcomer{}", self.written)) {
            Ok(_) => json!({"type": "signed_in"}),
            Err(answer) => answer,
        };
        self.check_admitted(&answer, &[RegistrationMode::Open]);
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
    /// By a number that chooses, as are those that follow.
    Rename(u64),
    ShowTo(u64),
    Administer(u64),
    Report(ConversationId, u64),
    KeepSessions(u64),
    /// The profile of one of the [`PEOPLE`].
    ReadProfile(usize),
    /// What everybody is told.
    Dismiss,
    /// Another picture, or none, of oneself or of the group, by a number that chooses.
    Picture(u64),
    /// Shares something of oneself, or does so no more, by a number that chooses.
    Share(u64),
    /// Asks for what nobody gets.
    WhatIsRefused(ConversationId),
    /// Withdraws the group's invite, and makes another.
    RenewInvite,
    Leave,
    Join,
    DeleteAccount,
    Find,
    Search(ConversationId),
    /// With one of the [`PEOPLE`].
    StartDirect(usize),
    NewGroup,
    /// One of the groups besides the first becomes public or private, by a number that chooses.
    Publish(u64),
    JoinPublic(u64),
    /// Whoever asks first to come into such a group is let in or turned away.
    LetIn(u64),
    /// In one of the groups besides the first only those who lead may write, or everybody; or somebody
    /// tries to; by a number that chooses.
    Announce(u64),
    /// Makes a link for few people, which are more, by a number that chooses.
    Link(u64),
    /// Asks for something, by a number that chooses.
    Ask(u64),
    /// A file, by a number that chooses.
    Attach(ConversationId, u64),
    Fetch(ConversationId, u64),
    /// Asks somebody, or whatever else contacts do, once or twice, by a number that chooses.
    Befriend(u64),
    GuestComes,
    NewcomerComes,
    /// To a message of a conversation, by a number that chooses which.
    Change(ConversationId, u64, Change),
    Govern(Deed),
    /// The first one and the one who comes and goes block each other, or do so no more.
    Block(bool),
    SignInAnew,
    Export,
}

impl Does {
    /// Whether it is this device's to do.
    fn concerns(&self, device: usize) -> bool {
        match self {
            Self::RenewInvite => device == 0,
            Self::Block(_) => device == 0 || is_roamer(device),
            Self::Leave | Self::Join => is_roamer(device),
            Self::DeleteAccount => is_mortal(device),
            _ => true,
        }
    }
}

pub(super) fn is_roamer(device: usize) -> bool {
    device == PEOPLE[..ROAMER].iter().sum::<usize>()
}

pub(super) fn is_mortal(device: usize) -> bool {
    device == PEOPLE[..MORTAL].iter().sum::<usize>()
}

/// A message's id.
pub(super) fn uuid(random: &mut Random) -> String {
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
