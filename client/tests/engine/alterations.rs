//! What is done to messages: shown at once, said in order, stored until the service has answered,
//! shown until the mirror has it, taken back where it is refused.

use tideline_client::{Act, Action, Alteration, Input, Item, Link, Mirror};
use tideline_shared::protocol::{
    Body, ConversationCommand, ConversationReply, Entry, Message, Reaction,
};
use tideline_shared::{Code, MessageId, Reject, UserId};

use crate::kit::*;

/// A message of Ana's at 1, one of Ben's at 2, on the screen and in step.
fn ready() -> (Device, Link) {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let mut all = empty();
    all.extend(rows([own("hello"), said(2)]));
    let link = device.join(group(1), all);
    (device, link)
}

fn own(text: &str) -> Message {
    message(1, ana(), MessageId::new(1, [1; 10]), text)
}

fn alteration(seq: u64, act: Act, words: &str) -> Alteration {
    Alteration { conversation: group(1), seq, act, words: words.to_owned() }
}

fn change(device: &mut Device, seq: u64, act: Act, words: &str) {
    device.act(Action::Alter(alteration(seq, act, words)));
}

/// Words, whether edited, whether pinned, and reactions: emoji, how many, whether one is Ana's.
type Shown = (Option<String>, bool, bool, Vec<(String, usize, bool)>);

/// What is shown of a message.
fn shown(device: &Device, at: u64) -> Shown {
    let rows = device.engine.timeline().rows;
    let found = rows.into_iter().find_map(|row| match row.item {
        Item::Message { seq: Some(seq), text, edited, pinned, reactions, .. } if seq == at => {
            let reactions = reactions.into_iter().map(|it| (it.emoji, it.names.len(), it.own));
            Some((text, edited, pinned, reactions.collect()))
        }
        _ => None,
    });
    found.expect("the message is shown")
}

fn words(device: &Device, at: u64) -> Option<String> {
    shown(device, at).0
}

/// The commands that were sent over a link, by their references.
fn asked(device: &mut Device, link: Link) -> Vec<(u32, ConversationCommand)> {
    let sent = device.sent(link).into_iter();
    let asked = sent.filter_map(|sent| match sent {
        Sent::Conversation(reference, command) => Some((reference, command)),
        _ => None,
    });
    asked.collect()
}

fn one(device: &mut Device, link: Link) -> (u32, ConversationCommand) {
    let mut asked = asked(device, link);
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked.remove(0)
}

fn done(reference: u32, version: u64) -> ConversationFrame {
    ConversationFrame::Reply { reference, reply: ConversationReply::Done { version } }
}

fn rejected(reference: u32, code: Code, retry_after_ms: Option<u64>) -> ConversationFrame {
    let reject = Reject { code, retry_after_ms };
    ConversationFrame::Rejected { reference: Some(reference), reject }
}

/// The first message as it is after a change.
fn at_version(version: u64, message: Message) -> ConversationFrame {
    live(Message { version, ..message })
}

fn edit(seq: u64, text: &str) -> ConversationCommand {
    ConversationCommand::Edit { seq, text: text.to_owned(), preview: true }
}

#[test]
fn an_edit_shows_at_once_and_until_the_mirror_has_it() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "hello to you");
    assert_eq!(shown(&device, 1), (Some("hello to you".to_owned()), true, false, Vec::new()));
    assert_eq!(device.stored("alteration/").len(), 1);
    let (reference, command) = one(&mut device, link);
    assert_eq!(command, edit(1, "hello to you"));
    // The answer comes before the change: nothing flickers.
    device.hear(link, &done(reference, 4));
    assert_eq!(words(&device, 1).as_deref(), Some("hello to you"));
    assert!(device.stored("alteration/").is_empty());
    device.hear(link, &at_version(4, own("hello to you")));
    // From here on it is the mirror that is shown.
    device.hear(link, &at_version(5, own("by another device")));
    assert_eq!(words(&device, 1).as_deref(), Some("by another device"));
}

#[test]
fn the_change_may_come_before_the_answer() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "hello to you");
    let (reference, _) = one(&mut device, link);
    device.hear(link, &at_version(4, own("hello to you")));
    device.hear(link, &done(reference, 4));
    device.hear(link, &at_version(5, own("by another device")));
    assert_eq!(words(&device, 1).as_deref(), Some("by another device"));
}

