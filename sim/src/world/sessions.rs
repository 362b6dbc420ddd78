//! Sessions that end, and passwords that change: who is signed out had to be, an ended session can do
//! nothing, and what waits on a device is sent once its person has come back.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::{Code, UserId};

use super::{Event, World};
use crate::device::Device;

/// What everybody registers with.
const FIRST_PASSWORD: &str = "password of it";
/// How long somebody waits before they sign in again, in milliseconds.
const PATIENCE_MS: u64 = 3_000;

/// A session that has just begun.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) user: UserId,
    pub(crate) cookie: String,
    /// Its id.
    pub(crate) session: String,
}

impl World {
    /// Makes an account.
    pub(super) fn register(&mut self, user_name: &str) -> Result<Signed, Value> {
        self.enter("register", user_name, FIRST_PASSWORD)
    }

    /// Tries to sign in. Who never heard whether the password changed tries another one next time.
    pub(super) fn sign_in(&mut self, user_name: &str) -> Option<Signed> {
        let mut passwords = self.passwords(user_name);
        let likeliest = passwords.first()?.clone();
        match self.enter("sign_in", user_name, &likeliest) {
            Ok(signed) => {
                self.passwords.insert(user_name.to_owned(), vec![likeliest]);
                Some(signed)
            }
            Err(answer) => {
                if answer["code"] == "wrong_credentials" {
                    passwords.rotate_left(1);
                    self.passwords.insert(user_name.to_owned(), passwords);
                }
                None
            }
        }
    }

    /// What somebody's password may be, the likeliest first.
    pub(super) fn passwords(&self, user_name: &str) -> Vec<String> {
        let known = self.passwords.get(user_name).cloned();
        known.unwrap_or_else(|| vec![FIRST_PASSWORD.to_owned()])
    }

    fn enter(&mut self, how: &str, user_name: &str, password: &str) -> Result<Signed, Value> {
        let command = json!({"type": how, "user_name": user_name, "password": password});
        let (_, answer, cookie) = self.service.post(None, "/api/session", &command.to_string());
        self.take_asked();
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let text = |field: &str| answer[field].as_str().unwrap_or_default().to_owned();
        let (Some(cookie), Ok(user)) = (cookie, text("user").parse()) else { return Err(answer) };
        if self.is_banned(user) {
            self.violate(format!("{user_name} is banned, and came in"));
        }
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Signed { user, cookie, session: text("session") })
    }

    /// A device gets another session, and forgets what the one before kept.
    pub(super) fn sign_in_anew(&mut self, device: usize) {
        let name = self.devices[device].user_name.clone();
        let Some(signed) = self.sign_in(&name) else { return };
        let before = self.devices[device].cookie.clone();
        self.forget_all(device);
        self.come_in(device, signed);
        self.post(&before, "/api/session", &json!({"type": "sign_out"}));
    }

    fn come_in(&mut self, device: usize, signed: Signed) {
        let one = &mut self.devices[device];
        (one.cookie, one.session, one.is_out) = (signed.cookie, signed.session, false);
        self.lose_sockets(device);
        self.begin(device);
        self.subscribe(device);
        if !self.devices[device].online {
            self.input(device, tideline_client::Input::Offline);
        }
    }

    /// The service says to a device that its session is over.
    pub(super) fn signed_out(&mut self, device: usize, why: Code) {
        let (me, session) = (self.devices[device].me, self.devices[device].session.clone());
        if self.sessions(me).contains(&session) {
            self.violate(format!("device {device} was signed out: {why:?}"));
        }
        self.devices[device].is_out = true;
        self.at(self.now + PATIENCE_MS, Event::SignsIn { device });
    }

    /// Somebody who was signed out tries to come back, until they do.
    pub(super) fn sign_in_again(&mut self, device: usize) {
        if !self.devices[device].is_out || self.is_gone(self.devices[device].me) {
            return;
        }
        let name = self.devices[device].user_name.clone();
        match self.sign_in(&name) {
            Some(signed) => self.come_in(device, signed),
            None => self.at(self.now + PATIENCE_MS, Event::SignsIn { device }),
        }
    }

    /// Somebody looks at their sessions, ends some, or changes the password, by a number that chooses.
    pub(super) fn keep_sessions(&mut self, device: usize, chance: u64) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let this = self.devices[device].session.clone();
        let all: Vec<_> = self.sessions(me).into_iter().collect();
        match chance % 8 {
            0..3 => {
                let answer = self.post(&cookie, "/api/session", &json!({"type": "sessions"}));
                let Some(shown) = answer["sessions"].as_array() else { return };
                let ids = shown.iter().filter_map(|one| one["session"].as_str());
                let ids: BTreeSet<_> = ids.map(str::to_owned).collect();
                if ids != self.sessions(me) || shown[0]["session"] != this.as_str() {
                    self.violate(format!("device {device} is shown {answer} as its sessions"));
                }
            }
            3..6 => {
                let Some(one) = all.get((chance >> 8) as usize % all.len().max(1)) else { return };
                let command = json!({"type": "end_session", "session": one});
                let answer = self.post(&cookie, "/api/session", &command);
                if answer["type"] == "done" && self.sessions(me).contains(one) {
                    self.violate(format!("{me} ended {one}, which is still there"));
                }
            }
            6 => {
                let command = json!({"type": "end_other_sessions"});
                let answer = self.post(&cookie, "/api/session", &command);
                if answer["type"] == "done" {
                    self.check_alone(device);
                }
            }
            _ => self.change_password(device),
        }
    }

    fn change_password(&mut self, device: usize) {
        let Device { cookie, user_name, .. } = &self.devices[device];
        let (cookie, name) = (cookie.clone(), user_name.clone());
        self.written += 1;
        let (old, new) = (self.passwords(&name), format!("password number {}", self.written));
        let likeliest = old.first().cloned().unwrap_or_default();
        let command =
            json!({"type": "change_password", "password": likeliest, "new_password": new});
        let known = std::iter::once(new.clone()).chain(old).collect();
        self.passwords.insert(name.clone(), known);
        let answer = self.post(&cookie, "/api/session", &command);
        if answer["type"] == "done" {
            self.passwords.insert(name.clone(), vec![new]);
            self.check_alone(device);
            if self.enter("sign_in", &name, &likeliest).is_ok() {
                self.violate(format!("{name} came in with a password of before"));
            }
        }
    }

    /// All other sessions of the account were ended.
    fn check_alone(&mut self, device: usize) {
        let (me, this) = (self.devices[device].me, &self.devices[device].session);
        let all = self.sessions(me);
        if all != BTreeSet::from([this.clone()]) {
            self.violate(format!("{me} ended all but {this}, and has {all:?}"));
        }
    }

    /// The sessions that somebody has.
    pub(super) fn sessions(&self, user: UserId) -> BTreeSet<String> {
        let rows = self.service.rows(Address::Account(user), "SELECT id FROM sessions");
        rows.iter().filter_map(|row| row.text(0).ok()).map(str::to_owned).collect()
    }
}
