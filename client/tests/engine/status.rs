//! Receipts, typing and presence: what a device tells, and what it shows of others.

use tideline_client::{Action, Input, Item, Link, MessageState, Mirror};
use tideline_shared::limits::{PRESENT_EVERY_MS, TYPING_EVERY_MS, TYPING_MS};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, Blocked, ConversationCommand, ConversationRow,
    Elsewhere, Entry, Kind, Message, Presence, Receipt, Settings,
};

use crate::kit::*;

/// An entry of the direct conversation with Ben.
fn direct(last_seq: u64, read_seq: u64) -> Entry {
    Entry { kind: Kind::Direct, peer: Some(ben()), ..entry(group(1), last_seq, read_seq) }
}

/// The direct conversation with Ben on a screen that somebody looks at. Ana said 1 and 2.
fn looking() -> (Device, Link, Link) {
    let mut device = Device::new();
    device.input(Input::Visible(true));
    let account = device.online(vec![direct(2, 2)]);
    device.show(group(1));
    let own = [1, 2].map(|seq| message(seq, ana(), said(seq).id, "mine"));
    let link = device.join(group(1), [empty(), rows(own)].concat());
    (device, account, link)
}

fn receipt(user: tideline_shared::UserId, received: u64, read: u64) -> ConversationRow {
    ConversationRow::Receipt(Receipt { user, received, read })
}

fn states(device: &Device) -> Vec<MessageState> {
    let rows = device.engine.timeline().rows;
    let state = |item: &Item| match item {
        Item::Message { state, .. } => Some(*state),
        _ => None,
    };
    rows.iter().filter_map(|row| state(&row.item)).collect()
}

fn change(version: u64, rows: Vec<ConversationRow>) -> ConversationFrame {
    ConversationFrame::Change { version, rows }
}

#[test]
fn own_messages_are_delivered_then_read() {
    use MessageState::{Delivered, Read, Sent};
    let (mut device, _, link) = looking();
    assert_eq!(states(&device), [Sent, Sent]);
    // What this person has read themselves says nothing.
    device.hear(link, &change(4, vec![receipt(ana(), 2, 2)]));
    assert_eq!(states(&device), [Sent, Sent]);
    device.hear(link, &change(5, vec![receipt(ben(), 2, 0)]));
    assert_eq!(states(&device), [Delivered, Delivered]);
    device.hear(link, &change(6, vec![receipt(ben(), 2, 1)]));
    assert_eq!(states(&device), [Read, Delivered]);
    // Kept with the cursor: a program that starts anew over the store is not told again.
    let mut again = device.reload();
    again.show(group(1));
    assert_eq!(states(&again), [Read, Delivered]);
    device.hear(link, &change(7, vec![receipt(ben(), 0, 0)]));
    assert_eq!(states(&device), [Sent, Sent], "they do not share it any more");
}

#[test]
fn in_a_group_somebody_else_has_read() {
    let (mut device, _, link) = looking();
    let others = (3..=9).map(|n| receipt(user(n), 0, 1));
    device.hear(link, &change(4, [receipt(ana(), 0, 2)].into_iter().chain(others).collect()));
    assert_eq!(states(&device), [MessageState::Read, MessageState::Sent]);
    device.hear(link, &change(5, vec![receipt(user(9), 0, 2)]));
    assert_eq!(states(&device), [MessageState::Read, MessageState::Read]);
}

#[test]
fn what_came_is_told_once_and_again_when_it_was_lost() {
    let mut device = Device::new();
    let account = device.online(vec![direct(2, 1)]);
    let told = |device: &mut Device, link| {
        let sent = device.sent(link).into_iter();
        let of = sent.filter_map(|sent| match sent {
            Sent::Account(reference, AccountCommand::Received { conversation, seq }) => {
                assert_eq!(conversation, group(1));
                Some((reference, seq))
            }
            _ => None,
        });
        of.collect::<Vec<_>>()
    };
    let first = told(&mut device, account);
    assert_eq!(first.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [2]);
    device.hear(account, &account_change(11, vec![AccountRow::Entry(direct(3, 1))]));
    device.hear(account, &account_change(12, vec![AccountRow::Entry(direct(4, 1))]));
    assert_eq!(told(&mut device, account), [], "one at a time");
    let reply = AccountReply::Done { version: 12 };
    device.hear(account, &AccountFrame::Reply { reference: first[0].0, reply });
    let second = told(&mut device, account);
    assert_eq!(second.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [4]);
    device.close(account);
    device.wait_for_attempt();
    let account = device.accept(Mirror::Account);
    device.hear(account, &account_page(Vec::new(), 12));
    assert_eq!(told(&mut device, account).len(), 1, "nobody answered");
    device.hear(account, &account_change(13, vec![AccountRow::Entry(direct(5, 5))]));
    assert_eq!(told(&mut device, account), [], "what was read is known to have come");
}

