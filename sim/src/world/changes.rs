//! What people do to messages, and to the group's order.

use serde_json::json;
use tideline_client::{Act, Action, Alteration, Input};
use tideline_server::Address;
use tideline_shared::ConversationId;

use super::people::{PEOPLE, ROAMER, uuid};
use super::{World, cards, keeping, path};
use crate::device::Edited;

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Edit,
    Recall,
    React,
    Unreact,
    Pin,
    Unpin,
    Hide,
    /// To the conversation, by the one who keeps it.
    Keep,
    /// To the group, or to wherever.
    Forward,
}

impl Change {
    pub(super) fn of(chance: u64) -> Self {
        match chance % 12 {
            0..3 => Self::Edit,
            3 => Self::Recall,
            4..7 => Self::React,
            7 => Self::Unreact,
            8 => Self::Pin,
            9 => Self::Unpin,
            10 if (chance / 12).is_multiple_of(2) => Self::Hide,
            10 => Self::Keep,
            _ => Self::Forward,
        }
    }
}

/// What those do who lead the group. Only the one who comes and goes is taken out or made silent:
/// of everybody else nothing that they write may be lost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Remove,
    Ban,
    Unban,
    Mute,
    Unmute,
    /// One of the [`PEOPLE`].
    SetRole(usize, &'static str),
    Transfer(usize),
    Rename,
}

impl Deed {
    pub(super) fn of(chance: u64) -> Self {
        let one = (chance >> 8) as usize % PEOPLE.len();
        match chance % 10 {
            0 => Self::Remove,
            1 => Self::Ban,
            2 | 3 => Self::Unban,
            4 => Self::Mute,
            5 => Self::Unmute,
            6 => Self::SetRole(one, "admin"),
            7 => Self::SetRole(one, "member"),
            // Nobody could take the group out of the hands of the one who comes and goes.
            8 if one != ROAMER => Self::Transfer(one),
            _ => Self::Rename,
        }
    }
}

impl World {
    /// Does something to a message. What is not theirs to do is refused.
    pub(super) fn change(&mut self, device: usize, id: ConversationId, which: u64, change: Change) {
        let last = self.said(id);
        if last == 0 {
            return;
        }
        // Mostly one of the last, as people do.
        let seq = last - which % last.min(if which.is_multiple_of(3) { last } else { 10 });
        let file = self.newest_with_file(id).filter(|_| which.is_multiple_of(5));
        let seq = file.or(self.theirs(device, id, which, change)).unwrap_or(seq);
        let cookie = self.devices[device].cookie.clone();
        let emoji = ["👍", "🎉", "❤️"][which as usize % 3].to_owned();
        let (act, words) = match change {
            Change::Edit => {
                self.written += 1;
                (Act::Edit, format!("edited {}{}", self.written, cards::link(which >> 16)))
            }
            Change::Recall => {
                self.may_be_recalled(id, seq);
                (Act::Recall, String::new())
            }
            Change::React => (Act::React, emoji),
            Change::Unreact => (Act::Unreact, emoji),
            Change::Pin => (Act::Pin, String::new()),
            Change::Unpin => (Act::Unpin, String::new()),
            Change::Hide => {
                let command = json!({"type": "hide", "conversation": id, "seqs": [seq]});
                self.post(&cookie, "/api/account", &command);
                return;
            }
            Change::Keep => {
                let command = keeping::command(id, which);
                if command["mentions_all"] == true {
                    self.deaf.insert((self.devices[device].me, id));
                }
                self.post(&cookie, "/api/account", &command);
                return;
            }
            Change::Forward => {
                let new = uuid(&mut self.devices[device].habits);
                let command = json!({"type": "forward", "from": id,
                                     "messages": [{"seq": seq, "id": new}]});
                // Also to people who never met whoever said it first.
                let elsewhere = (which >> 24) as usize % self.conversations.len();
                let to = if which.is_multiple_of(2) {
                    self.group
                } else {
                    self.conversations[elsewhere]
                };
                self.post(&cookie, &path(to), &command);
                return;
            }
        };
        if which.is_multiple_of(7) {
            // As a program would that keeps nothing.
            let command = match act {
                Act::Edit => json!({"type": "edit", "seq": seq, "text": words}),
                Act::Recall => json!({"type": "recall", "seq": seq}),
                Act::React => json!({"type": "react", "seq": seq, "emoji": words}),
                Act::Unreact => json!({"type": "unreact", "seq": seq, "emoji": words}),
                Act::Pin => json!({"type": "pin", "seq": seq}),
                Act::Unpin => json!({"type": "unpin", "seq": seq}),
            };
            self.post(&cookie, &path(id), &command);
        } else {
            self.alter(device, Alteration { conversation: id, seq, act, words });
        }
    }

