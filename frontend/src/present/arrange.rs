//! Lays a timeline's rows out: where a day begins, where the line "new messages" goes, which
//! messages of an author stand together.

use tideline_client::{Item, Row, Timeline};
use tideline_shared::{Timestamp, UserId};

/// Messages of one author this close together show the name once.
const GROUP_MS: u64 = 5 * 60 * 1000;

/// A row and what stands above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Arranged {
    /// The row.
    pub row: Row,
    /// A day begins here: its name goes above.
    pub day: Option<Timestamp>,
    /// Reading stopped above this row.
    pub unread_line: bool,
    /// Same author as above, and shortly after: name and avatar are not repeated.
    pub grouped: bool,
    /// The row below continues this one.
    pub continued: bool,
}

/// Lays out the rows of a timeline. `day_of` numbers a time's day in the reader's time zone.
#[must_use]
pub fn arrange(timeline: &Timeline, day_of: impl Fn(Timestamp) -> u32) -> Vec<Arranged> {
    let first_new = first_new(timeline);
    let mut above: Option<(u32, Option<(UserId, Timestamp)>)> = None;
    let mut arranged: Vec<Arranged> = Vec::with_capacity(timeline.rows.len());
    for (at, row) in timeline.rows.iter().enumerate() {
        let day = day_of(row.at);
        let new_day = above.is_none_or(|(above, _)| above != day);
        let unread_line = first_new == Some(at);
        let author = match &row.item {
            Item::Message { author, .. } => Some((*author, row.at)),
            _ => None,
        };
        let near = match (author, above.and_then(|(_, author)| author)) {
            (Some((one, at)), Some((other, before))) => one == other && at.since(before) < GROUP_MS,
            _ => false,
        };
        let grouped = near && !new_day && !unread_line;
        if let Some(last) = arranged.last_mut() {
            last.continued = grouped;
        }
        arranged.push(Arranged {
            row: row.clone(),
            day: new_day.then_some(row.at),
            unread_line,
            grouped,
            continued: false,
        });
        above = Some((day, author));
    }
    arranged
}

/// The place of the first row behind the read mark; none when it is not in the window.
fn first_new(timeline: &Timeline) -> Option<usize> {
    let mark = timeline.unread_after?;
    let seq_of = |row: &Row| match &row.item {
        Item::Message { seq, .. } => *seq,
        _ => None,
    };
    let at = timeline.rows.iter().position(|row| seq_of(row).is_some_and(|seq| seq > mark))?;
    let reached = timeline.at_start || timeline.rows[..at].iter().any(|row| seq_of(row).is_some());
    reached.then_some(at)
}

#[cfg(test)]
mod tests {
    use tideline_client::MessageState;
    use tideline_shared::MessageId;

    use super::*;

    const MINUTE: u64 = 60_000;
    const DAY: u64 = 24 * 60 * MINUTE;

    fn said(by: u8, seq: u64, at: u64) -> Row {
        Row {
            key: seq.to_string(),
            at: Timestamp(at),
            item: Item::Message {
                id: MessageId::new(at, [by; 10]),
                seq: Some(seq),
                author: UserId::new(1, [by; 10]),
                author_name: format!("Person {by}"),
                author_avatar: None,
                card: None,
                own: false,
                text: Some("hello".into()),
                files: Vec::new(),
                mentions: Vec::new(),
                mentions_all: false,
                recalled: false,
                quote: None,
                forwarded_from: None,
                edited: false,
                pinned: false,
                reactions: Vec::new(),
                state: MessageState::Sent,
            },
        }
    }

    fn shape(timeline: &Timeline) -> String {
        arrange(timeline, |at| (at.0 / DAY) as u32)
            .iter()
            .map(|arranged| {
                let mut mark = String::new();
                mark.push_str(if arranged.day.is_some() { "D" } else { "" });
                mark.push_str(if arranged.unread_line { "N" } else { "" });
                mark.push(if arranged.grouped { '+' } else { '-' });
                mark.push_str(if arranged.continued { "v " } else { " " });
                mark
            })
            .collect::<String>()
            .trim_end()
            .to_owned()
    }

    #[test]
    fn messages_of_one_author_stand_together_for_five_minutes() {
        let rows = vec![
            said(1, 1, 0),
            said(1, 2, MINUTE),
            said(2, 3, 2 * MINUTE),
            said(2, 4, 7 * MINUTE),
            said(2, 5, DAY),
        ];
        let timeline = Timeline { rows, at_start: true, ..Timeline::default() };
        assert_eq!(shape(&timeline), "D-v + - - D-");
    }

    #[test]
    fn the_line_breaks_a_group_where_reading_stopped() {
        let rows = vec![said(1, 4, 0), said(1, 5, 1), said(1, 6, 2)];
        let timeline = Timeline { rows, unread_after: Some(5), ..Timeline::default() };
        assert_eq!(shape(&timeline), "D-v + N-");
    }

    #[test]
    fn no_line_is_shown_while_the_place_is_above_the_window() {
        let rows = vec![said(1, 14, 0), said(1, 15, 1)];
        let mut timeline = Timeline { rows, unread_after: Some(5), ..Timeline::default() };
        assert_eq!(shape(&timeline), "D-v +");
        timeline.at_start = true;
        assert_eq!(shape(&timeline), "DN-v +");
    }
}
