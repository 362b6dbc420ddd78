//! Reading: what counts as read, when the service is told, what the list shows meanwhile.

use tideline_client::{Action, Input, Link};
use tideline_shared::protocol::{AccountCommand, AccountReply, AccountRow, Entry};
use tideline_shared::{Code, Reject};

use crate::kit::*;

/// A conversation of three messages, two of them unread, on a screen that somebody looks at.
fn looking() -> (Device, Link, Link) {
    looking_at(entry(group(1), 3, 1))
}

/// The same, with as many of the three unread as the entry says.
fn looking_at(entry: Entry) -> (Device, Link, Link) {
    let mut device = Device::new();
    device.input(Input::Visible(true));
    let account = device.online(vec![entry]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    (device, account, link)
}

fn read(sent: &Sent) -> (u32, u64) {
    match sent {
        Sent::Account(reference, AccountCommand::Read { conversation, seq }) => {
            assert_eq!(*conversation, group(1));
            (*reference, *seq)
        }
        _ => panic!("{sent:?}"),
    }
}

fn done(reference: u32) -> AccountFrame {
    AccountFrame::Reply { reference, reply: AccountReply::Done { version: 0 } }
}

fn change(version: u64, entry: Entry) -> AccountFrame {
    account_change(version, vec![AccountRow::Entry(entry)])
}

#[test]
fn seeing_the_end_is_reading() {
    let (mut device, account, _) = looking();
    assert_eq!(device.inbox(), ["Garden (0) Ben: m3"], "at once");
    let (reference, seq) = read(&device.only(account));
    assert_eq!(seq, 3);
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    device.hear(account, &done(reference));
    assert_eq!(device.sent(account), []);
    assert_eq!(device.engine.timeline().unread_after, Some(1), "the line stays");
}

#[test]
fn what_was_seen_here_means_nobody_any_more() {
    let mut device = Device::new();
    device.input(Input::Visible(true));
    let meant = Entry { mentions: 2, ..entry(group(1), 3, 1) };
    device.online(vec![meant]);
    let mentions = |device: &Device| device.engine.inbox().expect("is known")[0].mentions;
    assert_eq!(mentions(&device), 2);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    assert_eq!(mentions(&device), 0, "at once");
}

#[test]
fn nothing_is_read_by_an_app_that_nobody_sees() {
    let (mut device, account, _) = looking();
    device.sent(account);
    let mut device = {
        device.input(Input::Visible(false));
        device
    };
    device.hear(account, &change(11, entry(group(1), 4, 3)));
    device.hear(account, &account_change(12, vec![delivered(group(1), said(4))]));
    assert_eq!(device.inbox(), ["Garden (1) Ben: m4"]);
    assert_eq!(device.sent(account), []);
    device.input(Input::Visible(true));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m4"]);
}

#[test]
fn nothing_is_read_further_up() {
    let (mut device, account, link) = looking_at(entry(group(1), 3, 3));
    device.act(Action::AtEnd(false));
    device.hear(link, &live(said(4)));
    device.hear(account, &change(11, entry(group(1), 4, 3)));
    assert_eq!(device.sent(account), []);
    assert_eq!(device.inbox(), ["Garden (1) Ben: m4"]);
    device.act(Action::AtEnd(true));
    assert_eq!(read(&device.only(account)).1, 4);
    assert_eq!(device.engine.timeline().unread_after, None, "nothing was unread when it opened");
}

#[test]
fn only_what_is_on_the_screen_is_read() {
    let mut device = Device::new();
    device.input(Input::Visible(true));
    let account = device.online(vec![entry(group(1), 3, 1)]);
    device.show(group(2));
    device.join(group(2), whole(1..=1));
    assert_eq!(device.sent(account), []);
    assert_eq!(device.inbox(), ["Garden (2) Ben: m3"]);
}

#[test]
fn messages_that_are_not_here_yet_are_not_read() {
    let (mut device, account, link) = looking_at(entry(group(1), 3, 3));
    device.hear(account, &change(11, entry(group(1), 5, 3)));
    assert_eq!(device.inbox(), ["Garden (2) Ben: m5"]);
    assert!(device.sent(account).iter().all(|sent| read(sent).1 <= 3));
    device.hear(link, &live(said(4)));
    device.hear(link, &live(said(5)));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m5"]);
}

#[test]
fn one_mark_is_under_way_and_the_newest_follows() {
    let (mut device, account, link) = looking();
    let (reference, _) = read(&device.only(account));
    for seq in 4..=9 {
        device.hear(link, &live(said(seq)));
        device.hear(account, &change(7 + seq, entry(group(1), seq, 1)));
    }
    assert_eq!(device.sent(account), []);
    device.hear(account, &done(reference));
    assert_eq!(read(&device.only(account)).1, 9);
}

#[test]
fn a_mark_ahead_of_the_account_is_said_again_when_the_account_catches_up() {
    let (mut device, account, link) = looking();
    let (reference, _) = read(&device.only(account));
    device.hear(link, &live(said(4)));
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    device.hear(account, &done(reference));
    assert_eq!(device.sent(account), [], "of message 4 the account has not heard");
    device.hear(account, &change(12, entry(group(1), 4, 3)));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m4"]);
    assert_eq!(read(&device.only(account)).1, 4);
}

#[test]
fn a_mark_that_was_lost_is_said_again_even_when_the_screen_has_changed() {
    let (mut device, account, _) = looking();
    device.only(account);
    device.act(Action::Show(None));
    device.close(account);
    device.wait(1_000);
    let account = device.accept(tideline_client::Mirror::Account);
    device.sent(account);
    device.hear(account, &account_page(Vec::new(), 10));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m3"]);
    let (reference, seq) = read(&device.only(account));
    assert_eq!(seq, 3);
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    device.hear(account, &done(reference));
    device.close(account);
    device.wait(1_000);
    let account = device.accept(tideline_client::Mirror::Account);
    device.sent(account);
    device.hear(account, &account_page(Vec::new(), 11));
    assert_eq!(device.sent(account), [], "it is known now");
}

#[test]
fn a_mark_that_could_not_be_said_survives_a_reload() {
    let (mut device, account, _) = looking();
    device.only(account);
    assert_eq!(device.stored("read/").len(), 1);
    let mut device = device.reload();
    assert_eq!(device.inbox(), ["Garden (0) Ben: m3"]);
    let account = device.accept(tideline_client::Mirror::Account);
    device.sent(account);
    device.hear(account, &account_page(Vec::new(), 10));
    assert_eq!(read(&device.only(account)).1, 3);
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    assert_eq!(device.stored("read/"), Vec::<&str>::new(), "the account has it");
}

#[test]
fn a_mark_that_the_account_knows_already_is_let_go_of() {
    let (mut device, account, _) = looking();
    device.only(account);
    let mut store = device.store.clone();
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    // Another tab stored the entry; this one kept the mark.
    let entries = device.store.iter().filter(|(key, _)| key.starts_with("entry/"));
    store.extend(entries.map(|(key, value)| (key.clone(), value.clone())));
    assert_eq!(Device::with(store).stored("read/"), Vec::<&str>::new());
}

#[test]
fn a_refused_mark_is_not_said_over_and_over() {
    let (mut device, account, _) = looking();
    let (reference, _) = read(&device.only(account));
    let reject = Reject::new(Code::UnknownConversation);
    device.hear(account, &AccountFrame::Rejected { reference: Some(reference), reject });
    device.wait(20_000);
    assert_eq!(device.sent(account), []);
    device.hear(account, &change(11, entry(group(1), 4, 1)));
    assert_eq!(read(&device.only(account)).1, 3);
}

#[test]
fn a_mark_that_came_too_soon_waits() {
    let (mut device, account, _) = looking();
    let (reference, _) = read(&device.only(account));
    let reject = Reject::rate_limited(800);
    device.hear(account, &AccountFrame::Rejected { reference: Some(reference), reject });
    device.wait(799);
    assert_eq!(device.sent(account), []);
    device.wait(1);
    assert_eq!(read(&device.only(account)).1, 3);
}

#[test]
fn an_answer_that_changed_nothing_is_no_reason_to_ask_on() {
    let (mut device, account, _) = looking();
    let (reference, _) = read(&device.only(account));
    device.hear(account, &done(reference));
    assert_eq!(device.sent(account), []);
}

#[test]
fn what_was_seen_before_the_account_heard_of_it_stays_read() {
    let (mut device, account, link) = looking_at(entry(group(1), 3, 3));
    device.hear(link, &live(said(4)));
    assert_eq!(device.sent(account), [], "the account would not know what is meant");
    // Gone before the account hears.
    device.act(Action::Show(None));
    assert_eq!(device.stored("read/").len(), 1);
    device.hear(account, &change(11, entry(group(1), 4, 3)));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m4"]);
    assert_eq!(read(&device.only(account)).1, 4);
}

#[test]
fn another_device_reads_too() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 3, 1)]);
    assert_eq!(device.inbox(), ["Garden (2) Ben: m3"]);
    device.hear(account, &change(11, entry(group(1), 3, 3)));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m3"]);
}

#[test]
fn the_line_is_drawn_when_the_account_knows_what_is_unread() {
    // Opened by its address: on the screen before anything was heard.
    let mut device = Device::new();
    device.input(Input::Visible(true));
    device.show(group(1));
    let account = device.online(vec![entry(group(1), 3, 1)]);
    assert_eq!(device.engine.timeline().unread_after, Some(1));
    device.join(group(1), whole(1..=3));
    assert_eq!(read(&device.only(account)).1, 3);
    assert_eq!(device.engine.timeline().unread_after, Some(1));
    device.show(group(1));
    assert_eq!(device.engine.timeline().unread_after, None, "read meanwhile");
}

#[test]
fn the_line_is_not_drawn_for_what_comes_in_before_ones_eyes() {
    let (mut device, account, link) = looking_at(entry(group(1), 3, 3));
    device.hear(link, &live(said(4)));
    device.hear(account, &change(11, entry(group(1), 4, 3)));
    assert_eq!(device.engine.timeline().unread_after, None);
}