    /// Often one's own newest message, as nobody else's can be changed; to take it back, one that was edited.
    fn theirs(&self, device: usize, id: ConversationId, which: u64, change: Change) -> Option<u64> {
        let edited = match change {
            Change::Edit => "edited_at IS NULL",
            Change::Recall => "edited_at IS NOT NULL",
            _ => return None,
        };
        let me = self.devices[device].me;
        let query = format!("SELECT max(seq) FROM messages WHERE author = '{me}' AND {edited}");
        let rows = self.service.rows(Address::Conversation(id), &query);
        rows.first()?.maybe_number(0).ok()?.filter(|_| which.is_multiple_of(2))
    }

    /// Does it on a device, which sees to it that it is done.
    fn alter(&mut self, device: usize, alteration: Alteration) {
        let Alteration { conversation, seq, act, words } = alteration.clone();
        let one = &mut self.devices[device];
        if act == Act::Edit {
            one.edited.push(Edited { conversation, seq, text: words, may_miss: false });
        }
        // Of what is done to the same message later nothing need be left.
        let (last, earlier) = one
            .edited
            .split_last_mut()
            .map_or((None, &mut [][..]), |(last, earlier)| (Some(last), earlier));
        let earlier = earlier.iter_mut().chain(last.filter(|_| act == Act::Recall));
        let same = earlier.filter(|one| (one.conversation, one.seq) == (conversation, seq));
        if matches!(act, Act::Edit | Act::Recall) {
            same.for_each(|one| one.may_miss = true);
        }
        self.input(device, Input::Do(Action::Alter(alteration)));
    }

    /// Once the faults have stopped: every edit that nothing came after was made, or refused.
    pub(super) fn check_edited(&mut self) {
        let mut lost = None;
        for device in &self.devices {
            for Edited { conversation, seq, text, .. } in
                device.edited.iter().filter(|one| !one.may_miss)
            {
                let at = Address::Conversation(*conversation);
                let query = format!(
                    "SELECT 1 FROM messages WHERE seq = {seq} AND (body LIKE '%{text}\"%' OR body LIKE '%\"recalled\"%')
                     UNION SELECT 1 FROM revisions WHERE seq = {seq} AND text = '{text}'"
                );
                if self.service.rows(at, &query).is_empty() {
                    lost = Some(format!("{conversation}: {seq} never said {text:?}"));
                }
            }
        }
        if let Some(lost) = lost {
            self.violate(lost);
        }
    }

    /// Keeps order in the group. What the rank does not allow is refused.
    pub(super) fn govern(&mut self, device: usize, deed: Deed) {
        let (group, cookie) = (path(self.group), self.devices[device].cookie.clone());
        let roamer = self.people[ROAMER];
        let command = match deed {
            Deed::Remove => json!({"type": "remove", "user": roamer}),
            Deed::Ban => json!({"type": "ban", "user": roamer}),
            Deed::Unban => json!({"type": "unban", "user": roamer}),
            Deed::Mute => json!({"type": "mute_member", "user": roamer, "duration_s": 5}),
            Deed::Unmute => json!({"type": "unmute_member", "user": roamer}),
            Deed::SetRole(to, role) => {
                json!({"type": "set_role", "user": self.people[to], "role": role})
            }
            Deed::Transfer(to) => json!({"type": "transfer", "user": self.people[to]}),
            Deed::Rename => {
                self.written += 1;
                json!({"type": "change_record", "name": format!("Pool {}", self.written)})
            }
        };
        self.post(&cookie, &group, &command);
    }
}