#[test]
fn what_is_done_offline_outlives_the_program_and_is_said_in_order() {
    let (mut device, _) = ready();
    device.input(Input::Offline);
    change(&mut device, 1, Act::Edit, "one");
    change(&mut device, 2, Act::React, "👍");
    change(&mut device, 2, Act::Pin, "");
    change(&mut device, 1, Act::Recall, "");
    let mut device = device.reload();
    device.show(group(1));
    assert_eq!(words(&device, 1), None);
    assert_eq!(
        shown(&device, 2),
        (Some("m2".to_owned()), false, true, vec![("👍".to_owned(), 1, true)])
    );
    device.accept(Mirror::Account);
    let link = device.accept(Mirror::Conversation(group(1)));
    let mut version = 4;
    let mut said = Vec::new();
    loop {
        let mut asked = asked(&mut device, link);
        let Some((reference, command)) = asked.pop() else { break };
        assert!(asked.is_empty(), "one at a time");
        said.push(command);
        device.hear(link, &done(reference, version));
        version += 1;
    }
    // Of the edit nothing is left, as the message was recalled after it.
    let react = ConversationCommand::React { seq: 2, emoji: "👍".to_owned() };
    let recall = ConversationCommand::Recall { seq: 1 };
    assert_eq!(said, [react, ConversationCommand::Pin { seq: 2 }, recall]);
    assert!(device.stored("alteration/").is_empty());
    assert_eq!(words(&device, 1), None, "until the mirror has it");
}

#[test]
fn of_two_about_the_same_thing_the_later_one_counts() {
    let (mut device, _) = ready();
    device.input(Input::Offline);
    change(&mut device, 1, Act::Edit, "one");
    change(&mut device, 1, Act::Edit, "two");
    change(&mut device, 2, Act::React, "👍");
    change(&mut device, 2, Act::React, "🎉");
    change(&mut device, 2, Act::Unreact, "👍");
    change(&mut device, 2, Act::Pin, "");
    change(&mut device, 2, Act::Unpin, "");
    assert_eq!(words(&device, 1).as_deref(), Some("two"));
    assert_eq!(shown(&device, 2).3, [("🎉".to_owned(), 1, true)]);
    assert!(!shown(&device, 2).2);
    assert_eq!(device.stored("alteration/").len(), 4);
}

#[test]
fn what_replaces_something_that_is_on_its_way_comes_after_it() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "one");
    let (reference, _) = one(&mut device, link);
    change(&mut device, 1, Act::Edit, "two");
    assert_eq!(words(&device, 1).as_deref(), Some("two"));
    assert_eq!(asked(&mut device, link), [], "one at a time");
    device.hear(link, &done(reference, 4));
    assert_eq!(words(&device, 1).as_deref(), Some("two"));
    assert_eq!(one(&mut device, link).1, edit(1, "two"));
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "one");
    one(&mut device, link);
    device.close(link);
    device.wait(2_000);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(one(&mut device, link).1, edit(1, "one"));
}

#[test]
fn what_is_refused_shows_no_more_and_is_told_with_its_words() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "one");
    change(&mut device, 2, Act::React, "👍");
    let (reference, _) = one(&mut device, link);
    device.hear(link, &rejected(reference, Code::MessageRecalled, None));
    assert_eq!(words(&device, 1).as_deref(), Some("hello"));
    assert_eq!(device.refused, [(alteration(1, Act::Edit, "one"), Code::MessageRecalled)]);
    // What comes behind it is not held up.
    let (_, command) = one(&mut device, link);
    assert_eq!(command, ConversationCommand::React { seq: 2, emoji: "👍".to_owned() });
    assert_eq!(device.stored("alteration/").len(), 1);
}

#[test]
fn what_the_service_puts_off_waits_as_long_as_it_says() {
    let (mut device, link) = ready();
    change(&mut device, 2, Act::Pin, "");
    let (reference, command) = one(&mut device, link);
    device.hear(link, &rejected(reference, Code::RateLimited, Some(5_000)));
    device.wait(4_900);
    assert_eq!(asked(&mut device, link), []);
    device.wait(200);
    assert_eq!(one(&mut device, link).1, command);
    assert_eq!(device.refused, []);
}

#[test]
fn whoever_is_not_in_it_any_more_has_everything_refused() {
    let (mut device, link) = ready();
    change(&mut device, 1, Act::Edit, "one");
    change(&mut device, 2, Act::Pin, "");
    device.hear(link, &ended::<Message, ()>(Code::NotAMember));
    let codes: Vec<Code> = device.refused.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [Code::NotAMember, Code::NotAMember]);
    assert!(device.stored("alteration/").is_empty());
}

