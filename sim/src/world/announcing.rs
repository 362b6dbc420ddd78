//! Groups in which only those who lead write.

use serde_json::json;
use tideline_server::Address;
use tideline_shared::ConversationId;

use super::{World, path, people};

impl World {
    /// Only those who lead may write from now on, or everybody again, by a number that chooses.
    pub(super) fn announce(&mut self, cookie: &str, id: ConversationId, chance: u64) {
        let on = chance.is_multiple_of(2);
        if on {
            self.may_be_refused(|one| one.conversation == id);
        }
        let command = json!({"type": "change_record", "announcements": on});
        self.post(cookie, &path(id), &command);
    }

    /// Whether what somebody writes there may be refused.
    pub(super) fn announces(&self, id: ConversationId) -> bool {
        let query = "SELECT 1 FROM conversation WHERE announcements = 1";
        !self.service.rows(Address::Conversation(id), query).is_empty()
    }

    /// Somebody speaks where perhaps they may not.
    pub(super) fn speak_up(&mut self, device: usize, id: ConversationId) {
        let (me, cookie) = (self.devices[device].me, self.devices[device].cookie.clone());
        let query = format!(
            "SELECT 1 FROM members WHERE user = '{me}' AND left_at IS NULL AND role <> '\"member\"'"
        );
        let leads = !self.service.rows(Address::Conversation(id), &query).is_empty();
        let may = leads || !self.announces(id);
        let message = people::uuid(&mut self.devices[device].habits);
        let send = json!({"type": "send", "id": message, "text": format!("a message of {me}")});
        let answer = self.post(&cookie, &path(id), &send);
        let (kind, seq) = (answer["type"].as_str(), answer["seq"].as_u64());
        if let (Some("sent"), Some(seq)) = (kind, seq) {
            self.acknowledged.insert((id, message), seq);
            if !may {
                self.violate(format!("{me} does not lead {id}, and said {seq} there"));
            }
        } else if leads && answer["code"] == "announcements_only" {
            self.violate(format!("{me} leads {id} and was refused"));
        }
    }
}
