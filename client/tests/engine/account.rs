//! The person's own account: the profile, the list, and what the device says of changes.

use tideline_client::{Action, MessageState, Mirror, View};
use tideline_shared::protocol::{
    AccountCommand, AccountReply, AccountRow, Blocked, Body, Contact, ContactState,
    ConversationRow, Deployment, Kind,
};
use tideline_shared::{Code, Gender, Reject};

use crate::kit::*;

fn update() -> Action {
    Action::UpdateProfile {
        display_name: "Ana B.".to_owned(),
        age: Some(30),
        gender: Gender::Female,
        signature: "hi".to_owned(),
    }
}

#[test]
fn a_profile_is_replaced_and_the_answer_handed_on() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    device.act(update());
    let Sent::Account(reference, AccountCommand::UpdateProfile { display_name, .. }) =
        device.only(link)
    else {
        panic!("a call")
    };
    assert_eq!(display_name, "Ana B.");
    assert_eq!(device.answers, []);
    let reply = AccountReply::Done { version: 11 };
    device.hear(link, &AccountFrame::Reply { reference, reply });
    assert_eq!(device.answers, [Ok(())]);

    device.act(update());
    let Sent::Account(reference, _) = device.only(link) else { panic!("a call") };
    let reject = Reject::new(Code::DisplayNameTooLong);
    device.hear(link, &AccountFrame::Rejected { reference: Some(reference), reject });
    assert_eq!(device.answers[1], Err(reject));
}

#[test]
fn a_profile_is_not_queued_in_secret() {
    let internal = Err(Reject::new(Code::Internal));
    let mut device = Device::new();
    device.act(update());
    assert_eq!(device.answers, [internal]);
    let link = device.accept(Mirror::Account);
    device.act(update());
    assert_eq!(device.answers, [internal; 2], "not in step yet");
    device.hear(link, &account_reset(vec![profile()], 1));
    device.act(update());
    assert_eq!(device.answers.len(), 2);
    device.close(link);
    assert_eq!(device.answers, [internal; 3]);
}

#[test]
fn the_list_is_unknown_until_something_says_that_it_is_empty() {
    let mut device = Device::new();
    assert_eq!(device.engine.inbox(), None);
    device.online(Vec::new());
    assert_eq!(device.engine.inbox(), Some(Vec::new()));
    let device = device.reload();
    assert_eq!(device.engine.inbox(), Some(Vec::new()), "known from the store");
    assert_eq!(device.engine.profile().map(|p| p.person.display_name.as_str()), Some("Ana"));
}

#[test]
fn the_list_is_there_before_the_network() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 5, 2), entry(group(2), 7, 7)]);
    let device = device.reload();
    assert_eq!(device.inbox(), ["Garden (0) Ben: m7", "Garden (3) Ben: m5"]);
}

#[test]
fn the_newest_activity_is_on_top() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 5, 5), entry(group(2), 7, 7)]);
    device.hear(account, &account_change(11, vec![AccountRow::Entry(entry(group(1), 9, 5))]));
    assert_eq!(device.inbox(), ["Garden (4) Ben: m9", "Garden (0) Ben: m7"]);
}

#[test]
fn what_the_conversation_says_first_is_in_the_list_at_once() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 2, 2), entry(group(2), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    device.hear(link, &live(said(3)));
    device.hear(link, &live(said(4)));
    // The preview and its time; what is unread only the account says.
    assert_eq!(device.inbox(), ["Garden (0) Ben: m4", "Garden (0) Ben: m3"]);
}

#[test]
fn names_are_known_in_a_direct_conversation_before_its_members_are() {
    let mut device = Device::new();
    let mut direct = entry(group(1), 1, 0);
    direct.kind = Kind::Direct;
    direct.title = "Ben".to_owned();
    direct.peer = Some(ben());
    direct.preview = None;
    let account = device.online(vec![direct]);
    let mine = message(2, ana(), tideline_shared::MessageId::new(5, [5; 10]), "me");
    let rows = vec![delivered(group(1), said(1)), delivered(group(1), mine)];
    device.hear(account, &account_change(11, rows));
    device.show(group(1));
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ana: me"]);
    let item = device.engine.inbox().expect("an inbox").remove(0);
    assert_eq!(
        item.preview.map(|p| (p.own, p.text, p.state)),
        Some((true, "me".to_owned(), MessageState::Sent))
    );
}

#[test]
fn a_long_preview_is_cut() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 0, 0)]);
    device.write_message(group(1), &"word \n".repeat(1_000));
    let item = device.engine.inbox().expect("an inbox").remove(0);
    let text = item.preview.expect("a preview").text;
    assert_eq!(text.chars().count(), 140);
    assert!(text.starts_with("word word word"));
}

