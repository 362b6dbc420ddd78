//! What must hold once the faults have stopped: of messages and their order, of what is
//! acknowledged, of lists and counts, and of what every device shows.

use std::collections::BTreeMap;

use serde_json::Value;
use tideline_client::{Action, Connection, Input, Item};
use tideline_server::Address;
use tideline_shared::ConversationId;

use super::World;

impl World {
    /// What a conversation holds: id, author, text, by `seq` from 1.
    pub(super) fn truth(&self, conversation: ConversationId) -> Vec<(u64, String, String)> {
        let query = "SELECT seq, id, body FROM messages ORDER BY seq";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        let read = |row: &tideline_server::sql::Row| {
            let body: Value = row.json(2).ok()?;
            let text = body["text"].as_str()?.to_owned();
            Some((row.number(0).ok()?, row.text(1).ok()?.to_owned(), text))
        };
        rows.iter().filter_map(read).collect()
    }

    pub(super) fn check(&mut self) {
        for conversation in self.conversations.clone() {
            self.check_conversation(conversation);
        }
        for device in 0..self.devices.len() {
            if self.violation.is_some() {
                return;
            }
            self.check_device(device);
        }
    }

    fn check_conversation(&mut self, conversation: ConversationId) {
        let truth = self.truth(conversation);
        for (at, (seq, _, _)) in truth.iter().enumerate() {
            if *seq != at as u64 + 1 {
                return self.violate(format!("{conversation}: {seq} stands at {}", at + 1));
            }
        }
        let places: BTreeMap<_, _> = truth.iter().map(|(seq, id, _)| (id.as_str(), *seq)).collect();
        let lost = self
            .acknowledged
            .iter()
            .find(|((of, id), seq)| *of == conversation && places.get(id.as_str()) != Some(seq));
        if let Some(((_, id), seq)) = lost {
            let what = format!("{conversation}: {id} was acknowledged as {seq} and is not there");
            return self.violate(what);
        }
        let mut said: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for (seq, _, text) in &truth {
            said.entry(text).or_default().push(*seq);
        }
        let mut wrong = None;
        for device in &self.devices {
            let mut last = 0;
            for one in device.written.iter().filter(|one| one.conversation == conversation) {
                match said.get(one.text.as_str()).map(Vec::as_slice) {
                    None if one.may_miss => {}
                    None => wrong = Some(format!("{:?} was lost", one.text)),
                    Some(&[seq]) if seq > last => last = seq,
                    Some(&[_]) => wrong = Some(format!("{:?} is out of order", one.text)),
                    Some(seqs) => wrong = Some(format!("{:?} is there at {seqs:?}", one.text)),
                }
            }
        }
        if let Some(wrong) = wrong {
            self.violate(format!("{conversation}: {wrong}"));
        }
    }

    fn check_device(&mut self, device: usize) {
        if self.devices[device].engine.connection() != Connection::Online {
            return self.violate(format!("device {device} is not in step"));
        }
        let me = self.devices[device].me;
        let query = "SELECT conversation, last_seq, read_seq FROM entries WHERE has_left = 0";
        let mut entries = BTreeMap::new();
        for row in self.service.rows(Address::Account(me), query) {
            if let (Ok(id), Ok(last), Ok(read)) =
                (row.parse::<ConversationId>(0), row.number(1), row.number(2))
            {
                entries.insert(id, (last, last.saturating_sub(read)));
            }
        }
        for conversation in self.conversations.clone() {
            let query = format!("SELECT 1 FROM members WHERE user = '{me}' AND left_at IS NULL");
            let address = Address::Conversation(conversation);
            let member = !self.service.rows(address, &query).is_empty();
            let said = self.truth(conversation).len() as u64;
            match entries.get(&conversation) {
                Some(_) if !member => {
                    self.violate(format!("{me} left {conversation} and still has it"));
                }
                Some(&(last, _)) if last != said => {
                    self.violate(format!("{me} heard of {last} of {said} in {conversation}"));
                }
                None if member && said > 0 => {
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
            self.check_history(device, conversation);
        }
        self.input(device, Input::Do(Action::Show(None)));
    }

    /// Scrolls through all of a conversation, from its end to its start.
    fn check_history(&mut self, device: usize, conversation: ConversationId) {
        let truth = self.truth(conversation);
        self.input(device, Input::Do(Action::Show(Some(conversation))));
        self.run_until(self.now + 3_000);
        let mut seen: BTreeMap<u64, String> = BTreeMap::new();
        for _ in 0..=truth.len() / 20 + 2 {
            let timeline = self.devices[device].engine.timeline();
            let mut last = 0;
            for row in &timeline.rows {
                if let Item::Message { seq: Some(seq), text: Some(text), .. } = &row.item {
                    if *seq <= last {
                        return self.violate(format!("device {device} shows {seq} after {last}"));
                    }
                    last = *seq;
                    seen.insert(*seq, text.clone());
                }
            }
            if timeline.at_start {
                break;
            }
            self.input(device, Input::Do(Action::Older));
            self.run_until(self.now + 1_000);
        }
        let wanted: BTreeMap<_, _> = truth.into_iter().map(|(seq, _, text)| (seq, text)).collect();
        if seen != wanted {
            let missing: Vec<_> = wanted.keys().filter(|seq| !seen.contains_key(seq)).collect();
            self.violate(format!(
                "device {device} shows {} of {} messages of {conversation}; not {missing:?}",
                seen.len(),
                wanted.len()
            ));
        }
    }
}
