//! Whom messages mean: every list counts the unread ones that mean its person, as the conversation
//! has them.

use serde_json::Value;
use tideline_server::Address;
use tideline_shared::{ConversationId, UserId};

use super::World;

/// What somebody adds to a message to mean somebody; mostly nothing.
pub(super) fn meant(chance: u64, people: u64) -> String {
    match chance % 16 {
        0..3 => format!(" @person{}", chance / 16 % people),
        3 => " @all".to_owned(),
        _ => String::new(),
    }
}

impl World {
    /// Compares what a device shows of a conversation with what is there. Who let messages to everybody not mean
    /// them is counted those that came meanwhile no more; what names them always counts.
    pub(super) fn check_mentions(&mut self, device: usize, conversation: ConversationId) {
        let me = self.devices[device].me;
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        let item = inbox.into_iter().find(|item| item.conversation == conversation);
        let shown = item.map_or(0, |item| item.mentions);
        let (named, all) = self.mentioned(me, conversation);
        let least = if self.deaf.contains(&(me, conversation)) { named } else { all };
        if !(least..=all).contains(&shown) {
            self.violate(format!(
                "device {device} counts {shown} mentions in {conversation}, there are {least} to {all}"
            ));
        }
    }

    /// How many unread messages name somebody, and how many mean them at all.
    fn mentioned(&self, me: UserId, conversation: ConversationId) -> (u64, u64) {
        let own = |query: String| self.service.rows(Address::Account(me), &query);
        let read =
            own(format!("SELECT read_seq FROM entries WHERE conversation = '{conversation}'"));
        let read = read.first().and_then(|row| row.number(0).ok()).unwrap_or(0);
        let hidden = own(format!("SELECT seq FROM hidden WHERE conversation = '{conversation}'"));
        let hidden: Vec<u64> = hidden.iter().filter_map(|row| row.number(0).ok()).collect();
        let query = format!(
            "SELECT seq, mentions FROM messages
             WHERE seq > {read} AND author <> '{me}' AND mentions IS NOT NULL"
        );
        let (mut named, mut meant) = (0, 0);
        for row in self.service.rows(Address::Conversation(conversation), &query) {
            let mentions: Value = row.json(1).unwrap_or_default();
            let users = mentions["users"].as_array().into_iter().flatten();
            let names_me = users.into_iter().any(|one| one["user"] == me.to_string().as_str());
            if row.number(0).is_ok_and(|seq| !hidden.contains(&seq)) {
                named += u64::from(names_me);
                meant += u64::from(names_me || mentions["all"] == true);
            }
        }
        (named, meant)
    }
}
