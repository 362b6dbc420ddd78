//! The window: what of a long conversation is shown, how it moves, what is fetched for it.

use tideline_client::{Action, Input, Link, Mirror};
use tideline_shared::protocol::{
    ConversationCommand, ConversationReply, ConversationRow, Departure, Kind, Message, Record,
};
use tideline_shared::{Code, MessageId, Reject};

use crate::kit::*;

const MOST: usize = 200;
/// To so many rows a window grows by what comes in.
const FOLLOWED: usize = 100;

/// A device that shows the newest page of a conversation with so many messages.
fn at_end_of(messages: u64) -> (Device, Link) {
    let mut device = Device::new();
    device.online(vec![entry(group(1), messages, messages)]);
    device.show(group(1));
    let first = messages.saturating_sub(49).max(1);
    let link = device.join(group(1), whole(first..=messages));
    (device, link)
}

/// Answers every call for history as a service with so many messages would; how many there were.
fn serve(device: &mut Device, link: Link, messages: u64) -> usize {
    let mut calls = 0;
    loop {
        let sent = device.sent(link);
        if sent.is_empty() {
            return calls;
        }
        for sent in sent {
            let Sent::Conversation(reference, ConversationCommand::History { before, after, .. }) =
                sent
            else {
                panic!("{sent:?}");
            };
            calls += 1;
            answer(device, link, reference, history(messages, before, after));
        }
    }
}

fn history(messages: u64, before: Option<u64>, after: Option<u64>) -> Vec<Message> {
    match (before, after) {
        (_, Some(after)) => (after + 1..=messages.min(after + 50)).map(said).collect(),
        (before, None) => {
            let end = before.unwrap_or(messages + 1);
            (end.saturating_sub(50).max(1)..end).map(said).collect()
        }
    }
}

fn answer(device: &mut Device, link: Link, reference: u32, messages: Vec<Message>) {
    let reply = ConversationReply::History { messages };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
}

fn assert_whole(device: &Device) {
    let seqs = device.seqs();
    assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a gap on the screen: {seqs:?}");
    assert!(device.engine.timeline().rows.len() <= MOST);
}

#[test]
fn it_opens_at_the_end_with_one_page() {
    let (device, _) = at_end_of(5_000);
    assert_eq!(device.seqs(), (4_951..=5_000).collect::<Vec<_>>());
    let timeline = device.engine.timeline();
    assert!(timeline.at_end && !timeline.at_start && !timeline.loading && !timeline.loading_older);
}

#[test]
fn five_thousand_messages_scroll_to_the_start_and_back_without_a_gap() {
    let (mut device, link) = at_end_of(5_000);
    device.watched = false;
    let mut oldest = vec![4_951];
    for _ in 0..99 {
        device.act(Action::Older);
        assert_eq!(serve(&mut device, link, 5_000), 1);
        assert_whole(&device);
        oldest.push(device.seqs()[0]);
    }
    assert!(oldest.windows(2).all(|pair| pair[1] + 50 == pair[0]), "{oldest:?}");
    assert!(device.engine.timeline().at_start);
    assert!(!device.engine.timeline().at_end);
    device.act(Action::Older);
    assert_eq!(serve(&mut device, link, 5_000), 0, "nothing is before the first");

    let mut newest = Vec::new();
    while !device.engine.timeline().at_end {
        device.act(Action::Newer);
        assert_whole(&device);
        newest.extend(device.seqs().last().copied());
    }
    assert_eq!(serve(&mut device, link, 5_000), 0, "all of it is held");
    assert_eq!(newest.last(), Some(&5_000));
    assert_eq!(newest.len(), (5_000 - 200) / 50);
    assert!(!device.engine.timeline().at_start);
}

#[test]
fn one_call_a_direction_is_under_way() {
    let (mut device, link) = at_end_of(5_000);
    device.act(Action::Older);
    device.act(Action::Older);
    device.act(Action::Older);
    assert!(device.engine.timeline().loading_older);
    assert_eq!(device.sent(link).len(), 1);
}

