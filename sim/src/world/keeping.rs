//! How people keep their conversations, and their drafts: in the end every device shows what the
//! account has.

use serde_json::{Value, json};
use tideline_server::Address;
use tideline_shared::ConversationId;

use super::World;

/// Something that is done to a conversation of one's list.
pub(super) fn command(conversation: ConversationId, chance: u64) -> Value {
    let on = chance.is_multiple_of(2);
    match chance / 2 % 7 {
        0 => json!({"type": "mute", "conversation": conversation, "duration_s": 5}),
        1 => json!({"type": "mute", "conversation": conversation, "mentions_all": on}),
        2 => json!({"type": "unmute", "conversation": conversation}),
        3 => json!({"type": "arrange", "conversation": conversation, "pinned": on}),
        4 => json!({"type": "arrange", "conversation": conversation, "archived": on}),
        5 => json!({"type": "arrange", "conversation": conversation, "unread": on}),
        _ => {
            let text = if on { format!("draft {chance}") } else { String::new() };
            json!({"type": "draft", "conversation": conversation, "text": text})
        }
    }
}

impl World {
    /// Compares how a device shows that a conversation is kept with what is there.
    pub(super) fn check_keeping(&mut self, device: usize, conversation: ConversationId) {
        let me = self.devices[device].me;
        let inbox = self.devices[device].engine.inbox().unwrap_or_default();
        let Some(item) = inbox.into_iter().find(|item| item.conversation == conversation) else {
            return;
        };
        let own = |query: &str| {
            let query = format!("{query} WHERE conversation = '{conversation}'");
            self.service.rows(Address::Account(me), &query)
        };
        let kept = own("SELECT is_pinned, is_archived, is_marked, muted_until FROM entries");
        let wanted = kept.first().map(|row| {
            let flag = |column| row.number(column).is_ok_and(|flag| flag == 1);
            let muted = row.maybe_number(3).ok().flatten().is_some();
            (flag(0), flag(1), flag(2), muted)
        });
        let shown = item.kept;
        let shown = (shown.pinned, shown.archived, shown.unread, shown.muted.is_some());
        let drafts = own("SELECT text FROM drafts");
        let draft = drafts.first().and_then(|row| row.text(0).ok()).unwrap_or_default().to_owned();
        if Some(shown) != wanted || item.draft != draft {
            let shown = (shown, item.draft);
            self.violate(format!(
                "device {device} keeps {conversation} as {shown:?}, the account as {:?}",
                (wanted, draft)
            ));
        }
    }
}
