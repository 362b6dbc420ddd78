//! Going to a message or to a time, wherever in the history that is.

use tideline_client::{Action, Jump, Link};
use tideline_shared::protocol::{ConversationCommand, ConversationReply, Message};
use tideline_shared::{Code, Reject, Timestamp};

use crate::kit::*;

/// A device that shows the newest page of five thousand messages, by somebody who looks on.
fn at_the_end() -> (Device, Link) {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 5_000, 5_000)]);
    device.show(group(1));
    let link = device.join(group(1), whole(4_951..=5_000));
    (device, link)
}

fn answer(device: &mut Device, link: Link, reference: u32, seqs: std::ops::RangeInclusive<u64>) {
    let messages: Vec<Message> = seqs.map(said).collect();
    let reply = ConversationReply::History { messages };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
}

fn asked(device: &mut Device, link: Link) -> (u32, ConversationCommand) {
    match device.only(link) {
        Sent::Conversation(reference, command) => (reference, command),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_that_is_held_is_gone_to_at_once() {
    let (mut device, link) = at_the_end();
    device.act(Action::Jump(Jump::To(4_980)));
    assert!(device.sent(link).is_empty());
    assert_eq!(device.engine.timeline().target, Some((4_980, 1)));
    assert!(device.seqs().contains(&4_980));
    device.act(Action::Jump(Jump::To(4_980)));
    assert_eq!(device.engine.timeline().target, Some((4_980, 2)), "asked again, it is shown again");
}

#[test]
fn one_that_is_not_comes_with_what_is_around_it_and_scrolls_both_ways() {
    let (mut device, link) = at_the_end();
    device.act(Action::Jump(Jump::To(2_000)));
    let (reference, command) = asked(&mut device, link);
    assert_eq!(command, ConversationCommand::history_around(2_000));
    assert_eq!(device.engine.timeline().target, None, "not before it is here");
    answer(&mut device, link, reference, 1_975..=2_024);
    let timeline = device.engine.timeline();
    assert_eq!(timeline.target, Some((2_000, 1)));
    assert!(!timeline.at_end && !timeline.at_start);
    assert_eq!(device.seqs(), (1_975..=2_024).collect::<Vec<_>>());

    device.act(Action::Newer);
    let (reference, command) = asked(&mut device, link);
    assert_eq!(command, ConversationCommand::history_after(2_024));
    answer(&mut device, link, reference, 2_025..=2_074);
    device.act(Action::Older);
    let (reference, command) = asked(&mut device, link);
    assert_eq!(command, ConversationCommand::history_before(1_975));
    answer(&mut device, link, reference, 1_925..=1_974);
    assert_eq!(device.seqs(), (1_925..=2_074).collect::<Vec<_>>());

    // What is said meanwhile waits below, and the way back is one step.
    device.hear(link, &live(said(5_001)));
    assert_eq!(device.seqs().last(), Some(&2_074));
    device.act(Action::Newest);
    assert_eq!(device.seqs().last(), Some(&5_001));
}

#[test]
fn who_reads_far_back_reads_on_there_when_all_is_told_anew() {
    let (mut device, link) = at_the_end();
    device.act(Action::AtEnd(false));
    device.act(Action::Jump(Jump::To(2_000)));
    let (reference, _) = asked(&mut device, link);
    answer(&mut device, link, reference, 1_975..=2_024);
    device.close(link);
    device.wait_for_attempt();
    let link = device.join(group(1), whole(5_951..=6_000));
    let (reference, command) = asked(&mut device, link);
    assert_eq!(command, ConversationCommand::history_around(2_000));
    answer(&mut device, link, reference, 1_975..=2_024);
    assert_eq!(device.engine.timeline().target, Some((2_000, 2)));
    assert_eq!(device.seqs(), (1_975..=2_024).collect::<Vec<_>>());

    // Whoever is at the end stays there.
    device.act(Action::Newest);
    device.act(Action::AtEnd(true));
    device.close(link);
    device.wait_for_attempt();
    let link = device.join(group(1), whole(6_951..=7_000));
    assert!(device.sent(link).is_empty());
    assert_eq!(device.seqs(), (6_951..=7_000).collect::<Vec<_>>());
}

#[test]
fn a_time_is_its_first_message_or_the_last_before_it() {
    let (mut device, link) = at_the_end();
    let at = MADE.after(1_234 * 1_000 - 500);
    device.act(Action::Jump(Jump::Since(at)));
    let (reference, command) = asked(&mut device, link);
    assert_eq!(command, ConversationCommand::history_since(at));
    answer(&mut device, link, reference, 1_209..=1_258);
    assert_eq!(device.engine.timeline().target, Some((1_234, 1)));

    device.act(Action::Jump(Jump::Since(Timestamp(u64::MAX))));
    let (reference, _) = asked(&mut device, link);
    answer(&mut device, link, reference, 4_951..=5_000);
    assert_eq!(device.engine.timeline().target, Some((5_000, 2)));
}

#[test]
fn a_place_that_is_not_there_is_asked_for_once() {
    let (mut device, link) = at_the_end();
    device.act(Action::Jump(Jump::To(2_000)));
    let (reference, _) = asked(&mut device, link);
    let reject = Reject::new(Code::Internal);
    device.hear(link, &ConversationFrame::Rejected { reference: Some(reference), reject });
    assert_eq!(format!("{:?}", device.sent(link)), "[]");
    device.act(Action::Jump(Jump::To(2_000)));
    let (reference, _) = asked(&mut device, link);
    let reply = ConversationReply::History { messages: Vec::new() };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
    assert!(device.sent(link).is_empty());
    assert_eq!(device.engine.timeline().target, None);
}

#[test]
fn who_went_elsewhere_meanwhile_stays_there() {
    let (mut device, link) = at_the_end();
    device.act(Action::Jump(Jump::To(2_000)));
    let (reference, _) = asked(&mut device, link);
    device.act(Action::Newest);
    answer(&mut device, link, reference, 1_975..=2_024);
    assert_eq!(device.engine.timeline().target, None);
    assert_eq!(device.seqs().last(), Some(&5_000));
}