#[test]
fn a_fetch_that_was_cut_off_goes_on_over_the_next_link() {
    let (mut device, link) = at_end_of(5_000);
    device.act(Action::Older);
    device.sent(link);
    device.close(link);
    assert!(device.engine.timeline().loading_older);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.sent(link);
    device.hear(link, &page(Vec::new(), 5_001));
    assert_eq!(serve(&mut device, link, 5_000), 1);
    assert_eq!(device.seqs()[0], 4_901);
    assert!(!device.engine.timeline().loading_older);
}

#[test]
fn a_fetch_that_was_put_off_comes_after_the_wait() {
    let (mut device, link) = at_end_of(5_000);
    device.act(Action::Older);
    let Sent::Conversation(reference, _) = device.only(link) else { panic!("a call") };
    let reject = Reject::rate_limited(700);
    device.hear(link, &ConversationFrame::Rejected { reference: Some(reference), reject });
    device.wait(699);
    assert_eq!(device.sent(link), []);
    device.wait(1);
    assert_eq!(serve(&mut device, link, 5_000), 1);
    assert_eq!(device.seqs()[0], 4_901);
}

#[test]
fn a_refused_fetch_is_not_repeated_by_itself() {
    let (mut device, link) = at_end_of(5_000);
    device.act(Action::Older);
    let Sent::Conversation(reference, _) = device.only(link) else { panic!("a call") };
    let reject = Reject::new(Code::UnknownType);
    device.hear(link, &ConversationFrame::Rejected { reference: Some(reference), reject });
    device.wait(20_000);
    assert_eq!(device.sent(link), []);
    assert!(!device.engine.timeline().loading_older);
}

#[test]
fn an_answer_that_leads_nowhere_ends_the_asking() {
    let (mut device, link) = at_end_of(5_000);
    device.act(Action::Older);
    let Sent::Conversation(reference, _) = device.only(link) else { panic!("a call") };
    answer(&mut device, link, reference, (1..=50).map(said).collect());
    assert_eq!(device.sent(link), []);
    assert_whole(&device);
    // Nor does a component that asks on make a storm of it.
    device.act(Action::Older);
    device.act(Action::Older);
    assert_eq!(device.sent(link), []);
}

#[test]
fn whoever_follows_the_end_sees_what_comes_in() {
    let (mut device, link) = at_end_of(60);
    for seq in 61..=400 {
        device.hear(link, &live(said(seq)));
        assert_whole(&device);
        assert_eq!(device.seqs().last(), Some(&seq));
    }
    assert_eq!(device.seqs().len(), FOLLOWED);
    assert_eq!(device.engine.timeline().new_below, 0);
    // Who went up for more keeps as many.
    device.act(Action::Older);
    assert_eq!(device.seqs().len(), FOLLOWED + 50);
    device.hear(link, &live(said(401)));
    assert_eq!(device.seqs(), (252..=401).collect::<Vec<_>>());
}

#[test]
fn whoever_reads_further_up_is_not_disturbed() {
    let (mut device, link) = at_end_of(60);
    device.act(Action::AtEnd(false));
    let first = device.seqs()[0];
    for seq in 61..=400 {
        device.hear(link, &live(said(seq)));
        assert_eq!(device.seqs()[0], first);
        assert_whole(&device);
    }
    let timeline = device.engine.timeline();
    assert_eq!(timeline.rows.len(), MOST);
    assert_eq!(timeline.new_below, 340);
    assert!(!timeline.at_end);
    // On the way down nothing is missing.
    device.act(Action::Newer);
    assert_whole(&device);
    assert_eq!(device.seqs().last(), Some(&(first + 249)));
    while !device.engine.timeline().at_end {
        device.act(Action::Newer);
    }
    device.act(Action::AtEnd(true));
    assert_eq!(device.seqs().last(), Some(&400));
    assert_eq!(device.engine.timeline().new_below, 0);
    device.hear(link, &live(said(401)));
    assert_eq!(device.seqs().last(), Some(&401));
}

#[test]
fn what_oneself_says_is_not_new() {
    let (mut device, link) = at_end_of(60);
    device.act(Action::AtEnd(false));
    device.hear(link, &live(message(61, ana(), MessageId::new(1, [9; 10]), "from my phone")));
    device.hear(link, &live(said(62)));
    assert_eq!(device.engine.timeline().new_below, 1);
}

