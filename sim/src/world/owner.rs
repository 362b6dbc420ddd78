//! The owner of the deployment: who may register, how much may be uploaded, who is banned, what everybody
//! is told. Nobody else can do it; in the end all of it is as the log says, and everybody knows it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::UserId;
use tideline_shared::protocol::{Announcement, Did, FileLimits, RegistrationMode};

use super::World;
use super::people::PEOPLE;
use crate::device::Device;

/// Who owns it: who registered first.
const OWNER: usize = 0;
/// Bytes of a file that the owner may allow: fewer than a large one of the simulator has, and more.
const FILE_BYTES: [Option<u64>; 3] = [Some(1_000), Some(100_000_000), None];
/// Bytes of all files of a conversation that the owner may allow.
const CONVERSATION_BYTES: [Option<u64>; 3] = [Some(200), Some(100_000_000), None];

/// Something that the owner does, by a number that chooses.
fn command(one: UserId, chance: u64) -> Value {
    let which = (chance >> 8) as usize;
    match chance % 20 {
        0 => json!({"type": "ban", "user": one}),
        1..5 => json!({"type": "unban", "user": one}),
        5..8 => json!({"type": "announce", "text": format!("announcement {which}")}),
        8 => json!({"type": "withdraw"}),
        9..12 => {
            let mode = ["open", "open", "invite", "closed"][which % 4];
            json!({"type": "set_registration", "mode": mode})
        }
        12 => {
            let (file, all) = (FILE_BYTES[which % 3], CONVERSATION_BYTES[which / 3 % 3]);
            json!({"type": "set_limits", "file_bytes": file, "conversation_bytes": all})
        }
        13 => json!({"type": "figures"}),
        14 => json!({"type": "people"}),
        15 => json!({"type": "groups"}),
        16 => json!({"type": "log"}),
        _ => json!({"type": "reports"}),
    }
}

impl World {
    /// Somebody does what only the owner may do.
    pub(super) fn administer(&mut self, device: usize, chance: u64) {
        let one = self.people[1 + (chance >> 16) as usize % (PEOPLE.len() - 1)];
        let answer = self.ask_admin(device, &command(one, chance));
        let open = answer["reports"][0]["report"].clone();
        if open.is_number() {
            let outcome = ["dismiss", "dismiss", "recall", "ban"][(chance >> 24) as usize % 4];
            let message = &answer["reports"][0]["message"];
            let place = (message["conversation"].as_str(), message["seq"].as_u64());
            if let ("recall", (Some(id), Some(seq))) = (outcome, place)
                && let Ok(id) = id.parse()
            {
                self.may_be_recalled(id, seq);
            }
            let command = json!({"type": "resolve", "report": open, "outcome": outcome});
            self.ask_admin(device, &command);
        }
    }

    fn ask_admin(&mut self, device: usize, command: &Value) -> Value {
        let cookie = self.devices[device].cookie.clone();
        let answer = self.post(&cookie, "/api/admin", command);
        let owns = self.devices[device].me == self.people[OWNER];
        let refused = answer["code"].as_str();
        if owns && refused == Some("not_allowed")
            || !owns && answer["type"].is_string() && refused.is_none()
        {
            let me = self.devices[device].me;
            self.violate(format!("{me} owns it: {owns}, {command} is answered by {answer}"));
        }
        answer
    }

    /// Somebody who was never here registers, or a guest comes, if that may be.
    pub(super) fn check_admitted(&mut self, answer: &Value, modes: &[RegistrationMode]) {
        let mode = self.registration();
        let came = answer["code"].is_null() && answer["type"].is_string();
        let turned_away =
            matches!(answer["code"].as_str(), Some("invited_only" | "registration_closed"));
        if came && !modes.contains(&mode) || turned_away && modes.contains(&mode) {
            self.violate(format!("registration is {mode:?}, and the answer {answer}"));
        }
    }

    fn registration(&self) -> RegistrationMode {
        let rows = self.service.rows(Address::Deployment, "SELECT registration FROM deployment");
        rows.first().and_then(|row| row.json(0).ok()).unwrap_or_default()
    }

    /// How much may be uploaded.
    pub(super) fn file_limits(&self) -> FileLimits {
        let query = "SELECT file_bytes, conversation_bytes FROM deployment";
        let rows = self.service.rows(Address::Deployment, query);
        let Some(row) = rows.first() else { return FileLimits::default() };
        let read = |column| row.maybe_number(column).ok().flatten();
        FileLimits { file_bytes: read(0), conversation_bytes: read(1) }
    }

    /// Whether somebody is kept out, as far as their account has heard.
    pub(super) fn is_banned(&self, user: UserId) -> bool {
        let query = "SELECT 1 FROM deployment WHERE is_banned = 1";
        !self.service.rows(Address::Account(user), query).is_empty()
    }

    /// Whoever is banned has no session, and knows it on every device.
    pub(super) fn check_kept_out(&mut self, device: usize) {
        let Device { me, is_out, .. } = self.devices[device];
        let sessions = self.sessions(me);
        if !is_out || !sessions.is_empty() {
            self.violate(format!("device {device} of {me}, who is banned, is in: {sessions:?}"));
        }
    }

