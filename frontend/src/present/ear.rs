//! What is said aloud of a conversation that is open: what others say there from now on. Not what was there before,
//! what one says oneself, or how far a message is.

use tideline_client::{Item, Timeline};
use tideline_shared::protocol::File;
use tideline_shared::search::Has;
use tideline_shared::{ConversationId, UserId, markup};

/// Of a longer message its beginning is said; the rest is there to be read.
const MOST_CHARS: usize = 200;

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Somebody said something.
    Said {
        author: UserId,
        author_name: String,
        /// Without markup, on one line.
        text: String,
        /// What its first file is.
        holds: Option<Has>,
    },
    /// So many messages, which the window does not show.
    Below(u64),
}

/// Listens to the conversation on the screen.
#[derive(Debug, Default)]
pub struct Ear {
    conversation: Option<ConversationId>,
    /// The newest message so far, while the window shows the end.
    newest: Option<u64>,
    below: u64,
}

impl Ear {
    /// What came since the last time.
    pub fn hear(&mut self, timeline: &Timeline) -> Vec<Heard> {
        if self.conversation != timeline.conversation {
            *self = Self { conversation: timeline.conversation, ..Self::default() };
        }
        if timeline.loading || timeline.conversation.is_none() {
            return Vec::new();
        }
        let below = std::mem::replace(&mut self.below, timeline.new_below);
        if !timeline.at_end {
            self.newest = None;
            let more = timeline.new_below.saturating_sub(below);
            return (more > 0).then_some(Heard::Below(more)).into_iter().collect();
        }
        let seqs = timeline.rows.iter().filter_map(|row| match row.item {
            Item::Message { seq, .. } => seq,
            _ => None,
        });
        let newest = seqs.max().unwrap_or_default();
        let Some(before) = self.newest.replace(newest) else { return Vec::new() };
        timeline.rows.iter().filter_map(|row| said(&row.item, before)).collect()
    }
}

/// What somebody else said behind `before`.
fn said(item: &Item, before: u64) -> Option<Heard> {
    match item {
        Item::Message { seq: Some(seq), own: false, author, author_name, text, files, .. }
            if *seq > before && (text.is_some() || !files.is_empty()) =>
        {
            let text = markup::plain(text.as_deref().unwrap_or_default());
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(Heard::Said {
                author: *author,
                author_name: author_name.clone(),
                text: text.chars().take(MOST_CHARS).collect(),
                holds: files.first().map(File::kind),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tideline_client::{MessageState, Row};
    use tideline_shared::{MessageId, Timestamp};

    use super::*;

    fn row(seq: u64, own: bool, text: Option<&str>) -> Row {
        let author = UserId::new(1, [u8::from(own); 10]);
        let item = Item::Message {
            id: MessageId::new(seq, [1; 10]),
            seq: Some(seq),
            author,
            author_name: "Ben".to_owned(),
            author_avatar: None,
            own,
            text: text.map(str::to_owned),
            files: Vec::new(),
            recalled: text.is_none(),
            quote: None,
            forwarded_from: None,
            edited: false,
            pinned: false,
            reactions: Vec::new(),
            card: None,
            mentions: Vec::new(),
            mentions_all: false,
            state: MessageState::Sent,
        };
        Row { key: seq.to_string(), at: Timestamp(seq), item }
    }

    fn window(rows: Vec<Row>) -> Timeline {
        Timeline { conversation: Some(conversation(1)), rows, at_end: true, ..Timeline::default() }
    }

    fn conversation(n: u8) -> ConversationId {
        ConversationId::new(1, [n; 10])
    }

    fn texts(heard: Vec<Heard>) -> Vec<String> {
        let text = |heard| match heard {
            Heard::Said { text, .. } => text,
            Heard::Below(count) => format!("{count} below"),
        };
        heard.into_iter().map(text).collect()
    }

    #[test]
    fn what_others_say_from_now_on_is_heard_once() {
        let mut ear = Ear::default();
        let mut rows = vec![row(1, false, Some("before"))];
        let loading = Timeline { loading: true, ..Timeline::default() };
        assert!(ear.hear(&loading).is_empty());
        assert!(ear.hear(&window(rows.clone())).is_empty());
        rows.extend([row(2, false, Some("**new**\n\nline")), row(3, true, Some("mine"))]);
        rows.push(row(4, false, None));
        assert_eq!(texts(ear.hear(&window(rows.clone()))), ["new line"]);
        assert!(ear.hear(&window(rows)).is_empty());
    }

    #[test]
    fn an_empty_conversation_is_listened_to_as_well() {
        let mut ear = Ear::default();
        assert!(ear.hear(&window(Vec::new())).is_empty());
        assert_eq!(texts(ear.hear(&window(vec![row(1, false, Some("first"))]))), ["first"]);
    }

    #[test]
    fn what_another_conversation_holds_is_no_news() {
        let mut ear = Ear::default();
        assert!(ear.hear(&window(vec![row(1, false, Some("here"))])).is_empty());
        let rows = vec![row(8, false, Some("there"))];
        let there = Timeline { conversation: Some(conversation(2)), ..window(rows) };
        assert!(ear.hear(&there).is_empty());
        assert!(ear.hear(&Timeline::default()).is_empty());
    }

    #[test]
    fn pages_that_are_scrolled_to_are_not_heard_and_what_comes_below_is_counted() {
        let mut ear = Ear::default();
        let away = |seqs: std::ops::Range<u64>, new_below| {
            let rows = seqs.map(|seq| row(seq, false, Some("old"))).collect();
            Timeline { at_end: false, new_below, ..window(rows) }
        };
        assert!(ear.hear(&away(50..60, 0)).is_empty());
        assert!(ear.hear(&away(40..70, 0)).is_empty());
        assert_eq!(texts(ear.hear(&away(40..70, 2))), ["2 below"]);
        let end = (60..=90).map(|seq| row(seq, false, Some("old"))).collect();
        assert!(ear.hear(&window(end)).is_empty());
    }
}