#[test]
fn newest_jumps_to_the_end() {
    let (mut device, link) = at_end_of(5_000);
    for _ in 0..20 {
        device.act(Action::Older);
        serve(&mut device, link, 5_000);
    }
    device.act(Action::AtEnd(false));
    device.hear(link, &live(said(5_001)));
    assert!(!device.engine.timeline().at_end);
    device.act(Action::Newest);
    assert_eq!(device.seqs().last(), Some(&5_001));
    assert!(device.engine.timeline().at_end);
    assert_whole(&device);
}

#[test]
fn what_is_written_further_up_is_seen_at_the_end() {
    let (mut device, link) = at_end_of(5_000);
    for _ in 0..20 {
        device.act(Action::Older);
        serve(&mut device, link, 5_000);
    }
    device.act(Action::AtEnd(false));
    device.write_message(group(1), "hi");
    assert_eq!(device.lines().last().map(String::as_str), Some("- Ana: hi …"));
    assert!(device.engine.timeline().at_end);
}

#[test]
fn a_full_window_makes_room_for_what_is_written() {
    let (mut device, link) = at_end_of(60);
    device.act(Action::AtEnd(false));
    for seq in 61..=300 {
        device.hear(link, &live(said(seq)));
    }
    device.act(Action::Newest);
    for seq in 301..=460 {
        device.hear(link, &live(said(seq)));
    }
    assert_eq!(device.engine.timeline().rows.len(), MOST);
    device.write_message(group(1), "hi");
    assert_eq!(device.lines().last().map(String::as_str), Some("- Ana: hi …"));
}

#[test]
fn more_in_the_outbox_than_a_window_holds() {
    let (mut device, _) = at_end_of(60);
    device.input(Input::Offline);
    for n in 1..=300 {
        device.write_message(group(1), &format!("w{n}"));
    }
    let lines = device.lines();
    assert_eq!(lines.len(), FOLLOWED);
    assert_eq!(lines[FOLLOWED - 1], "- Ana: w300 …");
    device.act(Action::AtEnd(false));
    device.act(Action::Older);
    assert_eq!(device.lines()[0], "- Ana: w151 …");
    for _ in 0..4 {
        device.act(Action::Older);
    }
    assert_eq!(device.lines()[0], "11 Ben: m11");
    for _ in 0..10 {
        device.act(Action::Newer);
    }
    assert_eq!(device.lines()[MOST - 1], "- Ana: w300 …");
    assert!(device.engine.timeline().at_end);
}

#[test]
fn a_hole_behind_the_window_is_fetched_and_never_shown() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 300, 300)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.close(link);
    device.hear(account, &account_change(11, vec![delivered(group(1), said(120))]));
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.sent(link), [Sent::Hello(Some(4))]);
    // The service says that nothing changed, though it did: what is missing is fetched.
    device.hear(link, &page(Vec::new(), 121));
    assert!(device.engine.timeline().loading_newer);
    assert_eq!(device.seqs(), [1, 2, 3]);
    assert_eq!(serve(&mut device, link, 120), 3);
    assert_whole(&device);
    assert_eq!(device.seqs().last(), Some(&120));
    assert!(device.engine.timeline().at_end);
}

#[test]
fn somebody_further_up_fetches_a_hole_when_they_come_to_it() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 300, 300)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.act(Action::AtEnd(false));
    device.close(link);
    device.hear(account, &account_change(11, vec![delivered(group(1), said(120))]));
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.sent(link);
    device.hear(link, &page(Vec::new(), 121));
    assert_eq!(device.sent(link), []);
    for end in [53, 103, 120] {
        device.act(Action::Newer);
        serve(&mut device, link, 120);
        assert_whole(&device);
        assert_eq!(device.seqs().last(), Some(&end));
    }
    assert!(device.engine.timeline().at_end);
}

