//! What people ask for and nobody has to remember: earlier words, who read something, what is pinned, what a filter leaves,
//! public groups, notices no more. Each answer is held against what is there at that moment.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::protocol::Body;
use tideline_shared::{ConversationId, UserId};

use super::people::PEOPLE;
use super::{World, path};

/// The day after everything begins (2027-01-16), in milliseconds since 1970; some runs go beyond.
const NEXT_DAY: u64 = 1_800_057_600_000;

impl World {
    /// Somebody asks for something, by a number that chooses, also where they are not.
    pub(super) fn ask(&mut self, device: usize, chance: u64) {
        let id = self.conversations[(chance >> 8) as usize % self.conversations.len()];
        match chance % 9 {
            0..2 => self.ask_for_earlier(device, id),
            2..4 => self.ask_for_readers(device, id),
            4..6 => self.search_filtered(device, id, chance >> 24),
            6 => self.search_public(device),
            7 => self.ask_for_pins(device, id),
            _ => self.unsubscribe(device),
        }
    }

    fn is_member(&self, user: UserId, id: ConversationId) -> bool {
        let query = format!("SELECT 1 FROM members WHERE user = '{user}' AND left_at IS NULL");
        !self.service.rows(Address::Conversation(id), &query).is_empty()
    }

    /// Members see what the message said that was edited last, nobody else does.
    fn ask_for_earlier(&mut self, device: usize, id: ConversationId) {
        let at = Address::Conversation(id);
        let edited = "SELECT seq FROM messages WHERE edited_at IS NOT NULL ORDER BY version DESC";
        let Some(seq) = self.number(at, edited) else { return };
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let answer = self.post(&cookie, &path(id), &json!({"type": "revisions", "seq": seq}));
        let Some(shown) = answer["revisions"].as_array() else { return };
        let shown: Vec<_> = shown.iter().filter_map(|one| one["text"].as_str()).collect();
        let query = format!("SELECT text FROM revisions WHERE seq = {seq} ORDER BY n");
        let rows = self.service.rows(at, &query);
        let kept: Vec<_> = rows.iter().filter_map(|row| row.text(0).ok()).collect();
        let may = self.is_member(me, id) && !self.withheld(id, me).contains(&seq);
        // Who blocked sees less of it.
        if !may || shown != kept && !self.blocks_in(id, me) {
            self.violate(format!("{me} is shown {shown:?} of {seq} in {id}, it said {kept:?}"));
        }
    }

