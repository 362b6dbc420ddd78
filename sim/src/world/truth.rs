//! What must hold once the faults have stopped, of messages and their order and of what is acknowledged. What blocks
//! withhold is in `blocks.rs`, what devices show in `devices.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use tideline_client::Mirror;
use tideline_server::Address;
use tideline_server::sql::Row;
use tideline_shared::{ConversationId, UserId};

use super::said::Said;
use super::{World, people};
use crate::service::SocketId;

impl World {
    /// Messages that somebody wants to see no more.
    pub(super) fn hidden(&self, user: UserId, conversation: ConversationId) -> BTreeSet<u64> {
        let query = format!("SELECT seq FROM hidden WHERE conversation = '{conversation}'");
        let rows = self.service.rows(Address::Account(user), &query);
        rows.iter().filter_map(|row| row.number(0).ok()).collect()
    }

    /// What a conversation holds, by `seq` from 1.
    pub(super) fn truth(&self, conversation: ConversationId) -> Vec<Said> {
        let query = "SELECT m.seq, m.id, m.body, m.edited_at, m.pinned_at, m.reactions, o.body,
                            (SELECT text FROM revisions r WHERE r.seq = m.seq AND n = 0),
                            m.forwarded IS NULL, m.card
                     FROM messages m LEFT JOIN messages o ON o.seq = m.reply_to ORDER BY m.seq";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        rows.iter().filter_map(|row| Said::read(row).ok()).collect()
    }

    /// How many messages it holds.
    pub(super) fn said(&self, conversation: ConversationId) -> u64 {
        let query = "SELECT count(*) FROM messages";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        rows.first().and_then(|row| row.number(0).ok()).unwrap_or(0)
    }

    pub(super) fn check(&mut self) {
        // What waits on a device of somebody who is banned waits on.
        for device in self.devices.iter_mut().filter(|device| device.is_out) {
            device.written.iter_mut().for_each(|one| one.may_miss = true);
            device.edited.iter_mut().for_each(|one| one.may_miss = true);
        }
        for conversation in self.conversations.clone() {
            self.check_conversation(conversation);
            self.check_listed(conversation);
            self.check_receipts(conversation);
            self.check_cards(conversation);
        }
        self.service.check_kept();
        self.check_links();
        self.check_edited();
        self.check_order();
        self.check_stored();
        for device in 0..self.devices.len() {
            if self.violation.is_some() {
                return;
            }
            let me = self.devices[device].me;
            if people::is_mortal(device) && self.is_gone(me) {
                self.check_gone(me);
            } else if self.is_banned(me) {
                self.check_kept_out(device);
            } else {
                self.check_device(device);
                self.check_told_by(device);
            }
        }
        self.check_contacts();
        self.check_found();
        self.check_told();
        self.check_deployment();
    }

    /// The group has one owner, and nobody in it who is kept out of it.
    fn check_order(&mut self) {
        let group = Address::Conversation(self.group);
        let inside = "FROM members WHERE left_at IS NULL";
        let owners = format!("SELECT user {inside} AND role = '\"owner\"'");
        let owners = self.service.rows(group, &owners).len();
        let people = self.service.rows(group, &format!("SELECT user {inside}")).len();
        if owners != usize::from(people > 0) {
            self.violate(format!("{people} people in the group, {owners} of them its owners"));
        }
        let banned = format!("SELECT user {inside} AND user IN (SELECT user FROM bans)");
        if !self.service.rows(group, &banned).is_empty() {
            self.violate("somebody is in the group who is kept out of it".to_owned());
        }
    }

    /// Every picture in use is in the store, as is every file that is shown, and nothing is there that
    /// nobody would erase.
    fn check_stored(&mut self) {
        let (mut known, mut used) = (BTreeSet::new(), BTreeSet::new());
        for conversation in self.conversations.clone() {
            known.extend(self.check_files(conversation));
        }
        for at in self.service.addresses() {
            if let Address::Directory(_) | Address::Deployment = at {
                continue;
            }
            for row in self.service.rows(at, "SELECT file, due_at FROM avatars") {
                let key = format!("avatars/{}", row.text(0).unwrap_or_default());
                if row.maybe_number(1).is_ok_and(|due_at| due_at.is_none()) {
                    used.insert(key.clone());
                }
                known.insert(key);
            }
        }
        let stored: BTreeSet<_> = self.service.stored().into_iter().collect();
        if !used.is_subset(&stored) || !stored.is_subset(&known) {
            self.violate(format!("{used:?} are shown and {known:?} known, {stored:?} stored"));
        }
    }

    /// Nothing of a conversation goes to somebody who is not in it, nor what came after they left.
    pub(super) fn check_may_read(&mut self, socket: SocketId, text: &str) {
        if ![r#""message""#, r#""delivered""#, r#""entry""#].iter().any(|row| text.contains(row)) {
            return;
        }
        let Some(line) = self.lines.get(&socket).copied() else { return };
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        self.check_not_blocked(line.device, line.link.mirror, &frame);
        let me = self.devices[line.device].me;
        let rows = frame["rows"].as_array().into_iter().flatten();
        let messages = frame["reply"]["messages"].as_array().into_iter().flatten();
        let mut newest = BTreeMap::new();
        for row in rows.chain(messages) {
            let id = match line.link.mirror {
                Mirror::Account => row["conversation"].as_str().and_then(|id| id.parse().ok()),
                Mirror::Conversation(id) => Some(id),
            };
            let seq = [&row["seq"], &row["message"]["seq"], &row["last_seq"]];
            let seq = seq.into_iter().find_map(Value::as_u64);
            if let (Some(id), Some(seq)) = (id, seq) {
                let newest = newest.entry(id).or_insert(seq);
                *newest = seq.max(*newest);
            }
        }
        for (id, seq) in newest {
            self.check_is_for(me, id, seq);
        }
    }

