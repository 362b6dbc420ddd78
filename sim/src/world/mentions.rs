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
    /// Compares what a device shows of a conversation with what is there.
    pub(super) fn check_mentions(&mut self, device: usize, conversation: ConversationId) {
        let me = self.devices[device].me;
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        let item = inbox.into_iter().find(|item| item.conversation == conversation);
        let (shown, wanted) =
            (item.map_or(0, |item| item.mentions), self.mentioned(me, conversation));
        if shown != wanted {
            self.violate(format!(
                "device {device} counts {shown} mentions in {conversation}, there are {wanted}"
            ));
        }
    }

    fn mentioned(&self, me: UserId, conversation: ConversationId) -> u64 {
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
        let rows = self.service.rows(Address::Conversation(conversation), &query);
        let means_me = |row: &&tideline_server::sql::Row| {
            let mentions: Value = row.json(1).unwrap_or_default();
            let named = mentions["users"].as_array().into_iter().flatten();
            let named = named.into_iter().any(|one| one["user"] == me.to_string().as_str());
            let seen = row.number(0).is_ok_and(|seq| !hidden.contains(&seq));
            seen && (named || mentions["all"] == true)
        };
        rows.iter().filter(means_me).count() as u64
    }
}
