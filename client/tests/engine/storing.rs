//! What the local store lets go of.

use tideline_client::{Action, Mirror};

use crate::kit::*;

/// The conversations of which the store holds messages.
fn stored(device: &Device) -> Vec<u8> {
    let holds = |n: &u8| {
        let prefix = format!("message/{}/", group(*n));
        device.store.keys().any(|key| key.starts_with(&prefix))
    };
    (1..=60).filter(holds).collect()
}

/// A device that has seen messages in so many groups; in the group 1 something was said last.
fn device_with(groups: u8) -> Device {
    let mut device = Device::new();
    let entries = (1..=groups).map(|n| entry(group(n), u64::from(100 - n), u64::from(100 - n)));
    let link = device.online(entries.collect());
    for (at, n) in (1..=groups).enumerate() {
        let row = delivered(group(n), said(u64::from(100 - n)));
        device.hear(link, &account_change(11 + at as u64, vec![row]));
    }
    device
}

#[test]
fn the_conversations_in_which_nothing_was_said_for_longest_are_let_go_of_first() {
    let device = device_with(52);
    assert_eq!(stored(&device).len(), 52);
    let device = device.reload();
    assert_eq!(stored(&device), (1..=50).collect::<Vec<_>>());
    let device = device_with(50).reload();
    assert_eq!(stored(&device).len(), 50, "so many may stay");
}

#[test]
fn what_is_still_to_be_said_is_never_let_go_of() {
    let mut device = device_with(55);
    device.write_message(group(54), "waits");
    let mut device = device.reload();
    let left: Vec<u8> = (1..=50).chain([54]).collect();
    assert_eq!(stored(&device), left, "with it stays what it belongs to");
    let outbox =
        |device: &Device| device.store.keys().filter(|key| key.starts_with("outbox/")).count();
    device.act(Action::FreeStore);
    assert_eq!(stored(&device), [54]);
    assert_eq!(outbox(&device), 1);
    assert_eq!(device.engine.inbox().map(|inbox| inbox.len()), Some(55), "the list is all there");
}

#[test]
fn what_was_let_go_of_comes_again_when_it_is_opened() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    device.act(Action::FreeStore);
    assert_eq!(stored(&device), [1], "what is on the screen stays");
    let mut device = device.reload();
    device.act(Action::FreeStore);
    assert_eq!(stored(&device), [0_u8; 0]);
    device.accept(Mirror::Account);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    assert_eq!(stored(&device), [1]);
}

#[test]
fn a_cursor_without_what_it_stands_for_is_not_built_on() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    // Another tab let go of the rows, and this one wrote its cursor once more.
    device.store.retain(|key, _| !key.starts_with("message/") && !key.starts_with("member/"));
    let mut device = device.reload();
    device.accept(Mirror::Account);
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    assert!(device.sent(link).contains(&Sent::Hello(None)), "all of it is asked for");
}
