//! Saying something: shown at once, sent in order, never lost, never shown twice.

use tideline_client::{Action, Input, Item, Link, MessageState, Mirror, Row, Write};
use tideline_shared::protocol::{
    AccountRow, Card, ConversationCommand, ConversationReply, Message, Settings,
};
use tideline_shared::{Code, MessageId, Reject, limits};

use crate::kit::*;

fn ready() -> (Device, Link) {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    (device, link)
}

/// The message as the service stores it.
fn stored(seq: u64, id: MessageId, text: &str) -> Message {
    message(seq, ana(), id, text)
}

fn ack(reference: u32, message: &Message) -> ConversationFrame {
    let Message { id, seq, version, at, .. } = *message;
    ConversationFrame::Reply { reference, reply: ConversationReply::Sent { id, seq, version, at } }
}

fn rejected(reference: u32, reject: Reject) -> ConversationFrame {
    ConversationFrame::Rejected { reference: Some(reference), reject }
}

fn sent(device: &mut Device, link: Link) -> (u32, MessageId, String) {
    let mut messages = device.messages_sent(link);
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

fn key(device: &Device) -> String {
    device.engine.timeline().rows.last().expect("a row").key.clone()
}

#[test]
fn a_message_goes_from_sending_to_sent_in_its_row() {
    let (mut device, link) = ready();
    device.write_message(group(1), "  hi\r\nthere ");
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "- Ana: hi\nthere …"]);
    let shown = key(&device);
    let (reference, id, text) = sent(&mut device, link);
    assert_eq!(text, "hi\nthere");
    assert_eq!(device.stored("outbox/").len(), 1);
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi\nthere"]);
    assert_eq!(key(&device), shown);
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
    assert_eq!(device.stored("message/").len(), 3);
}

#[test]
fn it_is_stored_before_it_is_sent() {
    let (mut device, _) = ready();
    let mut seed = 3;
    let input = Input::Do(Action::Send {
        conversation: group(1),
        text: "hi".to_owned(),
        reply_to: None,
        files: Vec::new(),
    });
    let outputs = device.engine.handle(device.now, &mut |bytes| fill(&mut seed, bytes), input);
    let at = |wanted: fn(&tideline_client::Output) -> bool| outputs.iter().position(wanted);
    let store = at(|output| matches!(output, tideline_client::Output::Store(_)));
    let send = at(|output| matches!(output, tideline_client::Output::Send(..)));
    assert!(store.expect("stored") < send.expect("sent"));
}

#[test]
fn an_acknowledged_message_does_not_move_the_cursor() {
    let (mut device, link) = ready();
    device.write_message(group(1), "hi");
    let (reference, id, text) = sent(&mut device, link);
    // Somebody was renamed in the version between, and that change is still on its way.
    let mut mine = stored(3, id, &text);
    mine.version = 5;
    device.hear(link, &ack(reference, &mine));
    let renamed = tideline_shared::protocol::ConversationRow::Member(founder(ben()));
    device.hear(link, &ConversationFrame::Change { version: 4, rows: vec![renamed] });
    device.hear(link, &live(mine));
    assert_eq!(device.sent(link), [], "no gap was seen");
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi"]);
}

#[test]
fn whatever_comes_first_the_message_is_shown_once_and_always() {
    // 0: the acknowledgement, 1: the live change, 2: the delivery to the account.
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (mut device, link) = ready();
        let account = device.open[0];
        device.write_message(group(1), "hi");
        let (reference, id, text) = sent(&mut device, link);
        let mine = stored(3, id, &text);
        let shown = key(&device);
        for what in order {
            match what {
                0 => device.hear(link, &ack(reference, &mine)),
                1 => device.hear(link, &live(mine.clone())),
                _ => {
                    let rows = vec![delivered(group(1), mine.clone())];
                    device.hear(account, &account_change(11, rows));
                }
            }
            assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi"], "{order:?}");
            assert_eq!(key(&device), shown);
            assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
        }
        device.hear(link, &live(said(4)));
        assert_eq!(device.seqs(), [1, 2, 3, 4]);
    }
}

