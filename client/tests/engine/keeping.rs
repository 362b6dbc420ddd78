//! What is kept of a conversation beside its messages.

use tideline_shared::protocol::{AccountRow, Draft, Entry, Keeping};

use crate::kit::*;

fn draft(n: u8, text: &str) -> AccountRow {
    AccountRow::Draft(Draft { conversation: group(n), text: text.to_owned() })
}

#[test]
fn what_is_pinned_comes_first_however_old_it_is() {
    let mut device = Device::new();
    let kept = Keeping { pinned: true, ..Keeping::default() };
    let old = Entry { kept, ..entry(group(1), 1, 1) };
    device.online(vec![entry(group(2), 9, 9), old, entry(group(3), 8, 8)]);
    let order: Vec<_> = device.engine.inbox().iter().flatten().map(|it| it.conversation).collect();
    assert_eq!(order.first(), Some(&group(1)));
    assert_eq!(order.len(), 3);
}

#[test]
fn drafts_come_go_and_survive_a_reload() {
    let mut device = Device::new();
    let link = device.online(vec![entry(group(1), 1, 1), entry(group(2), 1, 1)]);
    let drafts = |device: &Device| {
        let inbox = device.engine.inbox().unwrap_or_default();
        let of =
            |n: u8| inbox.iter().find(|it| it.conversation == group(n)).map(|it| it.draft.clone());
        [of(1), of(2)].map(Option::unwrap_or_default)
    };
    device.hear(link, &account_change(11, vec![draft(1, "I wanted"), draft(2, "to say")]));
    assert_eq!(drafts(&device), ["I wanted", "to say"]);
    device.hear(link, &account_change(12, vec![draft(2, "")]));
    assert_eq!(drafts(&device), ["I wanted", ""]);
    let mut device = device.reload();
    assert_eq!(drafts(&device), ["I wanted", ""]);
    let link = device.accept(tideline_client::Mirror::Account);
    device.hear(link, &account_reset(vec![AccountRow::Entry(entry(group(1), 1, 1))], 20));
    assert_eq!(drafts(&device), ["", ""], "a reset holds all there is");
}
