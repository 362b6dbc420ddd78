//! What people share of how far they are: in the end a device shows of its own messages what the
//! others share, and nothing else; and nobody is said to have read what they did not.

use serde_json::{Value, json};
use tideline_client::{Item, MessageState};
use tideline_server::Address;
use tideline_shared::{ConversationId, UserId};

use super::World;

/// Shares something, or does so no more, by a number that chooses.
pub(super) fn command(chance: u64) -> Value {
    let what = ["hides_receipts", "hides_presence", "hides_last_seen"][chance as usize % 3];
    let mut command = json!({"type": "change_settings"});
    command[what] = (chance / 3).is_multiple_of(3).into();
    command
}

/// What a conversation knows of a member.
struct Known {
    user: UserId,
    received: u64,
    read: u64,
    shares: bool,
}

impl World {
    fn receipts(&self, conversation: ConversationId) -> Vec<Known> {
        let query = "SELECT user, received, read, shares FROM receipts
                     WHERE user IN (SELECT user FROM members WHERE left_at IS NULL)";
        let rows = self.service.rows(Address::Conversation(conversation), query);
        let read = rows.iter().filter_map(|row| {
            let (user, shares) = (row.parse(0).ok()?, row.number(3).ok()? == 1);
            Some(Known { user, received: row.number(1).ok()?, read: row.number(2).ok()?, shares })
        });
        read.collect()
    }

    /// What a conversation holds of its members, against their accounts.
    pub(super) fn check_receipts(&mut self, conversation: ConversationId) {
        for Known { user, read, shares, .. } in self.receipts(conversation) {
            let own = |query: &str| self.service.rows(Address::Account(user), query);
            if own("SELECT 1 FROM account").is_empty() {
                continue;
            }
            let hides = own("SELECT 1 FROM settings WHERE hides_receipts = 1");
            let query =
                format!("SELECT read_seq FROM entries WHERE conversation = '{conversation}'");
            let mark = own(&query).first().and_then(|row| row.number(0).ok()).unwrap_or(0);
            if shares != hides.is_empty() || read > mark {
                let hides = !hides.is_empty();
                return self.violate(format!(
                    "{conversation} takes {user} to share ({shares}) {read}, hidden {hides}, {mark}"
                ));
            }
        }
    }

    /// How far the own messages are that the device has on its screen.
    pub(super) fn check_states(&mut self, device: usize, conversation: ConversationId) {
        let me = self.devices[device].me;
        let known = self.receipts(conversation);
        let shares = known.iter().any(|one| one.user == me && one.shares);
        let others = || known.iter().filter(|one| shares && one.shares && one.user != me);
        for row in self.devices[device].engine.timeline().rows {
            let Item::Message { seq: Some(seq), own: true, state, .. } = row.item else { continue };
            let wanted = if others().any(|one| one.read >= seq) {
                MessageState::Read
            } else if others().any(|one| one.received >= seq) {
                MessageState::Delivered
            } else {
                MessageState::Sent
            };
            if state != wanted {
                return self.violate(format!(
                    "device {device} shows {seq} of {conversation} as {state:?}, not {wanted:?}"
                ));
            }
        }
    }
}