#[test]
fn over_a_hole_it_stays_as_sent_until_the_history_reaches_it() {
    let (mut device, link) = ready();
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.write_message(group(1), "hi");
    let (reference, id, text) = sent(&mut device, link);
    let mine = stored(9, id, &text);
    device.hear(link, &ack(reference, &mine));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "9 Ana: hi"]);
    // Even over a reload, and it is not sent again.
    let mut again = device.reload();
    again.show(group(1));
    assert_eq!(again.lines(), ["1 Ben: m1", "2 Ben: m2", "9 Ana: hi"]);
    again.online(vec![entry(group(1), 2, 2)]);
    let other = again.accept(Mirror::Conversation(group(1)));
    assert_eq!(again.sent(other), [Sent::Hello(Some(3))]);

    let missed = (3..=8).map(said).chain([mine]);
    device.hear(link, &page(rows(missed), 10));
    assert_eq!(device.seqs(), (1..=9).collect::<Vec<_>>());
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
}

#[test]
fn a_reset_that_covers_it_ends_the_wait_over_a_hole() {
    let (mut device, link) = ready();
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.write_message(group(1), "hi");
    let (reference, id, text) = sent(&mut device, link);
    device.hear(link, &ack(reference, &stored(9, id, &text)));
    device.hear(link, &reset(rows((1001..=1050).map(said)), 1051));
    assert_eq!(device.seqs(), (1001..=1050).collect::<Vec<_>>());
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
}

#[test]
fn one_at_a_time_in_the_order_of_writing() {
    let (mut device, link) = ready();
    for text in ["one", "two", "three"] {
        device.write_message(group(1), text);
    }
    let mut said = Vec::new();
    for seq in 3..=5 {
        let (reference, id, text) = sent(&mut device, link);
        said.push(text.clone());
        device.hear(link, &ack(reference, &stored(seq, id, &text)));
    }
    assert_eq!(said, ["one", "two", "three"]);
    assert_eq!(device.messages_sent(link), []);
}

#[test]
fn a_live_change_lets_the_next_one_go_at_once() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    device.write_message(group(1), "two");
    let (reference, id, text) = sent(&mut device, link);
    let mine = stored(3, id, &text);
    device.hear(link, &live(mine.clone()));
    let (_, _, next) = sent(&mut device, link);
    assert_eq!(next, "two");
    device.hear(link, &ack(reference, &mine));
    assert_eq!(device.messages_sent(link), []);
}

#[test]
fn a_lost_acknowledgement_is_asked_for_again() {
    let (mut device, link) = ready();
    device.write_message(group(1), "hi");
    let first = sent(&mut device, link);
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    let (reference, id, text) = sent(&mut device, link);
    assert_eq!((id, &text), (first.1, &first.2));
    device.hear(link, &page(Vec::new(), 3));
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi"]);
}

