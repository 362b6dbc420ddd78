//! Messages with files: said at once, sent when their files have arrived, in the order of writing.

use tideline_client::{Action, Item, Link, MessageState, Mirror, bytes_key, parts_key};
use tideline_shared::protocol::{ConversationCommand, File};
use tideline_shared::{Code, FileId, MessageId, Reject};

use crate::kit::*;

fn file(n: u8) -> File {
    serde_json::from_value(serde_json::json!({"id": id(n), "name": "tide.txt"})).expect("a file")
}

fn id(n: u8) -> FileId {
    FileId::new(NOW, [n; 10])
}

/// Somebody who looks at a group.
fn ready() -> (Device, Link) {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.join(group(1), whole(1..=2));
    (device, link)
}

fn attach(device: &mut Device, text: &str, files: &[u8]) {
    device.act(Action::Send {
        conversation: group(1),
        text: text.to_owned(),
        reply_to: Some(2),
        files: files.iter().copied().map(file).collect(),
    });
}

/// The files that are to be brought to the service.
fn uploads(device: &Device) -> Vec<FileId> {
    device.engine.uploads().into_iter().map(|upload| upload.file.id).collect()
}

fn texts(device: &mut Device, link: Link) -> Vec<String> {
    device.messages_sent(link).into_iter().map(|(.., text)| text).collect()
}

fn last(device: &Device) -> (MessageId, MessageState) {
    match device.engine.timeline().rows.last().map(|row| row.item.clone()) {
        Some(Item::Message { id, state, .. }) => (id, state),
        other => panic!("{other:?}"),
    }
}

/// The shell keeps the bytes of a file, and that a part has arrived.
fn keep(device: &mut Device, n: u8) {
    device.store.insert(bytes_key(group(1), id(n)), "bytes".to_owned());
    device.store.insert(parts_key(group(1), id(n)), "1".to_owned());
}

#[test]
fn a_message_waits_for_all_of_its_files_and_shows_meanwhile() {
    let (mut device, link) = ready();
    attach(&mut device, "look", &[1, 2]);
    assert_eq!(device.lines(), ["1 Ben: m1", "2 Ben: m2", "- Ana: look …"]);
    assert_eq!(uploads(&device), [id(1), id(2)]);
    device.act(Action::Uploaded(id(2)));
    assert_eq!(uploads(&device), [id(1)]);
    assert_eq!(device.sent(link), []);
    device.act(Action::Uploaded(id(1)));
    assert_eq!(uploads(&device), []);
    let Sent::Conversation(_, ConversationCommand::Send { text, files, reply_to, .. }) =
        device.only(link)
    else {
        panic!("a message");
    };
    assert_eq!((text.as_str(), files.len(), reply_to), ("look", 2, Some(2)));
}

#[test]
fn what_is_written_behind_files_stays_behind_them() {
    let (mut device, link) = ready();
    device.write_message(group(1), "before");
    attach(&mut device, "look", &[1]);
    device.write_message(group(1), "after");
    let (_, before, text) = device.messages_sent(link).remove(0);
    device.hear(link, &live(message(3, ana(), before, &text)));
    assert_eq!(texts(&mut device, link), Vec::<String>::new(), "nothing overtakes the file");
    device.act(Action::Uploaded(id(1)));
    assert_eq!(texts(&mut device, link), ["look"]);
    device.hear(link, &live(message(4, ana(), last_but_one(&device), "look")));
    assert_eq!(texts(&mut device, link), ["after"]);
}

fn last_but_one(device: &Device) -> MessageId {
    let rows = device.engine.timeline().rows;
    match rows[rows.len() - 2].item {
        Item::Message { id, .. } => id,
        _ => panic!("a message"),
    }
}

#[test]
fn another_conversation_does_not_wait_for_them() {
    let (mut device, _) = ready();
    attach(&mut device, "look", &[1]);
    device.write_message(group(2), "elsewhere");
    let other = device.join(group(2), whole(1..=1));
    assert_eq!(texts(&mut device, other), ["elsewhere"]);
}

