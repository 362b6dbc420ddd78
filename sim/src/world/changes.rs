//! What people do to messages, and to the group's order.

use serde_json::json;
use tideline_shared::ConversationId;

use super::people::{PEOPLE, ROAMER, uuid};
use super::{World, cards, keeping, path};

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
    /// To the group.
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
        let last = self.truth(id).len() as u64;
        if last == 0 {
            return;
        }
        // Mostly one of the last, as people do.
        let seq = last - which % last.min(if which.is_multiple_of(3) { last } else { 10 });
        let file = self.newest_with_file(id).filter(|_| which.is_multiple_of(5));
        let seq = file.unwrap_or(seq);
        let cookie = self.devices[device].cookie.clone();
        let emoji = ["👍", "🎉", "❤️"][which as usize % 3];
        let command = match change {
            Change::Edit => {
                self.written += 1;
                let link = cards::link(which >> 16);
                let text = format!("edited {}{link}", self.written);
                json!({"type": "edit", "seq": seq, "text": text})
            }
            Change::Recall => {
                self.may_be_recalled(id, seq);
                json!({"type": "recall", "seq": seq})
            }
            Change::React => json!({"type": "react", "seq": seq, "emoji": emoji}),
            Change::Unreact => json!({"type": "unreact", "seq": seq, "emoji": emoji}),
            Change::Pin => json!({"type": "pin", "seq": seq}),
            Change::Unpin => json!({"type": "unpin", "seq": seq}),
            Change::Hide => {
                let command = json!({"type": "hide", "conversation": id, "seqs": [seq]});
                self.post(&cookie, "/api/account", &command);
                return;
            }
            Change::Keep => {
                self.post(&cookie, "/api/account", &keeping::command(id, which));
                return;
            }
            Change::Forward => {
                let new = uuid(&mut self.devices[device].habits);
                let command = json!({"type": "forward", "from": id,
                                     "messages": [{"seq": seq, "id": new}]});
                self.post(&cookie, &path(self.group), &command);
                return;
            }
        };
        self.post(&cookie, &path(id), &command);
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