#[test]
fn an_answer_that_never_comes_is_not_waited_for_forever() {
    let (mut device, link) = ready();
    device.write_message(group(1), "hi");
    let first = sent(&mut device, link);
    device.wait(19_000);
    device.hear_text(link, "pong");
    device.wait(2_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(sent(&mut device, link).1, first.1);
}

#[test]
fn a_page_that_holds_it_is_as_good_as_an_acknowledgement() {
    let (mut device, link) = ready();
    device.write_message(group(1), "hi");
    device.write_message(group(1), "again");
    let (_, id, text) = sent(&mut device, link);
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    let (reference, ..) = sent(&mut device, link);
    device.hear(link, &page(rows([stored(3, id, &text)]), 4));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi", "- Ana: again …"]);
    assert_eq!(sent(&mut device, link).2, "again");
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: hi", "- Ana: again …"]);
}

#[test]
fn what_was_written_without_a_network_goes_out_after_a_reload_in_order() {
    let (mut device, _) = ready();
    device.input(Input::Offline);
    for n in 1..=12 {
        device.write_message(group(1), &format!("w{n}"));
    }
    // The clock is set back: the order of writing is the order of writing.
    device.now -= 86_400_000;
    device.write_message(group(1), "w13");
    let mut device = device.reload();
    device.show(group(1));
    let shown = device.lines();
    assert_eq!(shown.len(), 15);
    assert_eq!(shown[2], "- Ana: w1 …");
    assert_eq!(shown[14], "- Ana: w13 …");
    device.online(vec![entry(group(1), 2, 2)]);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.hear(link, &page(Vec::new(), 3));
    for n in 1..=13 {
        let (reference, id, text) = sent(&mut device, link);
        assert_eq!(text, format!("w{n}"));
        device.hear(link, &ack(reference, &stored(2 + n, id, &text)));
    }
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
    assert_eq!(device.seqs(), (1..=15).collect::<Vec<_>>());
}

#[test]
fn a_conversation_that_is_not_on_the_screen_gets_what_was_written_too() {
    let (mut device, _) = ready();
    device.input(Input::Offline);
    device.write_message(group(1), "here");
    device.write_message(group(2), "there");
    let mut device = device.reload();
    device.online(vec![entry(group(1), 2, 2), entry(group(2), 1, 1)]);
    for (conversation, words) in [(group(1), "here"), (group(2), "there")] {
        let link = device.accept(Mirror::Conversation(conversation));
        assert_eq!(sent(&mut device, link).2, words);
    }
}

#[test]
fn too_fast_is_tried_again_after_the_wait_and_nothing_overtakes() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    device.write_message(group(1), "two");
    let (reference, id, _) = sent(&mut device, link);
    device.hear(link, &rejected(reference, Reject::rate_limited(3_000)));
    device.wait(2_999);
    assert_eq!(device.messages_sent(link), []);
    device.wait(1);
    let (reference, same, text) = sent(&mut device, link);
    assert_eq!(same, id);
    assert_eq!(device.lines()[2], "- Ana: one …");
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(sent(&mut device, link).2, "two");
}

#[test]
fn an_internal_error_is_tried_again_ever_more_slowly() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    let mut last = 0;
    for tries in 0..5 {
        let (reference, ..) = sent(&mut device, link);
        device.hear(link, &rejected(reference, Reject::new(Code::Internal)));
        let before = device.now;
        let mut messages = Vec::new();
        while messages.is_empty() {
            device.wait(10);
            device.hear_text(link, "pong");
            messages = device.messages_sent(link);
        }
        let waited = device.now - before;
        assert!(waited > last / 2 && waited >= 250 << tries, "{waited}");
        last = waited;
        device.hear(link, &rejected(messages[0].0, Reject::rate_limited(0)));
    }
}

/// Another device, or whoever leads the group, took it back before this one had its answer.
#[test]
fn a_message_that_was_recalled_meanwhile_is_not_said_again() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    device.write_message(group(1), "two");
    let (reference, ..) = sent(&mut device, link);
    device.hear(link, &rejected(reference, Reject::new(Code::MessageRecalled)));
    let (reference, id, text) = sent(&mut device, link);
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: two"]);
    let mut device = device.reload();
    device.show(group(1));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ana: two"]);
}

#[test]
fn a_refused_message_fails_and_the_next_ones_go_on() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    device.write_message(group(1), "two");
    let (reference, ..) = sent(&mut device, link);
    device.hear(link, &rejected(reference, Reject::new(Code::MessageIdReused)));
    let (reference, id, text) = sent(&mut device, link);
    assert_eq!(text, "two");
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    let expected = ["1 Ben: m1", "2 Ben: m2", "3 Ana: two", "- Ana: one !message_id_reused"];
    assert_eq!(device.lines(), expected);
    // Still so after a reload, and it is not sent by itself.
    let mut device = device.reload();
    device.show(group(1));
    assert_eq!(device.lines(), expected);
    device.online(vec![entry(group(1), 3, 3)]);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.messages_sent(link), []);
}

