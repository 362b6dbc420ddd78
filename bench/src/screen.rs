//! What a device's screen shows, read off the engine the way that a person reads it.

use std::collections::BTreeMap;

use tideline_client::{Action, Engine, InboxItem, Item, MessageState};
use tideline_shared::protocol::Message;
use tideline_shared::{ConversationId, MessageId, UserId};

use crate::device::Device;

/// A message as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the order.
    pub seq: u64,
    /// Its id.
    pub id: MessageId,
    /// Who said it.
    pub author: UserId,
    /// The words.
    pub text: String,
}

impl From<Message> for Shown {
    fn from(message: Message) -> Self {
        let text = message.body.text().expect("only words are said here").to_owned();
        Self { seq: message.seq, id: message.id, author: message.author, text }
    }
}

/// The stored messages of the window, in its order.
#[must_use]
pub fn shown(engine: &Engine) -> Vec<Shown> {
    let rows = engine.timeline().rows;
    rows.into_iter()
        .filter_map(|row| match row.item {
            Item::Message { id, seq: Some(seq), author, text: Some(text), .. } => {
                Some(Shown { seq, id, author, text })
            }
            _ => None,
        })
        .collect()
}

/// How many of the window's messages still wait.
#[must_use]
pub fn sending(engine: &Engine) -> usize {
    let rows = engine.timeline().rows;
    let waits = |item: &Item| matches!(item, Item::Message { state: MessageState::Sending, .. });
    rows.iter().filter(|row| waits(&row.item)).count()
}

/// The list's entry of a conversation.
#[must_use]
pub fn entry(engine: &Engine, of: ConversationId) -> Option<InboxItem> {
    engine.inbox()?.into_iter().find(|item| item.conversation == of)
}

/// Whether the list says that so many messages are unread.
#[must_use]
pub fn unread(engine: &Engine, of: ConversationId, count: u64) -> bool {
    entry(engine, of).is_some_and(|item| item.unread == count)
}

/// Whether the window ends with the newest message, which is the `count`th.
#[must_use]
pub fn shows_up_to(engine: &Engine, count: u64) -> bool {
    engine.timeline().at_end && shown(engine).last().is_some_and(|last| last.seq == count)
}

/// Reads the conversation on the screen from its end to its beginning, by scrolling. Each window on
/// the way must be in order and without a gap.
pub async fn read_whole(device: &Device) -> Vec<Shown> {
    device.act(Action::Newest);
    device
        .until("show the end of the conversation", |engine| {
            let timeline = engine.timeline();
            timeline.at_end && !timeline.loading
        })
        .await;
    let mut whole = BTreeMap::new();
    loop {
        let (window, at_start) = device.look(|engine| (shown(engine), engine.timeline().at_start));
        for (before, after) in window.iter().zip(window.iter().skip(1)) {
            assert_eq!(before.seq + 1, after.seq, "a gap on the screen:\n{before:?}\n{after:?}");
        }
        for message in window {
            let seq = message.seq;
            let before = whole.insert(seq, message.clone());
            assert!(before.is_none_or(|before| before == message), "{seq} changed");
        }
        if at_start {
            break;
        }
        let top = |engine: &Engine| engine.timeline().rows.first().map(|row| row.key.clone());
        let before = device.look(top);
        device.act(Action::Older);
        device
            .until("show older messages", |engine| {
                engine.timeline().at_start || top(engine) != before
            })
            .await;
    }
    whole.into_values().collect()
}
