//! Pages and live changes: what is applied, what is ignored, when the device asks again.

use tideline_client::{Mirror, Write};
use tideline_shared::Code;
use tideline_shared::protocol::{AccountRow, ConversationRow};

use crate::kit::*;

#[test]
fn changes_apply_in_order_and_once() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(link, &live(said(3)));
    device.hear(link, &live(said(3)));
    device.hear(link, &live(said(2)));
    device.hear(link, &live(said(4)));
    assert_eq!(device.seqs(), [1, 2, 3, 4]);
    assert_eq!(device.sent(link), []);
}

#[test]
fn a_gap_is_asked_about_once_and_nothing_is_applied_over_it() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    for seq in 5..=9 {
        device.hear(link, &live(said(seq)));
    }
    assert_eq!(device.sent(link), [Sent::Hello(Some(3))]);
    assert_eq!(device.seqs(), [1, 2]);
    device.hear(link, &page(rows((3..=9).map(said)), 10));
    device.hear(link, &live(said(10)));
    assert_eq!(device.seqs(), (1..=10).collect::<Vec<_>>());
    assert_eq!(device.sent(link), []);
}

#[test]
fn a_gap_in_the_account_is_asked_about_too() {
    let mut device = Device::new();
    let link = device.online(vec![entry(group(1), 1, 1)]);
    device.hear(link, &account_change(13, vec![AccountRow::Entry(entry(group(1), 3, 1))]));
    device.hear(link, &account_change(14, vec![AccountRow::Entry(entry(group(1), 4, 1))]));
    assert_eq!(device.only(link), Sent::Hello(Some(10)));
    assert_eq!(device.inbox(), ["Garden (0) Ben: m1"]);
    device.hear(link, &account_page(vec![AccountRow::Entry(entry(group(1), 4, 1))], 14));
    assert_eq!(device.inbox(), ["Garden (3) Ben: m4"]);
}

#[test]
fn a_device_that_comes_back_asks_from_where_it_was() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.hear(account, &account_change(11, vec![AccountRow::Entry(entry(group(1), 3, 2))]));
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(link, &live(said(3)));

    let mut device = device.reload();
    let account = device.accept(Mirror::Account);
    assert_eq!(device.only(account), Sent::Hello(Some(11)));
    device.show(group(1));
    assert_eq!(device.seqs(), [1, 2, 3], "shown before the network answers");
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.only(link), Sent::Hello(Some(4)));
}

#[test]
fn rows_and_their_cursor_are_stored_together() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(link, &live(said(3)));
    let message = delivered(group(2), said(1));
    device.hear(account, &account_change(11, vec![message, profile()]));
    let keys = |batch: &Vec<Write>| -> Vec<String> {
        batch
            .iter()
            .filter_map(|write| match write {
                Write::Put { key, .. } => Some(key.split('/').next().unwrap_or(key).to_owned()),
                _ => None,
            })
            .collect()
    };
    let last: Vec<_> = device.batches.iter().rev().take(2).map(keys).collect();
    assert_eq!(last[1], ["message", "conversation"]);
    assert_eq!(last[0], ["account", "account", "message", "conversation"]);
}

#[test]
fn pages_of_a_resync_apply_as_they_come_and_the_cursor_waits_for_the_last() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    let first =
        ConversationFrame::Page { reset: false, rows: rows([said(3)]), cursor: 3, done: false };
    device.hear(link, &first);
    // Cut off in the middle: all of it is asked for again, and what came twice is there once.
    device.close(link);
    device.wait(2_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.only(link), Sent::Hello(Some(3)));
    device.hear(link, &first);
    device.hear(link, &page(rows([said(4)]), 5));
    assert_eq!(device.seqs(), [1, 2, 3, 4]);
}

#[test]
fn a_reset_takes_the_place_of_everything_at_once() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=5));
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    let first =
        ConversationFrame::Page { reset: true, rows: vec![record()], cursor: 6, done: false };
    device.hear(link, &first);
    assert_eq!(device.seqs(), [1, 2, 3, 4, 5], "nothing vanishes before something is there");
    device.hear(link, &page(rows((2001..=2050).map(said)), 2051));
    assert_eq!(device.seqs(), (2001..=2050).collect::<Vec<_>>());
    assert!(!device.engine.timeline().at_start, "what is before is a hole");
    assert_eq!(device.stored("message/").len(), 50);
    assert_eq!(device.stored("member/"), Vec::<&str>::new());
}