#[test]
fn a_failed_message_can_be_tried_again_behind_the_others() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    let (reference, id, _) = sent(&mut device, link);
    device.hear(link, &rejected(reference, Reject::new(Code::NotAllowed)));
    device.write_message(group(1), "two");
    device.act(Action::Retry(id));
    let tail = device.lines().split_off(2);
    assert_eq!(tail, ["- Ana: two …", "- Ana: one …"]);
    let (reference, other, text) = sent(&mut device, link);
    assert_eq!(text, "two");
    device.hear(link, &ack(reference, &stored(3, other, &text)));
    let (reference, again, text) = sent(&mut device, link);
    assert_eq!(again, id);
    device.hear(link, &ack(reference, &stored(4, id, &text)));
    assert_eq!(device.lines().split_off(2), ["3 Ana: two", "4 Ana: one"]);
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
}

#[test]
fn a_failed_message_can_be_given_up() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    let (reference, id, _) = sent(&mut device, link);
    device.hear(link, &rejected(reference, Reject::new(Code::NotAllowed)));
    device.act(Action::Discard(id));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2"]);
    assert_eq!(device.stored("outbox/"), Vec::<&str>::new());
    assert_eq!(device.reload().stored("outbox/"), Vec::<&str>::new());
}

#[test]
fn nothing_to_say_says_nothing() {
    let (mut device, link) = ready();
    device.write_message(group(1), " \n\u{200b} ");
    assert_eq!(device.lines().len(), 2);
    assert_eq!(device.messages_sent(link), []);
}

#[test]
fn too_long_a_message_fails_here_and_keeps_its_words() {
    let (mut device, link) = ready();
    let long = "x".repeat(limits::MESSAGE_CHARS + 1);
    device.write_message(group(1), &long);
    let row = device.engine.timeline().rows.pop().expect("a row");
    let tideline_client::Item::Message { id, text, state, .. } = row.item else { panic!() };
    assert_eq!((text, state), (Some(long), MessageState::Failed(Code::MessageTooLong)));
    device.act(Action::Retry(id));
    assert_eq!(device.messages_sent(link), []);
    device.write_message(group(1), "short");
    assert_eq!(sent(&mut device, link).2, "short");
}

#[test]
fn a_conversation_that_lets_nobody_in_fails_what_waits_for_it() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    device.write_message(group(1), "two");
    device.hear(link, &ended::<(), ()>(Code::UnknownConversation));
    let mut device = device.reload();
    device.online(vec![entry(group(1), 2, 2)]);
    assert_eq!(device.attempt(Mirror::Conversation(group(1))), None, "nothing waits any more");
    assert_eq!(device.inbox(), ["Garden (0) Ana: two !unknown_conversation"]);
}

#[test]
fn trying_again_is_a_new_reason_to_knock() {
    let (mut device, link) = ready();
    device.write_message(group(1), "one");
    let (_, id, _) = sent(&mut device, link);
    device.hear(link, &ended::<(), ()>(Code::NotAMember));
    device.write_message(group(1), "two");
    assert_eq!(device.attempt(Mirror::Conversation(group(1))), None);
    device.act(Action::Retry(id));
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(sent(&mut device, link).1, id);
}

#[test]
fn two_tabs_send_the_same_message_and_neither_loses_one() {
    let (mut one, _) = ready();
    one.input(Input::Offline);
    one.write_message(group(1), "hi");
    let mut two = one.reload();
    // The first tab gets it through; the second still holds it, and writes another.
    one.input(Input::Online);
    one.accept(Mirror::Account);
    let link = one.accept(Mirror::Conversation(group(1)));
    let (reference, id, text) = sent(&mut one, link);
    one.hear(link, &page(Vec::new(), 3));
    one.hear(link, &ack(reference, &stored(3, id, &text)));
    two.write_message(group(1), "there");
    assert_eq!(two.stored("outbox/").len(), 2);
    two.online(vec![entry(group(1), 3, 3)]);
    let link = two.accept(Mirror::Conversation(group(1)));
    let (reference, same, text) = sent(&mut two, link);
    assert_eq!(same, id);
    two.hear(link, &page(rows([stored(3, id, &text)]), 4));
    two.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(sent(&mut two, link).2, "there");
    assert_eq!(two.stored("outbox/").len(), 1);
}

