//! What the local store lets go of.

use tideline_client::{Action, Input, Link, Mirror, Write};
use tideline_shared::MessageId;
use tideline_shared::protocol::Message;

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
    device_that_waits(groups, None)
}

/// One that has something to say in one of them.
fn device_that_waits(groups: u8, waits: Option<u8>) -> Device {
    let mut device = Device::new();
    let entries = (1..=groups).map(|n| entry(group(n), u64::from(100 - n), u64::from(100 - n)));
    let link = device.online(entries.collect());
    if let Some(n) = waits {
        device.write_message(group(n), "waits");
    }
    for (at, n) in (1..=groups).enumerate() {
        let row = delivered(group(n), said(u64::from(100 - n)));
        device.hear(link, &account_change(11 + at as u64, vec![row]));
    }
    device
}

/// A message of a hundred thousand bytes.
fn large(seq: u64) -> Message {
    message(seq, ben(), MessageId::new(seq, [2; 10]), &"~".repeat(100_000))
}

/// Group `n` says a few large things, which is so many megabytes.
fn say_large(device: &mut Device, link: Link, version: &mut u64, n: u8, megabytes: u64) {
    for _ in 0..10 * megabytes {
        *version += 1;
        let row = delivered(group(n), large(*version));
        device.hear(link, &account_change(*version, vec![row]));
    }
}

#[test]
fn the_conversations_in_which_nothing_was_said_for_longest_are_let_go_of_first() {
    let device = device_with(52);
    assert_eq!(stored(&device), (1..=50).collect::<Vec<_>>(), "while it runs");
    let device = device.reload();
    assert_eq!(stored(&device), (1..=50).collect::<Vec<_>>());
    let device = device_with(50).reload();
    assert_eq!(stored(&device).len(), 50, "so many may stay");
}

#[test]
fn what_is_very_large_is_let_go_of_by_its_bytes_the_oldest_first() {
    let mut device = Device::new();
    device.watched = false;
    let entries = (1..=5).map(|n| entry(group(n), 200 - u64::from(n), 200 - u64::from(n)));
    let link = device.online(entries.collect());
    let mut version = 10;
    for n in [3, 1, 4] {
        say_large(&mut device, link, &mut version, n, 10);
    }
    assert_eq!(stored(&device), [1, 3, 4], "thirty megabytes may stay");
    // What is known of their size outlives the program.
    let mut device = device.reload();
    device.watched = false;
    let link = device.accept(Mirror::Account);
    device.hear(link, &account_page(vec![], version));
    say_large(&mut device, link, &mut version, 2, 10);
    assert_eq!(stored(&device), [1, 2, 3], "in the fourth nothing was said for longest");
    device.write_message(group(3), "waits");
    say_large(&mut device, link, &mut version, 5, 1);
    say_large(&mut device, link, &mut version, 1, 1);
    assert_eq!(stored(&device), [1, 2, 3], "the third has something to say, the fifth is older");
}

#[test]
fn a_full_store_gets_room_and_what_is_in_use_stays() {
    let mut device = device_with(10);
    device.show(group(9));
    device.input(Input::StoreFull);
    assert_eq!(stored(&device), [1, 2, 3, 9], "half of it went, the oldest first");
    for _ in 0..5 {
        device.input(Input::StoreFull);
    }
    assert_eq!(stored(&device), [9]);
    let batches = device.batches.len();
    device.input(Input::StoreFull);
    assert_eq!(device.batches.len(), batches, "there is nothing more to let go of");
}

#[test]
fn that_what_was_written_is_not_kept_is_said_once() {
    let mut device = device_with(2);
    device.write_message(group(1), "waits");
    let writes = device.batches.last().cloned().expect("a batch");
    let other = Write::Put { key: "message/1".to_owned(), value: "{}".to_owned() };
    device.input(Input::NotStored(vec![other]));
    assert_eq!(device.not_kept, 0, "that comes again");
    device.input(Input::NotStored(writes.clone()));
    device.input(Input::NotStored(writes));
    assert_eq!(device.not_kept, 1);
}

#[test]
fn what_is_still_to_be_said_is_never_let_go_of() {
    let device = device_that_waits(55, Some(54));
    let mut device = device.reload();
    let left: Vec<u8> = (1..=49).chain([54]).collect();
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