#[test]
fn a_reset_that_was_cut_off_has_changed_nothing() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=5));
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    let first =
        ConversationFrame::Page { reset: true, rows: rows([said(9)]), cursor: 6, done: false };
    device.hear(link, &first);
    device.close(link);
    device.wait(2_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.only(link), Sent::Hello(Some(6)));
    device.hear(link, &page(rows([said(6)]), 7));
    assert_eq!(device.seqs(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_reset_keeps_what_is_newer_than_itself() {
    let mut device = Device::new();
    let account = device.online(Vec::new());
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    // The account was faster than the conversation's answer.
    device.hear(account, &account_change(11, vec![delivered(group(1), said(3))]));
    device.hear(link, &reset(whole(1..=2), 3));
    assert_eq!(device.seqs(), [1, 2, 3]);
    assert_eq!(device.reload().stored("message/").len(), 3);
}

#[test]
fn a_service_that_was_set_back_is_believed() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=9));
    device.close(link);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.hear(link, &reset(whole(1..=4), 5));
    assert_eq!(device.seqs(), [1, 2, 3, 4]);
    device.hear(link, &live(said(5)));
    assert_eq!(device.seqs(), [1, 2, 3, 4, 5]);
}

#[test]
fn rows_from_the_future_are_skipped_and_the_cursor_moves() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear_text(link, r#"{"type":"change","version":4,"rows":[{"type":"poll","id":1}]}"#);
    device
        .hear_text(link, r#"{"type":"change","version":5,"rows":[{"type":"message","seq":"?"}]}"#);
    let mut next = said(3);
    next.version = 6;
    device.hear(link, &live(next));
    assert_eq!(device.seqs(), [1, 2, 3]);
    assert_eq!(device.sent(link), []);
}

#[test]
fn a_body_from_the_future_is_a_message_without_words() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=1));
    let row = serde_json::to_string(&live(said(2))).expect("writes");
    let known = r#""body":{"type":"text","text":"m2"}"#;
    assert!(row.contains(known), "{row}");
    let future = r#""body":{"type":"hologram","depth":{"x":3}}"#;
    device.hear_text(link, &row.replace(known, future));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: ?"]);
}

#[test]
fn an_older_version_of_a_message_does_not_come_back() {
    let mut device = Device::new();
    let account = device.online(Vec::new());
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    let mut edited = message(2, ben(), said(2).id, "better");
    edited.version = 4;
    device.hear(link, &live(edited));
    device.hear(account, &account_change(11, vec![delivered(group(1), said(2))]));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: better"]);
    // Nor in the store, when the conversation is not in memory.
    let mut device = device.reload();
    let account = device.accept(Mirror::Account);
    device.hear(account, &account_page(vec![delivered(group(1), said(2))], 12));
    device.show(group(1));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: better"]);
}

#[test]
fn nonsense_does_no_harm() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    let nonsense = [
        "",
        "{",
        "null",
        "[]",
        "\u{0}",
        r#"{"type":"page"}"#,
        r#"{"type":"change","version":-1,"rows":[]}"#,
        r#"{"type":"change","version":18446744073709551615,"rows":[]}"#,
        r#"{"type":"reply","ref":9999,"reply":{"type":"sent"}}"#,
        r#"{"type":"rejected","ref":77,"code":"message_empty"}"#,
        r#"{"type":"ended"}"#,
    ];
    for text in nonsense {
        device.hear_text(link, text);
        device.hear_text(account, text);
        device.wait(1);
    }
    assert_eq!(device.open.len(), 2);
    for link in [link, account] {
        // The change from far ahead was a gap like any other.
        assert!(matches!(device.only(link), Sent::Hello(Some(_))));
    }
}

#[test]
fn a_refused_hello_is_tried_again() {
    let mut device = Device::new();
    let link = device.accept(Mirror::Account);
    device.hear_text(link, r#"{"type":"rejected","code":"internal"}"#);
    assert_eq!(device.open, []);
    device.wait(500);
    assert!(device.attempt(Mirror::Account).is_some());
}

#[test]
fn who_left_takes_the_conversation_along() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2), entry(group(2), 1, 1)]);
    device.show(group(1));
    device.join(group(1), whole(1..=2));
    let mut gone = entry(group(1), 2, 2);
    gone.left = true;
    device.hear(account, &account_change(11, vec![AccountRow::Entry(gone)]));
    assert_eq!(device.inbox().len(), 1);
    assert_eq!(device.engine.timeline().refused, Some(Code::NotAMember));
    assert_eq!(device.lines(), Vec::<String>::new());
    for prefix in ["message/", "member/", "conversation/"] {
        assert_eq!(device.stored(prefix), Vec::<&str>::new());
    }
    assert_eq!(device.stored("entry/").len(), 1);
    // Coming back is a new reason to try.
    device.hear(account, &account_change(12, vec![AccountRow::Entry(entry(group(1), 3, 3))]));
    device.join(group(1), whole(1..=3));
    assert_eq!(device.seqs(), [1, 2, 3]);
}

