//! What is being written: kept here at once, told to the account after a pause or when it can be heard again.

use tideline_client::{Action, Input, Link, Mirror};
use tideline_shared::protocol::{AccountCommand, AccountReply, AccountRow, Draft};
use tideline_shared::{Code, Reject};

use crate::kit::*;

fn write(device: &mut Device, text: &str) {
    device.act(Action::Draft { conversation: group(1), text: text.to_owned() });
}

fn online() -> (Device, Link) {
    let mut device = Device::new();
    let link = device.online(vec![entry(group(1), 1, 1), entry(group(2), 1, 1)]);
    (device, link)
}

/// Drafts that were told to the account: reference and text.
fn told(device: &mut Device, link: Link) -> Vec<(u32, String)> {
    let sent = device.sent(link).into_iter();
    let drafts = sent.filter_map(|sent| match sent {
        Sent::Account(reference, AccountCommand::Draft { text, .. }) => Some((reference, text)),
        _ => None,
    });
    drafts.collect()
}

fn texts(device: &mut Device, link: Link) -> Vec<String> {
    told(device, link).into_iter().map(|(_, text)| text).collect()
}

fn done(device: &mut Device, link: Link, reference: u32) {
    let reply = AccountReply::Done { version: 11 };
    device.hear(link, &AccountFrame::Reply { reference, reply });
}

fn refused(device: &mut Device, link: Link, reference: u32, code: Code) {
    let reject = Reject::new(code);
    device.hear(link, &AccountFrame::Rejected { reference: Some(reference), reject });
}

/// Another device wrote this, and the account tells so.
fn elsewhere(device: &mut Device, link: Link, version: u64, text: &str) {
    let draft = Draft { conversation: group(1), text: text.to_owned() };
    device.hear(link, &account_change(version, vec![AccountRow::Draft(draft)]));
}

fn draft(device: &Device) -> &str {
    device.engine.draft(group(1))
}

/// What the list says.
fn listed(device: &Device) -> String {
    let inbox = device.engine.inbox().unwrap_or_default();
    let item = inbox.into_iter().find(|item| item.conversation == group(1));
    item.map(|item| item.draft).unwrap_or_default()
}

#[test]
fn a_pause_in_typing_tells_the_account_and_the_list() {
    let (mut device, link) = online();
    for text in ["t", "ti", "tide"] {
        write(&mut device, text);
        device.wait(900);
    }
    assert_eq!((draft(&device), listed(&device).as_str()), ("tide", ""));
    assert_eq!(told(&mut device, link), []);
    device.wait(100);
    assert_eq!(listed(&device), "tide");
    let (reference, text) = told(&mut device, link).remove(0);
    assert_eq!(text, "tide");
    done(&mut device, link, reference);
    assert_eq!((draft(&device), listed(&device).as_str()), ("tide", "tide"));
    assert_eq!(device.stored("typed/"), Vec::<&str>::new(), "the account has it");
    elsewhere(&mut device, link, 11, "tide");
    device.wait(60_000);
    assert_eq!(texts(&mut device, link), Vec::<String>::new());
}

#[test]
fn what_was_typed_a_moment_before_a_reload_is_there_and_is_told() {
    let (mut device, _) = online();
    write(&mut device, "tide");
    let mut device = device.reload();
    assert_eq!((draft(&device), listed(&device).as_str()), ("tide", "tide"));
    let link = device.accept(Mirror::Account);
    assert_eq!(texts(&mut device, link), Vec::<String>::new(), "not before it is in step");
    device.hear(link, &account_page(vec![], 10));
    assert_eq!(texts(&mut device, link), ["tide"]);
}

#[test]
fn what_is_typed_without_a_network_is_told_when_there_is_one() {
    let (mut device, _) = online();
    device.input(Input::Offline);
    write(&mut device, "ti");
    device.wait(5_000);
    write(&mut device, "tide");
    device.wait(60_000);
    assert_eq!(listed(&device), "tide");
    device.input(Input::Online);
    device.wait(1_000);
    let link = device.accept(Mirror::Account);
    // Another device wrote meanwhile: what the account is told last counts.
    let other = Draft { conversation: group(1), text: "ebb".to_owned() };
    device.hear(link, &account_page(vec![AccountRow::Draft(other)], 11));
    assert_eq!(draft(&device), "tide");
    let (reference, text) = told(&mut device, link).remove(0);
    assert_eq!(text, "tide");
    done(&mut device, link, reference);
    elsewhere(&mut device, link, 12, "tide");
    assert_eq!(draft(&device), "tide");
    elsewhere(&mut device, link, 13, "flood");
    assert_eq!((draft(&device), listed(&device).as_str()), ("flood", "flood"));
}

#[test]
fn one_that_was_lost_on_the_way_is_told_again() {
    let (mut device, link) = online();
    write(&mut device, "tide");
    device.wait(1_000);
    assert_eq!(texts(&mut device, link), ["tide"]);
    device.close(link);
    device.wait_for_attempt();
    let link = device.accept(Mirror::Account);
    device.hear(link, &account_page(vec![], 10));
    assert_eq!(texts(&mut device, link), ["tide"]);
}

#[test]
fn what_is_sent_is_a_draft_no_more_and_that_is_told_at_once() {
    let (mut device, link) = online();
    write(&mut device, "tide");
    write(&mut device, "");
    assert_eq!(device.stored("typed/"), Vec::<&str>::new(), "there is nothing to say");
    write(&mut device, "tide");
    device.wait(1_000);
    let (reference, _) = told(&mut device, link).remove(0);
    write(&mut device, "");
    assert_eq!(texts(&mut device, link), Vec::<String>::new(), "one at a time");
    done(&mut device, link, reference);
    assert_eq!(texts(&mut device, link), [""]);
    assert_eq!((draft(&device), listed(&device).as_str()), ("", ""));
}

#[test]
fn who_turns_elsewhere_ends_the_pause() {
    let (mut device, link) = online();
    write(&mut device, "tide");
    device.show(group(2));
    assert_eq!(texts(&mut device, link), ["tide"]);
    let (mut device, link) = online();
    device.input(Input::Visible(true));
    write(&mut device, "tide");
    device.input(Input::Visible(false));
    assert_eq!(texts(&mut device, link), ["tide"]);
}

#[test]
fn a_busy_service_is_asked_again_and_one_that_refuses_is_not() {
    let (mut device, link) = online();
    write(&mut device, "tide");
    device.wait(1_000);
    let (reference, _) = told(&mut device, link).remove(0);
    refused(&mut device, link, reference, Code::Internal);
    assert_eq!(told(&mut device, link), []);
    device.wait(20_000);
    let (reference, _) = told(&mut device, link).remove(0);
    refused(&mut device, link, reference, Code::MessageTooLong);
    device.wait(60_000);
    assert_eq!(told(&mut device, link), []);
    assert_eq!(draft(&device), "tide");
    let device = device.reload();
    assert_eq!(draft(&device), "tide", "the words stay here");
}

#[test]
fn with_a_conversation_goes_what_was_typed_for_it() {
    let (mut device, link) = online();
    write(&mut device, "tide");
    let left = tideline_shared::protocol::Entry { left: true, ..entry(group(1), 1, 1) };
    device.hear(link, &account_change(11, vec![AccountRow::Entry(left)]));
    assert_eq!(device.stored("typed/"), Vec::<&str>::new());
    assert_eq!(draft(&device), "");
}
