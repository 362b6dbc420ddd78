//! What must hold once the faults have stopped: of messages and their order, of what is
//! acknowledged, of lists and counts, and of what every device shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use tideline_client::{Action, Connection, Input, MessageState, Mirror, PreviewItem};
use tideline_server::Address;
use tideline_server::sql::Row;
use tideline_shared::{ConversationId, UserId};

use super::said::{Said, shown_by};
use super::{World, people};
use crate::service::SocketId;

impl World {
    /// Messages that somebody wants to see no more.
    fn hidden(&self, user: UserId, conversation: ConversationId) -> BTreeSet<u64> {
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

    /// Whether somebody blocks, or blocked, the other one there.
    pub(super) fn blocks_in(&self, conversation: ConversationId, viewer: UserId) -> bool {
        self.service.has_blocks(conversation, Some(viewer))
    }

    /// What was said by the other one while somebody blocked them.
    pub(super) fn withheld(&self, conversation: ConversationId, viewer: UserId) -> BTreeSet<u64> {
        // Nobody is blocked in a group.
        if conversation.may_be_group() || !self.blocks_in(conversation, viewer) {
            return BTreeSet::new();
        }
        let query = format!(
            "SELECT seq FROM messages, blocks
             WHERE author <> '{viewer}' AND made_by = '{viewer}' AND seq > since_seq
               AND (until_seq IS NULL OR seq <= until_seq)"
        );
        let rows = self.service.rows(Address::Conversation(conversation), &query);
        rows.iter().filter_map(|row| row.number(0).ok()).collect()
    }

    /// Nothing that was said during a block is kept for who blocked.
    fn check_withheld(&mut self, device: usize, conversation: ConversationId) {
        let me = self.devices[device].me;
        let withheld = self.withheld(conversation, me);
        let query = format!(
            "SELECT value FROM timeline, json_each(messages) WHERE conversation = '{conversation}'"
        );
        for row in self.service.rows(Address::Account(me), &query) {
            let message: Value = row.json(0).unwrap_or_default();
            if message["seq"].as_u64().is_some_and(|seq| withheld.contains(&seq)) {
                self.violate(format!("{me} blocked and is kept {message} of {conversation}"));
            }
        }
    }

    /// The same of a frame that arrives.
    fn check_not_blocked(&mut self, device: usize, mirror: Mirror, frame: &Value) {
        let me = self.devices[device].me;
        let rows = frame["rows"].as_array().into_iter().flatten();
        let messages = frame["reply"]["messages"].as_array().into_iter().flatten();
        let mut known = BTreeMap::new();
        for row in rows.chain(messages) {
            let (id, message) = match mirror {
                Mirror::Account => {
                    (row["conversation"].as_str().and_then(|id| id.parse().ok()), &row["message"])
                }
                Mirror::Conversation(id) => (Some(id), row),
            };
            let (Some(id), Some(seq)) = (id, message["seq"].as_u64()) else { continue };
            let withheld = known.entry(id).or_insert_with(|| self.withheld(id, me));
            if message["body"]["type"] != "withheld" && withheld.contains(&seq) {
                self.violate(format!("{me} blocked and is sent {seq} of {id}"));
            }
        }
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

    fn check_device(&mut self, device: usize) {
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

    /// Messages above somebody's mark that can be read.
    fn unread(&self, me: UserId, conversation: ConversationId, read: u64) -> u64 {
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