#[test]
fn what_waits_to_be_sent_stays_in_sight_over_a_hole() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.close(link);
    device.write_message(group(1), "hi");
    device.hear(account, &account_change(11, vec![delivered(group(1), said(9))]));
    assert_eq!(device.lines()[2..], ["3 Ben: m3", "- Ana: hi …"]);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.hear(link, &page(rows((4..=9).map(said)), 10));
    assert_eq!(device.lines()[8..], ["9 Ben: m9", "- Ana: hi …"]);
}

#[test]
fn a_short_page_is_the_start_wherever_that_is() {
    // Somebody who may not read what was said before they came.
    let mut device = Device::new();
    device.online(vec![entry(group(1), 80, 80)]);
    device.show(group(1));
    let link = device.join(group(1), whole(31..=80));
    assert!(!device.engine.timeline().at_start);
    device.act(Action::Older);
    let Sent::Conversation(reference, _) = device.only(link) else { panic!("a call") };
    answer(&mut device, link, reference, (21..=30).map(said).collect());
    assert_eq!(device.seqs(), (21..=80).collect::<Vec<_>>());
    assert!(device.engine.timeline().at_start);
    device.act(Action::Older);
    assert_eq!(device.sent(link), []);
}

#[test]
fn a_short_store_is_filled_up_to_a_page() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 80, 80)]);
    let rows = (79..=80).map(|seq| delivered(group(1), said(seq))).collect();
    device.hear(account, &account_change(11, rows));
    device.show(group(1));
    assert_eq!(device.seqs(), [79, 80]);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.sent(link);
    device.hear(link, &page(Vec::new(), 81));
    assert_eq!(serve(&mut device, link, 80), 1);
    assert_eq!(device.seqs(), (31..=80).collect::<Vec<_>>());
}

#[test]
fn who_scrolls_up_before_the_service_answers_gets_what_they_scrolled_to() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 80, 80)]);
    let rows = (79..=80).map(|seq| delivered(group(1), said(seq))).collect();
    device.hear(account, &account_change(11, rows));
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    device.act(Action::Older);
    device.sent(link);
    device.hear(link, &page(Vec::new(), 81));
    assert_eq!(serve(&mut device, link, 80), 1);
    assert_eq!(device.seqs(), (29..=80).collect::<Vec<_>>());
}

#[test]
fn an_empty_conversation_is_not_loading_once_it_is_known() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 0, 0)]);
    device.show(group(1));
    assert!(device.engine.timeline().loading);
    let link = device.join(group(1), empty());
    let timeline = device.engine.timeline();
    assert!(!timeline.loading && timeline.at_start && timeline.at_end);
    assert!(!timeline.loading_older);
    assert_eq!(device.sent(link), []);
    device.write_message(group(1), "first");
    assert_eq!(device.lines(), ["- Ana: first …"]);
    // And from the store, before the network answers.
    device.input(Input::Offline);
    let mut device = device.reload();
    device.show(group(2));
    assert!(device.engine.timeline().loading, "of this one nothing is known");
    device.show(group(1));
    assert!(!device.engine.timeline().loading);
}

#[test]
fn news_that_are_not_here_yet_come_in_at_the_end() {
    let (device, _) = at_end_of(60);
    let mut device = device.reload();
    let account = device.accept(Mirror::Account);
    let row = tideline_shared::protocol::AccountRow::Entry(entry(group(1), 70, 60));
    device.hear(account, &account_page(vec![row], 11));
    device.show(group(1));
    assert_eq!(device.seqs().last(), Some(&60));
    let link = device.accept(Mirror::Conversation(group(1)));
    device.hear(link, &page(rows((61..=70).map(said)), 71));
    assert_eq!(device.seqs().last(), Some(&70));
    assert!(device.engine.timeline().at_end);
}