#[test]
fn a_conversation_that_is_not_on_the_screen_is_linked_for_what_is_to_be_said() {
    let (mut device, _) = ready();
    device.input(Input::Offline);
    change(&mut device, 1, Act::Recall, "");
    let mut device = device.reload();
    device.accept(Mirror::Account);
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(one(&mut device, link).1, ConversationCommand::Recall { seq: 1 });
}

#[test]
fn reactions_of_others_stay_beside_ones_own() {
    let (mut device, link) = ready();
    let with = |users: Vec<UserId>| Reaction { emoji: "👍".to_owned(), users };
    let reacted = Message { reactions: vec![with(vec![ben()])], ..said(2) };
    device.hear(link, &at_version(4, reacted));
    change(&mut device, 2, Act::React, "👍");
    assert_eq!(shown(&device, 2).3, [("👍".to_owned(), 2, true)]);
    change(&mut device, 2, Act::Unreact, "👍");
    assert_eq!(shown(&device, 2).3, [("👍".to_owned(), 1, false)]);
}

#[test]
fn the_list_shows_what_became_of_the_last_message() {
    let mut device = Device::new();
    let last = Entry { last_seq: 1, read_seq: 1, ..entry(group(1), 1, 1) };
    device.online(vec![last]);
    device.show(group(1));
    let mut all = empty();
    all.extend(rows([own("hello")]));
    device.join(group(1), all);
    change(&mut device, 1, Act::Edit, "hello to you");
    assert_eq!(device.inbox(), ["Garden (0) Ana: hello to you"]);
    change(&mut device, 1, Act::Recall, "");
    let preview = device.engine.inbox().expect("a list").remove(0).preview.expect("a preview");
    assert!(preview.recalled);
}

#[test]
fn a_pin_that_comes_changes_or_goes_is_noticed_once_the_service_has_it() {
    let (mut device, link) = ready();
    let pins = |device: &Device| device.engine.timeline().pins;
    let none = pins(&device);
    change(&mut device, 2, Act::Pin, "");
    device.hear(link, &at_version(4, own("hello to you")));
    assert_eq!(pins(&device), none, "not yet, and another message is no pin");
    let pinned = Message { pinned_at: Some(MADE), ..said(2) };
    let mut before = none;
    for (version, next) in [(5, pinned.clone()), (6, pinned), (7, said(2))] {
        device.hear(link, &at_version(version, next));
        assert!(pins(&device) > before, "version {version}");
        before = pins(&device);
    }
    assert!(!device.engine.holds_pins());
    device.hear(link, &at_version(8, said(2)));
    assert_eq!(pins(&device), before);
}

#[test]
fn what_changes_far_above_all_that_is_held_may_be_a_pin() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 5_000, 5_000)]);
    device.show(group(1));
    let link = device.join(group(1), whole(4_951..=5_000));
    let before = device.engine.timeline().pins;
    device.hear(link, &at_version(5_002, said(5_001)));
    assert_eq!(device.engine.timeline().pins, before, "what is new is not pinned");
    device.hear(link, &at_version(5_003, said(1)));
    assert_ne!(device.engine.timeline().pins, before);
}

/// Words that a file has stay with it.
#[test]
fn the_words_of_a_file_are_edited() {
    let (mut device, link) = ready();
    let file = serde_json::from_str(
        r#"{"id":"01a3185c-5000-7101-8101-010101010101","name":"tide.txt","size":3,"media":"text/plain"}"#,
    );
    let body = Body::Files { text: "look".to_owned(), files: vec![file.expect("a file")] };
    device.hear(link, &at_version(4, Message { body, ..own("") }));
    change(&mut device, 1, Act::Edit, "look at this");
    let rows = device.engine.timeline().rows;
    let Item::Message { text, files, .. } = &rows[0].item else { panic!("a message") };
    assert_eq!((text.as_deref(), files.len()), (Some("look at this"), 1));
}

#[test]
fn what_is_done_is_stored_before_it_is_said() {
    let (mut device, link) = ready();
    let batches = device.batches.len();
    change(&mut device, 2, Act::Pin, "");
    assert_eq!(device.batches.len(), batches + 1);
    assert_eq!(asked(&mut device, link).len(), 1);
}
