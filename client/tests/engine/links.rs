//! Sockets: which are open, when they are tried again, how a dead one is noticed.

use std::collections::BTreeSet;

use tideline_client::{Action, Connection, Input, Link, Mirror};
use tideline_shared::Code;

use crate::kit::*;

fn account(attempt: u32) -> Link {
    Link { mirror: Mirror::Account, attempt }
}

#[test]
fn a_device_connects_at_once_and_says_hello_when_its_store_has_answered() {
    let mut device = Device::asleep(Default::default());
    device.slow_store = true;
    device.start();
    assert_eq!(device.connecting, [account(1)]);
    let link = device.accept(Mirror::Account);
    for prefix in std::mem::take(&mut device.loads) {
        assert_eq!(device.sent(link), [], "not before all of it is there");
        device.answer_load(prefix);
    }
    assert_eq!(device.only(link), Sent::Hello(None));
}

#[test]
fn a_conversation_is_connected_to_while_it_is_read_from_the_store() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 0, 0)]);
    device.slow_store = true;
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    for prefix in std::mem::take(&mut device.loads) {
        assert_eq!(device.sent(link), [], "not before all of it is there");
        device.answer_load(prefix);
    }
    assert_eq!(device.only(link), Sent::Hello(None));
}

#[test]
fn the_account_is_online_when_its_last_page_is_here() {
    let mut device = Device::new();
    assert_eq!(device.engine.connection(), Connection::Connecting);
    let link = device.accept(Mirror::Account);
    assert_eq!(device.only(link), Sent::Hello(None));
    assert_eq!(device.engine.connection(), Connection::Connecting);
    let first = AccountFrame::Page { reset: true, rows: vec![profile()], cursor: 0, done: false };
    device.hear(link, &first);
    assert_eq!(device.engine.connection(), Connection::Connecting);
    device.hear(link, &account_page(Vec::new(), 3));
    assert_eq!(device.engine.connection(), Connection::Online);
    device.close(link);
    assert_eq!(device.engine.connection(), Connection::Connecting);
}

#[test]
fn waits_grow_to_half_a_minute_and_never_end() {
    let mut device = Device::new();
    let mut waits = Vec::new();
    for attempt in 1..=12 {
        device.close(account(attempt));
        let closed = device.now;
        device.wait_for_attempt();
        assert_eq!(device.connecting, [account(attempt + 1)]);
        waits.push(device.now - closed);
    }
    for (n, wait) in waits.iter().enumerate() {
        let longest = (500 << n.min(10)).min(30_000);
        assert!((longest / 2..=longest + 10).contains(wait), "{waits:?}");
    }
    assert_eq!(device.engine.connection(), Connection::Offline);
}

#[test]
fn waits_are_spread_by_chance() {
    let waits: BTreeSet<u64> = (0..16)
        .map(|seed| {
            let mut device = Device::new();
            device.seed = seed;
            device.close(account(1));
            device.wait_for_attempt();
            device.now
        })
        .collect();
    assert!(waits.len() > 8, "{waits:?}");
}

#[test]
fn a_link_that_was_good_for_a_while_is_tried_again_soon() {
    let mut device = Device::new();
    for attempt in 1..=8 {
        device.close(account(attempt));
        device.wait_for_attempt();
    }
    let link = device.online(Vec::new());
    device.wait(11_000);
    device.close(link);
    device.wait(500);
    assert!(device.attempt(Mirror::Account).is_some());
}

#[test]
fn a_link_that_is_lost_at_once_each_time_is_not_tried_ever_faster() {
    let mut device = Device::new();
    for _ in 0..8 {
        let link = device.online(Vec::new());
        device.wait(100);
        device.close(link);
        device.wait_for_attempt();
    }
    let link = device.online(Vec::new());
    device.close(link);
    device.wait(14_000);
    assert!(device.connecting.is_empty());
}

#[test]
fn silence_is_asked_about_and_a_dead_socket_given_up() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    device.wait(24_999);
    assert_eq!(device.sent(link), []);
    device.wait(1);
    assert_eq!(device.only(link), Sent::Ping);
    device.wait(9_000);
    device.hear_text(link, "pong");
    device.wait(24_999);
    assert_eq!(device.sent(link), []);
    device.wait(1);
    assert_eq!(device.only(link), Sent::Ping);
    device.wait(9_999);
    assert_eq!(device.engine.connection(), Connection::Online);
    device.wait(1);
    assert_eq!(device.open, []);
    assert_eq!(device.engine.connection(), Connection::Connecting);
    device.wait(500);
    assert_eq!(device.connecting, [account(2)]);
}

#[test]
fn any_frame_counts_as_a_sign_of_life() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    device.wait(30_000);
    device.hear_text(link, "{\"type\":\"from_the_future\"}");
    device.wait(20_000);
    assert_eq!(device.open, [link]);
}

#[test]
fn a_socket_that_never_opens_is_given_up() {
    let mut device = Device::new();
    device.wait(20_000);
    assert_eq!(device.connecting, []);
    device.wait(500);
    assert_eq!(device.connecting, [account(2)]);
}

#[test]
fn an_actor_that_answers_pings_but_not_hello_is_given_up() {
    let mut device = Device::new();
    let link = device.accept(Mirror::Account);
    device.wait(15_000);
    device.hear_text(link, "pong");
    device.wait(4_999);
    assert_eq!(device.open, [link]);
    device.wait(1);
    assert_eq!(device.open, []);
}