#[test]
fn who_came_and_went_stands_between_the_messages() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let mut came = founder(user(3));
    came.person.display_name = "Cem".to_owned();
    came.joined_at = MADE.after(1_500);
    came.joined_seq = 1;
    let mut early = founder(user(4));
    early.person.display_name = "Dora".to_owned();
    early.joined_at = MADE.after(10);
    early.left = Some(Departure { at: MADE.after(2_500), seq: 2, by: None });
    let mut all = whole(1..=2);
    all.extend([came.clone(), early].map(ConversationRow::Member));
    let link = device.join(group(1), all);
    let expected = ["Dora joined", "1 Ben: m1", "Cem joined", "2 Ben: m2", "Dora left"];
    assert_eq!(device.lines(), expected);
    let keys: std::collections::BTreeSet<_> =
        device.engine.timeline().rows.into_iter().map(|row| row.key).collect();
    assert_eq!(keys.len(), 5);
    // A new name changes the row, not its place; and a departure adds one.
    came.person.display_name = "Cem K.".to_owned();
    came.left = Some(Departure { at: MADE.after(3_500), seq: 3, by: None });
    let member = ConversationRow::Member(came);
    device.hear(link, &ConversationFrame::Change { version: 4, rows: vec![member] });
    let mut third = said(3);
    third.version = 5;
    device.hear(link, &live(third));
    let lines = device.lines();
    assert_eq!(lines[2], "Cem K. joined");
    assert_eq!(lines[5..], ["3 Ben: m3", "Cem K. left"]);
}

#[test]
fn nobody_joins_a_direct_conversation() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let record = Record::new(Kind::Direct, MADE);
    let mut late = founder(ben());
    late.joined_at = MADE.after(9);
    let rows = vec![
        ConversationRow::Record(record),
        ConversationRow::Member(founder(ana())),
        ConversationRow::Member(late),
    ];
    device.join(group(1), rows);
    assert_eq!(device.lines(), Vec::<String>::new());
}

#[test]
fn a_crowd_that_comes_at_once_fits_the_window() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let mut all = vec![record()];
    for n in 0..250 {
        let mut member = founder(user(n));
        member.joined_at = MADE.after(1 + u64::from(n));
        all.push(ConversationRow::Member(member));
    }
    all.extend(rows((1..=5).map(said)));
    let link = device.join(group(1), all);
    assert_eq!(device.lines().len(), 50);
    assert_eq!(device.lines()[49], "5 Ben: m5");
    for _ in 0..6 {
        device.act(Action::Older);
        assert!(device.engine.timeline().rows.len() <= MOST);
    }
    assert!(device.engine.timeline().at_start);
    assert_eq!(serve(&mut device, link, 5), 0);
    while !device.engine.timeline().at_end {
        device.act(Action::Newer);
    }
    assert_eq!(device.lines().last().map(String::as_str), Some("5 Ben: m5"));
}

#[test]
fn scrolling_without_a_network_moves_through_what_is_held() {
    let (mut device, link) = at_end_of(5_000);
    for _ in 0..5 {
        device.act(Action::Older);
        serve(&mut device, link, 5_000);
    }
    let mut device = device.reload();
    device.input(Input::Offline);
    device.show(group(1));
    assert_eq!(device.seqs(), (4_951..=5_000).collect::<Vec<_>>());
    for _ in 0..9 {
        device.act(Action::Older);
        assert_whole(&device);
    }
    assert_eq!(device.seqs()[0], 4_701);
    assert!(!device.engine.timeline().at_start);
    assert!(!device.engine.timeline().loading_older, "nothing can be fetched now");
    // A component that asks on every change must come to rest.
    device.changed.clear();
    device.act(Action::Older);
    device.act(Action::Older);
    device.act(Action::AtEnd(true));
    assert_eq!(device.changed, []);
}

#[test]
fn a_conversation_seen_before_comes_back_at_its_end() {
    let (mut device, link) = at_end_of(5_000);
    for _ in 0..5 {
        device.act(Action::Older);
        serve(&mut device, link, 5_000);
    }
    device.show(group(2));
    device.show(group(1));
    assert_eq!(device.seqs(), (4_951..=5_000).collect::<Vec<_>>());
}

#[test]
fn many_conversations_do_not_stay_in_memory_but_in_the_store() {
    let mut device = Device::new();
    device.online(Vec::new());
    for n in 1..=30 {
        device.show(group(n));
        device.join(group(n), whole(1..=3));
        device.wait(10);
    }
    device.act(Action::Show(None));
    device.input(Input::Offline);
    for n in 1..=30 {
        device.show(group(n));
        assert_eq!(device.seqs(), [1, 2, 3]);
    }
}