#[test]
fn an_account_reset_takes_off_the_list_what_it_does_not_name() {
    let mut device = Device::new();
    let link = device.online(vec![entry(group(1), 2, 2), entry(group(2), 1, 1)]);
    device.hear(link, &account_change(11, vec![delivered(group(1), said(2))]));
    device.close(link);
    device.wait(1_000);
    device.accept(Mirror::Account);
    let link = device.open[0];
    device
        .hear(link, &account_reset(vec![profile(), AccountRow::Entry(entry(group(2), 5, 1))], 99));
    assert_eq!(device.inbox(), ["Garden (4) Ben: m5"]);
    assert_eq!(device.stored("message/"), Vec::<&str>::new());
    assert_eq!(device.stored("entry/").len(), 1);
}

#[test]
fn delivered_messages_are_there_before_the_conversation_is_asked() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 0, 0)]);
    let rows = vec![delivered(group(1), said(7)), delivered(group(1), said(8))];
    device.hear(account, &account_change(11, rows));
    device.show(group(1));
    assert_eq!(device.seqs(), [7, 8]);
    assert!(!device.engine.timeline().loading);
    assert!(!device.engine.timeline().at_start);
}

#[test]
fn a_delivery_over_a_hole_waits_behind_it() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.close(link);
    device.hear(account, &account_change(11, vec![delivered(group(1), said(9))]));
    assert_eq!(device.seqs(), [1, 2, 3]);
    assert!(!device.engine.timeline().at_end);
    device.wait(1_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    device.hear(link, &page(rows((4..=9).map(said)), 10));
    assert_eq!(device.seqs(), (1..=9).collect::<Vec<_>>());
    assert!(device.engine.timeline().at_end);
}

#[test]
fn a_live_change_and_a_delivery_of_the_same_message_show_it_once() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(account, &account_change(11, vec![delivered(group(1), said(3))]));
    assert_eq!(device.seqs(), [1, 2, 3]);
    device.hear(link, &live(said(3)));
    device.hear(link, &live(said(4)));
    device.hear(account, &account_change(12, vec![delivered(group(1), said(4))]));
    assert_eq!(device.seqs(), [1, 2, 3, 4]);
    assert_eq!(device.sent(link), [], "an acknowledged or delivered message moves no cursor");
}

#[test]
fn a_delivery_ahead_of_a_live_conversation_is_left_to_it() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(account, &account_change(11, vec![delivered(group(1), said(4))]));
    assert_eq!(device.sent(link), [], "no need to fetch what is on its way");
    assert!(device.engine.timeline().at_end);
    device.hear(link, &live(said(3)));
    device.hear(link, &live(said(4)));
    assert_eq!(device.seqs(), [1, 2, 3, 4]);
}

#[test]
fn what_was_stored_by_another_program_is_skipped_and_fetched_anew() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3), entry(group(2), 1, 1)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    let mut store = device.store.clone();
    let key = device.stored("message/")[1].to_owned();
    store.insert(key, "{\"old\":true".to_owned());
    let key = device.stored("entry/")[0].to_owned();
    store.insert(key, "7".to_owned());
    for key in ["entry/what", "conversation/what", "outbox/what", "outbox/1/2", "else"] {
        store.insert(key.to_owned(), "?".to_owned());
    }
    let mut device = Device::with(store);
    assert_eq!(device.inbox().len(), 1);
    let account = device.accept(Mirror::Account);
    assert_eq!(device.only(account), Sent::Hello(None));
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.only(link), Sent::Hello(None));
    device.hear(link, &reset(whole(1..=3), 4));
    assert_eq!(device.seqs(), [1, 2, 3]);
}

