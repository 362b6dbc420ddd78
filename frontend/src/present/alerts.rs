//! Which news of the list a person is told of when they look elsewhere.

use tideline_client::InboxItem;
use tideline_shared::{ConversationId, Timestamp};

/// So many conversations announce themselves at once, at most: whoever comes back after days is not
/// rung for by each.
const AT_ONCE: usize = 3;

/// What counts as unread where it is counted for all conversations: of what is muted only what means
/// this person.
#[must_use]
pub fn unread_aloud(item: &InboxItem, now: Timestamp) -> u64 {
    if item.kept.is_muted(now) { item.mentions } else { item.unread }
}

/// Follows the list, and tells what is new in it.
#[derive(Debug, Default)]
pub struct Alerts {
    /// What was unread in each conversation; none before the list was seen.
    known: Option<Vec<(ConversationId, u64)>>,
}

impl Alerts {
    /// Takes in the list as it is, newest first, and brings those conversations in which something came
    /// that is to be announced. What was there from the beginning is not.
    pub fn follow<'a>(&mut self, list: &'a [InboxItem], now: Timestamp) -> Vec<&'a InboxItem> {
        let counts = list.iter().map(|item| (item.conversation, unread_aloud(item, now)));
        let before = self.known.replace(counts.clone().collect());
        let Some(before) = before else { return Vec::new() };
        let rose = |(item, (id, count)): (&'a InboxItem, (ConversationId, u64))| {
            let known =
                before.iter().find(|(other, _)| *other == id).map_or(0, |(_, count)| *count);
            (count > known).then_some(item)
        };
        list.iter().zip(counts).filter_map(rose).take(AT_ONCE).collect()
    }
}

#[cfg(test)]
mod tests {
    use tideline_shared::protocol::{Keeping, Kind, Muted};

    use super::*;

    const NOW: Timestamp = Timestamp(1_000);

    fn item(n: u8, unread: u64) -> InboxItem {
        InboxItem {
            conversation: ConversationId::new(1, [n; 10]),
            kind: Kind::Group,
            title: "Tide pool".to_owned(),
            peer: None,
            avatar: None,
            preview: None,
            at: NOW,
            unread,
            mentions: 0,
            requests: 0,
            kept: Keeping::default(),
            draft: String::new(),
        }
    }

    fn told(alerts: &mut Alerts, list: &[InboxItem]) -> Vec<ConversationId> {
        alerts.follow(list, NOW).into_iter().map(|item| item.conversation).collect()
    }

    #[test]
    fn only_what_comes_later_is_announced_and_once() {
        let mut alerts = Alerts::default();
        let [one, two] = [item(1, 0).conversation, item(2, 0).conversation];
        assert_eq!(told(&mut alerts, &[item(1, 4)]), []);
        assert_eq!(told(&mut alerts, &[item(1, 4)]), []);
        assert_eq!(told(&mut alerts, &[item(1, 5)]), [one]);
        assert_eq!(told(&mut alerts, &[item(1, 5)]), []);
        assert_eq!(told(&mut alerts, &[item(2, 1), item(1, 5)]), [two], "a new conversation");
        assert_eq!(told(&mut alerts, &[item(1, 0), item(2, 1)]), [], "read elsewhere");
        assert_eq!(told(&mut alerts, &[item(1, 1), item(2, 1)]), [one]);
    }

    #[test]
    fn of_what_is_muted_only_what_means_this_person() {
        let muted = |unread, mentions| {
            let kept = Keeping { muted: Some(Muted { until: None }), ..Keeping::default() };
            InboxItem { mentions, kept, ..item(1, unread) }
        };
        let mut alerts = Alerts::default();
        told(&mut alerts, &[muted(0, 0)]);
        assert_eq!(told(&mut alerts, &[muted(1, 0)]), []);
        assert_eq!(told(&mut alerts, &[muted(2, 1)]).len(), 1);
    }

    #[test]
    fn whoever_comes_back_is_not_rung_for_by_every_conversation() {
        let mut alerts = Alerts::default();
        told(&mut alerts, &[]);
        let list: Vec<_> = (1..9).map(|n| item(n, 1)).collect();
        let newest: Vec<_> = list[..AT_ONCE].iter().map(|item| item.conversation).collect();
        assert_eq!(told(&mut alerts, &list), newest);
        assert_eq!(told(&mut alerts, &list), []);
    }
}
