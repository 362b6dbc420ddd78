//! What the tests share: the runtime, people, and ways to read a conversation off a screen.

pub(crate) mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use tideline_bench::screen::Shown;
pub(crate) use tideline_bench::screen::{entry, read_whole, sending, shows_up_to, unread};
use tideline_bench::{Account, Answer, Device, Heard, Limits, PATIENCE, Runtime, Socket};
use tideline_client::Engine;
use tideline_shared::{Code, ConversationId, UserId};
use tokio::time::timeout;

/// Where a runtime of this test run keeps its storage.
pub(crate) fn storage(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The origin of the runtime that most tests share. Its limits are off.
pub(crate) fn shared() -> &'static str {
    static SHARED: OnceLock<Runtime> = OnceLock::new();
    SHARED.get_or_init(|| Runtime::start(&storage("shared"), Limits::Off)).origin()
}

/// Registers somebody. Names must differ between tests.
pub(crate) async fn register(origin: &str, user_name: &str) -> Account {
    Account::register(origin, user_name).await.expect(user_name)
}

/// A direct conversation of two new people.
pub(crate) async fn pair(origin: &str, names: [&str; 2]) -> (Account, Account, ConversationId) {
    let one = register(origin, names[0]).await;
    let other = register(origin, names[1]).await;
    let conversation = one.direct(&other).await.expect("starts");
    (one, other, conversation)
}

/// A group of `owner` and as many guests as there are names.
pub(crate) async fn group(
    owner: &Account,
    name: &str,
    guests: &[&str],
) -> (ConversationId, Vec<Account>) {
    let group = owner.group(name).await.expect("is made");
    let invite = owner.invite(group, None).await.expect("is made");
    let mut people = Vec::new();
    for guest in guests {
        people.push(Account::guest(owner.api.origin(), &invite, guest).await.expect(guest));
    }
    (group, people)
}

/// The conversation as the service serves it: the truth that screens are compared with.
pub(crate) async fn truth(account: &Account, of: ConversationId) -> Vec<Shown> {
    let history = account.history(of).await.expect("is served");
    let truth: Vec<Shown> = history.into_iter().map(Shown::from).collect();
    for (place, message) in truth.iter().enumerate() {
        assert_eq!(message.seq, place as u64 + 1, "the order has a gap");
    }
    truth
}

/// Every text of `wanted` is there, once, and nothing else; what one person said is in the order
/// they said it in (texts sort so).
pub(crate) fn assert_said_once(truth: &[Shown], wanted: impl IntoIterator<Item = String>) {
    let mut said: Vec<&str> = truth.iter().map(|message| message.text.as_str()).collect();
    said.sort_unstable();
    let mut wanted: Vec<String> = wanted.into_iter().collect();
    wanted.sort_unstable();
    assert_eq!(said, wanted);
    let mut last: BTreeMap<UserId, &str> = BTreeMap::new();
    for message in truth {
        let before = last.insert(message.author, &message.text);
        assert!(
            before.is_none_or(|before| before < message.text.as_str()),
            "out of order: {message:?}"
        );
    }
}

/// The answer is a refusal with this code, its status, and its sentence.
#[track_caller]
pub(crate) fn assert_refused(answer: &Answer, code: Code) {
    let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    assert_eq!(said["code"], code.as_str(), "{answer:?}");
    assert_eq!(answer.status, code.status(), "{answer:?}");
    assert_eq!(said["message"], code.sentence(), "{answer:?}");
}

/// The next thing that a socket says.
pub(crate) async fn hear(socket: &mut Socket) -> Heard {
    timeout(PATIENCE, socket.hear()).await.expect("the socket says something")
}

/// The next frame of a socket.
pub(crate) async fn frame(socket: &mut Socket) -> Value {
    match hear(socket).await {
        Heard::Text(text) => serde_json::from_str(&text).expect("frames are JSON"),
        other => panic!("a frame was expected, not {other:?}"),
    }
}

/// All that an actor serves to a device that knows nothing.
pub(crate) async fn mirror(of: &Account, path: &str) -> Vec<Value> {
    let mut socket = Socket::open(&of.api, path).await.expect("opens");
    assert!(socket.say(r#"{"type":"hello"}"#).await);
    let mut rows = Vec::new();
    loop {
        let page = frame(&mut socket).await;
        // Changes may come between the pages' end and the close; nobody asked for them.
        rows.extend(page["rows"].as_array().expect("a page has rows").iter().cloned());
        if page["done"] == true {
            socket.close().await;
            return rows;
        }
    }
}

/// The path of a conversation.
pub(crate) fn path(conversation: ConversationId) -> String {
    format!("/api/conversations/{conversation}")
}

/// Waits until the inbox of somebody without a device has heard of everything that was said.
pub(crate) async fn settled(of: &Account, conversation: ConversationId, count: u64) {
    let device = Device::new(of);
    let wanted = |engine: &Engine| {
        entry(engine, conversation).is_some_and(|item| item.preview.is_some())
            && engine.connection() == tideline_client::Connection::Online
    };
    device.until("list the conversation", wanted).await;
    device.show(conversation);
    device.until("show everything", |engine| shows_up_to(engine, count)).await;
    device.until("have read everything", |engine| unread(engine, conversation, 0)).await;
    drop(device.close().await);
}
