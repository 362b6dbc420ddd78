//! Nothing that was said during a block is anywhere with who blocked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tideline_client::Mirror;
use tideline_server::Address;
use tideline_shared::{ConversationId, UserId};

use super::World;

impl World {
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
    pub(super) fn check_withheld(&mut self, device: usize, conversation: ConversationId) {
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
    pub(super) fn check_not_blocked(&mut self, device: usize, mirror: Mirror, frame: &Value) {
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
}