#[test]
fn without_a_network_nothing_is_tried_and_with_one_at_once() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 0, 0)]);
    device.show(group(1));
    device.join(group(1), whole(1..=1));
    device.input(Input::Offline);
    assert_eq!((device.open.len(), device.connecting.len()), (0, 0));
    assert_eq!(device.engine.connection(), Connection::Offline);
    device.write_message(group(2), "later");
    device.wait(600_000);
    assert_eq!(device.connecting, []);
    device.input(Input::Visible(true));
    assert_eq!(device.connecting, []);
    device.input(Input::Online);
    let conversations = [group(1), group(2)].map(Mirror::Conversation);
    let mirrors: Vec<Mirror> = device.connecting.iter().map(|link| link.mirror).collect();
    assert_eq!(mirrors, [Mirror::Account, conversations[0], conversations[1]]);
    assert_eq!(device.engine.connection(), Connection::Connecting);
}

#[test]
fn looking_at_the_app_ends_the_wait() {
    let mut device = Device::new();
    for attempt in 1..=8 {
        device.close(account(attempt));
        device.wait_for_attempt();
    }
    device.close(account(9));
    assert_eq!(device.connecting, []);
    device.input(Input::Visible(true));
    assert_eq!(device.connecting, [account(10)]);
}

#[test]
fn news_of_an_earlier_attempt_is_ignored() {
    let mut device = Device::new();
    let first = device.online(vec![entry(group(1), 3, 3)]);
    device.close(first);
    device.wait(500);
    assert_eq!(device.connecting, [account(2)]);
    device.input(Input::Opened(first));
    device.hear(
        first,
        &account_change(
            11,
            vec![entry(group(2), 1, 0)]
                .into_iter()
                .map(tideline_shared::protocol::AccountRow::Entry)
                .collect(),
        ),
    );
    device.hear(first, &ended::<(), ()>(Code::SignedOut));
    device.input(Input::Closed(first));
    assert_eq!(device.connecting, [account(2)]);
    assert_eq!(device.inbox().len(), 1);
    assert_eq!(device.signed_out, None);
}

#[test]
fn whoever_writes_does_not_wait_half_a_minute() {
    let mut device = Device::new();
    for attempt in 1..=8 {
        device.close(account(attempt));
        if attempt < 8 {
            device.wait_for_attempt();
        }
    }
    let begin = device.now;
    let tries = |device: &Device| device.connecting.contains(&account(9));
    for n in 0..50 {
        device.write_message(group(1), &format!("message {n}"));
        assert!(!tries(&device), "not at once, however much is written");
    }
    while !tries(&device) {
        device.wait(10);
    }
    assert!(device.now - begin <= 2_010, "{}", device.now - begin);
}

#[test]
fn a_program_that_is_too_old_says_so_once_and_keeps_its_outbox() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    device.show(group(1));
    device.write_message(group(1), "waits");
    device.hear(link, &ended::<(), ()>(Code::UpgradeRequired));
    assert!(device.outdated);
    assert_eq!(device.signed_out, None);
    device.wait(3_600_000);
    assert_eq!(device.connecting, []);
    assert_eq!(device.lines(), ["- Ana: waits …"]);
}

#[test]
fn the_conversation_on_the_screen_has_a_link_and_loses_it_with_the_screen() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let one = device.join(group(1), whole(1..=3));
    device.show(group(2));
    assert!(!device.open.contains(&one));
    assert!(device.attempt(Mirror::Conversation(group(2))).is_some());
    device.act(Action::Show(None));
    assert_eq!(device.connecting, []);
}

#[test]
fn a_link_to_say_something_stays_a_little_while() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.write_message(group(1), "hello");
    let link = device.join(group(1), whole(1..=3));
    let (reference, id, _) = device.messages_sent(link).pop().expect("sent");
    let at = MADE;
    let reply = tideline_shared::protocol::ConversationReply::Sent { id, seq: 4, version: 5, at };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
    device.wait(9_999);
    assert!(device.open.contains(&link));
    device.wait(2);
    assert!(!device.open.contains(&link));
}

#[test]
fn the_end_of_the_session_ends_everything() {
    let mut device = Device::new();
    let link = device.online(vec![entry(group(1), 1, 1)]);
    device.show(group(1));
    device.join(group(1), whole(1..=1));
    device.write_message(group(1), "unsent");
    device.hear(link, &ended::<(), ()>(Code::SessionEnded));
    assert_eq!(device.signed_out.map(|reject| reject.code), Some(Code::SessionEnded));
    assert_eq!(device.open, []);
    device.input(Input::Online);
    device.input(Input::Visible(true));
    device.wait(600_000);
    assert_eq!((device.open.len(), device.connecting.len()), (0, 0));
    assert_eq!(device.stored("outbox/").len(), 1, "what was not sent stays");
}

#[test]
fn an_ended_session_on_a_conversation_is_left_to_the_account() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.hear(link, &ended::<(), ()>(Code::SessionEnded));
    assert_eq!(device.signed_out, None);
    assert_eq!(device.engine.timeline().refused, None);
    assert!(!device.open.contains(&link));
    device.wait(500);
    assert!(device.attempt(Mirror::Conversation(group(1))).is_some());
}

#[test]
fn a_conversation_that_lets_nobody_in_is_not_tried_again_until_it_is_shown() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    device.write_message(group(1), "hello?");
    device.hear(link, &ended::<(), ()>(Code::NotAMember));
    assert_eq!(device.engine.timeline().refused, Some(Code::NotAMember));
    assert_eq!(device.open.len(), 1);
    device.wait(600_000);
    device.input(Input::Visible(true));
    assert!(device.attempt(Mirror::Conversation(group(1))).is_none());
    device.show(group(1));
    assert_eq!(device.engine.timeline().refused, None);
    device.join(group(1), whole(1..=1));
    assert_eq!(device.lines(), ["1 Ben: m1", "- Ana: hello? !not_a_member"]);
}