#[test]
fn groups_are_not_told_what_came() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 1)]);
    assert_eq!(device.sent(account), []);
}

#[test]
fn somebody_writes_for_a_while_or_until_they_said_it() {
    let (mut device, _, link) = looking();
    let typing = ConversationFrame::Signal { rows: vec![ConversationRow::Typing { user: ben() }] };
    let typists = |device: &Device| device.engine.timeline().typing;
    device.hear(link, &typing);
    // Ben is no member in this kit's mirror before somebody says so.
    device.hear(link, &change(4, vec![ConversationRow::Member(founder(ben()))]));
    assert_eq!(typists(&device), ["Ben"]);
    device.wait(TYPING_MS - 1);
    assert_eq!(typists(&device), ["Ben"]);
    device.wait(2);
    assert!(typists(&device).is_empty());
    device.hear(link, &typing);
    let said = message(3, ben(), said(3).id, "there");
    device.hear(link, &change(5, rows([said.clone()])));
    assert!(typists(&device).is_empty(), "here it is");
    device.hear(link, &typing);
    let pinned = Message { version: 6, pinned_at: Some(MADE), ..said };
    device.hear(link, &change(6, rows([pinned])));
    assert_eq!(typists(&device), ["Ben"], "what is done to it says nothing of that");
    device.close(link);
    assert!(typists(&device).is_empty(), "nobody knows");
    let own = ConversationFrame::Signal { rows: vec![ConversationRow::Typing { user: ana() }] };
    device.wait_for_attempt();
    let link = device.accept(link.mirror);
    device.hear(link, &page(Vec::new(), 6));
    device.hear(link, &own);
    assert!(typists(&device).is_empty(), "one's own other device");
}

#[test]
fn writing_is_told_now_and_then_unless_it_is_hidden() {
    let (mut device, account, link) = looking();
    let told = |device: &mut Device| {
        device.act(Action::Type);
        let sent = device.sent(link).into_iter();
        sent.filter(|sent| matches!(sent, Sent::Conversation(_, ConversationCommand::Typing)))
            .count()
    };
    assert_eq!([told(&mut device), told(&mut device)], [1, 0]);
    device.wait(TYPING_EVERY_MS);
    assert_eq!([told(&mut device), told(&mut device)], [1, 0]);
    let hidden = Settings { hides_presence: true, ..Settings::default() };
    device.hear(account, &account_change(11, vec![AccountRow::Settings(hidden)]));
    assert_eq!(device.engine.settings(), hidden);
    device.wait(TYPING_EVERY_MS);
    assert_eq!(told(&mut device), 0);
    assert_eq!(device.reload().engine.settings(), hidden, "kept");
}

#[test]
fn writing_is_told_as_soon_as_the_conversation_is_in_step() {
    let typings = |device: &mut Device, link| {
        let sent = device.sent(link).into_iter();
        sent.filter(|sent| matches!(sent, Sent::Conversation(_, ConversationCommand::Typing)))
            .count()
    };
    let begin = || {
        let mut device = Device::new();
        device.online(vec![direct(2, 2)]);
        device.show(group(1));
        let link = device.accept(Mirror::Conversation(group(1)));
        device.act(Action::Type);
        assert_eq!(typings(&mut device, link), 0, "not before the page is there");
        (device, link)
    };
    let (mut device, link) = begin();
    device.hear(link, &page(rows([said(1), said(2)]), 3));
    assert_eq!(typings(&mut device, link), 1);
    let (mut device, link) = begin();
    device.write_message(group(1), "hello");
    device.hear(link, &page(rows([said(1), said(2)]), 3));
    assert_eq!(typings(&mut device, link), 0, "it is written");
    let (mut device, link) = begin();
    device.wait(TYPING_EVERY_MS);
    device.hear(link, &page(rows([said(1), said(2)]), 3));
    assert_eq!(typings(&mut device, link), 0, "they stopped");
}

#[test]
fn a_device_says_that_it_is_looked_at_and_that_it_is_not() {
    let mut device = Device::new();
    let account = device.online(vec![direct(2, 2)]);
    assert_eq!(device.signals, [], "nobody looks");
    device.input(Input::Visible(true));
    assert_eq!(device.signals, [(false, None)]);
    device.show(group(1));
    assert_eq!(device.signals[1..], [(false, Some(ben()))]);
    let wait = |device: &mut Device, ms: u64| {
        for _ in 0..ms / 10_000 {
            device.wait(10_000);
            device.hear_text(account, "pong");
        }
    };
    wait(&mut device, PRESENT_EVERY_MS - 10_000);
    assert_eq!(device.signals.len(), 2);
    wait(&mut device, 10_000);
    assert_eq!(device.signals[2..], [(false, Some(ben()))]);
    device.input(Input::Visible(false));
    assert_eq!(device.signals[3..], [(true, None)]);
    wait(&mut device, 2 * PRESENT_EVERY_MS);
    assert_eq!(device.signals.len(), 4);
}

