//! What a message shows besides its words, and messages that a person wants to see no more.

use tideline_client::{Action, Item, QuoteItem};
use tideline_shared::FileId;
use tideline_shared::protocol::{
    AccountRow, Body, ConversationCommand, ConversationReply, File, Hidden, Message, Quote,
    Reaction,
};
use tideline_shared::search::Has;

use crate::kit::*;

fn item(device: &Device, seq: u64) -> Option<Item> {
    let rows = device.engine.timeline().rows.into_iter().map(|row| row.item);
    rows.into_iter().find(|item| matches!(item, Item::Message { seq: Some(at), .. } if *at == seq))
}

#[test]
fn an_answer_quotes_from_the_moment_it_is_written() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    let text = "On my way".to_owned();
    device.act(Action::Send { conversation: group(1), text, reply_to: Some(2), files: Vec::new() });
    let quote = |device: &Device| {
        let last = device.engine.timeline().rows.pop().expect("a row").item;
        let Item::Message { quote, .. } = last else { panic!("{last:?}") };
        quote
    };
    let body = said(2).body.text().map(str::to_owned);
    let wanted = QuoteItem { seq: 2, author_name: name(said(2).author), text: body, holds: None };
    assert_eq!(quote(&device), Some(wanted.clone()));

    // Nothing of it is lost with the tab.
    let mut device = device.reload();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    let Sent::Conversation(reference, ConversationCommand::Send { id, reply_to, .. }) =
        device.only(link)
    else {
        panic!("nothing was sent");
    };
    assert_eq!(reply_to, Some(2));
    assert_eq!(quote(&device), Some(wanted.clone()));
    let reply = ConversationReply::Sent { id, seq: 4, version: 5, at: MADE };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
    assert_eq!(quote(&device), Some(wanted));
}

#[test]
fn changes_of_a_message_show() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    let changed = Message {
        version: 5,
        edited_at: Some(MADE),
        pinned_at: Some(MADE),
        reply_to: Some(Quote { seq: 1, author: ben(), text: None, holds: None }),
        reactions: vec![Reaction { emoji: "👍".to_owned(), users: vec![ben(), ana()] }],
        body: Body::Text { text: "new words".to_owned() },
        ..said(2)
    };
    let rows = rows([changed]);
    device.hear(link, &ConversationFrame::Change { version: 5, rows });
    let Some(Item::Message { text, edited, pinned, reactions, quote, recalled, .. }) =
        item(&device, 2)
    else {
        panic!("it is shown");
    };
    assert_eq!(text.as_deref(), Some("new words"));
    assert!(edited && pinned && !recalled);
    assert_eq!(quote.expect("a quote").text, None, "what it answers was recalled");
    assert_eq!((reactions[0].own, reactions[0].names.len()), (true, 2));
    let recall = Message { version: 6, body: Body::Recalled { by: ben() }, ..said(2) };
    device.hear(link, &ConversationFrame::Change { version: 6, rows: crate::kit::rows([recall]) });
    let Some(Item::Message { text: None, recalled: true, reactions, .. }) = item(&device, 2) else {
        panic!("its place is shown");
    };
    assert!(reactions.is_empty());
}

#[test]
fn what_is_hidden_is_not_shown_now_nor_after_a_reload() {
    let mut device = Device::new();
    let account = device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    assert!(device.inbox()[0].contains(said(3).body.text().expect("words")));
    let hidden =
        |seqs: &[u64]| AccountRow::Hidden(Hidden { conversation: group(1), seqs: seqs.to_vec() });
    device.hear(account, &account_change(11, vec![hidden(&[2])]));
    device.hear(account, &account_change(12, vec![hidden(&[3])]));
    assert_eq!(device.seqs(), [1]);
    assert!(!device.inbox()[0].contains(said(3).body.text().expect("words")));

    let mut device = device.reload();
    device.show(group(1));
    assert_eq!(device.seqs(), [1], "also while nobody answers");
}

#[test]
fn files_wait_in_the_outbox_like_words() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    device.join(group(1), whole(1..=3));
    let picture = File {
        id: FileId::new(1, [7; 10]),
        name: "tide.png".to_owned(),
        size: 3,
        media: "image/png".to_owned(),
        width: Some(4),
        height: Some(3),
        blur: None,
        duration_ms: None,
        waveform: Vec::new(),
        thumb: false,
    };
    let files = vec![picture.clone()];
    let nothing = Action::Send {
        conversation: group(1),
        text: " ".to_owned(),
        reply_to: None,
        files: Vec::new(),
    };
    device.act(nothing);
    assert_eq!(device.stored("outbox/").len(), 0);
    device.act(Action::Send {
        conversation: group(1),
        text: " ".to_owned(),
        reply_to: None,
        files: files.clone(),
    });
    let shown = |device: &Device| {
        let last = device.engine.timeline().rows.pop().expect("a row").item;
        let Item::Message { files, text, .. } = last else { panic!("{last:?}") };
        (files, text)
    };
    assert_eq!(shown(&device), (files.clone(), Some(String::new())));
    let preview = device.engine.inbox().expect("a list")[0].preview.clone().expect("a preview");
    assert_eq!((preview.text.as_str(), preview.holds), ("", Some(Has::Image)));

    let mut device = device.reload();
    device.online(vec![entry(group(1), 3, 3)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=3));
    device.act(Action::Uploaded(picture.id));
    let Sent::Conversation(reference, ConversationCommand::Send { id, files: sent, .. }) =
        device.only(link)
    else {
        panic!("nothing was sent");
    };
    assert_eq!(sent, files);
    let reply = ConversationReply::Sent { id, seq: 4, version: 5, at: MADE };
    device.hear(link, &ConversationFrame::Reply { reference, reply });
    assert_eq!(shown(&device), (files, Some(String::new())));
    assert_eq!(device.stored("outbox/").len(), 0);
}