#[test]
fn an_older_format_is_no_ground_to_build_on() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    let mut store = device.store.clone();
    for (key, value) in &mut store {
        if key.starts_with("account/cursor") || key.starts_with("conversation/") {
            *value = value.replace("\"format\":1", "\"format\":0");
        }
    }
    let mut device = Device::with(store);
    let account = device.accept(Mirror::Account);
    assert_eq!(device.only(account), Sent::Hello(None));
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(device.only(link), Sent::Hello(None));
}

#[test]
fn two_tabs_may_write_over_each_other() {
    let mut one = Device::new();
    one.online(vec![entry(group(1), 3, 3)]);
    one.show(group(1));
    let link = one.join(group(1), whole(1..=3));
    let old = one.store.clone();
    one.hear(link, &live(said(4)));
    one.hear(link, &live(said(5)));
    // The other tab, which is behind, writes what it hears.
    let mut other = Device::with(old);
    other.accept(Mirror::Account);
    other.show(group(1));
    let link = other.accept(Mirror::Conversation(group(1)));
    other.hear(link, &page(rows([said(4)]), 5));
    let mut store = one.store.clone();
    store.extend(other.store);
    let mut third = Device::with(store);
    third.accept(Mirror::Account);
    third.show(group(1));
    assert_eq!(third.seqs(), [1, 2, 3, 4, 5]);
    let link = third.accept(Mirror::Conversation(group(1)));
    assert_eq!(third.sent(link).len(), 1);
    third.hear(link, &page(rows([said(5)]), 6));
    assert_eq!(third.seqs(), [1, 2, 3, 4, 5]);
}

#[test]
fn messages_that_come_while_the_store_is_read_are_not_lost() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.hear(account, &account_change(11, vec![delivered(group(1), said(2))]));
    device.slow_store = true;
    device.show(group(1));
    let loads = std::mem::take(&mut device.loads);
    let answer = device.store.clone();
    device.hear(account, &account_change(12, vec![delivered(group(1), said(3))]));
    // The store answers as of before the delivery.
    for prefix in loads {
        let rows = answer.iter().filter(|(key, _)| key.starts_with(&prefix));
        let rows = rows.map(|(key, value)| (key.clone(), value.clone())).collect();
        device.input(tideline_client::Input::Loaded { prefix, rows });
    }
    assert_eq!(device.seqs(), [2, 3]);
}

#[test]
fn the_store_keeps_the_newest_thousand() {
    let mut device = Device::new();
    device.watched = false;
    let account = device.online(vec![entry(group(1), 0, 0), entry(group(2), 0, 0)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=50));
    for seq in 51..=1_100 {
        device.hear(link, &live(said(seq)));
    }
    assert_eq!(device.stored(&format!("message/{}", group(1))).len(), 1_000);
    for (n, seq) in (1..=1_100).enumerate() {
        let rows = vec![delivered(group(2), said(seq))];
        device.hear(account, &account_change(11 + n as u64, rows));
    }
    assert_eq!(device.stored(&format!("message/{}", group(2))).len(), 1_000);
}

#[test]
fn members_are_this_person_first_then_by_name() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let mut rows = vec![record()];
    for (n, name) in [(1, "Ana"), (2, "zoe"), (3, "Bob"), (4, "carl")] {
        let mut member = founder(user(n));
        member.person.display_name = name.to_owned();
        rows.push(ConversationRow::Member(member));
    }
    let mut gone = founder(user(9));
    gone.left = Some(tideline_shared::protocol::Departure { at: MADE, seq: 0, by: None });
    rows.push(ConversationRow::Member(gone));
    device.join(group(1), rows);
    let names: Vec<_> =
        device.engine.members().into_iter().map(|member| member.person.display_name).collect();
    assert_eq!(names, ["Ana", "Bob", "carl", "zoe"]);
    assert_eq!(device.engine.record().map(|record| record.name.as_str()), Some("Garden"));
}

/// A service that is newer than the program says more than it understands.
#[test]
fn a_frame_from_the_future_is_passed_over() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    for link in [account, link] {
        device.hear_text(
            link,
            r#"{"type":"tide_table","version":99,"rows":[{"type":"high_water"}]}"#,
        );
        assert_eq!(device.sent(link), []);
    }
    device.hear(link, &live(said(3)));
    assert_eq!(device.seqs(), [1, 2, 3]);
    device.hear(account, &account_change(11, vec![AccountRow::Entry(entry(group(1), 3, 2))]));
    assert_eq!(device.inbox(), ["Garden (1) Ben: m3"]);
    assert_eq!(device.sent(account), []);
}