    fn check_is_for(&mut self, me: UserId, of: ConversationId, seq: u64) {
        let query = "SELECT user, left_seq FROM members";
        let rows = self.service.rows(Address::Conversation(of), query);
        let is_me = |row: &&Row| row.parse::<UserId>(0).is_ok_and(|user| user == me);
        let Some(row) = rows.iter().find(is_me) else {
            return self.violate(format!("{me} was never in {of}, and is sent {seq}"));
        };
        match row.maybe_number(1) {
            Ok(Some(left)) if left < seq => {
                self.violate(format!("{me} is sent {seq} of {of}, which they left after {left}"));
            }
            _ => {}
        }
    }

    /// What an account confirms it has stored.
    pub(super) fn check_confirmed(&mut self, account: Address, body: &str) {
        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Call {
            Deliver {
                conversation: ConversationId,
                until: u64,
            },
            #[serde(other)]
            Other,
        }
        let Ok(Call::Deliver { conversation, until }) = serde_json::from_str(body) else { return };
        let query =
            format!("SELECT source_version FROM entries WHERE conversation = '{conversation}'");
        let rows = self.service.rows(account, &query);
        let stored = rows.first().and_then(|row| row.number(0).ok()).unwrap_or(0);
        if stored < until {
            self.violate(format!("{account:?} confirmed {until} of {conversation}, has {stored}"));
        }
    }

    pub(super) fn is_gone(&self, user: UserId) -> bool {
        self.service.rows(Address::Account(user), "SELECT 1 FROM account").is_empty()
    }

    /// Of somebody who deleted their account nothing is left but what they said.
    fn check_gone(&mut self, user: UserId) {
        for table in [
            "sessions",
            "mirrors",
            "entries",
            "timeline",
            "uncounted",
            "hidden",
            "mentions",
            "blocks",
            "contacts",
            "settings",
            "presence",
            "watchers",
            "asking",
            "deployment",
            "named",
            "outbox",
        ] {
            let rows = self.service.rows(Address::Account(user), &format!("SELECT 1 FROM {table}"));
            if !rows.is_empty() {
                self.violate(format!("{user} is gone and has {table}"));
            }
        }
        let named = format!(
            "SELECT 1 FROM members WHERE user = '{user}' AND (display_name <> '' OR left_at IS NULL)"
        );
        let carried = format!(
            "SELECT 1 FROM messages WHERE json_extract(forwarded, '$.author') = '{user}'
             AND json_extract(forwarded, '$.author_name') <> ''"
        );
        let listed = format!("SELECT 1 FROM people WHERE user = '{user}' AND display_name <> ''");
        let claimed = format!("SELECT 1 FROM claims WHERE user = '{user}'");
        let reported = format!(
            "SELECT 1 FROM reports, json_tree(reported) AS at
             WHERE at.key = 'user' AND at.atom = '{user}'
                AND json_extract(reported, at.path || '.display_name') <> ''"
        );
        let logged = format!(
            "SELECT 1 FROM (SELECT json_array(json(made_by), json(did)) AS row FROM log),
                json_tree(row) AS at
             WHERE at.key = 'user' AND at.atom = '{user}'
                AND json_extract(row, at.path || '.display_name') <> ''"
        );
        for at in self.service.addresses() {
            let queries = match at {
                Address::Conversation(_) => vec![&named, &carried],
                Address::Directory(_) => vec![&listed, &claimed],
                Address::Deployment => vec![&reported, &logged],
                Address::Account(_) => vec![],
            };
            if queries.into_iter().any(|query| !self.service.rows(at, query).is_empty()) {
                self.violate(format!("{user} is gone, and {at:?} knows them"));
            }
        }
    }

    fn check_conversation(&mut self, conversation: ConversationId) {
        let truth = self.truth(conversation);
        for (at, Said { seq, .. }) in truth.iter().enumerate() {
            if *seq != at as u64 + 1 {
                return self.violate(format!("{conversation}: {seq} stands at {}", at + 1));
            }
        }
        let places: BTreeMap<_, _> =
            truth.iter().map(|said| (said.id.as_str(), said.seq)).collect();
        let lost = self
            .acknowledged
            .iter()
            .find(|((of, id), seq)| *of == conversation && places.get(id.as_str()) != Some(seq));
        if let Some(((_, id), seq)) = lost {
            let what = format!("{conversation}: {id} was acknowledged as {seq} and is not there");
            return self.violate(what);
        }
        let mut said: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for Said { seq, first, .. } in &truth {
            said.entry(first.as_deref().unwrap_or_default()).or_default().push(*seq);
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

    /// Messages above somebody's mark that can be read.
    pub(super) fn unread(&self, me: UserId, conversation: ConversationId, read: u64) -> u64 {
        let mut hidden = self.hidden(me, conversation);
        hidden.extend(self.withheld(conversation, me));
        let counts =
            |said: &Said| said.seq > read && said.text.is_some() && !hidden.contains(&said.seq);
        self.truth(conversation).iter().filter(|said| counts(said)).count() as u64
    }

    /// What somebody is called now, by their own account.
    pub(super) fn name(&self, user: UserId) -> String {
        let rows = self.service.rows(Address::Account(user), "SELECT display_name FROM account");
        rows.first().and_then(|row| row.text(0).ok()).unwrap_or_default().to_owned()
    }
}