#[test]
fn a_device_that_catches_up_says_that_it_is_looked_at_afterwards() {
    let mut device = Device::new();
    let account = device.online(vec![direct(2, 2)]);
    device.input(Input::Visible(true));
    for _ in 0..PRESENT_EVERY_MS / 10_000 - 1 {
        device.wait(10_000);
        device.hear_text(account, "pong");
    }
    device.hear(account, &account_change(20, vec![]));
    device.wait(10_000);
    assert_eq!(device.signals.len(), 1, "it has missed something");
    device.hear(account, &account_page(vec![], 20));
    assert_eq!(device.signals.len(), 2);
}

#[test]
fn who_hides_everything_says_it_to_their_account_alone_which_keeps_their_other_devices_quiet() {
    let (mut device, account, _) = looking();
    let hidden = Settings { hides_presence: true, hides_last_seen: true, ..Settings::default() };
    device.signals.clear();
    device.hear(account, &account_change(11, vec![AccountRow::Settings(hidden)]));
    assert_eq!(device.signals, [], "nothing new");
    for _ in 0..PRESENT_EVERY_MS / 10_000 {
        device.wait(10_000);
        device.hear_text(account, "pong");
    }
    assert_eq!(device.signals, [(false, Some(ben()))]);
}

#[test]
fn what_was_heard_of_somebody_before_they_were_blocked_is_not_shown() {
    let (mut device, account, _) = looking();
    let there = Presence { user: ben(), online_ms: Some(100_000), last_seen: None };
    let rows = vec![AccountRow::Presence(there)];
    device.hear(account, &AccountFrame::Signal { rows });
    assert!(device.engine.timeline().online);
    let block = Blocked { person: person(ben()), at: MADE, over: false };
    device.hear(account, &account_change(11, vec![AccountRow::Blocked(block.clone())]));
    assert!(!device.engine.timeline().online);
    let over = AccountRow::Blocked(Blocked { over: true, ..block });
    device.hear(account, &account_change(12, vec![over]));
    assert!(device.engine.timeline().online);
}

#[test]
fn the_other_one_is_there_as_long_as_it_was_said() {
    let (mut device, account, _) = looking();
    let seen = |device: &Device| {
        let timeline = device.engine.timeline();
        (timeline.online, timeline.last_seen.map(|at| at.0))
    };
    let at = tideline_shared::Timestamp(77);
    let there = Presence { user: ben(), online_ms: Some(1_000), last_seen: Some(at) };
    let signal = |row| AccountFrame::Signal { rows: vec![AccountRow::Presence(row)] };
    device.hear(account, &signal(Presence { user: user(9), ..there }));
    assert_eq!(seen(&device), (false, None), "somebody else");
    device.hear(account, &signal(there));
    assert_eq!(seen(&device), (true, Some(77)));
    device.wait(1_001);
    assert_eq!(seen(&device), (false, Some(77)));
    let hidden = Settings { hides_last_seen: true, ..Settings::default() };
    device.hear(account, &account_change(11, vec![AccountRow::Settings(hidden)]));
    assert_eq!(seen(&device), (false, None), "who hides it does not see it");
    device.hear(account, &signal(there));
    device.close(account);
    assert_eq!(seen(&device), (false, None), "nobody knows");
}

#[test]
fn a_device_knows_for_how_long_another_one_is_looked_at() {
    let mut device = Device::new();
    let account = device.online(vec![direct(2, 2)]);
    let elsewhere = |device: &Device| device.engine.is_looked_at_elsewhere(device.now);
    let hear = |device: &mut Device, link, looked_ms| {
        let rows = vec![AccountRow::Elsewhere(Elsewhere { looked_ms })];
        device.hear(link, &AccountFrame::Signal { rows });
    };
    assert!(!elsewhere(&device));
    hear(&mut device, account, Some(20_000));
    assert!(elsewhere(&device));
    device.wait(19_999);
    assert!(elsewhere(&device));
    device.wait(1);
    assert!(!elsewhere(&device), "it said nothing since");
    hear(&mut device, account, Some(20_000));
    hear(&mut device, account, None);
    assert!(!elsewhere(&device), "they look away");
    hear(&mut device, account, Some(20_000));
    device.close(account);
    assert!(!elsewhere(&device), "nobody knows");
}