#[test]
fn after_a_reload_it_still_waits_for_what_is_missing() {
    let (mut device, _) = ready();
    attach(&mut device, "look", &[1, 2]);
    device.write_message(group(1), "after");
    device.act(Action::Uploaded(id(1)));
    let mut device = device.reload();
    assert_eq!(uploads(&device), [id(2)]);
    assert!(device.engine.carries(id(1)) && !device.engine.carries(id(3)));
    device.online(vec![entry(group(1), 2, 2)]);
    device.show(group(1));
    let link = device.accept(Mirror::Conversation(group(1)));
    assert_eq!(texts(&mut device, link), Vec::<String>::new());
    device.act(Action::Uploaded(id(2)));
    assert_eq!(texts(&mut device, link), ["look"]);
}

#[test]
fn given_up_it_goes_with_its_files_and_lets_the_next_one_go() {
    let (mut device, link) = ready();
    attach(&mut device, "look", &[1]);
    keep(&mut device, 1);
    let (given_up, _) = last(&device);
    device.write_message(group(1), "after");
    device.act(Action::Discard(given_up));
    assert_eq!(uploads(&device), []);
    assert_eq!(texts(&mut device, link), ["after"]);
    assert_eq!(device.stored("tray/").len() + device.stored("parts/").len(), 0);
}

#[test]
fn a_file_is_kept_until_the_history_holds_its_message() {
    let (mut device, link) = ready();
    attach(&mut device, "look", &[1]);
    keep(&mut device, 1);
    device.act(Action::Uploaded(id(1)));
    let (_, sent, text) = device.messages_sent(link).remove(0);
    assert_eq!(device.stored("tray/").len(), 1);
    device.hear(link, &live(message(3, ana(), sent, &text)));
    assert_eq!(device.stored("tray/").len() + device.stored("parts/").len(), 0);
    assert!(!device.engine.carries(id(1)));
}

#[test]
fn a_file_that_is_refused_fails_its_message_and_no_other() {
    let (mut device, link) = ready();
    attach(&mut device, "look", &[1]);
    device.write_message(group(1), "after");
    device.act(Action::NotUploaded(id(1), Code::StorageFull));
    assert_eq!(device.lines()[2..], ["- Ana: look !storage_full", "- Ana: after …"]);
    assert_eq!(texts(&mut device, link), ["after"]);
    assert_eq!(uploads(&device), []);
    let failed = last_but_one(&device);
    keep(&mut device, 1);
    device.act(Action::Retry(failed));
    assert_eq!(uploads(&device), [id(1)]);
    assert_eq!(device.stored("tray/").len(), 1, "trying again needs the bytes");
    assert_eq!(device.stored("parts/").len(), 1, "and what has arrived has");
}

#[test]
fn the_end_of_a_session_is_no_refusal() {
    let (mut device, _) = ready();
    attach(&mut device, "look", &[1]);
    device.act(Action::NotUploaded(id(1), Code::SignedOut));
    assert_eq!(last(&device).1, MessageState::Sending);
    assert_eq!(uploads(&device), [id(1)]);
}

#[test]
fn files_that_the_service_does_not_have_any_more_are_brought_from_the_beginning() {
    let (mut device, link) = ready();
    attach(&mut device, "look", &[1]);
    keep(&mut device, 1);
    device.act(Action::Uploaded(id(1)));
    let (reference, message, _) = device.messages_sent(link).remove(0);
    let reject = Reject::new(Code::FileIncomplete);
    device.hear(link, &ConversationFrame::Rejected { reference: Some(reference), reject });
    assert_eq!(last(&device).1, MessageState::Failed(Code::FileIncomplete));
    device.act(Action::Retry(message));
    assert_eq!(uploads(&device), [id(1)]);
    assert_eq!(device.stored("tray/").len(), 1);
    assert_eq!(device.stored("parts/").len(), 0);
}