    /// A device shows no more what everybody is told.
    pub(super) fn dismiss(&mut self, device: usize) {
        let announcement = self.devices[device].engine.deployment().announcement.as_ref();
        let Some(n) = announcement.map(|announcement| announcement.n) else { return };
        let cookie = self.devices[device].cookie.clone();
        self.post(&cookie, "/api/account", &json!({"type": "dismiss_announcement", "n": n}));
    }

    /// Once the faults have stopped: all is as the log says, and everybody knows it.
    pub(super) fn check_deployment(&mut self) {
        let told = self.announcement();
        let banned = self.check_log(told.as_ref());
        let mut alive = BTreeSet::new();
        for at in self.service.addresses() {
            let Address::Account(user) = at else { continue };
            if self.is_gone(user) {
                continue;
            }
            alive.insert(user);
            if self.is_banned(user) != banned.contains(&user) {
                self.violate(format!("{user} and the deployment disagree about a ban"));
            }
            let query = "SELECT announcement FROM deployment";
            let rows = self.service.rows(at, query);
            let heard = rows.first().and_then(|row| row.json::<Announcement>(0).ok());
            if heard != told {
                self.violate(format!("{user} was told {heard:?}, not {told:?}"));
            }
        }
        self.check_listed_people(&alive, &banned);
    }

    fn announcement(&self) -> Option<Announcement> {
        let query = "SELECT json_object('n', n, 'at', at, 'text', text) FROM announcement";
        let rows = self.service.rows(Address::Deployment, query);
        rows.first().and_then(|row| row.json(0).ok())
    }

    /// Replays the log; who is banned by it.
    fn check_log(&mut self, told: Option<&Announcement>) -> BTreeSet<UserId> {
        let (mut mode, mut limits, mut text) = Default::default();
        let (mut banned, mut outcomes) = (BTreeSet::new(), BTreeMap::new());
        let rows = self.service.rows(Address::Deployment, "SELECT did FROM log ORDER BY n");
        for did in rows.iter().filter_map(|row| row.json::<Did>(0).ok()) {
            match did {
                Did::SetRegistration { mode: new } => mode = new,
                Did::SetLimits { limits: new } => limits = new,
                Did::Ban { person } => drop(banned.insert(person.user)),
                Did::Unban { person } => drop(banned.remove(&person.user)),
                Did::Announce { text: new } => text = Some(new),
                Did::Withdraw => text = None,
                Did::Resolve { report, outcome, .. } => drop(outcomes.insert(report, outcome)),
                Did::Unknown => self.violate("the log holds what nobody knows".to_owned()),
            }
        }
        let of = (mode, limits, text.as_ref());
        let is = (self.registration(), self.file_limits(), told.map(|told| &told.text));
        if of != is {
            self.violate(format!("the log says {of:?}, the deployment is {is:?}"));
        }
        let listed = self.service.rows(Address::Deployment, "SELECT user FROM bans");
        let listed: BTreeSet<UserId> = listed.iter().filter_map(|row| row.parse(0).ok()).collect();
        if banned != listed {
            self.violate(format!("the log bans {banned:?}, the list {listed:?}"));
        }
        self.check_reports(&outcomes);
        banned
    }

    /// The owner finds everybody who has an account, and nobody else.
    fn check_listed_people(&mut self, alive: &BTreeSet<UserId>, banned: &BTreeSet<UserId>) {
        let mut shown = BTreeMap::new();
        let mut before = Value::Null;
        loop {
            let answer = self.ask_admin(OWNER, &json!({"type": "people", "before": before}));
            for one in answer["people"].as_array().into_iter().flatten() {
                before = one["person"]["user"].clone();
                let Ok(user) = serde_json::from_value::<UserId>(before.clone()) else { continue };
                shown.insert(user, one["banned"] == true);
            }
            if answer["more"] != true {
                break;
            }
        }
        let wanted: BTreeMap<_, _> =
            alive.iter().map(|user| (*user, banned.contains(user))).collect();
        if shown != wanted {
            self.violate(format!("the owner is shown {shown:?}, not {wanted:?}"));
        }
        let figures = self.ask_admin(OWNER, &json!({"type": "figures"}));
        if figures["accounts"] != alive.len() || figures["banned"] != banned.len() {
            self.violate(format!("{figures} of {} accounts", alive.len()));
        }
    }

    /// What a device shows of the deployment.
    pub(super) fn check_told_by(&mut self, device: usize) {
        let me = self.devices[device].me;
        let query = "SELECT announcement FROM deployment WHERE dismissed = 0
                        OR json_extract(announcement, '$.n') > dismissed";
        let rows = self.service.rows(Address::Account(me), query);
        let wanted = rows.first().and_then(|row| row.json::<Announcement>(0).ok());
        let shown = self.devices[device].engine.deployment();
        let owns = me == self.people[OWNER];
        if shown.announcement != wanted || shown.owner != owns {
            let what = format!("device {device} shows {shown:?}, not {wanted:?}; owner: {owns}");
            self.violate(what);
        }
    }
}
