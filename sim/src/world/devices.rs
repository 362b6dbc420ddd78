//! What every device must show once the faults have stopped: the list and its counts, names, members, and all that was said.

use std::collections::BTreeMap;

use tideline_client::{Action, Connection, Input, MessageState, PreviewItem};
use tideline_server::Address;
use tideline_shared::{ConversationId, UserId};

use super::World;
use super::said::shown_by;

impl World {
    pub(super) fn check_device(&mut self, device: usize) {
        if self.devices[device].engine.connection() != Connection::Online {
            return self.violate(format!("device {device} is not in step"));
        }
        let me = self.devices[device].me;
        let query = "SELECT conversation, last_seq, read_seq FROM entries
             WHERE has_left = 0 AND is_hidden = 0";
        let mut entries = BTreeMap::new();
        for row in self.service.rows(Address::Account(me), query) {
            if let (Ok(id), Ok(last), Ok(read)) =
                (row.parse::<ConversationId>(0), row.number(1), row.number(2))
            {
                self.check_read(me, id, read);
                entries.insert(id, (last, self.unread(me, id, read)));
            }
        }
        for conversation in self.conversations.clone() {
            let query = format!("SELECT 1 FROM members WHERE user = '{me}' AND left_at IS NULL");
            let address = Address::Conversation(conversation);
            let member = !self.service.rows(address, &query).is_empty();
            let said = self.said(conversation);
            match entries.get(&conversation) {
                Some(_) if !member => {
                    self.violate(format!("{me} left {conversation} and still has it"));
                }
                Some(&(last, _)) if last != said => {
                    self.violate(format!("{me} heard of {last} of {said} in {conversation}"));
                }
                None if member && said > self.withheld(conversation, me).len() as u64 => {
                    self.violate(format!("{me} never heard of {conversation}"));
                }
                _ => {}
            }
        }
        let shown = self.devices[device].engine.inbox().unwrap_or_default();
        let shown: BTreeMap<_, _> =
            shown.iter().map(|item| (item.conversation, item.unread)).collect();
        let wanted: BTreeMap<_, _> =
            entries.iter().map(|(id, (_, unread))| (*id, *unread)).collect();
        if shown != wanted {
            let what = format!("device {device} counts {shown:?}, its account {wanted:?}");
            return self.violate(what);
        }
        for conversation in entries.into_keys() {
            self.check_withheld(device, conversation);
            // Who blocked keeps messages as they were; the service's own tests compare them.
            if !self.blocks_in(conversation, me) {
                self.check_names(device, conversation);
                self.check_mentions(device, conversation);
                self.check_keeping(device, conversation);
                self.check_search(me, conversation);
            }
            self.check_history(device, conversation);
            self.check_members(device, conversation);
            self.check_states(device, conversation);
        }
        self.input(device, Input::Do(Action::Show(None)));
    }

    /// How many ask to come in, as far as somebody may know.
    fn asking(&self, conversation: ConversationId, user: UserId) -> u64 {
        let at = Address::Conversation(conversation);
        let leads = format!(
            "SELECT 1 FROM members WHERE user = '{user}' AND left_at IS NULL AND role <> '\"member\"'"
        );
        let in_group = conversation.may_be_group() && !self.service.rows(at, &leads).is_empty();
        if in_group { self.service.rows(at, "SELECT 1 FROM requests").len() as u64 } else { 0 }
    }

    /// Which picture a group has.
    fn picture(&self, conversation: ConversationId) -> Option<String> {
        let rows = self
            .service
            .rows(Address::Conversation(conversation), "SELECT avatar FROM conversation");
        rows.first().and_then(|row| row.maybe_text(0).ok().flatten()).map(str::to_owned)
    }