    /// Members see what is pinned, the newest pin first; nobody else sees any of it.
    fn ask_for_pins(&mut self, device: usize, id: ConversationId) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let answer = self.post(&cookie, &path(id), &json!({"type": "pinned"}));
        let Some(shown) = answer["messages"].as_array() else { return };
        let shown: Vec<_> = shown.iter().filter_map(|one| one["seq"].as_u64()).collect();
        let query = "SELECT seq FROM messages WHERE pinned_at IS NOT NULL
                     ORDER BY pinned_at DESC, seq DESC";
        let rows = self.service.rows(Address::Conversation(id), query);
        let pinned: Vec<_> = rows.iter().filter_map(|row| row.number(0).ok()).collect();
        // Who blocked keeps messages as they were.
        let differs = shown != pinned && !self.blocks_in(id, me);
        if differs || !self.is_member(me, id) {
            self.violate(format!("{me} is shown {shown:?} as pinned in {id}, which is {pinned:?}"));
        }
    }

    /// Authors hear who read a message, and nobody is said to have read what they did not.
    fn ask_for_readers(&mut self, device: usize, id: ConversationId) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let Some(seq) = self.number(Address::Conversation(id), "SELECT max(seq) / 2 FROM messages")
        else {
            return;
        };
        let answer = self.post(&cookie, &path(id), &json!({"type": "readers", "seq": seq}));
        let Some(readers) = answer["users"].as_array() else { return };
        let author = format!("SELECT 1 FROM messages WHERE seq = {seq} AND author = '{me}'");
        let wrote = self.number(Address::Conversation(id), &author).is_some();
        let query =
            format!("SELECT 1 FROM entries WHERE conversation = '{id}' AND read_seq >= {seq}");
        let readers = readers.iter().filter_map(|user| serde_json::from_value(user.clone()).ok());
        let wrong = readers.filter(|&user: &UserId| {
            !self.is_gone(user) && self.number(Address::Account(user), &query).is_none()
        });
        let wrong: Vec<_> = wrong.collect();
        if !wrong.is_empty() || !wrote || !self.is_member(me, id) {
            self.violate(format!("{me} hears of {seq} in {id}: {answer}; not so: {wrong:?}"));
        }
    }

    fn number(&self, at: Address, query: &str) -> Option<u64> {
        self.service.rows(at, query).first()?.maybe_number(0).ok()?
    }

    /// Somebody searches with a filter; every hit is one that it leaves.
    fn search_filtered(&mut self, device: usize, id: ConversationId, chance: u64) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let name = format!("person{}", (chance >> 8) as usize % PEOPLE.len());
        let filter = match chance % 4 {
            0 => format!("from:{name}"),
            1 => "has:file".to_owned(),
            2 => "after:2027-01-16".to_owned(),
            _ => "before:2027-01-16".to_owned(),
        };
        let query = format!("message {filter}");
        let command = json!({"type": "messages", "query": query, "conversations": [id]});
        let answer = self.post(&cookie, "/api/search", &command);
        for hit in answer["found"][0]["hits"].as_array().into_iter().flatten() {
            if !self.may_find(me, id, hit) || !self.leaves(id, hit, chance % 4, &name) {
                return self.violate(format!("{me} found {hit} in {id} by {query:?}"));
            }
        }
    }

    /// Whether a filter leaves a message.
    fn leaves(&self, id: ConversationId, hit: &Value, filter: u64, name: &str) -> bool {
        let query = format!(
            "SELECT body, at, user_name = '{name}' OR display_name LIKE '%{name}%'
             FROM messages JOIN members ON user = author WHERE seq = {}",
            hit["seq"]
        );
        let rows = self.service.rows(Address::Conversation(id), &query);
        let Some(row) = rows.first() else { return false };
        match filter {
            0 => row.number(2) == Ok(1),
            1 => row.json::<Body>(0).is_ok_and(|body| !body.files().is_empty()),
            2 => row.number(1).is_ok_and(|at| at >= NEXT_DAY),
            _ => row.number(1).is_ok_and(|at| at < NEXT_DAY),
        }
    }

    /// Somebody looks for groups: they find those that are public, and that they are not in.
    fn search_public(&mut self, device: usize) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let command = json!({"type": "public_groups", "query": "pool"});
        let answer = self.post(&cookie, "/api/search", &command);
        for group in answer["found"].as_array().into_iter().flatten() {
            let Some(id) = group["conversation"].as_str().and_then(|id| id.parse().ok()) else {
                continue;
            };
            let public = "SELECT 1 FROM conversation WHERE public = 1";
            let is_public = self.number(Address::Conversation(id), public).is_some();
            if !is_public || self.is_member(me, id) {
                self.violate(format!("{me} found {group}, public: {is_public}"));
            }
        }
    }

    /// A device is told of nothing any more, and then again.
    fn unsubscribe(&mut self, device: usize) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let answer = self.post(&cookie, "/api/session", &json!({"type": "unsubscribe"}));
        let session = &self.devices[device].session;
        let query = format!("SELECT 1 FROM subscriptions WHERE session = '{session}'");
        if answer["type"] == "done" && self.number(Address::Account(me), &query).is_some() {
            self.violate(format!("device {device} unsubscribed, and is subscribed"));
        }
        self.subscribe(device);
    }
}