#[test]
fn only_the_deletion_of_an_acknowledged_message_touches_the_stored_outbox() {
    let (mut device, link) = ready();
    device.write_message(group(1), "hi");
    let (reference, id, text) = sent(&mut device, link);
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    sent(&mut device, link);
    device.hear(link, &reset(whole(1..=2), 3));
    device.hear(link, &rejected(reference + 2, Reject::rate_limited(5)));
    device.wait(10);
    let touched = |device: &Device| {
        let writes = device.batches.iter().flatten();
        writes
            .filter(|write| matches!(write, Write::Delete { key } if key.starts_with("outbox/")))
            .count()
    };
    assert_eq!(touched(&device), 0);
    let (reference, ..) = sent(&mut device, link);
    device.hear(link, &ack(reference, &stored(3, id, &text)));
    assert_eq!(touched(&device), 1);
}

#[test]
fn the_list_shows_what_waits_on_top() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 1, 1), entry(group(2), 9, 9)]);
    assert_eq!(device.inbox(), ["Garden (0) Ben: m9", "Garden (0) Ben: m1"]);
    device.write_message(group(1), "a\n b");
    assert_eq!(device.inbox(), ["Garden (0) Ana: a b …", "Garden (0) Ben: m9"]);
    let link = device.join(group(1), whole(1..=1));
    let (reference, id, text) = sent(&mut device, link);
    let mine = stored(2, id, &text);
    device.hear(link, &ack(reference, &mine));
    // The service's clock says when it was; and the account has not heard of it yet.
    assert_eq!(device.inbox(), ["Garden (0) Ben: m9", "Garden (0) Ana: a b"]);
    device.hear(account, &account_change(11, vec![AccountRow::Entry(entry(group(1), 20, 20))]));
    assert_eq!(device.inbox()[0], "Garden (0) Ben: m20");
}

#[test]
fn what_became_of_it_before_the_acknowledgement_came_is_not_lost() {
    let (mut device, link) = ready();
    device.write_message(group(1), "https://example.com");
    let (reference, id, text) = sent(&mut device, link);
    // The first answer was lost, and so was what came after it: the page was looked at meanwhile.
    let mut stored = stored(3, id, &text);
    stored.version += 1;
    device.hear(link, &ack(reference, &stored));
    assert_eq!(device.lines().last().expect("a row"), "3 Ana: https://example.com");
    stored.card = Some(Card::new("Tide tables", "", ""));
    device.hear(link, &page(rows([stored.clone()]), stored.version));
    let rows = device.engine.timeline().rows;
    let Some(Item::Message { card, .. }) = rows.last().map(|row| &row.item) else {
        panic!("a message")
    };
    assert_eq!(*card, stored.card);
}

#[test]
fn who_likes_no_previews_sees_none_and_says_so() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    let mut with_card = said(2);
    with_card.version += 1;
    with_card.card = Some(Card::new("Tide tables", "", ""));
    device.hear(link, &live(with_card));
    let cards = |device: &Device| {
        let rows = device.engine.timeline().rows;
        let has = |row: &&Row| matches!(&row.item, Item::Message { card: Some(_), .. });
        rows.iter().filter(has).count()
    };
    assert_eq!(cards(&device), 1);
    let row = AccountRow::Settings(Settings { hides_previews: true, ..Settings::default() });
    device.hear(account, &account_change(11, vec![row]));
    assert_eq!(cards(&device), 0);
    device.write_message(group(1), "https://example.com");
    let Sent::Conversation(_, ConversationCommand::Send { preview, .. }) = device.only(link) else {
        panic!("a message is sent")
    };
    assert!(!preview);
}