    /// A direct conversation is called as the other one is; the list shows what was said last.
    fn check_names(&mut self, device: usize, conversation: ConversationId) {
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        let Some(item) = inbox.into_iter().find(|item| item.conversation == conversation) else {
            return;
        };
        let last = self.truth(conversation).pop();
        let hidden = self.hidden(self.devices[device].me, conversation);
        let last = last.filter(|said| !hidden.contains(&said.seq));
        let said = last.map(|said| said.text.unwrap_or_default());
        let title = match item.peer {
            Some(peer) => self.called(self.devices[device].me, peer),
            None => {
                let query = "SELECT name FROM conversation";
                let rows = self.service.rows(Address::Conversation(conversation), query);
                rows.first().and_then(|row| row.text(0).ok()).unwrap_or_default().to_owned()
            }
        };
        if item.title != title {
            self.violate(format!(
                "device {device} calls {conversation} {:?}, not {title:?}",
                item.title
            ));
        }
        let asking = self.asking(conversation, self.devices[device].me);
        if item.requests != asking {
            self.violate(format!(
                "device {device} says that {} ask to come into {conversation}, not {asking}",
                item.requests
            ));
        }
        let me = self.devices[device].me;
        let picture = match item.peer {
            Some(peer) => self.picture_of(me, peer),
            None => self.picture(conversation),
        };
        let shown = item.avatar.map(|id| id.to_string());
        if shown != picture {
            self.violate(format!(
                "device {device} pictures {conversation} as {shown:?}, not {picture:?}"
            ));
        }
        // What its person wrote there and was refused stands before what the others said.
        let failed = |preview: &PreviewItem| preview.state != MessageState::Sent;
        if item.preview.as_ref().is_some_and(failed) {
            return;
        }
        let shown = item.preview.map(|preview| preview.text);
        if shown != said {
            self.violate(format!("device {device} says that {shown:?} came last, not {said:?}"));
        }
    }

    /// The conversation that was on the screen last shows who is in it, by their names of today.
    fn check_members(&mut self, device: usize, conversation: ConversationId) {
        let query = "SELECT user FROM members WHERE left_at IS NULL";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        let users = rows.iter().filter_map(|row| row.parse::<UserId>(0).ok());
        let me = self.devices[device].me;
        let wanted: BTreeMap<_, _> =
            users.map(|user| (user, (self.called(me, user), self.picture_of(me, user)))).collect();
        let shown = self.devices[device].engine.members().into_iter();
        let shown: BTreeMap<_, _> = shown
            .map(|item| item.person)
            .map(|person| {
                let picture = person.avatar.map(|id| id.to_string());
                (person.user, (person.display_name, picture))
            })
            .collect();
        if shown != wanted {
            self.violate(format!(
                "device {device} shows {shown:?} in {conversation}, not {wanted:?}"
            ));
        }
    }

    /// Scrolls through all of a conversation, from its end to its start.
    fn check_history(&mut self, device: usize, conversation: ConversationId) {
        let truth = self.truth(conversation);
        let me = self.devices[device].me;
        let mut hidden = self.hidden(me, conversation);
        hidden.extend(self.withheld(conversation, me));
        self.input(device, Input::Do(Action::Show(Some(conversation))));
        self.run_until(self.now + 3_000);
        let mut seen: BTreeMap<u64, String> = BTreeMap::new();
        for _ in 0..=truth.len() / 20 + 2 {
            let timeline = self.devices[device].engine.timeline();
            let mut last = 0;
            for row in &timeline.rows {
                if let Some((seq, shown)) = shown_by(&row.item) {
                    if seq <= last {
                        return self.violate(format!("device {device} shows {seq} after {last}"));
                    }
                    last = seq;
                    seen.insert(seq, shown);
                }
            }
            if timeline.at_start {
                break;
            }
            self.input(device, Input::Do(Action::Older));
            self.run_until(self.now + 1_000);
        }
        let wanted = truth.into_iter().filter(|said| !hidden.contains(&said.seq));
        let wanted: BTreeMap<_, _> = wanted.map(|said| (said.seq, said.shown)).collect();
        let alike = if self.blocks_in(conversation, me) {
            seen.keys().eq(wanted.keys())
        } else {
            seen == wanted
        };
        if !alike {
            let wrong = wanted.iter().find(|(seq, shown)| seen.get(seq) != Some(shown));
            let wrong =
                wrong.map(|(seq, shown)| format!("{seq} is {shown}, not {:?}", seen.get(seq)));
            self.violate(format!(
                "device {device} shows {} of {} messages of {conversation}: {wrong:?}",
                seen.len(),
                wanted.len()
            ));
        }
    }
}