#[test]
fn a_view_that_changes_is_named() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    assert!(device.changed.contains(&View::Connection));
    assert!(device.changed.contains(&View::Inbox));
    assert!(device.changed.contains(&View::Profile));
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    assert!(device.changed.contains(&View::Conversation));
    device.changed.clear();
    device.hear_text(account, "pong");
    assert_eq!(device.changed, []);
    device.hear(link, &live(said(3)));
    assert_eq!(device.changed, [View::Inbox, View::Timeline]);
    device.changed.clear();
    device.hear(account, &account_change(11, vec![delivered(group(2), said(1))]));
    assert!(!device.changed.contains(&View::Timeline), "another conversation is on the screen");
    device.changed.clear();
    device.close(account);
    assert!(device.changed.contains(&View::Connection));
}

fn blocked(over: bool) -> AccountRow {
    AccountRow::Blocked(Blocked { person: person(ben()), at: MADE, over })
}

#[test]
fn who_is_blocked_is_known_to_the_device_across_a_reload_until_it_is_over() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    assert!(device.engine.blocked().is_empty());
    device.hear(link, &AccountFrame::Change { version: 11, rows: vec![blocked(false)] });
    assert_eq!(device.engine.blocked().len(), 1);
    let mut device = device.reload();
    assert_eq!(device.engine.blocked()[0].person, person(ben()));
    let link = device.accept(Mirror::Account);
    let page =
        AccountFrame::Page { reset: false, rows: vec![blocked(true)], cursor: 12, done: true };
    device.hear(link, &page);
    assert!(device.engine.blocked().is_empty());
    let device = device.reload();
    assert!(device.engine.blocked().is_empty());
}

#[test]
fn what_is_withheld_is_not_drawn_not_counted_and_leaves_no_hole() {
    let mut device = Device::new();
    device.online(Vec::new());
    device.show(group(1));
    let mut all = whole(1..=3);
    // More of it than a page, so that a window of it alone would be empty.
    for seq in 4..=90 {
        let mut message = said(seq);
        message.body = Body::Withheld;
        all.push(ConversationRow::Message(message));
    }
    let link = device.join(group(1), all);
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "3 Ben: m3"]);
    assert!(device.engine.timeline().at_end && device.engine.timeline().at_start);
    device.act(Action::AtEnd(false));
    let mut hidden = said(91);
    hidden.body = Body::Withheld;
    device.hear(link, &live(hidden));
    assert_eq!(device.engine.timeline().new_below, 0);
    device.hear(link, &live(said(92)));
    assert_eq!(device.lines().last().map(String::as_str), Some("92 Ben: m92"));
    assert_eq!(device.engine.timeline().new_below, 1);
}

#[test]
fn a_nickname_stands_in_place_of_the_name_wherever_somebody_is_shown() {
    let contact = |nickname: &str, state| {
        AccountRow::Contact(Contact {
            person: person(ben()),
            state,
            nickname: nickname.to_owned(),
            note: String::new(),
        })
    };
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    device.join(group(1), whole(1..=2));
    let rows = vec![contact("Benny", ContactState::Mutual)];
    device.hear(account, &AccountFrame::Change { version: 11, rows });
    assert_eq!(device.lines(), ["1 Benny: m1", "2 Benny: m2"]);
    assert!(device.engine.members().iter().any(|one| one.person.display_name == "Benny"));
    let inbox = device.engine.inbox().expect("is known");
    assert_eq!(inbox[0].preview.as_ref().map(|one| one.author_name.as_str()), Some("Benny"));
    let device = device.reload();
    assert_eq!(device.engine.contacts()[0].nickname, "Benny");
    let mut device = device;
    let account = device.accept(Mirror::Account);
    let rows = vec![contact("", ContactState::None)];
    device.hear(account, &AccountFrame::Page { reset: false, rows, cursor: 12, done: true });
    assert!(device.engine.contacts().is_empty());
}

#[test]
fn who_owns_the_deployment_is_known_across_a_reload_until_the_service_knows_better() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    assert!(!device.engine.deployment().owner);
    let owner = AccountRow::Deployment(Deployment { owner: true, ..Deployment::default() });
    device.hear(link, &account_change(11, vec![owner]));
    assert!(device.engine.deployment().owner);
    let mut device = device.reload();
    assert!(device.engine.deployment().owner);
    let link = device.accept(Mirror::Account);
    device.hear(link, &account_reset(vec![profile()], 12));
    assert!(!device.engine.deployment().owner);
}

#[test]
fn who_is_banned_is_signed_out() {
    let mut device = Device::new();
    let link = device.online(Vec::new());
    device.hear(link, &ended::<(), ()>(Code::AccountBanned));
    assert_eq!(device.signed_out.map(|reject| reject.code), Some(Code::AccountBanned));
}
